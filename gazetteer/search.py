"""From a name in an article to the places it may mean, each with the reason it matched.

Scores, above 0 to 1, order the candidates and say how much of the name carried the match:

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
        under three is not looked up, under four scores at most 0.30, under six at most 0.50
======  =============================================================================

A place in another country than the one asked for is left out; one of unknown country stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path

from gazetteer.borders import Borders
from gazetteer.errors import GazetteerFileError
from gazetteer.generics import GENERICS
from gazetteer.names import MAX_NAME, fold, skeleton, split_generic
from gazetteer.place import Candidate, How, Place
from gazetteer.sources.match import Match, Source
from gazetteer.store import Progress

AS_WRITTEN, FOLDED, SAME_KIND = 1.0, 0.97, 0.9
NAME_SHORTENED, QUERY_SHORTENED, CONTRADICTED = 0.75, 0.6, 0.4
TRANSLITERATED = 0.7
ACCIDENTAL = ((4, 0.3), (6, 0.5))
"""In a large source: for a skeleton of fewer consonants than this, the most it can score."""
LEAST_SKELETON = 3
LARGE = 10_000
"""From how many places on a source is large."""

_SETTLEMENTS = frozenset({"city", "town", "village", "populated_place", "unknown", "region"})

_SAME_SORT = (
    frozenset({"crossing", "border_post", "checkpoint"}),
    frozenset({"base", "outpost", "border_post", "camp", "airport"}),
    frozenset({"hill", "mountain"}),
    frozenset({"city", "town", "village", "populated_place"}),
    frozenset({"checkpoint", "outpost"}),
)
"""Kinds that writers use for one another. Only equal kinds agree in full."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Query:
    text: str
    key: str
    bones: str
    core: str
    generics: tuple[str, ...]

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
            paths: ``.csv`` tables of places; ``.geojson`` or ``.json`` outlines and border lines.
            world: whether to add world cities and the built-in country outlines.
            cache_dir: where the city index lives, see ``store.cache_folder``.
            progress: called with (steps done, steps in all) while the index is built.

        Raises:
            GazetteerFileError: a file cannot be used.
            WorldIndexError: the city index can be neither read nor built.
        """
        from gazetteer.sources.table import TableSource

        sources: list[Source] = []
        outlines: list[Path] = []
        for path in paths:
            suffix = path.suffix.casefold()
            if suffix in (".csv", ".tsv"):
                sources.append(TableSource(path))
            elif suffix in (".geojson", ".json"):
                outlines.append(path)
            else:
                raise GazetteerFileError(
                    f"{path.name} is no gazetteer file; give .csv (places) or .geojson (borders)"
                )
        borders = Borders.open(outlines, builtin=world, cache_dir=cache_dir)
        if world:
            from gazetteer.sources.builtin import BuiltinSource

            sources.append(BuiltinSource.open(cache_dir, progress))
        return cls(sources, borders)

    def find(self, name: str, *, country: str | None = None) -> tuple[Candidate, ...]:
        """Places the name may mean, best first; see the module for the scores.

        Equal scores keep the order of the sources, and within the world cities go by population.
        Rows are never merged: two rows of one name are two candidates.

        Args:
            name: as written, in any script.
            country: ISO 3166-1 alpha-2 code to stay within.
        """
        key = fold(name)
        if not key:
            return ()
        core, generics = split_generic(name[:MAX_NAME])
        query = _Query(
            text=name.strip(), key=key, bones=skeleton(name), core=core, generics=generics
        )
        best: dict[tuple[int, str, str], Candidate] = {}
        for number, source in enumerate(self.sources):
            for candidate in _candidates(source, query):
                place = candidate.place
                if country and place.country and place.country != country.upper():
                    continue
                slot = (number, place.source_id, place.source)
                if slot not in best or best[slot].score < candidate.score:
                    best[slot] = candidate
        # dict order is source order and sorting is stable.
        return tuple(sorted(best.values(), key=lambda candidate: -candidate.score))


def _candidates(source: Source, query: _Query) -> Iterable[Candidate]:
    for match in source.lookup(fold_key=query.key):
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
    yield from _transliterated(source, query)


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
    for match in _by_skeleton(source, query.bones):
        yield _by_likeness(match, source, query.key, query.bones)
    if not query.generics:
        return
    bones = skeleton(query.core)
    for match in _by_skeleton(source, bones):
        found = _by_likeness(match, source, query.core, bones)
        score = round(found.score * _agreement(match, query), 4)
        yield replace(found, score=score, generics=query.generics)


def _by_skeleton(source: Source, bones: str) -> tuple[Match, ...]:
    if not bones or (len(bones) < LEAST_SKELETON and len(source) >= LARGE):
        return ()
    return source.lookup(skeleton_key=bones)


def _by_likeness(match: Match, source: Source, key: str, bones: str) -> Candidate:
    score = TRANSLITERATED * _likeness(key, fold(match.name))
    if len(source) >= LARGE:
        score = min(score, *(most for under, most in ACCIDENTAL if len(bones) < under), 1.0)
    return _candidate(match, "transliterated", score)


def _is_arabic(text: str) -> bool:
    return any("\u0600" <= char <= "\u06ff" for char in text)


def _likeness(left: str, right: str) -> float:
    """1 for equal spellings down to 0.5; across scripts, where vowels say nothing, 0.9."""
    if _is_arabic(left) != _is_arabic(right):
        return 0.9
    ratio = SequenceMatcher(None, left.replace(" ", ""), right.replace(" ", "")).ratio()
    return 0.5 + 0.5 * ratio


def _candidate(match: Match, how: How, score: float, generics: tuple[str, ...] = ()) -> Candidate:
    place: Place = match.place
    return Candidate(
        place=place, matched_name=match.name, how=how, score=round(score, 4), generics=generics
    )
