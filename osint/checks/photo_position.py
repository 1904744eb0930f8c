"""A photo's GPS position against the place its caption claims."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gazetteer.pairwise import distance_matrix_m
from osint.belief import Belief
from osint.checks.trust import F_WRONG, G_FORGED, basis, bounded_log_lr
from osint.constraints import FALSE_DISTANCE_RANGE_M
from osint.evidence import Evidence, Measurement, Provenance

if TYPE_CHECKING:
    from imagery.photo.facts import PhotoFacts

# A phone's position is seldom better, whatever its tag says, and the photographer stands off.
_LEAST_SPREAD_M = 200.0
_LOG_RANGE = float(np.log(FALSE_DISTANCE_RANGE_M[1] / FALSE_DISTANCE_RANGE_M[0]))


def check_position(
    facts: PhotoFacts,
    belief: Belief,
    *,
    claim_id: str,
    place: str,
    forged: float = G_FORGED,
) -> tuple[Evidence, float] | None:
    """The photo's position as evidence, and the probability that it lies in the claimed place.

    A true caption puts the photo within the place's extent, wherever the belief has it; a false
    one puts it outside, at a distance that is log-uniform over 1 to 1,000 km around the place.
    ``forged`` is the chance that EXIF was made to match.

    Returns:
        None where the photo has no usable position or the place no belief.
    """
    position = facts.position
    if position is None or not belief.lon.size:
        return None
    distance = distance_matrix_m([position.lon], [position.lat], belief.lon, belief.lat)[0]
    radius = np.maximum(belief.half_width_m, _LEAST_SPREAD_M)
    # "At" a place is said of its surroundings too, the more so the larger it is.
    tail = np.maximum(radius, position.uncertainty_m or 0.0)
    beyond = np.maximum(distance - radius, 0.0)
    shape = np.exp(-0.5 * (beyond / tail) ** 2)
    area = np.pi * radius**2 + 2 * np.pi * (radius * tail * np.sqrt(np.pi / 2) + tail**2)
    mapped = float(belief.weight.sum())
    if_true = float((belief.weight * shape / area).sum())
    away = np.clip(distance, *FALSE_DISTANCE_RANGE_M)
    # A false caption's photo was taken outside the place: within it the law has no mass.
    outside = belief.weight * (1.0 - shape) / (2 * np.pi * away**2 * _LOG_RANGE)
    if_false = float(outside.sum()) / mapped
    # Where the place itself is not on the map, the photo's position says nothing of the caption.
    if_true += belief.elsewhere * if_false
    log_lr = bounded_log_lr(if_true, if_false, forged=forged)
    inside = float((belief.weight * (distance <= radius + 2 * tail)).sum())
    predictive = inside * (1 - forged) + (mapped - inside) * F_WRONG + belief.elsewhere * 0.5
    median = float(
        np.sort(distance)[
            np.searchsorted(np.cumsum(belief.weight[np.argsort(distance)]) / mapped, 0.5)
        ]
    )
    # Of several places of that name the median is the distance to another.
    several = 0.01 * mapped < inside <= mapped / 2
    where = f"{median / 1000:,.1f} km (median) from where other sources put {place}"
    if several:
        where = (
            f"in one of the places that {place} can mean by other sources ({inside / mapped:.0%}); "
            f"the median of all lies {median / 1000:,.1f} km away"
        )
    evidence = Evidence(
        id=f"{claim_id}.gps",
        claim_id=claim_id,
        check="photo_position",
        log_lr=log_lr,
        summary=(
            f"{facts.path} was taken, by its own GPS data, {where}. {basis(forged)}."
            if several
            else f"{facts.path} was taken {where}, by its own GPS data. {basis(forged)}."
        ),
        origin=f"EXIF of {facts.path}",
        measurements=(
            Measurement(quantity="photo latitude", value=position.lat, unit="deg"),
            Measurement(quantity="photo longitude", value=position.lon, unit="deg"),
            Measurement(
                quantity="distance to the claimed place",
                value=median,
                unit="m",
                uncertainty=position.uncertainty_m,
            ),
        ),
        provenance=(Provenance(source="EXIF GPS tags", locator=facts.path, sha256=facts.sha256),),
    )
    return evidence, predictive
