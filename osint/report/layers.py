"""The report as map layers: what ``case.gpkg`` holds.

They are made from the report alone, so that a kept ``report.json`` can be turned into them later.
Layers are in EPSG:4326 (longitude, latitude); columns have the report's names, lengths are metres.

=============  ============  =====================================================================
layer          geometry      a row is
=============  ============  =====================================================================
places         point         a place, at the middle of its region
readings       point         one thing that a place's name can mean, with its weight
regions        polygons      the ground that holds a place with 95 % probability
claims         lines         a separation or a direction, between the middles of its two places
claim_points   point         a claim about one place (located, border, containment, dated)
zones          polygons      a claimed zone, as the circle that was said
borders        lines         a stretch of border that the claims speak of
photos         point         a photo, where its own metadata put it
chips          polygons      the ground that a piece of imagery shows
layer_styles   none          how QGIS draws the others
=============  ============  =====================================================================

What has no position keeps its row, without a geometry: every claim is in exactly one layer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from osint.report.dateline import Geometry, circle, cut_lines, cut_polygons, geodesic, unrolled
from osint.report.frame import Spot, spots_by_name
from osint.report.model import JudgedClaim, Report

FieldType = Literal["text", "number", "date", "flag"]
Fields = Mapping[str, FieldType]
Row = dict[str, Any]

# Radii beyond a quarter of the way round the Earth make no circle that a map can show.
_WIDEST_ZONE_M = 10_000_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One table: geometries (shapely, None where there is none) beside rows of the same length."""

    name: str
    geometry_type: str
    fields: Fields
    geometries: tuple[Geometry | None, ...]
    rows: tuple[Row, ...]


_PLACE: Fields = {
    "place": "text",
    "name": "text",
    "radius_95_m": "number",
    "note": "text",
}
_READING: Fields = {
    "place": "text",
    "place_name": "text",
    "name": "text",
    "weight": "number",
    "uncertainty_m": "number",
    "source": "text",
    "source_id": "text",
}
_REGION: Fields = {"place": "text", "name": "text", "radius_95_m": "number"}
_CLAIM: Fields = {
    "id": "text",
    "kind": "text",
    "text": "text",
    "verdict": "text",
    "leaning": "text",
    "probability": "number",
    "bayes_factor": "number",
    "predictive": "number",
    "because": "text",
    "decides": "text",
    "source": "text",
    "origin": "text",
    "polarity": "text",
    "modality": "text",
    "caption": "flag",
    "date_first": "date",
    "date_last": "date",
}
_BETWEEN: Fields = {
    **_CLAIM,
    "from": "text",
    "to": "text",
    "relation": "text",
    "said_m": "number",
    "low_m": "number",
    "high_m": "number",
    "median_m": "number",
}
_AT: Fields = {**_CLAIM, "subject": "text", "place": "text", "photo": "text"}
_ZONE: Fields = {
    **_CLAIM,
    "centre": "text",
    "what": "text",
    "status": "text",
    "said_m": "number",
    "low_m": "number",
    "high_m": "number",
}
_BORDER: Fields = {"between": "text", "source": "text"}
_PHOTO: Fields = {
    "path": "text",
    "sha256": "text",
    "status": "text",
    "position_problem": "text",
    "uncertainty_m": "number",
    "altitude_m": "number",
    "heading_deg": "number",
    "heading_reference": "text",
    "taken_at": "text",
    "utc_offset": "text",
    "make": "text",
    "model": "text",
    "caption_claim": "text",
}
_CHIP: Fields = {
    "place": "text",
    "provider": "text",
    "acquired_first": "date",
    "acquired_last": "date",
    "gsd_m": "number",
    "coverage": "number",
    "attribution": "text",
    "licence": "text",
    "supports": "text",
    "cannot": "text",
    "path": "text",
    "sha256": "text",
}


