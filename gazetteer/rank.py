"""How well a place fits a name and what else is known of it.

``likeness`` compares spellings as they may sound, so that letters which transliteration takes for
one another (q, k and g; ou, oo and u; e and i) are equal, and consonants weigh more than vowels.
``Context`` weighs what was said beside the name: the area it lies in and points it lies near.
All figures are judgement, tuned on one half of the pairs of ``benchmarks/places.py``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt
from typing import ClassVar

from rapidfuzz.distance import Indel

from gazetteer.generics import UNSAID
from gazetteer.names import NameParts
from gazetteer.place import Place
from gazetteer.position import Position

_RESPELLED = tuple(
    (re.compile(pattern), by)
    for pattern, by in (
        (r"tch|sch|ch|sh", "ʃ"),
        (r"kh|x", "χ"),
        (r"gh|q", "k"),
        (r"th", "t"),
        (r"dh", "d"),
        (r"zh|dj", "j"),
        (r"ph|v", "f"),
        (r"ou|oo|aw|au|o|w", "u"),
        (r"ee|ei|ai|ay|ey|e|y", "i"),
        (r"p", "b"),
        (r"c|g", "k"),
        (r"h\b|\s", ""),
        (r"(.)\1+", r"\1"),
    )
)
_ARABIC = str.maketrans(
    dict(
        zip(
            "ابپتثجچحخدذرزژسشصضطظغفڤقكگلمنهويئؤ",
            "abbttjʃhχddrzjsʃsdtzkffkkklmnhuiiu",
            strict=True,
        )
    )
    | {"ع": "", "آ": "a", "أ": "a", "إ": "i"}
)
_SHORT_ENDING = re.compile(r"[هح](?=\s|$)")
_VOWELS = str.maketrans("", "", "aiu")

_CONFLICTS = (
    frozenset({"north", "south", "east", "west"}),
    frozenset({"upper", "lower", "middle"}),
    frozenset({"great", "little", "middle"}),
    frozenset({"old", "new"}),
)
CONFLICT, MISSING, DIFFERENT_KIND, MISSING_GENERIC, EXTRA_GENERIC = 0.6, 0.9, 0.88, 0.97, 0.9
"""What it costs if qualifiers exclude each other, if one name lacks the other's qualifier, if
generics mean different kinds, if the gazetteer's name lacks the generic, or has one not asked for
(a hill, a ruin; not "village of")."""
SHARPNESS = 1.7
"""Power of the likeness: a name quite unlike in the right area is no match for one alike beside."""

_KIND_WEIGHT = {"neighbourhood": 0.95, "district": 0.8, "region": 0.75, "country": 0.6}
"""How readily a bare name means such a place rather than a settlement."""


@lru_cache(maxsize=65_536)
def _sounds(folded: str) -> tuple[str, str]:
    """A folded name as it may sound, and the consonants of that."""
    if "\u0600" <= folded[:1] <= "\u06ff":
        spoken = _SHORT_ENDING.sub("", folded).translate(_ARABIC).replace(" ", "")
    else:
        spoken = folded
        for pattern, by in _RESPELLED:
            spoken = pattern.sub(by, spoken)
    return spoken, spoken.translate(_VOWELS)


def likeness(left: str, right: str) -> float:
    """How alike two folded names sound, from 0 to 1; 1 for equal ones.

    Across scripts short vowels are unwritten on one side, so that consonants decide.
    """
    if left == right:
        return 1.0
    one, other = _sounds(left), _sounds(right)
    across = ("\u0600" <= left[:1] <= "\u06ff") != ("\u0600" <= right[:1] <= "\u06ff")
    consonants = Indel.normalized_similarity(one[1], other[1])
    whole = Indel.normalized_similarity(one[0], other[0])
    weight = 0.85 if across else 0.6
    return round(min(weight * consonants + (1 - weight) * whole, 0.999), 4)


def name_agreement(asked: NameParts, given: NameParts) -> float:
    """How alike two names are: their cores by sound, then what stands around them."""
    return float(likeness(asked.core, given.core) ** SHARPNESS) * _around(asked, given)


def _around(asked: NameParts, given: NameParts) -> float:
    left, right = set(asked.qualifiers), set(given.qualifiers)
    factor = 1.0
    if left != right:
        clash = any(
            left & senses and right & senses and not left & right & senses for senses in _CONFLICTS
        )
        factor = CONFLICT if clash else MISSING
    if asked.kinds and given.kinds:
        return factor if asked.kinds & given.kinds else factor * DIFFERENT_KIND
    if asked.generics and not given.generics:
        return factor * MISSING_GENERIC
    if any(generic not in UNSAID for generic in given.generics) and not asked.generics:
        return factor * EXTRA_GENERIC
    return factor


def kind_weight(place: Place, asked: NameParts) -> float:
    """How readily the name means a place of this kind and size, from 0.6 to 1."""
    if place.kind in asked.kinds:
        return 1.0
    # Inhabitants where a source counts them; else a place that more people name is better known.
    known = min(place.population or 0, 1_000_000) ** 0.25 / 31.7
    known = max(known, min(len(place.names), 32) ** 0.5 / 8)
    return float(_KIND_WEIGHT.get(place.kind, 1.0) * (0.95 + 0.05 * known))


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """A point that the place lies near or in whose area it lies, and how far that may reach.

    Attributes:
        lon, lat: WGS84 degrees.
        reach_m: distance at which it has lost most of its pull.
    """

    lon: float
    lat: float
    reach_m: float

    def pull(self, position: Position) -> float:
        """From 1 at the point, flat within half of its reach, half at it, towards 0 far away."""
        apart = _apart_m(self.lon, self.lat, position.lon, position.lat) / self.reach_m
        return 1.0 / (1.0 + apart**4)


def _apart_m(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Great-circle distance in metres (haversine); for weighing, half a percent does not matter."""
    phi, psi = radians(lat), radians(other_lat)
    half = sin((psi - phi) / 2) ** 2
    half += cos(phi) * cos(psi) * sin(radians(other_lon - lon) / 2) ** 2
    return 2 * 6_371_000.0 * asin(min(sqrt(half), 1.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What was said beside a name.

    Attributes:
        admin: folded names of areas said to hold it.
        within: where places of those names lie.
        near: points it is said or likely to lie near.
    """

    admin: frozenset[str] = frozenset()
    within: tuple[Anchor, ...] = ()
    near: tuple[Anchor, ...] = ()

    ELSEWHERE: ClassVar[float] = 0.35
    FAR: ClassVar[float] = 0.7
    SAME_AREA: ClassVar[float] = 0.9
    OTHER_AREA: ClassVar[float] = 0.8
    UNKNOWN_AREA: ClassVar[float] = 0.95

    def factor(self, place: Place, area: str) -> float:
        """From 0.25 to 1: how well the place fits.

        Args:
            place: the candidate.
            area: folded name of its first-level area, "" if unknown.
        """
        factor = 1.0
        if self.admin and (self.within or area):
            if area in self.admin or any(self._same(said, area) for said in self.admin):
                pull = 1.0
            else:
                pull = self.OTHER_AREA if area else self.UNKNOWN_AREA
                pull *= _most_pull(self.within, place.position)
            factor *= self.ELSEWHERE + (1 - self.ELSEWHERE) * pull
        if self.near:
            factor *= self.FAR + (1 - self.FAR) * _most_pull(self.near, place.position)
        return factor

    def _same(self, said: str, area: str) -> bool:
        return bool(area) and said[:1] == area[:1] and likeness(said, area) >= self.SAME_AREA


def _most_pull(anchors: Sequence[Anchor], position: Position) -> float:
    return max((anchor.pull(position) for anchor in anchors), default=0.0)
