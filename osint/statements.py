"""What other publishers said: the statements file (JSON lines or CSV) into values."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from gazetteer.files import UnreadableFileError, read_regular
from osint.claims import DateInterval
from osint.errors import StatementsError
from osint.extract.dates import parse_published

MAX_BYTES = 20_000_000
_FIELDS = ("source", "text", "origin", "published", "url")


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One publisher's words.

    ``origin`` is who said it first (the source itself unless the file says otherwise); ``locator``
    is where it stands in the file.
    """

    source: str
    text: str
    origin: str
    published: DateInterval | None = None
    url: str | None = None
    locator: str = ""


def read_statements(path: Path) -> tuple[Statement, ...]:
    """Read a statements file; ``.csv`` is read as CSV, everything else as JSON lines.

    Raises:
        StatementsError: missing, too large, not UTF-8, or a line that cannot be used (named).
    """
    try:
        text = read_regular(path, limit=MAX_BYTES).decode("utf-8-sig")
    except UnreadableFileError as problem:
        raise StatementsError(f"{path} {problem}") from problem
    except UnicodeDecodeError as error:
        raise StatementsError(
            f"{path} is not UTF-8 (byte {error.start}); save it as UTF-8"
        ) from error
    rows = _csv_rows(path, text) if path.suffix.lower() == ".csv" else _json_rows(path, text)
    return tuple(_statement(path, line, row) for line, row in rows)


def _json_rows(path: Path, text: str) -> Iterable[tuple[int, dict[str, object]]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise StatementsError(
                f"{path}, line {number}: not JSON ({type(error).__name__}); one object a line"
            ) from error
        if not isinstance(row, dict):
            raise StatementsError(f"{path}, line {number}: needs one JSON object a line")
        yield number, row


def _csv_rows(path: Path, text: str) -> Iterable[tuple[int, dict[str, object]]]:
    reader = csv.DictReader(io.StringIO(text), strict=True)
    try:
        for row in reader:
            # Cells beyond the header land under None; they are no field of ours.
            cells = {str(k).strip().lower(): v for k, v in row.items() if isinstance(v, str)}
            yield reader.line_num, {k: v for k, v in cells.items() if v != ""}
    except csv.Error as error:
        raise StatementsError(f"{path}, line {reader.line_num}: not CSV ({error})") from error


def _statement(path: Path, line: int, row: dict[str, object]) -> Statement:
    where = f"{path}, line {line}"
    values: dict[str, str | None] = {}
    for name in _FIELDS:
        value = row.get(name)
        if value is not None and not isinstance(value, str):
            raise StatementsError(f"{where}: {name!r} must be text, got {value!r:.60}")
        if value is not None and any("\ud800" <= c <= "\udfff" for c in value):
            raise StatementsError(f"{where}: {name!r} holds half a character; write it as UTF-8")
        values[name] = value.strip() if value and value.strip() else None
    source, text = values["source"], values["text"]
    if source is None or text is None:
        missing = "source" if source is None else "text"
        raise StatementsError(f"{where}: no {missing!r}; every statement needs a source and a text")
    published = None
    if values["published"]:
        try:
            published = parse_published(values["published"])
        except ValueError as error:
            raise StatementsError(
                f"{where}: published {values['published']!r:.40} is no date; "
                "write 2017-06-14, 2017-06 or 2017"
            ) from error
    return Statement(
        source=source,
        text=text,
        origin=values["origin"] or source,
        published=published,
        url=values["url"],
        locator=f"{path.name}:{line}",
    )
