"""The notebooks run from top to bottom, offline, and come to what the commands come to."""

from __future__ import annotations

import ast
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient

from osint.checks.trust import F_WRONG, G_FORGED
from osint.cli.app import run

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
CLAIM, PLACE, PHOTO = "01_one_claim.ipynb", "02_a_place.ipynb", "03_a_photo.ipynb"
EVERY = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.name)

Executed = Callable[[str], Any]


def read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]


@pytest.fixture(scope="module")
def executed(cache_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Executed:
    """A notebook by name, after its cells ran once in a kernel of this environment."""
    done: dict[str, Any] = {}

    def of(name: str) -> Any:
        if name not in done:
            path = ROOT / "notebooks" / name
            # Over sockets of the file system: no network, not even a port of this machine.
            manager = KernelManager(kernel_name="python3", transport="ipc")
            manager.connection_file = str(tmp_path_factory.mktemp("k") / "c.json")
            client = NotebookClient(
                read(path),
                km=manager,
                timeout=300,
                resources={"metadata": {"path": str(path.parent)}},
            )
            done[name] = client.execute(cleanup_kc=True)
        return done[name]

    return of


@pytest.fixture(scope="module")
def report(cache_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What ``osint check`` says of the case that the notebooks take apart."""
    case = ROOT / "examples" / "kestrel-wells"
    out = tmp_path_factory.mktemp("report") / "out"
    assert run(["check", str(case), "--imagery", "none", "--out", str(out)]) in (0, 1)
    return json.loads((out / "report.json").read_text(encoding="utf-8"))


def outputs(notebook: Any) -> list[Any]:
    return [o for cell in notebook.cells for o in cell.get("outputs", ())]


def shown(notebook: Any, kind: str) -> list[str]:
    return [o.data[kind] for o in outputs(notebook) if kind in o.get("data", {})]


def value_of_last_cell(notebook: Any) -> Any:
    return ast.literal_eval(notebook.cells[-1].outputs[-1].data["text/plain"])


@EVERY
def test_it_runs_and_says_nothing_on_stderr(executed: Executed, path: Path) -> None:
    notebook = executed(path.name)
    assert [o for o in outputs(notebook) if o.get("name") == "stderr"] == []
    silent = [c.id for c in notebook.cells if c.cell_type == "code" and not c.outputs]
    assert silent == [], "a cell that shows nothing has no reason to stand by itself"


def test_both_pictures_of_the_claim_are_shown(executed: Executed) -> None:
    pictures = shown(executed(CLAIM), "image/svg+xml")
    assert len(pictures) == 2
    assert "Nightjar Ridge" in pictures[0]
    assert "Saltlark Field" in pictures[1]


def test_the_claim_comes_to_what_the_command_says(executed: Executed, report: Any) -> None:
    (claim,) = [
        c
        for c in report["claims"]
        if c["kind"] == "separation" and (c["from"], c["to"]) == ("Kestrel Wells", "Nightjar Ridge")
    ]
    last = executed(CLAIM).cells[-1].outputs
    assert last[0].text.strip() == claim["because"]
    assert last[-1].data["text/plain"] == repr(claim["verdict"])


def test_the_ground_is_what_the_command_says(
    executed: Executed, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["70 km northeast of Palmyra", "--country", "SY"]
    assert run(["place", *words, "--json"]) == 0
    first = json.loads(capsys.readouterr().out.splitlines()[0])
    assert first["how"] == "described"
    assert value_of_last_cell(executed(PLACE)) == {
        key: first[key] for key in ("lat", "lon", "uncertainty_m")
    }


def test_the_ground_is_drawn(executed: Executed) -> None:
    (picture,) = shown(executed(PLACE), "image/svg+xml")
    assert "point of reference" in picture
    # Ground, and not one dot of it.
    assert picture.count('fill="#2a6f97"') > 100


def test_every_invented_place_is_marked_synthetic() -> None:
    (cell,) = [c for c in read(ROOT / "notebooks" / PLACE).cells if "table.write_text" in c.source]
    rows = [line for line in cell.source.splitlines() if ",SY," in line]
    assert len(rows) == 3
    assert all("(synthetic)" in row for row in rows)


def test_the_photos_count_what_the_command_says(executed: Executed, report: Any) -> None:
    said = {
        (e["claim"], e["check"]): e["log_lr"]
        for e in report["evidence"]
        if e["check"].startswith("photo_")
    }
    found = {
        (name.split(".")[0], item["check"]): item["log_lr"]
        for name, item in value_of_last_cell(executed(PHOTO)).items()
    }
    assert found == pytest.approx(said)
    assert found
    assert all(math.log(F_WRONG) <= lr <= math.log(1 / G_FORGED) for lr in found.values())


def test_a_damaged_copy_has_a_status_and_no_guess(executed: Executed) -> None:
    (cell,) = [c for c in executed(PHOTO).cells if "cut_in_metadata.jpg" in c.source]
    lines = cell.outputs[0].text.splitlines()
    by_name = dict(line.split(": ", 1) for line in lines if not line.startswith(" "))
    assert by_name["cut_in_pixels.jpg"].startswith("ok, position 20.3")
    assert by_name["cut_in_metadata.jpg"] == "malformed, position None, time None"
    assert by_name["wild_pointer.jpg"].startswith("malformed, position None, time 2021-03-04")


def test_the_photo_is_shown(executed: Executed) -> None:
    assert len(shown(executed(PHOTO), "image/jpeg")) == 1


@EVERY
def test_outputs_are_stripped(path: Path) -> None:
    notebook = read(path)
    nbformat.validate(notebook)
    assert outputs(notebook) == []
    assert all(c.execution_count is None for c in notebook.cells if c.cell_type == "code")


@EVERY
def test_it_needs_nothing_but_the_clone(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "shared/" not in text
    assert "://" not in text


@EVERY
def test_the_readme_names_it(path: Path) -> None:
    assert path.name in (path.parent / "README.md").read_text(encoding="utf-8")
