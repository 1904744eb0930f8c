"""Yandex Maps, whose links put longitude first, but for what was typed into the search field.

In order: what was asked about (``whatshere``), placemarks (``pt``), a business (``poi``), the text
searched for, the centre of the view (``ll``).
"""

from __future__ import annotations

import re

from gazetteer.notations.links.link import Link
from gazetteer.position import Position

_HOST = re.compile(r"(?:maps\.)?yandex\.[a-z]{2,3}(?:\.[a-z]{2})?")


def is_yandex(link: Link) -> bool:
    """Whether the link is of Yandex Maps."""
    return _HOST.fullmatch(link.host) is not None and (
        link.host.startswith("maps.") or link.path.startswith("/maps")
    )


def yandex(link: Link) -> Position | None:
    """The placemark of a Yandex Maps link, else the centre of its view."""
    if link.field("rtext") is not None:
        raise link.route()
    asked = link.lonlat(link.field("whatshere[point]"))
    # A placemark may carry its style behind the coordinates: 38.6,33.5,pm2rdm.
    marks = (mark.split(",")[:2] for mark in (link.field("pt") or "").split("~"))
    return (
        asked
        or link.only(link.lonlat(",".join(mark)) for mark in marks)
        or link.lonlat(link.field("poi[point]"))
        or link.latlon(link.field("text"))
        or link.lonlat(link.field("ll", "sll"))
    )
