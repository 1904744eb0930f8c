"""What exifread is known to get wrong, each on a file made for it: here it must come out right.

Each test first shows the fault in exifread itself, given the same file, so that it is known which
of them a later version mends.
"""

from __future__ import annotations

import io
import logging
import struct
import threading
import zlib
from pathlib import Path
from typing import Any

import exifread
import pytest

from imagery.photo.metadata import read_photo
from tests.imagery.photo import files

logging.getLogger("exifread").setLevel(logging.CRITICAL + 1)
BLOCK = files.geotagged()


class Spent(Exception):  # noqa: N818  (no error: the end of a read that has none)
    """A read went on longer than any sound file needs."""


class Counted(io.BytesIO):
    """A file that lets itself be read so often and no more."""

    left = 20_000

    def read(self, size: int | None = -1, /) -> bytes:
        self.left -= 1
        if self.left < 0:
            raise Spent
        return super().read(size)


def facts_of(tmp_path: Path, data: bytes) -> Any:
    path = tmp_path / "photo"
    path.write_bytes(data)
    return read_photo(path)


def test_a_64_bit_box_size_of_0_is_a_circle_for_it_and_damage_for_us(tmp_path: Path) -> None:
    circle = (
        struct.pack(">I", 24)
        + b"ftypheic"
        + bytes(4)
        + b"mif1heic"
        + struct.pack(">I4sQ", 1, b"free", 0)
    ).ljust(100, b"\0")
    with pytest.raises(Spent):
        exifread.process_file(Counted(circle), details=False)
    facts = facts_of(tmp_path, circle)
    assert facts.status == "malformed"
    assert facts.problems == ("its 'free' box claims a size of 0 bytes",)


def test_a_makers_note_of_four_thousand_million_values(tmp_path: Path) -> None:
    note = (0x927C, 7, 0xFFFFFFF0, struct.pack("<I", 8))
    main = [files.ascii_entry(0x010F, "NIKON")]
    block = files.exif_block(main=main, exif=[note], gps=files.gps_entries())
    data = files.jpeg(files.exif_segment(block))
    with pytest.raises(Spent):
        exifread.process_file(Counted(data))
    facts = facts_of(tmp_path, data)
    assert facts.status == "malformed"
    assert "EXIF tag 0x927C lies beyond the end of the metadata" in facts.problems
    assert facts.position is not None


@pytest.mark.parametrize("length", [8_000, 30_000])
def test_exif_behind_a_long_segment_is_not_silently_empty(tmp_path: Path, length: int) -> None:
    data = files.jpeg(files.segment(0xE2, b"x" * length), files.exif_segment(BLOCK))
    assert not exifread.process_file(io.BytesIO(data), details=False)
    facts = facts_of(tmp_path, data)
    assert facts.position is not None
    assert facts.position.lat == pytest.approx(files.LAT)


@pytest.mark.parametrize(("lat_ref", "lon_ref"), [("s", "E"), ("South", "E"), ("N", "w")])
def test_a_letter_it_does_not_know_is_not_north_or_east(
    tmp_path: Path, lat_ref: str, lon_ref: str
) -> None:
    from exifread.utils import get_gps_coords

    block = files.exif_block(gps=files.gps_entries(lat_ref=lat_ref, lon_ref=lon_ref))
    data = files.jpeg(files.exif_segment(block))
    theirs = get_gps_coords(exifread.process_file(io.BytesIO(data), details=False))
    assert theirs == pytest.approx((files.LAT, files.LON))
    facts = facts_of(tmp_path, data)
    assert facts.position is None
    assert "the hemisphere is unknown" in facts.position_problem


def test_zero_by_zero_is_no_place(tmp_path: Path) -> None:
    from exifread.utils import get_gps_coords

    none = ((0, 0), (0, 0), (0, 0))
    block = files.exif_block(gps=files.gps_entries(none, "N", none, "E"))
    data = files.jpeg(files.exif_segment(block))
    tags = exifread.process_file(io.BytesIO(data), details=False)
    try:
        theirs = get_gps_coords(tags)
    except ZeroDivisionError:
        theirs = (0.0, 0.0)
    assert theirs == (0.0, 0.0)
    facts = facts_of(tmp_path, data)
    assert facts.position is None
    assert "0/0, which is no number" in facts.position_problem


def test_nothing_leaks_from_one_file_into_the_next(tmp_path: Path) -> None:
    """A HEIC with a position, then one without, and the other way about, in many threads."""
    full, bare = files.heif(BLOCK), files.heif(files.geotagged("Another")[:40])
    expected = {}
    for name, data in (("full", full), ("bare", bare)):
        (tmp_path / name).write_bytes(data)
        expected[name] = read_photo(tmp_path / name)
    assert expected["full"].position is not None
    assert expected["bare"].position is None
    wrong: list[str] = []

    def again(order: list[str]) -> None:
        wrong.extend(n for n in order * 5 if read_photo(tmp_path / n) != expected[n])

    orders = (["full", "bare"], ["bare", "full"], ["bare", "bare", "full"])
    threads = [threading.Thread(target=again, args=(order,)) for order in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_iptc_is_read(tmp_path: Path) -> None:
    records = b"\x1c\x02\x78\0\x05Smoke"
    resources = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(records)) + records
    data = files.jpeg(files.segment(0xED, b"Photoshop 3.0\0" + resources))
    theirs = exifread.process_file(io.BytesIO(data))
    assert "Smoke" not in str(theirs)
    assert facts_of(tmp_path, data).captions == ("Smoke",)


def test_content_credentials_are_seen(tmp_path: Path) -> None:
    """A box that is no sound manifest: that something is there, and that it does not hold."""
    body = b"JP\0\1\0\0\0\1" + files.box(b"jumb", files.box(b"jumd", b"c2pa" + bytes(13) + b"c2pa"))
    data = files.jpeg(files.segment(0xEB, body))
    assert not exifread.process_file(io.BytesIO(data))
    facts = facts_of(tmp_path, data)
    assert facts.credentials is not None
    assert not facts.credentials.valid


def test_webp_without_the_mark(tmp_path: Path) -> None:
    """It skips six bytes that the format does not ask for."""
    data = files.webp((b"EXIF", BLOCK))
    try:
        theirs = exifread.process_file(io.BytesIO(data), details=False)
    except Exception:  # noqa: BLE001  (whatever it raises, it is not the tags)
        theirs = {}
    assert "Image Make" not in theirs
    assert facts_of(tmp_path, data).make == "Synthetic"


@pytest.mark.parametrize("kind", [b"tEXt", b"zTXt"])
def test_png_profiles_are_read(tmp_path: Path, kind: bytes) -> None:
    text = files.raw_profile("exif", BLOCK)
    body = text if kind == b"tEXt" else b"\0" + zlib.compress(text)
    data = files.png(files.chunk(kind, b"Raw profile type exif\0" + body))
    assert not exifread.process_file(io.BytesIO(data), details=False)
    assert facts_of(tmp_path, data).make == "Synthetic"


def test_fractions_are_not_reduced(tmp_path: Path) -> None:
    tags = exifread.process_file(io.BytesIO(files.jpeg(files.exif_segment(BLOCK))), details=False)
    assert str(tags["GPS GPSLatitude"].values[2]) == "21"
    facts = facts_of(tmp_path, files.jpeg(files.exif_segment(BLOCK)))
    # Hundredths of a second, and not whole ones, which are 31 m.
    assert facts.position.uncertainty_m == 5.0
