"""The catalogue of imagery servers: where they are, what their dates mean, what they allow.

``providers.toml`` beside this file is the catalogue that ships; a person's own has the same form::

    [[provider]]
    id = "my-tiles"
    name = "Our aerial survey"
    template = "https://tiles.example.org/survey/{z}/{x}/{y}.png"
    max_zoom = 18
    dates = "acquisition"
    first = 2017-08-27
    attribution = "Survey office"
    automated = true

A WMTS or WMS server is named by its address instead::

    [[provider]]
    id = "my-wmts"
    name = "Our survey, by its capabilities"
    protocol = "wmts"
    address = "https://tiles.example.org/wmts/1.0.0/WMTSCapabilities.xml"
    layer = "survey_2017"
    automated = true
"""

from __future__ import annotations

import re
import tomllib
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from imagery.chip import Interval
from imagery.errors import ProviderError, printable
from imagery.grid import MAX_ZOOM, Scheme, Tile

CATALOGUE = Path(__file__).with_name("providers.toml")
_MOST_BYTES = 1_000_000
_MOST_PROVIDERS = 200
_FIELD = re.compile(r"\{([^{}]*)\}")

# A dimension of a WMTS or WMS layer, as its server names it.
_DIMENSION = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,40}")

Text = Annotated[str, Field(max_length=2_000, pattern=r"\S")]
Protocol = Literal["xyz", "wmts", "wms", "stac", "wayback"]
Dates = Literal["acquisition", "daily", "release", "composite", "none"]
TILED: tuple[Protocol, ...] = ("xyz", "wmts", "wms")
"""Protocols that answer with one picture per rectangle of a grid."""
MOST_CONNECTIONS = 16


