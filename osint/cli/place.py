"""``osint place``: what a name can mean, or where a position is, each with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from osint.cli.options import GazetteerOption, JsonOption, WorldOption, country_code
from osint.errors import UsageError

if TYPE_CHECKING:
    from gazetteer.place import Candidate
    from gazetteer.position import Position
    from gazetteer.search import Gazetteer
    from osint.cli.place_groups import Group

WEAK = 0.5
"""A match with less than this share of the best one's score is left out of the table."""

WEAK_BESIDE_EXACT = 0.6
"""The same for what does not match exactly where something does: near misses are then noise."""


LONGEST_NAME = 400
"""More letters than this have no name, which is as much of one as is looked at."""

LONGEST = 4_000
"""The same for a position, which may be a link."""


def place(
    name: Annotated[
        str,
        typer.Argument(
            help="A place name in any script, a description ('70 km northeast of Tanf'), or a "
            "position in any notation (degrees, UTM, MGRS, Plus Code, geo: URI, map link)."
        ),
    ],
    country: Annotated[
        str | None,
        typer.Option(
            "--country", metavar="CC", help="Only places of this country (SY, or its name)."
        ),
    ] = None,
    admin: Annotated[
        str | None,
        typer.Option(
            "--admin", metavar="NAME", help="Area that is said to hold it; weighs the candidates."
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
    said: Annotated[
        list[str] | None,
        typer.Option(
            "--said",
            metavar="NAME",
            help="With a position: what it is said to be; names likely slips in the numbers.",
        ),
    ] = None,
    online: Annotated[
        list[str] | None,
        typer.Option(
            "--online",
            metavar="SERVICE",
            help="Ask nominatim, overpass or wikidata too; repeatable. Off unless asked for: they "
            "learn what you look up.",
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
    from osint.cli.place_position import numbers_of, position_facts, show_position, unknown_names

    name = name.strip()
    _check_lengths(name, near, [("--admin", admin), *(("--said", one) for one in said or ())])
    code = country_code(country) if country is not None else None
    here = parse_position(near) if near is not None else None
    if looks_like_position(name) or (said and numbers_of(name)):
        if online:
            raise UsageError("--online looks names up; leave it out with a position")
        if admin is not None and not said:
            raise UsageError("--admin weighs names; with a position it needs --said too")
        index = open_gazetteer(gazetteer or [], world=world)
        facts = position_facts(name, index, near=here, said=said or (), admin=admin, country=code)
        _warn(_unknown("--said", one, "nothing") for one in unknown_names(said or (), index))
        if admin is not None and not index.areas(admin):
            _warn([_unknown("--admin", admin, "nothing")])
        if json:
            print_json(facts)
        else:
            show_position(console(), facts)
        return
    if said:
        raise UsageError(f"--said goes with a position; {name!r:.60} is none")
    if len(name) > LONGEST_NAME:
        raise UsageError(
            f"a name of {len(name):,} characters is none; check the spelling, give at most "
            f"{LONGEST_NAME}"
        )
    index = open_gazetteer(gazetteer or [], world=world)
    index, found, problems = _find(name, index, code=code, admin=admin, here=here, online=online)
    _warn(problems)
    if not found:
        raise UsageError(_nothing(name, code, index))
    _tell(name, found, index, here, everything=everything, json=json)


def _check_lengths(name: str, near: str | None, names: Sequence[tuple[str, str | None]]) -> None:
    """Refuse at once what is too long to mean anything.

    Raises:
        UsageError: something is.
    """
    for option, text, most in (
        ("NAME", name, LONGEST),
        ("--near", near, LONGEST),
        *((option, text, LONGEST_NAME) for option, text in names),
    ):
        if text is not None and len(text) > most:
            raise UsageError(
                f"{option} has {len(text):,} characters; check the spelling, give at most {most:,}"
            )


def _unknown(option: str, name: str, what: str) -> str:
    return (
        f"{option} {name!r:.60}: no gazetteer given here knows it, so that it says {what}; check "
        "the spelling"
    )


def _warn(lines: Iterable[str]) -> None:
    from osint.cli.output import console, plain

    screen = console(stderr=True)
    for line in lines:
        screen.print(plain(line), soft_wrap=not screen.is_terminal)


def _tell(
    name: str,
    found: Sequence[Candidate],
    index: Gazetteer,
    here: Position | None,
    *,
    everything: bool,
    json: bool,
) -> None:
    from osint.cli.output import console, print_json
    from osint.cli.place_groups import groups_of
    from osint.cli.place_show import show

    rows = _rows(name, found, here)
    groups = groups_of(found, index)
    for number, group in enumerate(groups, start=1):
        _mark(rows, group, number)
    if json:
        for row in rows:
            print_json(row)
        return
    strong = [g for g in groups if everything or not _weak(found[g.members[0]], found[0])]
    screen = console()
    show(screen, strong, rows, measured_from="--near" if here is not None else "the first")
    left_out = len(found) - sum(len(group.members) for group in strong)
    if left_out:
        screen.print(f"{left_out} weaker matches left out (--all shows them).")


def _weak(candidate: Candidate, best: Candidate) -> bool:
    share = WEAK_BESIDE_EXACT if best.how == "exact" != candidate.how else WEAK
    return candidate.score < share * best.score


def _mark(rows: Sequence[dict[str, Any]], group: Group, number: int) -> None:
    """Say in its rows what a group is."""
    for member in group.members:
        rows[member]["group"] = number
        rows[member]["group_why"] = group.why.get(member)
        rows[member]["group_apart_m"] = group.apart_m.get(member)


def _nothing(name: str, code: str | None, index: Gazetteer) -> str:
    from gazetteer.described.lookup import missing_names

    within = f" in {code}" if code else ""
    remedy = "check the spelling, give coordinates, or add a CSV with --gazetteer"
    if code:
        remedy = f"leave out --country, {remedy}"
    missing = missing_names(name, index.find)
    named = f" (not {missing[0]!r:.60})" if missing and missing[0] != name.strip() else ""
    return f"no gazetteer given here knows {name!r:.80}{named}{within}; {remedy}"


def _find(
    name: str,
    index: Gazetteer,
    *,
    code: str | None,
    admin: str | None,
    here: Position | None,
    online: Sequence[str] | None,
) -> tuple[Gazetteer, tuple[Candidate, ...], tuple[str, ...]]:
    """The candidates with their countries, best first; nearness decides between equal scores."""
    from gazetteer.described.lookup import described
    from gazetteer.geodesy import distance_m
    from osint.cli.place_online import merged, with_online
    from osint.readings import with_countries

    problems: tuple[str, ...] = ()
    others: tuple[Candidate, ...] = ()
    if online:
        index, others, problems = with_online(index, online, name, code)
    # With an area the points weigh too; without one they only order what matches equally well.
    near = (here,) if here is not None and admin else ()
    looked_up = index.find(name, country=code, admin=admin, near=near)
    if admin and (problem := _no_area(admin, index, looked_up)):
        problems = (*problems, problem)
        looked_up = index.find(name, country=code)
    found = merged(looked_up, others)
    ground = described(name, index.find, index.borders)
    found = merged(tuple(_grounded(one.candidate) for one in ground), found)
    found = with_countries(found, index.borders)
    if code is not None:
        # A row that named no country stayed in; now its coordinates have told.
        found = tuple(c for c in found if c.place.country in (None, code))
    if here is not None:
        found = tuple(sorted(found, key=lambda c: (-c.score, distance_m(here, c.place.position))))
    return index, found, problems


def _no_area(admin: str, index: Gazetteer, found: Sequence[Candidate]) -> str:
    """Why an area weighs nothing; "" where it does."""
    from gazetteer.countries import country_of_field
    from gazetteer.names import fold

    key = fold(admin)
    if any(key == fold(one.place.admin1 or "") != "" for one in found):
        return ""
    kinds = {place.kind for place in index.areas(admin)}
    if kinds & {"region", "district", "country"}:
        return ""
    if (country := country_of_field(admin)) is not None:
        return f"--admin {admin!r:.60} is a country; --country {country} keeps to it"
    return "" if kinds else _unknown("--admin", admin, "nothing of where the place is")


def _grounded(candidate: Candidate) -> Candidate:
    """Without the country of what it is described by, which may lie across a border."""
    return replace(candidate, place=replace(candidate.place, country=None))


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
            "origin": candidate.place.origin,
            "retrieved_at": _time(candidate.place.retrieved_at),
            "note": candidate.place.note,
            # Metres from the first candidate say nothing of the first itself.
            "distance_m": float(m) if here is not None or number else None,
            "azimuth_deg": float(azimuth) if m > 0 and (here is not None or number) else None,
        }
        for number, (candidate, m, azimuth) in enumerate(zip(found, metres, azimuths, strict=True))
    )


def _time(at: Any) -> str | None:
    return None if at is None else at.isoformat(timespec="seconds")
