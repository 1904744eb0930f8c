"""All files or nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from osint.errors import OutputError
from osint.report import html
from osint.report.model import Report
from osint.report.write import check_output, write_report

FILES = {"report.html", "report.json", "case.gpkg"}


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("where", ["new", "deep/er/new", "empty"])
def test_writes_its_files_and_nothing_else(report: Report, tmp_path: Path, where: str) -> None:
    (tmp_path / "empty").mkdir()
    out = tmp_path / where
    written = write_report(report, out, force=False)
    assert written == (out / "report.html", out / "report.json", out / "case.gpkg")
    assert names(out) == FILES
    assert json.loads(written[1].read_text(encoding="utf-8")) == report.as_dict()
    assert names(out.parent) <= {"new", "empty"}


def test_refuses_a_folder_that_holds_something(report: Report, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep", encoding="utf-8")
    with pytest.raises(OutputError, match="--force") as caught:
        write_report(report, tmp_path, force=False)
    assert "\n" not in str(caught.value)
    assert names(tmp_path) == {"mine.txt"}


def test_force_replaces_the_report_and_keeps_the_rest(report: Report, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("keep", encoding="utf-8")
    (out / "report.html").write_text("old", encoding="utf-8")
    write_report(report, out, force=True)
    assert names(out) == {"mine.txt", *FILES}
    assert (out / "report.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert names(tmp_path) == {"out"}


def test_refuses_a_file(report: Report, tmp_path: Path) -> None:
    out = tmp_path / "taken"
    out.write_text("x", encoding="utf-8")
    for path in (out, out / "below"):
        with pytest.raises(OutputError):
            write_report(report, path, force=True)
    assert out.read_text(encoding="utf-8") == "x"


def test_a_report_name_taken_by_a_folder(report: Report, tmp_path: Path) -> None:
    (tmp_path / "out" / "report.html").mkdir(parents=True)
    with pytest.raises(OutputError, match="is a folder"):
        write_report(report, tmp_path / "out", force=True)
    assert names(tmp_path) == {"out"}


def test_failure_while_rendering_leaves_nothing(
    report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Report) -> str:
        raise RuntimeError("no page")

    monkeypatch.setattr(html, "render_html", broken)
    with pytest.raises(RuntimeError, match="no page"):
        write_report(report, tmp_path / "out", force=False)
    assert names(tmp_path) == set()


def test_impossible_path(tmp_path: Path) -> None:
    with pytest.raises(OutputError):
        check_output(tmp_path / "nul\0byte", force=False)
