"""Every format: where its EXIF, XMP, size and oddities stand, found without anybody's library."""

from __future__ import annotations

import json
import shutil
import struct
import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import brotli
import pytest
from PIL import Image, PngImagePlugin

from imagery.photo.containers.opened import OpenFile
from imagery.photo.containers.parts import Parts, walk
from imagery.photo.metadata import read_photo
from tests.imagery.photo import files

DATA = Path(__file__).parents[3].parent / "shared" / "data" / "photos"
BLOCK = files.geotagged()
PREFIXED = b"Exif\0\0" + BLOCK


def parts_of(data: bytes) -> Parts:
    parts = walk(data)
    assert parts is not None
    return parts


def cr3(main: bytes, exif: bytes, gps: bytes) -> bytes:
    canon = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")
    boxes = (files.box(b"CMT1", main), files.box(b"CMT2", exif), files.box(b"CMT4", gps))
    return files.box(b"ftyp", b"crx ", bytes(4), b"crx isom") + files.box(
        b"moov", files.box(b"uuid", canon, *boxes)
    )


def raf() -> bytes:
    head = b"FUJIFILMCCD-RAW 0201FF389501".ljust(84, b"\0")
    picture = files.jpeg(files.exif_segment(BLOCK))
    return head + struct.pack(">II", 100, len(picture)) + bytes(8) + picture + b"raw pixels"


EXIF_OF: dict[str, Callable[[], bytes]] = {
    "JPEG": lambda: files.jpeg(files.exif_segment(BLOCK)),
    "JPEG, mark with an odd byte": lambda: files.jpeg(files.segment(0xE1, b"Exif\0\xff" + BLOCK)),
    "JPEG, behind a long segment": lambda: files.jpeg(
        files.segment(0xE2, b"x" * 60_000), files.exif_segment(BLOCK)
    ),
    "JPEG, behind the scan": lambda: (
        files.encoded("JPEG")[:-2] + files.exif_segment(BLOCK) + b"\xff\xd9"
    ),
    "JPEG, padded": lambda: files.jpeg(
        files.segment(0xE2, b"x"), b"\0" * 9, files.exif_segment(BLOCK)
    ),
    "PNG eXIf": lambda: files.png(files.chunk(b"eXIf", BLOCK)),
    "PNG eXIf with a mark": lambda: files.png(files.chunk(b"eXIf", PREFIXED)),
    "PNG eXIf behind the pixels": lambda: files.png(files.chunk(b"eXIf", BLOCK), last=True),
    "PNG tEXt": lambda: files.png(
        files.chunk(b"tEXt", b"Raw profile type exif\0" + files.raw_profile("exif", PREFIXED))
    ),
    "PNG zTXt": lambda: files.png(
        files.chunk(
            b"zTXt",
            b"Raw profile type APP1\0\0" + zlib.compress(files.raw_profile("x", PREFIXED)),
        )
    ),
    "PNG iTXt": lambda: files.png(
        files.chunk(
            b"iTXt",
            b"Raw profile type exif\0\1\0\0\0" + zlib.compress(files.raw_profile("exif", BLOCK)),
        )
    ),
    "WEBP": lambda: files.webp((b"EXIF", BLOCK)),
    "WEBP with a mark": lambda: files.webp((b"EXIF", PREFIXED)),
    "HEIF": lambda: files.heif(BLOCK),
    "HEIF, mark skipped": lambda: files.heif(BLOCK, skip=b"Exif\0\0"),
    "HEIF, in idat": lambda: files.heif(BLOCK, method=1),
    "HEIF, in pieces": lambda: files.heif(BLOCK, pieces=3),
    "AVIF": lambda: files.heif(BLOCK, brand=b"avif"),
    "JXL": lambda: files.jxl(files.box(b"Exif", bytes(4), BLOCK)),
    "JXL, 64-bit box": lambda: files.jxl(files.box(b"Exif", bytes(4), BLOCK, wide=True)),
    "JXL, packed": lambda: files.jxl(
        files.box(b"brob", b"Exif", brotli.compress(bytes(4) + BLOCK))
    ),
    "RAF": raf,
}


