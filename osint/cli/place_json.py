"""Candidates as JSON that a terminal can be given: what it would obey is written as escapes."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from typing import Any

_OBEYED = re.compile(
    "[\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb]"
)
"""Control, bidi and invisible characters, but for those that JSON escapes by itself, and halves of
surrogate pairs, which is what a byte that is no UTF-8 becomes and no stream can write."""


def print_row(row: Mapping[str, Any]) -> None:
    """One object on one line; a reader of JSON gets the same text as without the escapes."""
    text = json.dumps(row, ensure_ascii=False, allow_nan=False)
    sys.stdout.write(_OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n")
