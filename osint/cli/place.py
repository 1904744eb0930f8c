"""``osint place``: what a name can mean, or where a position is, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from osint.cli.options import GazetteerOption, JsonOption, WorldOption
from osint.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from gazetteer.place import Candidate
    from gazetteer.position import Position
    from gazetteer.search import Gazetteer


def place(
    name: Annotated[
        str,
        typer.Argument(
            help="A place name in any script, or a position in any notation (degrees, UTM, MGRS, "
            "Plus Code, geo: URI, map link)."
        ),
    ],
    country: Annotated[
        str | None,
        typer.Option(
            "--country", metavar="CC", help="Only places of this country (SY, or its name)."
        ),
    ] = None,
    near: Annotated[
        str | None,
        typer.Option(
            "--near",
            metavar="POINT",
            help="A position to measure from; of equally good matches the nearer come first.",
        ),
    ] = None,
    everything: Annotated[
        bool,
        typer.Option("--all", help="Show weak matches too (--json always has them)."),
    ] = False,
    gazetteer: GazetteerOption = None,
    world: WorldOption = True,
    json: JsonOption = False,
) -> None:
    """List every place a name can mean, how it matched, and how far apart they lie."""
    from gazetteer.position import looks_like_position, parse_position
    from osint.cli.options import open_gazetteer
    from osint.cli.output import console, print_json

    code = _country(country) if country is not None else None
    here = parse_position(near) if near is not None else None
    index = None
    if looks_like_position(name):
        position = parse_position(name)
        index = open_gazetteer(gazetteer or [], world=world)
        described = _described(name, position, index, here)
        if json:
            print_json(described)
        else:
            _show_position(console(), described)
        return
    index = open_gazetteer(gazetteer or [], world=world)
    found = _find(name, index, code, here)
    if not found:
        raise UsageError(_nothing(name, code))
    rows = _rows(name, found, here)
    if json:
        for row in rows:
            print_json(row)
        return
    strong = [c for c in found if everything or c.score >= WEAK * found[0].score]
    screen = console()
    _show(screen, strong, rows, measured_from="--near" if here is not None else "the first")
    if len(strong) < len(found):
        screen.print(f"{len(found) - len(strong)} weaker matches left out (--all shows them).")


WEAK = 0.5
"""A match with less than this share of the best one's score is left out of the table."""


def _country(text: str) -> str:
    from gazetteer.countries import country_of_field

    code = country_of_field(text)
    if code is None:
        raise UsageError(f"--country {text!r:.40} is no country; write SY or Syria")
    return code


def _nothing(name: str, code: str | None) -> str:
    within = f" in {code}" if code else ""
    remedy = "check the spelling, give coordinates, or add a CSV with --gazetteer"
    if code:
        remedy = f"leave out --country, {remedy}"
    return f"no gazetteer given here knows {name!r:.80}{within}; {remedy}"


def _find(
    name: str, index: Gazetteer, code: str | None, here: Position | None
) -> tuple[Candidate, ...]:
    """The candidates with their countries, best first; nearness decides between equal scores."""
    from gazetteer.geodesy import distance_m
    from osint.readings import with_countries

    found = with_countries(index.find(name, country=code), index.borders)
    if code is not None:
        # A row that named no country stayed in; now its coordinates have told.
        found = tuple(c for c in found if c.place.country in (None, code))
    if here is None:
        return found
    return tuple(sorted(found, key=lambda c: (-c.score, distance_m(here, c.place.position))))


def _rows(
    name: str, found: Sequence[Candidate], here: Position | None
) -> tuple[dict[str, Any], ...]:
    """The candidates as the contract prints them, measured from ``here`` or from the first."""
    from gazetteer.geodesy import inverse

    start = here if here is not None else found[0].place.position
    positions = [candidate.place.position for candidate in found]
    metres, azimuths = inverse(
        start.lon, start.lat, [p.lon for p in positions], [p.lat for p in positions]
    )
    return tuple(
        {
            "query": name,
            "name": candidate.place.name,
            "matched_name": candidate.matched_name,
            "how": candidate.how,
            "score": candidate.score,
            "lon": candidate.place.position.lon,
            "lat": candidate.place.position.lat,
            "uncertainty_m": candidate.place.position.uncertainty_m,
            "extent_m": candidate.place.extent_m,
            "kind": candidate.place.kind,
            "country": candidate.place.country,
            "admin1": candidate.place.admin1,
            "population": candidate.place.population,
            "source": candidate.place.source,
            "source_id": candidate.place.source_id,
            # Metres from the first candidate say nothing of the first itself.
            "distance_m": float(m) if here is not None or number else None,
            "azimuth_deg": float(azimuth) if m > 0 and (here is not None or number) else None,
        }
        for number, (candidate, m, azimuth) in enumerate(zip(found, metres, azimuths, strict=True))
    )


