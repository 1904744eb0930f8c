"""Records of a reader, turned into rows of the tables and written in bulk."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from gazetteer.database.geopackage import insert, point_blob, polygon_blob
from gazetteer.record import Record

_MOST_INHABITANTS = 10**11
"""More than this is no population; it also has to fit the database's integers."""

_Row = tuple[Any, ...]


class RowWriter:
    """Gathers rows and writes them; ids rise from those given.

    Attributes:
        places, names, areas: how many were taken over in all.
        place_id, name_id: the ids that the last place and the last name got.
    """

    def __init__(
        self, connection: sqlite3.Connection, source: str, *, place_id: int, name_id: int
    ) -> None:
        self._connection = connection
        self._source = source
        self.place_id = place_id
        self.name_id = name_id
        self.places = self.names = self.areas = 0
        self._rows: dict[str, list[_Row]] = {
            table: [] for table in ("places", "names", "same_as", "areas")
        }

    def add(self, records: Iterable[Record], refuse: Callable[[Record, str], None]) -> None:
        """Take records over and write them.

        Args:
            records: the rows.
            refuse: told of what cannot be used, with the reason.
        """
        place_rows, name_rows = self._rows["places"], self._rows["names"]
        source = self._source
        place_id, name_id = self.place_id, self.name_id
        for record in records:
            main = record.names[0].text
            if not main.strip():
                refuse(record, f"row {record.source_id} has a blank name")
                continue
            if record.population is not None and not (0 <= record.population <= _MOST_INHABITANTS):
                refuse(record, f"row {record.source_id}: {record.population} is no population")
                continue
            place_id += 1
            first, last = _days(record.valid)
            place_rows.append(
                (
                    place_id,
                    point_blob(record.lon, record.lat),
                    main,
                    record.kind,
                    True if record.kind_inferred else None,
                    record.feature or None,
                    record.country,
                    record.admin1,
                    record.admin2,
                    record.population,
                    record.uncertainty_m,
                    record.extent_m,
                    first,
                    last,
                    source,
                    record.source_id,
                    record.note or None,
                )
            )
            for name in record.names:
                name_id += 1
                first, last = _days(name.valid) if name.valid else (None, None)
                name_rows.append(
                    (
                        name_id,
                        place_id,
                        name.text,
                        name.language,
                        name.preferred or None,
                        name.historic or None,
                        name.colloquial or None,
                        first,
                        last,
                    )
                )
            if record.same_as:
                self._rows["same_as"] += [(None, place_id, other) for other in record.same_as]
            if record.outline_wkb is not None:
                blob, why = _area(record.outline_wkb)
                if blob is None:
                    refuse(record, f"row {record.source_id}: {why}")
                else:
                    self._rows["areas"].append((None, blob, place_id, main, record.kind, source))
        self.places += len(place_rows)
        self.names += len(name_rows)
        self.areas += len(self._rows["areas"])
        self.place_id, self.name_id = place_id, name_id
        self._write()

    def _write(self) -> None:
        for table, rows in self._rows.items():
            self._connection.execute("SAVEPOINT rows")
            try:
                insert(self._connection, table, rows)
            except UnicodeEncodeError:
                # Half of a surrogate pair, which no encoding holds; rare enough to look for late.
                self._connection.execute("ROLLBACK TO rows")
                insert(self._connection, table, [_encodable(row) for row in rows])
            self._connection.execute("RELEASE rows")
            rows.clear()


def _days(valid: tuple[date | None, date | None] | None) -> tuple[str | None, str | None]:
    if valid is None:
        return None, None
    first, last = valid
    return first.isoformat() if first else None, last.isoformat() if last else None


def _encodable(row: _Row) -> _Row:
    return tuple(
        value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value
        for value in row
    )


def _area(wkb: bytes) -> tuple[bytes | None, str]:
    """The outline as a table holds it, or None and why not."""
    import shapely

    try:
        shape: Any = shapely.force_2d(shapely.from_wkb(wkb))
    except shapely.errors.ShapelyError as error:
        return None, f"its outline cannot be read ({str(error)[:80]})"
    if shape.geom_type == "Polygon":
        shape = shapely.MultiPolygon([shape])
    if shape.geom_type != "MultiPolygon" or shape.is_empty:
        return None, f"its outline is an empty or unfit {shape.geom_type}"
    west, south, east, north = shape.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        return None, f"its outline reaches from {west:g}, {south:g} to {east:g}, {north:g} degrees"
    return (
        polygon_blob(shapely.to_wkb(shape, byte_order=1), (west, south, east, north)),
        "",
    )
