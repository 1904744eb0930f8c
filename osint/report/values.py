"""The small values that every part of a report is made of.

Positions are WGS84 degrees, distances metres, shares 0 to 1; nothing is infinite or not a number.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from osint.report.schema import require_everything

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:-]{0,79}$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
# Pictures are placed into the page, so nothing but the bytes of two plain formats is let through.
Picture = Annotated[
    str, StringConstraints(pattern=r"^data:image/(png|jpeg);base64,[A-Za-z0-9+/]+={0,2}$")
]
Lon = Annotated[float, Field(ge=-180, le=180)]
Lat = Annotated[float, Field(ge=-90, le=90)]
Metres = Annotated[float, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]
Point = tuple[Lon, Lat]
Scalar = str | int | float | bool | None


class Model(BaseModel):
    """Common settings: closed, frozen, no infinities, contract names on the way out."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        allow_inf_nan=False,
        serialize_by_alias=True,
        validate_by_alias=True,
        validate_by_name=True,
        json_schema_extra=require_everything,
    )


class Interval(Model):
    """A closed interval of days."""

    first: dt.date
    last: dt.date


class PointAt(Model):
    """One point."""

    lon: Lon
    lat: Lat
