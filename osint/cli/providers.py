"""``osint providers``: which imagery there is, on what terms, and what can be reached from here."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from osint.cli.options import AllowPrivateOption, JsonOption

if TYPE_CHECKING:
    from collections.abc import Sequence

    from imagery.http import Session
    from imagery.providers import Provider

CatalogueOption = Annotated[
    Path | None,
    typer.Option(
        "--catalogue", metavar="FILE.toml", help="Servers of your own, before those that ship."
    ),
]
TermsOption = Annotated[
    bool,
    typer.Option(
        "--accept-terms",
        help="Ask servers too whose terms restrict automated use; you have read the terms.",
    ),
]
_TEST_S = 15.0
_TEST_BYTES = 3_000_000
_AT_ONCE = 8


def providers(
    test: Annotated[
        bool, typer.Option("--test", help="Send each one small request and say what works.")
    ] = False,
    catalogue: CatalogueOption = None,
    accept_terms: TermsOption = False,
    allow_private: AllowPrivateOption = False,
    json: JsonOption = False,
) -> None:
    """List the imagery servers: protocol, dates, resolution, terms; --test asks each of them."""
    from imagery.providers import read_providers, shipped_providers

    known = [*(read_providers(catalogue) if catalogue is not None else ()), *shipped_providers()]
    own = 0 if catalogue is None else len(known) - len(shipped_providers())
    answers = _tested(known, own, accept_terms, allow_private) if test else [None] * len(known)
    facts = [_facts(one, answer) for one, answer in zip(known, answers, strict=True)]
    if json:
        from osint.cli.output import print_json

        for fact in facts:
            print_json(fact)
        return
    _table(facts, test=test)


def _facts(provider: Provider, answer: dict[str, Any] | None) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "id": provider.id,
        "name": provider.name,
        "protocol": "tms" if provider.scheme == "tms" else provider.protocol,
        "dates": provider.dates,
        "first": provider.first.isoformat() if provider.first else None,
        "last": provider.last.isoformat() if provider.last else None,
        "shows": provider.shows,
        "resolution_m": provider.resolution_m,
        "min_zoom": provider.min_zoom,
        "max_zoom": provider.max_zoom,
        "host": provider.host,
        "connections": provider.connections,
        "automated": provider.automated,
        "licence": provider.licence,
        "attribution": provider.attribution,
        "terms": provider.terms,
        "note": provider.note,
    }
    if answer is not None:
        facts["test"] = answer
    return facts


def _table(facts: Sequence[dict[str, Any]], *, test: bool) -> None:
    from rich.table import Table

    from osint.cli.output import console, plain

    table = Table(box=None, pad_edge=False)
    headings = ["id", "protocol", "dates", "detail", "automated use"]
    for heading in [*headings, "from here"] if test else headings:
        table.add_column(heading, overflow="fold")
    for fact in facts:
        since = f" since {fact['first'][:4]}" if fact["first"] and not fact["last"] else ""
        if fact["first"] and fact["last"]:
            since = f" {fact['first'][:4]} to {fact['last'][:4]}"
        detail = f"{fact['resolution_m']:g} m" if fact["resolution_m"] else "varies"
        if fact["max_zoom"] is not None:
            detail += f", zoom {fact['max_zoom']}"
        row = [
            fact["id"],
            fact["protocol"],
            f"{fact['dates']}{since}" if fact["shows"] == "imagery" else "heights",
            detail,
            "yes" if fact["automated"] else f"no: {fact['licence'] or 'terms not known'}",
        ]
        if test:
            row.append(fact["test"]["says"])
        table.add_row(*[plain(cell) for cell in row])
    console().print(table)
    console(stderr=True).print(
        "What each one is, its licence and its terms: osint providers --json"
    )


def _tested(
    known: Sequence[Provider], own: int, accept_terms: bool, allow_private: bool
) -> list[dict[str, Any] | None]:
    """One small request to each, several at once."""
    import os
    from concurrent.futures import ThreadPoolExecutor

    from imagery.http import HttpPolicy, Session
    from osint.cli.output import bar

    offline = bool(os.environ.get("OSINT_OFFLINE"))
    policy = HttpPolicy(
        connect_timeout_s=5.0,
        read_timeout_s=10.0,
        total_timeout_s=_TEST_S,
        retries=0,
        max_bytes=_TEST_BYTES,
        allow_private=allow_private,
    )

    def ask(numbered: tuple[int, Provider]) -> dict[str, Any]:
        number, provider = numbered
        if offline:
            return {"works": None, "says": "not asked, since OSINT_OFFLINE is set"}
        if number >= own and not provider.automated and not accept_terms:
            return {"works": None, "says": "not asked: its terms; --accept-terms asks"}
        return _asked(provider, session)

    answers: list[dict[str, Any] | None] = []
    with (
        Session(policy) as session,
        ThreadPoolExecutor(_AT_ONCE) as pool,
        bar("asking each server") as report,
    ):
        for answer in pool.map(ask, enumerate(known)):
            answers.append(answer)
            report(len(answers), len(known))
    return answers


def _asked(provider: Provider, session: Session) -> dict[str, Any]:
    """What one provider answers to the smallest request that shows that it works."""
    import time

    from imagery.errors import HttpError
    from imagery.grid import Tile

    url = str(provider.address)
    if provider.protocol == "xyz":
        day = provider.first if provider.dates == "daily" else None
        url = provider.url(Tile(zoom=provider.min_zoom, col=0, row=0), day)
    elif provider.protocol == "wms":
        from imagery.wms import with_query

        url = with_query(
            url, {"SERVICE": "WMS", "REQUEST": "GetCapabilities", "VERSION": provider.version}
        )
    begun = time.monotonic()
    try:
        fetched = session.get(url)
    except HttpError as error:
        if error.status in {404, 410} and provider.protocol == "xyz":
            says = "answers, and has no tile of the whole world"
            return {"works": None, "status": error.status, "says": says}
        return {"works": False, "status": error.status, "says": error.reason}
    took_s = round(time.monotonic() - begun, 2)
    problem = _unlike(provider, fetched.body)
    return {
        "works": problem is None,
        "status": fetched.status,
        "seconds": took_s,
        "bytes": len(fetched.body),
        "says": problem or f"works ({took_s:g} s)",
    }


def _unlike(provider: Provider, body: bytes) -> str | None:
    """Why an answer is not what a server of its kind gives; None if it is."""
    import json

    from imagery.errors import TileError
    from imagery.mosaic import decode_tile

    if provider.protocol == "xyz":
        try:
            decode_tile(body, provider.tile_px)
        except TileError as error:
            # The tile of the whole world may well be empty sea.
            if "blank" not in str(error) and "empty" not in str(error):
                return f"answers, but the tile {error}"
        return None
    if provider.protocol in {"stac", "wayback"}:
        try:
            answer = json.loads(body)
        except (ValueError, RecursionError):
            answer = None
        return None if isinstance(answer, dict) else "answers, but not with JSON"
    return None if b"apabilities" in body[:20_000] else "answers, but not with its capabilities"
