"""``osint sun``: where the sun stood, the shadows it threw, and whether a measured one fits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from osint.cli.options import JsonOption
from osint.errors import EXIT_FLAGGED, EXIT_NOTHING_FLAGGED, UsageError

if TYPE_CHECKING:
    from gazetteer.position import Position
    from imagery.shadow import Shadow
    from osint.cli.sun_time import SaidTime

_UNCERTAIN = "One standard deviation of it"


def sun(
    point: Annotated[str, typer.Argument(help="A position in any notation.")],
    when: Annotated[
        str | None,
        typer.Argument(
            metavar="[TIME]",
            help="2017-06-11T14:00+03:00, '2017-06-11 14:00 Asia/Damascus', or by the clocks of "
            "the place '2017-06-11 14:00 local'; a day alone gives the course of that day.",
        ),
    ] = None,
    day: Annotated[
        str | None, typer.Option("--date", metavar="DATE", help="The day, instead of TIME.")
    ] = None,
    ratio: Annotated[
        float | None,
        typer.Option(
            "--ratio", metavar="R", help="Measured: length of the shadow over the object's height."
        ),
    ] = None,
    object_m: Annotated[
        float | None,
        typer.Option("--object", metavar="M", help="Measured: height of the upright object."),
    ] = None,
    shadow_m: Annotated[
        float | None,
        typer.Option("--shadow", metavar="M", help="Measured: length of its shadow, same unit."),
    ] = None,
    ratio_uncertainty: Annotated[
        float | None,
        typer.Option(
            "--ratio-uncertainty", metavar="R", help=f"{_UNCERTAIN} (default: 10 % of the ratio)."
        ),
    ] = None,
    azimuth: Annotated[
        float | None,
        typer.Option(
            "--azimuth",
            metavar="DEG",
            help="Measured: where the shadow points, clockwise from true north.",
        ),
    ] = None,
    direction: Annotated[
        float | None,
        typer.Option(
            "--direction",
            metavar="DEG",
            help="Measured: where the shadow points on the ground, clockwise from where the camera "
            "looks (90 to the right, 180 towards it); needs --heading.",
        ),
    ] = None,
    heading: Annotated[
        float | None,
        typer.Option("--heading", metavar="DEG", help="Where the camera looks, from north."),
    ] = None,
    magnetic: Annotated[
        bool,
        typer.Option("--magnetic", help="The heading is from a compass; declination is added."),
    ] = False,
    declination: Annotated[
        float | None,
        typer.Option("--declination", metavar="DEG", help="Declination, east positive, if known."),
    ] = None,
    direction_uncertainty: Annotated[
        float,
        typer.Option(
            "--direction-uncertainty",
            metavar="DEG",
            help=f"{_UNCERTAIN}, of --direction or --azimuth.",
        ),
    ] = 10.0,
    heading_uncertainty: Annotated[
        float,
        typer.Option("--heading-uncertainty", metavar="DEG", help=f"{_UNCERTAIN}, of --heading."),
    ] = 10.0,
    slope: Annotated[
        float,
        typer.Option("--slope", metavar="DEG", help=f"{_UNCERTAIN}: how level the ground is."),
    ] = 2.0,
    minutes: Annotated[
        float,
        typer.Option("--minutes", metavar="MIN", help="How far TIME may be off, either way."),
    ] = 5.0,
    around_km: Annotated[
        float | None,
        typer.Option(
            "--around", metavar="KM", help="Also say which places within KM of POINT fit at TIME."
        ),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Give the sun's position and shadows at POINT, and compare a shadow that was measured.

    With a measurement it lists the times of the day that fit and says whether TIME does; the exit
    code is 1 if it does not.
    """
    from gazetteer.position import parse_position
    from osint.cli.sun_show import show
    from osint.cli.sun_time import said_time

    if when is not None and day is not None:
        raise UsageError("TIME and --date contradict each other; give one of them")
    text = when if when is not None else day
    if text is None:
        raise UsageError("no time given; add TIME ('2017-06-11 14:00 local') or --date 2017-06-11")
    place = parse_position(point)
    said = said_time(text, place)
    if day is not None and said.at is not None:
        raise UsageError("--date takes a day, such as 2017-06-11; give the time as TIME")
    _sensible(minutes, around_km)
    result = _course(place, said)
    shadow = _shadow(
        place,
        said,
        ratio=_ratio(ratio, object_m, shadow_m),
        ratio_uncertainty=ratio_uncertainty,
        azimuth=azimuth,
        direction=direction,
        heading=heading,
        magnetic=magnetic,
        declination=declination,
        direction_uncertainty=direction_uncertainty,
        heading_uncertainty=heading_uncertainty,
        slope=slope,
    )
    if shadow is not None:
        result.update(_compared(shadow, place, said, minutes=minutes, around_km=around_km))
    elif around_km is not None:
        raise UsageError("--around needs a measured shadow; add --ratio or --azimuth")
    show(result, json=json)
    flagged = result["meets"] == "does not fit"
    raise typer.Exit(EXIT_FLAGGED if flagged else EXIT_NOTHING_FLAGGED)


