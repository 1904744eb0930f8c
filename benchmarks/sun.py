"""How exact and how fast solar positions are, and what shadows and exposures can tell.

    python benchmarks/sun.py [PHOTOS] [--shadows 400]

Solar positions are compared with the example that the authors of the algorithm published. Shadows
are simulated: places below 60 degrees of latitude, dates of 2000 to 2030, a sun at least 5 degrees
high, and the errors that docs/shadows.md takes for usual, drawn at random. With a folder of photos
those with a position, a time and an exposure say how bright scenes are under a sun of that height.

Prints, as one line of JSON last: ``azimuth_off_deg`` and ``elevation_off_deg`` (from the published
example), ``first_s`` (import and first position in a new process), ``times_per_s`` and
``places_per_s``, ``shadows`` (``n``; of ratios, directions and both: ``covered``, the share of
shadows whose true time is among those that fit, ``minutes``, the median length of what fits on the
true day, ``two_hours_off``, the share that rejects a claim two hours from the true time) and
``exposures`` (``n`` photos, their mean distance ``mean_ev`` from an average scene under a clear sky
and its standard deviation ``sd_ev``; null without photos), and ``ratios``, the likelihood ratios of
some photos said to be of 11 June 2017 at 33.5 N, 38.6 E.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import numpy as np

from gazetteer.position import Position
from imagery.photo.exposure import Exposure, clear_sky_ev100, scene_light
from imagery.shadow import Shadow
from imagery.shadow_fit import fitting_times, misfit_at
from imagery.sun import sun_position, sun_positions


def published() -> tuple[float, float]:
    """How far the example of NREL/TP-560-34302, table A5.1, is missed, degrees."""
    when = datetime(2003, 10, 17, 12, 30, 30, tzinfo=timezone(timedelta(hours=-7)))
    sun = sun_positions(
        when.timestamp(),
        lon=-105.1786,
        lat=39.742476,
        altitude_m=1830.14,
        pressure_hpa=820.0,
        temperature_c=11.0,
        delta_t_s=67.0,
    )
    return (
        abs(float(sun.azimuth_deg) - 194.34024),
        abs(90.0 - float(sun.elevation_deg) - 50.11162),
    )


def first_s() -> float:
    """Seconds a new process takes to import and to answer once, less what an empty one takes."""

    def taken(code: str) -> float:
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        return time.perf_counter() - start

    code = "import imagery.sun as s; s.sun_positions(1.5e9, lon=0.0, lat=0.0)"
    return min(taken(code) for _ in range(7)) - min(taken("pass") for _ in range(7))


def speeds() -> tuple[float, float]:
    """Positions per second: many times at one place, many places at one time."""
    times = 1.5e9 + 60.0 * np.arange(100_000)
    start = time.perf_counter()
    sun_positions(times, lon=10.0, lat=50.0)
    middle = time.perf_counter()
    sun_positions(1.5e9, lon=np.linspace(-180, 180, 500_000), lat=np.linspace(-89, 89, 500_000))
    return times.size / (middle - start), 500_000 / (time.perf_counter() - middle)


def measured(when: datetime, place: Position, rng: np.random.Generator) -> Shadow | None:
    """The shadow thrown there and then by a pole that leans on ground that slopes, as measured."""
    sun = sun_position(when, place)
    if sun.elevation_deg < 5.0 or sun.shadow_azimuth_deg is None:
        return None
    height = math.radians(sun.elevation_deg)
    lean, across, slope = np.radians(rng.normal(0.0, (1.0, 1.0, 2.0)))
    reach = (math.cos(lean) + math.sin(lean) * math.tan(height)) / (
        math.tan(height) + math.tan(slope)
    )
    ratio = reach / math.cos(slope) * (1.0 + rng.normal(0.0, 0.1))
    turned = math.degrees(math.atan2(math.sin(across), 1.0 / math.tan(height)))
    azimuth = sun.shadow_azimuth_deg + turned + rng.normal(0.0, math.hypot(10.0, 10.0))
    return Shadow(
        ratio=max(ratio, 0.0), azimuth_deg=azimuth % 360.0, azimuth_sigma_deg=math.hypot(10.0, 10.0)
    )


def shadows(count: int) -> dict[str, object]:
    """What simulated shadows tell of the hour."""
    rng = np.random.default_rng(0)
    kinds: dict[str, list[tuple[bool, float, bool | None]]] = {
        "ratio": [],
        "direction": [],
        "both": [],
    }
    done = 0
    while done < count:
        lat = math.degrees(math.asin(rng.uniform(-math.sin(math.pi / 3), math.sin(math.pi / 3))))
        place = Position(lon=float(rng.uniform(-180, 180)), lat=lat)
        when = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(
            seconds=float(rng.uniform(0, 30 * 3.15e7))
        )
        shadow = measured(when, place, rng)
        if shadow is None:
            continue
        done += 1
        zone = timezone(timedelta(hours=round(place.lon / 15)))
        day: date = when.astimezone(zone).date()
        late = when + timedelta(hours=2 if rng.random() < 0.5 else -2)
        for name, one in (
            ("ratio", Shadow(ratio=shadow.ratio)),
            (
                "direction",
                Shadow(azimuth_deg=shadow.azimuth_deg, azimuth_sigma_deg=shadow.azimuth_sigma_deg),
            ),
            ("both", shadow),
        ):
            fits = fitting_times(one, place, day, zone)
            minutes = sum((f.last - f.first).total_seconds() / 60 for f in fits)
            covered = misfit_at(one, place, when) <= one.limit()
            # A claim of the night is not what a shadow is asked about.
            up = sun_position(late, place).elevation_deg > 0
            kinds[name].append(
                (covered, minutes, misfit_at(one, place, late) > one.limit() if up else None)
            )
    return {
        "n": count,
        **{
            name: {
                "covered": round(sum(c for c, _, _ in rows) / len(rows), 3),
                "minutes": round(statistics.median(m for _, m, _ in rows)),
                "two_hours_off": round(
                    statistics.mean([float(r) for _, _, r in rows if r is not None]), 3
                ),
            }
            for name, rows in kinds.items()
        },
    }


def exposures(folder: Path) -> dict[str, object] | None:
    """Scene brightness less that of an average scene under a clear sky, over a folder's photos."""
    from PIL import ExifTags, Image

    from imagery.errors import ImageryError
    from imagery.photo.metadata import read_photo
    from osint.checks.photo_hours import zone_at

    apart = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        try:
            facts = read_photo(path)
            with Image.open(path) as image:
                tags = image.getexif().get_ifd(ExifTags.IFD.Exif)
        except (ImageryError, OSError, SyntaxError, ValueError):
            continue
        taken = facts.gps_time_utc or facts.taken_at
        if facts.position is None or taken is None:
            continue
        light = scene_light(
            Exposure(
                time_s=_number(tags.get(ExifTags.Base.ExposureTime)),
                f_number=_number(tags.get(ExifTags.Base.FNumber)),
                iso=_number(tags.get(ExifTags.Base.ISOSpeedRatings)),
                bias_ev=_number(tags.get(ExifTags.Base.ExposureBiasValue)),
                flash_fired=bool(int(_number(tags.get(ExifTags.Base.Flash)) or 0) & 1),
                brightness_ev=_number(tags.get(ExifTags.Base.BrightnessValue)),
            )
        )
        if taken.tzinfo is None:
            taken = taken.replace(tzinfo=zone_at(facts.position))
        height = sun_position(taken, facts.position).elevation_deg
        if light is not None and height > 0:
            apart.append(light.ev100 - clear_sky_ev100(height))
            print(f"{path.name}: EV {light.ev100:.1f}, sun {height:.0f} deg, {apart[-1]:+.1f} EV")
    if len(apart) < 2:
        return None
    return {
        "n": len(apart),
        "mean_ev": round(statistics.mean(apart), 2),
        "sd_ev": round(statistics.stdev(apart), 2),
    }


