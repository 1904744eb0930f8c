"""What several areas of the tests share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings

# No test depends on the clock: a busy machine is no failure.
# On a developer's machine every run draws new examples; where CI is set the same ones each time,
# so that a commit is judged by what it changed.
settings.register_profile("explore", deadline=None)
settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.load_profile("repeatable" if os.environ.get("CI") else "explore")

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "data"


@pytest.fixture(scope="session", autouse=True)
def cache_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache folder of the tests' own: nothing is written into the user's."""
    folder = tmp_path_factory.mktemp("cache")
    before = os.environ.get("OSINT_CACHE_DIR")
    os.environ["OSINT_CACHE_DIR"] = str(folder)
    yield folder
    if before is None:
        del os.environ["OSINT_CACHE_DIR"]
    else:
        os.environ["OSINT_CACHE_DIR"] = before


@pytest.fixture(scope="session")
def data_dirs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Folders that nobody has used yet; none is made before it is written to."""
    folder = tmp_path_factory.mktemp("data")
    return (folder / str(number) for number in count())


@pytest.fixture(autouse=True)
def data_dir(data_dirs: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own: no test has seen the pictures of another."""
    folder = next(data_dirs)
    monkeypatch.setenv("OSINT_DATA_DIR", str(folder))
    return folder


@pytest.fixture(scope="session", autouse=True)
def offline() -> Iterator[None]:
    """No test asks a public tile server, wherever the tests run."""
    before = os.environ.get("OSINT_OFFLINE")
    os.environ["OSINT_OFFLINE"] = "1"
    yield
    if before is None:
        del os.environ["OSINT_OFFLINE"]
    else:
        os.environ["OSINT_OFFLINE"] = before


@pytest.fixture
def shared_data() -> Path:
    """The development data beside the project."""
    if not SHARED.is_dir():
        pytest.skip("the development data (../shared/data) is not there")
    return SHARED


@pytest.fixture
def example() -> Path:
    """The example case."""
    return ROOT / "examples" / "al-zaqaf"
