"""WMTS and WMS against MapProxy, and against descriptions that a server should not send."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from pyproj import Transformer

from gazetteer.position import Position
from imagery.errors import ChipError, HttpError, ProviderError
from imagery.grid import Tile, window_around
from imagery.http import HttpPolicy, Session
from imagery.providers import Provider
from imagery.tile_cache import TileCache
from imagery.tile_matrix import matrices_of
from imagery.tile_source import TileSource
from imagery.wms import WmsTiling
from imagery.wmts import WmtsTiling
from imagery.wmts_capabilities import crs_code, read_capabilities
from tests.imagery.mapproxy_server import mapproxy
from tests.imagery.test_xyz import CENTRE, offset_px
from tests.imagery.tile_server import TileServer, tile_server, write_landscape

DAY = date(2017, 6, 11)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TileServer]:
    path = tmp_path_factory.mktemp("raster") / "landscape.tif"
    write_landscape(path, lon=CENTRE.lon, lat=CENTRE.lat, epsg=32637)
    with tile_server(path) as running:
        yield running


@pytest.fixture(scope="module")
def proxy(server: TileServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if importlib.util.find_spec("mapproxy") is None:
        pytest.skip("MapProxy is not installed (pip install '.[dev]')")
    template = re.sub(r"\{(\w)\}", r"%(\1)s", server.template())
    with mapproxy(template, tmp_path_factory.mktemp("mapproxy")) as address:
        yield address


@pytest.fixture
def session() -> Iterator[Session]:
    policy = HttpPolicy(allow_private=True, retries=2, read_timeout_s=20)
    with Session(policy, sleep=lambda _: None) as opened:
        yield opened


def service(protocol: str, address: str, **more: Any) -> Provider:
    facts = {"id": "test", "name": "Synthetic", "layer": "land", "automated": True}
    return Provider.model_validate({**facts, "protocol": protocol, "address": address, **more})


def most_px(crs: str) -> float:
    """How far MapProxy's own warping may be off: it draws pixels of 5 m in degrees from its 8 m."""
    return 1.0 if crs == "EPSG:4326" else 0.3


@pytest.mark.parametrize(
    ("path", "grid", "crs", "gsd_m"),
    [
        ("/wmts/1.0.0/WMTSCapabilities.xml", None, "EPSG:3857", 8.0),
        ("/service?SERVICE=WMTS&REQUEST=GetCapabilities", None, "EPSG:3857", 8.0),
        ("/wmts/1.0.0/WMTSCapabilities.xml", "utm", "EPSG:32637", 10.0),
        ("/service?SERVICE=WMTS&REQUEST=GetCapabilities", "utm", "EPSG:32637", 10.0),
        ("/wmts/1.0.0/WMTSCapabilities.xml", "degrees", "EPSG:4326", 9.5),
    ],
)
def test_wmts_of_mapproxy(
    proxy: str, session: Session, path: str, grid: str | None, crs: str, gsd_m: float
) -> None:
    source = TileSource(service("wmts", proxy + path, matrix_set=grid), session=session)
    look = source.look(CENTRE, 3_000)
    assert look.chip is not None, look.holes()
    assert look.chip.crs == crs
    assert look.chip.coverage == 1.0
    assert look.chip.gsd_m == pytest.approx(gsd_m, rel=0.1)
    assert offset_px(look.chip) < most_px(crs)
    assert ("?" in look.tiles[0].url) == ("/service?" in path)


@pytest.mark.parametrize("version", ["1.1.1", "1.3.0"])
@pytest.mark.parametrize("crs", ["EPSG:3857", "EPSG:4326", "EPSG:32637", "EPSG:3035"])
def test_wms_of_mapproxy(proxy: str, session: Session, version: str, crs: str) -> None:
    """Whatever order of axes the version and the coordinate system want."""
    facts = service("wms", f"{proxy}/service?map=x", version=version, crs=crs, max_zoom=14)
    look = TileSource(facts, session=session).look(CENTRE, 1_500)
    assert look.chip is not None, look.holes()
    assert look.chip.coverage > 0.99
    assert offset_px(look.chip) < most_px(crs)
    assert len(look.tiles) > 1


