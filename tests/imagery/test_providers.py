"""The catalogue of tile servers: the one that ships, and mistakes in one's own."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imagery.errors import ProviderError
from imagery.grid import Tile
from imagery.provider_lookup import find_provider
from imagery.providers import CATALOGUE, Provider, read_providers, shipped_providers

GOOD = {
    "id": "mine",
    "name": "Mine",
    "template": "https://tiles.example.org/{z}/{x}/{y}.png",
    "max_zoom": 18,
    "automated": True,
}


def written(folder: Path, *tables: dict[str, Any], more: str = "") -> Path:
    def value(v: object) -> str:
        if isinstance(v, bool):
            return str(v).lower()
        return v.isoformat() if isinstance(v, date) else repr(v)

    text = "".join(
        "[[provider]]\n" + "".join(f"{k} = {value(v)}\n" for k, v in table.items())
        for table in tables
    )
    path = folder / "servers.toml"
    path.write_text(text + more, encoding="utf-8")
    return path


def test_what_ships_is_sourced_and_careful() -> None:
    providers = shipped_providers()
    assert len({p.id for p in providers}) == len(providers)
    for provider in providers:
        assert provider.attribution
        assert provider.licence
        assert provider.terms
        assert provider.terms.startswith("https://")
        assert (provider.address or provider.template).startswith("https://")
        if provider.automated:
            assert "non-commercial" not in provider.licence.lower()
            assert "BY-NC" not in provider.licence
    automated = {p.id for p in providers if p.automated}
    assert "esri-world-imagery" not in automated
    assert "gibs-modis-terra" in automated


def test_the_shipped_file_has_every_field_by_its_own_name() -> None:
    tables = tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))["provider"]
    assert {key for table in tables for key in table} <= set(Provider.model_fields)


def test_daily_addresses_name_their_day() -> None:
    modis = next(p for p in shipped_providers() if p.id == "gibs-modis-terra")
    tile = Tile(zoom=9, col=310, row=205)
    url = modis.url(tile, date(2017, 6, 11))
    assert url == (
        "https://gibs.earthdata.nasa.gov/wmts/epsg3857/best/"
        "MODIS_Terra_CorrectedReflectance_TrueColor/default/2017-06-11/"
        "GoogleMapsCompatible_Level9/9/205/310.jpg"
    )
    with pytest.raises(ProviderError, match="which day"):
        modis.url(tile, None)
    assert modis.days_in((date(1999, 1, 1), date(2000, 2, 23))) is None
    assert modis.days_in((date(1999, 1, 1), date(2000, 2, 24))) == (date(2000, 2, 24),) * 2


def test_ones_own(tmp_path: Path) -> None:
    second = {**GOOD, "id": "other", "dates": "fixed", "first": date(2017, 8, 27), "tile_px": 512}
    mine, other = read_providers(written(tmp_path, GOOD, second))
    assert mine.host == "tiles.example.org"
    assert mine.acquired(None) is None
    assert other.acquired(None) == (date(2017, 8, 27), date(2017, 8, 27))
    tile = Tile(zoom=2, col=1, row=0)
    assert mine.url(tile, None) == "https://tiles.example.org/2/1/0.png"
    tms = Provider.model_validate({**GOOD, "scheme": "tms"})
    assert tms.url(tile, None) == "https://tiles.example.org/2/1/3.png"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"zoom": 3}, r"provider 1, zoom: unknown key; allowed: id, name"),
        ({"template": "ftp://x/{z}/{x}/{y}"}, "must begin with https"),
        ({"template": "https://x/{z}/{x}"}, "needs {z}, {x} and one of"),
        ({"template": "https://x/{z}/{x}/{y}/{-y}"}, "needs {z}, {x} and one of"),
        ({"template": "https://x/{z}/{x}/{y}?k={key}"}, "unknown field 'key'"),
        ({"template": "https://me:pw@x/{z}/{x}/{y}"}, "must not hold credentials"),
        ({"template": "https://x/{date}/{z}/{x}/{y}"}, "needs {date} exactly if"),
        ({"template": "https://[x/{z}/{x}/{y}"}, "provider 1"),
        ({"template": "https://x/#/{z}/{x}/{y}"}, "must not hold a #"),
        ({"dates": "daily", "first": date(2017, 1, 1)}, "needs {date} exactly if"),
        ({"dates": "fixed"}, "first is needed exactly if"),
        ({"dates": "composite"}, "first is needed exactly if"),
        ({"dates": "sometimes"}, "provider 1, dates"),
        ({"address": "https://x.test"}, 'address goes with protocol = "wmts"'),
        ({"protocol": "wms"}, 'template goes with protocol = "xyz"'),
        ({"protocol": "wms", "template": None}, "address is needed: where the wms"),
        ({"protocol": "ftp"}, "provider 1, protocol"),
        ({"protocol": "wms", "template": None, "address": "https://x.test"}, "layer is needed"),
        ({"protocol": "stac", "template": None, "address": "ftp://x"}, "address must begin with"),
        ({"protocol": "stac", "template": None, "address": "https://a:b@x"}, "credentials"),
        ({"connections": 17}, "provider 1, connections"),
        ({"first": date(2017, 1, 1)}, "first is needed exactly if"),
        ({"min_zoom": 19}, "min_zoom is above max_zoom"),
        ({"max_zoom": 40}, "provider 1, max_zoom"),
        ({"tile_px": 100}, "provider 1, tile_px"),
        ({"automated": "yes"}, "provider 1, automated"),
        ({"id": "Has Spaces"}, "provider 1, id"),
        ({"name": "  "}, "provider 1, name"),
        ({"scheme": "tms", "template": "https://x/{z}/{x}/{-y}"}, "mean the same"),
        (
            {"dates": "fixed", "first": date(2017, 1, 2), "last": date(2017, 1, 1)},
            "last is before first",
        ),
    ],
)
def test_mistakes_are_named(tmp_path: Path, change: dict[str, Any], says: str) -> None:
    import re

    facts = {k: v for k, v in {**GOOD, **change}.items() if v is not None}
    path = written(tmp_path, facts)
    with pytest.raises(ProviderError, match=re.escape(says).replace("\\ ", " ")) as caught:
        read_providers(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_missing_key_and_repeated_id(tmp_path: Path) -> None:
    with pytest.raises(ProviderError, match="provider 1: template is needed"):
        read_providers(written(tmp_path, {k: v for k, v in GOOD.items() if k != "template"}))
    with pytest.raises(ProviderError, match="two providers have the id 'mine'"):
        read_providers(written(tmp_path, GOOD, GOOD))
    with pytest.raises(ProviderError, match="catalogue, providers: unknown key"):
        read_providers(written(tmp_path, GOOD, more="[[providers]]\nid = 'x'\n"))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"provider = 3",
        b"[[provider",
        b"a = " + b"[" * 3_000,
        b"#" * 1_000_001,
    ],
)
def test_files_that_are_no_catalogue(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "servers.toml"
    path.write_bytes(content)
    with pytest.raises(ProviderError):
        read_providers(path)
    with pytest.raises(ProviderError, match="cannot be read"):
        read_providers(tmp_path)


@settings(max_examples=50)
@given(st.integers(0, 20), st.data())
def test_rows_from_the_south_in_either_spelling(zoom: int, data: st.DataObject) -> None:
    edge = st.integers(0, 2**zoom - 1)
    tile = Tile(zoom=zoom, col=data.draw(edge), row=data.draw(edge))
    template = "https://x.test/{z}/{x}/"
    spelt = Provider.model_validate({**GOOD, "template": template + "{-y}"})
    schemed = Provider.model_validate({**GOOD, "template": template + "{y}", "scheme": "tms"})
    assert spelt.url(tile, None) == schemed.url(tile, None)


def test_what_dates_mean() -> None:
    """A release's date says nothing of when the ground was photographed."""
    day = date(2017, 8, 27)
    expected = {
        "acquisition": (day, day),
        "composite": (day, day),
        "fixed": (day, day),
        "release": None,
    }
    for dates, acquired in expected.items():
        provider = Provider.model_validate({**GOOD, "dates": dates, "first": day})
        assert provider.acquired(None) == acquired, dates
        assert str(provider.dates) != "fixed"


