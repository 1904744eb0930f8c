"""A photo's GPS position against the area its caption claims ("in northern Iraq")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gazetteer.areas import Area
from osint.checks.trust import F_WRONG, G_FORGED, basis, bounded_log_lr
from osint.constraints import Within
from osint.evidence import Evidence, Measurement, Provenance

if TYPE_CHECKING:
    from imagery.photo.facts import PhotoFacts


def check_area(
    facts: PhotoFacts, area: Area, *, claim_id: str, forged: float = G_FORGED
) -> tuple[Evidence, float] | None:
    """The photo's position as evidence, and the probability that it was taken in the area.

    A false caption's photo lies in the area only by accident, with the chance that an area named
    in error has.

    Returns:
        None where the photo has no usable position.
    """
    position = facts.position
    if position is None:
        return None
    share = float(
        area.share_inside([position.lon], [position.lat], [position.uncertainty_m or 0.0])[0]
    )
    chance = Within.of(area, share_of_country=area.share_of_country()).chance
    where = "inside" if share > 0.5 else "outside"
    evidence = Evidence(
        id=f"{claim_id}.gps",
        claim_id=claim_id,
        check="photo_position",
        log_lr=bounded_log_lr(share, chance, forged=forged),
        summary=(
            f"{facts.path} was taken {where} {area.name}, by its own GPS data. {basis(forged)}."
        ),
        origin=f"EXIF of {facts.path}",
        measurements=(
            Measurement(quantity="photo latitude", value=position.lat, unit="deg"),
            Measurement(quantity="photo longitude", value=position.lon, unit="deg"),
            Measurement(quantity=f"share of it inside {area.name}", value=share, unit="1"),
        ),
        provenance=(
            Provenance(source="EXIF GPS tags", locator=facts.path, sha256=facts.sha256),
            Provenance(source=area.source),
        ),
    )
    return evidence, share * (1 - forged) + (1 - share) * F_WRONG
