"""Two readers of one EXIF block: where they disagree; and what else an examiner should see."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from imagery.photo.metadata import read_photo

Jpeg = Callable[..., Path]
TIME, OFFSET, CHANGED = 0x9003, 0x9011, 0x0132


@pytest.fixture
def make(jpeg_with: Jpeg) -> Any:
    """The helpers that build EXIF entries, taken from the neighbouring conftest."""
    import sys

    return sys.modules[jpeg_with.__module__]


def test_a_file_made_to_show_two_places(jpeg_with: Jpeg, make: Any) -> None:
    """A tag that stands twice: exifread takes the last, Pillow the first."""
    gps = [*make.gps_entries(), make.rational_entry(2, (10, 1), (0, 1), (0, 1))]
    facts = read_photo(jpeg_with(gps=gps))
    (conflict,) = facts.conflicts
    assert conflict.as_dict() == {
        "field": "position",
        "readers": {
            "exifread": "33.505833, 38.617778",
            "pillow": "10.000000, 38.617778",
            "walker": "33.505833, 38.617778",
        },
    }
    assert "readers disagree" in [signal.signal for signal in facts.signals]
    assert facts.as_dict()["conflicts"] == [conflict.as_dict()]


def test_other_fields_are_compared_too(jpeg_with: Jpeg, make: Any) -> None:
    facts = read_photo(
        jpeg_with(
            main=[
                make.ascii_entry(0x010F, "First maker"),
                make.ascii_entry(0x010F, "Maker of another"),
                make.short_entry(0x0112, 1),
                make.short_entry(0x0112, 6),
            ],
            exif=[
                make.ascii_entry(TIME, "2017:06:11 14:03:22"),
                make.ascii_entry(TIME, "2018:06:11 14:03:22"),
            ],
        )
    )
    assert [conflict.field for conflict in facts.conflicts] == ["taken_at", "make", "orientation"]


@pytest.mark.parametrize("name", ["Wüst", "Maker\0rest of the field", "Maker  "])
def test_odd_names_are_no_conflict(jpeg_with: Jpeg, make: Any, name: str) -> None:
    facts = read_photo(jpeg_with(main=[make.ascii_entry(0x010F, name)], gps=make.gps_entries()))
    assert facts.position is not None
    assert facts.conflicts == ()


def test_a_block_that_asks_the_second_reader_for_too_much(
    jpeg_with: Jpeg, make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from imagery.photo import second

    monkeypatch.setattr(second, "_MOST_BYTES", 100)
    facts = read_photo(jpeg_with(gps=make.gps_entries()))
    assert facts.position is not None
    assert any("second reader gave up" in problem for problem in facts.problems)


def signals(facts: Any) -> list[str]:
    return [signal.signal for signal in facts.signals]


@pytest.mark.parametrize(
    ("software", "expected"),
    [
        ("Adobe Photoshop CC (Macintosh)", ["editing software"]),
        ("GIMP 2.4.5", ["editing software"]),
        ("Midjourney 6", ["generator software"]),
        ("Nikon Transfer 1.1 W", []),
        ("Firmware 1.0", []),
    ],
)
def test_software(jpeg_with: Jpeg, make: Any, software: str, expected: list[str]) -> None:
    assert signals(read_photo(jpeg_with(main=[make.ascii_entry(0x0131, software)]))) == expected


@pytest.mark.parametrize(
    ("taken", "offset", "apart"),
    [
        ("2017:06:11 14:03:22", None, False),
        ("2017:06:12 01:03:22", None, False),
        ("2017:06:13 03:03:23", None, True),
        ("2017:06:10 03:03:22", None, True),
        # An offset leaves no zone to explain it by, only a fix that is old.
        ("2017:06:11 15:03:20", "+03:00", False),
        ("2017:06:11 15:03:24", "+03:00", True),
        ("2017:06:11 14:03:22", "-07:00", True),
    ],
)
def test_clock_and_satellites(
    jpeg_with: Jpeg, make: Any, taken: str, offset: str | None, apart: bool
) -> None:
    """The fix is of 2017-06-11 11:03:22 UTC."""
    exif = [make.ascii_entry(TIME, taken)]
    if offset:
        exif.append(make.ascii_entry(OFFSET, offset))
    gps = make.gps_entries(
        ((33, 1), (30, 1), (2100, 100)),
        "N",
        ((38, 1), (37, 1), (400, 100)),
        "E",
        make.rational_entry(7, (11, 1), (3, 1), (22, 1)),
        make.ascii_entry(29, "2017:06:11"),
    )
    facts = read_photo(jpeg_with(exif=exif, gps=gps))
    assert ("clock and GPS time apart" in signals(facts)) == apart


def test_written_long_after_it_was_taken(jpeg_with: Jpeg, make: Any) -> None:
    for changed, expected in (("2017:06:12 10:00:00", False), ("2017:07:11 14:03:22", True)):
        facts = read_photo(
            jpeg_with(
                main=[make.ascii_entry(CHANGED, changed)],
                exif=[make.ascii_entry(TIME, "2017:06:11 14:03:22")],
            )
        )
        assert ("written after it was taken" in signals(facts)) == expected


def test_zero_zero_is_no_fix(jpeg_with: Jpeg, make: Any) -> None:
    zero = ((0, 1), (0, 1), (0, 1))
    facts = read_photo(jpeg_with(gps=make.gps_entries(zero, "N", zero, "E")))
    assert facts.position is None
    assert signals(facts) == ["GPS without a fix"]


def test_a_camera_is_no_captioner(jpeg_with: Jpeg, make: Any) -> None:
    for said, captions in (("OLYMPUS DIGITAL CAMERA", ()), ("Smoke", ("Smoke",))):
        facts = read_photo(jpeg_with(main=[make.ascii_entry(0x010E, said)]))
        assert facts.captions == captions


def test_a_directory_of_huge_values_ends(jpeg_with: Jpeg) -> None:
    entry = struct.pack("<HHII", 0x010F, 7, 60_000, 8)
    many = b"".join(struct.pack("<H", 0x0200 + i) + entry[2:] for i in range(4_000))
    block = b"II*\0" + struct.pack("<IH", 8, 4_000) + many + b"\0" * 20_000
    facts = read_photo(jpeg_with(block[:65_000]))
    assert facts.status in {"ok", "malformed"}
