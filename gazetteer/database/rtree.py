"""The R-tree of a feature table, packed in one go.

SQLite's own insertion takes ten microseconds and more a row and leaves nodes two thirds full.
Packing sorts the boxes into vertical slices and those from south to north (Leutenegger, Lopez and
Edgington 1997, "STR"), fills every node and writes SQLite's three shadow tables, whose layout is
documented in its source (``ext/rtree/rtree.c``) and part of its file format.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gazetteer.database.bulk import insert_rows

_Floats = npt.NDArray[np.float64]

_CELL = np.dtype([("id", ">i8"), ("box", ">f4", 4)])
_NODE_CELLS = 51
"""Most cells in a node, as SQLite takes them for pages of 4,096 bytes."""
_ROOT = 1
_AT_ONCE = 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Boxes:
    """Bounding boxes of the rows ``ids``, in degrees; for points, each axis once and twice."""

    ids: npt.NDArray[np.int64]
    min_x: _Floats
    max_x: _Floats
    min_y: _Floats
    max_y: _Floats


def pack_rtree(connection: sqlite3.Connection, table: str, boxes: Boxes) -> None:
    """Create the R-tree ``table`` and fill it with ``boxes``."""
    connection.execute(f'CREATE VIRTUAL TABLE "{table}" USING rtree(id, minx, maxx, miny, maxy)')
    if not len(boxes.ids):
        return
    order = _sorted_into_tiles((boxes.min_x + boxes.max_x) / 2, (boxes.min_y + boxes.max_y) / 2)
    cells = np.empty(len(order), dtype=_CELL)
    cells["id"] = boxes.ids[order]
    # Single precision holds a degree to a metre or so: the box must grow, never shrink.
    cells["box"][:, 0] = _down(boxes.min_x[order])
    cells["box"][:, 1] = _up(boxes.max_x[order])
    cells["box"][:, 2] = _down(boxes.min_y[order])
    cells["box"][:, 3] = _up(boxes.max_y[order])
    connection.execute(f'DELETE FROM "{table}_node"')
    next_node = _ROOT + 1
    depth = 0
    while True:
        firsts = np.arange(0, len(cells), _NODE_CELLS)
        counts = np.minimum(_NODE_CELLS, len(cells) - firsts)
        if len(firsts) == 1:
            numbers = np.array([_ROOT])
        else:
            numbers = np.arange(next_node, next_node + len(firsts))
            next_node += len(firsts)
        _write_nodes(connection, table, cells, numbers, counts, depth if len(firsts) == 1 else 0)
        _write_owners(connection, table, cells, np.repeat(numbers, counts), leaf=depth == 0)
        if len(firsts) == 1:
            return
        parents = np.empty(len(firsts), dtype=_CELL)
        parents["id"] = numbers
        for axis, reduce in enumerate((np.minimum, np.maximum, np.minimum, np.maximum)):
            native = cells["box"][:, axis].astype(np.float32)
            parents["box"][:, axis] = reduce.reduceat(native, firsts)
        cells = parents
        depth += 1


def _write_nodes(
    connection: sqlite3.Connection,
    table: str,
    cells: npt.NDArray[np.void],
    numbers: npt.NDArray[np.int64],
    counts: npt.NDArray[np.int64],
    depth: int,
) -> None:
    padded = np.zeros(len(numbers) * _NODE_CELLS, dtype=_CELL)
    padded[: len(cells)] = cells
    nodes = np.zeros((len(numbers), 4 + _NODE_CELLS * _CELL.itemsize), dtype=np.uint8)
    nodes[:, 0:2] = np.frombuffer(depth.to_bytes(2, "big"), dtype=np.uint8)
    nodes[:, 2:4] = counts.astype(">u2").view(np.uint8).reshape(-1, 2)
    nodes[:, 4:] = padded.view(np.uint8).reshape(len(numbers), -1)
    connection.executemany(
        f'INSERT INTO "{table}_node"(nodeno, data) VALUES (?, ?)',
        zip(numbers.tolist(), map(bytes, nodes), strict=True),
    )


def _write_owners(
    connection: sqlite3.Connection,
    table: str,
    cells: npt.NDArray[np.void],
    owners: npt.NDArray[np.int64],
    *,
    leaf: bool,
) -> None:
    ids = cells["id"].astype(np.int64)
    # In the order of their ids, so that SQLite only ever appends.
    order = np.argsort(ids)
    columns = ("rowid", "nodeno") if leaf else ("nodeno", "parentnode")
    for start in range(0, len(order), _AT_ONCE):
        some = order[start : start + _AT_ONCE]
        rows = list(zip(ids[some].tolist(), owners[some].tolist(), strict=True))
        insert_rows(connection, f'"{table}_{"rowid" if leaf else "parent"}"', columns, rows)


def _sorted_into_tiles(x: _Floats, y: _Floats) -> npt.NDArray[np.int64]:
    slices = max(1, round((len(x) / _NODE_CELLS) ** 0.5))
    rank = np.empty(len(x), dtype=np.int64)
    rank[np.argsort(x, kind="stable")] = np.arange(len(x))
    return np.lexsort((y, rank * slices // max(len(x), 1)))


def _down(values: _Floats) -> npt.NDArray[np.float32]:
    near = values.astype(np.float32)
    return np.where(near > values, np.nextafter(near, np.float32(-np.inf)), near)


def _up(values: _Floats) -> npt.NDArray[np.float32]:
    near = values.astype(np.float32)
    return np.where(near < values, np.nextafter(near, np.float32(np.inf)), near)
