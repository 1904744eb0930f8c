"""The page in a real browser."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from osint.report.model import Report
from osint.report.write import write_report

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")


@pytest.mark.parametrize("width", [1100, 500])
def test_page_renders(report: Report, tmp_path: Path, width: int) -> None:
    page = write_report(report, tmp_path / "out", force=False)[0]
    picture = tmp_path / "page.png"
    assert CHROMIUM is not None
    done = subprocess.run(
        [
            CHROMIUM,
            *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
            *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
            *("--disable-dev-shm-usage", "--hide-scrollbars", "--enable-logging=stderr"),
            f"--user-data-dir={tmp_path / 'profile'}",
            f"--window-size={width},1600",
            f"--screenshot={picture}",
            page.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert picture.is_file(), done.stderr[-2000:]
    # The browser names on its console whatever the content policy refused to load.
    assert "Content Security Policy" not in done.stderr
    with Image.open(picture) as image:
        pixels = np.asarray(image.convert("RGB")).astype(int)
    assert pixels.shape[:2] == (1600, width)
    # Something is drawn in every quarter of the height, and colours beside grey are among it.
    for strip in np.array_split(pixels, 4):
        assert np.ptp(strip) > 150
    assert (np.ptp(pixels, axis=2) > 60).mean() > 0.002
