from __future__ import annotations

from pathlib import Path

import geopandas
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.sources.shape_text import RAW, ShapeText, shape_sha256, shape_text

ARABIC = ["البوكمال", "دير الزور"]
RUSSIAN = ["Славянск", "Щёлково"]
LATIN = ["Alcañiz", "Évreux"]


def shapefile(
    folder: Path, texts: list[str], encoding: str, cpg: str | None, driver: int = 0
) -> Path:
    path = folder / "places.shp"
    points = [shapely.Point(38 + number, 33) for number in range(len(texts))]
    frame = geopandas.GeoDataFrame({"NAME": texts}, geometry=points, crs=4326)
    frame.to_file(path, encoding=encoding)
    path.with_suffix(".cpg").unlink(missing_ok=True)
    if cpg is not None:
        path.with_suffix(".cpg").write_text(cpg)
    table = path.with_suffix(".dbf")
    data = bytearray(table.read_bytes())
    data[29] = driver
    table.write_bytes(data)
    return path


def read(path: Path) -> tuple[list[str], str]:
    """Names as GDAL reads the bytes and this module the letters, and what was guessed."""
    import pyogrio.raw

    how = shape_text(path)
    assert how is not None
    _, _, _, columns = pyogrio.raw.read(path, encoding=RAW)
    return [how.text(value) for value in columns[0]], how.guessed


@pytest.mark.parametrize(
    ("texts", "encoding", "cpg", "driver", "said"),
    [
        (ARABIC, "cp1256", None, 0, "look like windows-1256"),
        (RUSSIAN, "cp1251", None, 0x57, "look like windows-1251"),
        (LATIN, "cp1252", None, 0, "look like windows-1252"),
        (ARABIC, "cp1256", None, 0x7E, "read as cp1256, which its table names"),
        (RUSSIAN, "cp866", None, 0x26, "read as cp866, which its table names"),
        (ARABIC, "utf-8", None, 0, "they are UTF-8"),
        (ARABIC, "utf-8", "UTF-8", 0, ""),
        (ARABIC, "utf-8", "65001", 0, ""),
        (ARABIC, "cp1256", "1256", 0, ""),
        (ARABIC, "cp1256", "ANSI 1256", 0x57, ""),
        (LATIN, "iso8859-1", "ISO 88591", 0, ""),
        (ARABIC, "cp1256", "UTF-8", 0, "says UTF-8, which its texts are not"),
        (ARABIC, "utf-8", "ISO-8859-1", 0, "but its texts are UTF-8"),
        (ARABIC, "utf-8", "hex", 0, "they are UTF-8"),
        (["plain", "names"], "utf-8", None, 0, ""),
    ],
)
def test_letters_of_a_shapefile(
    tmp_path: Path, texts: list[str], encoding: str, cpg: str | None, driver: int, said: str
) -> None:
    names, guessed = read(shapefile(tmp_path, texts, encoding, cpg, driver))
    assert names == texts
    assert (said in guessed) if said else not guessed


def test_a_letter_cut_at_the_width_of_its_field(tmp_path: Path) -> None:
    path = shapefile(tmp_path, ["البوكمال", "x" * 15], "utf-8", None)
    table = path.with_suffix(".dbf")
    data = table.read_bytes()
    full = "البوكمال".encode()
    # As programs leave it that cut at so many bytes: the first of the last letter's two.
    table.write_bytes(data.replace(full, full[:-1] + b" "))
    names, guessed = read(path)
    assert names[0] == "البوكما"
    assert "UTF-8" in guessed


def test_the_sum_covers_names_and_letters(tmp_path: Path) -> None:
    sums = set()
    for number, (texts, encoding, cpg) in enumerate(
        [(ARABIC, "cp1256", None), (RUSSIAN, "cp1251", None), (RUSSIAN, "cp1251", "1251")]
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = shapefile(folder, texts, encoding, cpg)
        sums |= {shape_sha256(path), shape_sha256(path)}
    # The geometries are the same in all of them.
    assert len({(tmp_path / n / "places.shp").read_bytes() for n in "012"}) == 1
    assert len(sums) == 3


def test_no_shapefile_or_no_table(tmp_path: Path) -> None:
    assert shape_text(tmp_path / "x.gpkg") is None
    assert shape_text(tmp_path / "x.shp") is None


@given(st.binary(max_size=300), st.binary(max_size=12))
def test_any_bytes_of_table_and_cpg(
    tmp_path_factory: pytest.TempPathFactory, table: bytes, cpg: bytes
) -> None:
    path = tmp_path_factory.mktemp("shape") / "x.shp"
    path.with_suffix(".dbf").write_bytes(table)
    path.with_suffix(".cpg").write_bytes(cpg)
    how = shape_text(path)
    assert isinstance(how, ShapeText)
    assert isinstance(how.text("".join(map(chr, range(256)))), str)
    assert how.text("already دير") == "already دير"
