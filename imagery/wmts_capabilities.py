"""What a WMTS says of one of its layers (OGC 07-057r7, sections 6 and 7.1.1).

A document from outside: entities and document types are refused, sizes are limited, and what is
said twice, not at all or in numbers that none are makes an error with a name.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from imagery.errors import ProviderError, printable
from imagery.tile_matrix import TileMatrix, TileMatrixSet, known_crs, north_first

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

FIELD = re.compile(r"\{([^{}]{1,60})\}")
"""A field of a template."""
_OWS = "{http://www.opengis.net/ows/1.1}"
_WMTS = "{http://www.opengis.net/wmts/1.0}"
_HREF = "{http://www.w3.org/1999/xlink}href"
# The size of a pixel on the screen that scale denominators are told for, metres.
_SCREEN_M = 0.00028
# Degrees to metres as the standard does it: on the equator of WGS84.
_DEGREE_M = math.pi / 180 * 6_378_137.0
_CODE = re.compile(r"(?:.*[:/])?(?:(EPSG)(?::|/)(?:[0-9.]*(?::|/))?(\d{4,6})|OGC.*?(CRS84))", re.I)
_MOST_GRIDS = 200
_MOST_LEVELS = 60
_MOST_LAYERS = 20_000
_DAYS = re.compile(r"P(\d{1,4})(D|M|Y)", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension:
    """A dimension of a layer: its default and its values as the server writes them."""

    id: str
    default: str
    values: tuple[str, ...]

    def has(self, day: date) -> bool:
        """Whether a dimension of time has a day; one that lists nothing that is read may."""
        read = [_period(value) for value in self.values[:20_000]]
        known = [period for period in read if period is not None]
        return not known or any(
            first <= day <= last and (step == 0 or (day - first).days % step == 0)
            for first, last, step in known
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One layer.

    Attributes:
        id: its name.
        style: the default, or the first.
        images: MIME types, in lower case.
        grids: names of its tile matrix sets.
        limits: (grid, matrix, first row, last row, first column, last column), where told.
        dimensions: time and others.
        templates: (MIME type, template) of the REST encoding.
    """

    id: str
    style: str
    images: tuple[str, ...]
    grids: tuple[str, ...]
    limits: tuple[tuple[str, str, int, int, int, int], ...]
    dimensions: tuple[Dimension, ...]
    templates: tuple[tuple[str, str], ...]

    def limits_of(self, grid: str) -> dict[str, tuple[int, int, int, int]]:
        """First and last row, first and last column of each matrix of a grid that has limits."""
        return {one[1]: one[2:] for one in self.limits if one[0] == grid}


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A layer, the grids it has, and where KVP requests go (None: nowhere)."""

    layer: Layer
    grids: tuple[TileMatrixSet, ...]
    kvp: str | None


def read_capabilities(body: bytes, layer: str) -> Described:
    """Read what a server says of a layer.

    Raises:
        ProviderError: the document is none, has no such layer, or contradicts itself.
    """
    from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]
    from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

    try:
        root: Element = fromstring(body, forbid_dtd=True)
    except (DefusedXmlException, ParseError, ValueError, LookupError) as error:
        raise ProviderError(
            "the WMTS capabilities are no XML that is read; give the address of a "
            "WMTSCapabilities document"
        ) from error
    if root.tag != f"{_WMTS}Capabilities":
        raise ProviderError(
            f"the document is {printable(root.tag, 80)!r} and no WMTS 1.0.0 capabilities"
        )
    found = None
    names = []
    for number, element in enumerate(root.iterfind(f"{_WMTS}Contents/{_WMTS}Layer")):
        if number > _MOST_LAYERS:
            break
        name = _text(element, f"{_OWS}Identifier")
        names.append(name)
        if name == layer:
            found = element
            break
    if found is None:
        near = ", ".join(names[:8]) or "none"
        raise ProviderError(
            f"the WMTS has no layer {printable(layer, 60)!r}; it has {printable(near)}"
        )
    read = _layer(found, layer)
    grids: list[TileMatrixSet] = []
    for element in root.iterfind(f"{_WMTS}Contents/{_WMTS}TileMatrixSet"):
        if _text(element, f"{_OWS}Identifier") in read.grids and len(grids) < _MOST_GRIDS:
            grids.append(_grid(element))
    return Described(layer=read, grids=tuple(grids), kvp=_kvp(root))


def _layer(element: Element, name: str) -> Layer:
    styles = [
        (_text(style, f"{_OWS}Identifier"), style.get("isDefault", "").lower() == "true")
        for style in element.iterfind(f"{_WMTS}Style")
    ]
    links = list(element.iterfind(f"{_WMTS}TileMatrixSetLink"))
    limits = []
    for link in links:
        grid = _text(link, f"{_WMTS}TileMatrixSet")
        for limit in link.iterfind(f"{_WMTS}TileMatrixSetLimits/{_WMTS}TileMatrixLimits"):
            numbers = [
                _whole(_text(limit, f"{_WMTS}{tag}"), tag)
                for tag in ("MinTileRow", "MaxTileRow", "MinTileCol", "MaxTileCol")
            ]
            limits.append((grid, _text(limit, f"{_WMTS}TileMatrix"), *numbers))
    return Layer(
        id=name,
        style=next((s for s, default in styles if default), styles[0][0] if styles else "default"),
        images=tuple(
            (f.text or "").strip().lower() for f in element.iterfind(f"{_WMTS}Format") if f.text
        ),
        grids=tuple(_text(link, f"{_WMTS}TileMatrixSet") for link in links),
        limits=tuple(limits),  # type: ignore[arg-type]
        dimensions=tuple(
            Dimension(
                id=_text(d, f"{_OWS}Identifier"),
                default=_text(d, f"{_WMTS}Default"),
                values=tuple(
                    one.strip()
                    for value in d.iterfind(f"{_WMTS}Value")
                    for one in (value.text or "").split(",")
                ),
            )
            for d in element.iterfind(f"{_WMTS}Dimension")
        ),
        templates=tuple(
            (r.get("format", "").lower(), r.get("template", ""))
            for r in element.iterfind(f"{_WMTS}ResourceURL")
            if r.get("resourceType") == "tile" and r.get("template")
        ),
    )


def _grid(element: Element) -> TileMatrixSet:
    name = _text(element, f"{_OWS}Identifier")
    said = _text(element, f"{_OWS}SupportedCRS")
    crs = crs_code(said)
    known = known_crs(crs)
    metres = _DEGREE_M if known.is_geographic else known.axis_info[0].unit_conversion_factor
    matrices: list[TileMatrix] = []
    for matrix in element.iterfind(f"{_WMTS}TileMatrix"):
        if len(matrices) == _MOST_LEVELS:
            raise ProviderError(f"{printable(name, 60)}: more than {_MOST_LEVELS} levels")
        corner = _text(matrix, f"{_WMTS}TopLeftCorner").split()
        scale = _number(_text(matrix, f"{_WMTS}ScaleDenominator"), "ScaleDenominator")
        if len(corner) != 2:
            raise ProviderError(f"{printable(name, 60)}: a TopLeftCorner is no two numbers")
        first, second = (_number(one, "TopLeftCorner") for one in corner)
        # A short code means x before y to many servers; a URN, the authority's order. Latitudes
        # beyond the pole are a longitude that stands in the wrong place.
        swapped = said.lower().startswith(("urn:", "http")) and north_first(crs)
        if known.is_geographic and abs(first if swapped else second) > 90:
            swapped = not swapped
        left, top = (second, first) if swapped else (first, second)
        matrices.append(
            TileMatrix(
                id=_text(matrix, f"{_OWS}Identifier"),
                left=left,
                top=top,
                step=scale * _SCREEN_M / metres,
                **{
                    key: _whole(_text(matrix, f"{_WMTS}{tag}"), tag)
                    for key, tag in (
                        ("tile_cols", "TileWidth"),
                        ("tile_rows", "TileHeight"),
                        ("wide", "MatrixWidth"),
                        ("high", "MatrixHeight"),
                    )
                },
            )
        )
    if not matrices:
        raise ProviderError(f"{printable(name, 60)}: the grid has no levels")
    matrices.sort(key=lambda one: -one.step)
    return TileMatrixSet(id=name, crs=crs, matrices=tuple(matrices))


def crs_code(said: str) -> str:
    """The authority code of a coordinate system named by URN, address or code.

    Raises:
        ProviderError: it is none that is known.
    """
    found = _CODE.search(said.strip()[:200])
    if found is None:
        raise ProviderError(f"{printable(said, 80)!r} is no coordinate system that is known")
    if found[3]:
        return "OGC:CRS84"
    code = "3857" if found[2] in {"900913", "102100", "3785"} else found[2]
    return f"EPSG:{code}"


def _kvp(root: Element) -> str | None:
    """Where GetTile requests with parameters go."""
    for operation in root.iterfind(f"{_OWS}OperationsMetadata/{_OWS}Operation"):
        if operation.get("name") != "GetTile":
            continue
        for get in operation.iterfind(f"{_OWS}DCP/{_OWS}HTTP/{_OWS}Get"):
            encodings = [
                (value.text or "").upper() for value in get.iter(f"{_OWS}Value") if value.text
            ]
            href = get.get(_HREF, "")
            if href.startswith(("http://", "https://")) and (not encodings or "KVP" in encodings):
                return href
    return None


def _period(said: str) -> tuple[date, date, int] | None:
    """First day, last day and step in days (0: every day may be) of a value of time."""
    parts = said.split("/")
    try:
        first = date.fromisoformat(parts[0][:10])
        last = date.fromisoformat(parts[1][:10]) if len(parts) > 1 else first
    except ValueError:
        return None
    step = _DAYS.fullmatch(parts[2]) if len(parts) > 2 else None
    days = int(step[1]) if step and step[2] == "D" else 0
    return first, max(first, last), timedelta(days=days).days


def _text(element: Element, tag: str) -> str:
    return (element.findtext(tag) or "").strip()[:2_000]


def _number(text: str, what: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ProviderError(f"the capabilities have a {what} of {printable(text, 40)!r}")
    return value


def _whole(text: str, what: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 13):
        raise ProviderError(f"the capabilities have a {what} of {printable(text, 40)!r}")
    return int(text)
