"""A GeoPackage of one layer of points, and a table of the sources, through GDAL."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from gazetteer.database.place_rows import Stored
from gazetteer.errors import GazetteerFileError
from gazetteer.export.credit import credits_of
from gazetteer.export.geojson import facts_of, separable
from gazetteer.export.rows import StoredRow
from gazetteer.export.target import Told

LAYER = "places"
_POINT = struct.Struct("<BIdd")
_TEXTS = (
    *("id", "name", "names", "kind", "feature", "country", "admin1", "admin2"),
    *("valid_from", "valid_to", "same_as", "note", "source", "source_key", "licence"),
    *("attribution", "origin", "retrieved_at"),
)
_NUMBERS = ("population", "uncertainty_m", "extent_m")


class LayerFormat:
    """Writes it."""

    def __init__(self, path: Path, sources: Mapping[str, Stored], told: Told) -> None:
        self._path = path
        self._sources = sources
        self._told = told
        self._begun = False

    def write(self, rows: Iterable[StoredRow]) -> None:
        """Write some more places.

        Raises:
            GazetteerFileError: GDAL cannot write the file.
        """
        import numpy as np

        points: list[bytes] = []
        columns: dict[str, list[Any]] = {name: [] for name in (*_TEXTS, *_NUMBERS)}
        for row in rows:
            record = row.record
            if record.outline_wkb is not None:
                self._told.losses["outlines are left out (.lpf.json keeps them)"] += 1
            names = separable(record.names, self._told)
            facts = facts_of(row, self._sources)
            facts |= {
                "id": record.source_id,
                "name": names[0],
                "names": ";".join(names) if len(names) > 1 else None,
                "same_as": " ".join(record.same_as) or None,
            }
            points.append(_POINT.pack(1, 1, record.lon, record.lat))
            for name, values in columns.items():
                values.append(facts[name])
        data = [np.array(columns[name], dtype=object) for name in _TEXTS]
        # Not a number is how GDAL takes a number that is not there.
        data += [np.array(columns[name], dtype=np.float64) for name in _NUMBERS]
        geometry = np.array(points, dtype=object)
        self._put(LAYER, geometry, data, [*_TEXTS, *_NUMBERS])

    def close(self) -> None:
        """Write the sources."""
        import numpy as np

        if not self._begun:
            self.write(())
        sources = credits_of(self._told.used.values())
        fields = list(sources[0]) if sources else ["key"]
        data = [np.array([one[name] for one in sources], dtype=object) for name in fields]
        self._put("sources", None, data, fields)

    def _put(self, layer: str, geometry: Any, data: list[Any], fields: list[str]) -> None:
        import pyogrio.raw
        from pyogrio.errors import DataLayerError, DataSourceError, FeatureError

        try:
            pyogrio.raw.write(
                self._path,
                geometry,
                data,
                fields,
                layer=layer,
                driver="GPKG",
                geometry_type=None if geometry is None else "Point",
                crs=None if geometry is None else "EPSG:4326",
                append=self._begun,
                promote_to_multi=False,
            )
        except (DataSourceError, DataLayerError, FeatureError, OSError) as error:
            raise GazetteerFileError(
                f"the GeoPackage cannot be written ({str(error)[:200]}); check room and rights"
            ) from error
        self._begun = True