def _sensible(minutes: float, around_km: float | None) -> None:
    if not 0.0 <= minutes <= 720.0:
        raise UsageError(f"--minutes {minutes:g} is not within 0 to 720; give minutes")
    if around_km is not None and not 0.1 <= around_km <= 20_000.0:
        raise UsageError(f"--around {around_km:g} is not within 0.1 to 20000; give kilometres")


def _ratio(ratio: float | None, object_m: float | None, shadow_m: float | None) -> float | None:
    if object_m is None and shadow_m is None:
        return ratio
    if ratio is not None:
        raise UsageError("--ratio and --object with --shadow say the same; give one of them")
    if object_m is None or shadow_m is None:
        raise UsageError("--object and --shadow belong together; give both, or --ratio")
    if not (0.0 < object_m < 1e6 and 0.0 <= shadow_m < 1e6):
        raise UsageError(f"an object of {object_m:g} m with a shadow of {shadow_m:g} m is none")
    return shadow_m / object_m


def _shadow(
    place: Position,
    said: SaidTime,
    *,
    ratio: float | None,
    ratio_uncertainty: float | None,
    azimuth: float | None,
    direction: float | None,
    heading: float | None,
    magnetic: bool,
    declination: float | None,
    direction_uncertainty: float,
    heading_uncertainty: float,
    slope: float,
) -> Shadow | None:
    """The measurement that the options make; None where there is none."""
    from imagery.declination import magnetic_declination
    from imagery.shadow import Shadow, picture_azimuth

    if azimuth is not None and direction is not None:
        raise UsageError("--azimuth and --direction say the same; give one of them")
    if (direction is None) != (heading is None):
        raise UsageError("--direction and --heading belong together; give both, or --azimuth")
    sigma = direction_uncertainty
    if direction is not None and heading is not None:
        east, east_sigma = 0.0, 0.0
        if declination is not None:
            east = declination
        elif magnetic:
            found = magnetic_declination(place, said.day)
            east, east_sigma = found.declination_deg, found.sigma_deg
        azimuth, sigma = picture_azimuth(
            direction_deg=direction,
            heading_deg=heading,
            declination_deg=east,
            direction_sigma_deg=direction_uncertainty,
            heading_sigma_deg=heading_uncertainty,
            declination_sigma_deg=east_sigma,
        )
    elif magnetic or declination is not None:
        raise UsageError("--magnetic and --declination belong to --heading; give it")
    if ratio is None and azimuth is None:
        if ratio_uncertainty is not None:
            raise UsageError("--ratio-uncertainty belongs to --ratio; give it")
        return None
    return Shadow(
        ratio=ratio,
        ratio_sigma=ratio_uncertainty,
        azimuth_deg=azimuth,
        azimuth_sigma_deg=sigma,
        slope_sigma_deg=slope,
    )


def _course(place: Position, said: SaidTime) -> dict[str, Any]:
    """The sun at TIME and over its day, as ``--json`` prints it."""
    from imagery.sun import EVENT_KINDS, sun_day, sun_position

    course = sun_day(place, said.day, said.zone)
    result: dict[str, Any] = {
        "point": {"lon": place.lon, "lat": place.lat, "uncertainty_m": place.uncertainty_m},
        "date": said.day.isoformat(),
        "time": None,
        "time_utc": None,
        "zone": said.zone_name,
        "zone_from": said.zone_from,
        "azimuth_deg": None,
        "elevation_deg": None,
        "true_elevation_deg": None,
        "shadow": None,
        "day": {
            **{kind: _iso(course.at(kind)) for kind in EVENT_KINDS},
            "highest_deg": course.highest_deg,
            "lowest_deg": course.lowest_deg,
            "polar": course.polar,
        },
        "measured": None,
        "fits": None,
        "meets": None,
    }
    if said.at is not None:
        at = sun_position(said.at, place)
        length, towards = at.shadow_ratio, at.shadow_azimuth_deg
        result.update(
            time=said.at.isoformat(),
            time_utc=_iso_utc(said),
            azimuth_deg=at.azimuth_deg,
            elevation_deg=at.elevation_deg,
            true_elevation_deg=at.true_elevation_deg,
            shadow=None if length is None else {"ratio": length, "azimuth_deg": towards},
        )
    return result


