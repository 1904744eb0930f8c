"""``osint check``: the main job, from an article to a report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from osint.cli.imagery import ImageryOption, with_imagery
from osint.cli.options import (
    AllowPrivateOption,
    GazetteerOption,
    JsonOption,
    PublishedOption,
    SourceArgument,
    WorldOption,
)
from osint.errors import EXIT_FLAGGED, EXIT_NOTHING_FLAGGED

if TYPE_CHECKING:
    from osint.case import Case
    from osint.report.model import Report


def check(
    source: SourceArgument,
    photos: Annotated[
        Path | None,
        typer.Option("--photos", metavar="DIR", help="Folder of the photos behind the captions."),
    ] = None,
    statements: Annotated[
        Path | None,
        typer.Option(
            "--statements", metavar="FILE", help="What other publishers said (JSON lines or CSV)."
        ),
    ] = None,
    gazetteer: GazetteerOption = None,
    imagery: ImageryOption = "auto",
    published: PublishedOption = None,
    name: Annotated[
        str | None,
        typer.Option(
            "--source",
            metavar="NAME",
            help="Who published the text; statements of the same origin do not count for it.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Write the report and its evidence there."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace a report that is already there.")
    ] = False,
    explain: Annotated[
        str | None,
        typer.Option(
            "--explain",
            metavar="ID",
            help="Instead of the table, show how the verdict on one claim (c2) came about.",
        ),
    ] = None,
    seen: Annotated[
        bool,
        typer.Option(
            "--seen/--no-seen",
            help="Look the photos up among those of your earlier cases, and keep them for later "
            "ones; on this machine only.",
        ),
    ] = True,
    allow_private: AllowPrivateOption = False,
    world: WorldOption = True,
    json: JsonOption = False,
) -> None:
    """Check every claim of an article or a case folder and write a report."""
    from dataclasses import replace

    from osint.case import SeenWish
    from osint.cli.explain import show_derivation, steps_of
    from osint.cli.output import steps
    from osint.report.write import check_output, write_report

    if out is not None:
        check_output(out, force=force)
    case = _case(source, photos, statements, gazetteer or [], imagery, published, name)
    if seen:
        case = replace(case, seen=SeenWish(case=_name_of(case, source)))
    from osint.cli.options import open_gazetteer
    from osint.custody import evidence_folder, keep_evidence, sole_writer, spare_inputs
    from osint.pipeline import check_case

    if out is not None:
        spare_inputs(case, out)
    index = open_gazetteer(case.gazetteers, world=world)
    with evidence_folder(out) as evidence, steps() as step:
        case = replace(case, evidence=evidence, allow_private=allow_private)
        checked = check_case(case, index, step=step)
        report = checked.report()
        derivation = steps_of(checked, explain) if explain is not None else None
        written: tuple[Path, ...] = ()
        if out is not None:
            with sole_writer(out):
                written = write_report(report, out, force=force)
                keep_evidence(evidence, out)
    if derivation is not None and explain is not None:
        show_derivation(derivation, explain, json=json)
    else:
        _show(report, written, json=json)
    raise typer.Exit(EXIT_FLAGGED if report.summary.flagged else EXIT_NOTHING_FLAGGED)


def _name_of(case: Case, source: str) -> str:
    """What the archive of pictures calls a case: the same each time it is checked, and its own."""
    import hashlib

    if source == "-":
        return "standard input"
    path = Path(source)
    whole = str(path.resolve()) if path.exists() else source
    mark = hashlib.sha256(whole.encode("utf-8", "replace")).hexdigest()[:8]
    return f"{(case.title or path.name or source)[:180]} ({mark})"


def _case(
    source: str,
    photos: Path | None,
    statements: Path | None,
    gazetteers: list[Path],
    imagery: str,
    published: str | None,
    name: str | None,
) -> Case:
    """The case that the arguments describe; options add to or override a case folder's file."""
    from dataclasses import replace

    from osint.cli.options import published_date
    from osint.errors import UsageError
    from osint.intake import case_of

    for given in (name or "", str(statements or ""), imagery, *map(str, gazetteers)):
        # They are named in the report, which is text.
        if any("\ud800" <= c <= "\udfff" for c in given):
            raise UsageError(f"{given!a} is not in UTF-8; rename the file")
    case = case_of(source)
    if name is not None:
        case = replace(case, source=name)
    date = published_date(published)
    if date is not None:
        case = replace(case, published=date)
    if photos is not None:
        case = replace(case, photos=photos)
    if statements is not None:
        case = replace(case, statements=statements)
    if gazetteers:
        case = replace(case, gazetteers=(*case.gazetteers, *gazetteers))
    return with_imagery(case, imagery)


def _show(report: Report, written: tuple[Path, ...], *, json: bool) -> None:
    """The table of claims and where the report is."""
    from rich.table import Table
    from rich.text import Text

    from osint.cli.output import VERDICT_STYLE, console, plain, print_json

    if json:
        print_json(report.as_dict())
    screen = console(stderr=json)
    screen.print(Text(plain(report.source.title), style="bold"))
    screen.print(report.summary.sentence)
    if report.claims:
        table = Table(box=None, padding=(0, 1), show_edge=False, header_style="bold")
        table.add_column("claim", max_width=46, overflow="fold")
        table.add_column("verdict", no_wrap=True)
        table.add_column("factor", justify="right", no_wrap=True)
        table.add_column("why", overflow="fold")
        for claim in report.claims:
            verdict: str = claim.verdict
            if claim.leaning != "none":
                verdict += f"\n({claim.leaning})"
            factor = "" if claim.bayes_factor is None else f"{claim.bayes_factor:.3g}"
            table.add_row(
                Text(f"{claim.id} {claim.kind}: {_short(plain(claim.text))}"),
                Text(verdict, style=VERDICT_STYLE[claim.verdict]),
                factor,
                Text(plain(claim.because)),
            )
            table.add_row()
        screen.print(table)
    for conflict in report.conflicts:
        screen.print(Text(plain(f"Conflict: {conflict.why}")))
    for assumption in report.assumptions:
        screen.print(
            Text(
                plain(
                    f"Assumed, on the word of {assumption.by}: "
                    f"\u201c{assumption.phrase}\u201d means {assumption.place}."
                )
            )
        )
    if report.unreached:
        hosts = ", ".join(dict.fromkeys(server.host for server in report.unreached))
        screen.print(Text(plain(f"Imagery that could not be reached: {hosts}.")))
    for path in written:
        screen.print(Text(plain(f"Report: {path}")))


def _short(text: str, limit: int = 150) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "\u2026"
