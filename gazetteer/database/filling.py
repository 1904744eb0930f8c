"""The rows of sources into the file that is being built, with a commit every so often."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from gazetteer.database import geopackage
from gazetteer.database.addition import Marked
from gazetteer.database.rows import RowWriter
from gazetteer.database.staging import SourceState, Staging
from gazetteer.errors import GazetteerFileError
from gazetteer.record import BadRow, Reader, Record, counted_in

Progress = Callable[[str, int, int | None], None]
"""Called with what is being done, how much is done, and how much there is, where known."""

COMMIT_ROWS = 20_000
BAD_ROWS_KEPT = 20
"""Of how many bad rows number and reason are told; the others are counted."""


def fill(
    staging: Staging,
    source: SourceState,
    one: Marked,
    said_before: Mapping[str, str],
    tell: Progress,
) -> None:
    """Read the rows of a source that are not in yet, and put it into the list of sources.

    Raises:
        GazetteerFileError: the source as a whole cannot be read, or no row of it can be used.
    """
    if source.read:
        return
    reader, shown = one.addition.reader, one.addition.shown
    what = f"reading {shown}" if shown else "reading"
    state = staging.state
    writer = RowWriter(
        staging.connection, source.key, place_id=state.place_id, name_id=state.name_id
    )
    for rows in _batches(itertools.islice(reader.rows(), source.rows, None)):
        tell(what, reader.done, reader.size)
        _write(staging, source, writer, rows, counted_in(reader.provenance.key))
    if source.bad and not source.places:
        raise _nothing_usable(reader, source)
    staging.connection.execute("BEGIN")
    _store(staging, source, one, {**said_before, **one.addition.said})
    source.read = True
    staging.commit()


def _nothing_usable(reader: Reader, source: SourceState) -> GazetteerFileError:
    """Refused, since a file gone wrong would else take the place of what was there of it."""
    first = ""
    if source.bad_first:
        number, why, unit = source.bad_first[0]
        first = f"; the first, {unit} {number}: {why}"
    return GazetteerFileError(
        f"{Path(reader.provenance.locator).name} has no row that can be used ({source.bad} bad "
        f"ones{first}); nothing was added or replaced"
    )


def _batches(rows: Iterator[Record | BadRow]) -> Iterator[list[Record | BadRow]]:
    while batch := list(itertools.islice(rows, COMMIT_ROWS)):
        yield batch


def _write(
    staging: Staging,
    source: SourceState,
    writer: RowWriter,
    rows: list[Record | BadRow],
    usual: str,
) -> None:
    records = [row for row in rows if isinstance(row, Record)]
    begun = source.rows

    def refuse(number: int, why: str, unit: str) -> None:
        source.bad += 1
        if len(source.bad_first) < BAD_ROWS_KEPT:
            source.bad_first.append((number, why[:300], unit))

    if len(records) < len(rows):
        for row in rows:
            if isinstance(row, BadRow):
                refuse(row.line, row.why, row.unit or usual)
    before = writer.place_id
    counted = writer.places, writer.names, writer.areas
    staging.connection.execute("BEGIN")
    writer.add(
        records,
        # Rare, so the search for its number costs nothing; a record knows no line.
        lambda record, why: refuse(begun + 1 + rows.index(record), why, "row"),
    )
    source.rows += len(rows)
    source.places += writer.places - counted[0]
    source.names += writer.names - counted[1]
    source.areas += writer.areas - counted[2]
    if writer.place_id > before:
        if source.last_place < source.first_place:
            source.first_place = before + 1
        source.last_place = writer.place_id
    staging.state.place_id, staging.state.name_id = writer.place_id, writer.name_id
    staging.commit()


def _store(staging: Staging, source: SourceState, one: Marked, said: Mapping[str, str]) -> None:
    given = one.provenance
    retrieved = given.retrieved_at
    row = (
        None,
        given.key,
        said.get("title", given.title),
        said.get("origin", given.origin),
        said.get("licence", given.licence),
        given.locator,
        given.sha256,
        retrieved.isoformat() if retrieved else None,
        # Some is noticed only while the rows are read.
        json.dumps(one.addition.reader.provenance.guessed, ensure_ascii=False),
        source.fingerprint,
        source.first_place,
        source.last_place,
        source.places,
        source.names,
        source.areas,
        source.bad,
        json.dumps(source.bad_first, ensure_ascii=False),
        0,
        datetime.now(UTC).isoformat(timespec="seconds"),
        one.location,
        json.dumps(dict(said), ensure_ascii=False) if said else None,
    )
    geopackage.insert(staging.connection, "sources", [row])
