"""From a name in an article to the places it may mean, each with the reason it matched.

A name by itself is looked up as it is written. Scores, above 0 to 1, order the candidates and say
how much of the name carried the match:

======  =============================================================================
1.00    the name as written, but for case
0.97    the same after folding (``names.fold``)
0.90    the query's core with a generic of the same kind ("al-Tanf crossing" and
        "Al-Tanf Border Crossing", or the core alone on a place of kind crossing)
0.75    exact after dropping generics from the gazetteer's name ("al-Tanf" and
        "Al-Tanf Crossing")
0.60    exact after dropping the query's generics, on a place of another or unknown kind
0.40    the same, and the place is a feature of another kind (a hill, a garrison)
0.70    times likeness: same skeleton (``names.skeleton``), in another script or transliteration;
        less after dropping generics. In a large source skeletons meet by accident: with a
        million names some twenty share any four consonants, one any five. There a skeleton of
        under three is not looked up, under four scores at most 0.30, under six at most 0.50,
        unless it is of the same script and at most a vowel is sounded otherwise ("Az Zakf",
        "al-Zaqaf"), which counts as much as one letter off
0.63    times likeness: the same, by another reading of the letters (``names.skeletons``)
0.60    times likeness: one letter off (fuzzy), in sources that find misspellings; there also a
        consonant of the skeleton misread, left out or swapped, if nothing scores 0.60 so far.
        In a large source 0.30 of three letters ("زكف", "زيف") or of three consonants
======  =============================================================================

Likeness is ``rank.likeness`` (0 to 1; for skeletons only half of the score depends on it). With an
area or points that are said to be near, the whole phrase is weighed instead: see ``in_context`` for
what is looked up and ``rank.Weights`` for what each sign takes off a score of 1. There a likely
place by a loose key may stand before an exact homonym elsewhere.

A name written like an airport's code, three capitals ("DAM"), has one spelling: it matches exactly
or not at all, whether asked for or in the gazetteer.

A place in another country than the one asked for is left out; one of unknown country stays.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gazetteer.borders import Borders
from gazetteer.generics import GENERICS
from gazetteer.in_context import Asked, areas_asked, find_in_context
from gazetteer.loosely import LARGE as LARGE
from gazetteer.loosely import MOST_TYPOS, Misspelt, by_skeleton, near_skeletons
from gazetteer.names import MAX_NAME, fold, is_code, skeleton, skeletons, split_generic
from gazetteer.nearest import Neighbours
from gazetteer.place import Candidate, How, Place
from gazetteer.position import Position
from gazetteer.rank import has_article, likeness
from gazetteer.sources.match import Match, Source
from gazetteer.store import Progress

AS_WRITTEN, FOLDED, SAME_KIND = 1.0, 0.97, 0.9
NAME_SHORTENED, QUERY_SHORTENED, CONTRADICTED = 0.75, 0.6, 0.4
TRANSLITERATED, READ_OTHERWISE, FUZZY = 0.7, 0.9, 0.6
ACCIDENTAL = ((4, 0.3), (6, 0.5))
"""In a large source: for a skeleton of fewer consonants than this, the most it can score."""
SOUNDS_ALIKE = 0.94
"""From this likeness on names of one script and skeleton differ by a vowel at most. Across scripts
the vowels are unwritten, and say nothing."""
NO_ARTICLE = 0.99
"""Times that, if one of the two names has an article: enough to come after those that agree."""
SHORTEST_TYPO = 4
"""In a large source: of fewer letters than this, one off scores like such a skeleton."""
ALL_HOWS: tuple[How, ...] = ("exact", "transliterated", "fuzzy", "described")
_MOST_REMEMBERED = 256
_AREAS_AFTER = frozenset({"district", "region"})
_SETTLEMENTS = frozenset({"city", "town", "village", "populated_place", "unknown", "region"})

_SAME_SORT = (
    frozenset({"crossing", "border_post", "checkpoint"}),
    frozenset({"base", "outpost", "border_post", "camp", "airport"}),
    frozenset({"hill", "mountain"}),
    frozenset({"city", "town", "village", "populated_place"}),
    frozenset({"checkpoint", "outpost"}),
)
"""Kinds that writers use for one another. Only equal kinds agree in full."""


_THE, _OF = re.compile(r"^\s*the\s+", re.I), re.compile(r"^of (?:the )?(?=.)")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Query:
    text: str
    key: str
    bones: tuple[str, ...]
    core: str
    generics: tuple[str, ...]
    hows: frozenset[How]

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset(GENERICS[generic] for generic in self.generics)


class Gazetteer:
    """Sources of places, asked in order, and the borders.

    Attributes:
        sources: earlier ones come first among equal matches.
        borders: country outlines and border lines.
    """

    def __init__(self, sources: Sequence[Source], borders: Borders) -> None:
        self.sources = tuple(sources)
        self.borders = borders
        self._remembered: dict[str, tuple[Asked, ...]] = {}
        self._around = Neighbours(self.sources)

    @classmethod
    def open(
        cls,
        paths: Sequence[Path] = (),
        *,
        world: bool = True,
        cache_dir: Path | None = None,
        progress: Progress | None = None,
    ) -> Gazetteer:
        """A gazetteer of the user's files and, with ``world``, of what comes out of the box.

        Args:
            paths: files of places in any form that ``sources.open`` knows; GeoJSON without points
                gives outlines and border lines.
            world: whether to add the gazetteer on disk (see ``opening``) or, where there is none,
                the world's cities, and the built-in country outlines.
            cache_dir: where both live, see ``store.cache_folder``.
            progress: called with (steps done, steps in all) while an index is built.

        Raises:
            GazetteerFileError: a file cannot be used.
            DatabaseError: the gazetteer on disk cannot be used.
            WorldIndexError: the city index can be neither read nor built.
        """
        from gazetteer.opening import given_sources, world_sources

        sources: list[Source] = []
        outlines: list[Path] = []
        for path in paths:
            places = given_sources(path)
            sources += places
            if not places:
                outlines.append(path)
        borders = Borders.open(outlines, builtin=world, cache_dir=cache_dir)
        if world:
            sources += world_sources(cache_dir, progress)
        return cls(sources, borders)

    def find(
        self,
        name: str,
        *,
        country: str | None = None,
        admin: str | None = None,
        near: Sequence[Position] = (),
        most: int | None = None,
        hows: Collection[How] | None = None,
    ) -> tuple[Candidate, ...]:
        """Places the name may mean, best first; see the module for the scores.

        Equal scores keep the order of the sources, and within the world cities go by population.
        Rows are never merged: two rows of one name are two candidates.

        Args:
            name: as written, in any script; with ``admin`` or ``near`` a caption's whole phrase.
            country: ISO 3166-1 alpha-2 code to stay within.
            admin: area that is said to hold the place, as written.
            near: points it is said, or likely, to lie near.
            most: how many candidates to return; all if None.
            hows: ways of matching to look for, all if None. What is left out costs nothing:
                ``("exact",)`` works out neither skeletons nor misspellings.
        """
        if admin or near:
            found = find_in_context(
                self.sources,
                name,
                areas=self._areas(admin or ""),
                near=near,
                hows=hows,
                around=self._around,
            )
        else:
            found = self._named(name, ALL_HOWS if hows is None else hows)
        kept = [
            candidate
            for candidate in found
            if not (country and candidate.place.country)
            or candidate.place.country == country.upper()
        ]
        return tuple(kept[:most])

    def areas(self, admin: str) -> tuple[Place, ...]:
        """What the name given for an area means: areas, or places where no area is called so.

        Empty where ``find`` would get nothing out of it but what rows say of their areas.
        """
        return tuple(place for asked in self._areas(admin) for place in asked.holders)

    def _areas(self, admin: str) -> tuple[Asked, ...]:
        if admin not in self._remembered:
            if len(self._remembered) >= _MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[admin] = areas_asked(self.sources, admin) if admin else ()
        return self._remembered[admin]

    def _named(self, name: str, hows: Collection[How]) -> list[Candidate]:
        key = fold(name)
        if not key:
            return []
        core, generics = _core(name[:MAX_NAME])
        query = _Query(
            text=name.strip(),
            key=key,
            bones=skeletons(name[:MAX_NAME]) if {"transliterated", "fuzzy"} & set(hows) else (),
            core=core,
            generics=generics,
            hows=frozenset(hows),
        )
        best: dict[tuple[int, str, str], Candidate] = {}
        for number, source in enumerate(self.sources):
            for candidate in _candidates(source, query):
                place = candidate.place
                slot = (number, place.source_id, place.source)
                if slot not in best or best[slot].score < candidate.score:
                    best[slot] = candidate
        if all(found.score < FUZZY for found in best.values()) and "fuzzy" in hows:
            for number, source in enumerate(self.sources):
                for candidate in _nearly(source, query):
                    place = candidate.place
                    best.setdefault((number, place.source_id, place.source), candidate)
        # dict order is source order and sorting is stable. Of equals a town goes before the area
        # that is called after it, which has more people.
        return sorted(best.values(), key=lambda one: (-one.score, one.place.kind in _AREAS_AFTER))


def _core(name: str) -> tuple[str, tuple[str, ...]]:
    """``split_generic``, and what is left after "(the) village of"."""
    core, generics = split_generic(_THE.sub("", name))
    if not generics:
        return split_generic(name)
    return _OF.sub("", core), generics


def _candidates(source: Source, query: _Query) -> Iterable[Candidate]:
    if "exact" in query.hows:
        yield from _exact(source, query)
    # A code has one spelling, as has a name that is asked for like one.
    if is_code(query.text):
        return
    if "transliterated" in query.hows:
        yield from (one for one in _transliterated(source, query) if not is_code(one.matched_name))
    if "fuzzy" in query.hows and isinstance(source, Misspelt):
        for match in source.typos(query.key, most=MOST_TYPOS):
            if not is_code(match.name):
                yield _off(match, source, query, len(query.key))


def _exact(source: Source, query: _Query) -> Iterable[Candidate]:
    for match in source.lookup(fold_key=query.key):
        if match.name not in (query.text, match.place.name) and is_code(match.name):
            continue
        if match.generics and fold(match.name) != query.key:
            yield _candidate(match, "exact", NAME_SHORTENED, match.generics)
        else:
            as_written = match.name.casefold() == query.text.casefold()
            yield _candidate(match, "exact", AS_WRITTEN if as_written else FOLDED)
    if query.generics and query.core:
        for match in source.lookup(fold_key=query.core):
            score = _agreement(match, query)
            lacking = () if score == SAME_KIND else query.generics
            yield _candidate(match, "exact", score, lacking)


def _nearly(source: Source, query: _Query) -> Iterable[Candidate]:
    if isinstance(source, Misspelt) and not is_code(query.text):
        for bones in near_skeletons(query.bones):
            for match in by_skeleton(source, bones, query.key):
                if not is_code(match.name):
                    yield _off(match, source, query, len(query.bones[0]))


def _fuzzy(match: Match, query: _Query) -> Candidate:
    return _candidate(match, "fuzzy", FUZZY * likeness(query.key, fold(match.name)))


def _off(match: Match, source: Source, query: _Query, letters: int) -> Candidate:
    """What is one of so many letters off."""
    found = _fuzzy(match, query)
    if len(source) < LARGE or letters >= SHORTEST_TYPO:
        return found
    return replace(found, score=round(ACCIDENTAL[0][1] / FUZZY * found.score, 4))


def _arabic(folded: str) -> bool:
    return "\u0600" <= folded[:1] <= "\u06ff"


def _agreement(match: Match, query: _Query) -> float:
    """Score of a place that has the query's core, by how its kind fits the query's generics."""
    place = match.place
    kinds = {place.kind, *(GENERICS[generic] for generic in match.generics)} - {"unknown"}
    if kinds & query.kinds:
        return SAME_KIND
    if any(sort & kinds and sort & query.kinds for sort in _SAME_SORT):
        return QUERY_SHORTENED + 0.1
    # A village may well have a crossing of its name; a hill or a garrison is something else.
    return QUERY_SHORTENED if place.kind in _SETTLEMENTS else CONTRADICTED


def _transliterated(source: Source, query: _Query) -> Iterable[Candidate]:
    for number, bones in enumerate(query.bones):
        for match in by_skeleton(source, bones, query.key):
            found = _by_likeness(match, source, query, query.key, bones)
            yield (
                found
                if number == 0
                else replace(found, score=round(found.score * READ_OTHERWISE, 4))
            )
    if not query.generics:
        return
    bones = skeleton(query.core)
    for match in by_skeleton(source, bones, query.core):
        found = _by_likeness(match, source, query, query.core, bones)
        score = round(found.score * _agreement(match, query), 4)
        yield replace(found, score=score, generics=query.generics)


def _by_likeness(match: Match, source: Source, query: _Query, key: str, bones: str) -> Candidate:
    given = fold(match.name)
    alike = likeness(key, given)
    score = TRANSLITERATED * (0.5 + 0.5 * alike)
    if len(source) >= LARGE:
        same = alike >= SOUNDS_ALIKE and _arabic(key) == _arabic(given)
        least = FUZZY * alike if same else 0.0
        most = min((most for under, most in ACCIDENTAL if len(bones) < under), default=1.0)
        if has_article(query.text) != has_article(match.name):
            most *= NO_ARTICLE
        score = min(score, max(most, least))
    return _candidate(match, "transliterated", score)


def _candidate(match: Match, how: How, score: float, generics: tuple[str, ...] = ()) -> Candidate:
    score = max(round(score, 4), 0.0001)
    return Candidate(
        place=match.place, matched_name=match.name, how=how, score=score, generics=generics
    )
