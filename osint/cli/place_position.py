"""``osint place POSITION``: its notations, what lies around it, and what may be wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from osint.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from gazetteer.mistakes import Diagnosis
    from gazetteer.position import Position
    from gazetteer.search import Gazetteer

_NUMBER = r"([+-]?\d{1,9}(?:\.\d{0,15})?)"
_NUMBERS = re.compile(rf"\s*{_NUMBER}\s*[,;\s]\s*{_NUMBER}\s*")
MOST_NEAREST = 8
MOST_EXPLANATIONS = 4
_LEAST_PROBABILITY = 0.01
_THERE_M = 10.0

KIND_WORDS: Mapping[str, str] = {
    "none": "nothing is wrong",
    "elsewhere": "a place that is not known",
    "swapped": "latitude and longitude swapped",
    "wrong_sign": "wrong hemisphere",
    "shifted_point": "decimal point shifted",
    "transposed_digits": "digits transposed",
    "wrong_digit": "a digit wrong",
    "dms_as_decimal": "degrees, minutes and seconds written as decimals",
    "minutes_as_decimal": "degrees and minutes written as decimals",
    "cut_digits": "digits cut off",
    "wrong_homonym": "another place of that name",
    "centre_of_area": "centre of the area",
    "zero": "zero for a missing number",
}


def numbers_of(text: str) -> tuple[str, str] | None:
    """Two plain numbers as they were written, latitude first, in range or not."""
    found = _NUMBERS.fullmatch(text)
    return (found[1], found[2]) if found else None


def position_facts(
    text: str,
    index: Gazetteer,
    *,
    near: Position | None,
    said: Sequence[str] = (),
    admin: str | None = None,
    country: str | None = None,
) -> dict[str, Any]:
    """A position as the contract prints a place, with what else is known of it.

    Raises:
        PositionError: it is none; not where the two numbers are no position and ``said`` may tell
            which was meant.
    """
    from gazetteer.errors import PositionError
    from gazetteer.position import parse_position

    numbers = numbers_of(text)
    problem: str | None = None
    position: Position | None = None
    try:
        position = parse_position(text)
    except PositionError as error:
        if not said or numbers is None:
            raise
        problem = str(error)
    facts = _facts(text, position, index, near)
    if problem is not None:
        facts["problem"] = problem
    if said:
        if numbers is None and position is not None:
            numbers = (f"{position.lat:.7f}", f"{position.lon:.7f}")
        if numbers is None:
            raise UsageError(f"--said needs a position to judge; {text!r:.60} is none")
        facts["said"] = list(said)
        facts |= _mistakes(_diagnosis(numbers, index, said, admin, country))
    return facts


def _facts(
    text: str, position: Position | None, index: Gazetteer, near: Position | None
) -> dict[str, Any]:
    from gazetteer.geodesy import azimuth_deg, distance_m
    from gazetteer.notations.registry import notation_of

    away_m = distance_m(near, position) if near is not None and position is not None else None
    azimuth = None
    if near is not None and position is not None and away_m:
        azimuth = azimuth_deg(near, position)
    return {
        "query": text,
        "name": text if position is None else str(position),
        "matched_name": text,
        "how": "exact",
        "score": 1.0,
        "lon": None if position is None else position.lon,
        "lat": None if position is None else position.lat,
        "uncertainty_m": None if position is None else position.uncertainty_m,
        "kind": "unknown",
        "country": None if position is None else index.borders.country_at(position),
        "admin1": None,
        "population": None,
        "source": "position given",
        "source_id": "" if position is None else notation_of(text),
        "distance_m": away_m,
        "azimuth_deg": azimuth,
        "notations": {} if position is None else _notations(position),
        "nearest": [] if position is None else _nearest(index, position),
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


def _nearest(index: Gazetteer, position: Position) -> list[dict[str, Any]]:
    from gazetteer.nearest import nearest_places

    return [
        {
            "name": one.place.name,
            "kind": one.place.kind,
            "country": one.place.country,
            "admin1": one.place.admin1,
            "lon": one.place.position.lon,
            "lat": one.place.position.lat,
            "distance_m": one.distance_m,
            "azimuth_deg": one.azimuth_deg,
            "direction": None if one.azimuth_deg is None else direction(one.azimuth_deg),
            "source": one.place.source,
            "origin": one.place.origin,
            "source_id": one.place.source_id,
        }
        for one in nearest_places(index.sources, position, most=MOST_NEAREST)
    ]


def direction(azimuth_deg: float) -> str:
    """The compass word of sixteen that is nearest to an azimuth."""
    from gazetteer.compass import COMPASS

    words = list(COMPASS)
    return words[round(azimuth_deg / 22.5) % len(words)]


def _diagnosis(
    numbers: tuple[str, str],
    index: Gazetteer,
    said: Sequence[str],
    admin: str | None,
    country: str | None,
) -> Diagnosis:
    from gazetteer.mistakes import Said, diagnose

    return diagnose(
        lat=numbers[0],
        lon=numbers[1],
        said=Said(names=tuple(said), admin=admin, country=country),
        find=index.find,
    )


def _mistakes(diagnosis: Diagnosis) -> dict[str, Any]:
    return {
        "suspicious": diagnosis.suspicious,
        "mistakes": [
            {
                "kind": one.kind,
                "probability": one.probability,
                "prior": one.prior,
                "reason": one.reason,
                "repaired": None
                if one.repaired is None
                else {
                    "lon": one.repaired.lon,
                    "lat": one.repaired.lat,
                    "uncertainty_m": one.repaired.uncertainty_m,
                },
                "moved_m": one.moved_m,
                "away_m": one.away_m,
            }
            for one in diagnosis.hypotheses
        ],
    }


def unknown_names(said: Sequence[str], index: Gazetteer) -> tuple[str, ...]:
    """Those of the names said that the gazetteer does not know."""
    from gazetteer.mistakes.said import LEAST_SCORE

    return tuple(name for name in said if not any(c.score >= LEAST_SCORE for c in index.find(name)))


def show_position(screen: Console, facts: Mapping[str, Any]) -> None:
    """The same for people."""
    if facts["lat"] is not None:
        _show_notations(screen, facts)
        _show_nearest(screen, facts["nearest"])
    else:
        _line(screen, facts["problem"])
    if "mistakes" in facts:
        _show_mistakes(screen, facts)


def _line(screen: Console, text: str) -> None:
    from rich.text import Text

    from osint.cli.output import plain

    # In a pipe a sentence stays one line; on a terminal it breaks between words.
    screen.print(Text(plain(text)), soft_wrap=not screen.is_terminal)


def _show_notations(screen: Console, facts: Mapping[str, Any]) -> None:
    from rich.text import Text

    from gazetteer.countries import country_name
    from osint.cli.output import plain

    lines = dict(facts["notations"])
    radius_m = facts["uncertainty_m"]
    lines["uncertainty"] = None if radius_m is None else f"{radius_m:.1f} m"
    code = facts["country"]
    lines["country"] = f"{country_name(code)} ({code})" if code else "none known there"
    if facts["distance_m"] is not None:
        azimuth = facts["azimuth_deg"]
        away = f"{facts['distance_m'] / 1000:.1f}"
        lines["km from near"] = away if azimuth is None else f"{away} {azimuth:.0f} deg"
    for label, value in lines.items():
        line = Text().append(f"{label:<13}", style="bold")
        line.append(
            plain(value or ("not stated" if label == "uncertainty" else "not defined there"))
        )
        screen.print(line, soft_wrap=not screen.is_terminal)


def _show_nearest(screen: Console, nearest: Sequence[Mapping[str, Any]]) -> None:
    from rich.table import Table
    from rich.text import Text

    from osint.cli.output import plain

    if not nearest:
        return
    screen.print()
    table = Table(box=None, padding=(0, 1), header_style="bold")
    table.add_column("km", justify="right", no_wrap=True)
    for title in ("it lies", "of", "kind", "source"):
        table.add_column(title, overflow="fold")
    for one in nearest:
        where = one["country"]
        table.add_row(
            f"{one['distance_m'] / 1000:,.2f}",
            one["direction"] if one["direction"] and one["distance_m"] >= _THERE_M else "there",
            Text(plain(f"{one['name']} ({where})" if where else one["name"])),
            one["kind"].replace("_", " "),
            Text(plain(f"{one['origin']} {one['source_id']}")),
        )
    screen.print(table)


def _verdict(facts: Mapping[str, Any]) -> str:
    if facts["suspicious"]:
        return "probably a mistake"
    if facts["lat"] is None:
        return "a mistake, and nothing tells what was meant"
    # Without a distance to any place of the name there was nothing to hold the point against.
    if all(one["away_m"] is None for one in facts["mistakes"]):
        return "nothing to judge it by"
    return "no mistake likely"


def _show_mistakes(screen: Console, facts: Mapping[str, Any]) -> None:
    from rich.padding import Padding
    from rich.text import Text

    from osint.cli.output import plain

    screen.print()
    _line(screen, f"Said to be {' or '.join(facts['said'])}: {_verdict(facts)}.")
    for number, one in enumerate(facts["mistakes"][:MOST_EXPLANATIONS]):
        if number and one["probability"] < _LEAST_PROBABILITY:
            break
        line = Text().append(f"{one['probability']:.2f} ", style="bold")
        line.append(plain(f"{KIND_WORDS.get(one['kind'], one['kind'])}: {one['reason']}"))
        if one["repaired"] is not None:
            at = one["repaired"]
            line.append(f" -> {at['lat']:.6f}, {at['lon']:.6f}")
            if one["moved_m"] is not None:
                line.append(f" ({one['moved_m'] / 1000:,.1f} km away)")
        screen.print(Padding(line, (0, 0, 0, 2), expand=False))
