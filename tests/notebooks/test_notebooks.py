"""The notebooks run from top to bottom, offline, and come to what the command comes to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient

from osint.cli.app import run

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
FIRST = ROOT / "notebooks" / "01_one_claim.ipynb"


def read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]


@pytest.fixture(scope="module")
def executed(cache_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The first notebook after its cells ran in a kernel of this environment."""
    notebook = read(FIRST)
    # Over sockets of the file system: no network, not even a port of this machine.
    manager = KernelManager(kernel_name="python3", transport="ipc")
    manager.connection_file = str(tmp_path_factory.mktemp("k") / "c.json")
    client = NotebookClient(
        notebook,
        km=manager,
        timeout=300,
        resources={"metadata": {"path": str(FIRST.parent)}},
    )
    yield client.execute(cleanup_kc=True)


def outputs(notebook: Any) -> list[Any]:
    return [o for cell in notebook.cells for o in cell.get("outputs", ())]


def test_nothing_is_said_on_stderr(executed: Any) -> None:
    assert [o for o in outputs(executed) if o.get("name") == "stderr"] == []


def test_both_pictures_are_shown(executed: Any) -> None:
    pictures = [
        o.data["image/svg+xml"] for o in outputs(executed) if "image/svg+xml" in o.get("data", {})
    ]
    assert len(pictures) == 2
    assert "Nightjar Ridge" in pictures[0]
    assert "Saltlark Field" in pictures[1]


def test_the_last_cell_says_what_the_command_says(
    executed: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    case = ROOT / "examples" / "kestrel-wells"
    assert run(["check", str(case), "--imagery", "none", "--json"]) in (0, 1)
    report = json.loads(capsys.readouterr().out)
    (claim,) = [
        c
        for c in report["claims"]
        if c["kind"] == "separation" and (c["from"], c["to"]) == ("Kestrel Wells", "Nightjar Ridge")
    ]
    last = executed.cells[-1].outputs
    assert last[0].text.strip() == claim["because"]
    assert last[-1].data["text/plain"] == repr(claim["verdict"])


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.name)
def test_outputs_are_stripped(path: Path) -> None:
    notebook = read(path)
    nbformat.validate(notebook)
    assert outputs(notebook) == []
    assert all(c.execution_count is None for c in notebook.cells if c.cell_type == "code")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.name)
def test_the_readme_names_it(path: Path) -> None:
    assert path.name in (path.parent / "README.md").read_text(encoding="utf-8")
