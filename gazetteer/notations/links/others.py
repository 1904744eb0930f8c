"""Services whose links hold one pair of coordinates in one place."""

from __future__ import annotations

import re

from gazetteer.notations.links.link import NUMBER, Link
from gazetteer.position import Position

_LEADING_PAIR = re.compile(rf"/?({NUMBER}),({NUMBER})(?:[,/].*)?")


def apple(link: Link) -> Position | None:
    """Apple Maps: the place, else a search or destination, else the centre of the view."""
    if link.latlon(link.field("saddr")) is not None:
        raise link.route()
    return (
        link.latlon(link.field("coordinate"))
        or link.latlon(link.field("ll"))
        or link.latlon(link.field("q", "address"))
        or link.latlon(link.field("daddr"))
        or link.latlon(link.field("center", "sll"))
    )


def lat_lon_fields(link: Link) -> Position | None:
    """Wikimapia: fields ``lat`` and ``lon`` of the fragment."""
    return link.named("lat", "lon")


def lat_lng_fields(link: Link) -> Position | None:
    """EO Browser, Copernicus Browser, Mapillary: fields ``lat`` and ``lng``."""
    return link.named("lat", "lng")


def fragment_pair(link: Link) -> Position | None:
    """satellites.pro ``#33.5,38.6,10``; SunCalc ``#/33.5,38.6,13/2017.06.11``."""
    found = _LEADING_PAIR.fullmatch(link.fragment)
    return link.latlon(f"{found[1]},{found[2]}") if found else None


def zoom_earth(link: Link) -> Position | None:
    """Zoom Earth ``#view=33.5,38.6,10z``."""
    found = _LEADING_PAIR.fullmatch(link.field("view") or link.fragment)
    return link.latlon(f"{found[1]},{found[2]}") if found else None
