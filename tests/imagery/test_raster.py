"""Chips from local rasters: in the right place, with holes as holes, with a date or none."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from pyproj import Geod, Transformer

from gazetteer.position import Position
from imagery.chip import Chip, ChipSource
from imagery.errors import ChipError, PhotoError, RasterError
from imagery.picture import chip_png, thumbnail_jpeg
from imagery.raster import LocalRaster

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "imagery"
UTM = (10.0, 0.0, 500_000.0, 0.0, -10.0, 3_750_000.0)
DEGREES = (0.0001, 0.0, 38.0, 0.0, -0.0001, 34.0)
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a GeoTIFF; by default 300 x 400 pixels of 10 m in UTM 37N counting up."""

    def build(
        pixels: np.ndarray[Any, Any] | None = None,
        *,
        crs: str | None = "EPSG:32637",
        transform: tuple[float, ...] | None = UTM,
        tags: dict[str, str] | None = None,
        mask: np.ndarray[Any, Any] | None = None,
        **profile: Any,
    ) -> Path:
        import rasterio
        from affine import Affine

        if pixels is None:
            pixels = (np.arange(300 * 400, dtype=np.uint32) + 1).reshape(1, 300, 400)
        path = tmp_path / "scene.tif"
        with rasterio.open(
            path,
            "w",
            driver="GTiff",
            count=pixels.shape[0],
            height=pixels.shape[1],
            width=pixels.shape[2],
            dtype=pixels.dtype,
            crs=crs,
            transform=Affine(*transform) if transform else None,
            **profile,
        ) as out:
            out.write(pixels)
            if mask is not None:
                out.write_mask(mask)
            if tags:
                out.update_tags(**tags)
        return path

    return build


def ground(x: float, y: float, crs: str = "EPSG:32637") -> Position:
    lon, lat = Transformer.from_crs(crs, "OGC:CRS84", always_xy=True).transform(x, y)
    return Position(lon=lon, lat=lat)


def test_chip_is_cut_where_it_should_be(write: Write) -> None:
    source: ChipSource = LocalRaster(write())
    chip = source.chip(ground(502_000, 3_748_500), 1000)
    assert chip is not None
    assert chip.pixels.shape == (1, 100, 100)
    assert chip.transform == pytest.approx((10, 0, 501_500, 0, -10, 3_749_000), abs=1e-6)
    # Row 100, column 150 of the file is the first pixel of the chip.
    assert chip.pixels[0, 0, 0] == 100 * 400 + 150 + 1
    assert chip.pixels[0, -1, -1] == 199 * 400 + 249 + 1
    assert chip.mask.all()
    assert chip.coverage == 1.0
    assert chip.gsd_m == pytest.approx(10, rel=1e-3)
    assert chip.crs == "EPSG:32637"
    assert chip.acquired is None
    assert chip.sources == ("scene.tif",)


def test_footprint_lies_on_the_ground_where_the_pixels_do(write: Write) -> None:
    chip = LocalRaster(write()).chip(ground(502_000, 3_748_500), 1000)
    assert chip is not None
    ring = chip.footprint()
    assert ring[0] == ring[-1]
    for (lon, lat), (x, y) in zip(
        ring[::4],
        ((501_500, 3_749_000), (502_500, 3_749_000), (502_500, 3_748_000), (501_500, 3_748_000)),
        strict=False,
    ):
        corner = ground(x, y)
        assert (lon, lat) == pytest.approx((corner.lon, corner.lat), abs=1e-9)


def test_degrees_are_measured_on_the_ground(write: Write) -> None:
    """A pixel of 0.0001 degrees at 34 N is 11.1 m high and 9.2 m wide."""
    path = write(np.ones((1, 500, 500), np.uint8), crs="EPSG:4326", transform=DEGREES)
    chip = LocalRaster(path).chip(Position(lon=38.025, lat=33.975), 1000)
    assert chip is not None
    geod = Geod(ellps="WGS84")
    *_, high = geod.inv(38.025, 33.97495, 38.025, 33.97505)
    *_, wide = geod.inv(38.02495, 33.975, 38.02505, 33.975)
    assert chip.gsd_m == pytest.approx(high, rel=1e-4)
    assert chip.pixels.shape == (1, round(1000 / high), round(1000 / wide))
    a, _, c, _, e, f = chip.transform
    rows, cols = chip.shape
    assert abs(c + a * cols / 2 - 38.025) <= 0.0001
    assert abs(f + e * rows / 2 - 33.975) <= 0.0001
    # Whole source pixels: the grid is not shifted.
    assert (c - 38.0) / 0.0001 == pytest.approx(round((c - 38.0) / 0.0001), abs=1e-6)


