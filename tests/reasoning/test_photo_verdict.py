"""The verdict on a caption by everything its photo says, f and g laid on once."""

from __future__ import annotations

import hashlib
import math
from dataclasses import replace
from pathlib import Path

from imagery.photo.seen import Archive, Entry
from osint.case import SeenWish
from osint.checks.trust import F_WRONG, G_FORGED
from osint.derivation import derive
from tests.reasoning.photo_facts import at
from tests.reasoning.test_photo_look import case, checked, drawing, outcome


def test_a_photo_whose_readings_all_fit_confirms_and_counts_at_most_one_over_g(
    tmp_path: Path,
) -> None:
    result = checked(case(tmp_path / "a"))
    (judged,) = [j for j in result.judged.judgements if j.claim.photo]
    assert judged.outcome == "confirmed" and judged.answer is not None
    assert math.prod(math.exp(item.log_lr) for item in judged.evidence) > 1 / G_FORGED
    assert 10 <= judged.answer.bayes_factor <= 1 / G_FORGED


def test_a_photo_that_existed_before_its_claimed_date_flags_it(tmp_path: Path) -> None:
    given = case(tmp_path / "a", photo=drawing())
    folder = tmp_path / "archive"
    entry = Entry(
        sha256=hashlib.sha256(drawing()).hexdigest(),
        case="an earlier case",
        name="old.jpg",
        seen_at=at("2015-01-01T00:00:00+00:00"),
    )
    with Archive.open(folder) as archive:
        archive.add(entry, None)
    result = checked(replace(given, seen=SeenWish(case="now", folder=folder)))
    assert outcome(result) == ("flagged", ["photo_seen_date"])
    (judged,) = [j for j in result.judged.judgements if j.claim.photo]
    assert judged.answer is not None and judged.answer.bayes_factor >= F_WRONG


def test_the_derivation_says_that_the_bounds_are_laid_on_once(tmp_path: Path) -> None:
    result = checked(case(tmp_path / "a"))
    (judged,) = [j for j in result.judged.judgements if j.claim.photo]
    steps = derive(judged, result.judged, result.scene, result.documents)
    (rule,) = [step for step in steps if step.about == "rule"]
    assert "all of it at once" in rule.text and "20 to 1" in rule.text
    (together,) = [step for step in steps if step.about == "together"]
    assert judged.answer is not None and together.factor == judged.answer.bayes_factor