def ratios() -> dict[str, float]:
    """How far some exposures and shadows speak for or against a claimed hour."""
    from osint.checks.photo_exposure import check_exposure
    from osint.checks.photo_hours import ClaimedTimes, claimed_times, said_hours, zone_at
    from osint.checks.photo_shadow import MeasuredShadow, check_shadows
    from osint.claims import DateInterval

    place = Position(lon=38.6, lat=33.5)
    zone = zone_at(place)

    def times(words: str, day: date = date(2017, 6, 11)) -> ClaimedTimes:
        hours = said_hours(words) if words else None
        found = claimed_times(DateInterval(first=day, last=day), place, zone, hours)
        assert found is not None
        return found

    def exposed(ev: float, claimed: ClaimedTimes) -> float:
        one = Exposure(time_s=2.0**-ev, f_number=1.0, iso=100)
        found = check_exposure(one, place, claimed, claim_id="c", path="photo", sha256="")
        return round(math.exp(found.log_lr), 3) if found else 1.0

    def thrown(ratio: float, claimed: ClaimedTimes) -> float:
        one = MeasuredShadow(shadow=Shadow(ratio=ratio), photo="photo", sha256="", by="benchmark")
        found = check_shadows([one], place, claimed, claim_id="c")
        return round(math.exp(found.log_lr), 3) if found else 1.0

    return {
        "sunlight_at_night": exposed(15, times("at night")),
        "sunlight_at_noon": exposed(15, times("at noon")),
        "room_at_noon": exposed(6, times("at noon")),
        "night_at_noon": exposed(0, times("at noon")),
        "night_at_night": exposed(0, times("at night")),
        "sunlight_on_the_day": exposed(15, times("")),
        "shadow_of_noon_at_noon": thrown(0.2, times("at noon")),
        "shadow_of_evening_at_noon": thrown(2.0, times("at noon")),
        "shadow_of_height_on_the_day": thrown(1.0, times("")),
        "shadow_of_summer_in_december": thrown(0.2, times("", date(2017, 12, 11))),
    }


def _number(value: object) -> float | None:
    if isinstance(value, tuple):
        value = value[0] if value else None
    try:
        return None if value is None else float(str(value))
    except (ValueError, ZeroDivisionError):
        return None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("photos", nargs="?", type=Path, help="a folder of photos")
    parser.add_argument("--shadows", type=int, default=400, help="how many to simulate")
    options = parser.parse_args()
    azimuth_off, elevation_off = published()
    times_per_s, places_per_s = speeds()
    print(
        json.dumps(
            {
                "azimuth_off_deg": round(azimuth_off, 7),
                "elevation_off_deg": round(elevation_off, 7),
                "first_s": round(first_s(), 3),
                "times_per_s": round(times_per_s),
                "places_per_s": round(places_per_s),
                "shadows": shadows(options.shadows),
                "exposures": exposures(options.photos) if options.photos else None,
                "ratios": ratios(),
            }
        )
    )


if __name__ == "__main__":
    main()
