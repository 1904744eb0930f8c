"""How exact a stated distance, direction or coordinate is, and what comes of them together.

Three published conventions say how far "10.5 km" may be off; they differ by up to ten times:

===============  =================================================================================
gbif_2020        Chapman & Wieczorek 2020, Georeferencing Best Practices (GBIF,
                 doi:10.15468/doc-gg7h-s853), table "uncertainty from offset precision": half of
                 one unit of the last place said; a fraction counts by its denominator
wieczorek_2001   Wieczorek 2001, MaNIS/HerpNet/ORNIS Georeferencing Guidelines, as formalised by
                 Wieczorek, Guo & Hijmans 2004 (doi:10.1080/13658810412331280211): the whole of
                 that unit, and half of ten to the number of closing zeros
frazier_2004     Frazier, Neville, Giermakowski & Racz 2004 (doi:10.5281/zenodo.3235003), quoted in
                 the table of Chapman & Wieczorek: one unit of the last place, 15 % of a multiple
                 of ten
===============  =================================================================================

The GBIF text speaks of powers of ten only; its table is followed here, row by row: with two or
more closing zeros the precision is one power less than the zeros (200 mi: 5 mi), with one zero it
is ten (30 mi: 5 mi), except for ten itself (10 mi: 0.5 mi).
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Literal

from gazetteer.compass import sector_width_deg
from gazetteer.described.tree import Distance
from gazetteer.errors import GazetteerError

Convention = Literal["gbif_2020", "wieczorek_2001", "frazier_2004"]
CONVENTIONS: tuple[Convention, ...] = ("gbif_2020", "wieczorek_2001", "frazier_2004")
DEFAULT: Convention = "gbif_2020"

# WGS84 (NGA.STND.0036, table 3.1).
_SEMI_MAJOR_M = 6_378_137.0
_FLATTENING = 1 / 298.257223563
_E2 = _FLATTENING * (2 - _FLATTENING)


def number_uncertainty(text: str, convention: Convention = DEFAULT) -> float:
    """How far a number said of a distance may be off, in its own unit.

    Args:
        text: the number as written: "10", "10.25", "10 1/4".
        convention: which rule, see the module.

    Raises:
        GazetteerError: it is no number, or there is no such convention.
    """
    if convention not in CONVENTIONS:
        raise GazetteerError(f"{convention!r} is no convention; use {', '.join(CONVENTIONS)}")
    plain = text.strip()
    written = re.fullmatch(r"(?:\d+\s+)?\d+/(\d+)", plain)
    if written and int(written[1]):
        return _share(convention) / int(written[1])
    if not re.fullmatch(r"\d*\.?\d+", plain):
        raise GazetteerError(f"{text!r} is no number of a distance; write 10, 10.25 or 10 1/4")
    whole, _, decimals = plain.partition(".")
    if decimals:
        if convention == "frazier_2004":
            return float(Decimal(10) ** -len(decimals))
        return _share(convention) / _denominator(decimals)
    number = int(whole)
    zeros = len(whole) - len(whole.rstrip("0")) if number else 0
    if convention == "frazier_2004":
        return 0.15 * number if zeros else 1.0
    if convention == "wieczorek_2001":
        return 0.5 * 10.0**zeros if zeros else 1.0
    power = zeros - 1 if zeros >= 2 or number == 10 else zeros
    return 0.5 * 10.0**power


def _share(convention: Convention) -> float:
    return 0.5 if convention == "gbif_2020" else 1.0


def _denominator(decimals: str) -> int:
    """The denominator a decimal part stands for: halves and quarters, else tenths and so on.

    "10.6" is six tenths and not three fifths: nobody paces out fifths.
    """
    if decimals == "5":
        return 2
    if decimals in ("25", "75"):
        return 4
    return int(10 ** len(decimals))


def distance_uncertainty_m(distance: Distance, convention: Convention = DEFAULT) -> float:
    """How far a stated distance may be off, metres.

    A range is its own statement of precision: half its width, and not less than the rule gives
    for its ends. (The conventions say nothing of ranges; this is ours.)
    """
    of_ends = max(number_uncertainty(text, convention) for text in distance.texts)
    return max(of_ends, (distance.high - distance.low) / 2) * distance.unit_m


def heading_half_angle_deg(heading: str) -> float:
    """To either side of a compass word: north 45, northeast 22.5, north-northeast 11.25 degrees.

    Wieczorek, Guo & Hijmans 2004: a word is as exact as the number of its letters.

    Raises:
        GeodesyError: it is no compass word.
    """
    return sector_width_deg(heading) / 2


def coordinate_uncertainty_m(lat: float, precision_deg: float) -> float:
    """How far coordinates kept to a fraction of a degree may be off, metres.

    The diagonal of one step of latitude and one of longitude (Wieczorek 2001), on WGS84.
    """
    sine = math.sin(math.radians(lat))
    meridian = _SEMI_MAJOR_M * (1 - _E2) / (1 - _E2 * sine**2) ** 1.5
    across = _SEMI_MAJOR_M / math.sqrt(1 - _E2 * sine**2) * abs(math.cos(math.radians(lat)))
    return math.radians(precision_deg) * math.hypot(meridian, across)


def coordinate_precision_deg(lon: float, lat: float) -> float:
    """The step to which a pair of decimal degrees was kept: 10.27, -123.6 is 0.01.

    Read from the shortest decimal form of either, so that zeros at the end are lost; the more
    exact of the two counts, because both were kept the same way.
    """
    places = max(-int(Decimal(repr(float(v))).normalize().as_tuple().exponent) for v in (lon, lat))
    return float(10.0 ** -min(max(places, 0), 12))


def offset_uncertainty_m(
    distance_m: float, distance_uncertainties_m: float, half_angle_deg: float
) -> float:
    """Radius around the point at a distance and heading that holds all that was meant, metres.

    Wieczorek, Guo & Hijmans 2004: the corner of the arc farthest out,
    sqrt((d + d' - d cos a)^2 + (d sin a)^2), with d the distance, d' the sum of all uncertainties
    that are distances (extent of the place, distance, coordinates, datum) and a the half angle of
    the direction. The two kinds are never added.
    """
    a = math.radians(half_angle_deg)
    along = distance_m + distance_uncertainties_m - distance_m * math.cos(a)
    return math.hypot(along, distance_m * math.sin(a))


def two_offsets_uncertainty_m(distance_uncertainty_m: float, others_m: float) -> float:
    """The same for "2 mi E and 3 mi N": the diagonal of the one, and the others added, metres.

    Two headings at right angles are taken to be exact (Wieczorek 2001).
    """
    return math.sqrt(2.0) * distance_uncertainty_m + others_m
