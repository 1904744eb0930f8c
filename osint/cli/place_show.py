"""The ledger of a name's candidates, for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from osint.cli.place_groups import Group

Row = Mapping[str, Any]

REASONS_SHOWN = 3
NARROW = 100
"""Below so many columns latitude stands above longitude, and the kind under the name."""


def show(
    screen: Console, groups: Sequence[Group], rows: Sequence[Row], *, measured_from: str
) -> None:
    """The candidates by groups of rows that seem to be one place, and what would tell them apart.

    Args:
        screen: where to.
        groups: those to be shown, best first.
        rows: all candidates.
        measured_from: what the distances are measured from, in words.
    """
    from rich.table import Table
    from rich.text import Text

    from osint.cli.output import plain

    narrow = screen.width < NARROW
    table = Table(box=None, padding=(0, 1), header_style="bold")
    table.add_column("", justify="right", no_wrap=True)
    for title in ("place", "matched") if narrow else ("place", "matched", "kind"):
        # Wide enough for "transliterated" where it would fold in the middle of the word.
        table.add_column(title, overflow="fold", min_width=14 if title == "matched" else None)
    table.add_column("lat, lon", no_wrap=True)
    table.add_column("+- km", justify="right", no_wrap=True)
    table.add_column(f"km from {measured_from}", justify="right")
    table.add_column("source", overflow="fold")
    for number, group in enumerate(groups, start=1):
        again = _said_again(group, rows)
        for member in group.members:
            mark = str(number) if member == group.members[0] else "="
            _add(table, mark, rows[member], narrow=narrow, again=member in again)
    screen.print(table)
    _show_reasons(screen, groups, rows)
    for line in _closing(groups, rows, near=measured_from == "--near"):
        # In a pipe a sentence stays one line; on a terminal it breaks between words.
        screen.print(Text(plain(line)), soft_wrap=not screen.is_terminal)


def _said_again(group: Group, rows: Sequence[Row]) -> frozenset[int]:
    """The members whose origin has spoken in the group before: they are no second opinion."""
    heard: set[str] = set()
    again = set()
    for member in group.members:
        origin = rows[member]["origin"]
        if origin in heard:
            again.add(member)
        heard.add(origin)
    return frozenset(again)


def _add(table: Table, number: str, row: Row, *, narrow: bool, again: bool) -> None:
    """A row of the table; cells fold, so that nothing of a candidate is cut off."""
    from rich.text import Text

    from osint.cli.output import plain

    where = ", ".join(filter(None, (row["country"], _area(row))))
    matched = f"{row['how']} {row['score']:.2f}"
    if row["matched_name"] != row["name"]:
        matched += f"\n{row['matched_name']}"
    away = "" if row["distance_m"] is None else _away(row["distance_m"], row["azimuth_deg"])
    if number == "=":
        matched = row["group_why"] + ("\nsame origin" if again else "")
        away = f"{row['group_apart_m'] / 1000:,.2f}\noff"
    # A description is its own name, which stands above; the table shows what it was read as.
    name = "as described" if row["how"] == "described" else row["name"]
    stated = row["uncertainty_m"]
    kind = row["kind"].replace("_", " ")
    if narrow and kind != "unknown":
        where = f"{kind}, {where}" if where else kind
    table.add_row(
        number,
        Text(plain(name) + (f"\n{plain(where)}" if where else "")),
        Text("\n".join(plain(line) for line in matched.split("\n"))),
        *(() if narrow else (kind,)),
        f"{row['lat']:.5f}{',' + chr(10) if narrow else ', '}{row['lon']:.5f}",
        # Where no source says, the size of such a feature stands in, marked as such.
        f"{stated / 1000:.2f}" if stated is not None else f"~{row['extent_m'] / 1000:.1f}",
        away,
        Text(plain(f"{row['origin']} {row['source_id']}")),
    )


def _area(row: Row) -> str | None:
    """The first-level area by name; a code of digits says nothing to a reader."""
    area: str | None = row["admin1"]
    coded = area is not None and len(area) <= 4 and any(c.isdigit() for c in area)
    return None if coded else area


def _away(metres: float, azimuth_deg: float | None) -> str:
    away = f"{metres / 1000:.1f}"
    return away if azimuth_deg is None else f"{away}\n{azimuth_deg:.0f} deg"


def _show_reasons(screen: Console, groups: Sequence[Group], rows: Sequence[Row]) -> None:
    """How descriptions were worked out."""
    from rich.padding import Padding
    from rich.text import Text

    from osint.cli.output import plain

    told = [
        (number, rows[group.members[0]]["note"])
        for number, group in enumerate(groups, start=1)
        if rows[group.members[0]]["how"] == "described"
    ]
    for number, note in told[:REASONS_SHOWN]:
        screen.print(Padding(Text(plain(f"{number}: {note}.")), (0, 0, 0, 1), expand=False))


def _closing(groups: Sequence[Group], rows: Sequence[Row], *, near: bool) -> list[str]:
    """How far apart the candidates lie, and what would tell them apart."""
    from gazetteer.pairwise import distance_matrix_m

    lines = []
    leaders = [rows[group.members[0]] for group in groups]
    shown = [rows[member] for group in groups for member in group.members]
    if len(shown) > len(groups):
        apart_m = max(metres for group in groups for metres in group.apart_m.values())
        again = any(_said_again(group, rows) for group in groups)
        lines.append(
            f"=: rows {'' if again else 'of other sources '}that seem to be the same place as the "
            f"numbered one above, and how far from it they put it (at most {apart_m / 1000:,.2f} "
            f"km).{' Rows of the same origin are no second opinion.' if again else ''}"
        )
    if any(row["uncertainty_m"] is None for row in shown):
        lines.append("~: the source states no uncertainty; the usual size of its kind.")
    said = dict.fromkeys(row["source"] for row in shown if row["source"] != row["origin"])
    if said:
        lines.append(f"Sources: {'; '.join(said)}.")
    if len(groups) == 1:
        return ["One candidate.", *lines]
    lon = [row["lon"] for row in leaders]
    lat = [row["lat"] for row in leaders]
    apart_km = float(distance_matrix_m(lon, lat, lon, lat).max()) / 1000
    told = f"{len(groups)} candidates, up to {apart_km:,.1f} km apart."
    ways = _ways(leaders, near=near)
    if ways:
        told += f" What would tell them apart: {'; '.join(ways)}."
    return [told, *lines]


def _ways(leaders: Sequence[Row], *, near: bool) -> list[str]:
    ways = []
    countries = Counter(row["country"] for row in leaders if row["country"])
    if len(countries) > 1:
        most = ", ".join(f"{code} {count}" for code, count in countries.most_common(4))
        ways.append(f"a country (--country: {most}{' ...' if len(countries) > 4 else ''})")
    named = list(dict.fromkeys(area for row in leaders if (area := _area(row))))
    if len(named) > 1:
        ways.append(f"an area (--admin: {', '.join(named[:4])}{' ...' if named[4:] else ''})")
    kinds = list(
        dict.fromkeys(row["kind"].replace("_", " ") for row in leaders if row["kind"] != "unknown")
    )
    if len(kinds) > 1:
        ways.append(f"the kind ({', '.join(kinds[:5])})")
    if not near:
        ways.append("a point nearby (--near)")
    return ways
