"""A photo's exposure against the time of day its caption claims.

A camera exposes a street at noon a thousand times shorter than the same street at night. The
settings in EXIF say how bright the scene was (``imagery.photo.exposure``), the caption's date, hour
and place how high the sun stood. Bright daylight in a photo said to be of the night is a strong
contradiction; a dim scene at noon a weak one, for rooms are dim at noon.

The figures of the model, all exposure values at ISO 100:

- In the open by day: 1 EV below an average scene under a clear sky, with a standard deviation of
  1.8 EV, 2.5 EV in twilight. Sunlit scenes have EV 15, snow and sand 16, hazy sun 14, bright cloud
  13, heavy overcast and open shade 12.
- Indoors: EV 6 with a standard deviation of 2.2 EV (dwellings 5 to 7, offices and halls 7 to 9).
- At night out of doors: EV 3.5 with a standard deviation of 3 EV (moonlight -3, floodlit buildings
  3 to 5, bright streets 7 to 8).
- By day 35 % of photos are taken indoors, at night 55 %. In 3 of 100 the settings say nothing of
  the scene (filters, lenses without contacts, deliberate darkness).

The typical values are those of the Photographic Exposure Guide (ANSI PH2.7-1986); the means,
spreads and shares made of them are from judgement.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from osint.checks.trust import G_FORGED, basis, bounded_log_lr
from osint.evidence import Evidence, Measurement, Provenance

if TYPE_CHECKING:
    from gazetteer.position import Position
    from imagery.photo.exposure import Exposure, SceneLight
    from osint.checks.photo_hours import ClaimedTimes

_BASIS = (
    "By day 35 % of photos are taken indoors (from judgement), so that a dim scene says little and "
    "a bright one much"
)

OPEN_MEAN_EV, OPEN_SIGMA_EV, TWILIGHT_SIGMA_EV = -1.0, 1.8, 2.5
INDOORS_EV, INDOORS_SIGMA_EV = 6.0, 2.2
NIGHT_EV, NIGHT_SIGMA_EV = 3.5, 3.0
INDOORS_BY_DAY, INDOORS_AT_NIGHT = 0.35, 0.55
MEANINGLESS = 0.03
_RANGE_EV = (-8.0, 18.0)
# The sun's own light is gone, for a camera, at the end of civil twilight.
_DUSK_DEG = -6.0
# From this height on the spread is that of the day.
_DAY_DEG = 5.0


def check_exposure(
    exposure: Exposure,
    place: Position,
    claimed: ClaimedTimes,
    *,
    claim_id: str,
    path: str,
    sha256: str,
    forged: float = G_FORGED,
) -> Evidence | None:
    """The exposure as evidence on the claimed time; None where EXIF does not give it.

    Args:
        exposure: what EXIF says of it.
        place: the claimed place.
        claimed: the claimed date and hour there, see ``photo_hours.claimed_times``.
        claim_id: the claim.
        path: the photo's name.
        sha256: its hash.
        forged: the chance that EXIF was made to match.
    """
    from datetime import UTC, datetime

    from imagery.photo.exposure import scene_light
    from osint.checks.photo_hours import any_time

    light = scene_light(exposure)
    if light is None:
        return None
    year = datetime.fromtimestamp(float(claimed.unix_s[0]), UTC).year
    if_true = _expected(light, claimed)
    if_false = _expected(light, any_time(place, year))
    low, high = float(claimed.elevation_deg.min()), float(claimed.elevation_deg.max())
    sun = f"at {high:.0f} deg" if high - low < 1.0 else f"between {low:.0f} and {high:.0f} deg"
    remarks = "".join(f"; {remark}" for remark in light.remarks)
    return Evidence(
        id=f"{claim_id}.exposure",
        claim_id=claim_id,
        check="photo_exposure",
        log_lr=bounded_log_lr(if_true, if_false, forged=forged),
        summary=(
            f"{path} was exposed for {kind_of_light(light)} (EV {light.ev100:.1f} at ISO 100"
            f"{remarks}); at the claimed time ({claimed.text}) the sun stands {sun} over the "
            f"claimed place. {_BASIS}. {basis(forged)}."
        ),
        origin=f"EXIF of {path}",
        measurements=(
            Measurement(
                quantity="brightness of the scene",
                value=light.ev100,
                unit="EV at ISO 100",
                uncertainty=light.spread_ev,
            ),
            Measurement(
                quantity="luminance of the scene", value=light.luminance_cd_m2, unit="cd/m2"
            ),
            Measurement(quantity="lowest elevation of the sun claimed", value=low, unit="deg"),
            Measurement(quantity="highest elevation of the sun claimed", value=high, unit="deg"),
        ),
        provenance=(Provenance(source="EXIF exposure tags", locator=path, sha256=sha256),),
    )


def kind_of_light(light: SceneLight) -> str:
    """A scene's brightness in words."""
    words = (
        (13.5, "full sunlight"),
        (10.5, "daylight"),
        (8.0, "dull daylight or strong lamps"),
        (4.0, "the light of a room, of dusk or of a floodlit place"),
        (-20.0, "a dark room or the night"),
    )
    return next(text for least, text in words if light.ev100 >= least)


