"""Looking a caption's words for a place up with what stands beside them.

Everything that may be the place is fetched first: by the name as folded, by its core, by its
skeletons (see ``names``), by misread dots and by misspelling. Then each place is weighed: how alike
its best name is to what was written, whether generics and qualifiers agree, what kind of place it
is, and whether it lies where the area and the other names of the phrase put it. The product is its
score, above 0 to 1. How it was found counts for little beside how alike it is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import exp
from typing import Protocol, runtime_checkable

from gazetteer.names import (
    core_skeletons,
    fold,
    fold_many,
    misreadings,
    parts,
    parts_many,
    skeletons,
    slips,
)
from gazetteer.phrases import Part, parts_of_phrase, shorter_parts
from gazetteer.place import Candidate, How, Place
from gazetteer.position import Position
from gazetteer.rank import (
    WEIGHTS,
    Anchor,
    Context,
    how_weight,
    kind_weight,
    likeness,
    main_name_weight,
    name_agreement,
    spelling_weight,
    whole_name_weight,
)
from gazetteer.sources.match import Match, Source

LEAST_SKELETON = 3
LARGE = 10_000
"""From how many places on a source is large."""
MOST_TYPOS = 30
GOOD = 0.7
"""With a candidate of such a score misspellings are not sought."""
WEAK = 0.45
"""Without one of such a score shorter forms of the name are tried, and the area's own name."""

_EVERY_WAY: tuple[How, ...] = ("exact", "transliterated", "fuzzy")
_MOST_ALIASES = 12
_MOST_ANCHORS = 40
_REACH_M = {"region": 110_000.0, "country": 400_000.0, "district": 35_000.0, "city": 60_000.0}
_REACH_OTHER_M, _REACH_NEAR_M = 40_000.0, 20_000.0
_ANCHOR_LEAST, _RIVAL = 0.87, 0.05
_AREAS = frozenset({"region", "district", "country"})
_LEAST_IN_CONTEXT = 2


@runtime_checkable
class Misspelt(Protocol):
    """What a source of places that finds misspelt names offers besides ``lookup``."""

    def typos(self, fold_key: str, *, edits: int = 1, most: int = 10) -> tuple[Match, ...]:
        """Matches of keys from one to ``edits`` edits off, nearest first."""
        ...

    def lookup(
        self, *, fold_key: str = "", skeleton_key: str = "", like: str = ""
    ) -> tuple[Match, ...]:
        """As ``Source.lookup``; of too many with a skeleton, those like the folded name."""
        ...


@runtime_checkable
class Choosing(Protocol):
    """What a source with many names of one skeleton offers, such as ``database.Database``."""

    def alike(self, skeleton_keys: Iterable[str], *, fold_key: str) -> tuple[Match, ...]:
        """Matches of any of the skeletons, the likest to the folded name first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    match: Match
    how: How
    slot: tuple[int, str, str]


_Looked = tuple[How, tuple[Match, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Agreed:
    """A place found, its best name, and how alike that and its core are to what was asked for.

    "Northern Aleppo" is as good as Aleppo where it says only where to look.
    """

    found: _Found
    agreement: float
    core: float
    name: str


def by_skeleton(
    source: Source, bones: str, like: str, *, least: int = LEAST_SKELETON
) -> tuple[Match, ...]:
    """Matches of a skeleton, none where it is so short that in a large source it says nothing.

    Args:
        source: where to look.
        bones: the skeleton.
        like: folded name by likeness to which a source may choose among too many.
        least: in a large source the fewest consonants that say something.
    """
    if not bones or (len(bones) < least and len(source) >= LARGE):
        return ()
    if isinstance(source, Choosing):
        return source.alike((bones,), fold_key=like)
    if isinstance(source, Misspelt):
        return source.lookup(skeleton_key=bones, like=like)
    return source.lookup(skeleton_key=bones)


def near_skeletons(readings: Sequence[str]) -> tuple[str, ...]:
    """Keys with a letter misread, left out or swapped, of the first of a name's skeletons."""
    return (*misreadings(readings[0]), *slips(readings[0])) if readings else ()