@pytest.mark.parametrize("name", EXIF_OF)
def test_exif_is_found_wherever_it_stands(tmp_path: Path, name: str) -> None:
    data = EXIF_OF[name]()
    parts = parts_of(data)
    assert parts.format == name.split(",")[0].split()[0]
    assert [block.data for block in parts.exif] == [BLOCK]
    assert parts.broken == ()
    offset = parts.exif[0].offset
    assert offset == -1 or data[offset : offset + len(BLOCK)] == BLOCK
    path = tmp_path / "photo"
    path.write_bytes(data)
    facts = read_photo(path)
    assert facts.make == "Synthetic"
    assert facts.conflicts == ()
    assert facts.position is not None
    assert facts.position.lat == pytest.approx(files.LAT)
    assert facts.position.lon == pytest.approx(files.LON)


@pytest.mark.parametrize("name", EXIF_OF)
def test_a_file_in_slices_is_walked_like_one_in_memory(tmp_path: Path, name: str) -> None:
    path = tmp_path / "photo"
    path.write_bytes(EXIF_OF[name]())
    with path.open("rb") as handle:
        assert walk(OpenFile(handle)) == walk(path.read_bytes())


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")
def test_exiftool_finds_it_as_well(tmp_path: Path) -> None:
    # exiftool 12.57 looks for no EXIF behind a scan, nor in idat, and unpacks no Brotli.
    names = [n for n in EXIF_OF if not any(w in n for w in ("scan", "in idat", "packed"))]
    for number, name in enumerate(names):
        (tmp_path / f"{number:03d}").write_bytes(EXIF_OF[name]())
    done = subprocess.run(
        [
            "exiftool",
            "-n",
            "-j",
            "-IFD0:Make",
            "-GPS:GPSLatitude",
            *map(str, sorted(tmp_path.iterdir())),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    found = json.loads(done.stdout)
    assert len(found) == len(names)
    for told in found:
        name = names[int(Path(told["SourceFile"]).name)]
        assert told.get("Make") == "Synthetic", name
        assert told["GPSLatitude"] == pytest.approx(files.LAT), name


def test_cr3_keeps_one_directory_in_a_box(tmp_path: Path) -> None:
    path = tmp_path / "photo.cr3"
    path.write_bytes(
        cr3(
            files.directory_tiff([files.ascii_entry(0x010F, "Synthetic")]),
            files.directory_tiff([files.ascii_entry(0x9003, "2017:06:11 14:03:22")]),
            files.directory_tiff(files.gps_entries()),
        )
    )
    facts = read_photo(path)
    assert (facts.format, facts.status, facts.make) == ("CR3", "ok", "Synthetic")
    assert facts.taken_at is not None
    assert facts.taken_at.isoformat() == "2017-06-11T14:03:22"
    assert facts.position is not None
    assert facts.position.lat == pytest.approx(files.LAT)


@pytest.mark.parametrize(
    ("head", "tag", "kind"),
    [
        (b"II*\0", None, "TIFF"),
        (b"II*\0", (0xC612, 1, 4, b"\1\4\0\0"), "DNG"),
        (b"IIRO", None, "ORF"),
        (b"IIU\0", None, "RW2"),
    ],
)
def test_raw_formats_that_are_tiffs(
    tmp_path: Path, head: bytes, tag: tuple[int, int, int, bytes] | None, kind: str
) -> None:
    main = [*files.pixel_entries(), files.ascii_entry(0x010F, "Synthetic")]
    block = files.exif_block(main=[*main, *([tag] if tag else [])], gps=files.gps_entries())
    path = tmp_path / "photo"
    path.write_bytes(head + block[4:] + bytes(16))
    facts = read_photo(path)
    assert (facts.format, facts.status) == (kind, "ok")
    assert (facts.width, facts.height) == (4, 4)
    assert facts.position is not None
    assert facts.position.lat == pytest.approx(files.LAT)


@pytest.mark.parametrize(
    ("make", "kind"), [("NIKON CORPORATION", "NEF"), ("SONY", "ARW"), ("PENTAX", "PEF")]
)
def test_makers_raw_formats(make: str, kind: str) -> None:
    entries = [
        files.ascii_entry(0x010F, make),
        (0x014A, 4, 1, struct.pack("<I", 8)),
        (0x00FE, 4, 1, struct.pack("<I", 1)),
    ]
    assert parts_of(files.directory_tiff(entries)).format == kind


def test_a_large_tiff_is_read_without_its_pixels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from imagery.photo import metadata
    from imagery.photo.containers import tiff

    monkeypatch.setattr(tiff, "_MOST_WHOLE", 10_000)
    monkeypatch.setattr(metadata, "_MOST_IN_MEMORY", 10_000)
    main = [*files.pixel_entries(), files.ascii_entry(0x010F, "Synthetic")]
    exif = [files.ascii_entry(0x9003, "2017:06:11 14:03:22")]
    path = tmp_path / "photo.tif"
    block = files.exif_block(main=main, exif=exif, gps=files.gps_entries())
    path.write_bytes(block + bytes(2_000_000))
    facts = read_photo(path)
    assert (facts.status, facts.make, facts.conflicts) == ("ok", "Synthetic", ())
    assert facts.taken_at is not None
    assert facts.position is not None
    with path.open("rb") as handle:
        parts = walk(OpenFile(handle))
    assert parts is not None
    assert len(parts.exif[0].data) < 1_000


def test_a_big_tiff_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "photo.tif"
    path.write_bytes(b"II+\0\x08\0\0\0" + struct.pack("<Q", 16) + bytes(64))
    assert read_photo(path).status == "unsupported"


@pytest.mark.parametrize("brand", [b"isom", b"qt  ", b"mp42"])
def test_a_film_is_no_photo(brand: bytes) -> None:
    assert walk(files.box(b"ftyp", brand, bytes(4), b"mp41")) is None


XMP_OF: dict[str, Callable[[], bytes]] = {
    "JPEG": lambda: files.jpeg(files.segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + files.XMP)),
    "PNG iTXt": lambda: files.png(files.chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + files.XMP)),
    "PNG packed": lambda: files.png(
        files.chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(files.XMP))
    ),
    "PNG raw profile": lambda: files.png(
        files.chunk(b"tEXt", b"Raw profile type xmp\0" + files.raw_profile("xmp", files.XMP))
    ),
    "WEBP": lambda: files.webp((b"XMP ", files.XMP)),
    "HEIF": lambda: files.heif(xmp=files.XMP),
    "JXL": lambda: files.jxl(files.box(b"xml ", files.XMP)),
    "JXL packed": lambda: files.jxl(files.box(b"brob", b"xml ", brotli.compress(files.XMP))),
    "TIFF": lambda: files.directory_tiff(
        [*files.pixel_entries(), (700, 1, len(files.XMP), files.XMP)]
    ),
    "GIF": lambda: (
        files.encoded("GIF")[:-1]
        + b"\x21\xff\x0bXMP DataXMP"
        + files.XMP
        + b"\1"
        + bytes(range(255, -1, -1))
        + b"\0\x3b"
    ),
}


