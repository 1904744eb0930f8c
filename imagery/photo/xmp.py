"""The XMP packet: captions, places, dates, history and position, as somebody wrote them.

It is XML from a stranger: no entities, no document type, nothing loaded from elsewhere, and limits
to its size and to how many elements it has. Property names and their forms: ISO 16684-1, parts 1 to
3 of the XMP specification, IPTC Photo Metadata Standard 2023.1, CIPA DC-010 (EXIF in XMP).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from gazetteer.position import Position
from imagery.photo.history import step_of
from imagery.photo.words import Words, tidy
from imagery.photo.xmp_position import read_position

_MOST_BYTES = 1_000_000
# An extended packet may hold large pictures as text; what costs memory is the number of its parts.
_MOST_BYTES_OF_FEW_PARTS = 16_000_000
_MOST_PARTS = 100_000
_MOST_VALUES = 200
_MOST_STEPS = 60
_MOST_SHORT = 200
_DOCUMENT_TYPE = "its XMP packet has a document type, which none needs"

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_TERMS = "{http://purl.org/dc/terms/}"
_XMP = "{http://ns.adobe.com/xap/1.0/}"
_PHOTOSHOP = "{http://ns.adobe.com/photoshop/1.0/}"
_CORE = "{http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/}"
_EXT = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"
_EXIF = "{http://ns.adobe.com/exif/1.0/}"
_EXIF_EX = "{http://cipa.jp/exif/1.0/}"
_MM = "{http://ns.adobe.com/xap/1.0/mm/}"
_EVENT = "{http://ns.adobe.com/xap/1.0/sType/ResourceEvent#}"
_REF = "{http://ns.adobe.com/xap/1.0/sType/ResourceRef#}"

# What of IPTC each property is the counterpart of; the first two are captions, the others places.
_SAID = {
    "headline": (f"{_PHOTOSHOP}Headline",),
    "title": (f"{_DC}title",),
    "description": (f"{_DC}description",),
    "sublocation": (f"{_CORE}Location",),
    "city": (f"{_PHOTOSHOP}City",),
    "province": (f"{_PHOTOSHOP}State",),
    "country": (f"{_PHOTOSHOP}Country",),
    "creator": (f"{_DC}creator",),
    "credit": (f"{_PHOTOSHOP}Credit",),
    "source": (f"{_PHOTOSHOP}Source",),
}
_CAPTIONS = ("headline", "title", "description")
_PLACES = ("sublocation", "city", "province", "country")
_CREATED = (
    f"{_PHOTOSHOP}DateCreated",
    f"{_XMP}CreateDate",
    f"{_EXIF}DateTimeOriginal",
    f"{_EXIF}DateTimeDigitized",
)
_LOCATION = ("LocationName", "Sublocation", "City", "ProvinceState", "CountryName")


@dataclass(frozen=True, slots=True, kw_only=True)
class XmpFacts:
    """What an XMP packet says.

    Attributes:
        words: captions and places, in the order of their weight; the places include the parts of
            ``location_shown`` and ``location_created``.
        said: (label, text) of the properties that IPTC records have as well, labels as in
            ``IptcFacts.said``.
        position: exif:GPSLatitude and GPSLongitude, with an uncertainty from the digits written or
            from GPSHPositioningError; None if there is none or it is unusable (``problems``).
        created: when the content was made, as written: the first of photoshop:DateCreated,
            xmp:CreateDate, exif:DateTimeOriginal and exif:DateTimeDigitized that there is.
        credit: photoshop:Credit, else dc:creator, else photoshop:Source.
        creator_tool: xmp:CreatorTool, the program that made the first version.
        history: the steps of xmpMM:History, oldest first, the last 60.
        location_shown: places in the picture, each as "sublocation, city, province, country".
        location_created: places where the camera stood, likewise.
        document_ids: original, present and instance identifier, and those it was derived from.
        derived: the packet names another document that this one was made from.
        instructions: photoshop:Instructions; Facebook marks its files there.
        source_type: the last part of Iptc4xmpExt:DigitalSourceType ("trainedAlgorithmicMedia").
        user_comment: exif:UserComment; telephones mark screenshots there.
        credentials_url: dcterms:provenance, where content credentials are kept that are not in the
            file itself.
        problems: what could not be used, in words.
    """

    words: Words = field(default_factory=Words)
    said: tuple[tuple[str, str], ...] = ()
    position: Position | None = None
    created: str | None = None
    credit: str | None = None
    creator_tool: str | None = None
    history: tuple[str, ...] = ()
    location_shown: tuple[str, ...] = ()
    location_created: tuple[str, ...] = ()
    document_ids: tuple[str, ...] = ()
    derived: bool = False
    instructions: str | None = None
    source_type: str | None = None
    user_comment: str | None = None
    credentials_url: str | None = None
    problems: tuple[str, ...] = ()


def xmp_facts(packet: bytes, *extended: bytes) -> XmpFacts:
    """Read a packet, and the extended packets that belong to it.

    Args:
        packet: the XML document, with or without the wrapping of an XMP packet and padding.
        extended: further documents about the same picture; what the main packet says comes first.
    """
    described: list[Any] = []
    problems: list[str] = []
    for document in (packet, *extended):
        try:
            described += _descriptions(document)
        except _UnusableError as error:
            problems.append(str(error))
    if not described:
        return XmpFacts(problems=tuple(problems))
    position, troubles = read_position(
        {
            name: [_text(value) for value in _values(described, f"{space}{name}")]
            for name, space in (
                ("GPSLatitude", _EXIF),
                ("GPSLongitude", _EXIF),
                ("GPSLatitudeRef", _EXIF),
                ("GPSLongitudeRef", _EXIF),
                ("GPSMapDatum", _EXIF),
            )
        }
        | {
            "GPSHPositioningError": [
                _text(value)
                for space in (_EXIF_EX, _EXIF)
                for value in _values(described, f"{space}GPSHPositioningError")
            ]
        }
    )
    said = tuple(
        (label, text)
        for label, names in _SAID.items()
        for name in names
        for text in tidy(_text(value) for value in _values(described, name))
    )
    shown = [*_locations(described, f"{_EXT}LocationShown")]
    created = [*_locations(described, f"{_EXT}LocationCreated")]
    parents = _values(described, f"{_MM}DerivedFrom")
    source_type = _first(described, f"{_EXT}DigitalSourceType")
    return XmpFacts(
        words=Words.of(
            captions=[text for label, text in said if label in _CAPTIONS],
            places=[
                *(text for label, text in said if label in _PLACES),
                *(part for place in (*shown, *created) for part in place),
            ],
        ),
        said=said,
        position=position,
        created=next((day for name in _CREATED if (day := _first(described, name))), None),
        credit=next(
            (
                text
                for wanted in ("credit", "creator", "source")
                for label, text in said
                if label == wanted
            ),
            None,
        ),
        creator_tool=_first(described, f"{_XMP}CreatorTool"),
        history=tuple(_history(described)),
        location_shown=tidy(", ".join(place) for place in shown),
        location_created=tidy(", ".join(place) for place in created),
        document_ids=_document_ids(described, parents),
        derived=any(_document_ids_of(parent) for parent in parents),
        instructions=_first(described, f"{_PHOTOSHOP}Instructions"),
        source_type=source_type.rstrip("/").rpartition("/")[2] or None if source_type else None,
        user_comment=_first(described, f"{_EXIF}UserComment"),
        credentials_url=_address(_first(described, f"{_TERMS}provenance")),
        problems=(*problems, *troubles),
    )


class _UnusableError(ValueError):
    """A document that is not read; the message says why."""


def _descriptions(packet: bytes) -> list[Any]:
    """The outermost descriptions of a document; what is nested in them is about something else."""
    few_parts = packet.count(b"<") + packet.count(b"=") <= _MOST_PARTS
    if len(packet) > (_MOST_BYTES_OF_FEW_PARTS if few_parts else _MOST_BYTES):
        raise _UnusableError(f"its XMP packet of {len(packet)} bytes is too large to be one")
    if re.search(rb"<!doctype", packet, re.IGNORECASE):
        raise _UnusableError(_DOCUMENT_TYPE)
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )
    if packet[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        # Padding; in UTF-16 zero bytes are part of the text.
        packet = packet.strip(b"\0 \t\r\n")
    try:
        root = etree.fromstring(packet, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _UnusableError(f"its XMP packet is damaged ({type(error).__name__})") from error
    tree: Any = root.getroottree()
    if tree.docinfo.doctype:
        # One in UTF-16, which the look at the bytes cannot see.
        raise _UnusableError(_DOCUMENT_TYPE)
    return [
        described
        for graph in root.iter(f"{_RDF}RDF")
        for described in graph.iterchildren(f"{_RDF}Description")
    ]


def _values(described: Iterable[Any], name: str) -> list[Any]:
    """Values of a property: text of an attribute, elements, or the items of a list, at most 200."""
    found: list[Any] = []
    for one in described:
        said = one.get(name)
        if said:
            found.append(said)
        for element in one.iterchildren(name):
            lists = [
                item
                for kind in ("Alt", "Bag", "Seq")
                for many in element.iterchildren(f"{_RDF}{kind}")
                for item in many.iterchildren()
            ]
            found += lists or [element]
            if len(found) > _MOST_VALUES:
                return found[-_MOST_VALUES:]
    return found


def _text(value: Any, *, inner: bool = False) -> str:
    """The text of a value; a structure has none."""
    if isinstance(value, str):
        return value
    if len(value):
        # A value with qualifiers stands in rdf:value, which has none of its own.
        plain = () if inner else _values([_structure(value)], f"{_RDF}value")
        return next((_text(one, inner=True) for one in plain), "")
    return value.text or value.get(f"{_RDF}resource") or value.get(f"{_RDF}value") or ""


def _structure(value: Any) -> Any:
    """The element that carries a structure's fields, in any of the three ways to write one."""
    return next(value.iterchildren(f"{_RDF}Description"), value)


