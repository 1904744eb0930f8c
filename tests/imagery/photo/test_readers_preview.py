"""Small pictures of formats that Pillow alone does not open."""

from __future__ import annotations

import io
from pathlib import Path

import pillow_heif
import pytest
from PIL import Image

from imagery.errors import PhotoError
from imagery.photo.metadata import read_photo
from imagery.picture import thumbnail_jpeg
from tests.imagery.photo import files
from tests.imagery.photo.test_container_formats import raf


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data), formats=("JPEG",))


def test_heic_as_another_program_writes_it(tmp_path: Path) -> None:
    """Written by libheif, with EXIF and XMP: read, compared by its reader, and shown."""
    path = tmp_path / "photo.heic"
    image = pillow_heif.from_pillow(Image.new("RGB", (400, 200), "red"))
    image.save(path, exif=files.geotagged(), xmp=files.XMP)
    facts = read_photo(path)
    assert (facts.format, facts.status, facts.width, facts.height) == ("HEIF", "ok", 400, 200)
    assert (facts.make, facts.captions, facts.conflicts) == ("Synthetic", ("Smoke",), ())
    assert facts.problems == ()
    assert facts.position is not None
    assert opened(thumbnail_jpeg(path, max_px=100)).size == (100, 50)


def test_avif_as_another_program_writes_it(tmp_path: Path) -> None:
    path = tmp_path / "photo.avif"
    exif = Image.Exif()
    exif[0x010F] = "Synthetic"
    Image.new("RGB", (400, 200), "red").save(path, exif=exif, xmp=files.XMP)
    facts = read_photo(path)
    assert (facts.format, facts.status, facts.width, facts.height) == ("AVIF", "ok", 400, 200)
    assert (facts.make, facts.captions, facts.conflicts) == ("Synthetic", ("Smoke",), ())
    assert facts.problems == ()
    assert opened(thumbnail_jpeg(path, max_px=100)).size == (100, 50)


def test_a_raw_file_shows_the_picture_inside(tmp_path: Path) -> None:
    path = tmp_path / "photo.raf"
    path.write_bytes(raf())
    assert opened(thumbnail_jpeg(path, max_px=32)).size == (32, 24)


def test_what_cannot_be_shown_says_so(tmp_path: Path) -> None:
    path = tmp_path / "photo"
    for data in (files.jxl(), files.heif(files.geotagged()), b"II*\0" + bytes(20)):
        path.write_bytes(data)
        with pytest.raises(PhotoError, match="its pixels cannot be decoded"):
            thumbnail_jpeg(path)
