"""How well each row of a name fits the texts it stands in.

The signs are those of ``toponyms``: the area named right behind the name, the regions the text
names, and what else the text speaks of nearby. Kind, population and country have their own place in
``readings`` and are left out here. Names that one claim joins say nothing of each other: were a
base read as the one near the town that the claim puts it beside, the claim would speak for itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gazetteer.place import Place
from osint.document import Document, endpoints
from osint.readings import PlaceIndex
from osint.toponyms import Toponym, Weights, meanings

LEAST_FACTOR = 0.1
"""However badly a row fits, no more is taken off: texts do jump from place to place."""

_SIGNS = Weights(
    population=0.0, country=0.0, region=0.0, same_name=0.0, country_named=0.0, same_country=0.0
)

Row = tuple[str, str]
"""A gazetteer row by source and source_id."""


def row_of(place: Place) -> Row:
    """The key of a place's row."""
    return place.source, place.source_id


class Context:
    """The names of all texts, weighed in each text on its own."""

    def __init__(self, documents: Sequence[Document], gazetteer: PlaceIndex) -> None:
        self._factors: dict[str, list[dict[Row, float]]] = {}
        for document in documents:
            found = meanings(
                document.text,
                _toponyms(document),
                gazetteer,
                weights=_SIGNS,
                joined=_joined(document),
            )
            for name, each in found.items():
                if each:
                    most = each[0].share
                    shares = {row_of(m.candidate.place): m.share / most for m in each}
                    self._factors.setdefault(name, []).append(shares)

    def factors(self, names: Sequence[str]) -> Mapping[Row, float]:
        """What each row of a place's names is to be weighed by, ``LEAST_FACTOR`` to 1.

        Of several texts, each has the same say. Rows that no text knows are not in it.
        """
        texts = [shares for name in names for shares in self._factors.get(name, ())]
        rows = {row for shares in texts for row in shares}
        mean = {row: sum(shares.get(row, 0.0) for shares in texts) / len(texts) for row in rows}
        most = max(mean.values(), default=1.0)
        return {row: max(value / most, LEAST_FACTOR) for row, value in mean.items()}


def _toponyms(document: Document) -> list[Toponym]:
    """The proper names of the places that a text's claims speak of, and of its areas."""
    spans: dict[str, set[tuple[int, int]]] = {}
    for entity in document.extraction.entities:
        if entity.role in ("site", "unknown", "area"):
            name = entity.proper or entity.name
            spans.setdefault(name, set()).update(
                (start + at, start + at + len(name))
                for start, end in entity.mentions
                if (at := document.text[start:end].find(name)) >= 0
            )
    return [Toponym(name=name, spans=tuple(sorted(where))) for name, where in spans.items()]


def _joined(document: Document) -> set[frozenset[str]]:
    """Pairs of names that are the two ends of one claim."""
    pairs: set[frozenset[str]] = set()
    for claim in document.extraction.claims:
        names = {entity.proper or entity.name for entity in endpoints(claim)}
        pairs.update(frozenset({one, other}) for one in names for other in names if one < other)
    return pairs
