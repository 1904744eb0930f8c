"""Looking a caption's words for a place up with what stands beside them.

Everything that may be the place is fetched first: by the name as folded, by its core, by its
skeletons (see ``names``), by misread dots and by misspelling. Then each place is weighed: how alike
its best name is to what was written, whether generics and qualifiers agree, what kind of place it
is, and whether it lies where the area and the other names of the phrase put it. The product is its
score, above 0 to 1. How it was found counts for little beside how alike it is.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import exp

from gazetteer.loosely import MOST_TYPOS, Misspelt, by_skeleton, by_skeletons
from gazetteer.names import (
    core_skeletons,
    fold,
    fold_many,
    is_code,
    misreadings,
    parts,
    parts_many,
    skeletons,
    slips,
)
from gazetteer.nearest import Neighbours
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

GOOD = 0.7
"""With a candidate of such a score misspellings are not sought."""
WEAK = 0.45
"""Without one of such a score shorter forms of the name are tried, and the area's own name."""

_EVERY_WAY: tuple[How, ...] = ("exact", "transliterated", "fuzzy")
_MOST_ALIASES = 12
_MOST_ANCHORS = 40
_REACH_M = {"city": 60_000.0}
_REACH_OTHER_M, _REACH_NEAR_M, _LEAST_REACH_M = 40_000.0, 20_000.0, 30_000.0
_ANCHOR_LEAST, _RIVAL = 0.87, 0.05
_AREAS = frozenset({"region", "district", "country"})
_WIDE = frozenset({"region", "country"})
_MOST_UNSURE = 4
"""For how many places of another area, or of none, their neighbours are asked."""
_HOLDER_LEAST = 0.8
_LEAST_IN_CONTEXT = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    match: Match
    how: How
    slot: tuple[int, str, str]


