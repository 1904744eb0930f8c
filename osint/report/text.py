"""Numbers, positions and strings as a reader sees them.

Whatever came from outside (an article, a file name, a gazetteer row) passes through ``visible``
before it is drawn or printed: characters that have no shape of their own can make a text read
differently from what it says.
"""

from __future__ import annotations

import re

# Controls, bidirectional overrides and isolates, other invisible format characters, surrogates and
# noncharacters. Left alone: tab and newline, and the joiners (U+200C, U+200D) that Persian, Arabic
# and Indic scripts are spelled with.
_SHAPELESS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)

_KM = 1000.0


def visible(text: str) -> str:
    r"""``text`` with every shapeless character written out, such as ``\u202e`` as "[U+202E]".

    Carriage returns before a newline are dropped. The result holds no character that XML forbids.
    """
    return _SHAPELESS.sub(lambda found: f"[U+{ord(found[0]):04X}]", text.replace("\r\n", "\n"))


def shorten(text: str, most: int) -> str:
    """``text`` on one line, of at most ``most`` characters, an ellipsis for what was cut.

    The cut falls between words where one ends in the last quarter.
    """
    # Only so much of a hostile text is looked at as can come out of it.
    line = " ".join(text[: 4 * most].split())
    if len(line) <= most:
        return line
    space = line.rfind(" ", most - most // 4, most)
    return line[: space if space > 0 else most - 1].rstrip() + "…"


def distance_text(distance_m: float) -> str:
    """Metres in the unit and to the digits that read well: "850 m", "8.5 km", "1,240 km"."""
    if distance_m < 999.5:
        return f"{distance_m:.0f} m"
    km = distance_m / _KM
    return f"{km:.1f} km" if km < 9.95 else f"{km:,.0f} km"


def span_text(low_m: float | None, high_m: float | None) -> str:
    """A band of distances: "18 to 22 km", "more than 20 km", "less than 5.0 km"."""
    if low_m is None and high_m is None:
        return "any distance"
    if low_m is None:
        return f"less than {exact_text(high_m or 0.0)}"
    if high_m is None:
        return f"more than {exact_text(low_m)}"
    if low_m == high_m:
        return exact_text(low_m)
    return f"{exact_text(low_m)} to {exact_text(high_m)}"


def exact_text(distance_m: float) -> str:
    """A number that someone said or a rule set, which must not be rounded away: "17.5 km"."""
    if distance_m < _KM:
        return f"{distance_m:.3g} m"
    return f"{distance_m / _KM:,.2f}".rstrip("0").rstrip(".") + " km"


def share_text(share: float) -> str:
    """A probability as a percentage that never claims certainty: "42 %", "below 1 %"."""
    percent = 100 * share
    if 0 < percent < 1:
        return "below 1 %"
    if 99 < percent < 100:
        return "over 99 %"
    return f"{percent:.0f} %"


def factor_text(factor: float) -> str:
    """A Bayes factor to two digits: "5.5", "0.09", "over 10,000"."""
    if factor > 10_000:
        return "over 10,000"
    if factor < 0.0001:
        return "below 0.0001"
    return f"{factor:,.0f}" if factor >= 9.95 else f"{factor:.2g}"


def latitude_text(lat: float, digits: int = 4) -> str:
    """Degrees with a hemisphere letter: "33.8340° N"."""
    return f"{abs(lat):.{digits}f}° {'N' if lat >= 0 else 'S'}"


def longitude_text(lon: float, digits: int = 4) -> str:
    """Degrees with a hemisphere letter: "39.6900° E"."""
    return f"{abs(lon):.{digits}f}° {'E' if lon >= 0 else 'W'}"


def position_text(*, lon: float, lat: float) -> str:
    """Latitude first, as people write it: "33.8340° N, 39.6900° E" (4 decimals are 11 m)."""
    return f"{latitude_text(lat)}, {longitude_text(lon)}"
