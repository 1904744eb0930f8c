"""Everything one photo says, taken together: f and g are laid on once."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osint.checks.photo_together import (
    CREDENTIALS,
    EXIF,
    FORGED,
    OTHERS,
    bayes_factor,
    forged_in,
)
from osint.checks.trust import F_WRONG, G_FORGED, G_SIGNED, bounded_log_lr, density_ratio
from osint.evidence import Evidence, Measurement

densities = st.floats(min_value=1e-12, max_value=1e12)
checks = st.sampled_from(sorted({**EXIF, **OTHERS}))
# Bounded as the checks bound themselves.
ratios = st.floats(min_value=math.log(F_WRONG), max_value=math.log(1 / G_FORGED))


def evidence(check: str, log_lr: float, number: int = 0) -> Evidence:
    return Evidence(
        id=f"c1.{number}", claim_id="c1", check=check, log_lr=log_lr, summary="", origin=""
    )


def reading(check: str, true: float, false: float, forged: float = G_FORGED) -> Evidence:
    return evidence(check, bounded_log_lr(true, false, forged=forged))


def signed() -> Evidence:
    measured = Measurement(quantity=FORGED, value=G_SIGNED, unit="1")
    return Evidence(
        id="c1.s",
        claim_id="c1",
        check=CREDENTIALS,
        log_lr=0.0,
        summary="",
        origin="",
        measurements=(measured,),
    )


@given(st.lists(st.tuples(checks, ratios), max_size=9), st.booleans())
def test_any_combination_stays_within_f_and_one_over_g(
    found: list[tuple[str, float]], with_credentials: bool
) -> None:
    forged = G_SIGNED if with_credentials else G_FORGED
    items = [evidence(check, log_lr, n) for n, (check, log_lr) in enumerate(found)]
    items += [signed()] if with_credentials else []
    assert F_WRONG <= bayes_factor(items) <= 1 / forged


@given(st.lists(st.tuples(st.sampled_from(sorted(EXIF)), densities, densities), max_size=8))
def test_readings_of_one_block_stay_within_the_mixture_without_being_cut(
    found: list[tuple[str, float, float]],
) -> None:
    """The latent state alone bounds them: sound, wrong or made to match, as a whole."""
    factor = bayes_factor([reading(*each) for each in found])
    low, high = F_WRONG / (1 - G_FORGED), (1 - F_WRONG) / G_FORGED
    assert low * (1 - 1e-6) <= factor <= high * (1 + 1e-6)


@given(densities, densities)
def test_one_reading_counts_as_its_own_check_says(true: float, false: float) -> None:
    item = reading("photo_position", true, false)
    assert bayes_factor([item]) == pytest.approx(math.exp(item.log_lr), rel=1e-6)


@given(st.floats(min_value=-17, max_value=17), st.sampled_from([G_FORGED, G_SIGNED]))
def test_the_sound_ratio_is_found_again_in_the_bounded_one(log_ratio: float, g: float) -> None:
    log_lr = bounded_log_lr(math.exp(log_ratio), 1.0, forged=g)
    assert math.log(density_ratio(log_lr, forged=g)) == pytest.approx(log_ratio, abs=1e-3)


@given(checks, ratios, st.lists(st.tuples(checks, ratios), max_size=5))
def test_the_order_does_not_matter(
    check: str, log_lr: float, more: list[tuple[str, float]]
) -> None:
    items = [evidence(c, v) for c, v in [(check, log_lr), *more]]
    assert bayes_factor(items) == pytest.approx(bayes_factor(items[::-1]))


def test_against_a_hand_worked_mixture() -> None:
    """Place ten times likelier if true, time five times: written out state by state."""
    f, g, place, time = F_WRONG, G_FORGED, 10.0, 5.0
    both = place * time
    ways = {"place false": time, "time false": place, "both false": 1.0}
    mean = sum(ways.values()) / 3
    true = (1 - f) * both + f * mean
    false = sum((1 - g) * sound + g * both for sound in ways.values()) / 3
    found = [reading("photo_position", place, 1.0), reading("photo_time", time, 1.0)]
    assert bayes_factor(found) == pytest.approx(true / false, rel=1e-9)


def test_three_readings_that_agree_do_not_count_three_times() -> None:
    strong = [reading(check, 1e6, 1.0) for check in sorted(EXIF)]
    assert math.prod(math.exp(item.log_lr) for item in strong) > 5_000
    assert bayes_factor(strong) <= 1 / G_FORGED


def test_a_right_day_makes_up_for_no_wrong_place() -> None:
    wrong, right = reading("photo_position", 1e-9, 1.0), reading("photo_time", 1e9, 1.0)
    assert bayes_factor([wrong, right]) <= math.exp(wrong.log_lr) * (1 + 1e-9) < 0.1


def test_a_weak_doubt_does_not_undo_strong_support_of_the_same_part() -> None:
    position = reading("photo_position", 1e6, 1.0)
    doubt = evidence("photo_words_place", math.log(0.5))
    assert 3.0 < bayes_factor([position, doubt]) < bayes_factor([position])


@given(st.lists(densities, min_size=2, max_size=5))
def test_a_better_position_never_counts_less(found: list[float]) -> None:
    time = reading("photo_time", 3.0, 1.0)
    factors = [bayes_factor([reading("photo_position", true, 1.0), time]) for true in sorted(found)]
    assert all(a <= b * (1 + 1e-6) for a, b in pairwise(factors))


def test_signed_exif_counts_for_more_and_no_more_against() -> None:
    match = [reading("photo_position", 1e9, 1.0, G_SIGNED), signed()]
    miss = [reading("photo_position", 1e-9, 1.0, G_SIGNED), signed()]
    assert 1 / G_FORGED < bayes_factor(match) <= 1 / G_SIGNED
    assert bayes_factor(miss) == pytest.approx(F_WRONG, rel=0.1)
    assert forged_in(match) == G_SIGNED
    assert forged_in(match[:1]) == G_FORGED


def test_nothing_and_what_is_no_photos_say_nothing() -> None:
    assert bayes_factor([]) == 1.0
    assert bayes_factor([evidence("statement", 3.0), signed()]) == 1.0
