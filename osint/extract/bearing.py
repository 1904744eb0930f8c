"""Directions as people write them: "north of", "just to the north-east of", "NE of"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from osint.extract.tokens import Token

_COMPASS_WORD = re.compile(r"(north|south|east|west).*|[nsew]{1,3}")
_DIRECTION_LEADS = frozenset({"just", "directly", "immediately", "due", "further", "farther"})
_FARTHEST = frozenset({"far", "extreme"})
_DIRECTION_INITIALS = frozenset("nsewt") | {lead[0] for lead in _DIRECTION_LEADS}


def may_open_direction(word: str) -> bool:
    """Whether a direction can begin with this word, in lower case; most cannot."""
    return word[:1] in _DIRECTION_INITIALS and (
        word == "to" or word in _DIRECTION_LEADS or _COMPASS_WORD.fullmatch(word) is not None
    )


def direction_at(tokens: Sequence[Token], words: Sequence[str], at: int) -> tuple[str, int] | None:
    """The compass word that begins at a token and where its "of" or "from" ends, or None.

    As in "north of", "just to the north-east of", "NE of", "north west from".

    Args:
        tokens: the sentence.
        words: the same in lower case.
        at: the token.
    """
    if not may_open_direction(words[at]):
        return None

    def lower(index: int) -> str:
        return words[index] if 0 <= index < len(words) else ""

    from gazetteer.compass import compass_word

    begin = at
    while lower(at) in _DIRECTION_LEADS:
        at += 1
    if lower(at) in {"to", "in"} and lower(at + 1) == "the":
        if lower(at) == "in":
            return None
        at += 2
    elif lower(begin - 1) == "the" or (lower(begin - 1) in _FARTHEST and lower(begin - 2) == "the"):
        return None
    if _COMPASS_WORD.fullmatch(lower(at)) is None:
        return None
    for size in (3, 2, 1):
        piece = tokens[at : at + size]
        if len(piece) < size or any(t.kind != "word" and t.text != "-" for t in piece):
            continue
        word = compass_word(" ".join(token.text for token in piece))
        ends_bare = lower(at + size - 1).endswith(("th", "st"))
        letters = size == 1 and piece[0].text.isupper()
        if word is None or not (ends_bare or letters):
            continue
        after = lower(at + size)
        if after in {"of", "from"}:
            return word, at + size + 1
        if after in {"and", "or", "nor", "but", ","}:
            return _beside(words, word, at + size, after)
    return None


def _beside(words: Sequence[str], word: str, at: int, joint: str) -> tuple[str, int] | None:
    """As in "north nor east of", "to the east and south of", "west, not east, of".

    Of two directions from one thing the first ends before the "and"; one that is only corrected
    is swallowed.
    """
    after = at + 1
    if joint == ",":
        tail = words[after : after + 4]
        corrected = len(tail) == 4 and tail[0] == "not" and _COMPASS_WORD.fullmatch(tail[1])
        return (word, after + 4) if corrected and tuple(tail[2:]) == (",", "of") else None
    if tuple(words[after : after + 2]) == ("to", "the"):
        after += 2
    known = after < len(words) and _COMPASS_WORD.fullmatch(words[after])
    ends = after + 1 < len(words) and words[after + 1] in {"of", "from"}
    return (word, at) if known and ends else None
