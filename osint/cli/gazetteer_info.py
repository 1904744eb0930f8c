"""``osint gazetteer info``: what is in the gazetteer on disk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

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
                "bad_first": [{"line": row.line, "why": row.why} for row in stored.bad_first],
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
    from rich.padding import Padding
    from rich.text import Text

    from osint.cli.output import plain

    screen.print(Text(plain(f"{found.path} (opens in QGIS)")), soft_wrap=True)
    outlines = f", {found.areas:,} outlines" if found.areas else ""
    screen.print(
        f"{found.places:,} places under {found.names:,} names{outlines}; "
        f"{found.size_bytes / 1e6:,.1f} MB with the name index"
    )
    for stored in found.sources:
        screen.print()
        screen.print(Text(plain(stored.provenance.key), style="bold"))
        for line in _lines(stored, bad=bad):
            screen.print(Padding(Text(plain(line)), (0, 0, 0, 2), expand=False))
    if not found.sources:
        return
    screen.print()
    _counts(screen, "By kind", found.kinds, len(found.kinds))
    named = {code or "none named": count for code, count in found.countries.items()}
    _counts(screen, "By country", named, COUNTRIES_SHOWN)
    _links(screen, found)


def _lines(stored: Stored, *, bad: bool) -> Iterator[str]:
    provenance = stored.provenance
    licence = provenance.licence or "not stated"
    yield provenance.title + ("" if licence in provenance.title else f" (licence: {licence})")
    counts = f"{stored.places:,} places, {stored.names:,} names"
    if stored.areas:
        counts += f", {stored.areas:,} outlines"
    counts += f"; {stored.bad_rows:,} rows not used" if stored.bad_rows else "; every row used"
    yield f"{counts}; added {stored.added_at:%Y-%m-%d %H:%M} UTC"
    if provenance.sha256:
        yield f"sha256 {provenance.sha256[:16]}… of {provenance.locator}"
    if bad:
        for row in stored.bad_first:
            yield f"line {row.line}: {row.why}"
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