@pytest.mark.parametrize("name", XMP_OF)
def test_xmp_is_found_wherever_it_stands(tmp_path: Path, name: str) -> None:
    path = tmp_path / "photo"
    path.write_bytes(XMP_OF[name]())
    facts = read_photo(path)
    assert facts.captions == ("Smoke",)
    assert facts.status == "ok"


def test_iptc_of_a_png_profile(tmp_path: Path) -> None:
    records = b"\x1c\x02\x78\0\x05Smoke"
    for body in (records, b"8BIM\x04\x04\0\0" + struct.pack(">I", len(records)) + records):
        path = tmp_path / "photo.png"
        profile = files.raw_profile("iptc", body)
        path.write_bytes(files.png(files.chunk(b"tEXt", b"Raw profile type iptc\0" + profile)))
        assert read_photo(path).captions == ("Smoke",)


def test_extended_xmp_is_joined_by_the_name_that_the_main_packet_gives() -> None:
    guid = b"0123456789ABCDEF0123456789ABCDEF"
    main = files.XMP.replace(
        b"photoshop:Headline", b'xmpNote:HasExtendedXMP="' + guid + b'" photoshop:Headline'
    )
    whole = b"<extended>" + b"x" * 1_000 + b"</extended>"

    def piece(start: int, stop: int, owner: bytes = guid) -> bytes:
        head = (
            b"http://ns.adobe.com/xmp/extension/\0" + owner + struct.pack(">II", len(whole), start)
        )
        return files.segment(0xE1, head + whole[start:stop])

    first = files.segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + main)
    strange = piece(0, 900, guid[::-1])
    parts = parts_of(files.jpeg(first, piece(600, 2_000), strange, piece(0, 600)))
    assert [block.data for block in parts.xmp] == [main, whole]
    parts = parts_of(files.jpeg(first, piece(600, 2_000)))
    assert [block.data for block in parts.xmp] == [main]
    assert parts.broken == ("pieces of its extended XMP are missing",)


