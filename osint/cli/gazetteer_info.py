"""``osint gazetteer info``: what is in the gazetteer on disk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from osint.cli.gazetteer_lines import heading, indented, path_line
from osint.cli.options import FolderOption, JsonOption

if TYPE_CHECKING:
    from rich.console import Console

    from gazetteer.database import Stored
    from gazetteer.overview import Overview

COUNTRIES_SHOWN = 15


def info(
    bad: Annotated[
        bool, typer.Option("--bad", help="List the first rows that could not be used.")
    ] = False,
    folder: FolderOption = None,
    json: JsonOption = False,
) -> None:
    """Show whose places are in the gazetteer, how many, and how far its sources disagree."""
    from gazetteer.opening import database_folder
    from gazetteer.overview import overview
    from osint.cli.output import console, print_json, steps

    with steps() as step:
        step("counting")
        found = overview(folder or database_folder())
    if json:
        print_json(_facts(found))
    else:
        _show(console(), found, bad=bad)


def _facts(found: Overview) -> dict[str, Any]:
    return {
        "path": str(found.path),
        "size_bytes": found.size_bytes,
        "places": found.places,
        "names": found.names,
        "areas": found.areas,
        "sources": [
            {
                "key": stored.provenance.key,
                "title": stored.provenance.title,
                "origin": stored.provenance.origin,
                "licence": stored.provenance.licence,
                "locator": stored.provenance.locator,
                "sha256": stored.provenance.sha256,
                "retrieved_at": _time(stored.provenance.retrieved_at),
                "added_at": _time(stored.added_at),
                "guessed": list(stored.provenance.guessed),
                "places": stored.places,
                "names": stored.names,
                "areas": stored.areas,
                "links": stored.links,
                "bad_rows": stored.bad_rows,
                "bad_first": [
                    {"line": row.line, "unit": row.unit or "line", "why": row.why}
                    for row in stored.bad_first
                ],
            }
            for stored in found.sources
        ],
        "kinds": dict(found.kinds),
        "countries": dict(found.countries),
        "links": [
            {
                "sources": list(between.sources),
                "links": between.links,
                "median_m": between.median_m,
                "most_m": between.most_m,
            }
            for between in found.between
        ],
    }


def _time(at: Any) -> str | None:
    return None if at is None else at.isoformat(timespec="seconds")


def _show(screen: Console, found: Overview, *, bad: bool) -> None:
    path_line(screen, found.path)
    outlines = f", {_many(found.areas, 'outline')}" if found.areas else ""
    lines = [
        f"{_many(found.places, 'place')} under {_many(found.names, 'name')}{outlines}; "
        f"{found.size_bytes / 1e6:,.1f} MB with the name index; opens in QGIS"
    ]
    indented(screen, lines, indent=0)
    for stored in found.sources:
        screen.print()
        heading(screen, stored.provenance.key)
        indented(screen, _lines(stored, bad=bad))
    if not found.sources:
        return
    screen.print()
    _counts(screen, "By kind", found.kinds, len(found.kinds))
    named = {code or "none named": count for code, count in found.countries.items()}
    _counts(screen, "By country", named, COUNTRIES_SHOWN)
    _links(screen, found)


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}" + ("" if count == 1 else "s")


def _lines(stored: Stored, *, bad: bool) -> Iterator[str]:
    provenance = stored.provenance
    licence = provenance.licence or "not stated"
    yield provenance.title + ("" if licence in provenance.title else f" (licence: {licence})")
    if provenance.origin not in provenance.title:
        yield f"origin: {provenance.origin}"
    counts = f"{_many(stored.places, 'place')}, {_many(stored.names, 'name')}"
    if stored.areas:
        counts += f", {_many(stored.areas, 'outline')}"
    bad_rows = _many(stored.bad_rows, "row")
    counts += f"; {bad_rows} not used" if stored.bad_rows else "; every row used"
    yield f"{counts}; added {stored.added_at:%Y-%m-%d %H:%M} UTC"
    if provenance.sha256:
        yield f"sha256 {provenance.sha256[:16]}… of {provenance.locator}"
    if bad:
        for row in stored.bad_first:
            yield f"{row.unit or 'line'} {row.line}: {row.why}"
        if stored.bad_rows > len(stored.bad_first):
            yield f"and {stored.bad_rows - len(stored.bad_first):,} more"


def _counts(screen: Console, title: str, counts: Mapping[str, int], most: int) -> None:
    from rich.text import Text

    from osint.cli.output import plain

    shown = [f"{name} {count:,}" for name, count in list(counts.items())[:most]]
    if len(counts) > most:
        shown.append(f"{len(counts) - most} more")
    line = Text().append(f"{title}: ", style="bold")
    line.append(plain(", ".join(shown)))
    screen.print(line)


def _links(screen: Console, found: Overview) -> None:
    from rich.table import Table
    from rich.text import Text

    from osint.cli.output import plain

    if not found.between:
        return
    screen.print()
    table = Table(box=None, padding=(0, 1), header_style="bold")
    table.add_column("rows that seem to be one place", overflow="fold")
    for title in ("pairs", "median m", "most m"):
        table.add_column(title, justify="right", no_wrap=True)
    for between in found.between:
        table.add_row(
            Text(plain(" and ".join(between.sources))),
            f"{between.links:,}",
            f"{between.median_m:,.0f}",
            f"{between.most_m:,.0f}",
        )
    screen.print(table)
