from __future__ import annotations

from pathlib import Path

import pytest

from gazetteer.store import WorldIndex, open_world

SHARED = Path(__file__).parents[2].parent / "shared" / "data"


@pytest.fixture(autouse=True)
def _users_cache_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OSINT_CACHE_DIR", str(tmp_path / "cache-of-the-user"))


@pytest.fixture(scope="session")
def world_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("world")


@pytest.fixture(scope="session")
def world_index(world_cache: Path) -> WorldIndex:
    return open_world(world_cache)


@pytest.fixture
def keypoints() -> Path:
    path = SHARED / "gazetteer" / "keypoints.csv"
    if not path.is_file():
        pytest.skip(f"{path.name} of the shared data is absent")
    return path


@pytest.fixture
def outline_files() -> dict[str, Path]:
    folder = SHARED / "gazetteer" / "borders"
    if not folder.is_dir():
        pytest.skip("the shared country outlines are absent")
    return {code: folder / f"{code.lower()}.geojson" for code in ("SY", "IQ", "JO")}
