"""A block read by the letter: what of its structure speaks of damage, and what does not."""

from __future__ import annotations

import random
import struct
from pathlib import Path

import pytest

from imagery.errors import PhotoError
from imagery.photo.containers.directory import compact, joined
from imagery.photo.containers.parts import walk
from imagery.photo.metadata import read_photo
from imagery.photo.tiff_tags import walk_tags
from tests.imagery.photo import files

DATA = Path(__file__).parents[3].parent / "shared" / "data" / "photos"


def block(*more: tuple[int, int, int, bytes]) -> bytearray:
    return bytearray(
        files.exif_block(
            main=[files.ascii_entry(0x010F, "Synthetic")],
            exif=[files.ascii_entry(0x9003, "2017:06:11 14:03:22")],
            gps=[*files.gps_entries(), *more],
        )
    )


def gps_entry(data: bytearray, tag: int) -> int:
    """Where the entry of a GPS tag stands, whose directory is the last."""
    link = data.index(struct.pack("<HHI", 0x8825, 4, 1))
    (at,) = struct.unpack_from("<I", data, link + 8)
    (count,) = struct.unpack_from("<H", data, at)
    entries = range(at + 2, at + 2 + 12 * count, 12)
    return next(e for e in entries if struct.unpack_from("<H", data, e)[0] == tag)


def test_a_sound_block_has_no_problem() -> None:
    walked = walk_tags(bytes(block()))
    assert walked.problems == ()
    assert walked.tags["GPS GPSLatitude"].values == ((33, 1), (30, 1), (2100, 100))
    assert walked.tags["GPS GPSLatitudeRef"].values == ("N",)
    assert walked.tags["EXIF DateTimeOriginal"].values == ("2017:06:11 14:03:22",)


@pytest.mark.parametrize(
    ("at", "value", "why"),
    [
        # The entry of the longitude: type, count, place of its value.
        (2, struct.pack("<H", 3), "GPSLongitude is of type 3 and count 3, not 5 and 3"),
        (4, struct.pack("<I", 2), "GPSLongitude is of type 5 and count 2, not 5 and 3"),
        (8, struct.pack("<I", 0xFFFF), "GPSLongitude lies beyond the end of the metadata"),
        (0, struct.pack("<H", 2), "GPSLatitude stands twice"),
        (0, struct.pack("<H", 0x99), "GPS tag 0x0099 is none that EXIF knows"),
    ],
)
def test_a_damaged_entry_shows(tmp_path: Path, at: int, value: bytes, why: str) -> None:
    data = block()
    entry = gps_entry(data, 4)
    data[entry + at : entry + at + len(value)] = value
    assert any(why in problem for problem in walk_tags(bytes(data)).problems)
    path = tmp_path / "photo.jpg"
    path.write_bytes(files.jpeg(files.exif_segment(bytes(data))))
    assert read_photo(path).status == "malformed"


def test_a_pointer_into_another_value_shows() -> None:
    """Longitude reads the last fraction of the latitude and two of its own: 21, 38, 37."""
    data = block()
    entry = gps_entry(data, 4)
    (place,) = struct.unpack_from("<I", data, entry + 8)
    struct.pack_into("<I", data, entry + 8, place - 8)
    walked = walk_tags(bytes(data))
    assert walked.tags["GPS GPSLongitude"].values[1] == (38, 1)
    assert any("stands in the same bytes as" in problem for problem in walked.problems)


@pytest.mark.parametrize("at", [0, 1, 7, 9, 0xFFFFFFF0])
def test_a_main_directory_that_cannot_be(at: int) -> None:
    data = block()
    struct.pack_into("<I", data, 4, at)
    walked = walk_tags(bytes(data))
    assert walked.problems
    assert "GPS GPSLatitude" not in walked.tags


def test_a_directory_that_points_to_itself_ends() -> None:
    data = block()
    link = data.index(struct.pack("<HHI", 0x8825, 4, 1))
    struct.pack_into("<I", data, link + 8, 8)
    problems = walk_tags(bytes(data)).problems
    assert any("stands in the same bytes as" in problem for problem in problems)


def test_phones_that_sort_nothing_and_sign_fractions_are_sound() -> None:
    """As two models of one maker write: any order, and signed fractions."""
    data = block(files.ascii_entry(16, "M"), files.rational_entry(17, (56, 1)))
    first = gps_entry(data, 1)
    count = 6
    entries = [bytes(data[first + 12 * i : first + 12 * i + 12]) for i in range(count)]
    signed = [e.replace(b"\5\0\3\0\0\0", b"\x0a\0\3\0\0\0") for e in reversed(entries)]
    data[first : first + 12 * count] = b"".join(signed)
    walked = walk_tags(bytes(data))
    assert walked.problems == ()
    assert walked.tags["GPS GPSLatitude"].values == ((33, 1), (30, 1), (2100, 100))


