"""Map and figures are well-formed, true to scale, and keep to their frame."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from osint.report.figures import distance_svg, in_words
from osint.report.frame import (
    Frame,
    arc,
    choose_frame,
    point_at,
    rough_distance_m,
)
from osint.report.labels import Labeller, overlap, text_width
from osint.report.map_svg import map_svg
from osint.report.model import Report

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[str]:
    return ["".join(node.itertext()) for node in ET.fromstring(svg).iter(f"{SVG}text")]


def test_map_names_what_it_shows(report: Report) -> None:
    shown = texts(map_svg(report))
    for expected in (
        "Border Crossing",
        "al-Zaqaf",
        "al-Tanf garrison",
        "20 km claimed",
        "40 km claimed",
        "median 14 km",
        "outpost.jpg",
        "border Syria / Iraq",
        "N",
        "s1",
        "20 km",
    ):
        assert expected in shown
    listed = [text for text in shown if "from the centre" in text]
    assert any("التنف" in text for text in listed)
    assert len(listed) == 2


def test_frame_holds_the_core_but_no_homonym(report: Report) -> None:
    frame = choose_frame(report)
    assert frame is not None
    assert frame.shows((39.69, 33.834))
    assert frame.shows((38.61778, 33.50583))
    assert not frame.shows((-68.0, 12.0))
    # al-Tanf to the crossing is 105 km: the map is of that order, not of a continent.
    assert 100_000 < frame.width / frame.px_per_metre < 400_000


def test_scale_bar_is_as_long_as_it_says(report: Report) -> None:
    frame = choose_frame(report)
    assert frame is not None
    root = ET.fromstring(map_svg(report))
    bar = next(node for node in root.iter(f"{SVG}line") if node.get("stroke-width") == "3")
    width_px = float(bar.get("x2") or 0) - float(bar.get("x1") or 0)
    label = next(text for node in root.iter(f"{SVG}text") if (text := node.text or "") == "20 km")
    assert width_px / frame.px_per_metre == pytest.approx(1000 * float(label.split()[0]), rel=0.01)


def test_claimed_ring_has_the_claimed_radius(report: Report) -> None:
    frame = choose_frame(report)
    assert frame is not None
    root = ET.fromstring(map_svg(report))
    dashed = [n for n in root.iter(f"{SVG}path") if n.get("stroke-dasharray") == "7 5"]
    centre = frame.xy((39.69, 33.834))
    ring = [
        tuple(map(float, pair.split(",")))
        for pair in re.split("[ML]", dashed[0].get("d") or "")
        if pair
    ]
    for x, y in ring:
        radius_m = math.hypot(x - centre[0], y - centre[1]) / frame.px_per_metre
        assert radius_m == pytest.approx(20_000, rel=0.02)


@pytest.mark.parametrize("polarity", ["affirmed", "denied"])
def test_a_claimed_zone_is_drawn_and_a_denied_one_is_not(
    raw: dict[str, Any], polarity: str
) -> None:
    place = next(p for p in raw["places"] if p.get("region"))
    shared = ("text", "spans", "source", "origin", "verdict", "because")
    zone = {key: raw["claims"][0][key] for key in shared if key in raw["claims"][0]}
    radius = {"low": 8_000, "high": 12_000, "said": 10_000}
    zone |= {"id": "z1", "kind": "zone", "centre": place["name"], "radius_m": radius}
    raw["claims"].append({**zone, "what": "no-go zone", "polarity": polarity})
    report = Report.model_validate(raw)
    frame = choose_frame(report)
    assert frame is not None
    root = ET.fromstring(map_svg(report))
    grounds = [n for n in root.iter(f"{SVG}path") if n.get("fill-opacity") == "0.08"]
    assert len(grounds) == (polarity == "affirmed")
    assert ("10 km no-go zone" in texts(map_svg(report))) == (polarity == "affirmed")
    centre = frame.xy((place["region"]["lon"], place["region"]["lat"]))
    for ground in grounds:
        for pair in filter(None, re.split("[MLZ]", ground.get("d") or "")):
            x, y = map(float, pair.split(","))
            radius_m = math.hypot(x - centre[0], y - centre[1]) / frame.px_per_metre
            assert radius_m == pytest.approx(10_000, rel=0.02)


def test_map_without_positions_is_empty(raw: dict[str, Any]) -> None:
    raw["places"] = []
    assert map_svg(Report.model_validate(raw)) == ""


def test_map_across_the_antimeridian(raw: dict[str, Any]) -> None:
    def moved(value: Any) -> Any:
        if isinstance(value, dict):
            return {
                key: [_east(v) for v in item]
                if key == "lon" and isinstance(item, list)
                else _east(item)
                if key == "lon" and item is not None
                else [[[_east(x), y] for x, y in line] for line in item]
                if key == "lines"
                else [[[[_east(x), y] for x, y in ring] for ring in part] for part in item]
                if key == "outline"
                else moved(item)
                for key, item in value.items()
            }
        return [moved(item) for item in value] if isinstance(value, list) else value

    raw["places"], raw["borders"] = moved(raw["places"]), moved(raw["borders"])
    raw["photos"] = []
    across = choose_frame(Report.model_validate(raw))
    assert across is not None
    assert across.width / across.px_per_metre < 400_000


def _east(lon: float) -> float:
    return (lon + 140.6 + 180) % 360 - 180


@given(
    lon=st.floats(-179, 179),
    lat=st.floats(-70, 70),
    azimuth_deg=st.floats(0, 360),
    distance_m=st.floats(10, 500_000),
)
def test_point_at_is_so_far_away(
    lon: float, lat: float, azimuth_deg: float, distance_m: float
) -> None:
    end = point_at((lon, lat), distance_m=distance_m, azimuth_deg=azimuth_deg)
    assert rough_distance_m((lon, lat), end) == pytest.approx(distance_m, rel=1e-4, abs=0.5)


def test_drawing_distances_agree_with_the_ellipsoid() -> None:
    geod = pytest.importorskip("pyproj").Geod(ellps="WGS84")
    for azimuth in range(0, 360, 30):
        end = point_at((38.6, 33.5), distance_m=70_000, azimuth_deg=azimuth)
        *_, metres = geod.inv(38.6, 33.5, *end)
        assert metres == pytest.approx(70_000, rel=0.006)


def test_arc_spans_north_when_low_exceeds_high() -> None:
    ring = arc((10.0, 50.0), distance_m=1000, low_deg=315, high_deg=45)
    assert all(lat > 50.0 for _, lat in ring)


def test_labels_keep_apart_and_inside() -> None:
    room = Labeller(frame=(0, 0, 600, 400))
    for number in range(7):
        room.place(300 + number, 200 + number, f"label {number}")
    boxes = room.taken
    assert all(b[0] >= 0 and b[1] >= 0 and b[2] <= 600 and b[3] <= 400 for b in boxes)
    assert not any(overlap(a, b) for i, a in enumerate(boxes) for b in boxes[:i])


def test_text_width_counts_wide_scripts() -> None:
    assert text_width("漢字") > text_width("ab")


def test_frame_round_the_world_stays_finite() -> None:
    frame = Frame(lon=179.5, lat=0.0, px_per_degree=100, width=960, height=500)
    assert frame.xy((-179.5, 0.0))[0] == pytest.approx(580)


def test_figure_shows_claim_interval_and_what_is_open(report: Report) -> None:
    svg = distance_svg(report.claims[0])
    shown = texts(svg)
    assert "claimed: 17.5 km to 22.5 km" in shown
    assert "median 14 km, 90 % within 6.8 km to 21 km" in shown
    assert "counts as right: 13.33 km to 30 km" in shown
    assert "8 % of the probability is not placed on the map." in shown
    assert distance_svg(report.claims[1]) == ""


def test_figure_area_is_probability(report: Report) -> None:
    """Half of the drawn area lies left of the median."""
    root = ET.fromstring(distance_svg(report.claims[0]))
    filled = next(n for n in root.iter(f"{SVG}path") if n.get("fill-opacity") == "0.75")
    corners = [
        (float(x), float(y)) for x, y in re.findall(r"([\d.]+),([\d.]+)", filled.get("d") or "")
    ]
    floor = max(y for _, y in corners)
    median_x = float(next(n for n in root.iter(f"{SVG}circle")).get("cx") or 0)
    left = total = 0.0
    for (x1, y1), (x2, _) in pairwise(corners):
        if x2 > x1:
            total += (x2 - x1) * (floor - y1)
            left += max(0.0, min(x2, median_x) - x1) * (floor - y1)
    assert left / total == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"band_low_m": 20_000, "band_high_m": None}, "claimed: more than 20 km"),
        ({"band_low_m": None, "band_high_m": 20_000}, "claimed: less than 20 km"),
        ({"q50_m": None}, "claimed: 17.5 km to 22.5 km"),
    ],
)
def test_one_sided_and_missing_values(
    raw: dict[str, Any], change: dict[str, Any], expected: str
) -> None:
    raw["claims"][0]["distribution"] |= change
    claim = Report.model_validate(raw).claims[0]
    assert expected in texts(distance_svg(claim))
    assert claim.distribution is not None
    assert "None" not in in_words(claim.distribution)


@settings(max_examples=25, deadline=None)
@given(
    widths_m=st.lists(st.floats(1, 1e6), min_size=1, max_size=40),
    share=st.floats(0, 1),
    claimed_m=st.floats(1, 1e6),
)
def test_any_distribution_is_drawn_inside_the_figure(
    widths_m: list[float], share: float, claimed_m: float
) -> None:
    from osint.report.model import JudgedClaim

    claim = JudgedClaim.model_validate(
        {
            "id": "c1",
            "kind": "separation",
            "text": "",
            "source": "a",
            "origin": "a",
            "from": "b",
            "to": "c",
            "distance_m": {"low": claimed_m, "high": claimed_m, "said": claimed_m},
            "verdict": "undetermined",
            "because": "",
            "distribution": {
                "edges_m": [math.fsum(widths_m[:k]) for k in range(len(widths_m) + 1)],
                "probability": [share / len(widths_m)] * len(widths_m),
                "open": 1 - share,
                "band_low_m": claimed_m,
                "band_high_m": claimed_m,
            },
        }
    )
    root = ET.fromstring(distance_svg(claim))
    width = float((root.get("viewBox") or "").split()[2])
    for node in root.iter():
        for name in ("x", "x1", "x2", "cx"):
            assert -0.1 <= float(node.get(name) or 0) <= width
    labels = [n.text for n in root.iter(f"{SVG}text") if n.get("text-anchor") == "middle"]
    assert 2 <= len(labels) <= 11


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(min_size=1, max_size=400))
def test_any_name_leaves_the_drawings_well_formed(
    with_text: Callable[[str], Report], text: str
) -> None:
    try:
        report = with_text(text)
    except ValueError:
        # A lone surrogate is no text; the model refuses it.
        assert re.search("[\ud800-\udfff]", text)
        return
    for svg in (map_svg(report), distance_svg(report.claims[0])):
        ET.fromstring(svg)
        assert max(map(len, texts(svg)), default=0) < 260
