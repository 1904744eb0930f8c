"""What an answer from the network is made of, checked before it is believed."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from typing import Any

from gazetteer.errors import GazetteerError, OnlineError
from gazetteer.record import BadRow, Name, Provenance, Record
from gazetteer.sources.clean import LONGEST_NAME
from gazetteer.sources.online.client import Answer, Fetched

MOST_NAMES = 1_000
LONGEST_QUERY = 200

_KEY = re.compile(
    r"(?P<what>name|official_name|alt_name|int_name|loc_name|old_name|short_name|nat_name|reg_name)"
    r"(?::(?P<language>[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?))?"
)


class BadAnswerError(ValueError):
    """Why a part of an answer cannot be used, in words."""


def openstreetmap_answer(
    items: Iterable[Any],
    record: Callable[[Any], Record],
    got: Fetched,
    *,
    key: str,
    title: str,
) -> Answer:
    """The answer of a service that gives places of OpenStreetMap.

    Args:
        items: what it gave, one a place.
        record: makes a row of one; raises ``BadAnswerError`` for what is none.
        got: the whole of what was fetched.
        key: of the question, see ``Provenance``.
        title: how the service is to be named.
    """
    records: list[Record] = []
    bad: list[BadRow] = []
    for number, item in enumerate(items, start=1):
        try:
            records.append(record(item))
        except BadAnswerError as error:
            bad.append(BadRow(line=number, why=str(error)))
    return Answer(
        records=tuple(records),
        bad=tuple(bad),
        provenance=Provenance(
            key=key,
            title=title,
            origin="OpenStreetMap",
            licence="ODbL 1.0",
            locator=got.url,
            sha256=got.sha256,
            retrieved_at=got.retrieved_at,
        ),
    )


def asked_name(name: str) -> str:
    """A name fit to ask for.

    Raises:
        OnlineError: it is empty, too long, or holds control characters.
    """
    plain = " ".join(name.split())
    if not plain or len(plain) > LONGEST_QUERY or not plain.isprintable():
        raise OnlineError(
            f"{name[:40]!r} is no name to ask for; give 1 to {LONGEST_QUERY} printable characters"
        )
    return plain


def asked_country(code: str | None) -> str | None:
    """A country code in upper case.

    Raises:
        OnlineError: it is no code of two letters that is known.
    """
    from gazetteer.countries import country_name

    if code is None:
        return None
    try:
        country_name(code)
    except GazetteerError as error:
        raise OnlineError(str(error)) from error
    return code.upper()


def coordinate(value: Any, limit: float) -> float:
    """A finite number within a limit, given as number or text.

    Raises:
        BadAnswerError: it is none.
    """
    if isinstance(value, str) and len(value) < 40:
        try:
            value = float(value)
        except ValueError as error:
            raise BadAnswerError(f"{value!r} is no coordinate") from error
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadAnswerError("it has no position")
    if not math.isfinite(value) or abs(value) > limit:
        raise BadAnswerError(f"coordinate {value} is out of range")
    return float(value)


def text_of(value: Any, longest: int = LONGEST_NAME) -> str:
    """A printable line of text, or "" for anything else."""
    if not isinstance(value, str) or len(value) > 100_000:
        return ""
    return " ".join("".join(c if c.isprintable() else " " for c in value).split())[:longest]


def count_of(value: Any) -> int | None:
    """A number of people, or None."""
    text = re.sub(r"[\s,']", "", str(value)) if isinstance(value, str | int) else ""
    return int(text) or None if text.isascii() and text.isdigit() and len(text) < 11 else None


def tags_of(value: Any) -> dict[str, str]:
    """Texts by key; anything else is left out."""
    if not isinstance(value, dict):
        return {}
    found = {}
    for key, one in list(value.items())[:5_000]:
        if isinstance(one, str):
            found[str(key)[:100]] = text_of(one, 2_000)
    return found


def names_of_tags(tags: dict[str, str]) -> list[Name]:
    """Names out of OpenStreetMap's tags, that of ``name`` first; several in one by ``;``."""
    found: dict[tuple[str, str | None], Name] = {}
    for key in sorted(tags, key=lambda key: key != "name"):
        match = _KEY.fullmatch(key)
        if match is None:
            continue
        what, language = match["what"], match["language"]
        for part in tags[key].split(";"):
            text = text_of(part)
            if text and len(found) < MOST_NAMES:
                found.setdefault(
                    (text, language),
                    Name(
                        text=text,
                        language=language,
                        preferred=what == "name",
                        historic=what == "old_name",
                    ),
                )
    return list(found.values())


def same_as_of_tags(tags: dict[str, str]) -> list[str]:
    """Identifiers elsewhere out of OpenStreetMap's tags."""
    found = []
    for key, prefix, shape in (
        ("wikidata", "wd", r"Q\d{1,12}"),
        ("GNS:id", "gns", r"-?\d{1,12}"),
        ("geonames:id", "gn", r"\d{1,12}"),
        ("iata", "iata", r"[A-Z0-9]{3}"),
        ("icao", "icao", r"[A-Z0-9]{4}"),
        ("unhcr:id", "unhcr", r"\w{1,40}"),
    ):
        value = tags.get(key, "")
        if re.fullmatch(shape, value):
            found.append(f"{prefix}:{value}")
    return found
