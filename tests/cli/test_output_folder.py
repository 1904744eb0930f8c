"""Where the report goes: never over what it rests on, and one check at a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from osint.cli.app import run
from osint.custody import keep_evidence, sole_writer
from osint.errors import OutputError

TEXT = "Soldiers were at Norvale on June 11.\n"


@pytest.mark.parametrize("name", ["report.html", "report.json", "case.gpkg"])
def test_an_input_is_never_replaced(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / name
    source.write_text(TEXT, encoding="utf-8")
    options = ["--no-world", "--imagery", "none", "--force"]
    assert run(["check", str(source), *options, "--out", str(tmp_path)]) == 2
    assert "would replace" in capsys.readouterr().err
    assert source.read_text(encoding="utf-8") == TEXT
    assert list(tmp_path.iterdir()) == [source]


def test_one_writer_at_a_time(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, out = tmp_path / "a.txt", tmp_path / "report"
    source.write_text(TEXT, encoding="utf-8")
    arguments = ["check", str(source), "--no-world", "--imagery", "none", "--out", str(out)]
    with sole_writer(out):
        assert run([*arguments, "--force"]) == 2
        assert "another check is writing" in capsys.readouterr().err
        assert out.is_dir()
    # Nothing was put into it.
    assert not out.exists()
    assert run(arguments) == 0


def test_evidence_that_was_cut_off_is_mended(tmp_path: Path) -> None:
    import hashlib

    body = b"what was fetched"
    name = hashlib.sha256(body).hexdigest()
    fetched, out = tmp_path / "fetched", tmp_path / "out"
    for folder, content in ((fetched, body), (out / "evidence", body[:4])):
        (folder / name[:2]).mkdir(parents=True)
        (folder / name[:2] / name).write_bytes(content)
    (fetched / "index.jsonl").write_text("{}\n", encoding="utf-8")
    assert keep_evidence(fetched, out) == out / "evidence"
    assert (out / "evidence" / name[:2] / name).read_bytes() == body
    assert [p.name for p in (out / "evidence" / name[:2]).iterdir()] == [name]


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="choose another"), sole_writer(tmp_path / "file" / "x"):
        pass
