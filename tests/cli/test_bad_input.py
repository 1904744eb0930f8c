"""Unusable input: exit code 2, one line with the problem and the remedy, nothing left behind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from osint.cli.app import run

Make = Callable[[Path], list[str]]
ARTICLE = "A headline\n\nNorvale lies 100 km south of Sudmere.\n"


def article(folder: Path) -> str:
    (folder / "article.txt").write_text(ARTICLE, encoding="utf-8")
    return str(folder / "article.txt")


def case(folder: Path, toml: str) -> list[str]:
    article(folder)
    (folder / "case.toml").write_text(toml, encoding="utf-8")
    return [str(folder)]


def gazetteer(folder: Path, csv: str) -> list[str]:
    (folder / "g.csv").write_text(csv, encoding="utf-8")
    return [article(folder), "--gazetteer", str(folder / "g.csv")]


def written(folder: Path, name: str, content: bytes, *option: str) -> list[str]:
    (folder / name).write_bytes(content)
    return [*option, str(folder / name)]


def not_an_image(folder: Path) -> list[str]:
    (folder / "photos").mkdir()
    (folder / "photos" / "a.jpg").write_text("no picture", encoding="utf-8")
    return [article(folder), "--photos", str(folder / "photos")]


CASES: dict[str, tuple[Make, tuple[str, ...]]] = {
    "missing file": (lambda f: [str(f / "nothing.txt")], ("nothing.txt",)),
    "empty article": (lambda f: written(f, "a.txt", b" \n\n"), ("a.txt", "empty")),
    "unknown encoding": (
        lambda f: written(f, "a.txt", "Zürich".encode("latin-1")),
        ("a.txt", "UTF-8"),
    ),
    "binary": (lambda f: written(f, "a.txt", b"\x00\x01\x02" * 50), ("a.txt",)),
    "wrong key": (
        lambda f: case(f, 'title = "x"\npublishd = "2017-06-13"\n'),
        ("case.toml", "line 2", "publishd", "published"),
    ),
    "wrong date": (
        lambda f: case(f, 'title = "x"\n\npublished = "13.6.2017"\n'),
        ("case.toml", "line 3", "published", "2017-06-13"),
    ),
    "wrong key in a table": (
        lambda f: case(f, '[[alias]]\nphrase = "a"\nplace = "b"\nby = "c"\nwhi = "d"\n'),
        ("case.toml", "line 5", "whi", "why"),
    ),
    "not TOML": (lambda f: case(f, "title = \n"), ("case.toml", "TOML")),
    "a path out of the case": (
        lambda f: case(f, 'statements = "../secret.jsonl"\n'),
        ("statements", "out of the case folder"),
    ),
    "alias to an unknown place": (
        lambda f: case(f, '[[alias]]\nphrase = "Norvale"\nplace = "Xyzzy"\nby = "c"\nwhy = "d"\n'),
        ("Xyzzy", "coordinates"),
    ),
    "no case.toml": (lambda f: [str(f)], ("case.toml",)),
    "gazetteer without coordinates": (
        lambda f: gazetteer(f, "name,kind\nNorvale,village\n"),
        ("g.csv", "lat"),
    ),
    "coordinate out of range": (
        lambda f: gazetteer(f, "name,lat,lon\nNorvale,40,20\nSudmere,95,20\n"),
        ("g.csv", "row 3", "95"),
    ),
    "missing coordinate": (
        lambda f: gazetteer(f, "name,lat,lon\nNorvale,40,\n"),
        ("g.csv", "row 2"),
    ),
    "missing gazetteer": (
        lambda f: [article(f), "--gazetteer", str(f / "none.csv")],
        ("none.csv",),
    ),
    "photo that is none": (not_an_image, ("a.jpg", "image")),
    "missing photos": (lambda f: [article(f), "--photos", str(f / "none")], ("none",)),
    "statements not JSON": (
        lambda f: [article(f), *written(f, "s.jsonl", b"{oops\n", "--statements")],
        ("s.jsonl", "line 1"),
    ),
    "statement without text": (
        lambda f: [article(f), *written(f, "s.jsonl", b'{"source": "x"}\n', "--statements")],
        ("s.jsonl", "line 1", "text"),
    ),
    "bad publication date": (lambda f: [article(f), "--published", "June"], ("--published",)),
    "no such raster": (lambda f: [article(f), "--imagery", str(f / "x.tif")], ("x.tif",)),
    "raster that is none": (
        lambda f: [article(f), *written(f, "x.tif", b"II*\x00junk", "--imagery")],
        ("x.tif",),
    ),
    "page without an article": (
        lambda f: written(f, "a.html", b"<nav>Home</nav><script>run()</script>"),
        ("a.html", "no article text"),
    ),
    "page nested too deep": (
        lambda f: written(f, "a.html", b"<p>x</p>" + b"<div>" * 10_000),
        ("a.html", "256"),
    ),
    "binary posing as a page": (
        lambda f: written(f, "a.html", b"<html>\x89PNG\r\n\x1a\n\x00\x00"),
        ("a.html", "binary"),
    ),
    "page over the limit": (
        lambda f: written(f, "a.html", b"<p>x</p>" * 700_000),
        ("a.html", "limit"),
    ),
    "empty Markdown": (lambda f: written(f, "a.md", b"---\ndate: x\n---\n"), ("a.md", "no text")),
    "another language": (
        lambda f: written(
            f,
            "a.md",
            "Les soldats sont arrivés à la frontière avec leurs chars hier soir.".encode(),
        ),
        ("a.md", "French", "translation"),
    ),
    "address of another kind": (lambda _: ["ftp://example.org/a.html"], ("http",)),
    "private address": (lambda _: ["http://127.0.0.1:9/"], ("127.0.0.1", "--allow-private")),
    "captions without their columns": (
        lambda f: [str(Path(written(f, "captions.csv", b"a,b\n1,2\n")[0]).parent)],
        ("captions.csv", "columns"),
    ),
    "unknown option": (lambda f: [article(f), "--nonsense"], ("--nonsense",)),
}


@pytest.mark.parametrize("name", CASES)
def test_one_line_and_exit_code_2(
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    make, wanted = CASES[name]
    if "address" in name:
        # Refused for what they are; nothing is asked.
        monkeypatch.delenv("OSINT_OFFLINE", raising=False)
    out = tmp_path / "report"
    given = tmp_path / "given"
    given.mkdir()
    code = run(["check", *make(given), "--no-world", "--out", str(out)])
    told = capsys.readouterr()
    assert code == 2, told.err
    assert told.err.count("\n") == 1, told.err
    assert told.out == ""
    for word in wanted:
        assert word in told.err, told.err
    assert not out.exists()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["given"]


def test_a_file_in_the_way_of_the_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = article(tmp_path)
    assert run(["check", source, "--no-world", "--out", source]) == 2
    assert "folder" in capsys.readouterr().err
    assert (tmp_path / "article.txt").read_text(encoding="utf-8") == ARTICLE


def test_hostile_names_reach_no_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.txt"
    path.write_text(
        "News\n\nThe outpost at Nor\u202evale\x1b[31m lies 20 km from Sud\u200bmere.\n",
        encoding="utf-8",
    )
    run(["claims", str(path)])
    run(["check", str(path), "--no-world"])
    told = capsys.readouterr()
    for character in "\x1b\u202e\u200b":
        assert character not in told.out + told.err


def test_a_fault_of_ours_is_one_line_and_exit_code_3(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("on purpose")

    monkeypatch.setattr("osint.extract.extract", broken)
    assert run(["claims", article(tmp_path)]) == 3
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "ZeroDivisionError" in told and "--traceback" in told
    with pytest.raises(ZeroDivisionError):
        run(["--traceback", "claims", article(tmp_path)])
