"""Shadows that an analyst measured in a photo against the place, date and hour its caption claims.

True, the sun stood over the claimed place at one of the claimed times; false, at any time of the
year at which it was up. The measurement's density under both (``imagery.shadow``, a blunder in 5 of
100 measurements included) makes the ratio. A date alone leaves all hours of the day, so that a
shadow of middling length says little, and one that the sun's highest stand of that day cannot throw
says much. Places some ten kilometres apart are never told from each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from osint.checks.trust import F_WRONG, G_FORGED, bounded_log_lr
from osint.evidence import Evidence, Measurement, Provenance

if TYPE_CHECKING:
    from gazetteer.position import Position
    from imagery.shadow import Shadow
    from imagery.sun import Floats
    from osint.checks.photo_hours import ClaimedTimes

BASIS = (
    "A measured shadow is taken to say nothing of the sun in 5 % of measurements (from judgement), "
    "and the ratio is bounded like that of other facts in a photo, "
    f"{1 / G_FORGED:.0f} to 1 for a caption and 1 to {1 / F_WRONG:.0f} against it"
)

_MOST_STRETCHES = 3
NO_TIME = "at none of the claimed times"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredShadow:
    """A shadow with who measured it in which photo.

    Attributes:
        shadow: the measurement.
        photo: the photo's name.
        sha256: the photo's hash.
        by: who measured it.
        later_s: how long after the first photo this one was taken, seconds, by the photos' own
            clock; an error that is common to all does not matter.
    """

    shadow: Shadow
    photo: str
    sha256: str
    by: str
    later_s: float = 0.0


def check_shadows(
    measured: Sequence[MeasuredShadow], place: Position, claimed: ClaimedTimes, *, claim_id: str
) -> Evidence | None:
    """The shadows of one scene, taken together, as evidence on the claimed place and time.

    Args:
        measured: shadows of one scene.
        place: the claimed place; its uncertainty widens what fits.
        claimed: the claimed date and hour there, see ``photo_hours.claimed_times``.
        claim_id: the claim.

    Returns:
        None where nothing was measured.
    """
    from imagery.shadow import resolves
    from osint.checks.photo_hours import any_time

    if not measured:
        return None
    year = datetime.fromtimestamp(float(claimed.unix_s[0]), UTC).year
    any_hour = any_time(place, year)
    if_true = _expected(measured, place, claimed)
    if_false = _expected(measured, place, any_hour)
    fitting = _fitting(measured, place, claimed)
    first = measured[0]
    sigma = first.shadow.elevation_sigma_deg
    cannot = (
        ""
        if sigma is None
        else f" What it cannot tell: {resolves(20e3, elevation_sigma_deg=sigma)}."
    )
    names = ", ".join(sorted({one.photo for one in measured}))
    people = ", ".join(sorted({one.by for one in measured}))
    numbers = []
    for one in measured:
        where = "" if len(measured) == 1 else f" ({one.photo})"
        height, towards = one.shadow.sun_elevation_deg, one.shadow.sun_azimuth_deg
        if height is not None:
            numbers.append(
                Measurement(
                    quantity=f"sun's elevation from the shadow{where}",
                    value=height,
                    unit="deg",
                    uncertainty=one.shadow.elevation_sigma_deg,
                )
            )
        if towards is not None:
            numbers.append(
                Measurement(
                    quantity=f"sun's azimuth from the shadow{where}",
                    value=towards,
                    unit="deg",
                    uncertainty=one.shadow.azimuth_sigma_deg,
                )
            )
    numbers.append(
        Measurement(
            quantity="highest elevation of the sun claimed",
            value=float(claimed.elevation_deg.max()),
            unit="deg",
        )
    )
    numbers.append(Measurement(quantity="claimed times that fit", value=fitting, unit="time"))
    return Evidence(
        id=f"{claim_id}.shadow",
        claim_id=claim_id,
        check="photo_shadow",
        log_lr=bounded_log_lr(if_true, if_false),
        summary=(
            f"The shadows in {names}, measured by {people}, "
            f"{_meeting(measured, place, claimed, any_hour, fitting)}. {BASIS}.{cannot}"
        ),
        origin=f"shadows in {names}, measured by {people}",
        measurements=tuple(numbers),
        provenance=tuple(
            Provenance(source=f"shadow measured by {one.by}", locator=one.photo, sha256=one.sha256)
            for one in measured
        ),
    )


def _expected(measured: Sequence[MeasuredShadow], place: Position, times: ClaimedTimes) -> float:
    """Density of all measurements together, averaged over the instants with the sun up."""
    import numpy as np

    from imagery.shadow import sun_shift_deg

    spread = sun_shift_deg((place.uncertainty_m or 0.0) / 2)
    total = np.ones(times.unix_s.shape)
    for one in measured:
        azimuth, height = _sun(one, place, times)
        total = total * one.shadow.density(
            azimuth_deg=azimuth, elevation_deg=height, place_sigma_deg=spread
        )
    # A shadow was seen, so the sun was up; where it never is, only blunders are left.
    up = times.elevation_deg > 0.0
    return float(total[up].mean()) if up.any() else float(total.mean())


def _meeting(
    measured: Sequence[MeasuredShadow],
    place: Position,
    claimed: ClaimedTimes,
    any_hour: ClaimedTimes,
    fitting: str,
) -> str:
    """How the shadows meet the claim, in words."""
    if fitting != NO_TIME:
        return f"fit the claimed place and time ({claimed.text}): {fitting}"
    words = f"fit the claimed place {NO_TIME} ({claimed.text})"
    if _held(measured, place, any_hour).size:
        return words
    return (
        f"{words}, nor at any other of the year: they were not measured rightly, or the place is "
        "another"
    )


def _held(measured: Sequence[MeasuredShadow], place: Position, times: ClaimedTimes) -> Floats:
    """The instants at which every shadow fits, seconds since 1970."""
    import numpy as np

    from imagery.shadow import sun_shift_deg

    spread = sun_shift_deg((place.uncertainty_m or 0.0) / 2)
    fits = np.ones(times.unix_s.shape, dtype=np.bool_)
    for one in measured:
        azimuth, height = _sun(one, place, times)
        misfit = one.shadow.misfit(
            azimuth_deg=azimuth, elevation_deg=height, place_sigma_deg=spread
        )
        fits &= misfit <= one.shadow.limit()
    return times.unix_s[fits]


def _fitting(measured: Sequence[MeasuredShadow], place: Position, times: ClaimedTimes) -> str:
    """The claimed instants at which every shadow fits, in words."""
    import numpy as np

    held = _held(measured, place, times)
    if not held.size:
        return NO_TIME
    breaks = np.flatnonzero(np.diff(held) > 1_200.0)
    starts = np.concatenate([held[:1], held[breaks + 1]])
    ends = np.concatenate([held[breaks], held[-1:]])
    if starts.size > _MOST_STRETCHES:
        return f"at {held.size / times.unix_s.size:.0%} of the claimed times"
    zone = times.zone
    return ", ".join(
        f"{datetime.fromtimestamp(float(a), zone):%Y-%m-%d %H:%M}"
        + (f" to {datetime.fromtimestamp(float(b), zone):%H:%M}" if b > a else "")
        for a, b in zip(starts, ends, strict=True)
    )


def _sun(one: MeasuredShadow, place: Position, times: ClaimedTimes) -> tuple[Floats, Floats]:
    from imagery.sun import sun_positions

    if not one.later_s:
        return times.azimuth_deg, times.elevation_deg
    sun = sun_positions(times.unix_s + one.later_s, lon=place.lon, lat=place.lat)
    return sun.azimuth_deg, sun.elevation_deg
