"""What a locality description can say.

A tree of small facts without any geography: nothing here knows where a name is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from typing import Literal

from gazetteer.errors import GazetteerError

Bound = Literal["about", "at_most", "at_least"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Distance:
    """A stated distance.

    Attributes:
        low, high: the number as said; equal unless a range was said ("60 to 70 km").
        texts: the number or the two of a range as written, "10 1/4"; they carry the precision.
        unit: "km", "m", "mi", "nm", "ft" or "yd".
        unit_m: metres in one of it.
        bound: "within 5 km" is at most, "more than 5 km" at least. "About" and no word at all are
            the same: an adverb does not change a precision (Chapman & Wieczorek 2020).
    """

    low: float
    high: float
    texts: tuple[str, ...]
    unit: str
    unit_m: float
    bound: Bound = "about"

    def __post_init__(self) -> None:
        if not 0 < self.low <= self.high:
            raise GazetteerError(f"{self.low}-{self.high} {self.unit} is no distance above zero")

    @property
    def middle_m(self) -> float:
        """The distance, of a range its middle, in metres."""
        return (self.low + self.high) / 2 * self.unit_m

    def __str__(self) -> str:
        return f"{' to '.join(self.texts)} {self.unit}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name to look up."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unnamed:
    """A thing without a name: "a refugee camp". Only what is said beside it places it."""

    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Offset:
    """So far from a place in a direction; ``heading`` as in ``compass.COMPASS``."""

    distance: Distance
    heading: str
    of: Description


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoOffsets:
    """So far north or south and so far east or west: "2 mi E and 3 mi N of Bakersfield"."""

    first: Distance
    first_heading: str
    second: Distance
    second_heading: str
    of: Description


@dataclass(frozen=True, slots=True, kw_only=True)
class OffsetOnly:
    """So far from a place, in no stated direction."""

    distance: Distance
    of: Description


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadingOnly:
    """In a direction from a place, at no stated distance."""

    heading: str
    of: Description


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """Near a place."""

    of: Description


@dataclass(frozen=True, slots=True, kw_only=True)
class Outskirts:
    """At the edge of a place or, with ``rural``, in the country around it.

    ``heading`` is the side, or None: "the western outskirts", "its southern countryside".
    """

    of: Description
    heading: str | None = None
    rural: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """Between two places."""

    first: Description
    second: Description


@dataclass(frozen=True, slots=True, kw_only=True)
class Along:
    """On a road, a river or the like.

    Attributes:
        path: its name, "M4 highway"; "" where it is only called a road.
        ends: the two places it joins, where the words say so, else empty.
        distance, heading, of: how far along it, to which side, from where; each may be None.
    """

    path: str
    ends: tuple[Description, ...] = ()
    distance: Distance | None = None
    heading: str | None = None
    of: Description | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OnBorder:
    """On or at the border of one country, or between two; ISO 3166-1 alpha-2 codes."""

    countries: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One side of a place or area: "northern Syria"; ``side`` is a compass word or "central".

    ``text`` is how the whole was written, since "Eastern Ghouta" is also a name.
    """

    side: str
    of: Description
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Minus:
    """An area without a place in it."""

    whole: Description
    without: Description


@dataclass(frozen=True, slots=True, kw_only=True)
class In:
    """Something said to be in, at or beside something else: "Kahil, east of Daraa, Syria"."""

    what: Description
    where: Description


Description = (
    Name
    | Unnamed
    | Offset
    | TwoOffsets
    | OffsetOnly
    | HeadingOnly
    | Near
    | Outskirts
    | Between
    | Along
    | OnBorder
    | Part
    | Minus
    | In
)


Read = Callable[[str], Description]
"""How a rule has a part of its text read."""


def parts_of(description: Description) -> Iterator[Description]:
    """The descriptions that one is built from directly."""
    for field in fields(description):
        value = getattr(description, field.name)
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, Description):
                yield part


def names_in(description: Description) -> tuple[str, ...]:
    """Every name a description mentions, in its order, each once."""
    if isinstance(description, Name):
        return (description.text,)
    found = [name for part in parts_of(description) for name in names_in(part)]
    return tuple(dict.fromkeys(found))


def is_plain(description: Description) -> bool:
    """Whether it is nothing but names, which an ordinary look-up answers better."""
    if isinstance(description, In):
        return is_plain(description.what) and is_plain(description.where)
    return isinstance(description, Name | Unnamed)
