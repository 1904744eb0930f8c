"""IPTC records (IPTC-IIM 4.2): the caption and the place as a desk or photographer wrote them.

They are words that somebody typed, never measurements.
"""

from __future__ import annotations

import struct

from imagery.photo.words import Words

_APPLICATION = 2
_CAPTIONS = (105, 120)
_PLACES = (92, 90, 95, 101)
_ENCODING = (1, 90)
_UTF8 = b"\x1b%G"
_MOST_RECORDS = 2_000


def read_iptc(records: bytes) -> Words:
    """Headline and caption (2:105, 2:120); sublocation, city, province, country (2:92 to 2:101).

    Records that are damaged end the reading; what stood before them counts.
    """
    found: dict[int, list[bytes]] = {}
    utf8 = False
    at = 0
    for _ in range(_MOST_RECORDS):
        if records[at : at + 1] != b"\x1c" or at + 5 > len(records):
            break
        record, dataset, length = struct.unpack_from(">BBH", records, at + 1)
        body = records[at + 5 : at + 5 + length]
        # A length with its top bit set states the length of a longer length: never text.
        if length & 0x8000 or len(body) < length:
            break
        if (record, dataset) == _ENCODING:
            utf8 = body == _UTF8
        elif record == _APPLICATION:
            found.setdefault(dataset, []).append(body)
        at += 5 + length
    return Words.of(
        captions=[_text(body, utf8=utf8) for number in _CAPTIONS for body in found.get(number, ())],
        places=[_text(body, utf8=utf8) for number in _PLACES for body in found.get(number, ())],
    )


def _text(body: bytes, *, utf8: bool) -> str:
    if utf8:
        return body.decode("utf-8", "replace")
    try:
        # Many writers use UTF-8 without saying so; other bytes are hardly ever valid as it.
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("latin-1")