class Provider(BaseModel):
    """One server and one layer of it.

    Attributes:
        id: short name, unique in its catalogue.
        name: what reports call it.
        protocol: ``xyz``: one address per tile, by ``template``; ``wmts``, ``wms``, ``stac``,
            ``wayback``: the server's own description or service at ``address``.
        template: address with ``{z}``, ``{x}`` and ``{y}`` (``{-y}``: rows from the south); with
            ``{date}`` exactly if ``dates`` is daily.
        address: of a WMTS, its capabilities; of a WMS, the service; of a STAC catalogue, its first
            page; of a Wayback, its list of releases.
        layer: of a WMTS or WMS; of a STAC catalogue, the collection.
        style: of a WMTS or WMS; empty: its default.
        matrix_set: of a WMTS: which of the layer's grids; None: a web-Mercator one, else the first.
        image: MIME type to ask a WMTS or WMS for; None: of a WMTS, what it offers, of a WMS, PNG.
        version: of a WMS.
        crs: to ask a WMS for.
        dimensions: fixed values of a WMTS or WMS layer's dimensions, by their names.
        mission: of a STAC catalogue: the kind of scenes, by its key.
        min_zoom: coarsest level; of a WMTS counted from the coarsest it has.
        max_zoom: finest level with detail of its own; None only where the server tells.
        tile_px: side of a tile; of a WMTS the server tells.
        scheme: how ``{y}`` counts rows.
        dates: ``daily``: one layer per day; ``acquisition``: everything was taken from ``first`` to
            ``last`` (or each scene says when); ``composite``: put together from days between the
            two; ``release``: only when it was published is known, on ``first``; ``none``: nothing
            is.
        first: first day there is imagery of.
        last: last day; for ``daily``, None while it goes on; otherwise None means ``first``.
        shows: ``elevation`` where the pixels are heights, which no report shows as a picture.
        resolution_m: size of the pixels that the imagery was taken with, on the ground.
        dark_is_hole: pixels of which no band exceeds this value are gaps that the server paints
            black; None where black is a colour like others.
        connections: to this server at once.
        attribution: to be shown with the imagery.
        licence: its terms in a few words.
        terms: where the terms stand.
        automated: whether unattended use is allowed; others are used only when named in a catalogue
            of one's own or by somebody who accepts the terms.
        note: what to mind.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,59}$")]
    name: Text
    protocol: Protocol = "xyz"
    template: Text = ""
    address: Text | None = None
    layer: Text | None = None
    style: Annotated[str, Field(max_length=200)] = ""
    matrix_set: Text | None = None
    image: Annotated[str, Field(pattern=r"^image/[a-z0-9.+;= -]{1,60}$")] | None = None
    version: Literal["1.1.1", "1.3.0"] = "1.3.0"
    crs: Annotated[str, Field(pattern=r"^(EPSG|CRS):[0-9]{2,6}$")] = "EPSG:3857"
    dimensions: dict[str, Text] = Field(default_factory=dict, max_length=10)
    mission: Text | None = None
    min_zoom: Annotated[int, Field(ge=0, le=MAX_ZOOM)] = 0
    max_zoom: Annotated[int, Field(ge=0, le=MAX_ZOOM)] | None = None
    tile_px: Literal[256, 512] = 256
    scheme: Scheme = "xyz"
    dates: Dates = "none"
    first: date | None = None
    last: date | None = None
    shows: Literal["imagery", "elevation"] = "imagery"
    resolution_m: Annotated[float, Field(gt=0, le=1e6)] | None = None
    dark_is_hole: Annotated[int, Field(ge=0, le=64)] | None = None
    connections: Annotated[int, Field(ge=1, le=MOST_CONNECTIONS)] = 8
    attribution: Text | None = None
    licence: Text | None = None
    terms: Text | None = None
    automated: bool
    note: Text | None = None

    @field_validator("dates", mode="before")
    @classmethod
    def _renamed(cls, value: object) -> object:
        # What catalogues written for earlier versions call it.
        return "acquisition" if value == "fixed" else value

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.protocol == "xyz":
            self._check_template()
        else:
            self._check_service()
        if self.max_zoom is not None and self.min_zoom > self.max_zoom:
            raise ValueError("min_zoom is above max_zoom")
        if self.last and not self.first:
            raise ValueError("last needs first")
        if self.dates == "none" and self.first:
            raise ValueError('first is needed exactly if dates says what it is, and is "none"')
        # Of a catalogue of scenes, each scene has its own date.
        if self.protocol in TILED and self.dates not in {"none", "release"} and not self.first:
            raise ValueError(f'first is needed exactly if dates is not "none", as {self.dates!r}')
        if self.first and self.last and self.last < self.first:
            raise ValueError("last is before first")
        return self

    def _check_template(self) -> None:
        if not self.template:
            raise ValueError("template is needed: the address of a tile")
        if self.address is not None:
            raise ValueError('address goes with protocol = "wmts", "wms" or "stac"')
        if self.max_zoom is None:
            raise ValueError("max_zoom is needed")
        fields = _FIELD.findall(self.template)
        _check_address("template", self.template)
        if unknown := set(fields) - {"z", "x", "y", "-y", "date"}:
            raise ValueError(f"template has an unknown field {sorted(unknown)[0]!r}")
        if not {"z", "x"} <= set(fields) or ("y" in fields) == ("-y" in fields):
            raise ValueError("template needs {z}, {x} and one of {y} and {-y}")
        if "-y" in fields and self.scheme == "tms":
            raise ValueError('give either {-y} or scheme = "tms", which mean the same')
        # A daily layer asked for without its day answers with a day of its own choice.
        if ("date" in fields) != (self.dates == "daily"):
            raise ValueError('template needs {date} exactly if dates = "daily"')

    def _check_service(self) -> None:
        if self.template:
            raise ValueError('template goes with protocol = "xyz"')
        if self.address is None:
            raise ValueError(f"address is needed: where the {self.protocol} service is")
        _check_address("address", self.address)
        if self.protocol in {"wmts", "wms"} and self.layer is None:
            raise ValueError(f"layer is needed: a {self.protocol} service has several")
        if self.protocol == "wms" and self.max_zoom is None:
            raise ValueError("max_zoom is needed: a wms service draws at any scale")
        if bad := [name for name in self.dimensions if not _DIMENSION.fullmatch(name)]:
            raise ValueError(f"dimensions has a name that none has: {printable(bad[0], 40)!r}")

    @property
    def host(self) -> str:
        """The server's name, as a browser would show it."""
        return urlsplit(self.address or _FIELD.sub("0", self.template)).netloc

    def acquired(self, day: date | None) -> Interval | None:
        """First and last day of what a request for ``day`` shows; None if not known."""
        if self.dates == "daily" and day is not None:
            return day, day
        if self.dates in {"acquisition", "composite"} and self.first is not None:
            return self.first, self.last or self.first
        return None

    def days_in(self, when: Interval) -> Interval | None:
        """The days of an interval that a daily layer has; None if none."""
        if self.dates != "daily" or self.first is None:
            return None
        first, last = max(when[0], self.first), min(when[1], self.last or date.max)
        return (first, last) if first <= last else None

    def url(self, tile: Tile, day: date | None) -> str:
        """The address of a tile by the template.

        Raises:
            ProviderError: the layer is daily and no day is given.
        """
        if self.dates == "daily" and day is None:
            raise ProviderError(f"{self.name} has one layer per day; say which day")
        values = {
            "z": str(tile.zoom),
            "x": str(tile.col),
            "y": str(tile.row_in(self.scheme)),
            "-y": str(tile.row_in("tms")),
            "date": day.isoformat() if day else "",
        }
        return _FIELD.sub(lambda found: values[found.group(1)], self.template)


