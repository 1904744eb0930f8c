"""A link taken apart once, and coordinates in its parts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote_plus, urlsplit

from gazetteer.errors import PositionError
from gazetteer.notations import degrees
from gazetteer.notations.plain import bad, checked, shown
from gazetteer.position import Position

HINT = "open the link and copy the coordinates"

_MOST_FIELDS = 200
NUMBER = r"[+-]?[0-9]{1,3}(?:\.[0-9]+)?"
_PAIR = re.compile(rf"\s*({NUMBER})\s*[,~_\s]\s*({NUMBER})\s*")
_LABELLED = re.compile(r"(?:[^@()]*@)?\s*(?:loc:)?(?P<said>[^()]*)(?:\(.*\))?", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link's parts, decoded once.

    Attributes:
        said: the link as pasted.
        host: in lower case, without ``www.``.
        path: undecoded; ``steps`` are its decoded parts.
        fields: the query's fields by name, the first of each; behind them those of a fragment of
            the form ``a=1&b=2``.
        fragment: undecoded.
    """

    said: str
    host: str
    path: str
    steps: tuple[str, ...]
    fields: Mapping[str, str]
    fragment: str

    def field(self, *names: str) -> str | None:
        """The first of the named fields that is there and not empty."""
        return next((self.fields[name] for name in names if self.fields.get(name)), None)

    def latlon(self, text: str | None) -> Position | None:
        """Latitude and longitude in a part of the link, or None where it holds something else.

        ``33.5,38.6``, also with ``~``, ``_`` or a space between; degrees with marks and letters;
        with a label as in ``loc:33.5,38.6`` or ``33.5,38.6(Base)``.

        Raises:
            PositionError: they are coordinates, but none that can be.
        """
        found = _LABELLED.fullmatch(text) if text else None
        said = found["said"].strip() if found else ""
        pair = _PAIR.fullmatch(said)
        if pair is not None:
            return checked(self.said, lat=float(pair[1]), lon=float(pair[2]))
        if any(mark in said for mark in "°'′\"") and degrees.claims(said):
            return degrees.read(said)
        return None

    def lonlat(self, text: str | None) -> Position | None:
        """Longitude and latitude, where a service puts them in this order."""
        pair = _PAIR.fullmatch(text) if text else None
        return None if pair is None else checked(self.said, lat=float(pair[2]), lon=float(pair[1]))

    def named(self, lat: str, lon: str) -> Position | None:
        """Latitude and longitude in fields of their own."""
        lat_text, lon_text = self.fields.get(lat), self.fields.get(lon)
        if lat_text is None or lon_text is None:
            return None
        return self.latlon(f"{lat_text},{lon_text}")

    def only(self, pins: Iterable[Position | None]) -> Position | None:
        """The one pin among these, None without any.

        Raises:
            PositionError: there are two different ones.
        """
        found = list(dict.fromkeys(pin for pin in pins if pin is not None))
        if len(found) > 1:
            raise PositionError(
                f"{shown(self.said)} holds {len(found)} points: {found[0]} and {found[1]}"
                f"{' and more' if len(found) > 2 else ''} (latitude, longitude); give one of them"
            )
        return found[0] if found else None

    def route(self) -> PositionError:
        """The error for a link to a way between places."""
        return bad(self.said, "the link is of a route, which has several points", HINT)


def take_apart(said: str) -> Link:
    """The parts of a link, with or without its scheme.

    Raises:
        PositionError: it is no link that can be read.
    """
    text = said.removeprefix("//")
    if "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").removeprefix("www.")
        query = parse_qsl(parts.query, max_num_fields=_MOST_FIELDS)
        fragment = parse_qsl(parts.fragment, max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise bad(said, f"the link cannot be read ({error})", HINT) from error
    fields: dict[str, str] = {}
    for name, value in (*query, *fragment):
        fields.setdefault(name, value)
    return Link(
        said=said,
        host=host,
        path=parts.path,
        steps=tuple(unquote_plus(step) for step in parts.path.split("/") if step),
        fields=fields,
        fragment=parts.fragment,
    )
