"""How far a photo's own data can be believed: the two figures that bound every ratio.

EXIF can be wrong (a stale position fix, a camera clock never set) and it can be forged to match a
caption. Both figures are from judgement until they are calibrated on labelled photos.

Several readings of one EXIF block share them: a forged block forges position, time and exposure at
once. ``photo_together`` takes readings together; ``density_ratio`` gives back what a reading says
where EXIF is sound, so that the two figures are laid on once.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from imagery.photo.provenance import Credentials

# Chance that a position or time in EXIF is simply wrong.
F_WRONG = 0.03
# Chance that, behind a false caption, it was forged or chosen to match.
G_FORGED = 0.05
# The same where a trusted signer says that the file is as the camera made it: what is left is a
# camera that was misled (its clock set, its satellites faked) or a true photo chosen to match.
G_SIGNED = 0.02
# Ratios of densities beyond this are not told from it, either way.
_MOST_RATIO = 1e9
_CAPTURED = frozenset({"digitalCapture", "computationalCapture"})


def basis(forged: float = G_FORGED) -> str:
    """What bounds a ratio, as a sentence without its full stop."""
    return (
        f"EXIF is taken to be wrong in {F_WRONG:.0%} of photos and made to match in {forged:.0%} "
        "of false ones (from judgement), so that it can at most count "
        f"{1 / forged:.0f} to 1 for a caption and 1 to {1 / F_WRONG:.0f} against it"
    )


BASIS = basis()


def bounded_log_lr(if_true: float, if_false: float, *, forged: float = G_FORGED) -> float:
    """Log likelihood ratio of a reading, with error and forgery mixed in.

    Args:
        if_true: density of the reading where the claim is true and EXIF is right.
        if_false: density of the reading where the claim is false and EXIF is right.
        forged: the chance that it was made to match.

    Returns:
        ln of ((1-f) t + f q) / ((1-g) q + g t), held within [ln f, ln 1/g].
    """
    t, q = max(if_true, 0.0), max(if_false, 1e-300)
    ratio = ((1 - F_WRONG) * t + F_WRONG * q) / ((1 - forged) * q + forged * t)
    return math.log(min(max(ratio, F_WRONG), 1 / forged))


def density_ratio(log_lr: float, *, forged: float = G_FORGED) -> float:
    """The ratio t / q that ``bounded_log_lr`` was given, held within 1e-9 and 1e9."""
    ratio = math.exp(log_lr)
    top = (1 - forged) * ratio - F_WRONG
    bottom = (1 - F_WRONG) - forged * ratio
    if bottom <= 0 or top >= bottom * _MOST_RATIO:
        return _MOST_RATIO
    return max(top / bottom, 1 / _MOST_RATIO)


def chance_forged(credentials: Credentials | None) -> float:
    """The chance that EXIF was made to match, given what content credentials say.

    Only a signature that holds, by a signer whom the user's trust list knows, over a manifest that
    says a camera made the picture, lowers it. Valid without trust is anybody's word, and a trusted
    editing program vouches for what it was given no more than that.
    """
    if credentials is None or not (credentials.valid and credentials.trusted):
        return G_FORGED
    return G_SIGNED if _CAPTURED & set(credentials.source_types) else G_FORGED
