"""Every public name has a docstring, every command and option has help."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
import typer

from osint.cli.app import app

ROOT = Path(__file__).parents[2]
FILES = sorted(p for pkg in ("gazetteer", "imagery", "osint") for p in (ROOT / pkg).rglob("*.py"))


def undocumented(tree: ast.Module) -> list[str]:
    """Public modules, classes, functions and methods without a docstring."""
    missing = [] if ast.get_docstring(tree) else ["the module"]
    waiting: list[tuple[str, ast.AST]] = [("", node) for node in tree.body]
    while waiting:
        prefix, node = waiting.pop()
        if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if node.name.startswith("_"):
            continue
        if not ast.get_docstring(node):
            missing.append(prefix + node.name)
        if isinstance(node, ast.ClassDef):
            waiting += [(f"{node.name}.", child) for child in node.body]
    return missing


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_public_names_have_docstrings(path: Path) -> None:
    assert undocumented(ast.parse(path.read_text(encoding="utf-8"))) == []


def test_a_missing_docstring_is_noticed() -> None:
    assert undocumented(ast.parse('"""m"""\nclass A:\n    def b(self): ...\n')) == ["A", "A.b"]


def test_commands_and_options_have_help() -> None:
    group = typer.main.get_command(app)
    commands = getattr(group, "commands", {})
    assert set(commands) == {
        "check",
        "chip",
        "claims",
        "distance",
        "gazetteer",
        "photo",
        "place",
        "providers",
        "sun",
    }
    for name, command in commands.items():
        assert command.help, f"osint {name} has no help"
        for parameter in command.params:
            assert getattr(parameter, "help", None), f"osint {name} {parameter.name} has no help"


def test_readme_mentions_every_command() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in getattr(typer.main.get_command(app), "commands", {}):
        assert f"osint {name}" in text


def test_files_hold_one_concept() -> None:
    long = {
        str(p.relative_to(ROOT)): n
        for p in FILES
        if (n := len(p.read_text(encoding="utf-8").splitlines())) > 420
    }
    assert long == {}
