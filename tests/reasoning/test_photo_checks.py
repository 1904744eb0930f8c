"""All checks of one photo together, and what is shown without being weighed."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.errors import GazetteerError
from gazetteer.position import Position
from imagery.photo.conflicts import Conflict
from imagery.photo.exposure import Exposure
from imagery.photo.facts import PhotoFacts
from imagery.photo.provenance import Credentials
from osint.belief import PointReading, from_points
from osint.case import ShadowEntry
from osint.checks.photo import Found, Shown, check_photo
from osint.checks.photo_position import check_position
from osint.checks.photo_together import bayes_factor
from osint.checks.trust import F_WRONG, G_FORGED, G_SIGNED, chance_forged
from osint.errors import CaseError
from tests.reasoning.photo_facts import HERE, at, belief, caption, claimed, days, photo

DAY = days("2017-06-11")
NOON = at("2017-06-11T12:30:00+03:00")
FAR = Position(lon=44.4, lat=33.3, uncertainty_m=10.0)
SUNLIT = Exposure(time_s=1 / 1000, f_number=8.0, iso=100)
SIGNED = Credentials(
    present=True, valid=True, trusted=True, signer="A Camera", source_types=("digitalCapture",)
)


def check(facts: PhotoFacts, *, text: str = "", **shown: Any) -> Found:
    claim = caption(text or "Soldiers at al-Tanf, June 11", when=DAY)
    return check_photo(Shown(facts=facts, **shown), claimed(claim))


def names(found: Found) -> list[str]:
    return [item.check for item in found.evidence]


def test_a_photo_without_metadata_proves_nothing() -> None:
    found = check(photo(status="no_metadata"))
    assert found == Found(evidence=(), predictive=None)


def test_position_time_and_exposure_share_their_bounds() -> None:
    found = check(photo(position=HERE, taken_at=NOON, exposure=SUNLIT))
    assert names(found) == ["photo_position", "photo_time", "photo_exposure"]
    assert 5 < bayes_factor(found.evidence) <= 1 / G_FORGED
    assert math.prod(math.exp(item.log_lr) for item in found.evidence) > 1 / G_FORGED
    assert found.predictive is not None and found.predictive > 0.9


def test_a_bright_photo_said_to_be_of_the_night_is_contradicted() -> None:
    facts = photo(position=HERE, exposure=SUNLIT)
    day, night = (check(facts, text=f"At al-Tanf at {when}, June 11") for when in ("noon", "night"))
    assert names(night)[-1] == names(day)[-1] == "photo_exposure"
    assert bayes_factor(night.evidence) < 0.1 < 1 < bayes_factor(day.evidence)


def test_a_far_position_flags_whatever_the_clock_says() -> None:
    found = check(photo(position=FAR, taken_at=NOON))
    assert bayes_factor(found.evidence) <= 0.1
    assert found.predictive is not None and found.predictive <= 0.1


def test_a_photo_at_one_of_several_places_of_a_name_says_so() -> None:
    readings = [
        PointReading(label=label, lon=lon, lat=33.5, extent_m=1e3, uncertainty_m=1e3, weight=weight)
        for label, lon, weight in (("here", HERE.lon, 0.3), ("far", -80.0, 0.7))
    ]
    found = check_position(
        photo(position=HERE),
        from_points(readings, elsewhere=0.01),
        claim_id="c1",
        place="al-Tanf",
    )
    assert found is not None and found[0].log_lr > 0
    summary = found[0].summary
    assert "in one of the places that al-Tanf can mean by other sources (30%)" in summary
    assert "from where other sources put" not in summary


@pytest.mark.parametrize(
    ("field", "left"),
    [
        ("position", ["photo_time"]),
        ("taken_at", ["photo_position"]),
        ("utc_offset", ["photo_position"]),
        ("make", ["photo_position", "photo_time"]),
    ],
)
def test_what_two_readers_disagree_on_is_not_weighed(field: str, left: list[str]) -> None:
    conflict = Conflict(field=field, readers=(("a", "1"), ("b", "2")))
    found = check(photo(position=HERE, taken_at=NOON, conflicts=(conflict,)))
    assert names(found) == left


@pytest.mark.parametrize("status", ["malformed", "timeout", "memory", "unsupported"])
def test_salvaged_facts_are_not_weighed(status: str) -> None:
    found = check(photo(status=status, position=HERE, taken_at=NOON, exposure=SUNLIT))
    assert found == Found(evidence=(), predictive=None)


@pytest.mark.parametrize(
    ("credentials", "forged"),
    [
        (None, G_FORGED),
        (Credentials(present=False), G_FORGED),
        (Credentials(present=True, valid=True, trusted=False), G_FORGED),
        (Credentials(present=True, valid=False, trusted=False), G_FORGED),
        (Credentials(present=True, valid=True, trusted=True), G_FORGED),
        (Credentials(present=True, valid=None, trusted=True), G_FORGED),
        (SIGNED, G_SIGNED),
    ],
)
def test_only_a_trusted_camera_lowers_the_chance_of_forgery(
    credentials: Credentials | None, forged: float
) -> None:
    assert chance_forged(credentials) == forged
    found = check(photo(position=HERE, taken_at=NOON, credentials=credentials))
    assert ("photo_credentials" in names(found)) == (forged == G_SIGNED)
    plain = check(photo(position=HERE, taken_at=NOON))
    assert (bayes_factor(found.evidence) > bayes_factor(plain.evidence)) == (forged == G_SIGNED)


def test_credentials_alone_are_no_evidence() -> None:
    assert check(photo(credentials=SIGNED)).evidence == ()


def test_disputed_facts_are_not_saved_by_a_signature() -> None:
    conflict = Conflict(field="make", readers=(("a", "1"), ("b", "2")))
    found = check(photo(position=HERE, credentials=SIGNED, conflicts=(conflict,)))
    assert "photo_credentials" not in names(found)


def shadow(**given: Any) -> ShadowEntry:
    return ShadowEntry(photo="a.jpg", by="an analyst", **given)


def test_a_measured_shadow_that_no_hour_of_the_day_throws_contradicts() -> None:
    # At 33.5 N a shadow that points north is 0.2 times as long as the object on 11 June, and 1.5
    # times in December.
    fits = check(photo(), shadows=(shadow(ratio=0.2, azimuth_deg=0.0),))
    winter = check(photo(), shadows=(shadow(ratio=1.5, azimuth_deg=0.0),))
    assert names(fits) == names(winter) == ["photo_shadow"]
    assert winter.evidence[0].log_lr < -1 < 1 < fits.evidence[0].log_lr
    assert "an analyst" in fits.evidence[0].origin
    # A shadow is nobody's position: it never makes a claim complete.
    assert fits.predictive is None


def test_shadows_of_one_scene_are_solved_together_by_the_photos_clocks() -> None:
    first = photo(taken_at=at("2017-06-11T08:00:00"))
    second = photo(path="b.jpg", taken_at=at("2017-06-11T09:00:00"))
    entries = (
        shadow(ratio=1.5, scene="yard"),
        ShadowEntry(photo="b.jpg", by="another", scene="yard", ratio=1.0),
        ShadowEntry(photo="b.jpg", by="another", scene="street", ratio=3.0),
    )
    found = check(first, shadows=entries, others={"a.jpg": first, "b.jpg": second})
    item = found.evidence[-1]
    assert item.check == "photo_shadow"
    assert [p.locator for p in item.provenance] == ["a.jpg", "b.jpg"]
    # Without a clock the other photo cannot be placed in time and is left out.
    found = check(first, shadows=entries, others={"b.jpg": photo(path="b.jpg")})
    assert [p.locator for p in found.evidence[-1].provenance] == ["a.jpg"]


def test_a_shadow_that_measures_nothing_is_an_error_that_says_what_to_do() -> None:
    with pytest.raises(CaseError, match="nothing was measured"):
        check(photo(), shadows=(shadow(),))


def test_a_place_that_can_be_anywhere_has_no_sun_and_no_zone() -> None:
    wide = claimed(caption(when=DAY), belief=belief(spread_m=3_000_000.0))
    assert wide.middle() is None
    found = check_photo(Shown(facts=photo(taken_at=NOON, exposure=SUNLIT)), wide)
    assert names(found) == ["photo_time"]


def test_the_middle_of_a_place_carries_its_spread() -> None:
    middle = claimed(caption(), belief=belief(spread_m=20_000.0)).middle()
    assert middle is not None
    assert (middle.lon, middle.lat) == pytest.approx((HERE.lon, HERE.lat), abs=1e-3)
    assert middle.uncertainty_m is not None and 15_000 < middle.uncertainty_m < 30_000


coordinates = st.tuples(st.floats(-180, 180), st.floats(-90, 90))
moments = st.datetimes(at("1970-01-01"), at("2035-01-01"))
exposures = st.builds(
    Exposure,
    time_s=st.floats(1e-5, 30),
    f_number=st.floats(1, 32),
    iso=st.floats(25, 100_000),
)


@given(coordinates, moments, exposures, st.booleans())
def test_whatever_a_photo_says_it_stays_within_f_and_one_over_g(
    where: tuple[float, float], taken: Any, exposure: Exposure, signed: bool
) -> None:
    try:
        position = Position(lon=where[0], lat=where[1], uncertainty_m=5.0)
    except GazetteerError:
        return
    facts = photo(
        position=position,
        taken_at=taken,
        exposure=exposure,
        credentials=SIGNED if signed else None,
        captions=("Rebels in Tripoli, Libya, March 3, 2011.",),
    )
    found = check(facts)
    forged = G_SIGNED if signed else G_FORGED
    assert F_WRONG <= bayes_factor(found.evidence) <= 1 / forged
    assert found.predictive is None or 0 <= found.predictive <= 1
    for item in found.evidence:
        assert math.log(F_WRONG) <= item.log_lr <= math.log(1 / forged)
