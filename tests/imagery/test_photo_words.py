"""Captions and places from EXIF, IPTC and XMP: somebody's words, from hostile bytes."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from imagery.photo.containers.parts import walk
from imagery.photo.iptc import IptcFacts, iptc_facts
from imagery.photo.metadata import read_photo
from imagery.photo.words import Words
from imagery.photo.xmp import XmpFacts, xmp_facts

PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
  xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
  xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/">
<rdf:Description photoshop:City="Ald" photoshop:Headline="Smoke">
  <dc:description><rdf:Alt><rdf:li xml:lang="x-default">Smoke over
    Ald</rdf:li></rdf:Alt></dc:description>
  <photoshop:Country>Inventia</photoshop:Country>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


def record(dataset: int, body: bytes, number: int = 2) -> bytes:
    return struct.pack(">BBBH", 0x1C, number, dataset, len(body)) + body


def resource(number: int, body: bytes) -> bytes:
    head = b"8BIM" + struct.pack(">HBxI", number, 0, len(body))
    return head + body + b"\0" * (len(body) % 2)


def segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


@pytest.fixture(scope="module")
def bare() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (16, 16)).save(out, "JPEG")
    return out.getvalue()


def jpeg(bare: bytes, *segments: bytes) -> bytes:
    return bare[:2] + b"".join(segments) + bare[2:]


def iptc_segment(*records: bytes) -> bytes:
    body = resource(0x03E8, b"odd") + resource(0x0404, b"".join(records))
    return segment(0xED, b"Photoshop 3.0\0" + body)


def xmp_segment(packet: str = PACKET) -> bytes:
    return segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + packet.encode())


def test_iptc_and_xmp_of_a_jpeg(tmp_path: Path, bare: bytes) -> None:
    records = (
        record(120, "Smoke over Äld".encode("latin-1")),
        record(90, b"Ald"),
        record(101, b"Inventia"),
    )
    path = tmp_path / "a.jpg"
    path.write_bytes(jpeg(bare, iptc_segment(*records), xmp_segment()))
    facts = read_photo(path)
    assert facts.status == "ok"
    assert facts.captions == ("Smoke over Äld", "Smoke", "Smoke over Ald")
    assert facts.places_said == ("Ald", "Inventia")
    assert facts.position is None
    assert "places in the file" in [signal.signal for signal in facts.signals]
    assert facts.as_dict()["places_said"] == ["Ald", "Inventia"]


def test_iptc_as_another_program_writes_it(bare: bytes) -> None:
    """Pillow reads IPTC with code of its own."""
    from PIL import IptcImagePlugin

    data = jpeg(bare, iptc_segment(record(120, b"Smoke"), record(90, b"Ald")))
    parts = walk(data)
    assert parts is not None
    (records,) = parts.iptc
    with Image.open(io.BytesIO(data)) as image:
        theirs = IptcImagePlugin.getiptcinfo(image)
    assert theirs is not None
    words = iptc_facts(records.data).words
    assert [word.encode() for word in (*words.captions, *words.places)] == [
        theirs[2, 120],
        theirs[2, 90],
    ]


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "JPEG"])
def test_xmp_written_by_pillow_is_found_in_every_container(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a"
    image = Image.new("RGB", (8, 8))
    if kind == "PNG":
        info = PngImagePlugin.PngInfo()
        info.add_itxt("XML:com.adobe.xmp", PACKET)
        image.save(path, kind, pnginfo=info)
    else:
        image.save(path, kind, xmp=PACKET.encode())
    facts = read_photo(path)
    assert facts.captions == ("Smoke", "Smoke over Ald")
    assert facts.places_said == ("Ald", "Inventia")


def test_damaged_xmp_does_not_hide_the_rest(tmp_path: Path, bare: bytes) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(jpeg(bare, iptc_segment(record(120, b"Smoke")), xmp_segment("<x>")))
    facts = read_photo(path)
    assert facts.status == "malformed"
    assert facts.captions == ("Smoke",)
    assert "XMP" in facts.problems[0]


def test_words_are_bounded_and_tidy() -> None:
    words = Words.of(
        captions=["  a\0 b\n c ", "", "a b c", *map(str, range(99))], places=["x" * 9999]
    )
    assert words.captions[0] == "a b c"
    assert len(words.captions) == 40
    assert len(words.places[0]) == 2_000


@settings(max_examples=200)
@given(st.binary(max_size=200), st.integers(0, 60))
def test_any_bytes_are_words_or_none(junk: bytes, cut: int) -> None:
    good = record(120, b"Smoke") + record(90, b"Ald")
    assert isinstance(iptc_facts(good[:cut] + junk), IptcFacts)
    assert isinstance(xmp_facts(junk), XmpFacts)
    for head in (
        b"\xff\xd8\xff",
        b"\x89PNG\r\n\x1a\n",
        b"RIFF\0\1\0\0WEBP",
        b"II*\0",
        b"\0\0\0\x14ftypheic",
    ):
        parts = walk(head + junk)
        assert parts is not None
        assert parts.trailing_bytes <= len(junk)
    photoshop = b"\xff\xd8" + segment(
        0xED, b"Photoshop 3.0\0" + resource(0x0404, good)[:cut] + junk
    )
    found = walk(photoshop)
    assert found is not None
    assert all(isinstance(iptc_facts(block.data), IptcFacts) for block in found.iptc)
