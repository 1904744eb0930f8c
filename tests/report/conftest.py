"""A small but complete report about two places 14 km apart, and a hostile twin of it."""

from __future__ import annotations

import base64
import math
import struct
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from osint.report.model import Report

SHA = "0123456789abcdef" * 4
TEXT = (
    "General visits base 20 kilometers from outpost\n\n"
    "The army base on the Iraqi border lies just 20 kilometers from the outpost at al-Zaqaf. "
    "It lies a mere 20 kilometers from their garrison, other forces are 40 kilometers from al-Tanf."
)


def png_uri(width: int = 160, height: int = 110) -> str:
    """A data URI of a picture with a slope of grey and a dark square."""
    rows = b"".join(
        b"\0"
        + bytes(
            60 if 40 < x < 70 and 30 < y < 60 else (x + y) % 200 + 40
            for x in range(width)
            for _ in range(3)
        )
        for y in range(height)
    )

    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + crc

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head)
    data += chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return "data:image/png;base64," + base64.b64encode(data).decode()


def oval(lon: float, lat: float, across: float, up: float) -> list[list[float]]:
    """A closed ring."""
    angles = [math.tau * (step % 56) / 56 for step in range(57)]
    return [[lon + across * math.cos(a), lat + up * math.sin(a)] for a in angles]


def blob(lon: float, lat: float, spread_deg: float) -> dict[str, list[float]]:
    """A round hill of probability on a grid."""
    cells = [
        (lon + i * spread_deg / 4, lat + j * spread_deg / 4, math.exp(-(i * i + j * j) / 18))
        for i in range(-8, 9)
        for j in range(-8, 9)
        if i * i + j * j <= 64
    ]
    total = math.fsum(p for *_, p in cells)
    return {
        "lon": [c[0] for c in cells],
        "lat": [c[1] for c in cells],
        "probability": [c[2] / total for c in cells],
    }


def hill(middle_km: float, spread_km: float, most_km: int, placed: float) -> dict[str, Any]:
    """A distance distribution in bins of 1 km."""
    raw = [math.exp(-(((k + 0.5 - middle_km) / spread_km) ** 2) / 2) for k in range(most_km)]
    total = math.fsum(raw)
    return {
        "edges_m": [1000.0 * k for k in range(most_km + 1)],
        "probability": [placed * r / total for r in raw],
        "open": 1 - placed,
        "q05_m": 1000 * (middle_km - 1.645 * spread_km),
        "q50_m": 1000 * middle_km,
        "q95_m": 1000 * (middle_km + 1.645 * spread_km),
        "band_low_m": 17_500,
        "band_high_m": 22_500,
        "decision_low_m": 13_333,
        "decision_high_m": 30_000,
    }


def said(
    claim_id: str, kind: str, text: str = "", source: str = "The Weekly", **own: Any
) -> dict[str, Any]:
    """A claim as an extractor hands it over."""
    start = TEXT.find(text) if text else -1
    return {
        "id": claim_id,
        "kind": kind,
        "text": text or "No words.",
        "spans": [[start, start + len(text)]] if start >= 0 else [],
        "source": source,
        "origin": source,
        **own,
    }


