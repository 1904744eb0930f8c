"""The XMP packet: caption and places as somebody wrote them.

It is XML from a stranger: no entities, no document type, nothing loaded from elsewhere, and a limit
to its size.
"""

from __future__ import annotations

from typing import Any

from imagery.photo.words import Words

_MOST_BYTES = 1_000_000
_DOCUMENT_TYPE = "its XMP packet has a document type, which none needs"
_DC = "{http://purl.org/dc/elements/1.1/}"
_PHOTOSHOP = "{http://ns.adobe.com/photoshop/1.0/}"
_CORE = "{http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/}"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_CAPTIONS = (f"{_PHOTOSHOP}Headline", f"{_DC}title", f"{_DC}description")
_PLACES = (
    f"{_CORE}Location",
    f"{_PHOTOSHOP}City",
    f"{_PHOTOSHOP}State",
    f"{_PHOTOSHOP}Country",
)


def read_xmp(packet: bytes) -> tuple[Words, str | None]:
    """Headline, title and description; location, city, state, country; or why there are none."""
    if len(packet) > _MOST_BYTES:
        return Words(), f"its XMP packet of {len(packet)} bytes is too large to be one"
    if b"<!doctype" in packet.lower():
        return Words(), _DOCUMENT_TYPE
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
    )
    if packet[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        # Padding; in UTF-16 zero bytes are part of the text.
        packet = packet.strip(b"\0 \t\r\n")
    try:
        root = etree.fromstring(packet, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        return Words(), f"its XMP packet is damaged ({type(error).__name__})"
    tree: Any = root.getroottree()
    if tree.docinfo.doctype:
        # One in UTF-16, which the look at the bytes cannot see.
        return Words(), _DOCUMENT_TYPE
    return (
        Words.of(
            captions=[text for name in _CAPTIONS for text in _texts(root, name)],
            places=[text for name in _PLACES for text in _texts(root, name)],
        ),
        None,
    )


def _texts(root: Any, name: str) -> list[str]:
    """Values of a property: an attribute, an element, or the items of a list of alternatives."""
    found = [
        description.get(name)
        for description in root.iter(f"{_RDF}Description")
        if description.get(name)
    ]
    for element in root.iter(name):
        items = list(element.iter(f"{_RDF}li")) or [element]
        found += ["".join(item.itertext()) for item in items]
    return found
