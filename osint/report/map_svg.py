"""The map of a report: where each place can be, what was claimed, and how far apart they are."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from osint.report.frame import Frame, Spot, arc, choose_frame, point_at, spots_by_name
from osint.report.furniture import far_list, furniture, graticule, legend
from osint.report.labels import Labeller
from osint.report.marks import BORDER, CLAIM, COLOURS, INK, STATED, camera, marker
from osint.report.model import Place, PlaceReading, Report, StatedClaim
from osint.report.svg import XY, document, element, line, path_data, polyline, titled, words
from osint.report.text import (
    distance_text,
    exact_text,
    position_text,
    share_text,
    shorten,
    span_text,
)

_NAME_MOST = 30
_LEAST_CELL_PX = 2.0
_LONE_CELL_PX = 10.0


def map_svg(report: Report) -> str:
    """One SVG: places with their 95 % regions and readings, claimed rings, borders, photos, scale.

    Returns an empty string if the report holds no position at all.
    """
    frame = choose_frame(report)
    if frame is None:
        return ""
    spots = spots_by_name(report)
    colours = {
        place.id: COLOURS[number % len(COLOURS)] for number, place in enumerate(report.places)
    }
    room = Labeller(frame=frame.box)
    _reserve(report, frame, room)
    layers = [
        *graticule(frame),
        *_borders(report, frame, room),
        *(part for place in report.places for part in _region(place, frame, colours[place.id])),
        *_zones(report, spots, frame, room),
        *_stated_rings(report, spots, frame, room),
        *_claimed_rings(report, spots, frame, room),
        *_separations(report, spots, frame, room),
        *(
            part
            for number, place in enumerate(report.places)
            for part in _readings(place, frame, colours[place.id], number, room)
        ),
        *_photos(report, frame, room),
    ]
    window = element("rect", x=0, y=0, width=frame.width, height=frame.height)
    key, below = legend(report, frame, colours)
    listed, below = far_list(report, frame, below)
    body = [
        element("defs", element("clipPath", window, id="map-window")),
        element("rect", x=0, y=0, width=frame.width, height=frame.height, fill="#f7f5ef"),
        element("g", "".join(layers), clip_path="url(#map-window)"),
        *furniture(frame),
        *key,
        *listed,
    ]
    return document(
        width=frame.width,
        height=below,
        name="map",
        title="Map of the places that the claims speak of",
        description=_description(report, frame),
        body=body,
    )


def _label(room: Labeller, at: XY, text: str, colour: str, *, bold: bool = False) -> str:
    x, y = room.place(at[0], at[1], text)
    return words(
        x,
        y,
        text,
        fill=colour,
        font_weight="600" if bold else None,
        stroke="#fff",
        stroke_width="3.5",
        stroke_linejoin="round",
        paint_order="stroke",
    )


def _reserve(report: Report, frame: Frame, room: Labeller) -> None:
    """Keep labels off markers and off the corners with scale bar and north arrow."""
    room.taken += [
        (0, frame.height - 52, 200, frame.height),
        (frame.width - 50, 0, frame.width, 62),
    ]
    for place in report.places:
        for lon, lat in _points(place):
            if frame.shows((lon, lat)):
                room.block(*frame.xy((lon, lat)), 7)
        if place.region and not place.readings:
            room.block(*frame.xy((place.region.lon, place.region.lat)), 7)
    for photo in report.photos:
        if photo.position:
            room.block(*frame.xy((photo.position.lon, photo.position.lat)), 9)


def _points(place: Place) -> Iterator[tuple[float, float]]:
    for reading in place.readings:
        if reading.lon is not None and reading.lat is not None:
            yield reading.lon, reading.lat


def _region(place: Place, frame: Frame, colour: str) -> list[str]:
    """Shaded cells and the outline of the 95 % region (its circle where there is no outline)."""
    drawn = []
    cells = place.cells
    if cells and cells.probability:
        spots = [frame.xy(point) for point in zip(cells.lon, cells.lat, strict=True)]
        across, down = _cell_size(spots)
        peak = max(cells.probability)
        drawn += [
            element(
                "rect",
                x=x - across / 2,
                y=y - down / 2,
                width=across,
                height=down,
                fill=colour,
                fill_opacity=f"{0.06 + 0.5 * share / peak:.2f}",
            )
            for (x, y), share in zip(spots, cells.probability, strict=True)
            if share > 0
        ]
    polygons = place.region.outline if place.region else ()
    if not polygons and place.region and place.region.radius_95_m > 0:
        centre = (place.region.lon, place.region.lat)
        polygons = ((tuple(arc(centre, distance_m=place.region.radius_95_m)),),)
    note = titled(f"95 % region of {shorten(place.name, 80)}")
    for polygon in polygons:
        data = "".join(path_data(frame.line(ring), close=True) for ring in polygon)
        if data:
            drawn.append(
                element(
                    "path",
                    note,
                    d=data,
                    fill=colour,
                    fill_rule="evenodd",
                    fill_opacity="0.05" if cells else "0.14",
                    stroke=colour,
                    stroke_width="1.6",
                )
            )
    return drawn


def _cell_size(spots: list[XY]) -> XY:
    """Width and height of a cell, from the rows and columns that the points stand in."""
    xs, ys = sorted({round(x) for x, _ in spots}), sorted({round(y) for _, y in spots})
    if max(len(xs), len(ys)) > 4 * math.sqrt(len(spots)):
        # Not a grid: squares that together would fill the rectangle around them.
        side = math.sqrt(max(1, xs[-1] - xs[0]) * max(1, ys[-1] - ys[0]) / len(spots))
        return max(side, _LEAST_CELL_PX), max(side, _LEAST_CELL_PX)
    across = (xs[-1] - xs[0]) / max(1, len(xs) - 1) or _LONE_CELL_PX
    down = (ys[-1] - ys[0]) / max(1, len(ys) - 1) or _LONE_CELL_PX
    return max(across, _LEAST_CELL_PX), max(down, _LEAST_CELL_PX)


def _borders(report: Report, frame: Frame, room: Labeller) -> list[str]:
    drawn = []
    for border in report.borders:
        text = shorten("border " + " / ".join(border.between), 48)
        named = False
        for pixels in (run for points in border.lines for run in _near(frame.line(points), frame)):
            look = {"fill": "none", "stroke": BORDER, "stroke_width": "1.8"}
            drawn.append(polyline(pixels, stroke_dasharray="9 3 2 3", **look))
            middle = _middle(pixels, frame)
            if middle and not named:
                drawn.append(_label(room, middle, text, BORDER))
                named = True
    return drawn


def _near(pixels: Sequence[XY], frame: Frame) -> list[list[XY]]:
    """The stretches of a line that can touch the window; the rest would only swell the page."""
    runs: list[list[XY]] = []
    joined = False
    for (x1, y1), (x2, y2) in pairwise(pixels):
        near = (
            max(x1, x2) >= 0
            and min(x1, x2) <= frame.width
            and max(y1, y2) >= 0
            and min(y1, y2) <= frame.height
        )
        if near:
            if not joined:
                runs.append([(x1, y1)])
            runs[-1].append((x2, y2))
        joined = near
    return runs


def _middle(pixels: Sequence[XY], frame: Frame) -> XY | None:
    """The point halfway along the visible part of a line, to a hundredth of each step."""
    seen = [
        (x1 + (x2 - x1) * part / 100, y1 + (y2 - y1) * part / 100)
        for (x1, y1), (x2, y2) in pairwise(pixels)
        for part in range(0, 100, 1 if len(pixels) < 100 else 50)
    ]
    seen = [(x, y) for x, y in seen if 0 < x < frame.width and 0 < y < frame.height]
    return seen[len(seen) // 2] if seen else None


def _anchored(claim: StatedClaim, spots: dict[str, Spot]) -> tuple[Spot, Spot | None, bool] | None:
    """The better known end of a separation, the other, and whether the first is the claim's to."""
    start, end = spots.get(claim.from_ or ""), spots.get(claim.to or "")
    if end and (start is None or end.spread_m <= start.spread_m):
        return end, start, True
    return (start, end, False) if start else None