def light_density(light: SceneLight, elevation_deg: float) -> float:
    """Probability of a scene's brightness with the sun at an elevation, per EV.

    Where the brightness is only bounded (a flash, a filter), the probability of its being within
    the bound instead; ratios between elevations are likelihood ratios in either case.
    """
    from imagery.photo.exposure import clear_sky_ev100

    daylight = _daylight_share(elevation_deg)
    indoors = INDOORS_AT_NIGHT + daylight * (INDOORS_BY_DAY - INDOORS_AT_NIGHT)
    in_twilight = min(max((_DAY_DEG - elevation_deg) / _DAY_DEG, 0.0), 1.0)
    spread = OPEN_SIGMA_EV + in_twilight * (TWILIGHT_SIGMA_EV - OPEN_SIGMA_EV)
    kinds = (
        (indoors, INDOORS_EV, INDOORS_SIGMA_EV),
        ((1 - indoors) * daylight, clear_sky_ev100(elevation_deg) + OPEN_MEAN_EV, spread),
        ((1 - indoors) * (1 - daylight), NIGHT_EV, NIGHT_SIGMA_EV),
    )
    meant = sum(
        share * _normal(light, mean, math.hypot(sigma, light.spread_ev))
        for share, mean, sigma in kinds
    )
    return (1 - MEANINGLESS) * meant + MEANINGLESS * _anything(light)


def _expected(light: SceneLight, times: ClaimedTimes) -> float:
    """The density averaged over instants."""
    import numpy as np

    heights = np.arange(-20.0, 91.0)
    table = [light_density(light, float(height)) for height in heights]
    return float((np.interp(times.elevation_deg, heights, table) * times.weight).sum())


def _daylight_share(elevation_deg: float) -> float:
    """How far daylight outweighs lamps out of doors: 1 by day, 0 from the end of civil twilight."""
    return min(max((elevation_deg - _DUSK_DEG) / -_DUSK_DEG, 0.0), 1.0)


def _normal(light: SceneLight, mean: float, sigma: float) -> float:
    z = (light.ev100 - mean) / sigma
    if light.bound == "at_most":
        return 0.5 * math.erfc(-z / math.sqrt(2))
    if light.bound == "at_least":
        return 0.5 * math.erfc(z / math.sqrt(2))
    return math.exp(-0.5 * z * z) / (sigma * math.sqrt(2 * math.pi))


def _anything(light: SceneLight) -> float:
    low, high = _RANGE_EV
    share = min(max((light.ev100 - low) / (high - low), 0.0), 1.0)
    if light.bound == "at_most":
        return share
    if light.bound == "at_least":
        return 1.0 - share
    return 1.0 / (high - low)
