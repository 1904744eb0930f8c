"""A description as it was typed to the one spelling that the rules read.

Digits of all scripts, dashes of all kinds, invisible marks, quotes around the whole, "N.E.", asides
in brackets, and the order of labels in collections ("Raqqa, 5 km N").
"""

from __future__ import annotations

import re
import unicodedata

from gazetteer.compass import compass_word
from gazetteer.described.quantity import DISTANCE, UNIT, plain_fractions
from gazetteer.described.words import HEADING, PATH_NOUN

# Marks that steer the direction of writing, and those that break words at the ends of lines.
_INVISIBLE = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_DASH = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_QUOTED = re.compile(
    "^(?:\"(?P<a>[^\"]+)\"|\u201c(?P<b>[^\u201c\u201d]+)\u201d|'(?P<c>[^']+)'"
    "|\u2018(?P<d>[^\u2018\u2019]+)\u2019|\u00ab(?P<e>[^\u00ab\u00bb]+)\u00bb"
    "|\u201e(?P<f>[^\u201e]+)[\u201c\u201d])$"
)
_LETTERS = re.compile(
    r"(?<![\w.])[NSEW]\.\s?[NSEW]\.?(?:\s?[NSEW]\.?)?(?=\s+(?:of|from|side|part|outskirts|edge|"
    r"suburbs|countryside|corner)\b|$)"
)
_AFTER_ITS_PLACE = re.compile(
    rf"^(?P<of>[^,:]*[^\W\d][^,:]*?),?\s+(?={DISTANCE.pattern})(?P<said>.+?)\s+"
    rf"(?:away\s+)?(?:to\s+the\s+)?{HEADING}$",
    re.I,
)


def plain_text(text: str) -> str:
    """The text in one spelling; it may be empty."""
    text = _INVISIBLE.sub("", text)
    text = "".join(_plain_character(character) for character in text)
    text = " ".join(plain_fractions(_DASH.sub("-", text)).split())
    quoted = _QUOTED.match(text)
    if quoted:
        text = next(part for part in quoted.groups() if part).strip()
    return re.sub(r"[\u2018\u2019\u02bc]", "'", text)


def arranged(text: str) -> str:
    """A plain text with what would mislead the rules put right: brackets, dates, "5.km", order."""
    # A comma before one or two digits and a unit is no English thousand: "10,5 km".
    text = re.sub(rf"(?<![\d,.])(\d{{1,4}}),(\d{{1,2}})(?=\s*(?:{UNIT})\b)", r"\1.\2", text)
    text = re.sub(rf"(?<=\d)\.(?=\s*(?:{UNIT})\b)", "", text, flags=re.I)
    text = _LETTERS.sub(_joined, text)
    text = re.sub(
        rf"(?<=\d)(\s*(?:{UNIT})\.?)\s+([NSEW]\.\s?[NSEW]\.?(?:\s?[NSEW]\.?)?)(?=\s)",
        lambda found: f"{found[1]} {re.sub(r'[. ]', '', found[2])}",
        text,
    )
    # What a bracket adds is an aside, but for "(by road)", which says how it was measured.
    text = re.sub(r"\s*\([^()]*\)(?=\s+and\b)", "", text, flags=re.I)
    text = re.sub(r"\(((?!by\b)[^()]*)\)", r", \1", text, flags=re.I)
    text = re.sub(r"(?<=\w)\s+on\s+\d{1,2}\s+[A-Z][a-z]{2,8}\s+\d{4}$", "", text)
    # "Madan - Al Akershi road" is one road; other dashes set off by spaces separate.
    text = re.sub(rf"(?<=\w)\s+-\s+(?=[^,:]{{2,40}}\b(?:{PATH_NOUN})\b)", "-", text, flags=re.I)
    # "3 km north, 4 km east of X"
    both = re.match(
        rf"(?P<one>{DISTANCE.pattern}\s+{HEADING})\s*,\s*(?:and\s+)?(?=\d)", text, flags=re.I
    )
    if both and DISTANCE.match(text[both.end() :]):
        text = f"{both['one']} and {text[both.end() :]}"
    after = _AFTER_ITS_PLACE.match(text)
    if after and DISTANCE.fullmatch(after["said"]):
        text = f"{after['said']} {after['heading'].strip(' .')} of {after['of']}"
    return text


def _plain_character(character: str) -> str:
    if character.isascii():
        return character if character.isprintable() else " "
    kind = unicodedata.category(character)
    if kind == "Nd":
        return str(unicodedata.decimal(character))
    # Joiners belong to the spelling of Persian and Kurdish names.
    return " " if kind in ("Cc", "Cs", "Cn", "Zs", "Zl", "Zp") else character


def _joined(found: re.Match[str]) -> str:
    letters = re.sub(r"[. ]", "", found[0])
    return letters if compass_word(letters) else found[0]
