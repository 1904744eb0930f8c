"""What looks like a description and cannot be meant: each refused with one line that says why.

A rule that does not fit leaves a piece of the text as a name. Where that piece is a number nobody
can use ("7 to 5 km", "a few kilometres", "5 parsecs"), reading on without it would answer another
question than the one that was asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields

from gazetteer.described.anchors import FARTHEST_M
from gazetteer.described.clean import arranged, plain_text
from gazetteer.described.quantity import DISTANCE, UNIT, distance_of
from gazetteer.described.tree import (
    Between,
    Description,
    Distance,
    HeadingOnly,
    In,
    Name,
    Offset,
    OffsetOnly,
    is_plain,
    parts_of,
)
from gazetteer.described.words import EDGE, HEADING, MINUS, NEAR

_WRITE = "write a number and km, m, miles or nautical miles"
_NEGATIVE = re.compile(rf"-\s?\d[\d.,]*\s*(?:{UNIT})\b", re.I)
_BETWEEN_WORDS = re.compile(rf"{HEADING}\s+by\s+(?:north|south|east|west|[NSEW]\b)[\w-]*", re.I)
_TIME = re.compile(
    r"\b(?:\w+\s+)?(?:hours?|minutes?|mins?|days?)(?:'s?)?\s*(?:by\s+\w+\b\s*)?"
    rf"(?:drive|walk|ride|march|flight|journey)?\s+(?={HEADING}\s+(?:of|from)\s|(?:away\s+)?from\s)",
    re.I,
)
_NO_NUMBER = re.compile(
    r"(?:a\s+few|few|several|some|many|a\s+couple\s+of|a\s+number\s+of|(?:dozens|hundreds|tens)\s+"
    rf"of)\s+\w+|(?:.*[\s\d])?(?:{UNIT})|[\d.,/-]*\d[\d.,/-]*\s*[a-z]+",
    re.I,
)
_VAGUE = re.compile(
    rf"(?:a\s+few|few|several|many|a\s+couple\s+of|(?:dozens|hundreds|tens)\s+of)\s+(?:{UNIT})\b"
    rf"(?=\s+(?:{HEADING}\s+(?:of|from)|(?:away\s+)?from)\s)",
    re.I,
)
_LOOSE = re.compile(r"(?:and|or|from|to|with|between)\b.*|.*\s(?:and|or|from|to|of)|and|or", re.I)
_GOES_ON = re.compile(rf"\s*(?:{HEADING}|of\b|from\b|away\b|along\b|by\b|on\b)", re.I)
_BARE = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"(?:{DISTANCE.pattern}\s+)?(?:to\s+the\s+)?{HEADING}\s+(?:of|from)",
        rf"{DISTANCE.pattern}(?:\s+(?:to\s+the\s+)?{HEADING})?",
        NEAR,
        EDGE,
        rf"(?:in\s+)?between(?:\s+and)?|{MINUS}|(?:the\s+)?borders?\s+(?:with|of|between)",
    )
)


def problem_of(text: str, description: Description) -> str | None:
    """Why a description cannot be meant as it stands, in one line; None if it can.

    A name may look like a broken description ("By", "40 Mile"): who asks knows better if a source
    has just that name.

    Args:
        text: as it was given.
        description: what ``parse`` made of it.
    """
    plain = arranged(plain_text(text))
    if any(bare.fullmatch(plain) for bare in _BARE):
        return f"{plain!r:.80} names no place; say of which, as in '5 km north of Raqqa'"
    found = _VAGUE.search(plain)
    if found:
        return f"{found[0]!r:.40} is no distance that can be read; {_WRITE}"
    if is_plain(description) and not _TIME.search(plain):
        return None
    found = _NEGATIVE.match(plain)
    if found:
        return f"{found[0]!r:.40} is no distance above zero; {_WRITE}"
    found = _BETWEEN_WORDS.search(plain)
    if found:
        return (
            f"{found[0].strip()!r:.40} is none of the sixteen directions that are read; "
            "write north, northeast, north-northeast or NNE"
        )
    found = _TIME.search(plain)
    if found:
        return f"{found[0].strip()!r:.40} is a time and no distance; {_WRITE}"
    for found in DISTANCE.finditer(plain):
        if distance_of(found) is None and _GOES_ON.match(plain[found.end() :]):
            return _no_distance(found)
    return next(_in_tree(description), None)


def _no_distance(found: re.Match[str]) -> str:
    said = found[0].strip()
    if found["second"] and not found["first_unit"]:
        return f"{said!r:.40} is no range of distances above zero; write the smaller number first"
    if found["second"]:
        return f"{said!r:.40} has two units; write both numbers in one"
    return f"{said!r:.40} is no distance above zero; {_WRITE}"


def _in_tree(description: Description) -> Iterator[str]:
    """The problems of a tree and of its parts."""
    if isinstance(description, Name) and _LOOSE.fullmatch(description.text):
        yield f"{description.text!r:.60} is no place; say it in simpler words"
    if isinstance(description, In) and isinstance(description.what, Name):
        beside = isinstance(description.where, HeadingOnly | OffsetOnly | Offset)
        if beside and _NO_NUMBER.fullmatch(description.what.text):
            yield f"{description.what.text!r:.40} is no distance that can be read; {_WRITE}"
    if isinstance(description, Between) and description.first == description.second:
        yield "the two ends are one place, and nothing lies between; name two places"
    for field in fields(description):
        said = getattr(description, field.name)
        if isinstance(said, Distance) and said.high * said.unit_m > FARTHEST_M:
            yield (
                f"{said} is farther than any two places are apart "
                f"({FARTHEST_M / 1000:,.0f} km); check the number"
            )
    for part in parts_of(description):
        yield from _in_tree(part)