def sample_dict() -> dict[str, Any]:
    """The report before validation, as lists and dicts that a test may bend."""
    first = (
        "The army base on the Iraqi border lies just 20 kilometers from the outpost at al-Zaqaf."
    )
    again = "It lies a mere 20 kilometers from their garrison"
    base, outpost, tanf = "army base on the Iraqi border", "al-Zaqaf", "al-Tanf"
    separation = said(
        "c1",
        "separation",
        first,
        **{"from": base, "to": outpost},
        distance_m={"low": 17_500, "high": 22_500, "said": 20_000},
        bearing_deg=None,
    )
    separation["spans"].append([TEXT.find(again), TEXT.find(again) + len(again)])
    separation |= {
        "places": [base, outpost],
        "verdict": "undetermined",
        "leaning": "supports",
        "probability": 0.93,
        "bayes_factor": 5.5,
        "predictive": 0.55,
        "because": (
            "Other publishers put al-Zaqaf about 14 km from the border crossing that the analyst "
            "takes for the base; 20 km is possible, and so is 10."
        ),
        "decides": "A dated image that shows either site, or a second position for the base.",
        "sensitivity": {"anchor": outpost, "move_m": 4200, "azimuth_deg": 225},
        "readings": [
            {
                "reading": "al-Tanf is the garrison",
                "weight": 0.5,
                "verdict": "undetermined",
                "bayes_factor": 6.1,
                "predictive": 0.6,
            },
            {
                "reading": "al-Tanf is the village in Iraq",
                "weight": 0.05,
                "verdict": "flagged",
                "bayes_factor": 0.07,
                "predictive": 0.04,
            },
        ],
        "evidence": ["v1", "v2"],
        "assumptions": ["“army base on the Iraqi border” means Border Crossing (M. Analyst)"],
        "distribution": hill(14, 4.4, 60, 0.92),
    }
    far = said(
        "c2",
        "separation",
        "other forces are 40 kilometers from al-Tanf.",
        **{"from": "other forces", "to": tanf},
        distance_m={"low": 37_500, "high": 42_500, "said": 40_000},
        bearing_deg=None,
    )
    far |= {
        "verdict": "undetermined",
        "because": "The text names no place for the forces, so there is nothing to measure from.",
        "decides": "The place of one of the three strikes.",
    }
    caption = said(
        "c3",
        "located",
        subject="Americans",
        place=outpost,
        caption=True,
        photo="outpost.jpg",
        date={"first": "2017-06-11", "last": "2017-06-11"},
    )
    caption |= {"verdict": "confirmed", "leaning": "supports", "bayes_factor": 31.0}
    caption |= {"predictive": 0.96, "because": "The photo's own position lies in the region."}
    caption["evidence"] = ["v3"]
    border = said("c4", "border", subject=base, between=["Syria", "Iraq"])
    border |= {"verdict": "flagged", "leaning": "against", "bayes_factor": 0.03}
    border |= {"predictive": 0.02, "because": "Its region ends 6 km short of the border."}
    stated = [
        said(
            f"s{n}c1",
            "separation",
            f"{outpost} is {km} km from {anchor}.",
            source,
            **{"from": outpost, "to": anchor},
            distance_m={"low": km * 1000 - 5000, "high": km * 1000 + 5000, "said": km * 1000},
            bearing_deg=bearing,
        )
        for n, (source, km, anchor, bearing) in enumerate(
            (
                ("Northern Wire", 70, tanf, {"low": 22.5, "high": 67.5}),
                ("The Daily", 72, tanf, None),
                ("Far Post", 130, "Albu Kamal", {"low": 202.5, "high": 247.5}),
            ),
            start=1,
        )
    ]
    wire = {"source": "keypoints.csv", "locator": "row 11", "sha256": SHA}
    return {
        "tool": "osint 0.1.0",
        "generated_at": "2024-05-01T12:00:00+00:00",
        "source": {
            "title": "General visits base 20 kilometers from outpost",
            "url": "https://news.example/general",
            "published": "2017-06-13",
            "sha256": SHA,
            "text": TEXT,
        },
        "settings": {"reliability": 0.8, "imagery": "none", "offset_rule": "gbif", "seed": None},
        "summary": {
            "confirmed": 1,
            "flagged": 1,
            "undetermined": 2,
            "sentence": (
                "Of 4 claims, 1 is confirmed, 1 flagged and 2 are undetermined; the 20 km leans "
                "towards being right."
            ),
        },
        "claims": [separation, far, caption, border],
        "places": [
            {
                "id": "p1",
                "name": base,
                "readings": [
                    {
                        "name": "Border Crossing",
                        "lon": 39.69,
                        "lat": 33.834,
                        "uncertainty_m": 500,
                        "source": "situation map",
                        "source_id": None,
                        "weight": 1.0,
                    }
                ],
                "region": {"lon": 39.69, "lat": 33.834, "radius_95_m": 1200},
                "note": "The analyst's alias.",
            },
            {
                "id": "p2",
                "name": outpost,
                "region": {
                    "lon": 39.53,
                    "lat": 33.86,
                    "radius_95_m": 14_000,
                    "outline": [[oval(39.53, 33.86, 0.15, 0.12), oval(39.53, 33.86, 0.01, 0.01)]],
                },
                "cells": blob(39.53, 33.86, 0.09),
                "note": "No gazetteer knows it; its region comes from what others said of it.",
            },
            {
                "id": "p3",
                "name": tanf,
                "readings": [
                    {
                        "name": name,
                        "lon": lon,
                        "lat": lat,
                        "uncertainty_m": 2000,
                        "source": source,
                        "source_id": "172344",
                        "weight": weight,
                    }
                    for name, lon, lat, source, weight in (
                        ("al-Tanf garrison", 38.61778, 33.50583, "encyclopedia", 0.5),
                        ("At Tanf, village", 38.65697, 33.48834, "GeoNames", 0.2),
                        ("al-Tanf crossing", 38.895, 33.437, "situation map", 0.25),
                        ("Tanf in Iraq", 38.9695, 33.41512, "GeoNames", 0.04),
                        ("التنف", -68.0, 12.0, "a homonym", 0.01),
                    )
                ],
                "region": {"lon": 38.64, "lat": 33.5, "radius_95_m": 24_000},
            },
            {
                "id": "p4",
                "name": "Albu Kamal",
                "readings": [
                    {
                        "name": "Albu Kamal",
                        "lon": 40.9186,
                        "lat": 34.4506,
                        "uncertainty_m": 3000,
                        "source": "GeoNames",
                        "weight": 1.0,
                    }
                ],
            },
        ],
        "statements": [
            {
                "id": f"s{n}",
                "source": claim["source"],
                "origin": claim["origin"],
                "published": "2017-06",
                "url": None,
                "text": claim["text"],
                "claims": [claim],
            }
            for n, claim in enumerate(stated, start=1)
        ],
        "borders": [
            {
                "between": ["Syria", "Iraq"],
                "lines": [[[38.79, 33.37], [39.5, 33.74], [40.0, 34.0], [40.69, 34.33]]],
                "source": "OpenStreetMap, ODbL",
            }
        ],
        "photos": [
            {
                "path": "outpost.jpg",
                "sha256": SHA,
                "status": "ok",
                "format": "JPEG",
                "position": {
                    "lon": 39.5,
                    "lat": 33.88,
                    "uncertainty_m": 5,
                    "altitude_m": 612.0,
                },
                "heading_deg": 120.0,
                "heading_reference": "true",
                "taken_at": "2017-06-11T14:03:22",
                "make": "Canon",
                "model": "EOS",
                "caption_claim": "c3",
                "thumbnail": png_uri(),
            },
            {"path": "bare.jpg", "sha256": SHA, "status": "no_metadata"},
        ],
        "imagery": [
            {
                "provider": "local file",
                "acquired": {"first": "2017-08-27", "last": "2017-08-27"},
                "gsd_m": 5.0,
                "coverage": 0.82,
                "centre": {"lon": 39.69, "lat": 33.834},
                "footprint": [[39.6, 33.8], [39.7, 33.8], [39.7, 33.9], [39.6, 33.9]],
                "supports": "Whether buildings of 10 m and more stood here in August 2017.",
                "cannot": "Show what was there in June, or who.",
                "picture": png_uri(120, 120),
                "place": base,
                "sha256": SHA,
                "path": "scene.tif",
            }
        ],
        "evidence": [
            {
                "id": "v1",
                "claim": "c1",
                "check": "separation",
                "log_lr": 1.7,
                "summary": "The two regions are 8.5 to 23 km apart.",
                "measurements": [
                    {"quantity": "median", "value": 14_000, "uncertainty": 4400, "unit": "m"}
                ],
                "origin": "Northern Wire",
                "provenance": [wire],
            },
            {
                "id": "v2",
                "claim": "c1",
                "check": "gazetteer",
                "log_lr": 0.0,
                "summary": "al-Zaqaf is in no gazetteer.",
                "origin": "GeoNames",
                "provenance": [],
            },
            {
                "id": "v3",
                "claim": "c3",
                "check": "photo position",
                "log_lr": 2.9,
                "summary": "The position in the file lies 2 km from the region's centre.",
                "origin": "outpost.jpg",
                "provenance": [],
            },
        ],
        "conflicts": [{"claims": ["c1", "s3c1"], "why": "Both hold only 40 km farther south."}],
        "assumptions": [
            {
                "phrase": base,
                "place": "Border Crossing",
                "by": "M. Analyst",
                "why": "the only position that maps of the time show there",
            }
        ],
        "notes": ["No imagery of June 2017 was looked at."],
    }


