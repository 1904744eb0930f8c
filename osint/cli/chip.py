"""``osint chip``: imagery of a point before and after a date, as GeoTIFFs with their provenance."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from osint.cli.options import AllowPrivateOption, JsonOption
from osint.cli.providers import CatalogueOption, TermsOption
from osint.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from imagery.providers import Provider
    from imagery.tile_facts import Plan
    from osint.claims import DateInterval
    from osint.look.chips import Taken

_BUDGET_S = 120.0


def chip(
    point: Annotated[str, typer.Argument(help="A position in any notation.")],
    date: Annotated[
        str,
        typer.Option(
            "--date", metavar="DATE", help="Chips from before and after it: 2017-06-11, 2017-06."
        ),
    ],
    size: Annotated[
        float, typer.Option("--size", metavar="KM", help="How much ground, across.")
    ] = 5.0,
    provider: Annotated[
        list[str] | None,
        typer.Option(
            "--provider",
            metavar="ID",
            help="Whom to ask (osint providers lists them), a name of xyzservices, or an address "
            "with {z}, {x} and {y}; repeatable. Otherwise all that allow automated use.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="DIR|FILE.tif",
            help="Write the chips there as GeoTIFFs; in a folder, what was fetched beside them.",
        ),
    ] = None,
    px: Annotated[
        int, typer.Option("--px", metavar="N", help="Longest side of a chip made of tiles.")
    ] = 1024,
    catalogue: CatalogueOption = None,
    accept_terms: TermsOption = False,
    allow_private: AllowPrivateOption = False,
    json: JsonOption = False,
) -> None:
    """Find imagery of POINT from before and after a date, and say how each chip lies to it.

    A server that is asked learns where you look. OSINT_OFFLINE=1 asks nobody: what was fetched
    before is used.
    """
    from gazetteer.position import parse_position

    centre = parse_position(point)
    when = _when(date)
    if not 0.01 <= size <= 500.0:
        raise UsageError(f"--size {size:g} is not within 0.01 to 500; give kilometres")
    if not 16 <= px <= 8192:
        raise UsageError(f"--px {px} is not within 16 to 8192; give pixels")
    asked = _asked_for(provider or [], catalogue, accept_terms=accept_terms)
    single = out is not None and out.suffix.lower() in {".tif", ".tiff"}
    evidence = None if out is None else (out.parent if single else out) / "evidence"
    taken, problems = _search(
        asked,
        (centre, size * 1000.0, when),
        evidence=None if single else evidence,
        allow_private=allow_private,
        px=px,
        # Where nobody is named, the first server of each kind of dates is enough.
        all_of_them=bool(provider),
    )
    files = _written(taken, out, single=single) if out is not None else [None] * len(taken)
    facts = [_facts(one, path) for one, path in zip(taken, files, strict=True)]
    _show(facts, problems, json=json)
    if not taken:
        raise UsageError(
            "no imagery was found; osint providers --test says what can be reached from here"
        )


def _when(text: str) -> DateInterval:
    from osint.extract.dates import parse_published

    try:
        return parse_published(text)
    except ValueError as error:
        raise UsageError(
            f"--date {text!r:.40} is no date; write 2017-06-11, 2017-06 or 2017"
        ) from error


def _asked_for(
    wanted: Sequence[str], catalogue: Path | None, *, accept_terms: bool
) -> tuple[Provider, ...]:
    """The providers to ask.

    Raises:
        UsageError: the terms of one have to be accepted first.
    """
    from imagery.provider_lookup import find_provider
    from imagery.providers import read_providers, shipped_providers

    own = read_providers(catalogue) if catalogue is not None else ()
    if not wanted:
        pool = own or tuple(one for one in shipped_providers() if one.automated)
        return tuple(one for one in pool if one.shows == "imagery")
    named = [find_provider(one, own=own) for one in wanted]
    for one in named:
        if one.asks_consent and not accept_terms:
            provider = one.provider
            terms = provider.licence or "its terms are not known here"
            where = f" ({provider.terms})" if provider.terms else ""
            raise UsageError(
                f"{provider.name} may not allow automated use: {terms}{where}; read its terms, and "
                "add --accept-terms if they allow what you do"
            )
    return tuple(one.provider for one in named)


def _search(
    asked: Sequence[Provider],
    ground: tuple[Any, float, DateInterval],
    *,
    evidence: Path | None,
    allow_private: bool,
    px: int,
    all_of_them: bool,
) -> tuple[list[Taken], list[str]]:
    import os

    from gazetteer.store import cache_folder
    from imagery.archive import Archive
    from imagery.http import HttpPolicy, Session
    from imagery.tile_cache import TileCache
    from osint.cli.output import steps
    from osint.look.chips import ChipSearch

    offline = "not asked, since OSINT_OFFLINE is set" if os.environ.get("OSINT_OFFLINE") else None
    policy = HttpPolicy(
        connect_timeout_s=10.0, total_timeout_s=30.0, retries=3, allow_private=allow_private
    )
    taken: list[Taken] = []
    done: set[object] = set()
    with Session(policy) as session, steps() as step:
        search = ChipSearch(
            session=session,
            cache=TileCache(cache_folder() / "tiles"),
            archive=Archive(evidence) if evidence is not None else None,
            announce=_announce,
            budget_s=_BUDGET_S,
            most_px=px,
            offline=offline,
        )
        for provider in asked:
            kind = provider.mission or (
                provider.dates if provider.dates == "daily" else provider.id
            )
            if kind in done and not all_of_them:
                continue
            step(f"asking {provider.name}")
            found = search.of(provider, *ground)
            taken += found
            if found:
                done.add(kind)
    return taken, search.problems


def _announce(plan: Plan) -> None:
    """Say on stderr how many tiles a chip takes, before the first is asked for."""
    from imagery.tile_source import MOST_TILES
    from osint.cli.output import console, plain

    day = f", {plan.day.isoformat()}" if plan.day else ""
    console(stderr=True).print(
        plain(
            f"{plan.provider.name}{day}: {plan.to_fetch} of {plan.tiles} tiles to fetch (at most "
            f"{MOST_TILES}), about {plan.window.gsd_m:.3g} m a pixel"
        )
    )


def _written(taken: Sequence[Taken], out: Path, *, single: bool) -> list[Path | None]:
    """The files that the chips were written to."""
    from imagery.geotiff import write_cog

    files: list[Path | None] = []
    for one in taken:
        days = one.chip.acquired
        name = f"{one.provider.id}-{one.role}" + (f"-{days[0].isoformat()}" if days else "")
        path = out / f"{name}.tif"
        if single:
            path = out if not files else out.with_stem(f"{out.stem}-{len(files) + 1}")
        elif path in files:
            path = out / f"{name}-{len(files) + 1}.tif"
        write_cog(
            one.chip,
            path,
            parts=one.parts,
            attribution=one.provider.attribution,
            licence=one.provider.licence,
        )
        files.append(path)
    return files


def _facts(one: Taken, path: Path | None) -> dict[str, Any]:
    chip = one.chip
    days = chip.acquired
    return {
        "provider": one.provider.id,
        "name": chip.provider,
        "role": one.role,
        "acquired": days and {"first": days[0].isoformat(), "last": days[1].isoformat()},
        "dates": one.provider.dates,
        "gsd_m": chip.gsd_m,
        "coverage": chip.coverage,
        "crs": chip.crs,
        "transform": list(chip.transform),
        "rows": chip.shape[0],
        "cols": chip.shape[1],
        "bands": list(chip.bands),
        "tiles": one.tiles,
        "holes": list(one.holes),
        "remark": one.remark,
        "attribution": one.provider.attribution,
        "licence": one.provider.licence,
        "file": None if path is None else str(path),
        "sources": [
            {"url": p.url, "sha256": p.sha256, "retrieved_at": p.retrieved_at.isoformat()}
            for p in one.parts
        ]
        or [{"url": source} for source in chip.sources],
    }


def _show(facts: Sequence[dict[str, Any]], problems: Sequence[str], *, json: bool) -> None:
    from osint.cli.output import console, plain, print_json

    if json:
        for fact in facts:
            print_json(fact)
    elif facts:
        from rich.table import Table

        table = Table(box=None, pad_edge=False)
        for heading in ("", "acquired", "provider", "a pixel", "covers", "file"):
            table.add_column(heading, overflow="fold")
        for fact in facts:
            days = fact["acquired"]
            span = "not known" if days is None else days["first"]
            if days is not None and days["last"] != days["first"]:
                span = f"{days['first']} to {days['last']}"
            table.add_row(
                fact["role"],
                span,
                plain(fact["name"]),
                f"{fact['gsd_m']:.3g} m",
                f"{fact['coverage']:.0%}",
                plain(fact["file"] or ""),
            )
        console().print(table)
        for credit in dict.fromkeys(f["attribution"] for f in facts if f["attribution"]):
            console().print(plain(f"imagery: {credit}"))
    for problem in dict.fromkeys(problems):
        console(stderr=True).print(plain(problem))
