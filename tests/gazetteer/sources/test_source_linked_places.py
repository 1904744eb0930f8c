from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from gazetteer.record import BadRow, Name, Record
from gazetteer.sources.linked_places import when_of
from gazetteer.sources.open import open_reader

ABYDOS: dict[str, Any] = {
    "@id": "http://example.org/places/81",
    "type": "Feature",
    "properties": {"title": "Palmyra", "ccodes": ["SY"], "fclasses": ["P"]},
    "when": {"timespans": [{"start": {"in": "1929"}, "end": {"latest": "2015-05-21"}}]},
    "names": [
        {"toponym": "تدمر", "lang": "ar", "when": {"timespans": [{"start": {"in": "1920"}}]}},
        {
            "toponym": "Hadriana",
            "lang": "la",
            "when": {"timespans": [{"start": {"in": "0129"}, "end": {"in": "0272"}}]},
        },
        {"toponym": "Palmyra", "lang": "en"},
        {"toponym": ""},
    ],
    "types": [{"identifier": "aat:300008375", "label": "towns"}],
    "geometry": {
        "type": "GeometryCollection",
        "geometries": [{"type": "Point", "coordinates": [38.2684, 34.5514]}],
    },
    "links": [
        {"type": "closeMatch", "identifier": "http://www.wikidata.org/entity/Q5747"},
        {"type": "exactMatch", "identifier": "gn:163820"},
        {"type": "seeAlso", "identifier": "wd:Q1"},
    ],
    "descriptions": [{"value": "an oasis"}],
}


def read(path: Path) -> list[Record | BadRow]:
    return list(open_reader(path).rows())


@pytest.mark.parametrize("by_line", [True, False])
def test_a_feature(tmp_path: Path, by_line: bool) -> None:
    path = tmp_path / "places.json"
    whole = {"type": "FeatureCollection", "@context": "linkedpasts", "features": [ABYDOS]}
    text = (json.dumps(ABYDOS) + "\n") * 2 if by_line else json.dumps(whole, indent=1)
    path.write_text(text, encoding="utf-8")
    rows = read(path)
    assert len(rows) == (2 if by_line else 1)
    assert rows[0] == Record(
        source_id="http://example.org/places/81",
        names=(
            Name(text="Palmyra", language="en"),
            Name(text="تدمر", language="ar", valid=(date(1920, 1, 1), None)),
            Name(
                text="Hadriana",
                language="la",
                historic=True,
                valid=(date(129, 1, 1), date(272, 12, 31)),
            ),
        ),
        lon=38.2684,
        lat=34.5514,
        kind="town",
        country="SY",
        valid=(date(1929, 1, 1), date(2015, 5, 21)),
        same_as=("wd:Q5747", "gn:163820"),
        feature="towns",
        note="an oasis",
    )


def test_a_polygon_and_bad_features(tmp_path: Path) -> None:
    square = [[[38.0, 33.0], [39.0, 33.0], [39.0, 34.0], [38.0, 34.0], [38.0, 33.0]]]
    features = [
        {**ABYDOS, "geometry": {"type": "Polygon", "coordinates": square}, "types": []},
        {**ABYDOS, "geometry": None},
        {**ABYDOS, "geometry": {"type": "Point", "coordinates": [380, 34]}},
        {**ABYDOS, "names": [], "properties": {}},
        7,
    ]
    path = tmp_path / "p.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    first, *others = read(path)
    assert isinstance(first, Record)
    assert first.kind == "populated_place"
    assert 38 < first.lon < 39
    assert first.outline_wkb is not None
    assert first.extent_m == pytest.approx(57_300, rel=0.01)
    assert [row.line for row in others if isinstance(row, BadRow)] == [2, 3, 4, 5]


def test_times() -> None:
    assert when_of(None) is None
    assert when_of({"timespans": [{"start": {"in": "-0500"}}]}) is None
    two = [{"start": {"in": "1900"}, "end": {"in": "1910"}}, {"start": {"earliest": 1920}}]
    assert when_of({"timespans": two}) == (date(1900, 1, 1), None)
    assert when_of({"timespans": [{"start": {"in": "2000"}, "end": {"in": "1999"}}]}) is None


def test_lp_tsv(tmp_path: Path) -> None:
    header = (
        "id\ttitle\ttitle_source\tccodes\tvariants\tmatches\ttypes\taat_types\tlon\tlat\tgeowkt"
        "\tstart\tend"
    )
    lines = [
        header,
        "1\tPalmyra\tx\tSY\tTadmor@en; تدمر@ar\tgn:163820;https://www.wikidata.org/wiki/Q5747\ttown"
        "\t\t38.2684\t34.5514\t\t1929\t2015",
        "2\tRiver\tx\tSY;IQ\t\t\triver\t300008707\t\t\tLINESTRING(38 33, 39 34)\t\t",
        "3\tNowhere\tx\tSY\t\t\t\t\t\t\t\t\t",
        "4\tWrong\tx\tSY\t\t\t\t\t\t\tPOINT(\t\t",
        "5\t\tx\tSY\t\t\t\t\t1\t1\t\t\t",
    ]
    path = tmp_path / "p.tsv"
    path.write_text("\n".join(lines), encoding="utf-8")
    town, river, *bad = read(path)
    assert isinstance(town, Record)
    assert isinstance(river, Record)
    assert [(n.text, n.language) for n in town.names] == [
        ("Palmyra", None),
        ("Tadmor", "en"),
        ("تدمر", "ar"),
    ]
    assert town.same_as == ("gn:163820", "wd:Q5747")
    assert (town.kind, town.country) == ("town", "SY")
    assert town.valid == (date(1929, 1, 1), date(2015, 12, 31))
    assert (river.kind, river.country) == ("river", None)
    assert 38.4 < river.lon < 38.6
    assert [row.line for row in bad if isinstance(row, BadRow)] == [4, 5, 6]