def test_every_source_that_is_known_of_is_there() -> None:
    shipped = {p.id: p for p in shipped_providers()}
    assert shipped["esri-wayback"].protocol == "wayback"
    assert {p.mission for p in shipped.values() if p.mission} == {"sentinel-2", "landsat", "naip"}
    assert {p.id for p in shipped.values() if p.shows == "elevation"} == {
        "copernicus-dem-30",
        "aws-terrain-tiles",
    }
    assert all(p.first for p in shipped.values() if p.mission)


@pytest.mark.parametrize(
    ("wanted", "template", "asks"),
    [
        ("gibs-modis-terra", "https://gibs.earthdata.nasa.gov/", False),
        ("esri-world-imagery", "https://server.arcgisonline.com/", True),
        ("Esri.WorldImagery", "https://server.arcgisonline.com/", True),
        ("openstreetmap mapnik", "https://tile.openstreetmap.org/{z}/{x}/{y}.png", True),
        ("https://x.test/{z}/{x}/{-y}.png", "https://x.test/{z}/{x}/{-y}.png", False),
    ],
)
def test_a_server_by_what_it_is_called(wanted: str, template: str, asks: bool) -> None:
    found = find_provider(wanted)
    assert found.provider.template.startswith(template)
    assert found.asks_consent is asks
    assert asks != found.provider.automated or "x.test" in wanted


def test_ones_own_come_first_and_were_chosen() -> None:
    own = Provider.model_validate({**GOOD, "id": "esri-world-imagery", "automated": False})
    found = find_provider("esri-world-imagery", own=[own])
    assert (found.provider, found.asks_consent) == (own, False)


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ("gibs-modis-tera", "did you mean gibs-modis-terra?"),
        ("", "no provider is called ''"),
        ("NASAGIBS.ModisTerraTrueColorCR", "has days, and xyzservices does not say which"),
        ("Thunderforest.Landscape", "wants a key of your own"),
        ("https://x.test/", "template needs"),
        ("file:///etc/{z}/{x}/{y}", "must begin with https"),
        ("https://a:b@x.test/{z}/{x}/{y}", "must not hold credentials"),
    ],
)
def test_names_that_lead_nowhere(wanted: str, says: str) -> None:
    with pytest.raises(ProviderError, match=says.replace("?", r"\?")):
        find_provider(wanted)
