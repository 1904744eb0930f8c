"""Rules for what lies around or in something: "near", "outskirts of", "northern", "X in Y"."""

from __future__ import annotations

import re

from gazetteer.countries import country_code
from gazetteer.described.quantity import DISTANCE
from gazetteer.described.tree import (
    Description,
    In,
    Minus,
    Near,
    Outskirts,
    Part,
    Read,
)
from gazetteer.described.words import ADJECTIVE, BORDER, EDGE, HEADING, NEAR, side_of


def near(text: str, read: Read) -> Description | None:
    """As in "near Hajin", "Kyiv vicinity"."""
    match = re.match(rf"{NEAR}\s+(?P<of>.+)$", text, flags=re.I)
    if match:
        return Near(of=read(match["of"]))
    match = re.match(r"(?P<of>.+?)\s+(?:vicinity|surroundings|environs)$", text, flags=re.I)
    return Near(of=read(match["of"])) if match else None


def outskirts(text: str, read: Read) -> Description | None:
    """As in "the western outskirts of Homs", "Aleppo southern countryside", "rural Damascus"."""
    match = re.match(rf"{EDGE}\s+(?P<of>.+)$", text, flags=re.I)
    if match:
        side = side_of(match["edge_side"]) if match["edge_side"] else None
        if match["edge_side"] and side is None:
            return None
        rural = match["edge"].casefold() in ("countryside", "hinterland")
        return Outskirts(of=read(match["of"]), heading=side, rural=rural)
    match = re.match(r"(?:the\s+)?rural\s+(?:parts\s+of\s+)?(?P<of>.+)$", text, flags=re.I)
    if match:
        return Outskirts(of=read(match["of"]), rural=True)
    match = re.match(r"outside\s+(?:of\s+)?(?P<of>.+)$", text, flags=re.I)
    if match:
        return Outskirts(of=read(match["of"]))
    match = re.match(
        r"(?P<of>(?:(?!\b(?:in|near|on|at|of)\b).)+?)(?:'s)?\s+"
        rf"(?:{ADJECTIVE}\s+)?(?P<edge>countryside|outskirts|suburbs)$",
        text,
        flags=re.I,
    )
    if match:
        return Outskirts(
            of=read(match["of"]),
            heading=side_of(match["side"]) if match["side"] else None,
            rural=match["edge"].casefold() == "countryside",
        )
    return None


def part(text: str, read: Read) -> Description | None:
    """As in "northern Syria", "the western part of Homs"."""
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
    return Part(side=side, of=read(match["of"]), text=text)


def inside(text: str, read: Read) -> Description | None:
    """A subject with a relation behind it: "Kahil near Daraa", "a base in northern Syria"."""
    relation = (
        rf"\s+(?P<rest>(?:{NEAR}|{HEADING}\s+of|(?:on|in|at)\s+the\s+{BORDER}|"
        rf"(?:on|at|in)\s+(?:the\s+)?(?:[\w-]+\s+){{0,2}}(?:outskirts|edge|suburbs|countryside)\s+of|"
        rf"outside(?:\s+of)?|(?:in|inside|within|on|at)|{DISTANCE.pattern})\s+\S.*)$"
    )
    match = re.search(relation, text, flags=re.I)
    if not match or not match.start():
        return None
    what = text[: match.start()]
    outside = re.match(r"outside\s+(?:of\s+)?(?P<of>.+)$", match["rest"], flags=re.I)
    if outside and country_code(what):
        return Minus(whole=read(what), without=read(outside["of"]))
    return In(what=read(what), where=read(match["rest"]))
