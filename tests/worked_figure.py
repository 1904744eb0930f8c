"""The five statements about al-Zaqaf and their places, by hand: the worked figure's input."""

from __future__ import annotations

from osint.belief import PointReading
from osint.constraints import Band, Cone
from osint.ground import SiteSpec
from osint.relation import Relation

GARRISON, VILLAGE = (38.61778, 33.50583), (38.65697, 33.48834)
CROSSING, HOMONYM = (38.895, 33.437), (38.9695, 33.41512)
ALBU_KAMAL, ARMY_BASE = (40.91854, 34.45226), (39.69, 33.834)


def point(label: str, at: tuple[float, float], weight: float = 1.0) -> PointReading:
    """A reading that is a point."""
    return PointReading(
        label=label, lon=at[0], lat=at[1], extent_m=0.0, uncertainty_m=0.0, weight=weight
    )


def band(said_km: float, half_km: float, tail_km: float) -> Band:
    """A two-sided band, kilometres."""
    return Band(
        said_m=said_km * 1e3,
        low_m=(said_km - half_km) * 1e3,
        high_m=(said_km + half_km) * 1e3,
        tail_m=tail_km * 1e3,
    )


def cone(azimuth_deg: float) -> Cone:
    """The worked figure's cone."""
    return Cone(azimuth_deg=azimuth_deg, half_angle_deg=22.5)


def said(
    name: str, to: str, stated: Band, direction: Cone | None = None, *, a: str = "zaqaf"
) -> Relation:
    """A publisher's statement of a distance."""
    return Relation(
        id=f"{name}:{to}",
        document=name,
        origin=name,
        reliability=0.8,
        a=a,
        b=to,
        band=stated,
        cone=direction,
    )


SPECS = (
    SiteSpec(
        id="tanf",
        points=(
            point("garrison", GARRISON, 0.5),
            point("village", VILLAGE, 0.2),
            point("crossing", CROSSING, 0.25),
            point("homonym", HOMONYM, 0.05),
        ),
    ),
    SiteSpec(id="crossing", points=(point("crossing", CROSSING),)),
    SiteSpec(id="kamal", points=(point("Albu Kamal", ALBU_KAMAL),)),
    SiteSpec(id="base", points=(point("army base", ARMY_BASE),)),
    SiteSpec(id="zaqaf", described_share=1.0),
)
STATEMENTS = (
    said("Reuters", "tanf", band(65, 5, 4), cone(45)),
    said("Washington Post", "tanf", band(72, 4, 4)),
    said("al-Hayat", "crossing", band(70, 5, 4), cone(45)),
    said("al-Hayat", "kamal", band(130, 5, 5), cone(225)),
    said("GlobalSecurity", "tanf", band(70, 5, 4), cone(90)),
)


def claim(said_km: float) -> Relation:
    """The article's claim that the army base lies so far from al-Zaqaf."""
    return Relation(
        id=f"claim{said_km}",
        document="article",
        origin="article",
        reliability=0.8,
        a="base",
        b="zaqaf",
        band=band(said_km, 2.5, 2.5),
    )