_Looked = tuple[How, tuple[Match, ...]]
_Slotted = tuple[tuple[int, str, str], Candidate]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Agreed:
    """A place found, its best name, and how alike that and its core are to what was asked for.

    "Northern Aleppo" is as good as Aleppo where it says only where to look.
    """

    found: _Found
    agreement: float
    core: float
    name: str

    def candidate(self, score: float) -> Candidate:
        """The place with a score."""
        return Candidate(
            place=self.found.match.place,
            matched_name=self.name,
            how=self.found.how,
            score=round(min(max(score, 0.0001), 1.0), 4),
            generics=self.found.match.generics,
        )


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
    around: Neighbours | None = None,
) -> list[Candidate]:
    """Candidates for the place that a phrase means, best first.

    Args:
        sources: where to look.
        phrase: a name, or a caption's words: "Al-Fatih, Jableh District".
        areas: what is said to hold it, see ``areas_asked``; none if nothing is.
        near: points it is said, or likely, to lie near.
        hows: ways of matching that a candidate may have; any if None. The areas are looked up in
            every way.
        around: what tells the areas near a place.
    """
    within = [area for asked in areas for area in asked.holders]
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
        for slot, candidate in asked.weighed(context, weight, around):
            if slot not in best or best[slot].score < candidate.score:
                best[slot] = candidate

    # An area that is said twice is where, not what; the place is then what else is said.
    again = [asked.key in admin_keys | named for asked in said]
    others = [asked.part.weight for asked, area in zip(said, again, strict=True) if not area]
    for asked, area in zip(said, again, strict=True):
        if area and others:
            weigh(asked, exp(-WEIGHTS.area_again))
        elif area or asked.part.listed:
            weigh(asked, 1.0)
        else:
            weigh(asked, max(others) ** -WEIGHTS.part)
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
        if is_code(part.name):
            # A name written like a code has one spelling.
            self._hows &= {"exact"}
        inexact = self._hows & {"transliterated", "fuzzy"}
        self._readings = skeletons(part.name) if inexact else ()
        self._readiness = part.weight**WEIGHTS.part
        self._agreed = self._agreements(self._found(self._by_key)) if self.key else []

    @cached_property
    def holders(self) -> list[Place]:
        """``areas`` of a name said to be one: a misspelt area comes before a village so called."""
        if any(place.kind in _AREAS for place in self.areas):
            return self.areas
        astray = [
            (each.core, each.found.match.place)
            for each in self._astray
            if each.core >= _HOLDER_LEAST and each.found.match.place.kind in _AREAS
        ]
        least = max((core for core, _ in astray), default=0.0) - _RIVAL
        return [place for core, place in astray if core >= least][:_MOST_ANCHORS] or self.areas

    @cached_property
    def areas(self) -> list[Place]:
        """The areas of that name; the places where there is no such area."""
        alike = self._alike(self._agreed)
        if not alike:
            alike = self._alike(self._astray)
        areas = [pair for pair in alike if pair[1].kind in _AREAS] or alike
        least = max((agreement for agreement, _ in areas), default=0.0) - _RIVAL
        return [place for agreement, place in areas if agreement >= least][:_MOST_ANCHORS]

    def _alike(self, agreed: Sequence[_Agreed]) -> list[tuple[float, Place]]:
        return [
            (each.core, each.found.match.place) for each in agreed if each.core >= _ANCHOR_LEAST
        ]

    def weighed(self, context: Context, weight: float, around: Neighbours | None) -> list[_Slotted]:
        """Candidates; misspellings and misread letters are sought where there is no good one."""
        found = self._candidates(self._agreed, context, weight, around)
        if max((one.score for _, one in found), default=0.0) < GOOD * weight * self._readiness:
            found += self._candidates(self._astray, context, weight, around)
        return found

    def _candidates(
        self,
        agreed: Sequence[_Agreed],
        context: Context,
        weight: float,
        around: Neighbours | None,
    ) -> list[_Slotted]:
        weight *= self._readiness
        alone = [
            each.agreement
            * how_weight(each.found.how)
            * kind_weight(each.found.match.place, self.parts)
            for each in agreed
        ]
        areas = [_area_key(each.found.match.place.admin1 or "") for each in agreed]
        factors = [
            context.factor(each.found.match.place, area)
            for each, area in zip(agreed, areas, strict=True)
        ]
        if around is not None and context.admin:
            # Only those are looked at that may come first by it.
            least = max(map(operator.mul, alone, factors), default=0.0)
            unsure = [
                at
                for at, area in enumerate(areas)
                if alone[at] >= least and not context.holds(area)
            ]
            for at in sorted(unsure, key=lambda at: -alone[at] * factors[at])[:_MOST_UNSURE]:
                factors[at] = self._by_neighbours(agreed[at], context, around, factors[at])
        return [
            (each.found.slot, each.candidate(score * factor * weight))
            for each, score, factor in zip(agreed, alone, factors, strict=True)
        ]

    def _by_neighbours(
        self, each: _Agreed, context: Context, around: Neighbours, factor: float
    ) -> float:
        """The factor of a place that is not said to lie in the area, by the places around it."""
        place = each.found.match.place
        if place.kind in _WIDE:
            return factor
        areas = [_area_key(area) for area in around.areas(place.position)]
        if areas and not place.admin1:
            return context.factor(place, areas[0])
        return max(factor, context.BORDER) if any(map(context.holds, areas)) else factor

    def _found(self, look_up: Callable[[Source], Iterable[_Looked]]) -> list[_Found]:
        found: dict[tuple[int, str, str], _Found] = {}
        for number, source in enumerate(self._sources):
            for how, matches in look_up(source):
                for match in matches:
                    if how != "exact" and is_code(match.name):
                        continue
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
        if self._readings:
            for found in by_skeletons(source, misreadings(self._readings[0]), self.key):
                yield "fuzzy", found
        if self.parts.core != self.key:
            yield "fuzzy", source.lookup(fold_key=self.parts.core)
        if isinstance(source, Misspelt):
            for key in dict.fromkeys((self.key, self.parts.core)):
                yield "fuzzy", source.typos(key, edits=2, most=MOST_TYPOS)

    def _by_slip(self, source: Source) -> Iterable[_Looked]:
        if "fuzzy" in self._hows and self._readings:
            for found in by_skeletons(source, slips(self._readings[0]), self.key):
                yield "fuzzy", found

    @cached_property
    def _astray(self) -> list[_Agreed]:
        """Places found by errors; a consonant too few or too many only where there is no other."""
        if not self.key:
            return []
        found = self._found(self._by_error)
        if not found and not self._agreed:
            found = self._found(self._by_slip)
        return self._agreements(found)

    def _agreements(self, found: Sequence[_Found]) -> list[_Agreed]:
        """Each place with how alike its best name is, and that name."""
        arabic = _is_arabic(self.part.name)
        names: list[str] = []
        owners: list[int] = []
        for number, each in enumerate(found):
            place = each.match.place
            same_script = (
                other for other in place.names if _is_arabic(other) == arabic and not is_code(other)
            )
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
    if place.kind in _AREAS:
        # Half of the diagonal of a square times this is half of its side.
        reach_m = max(0.7 * place.extent_m, _LEAST_REACH_M)
    return Anchor(lon=place.position.lon, lat=place.position.lat, reach_m=reach_m)


_ARABIC = re.compile("[\u0600-\u06ff]")


def _is_arabic(text: str) -> bool:
    return _ARABIC.search(text) is not None
