"""``osint distance``: how far two places are apart, and whether a claimed distance fits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from osint.cli.options import GazetteerOption, JsonOption, WorldOption
from osint.errors import EXIT_FLAGGED, EXIT_NOTHING_FLAGGED, UsageError

if TYPE_CHECKING:
    from gazetteer.search import Gazetteer
    from osint.belief import PointReading
    from osint.constraints import Band


def distance(
    a: Annotated[str, typer.Argument(help="A place name, or a position in any notation.")],
    b: Annotated[str, typer.Argument(help="The other place.")],
    claimed: Annotated[
        str | None,
        typer.Option("--claimed", metavar="TEXT", help="A distance to test, such as '20 km'."),
    ] = None,
    gazetteer: GazetteerOption = None,
    world: WorldOption = True,
    json: JsonOption = False,
) -> None:
    """Measure how far A is from B, over every reading of their names."""
    from osint.ground import SiteSpec
    from osint.relation import Relation
    from osint.solve import Model
    from osint.verdict import decide, leaning_of

    a, b = a.strip(), b.strip()
    band = _band(claimed) if claimed is not None else None
    index = None
    points = []
    for name in (a, b):
        found, index = _points(name, index, gazetteer or [], world=world)
        points.append(found)
    specs = [SiteSpec(id=key, points=p) for key, p in zip("ab", points, strict=True)]
    asked = Relation(
        id="claimed",
        document="command",
        origin="command",
        reliability=0.8,
        a="a",
        b="b",
        band=band or _band("1 km"),
    )
    model = Model.build(specs, [], spacing_m=4_000.0)
    pairs = _pairs(*points)
    low, middle, high = _quantiles(pairs)
    result: dict[str, Any] = {
        "a": a,
        "b": b,
        "distance_m": {"q05": low, "median": middle, "q95": high},
        "pairs": pairs,
        "claimed": None,
    }
    verdict = None
    if band is not None:
        answer = model.ask(asked, [])
        verdict = decide(answer, model.ask_by_reading(asked, []), independent=True)
        result["claimed"] = {
            "text": claimed,
            "said_m": band.said_m,
            "low_m": band.low_m,
            "high_m": band.high_m,
            "verdict": verdict,
            "leaning": leaning_of(answer) if verdict == "undetermined" else "none",
            "bayes_factor": answer.bayes_factor,
            "predictive": answer.predictive,
        }
    _show(result, json=json)
    raise typer.Exit(EXIT_FLAGGED if verdict == "flagged" else EXIT_NOTHING_FLAGGED)


def _points(
    name: str, index: Gazetteer | None, paths: list[Any], *, world: bool
) -> tuple[tuple[PointReading, ...], Gazetteer | None]:
    """The readings of a name or of coordinates, with the gazetteer once it had to be opened."""
    from gazetteer.position import looks_like_position, parse_position
    from osint.belief import PointReading
    from osint.cli.options import open_gazetteer
    from osint.readings import readings_of

    if looks_like_position(name):
        position = parse_position(name)
        reading = PointReading(
            label=name,
            lon=position.lon,
            lat=position.lat,
            extent_m=0.0,
            uncertainty_m=position.uncertainty_m or 0.0,
            weight=1.0,
        )
        return (reading,), index
    index = index or open_gazetteer(paths, world=world)
    found = readings_of(name, index)
    if not found:
        raise UsageError(
            f"no gazetteer given here knows {name!r:.80}; check the spelling, give coordinates, "
            "or add a CSV with --gazetteer"
        )
    return found, index


def _band(text: str) -> Band:
    """A distance as a person writes it, through the same grammar as an article's."""
    from osint.extract.quantities import parse_distance
    from osint.relate import band_of

    try:
        return band_of(parse_distance(text))
    except ValueError as error:
        raise UsageError(f"--claimed {text!r:.40} is no distance; write '20 km'") from error


def _quantiles(pairs: list[dict[str, Any]]) -> tuple[float, float, float]:
    """5, 50 and 95 % of the distance over the pairs of readings, extents included, metres."""
    import numpy as np

    # Each pair stands for an even stretch of distances; 41 points of it are as good as all.
    share = np.linspace(-1.0, 1.0, 41)
    at = np.concatenate([np.abs(p["distance_m"] + share * p["uncertainty_m"]) for p in pairs])
    mass = np.concatenate([np.full(share.size, p["weight"] / share.size) for p in pairs])
    order = np.argsort(at, kind="stable")
    middle = (np.cumsum(mass[order]) - mass[order] / 2) / mass.sum()
    low, half, high = np.interp((0.05, 0.5, 0.95), middle, at[order])
    return float(low), float(half), float(high)


def _pairs(a: tuple[PointReading, ...], b: tuple[PointReading, ...]) -> list[dict[str, Any]]:
    """Every pair of readings with its exact distance and azimuth, likeliest first."""
    from gazetteer.geodesy import inverse

    rows = []
    for one in a:
        for other in b:
            metres, azimuth = inverse(one.lon, one.lat, other.lon, other.lat)
            rows.append(
                {
                    "a": {"reading": one.label, "lat": one.lat, "lon": one.lon},
                    "b": {"reading": other.label, "lat": other.lat, "lon": other.lon},
                    "distance_m": float(metres),
                    "azimuth_deg": float(azimuth),
                    "uncertainty_m": float(
                        (
                            max(one.extent_m, one.uncertainty_m) ** 2
                            + max(other.extent_m, other.uncertainty_m) ** 2
                        )
                        ** 0.5
                    ),
                    "weight": one.weight * other.weight,
                }
            )
    return sorted(rows, key=lambda r: -r["weight"])


def _show(result: dict[str, Any], *, json: bool) -> None:
    from rich.table import Table
    from rich.text import Text

    from osint.cli.output import VERDICT_STYLE, console, plain, print_json

    if json:
        print_json(result)
        return
    screen = console()
    spread = result["distance_m"]
    screen.print(
        Text(
            plain(
                f"{result['a']} to {result['b']}: {spread['median'] / 1000:.1f} km "
                f"(90 %: {spread['q05'] / 1000:.1f} to {spread['q95'] / 1000:.1f} km)"
            ),
            style="bold",
        )
    )
    table = Table(box=None, padding=(0, 1), header_style="bold")
    for title in ("share", "km", "+- km", "azimuth", "from", "to"):
        table.add_column(title, justify="right" if title not in {"from", "to"} else "left")
    for pair in result["pairs"][:12]:
        table.add_row(
            f"{pair['weight']:.0%}",
            f"{pair['distance_m'] / 1000:.2f}",
            f"{pair['uncertainty_m'] / 1000:.1f}",
            f"{pair['azimuth_deg']:.0f}",
            *(
                Text(plain(f"{end['reading']} {end['lat']:.5f}, {end['lon']:.5f}"))
                for end in (pair["a"], pair["b"])
            ),
        )
    screen.print(table)
    claimed = result["claimed"]
    if claimed is not None:
        lean = "" if claimed["leaning"] == "none" else f", leaning: {claimed['leaning']}"
        screen.print(
            Text(
                plain(f"{claimed['text']}: {claimed['verdict']}{lean} "),
                style=VERDICT_STYLE[claimed["verdict"]],
            ),
            Text(
                f"(Bayes factor {claimed['bayes_factor']:.3g}, "
                f"probability of the band {claimed['predictive']:.0%})"
            ),
        )
