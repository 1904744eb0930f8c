"""Map layers into ``case.gpkg``, for QGIS and every other program that reads GeoPackage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from osint.report.layer_styles import styles
from osint.report.layers import Fields, FieldType, Layer, layers_of

if TYPE_CHECKING:
    from osint.report.model import Report

STYLES_LAYER = "layer_styles"
_CRS = "EPSG:4326"


def geopackage(report: Report) -> bytes:
    """The whole file: every layer, and QGIS's styles for them.

    Raises:
        OSError: there is no room for temporary files.
    """
    from pyogrio.errors import DataLayerError, DataSourceError, FieldError

    # Not written where the user wants it: to GDAL some names of folders mean archives or addresses.
    with TemporaryDirectory(prefix="osint-") as folder:
        path = Path(folder) / "case.gpkg"
        try:
            with _unsynchronised():
                for layer in (*layers_of(report), _styles()):
                    _write(path, layer)
        except (DataLayerError, DataSourceError, FieldError) as error:
            reason = str(error).split("\n", 1)[0]
            raise OSError(0, f"the map layers cannot be made: {reason}") from error
        return path.read_bytes()


@contextmanager
def _unsynchronised() -> Iterator[None]:
    """No waiting for the disk after every layer: the file is a temporary one, read back whole."""
    from pyogrio import get_gdal_config_option, set_gdal_config_options

    wanted = {"OGR_SQLITE_SYNCHRONOUS": "OFF", "OGR_SQLITE_JOURNAL": "MEMORY"}
    before = {name: get_gdal_config_option(name) for name in wanted}
    set_gdal_config_options(wanted)
    try:
        yield
    finally:
        set_gdal_config_options(before)


def _styles() -> Layer:
    """QGIS's own table, in the columns that QGIS gives it."""
    rows = tuple(
        {
            "f_table_catalog": "",
            "f_table_schema": "",
            "f_table_name": name,
            "f_geometry_column": "geom",
            "styleName": name,
            "styleQML": qml,
            "styleSLD": "",
            "useAsDefault": True,
            "description": "by verdict" if name in {"claims", "claim_points", "zones"} else "",
            "owner": "",
            "ui": None,
            "update_time": None,
        }
        for name, qml in styles()
    )
    fields: Fields = {name: "flag" if name == "useAsDefault" else "text" for name in rows[0]}
    return Layer(
        name=STYLES_LAYER,
        geometry_type="",
        fields=fields,
        geometries=(None,) * len(rows),
        rows=rows,
    )


def _write(path: Path, layer: Layer) -> None:
    import shapely
    from pyogrio import raw

    spatial = bool(layer.geometry_type)
    columns = [_column([row.get(n) for row in layer.rows], t) for n, t in layer.fields.items()]
    raw.write(
        path,
        shapely.to_wkb(np.array(layer.geometries, dtype=object)) if spatial else None,
        [values for values, _ in columns],
        list(layer.fields),
        field_mask=[mask for _, mask in columns],
        layer=layer.name,
        driver="GPKG",
        geometry_type=layer.geometry_type or None,
        crs=_CRS if spatial else None,
        layer_options={"FID": "fid" if spatial else "id"},
    )


def _column(
    values: Sequence[Any], kind: FieldType
) -> tuple[NDArray[Any], NDArray[np.bool_] | None]:
    """A column's values, and where it has none."""
    missing = np.array([value is None for value in values], dtype=np.bool_)
    match kind:
        case "number":
            return np.array([np.nan if v is None else v for v in values], dtype=np.float64), missing
        case "date":
            days = [np.datetime64("NaT") if v is None else np.datetime64(v) for v in values]
            return np.array(days, dtype="datetime64[D]"), missing
        case "flag":
            return np.array([bool(v) for v in values], dtype=np.bool_), missing
        case _:
            texts = [None if v is None else _text(v) for v in values]
            return np.array(texts, dtype=object), missing


def _text(value: object) -> str:
    """Text as a database column takes it: SQLite's texts end at a NUL."""
    written = value.isoformat() if isinstance(value, date) else str(value)
    return written.replace("\0", "\ufffd")