def test_the_order_of_axes() -> None:
    def box(**more: Any) -> str:
        tiling = WmsTiling(service("wms", "https://x.test/wms?token=a&bbox=1", max_zoom=3, **more))
        query = parse_qs(urlsplit(tiling.url(Tile(zoom=1, col=2, row=0), None)).query)
        assert query["token"] == ["a"]
        assert "bbox" not in query
        return query["BBOX"][0]

    assert box(crs="EPSG:4326") == "0,0,90,90"
    assert box(crs="EPSG:4326", tile_px=512) == "0,0,90,90"
    east = WmsTiling(service("wms", "https://x.test", max_zoom=3, crs="EPSG:4326"))
    assert "BBOX=0,90,90,180&" in east.url(Tile(zoom=1, col=3, row=0), None)
    old = WmsTiling(service("wms", "https://x.test", max_zoom=3, crs="EPSG:4326", version="1.1.1"))
    assert "SRS=EPSG:4326&BBOX=90,0,180,90&" in old.url(Tile(zoom=1, col=3, row=0), None)
    short = WmsTiling(service("wms", "https://x.test", max_zoom=3, crs="CRS:84"))
    assert "CRS=CRS:84&BBOX=90,0,180,90&" in short.url(Tile(zoom=1, col=3, row=0), None)


def test_a_daily_wms_names_its_day() -> None:
    facts = service(
        "wms", "https://x.test/wms", max_zoom=9, dates="daily", first=date(2015, 1, 1),
        dimensions={"ELEVATION": "0"},
    )  # fmt: skip
    tiling = WmsTiling(facts)
    tile = Tile(zoom=0, col=0, row=0)
    assert "&TIME=2017-06-11" in tiling.url(tile, DAY)
    assert "&ELEVATION=0" in tiling.url(tile, DAY)
    with pytest.raises(ProviderError, match="say which day"):
        tiling.url(tile, None)


# The grids of OGC's Two Dimensional Tile Matrix Set 2.0: scale denominators as published there.
def test_pixel_sizes_as_published() -> None:
    mercator = matrices_of("EPSG:3857", tile_px=256)
    degrees = matrices_of("EPSG:4326", tile_px=256)
    per_degree = 111_319.49079327358
    for zoom, published in ((0, 559_082_264.0287178), (10, 545_978.7734655447)):
        assert mercator.matrices[zoom].step / 0.00028 == pytest.approx(published, rel=1e-12)
    for zoom, published in ((0, 279_541_132.0143589), (10, 272_989.3867327723)):
        step = degrees.matrices[zoom].step
        assert step * per_degree / 0.00028 == pytest.approx(published, rel=1e-12)


@pytest.mark.parametrize("lat", [-60.0, 0.0, 33.5, 84.9])
@pytest.mark.parametrize("lon", [-179.999, 0.0, 38.6, 179.999])
def test_the_general_grid_agrees_with_the_closed_formula(lon: float, lat: float) -> None:
    """Web Mercator by way of pyproj and by way of its formula: the same pixels."""
    centre = Position(lon=lon, lat=lat)
    general = matrices_of("EPSG:3857", tile_px=256).window_around(centre, 4_000, max_zoom=14)
    closed = window_around(centre, 4_000, min_zoom=0, max_zoom=14, tile_px=256)
    assert (general.zoom, list(general.tiles())) == (closed.zoom, list(closed.tiles()))
    assert abs(general.left - closed.left) + abs(general.top - closed.top) <= 1
    assert general.transform == pytest.approx(
        (
            closed.transform[0],
            0.0,
            -20037508.342789244 + general.left * closed.transform[0],
            0.0,
            closed.transform[4],
            20037508.342789244 + general.top * closed.transform[4],
        ),
        abs=1e-5,
    )
    assert general.gsd_m == pytest.approx(closed.gsd_m, rel=1e-4)


def test_beyond_a_grid() -> None:
    utm = matrices_of("EPSG:32637", tile_px=256)
    with pytest.raises(ChipError, match=r"outside of the tiles|no place in"):
        utm.window_around(Position(lon=-120.0, lat=-60.0), 1_000)
    with pytest.raises(ChipError, match="above zero"):
        utm.window_around(CENTRE, -1.0)
    with pytest.raises(ChipError, match="ask for a smaller one"):
        utm.window_around(CENTRE, 50_000, min_zoom=17, max_zoom=17)
    with pytest.raises(ProviderError, match="no coordinate system that is known"):
        matrices_of("EPSG:999999", tile_px=256)


