"""Which addresses a picture element gives, the largest picture first."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from lxml.html import HtmlElement

_SIZE = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,4})?)([wx])")
_BETWEEN = " \t\r\n\f,"
_MOST_IN_SET = 50
_PICTURES = frozenset([".jpg", ".jpeg", ".jpe", ".png", ".webp", ".tif", ".tiff", ".heic", ".avif"])
_MOST = 12


def references_of(image: HtmlElement) -> tuple[str, ...]:
    """Addresses of the picture that an ``img`` shows, as written, best first.

    A link to an image file around it goes first (the original, with its metadata, is often there),
    then the largest of ``srcset``, then what scripts load later, then ``src``. Placeholders in
    ``data:`` are left out.
    """
    found: list[str] = []
    link = image.getparent()
    while link is not None and link.tag in {"picture", "source", "span", "noscript", "div"}:
        link = link.getparent()
    if link is not None and link.tag == "a" and _is_picture(link.get("href") or ""):
        found.append(link.get("href") or "")
    sets = [image.get("srcset"), image.get("data-srcset")]
    around = image.getparent()
    # lxml puts the picture into the ``source`` before it, which has no end tag.
    while around is not None and around.tag == "source":
        around = around.getparent()
    if around is not None and around.tag == "picture":
        for _, source in zip(range(_MOST), around.iter("source"), strict=False):
            sets += [source.get("srcset"), source.get("data-srcset")]
    candidates = [pair for text in sets if text for pair in candidates_of(text)]
    found += [address for address, _ in sorted(candidates, key=lambda pair: -pair[1])]
    for attribute in ("data-src", "data-original", "data-lazy-src", "data-orig-file", "src"):
        found.append(image.get(attribute) or "")
    kept = dict.fromkeys(address.strip() for address in found)
    usable = [a for a in kept if a and len(a) <= 2_000 and not a.lower().startswith("data:")]
    if not usable and any(a.lower().startswith("data:image/") for a in kept):
        return ("data:",)
    return tuple(usable[:_MOST])


def candidates_of(text: str) -> list[tuple[str, float]]:
    """The addresses of a ``srcset`` with their width in pixels, or density times 1,000.

    An address ends at white space, not at a comma, as the HTML standard has it.
    """
    found: list[tuple[str, float]] = []
    rest = text[:20_000].strip(_BETWEEN)
    while rest and len(found) < _MOST_IN_SET:
        address, *more = rest.split(maxsplit=1)
        rest = more[0] if more else ""
        descriptor = ""
        if not address.endswith(","):
            descriptor, _, rest = rest.partition(",")
        size = _SIZE.fullmatch(descriptor.strip())
        amount, unit = (float(size[1]), size[2]) if size else (1.0, "x")
        found.append((address.rstrip(","), amount * (1.0 if unit == "w" else 1_000.0)))
        rest = rest.lstrip(_BETWEEN)
    return found


def _is_picture(address: str) -> bool:
    try:
        return PurePosixPath(urlsplit(address).path).suffix.lower() in _PICTURES
    except ValueError:
        return False
