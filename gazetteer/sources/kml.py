"""Placemarks of a KML file.

Read with defusedxml, element by element: a declaration of entities, which could unfold a small file
into gigabytes or fetch other files, refuses it. GDAL is left out of this on purpose: it chooses its
driver by content, and some drivers open whatever else a file names.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

from gazetteer.errors import GazetteerFileError
from gazetteer.record import BadRow, Provenance, Record
from gazetteer.sources.cells import CellError
from gazetteer.sources.columns import Columns, columns_of
from gazetteer.sources.outline import Ground, OutlineError, ground_of
from gazetteer.sources.row_maker import RowMaker
from gazetteer.sources.unpack import FREE, FileReader, InputFile, key_of

MAX_BYTES = 512 * 2**20
"""Largest KML taken."""

_MOST_DEPTH = 100
_MOST_TEXT = 32 * 2**20


class KmlReader(FileReader):
    """Placemarks as rows; their data is read for kind, country and so on by the names of fields.

    Args:
        source: the KML, which may be a member of a zip.
        shown: the file that the user named, if another.
    """

    def __init__(self, source: InputFile, *, shown: Path | None = None) -> None:
        super().__init__(source)
        self._shown = shown or source.path

    @cached_property
    def provenance(self) -> Provenance:
        """Whose rows these are."""
        name = self._shown.name
        return Provenance(
            key=key_of("kml", self._shown),
            title=name,
            origin=name,
            licence="",
            locator=str(self._shown),
            sha256=self._source.sha256,
            guessed=self._columns.guessed,
        )

    @cached_property
    def _columns(self) -> Columns:
        """Fields of the first placemarks."""
        found: dict[str, None] = {"name": None, "note": None}
        rows: list[dict[str, str]] = []
        for number, (values, _) in enumerate(self._placemarks()):
            if number == 100:
                break
            found |= dict.fromkeys(values)
            rows.append(values)
        header = list(found)
        return columns_of(
            self._source.name,
            header,
            [[row.get(key, "") for key in header] for row in rows],
            located=True,
        )

    def rows(self) -> Iterator[Record | BadRow]:
        """Every placemark, in the order of the file; ``BadRow.line`` counts them.

        Raises:
            GazetteerFileError: the file is no KML, is damaged, or declares entities.
        """
        columns = self._columns
        maker = RowMaker(columns)
        number = 0
        for number, (values, geometry) in enumerate(self._placemarks(), start=1):
            try:
                ground = _ground(geometry)
                cells = [values.get(key, "") for key in columns.names]
                yield maker.record(cells, number, ground)
            except (CellError, OutlineError) as error:
                yield BadRow(line=number, why=str(error))
        if number == 0:
            raise GazetteerFileError(f"{self._source.name} has no placemark; add one or leave it")

    def _placemarks(self) -> Iterator[tuple[dict[str, str], Any]]:
        from xml.etree.ElementTree import ParseError

        from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
        from defusedxml.ElementTree import DefusedXMLParser  # type: ignore[import-untyped]

        parser = _pull_parser(DefusedXMLParser)
        depth = total = held = 0
        root: Any = None
        try:
            for piece in chain(self._source.pieces(65_536), (b"",)):
                total += len(piece)
                held += len(piece)
                if total > MAX_BYTES or held > max(_MOST_TEXT, FREE):
                    raise GazetteerFileError(
                        f"{self._source.name} has over {MAX_BYTES:,} bytes, or a placemark of over "
                        f"{FREE:,}; split it"
                    )
                _feed(parser, piece, self._source.name)
                for event, element in parser.read_events():
                    tag = _plain(element.tag)
                    if event == "start":
                        depth += 1
                        if root is None:
                            root = element
                            if tag not in ("kml", "Document", "Folder", "Placemark"):
                                raise GazetteerFileError(
                                    f"{self._source.name} is XML of type {tag[:40]!r}, no KML"
                                )
                        if depth > _MOST_DEPTH:
                            raise GazetteerFileError(
                                f"{self._source.name} is nested deeper than {_MOST_DEPTH} levels"
                            )
                        continue
                    depth -= 1
                    if tag == "Placemark":
                        yield _values(element), element
                        element.clear()
                        held = 0
                    elif tag in ("Style", "StyleMap", "Folder", "GroundOverlay", "Schema"):
                        element.clear()
        except DefusedXmlException as error:
            raise GazetteerFileError(
                f"{self._source.name} declares entities or a document type "
                f"({type(error).__name__}), which KML needs not and attacks use; not read"
            ) from error
        except (ParseError, LookupError) as error:
            # LookupError: the file names an encoding that there is not.
            raise GazetteerFileError(
                f"{self._source.name} is not well-formed XML ({error}); export it again"
            ) from error


def _pull_parser(parser: Any) -> Any:
    """A pull parser over the safe parser: the standard one builds its own, unsafe."""
    from xml.etree.ElementTree import XMLPullParser

    own = parser(forbid_dtd=True, forbid_entities=True, forbid_external=True)
    return XMLPullParser(("start", "end"), _parser=own)


def _feed(parser: Any, piece: bytes, name: str) -> None:
    from defusedxml import DefusedXmlException

    try:
        if piece:
            parser.feed(piece)
        else:
            parser.close()
    except DefusedXmlException:
        raise
    except ValueError as error:
        # An encoding that the parser does not take.
        raise GazetteerFileError(f"{name} cannot be read ({error}); save it as UTF-8") from error


def _plain(tag: object) -> str:
    return str(tag).rpartition("}")[2]


def _values(placemark: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in placemark.iter():
        tag = _plain(element.tag)
        text = (element.text or "").strip()
        if tag in ("name", "description") and text:
            found.setdefault("note" if tag == "description" else tag, text)
        elif tag == "Data" and element.get("name"):
            values = [c.text or "" for c in element if _plain(c.tag) == "value"]
            found[element.get("name")] = " ".join(values).strip()
        elif tag == "SimpleData" and element.get("name") and text:
            found[element.get("name")] = text
    return found


def _ground(placemark: Any) -> Ground:
    import shapely

    shapes: list[Any] = []
    for element in placemark.iter():
        tag = _plain(element.tag)
        try:
            if tag == "Point":
                shapes.append(shapely.Point(_corners(element)[0]))
            elif tag == "LineString":
                shapes.append(shapely.LineString(_corners(element)))
            elif tag == "Polygon":
                shapes.append(_polygon(element))
        except (IndexError, ValueError, shapely.errors.ShapelyError) as error:
            raise OutlineError(f"its {tag} has unusable coordinates ({error})") from error
    if not shapes:
        raise OutlineError("it has no point, line or polygon")
    polygons = [shape for shape in shapes if shape.geom_type == "Polygon"]
    if polygons:
        return ground_of(shapely.MultiPolygon(polygons))
    return ground_of(shapes[0] if len(shapes) == 1 else shapely.GeometryCollection(shapes))


def _polygon(element: Any) -> Any:
    import shapely

    outer: list[tuple[float, float]] = []
    inner: list[list[tuple[float, float]]] = []
    for child in element:
        corners = _corners(child) if _plain(child.tag).endswith("BoundaryIs") else None
        if corners is not None and _plain(child.tag) == "outerBoundaryIs":
            outer = corners
        elif corners is not None:
            inner.append(corners)
    return shapely.Polygon(outer, inner)


def _corners(element: Any) -> list[tuple[float, float]]:
    """Longitude and latitude of each corner; heights are left out."""
    text = next((e.text or "" for e in element.iter() if _plain(e.tag) == "coordinates"), "")
    corners = []
    for part in text.split():
        numbers = part.split(",")
        corners.append((float(numbers[0]), float(numbers[1])))
    return corners