def _field(structure: Any, name: str) -> str:
    """One field of a structure; of several alternatives the first."""
    return next((text for value in _values([structure], name) if (text := _text(value))), "")


def _address(text: str | None) -> str | None:
    """A web address; "self#jumbf=..." means the file itself."""
    return text if text and text.startswith(("https://", "http://")) else None


def _first(described: Sequence[Any], name: str) -> str | None:
    """The first value of a property that says anything, at most 200 characters."""
    return next(
        (text[:_MOST_SHORT] for text in tidy(_text(v) for v in _values(described, name))), None
    )


def _locations(described: Iterable[Any], name: str) -> Iterator[tuple[str, ...]]:
    for value in _values(described, name):
        if isinstance(value, str):
            continue
        structure = _structure(value)
        parts = tidy(_field(structure, f"{_EXT}{part}") for part in _LOCATION)
        if not _field(structure, f"{_EXT}CountryName"):
            parts = tidy((*parts, _field(structure, f"{_EXT}CountryCode")))
        if parts:
            yield parts


def _history(described: Iterable[Any]) -> Iterator[str]:
    for value in _values(described, f"{_MM}History")[-_MOST_STEPS:]:
        if isinstance(value, str):
            continue
        structure = _structure(value)
        step = step_of(
            action=" ".join(
                part
                for part in (
                    _field(structure, f"{_EVENT}action"),
                    _field(structure, f"{_EVENT}parameters"),
                )
                if part
            ),
            when=_field(structure, f"{_EVENT}when"),
            software=_field(structure, f"{_EVENT}softwareAgent"),
            changed=_field(structure, f"{_EVENT}changed"),
        )
        if step:
            yield step


def _document_ids(described: Sequence[Any], parents: Sequence[Any]) -> tuple[str, ...]:
    own = [
        _text(value)
        for name in ("OriginalDocumentID", "DocumentID", "InstanceID")
        for value in _values(described, f"{_MM}{name}")
    ]
    return tidy(
        text[:_MOST_SHORT] for text in (*own, *(i for p in parents for i in _document_ids_of(p)))
    )


def _document_ids_of(parent: Any) -> list[str]:
    if isinstance(parent, str):
        return []
    structure = _structure(parent)
    names = (f"{_REF}originalDocumentID", f"{_REF}documentID", f"{_REF}instanceID")
    return [text for name in names if (text := _field(structure, name))]
