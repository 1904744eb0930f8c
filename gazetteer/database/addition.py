"""What is to be added, what became of it, and whether it is there already."""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from gazetteer.database.place_rows import bad_rows_of
from gazetteer.errors import GazetteerFileError
from gazetteer.record import BadRow, Provenance, Reader
from gazetteer.sources.clean import clean

CAN_BE_SAID = ("title", "licence", "origin")
"""What a person may say of a source in the place of what its reader makes out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """A source to be added.

    Attributes:
        reader: of the source.
        key: under which it is kept, "" for the reader's own.
        said: what a person says of it in the place of the reader: ``title``, ``licence`` and
            ``origin`` or some of them. It stays with the source when newer bytes replace it.
        location: where it lies, so that another file of the same name is told from it; "" for
            the reader's locator.
        replace: whether it may take the place of a source of the same key from elsewhere.
        shown: what progress calls it, "" for nothing.
    """

    reader: Reader
    key: str = ""
    said: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    location: str = ""
    replace: bool = False
    shown: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What became of a source.

    Attributes:
        key: of the source.
        unchanged: the gazetteer had just these bytes already, no row was read.
        places, names, areas: how many the source has in the gazetteer now.
        bad_rows: how many rows could not be used.
        bad_first: the first of them.
        replaced: how many places an earlier addition of the source had, now gone.
        links: how many pairs with places of other sources were found.
        known_from: where the same bytes came from when they were added, "" if they are new.
        said: what of title, licence and origin was changed though no row was.
    """

    key: str
    unchanged: bool
    places: int
    names: int
    areas: int
    bad_rows: int
    bad_first: tuple[BadRow, ...]
    replaced: int = 0
    links: int = 0
    known_from: str = ""
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Marked:
    """An addition with what identifies it; equal to itself only.

    Attributes:
        addition: what is to be added.
        provenance: of its reader, with key and what was said of it.
        fingerprint: what tells one version of it from another, "" if nothing does.
        location: where it lies.
    """

    addition: Addition
    provenance: Provenance
    fingerprint: str
    location: str


def marked(addition: Addition) -> Marked:
    """An addition, identified.

    Raises:
        GazetteerFileError: its source cannot be read.
    """
    provenance = addition.reader.provenance
    said = checked(addition.said)
    return Marked(
        addition=addition,
        provenance=replace(
            provenance,
            key=_writable(addition.key or provenance.key),
            title=said.get("title", clean(provenance.title)),
            licence=said.get("licence", clean(provenance.licence)),
            origin=said.get("origin", clean(provenance.origin)),
        ),
        fingerprint=_fingerprint(provenance),
        location=addition.location or _located(provenance.locator),
    )


def checked(said: Mapping[str, str]) -> dict[str, str]:
    """What may be said of a source, each a line of text that can be shown."""
    return {name: clean(said[name]) for name in CAN_BE_SAID if name in said}


def _writable(key: str) -> str:
    """A key that can be shown and typed; two that differ stay two."""
    shown = clean(key)
    if shown == key:
        return key
    return f"{shown}~{hashlib.sha256(key.encode('utf-8', 'replace')).hexdigest()[:6]}"


def _fingerprint(provenance: Provenance) -> str:
    sha256 = provenance.sha256
    if not sha256:
        try:
            with open(provenance.locator, "rb") as file:  # noqa: PTH123 - a locator need be no path
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        except (OSError, ValueError):
            return ""
    if provenance.part:
        sha256 = hashlib.sha256(f"{sha256} {provenance.part}".encode()).hexdigest()
    return sha256


def _located(locator: str) -> str:
    # GeoNames' reader names the file of names too.
    path = Path(locator.partition(" with ")[0])
    with contextlib.suppress(OSError, ValueError):
        if path.exists():
            return str(path.resolve())
    return locator


class Shelf:
    """The sources that are in a gazetteer, to compare others with.

    Args:
        connection: of the gazetteer, None where there is none yet.
    """

    def __init__(self, connection: sqlite3.Connection | None) -> None:
        self._rows: list[dict[str, Any]] = []
        if connection is not None:
            cursor = connection.execute("SELECT * FROM sources ORDER BY id")
            names = [column[0] for column in cursor.description]
            self._rows = [dict(zip(names, row, strict=True)) for row in cursor]

    def same_bytes(self, one: Marked) -> Added | None:
        """What is there of just these bytes, whatever their name and wherever they lay."""
        row = next(
            (r for r in self._rows if one.fingerprint and r["fingerprint"] == one.fingerprint), None
        )
        if row is None:
            return None
        there = row.get("location") or row["locator"]
        said = checked(one.addition.said)
        return Added(
            key=row["key"],
            unchanged=True,
            places=row["places"],
            names=row["names"],
            areas=row["areas"],
            bad_rows=row["bad_rows"],
            bad_first=bad_rows_of(row["bad_first"], row["key"]),
            links=row["links"],
            known_from=there,
            said=tuple(name for name, value in said.items() if row[name] != value),
        )

    def said_of(self, key: str) -> dict[str, str]:
        """What a person said of the source with this key."""
        row = next((r for r in self._rows if r["key"] == key), {})
        return dict(json.loads(row.get("said") or "{}"))

    def keys(self) -> tuple[str, ...]:
        """Of all sources, in the order they came."""
        return tuple(row["key"] for row in self._rows)

    def refuse_other_file(self, one: Marked) -> None:
        """Stop a file from taking the place of another that happens to have its name.

        Raises:
            GazetteerFileError: the key belongs to a file elsewhere.
        """
        key = one.provenance.key
        there = next((r.get("location") for r in self._rows if r["key"] == key), None)
        if there and there != one.location and not one.addition.replace:
            raise GazetteerFileError(
                f"{one.location} would take the place of {key}, which came from {there}; "
                "--key NAME adds it as a source of its own, --replace lets it"
            )
