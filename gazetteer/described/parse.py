"""A locality description in English to the tree of what it says.

A text is cut at what binds loosest first: "X excluding Y", commas and colons ("Ar Raqqah: near the
mosque" and "near the mosque, Ar Raqqah" are the same), then the relation that stands at the start
of a piece ("5 km east of"), then one inside it ("Kahil near Daraa"). What fits nothing is a name.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from gazetteer.countries import country_code, country_codes_in
from gazetteer.described.quantity import DISTANCE, distance_of, plain_fractions
from gazetteer.described.tree import (
    Along,
    Between,
    Description,
    HeadingOnly,
    In,
    Minus,
    Name,
    Near,
    Offset,
    OffsetOnly,
    OnBorder,
    Outskirts,
    Part,
    TwoOffsets,
    Unnamed,
)
from gazetteer.described.words import (
    ADJECTIVE,
    BESIDE,
    BORDER,
    EDGE,
    HEADING,
    MINUS,
    NEAR,
    PATH_NOUN,
    SETTLEMENT,
    UNNAMED,
    heading_of,
    side_of,
)
from gazetteer.errors import GazetteerError

MAX_TEXT = 300
"""Longest description that is read, in characters."""
_DEEPEST = 6
"""Deepest nesting; what is nested deeper is taken as a name."""
_MOST_PIECES = 8

_FROM = r"(?:of|from|outside(?:\s+of)?|off|to)"
_BY_PATH = r"\(?\b(?:by|via|along|on|down|up)\s+(?:the\s+)?(?P<by>road|rail|river|track|air)\b\)?"


def parse(text: str) -> Description:
    """The tree of a description; a plain name is a ``Name``.

    Raises:
        GazetteerError: the text is empty or longer than ``MAX_TEXT``.
    """
    plain = " ".join(plain_fractions(text).split())
    if not plain or len(plain) > MAX_TEXT:
        raise GazetteerError(
            f"a description of {len(plain)} characters cannot be read; give 1 to {MAX_TEXT}"
        )
    plain = re.sub(r"[\u2018\u2019\u02bc]", "'", plain)
    # What a bracket adds is an aside, but for "(by road)", which says how it was measured.
    plain = re.sub(r"\s*\([^()]*\)(?=\s+and\b)", "", plain, flags=re.I)
    plain = re.sub(r"\(((?!by\b)[^()]*)\)", r", \1", plain, flags=re.I)
    plain = re.sub(r"(?<=\w)\s+on\s+\d{1,2}\s+[A-Z][a-z]{2,8}\s+\d{4}$", "", plain)
    # "Madan - Al Akershi road" is one road; other dashes set off by spaces separate.
    plain = re.sub(
        rf"(?<=\w)\s+[-\u2013\u2014]\s+(?=[^,:]{{2,40}}\b(?:{PATH_NOUN})\b)", "-", plain, flags=re.I
    )
    return _whole(plain, 0)


def _whole(text: str, depth: int) -> Description:
    """A text with commas, colons and exclusions."""
    text = text.strip(" ,;.")
    cut = re.search(rf"(?:^|[\s,]+){MINUS}\s+", text, flags=re.I)
    if cut and cut.start() and depth < _DEEPEST:
        whole, without = text[: cut.start()], text[cut.end() :]
        if whole.strip(" ,") and without.strip(" ,"):
            return Minus(whole=_whole(whole, depth + 1), without=_whole(without, depth + 1))
    head, colon, tail = text.partition(": ")
    if colon and head.strip() and tail.strip() and depth < _DEEPEST:
        return In(what=_whole(tail, depth + 1), where=_whole(head, depth + 1))
    pieces = _pieces(text)
    found = _piece(pieces[0], depth)
    for piece in pieces[1:]:
        found = In(what=found, where=_piece(piece, depth + 1))
    return found


def _pieces(text: str) -> list[str]:
    """Cut at commas and at dashes set off by spaces; a lone distance stays with what follows."""
    cut = re.split(r"\s*(?:,(?!\d{3})|;|\s[-\u2013\u2014]\s)\s*", text)
    pieces: list[str] = []
    for piece in (part.strip() for part in cut):
        if not piece or re.fullmatch(r"\d{1,2} [A-Z][a-z]+ \d{4}|\d{4}", piece):
            continue
        if pieces and DISTANCE.fullmatch(pieces[-1]):
            pieces[-1] = f"{pieces[-1]} {piece}"
        else:
            pieces.append(re.sub(r"^and\s+", "", piece))
    return pieces[:_MOST_PIECES] or [text]


def _piece(text: str, depth: int) -> Description:
    """A text without commas."""
    text = re.sub(rf"^(?:{BESIDE}|situated|located)\s+(?=\S)", "", text.strip(" ."), flags=re.I)
    if depth >= _DEEPEST:
        return Name(text=text)
    for rule in _LEADING:
        found = rule(text, depth)
        if found is not None:
            return found
    return _inside(text, depth) or _name(text)


def _name(text: str) -> Description:
    if UNNAMED.fullmatch(text):
        return Unnamed(what=text)
    plain = re.sub(r"^the\s+", "", text, flags=re.I)
    of = re.match(rf"(?P<kind>{SETTLEMENT})\s+of\s+(?P<rest>.+)$", plain, flags=re.I)
    if of:
        return Name(text=of["rest"])
    # "the crossing of Al Tanf" is looked up as "Al Tanf crossing".
    of = re.match(r"(?P<kind>[a-z ]{3,25}?)\s+(?:of|at)\s+(?P<rest>.+)$", plain)
    if of and UNNAMED.fullmatch(of["kind"]):
        return Name(text=f"{of['rest']} {of['kind']}")
    return Name(text=plain or text)


def _two_offsets(text: str, depth: int) -> Description | None:
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
    ways = [{"north": 0, "south": 0, "east": 1, "west": 1}.get(str(way)) for way in headings]
    if sorted(way for way in ways if way is not None) != [0, 1]:
        return None
    return TwoOffsets(
        first=one,
        first_heading=str(headings[0]),
        second=other,
        second_heading=str(headings[1]),
        of=_piece(last["of"], depth + 1),
    )


def _offset(text: str, depth: int) -> Description | None:
    match = DISTANCE.match(text)
    distance = distance_of(match) if match else None
    if match is None or distance is None:
        return None
    rest = text[match.end() :].strip()
    by = re.search(_BY_PATH, rest, flags=re.I)
    if by:
        rest = f"{rest[: by.start()]} {rest[by.end() :]}".strip()
    by_path = by is not None and by["by"].casefold() != "air"
    along = re.match(
        rf"(?:(?:further|away)\s+)?(?:along|down|up|on)\s+(?P<path>.+?)\s+(?:{HEADING}\s+)?"
        r"(?:of|from)\s+(?P<of>.+)$",
        rest,
        flags=re.I,
    )
    if along:
        path, ends = _path(along["path"])
        return Along(
            path=path,
            ends=ends,
            distance=distance,
            heading=heading_of(along["heading"]) if along["heading"] else None,
            of=_piece(along["of"], depth + 1),
        )
    heading = re.match(rf"(?:away\s+)?{HEADING}\s*(?:{_FROM}\b)?\s*(?P<of>.+)$", rest, flags=re.I)
    word = heading_of(heading["heading"]) if heading else None
    only = re.match(rf"(?:away\s+|distant\s+)?{_FROM}\s+(?P<of>.+)$", rest, flags=re.I)
    if heading and word:
        of = _piece(heading["of"], depth + 1)
        if by and by_path:
            return Along(path=by["by"].casefold(), distance=distance, heading=word, of=of)
        return Offset(distance=distance, heading=word, of=of)
    if only:
        of = _piece(only["of"], depth + 1)
        if by and by_path:
            return Along(path=by["by"].casefold(), distance=distance, of=of)
        return OffsetOnly(distance=distance, of=of)
    return None


def _along_then_distance(text: str, depth: int) -> Description | None:
    """On a road, so far along it: "the M4 highway 8 km west of Ain Issa"."""
    match = re.match(rf"(?:the\s+)?(?P<path>.*\b(?:{PATH_NOUN}))\s+(?=\S)", text, flags=re.I)
    if not match:
        return None
    found = _offset(text[match.end() :], depth)
    if isinstance(found, Offset):
        path, ends = _path(match["path"])
        return Along(
            path=path, ends=ends, distance=found.distance, heading=found.heading, of=found.of
        )
    return None


def _heading(text: str, depth: int) -> Description | None:
    match = re.match(rf"{HEADING}\s+(?P<from>(?:of|from)\s+)?(?P<of>.+)$", text, flags=re.I)
    word = heading_of(match["heading"]) if match else None
    if match is None or word is None:
        return None
    if not match["from"]:
        # "south east al Bab" leaves "of" out; "North Gaza" and "Northern Aleppo" are no headings.
        two = word not in ("north", "south", "east", "west") and "rn" not in match["heading"]
        return HeadingOnly(heading=word, of=_piece(match["of"], depth + 1)) if two else None
    if re.match(r"(?:in\s+)?the\s+", text, flags=re.I):
        # "the north of Syria" is a part of it, "north of Syria" is not.
        return Part(side=word, of=_piece(match["of"], depth + 1), text=text)
    return HeadingOnly(heading=word, of=_piece(match["of"], depth + 1))


def _near(text: str, depth: int) -> Description | None:
    match = re.match(rf"{NEAR}\s+(?P<of>.+)$", text, flags=re.I)
    if match:
        return Near(of=_piece(match["of"], depth + 1))
    # "Kyiv vicinity"
    match = re.match(r"(?P<of>.+?)\s+(?:vicinity|surroundings|environs)$", text, flags=re.I)
    return Near(of=_piece(match["of"], depth + 1)) if match else None


def _outskirts(text: str, depth: int) -> Description | None:
    match = re.match(rf"{EDGE}\s+(?P<of>.+)$", text, flags=re.I)
    if match:
        side = side_of(match["edge_side"]) if match["edge_side"] else None
        if match["edge_side"] and side is None:
            return None
        rural = match["edge"].casefold() in ("countryside", "hinterland")
        return Outskirts(of=_piece(match["of"], depth + 1), heading=side, rural=rural)
    match = re.match(r"(?:the\s+)?rural\s+(?:parts\s+of\s+)?(?P<of>.+)$", text, flags=re.I)
    if match:
        return Outskirts(of=_piece(match["of"], depth + 1), rural=True)
    match = re.match(r"outside\s+(?:of\s+)?(?P<of>.+)$", text, flags=re.I)
    if match:
        return Outskirts(of=_piece(match["of"], depth + 1))
    match = re.match(
        r"(?P<of>(?:(?!\b(?:in|near|on|at|of)\b).)+?)(?:'s)?\s+"
        rf"(?:{ADJECTIVE}\s+)?(?P<edge>countryside|outskirts|suburbs)$",
        text,
        flags=re.I,
    )
    if match:
        return Outskirts(
            of=_piece(match["of"], depth + 1),
            heading=side_of(match["side"]) if match["side"] else None,
            rural=match["edge"].casefold() == "countryside",
        )
    return None


def _between(text: str, depth: int) -> Description | None:
    match = re.match(
        rf"(?P<what>.*?)(?:^|\s)(?:(?:lying|located|somewhere|halfway|half-way|midway)\s+)?"
        rf"(?:in\s+)?between\s+(?:the\s+)?(?:(?:{SETTLEMENT})\s+of\s+)?(?P<first>.+?)\s+and\s+"
        r"(?:the\s+)?(?P<second>.+)$",
        text,
        flags=re.I,
    )
    linking = match or re.match(
        rf"(?P<what>.*\b(?:{PATH_NOUN}))\s+(?:linking|connecting|joining|from)\s+(?:the\s+)?"
        rf"(?:(?:{SETTLEMENT})\s+of\s+)?(?P<first>.+?)\s+(?:with|to|and)\s+(?P<second>.+)$",
        text,
        flags=re.I,
    )
    if not linking:
        return None
    border = re.search(rf"\b{BORDER}$", linking["what"].strip(), flags=re.I)
    if border:
        return None
    ends = (_piece(linking["first"], depth + 1), _piece(linking["second"], depth + 1))
    what = linking["what"].strip(" ,")
    if re.search(rf"\b(?:{PATH_NOUN})$", what, flags=re.I):
        path, _ = _path(what)
        return Along(path=path, ends=ends)
    between = Between(first=ends[0], second=ends[1])
    if not what or UNNAMED.fullmatch(what) or re.fullmatch(r"the|on|in", what, flags=re.I):
        return between
    return In(what=_piece(what, depth + 1), where=between)


def _border(text: str, depth: int) -> Description | None:
    """As in "the border with Iraq", "the Syrian-Turkish border", "Syria's border with Iraq"."""
    match = re.match(
        rf"(?P<before>(?:.*\s)?)(?P<word>{BORDER})(?P<rest>\s+(?:with|of|between|to|and)\s+.+)?$",
        text,
        flags=re.I,
    )
    if not match:
        return None
    before, rest = match["before"].strip(), match["rest"] or ""
    codes = country_codes_in(f"{before} {rest}")
    if not 1 <= len(codes) <= 2:
        return None
    left = re.sub(r"'s?$", "", re.sub(r"^(?:the|on|at|near|along)\s+", "", before, flags=re.I))
    named = re.sub(r"\b(?:the|land|international|southern|northern|eastern|western)\b", "", left)
    if named.strip() and not all(
        country_code(part) for part in re.split(r"[-\u2010-\u2015/ ]|\band\b", named) if part
    ):
        return None
    border = OnBorder(countries=tuple(sorted(codes)))
    if re.match(r"near\b|close\b", before, flags=re.I) and depth < _DEEPEST:
        return Near(of=border)
    return border


def _part(text: str, depth: int) -> Description | None:
    match = re.match(
        rf"(?:the\s+)?{ADJECTIVE}\s+(?:(?:part|side|half|section|end|area)s?\s+of\s+(?:the\s+)?)?"
        r"(?P<of>\S.*)$",
        text,
        flags=re.I,
    )
    if not match:
        return None
    side, plain = side_of(match["side"]), match["side"].casefold()
    # "North Gaza" and "West Aleppo" are names; "north Syria" is a part of a country.
    adjective = plain.endswith("ern") or plain == "central" or " of " in text[: match.start("of")]
    if side is None or not (adjective or country_code(match["of"])):
        return None
    return Part(side=side, of=_piece(match["of"], depth + 1), text=text)


def _path(text: str) -> tuple[str, tuple[Description, ...]]:
    """The name of a road or river, and the ends that "the Idlib-Salqin road" names."""
    plain = re.sub(r"^(?:an?|the|along|on)\s+", "", text.strip(), flags=re.I)
    ends = re.match(
        r"(?P<first>\w[\w' .]*?)\s*[-\u2010-\u2015]\s*"
        rf"(?P<second>[A-Z][\w' ]*?)\s+(?:{PATH_NOUN})$",
        plain,
        flags=re.I,
    )
    if ends and not re.fullmatch(r"al|el|ar|as|at|az|an|ad|ash|abu", ends["first"], flags=re.I):
        return plain, (_name(ends["first"]), _name(ends["second"]))
    return ("" if re.fullmatch(PATH_NOUN, plain, flags=re.I) else plain), ()


def _along(text: str, _depth: int) -> Description | None:
    match = re.match(
        rf"(?:(?:on|along|beside|off)\s+)?(?:the\s+)?(?P<path>.+\b(?:{PATH_NOUN}))$",
        text,
        flags=re.I,
    )
    if not match or UNNAMED.fullmatch(match["path"]):
        return None
    path, ends = _path(match["path"])
    led = re.match(r"(?:on|along|beside|off)\s", text, flags=re.I)
    # A lone "Wadi al-X" or "X valley" is a name like any other.
    return Along(path=path, ends=ends) if ends or led else None


def _inside(text: str, depth: int) -> Description | None:
    """A subject with a relation behind it: "Kahil near Daraa", "a base in northern Syria"."""
    relation = (
        rf"\s+(?P<rest>(?:{NEAR}|{HEADING}\s+of|(?:on|in|at)\s+the\s+{BORDER}|"
        rf"(?:on|at|in)\s+(?:the\s+)?(?:\w+\s+)?(?:outskirts|edge|suburbs|countryside)\s+of|"
        rf"(?:in|inside|within|on|at)|{DISTANCE.pattern})\s+\S.*)$"
    )
    match = re.search(relation, text, flags=re.I)
    if not match or not match.start():
        return None
    what = text[: match.start()]
    return In(what=_piece(what, depth + 1), where=_piece(match["rest"], depth + 1))


_LEADING: tuple[Callable[[str, int], Description | None], ...] = (
    _two_offsets,
    _along_then_distance,
    _offset,
    _border,
    _outskirts,
    _near,
    _heading,
    _between,
    _along,
    _part,
)
