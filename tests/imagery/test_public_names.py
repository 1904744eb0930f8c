"""The names that notebooks import, and that importing them by package costs nothing."""

from __future__ import annotations

import subprocess
import sys

import pytest

import imagery


def test_public_names_are_pinned() -> None:
    assert imagery.__all__ == [
        "Archive",
        "ArchiveError",
        "Chip",
        "ChipError",
        "ChipSource",
        "Fetched",
        "HttpError",
        "HttpPolicy",
        "ImageryError",
        "LocalRaster",
        "PhotoError",
        "PhotoFacts",
        "Provider",
        "ProviderError",
        "RasterError",
        "Session",
        "TileCache",
        "XyzSource",
        "chip_png",
        "read_photo",
        "read_providers",
        "shipped_providers",
        "thumbnail_jpeg",
    ]


@pytest.mark.parametrize("name", imagery.__all__)
def test_every_name_is_there_and_documented(name: str) -> None:
    assert getattr(imagery, name).__doc__


def test_unknown_name() -> None:
    with pytest.raises(AttributeError, match="no attribute 'guess'"):
        imagery.guess  # noqa: B018


def test_import_is_light() -> None:
    code = (
        "import sys, imagery, imagery.photo.metadata, imagery.errors;"
        "heavy = {'PIL', 'rasterio', 'pandas', 'exifread', 'scipy', 'requests'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
