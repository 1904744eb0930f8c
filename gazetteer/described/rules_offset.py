"""Rules for distances and directions: "5 km east of", "2 mi E and 3 mi N of", "north of"."""

from __future__ import annotations

import re

from gazetteer.countries import country_code
from gazetteer.described.quantity import DISTANCE, distance_of
from gazetteer.described.rules_line import path_of
from gazetteer.described.tree import (
    Along,
    Description,
    Distance,
    HeadingOnly,
    In,
    Offset,
    OffsetOnly,
    Part,
    Read,
    TwoOffsets,
)
from gazetteer.described.words import HEADING, PATH_NOUN, heading_of

_FROM = r"(?:of|from|outside(?:\s+of)?|off|to)"
_BY_PATH = r"\(?\b(?:by|via|along|on|down|up)\s+(?:the\s+)?(?P<by>road|rail|river|track|air)\b\)?"
_TOWARDS = r"(?:to|towards?|leading\s+to|in\s+the\s+direction\s+of)"
_CARDINAL = {"north": 0, "south": 0, "east": 1, "west": 1}
_RELATION = re.compile(rf"(?:{DISTANCE.pattern}|{HEADING}\s+of\b)", re.I)
_AWAY_ONLY = re.compile(rf"{DISTANCE.pattern}(?:\s+(?:to\s+the\s+)?{HEADING})?$", re.I)


def two_offsets(text: str, read: Read) -> Description | None:
    """As in "2 mi E and 3 mi N of Bakersfield"."""
    first = DISTANCE.match(text)
    if not first:
        return None
    found = re.match(rf"\s*{HEADING}\s+and\s+", text[first.end() :], flags=re.I)
    if not found:
        return None
    rest = text[first.end() + found.end() :]
    second = DISTANCE.match(rest)
    if not second:
        return None
    last = re.match(rf"\s*{HEADING}\s+{_FROM}\s+(?P<of>.+)$", rest[second.end() :], flags=re.I)
    if not last:
        return None
    one, other = distance_of(first), distance_of(second)
    headings = heading_of(found["heading"]), heading_of(last["heading"])
    if one is None or other is None or None in headings:
        return None
    ways = [_CARDINAL.get(str(way)) for way in headings]
    if sorted(way for way in ways if way is not None) != [0, 1]:
        return None
    return TwoOffsets(
        first=one,
        first_heading=str(headings[0]),
        second=other,
        second_heading=str(headings[1]),
        of=read(last["of"]),
    )


def both(text: str, read: Read) -> Description | None:
    """Two of them that hold at once: "20 km from Raqqa and 30 km from Tabqa"."""
    for cut in re.finditer(r"\s*,?\s+and\s+", text, flags=re.I):
        first, second = text[: cut.start()], text[cut.end() :]
        if not (_RELATION.match(first) and _RELATION.match(second)):
            continue
        if not _AWAY_ONLY.match(first):
            return In(what=read(first), where=read(second))
    return None


def offset(text: str, read: Read) -> Description | None:
    """So far from somewhere, in a direction or along a path if one is said."""
    match = DISTANCE.match(text)
    distance = distance_of(match) if match else None
    if match is None or distance is None:
        return None
    rest = text[match.end() :].strip()
    by = re.search(_BY_PATH, rest, flags=re.I)
    if by:
        rest = f"{rest[: by.start()]} {rest[by.end() :]}".strip()
    path = by["by"].casefold() if by and by["by"].casefold() != "air" else None
    # "20 km east along the M4 from": the way first.
    way = re.match(rf"{HEADING}\s+(?=(?:along|down|up|on)\s)", rest, flags=re.I)
    rest = rest[way.end() :] if way else rest
    along = re.match(
        rf"(?:(?:further|away)\s+)?(?:along|down|up|on)\s+(?P<path>.+?)\s+(?:{HEADING}\s+)?"
        r"(?:of|from)\s+(?P<of>.+)$",
        rest,
        flags=re.I,
    )
    if along:
        said = along["heading"] or (way["heading"] if way else "")
        word = heading_of(said) if said else None
        return _along(along["path"], along["of"], distance, word, read)
    found = re.match(
        rf"(?:away\s+)?{HEADING}\s*(?P<from>{_FROM}\b)?\s*(?P<of>.+)$", rest, flags=re.I
    )
    word = heading_of(found["heading"]) if found else None
    if found is None or word is None:
        word = None
        found = re.match(rf"(?:away\s+|distant\s+)?{_FROM}\s+(?P<of>.+)$", rest, flags=re.I)
    # "5 km north and ..." and "5 km north of" are no more than the beginning of something.
    if found is None or re.match(r"(?:and|or|by)\b|(?-i:of|from|to)$", found["of"], flags=re.I):
        return None
    of = found["of"]
    if path is None:
        on = re.match(
            rf"(?P<of>.+?),?\s+(?:on|along|down|up)\s+(?:the\s+)?(?P<path>.+?\b(?:{PATH_NOUN}))"
            rf"(?P<end>\s+{_TOWARDS}\s+.+)?$",
            of,
            flags=re.I,
        )
        if on:
            return _along(on["path"], f"{on['of']}{on['end'] or ''}", distance, word, read)
    if path is not None:
        return _along(path, of, distance, word, read)
    if word is not None:
        return Offset(distance=distance, heading=word, of=read(of))
    return OffsetOnly(distance=distance, of=read(of))


def _along(path: str, of: str, distance: Distance, heading: str | None, read: Read) -> Along:
    """So far along a path from "Palmyra" or from "Palmyra to Sukhna"."""
    leads = re.match(rf"(?P<of>.+?)\s+{_TOWARDS}\s+(?P<end>.+)$", of, flags=re.I)
    start = read(leads["of"] if leads else of)
    # A bare "road" is told from "by road", which says what kind of path it was.
    name, ends = (path, ()) if path in ("road", "rail", "river", "track") else path_of(path, read)
    return Along(
        path=name,
        ends=(start, read(leads["end"])) if leads else ends,
        distance=distance,
        heading=heading,
        of=start,
    )


def path_then_offset(text: str, read: Read) -> Description | None:
    """On a road, so far along it: "the M4 highway 8 km west of Ain Issa"."""
    match = re.match(rf"(?:the\s+)?(?P<path>.*\b(?:{PATH_NOUN}))\s+(?=\S)", text, flags=re.I)
    if not match or _RELATION.match(text):
        return None
    found = offset(text[match.end() :], read)
    if isinstance(found, Offset):
        path, ends = path_of(match["path"], read)
        return Along(
            path=path, ends=ends, distance=found.distance, heading=found.heading, of=found.of
        )
    return None


def heading(text: str, read: Read) -> Description | None:
    """In a direction, at no stated distance; "the north of Syria" is a part of it."""
    match = re.match(rf"{HEADING}\s+(?P<from>(?:of|from)\s+)?(?P<of>.+)$", text, flags=re.I)
    word = heading_of(match["heading"]) if match else None
    if match is None or word is None or re.match(r"(?:of|from|and|by)$", match["of"], flags=re.I):
        return None
    if not match["from"]:
        # "south east al Bab" leaves "of" out; "North Gaza" and "Northern Aleppo" are no headings,
        # and "NW Syria" is a part.
        two = word not in _CARDINAL and "rn" not in match["heading"]
        outside = two and country_code(match["of"]) is None
        return HeadingOnly(heading=word, of=read(match["of"])) if outside else None
    if re.match(r"(?:in\s+)?the\s+", text, flags=re.I):
        return Part(side=word, of=read(match["of"]), text=text)
    return HeadingOnly(heading=word, of=read(match["of"]))
