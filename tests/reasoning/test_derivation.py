"""A verdict's derivation: complete, with sources, and its factors multiply to the Bayes factor."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from gazetteer.search import Gazetteer
from osint.case import Case, read_case
from osint.derivation import Step, derive
from osint.judge import Judgement
from osint.pipeline import Checked, check_case


def derived(checked: Checked, judgement: Judgement) -> tuple[Step, ...]:
    return derive(judgement, checked.judged, checked.scene, checked.documents)


def check_one(folder: Path, body: str, *said: dict[str, str]) -> tuple[Checked, Judgement]:
    (folder / "article.txt").write_text(f"A headline\n\n{body}\n", encoding="utf-8")
    places = "name,lat,lon,kind,uncertainty_m\nNorvale,40.0,20.0,village,50\n"
    (folder / "places.csv").write_text(
        places + "Sudmere,40.199,20.0,village,50\n", encoding="utf-8"
    )
    (folder / "said.jsonl").write_text("\n".join(map(json.dumps, said)), encoding="utf-8")
    case = Case(
        article=folder / "article.txt",
        source="the paper",
        statements=folder / "said.jsonl",
        gazetteers=(folder / "places.csv",),
    )
    checked = check_case(case, Gazetteer.open(list(case.gazetteers), world=False))
    return checked, checked.judged.judgements[0]


@pytest.fixture(scope="module")
def example_checked() -> Checked:
    case = read_case(Path(__file__).parents[2] / "examples" / "al-zaqaf")
    return check_case(case, Gazetteer.open(list(case.gazetteers)))


def test_factors_multiply_to_the_bayes_factor(example_checked: Checked) -> None:
    weighed = [j for j in example_checked.judged.judgements if j.weighed is not None]
    assert weighed
    for judgement in weighed:
        steps = derived(example_checked, judgement)
        factors = [step.factor for step in steps if step.factor is not None]
        assert judgement.answer is not None
        assert len(factors) == 1 + len(judgement.weighed.pulls if judgement.weighed else ())
        assert math.prod(factors) == pytest.approx(judgement.answer.bayes_factor, rel=1e-6)


def test_every_statement_and_place_has_its_source(example_checked: Checked) -> None:
    for judgement in example_checked.judged.judgements:
        steps = derived(example_checked, judgement)
        assert steps[0].about == "claim"
        assert steps[-1].about in {"verdict", "probability", "sensitivity"}
        assert all(step.source for step in steps if step.about in {"statement", "assumption"})
        if judgement.weighed is not None:
            said = {step.source for step in steps if step.about == "statement"}
            assert len(said) >= len({p.relation.document for p in judgement.weighed.pulls}) - 1


def test_what_cannot_count_is_named(tmp_path: Path) -> None:
    checked, judgement = check_one(
        tmp_path,
        "Kesto lies 30 km from Sudmere.",
        {"source": "The Paper", "text": "Kesto lies 30 km from Sudmere."},
        {"source": "A", "text": "Kesto lies 30 km from Sudmere."},
        {"source": "B", "origin": "A", "text": "Kesto lies 30 km from Sudmere."},
    )
    out = [s for s in derived(checked, judgement) if s.about == "left out"]
    assert [s.source for s in out] == ["The Paper", ""]
    assert "said the same before" in out[1].text


def test_a_zone_is_derived_from_what_others_say_of_it(tmp_path: Path) -> None:
    checked, judgement = check_one(
        tmp_path,
        "A 30 km exclusion zone lies around Sudmere.",
        {"source": "A", "text": "There is an exclusion zone of 30 km around Sudmere."},
    )
    steps = derived(checked, judgement)
    assert [s.source for s in steps if s.about == "statement"] == ["A"]
    factor = next(s.factor for s in steps if s.about == "together")
    assert judgement.answer is not None
    assert factor == judgement.answer.bayes_factor > 3


def test_what_was_not_checked_says_why(tmp_path: Path) -> None:
    checked, judgement = check_one(tmp_path, "Kesto lies 30 km from Sudmere.")
    steps = derived(checked, judgement)
    assert "no gazetteer" in steps[-1].text
    assert steps[-1].about == "verdict"
