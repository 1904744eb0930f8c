"""The report's files into a folder, all or nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from osint.errors import OutputError

if TYPE_CHECKING:
    from osint.report.model import Report

HTML_NAME = "report.html"
JSON_NAME = "report.json"
LAYERS_NAME = "case.gpkg"


def check_output(out: Path, *, force: bool) -> Path:
    """Whether a report may go to ``out``; cheap, so that it can be asked before any work is done.

    Returns:
        The folder with symbolic links resolved.

    Raises:
        OutputError: ``out`` is a file, or holds something and ``force`` is not set.
    """
    try:
        folder = out.resolve()
        if folder.exists() and not folder.is_dir():
            raise OutputError(f"{out} is a file; name a folder for the report instead")
        if folder.is_dir() and not force and any(folder.iterdir()):
            raise OutputError(
                f"{out} is not empty; use --force to replace its report, or name another folder"
            )
    except (OSError, RuntimeError, ValueError) as error:
        raise OutputError(f"{out} cannot be used as a folder for the report: {error}") from error
    return folder


def write_report(report: Report, out: Path, *, force: bool) -> tuple[Path, ...]:
    """Write ``report.html``, ``report.json`` and ``case.gpkg`` into ``out``, made if need be.

    All are rendered and written under other names first and then put in place, so that nothing
    half-written is left behind. With ``force``, other files in the folder stay as they are.

    Raises:
        OutputError: the folder is not empty (without ``force``), is a file, or cannot be written.
    """
    from osint.report.geopackage import geopackage
    from osint.report.html import render_html

    folder = check_output(out, force=force)
    existed = folder.is_dir()
    parts = {name: folder / f".{name}.part" for name in (HTML_NAME, JSON_NAME, LAYERS_NAME)}
    try:
        contents = {
            HTML_NAME: render_html(report).encode(),
            JSON_NAME: report.to_json().encode(),
            LAYERS_NAME: geopackage(report),
        }
        folder.mkdir(parents=True, exist_ok=True)
        for name in contents:
            if (folder / name).is_dir():
                raise OutputError(f"{out / name} is a folder; remove it or choose another --out")
        for name, content in contents.items():
            parts[name].write_bytes(content)
        # All are whole before any takes its place.
        for name, part in parts.items():
            part.replace(folder / name)
    except OSError as error:
        raise OutputError(
            f"the report cannot be written to {out} ({error.strerror}); choose another folder"
        ) from error
    finally:
        if folder.is_dir():
            for part in parts.values():
                part.unlink(missing_ok=True)
            if not existed and not any(folder.iterdir()):
                folder.rmdir()
    return tuple(out / name for name in contents)
