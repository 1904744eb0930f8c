"""Bing Maps: points (``sp=point.lat_lon_title``), a search, else the centre (``cp=lat~lon``)."""

from __future__ import annotations

from gazetteer.notations.links.link import Link
from gazetteer.position import Position


def bing(link: Link) -> Position | None:
    """The point of a Bing Maps link, else the centre of its view."""
    if link.field("rtp") is not None:
        raise link.route()
    points = []
    for mark in (link.field("sp") or "").split("~"):
        kind, _, rest = mark.partition(".")
        if kind == "point":
            points.append(link.latlon("_".join(rest.split("_")[:2])))
    searched = link.latlon(link.field("where1", "q"))
    return link.only(points) or searched or link.latlon(link.field("cp"))
