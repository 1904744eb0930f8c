"""OpenStreetMap: the marker (``mlat``, ``mlon``), else the centre (``#map=zoom/lat/lon``)."""

from __future__ import annotations

from gazetteer.notations.links.link import Link
from gazetteer.position import Position


def openstreetmap(link: Link) -> Position | None:
    """The marker of an OpenStreetMap link, else the centre of its view."""
    if link.field("route") is not None:
        raise link.route()
    marker = link.named("mlat", "mlon")
    if marker is not None:
        return marker
    view = (link.field("map") or "").split("/")
    centre = link.latlon(",".join(view[1:])) if len(view) == 3 else None
    return centre or link.named("lat", "lon")
