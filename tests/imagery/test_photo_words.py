"""Captions and places from EXIF, IPTC and XMP: somebody's words, from hostile bytes."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from imagery.photo.container import iptc_records, xmp_packet
from imagery.photo.iptc import read_iptc
from imagery.photo.metadata import read_photo
from imagery.photo.words import Words
from imagery.photo.xmp import read_xmp

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
    assert [signal.signal for signal in facts.signals] == ["places in the file"]
    assert facts.as_dict()["places_said"] == ["Ald", "Inventia"]


def test_iptc_as_another_program_writes_it(bare: bytes) -> None:
    """Pillow reads IPTC with code of its own."""
    from PIL import IptcImagePlugin

    data = jpeg(bare, iptc_segment(record(120, b"Smoke"), record(90, b"Ald")))
    records = iptc_records(data, "JPEG")
    assert records is not None
    with Image.open(io.BytesIO(data)) as image:
        theirs = IptcImagePlugin.getiptcinfo(image)
    assert theirs is not None
    words = read_iptc(records)
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


@pytest.mark.parametrize(
    ("packet", "why"),
    [
        (b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "document type"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'.encode("utf-16"), "document type"),
        (b"<x>", "damaged"),
        (b"", "damaged"),
        (b"<a>" * 5_000 + b"</a>" * 5_000, "damaged"),
        (b" " * 1_000_001, "too large"),
    ],
)
def test_xmp_that_is_refused(packet: bytes, why: str) -> None:
    words, problem = read_xmp(packet)
    assert words == Words()
    assert problem is not None and why in problem


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
    assert isinstance(read_iptc(good[:cut] + junk), Words)
    assert isinstance(read_xmp(junk)[0], Words)
    for kind in ("JPEG", "PNG", "WEBP", "TIFF"):
        for find in (iptc_records, xmp_packet):
            found = find(b"\xff\xd8" + junk, kind)
            assert found is None or isinstance(found, bytes)
    photoshop = b"\xff\xd8" + segment(
        0xED, b"Photoshop 3.0\0" + resource(0x0404, good)[:cut] + junk
    )
    found = iptc_records(photoshop, "JPEG")
    assert found is None or isinstance(read_iptc(found), Words)