def areas_asked(sources: Sequence[Source], admin: str) -> tuple[Asked, ...]:
    """The names of an area, looked up; worth keeping, since the same area comes again and again."""
    return tuple(Asked(sources, part) for part in parts_of_phrase(admin))


def find_in_context(
    sources: Sequence[Source],
    phrase: str,
    *,
    areas: Sequence[Asked],
    near: Sequence[Position],
    hows: Collection[How] | None = None,
) -> list[Candidate]:
    """Candidates for the place that a phrase means, best first.

    Args:
        sources: where to look.
        phrase: a name, or a caption's words: "Al-Fatih, Jableh District".
        areas: what is said to hold it, see ``areas_asked``; none if nothing is.
        near: points it is said, or likely, to lie near.
        hows: ways of matching that a candidate may have; any if None. The areas are looked up in
            every way.
    """
    within = [area for asked in areas for area in asked.areas]
    named = {fold(name) for area in within if area.kind in _AREAS for name in area.names}
    said = [Asked(sources, part, hows=hows) for part in parts_of_phrase(phrase)]
    admin_keys = frozenset(asked.key for asked in areas)
    points = tuple(Anchor(lon=p.lon, lat=p.lat, reach_m=_REACH_NEAR_M) for p in near)
    best: dict[tuple[int, str, str], Candidate] = {}

    def weigh(asked: Asked, weight: float) -> None:
        others = (other for other in said if other is not asked and other.key not in admin_keys)
        context = Context(
            admin=admin_keys | named,
            within=tuple(_anchor(place) for place in within),
            near=(*points, *(_anchor(place) for other in others for place in other.areas)),
        )
        for slot, candidate in asked.weighed(context, weight):
            if slot not in best or best[slot].score < candidate.score:
                best[slot] = candidate

    for asked in said:
        # An area that is said twice is where, not what.
        again = asked.key in admin_keys and len(said) > 1
        weigh(asked, exp(-WEIGHTS.area_again) if again else 1.0)
    if max((candidate.score for candidate in best.values()), default=0.0) < WEAK:
        for part in shorter_parts(said[0].part) if said else ():
            weigh(Asked(sources, part, hows=hows), exp(-WEIGHTS.shorter))
        # An unknown square or mosque is mostly one of the town that the area is called after.
        for asked in areas:
            weigh(asked, exp(-WEIGHTS.namesake))
    kept = (one for one in best.values() if hows is None or one.how in hows)
    return sorted(kept, key=lambda candidate: -candidate.score)


