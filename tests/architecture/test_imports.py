"""The packages' imports run one way, and no module imports itself by a detour."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("gazetteer", "imagery", "osint")
# Who may import whom; a tuple of modules limits it to those.
ALLOWED: dict[str, dict[str, tuple[str, ...] | None]] = {
    "gazetteer": {"gazetteer": None},
    "imagery": {"imagery": None, "gazetteer": ("gazetteer.position", "gazetteer.geodesy")},
    "osint": {"osint": None, "imagery": None, "gazetteer": None},
}


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def modules() -> dict[str, Path]:
    return {module_name(p): p for pkg in PACKAGES for p in sorted((ROOT / pkg).rglob("*.py"))}


def imported(path: Path, *, lazy: bool) -> set[str]:
    """Own modules that a file imports; inside functions too if ``lazy``."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = ast.walk(tree) if lazy else _eager(tree)
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            base = node.module or ""
            for alias in node.names:
                full = f"{base}.{alias.name}"
                found.add(full if full in modules() else base)
    return {name for name in found if name.split(".")[0] in PACKAGES}


def _eager(tree: ast.Module) -> list[ast.AST]:
    """Nodes that run when the module is imported."""
    found: list[ast.AST] = []
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        found.append(node)
        waiting.extend(ast.iter_child_nodes(node))
    return found


@pytest.mark.parametrize("name", sorted(modules()))
def test_arrows(name: str) -> None:
    allowed = ALLOWED[name.split(".")[0]]
    for target in imported(modules()[name], lazy=True):
        package = target.split(".")[0]
        assert package in allowed, f"{name} imports {target}"
        limited = allowed[package]
        if limited is not None:
            assert target in limited, f"{name} may import only {limited}, not {target}"


def test_no_cycles() -> None:
    graph = {
        name: imported(path, lazy=False) & modules().keys() for name, path in modules().items()
    }
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join((*trail[trail.index(name) :], name))
        if name in done:
            return
        for target in sorted(graph[name] - {name}):
            visit(target, (*trail, name))
        done.add(name)

    for name in sorted(graph):
        visit(name, ())


def test_the_checks_can_fail(tmp_path: Path) -> None:
    bad = tmp_path / "bad.py"
    bad.write_text("import osint.claims\nfrom gazetteer import names\n", encoding="utf-8")
    found = imported(bad, lazy=True)
    assert found == {"osint.claims", "gazetteer.names"}
    assert any(target.split(".")[0] not in ALLOWED["imagery"] for target in found)
