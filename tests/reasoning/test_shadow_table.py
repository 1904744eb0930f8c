"""An analyst's numbers of a shadow become the measurement that they are."""

from __future__ import annotations

import math
from datetime import date
from typing import Any, Literal

import pytest

from gazetteer.position import Position
from imagery.errors import ImageryError
from imagery.photo.facts import PhotoFacts
from osint.checks.shadow_table import ShadowTable, measured_shadow
from osint.errors import CaseError

ZAQAF = Position(lon=38.6, lat=33.5)
DAY = date(2017, 6, 11)
PHOTO = PhotoFacts(path="IMG_1.jpg", sha256="0" * 64, status="ok", format="JPEG")


def table(**fields: Any) -> ShadowTable:
    return ShadowTable(photo="IMG_1.jpg", by="analyst A", **fields)


def facing(heading_deg: float, reference: Literal["true", "magnetic"] | None) -> PhotoFacts:
    return PhotoFacts(
        path="IMG_1.jpg",
        sha256="0" * 64,
        status="ok",
        format="JPEG",
        heading_deg=heading_deg,
        heading_reference=reference,
    )


def test_lengths_and_ratios() -> None:
    lengths = measured_shadow(table(object_m=2.0, shadow_m=3.0), PHOTO, ZAQAF, DAY)
    ratio = measured_shadow(table(ratio=1.5, ratio_uncertainty=0.15), PHOTO, ZAQAF, DAY)
    assert lengths.shadow.ratio == ratio.shadow.ratio == 1.5
    assert lengths.shadow.elevation_sigma_deg == pytest.approx(ratio.shadow.elevation_sigma_deg)
    assert (ratio.by, ratio.photo) == ("analyst A", "IMG_1.jpg")


def test_directions_take_the_heading_that_there_is() -> None:
    own = table(direction_deg=20.0, heading_deg=100.0)
    assert measured_shadow(own, PHOTO, ZAQAF, DAY).shadow.azimuth_deg == pytest.approx(120.0)
    # The analyst's heading goes before the photo's.
    over = measured_shadow(own, facing(200.0, "true"), ZAQAF, DAY)
    assert over.shadow.azimuth_deg == pytest.approx(120.0)
    none = table(direction_deg=20.0)
    true = measured_shadow(none, facing(100.0, "true"), ZAQAF, DAY)
    assert true.shadow.azimuth_deg == pytest.approx(120.0)
    assert true.shadow.azimuth_sigma_deg == pytest.approx(math.hypot(10.0, 10.0))
    # The declination was 4.8 degrees east.
    references: tuple[Literal["magnetic"] | None, ...] = ("magnetic", None)
    for reference in references:
        found = measured_shadow(none, facing(100.0, reference), ZAQAF, DAY)
        assert found.shadow.azimuth_deg == pytest.approx(124.8, abs=0.1)


def test_an_azimuth_from_a_map_needs_no_heading() -> None:
    found = measured_shadow(
        table(azimuth_deg=70.0, direction_uncertainty_deg=3.0), PHOTO, ZAQAF, DAY
    )
    assert found.shadow.azimuth_deg == 70.0
    assert found.shadow.azimuth_sigma_deg == 3.0


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, "nothing was measured"),
        ({"object_m": 2.0}, "both object_m and shadow_m"),
        ({"object_m": 2.0, "shadow_m": 1.0, "ratio": 0.5}, "either ratio"),
        ({"object_m": 0.0, "shadow_m": 1.0}, "above 0"),
        ({"azimuth_deg": 1.0, "direction_deg": 1.0}, "say the same"),
        ({"direction_deg": 1.0}, "needs heading_deg"),
    ],
)
def test_what_was_not_measured_is_told(fields: dict[str, float], told: str) -> None:
    with pytest.raises(CaseError, match=told):
        measured_shadow(table(**fields), PHOTO, ZAQAF, DAY)


def test_numbers_that_are_none() -> None:
    with pytest.raises(ImageryError, match="ratio"):
        measured_shadow(table(ratio=-1.0), PHOTO, ZAQAF, DAY)
    early = table(direction_deg=1.0, heading_deg=1.0, heading_reference="magnetic")
    with pytest.raises(ImageryError, match="declination"):
        measured_shadow(early, PHOTO, ZAQAF, date(1990, 1, 1))
