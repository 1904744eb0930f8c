"""Text that leaves rows and terminals intact.

A name may hold a line break, a tab, an escape sequence, or a mark that turns the direction of all
that follows. In a table one of these makes two rows of one; on a screen the others hide what is
there or write what is not. Joiners, which spell words of Persian and Hindi, stay.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

_BREAKS = re.compile("[\0-\x20\x7f-\xa0\u2028\u2029]+")
_BREAKING = re.compile("[\0-\x1f\x7f-\x9f\u2028\u2029]")
_HIDDEN = (
    "\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f"
)
_DROPPED = re.compile(f"[{_HIDDEN}\ud800-\udfff]")
# Signs that enclose what follows them belong to names of some scripts, and are kept as escapes.
_ESCAPED = re.compile(f"[\x7f-\x9f\u0600-\u0605\u06dd\u070f\u2028\u2029{_HIDDEN}\ud800-\udfff]")


def plain_line(text: str) -> str:
    """Text for one cell of a table: breaks and other controls as a space, hidden marks left out."""
    if text.isascii() and text.isprintable():
        return text
    if _BREAKING.search(text):
        text = _BREAKS.sub(" ", text).strip()
    return _DROPPED.sub("", text)


def json_line(value: Mapping[str, Any]) -> str:
    """JSON without spaces or line breaks, in which nothing acts on a terminal.

    What would is escaped, so that a reader gets it back as it was.
    """
    return escape_json(
        json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    )


def escape_json(text: str) -> str:
    """JSON in which what would act on a terminal stands as an escape, to be read back as it was."""
    return text if text.isascii() else _ESCAPED.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    return json.dumps(found[0])[1:-1]
