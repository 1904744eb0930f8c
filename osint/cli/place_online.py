"""Candidates from services on the network, where the user asks for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from osint.errors import UsageError

if TYPE_CHECKING:
    from gazetteer.place import Candidate
    from gazetteer.search import Gazetteer
    from gazetteer.sources.online.client import Answer

SERVICES = ("nominatim", "overpass", "wikidata")

Ask = Callable[[str, str | None], "Answer"]


def services() -> dict[str, Ask]:
    """What asks each service for a name and a country."""
    from gazetteer.sources.online.nominatim import nominatim
    from gazetteer.sources.online.overpass import overpass
    from gazetteer.sources.online.wikidata import wikidata

    return {"nominatim": nominatim, "overpass": overpass, "wikidata": wikidata}


def with_online(
    index: Gazetteer, asked: Sequence[str], name: str, code: str | None
) -> tuple[Gazetteer, tuple[Candidate, ...], tuple[str, ...]]:
    """The gazetteer with the answers of the services as further sources.

    Returns:
        The gazetteer; candidates that a service gave for the name though none of their names
        matches it; and why services could not answer, a sentence each.

    Raises:
        UsageError: a service is none of ``SERVICES``.
    """
    from gazetteer.errors import OnlineError
    from gazetteer.search import Gazetteer
    from gazetteer.sources.given import GivenSource
    from osint.cli.output import steps

    known: Mapping[str, Ask] = services()
    for service in asked:
        if service not in known:
            raise UsageError(f"--online {service!r:.40} is none of {', '.join(SERVICES)}")
    sources: list[GivenSource] = []
    problems: list[str] = []
    with steps() as step:
        for service in dict.fromkeys(asked):
            step(f"asking {service}")
            try:
                answer = known[service](name, code)
            except OnlineError as error:
                problems.append(f"{service} gave no answer: {error}")
                continue
            sources.append(GivenSource(answer.provenance, answer.records))
    if not sources:
        return index, (), tuple(problems)
    whole = Gazetteer([*index.sources, *sources], index.borders)
    others = tuple(c for source in sources for c in _unmatched(source, name))
    return whole, others, tuple(problems)


def _unmatched(source: object, name: str) -> tuple[Candidate, ...]:
    """What a service thought fit, by the likest of its names."""
    from gazetteer.names import fold
    from gazetteer.place import Candidate
    from gazetteer.rank import likeness
    from gazetteer.search import FUZZY
    from gazetteer.sources.given import GivenSource

    if not isinstance(source, GivenSource):
        return ()
    key = fold(name)
    found = []
    for place in source.places:
        alike, text = max((likeness(key, fold(text)), text) for text in place.names)
        found.append(
            Candidate(
                place=place,
                matched_name=text,
                how="fuzzy",
                score=max(round(FUZZY * alike, 4), 0.0001),
            )
        )
    return tuple(found)


def merged(found: Sequence[Candidate], others: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """The candidates with the others that are not yet among them, best first."""
    known = {(c.place.source, c.place.source_id) for c in found}
    fresh = [c for c in others if (c.place.source, c.place.source_id) not in known]
    return tuple(sorted([*found, *(replace(c) for c in fresh)], key=lambda c: -c.score))
