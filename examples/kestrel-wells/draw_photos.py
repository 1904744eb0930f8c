"""Drawn photos: dunes, a sky and something in front of them, with and without EXIF data."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont
from PIL.ExifTags import GPS, IFD, Base
from PIL.TiffImagePlugin import IFDRational

SIZE = (480, 320)
_QUALITY = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """One photo.

    Attributes:
        file: its name.
        caption: what the article says of it.
        shows: what is drawn: "tents", "trucks", "mast", "rig" or "tower".
        lat, lon: what its EXIF says of where it was taken, or None.
        taken: local time in EXIF, "2021:03:04 09:14:00", or None.
        offset: the clock's offset from UTC in EXIF, "+03:00", or None.
    """

    file: str
    caption: str
    shows: str
    lat: float | None = None
    lon: float | None = None
    taken: str | None = None
    offset: str | None = None


PHOTOS = (
    # Taken where and when the caption says.
    Photo(
        file="rig.jpg",
        caption="Drillers at Nightjar Ridge, 4 March 2021",
        shows="rig",
        lat=20.3142,
        lon=53.6901,
        taken="2021:03:04 09:14:22",
        offset="+03:00",
    ),
    # Its own data put it 108 km away, at Saltlark Field.
    Photo(
        file="trucks.jpg",
        caption="Tanker trucks at Tallow Gap, 6 March 2021",
        shows="trucks",
        lat=20.4203,
        lon=54.2016,
        taken="2021:03:06 16:40:05",
        offset="+03:00",
    ),
    # The right place, sixteen months too early.
    Photo(
        file="tower.jpg",
        caption="Guards at Saltlark Field, 2 March 2021",
        shows="tower",
        lat=20.4196,
        lon=54.1989,
        taken="2019:11:18 12:02:41",
        offset="+03:00",
    ),
    # Nothing but pixels: the usual case.
    Photo(file="tents.jpg", caption="Tents at Kestrel Wells, 9 March 2021", shows="tents"),
    # A place that only other publishers' words describe, and a clock without a time zone.
    Photo(
        file="mast.jpg",
        caption="Engineers at Kestrel Wells, 11 March 2021",
        shows="mast",
        lat=20.0200,
        lon=54.0000,
        taken="2021:03:11 08:30:00",
    ),
)


def write_photo(photo: Photo, path: Path) -> None:
    """Draw ``photo`` and write it as a JPEG."""
    picture = _scene()
    draw = ImageDraw.Draw(picture)
    {"tents": _tents, "trucks": _trucks, "mast": _mast, "rig": _rig, "tower": _tower}[photo.shows](
        draw
    )
    stamp(picture, "SYNTHETIC")
    exif = _exif(photo)
    picture.save(path, "JPEG", quality=_QUALITY, **({"exif": exif} if exif else {}))


def stamp(picture: Image.Image, text: str) -> None:
    """Write ``text`` across the foot of a picture, dark on a light band, a tenth of its height."""
    width, height = picture.size
    band = height // 10
    draw = ImageDraw.Draw(picture)
    light = (255, 255, 255) if picture.mode == "RGB" else 255
    dark = (140, 0, 0) if picture.mode == "RGB" else 0
    draw.rectangle((0, height - band, width, height), fill=light)
    font = ImageFont.load_default(size=band * 0.8)
    draw.text((width / 2, height - band / 2), text, fill=dark, font=font, anchor="mm")


def _scene() -> Image.Image:
    """A sky that pales towards the horizon, and three rows of dunes."""
    width, height = SIZE
    picture = Image.new("RGB", SIZE)
    draw = ImageDraw.Draw(picture)
    for y in range(height):
        pale = min(1.0, y / (0.55 * height))
        draw.line(
            (0, y, width, y),
            fill=(int(120 + 110 * pale), int(165 + 60 * pale), int(215 + 5 * pale)),
        )
    rows = ((0.52, 14, 95, (222, 184, 128)), (0.62, 20, 150, (205, 160, 100)))
    for level, swing, wave, colour in (*rows, (0.74, 12, 240, (186, 138, 80))):
        ridge = [
            (x, height * level + swing * math.sin(x / wave * math.tau / 2 + wave))
            for x in range(0, width + 8, 8)
        ]
        draw.polygon([*ridge, (width, height), (0, height)], fill=colour)
    return picture


def _tents(draw: ImageDraw.ImageDraw) -> None:
    for x in (90, 190, 300):
        draw.polygon([(x, 250), (x + 45, 195), (x + 90, 250)], fill=(232, 226, 210))
        draw.polygon([(x + 38, 250), (x + 45, 215), (x + 52, 250)], fill=(90, 80, 70))


def _trucks(draw: ImageDraw.ImageDraw) -> None:
    for x in (60, 250):
        draw.rounded_rectangle((x, 200, x + 110, 240), radius=18, fill=(176, 182, 188))
        draw.rectangle((x + 114, 208, x + 146, 240), fill=(60, 90, 140))
        for wheel in (x + 14, x + 74, x + 122):
            draw.ellipse((wheel, 232, wheel + 20, 252), fill=(35, 35, 35))


def _mast(draw: ImageDraw.ImageDraw) -> None:
    draw.line((240, 255, 240, 70), fill=(170, 40, 40), width=5)
    for anchor in (150, 330):
        draw.line((240, 90, anchor, 258), fill=(70, 70, 70), width=1)
    draw.rectangle((214, 235, 266, 262), fill=(225, 225, 225))


def _rig(draw: ImageDraw.ImageDraw) -> None:
    draw.line((200, 258, 235, 80), fill=(60, 60, 60), width=5)
    draw.line((280, 258, 245, 80), fill=(60, 60, 60), width=5)
    for step in range(5):
        y = 240 - 34 * step
        draw.line((204 + 7 * step, y, 276 - 7 * step, y), fill=(60, 60, 60), width=3)
    draw.rectangle((150, 236, 205, 262), fill=(200, 120, 40))


def _tower(draw: ImageDraw.ImageDraw) -> None:
    for x in (215, 265):
        draw.line((x, 258, 240 + (x - 240) // 2, 140), fill=(80, 70, 60), width=4)
    draw.rounded_rectangle((208, 100, 272, 146), radius=10, fill=(210, 210, 200))


def _exif(photo: Photo) -> Image.Exif | None:
    """The photo's EXIF block; None where it has none."""
    if photo.lat is None or photo.lon is None or photo.taken is None:
        return None
    exif = Image.Exif()
    exif[Base.Make] = "Synthetic"
    exif[Base.Model] = "Drawn by make_case.py"
    exif.get_ifd(IFD.Exif)[Base.DateTimeOriginal] = photo.taken
    if photo.offset:
        exif.get_ifd(IFD.Exif)[Base.OffsetTimeOriginal] = photo.offset
    where: dict[int, Any] = {
        GPS.GPSLatitudeRef: "N" if photo.lat >= 0 else "S",
        GPS.GPSLatitude: _degrees(photo.lat),
        GPS.GPSLongitudeRef: "E" if photo.lon >= 0 else "W",
        GPS.GPSLongitude: _degrees(photo.lon),
    }
    exif.get_ifd(IFD.GPSInfo).update(where)
    return exif


def _degrees(value: float) -> tuple[IFDRational, IFDRational, IFDRational]:
    """Degrees, minutes and hundredths of a second, as cameras write them."""
    hundredths = round(Fraction(str(abs(value))) * 360_000)
    degrees, rest = divmod(hundredths, 360_000)
    minutes, seconds = divmod(rest, 6_000)
    return IFDRational(degrees, 1), IFDRational(minutes, 1), IFDRational(seconds, 100)
