"""What a row of an exported file says of its place and of whose it is; the reverse of ``facts_of``.

A row may have been edited, by hand or by a program that writes other types. What is no such value
is left out, as if it had not been said.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from gazetteer.errors import GazetteerError
from gazetteer.export.geojson import SEPARATORS
from gazetteer.place import KINDS
from gazetteer.printable import plain_line
from gazetteer.record import Name, Record
from gazetteer.sources.dates import span
from gazetteer.sources.layers import cell_text

_LONGEST = 1_000
_MOST_NAMES = 2_000
_COUNTRY = re.compile(r"[A-Z]{2}").fullmatch


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """Whose a place is, as its row says.

    Attributes:
        key: of the source in the gazetteer it was exported from.
        title, origin, licence, retrieved_at: as in ``Provenance``.
    """

    key: str
    title: str
    origin: str
    licence: str
    retrieved_at: datetime | None


def whose(
    values: Mapping[str, Any], *, key: str = "source_key", title: str = "source"
) -> Whose | None:
    """Whose the place is; None if the row does not say.

    Args:
        values: key and title of the source, ``origin``, ``licence``, ``retrieved_at``.
        key: what the key of the source is called in them.
        title: what its title is called.
    """
    key, title = text_of(values.get(key)), text_of(values.get(title))
    if not key or not title:
        return None
    licence = text_of(values.get("licence"))
    return Whose(
        key=key,
        title=title,
        origin=text_of(values.get("origin")) or title,
        licence="" if licence == "not stated" else licence,
        retrieved_at=_time(values.get("retrieved_at")),
    )


def text_of(value: object) -> str:
    """A line of text, "" for anything else; a whole number as its digits."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = cell_text(value)
    return " ".join(plain_line(value[:10_000]).split())[:_LONGEST] if isinstance(value, str) else ""


def filled(record: Record, values: Mapping[str, Any], *, identifier: str) -> Record:
    """A record with all that its row says besides names, position and outline.

    Args:
        record: names, position and outline of the place.
        values: of the row.
        identifier: which of the values is the source's own.
    """
    kind = text_of(values.get("kind"))
    country = text_of(values.get("country"))
    population = _number(values.get("population"))
    uncertainty_m = _number(values.get("uncertainty_m"))
    extent_m = _number(values.get("extent_m"))
    return replace(
        record,
        source_id=text_of(values.get(identifier)) or record.source_id,
        kind=kind if kind in KINDS else record.kind,
        kind_inferred=_flag(values.get("kind_inferred")),
        feature=text_of(values.get("feature")),
        country=country if _COUNTRY(country) else None,
        admin1=text_of(values.get("admin1")) or None,
        admin2=text_of(values.get("admin2")) or None,
        population=int(population) if population is not None and population >= 1 else None,
        uncertainty_m=uncertainty_m if uncertainty_m is not None and uncertainty_m >= 0 else None,
        extent_m=extent_m if extent_m else record.extent_m,
        valid=span(text_of(values.get("valid_from")), text_of(values.get("valid_to"))),
        same_as=_several(values.get("same_as"), " ") or record.same_as,
        note=_note(values.get("note")),
    )


def names_of(values: Mapping[str, Any]) -> tuple[Name, ...]:
    """All spellings, the main one first, with language and use where the row has them.

    Raises:
        GazetteerError: it has none.
    """
    main = text_of(values.get("name"))
    plain = tuple(dict.fromkeys((main, *_several(values.get("names"), ";"))))
    texts = tuple(text for text in plain if text)
    spellings = values.get("spellings")
    if isinstance(spellings, str):
        # Programs that know no lists keep them as JSON.
        try:
            spellings = json.loads(spellings)
        except (ValueError, RecursionError):
            spellings = None
    if isinstance(spellings, list):
        said = tuple(_spelling(one) for one in spellings[:_MOST_NAMES] if isinstance(one, dict))
        known = {text_of(name.text.translate(SEPARATORS)) for name in said}
        # Where a name was edited, the spellings are those of before.
        if said and known == set(texts) and all(name.text for name in said):
            return said
    if not texts:
        raise GazetteerError("it has no name")
    return tuple(Name(text=text) for text in texts[:_MOST_NAMES])


def with_flags(names: Sequence[Name], toponyms: object) -> tuple[Name, ...]:
    """Names of Linked Places Format with what only our own export says of them."""
    if not isinstance(toponyms, list):
        return tuple(names)
    said: dict[tuple[str, str | None], Mapping[str, Any]] = {}
    for one in toponyms:
        if isinstance(one, dict):
            said.setdefault((text_of(one.get("toponym")), text_of(one.get("lang")) or None), one)
    return tuple(
        replace(
            name,
            preferred=_flag(one.get("preferred")),
            historic=_flag(one.get("historic")),
            colloquial=_flag(one.get("colloquial")),
        )
        for name in names
        for one in (said.get((text_of(name.text), name.language), {}),)
    )


def _spelling(given: Mapping[str, Any]) -> Name:
    return Name(
        text=text_of(given.get("text")),
        language=text_of(given.get("language")) or None,
        preferred=_flag(given.get("preferred")),
        historic=_flag(given.get("historic")),
        colloquial=_flag(given.get("colloquial")),
        valid=span(text_of(given.get("first")), text_of(given.get("last"))),
    )


def _several(value: object, mark: str) -> tuple[str, ...]:
    if isinstance(value, str):
        value = value.split(mark)
    if not isinstance(value, list):
        return ()
    texts = (text_of(one) for one in value[:_MOST_NAMES])
    return tuple(dict.fromkeys(text for text in texts if text))


def _note(value: object) -> str:
    return value[:2_000] if isinstance(value, str) else ""


def _flag(value: object) -> bool:
    return value is True or value in ("1", "true", "True")


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _time(value: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(text_of(value))
    except ValueError:
        return None
    return at if at.tzinfo else None
