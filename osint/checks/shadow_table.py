"""From the numbers an analyst wrote down of a shadow to the measurement that is weighed.

A photo's own heading stands in where the analyst gave none, with the declination of the place and
day if it is a compass's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from osint.checks.photo_shadow import MeasuredShadow
from osint.errors import CaseError

if TYPE_CHECKING:
    from gazetteer.position import Position
    from imagery.photo.facts import PhotoFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowTable:
    """What an analyst wrote; None where nothing was.

    Attributes:
        photo: the photo's file name.
        by: who measured.
        object_m: height of the upright object, with ``shadow_m`` the length of its shadow on the
            ground in the same unit; or ``ratio``, the second over the first.
        ratio_uncertainty: one standard deviation of the ratio; 10 % of it if None.
        azimuth_deg: where the shadow points, from true north; or ``direction_deg``, the same from
            where the camera looks, with ``heading_deg``, where that is.
        direction_uncertainty_deg: one standard deviation of either; 10 degrees if None.
        heading_reference: which north the heading is from.
    """

    photo: str
    by: str
    object_m: float | None = None
    shadow_m: float | None = None
    ratio: float | None = None
    ratio_uncertainty: float | None = None
    azimuth_deg: float | None = None
    direction_deg: float | None = None
    direction_uncertainty_deg: float | None = None
    heading_deg: float | None = None
    heading_reference: Literal["true", "magnetic"] | None = None


def measured_shadow(
    table: ShadowTable, facts: PhotoFacts, place: Position, day: date, *, later_s: float = 0.0
) -> MeasuredShadow:
    """The measurement of one table, for the photo that it names.

    Args:
        table: the analyst's numbers.
        facts: what is known of the photo, for its heading.
        place: the claimed place, for the declination there.
        day: the claimed day, for the declination then.
        later_s: how long after the scene's first photo this one was taken, by their clocks.

    Raises:
        CaseError: too little or too much was measured.
        ImageryError: a number is none that can be measured, or the declination is not known.
    """
    from imagery.shadow import DIRECTION_SIGMA_DEG, Shadow

    azimuth_deg, sigma = table.azimuth_deg, table.direction_uncertainty_deg
    sigma = DIRECTION_SIGMA_DEG if sigma is None else sigma
    if table.direction_deg is not None:
        if azimuth_deg is not None:
            raise CaseError(
                f"shadow in {table.photo}: azimuth_deg and direction_deg say the same; give one"
            )
        azimuth_deg, sigma = _from_picture(table, facts, place, day, table.direction_deg, sigma)
    ratio = _ratio(table)
    if ratio is None and azimuth_deg is None:
        raise CaseError(
            f"shadow in {table.photo}: nothing was measured; give ratio, object_m with shadow_m, "
            "azimuth_deg or direction_deg"
        )
    return MeasuredShadow(
        shadow=Shadow(
            ratio=ratio,
            ratio_sigma=table.ratio_uncertainty,
            azimuth_deg=azimuth_deg,
            azimuth_sigma_deg=sigma,
        ),
        photo=table.photo,
        sha256=facts.sha256,
        by=table.by,
        later_s=later_s,
    )


def _ratio(table: ShadowTable) -> float | None:
    if table.object_m is None and table.shadow_m is None:
        return table.ratio
    if table.ratio is not None or table.object_m is None or table.shadow_m is None:
        raise CaseError(
            f"shadow in {table.photo}: give either ratio, or both object_m and shadow_m"
        )
    if not table.object_m > 0:
        raise CaseError(f"shadow in {table.photo}: object_m must be above 0")
    return table.shadow_m / table.object_m


def _from_picture(
    table: ShadowTable,
    facts: PhotoFacts,
    place: Position,
    day: date,
    direction_deg: float,
    sigma_deg: float,
) -> tuple[float, float]:
    """Azimuth of a direction in the picture, and one standard deviation."""
    from imagery.declination import magnetic_declination
    from imagery.shadow import picture_azimuth

    heading, north = table.heading_deg, table.heading_reference or "true"
    if heading is None:
        # A heading that does not say from which north is taken from the magnetic one: it comes
        # from a compass, and where it does not the declination is small beside its uncertainty.
        heading, north = facts.heading_deg, facts.heading_reference or "magnetic"
    if heading is None:
        raise CaseError(
            f"shadow in {table.photo}: direction_deg needs heading_deg, which the photo does not "
            "give; look it up on a map, or measure azimuth_deg there"
        )
    east, east_sigma = 0.0, 0.0
    if north == "magnetic":
        found = magnetic_declination(place, day)
        east, east_sigma = found.declination_deg, found.sigma_deg
    return picture_azimuth(
        direction_deg=direction_deg,
        heading_deg=heading,
        declination_deg=east,
        direction_sigma_deg=sigma_deg,
        declination_sigma_deg=east_sigma,
    )
