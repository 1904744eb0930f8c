"""How well a place fits a name and what else is known of it.

``likeness`` compares spellings as they may sound, so that letters which transliteration takes for
one another (q, k and g; ou, oo and u; e and i) are equal, and consonants weigh more than vowels.
``Context`` weighs what was said beside the name: the area it lies in and points it lies near.

A score is the exponential of a sum: what each sign takes off, in ``Weights``. Those were fitted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import asin, cos, exp, log, radians, sin, sqrt
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
CONFLICT, MISSING, DIFFERENT_KIND, EXTRA_GENERIC = 0.7, 0.97, 0.95, 0.97
"""What is left if qualifiers exclude each other, if one name lacks the other's qualifier, if
generics mean different kinds, or if the gazetteer's name has one not asked for (a hill, a ruin; not
"village of"): judgement, since the pairs have too few of them to fit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What each sign takes off the logarithm of a score.

    A conditional logit (McFadden 1974: of all candidates of a caption, which one is right?) by
    maximum likelihood on the tuned half of ``benchmarks/places.py``, 5 % of the captions taken to
    be right nowhere in particular, with a weak pull to zero: the mean of two such fits, one without
    ``letters`` and ``article``, which the pairs are too few to tell apart from the rest. All are
    divided by ten, so that scores spread over 0 to 1; candidates keep their order under it.

    Attributes:
        sound: times the negative logarithm of the likeness of the cores.
        whole: likewise of the whole names.
        letters: times the negative logarithm of the share of letters that the folded names have in
            common (twice the longest common subsequence by their lengths; ``ACROSS`` between
            scripts), since some spell as the gazetteer does.
        article: one of the name asked for and the place's main name has an article.
        main: likewise of the name asked for and the place's main name.
        missing_generic: the gazetteer's name lacks the generic asked for.
        transliterated, fuzzy: found so.
        district, region: it is such an area rather than a settlement, and that was not asked for.
        unknown: times how little is known of the place, 0 to 1.
        part: power of the readiness with which a part of a phrase is the place.
        shorter: found under a name with a word less.
        area_again: the name is that of the area which is said beside it.
        namesake: what has the name of the area, if nothing has the name asked for.
        outside, no_area: its area is another one than that said, or unknown.
        far: the same, times the negative logarithm of the area's pull.
        near: without any pull of the points said to be near.
    """

    sound: float = 0.85
    whole: float = 0.44
    letters: float = 0.21
    article: float = 0.07
    main: float = 0.07
    missing_generic: float = 0.27
    transliterated: float = 0.08
    fuzzy: float = 0.23
    district: float = 0.31
    region: float = 0.36
    unknown: float = 0.14
    part: float = 0.64
    shorter: float = 0.28
    area_again: float = 0.34
    namesake: float = 0.94
    outside: float = 0.23
    no_area: float = 0.10
    far: float = 0.25
    near: float = 0.43


WEIGHTS = Weights()

_AREAS = {"district": WEIGHTS.district, "region": WEIGHTS.region, "country": WEIGHTS.region}
_HOW = {"transliterated": WEIGHTS.transliterated, "fuzzy": WEIGHTS.fuzzy}
_LEAST_LIKENESS, _LEAST_LETTERS = 0.05, 0.2
ACROSS = 0.74
"""What counts as the letters in common of two names in different scripts."""

_ARTICLE = re.compile(r"(?:[aeu]l|[ae](?:[sdrztnl]|sh|th|dh|ch))[-\s]|ال", re.I)


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


def has_article(name: str) -> bool:
    """Whether a name as written begins with the Arabic article, in any transliteration."""
    return _ARTICLE.match(name) is not None


def name_agreement(asked: NameParts, given: NameParts) -> float:
    """How alike two names are: their cores by sound, then what stands around them."""
    core = max(likeness(asked.core, given.core), _LEAST_LIKENESS)
    return float(core**WEIGHTS.sound) * _around(asked, given)


def whole_name_weight(alike: float) -> float:
    """What is left for a likeness of two names with all that stands around their cores."""
    return float(max(alike, _LEAST_LIKENESS) ** WEIGHTS.whole)


def spelling_weight(asked: str, given: str) -> float:
    """What is left for how two folded names are spelled, whatever they sound like."""
    across = ("\u0600" <= asked[:1] <= "\u06ff") != ("\u0600" <= given[:1] <= "\u06ff")
    common = ACROSS if across else Indel.normalized_similarity(asked, given)
    return float(max(common, _LEAST_LETTERS) ** WEIGHTS.letters)


def main_name_weight(asked: str, main: str, *, alike: float) -> float:
    """What is left for the main name of a place.

    Args:
        asked: the name as written.
        main: the place's main name.
        alike: their likeness.
    """
    same = has_article(asked) == has_article(main)
    article = 1.0 if same else exp(-WEIGHTS.article)
    return float(article * max(alike, _LEAST_LIKENESS) ** WEIGHTS.main)


def how_weight(how: str) -> float:
    """What is left for the way in which a place was found."""
    return exp(-_HOW.get(how, 0.0))


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
        return factor * exp(-WEIGHTS.missing_generic)
    if any(generic not in UNSAID for generic in given.generics) and not asked.generics:
        return factor * EXTRA_GENERIC
    return factor


def kind_weight(place: Place, asked: NameParts) -> float:
    """How readily the name means a place of this kind and size, from 0.6 to 1."""
    if place.kind in asked.kinds:
        return 1.0
    # A place of which a gazetteer has more names is better known.
    known = log(min(len(place.names), 64)) / log(64)
    return exp(-_AREAS.get(place.kind, 0.0) - WEIGHTS.unknown * (1 - known))


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
        ELSEWHERE: what is left at least for a place in another area, chosen on the tuned half of
            ``benchmarks/places.py``.
        BORDER: likewise for one in another area beside which places of the area said lie.
    """

    admin: frozenset[str] = frozenset()
    within: tuple[Anchor, ...] = ()
    near: tuple[Anchor, ...] = ()

    ELSEWHERE: ClassVar[float] = 0.3
    BORDER: ClassVar[float] = 0.82

    def factor(self, place: Place, area: str) -> float:
        """Above 0 to 1: how well the place fits.

        The area said is evidence, not a filter: captions name wrong ones.

        Args:
            place: the candidate.
            area: folded name of its first-level area, "" if unknown.
        """
        factor = 1.0
        if self.admin and (self.within or area) and not self.holds(area):
            factor = exp(-(WEIGHTS.outside if area else WEIGHTS.no_area))
            factor *= _most_pull(self.within, place.position) ** WEIGHTS.far
            factor = max(factor, self.ELSEWHERE)
        if self.near:
            factor *= exp(-WEIGHTS.near * (1 - _most_pull(self.near, place.position)))
        return factor

    def holds(self, area: str) -> bool:
        """Whether an area of that folded name is one of those said."""
        return _is_said(self.admin, area)


_SAME_AREA = 0.9


@lru_cache(maxsize=16_384)
def _is_said(said: frozenset[str], area: str) -> bool:
    if area in said:
        return True
    return bool(area) and any(
        name[:1] == area[:1] and likeness(name, area) >= _SAME_AREA for name in said
    )


def _most_pull(anchors: Sequence[Anchor], position: Position) -> float:
    return max((anchor.pull(position) for anchor in anchors), default=0.0)
