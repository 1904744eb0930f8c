"""Which places are exported, and what happens when it cannot be done."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gazetteer.database import add
from gazetteer.database.open import FILE
from gazetteer.errors import DatabaseError, GazetteerError
from gazetteer.export import Selection, export, format_of
from gazetteer.export.rows import Rows
from gazetteer.geodesy import distance_m
from gazetteer.position import Position
from gazetteer.record import Record

NOWHERE = Selection(country="JP")


def ids(folder: Path, selection: Selection) -> list[str]:
    with Rows(folder, selection) as rows:
        return [row.record.source_id for row in rows]


def test_by_source_country_and_kind(folder: Path) -> None:
    assert ids(folder, Selection(source="geonames:SY")) == ["163915", "17"]
    assert ids(folder, Selection(country="SY")) == ["a1", "163915"]
    assert ids(folder, Selection(country="SY", kind="village")) == ["a1"]
    assert ids(folder, Selection(source="first", kind="dam")) == ["k-dam"]


@pytest.mark.parametrize("radius_m", [500.0, 20_000.0, 300_000.0, 5_000_000.0, 30_000_000.0])
@pytest.mark.parametrize("centre", [(38.6, 33.5), (180.0, -16.1), (0.0, 90.0)])
def test_within_a_circle(
    centre: tuple[float, float], radius_m: float, folder: Path, records: tuple[Record, ...]
) -> None:
    here = Position(lon=centre[0], lat=centre[1])
    expected = [
        record.source_id
        for record in records
        if distance_m(here, Position(lon=record.lon, lat=record.lat)) <= radius_m
    ]
    assert ids(folder, Selection(centre=here, radius_m=radius_m)) == expected


def test_many_places_far_between(
    given: Callable[..., Any], place: Callable[..., Record], tmp_path: Path
) -> None:
    """Places of one country strewn among thousands of others keep their own names."""
    rows = tuple(
        place(
            str(number),
            f"Place {number}",
            f"Other {number}",
            lon=number / 100 - 100,
            country="SY" if number % 1_700 == 0 else "IQ",
        )
        for number in range(12_000)
    )
    add(tmp_path, given("many", rows, ""))
    with Rows(tmp_path, Selection(country="SY")) as stored:
        found = [row.record for row in stored]
    assert found == [row for row in rows if row.country == "SY"]
    with Rows(tmp_path, Selection()) as stored:
        assert [row.record for row in stored] == list(rows)


def test_the_format_is_in_the_name() -> None:
    assert format_of(Path("a.lpf.json")) == ".lpf.json"
    assert format_of(Path("A.GEOJSON")) == ".geojson"
    for name in ("a.xlsx", "a", ".gpkg", "gpkg"):
        with pytest.raises(GazetteerError, match="end it in"):
            format_of(Path(name))


def test_nothing_is_replaced_unasked(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "out.geojson"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(GazetteerError, match="--force"):
        export(folder, path)
    with pytest.raises(GazetteerError, match="no place"):
        export(folder, path, NOWHERE, force=True)
    assert path.read_text(encoding="utf-8") == "mine"
    export(folder, path, force=True)
    assert path.read_text(encoding="utf-8") != "mine"
    with pytest.raises(GazetteerError, match="the gazetteer itself"):
        export(folder, folder / FILE, force=True)
    with pytest.raises(GazetteerError, match="is a folder"):
        (tmp_path / "folder.tsv").mkdir()
        export(folder, tmp_path / "folder.tsv", force=True)
    assert sorted(one.name for one in tmp_path.iterdir()) == [
        "folder.tsv", "gazetteer", "out.geojson"
    ]  # fmt: skip


@pytest.mark.parametrize("ending", [".geojson", ".gpkg", ".lpf.json", ".tsv"])
def test_half_a_file_is_never_left(
    ending: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class StopError(Exception):
        pass

    def stop(_what: str, _done: int, _total: int | None) -> None:
        raise StopError

    with pytest.raises(StopError):
        export(folder, tmp_path / f"out{ending}", progress=stop)
    assert [one.name for one in tmp_path.iterdir()] == ["gazetteer"]


def test_what_cannot_be_done_is_said(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="there is no gazetteer"):
        export(tmp_path / "none", tmp_path / "out.tsv")
    with pytest.raises(GazetteerError, match="there is no source 'x'"):
        export(folder, tmp_path / "out.tsv", Selection(source="x"))
    with pytest.raises(GazetteerError, match="no kind of place"):
        Selection(kind="castle of sand")
    with pytest.raises(GazetteerError, match="above zero"):
        Selection(centre=Position(lon=0, lat=0), radius_m=0.0)
    with pytest.raises(GazetteerError, match="make it first"):
        export(folder, tmp_path / "none" / "out.tsv")
    damaged = bytearray((folder / FILE).read_bytes())
    damaged[8_192:] = os.urandom(len(damaged) - 8_192)
    (folder / FILE).write_bytes(bytes(damaged))
    with pytest.raises(DatabaseError):
        export(folder, tmp_path / "out.tsv")
    assert not (tmp_path / "out.tsv").exists()