def test_an_exif_block_longer_than_a_segment_is_joined() -> None:
    note = (0x927C, 7, 80_000, b"n" * 80_000)
    block = files.exif_block(exif=[note], gps=files.gps_entries())
    cut = 65_533 - 6
    data = files.jpeg(files.exif_segment(block[:cut]), files.exif_segment(block[cut:]))
    assert [found.data for found in parts_of(data).exif] == [block]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP", "AVIF"])
def test_sizes_as_pillow_writes_them(kind: str) -> None:
    parts = parts_of(files.encoded(kind, (37, 53)))
    assert (parts.format, parts.width, parts.height) == (kind, 37, 53)
    assert (parts.trailing_bytes, parts.problems) == (0, ())


def test_lossless_webp_and_jxl_sizes(tmp_path: Path) -> None:
    path = tmp_path / "a.webp"
    Image.new("RGB", (37, 53)).save(path, lossless=True)
    parts = parts_of(path.read_bytes())
    assert (parts.width, parts.height) == (37, 53)
    parts = parts_of(files.jxl())
    assert (parts.width, parts.height) == (1000, 800)
    # Small (multiples of 8), 2 : 1: bits 1, 4 of 5, 7 of 3.
    small = b"\xff\x0a" + (1 | 4 << 1 | 7 << 6).to_bytes(2, "little")
    parts = parts_of(small)
    assert (parts.width, parts.height) == (80, 40)


def test_heif_size_is_that_of_the_picture_itself() -> None:
    assert parts_of(files.heif(size=(4032, 3024))).width == 4032


@pytest.mark.parametrize(
    ("subsampling", "expected"), [(0, "4:4:4"), (1, "4:2:2"), (2, "4:2:0"), (None, None)]
)
def test_how_a_jpeg_is_coded(tmp_path: Path, subsampling: int | None, expected: str) -> None:
    path = tmp_path / "a.jpg"
    image = Image.new("RGB" if expected else "L", (64, 48))
    more: dict[str, Any] = {} if subsampling is None else {"subsampling": subsampling}
    image.save(path, quality=83, progressive=expected == "4:2:2", comment="said", **more)
    parts = parts_of(path.read_bytes())
    assert parts.sampling == expected
    assert parts.progressive is (expected == "4:2:2")
    assert parts.comments == ("said",)
    assert parts.segments[0] == "SOI" and parts.segments[-1] == "EOI"
    with Image.open(path) as opened:
        # Pillow undoes the zigzag with a table of its own.
        theirs = getattr(opened, "quantization")  # noqa: B009
    assert parts.quantisation == tuple(tuple(table) for _, table in sorted(theirs.items()))


def test_comments_and_colour_profile_of_a_png(tmp_path: Path) -> None:
    from PIL import ImageCms

    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "said", zip=True)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    path = tmp_path / "a.png"
    Image.new("RGB", (8, 8)).save(path, pnginfo=info, icc_profile=profile)
    parts = parts_of(path.read_bytes())
    assert parts.comments == ("Comment: said",)
    assert parts.icc == "sRGB built-in"


def test_what_follows_the_picture_is_counted_and_further_pictures_are_not(tmp_path: Path) -> None:
    assert parts_of(files.encoded("JPEG") + b"x" * 99).trailing_bytes == 99
    assert parts_of(files.encoded("PNG") + b"x" * 99).trailing_bytes == 99
    path = tmp_path / "two.jpg"
    first, second = Image.new("RGB", (64, 48)), Image.new("RGB", (32, 24), "red")
    first.save(path, "MPO", save_all=True, append_images=[second])
    data = path.read_bytes()
    parts = parts_of(data)
    assert (parts.format, parts.width, parts.trailing_bytes) == ("JPEG", 64, 0)
    assert parts_of(data + b"x" * 99).trailing_bytes == 99


@pytest.mark.skipif(not DATA.is_dir(), reason="the shared sample photos are not here")
@pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")
def test_sizes_of_real_photos_are_exiftools() -> None:
    named = sorted(
        str(path)
        for path in DATA.rglob("*")
        if path.suffix.lower() in {".tiff", ".heic", ".heif"} or path.parent.name == "gps"
    )
    done = subprocess.run(
        ["exiftool", "-j", "-n", "-ImageWidth", "-ImageHeight", *named],
        capture_output=True,
        text=True,
        check=False,
    )
    told_of = [told for told in json.loads(done.stdout) if "ImageWidth" in told]
    assert len(told_of) >= 20
    for told in told_of:
        parts = parts_of(Path(told["SourceFile"]).read_bytes())
        assert (parts.width, parts.height) == (told["ImageWidth"], told["ImageHeight"])
