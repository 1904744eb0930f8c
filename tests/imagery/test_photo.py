"""read_photo: any file in, its facts or one clear error out."""

from __future__ import annotations

import hashlib
import os
import struct
import zlib
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from imagery.errors import PhotoError
from imagery.photo import metadata
from imagery.photo.facts import PhotoFacts
from imagery.photo.metadata import read_photo

Jpeg = Callable[..., Path]

EXIF_TIME, EXIF_OFFSET, EXIF_SUBSEC = 0x9003, 0x9011, 0x9291


@pytest.fixture
def make(jpeg_with: Jpeg) -> Any:
    """The helpers that build EXIF entries, taken from the neighbouring conftest."""
    import sys

    return sys.modules[jpeg_with.__module__]


def test_everything_a_camera_writes(jpeg_with: Jpeg, make: Any) -> None:
    path = jpeg_with(
        main=[
            make.ascii_entry(0x010F, "Canon"),
            make.ascii_entry(0x0110, "EOS 5D"),
            make.ascii_entry(0x0131, "Firmware 1.0"),
            make.short_entry(0x0112, 6),
        ],
        exif=[
            make.ascii_entry(EXIF_TIME, "2017:06:11 14:03:22"),
            make.ascii_entry(EXIF_OFFSET, "+03:00"),
            make.ascii_entry(EXIF_SUBSEC, "25"),
        ],
        gps=make.gps_entries(
            ((33, 1), (30, 1), (2100, 100)),
            "N",
            ((38, 1), (37, 1), (400, 100)),
            "E",
            make.byte_entry(5, 0),
            make.rational_entry(6, (6125, 10)),
            make.ascii_entry(16, "T"),
            make.rational_entry(17, (1205, 10)),
            make.rational_entry(7, (11, 1), (3, 1), (22, 1)),
            make.ascii_entry(29, "2017:06:11"),
            make.rational_entry(31, (75, 10)),
        ),
    )
    facts = read_photo(path)
    assert facts.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    zone = timezone(timedelta(hours=3))
    assert facts.taken_at == datetime(2017, 6, 11, 14, 3, 22, 250_000, zone)
    assert facts.raw
    assert (facts.width, facts.height) == (64, 48)
    expected: dict[str, object] = {
        "path": "photo.jpg",
        "status": "ok",
        "format": "JPEG",
        "position_problem": None,
        "heading_deg": 120.5,
        "heading_reference": "true",
        "taken_at": "2017-06-11T14:03:22.250000+03:00",
        "utc_offset": "+03:00",
        "gps_time_utc": "2017-06-11T11:03:22Z",
        "make": "Canon",
        "model": "EOS 5D",
        "orientation": 6,
        "software": "Firmware 1.0",
        "captions": [],
        "places_said": [],
        "credentials": None,
        "conflicts": [],
    }
    found = facts.as_dict()
    # Pillow wrote the picture.
    assert [signal.signal for signal in facts.signals] == ["tables unlike the camera's"]
    assert found.pop("signals") == [signal.as_dict() for signal in facts.signals]
    position = found.pop("position")
    assert isinstance(position, dict)
    assert position.pop("lat") == pytest.approx(33.5058333)
    assert position.pop("lon") == pytest.approx(38.6177778)
    assert position == {"uncertainty_m": 7.5, "altitude_m": 612.5}
    assert found.pop("sha256") == facts.sha256
    assert found == expected


def test_reduced_fractions_keep_their_precision(jpeg_with: Jpeg, make: Any) -> None:
    """2100/100 seconds are hundredths; read as 21/1 they would be whole seconds, 31 m."""
    facts = read_photo(jpeg_with(gps=make.gps_entries()))
    assert facts.position is not None
    assert facts.position.uncertainty_m == 5.0


def test_time_without_zone_stays_without(jpeg_with: Jpeg, make: Any) -> None:
    facts = read_photo(jpeg_with(exif=[make.ascii_entry(EXIF_TIME, "2017:06:11 14:03:22")]))
    assert facts.taken_at is not None
    assert facts.taken_at.tzinfo is None
    assert facts.as_dict()["taken_at"] == "2017-06-11T14:03:22"


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ("0000:00:00 00:00:00", False),
        ("    :  :     :  :  ", False),
        ("2017:06:31 14:03:22", True),
        ("2017:06:11 24:03:22", True),
        ("2017-06-11 14:03:22", True),
        ("2017:06:11 14:03", True),
        ("2017:06:11 14:03:22 PM", True),
        ("yesterday at some time", True),
    ],
)
def test_dates_that_are_none(jpeg_with: Jpeg, make: Any, said: str, problem: bool) -> None:
    facts = read_photo(jpeg_with(exif=[make.ascii_entry(EXIF_TIME, said)]))
    assert facts.taken_at is None
    assert bool(facts.problems) == problem


