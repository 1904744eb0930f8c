"""Photos, captions and places made up for tests of the photo checks."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from gazetteer.position import Position
from imagery.photo.facts import PhotoFacts
from osint.belief import Belief, PointReading, from_points
from osint.checks.photo import Claimed
from osint.claims import DateInterval, Entity, LocatedClaim
from osint.ground import SiteSpec
from osint.resolve import Site

SHA = "0123456789abcdef" * 4
HERE = Position(lon=38.62, lat=33.5, uncertainty_m=10.0)
"""A place in the desert of Syria: UTC+3 all year since 2022, UTC+2 and +3 before."""


def photo(**given: Any) -> PhotoFacts:
    """Facts of a photo that is otherwise silent."""
    taken = given.get("taken_at")
    if taken is not None and taken.tzinfo is not None:
        given.setdefault("utc_offset", taken.isoformat()[-6:])
    start: dict[str, Any] = {"path": "a.jpg", "sha256": SHA, "status": "ok", "format": "JPEG"}
    return PhotoFacts(**(start | given))


def days(first: str, last: str | None = None) -> DateInterval:
    return DateInterval(first=date.fromisoformat(first), last=date.fromisoformat(last or first))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def caption(
    text: str = "Soldiers at al-Tanf, June 11",
    *,
    place: str = "al-Tanf",
    when: DateInterval | None = None,
    source: str = "The Weekly",
    origin: str | None = None,
) -> LocatedClaim:
    return LocatedClaim(
        id="c1",
        text=text,
        spans=((0, len(text)),),
        source=source,
        origin=origin or source,
        caption=True,
        date=when,
        subject=Entity(id="e1", name="soldiers", role="force"),
        place=Entity(id="e2", name=place, role="site", proper=place),
    )


def belief(*, spread_m: float = 1_000.0, where: Position = HERE) -> Belief:
    point = PointReading(
        label="al-Tanf",
        lon=where.lon,
        lat=where.lat,
        extent_m=1e3,
        uncertainty_m=spread_m,
        weight=1.0,
    )
    return from_points([point], elsewhere=0.01)


def claimed(claim: LocatedClaim, **given: Any) -> Claimed:
    site = Site(id="p1", name=claim.place.name, spec=SiteSpec(id="p1"), names=(claim.place.name,))
    return Claimed(claim=claim, site=site, **({"belief": belief()} | given))