def _ring(
    claim: StatedClaim, anchor: Spot, *, is_target: bool, distance_m: float
) -> list[tuple[float, float]]:
    """A claimed distance around its anchor: a ring, or an arc where a direction was said."""
    if claim.bearing_deg is None:
        return arc(anchor.point, distance_m=distance_m)
    turn = 0 if is_target else 180
    return arc(
        anchor.point,
        distance_m=distance_m,
        low_deg=(claim.bearing_deg.low + turn) % 360,
        high_deg=(claim.bearing_deg.high + turn) % 360,
    )


def _claimed_rings(
    report: Report, spots: dict[str, Spot], frame: Frame, room: Labeller
) -> Iterator[str]:
    for claim in report.claims:
        found = _anchored(claim, spots)
        if claim.distance_m is None or found is None:
            continue
        anchor, _, is_target = found
        band = claim.distance_m
        for edge in {band.low, band.high} - {None}:
            ring = _ring(claim, anchor, is_target=is_target, distance_m=edge or 0.0)
            look = {"fill": "none", "stroke": CLAIM, "stroke_opacity": "0.55"}
            yield polyline(frame.line(ring), stroke_width="0.8", **look)
        ring = _ring(claim, anchor, is_target=is_target, distance_m=band.said)
        yield polyline(
            frame.line(ring), fill="none", stroke=CLAIM, stroke_width="2", stroke_dasharray="7 5"
        )
        text = f"{exact_text(band.said)} claimed"
        yield _label(room, _seen(ring, frame, 0.13), text, CLAIM, bold=True)


