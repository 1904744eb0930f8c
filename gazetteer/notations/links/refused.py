"""Links and codes that only a service can resolve: shortened links, what3words."""

from __future__ import annotations

import re

from gazetteer.errors import PositionError
from gazetteer.notations.links.link import HINT, Link
from gazetteer.notations.plain import bad

SHORTENERS = frozenset(
    {
        "maps.app.goo.gl",
        "goo.gl",
        "g.co",
        "maps.apple",
        "binged.it",
        "osm.org",
        "bit.ly",
        "t.co",
        "tinyurl.com",
        "is.gd",
        "ow.ly",
    }
)
_THREE_WORDS = re.compile(r"/{3}?[^\W\d_]+\.[^\W\d_]+\.[^\W\d_]+")


def is_three_words(text: str) -> bool:
    """Whether the text is a what3words address: three slashes, three words."""
    return text.startswith("///") and _THREE_WORDS.fullmatch(text) is not None


def three_words(said: str) -> PositionError:
    """The error for a what3words address."""
    return bad(
        said,
        "what3words addresses mean nothing without that company's service",
        "look the words up and give the coordinates",
    )


def shortened(link: Link) -> bool:
    """Whether a link is a short one that stands for another."""
    if link.host in SHORTENERS:
        return link.host != "osm.org" or "go" in link.steps[:1]
    return (
        (link.host == "openstreetmap.org" and link.steps[:1] == ("go",))
        or (link.host.startswith("yandex.") and link.steps[:2] == ("maps", "-"))
        or (link.host == "maps.apple.com" and link.steps[:1] == ("p",))
    )


def short_link(said: str) -> PositionError:
    """The error for a shortened link."""
    return bad(
        said,
        "the link is a shortened one; what it stands for only the network tells",
        f"{HINT}, or paste the long link it leads to",
    )