def _described(
    name: str, position: Position, index: Gazetteer, here: Position | None
) -> dict[str, Any]:
    """A position as the contract prints a place, with all its notations."""
    from gazetteer.geodesy import azimuth_deg, distance_m
    from gazetteer.notations.registry import notation_of

    away_m = distance_m(here, position) if here is not None else None
    return {
        "query": name,
        "name": str(position),
        "matched_name": name,
        "how": "exact",
        "score": 1.0,
        "lon": position.lon,
        "lat": position.lat,
        "uncertainty_m": position.uncertainty_m,
        "kind": "unknown",
        "country": index.borders.country_at(position),
        "admin1": None,
        "population": None,
        "source": "position given",
        "source_id": notation_of(name),
        "distance_m": away_m,
        "azimuth_deg": azimuth_deg(here, position) if here is not None and away_m else None,
        "notations": _notations(position),
    }


def _notations(position: Position) -> dict[str, str | None]:
    """The position in every notation; None where one is not defined there."""
    from typing import get_args

    from gazetteer.errors import PositionError
    from gazetteer.position import Notation, format_position

    written: dict[str, str | None] = {}
    for notation in get_args(Notation):
        try:
            written[notation] = format_position(position, notation)
        except PositionError:
            written[notation] = None
    return written


def _show_position(screen: Console, described: Mapping[str, Any]) -> None:
    from rich.text import Text

    from gazetteer.countries import country_name
    from osint.cli.output import plain

    facts = dict(described["notations"])
    radius_m = described["uncertainty_m"]
    facts["uncertainty"] = None if radius_m is None else f"{radius_m:.1f} m"
    code = described["country"]
    facts["country"] = f"{country_name(code)} ({code})" if code else "none known there"
    if described["distance_m"] is not None:
        facts["km from near"] = _away(described["distance_m"], described["azimuth_deg"])
    for label, value in facts.items():
        line = Text(f"{label:<13}", style="bold")
        line.append(
            plain(value or ("not stated" if label == "uncertainty" else "not defined there"))
        )
        screen.print(line, soft_wrap=True)


def _away(metres: float, azimuth_deg: float | None, between: str = " ") -> str:
    away = f"{metres / 1000:.1f}"
    return away if azimuth_deg is None else f"{away}{between}{azimuth_deg:.0f} deg"


def _show(
    screen: Console,
    found: Sequence[Candidate],
    rows: Sequence[Mapping[str, Any]],
    *,
    measured_from: str,
) -> None:
    """The ledger: cells fold, so that nothing of a candidate is cut off."""
    from rich.table import Table
    from rich.text import Text

    from osint.cli.output import plain

    table = Table(box=None, padding=(0, 1), header_style="bold")
    table.add_column("", justify="right")
    for title in ("place", "matched", "kind"):
        table.add_column(title, overflow="fold")
    table.add_column("lat, lon", no_wrap=True)
    table.add_column("+- km", justify="right", no_wrap=True)
    table.add_column(f"km from {measured_from}", justify="right")
    table.add_column("source", overflow="fold")
    for number, row in enumerate(rows[: len(found)], start=1):
        where = ", ".join(filter(None, (row["country"], row["admin1"])))
        matched = f"{row['how']} {row['score']:.2f}"
        if row["matched_name"] != row["name"]:
            matched += f"\n{plain(row['matched_name'])}"
        stated = row["uncertainty_m"]
        table.add_row(
            str(number),
            Text(plain(row["name"]) + (f"\n{plain(where)}" if where else "")),
            Text(matched),
            row["kind"],
            f"{row['lat']:.5f}, {row['lon']:.5f}",
            # Where no source says, the size of such a feature stands in, marked as such.
            f"{stated / 1000:.2f}" if stated is not None else f"~{row['extent_m'] / 1000:.1f}",
            ""
            if row["distance_m"] is None
            else _away(row["distance_m"], row["azimuth_deg"], between="\n"),
            Text(plain(f"{row['source']} {row['source_id']}")),
        )
    screen.print(table)
    screen.print(Text(plain(_closing(found, near=measured_from == "--near"))), soft_wrap=True)


def _closing(found: Sequence[Candidate], *, near: bool) -> str:
    """One line: how far apart the candidates lie, and what would tell them apart."""
    from collections import Counter

    from gazetteer.pairwise import distance_matrix_m

    if len(found) == 1:
        return "One candidate. (~: the source states no uncertainty; the usual size of its kind)"
    lon = [c.place.position.lon for c in found]
    lat = [c.place.position.lat for c in found]
    apart_km = float(distance_matrix_m(lon, lat, lon, lat).max()) / 1000
    ways = []
    countries = Counter(c.place.country for c in found if c.place.country)
    if len(countries) > 1:
        most = ", ".join(f"{code} {count}" for code, count in countries.most_common(4))
        ways.append(f"a country (--country: {most}{' ...' if len(countries) > 4 else ''})")
    kinds = list(dict.fromkeys(c.place.kind for c in found if c.place.kind != "unknown"))
    if len(kinds) > 1:
        ways.append(f"the kind ({', '.join(kinds[:5])})")
    if not near:
        ways.append("a point nearby (--near)")
    told = f"{len(found)} candidates, up to {apart_km:,.1f} km apart."
    return f"{told} What would tell them apart: {'; '.join(ways)}." if ways else told