@pytest.fixture
def raw() -> dict[str, Any]:
    """A fresh copy of the report as plain values."""
    return sample_dict()


@pytest.fixture
def report(raw: dict[str, Any]) -> Report:
    """The report."""
    return Report.model_validate(raw)


@pytest.fixture(scope="session")
def with_text() -> Callable[[str], Report]:
    """Builds the report with one text in every place where a text from outside can stand."""

    def build(text: str) -> Report:
        fixed = {
            *("id", "kind", "verdict", "leaning", "status", "sha256", "evidence", "claims"),
            *("generated_at", "picture", "thumbnail", "caption_claim", "acquired", "date", "claim"),
            *("polarity", "modality", "heading_reference", "schema_version", "first", "last"),
        }

        def swap(value: Any, key: str = "") -> Any:
            if isinstance(value, dict):
                return {
                    k: v if isinstance(v, str) and k in fixed else swap(v, k)
                    for k, v in value.items()
                }
            if isinstance(value, list):
                if key in ("evidence", "claims") and all(isinstance(v, str) for v in value):
                    return value
                return [swap(v, key) for v in value]
            return text if isinstance(value, str) and key not in fixed else value

        bent = swap(sample_dict())
        # Names must still meet, or nothing would be drawn.
        return Report.model_validate(bent)

    return build
