"""The examples of docs/described-places.md run, one after the other."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from gazetteer.store import WorldIndex

PAGE = Path(__file__).parents[3] / "docs" / "described-places.md"


def test_the_examples_run(
    world_index: WorldIndex,
    world_cache: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("OSINT_CACHE_DIR", str(world_cache))
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.S)
    assert len(blocks) == 4
    names: dict[str, Any] = {}
    for block in blocks:
        exec(compile(block, str(PAGE), "exec"), names)
    told = capsys.readouterr().out
    assert "wieczorek_2001: " in told
    assert "70 km northeast of it" in told
    place = names["place"]
    assert place.region.share_inside([39.2, 36.3], [34.95, 33.5]).tolist() == [1, 0]
    walked = names["described"](
        names["text"], names["world"].find, None, names["lines"], convention="wieczorek_2001"
    )
    assert "measured on its course" in walked[0].region.reasons[-1]


def test_the_public_names() -> None:
    import gazetteer.described as package

    assert set(package.__all__) <= set(dir(package))
    assert all(getattr(package, name) is not None for name in package.__all__)
    with pytest.raises(AttributeError, match="no attribute 'parsed'"):
        package.parsed  # noqa: B018
