"""Rules for lines and what lies between: "between X and Y", "the border with", "the X-Y road"."""

from __future__ import annotations

import re

from gazetteer.countries import country_code, country_codes_in, country_name
from gazetteer.described.tree import (
    Along,
    Between,
    Description,
    In,
    Near,
    OnBorder,
    Read,
)
from gazetteer.described.words import BORDER, PATH_NOUN, SETTLEMENT, UNNAMED


def between(text: str, read: Read) -> Description | None:
    """As in "between X and Y", "the road from X to Y"; a path between two is ``Along``."""
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
    if re.search(rf"\b{BORDER}$", linking["what"].strip(), flags=re.I):
        return None
    ends = (read(linking["first"]), read(linking["second"]))
    what = linking["what"].strip(" ,")
    if re.search(rf"\b(?:{PATH_NOUN})$", what, flags=re.I):
        path, _ = path_of(what, read)
        return Along(path=path, ends=ends)
    found = Between(first=ends[0], second=ends[1])
    if not what or UNNAMED.fullmatch(what) or re.fullmatch(r"the|on|in", what, flags=re.I):
        return found
    return In(what=read(what), where=found)


def border(text: str, read: Read) -> Description | None:
    """As in "the border with Iraq", "the Syrian-Turkish border", "Syria's border with Iraq"."""
    match = re.match(
        rf"(?P<before>(?:.*\s)?)(?P<word>{BORDER})(?P<rest>\s+(?:with|of|between|to|and)\s+.+)?$",
        text,
        flags=re.I,
    )
    if not match:
        return None
    before, rest = match["before"].strip(), match["rest"] or ""
    # "The Iraqi side of the border with Syria" is the border, and in Iraq.
    side = re.match(r"(?:the\s+)?(?P<of>[\w ]+?)\s+side\s+of\b\s*", before, flags=re.I)
    within = country_code(side["of"]) if side else None
    if side and within:
        before = f"{side['of']} {before[side.end() :]}"
    codes = country_codes_in(f"{before} {rest}")
    if not 1 <= len(codes) <= 2:
        return None
    left = re.sub(r"'s?$", "", re.sub(r"^(?:the|on|at|near|along)\s+", "", before, flags=re.I))
    named = re.sub(r"\b(?:the|land|international|southern|northern|eastern|western)\b", "", left)
    if named.strip() and not all(
        country_code(part) for part in re.split(r"[-\u2010-\u2015/ ]|\band\b", named) if part
    ):
        return None
    found = OnBorder(countries=tuple(sorted(codes)))
    if side and within:
        return In(what=found, where=read(country_name(within)))
    if re.match(r"near\b|close\b", before, flags=re.I):
        return Near(of=found)
    return found


def path_of(text: str, read: Read) -> tuple[str, tuple[Description, ...]]:
    """The name of a road or river, and the ends that "the Idlib-Salqin road" names."""
    plain = re.sub(r"^(?:an?|the|along|on)\s+", "", text.strip(), flags=re.I)
    ends = re.match(
        r"(?P<first>\w[\w' .]*?)\s*[-\u2010-\u2015]\s*"
        rf"(?P<second>[A-Z][\w' ]*?)\s+(?:{PATH_NOUN})$",
        plain,
        flags=re.I,
    )
    if ends and not re.fullmatch(r"al|el|ar|as|at|az|an|ad|ash|abu", ends["first"], flags=re.I):
        return plain, (read(ends["first"]), read(ends["second"]))
    return ("" if re.fullmatch(PATH_NOUN, plain, flags=re.I) else plain), ()


def along(text: str, read: Read) -> Description | None:
    """As in "on the M4 highway", "the Idlib-Salqin road"."""
    match = re.match(
        rf"(?:(?:on|along|beside|off)\s+)?(?:the\s+)?(?P<path>.+\b(?:{PATH_NOUN}))$",
        text,
        flags=re.I,
    )
    if not match or UNNAMED.fullmatch(match["path"]):
        return None
    path, ends = path_of(match["path"], read)
    led = re.match(r"(?:on|along|beside|off)\s", text, flags=re.I)
    # A lone "Wadi al-X" or "X valley" is a name like any other.
    return Along(path=path, ends=ends) if ends or led else None