def test_beyond_the_edge_is_a_hole(write: Write) -> None:
    chip = LocalRaster(write()).chip(ground(500_000, 3_750_000), 1000)
    assert chip is not None
    assert chip.pixels.shape == (1, 100, 100)
    assert chip.coverage == 0.25
    assert not chip.mask[:50].any()
    assert not chip.mask[:, :50].any()
    assert chip.mask[50:, 50:].all()
    assert chip.pixels[0, 50, 50] == 1


def test_a_chip_larger_than_the_raster(write: Write) -> None:
    chip = LocalRaster(write()).chip(ground(502_000, 3_748_500), 8000)
    assert chip is not None
    assert chip.mask.sum() == 300 * 400
    assert chip.coverage == pytest.approx(300 * 400 / 800**2)


def test_outside_is_none(write: Write) -> None:
    raster = LocalRaster(write())
    assert raster.chip(ground(490_000, 3_748_500), 1000) is None
    assert raster.chip(Position(lon=-70, lat=-33), 1000) is None
    assert raster.chip(Position(lon=0, lat=90), 1000) is None


@pytest.mark.parametrize("kind", ["nodata", "mask", "alpha", "nan"])
def test_holes_of_every_kind_are_masked(write: Write, kind: str) -> None:
    hole = np.zeros((300, 400), bool)
    hole[100:150, 150:200] = True
    pixels = np.full((1, 300, 400), 7, np.uint8)
    if kind == "nodata":
        pixels[0, hole] = 0
        path = write(pixels, nodata=0)
    elif kind == "mask":
        path = write(pixels, mask=np.where(hole, 0, 255).astype(np.uint8))
    elif kind == "alpha":
        alpha = np.where(hole, 0, 255).astype(np.uint8)
        path = write(np.stack([*[pixels[0]] * 3, alpha]), photometric="RGB", alpha="YES")
    else:
        path = write(np.where(hole, np.nan, 7.0).astype(np.float32)[None])
    chip = LocalRaster(path).chip(ground(502_000, 3_748_500), 1000)
    assert chip is not None
    assert not chip.mask[:50, :50].any()
    assert chip.mask.sum() == 100 * 100 - 50 * 50
    assert chip.coverage == 0.75


def test_only_holes_is_none(write: Write) -> None:
    path = write(np.zeros((1, 300, 400), np.uint8), nodata=0)
    assert LocalRaster(path).chip(ground(502_000, 3_748_500), 1000) is None


def test_a_large_window_is_reduced_and_says_so(write: Write) -> None:
    pixels = np.zeros((1, 3000, 3000), np.uint8)
    pixels[0, :, 1500:] = 200
    chip = LocalRaster(write(pixels, tiled=True)).chip(ground(515_000, 3_735_000), 30_000)
    assert chip is not None
    assert max(chip.shape) <= 1024
    assert chip.gsd_m == pytest.approx(10 * 3000 / 1024, rel=0.01)
    a, _, c, _, e, f = chip.transform
    assert c + a * chip.shape[1] - c == pytest.approx(30_000, rel=0.01)
    # The edge at 515 km east stays where it is, to within a pixel.
    column = int(np.argmax(chip.pixels[0, 500] > 100))
    assert abs(c + a * column - 515_000) <= 1.01 * a
    assert abs(f - 3_750_000) <= a
    assert e == pytest.approx(-a)


def test_a_reduced_window_over_the_edge_keeps_its_scale(write: Write) -> None:
    pixels = np.zeros((1, 3000, 3000), np.uint8)
    pixels[0, :, 1500:] = 200
    chip = LocalRaster(write(pixels)).chip(ground(500_000, 3_735_000), 40_000)
    assert chip is not None
    a, _, c, *_ = chip.transform
    valid = np.flatnonzero(chip.mask.any(axis=0))
    assert abs(c + a * valid[0] - 500_000) <= a
    column = int(np.argmax(chip.pixels[0, 512] > 100))
    assert abs(c + a * column - 515_000) <= 1.5 * a


