"""How bright the scene was, from what the camera set: exposure time, f-number and sensitivity.

A camera that meters well gives each scene the same exposure of its sensor, so its settings say how
bright the scene was. The terms are those of APEX (Exif 2.32, annex C)::

    EV100 = log2(N^2 / t) - log2(S / 100)      N f-number, t seconds, S ISO speed
    L     = K / 100 * 2^EV100                  cd/m^2, K = 12.5 (ISO 2720, reflected light)
    EV100 = Bv + 5                             Bv the brightness value, the second way

What daylight gives is the illuminance of the ground by solar elevation, after Janiczek and DeYoung,
Computer programs for sun and moon illuminance (U.S. Naval Observatory Circular 171, 1987): clear
sky, horizontal ground, the sun alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

CALIBRATION_K = 12.5
"""Reflected-light meter constant of ISO 2720, cd s / (m^2 ISO); makers use 12.5 to 14 (0.2 EV)."""

MEAN_REFLECTANCE = 0.18
"""Share of the light that an average scene reflects (the photographer's grey card)."""

Bound = Literal["about", "at_most", "at_least"]

# Outside these a value is a placeholder or damage; 65535 says that the speed stands elsewhere.
_TIME_S = (1e-6, 3_600.0)
_F_NUMBER = (0.5, 128.0)
_ISO = (1.0, 5_000_000.0)
_ISO_ELSEWHERE = 65_535
_LARGEST_BIAS_EV = 10.0
_BRIGHTNESS_EV = (-15.0, 20.0)
_EV_OF_BRIGHTNESS_0 = 5.0

# Metering of unusual scenes, and makers' own idea of ISO speed.
_SETTINGS_SPREAD_EV = 1.0
_BRIGHTNESS_SPREAD_EV = 1.5
_WAYS_APART_EV = 2.5
# A grey filter makes such settings possible in daylight, and hardly anything else asks for them.
_FILTER_TIME_S = 0.25
_FILTER_F_NUMBER = 8.0
_FILTER_ISO = 200.0

# log10 lux as a cubic in elevation / 90 deg, from each lower bound upwards (Circular 171).
_ILLUMINANCE = (
    (20.0, (3.74, 3.97, -4.07, 1.47)),
    (5.0, (3.05, 13.28, -45.98, 64.33)),
    (-0.8, (2.88, 22.26, -207.64, 1034.30)),
    (-5.0, (2.88, 21.81, -258.11, -858.36)),
    (-12.0, (2.70, 12.17, -431.69, -1899.83)),
    (-18.0, (13.84, 262.72, 1447.42, 2797.93)),
)
_NIGHT_DEG = -18.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """What a file says of its exposure; each value as it stands there, None where it does not.

    Attributes:
        time_s: exposure time, seconds (ExposureTime, or 2^-ShutterSpeedValue).
        f_number: the aperture (FNumber, or sqrt(2)^ApertureValue).
        iso: sensitivity (PhotographicSensitivity).
        bias_ev: exposure compensation (ExposureBiasValue): positive where the photographer asked
            for more light than the meter did.
        flash_fired: bit 0 of Flash.
        brightness_ev: BrightnessValue, APEX units.
    """

    time_s: float | None = None
    f_number: float | None = None
    iso: float | None = None
    bias_ev: float | None = None
    flash_fired: bool | None = None
    brightness_ev: float | None = None

    @property
    def ev100(self) -> float | None:
        """Exposure value of the settings at ISO 100, without the bias; None if one is unusable."""
        time_s = _usable(self.time_s, _TIME_S)
        f_number = _usable(self.f_number, _F_NUMBER)
        iso = _usable(self.iso, _ISO)
        if time_s is None or f_number is None or iso is None or iso == _ISO_ELSEWHERE:
            return None
        return math.log2(f_number**2 / time_s) - math.log2(iso / 100)

    def as_dict(self) -> dict[str, object]:
        """The fields by name; a number that is not finite, which JSON has none of, as None."""
        return {
            "time_s": _finite(self.time_s),
            "f_number": _finite(self.f_number),
            "iso": _finite(self.iso),
            "bias_ev": _finite(self.bias_ev),
            "flash_fired": self.flash_fired,
            "brightness_ev": _finite(self.brightness_ev),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneLight:
    """How bright a scene was.

    Attributes:
        ev100: its brightness as the exposure value a meter shows for it at ISO 100.
        spread_ev: one standard deviation of what the camera and its metering leave open.
        bound: "about"; "at_most" where a flash lit the scene, which may have been darker without;
            "at_least" where a grey filter may have darkened the picture.
        way: "settings" (time, aperture, speed) or "brightness" (the camera's own figure).
        remarks: what to know before relying on it.
    """

    ev100: float
    spread_ev: float
    bound: Bound
    way: Literal["settings", "brightness"]
    remarks: tuple[str, ...] = ()

    @property
    def luminance_cd_m2(self) -> float:
        """Mean luminance of the scene, cd/m^2."""
        return luminance_cd_m2(self.ev100)


def scene_light(exposure: Exposure) -> SceneLight | None:
    """The brightness of the scene that was exposed so; None where the file does not say enough.

    The settings go before the camera's brightness value: makers compute that one in their own
    ways. An exposure of +1 EV over the meter's (``bias_ev``) means a scene 1 EV brighter than the
    settings say.
    """
    settings = exposure.ev100
    remarks: list[str] = []
    bias = exposure.bias_ev
    if settings is not None and bias is not None and math.isfinite(bias):
        if abs(bias) <= _LARGEST_BIAS_EV:
            settings += bias
        else:
            remarks.append(f"an exposure bias of {bias:g} EV is none a camera offers; left out")
    brightness = _usable(exposure.brightness_ev, _BRIGHTNESS_EV)
    reported = None if brightness is None else brightness + _EV_OF_BRIGHTNESS_0
    ev100 = settings if settings is not None else reported
    if ev100 is None:
        return None
    spread = _SETTINGS_SPREAD_EV if settings is not None else _BRIGHTNESS_SPREAD_EV
    if settings is not None and reported is not None and abs(settings - reported) > _WAYS_APART_EV:
        remarks.append(
            f"the settings say EV {settings:.1f}, the camera's brightness value EV {reported:.1f}"
        )
        spread = max(spread, abs(settings - reported))
    bound: Bound = "about"
    if exposure.flash_fired:
        bound = "at_most"
        remarks.append("the flash fired: without it the scene may have been darker")
    elif _filter_possible(exposure):
        bound = "at_least"
        remarks.append("so long an exposure at so small an aperture may be through a grey filter")
    return SceneLight(
        ev100=ev100,
        spread_ev=spread,
        bound=bound,
        way="settings" if settings is not None else "brightness",
        remarks=tuple(remarks),
    )


def luminance_cd_m2(ev100: float) -> float:
    """Luminance, cd/m^2, for which a meter of K = 12.5 shows an exposure value at ISO 100."""
    return CALIBRATION_K / 100 * math.pow(2.0, ev100)


def illuminance_lux(elevation_deg: float) -> float:
    """Illuminance of horizontal ground under a clear sky by the sun alone, lux.

    Args:
        elevation_deg: apparent elevation of the sun, -90 to 90. Below -18 degrees the sun gives
            nothing more; the value there is that of -18, about 0.0006 lux, and the stars, the moon
            and towns give more.

    Raises:
        ValueError: it is outside of that range or not a number.
    """
    if not -90.0 <= elevation_deg <= 90.0:
        raise ValueError(f"an elevation of {elevation_deg} degrees is outside of -90 to 90")
    height = max(elevation_deg, _NIGHT_DEG)
    terms = next(terms for lowest, terms in _ILLUMINANCE if height >= lowest)
    x = height / 90.0
    a, b, c, d = terms
    return math.pow(10.0, a + x * (b + x * (c + x * d)))


def clear_sky_ev100(elevation_deg: float) -> float:
    """Exposure value at ISO 100 of an average scene in the open under a clear sky.

    Its luminance is that of ground of 18 % reflectance under ``illuminance_lux``. With the sun at
    45 degrees this is EV 15, which is the photographers' "sunny 16" rule.

    Raises:
        ValueError: see ``illuminance_lux``.
    """
    luminance = MEAN_REFLECTANCE * illuminance_lux(elevation_deg) / math.pi
    return math.log2(luminance / (CALIBRATION_K / 100))


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _usable(value: float | None, limits: tuple[float, float]) -> float | None:
    if value is None or not math.isfinite(value):
        return None
    return value if limits[0] <= value <= limits[1] else None


def _filter_possible(exposure: Exposure) -> bool:
    time_s = _usable(exposure.time_s, _TIME_S)
    f_number = _usable(exposure.f_number, _F_NUMBER)
    iso = _usable(exposure.iso, _ISO)
    return (
        time_s is not None
        and f_number is not None
        and iso is not None
        and time_s >= _FILTER_TIME_S
        and f_number >= _FILTER_F_NUMBER
        and iso <= _FILTER_ISO
    )