class Asked:
    """One name of a phrase, looked up."""

    def __init__(
        self, sources: Sequence[Source], part: Part, *, hows: Collection[How] | None = None
    ) -> None:
        self.part = part
        self.key = fold(part.name)
        self.parts = parts(part.name)
        self._sources = sources
        self._hows = frozenset(_EVERY_WAY if hows is None else hows)
        inexact = self._hows & {"transliterated", "fuzzy"}
        self._readings = skeletons(part.name) if inexact else ()
        self._readiness = part.weight**WEIGHTS.part
        self._agreed = self._agreements(self._found(self._by_key)) if self.key else []

    @cached_property
    def areas(self) -> list[Place]:
        """The areas of that name; the places where there is no such area."""
        alike = self._alike(self._agreed)
        if not alike and self.key:
            alike = self._alike(self._agreements(self._found(self._by_error)))
        areas = [pair for pair in alike if pair[1].kind in _AREAS] or alike
        least = max((agreement for agreement, _ in areas), default=0.0) - _RIVAL
        return [place for agreement, place in areas if agreement >= least][:_MOST_ANCHORS]

    def _alike(self, agreed: Sequence[_Agreed]) -> list[tuple[float, Place]]:
        return [
            (each.core, each.found.match.place) for each in agreed if each.core >= _ANCHOR_LEAST
        ]

    def weighed(
        self, context: Context, weight: float
    ) -> list[tuple[tuple[int, str, str], Candidate]]:
        """Candidates; misspellings and misread letters are sought where there is no good one."""
        found = [self._candidate(each, context, weight) for each in self._agreed]
        if max((one.score for _, one in found), default=0.0) < GOOD * weight * self._readiness:
            more = self._agreements(self._found(self._by_error)) if self.key else []
            found += [self._candidate(each, context, weight) for each in more]
        return found

    def _candidate(
        self, each: _Agreed, context: Context, weight: float
    ) -> tuple[tuple[int, str, str], Candidate]:
        found = each.found
        place = found.match.place
        score = each.agreement * how_weight(found.how) * kind_weight(place, self.parts)
        score *= context.factor(place, _area_key(place.admin1) if place.admin1 else "")
        return found.slot, Candidate(
            place=place,
            matched_name=each.name,
            how=found.how,
            score=round(min(max(score * weight * self._readiness, 0.0001), 1.0), 4),
            generics=found.match.generics,
        )

    def _found(self, look_up: Callable[[Source], Iterable[_Looked]]) -> list[_Found]:
        found: dict[tuple[int, str, str], _Found] = {}
        for number, source in enumerate(self._sources):
            for how, matches in look_up(source):
                for match in matches:
                    slot = (number, match.place.source_id, match.place.source)
                    found.setdefault(slot, _Found(match=match, how=how, slot=slot))
        return list(found.values())

    def _by_key(self, source: Source) -> Iterable[_Looked]:
        if "exact" in self._hows:
            yield "exact", source.lookup(fold_key=self.key)
        if "transliterated" not in self._hows:
            return
        for bones in dict.fromkeys((*self._readings, *core_skeletons([self.part.name]))):
            yield "transliterated", by_skeleton(source, bones, self.key, least=_LEAST_IN_CONTEXT)

    def _by_error(self, source: Source) -> Iterable[_Looked]:
        if "fuzzy" not in self._hows:
            return
        for bones in near_skeletons(self._readings):
            yield "fuzzy", by_skeleton(source, bones, self.key)
        if self.parts.core != self.key:
            yield "fuzzy", source.lookup(fold_key=self.parts.core)
        if isinstance(source, Misspelt):
            for key in dict.fromkeys((self.key, self.parts.core)):
                yield "fuzzy", source.typos(key, edits=2, most=MOST_TYPOS)

    def _agreements(self, found: Sequence[_Found]) -> list[_Agreed]:
        """Each place with how alike its best name is, and that name."""
        arabic = _is_arabic(self.part.name)
        names: list[str] = []
        owners: list[int] = []
        for number, each in enumerate(found):
            place = each.match.place
            same_script = (other for other in place.names if _is_arabic(other) == arabic)
            chosen = list(dict.fromkeys((place.name, each.match.name, *same_script)))[
                :_MOST_ALIASES
            ]
            names += chosen
            owners += [number] * len(chosen)
        best: dict[int, _Agreed] = {}
        main: dict[int, float] = {}
        keys = fold_many(names)
        for number, other, key, given in zip(owners, names, keys, parts_many(names), strict=True):
            whole = likeness(self.key, key)
            # The main name comes first of each place's.
            weight = main.get(number)
            if weight is None:
                weight = main[number] = main_name_weight(self.part.name, other, alike=whole)
            core = name_agreement(self.parts, given)
            agreement = core * whole_name_weight(whole) * weight
            agreement *= spelling_weight(self.key, key)
            if number not in best or best[number].agreement < agreement:
                best[number] = _Agreed(
                    found=found[number], agreement=agreement, core=core, name=other
                )
        return list(best.values())


@lru_cache(maxsize=4_096)
def _area_key(name: str) -> str:
    """Areas are few and come again and again."""
    return fold(name)


def _anchor(place: Place) -> Anchor:
    reach_m = _REACH_M.get(place.kind, _REACH_OTHER_M)
    return Anchor(lon=place.position.lon, lat=place.position.lat, reach_m=reach_m)


def _is_arabic(text: str) -> bool:
    return any("\u0600" <= char <= "\u06ff" for char in text)
