"""How QGIS draws the layers of ``case.gpkg``: simple symbols, by verdict where there is one.

QGIS looks for a table ``layer_styles`` in a GeoPackage and applies the row marked as default to the
layer of that name. Other programs leave the table alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal
from xml.sax.saxutils import quoteattr

from osint.report.marks import BORDER, COLOURS, INK

Shape = Literal["point", "line", "polygon"]

VERDICT_COLOURS: Mapping[str, str] = {
    "confirmed": "#238443",
    "flagged": "#c8102e",
    "undetermined": "#7a7a7a",
}

_GEOMETRY_TYPE = {"point": 0, "line": 1, "polygon": 2}
# Each layer: its shape and one colour, or None for one colour per verdict.
_LAYERS: tuple[tuple[str, Shape, str | None], ...] = (
    ("places", "point", COLOURS[0]),
    ("readings", "point", COLOURS[1]),
    ("regions", "polygon", COLOURS[0]),
    ("claims", "line", None),
    ("claim_points", "point", None),
    ("zones", "polygon", None),
    ("borders", "line", BORDER),
    ("photos", "point", INK),
    ("chips", "polygon", COLOURS[5]),
)


def styles() -> tuple[tuple[str, str], ...]:
    """Layer names, each with its style as QGIS's own XML (QML)."""
    return tuple((name, _qml(shape, colour)) for name, shape, colour in _LAYERS)


def _qml(shape: Shape, colour: str | None) -> str:
    if colour is not None:
        renderer = (
            '<renderer-v2 type="singleSymbol" enableorderby="0" forceraster="0">'
            f"<symbols>{_symbol('0', shape, colour)}</symbols></renderer-v2>"
        )
    else:
        verdicts = list(VERDICT_COLOURS.items())
        categories = "".join(
            f'<category render="true" symbol="{n}" value="{verdict}" label="{verdict}"/>'
            for n, (verdict, _) in enumerate(verdicts)
        )
        symbols = "".join(_symbol(str(n), shape, c) for n, (_, c) in enumerate(verdicts))
        renderer = (
            '<renderer-v2 type="categorizedSymbol" attr="verdict" enableorderby="0" '
            f'forceraster="0"><categories>{categories}</categories>'
            f"<symbols>{symbols}</symbols></renderer-v2>"
        )
    return (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
        '<qgis version="3.22.0" styleCategories="Symbology">'
        f"{renderer}<layerGeometryType>{_GEOMETRY_TYPE[shape]}</layerGeometryType></qgis>"
    )


def _symbol(name: str, shape: Shape, colour: str) -> str:
    kind, drawn, options = {
        "point": (
            "marker",
            "SimpleMarker",
            {
                "name": "circle",
                "color": _rgba(colour),
                "outline_color": "255,255,255,255",
                "outline_width": "0.3",
                "size": "3",
                "size_unit": "MM",
            },
        ),
        "line": (
            "line",
            "SimpleLine",
            {"line_color": _rgba(colour), "line_width": "0.7", "line_width_unit": "MM"},
        ),
        "polygon": (
            "fill",
            "SimpleFill",
            {
                "color": _rgba(colour, 40),
                "style": "solid",
                "outline_color": _rgba(colour),
                "outline_width": "0.5",
                "outline_width_unit": "MM",
            },
        ),
    }[shape]
    written = "".join(
        f'<Option name={quoteattr(key)} value={quoteattr(value)} type="QString"/>'
        for key, value in options.items()
    )
    return (
        f'<symbol name="{name}" type="{kind}" alpha="1" clip_to_extent="1" force_rhr="0">'
        f'<layer class="{drawn}" enabled="1" locked="0" pass="0">'
        f'<Option type="Map">{written}</Option></layer></symbol>'
    )


def _rgba(colour: str, alpha: int = 255) -> str:
    """``#rrggbb`` as QGIS writes it: four numbers."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"{red},{green},{blue},{alpha}"