def test_rotated_raster(write: Write) -> None:
    import math

    cosine, sine = 10 * math.cos(0.5), 10 * math.sin(0.5)
    turned = (cosine, sine, 500_000.0, sine, -cosine, 3_750_000.0)
    x = turned[0] * 200 + turned[1] * 150 + turned[2]
    y = turned[3] * 200 + turned[4] * 150 + turned[5]
    chip = LocalRaster(write(transform=turned)).chip(ground(x, y), 1000)
    assert chip is not None
    assert chip.gsd_m == pytest.approx(10, rel=1e-3)
    a, b, c, d, e, f = chip.transform
    assert (a * 50 + b * 50 + c, d * 50 + e * 50 + f) == pytest.approx((x, y), abs=8)


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"TIFFTAG_DATETIME": "2017:08:27 10:11:12"}, None),
        ({"ACQUISITION_DATE": "2017:08:27 10:11:12"}, date(2017, 8, 27)),
        ({"ACQUISITION_DATE": "2017-08-27"}, date(2017, 8, 27)),
        (
            {"DATE_ACQUIRED": "2017-08-27", "TIFFTAG_DATETIME": "2020:01:01 00:00:00"},
            date(2017, 8, 27),
        ),
        ({"ACQUISITION_DATE": "0000:00:00 00:00:00"}, None),
        ({"DATE_ACQUIRED": "2017:02:30 10:11:12"}, None),
        ({"DATE_ACQUIRED": "27 August 2017"}, None),
        ({"ACQUISITION_DATE": "2999-01-01"}, None),
        ({"ACQUISITION_DATE": "1066-10-14"}, None),
        ({}, None),
    ],
)
def test_date_from_tags(write: Write, tags: dict[str, str], expected: date | None) -> None:
    acquired = LocalRaster(write(tags=tags)).acquired
    assert acquired == ((expected, expected) if expected else None)


def test_date_by_hand_wins_and_is_asked_for(write: Write) -> None:
    june = (date(2017, 6, 1), date(2017, 6, 30))
    path = write(tags={"ACQUISITION_DATE": "2019-01-01"})
    raster = LocalRaster(path, acquired=june)
    centre = ground(502_000, 3_748_500)
    assert raster.chip(centre, 1000, when=(date(2017, 5, 1), date(2017, 7, 1))) is not None
    assert raster.chip(centre, 1000, when=(date(2017, 6, 10), date(2017, 6, 12))) is None
    undated = LocalRaster(write())
    assert undated.chip(centre, 1000, when=june) is None


def test_files_that_cannot_serve(write: Write, tmp_path: Path) -> None:
    with pytest.raises(RasterError, match="not a file"):
        LocalRaster(tmp_path / "none.tif")
    (tmp_path / "notes.tif").write_text("hello", encoding="utf-8")
    with pytest.raises(RasterError, match="cannot be read") as caught:
        LocalRaster(tmp_path / "notes.tif")
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 2
    picture = tmp_path / "picture.png"
    Image.new("RGB", (8, 8)).save(picture)
    with pytest.raises(RasterError, match="not georeferenced"):
        LocalRaster(picture)
    with pytest.raises(RasterError, match="above zero"):
        LocalRaster(write()).chip(ground(502_000, 3_748_500), 0)


def test_a_file_that_only_points_elsewhere_is_refused(write: Write, tmp_path: Path) -> None:
    """A VRT is text that makes GDAL open other files, or addresses on the network."""
    target = write()
    text = f"""<VRTDataset rasterXSize="400" rasterYSize="300"><SRS>EPSG:32637</SRS>
    <GeoTransform>500000, 10, 0, 3750000, 0, -10</GeoTransform>
    <VRTRasterBand dataType="Byte" band="1"><SimpleSource>
    <SourceFilename>{target}</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>"""
    path = tmp_path / "points.tif"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RasterError, match="cannot be read"):
        LocalRaster(path)


def test_a_coordinate_system_without_a_place_on_earth(write: Write) -> None:
    path = write(crs='LOCAL_CS["floor plan",UNIT["metre",1]]')
    with pytest.raises(RasterError, match=r"place on earth|georeferenced"):
        LocalRaster(path).chip(ground(502_000, 3_748_500), 1000)


def test_a_raster_cut_short(write: Write) -> None:
    path = write()
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(RasterError, match="cannot be read"):
        LocalRaster(path).chip(ground(502_000, 3_747_200), 1000)


