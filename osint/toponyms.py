"""What each place name of a text means, all names of the text weighed together.

A name alone says little: dozens of places are called Springfield. What tells them apart stands
around it: the state named behind the comma, the countries and regions that the text speaks of, and
above all the other names, which mostly mean places nearby. Each candidate of a name gets a score
that is linear in those signs (``Weights``), the scores become shares, and the shares of all names
are worked out anew in a few rounds, because what is near a name depends on what the others mean.

One name means one place throughout a text. The gazetteer knows nothing of this: it gives the
candidates, and the text decides among them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from gazetteer.abbreviations import spelled_out
from gazetteer.countries import country_code, country_codes_in, country_name
from gazetteer.names import fold
from gazetteer.pairwise import distance_matrix_m
from gazetteer.place import Candidate, Place
from osint.readings import EXACT, PlaceIndex, plausible

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """How much each sign adds to a candidate's score, in natural logarithms.

    The values were fitted by maximum likelihood to the names in one half of two collections of
    news with known places (LGL and TR-News, the documents whose name's SHA-256 is even);
    ``benchmarks/toponyms.py`` reports on the other half, too.

    Attributes:
        population: for each tenfold of inhabitants (30 are added first, for those with none known).
        country: a country rather than an inhabited place without inhabitants.
        region: likewise a first-level area.
        same_name: the matched name is the place's main one.
        beside: the area named right behind it ("Paris, Texas") holds it; taken off where another
            does.
        region_named: each tenfold (natural logarithm) of times its region is named in the text.
        country_named: its country is named in the text.
        near: other names of the text close by, e-folding over ``NEAR_KM``.
        same_country: share of the other names that lie in its country.
    """

    population: float = 1.53
    country: float = 10.8
    region: float = 9.5
    same_name: float = 2.2
    beside: float = 3.1
    region_named: float = 1.8
    country_named: float = 1.5
    near: float = 5.5
    same_country: float = 3.2


NEAR_KM = 120.0
ROUNDS = 3
MOST_CANDIDATES = 60
"""Of more candidates of one name only the likeliest by themselves are weighed."""

_LEAST_SAID = 30.0
_BEHIND = re.compile(
    r"\s*(?:,|\(|\bin\b|\bof\b)\s*((?:[A-Z][\w.'\u2019-]*)(?:\s[A-Z][\w.'\u2019-]*){0,3})"
)
_LONGEST_AREA = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Toponym:
    """A place name of a text: its spelling and where it stands, as (start, end) of code points."""

    name: str
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """A place that a name of a text may mean.

    Attributes:
        candidate: the gazetteer's row.
        share: how likely it is to be the one meant, among the rows of that name; they add up to 1.
    """

    candidate: Candidate
    share: float


@dataclass(slots=True)
class _Scene:
    """What a text says of areas."""

    countries: frozenset[str]
    regions: dict[tuple[str, str], int] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class _Name:
    candidates: list[Candidate]
    alone: Floats
    """(n,) score of each candidate without the other names."""
    lon: Floats
    lat: Floats
    country: NDArray[np.int64]
    local: Floats
    """(n,) 1 for what is small enough to be near something, 0 for countries and regions."""
    share: Floats


_Area = tuple[str, str | None]
"""Country code and first-level area code; None for a whole country."""


def meanings(
    text: str,
    toponyms: Sequence[Toponym],
    gazetteer: PlaceIndex,
    *,
    weights: Weights | None = None,
    joined: Collection[frozenset[str]] = (),
) -> dict[str, tuple[Meaning, ...]]:
    """What each name of a text may mean, likeliest first; empty for a name nobody knows.

    Args:
        text: the whole text.
        toponyms: its place names, each spelling once.
        gazetteer: where they are looked up.
        weights: how much each sign counts; the fitted ones if None.
        joined: pairs of names that a claim of the text joins. They say nothing of each other here:
            that the two are near one another is what is to be checked.
    """
    how_much = weights or Weights()
    scene = _Scene(frozenset(country_codes_in(text)))
    areas = _AreaNames(gazetteer)
    behind = {t.name: _named_behind(text, t, areas) for t in toponyms}
    for toponym in toponyms:
        named = {area: len(toponym.spans) for area in areas.meant(toponym.name)}
        for area, times in (*named.items(), *behind[toponym.name].items()):
            if area[1] is not None:
                key = (area[0], area[1])
                scene.regions[key] = scene.regions.get(key, 0) + times
    names: dict[str, _Name] = {}
    for toponym in toponyms:
        found = candidates_of(toponym.name, gazetteer)
        if found:
            names[toponym.name] = _scored(
                toponym.name, found, behind[toponym.name], scene, how_much
            )
    _weigh_together(names, how_much, joined)
    return {t.name: _in_order(names.get(t.name)) for t in toponyms}


def candidates_of(name: str, gazetteer: PlaceIndex) -> tuple[Candidate, ...]:
    """The rows a name may mean, abbreviations and demonyms spelled out.

    Other spellings and misspellings are looked for only where nobody has the name as it stands.
    """
    asked = [name]
    if (state := spelled_out(name)) is not None:
        asked.append(state[0])
    if (code := country_code(name)) is not None:
        asked.append(country_name(code))
    found: dict[tuple[str, str], Candidate] = {}
    for number, phrase in enumerate(asked):
        for candidate in gazetteer.find(phrase, hows=EXACT):
            place = candidate.place
            if number == 0 or place.kind in ("country", "region"):
                found.setdefault((place.source, place.source_id), candidate)
    return plausible(tuple(found.values()) or gazetteer.find(name), {})


class _AreaNames:
    """Which countries and first-level areas a phrase can mean, remembered over one text."""

    def __init__(self, gazetteer: PlaceIndex) -> None:
        self._gazetteer = gazetteer
        self._known: dict[str, frozenset[_Area]] = {}

    def meant(self, phrase: str) -> frozenset[_Area]:
        if phrase not in self._known:
            self._known[phrase] = frozenset(self._look_up(phrase))
        return self._known[phrase]

    def _look_up(self, phrase: str) -> set[_Area]:
        areas: set[_Area] = set()
        code = country_code(phrase)
        if code is not None:
            areas.add((code, None))
        state = spelled_out(phrase)
        for candidate in self._gazetteer.find(state[0] if state else phrase, hows=EXACT):
            place = candidate.place
            if place.kind != "region" or not place.country:
                continue
            if state is None or place.country == state[1]:
                areas.add((place.country, place.admin1 or place.name))
        return areas


def _named_behind(text: str, toponym: Toponym, areas: _AreaNames) -> dict[_Area, int]:
    """The areas named right behind a name, with how often."""
    found: dict[_Area, int] = {}
    for _, end in toponym.spans:
        match = _BEHIND.match(text, end)
        if match is None:
            continue
        words = match.group(1).split()
        for size in range(min(len(words), _LONGEST_AREA), 0, -1):
            phrase = " ".join(words[:size])
            meant = areas.meant(phrase) or areas.meant(phrase.rstrip("."))
            if meant:
                for area in meant:
                    found[area] = found.get(area, 0) + 1
                break
    return found


def _scored(
    name: str,
    found: Sequence[Candidate],
    behind: Mapping[_Area, int],
    scene: _Scene,
    weights: Weights,
) -> _Name:
    key = fold(name)
    scored = sorted(
        ((_score_alone(c, key, behind, scene, weights), -n, c) for n, c in enumerate(found)),
        reverse=True,
        key=lambda row: row[:2],
    )[:MOST_CANDIDATES]
    places = [c.place for _, _, c in scored]
    alone = np.array([score for score, _, _ in scored])
    return _Name(
        candidates=[c for _, _, c in scored],
        alone=alone,
        lon=np.array([p.position.lon for p in places]),
        lat=np.array([p.position.lat for p in places]),
        country=np.array([_code_number(p.country) for p in places]),
        local=np.array([float(p.kind not in ("country", "region")) for p in places]),
        share=_shares(alone),
    )


def _score_alone(
    candidate: Candidate,
    key: str,
    behind: Mapping[_Area, int],
    scene: _Scene,
    weights: Weights,
) -> float:
    """A candidate's score from the name, the words behind it and the areas the text names."""
    place = candidate.place
    score = weights.same_name if fold(place.name) == key else 0.0
    if place.kind == "country":
        score += weights.country
    elif place.kind == "region":
        score += weights.region
    elif place.kind != "district":
        score += weights.population * float(np.log10((place.population or 0) + _LEAST_SAID))
    holders = _holders(place)
    if behind:
        score += weights.beside if holders & behind.keys() else -weights.beside
    if place.kind != "region":
        times = sum(scene.regions.get((cc, a1), 0) for cc, a1 in holders if a1 is not None)
        score += weights.region_named * float(np.log1p(times))
    if place.kind != "country" and place.country in scene.countries:
        score += weights.country_named
    return score


def _holders(place: Place) -> frozenset[_Area]:
    """The areas a place lies in."""
    if not place.country or place.kind == "country":
        return frozenset()
    areas: set[_Area] = {(place.country, None)}
    if place.admin1 and place.kind != "region":
        areas.add((place.country, place.admin1))
    return frozenset(areas)


def _code_number(code: str | None) -> int:
    """A number for a country code; one of its own for none, which equals no other."""
    return (ord(code[0]) << 8) + ord(code[1]) if code else 0


def _weigh_together(
    by_name: Mapping[str, _Name], weights: Weights, joined: Collection[frozenset[str]]
) -> None:
    """Work out the shares of all names, each in the light of the others."""
    names = list(by_name.values())
    if len(names) < 2:
        return
    lon = np.concatenate([name.lon for name in names])
    lat = np.concatenate([name.lat for name in names])
    country = np.concatenate([name.country for name in names])
    local = np.concatenate([name.local for name in names])
    ends = list(accumulate(len(name.candidates) for name in names))
    starts = np.array([0, *ends[:-1]])
    near = np.exp(-distance_matrix_m(lon, lat, lon, lat) / (NEAR_KM * 1000)) * local
    same = (country[:, None] == country[None, :]) & (country[:, None] > 0)
    rows = {n: slice(a, b) for n, a, b in zip(by_name, starts, ends, strict=True)}
    # A name says nothing about itself.
    for pair in (*joined, *(frozenset({name}) for name in by_name)):
        if pair <= rows.keys():
            one, other = min(pair), max(pair)
            for a, b in ((rows[one], rows[other]), (rows[other], rows[one])):
                near[a, b] = 0.0
                same[a, b] = False
    for _ in range(ROUNDS):
        share = np.concatenate([name.share for name in names])
        # Of each other name the one candidate that helps most: a name means one place.
        closest = np.maximum.reduceat(near * share, starts, axis=1).sum(axis=1)
        alike = (same @ share) / (len(names) - 1)
        score = weights.near * np.log1p(closest) + weights.same_country * alike
        for name, start, end in zip(names, starts, ends, strict=True):
            name.share = _shares(name.alone + score[start:end])


def _shares(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max())
    shares: Floats = powers / powers.sum()
    return shares


def _in_order(name: _Name | None) -> tuple[Meaning, ...]:
    if name is None:
        return ()
    order = np.argsort(-name.share, kind="stable")
    return tuple(
        Meaning(candidate=name.candidates[at], share=float(name.share[at])) for at in order
    )
