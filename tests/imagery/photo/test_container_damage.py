"""Hostile and damaged containers: a typed answer, soon, and what could be salvaged."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import brotli
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imagery.errors import PhotoError
from imagery.photo.containers.inflate import MOST_INFLATED, InflateError, inflated, unbrotlied
from imagery.photo.containers.parts import Draft, Parts, walk
from imagery.photo.metadata import read_photo
from tests.imagery.photo import files
from tests.imagery.photo.test_container_formats import EXIF_OF, XMP_OF

BLOCK = files.geotagged()


def parts_of(data: bytes) -> Parts:
    parts = walk(data)
    assert parts is not None
    return parts


def test_a_damaged_length_before_the_block_does_not_hide_it(tmp_path: Path) -> None:
    """The first segment says that it reaches far into the picture."""
    data = bytearray(files.jpeg(files.segment(0xE2, b"x" * 50), files.exif_segment(BLOCK)))
    data[4:6] = struct.pack(">H", 60_000)
    path = tmp_path / "photo.jpg"
    path.write_bytes(bytes(data))
    facts = read_photo(path)
    assert facts.status == "malformed"
    assert "in no segment" in facts.problems[0]
    assert facts.position is not None
    assert facts.position.lat == pytest.approx(files.LAT)


@pytest.mark.parametrize(
    "segment",
    [
        files.segment(0xE1, b"Ex\0f\0\0" + BLOCK),
        files.segment(0xE9, b"Exif\0\0" + BLOCK),
        files.segment(0xFE, b"Exif\0\0" + BLOCK),
    ],
)
def test_a_damaged_mark_does_not_hide_the_block(tmp_path: Path, segment: bytes) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(files.jpeg(segment))
    facts = read_photo(path)
    assert facts.status == "malformed"
    assert "the mark of its EXIF block is damaged" in facts.problems
    assert facts.make == "Synthetic"


def test_stray_bytes_are_passed_over_and_told() -> None:
    parts = parts_of(files.jpeg(files.segment(0xE2, b"x"), b"junk", files.exif_segment(BLOCK)))
    assert [block.data for block in parts.exif] == [BLOCK]
    assert parts.problems == ("there are stray bytes between its segments",)


def test_a_check_sum_shows_what_no_reader_would(tmp_path: Path) -> None:
    """One bit of the seconds: 21.00 becomes 21.01, as sound as before but for the check sum."""
    data = bytearray(files.png(files.chunk(b"eXIf", BLOCK)))
    at = data.index(struct.pack("<I", 2100))
    data[at] ^= 1
    path = tmp_path / "photo.png"
    path.write_bytes(bytes(data))
    facts = read_photo(path)
    assert facts.status == "malformed"
    assert "its eXIf chunk does not fit its check sum" in facts.problems
    assert facts.position is not None


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (files.png(files.chunk(b"eXIf", b"no TIFF")), "does not start with a TIFF header"),
        (
            files.png(files.chunk(b"zTXt", b"Raw profile type exif\0\0junk")),
            "is packed and damaged",
        ),
        (
            files.png(
                files.chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(bytes(99))[:-9])
            ),
            "is packed and cut short",
        ),
        (
            files.png(
                files.chunk(
                    b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(bytes(MOST_INFLATED + 1))
                )
            ),
            "to more than 16 MB",
        ),
        (
            files.png(files.chunk(b"tEXt", b"Raw profile type exif\0\nexif\n  9\n4949zz")),
            "raw profile is damaged",
        ),
        (
            files.png(
                files.chunk(
                    b"tEXt",
                    b"Raw profile type exif\0" + files.raw_profile("exif", BLOCK)[:-9],
                )
            ),
            "not as long as it says",
        ),
        (
            files.jxl(files.box(b"brob", b"Exif", brotli.compress(bytes(MOST_INFLATED + 1)))),
            "to more than 16 MB",
        ),
        (files.jxl(files.box(b"brob", b"Exif", b"junk")), "is packed and"),
        (
            files.jxl(files.box(b"brob", b"Exif", brotli.compress(BLOCK * 9)[:-5])),
            "is packed and cut short",
        ),
        (files.jxl(files.box(b"Exif", bytes(4), b"no TIFF")), "does not start with a TIFF header"),
        (files.webp((b"EXIF", b"no TIFF")), "does not start with a TIFF header"),
        (files.heif(BLOCK)[:-20], "does not lie inside the file"),
        (files.heif(BLOCK, method=2), "kept in a way that is not read"),
        (files.heif(BLOCK).replace(b"infe\2\0\0\0\0\2\0\0", b"infe\2\0\0\0\0\2\0\1"), "protected"),
        (files.heif(BLOCK, pieces=2_000), "in too many pieces"),
        (b"II*\0\xff\xff\xff\x7f", "beyond the end"),
        (b"FUJIFILMCCD-RAW " + bytes(200), "holds no JPEG"),
    ],
)
def test_damage_is_told(tmp_path: Path, data: bytes, why: str) -> None:
    assert any(why in problem for problem in parts_of(data).broken)
    path = tmp_path / "photo"
    path.write_bytes(data)
    facts = read_photo(path)
    assert facts.status == "malformed"
    assert any(why in problem for problem in facts.problems)


@pytest.mark.parametrize("unpack", [inflated, unbrotlied])
@given(junk=st.binary(max_size=300))
def test_unpacking_ends(unpack: Callable[[bytes], bytes], junk: bytes) -> None:
    try:
        found = unpack(junk)
    except InflateError as error:
        assert str(error)
    else:
        assert len(found) <= MOST_INFLATED


def test_boxes_in_boxes_end() -> None:
    """Ten thousand boxes, each the start of the next, are read side by side and not nested."""
    data = files.heif(BLOCK) + files.box(b"free") * 10_000
    parts = parts_of(data)
    assert [block.data for block in parts.exif] == [BLOCK]
    assert "more boxes than any picture needs" in parts.broken[0]


def test_a_profile_of_a_hundred_thousand_small_segments_ends() -> None:
    parts = parts_of(files.jpeg(*[files.segment(0xE2, b"x")] * 30_000))
    assert len(parts.segments) <= 1_000
    assert "more segments than any picture needs" in parts.problems[0]


@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_tampered_files_of_every_format_never_surprise(tmp_path: Path, data: st.DataObject) -> None:
    """Whatever bytes are changed or cut: facts or PhotoError, nothing else."""
    made = data.draw(st.sampled_from([*EXIF_OF.values(), *XMP_OF.values()]))()
    content = bytearray(made)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        value = data.draw(st.sampled_from([0, 1, 0x7F, 0x80, 0xFF]) | st.integers(0, 255))
        content[at] = value
    path = tmp_path / "photo"
    path.write_bytes(content[: data.draw(st.integers(0, len(content)))])
    try:
        facts = read_photo(path)
    except PhotoError as error:
        assert "\n" not in str(error)
        return
    assert facts.status in {"ok", "no_metadata", "malformed", "unsupported"}
    assert facts.position is None or facts.position_problem is None
    assert facts.as_full_dict()


@given(
    junk=st.binary(max_size=400),
    head=st.sampled_from(
        [
            b"\xff\xd8\xff",
            b"\x89PNG\r\n\x1a\n",
            b"RIFF\xff\0\0\0WEBP",
            b"\0\0\0\x14ftypheic\0\0\0\0mif1",
            b"\0\0\0\x14ftypcrx \0\0\0\0isom",
            b"\0\0\0\x0cJXL \r\n\x87\n",
            b"\xff\x0a",
            b"II*\0\x08\0\0\0",
            b"MM\0*\0\0\0\x08",
            b"GIF89a",
            b"BM",
            b"FUJIFILMCCD-RAW",
        ]
    ),
)
def test_any_bytes_are_parts(junk: bytes, head: bytes) -> None:
    parts = parts_of(head + junk)
    assert parts.trailing_bytes >= 0
    assert parts.width is None or parts.width > 0
    assert set(parts.broken) <= set(parts.problems)


def test_what_is_unpacked_of_one_file_is_bounded_in_sum() -> None:
    """Four thousand small bombs took more than a minute when each had the whole budget."""
    asked: list[int] = []

    def unpack(packed: bytes, most: int) -> bytes:
        asked.append(most)
        if len(asked) % 2:
            raise InflateError("is packed and damaged")
        return bytes(most // 2)

    draft = Draft("PNG")
    for _ in range(4_000):
        try:
            draft.unpack(b"", unpack)
        except InflateError as error:
            assert str(error)
    assert len(asked) < 100
    assert asked == sorted(asked, reverse=True)
    assert asked[0] == MOST_INFLATED