def _compared(
    shadow: Shadow,
    place: Position,
    said: SaidTime,
    *,
    minutes: float,
    around_km: float | None,
) -> dict[str, Any]:
    """The measurement, what fits it, and how that meets TIME."""
    from imagery.shadow import resolves
    from imagery.shadow_fit import fitting_dates, fitting_times

    fits = fitting_times(shadow, place, said.day, said.zone)
    sigma = shadow.elevation_sigma_deg
    result: dict[str, Any] = {
        "measured": {
            "sun_elevation_deg": shadow.sun_elevation_deg,
            "elevation_uncertainty_deg": sigma,
            "sun_azimuth_deg": shadow.sun_azimuth_deg,
            "azimuth_uncertainty_deg": (
                None if shadow.azimuth_deg is None else shadow.azimuth_sigma_deg
            ),
        },
        "fits": [{"first": _iso(f.first), "last": _iso(f.last)} for f in fits],
        "meets": _meets(shadow, place, said, minutes),
        "minutes": minutes if said.at is not None else None,
        "dates": None,
        "places": None,
        "cannot": (
            "a direction alone tells hours apart, not places"
            if sigma is None
            else str(resolves(20_000.0, elevation_sigma_deg=sigma))
        ),
    }
    if said.at is not None:
        clock = said.at.astimezone(said.zone).time()
        dates = fitting_dates(shadow, place, clock, said.zone, year=said.day.year)
        result["dates"] = [{"first": str(d.first), "last": str(d.last)} for d in dates]
    if around_km is not None:
        if said.at is None:
            raise UsageError("--around needs an instant; give TIME with its hour")
        result["places"] = _places(shadow, place, said, around_km)
    return result


def _meets(shadow: Shadow, place: Position, said: SaidTime, minutes: float) -> str:
    """Whether the shadow fits TIME, or any time of the day where only a day was given."""
    import numpy as np

    from imagery.shadow import DOUBTFUL, FITS, sun_shift_deg
    from imagery.sun import civil_day, sun_positions

    if said.at is None:
        grid = np.arange(*civil_day(said.day, said.zone), 60.0)
    else:
        grid = said.at.timestamp() + 60.0 * np.linspace(-minutes, minutes, 41)
    track = sun_positions(grid, lon=place.lon, lat=place.lat)
    misfit = shadow.misfit(
        azimuth_deg=track.azimuth_deg,
        elevation_deg=track.elevation_deg,
        place_sigma_deg=sun_shift_deg((place.uncertainty_m or 0.0) / 2),
    ).min()
    if misfit <= shadow.limit(FITS):
        return "fits"
    return "doubtful" if misfit <= shadow.limit(DOUBTFUL) else "does not fit"


def _places(
    shadow: Shadow, place: Position, said: SaidTime, around_km: float
) -> dict[str, Any] | None:
    from imagery.shadow_fit import Sighting, furthest_m, ground_around, solve_scene

    if said.at is None:
        return None
    scene = solve_scene(
        [Sighting(shadow=shadow, at=said.at)], ground_around(place, around_km * 1000.0)
    )
    if not scene.fits:
        return {"fits": False, "share": 0.0, "area_km2": 0.0, "nearest_m": None, "furthest_m": None}
    nearest, furthest = furthest_m(scene, place)
    return {
        "fits": True,
        "share": scene.share,
        "area_km2": scene.area_km2,
        "nearest_m": nearest,
        "furthest_m": furthest,
    }


def _iso(moment: Any) -> str | None:
    return None if moment is None else moment.replace(microsecond=0).isoformat()


def _iso_utc(said: SaidTime) -> str | None:
    from datetime import UTC

    return None if said.at is None else said.at.astimezone(UTC).isoformat().replace("+00:00", "Z")
