"""Inserting rows by the million.

What costs is not SQLite but handing it values one by one, NULLs among them: so columns that are
empty in a stretch of rows are left out of its statement, and a statement takes many rows.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from itertools import chain
from typing import Any

_STRETCH = 600
"""Rows that share a statement; a date here and there must not slow down the rows around it."""
_ROWS = 50
"""Rows in one statement; with 17 columns, under the 999 values that every SQLite takes."""


def insert_rows(
    connection: sqlite3.Connection,
    table: str,
    columns: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
) -> None:
    """Insert rows, given in the order of the columns."""
    for start in range(0, len(rows), _STRETCH):
        _insert(connection, table, columns, rows[start : start + _STRETCH])


def _insert(
    connection: sqlite3.Connection,
    table: str,
    columns: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
) -> None:
    names, filled = [], []
    for name, values in zip(columns, zip(*rows, strict=True), strict=True):
        if values.count(None) != len(values):
            names.append(name)
            filled.append(values)
    into = f"INSERT INTO {table}({', '.join(names)}) VALUES "
    marks = f"({', '.join('?' * len(names))})"
    flat = list(chain.from_iterable(zip(*filled, strict=True)))
    step = _ROWS * len(names)
    whole = len(flat) - len(flat) % step
    if whole:
        connection.executemany(
            into + ", ".join([marks] * _ROWS),
            (flat[at : at + step] for at in range(0, whole, step)),
        )
    if whole < len(flat):
        connection.executemany(
            into + marks,
            (flat[at : at + len(names)] for at in range(whole, len(flat), len(names))),
        )
