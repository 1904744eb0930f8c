"""GeoNames' columns that ``export`` wrote, read back with the file beside them that says whose."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from gazetteer.errors import GazetteerFileError
from gazetteer.export.credit import BESIDE
from gazetteer.export.geonames import OWN_IDS
from gazetteer.export.given import Whose, whose
from gazetteer.export.part import MOST_PARTS, Part, provenance_of
from gazetteer.files import UnreadableFileError, read_regular
from gazetteer.record import BadRow, Provenance, Record
from gazetteer.sources.geonames import GeoNamesReader
from gazetteer.sources.unpack import InputFile

_MOST_BESIDE = 2**20
_OWN_ID = re.compile(rb"(?:^|\n)[3-9][0-9]{9}\t")
_LONGEST_ID = 12
_ORPHANS = (
    f"ids from {OWN_IDS:,} up are not GeoNames' but of an export; whose those rows are stood in "
    "a file beside it that is not there"
)

Spans = tuple[tuple[int, int], ...]


def columns_parts(source: InputFile, path: Path) -> tuple[Part, ...]:
    """The sources in such a file; none for a dump of GeoNames.

    Raises:
        GazetteerFileError: the file beside it is damaged, or not of these bytes.
    """
    if source.member:
        return ()
    beside = path.with_name(f"{path.name}{BESIDE}")
    if beside.is_file():
        return tuple(
            Part(
                provenance=provenance_of(one, path, source.sha256, "geonames"),
                made=_rows(source, _within(spans), first=at == 0),
                meter=source,
            )
            for at, (one, spans) in enumerate(_read(beside, source))
        )
    if not _has_own_ids(source):
        return ()
    known = GeoNamesReader(source).provenance
    geonames = replace(known, part="ids of GeoNames")
    others = provenance_of(None, path, source.sha256, "table", (_ORPHANS,))
    made: tuple[tuple[Provenance, Callable[[int, Record], bool]], ...] = (
        (geonames, lambda _, row: not _is_own(row)),
        (others, lambda _, row: _is_own(row)),
    )
    return tuple(
        Part(provenance=given, made=_rows(source, keep, first=at == 0), meter=source)
        for at, (given, keep) in enumerate(made)
    )


def _rows(
    source: InputFile, keep: Callable[[int, Record], bool], *, first: bool
) -> Callable[[], Iterator[Record | BadRow]]:
    def rows() -> Iterator[Record | BadRow]:
        for number, row in enumerate(GeoNamesReader(source).rows(), start=1):
            if isinstance(row, BadRow):
                # Nobody's; told once.
                if first:
                    yield row
            elif keep(number, row):
                # An id that we gave out is nobody's identifier.
                yield replace(row, same_as=()) if _is_own(row) else row

    return rows


def _is_own(row: Record) -> bool:
    return int(row.source_id) >= OWN_IDS


def _within(spans: Spans) -> Callable[[int, Record], bool]:
    return lambda number, _: any(first <= number <= last for first, last in spans)


def _has_own_ids(source: InputFile) -> bool:
    rest = b""
    for piece in source.pieces():
        data = rest + piece
        if _OWN_ID.search(data):
            return True
        rest = data[-_LONGEST_ID:]
    return False


def _read(beside: Path, source: InputFile) -> list[tuple[Whose, Spans]]:
    """Whose rows there are, and which."""
    try:
        told = json.loads(read_regular(beside, limit=_MOST_BESIDE))
        found = [
            (whose(one, key="key", title="title"), _spans(one["rows"])) for one in told["sources"]
        ]
        sha256 = told["sha256"]
    except UnreadableFileError as problem:
        raise GazetteerFileError(f"{beside} {problem}") from problem
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise GazetteerFileError(
            f"{beside.name} does not say whose the rows of {source.path.name} are ({error!r:.80}); "
            "export it again"
        ) from error
    sources = [(one, spans) for one, spans in found if one is not None]
    if len(sources) != len(found) or not 1 <= len(found) <= MOST_PARTS:
        raise GazetteerFileError(
            f"{beside.name} does not say whose all rows of {source.path.name} are; export it again"
        )
    if sha256 == source.sha256:
        return sources
    if len(sources) == 1:
        # Whatever was changed, all of it is one source's.
        return [(sources[0][0], ((1, 2**62),))]
    raise GazetteerFileError(
        f"{source.path.name} was changed since {beside.name} was written, which says by number "
        "whose its rows are; export it again, as .geojson if it is to be edited"
    )


def _spans(value: Any) -> Spans:
    return tuple((int(first), int(last)) for first, last in value)