def test_the_thumbnail_is_cut_out(tmp_path: Path) -> None:
    small = files.encoded("JPEG", (16, 12))
    main = files.directory_tiff([files.ascii_entry(0x010F, "Synthetic")])
    second = len(main)
    entries = struct.pack("<H", 2)
    entries += struct.pack("<HHII", 0x0201, 4, 1, second + 2 + 24 + 4)
    entries += struct.pack("<HHII", 0x0202, 4, 1, len(small)) + bytes(4)
    data = bytearray(main + entries + small)
    struct.pack_into("<I", data, 8 + 2 + 12, second)
    path = tmp_path / "photo.jpg"
    path.write_bytes(files.jpeg(files.exif_segment(bytes(data))))
    facts = read_photo(path)
    assert facts.thumbnail == small
    assert facts.as_full_dict()["thumbnail_bytes"] == len(small)
    assert facts.make == "Synthetic"


@pytest.mark.parametrize("order", ["<", ">"])
def test_directories_put_together_read_as_before(order: str) -> None:
    mark = "II" if order == "<" else "MM"
    text = b"2017:06:11 14:03:22\0"
    fractions = struct.pack(order + "6I", 33, 1, 30, 1, 2100, 100)
    whole = joined(
        main=files.directory_tiff([(0x010F, 2, 4, b"Abc\0")], order=order),
        exif=files.directory_tiff([(0x9003, 2, 20, text)], order=order),
        gps=files.directory_tiff([(1, 2, 2, b"N\0"), (2, 5, 3, fractions)], order=order),
    )
    assert whole is not None
    assert whole.startswith(mark.encode())
    walked = walk_tags(whole)
    assert walked.problems == ()
    assert {name: tag.values for name, tag in walked.tags.items() if "Offset" not in name} == {
        "Image Make": ("Abc",),
        "Image GPSInfo": walked.tags["Image GPSInfo"].values,
        "EXIF DateTimeOriginal": ("2017:06:11 14:03:22",),
        "GPS GPSLatitudeRef": ("N",),
        "GPS GPSLatitude": ((33, 1), (30, 1), (2100, 100)),
    }
    # And once more, from the block itself.
    again = compact(whole)
    assert again is not None
    assert walk_tags(again).tags == walked.tags


def test_a_value_that_was_cut_stays_cut() -> None:
    cut = bytes(block())[:-8]
    again = compact(cut)
    assert again is not None
    problems = walk_tags(again).problems
    assert "GPS GPSLongitude lies beyond the end of the metadata" in problems


@pytest.mark.skipif(not DATA.is_dir(), reason="the shared sample photos are not here")
def test_damage_to_real_metadata_seldom_moves_a_position_unseen() -> None:
    """The metadata of real photos with one to eight bytes changed: what is told of it.

    A change of a low digit cannot show; that it is rare is what is tested here, with room to spare
    for the seed. ``benchmarks/photos.py`` measures it on whole files.
    """
    rng = random.Random(0)
    originals = []
    for path in sorted(DATA.rglob("*")):
        if path.suffix.lower() not in {".jpg", ".heic", ".heif"} or path.stat().st_size > 1_000_000:
            continue
        parts = walk(path.read_bytes())
        if parts is None or not parts.exif:
            continue
        data = parts.exif[0].data
        sound = read_block(data)
        if sound is not None:
            originals.append((data, sound[0]))
    assert len(originals) >= 10
    moved = 0
    total = 500
    for _ in range(total):
        original, before = rng.choice(originals)
        damaged = bytearray(original)
        for _ in range(rng.choice([1, 1, 2, 4, 8])):
            at = rng.randrange(len(damaged))
            flipped = damaged[at] ^ 1 << rng.randrange(8)
            damaged[at] = rng.choice([rng.randrange(256), flipped, 0, 255])
        after = read_block(bytes(damaged))
        if after is not None and after[0] != before and not after[1]:
            moved += 1
    assert moved / total <= 0.01


def read_block(data: bytes) -> tuple[str, bool] | None:
    """The position in a block, and whether anything is told against it."""
    from imagery.photo.containers.parts import Block, Parts
    from imagery.photo.readings import read_blocks

    parts = Parts(format="", exif=(Block(data=data, offset=0, where="APP1"),))
    try:
        found = read_blocks(b"", parts)
    except PhotoError:
        return None
    position = found.fields.gps.position
    return (str(position), bool(found.broken or found.conflicts)) if position else None
