"""Every service by host, and the way into each."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from gazetteer.notations.links import bing, google, openstreetmap, others, refused, yandex
from gazetteer.notations.links.link import HINT, Link, take_apart
from gazetteer.notations.plain import bad
from gazetteer.position import Position

Reader = Callable[[Link], Position | None]

BY_HOST: Mapping[str, Reader] = {
    "earth.google.com": google.earth,
    "openstreetmap.org": openstreetmap.openstreetmap,
    "osm.org": openstreetmap.openstreetmap,
    "bing.com": bing.bing,
    "maps.apple.com": others.apple,
    "beta.maps.apple.com": others.apple,
    "wikimapia.org": others.lat_lon_fields,
    "apps.sentinel-hub.com": others.lat_lng_fields,
    "browser.dataspace.copernicus.eu": others.lat_lng_fields,
    "mapillary.com": others.lat_lng_fields,
    "satellites.pro": others.fragment_pair,
    "suncalc.org": others.fragment_pair,
    "zoom.earth": others.zoom_earth,
}
BY_FORM: tuple[tuple[Callable[[Link], bool], Reader], ...] = (
    (google.is_maps, google.maps),
    (yandex.is_yandex, yandex.yandex),
)
_KNOWN = (
    "Google Maps and Earth, OpenStreetMap, Bing, Apple, Yandex, Wikimapia, EO Browser, Copernicus "
    "Browser, Mapillary, satellites.pro, SunCalc, Zoom Earth"
)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?=[/?#])", re.IGNORECASE)


def claims(text: str) -> bool:
    """Whether the text is a link, or a what3words address."""
    return (
        _SCHEME.match(text) is not None
        or _HOST.match(text.removeprefix("//")) is not None
        or refused.is_three_words(text)
    )


def read(said: str) -> Position:
    """The position a link of a map service holds; ``uncertainty_m`` is None.

    Raises:
        PositionError: no known service, no position or several in it, or the network is needed.
    """
    if refused.is_three_words(said):
        raise refused.three_words(said)
    if " " in said:
        raise bad(said, "a link has no spaces; give the link alone", HINT)
    link = take_apart(said)
    if link.host in ("what3words.com", "w3w.co"):
        raise refused.three_words(said)
    if refused.shortened(link):
        raise refused.short_link(said)
    reader = BY_HOST.get(link.host) or next(
        (read_it for fits, read_it in BY_FORM if fits(link)), None
    )
    if reader is None:
        raise bad(said, f"the link is of no map service known here ({_KNOWN})", HINT)
    found = reader(link)
    if found is None:
        raise bad(said, "the link holds no coordinates", HINT)
    return found