@pytest.mark.parametrize("offset", ["3", "+3:00", "+15:00", "+03:60", "Z", "UTC"])
def test_an_offset_that_is_none_gives_no_zone(jpeg_with: Jpeg, make: Any, offset: str) -> None:
    facts = read_photo(
        jpeg_with(
            exif=[
                make.ascii_entry(EXIF_TIME, "2017:06:11 14:03:22"),
                make.ascii_entry(EXIF_OFFSET, offset),
            ]
        )
    )
    assert facts.taken_at == datetime(2017, 6, 11, 14, 3, 22)
    assert facts.utc_offset is None
    assert "not an offset" in facts.problems[0]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP"])
def test_no_metadata_is_the_normal_case(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "bare"
    Image.new("RGB", (9, 7)).save(path, kind)
    facts = read_photo(path)
    assert (facts.status, facts.format, facts.problems) == ("no_metadata", kind, ())
    assert (facts.width, facts.height) == (9, 7)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_exif_written_by_pillow_is_read_from_every_container(tmp_path: Path, kind: str) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Maker"
    exif.get_ifd(0x8825).update({1: "S", 2: (33.0, 30.0, 21.0), 3: "W", 4: (38.0, 37.0, 4.0)})
    path = tmp_path / "photo"
    Image.new("RGB", (32, 24)).save(path, kind, exif=exif)
    facts = read_photo(path)
    assert facts.status == "ok"
    assert facts.make == "Maker"
    assert facts.position is not None
    assert facts.position.lat == pytest.approx(-33.5058333, abs=1e-6)
    assert facts.position.lon == pytest.approx(-38.6177778, abs=1e-6)


def test_gps_of_a_tiff(tmp_path: Path, make: Any) -> None:
    pixels = [
        make.short_entry(tag, value)
        for tag, value in (
            (256, 4),
            (257, 4),
            (258, 8),
            (259, 1),
            (262, 1),
            (273, 8),
            (278, 4),
            (279, 16),
        )
    ]
    path = tmp_path / "photo.tif"
    path.write_bytes(make.exif_block(main=pixels, gps=make.gps_entries()) + b"\0" * 16)
    facts = read_photo(path)
    assert (facts.format, facts.status) == ("TIFF", "ok")
    assert facts.position is not None
    assert facts.position.lat == pytest.approx(33.5058333, abs=1e-6)


def test_exif_behind_a_long_segment_is_found(jpeg_with: Jpeg, make: Any) -> None:
    before = b"\xff\xe2" + struct.pack(">H", 30_002) + b"x" * 30_000
    facts = read_photo(jpeg_with(before=before, gps=make.gps_entries()))
    assert facts.position is not None


@pytest.mark.parametrize(
    ("letters", "reason"),
    [(("s", "E"), "hemisphere is unknown"), ((None, "E"), "no hemisphere letter")],
)
def test_unusable_gps_is_told_in_words(
    jpeg_with: Jpeg, make: Any, letters: tuple[str | None, str], reason: str
) -> None:
    entries = make.gps_entries(lat_ref=letters[0], lon_ref=letters[1])
    facts = read_photo(jpeg_with(gps=entries))
    assert facts.status == "ok"
    assert facts.position is None
    assert facts.position_problem is not None
    assert reason in facts.position_problem


def test_values_beyond_the_end_are_not_read_as_zero(jpeg_with: Jpeg, make: Any) -> None:
    block = make.exif_block(
        main=[make.ascii_entry(0x010F, "Canon")],
        gps=[
            make.ascii_entry(1, "N"),
            make.ascii_entry(3, "E"),
            make.rational_entry(2, (33, 1), (30, 1), (21, 1)),
            make.rational_entry(4, (38, 1), (37, 1), (4, 1)),
        ],
    )
    facts = read_photo(jpeg_with(block[:-16]))
    assert facts.make == "Canon"
    assert facts.position is None
    assert "GPS GPSLongitude lies beyond the end of the metadata" in facts.problems


@pytest.mark.parametrize(
    "block",
    [
        b"not a tiff at all",
        b"",
        b"II*\0" + b"\xff" * 4,
        b"MM\0*",
    ],
)
def test_damaged_blocks_are_malformed_or_empty(jpeg_with: Jpeg, block: bytes) -> None:
    facts = read_photo(jpeg_with(block))
    assert facts.status == "malformed"
    assert facts.position is None


def test_a_file_that_ends_inside_its_exif_is_malformed(tmp_path: Path, plain_jpeg: bytes) -> None:
    """The frame header stands before the segment, so that the file still opens as a picture."""
    frame = plain_jpeg[: plain_jpeg.index(b"\xff\xda")]
    scan = plain_jpeg[len(frame) :]
    path = tmp_path / "short.jpg"
    path.write_bytes(frame + b"\xff\xe1" + struct.pack(">H", 60_000) + b"Exif\0\0II*\0" + scan)
    facts = read_photo(path)
    assert facts.status == "malformed"
    assert "bytes before its EXIF block does" in facts.problems[0]


@pytest.mark.parametrize("tag", [0x927C, 0x9286, 0x010E])
def test_four_thousand_million_values_end_within_the_budget(
    jpeg_with: Jpeg, make: Any, tag: int
) -> None:
    huge = (tag, 7, 0xFFFFFFF0, struct.pack("<I", 8))
    facts = read_photo(
        jpeg_with(
            main=[make.ascii_entry(0x010F, "NIKON")],
            exif=[huge, make.ascii_entry(EXIF_TIME, "2017:06:11 14:03:22")],
        )
    )
    assert facts.status in {"ok", "malformed"}


def test_a_block_that_asks_for_millions_of_reads_stops(jpeg_with: Jpeg) -> None:
    """5,000 tags of 999 fractions each: ten million reads, which would take most of a minute."""
    entry = struct.pack("<HHII", 0x010F, 5, 999, 8)
    block = b"II*\0" + struct.pack("<IH", 8, 5000) + entry * 5000 + b"\0" * 4
    facts = read_photo(jpeg_with(block))
    assert facts.status == "malformed"
    assert any("did not end" in problem for problem in facts.problems)


@pytest.mark.parametrize("brand", [b"heic", b"mif1", b"avif"])
def test_a_box_of_64_bit_size_0_is_damage_and_no_circle(tmp_path: Path, brand: bytes) -> None:
    path = tmp_path / "photo.heic"
    # A box of 64-bit size 0, on which box readers have looped for ever.
    path.write_bytes(
        struct.pack(">I", 24) + b"ftyp" + brand + b"\0" * 12 + struct.pack(">I4sQ", 1, b"meta", 0)
    )
    facts = read_photo(path)
    assert facts.status == "malformed"
    assert facts.problems == ("its 'meta' box claims a size of 0 bytes",)
    assert facts.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("content", [b"", b"hello", b"\xff\xd8\xff", b"%PDF-1.7", b"\0" * 100])
def test_a_file_that_is_no_image(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.jpg"
    path.write_bytes(content)
    with pytest.raises(PhotoError, match="not an image that can be read") as caught:
        read_photo(path)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 2


def test_missing_folder_and_pipe(tmp_path: Path) -> None:
    with pytest.raises(PhotoError, match="does not exist"):
        read_photo(tmp_path / "none.jpg")
    with pytest.raises(PhotoError, match="not a file"):
        read_photo(tmp_path)
    with pytest.raises(PhotoError):
        read_photo(tmp_path / "nul\0.jpg")
    os.mkfifo(tmp_path / "pipe.jpg")
    with pytest.raises(PhotoError, match="not a file"):
        read_photo(tmp_path / "pipe.jpg")


def test_size_limit(tmp_path: Path, plain_jpeg: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(plain_jpeg)
    monkeypatch.setattr(metadata, "MOST_BYTES", len(plain_jpeg) - 1)
    with pytest.raises(PhotoError, match="larger than"):
        read_photo(path)


def test_a_picture_that_claims_to_be_enormous(tmp_path: Path) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    path = tmp_path / "bomb.png"
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")
    )
    with pytest.raises(PhotoError, match="too many pixels"):
        read_photo(path)


def test_facts_that_contradict_themselves_cannot_be_made() -> None:
    with pytest.raises(PhotoError, match="zone"):
        PhotoFacts(
            path="a",
            sha256="",
            status="ok",
            format="JPEG",
            taken_at=datetime(2017, 6, 11),
            utc_offset="+03:00",
        )


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_tampered_files_never_surprise(jpeg_with: Jpeg, make: Any, data: st.DataObject) -> None:
    """Whatever bytes are changed or cut: facts or PhotoError, nothing else."""
    path = jpeg_with(
        main=[make.ascii_entry(0x010F, "Canon"), make.short_entry(0x0112, 1)],
        exif=[make.ascii_entry(EXIF_TIME, "2017:06:11 14:03:22")],
        gps=make.gps_entries(),
    )
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, min(400, len(content) - 1)))] = data.draw(
            st.integers(0, 255)
        )
    path.write_bytes(content[: data.draw(st.integers(20, len(content)))])
    try:
        facts = read_photo(path)
    except PhotoError:
        return
    assert facts.status in {"ok", "no_metadata", "malformed"}
    assert facts.position is None or facts.position_problem is None
