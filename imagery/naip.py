"""NAIP: aerial photographs of the United States at 0.3 to 1 m, in red, green, blue, near infrared.

The numbers are brightness from 0 to 255, not reflectance, and are kept as they are. They come
without a cloud mask: flights are on clear days, but nobody promises it for a given chip.
"""

from __future__ import annotations

from imagery.mission import Mission

NAIP = Mission(
    key="naip",
    name="National Agriculture Imagery Program",
    collections=("naip",),
    bands=tuple((band, ("image",)) for band in ("red", "green", "blue", "nir")),
    default_bands=("red", "green", "blue", "nir"),
    gsd_m=1.0,
    quality=(),
    sky=None,
    scaling=None,
    no_data=None,
    attribution="USDA Farm Service Agency, National Agriculture Imagery Program",
    licence="public domain",
)
"""Every two or three years, by state."""
