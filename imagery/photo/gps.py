"""GPS tags to a position, or the reason why they give none.

A tag that is not exactly what EXIF 2.32 (CIPA DC-008, 4.6.6) asks for is unusable: a missing or
unknown hemisphere letter is not taken for north or east, a fraction with denominator 0 is not taken
for 0. A wrong position stated with confidence does more harm than none.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from gazetteer.position import Position
from imagery.photo.datum import to_wgs84
from imagery.photo.exif import Rational, Tag

LEAST_UNCERTAINTY_M = 5.0
"""What a phone or camera reaches under open sky: a file without a figure gets none better."""

_METRES_PER_DEGREE = 111_132.0
_MOST_UNCERTAINTY_M = 1_000_000.0
# From the deepest trench to beyond the orbits that people are on.
_LOWEST_M, _HIGHEST_M = -12_000.0, 1_000_000.0
_LARGEST_UNIT = 10**9
_FINE_SECONDS = 100
_PADDING = "\0 "
_PARTS = ("degrees", "minutes", "seconds")
HeadingReference = Literal["true", "magnetic"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GpsFacts:
    """What the GPS tags of a photo say.

    Attributes:
        position: with ``uncertainty_m`` from GPSHPositioningError if the file gives it, else the
            size of the last unit the coordinates are written in, at least 5 m; None if there is
            none or it is unusable.
        position_problem: why it is unusable; None if it is usable or there is none.
        datum: what the coordinates are said to be measured in, as written; ``position`` has been
            brought to WGS84.
        altitude_m: above sea level (below: negative).
        heading_deg: direction the camera pointed in, clockwise from north; ``heading_reference``
            says which north, None if the file does not.
        time_utc: of the satellite fix, not of the exposure.
        problems: why other GPS tags are unusable.
        doubts: what about the way the coordinates are written speaks of damage.
    """

    position: Position | None = None
    position_problem: str | None = None
    datum: str | None = None
    altitude_m: float | None = None
    heading_deg: float | None = None
    heading_reference: HeadingReference | None = None
    time_utc: datetime | None = None
    problems: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


class _UnusableError(ValueError):
    """A tag that cannot be used; the message says why."""


def read_gps(tags: Mapping[str, Tag]) -> GpsFacts:
    """Convert the tags of the GPS directory (names start with "GPS ")."""
    problems: list[str] = []
    position, trouble = None, None
    try:
        position = _position(tags)
    except _UnusableError as error:
        trouble = str(error)
    altitude_m = heading_deg = time_utc = None
    try:
        altitude_m = _altitude_m(tags)
    except _UnusableError as error:
        problems.append(str(error))
    try:
        heading_deg = _heading_deg(tags)
    except _UnusableError as error:
        problems.append(str(error))
    try:
        time_utc = _time_utc(tags)
    except _UnusableError as error:
        problems.append(str(error))
    datum = _text(tags, "GPSMapDatum")
    doubts: tuple[str, ...] = ()
    if position is not None:
        doubts = tuple(_doubts(tags))
        if datum is not None:
            position, said = to_wgs84(position, datum)
            problems += [said] if said else []
    north: dict[str, HeadingReference] = {"T": "true", "M": "magnetic"}
    reference = north.get(_text(tags, "GPSImgDirectionRef") or "")
    return GpsFacts(
        position=position,
        position_problem=trouble,
        datum=datum,
        altitude_m=altitude_m,
        heading_deg=heading_deg,
        heading_reference=reference if heading_deg is not None else None,
        time_utc=time_utc,
        problems=tuple(problems),
        doubts=doubts,
    )


def _doubts(tags: Mapping[str, Tag]) -> Iterator[str]:
    """Where latitude and longitude are written in ways that no one writer would use for both.

    A camera states each part in a decimal unit, reduced or not; programs that add positions later
    often approximate (2818/89), and then both coordinates. Damage mostly hits one fraction.
    """
    lat, lon = _pairs(tags, "GPSLatitude"), _pairs(tags, "GPSLongitude")
    for label, (_, a), (_, b) in zip(_PARTS, lat, lon, strict=True):
        odd = not _decimal(a) or not _decimal(b)
        plain = _power_of_ten(a) or _power_of_ten(b)
        whole = label != "seconds" and (a == 1) != (b == 1)
        if (odd and plain) or whole:
            yield (
                f"GPS {label} are written in parts of {a} and of {b}, as no program writes both; "
                "one of them may be damaged"
            )
    (lat_top, lat_unit), (lon_top, lon_unit) = lat[2], lon[2]
    if min(lat_unit, lon_unit) >= _FINE_SECONDS and (lat_top == 0) != (lon_top == 0):
        name = "GPSLongitude" if lat_top else "GPSLatitude"
        yield f"{name} has exactly 0 seconds, one case in thousands; it may be damaged"


def _decimal(bottom: int) -> bool:
    if not 1 <= bottom <= _LARGEST_UNIT:
        return False
    for factor in (2, 5):
        while bottom % factor == 0:
            bottom //= factor
    return bottom == 1


def _power_of_ten(bottom: int) -> bool:
    return str(bottom).rstrip("0") == "1"


def _position(tags: Mapping[str, Tag]) -> Position | None:
    has_lat, has_lon = "GPS GPSLatitude" in tags, "GPS GPSLongitude" in tags
    if not has_lat and not has_lon:
        return None
    if has_lat != has_lon:
        there, missing = ("latitude", "longitude") if has_lat else ("longitude", "latitude")
        raise _UnusableError(f"GPS {there} without a {missing}")
    lat, lat_unit, lat_fine = _angle(tags, "GPSLatitude", "NS", limit=90)
    lon, lon_unit, lon_fine = _angle(tags, "GPSLongitude", "EW", limit=180)
    if lat == 0 and lon == 0:
        raise _UnusableError("GPS position is exactly 0, 0, which devices write without a fix")
    if not lat_fine and not lon_fine:
        # Both end in zero seconds: more likely written to the minute than there by chance.
        lat_unit, lon_unit = max(lat_unit, 1 / 60), max(lon_unit, 1 / 60)
    lon_unit *= math.cos(math.radians(lat))
    unit_m = _METRES_PER_DEGREE * math.hypot(lat_unit, lon_unit)
    stated_m = _stated_error_m(tags)
    uncertainty_m = stated_m if stated_m is not None else max(unit_m, LEAST_UNCERTAINTY_M)
    return Position(lon=lon, lat=lat, uncertainty_m=uncertainty_m)


def _angle(
    tags: Mapping[str, Tag], name: str, letters: str, *, limit: int
) -> tuple[float, float, bool]:
    """Signed degrees, the last unit in degrees, and whether that unit is sure to be meant."""
    parts = _fractions(tags, name, count=3)
    letter = _text(tags, f"{name}Ref")
    if letter is None:
        raise _UnusableError(f"{name} has no hemisphere letter ({' or '.join(letters)})")
    if letter not in list(letters):
        raise _UnusableError(
            f"{name}Ref is {letter[:20]!r}, not {' or '.join(letters)}: the hemisphere is unknown"
        )
    for label, value, most in zip(_PARTS, parts, (limit, 60, 60), strict=True):
        if value < 0:
            raise _UnusableError(f"{name} has negative {label} ({value:g})")
        if value > most or (most == 60 and value == most):
            raise _UnusableError(f"{name} has {value:g} {label}, more than there can be")
    degrees, minutes, seconds = parts
    if (degrees % 1 and (minutes or seconds)) or (minutes % 1 and seconds):
        raise _UnusableError(f"{name} has a fraction before its last part")
    value = degrees + minutes / 60 + seconds / 3600
    if value > limit:
        raise _UnusableError(f"{name} is {value:g} degrees, more than {limit}")
    (_, d_unit), (_, m_unit), (_, s_unit) = _pairs(tags, name)
    if seconds or s_unit > 1:
        unit, fine = 1 / 3600 / s_unit, True
    elif m_unit > 1:
        unit, fine = 1 / 60 / m_unit, True
    elif d_unit > 1:
        unit, fine = 1 / d_unit, True
    else:
        unit, fine = 1 / 3600, False
    return (-value if letter in "SW" else value), unit, fine


def _stated_error_m(tags: Mapping[str, Tag]) -> float | None:
    try:
        (value,) = _fractions(tags, "GPSHPositioningError", count=1)
    except _UnusableError:
        return None
    return value if 0 < value <= _MOST_UNCERTAINTY_M else None


def _altitude_m(tags: Mapping[str, Tag]) -> float | None:
    if "GPS GPSAltitude" not in tags:
        return None
    (value,) = _fractions(tags, "GPSAltitude", count=1)
    reference = tags.get("GPS GPSAltitudeRef")
    # Absent means 0, above sea level: the default that EXIF itself sets.
    below = reference.values[0] if reference and reference.values else 0
    if below not in (0, 1):
        raise _UnusableError(f"GPSAltitudeRef is {below!r}, neither 0 (above) nor 1 (below)")
    altitude_m = -value if below else value
    if not _LOWEST_M <= altitude_m <= _HIGHEST_M:
        raise _UnusableError(f"GPSAltitude is {altitude_m:g} m, where no camera is")
    return altitude_m


def _heading_deg(tags: Mapping[str, Tag]) -> float | None:
    if "GPS GPSImgDirection" not in tags:
        return None
    (value,) = _fractions(tags, "GPSImgDirection", count=1)
    if not 0 <= value <= 360:
        raise _UnusableError(f"GPSImgDirection is {value:g} degrees, outside 0 to 360")
    return value % 360


def _time_utc(tags: Mapping[str, Tag]) -> datetime | None:
    day = _text(tags, "GPSDate")
    if day is None and "GPS GPSTimeStamp" not in tags:
        return None
    if day is None or "GPS GPSTimeStamp" not in tags:
        raise _UnusableError("GPS time needs both a date and a time of day; one is missing")
    found = re.fullmatch(r"(\d{4}):(\d{2}):(\d{2})", day, re.ASCII)
    hours, minutes, seconds = _fractions(tags, "GPSTimeStamp", count=3)
    fits = 0 <= hours < 24 and 0 <= minutes < 60 and 0 <= seconds < 60
    if not found or not fits or hours % 1 or minutes % 1:
        raise _UnusableError(
            f"GPS time is not a time: {day[:20]!r} {hours:g}:{minutes:g}:{seconds:g}"
        )
    try:
        midnight = datetime(int(found[1]), int(found[2]), int(found[3]), tzinfo=UTC)
    except ValueError as error:
        raise _UnusableError(f"GPSDateStamp is not a date: {day!r}") from error
    return midnight + timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _text(tags: Mapping[str, Tag], name: str) -> str | None:
    tag = tags.get(f"GPS {name}")
    if tag is None or tag.kind != "text":
        return None
    return str(tag.values[0]).strip(_PADDING) or None


def _pairs(tags: Mapping[str, Tag], name: str) -> tuple[Rational, ...]:
    tag = tags.get(f"GPS {name}")
    if tag is None:
        raise _UnusableError(f"{name} is missing")
    if tag.kind != "rational":
        raise _UnusableError(f"{name} is not stored as fractions")
    return tuple(pair for pair in tag.values if isinstance(pair, tuple))


def _fractions(tags: Mapping[str, Tag], name: str, *, count: int) -> tuple[float, ...]:
    pairs = _pairs(tags, name)
    if len(pairs) != count:
        raise _UnusableError(f"{name} has {len(pairs)} values, not {count}")
    for top, bottom in pairs:
        if bottom == 0:
            raise _UnusableError(f"{name} holds {top}/0, which is no number")
    return tuple(top / bottom for top, bottom in pairs)