def capabilities(
    server: TileServer,
    *,
    layer: str = "",
    crs: str = "urn:ogc:def:crs:EPSG::3857",
    corner: str = "-20037508.3427892 20037508.3427892",
    levels: int = 15,
    tile: str = "256",
) -> bytes:
    """A description by hand, in the manner of NASA's servers."""
    root = f"http://127.0.0.1:{server.http.server_port}"
    matrices = "".join(
        f"<TileMatrix><ows:Identifier>{z}</ows:Identifier>"
        f"<ScaleDenominator>{559082264.0287178 / 2**z!r}</ScaleDenominator>"
        f"<TopLeftCorner>{corner}</TopLeftCorner><TileWidth>{tile}</TileWidth>"
        f"<TileHeight>256</TileHeight><MatrixWidth>{2**z}</MatrixWidth>"
        f"<MatrixHeight>{2**z}</MatrixHeight></TileMatrix>"
        for z in range(levels)
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Capabilities xmlns="http://www.opengis.net/wmts/1.0" xmlns:ows="http://www.opengis.net/ows/1.1"
 xmlns:xlink="http://www.w3.org/1999/xlink" version="1.0.0">
<Contents><Layer><ows:Title>x</ows:Title><ows:Identifier>land</ows:Identifier>
<Style isDefault="true"><ows:Identifier>default</ows:Identifier></Style>
<Format>image/png</Format>{layer}
<TileMatrixSetLink><TileMatrixSet>G</TileMatrixSet></TileMatrixSetLink>
<ResourceURL format="image/png" resourceType="tile"
 template="{root}/land/{{Time}}/{{TileMatrix}}/{{TileCol}}/{{TileRow}}.png"/>
</Layer><TileMatrixSet><ows:Identifier>G</ows:Identifier>
<ows:SupportedCRS>{crs}</ows:SupportedCRS>{matrices}</TileMatrixSet></Contents>
</Capabilities>""".encode()


TIME = (
    "<Dimension><ows:Identifier>Time</ows:Identifier><Default>2023-01-01</Default>"
    "<Value>2015-11-24/2016-12-31/P1D</Value><Value>2017-06-01/2017-07-01/P1D</Value></Dimension>"
)


def described(server: TileServer, **more: Any) -> Provider:
    address = f"http://127.0.0.1:{server.http.server_port}/caps.xml"
    return service("wmts", address, **more)


def test_the_day_is_asked_for(server: TileServer, session: Session, tmp_path: Path) -> None:
    server.documents["/caps.xml"] = (capabilities(server, layer=TIME), "text/xml")
    facts = described(server, dates="daily", first=date(2015, 11, 24))
    source = TileSource(facts, session=session, cache=TileCache(tmp_path))
    look = source.look(CENTRE, 3_000, DAY)
    assert look.chip is not None
    assert look.chip.acquired == (DAY, DAY)
    assert offset_px(look.chip) < 0.1
    assert all("/land/2017-06-11/14/" in fact.url for fact in look.tiles)
    with pytest.raises(ProviderError, match="say which day"):
        source.look(CENTRE, 3_000)
    with pytest.raises(ProviderError, match="nothing of 2017-05-31"):
        source.look(CENTRE, 3_000, date(2017, 5, 31))
    # The same offline: the description is kept as well.
    offline = TileSource(facts, session=None, cache=TileCache(tmp_path))
    again = offline.look(CENTRE, 3_000, DAY)
    assert again.chip is not None
    assert (again.chip.pixels == look.chip.pixels).all()
    with pytest.raises(HttpError, match="nothing is fetched"):
        TileSource(facts, session=None, cache=TileCache(tmp_path / "other")).look(
            CENTRE, 3_000, DAY
        )


def test_a_server_never_chooses_the_day(server: TileServer) -> None:
    tile = Tile(zoom=0, col=0, row=0)
    described_ = capabilities(server, layer=TIME)
    with pytest.raises(ProviderError, match="has a dimension of time"):
        WmtsTiling(described(server), described_).url(tile, None)
    fixed = described(server, dimensions={"time": "2016-01-01"})
    assert "/land/2016-01-01/0/" in WmtsTiling(fixed, described_).url(tile, None)
    daily = described(server, dates="daily", first=date(2015, 1, 1))
    with pytest.raises(ProviderError, match="the layer has no days"):
        WmtsTiling(daily, capabilities(server)).url(tile, DAY)
    # A template with a field that nothing says anything of.
    with pytest.raises(ProviderError, match="'Time', which is not known"):
        WmtsTiling(described(server), capabilities(server)).url(tile, None)


@pytest.mark.parametrize(
    ("crs", "corner", "expected"),
    [
        ("urn:ogc:def:crs:EPSG::4326", "90 -180", (-180, 90)),
        ("urn:ogc:def:crs:EPSG:6.18:4326", "90.0 -180.0", (-180, 90)),
        # In the wrong order, as some servers have it.
        ("urn:ogc:def:crs:EPSG::4326", "-180 90", (-180, 90)),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "-180.0 90.0", (-180, 90)),
        ("http://www.opengis.net/def/crs/EPSG/0/3035", "5500000 2400000", (2400000, 5500000)),
        ("EPSG:3035", "2400000 5500000", (2400000, 5500000)),
        ("urn:ogc:def:crs:EPSG::900913", "-20037508 20037508", (-20037508, 20037508)),
    ],
)
def test_corners_in_any_order(
    server: TileServer, crs: str, corner: str, expected: tuple[float, float]
) -> None:
    [grid] = read_capabilities(capabilities(server, crs=crs, corner=corner), "land").grids
    assert (grid.matrices[0].left, grid.matrices[0].top) == expected


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "no XML that is read"),
        (b"<html><body>Sorry</body></html>", "no WMTS 1.0.0 capabilities"),
        (b"\xff\xfe\x00", "no XML that is read"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "no XML that is read"),
        (b'<Capabilities xmlns="http://www.opengis.net/wmts/1.0"/>', "has no layer 'land'"),
    ],
)
def test_what_is_no_description(body: bytes, says: str) -> None:
    with pytest.raises(ProviderError, match=says):
        read_capabilities(body, "land")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ((b"<ScaleDenominator>5", b"<ScaleDenominator>x5"), "ScaleDenominator of 'x5"),
        ((b"<ScaleDenominator>5", b"<ScaleDenominator>-5"), "pixels of no size"),
        ((b"<TileWidth>256", b"<TileWidth>100000"), "tiles of 100000 x 256"),
        ((b"<MatrixWidth>1<", b"<MatrixWidth>0<"), "has no tiles"),
        ((b"<MatrixWidth>1<", b"<MatrixWidth>1e9<"), "MatrixWidth of '1e9'"),
        ((b"<TopLeftCorner>-20037508.3427892 ", b"<TopLeftCorner>nan "), "TopLeftCorner of 'nan'"),
        ((b"<TopLeftCorner>-20037508.3427892 ", b"<TopLeftCorner>"), "no two numbers"),
        ((b"EPSG::3857", b"EPSG::999999"), "no coordinate system"),
        ((b"EPSG::3857", b"nothing"), "no coordinate system"),
        ((b"<TileMatrixSet>G<", b"<TileMatrixSet>H<"), "no grid that can be used"),
        ((b">image/png<", b">image/tiff<"), "only image/tiff, of which none is read"),
    ],
)
def test_descriptions_that_contradict_themselves(
    server: TileServer, change: tuple[bytes, bytes], says: str
) -> None:
    body = capabilities(server)
    assert change[0] in body
    with pytest.raises(ProviderError, match=re.escape(says)):
        WmtsTiling(described(server), body.replace(*change))


def test_what_the_layer_does_not_have(server: TileServer) -> None:
    body = capabilities(server)
    for more, says in (
        ({"layer": "sea"}, "no layer 'sea'; it has land"),
        ({"matrix_set": "H"}, "no grid 'H'; choose among G"),
        ({"image": "image/webp"}, "has no image/webp; choose among image/png"),
    ):
        with pytest.raises(ProviderError, match=says):
            WmtsTiling(described(server, **more), body)


def test_html_instead_of_a_description(server: TileServer, session: Session) -> None:
    server.documents["/caps.xml"] = (b"<html>Please log in</html>", "text/html")
    with pytest.raises(ProviderError, match="no WMTS"):
        TileSource(described(server), session=session).look(CENTRE, 3_000)


def test_names_of_coordinate_systems() -> None:
    assert crs_code("urn:ogc:def:crs:EPSG::102100") == "EPSG:3857"
    assert crs_code("urn:ogc:def:crs:OGC:2:84".replace("2:84", "1.3:CRS84")) == "OGC:CRS84"
    with pytest.raises(ProviderError):
        crs_code("urn:ogc:def:crs:EPSG::")


def test_a_tile_of_another_grid_lies_where_pyproj_puts_it() -> None:
    grid = matrices_of("EPSG:32637", tile_px=256)
    window = grid.window_around(CENTRE, 2_560, max_zoom=14)
    x, y = Transformer.from_crs("OGC:CRS84", "EPSG:32637", always_xy=True).transform(
        CENTRE.lon, CENTRE.lat
    )
    a, _, c, _, e, f = window.transform
    col, row = (x - c) / a, (y - f) / e
    assert np.hypot(col - window.cols / 2, row - window.rows / 2) < 1.0
    tile = next(iter(window.tiles()))
    left, _, _, top = window.matrix.box(tile)
    assert left <= c < left + 256 * a
    assert top >= f > top + 256 * e