def _check_address(what: str, address: str) -> None:
    parts = urlsplit(_FIELD.sub("0", address))
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"{what} must begin with https:// or http:// and name a host")
    if "@" in parts.netloc:
        raise ValueError(f"{what} must not hold credentials")
    if "#" in address:
        raise ValueError(f"{what} must not hold a #: what follows it is never sent")


class _Catalogue(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    provider: Annotated[list[Provider], Field(min_length=1, max_length=_MOST_PROVIDERS)]


def read_providers(path: Path) -> tuple[Provider, ...]:
    """Read a catalogue of imagery servers.

    Raises:
        ProviderError: the file cannot be read, is not TOML, or has a wrong key or value; the
            message names the provider and the key.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise ProviderError(f"{path} cannot be read ({error.strerror})") from error
    if len(content) > _MOST_BYTES:
        raise ProviderError(f"{path} is larger than {_MOST_BYTES // 1000} kB; shorten it")
    try:
        parsed = tomllib.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ProviderError(f"{path} is not TOML in UTF-8: {printable(str(error))}") from error
    try:
        providers = _Catalogue.model_validate(parsed).provider
    except ValidationError as error:
        raise ProviderError(f"{path}: {_explain(error)}") from error
    ids = [provider.id for provider in providers]
    if twice := sorted({i for i in ids if ids.count(i) > 1}):
        raise ProviderError(f"{path}: two providers have the id {twice[0]!r}; rename one")
    return tuple(providers)


@cache
def shipped_providers() -> tuple[Provider, ...]:
    """The catalogue that comes with the package, best first within each kind of date."""
    return read_providers(CATALOGUE)


def _explain(error: ValidationError) -> str:
    """The first mistake in one line: which provider, which key, what is wrong."""
    first = error.errors()[0]
    where = [str(part) for part in first["loc"]]
    number = next((int(part) + 1 for part in where if part.isdigit()), None)
    key = next((part for part in reversed(where) if not part.isdigit()), "provider")
    what = first["msg"].removeprefix("Value error, ")
    if first["type"] == "extra_forbidden":
        what = f"unknown key; allowed: {', '.join(Provider.model_fields)}"
    place = f"provider {number}" if number else "catalogue"
    name = "" if key == "provider" and number else f", {printable(key, 40)}"
    return f"{place}{name}: {what}"


def yesterday() -> date:
    """The last day that every place has seen the end of, nearly: the day before today's, UTC."""
    from datetime import UTC, datetime

    return datetime.now(UTC).date() - timedelta(days=1)
