"""How ``osint sun`` prints its answer."""

from __future__ import annotations

from typing import Any


def show(result: dict[str, Any], *, json: bool) -> None:
    """Print the answer as JSON or as lines for a person."""
    from rich.text import Text

    from osint.cli.output import console, plain, print_json

    if json:
        print_json(result)
        return
    screen = console()
    screen.print(Text(plain(_heading(result)), style="bold"))
    for title, text in _lines(result):
        screen.print(Text(plain(f"{title:<10}{text}")))
    meets = result["meets"]
    if meets is not None:
        style = {"fits": "bold green", "doubtful": "yellow"}.get(meets, "bold red")
        what = result["time"] or f"any time of {result['date']}"
        off = f" (to {result['minutes']:g} min)" if result["minutes"] is not None else ""
        screen.print(Text(plain(f"{what}{off}: {meets}"), style=style))
        if meets == "fits":
            screen.print(Text("That the sun allows a place and time is no proof of either."))


def _heading(result: dict[str, Any]) -> str:
    point = result["point"]
    where = f"{point['lat']:.6f}, {point['lon']:.6f}"
    whose = {"given": "as given", "place": "the zone of the place"}[result["zone_from"]]
    if result["time"] is None:
        return f"{where} on {result['date']} ({result['zone']})"
    note = (
        f"{result['zone']}, {whose}" if result["zone_from"] == "place" else f"{result['time_utc']}"
    )
    return f"{where} at {result['time']} ({note})"


def _lines(result: dict[str, Any]) -> list[tuple[str, str]]:
    lines = []
    if result["time"] is not None:
        lines.append(("sun", _sun(result)))
        lines.append(("shadow", _shadow(result)))
    lines.append(("day", _day(result)))
    measured = result["measured"]
    if measured is None:
        return lines
    parts = []
    if measured["sun_elevation_deg"] is not None:
        parts.append(
            f"sun {measured['sun_elevation_deg']:.1f} +- "
            f"{measured['elevation_uncertainty_deg']:.1f} deg high"
        )
    if measured["sun_azimuth_deg"] is not None:
        parts.append(
            f"sun towards {measured['sun_azimuth_deg']:.0f} +- "
            f"{measured['azimuth_uncertainty_deg']:.0f} deg"
        )
    lines.append(("measured", ", ".join(parts)))
    lines.append(("fits", _stretches(result["fits"])))
    if result["dates"] is not None:
        dates = ", ".join(f"{d['first']} to {d['last']}" for d in result["dates"])
        lines.append(("dates", f"at that hour {dates}" if dates else "none of the year"))
    places = result["places"]
    if places is not None:
        lines.append(("places", _places(places)))
    if result["cannot"] is not None:
        lines.append(("cannot", result["cannot"]))
    return lines


def _sun(result: dict[str, Any]) -> str:
    height = result["elevation_deg"]
    high = f"{height:.1f} deg high" if height >= 0 else f"{-height:.1f} deg below the horizon"
    return f"{high}, towards {result['azimuth_deg']:.1f} deg ({_word(result['azimuth_deg'])})"


def _shadow(result: dict[str, Any]) -> str:
    shadow = result["shadow"]
    if shadow is None:
        return "none: the sun is down or at the horizon"
    towards = shadow["azimuth_deg"]
    return f"{shadow['ratio']:.2f} times the height, towards {towards:.1f} deg ({_word(towards)})"


def _day(result: dict[str, Any]) -> str:
    day = result["day"]
    names = (
        ("civil_dawn", "dawn"),
        ("sunrise", "sunrise"),
        ("transit", "highest"),
        ("sunset", "sunset"),
        ("civil_dusk", "dusk"),
    )
    parts = []
    for key, name in names:
        if day[key] is not None:
            high = f" ({day['highest_deg']:.1f} deg)" if key == "transit" else ""
            parts.append(f"{name} {day[key][11:16]}{high}")
    if day["polar"] is not None:
        parts.append("the sun does not set" if day["polar"] == "day" else "the sun does not rise")
    if result["time"] is not None and result["zone_from"] == "given":
        parts.append(f"by the clocks of {result['zone']}")
    return ", ".join(parts)


def _stretches(fits: list[dict[str, str]]) -> str:
    if not fits:
        return "no time of this day"
    return ", ".join(f"{f['first'][11:16]} to {f['last'][11:16]}" for f in fits)


def _places(places: dict[str, Any]) -> str:
    if not places["fits"]:
        return "none around there"
    return (
        f"{places['share']:.1%} of the ground around there ({places['area_km2']:,.0f} km2), "
        f"from {places['nearest_m'] / 1000:,.0f} to {places['furthest_m'] / 1000:,.0f} km away"
    )


def _word(azimuth_deg: float) -> str:
    from gazetteer.compass import COMPASS

    return min(COMPASS, key=lambda word: abs((COMPASS[word] - azimuth_deg + 180) % 360 - 180))
