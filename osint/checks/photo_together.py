"""One likelihood ratio from everything that one photo says of its caption.

Position, time and exposure come out of one EXIF block. It is sound, or wrong, or made to match, as
a whole, and the chances f and g of ``trust`` are laid on once: however many of its readings agree,
together they count at most 1 to g for a caption, and however many contradict it, at most f.

A caption claims two things, the place and the time, and is false if either is. For truth values v
of the parts, with r the ratio of densities of a reading where EXIF is sound and M the mean over all
false v of the product of r over the parts that are true in v:

- true caption: p(EXIF) = (1-f) R + f M, with R the product of all r. Wrong data look like those of
  a false caption.
- false v: p(EXIF) = (1-g) (product of r over the true parts) + g R. Forged data look like those of
  a true caption.

What others than the camera say (a caption inside the file, an earlier sighting, a measured shadow)
multiplies in by its own bounded ratio, for the part it speaks of. Of all false v each is as likely.
The caption is never better supported than a part that speaks against it: a right day makes up for
no wrong place.

Whatever the photo shows, the ratio stays within [f, 1/g]: a photo chosen to match is chosen with
its shadows, and a photo that is put to the wrong caption by mistake contradicts it in everything.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Literal

from osint.checks.trust import F_WRONG, G_FORGED, density_ratio
from osint.evidence import Evidence

Part = Literal["place", "time"]

EXIF: Mapping[str, Part] = {
    "photo_position": "place",
    "photo_time": "time",
    "photo_exposure": "time",
}
"""Checks that read one EXIF block, and the part of a caption each speaks of."""

OTHERS: Mapping[str, Part] = {
    "photo_words_place": "place",
    "photo_words_date": "time",
    "photo_seen_place": "place",
    "photo_seen_date": "time",
    "photo_shadow": "time",
}
"""Checks whose ratio rests on somebody or something else than EXIF."""

CREDENTIALS = "photo_credentials"
FORGED = "chance that EXIF was made to match"
"""The measurement by which credentials tell the chance g that holds for their photo."""


def forged_in(evidence: Iterable[Evidence]) -> float:
    """The chance g that holds for a photo, from the evidence of its credentials."""
    for item in evidence:
        if item.check == CREDENTIALS:
            for measured in item.measurements:
                if measured.quantity == FORGED and isinstance(measured.value, float):
                    return measured.value
    return G_FORGED


def bayes_factor(evidence: Sequence[Evidence]) -> float:
    """p(all of one photo's evidence | caption true) over p(... | caption false).

    Args:
        evidence: of one claim and one photo; checks that are no photo's do not count.

    Returns:
        A ratio within [f, 1/g].
    """
    forged = forged_in(evidence)
    exif: dict[Part, float] = {}
    others: dict[Part, float] = {}
    for item in evidence:
        if item.check in EXIF:
            part = EXIF[item.check]
            exif[part] = exif.get(part, 1.0) * density_ratio(item.log_lr, forged=forged)
        elif item.check in OTHERS:
            part = OTHERS[item.check]
            others[part] = others.get(part, 1.0) * math.exp(item.log_lr)
    parts = sorted(exif.keys() | others.keys())
    if not parts:
        return 1.0
    ratio = _ratio(parts, exif, others, forged)
    weakest = min(_ratio([part], exif, others, forged) for part in parts)
    if weakest < 1:
        ratio = min(ratio, weakest)
    return min(max(ratio, F_WRONG), 1 / forged)


def _ratio(
    parts: Sequence[Part],
    exif: Mapping[Part, float],
    others: Mapping[Part, float],
    forged: float,
) -> float:
    """The ratio of a caption of these parts, all of them true against at least one false."""
    everything = math.prod(exif.get(part, 1.0) for part in parts)
    false = [
        [part for part, true in zip(parts, truth, strict=True) if true]
        for truth in product((True, False), repeat=len(parts))
        if not all(truth)
    ]
    sound = [math.prod(exif.get(part, 1.0) for part in true) for true in false]
    if_true = (1 - F_WRONG) * everything + F_WRONG * math.fsum(sound) / len(sound)
    if_true *= math.prod(others.get(part, 1.0) for part in parts)
    if_false = math.fsum(
        ((1 - forged) * own + forged * everything)
        * math.prod(others.get(part, 1.0) for part in true)
        for true, own in zip(false, sound, strict=True)
    ) / len(false)
    return if_true / if_false