def parts(**changes: Any) -> dict[str, Any]:
    mask = np.array([[True, False], [True, True]])
    return {
        "pixels": np.zeros((1, 2, 2), np.uint8),
        "mask": mask,
        "transform": UTM,
        "crs": "EPSG:32637",
        "gsd_m": 10.0,
        "acquired": None,
        "provider": "p",
        "sources": (),
        "coverage": 0.75,
    } | changes


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"pixels": np.zeros((2, 2))}, "bands, rows, cols"),
        ({"mask": np.ones((2, 3), bool)}, "boolean mask"),
        ({"mask": np.ones((2, 2), np.uint8)}, "boolean mask"),
        ({"transform": (10.0, 0.0, 0.0, 10.0, 0.0, 0.0)}, "one line"),
        ({"gsd_m": 0.0}, "above zero"),
        ({"gsd_m": float("nan")}, "above zero"),
        ({"coverage": 1.0}, "share of valid pixels"),
        ({"acquired": (date(2018, 1, 1), date(2017, 1, 1))}, "ends before"),
    ],
)
def test_chips_that_contradict_themselves(changes: dict[str, Any], message: str) -> None:
    Chip(**parts())
    with pytest.raises(ChipError, match=message):
        Chip(**parts(**changes))


def test_chips_cannot_be_written_to() -> None:
    chip = Chip(**parts())
    with pytest.raises(ValueError, match="read-only"):
        chip.pixels[0, 0, 0] = 1


@pytest.mark.parametrize("bands", [1, 2, 3, 4])
def test_picture_shows_holes_as_transparent(bands: int) -> None:
    rows = np.tile(np.arange(600, dtype=np.uint16) * 30, (bands, 400, 1))
    mask = np.ones((400, 600), bool)
    mask[:100, :100] = False
    chip = Chip(**parts(pixels=rows, mask=mask, coverage=float(mask.mean())))
    with Image.open(io.BytesIO(chip_png(chip, max_px=300))) as picture:
        assert (picture.mode, picture.size, picture.format) == ("RGBA", (300, 200), "PNG")
        shown = np.asarray(picture)
    assert (shown[:49, :49, 3] == 0).all()
    assert (shown[51:, 51:, 3] == 255).all()
    # Stretched over the whole range, rising from west to east.
    assert shown[150, 2, 0] == 0
    assert shown[150, 297, 0] == 255
    assert (np.diff(shown[150, :, 0].astype(int)) >= 0).all()


def test_picture_of_one_value_and_of_nan() -> None:
    flat = Chip(**parts())
    with Image.open(io.BytesIO(chip_png(flat))) as picture:
        assert np.asarray(picture)[..., 3].tolist() == [[255, 0], [255, 255]]
    values = np.array([[[1.0, np.nan], [2.0, 3.0]]])
    assert chip_png(Chip(**parts(pixels=values))).startswith(b"\x89PNG")


def test_thumbnail_is_small_upright_and_bare(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Maker"
    path = tmp_path / "photo.jpg"
    Image.new("RGB", (800, 400), (200, 10, 10)).save(path, exif=exif)
    with Image.open(io.BytesIO(thumbnail_jpeg(path, max_px=100))) as small:
        assert (small.format, small.size) == ("JPEG", (50, 100))
        assert not small.getexif()


def test_thumbnail_refuses_what_is_no_picture_or_too_big(tmp_path: Path) -> None:
    (tmp_path / "notes.jpg").write_text("hello", encoding="utf-8")
    with pytest.raises(PhotoError, match="cannot be shown"):
        thumbnail_jpeg(tmp_path / "notes.jpg")
    # 13,000 x 13,000 in one bit a pixel: small as a file, large when decoded.
    Image.new("1", (13_000, 13_000)).save(tmp_path / "wide.png")
    with pytest.raises(PhotoError, match="13000 x 13000"):
        thumbnail_jpeg(tmp_path / "wide.png")


@pytest.mark.skipif(not (DATA / "naip").is_dir(), reason="the shared aerial photos are not here")
def test_real_aerial_photo() -> None:
    path = next((DATA / "naip").glob("*_2017*.tif"))
    x, y = 488_000.0, 5_207_500.0
    centre = ground(x, y, "EPSG:26914")
    chip = LocalRaster(path, acquired=(date(2017, 8, 27), date(2017, 8, 27))).chip(centre, 1000)
    assert chip is not None
    assert chip.pixels.shape == (4, 200, 200)
    assert chip.gsd_m == pytest.approx(5, rel=0.002)
    assert chip.coverage > 0.99
    a, _, c, _, e, f = chip.transform
    assert (c + 100 * a, f + 100 * e) == pytest.approx((x, y), abs=2.6)
    assert len(chip_png(chip)) > 10_000
