"""The worked figure, from the texts themselves: grammar, gazetteer and solver together."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from gazetteer.search import Gazetteer
from osint.case import read_case
from osint.constraints import Band
from osint.judge import scene_of
from osint.pipeline import read_texts
from osint.relation import Relation
from osint.resolve import resolve
from osint.weigh import Weighed, weigh

FIGURE = {5: 0.6, 10: 3.8, 15: 7.1, 20: 5.5, 25: 2.3, 30: 0.7}
READINGS = (
    ("Al-Tanf (garrison)", "Wikipedia infobox (en mirror wikizero.net; ar marefa.org)", 0.5),
    ("At Tanf", "GeoNames 172344 via WOF 1293283047", 0.2),
    (
        "Al-Tanf Crossing",
        "zh-wiki Module:Syrian_Civil_War_detailed_map (MASangys/wikipedia.zh@88133659)",
        0.25,
    ),
    ("Tanf", "GeoNames 6734634 via WOF 1259501317", 0.05),
)


def shared_case(shared: Path, folder: Path) -> None:
    """The real article, statements and points, with the figure's alias and readings."""
    shutil.copy(shared / "article" / "al-zaqaf.txt", folder / "article.txt")
    shutil.copy(shared / "article" / "statements.jsonl", folder)
    shutil.copy(shared / "gazetteer" / "keypoints.csv", folder)
    lines = [
        'published = "2017-06-13"',
        'statements = "statements.jsonl"',
        'gazetteers = ["keypoints.csv"]',
        "[[alias]]",
        'phrase = "Syrian army base"',
        'place = "Syrian-Iraqi Border Crossing"',
        'by = "the test"',
        'why = "as in the worked figure"',
    ]
    for place, source, weight in READINGS:
        lines += ["[[reading]]", 'name = "al-Tanf"', f"place = {json.dumps(place)}"]
        lines += [f"source = {json.dumps(source)}", f"weight = {weight}"]
    (folder / "case.toml").write_text("\n".join(lines), encoding="utf-8")


def weighed_at(folder: Path, said_km: float) -> Weighed:
    """The claim of 20 km, or of another number, by the five statements about al-Zaqaf."""
    case = read_case(folder)
    gazetteer = Gazetteer.open(case.gazetteers)
    documents = read_texts(case).documents
    resolution = resolve(documents, gazetteer, aliases=case.aliases, readings=case.readings)
    # The figure has no mass for "some other place".
    sites = {
        name: replace(site, spec=replace(site.spec, elsewhere=0.0))
        for name, site in resolution.sites.items()
    }
    scene = scene_of(documents, replace(resolution, sites=sites), gazetteer)
    (twenty,) = [r for r in scene.own.values() if r.band and r.band.said_m == 20_000]
    zaqaf = twenty.b
    statements = [as_in_the_figure(r) for r in scene.others if zaqaf in (r.a, r.b)]
    assert len(statements) == 5
    half, tail = 2_500.0, 2_500.0
    band = Band(
        said_m=said_km * 1e3, low_m=said_km * 1e3 - half, high_m=said_km * 1e3 + half, tail_m=tail
    )
    found = weigh(replace(twenty, band=band), scene.specs, statements, brief=True)
    assert found is not None
    return found


def as_in_the_figure(relation: Relation) -> Relation:
    """The same statement with the figure's cone: 22.5 degrees for every compass word."""
    if relation.cone is None:
        return relation
    return replace(relation, cone=replace(relation.cone, half_angle_deg=22.5))


@pytest.fixture(params=["example", "shared"])
def folder(request: pytest.FixtureRequest, tmp_path: Path, example: Path) -> Path:
    if request.param == "example":
        return example
    shared_case(request.getfixturevalue("shared_data"), tmp_path)
    return tmp_path


def test_bayes_factors(folder: Path) -> None:
    for said_km, expected in FIGURE.items():
        factor = weighed_at(folder, said_km).answer.bayes_factor
        # The figure is printed to one decimal: 0.7 can be 0.65.
        assert factor == pytest.approx(expected, rel=0.1, abs=0.05), said_km


def test_forty_kilometres_would_have_been_flagged(folder: Path) -> None:
    found = weighed_at(folder, 40)
    assert found.answer.bayes_factor == pytest.approx(0.09, abs=0.01)
    assert found.outcome == "flagged"


def test_distances(folder: Path) -> None:
    separation = weighed_at(folder, 20).separation
    assert separation is not None
    for found, expected in zip(
        separation.quantiles_m((0.05, 0.5, 0.95)), (8.5e3, 14e3, 23e3), strict=True
    ):
        assert found == pytest.approx(expected, rel=0.1)