def layers_of(report: Report) -> tuple[Layer, ...]:
    """The report's layers, empty ones included, in the order of the table above."""
    spots = spots_by_name(report)
    places = [(place, spots.get(place.id)) for place in report.places]
    between = [c for c in report.claims if c.kind in {"separation", "direction"}]
    zones = [c for c in report.claims if c.kind == "zone"]
    at = [c for c in report.claims if c not in between and c not in zones]
    return (
        _layer(
            "places",
            "Point",
            _PLACE,
            (
                (_point(spot), {**_of(place, _PLACE), "place": place.id} | _radius(place.region))
                for place, spot in places
            ),
        ),
        _layer(
            "readings",
            "Point",
            _READING,
            (
                (
                    _at(reading.lon, reading.lat),
                    {**_of(reading, _READING), "place": place.id, "place_name": place.name},
                )
                for place in report.places
                for reading in place.readings
            ),
        ),
        _layer(
            "regions",
            "MultiPolygon",
            _REGION,
            (
                (
                    _polygons(place.region.outline),
                    {"place": place.id, "name": place.name} | _radius(place.region),
                )
                for place in report.places
                if place.region and place.region.outline
            ),
        ),
        _layer("claims", "MultiLineString", _BETWEEN, (_line(c, spots) for c in between)),
        _layer("claim_points", "Point", _AT, (_single(c, spots) for c in at)),
        _layer("zones", "MultiPolygon", _ZONE, (_zone(c, spots) for c in zones)),
        _layer(
            "borders",
            "MultiLineString",
            _BORDER,
            (
                (
                    cut_lines(border.lines),
                    {"between": " / ".join(border.between), "source": border.source},
                )
                for border in report.borders
            ),
        ),
        _layer(
            "photos",
            "Point",
            _PHOTO,
            (
                (
                    _at(photo.position.lon, photo.position.lat) if photo.position else None,
                    _of(photo, _PHOTO) | (_of(photo.position, _PHOTO) if photo.position else {}),
                )
                for photo in report.photos
            ),
        ),
        _layer(
            "chips",
            "MultiPolygon",
            _CHIP,
            (
                (
                    _footprint(chip.footprint),
                    _of(chip, _CHIP)
                    | (
                        {
                            "acquired_first": chip.acquired.first,
                            "acquired_last": chip.acquired.last,
                        }
                        if chip.acquired
                        else {}
                    ),
                )
                for chip in report.imagery
            ),
        ),
    )


def _layer(
    name: str, geometry_type: str, fields: Fields, rows: Iterable[tuple[Geometry | None, Row]]
) -> Layer:
    found = list(rows)
    return Layer(
        name=name,
        geometry_type=geometry_type,
        fields=fields,
        geometries=tuple(None if g is None or g.is_empty else g for g, _ in found),
        rows=tuple(row for _, row in found),
    )


def _of(item: object, fields: Fields) -> Row:
    """Those of an item's own attributes that are columns."""
    return {name: getattr(item, name) for name in fields if hasattr(item, name)}


def _radius(region: Any) -> Row:
    return {"radius_95_m": region.radius_95_m if region else None}


def _at(lon: float | None, lat: float | None) -> Geometry | None:
    import shapely

    return None if lon is None or lat is None else shapely.Point(lon, lat)


def _point(spot: Spot | None) -> Geometry | None:
    return None if spot is None else _at(spot.lon, spot.lat)


def _polygons(outline: Sequence[Sequence[Sequence[tuple[float, float]]]]) -> Geometry:
    import shapely

    return shapely.MultiPolygon([(rings[0], rings[1:]) for rings in outline])


def _footprint(points: Sequence[tuple[float, float]]) -> Geometry | None:
    import shapely

    corners = list(dict.fromkeys(points))
    if len(corners) < 3:
        return None
    lon = unrolled([p[0] for p in corners])
    ring = shapely.Polygon(list(zip(lon, (p[1] for p in corners), strict=True)))
    return cut_polygons(shapely.make_valid(ring))


def _claim(claim: JudgedClaim) -> Row:
    row = _of(claim, _CLAIM)
    if claim.date:
        row |= {"date_first": claim.date.first, "date_last": claim.date.last}
    return row


def _band(band: Any) -> Row:
    return {"said_m": band.said, "low_m": band.low, "high_m": band.high} if band else {}


def _line(claim: JudgedClaim, spots: Mapping[str, Spot]) -> tuple[Geometry | None, Row]:
    """A separation or a direction: a geodesic between its places if both are on the map."""
    start, end = claim.from_ or claim.subject or "", claim.to or claim.object or ""
    row = _claim(claim) | {"from": start, "to": end, "relation": claim.relation}
    row |= _band(claim.distance_m)
    row["median_m"] = claim.distribution.q50_m if claim.distribution else None
    ends = spots.get(start), spots.get(end)
    if ends[0] is None or ends[1] is None:
        return None, row
    return geodesic(ends[0].point, ends[1].point), row


def _single(claim: JudgedClaim, spots: Mapping[str, Spot]) -> tuple[Geometry | None, Row]:
    """A claim about one place, at that place."""
    row = _claim(claim) | _of(claim, {"subject": "text", "place": "text", "photo": "text"})
    spot = spots.get(claim.place or "") or spots.get(claim.subject or "")
    return _point(spot), row


def _zone(claim: JudgedClaim, spots: Mapping[str, Spot]) -> tuple[Geometry | None, Row]:
    row = _claim(claim) | _of(claim, {"centre": "text", "what": "text", "status": "text"})
    row |= _band(claim.radius_m)
    spot = spots.get(claim.centre or "")
    if spot is None or claim.radius_m is None or not 0 < claim.radius_m.said <= _WIDEST_ZONE_M:
        return None, row
    return circle(spot.point, claim.radius_m.said), row
