"""Google Maps and Google Earth on the web.

In order: the marked place (``!3d`` latitude, ``!4d`` longitude in the path), coordinates that were
searched for or named as a destination, coordinates as a step of the path, and only then the centre
of the view (``ll``, ``center``, ``@latitude,longitude``) or of an embedded map (``!2d`` longitude,
``!3d`` latitude).
"""

from __future__ import annotations

import re

from gazetteer.notations.links.link import NUMBER, Link
from gazetteer.position import Position

_HOST = re.compile(r"(?:maps\.)?google\.[a-z]{2,3}(?:\.[a-z]{2})?")
_MARKED = re.compile(rf"!3d({NUMBER})!4d({NUMBER})")
_EMBEDDED = re.compile(rf"!2d({NUMBER})!3d({NUMBER})")
_VIEW = re.compile(rf"@({NUMBER}),({NUMBER})(?:,.*)?")


def is_maps(link: Link) -> bool:
    """Whether the link is of Google Maps."""
    return _HOST.fullmatch(link.host) is not None and (
        link.host.startswith("maps.") or link.path.startswith("/maps")
    )


def maps(link: Link) -> Position | None:
    """The pin of a Google Maps link, else the centre of its view."""
    parts = "/".join((*link.steps, link.fields.get("data", "")))
    marked = link.only(link.latlon(f"{lat},{lon}") for lat, lon in _MARKED.findall(parts))
    if marked is not None:
        return marked
    start = link.latlon(link.field("saddr", "origin"))
    end = link.latlon(link.field("daddr", "destination"))
    steps = [link.latlon(step) for step in link.steps if not step.startswith("@")]
    ends = sum(step is not None for step in steps) if "dir" in link.steps[:2] else 1
    if ends != 1 and (end is None or start is not None):
        raise link.route()
    asked = link.latlon(link.field("q", "query"))
    found = link.only((asked, end, start)) or link.only(steps)
    if found is not None:
        return found
    centre = link.latlon(link.field("ll", "cbll", "viewpoint", "center", "sll"))
    return centre or _view(link) or _embedded(link)


def earth(link: Link) -> Position | None:
    """The searched point of a Google Earth link, else the centre of its view."""
    asked = link.only(link.latlon(step) for step in link.steps if not step.startswith("@"))
    return asked or _view(link)


def _view(link: Link) -> Position | None:
    for step in link.steps:
        found = _VIEW.fullmatch(step)
        if found is not None:
            return link.latlon(f"{found[1]},{found[2]}")
    return None


def _embedded(link: Link) -> Position | None:
    found = _EMBEDDED.search(link.fields.get("pb", ""))
    return link.latlon(f"{found[2]},{found[1]}") if found else None