def _zones(report: Report, spots: dict[str, Spot], frame: Frame, room: Labeller) -> Iterator[str]:
    """The ground of each zone that is claimed to be there."""
    for claim in report.claims:
        centre = spots.get(claim.centre or "")
        if claim.radius_m is None or centre is None or claim.polarity == "denied":
            continue
        ring = arc(centre.point, distance_m=claim.radius_m.said)
        yield polyline(frame.line(ring), fill=CLAIM, fill_opacity="0.08", stroke="none")
        text = shorten(f"{exact_text(claim.radius_m.said)} {claim.what or 'zone'}", 40)
        yield _label(room, _seen(ring, frame, 0.62), text, CLAIM)


def _stated_rings(
    report: Report, spots: dict[str, Spot], frame: Frame, room: Labeller
) -> Iterator[str]:
    for statement in report.statements:
        for claim in statement.claims:
            found = _anchored(claim, spots)
            if claim.distance_m is None or found is None:
                continue
            anchor, _, is_target = found
            band = claim.distance_m
            ring = _ring(claim, anchor, is_target=is_target, distance_m=band.said)
            pixels = frame.line(ring)
            note = titled(
                f"{shorten(statement.source, 60)}: {span_text(band.low, band.high)} "
                f"between {shorten(claim.from_ or '', 60)} and {shorten(claim.to or '', 60)}"
            )
            yield element(
                "path",
                note,
                d=path_data(pixels),
                fill="none",
                stroke=STATED,
                stroke_width="1.3",
                stroke_dasharray="1.5 4",
                stroke_linecap="round",
            )
            if any(frame.shows(point) for point in ring):
                yield _label(room, _seen(ring, frame, 0.5), shorten(statement.id, 12), STATED)


def _seen(ring: list[tuple[float, float]], frame: Frame, where: float) -> XY:
    """A point of the visible part of a ring, ``where`` of the way along it."""
    inside = [point for point in ring if frame.shows(point)] or ring
    return frame.xy(inside[min(len(inside) - 1, int(where * len(inside)))])


def _separations(
    report: Report, spots: dict[str, Spot], frame: Frame, room: Labeller
) -> Iterator[str]:
    """A line between the ends of each claimed distance, with what the evidence makes of it."""
    for claim in report.claims:
        start, end = spots.get(claim.from_ or ""), spots.get(claim.to or "")
        if claim.distance_m is None or start is None or end is None:
            continue
        a, b = frame.xy(start.point), frame.xy(end.point)
        yield line(a, b, stroke=INK, stroke_width="1.6")
        spread = claim.distribution
        if spread and spread.q50_m is not None:
            text = f"median {distance_text(spread.q50_m)}"
            yield _label(room, ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2), text, INK, bold=True)


def _readings(place: Place, frame: Frame, colour: str, shape: int, room: Labeller) -> Iterator[str]:
    shown = [(r, p) for r, p in zip(_placed(place), _points(place), strict=True) if frame.shows(p)]
    for reading, point in shown:
        x, y = frame.xy(point)
        weight = "" if reading.weight is None else f", weight {share_text(reading.weight)}"
        note = f"{reading.name}: {position_text(lon=point[0], lat=point[1])}{weight}"
        yield element(
            "g",
            titled(shorten(note, 160)) + marker(shape, x, y, colour, weight=reading.weight),
        )
    named: set[str] = set()
    for reading, point in sorted(shown, key=lambda pair: -(pair[0].weight or 0.0)):
        text = shorten(reading.name, _NAME_MOST)
        if text not in named:
            named.add(text)
            yield _label(room, frame.xy(point), text, colour, bold=True)
    if not shown and place.region:
        centre = (place.region.lon, place.region.lat)
        if frame.shows(centre):
            text = shorten(place.name, _NAME_MOST)
            x, y = frame.xy(centre)
            yield element(
                "path", d=f"M{x - 6:.1f},{y:.1f}h12M{x:.1f},{y - 6:.1f}v12", stroke=colour
            )
            yield _label(room, (x, y), text, colour, bold=True)


def _placed(place: Place) -> list[PlaceReading]:
    return [r for r in place.readings if r.lon is not None and r.lat is not None]


def _photos(report: Report, frame: Frame, room: Labeller) -> Iterator[str]:
    for photo in report.photos:
        if photo.position is None:
            continue
        point = (photo.position.lon, photo.position.lat)
        if not frame.shows(point):
            continue
        x, y = frame.xy(point)
        yield camera(x, y)
        if photo.heading_deg is not None:
            reach_m = 28 / frame.px_per_metre
            tip = point_at(point, distance_m=reach_m, azimuth_deg=photo.heading_deg)
            yield line((x, y), frame.xy(tip), stroke=INK, stroke_width="2")
        yield _label(room, (x, y), shorten(photo.path, _NAME_MOST), INK)


def _description(report: Report, frame: Frame) -> str:
    shown = []
    for spot in {s.place.id: s for s in spots_by_name(report).values()}.values():
        if frame.shows(spot.point):
            near = f", within {distance_text(spot.spread_m)}" if spot.spread_m else ""
            where = position_text(lon=spot.lon, lat=spot.lat)
            shown.append(f"{shorten(spot.place.name, 60)} at {where}{near}")
    return "North is up. " + "; ".join(shown[:12]) + "."
