"""A locality description in English to the tree of what it says.

A text is cut at what binds loosest first: "X excluding Y", commas and colons ("Ar Raqqah: near the
mosque" and "near the mosque, Ar Raqqah" are the same), then the relation that stands at the start
of a piece ("5 km east of"), then one inside it ("Kahil near Daraa"). What fits nothing is a name.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from gazetteer.countries import country_code
from gazetteer.described import rules_around, rules_line, rules_offset
from gazetteer.described.clean import arranged, plain_text
from gazetteer.described.quantity import BOUND, DISTANCE
from gazetteer.described.tree import Description, In, Minus, Name, Read, Unnamed
from gazetteer.described.words import BESIDE, MINUS, SETTLEMENT, UNNAMED
from gazetteer.errors import GazetteerError

MAX_TEXT = 300
"""Longest description that is read, in characters."""
_DEEPEST = 6
"""Deepest nesting; what is nested deeper is taken as a name."""
_MOST_PIECES = 8


def parse(text: str) -> Description:
    """The tree of a description; a plain name is a ``Name``.

    Raises:
        GazetteerError: the text is empty or longer than ``MAX_TEXT``.
    """
    plain = plain_text(text)
    if not plain or len(plain) > MAX_TEXT:
        raise GazetteerError(
            f"a description of {len(plain)} characters cannot be read; give 1 to {MAX_TEXT}"
        )
    return _whole(arranged(plain), 0)


def _whole(text: str, depth: int) -> Description:
    """A text with commas, colons and exclusions."""
    text = text.strip(" ,;.")
    found: Description
    cut = re.search(rf"(?:^|[\s,]+){MINUS}\s+", text, flags=re.I)
    if cut and cut.start() and depth < _DEEPEST:
        whole, without = text[: cut.start()], text[cut.end() :]
        if whole.strip(" ,") and without.strip(" ,"):
            found = _whole(whole, depth + 1)
            for part in _listed(without):
                found = Minus(whole=found, without=_whole(part, depth + 1))
            return found
    head, colon, tail = text.partition(": ")
    if colon and head.strip() and tail.strip() and depth < _DEEPEST:
        return In(what=_whole(tail, depth + 1), where=_whole(head, depth + 1))
    pieces = _pieces(text)
    found = _piece(pieces[0], depth)
    for piece in pieces[1:]:
        found = In(what=found, where=_piece(piece, depth + 1))
    return found


def _listed(text: str) -> list[str]:
    """What "A and B" leaves out; "Bosnia and Herzegovina" is one."""
    parts = re.split(r"\s+and\s+(?=\S)", text, flags=re.I)
    return [text] if country_code(text) or len(parts) > _MOST_PIECES else parts


def _pieces(text: str) -> list[str]:
    """Cut at commas and at dashes set off by spaces; a lone distance stays with what follows."""
    cut = re.split(r"\s*(?:,(?!\d{3})|;|\s-\s)\s*", text)
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
    text = text.strip(" .")

    def read(part: str) -> Description:
        return _piece(part, depth + 1)

    # "on the M4 highway" is said of a line and not of a place.
    led = depth < _DEEPEST and re.match(r"(?:on|along|beside|off)\s", text, flags=re.I)
    on = rules_line.along(text, read) if led else None
    if on is not None:
        return on
    # "at least 5 km" and "within 5 km" are not places at or within which something is.
    if not (re.match(BOUND, text, flags=re.I) and DISTANCE.match(text)):
        text = re.sub(rf"^(?:{BESIDE}|situated|located)\s+(?=\S)", "", text, flags=re.I)
    if depth >= _DEEPEST:
        return Name(text=text)
    for rule in _RULES:
        found = rule(text, read)
        if found is not None:
            return found
    return _name(text)


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


_RULES: tuple[Callable[[str, Read], Description | None], ...] = (
    rules_offset.two_offsets,
    rules_offset.both,
    rules_offset.path_then_offset,
    rules_offset.offset,
    rules_line.border,
    rules_around.outskirts,
    rules_around.near,
    rules_offset.heading,
    rules_line.between,
    rules_line.along,
    rules_around.part,
    rules_around.inside,
)
"""What stands at the start of a piece binds before what stands inside it."""
