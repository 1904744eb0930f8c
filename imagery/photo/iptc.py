"""IPTC records (IPTC-IIM 4.2): captions, places, credit and dates, as a desk wrote them.

They are words that somebody typed, never measurements.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from imagery.photo.words import Words, tidy

_ENVELOPE, _APPLICATION = 1, 2
_CHARACTER_SET = 90
_INSTRUCTIONS, _CREATED, _TIME_CREATED = 40, 55, 60
_PROGRAM, _PROGRAM_VERSION = 65, 70
# Labels shared with ``XmpFacts.said``, with the number of the record.
_SAID = {
    "headline": 105,
    "title": 5,
    "description": 120,
    "sublocation": 92,
    "city": 90,
    "province": 95,
    "country": 101,
    "creator": 80,
    "credit": 110,
    "source": 115,
}
_CAPTIONS = ("headline", "title", "description")
_PLACES = ("sublocation", "city", "province", "country")
# ISO 2022 escapes of IIM 1:90 that were met or are likely; names are Python's.
_ENCODINGS = {
    b"\x1b%G": "utf-8",
    b"\x1b%/G": "utf-8",
    b"\x1b%/I": "utf-8",
    b"\x1b.A": "latin-1",
    b"\x1b-A": "latin-1",
    b"\x1b-B": "iso8859-2",
    b"\x1b-F": "iso8859-7",
    b"\x1b-G": "iso8859-6",
    b"\x1b-H": "iso8859-8",
    b"\x1b-L": "iso8859-5",
    b"\x1b-M": "iso8859-9",
}
_MOST_RECORDS = 2_000
_MOST_SHORT = 200
_DAY = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
_TIME = re.compile(r"(\d\d)(\d\d)(\d\d)(?:([+-])(\d\d)(\d\d))?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class IptcFacts:
    """What IPTC records say.

    Attributes:
        words: captions and places.
        said: (label, text) with the labels "headline", "title", "description", "sublocation",
            "city", "province", "country", "creator", "credit" and "source".
        created: when the content was made (2:55, 2:60), ISO 8601, with an offset only if the file
            gives one.
        credit: 2:110, else the creator (2:80), else the source (2:115).
        instructions: special instructions (2:40); Facebook marks its files there.
        program: the program that wrote the records (2:65, 2:70).
        problems: what could not be used, in words.
    """

    words: Words = field(default_factory=Words)
    said: tuple[tuple[str, str], ...] = ()
    created: str | None = None
    credit: str | None = None
    instructions: str | None = None
    program: str | None = None
    problems: tuple[str, ...] = ()


def iptc_facts(records: bytes) -> IptcFacts:
    """Read the records of a file, in the character set that record 1:90 states.

    Records that are damaged end the reading; what stood before them counts; ``problems`` says so.
    """
    found, announced, problems = _records(records)
    encoding = None
    if announced is not None:
        encoding = _ENCODINGS.get(announced)
        if encoding is None and announced.strip(b"\0 "):
            problems.append(f"its IPTC records state a character set not known: {announced[:8]!r}")
    texts = {
        number: tidy(_text(body, encoding) for body in bodies) for number, bodies in found.items()
    }
    said = tuple((label, text) for label, number in _SAID.items() for text in texts.get(number, ()))
    created, trouble = _moment(texts)
    if trouble:
        problems.append(trouble)
    return IptcFacts(
        words=Words.of(
            captions=[text for label, text in said if label in _CAPTIONS],
            places=[text for label, text in said if label in _PLACES],
        ),
        said=said,
        created=created,
        credit=_first(texts, _SAID["credit"], _SAID["creator"], _SAID["source"]),
        instructions=_first(texts, _INSTRUCTIONS),
        program=" ".join(text for n in (_PROGRAM, _PROGRAM_VERSION) if (text := _first(texts, n)))
        or None,
        problems=tuple(problems),
    )


def _records(records: bytes) -> tuple[dict[int, list[bytes]], bytes | None, list[str]]:
    """Contents of the application records by number, the stated character set, and problems."""
    found: dict[int, list[bytes]] = {}
    announced = None
    at = 0
    for _ in range(_MOST_RECORDS):
        if records[at : at + 1] != b"\x1c" or at + 5 > len(records):
            break
        record, dataset, length = struct.unpack_from(">BBH", records, at + 1)
        at += 5
        if length & 0x8000:
            # The length of a longer length.
            digits = length & 0x7FFF
            if not 1 <= digits <= 4 or at + digits > len(records):
                return found, announced, ["an IPTC record has a length that cannot be"]
            length = int.from_bytes(records[at : at + digits], "big")
            at += digits
        body = records[at : at + length]
        if len(body) < length:
            return found, announced, ["its IPTC records end inside a record"]
        if (record, dataset) == (_ENVELOPE, _CHARACTER_SET):
            announced = body
        elif record == _APPLICATION:
            found.setdefault(dataset, []).append(body)
        at += length
    left = records[at:].strip(b"\0 ")
    return found, announced, ["its IPTC records end in something else"] if left else []


def _text(body: bytes, encoding: str | None) -> str:
    if encoding is not None:
        return body.decode(encoding, "replace")
    try:
        # Many writers use UTF-8 without saying so; other bytes are hardly ever valid as it.
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        # What desks on Windows wrote; Latin-1 has no letters where it has curly quotes.
        return body.decode("cp1252")
    except UnicodeDecodeError:
        return body.decode("latin-1")


def _first(texts: Mapping[int, Sequence[str]], *numbers: int) -> str | None:
    return next((text[:_MOST_SHORT] for n in numbers for text in texts.get(n, ())), None)


def _moment(texts: Mapping[int, Sequence[str]]) -> tuple[str | None, str | None]:
    """Date and time of creation as ISO 8601, and why there are none."""
    day_text, time_text = _first(texts, _CREATED), _first(texts, _TIME_CREATED)
    if day_text is None or not day_text.strip("0"):
        return None, None
    day = _DAY.fullmatch(day_text)
    iso = "-".join(day.groups()) if day else ""
    if not _is_moment(iso):
        return None, f"IPTC date of creation is not a date: {day_text[:20]!r}"
    time = _TIME.fullmatch(time_text) if time_text else None
    if not time:
        return iso, (
            f"IPTC time of creation is not a time: {time_text[:20]!r}" if time_text else None
        )
    whole = f"{iso}T{time[1]}:{time[2]}:{time[3]}"
    if time[4]:
        whole += f"{time[4]}{time[5]}:{time[6]}"
    if not _is_moment(whole):
        return iso, f"IPTC time of creation is not a time: {time_text!r}"
    return whole, None


def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
