"""How far a photo's own data can be believed: the two figures that bound every ratio.

EXIF can be wrong (a stale position fix, a camera clock never set) and it can be forged to match a
caption. Both figures are from judgement until they are calibrated on labelled photos.
"""

from __future__ import annotations

import math

# Chance that a position or time in EXIF is simply wrong.
F_WRONG = 0.03
# Chance that, behind a false caption, it was forged or chosen to match.
G_FORGED = 0.05

BASIS = (
    f"EXIF is taken to be wrong in {F_WRONG:.0%} of photos and made to match in {G_FORGED:.0%} of "
    "false ones (from judgement), so that it can at most count "
    f"{1 / G_FORGED:.0f} to 1 for a caption and 1 to {1 / F_WRONG:.0f} against it"
)


def bounded_log_lr(if_true: float, if_false: float) -> float:
    """Log likelihood ratio of a reading, with error and forgery mixed in.

    Args:
        if_true: density of the reading where the claim is true and EXIF is right.
        if_false: density of the reading where the claim is false and EXIF is right.

    Returns:
        ln of ((1-f) t + f q) / ((1-g) q + g t), held within [ln f, ln 1/g].
    """
    t, q = max(if_true, 0.0), max(if_false, 1e-300)
    ratio = ((1 - F_WRONG) * t + F_WRONG * q) / ((1 - G_FORGED) * q + G_FORGED * t)
    return math.log(min(max(ratio, F_WRONG), 1 / G_FORGED))
