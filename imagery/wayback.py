"""Esri's World Imagery Wayback: which releases changed at a place, and when those were captured.

A release says when a basemap was published, not when a place was photographed: months or years lie
between, and most releases change nothing at most places. So for a place it is asked

1. which releases there are (a list that Esri publishes),
2. which of them changed the tile (``tilemap/RELEASE/LEVEL/ROW/COLUMN``: ``data`` says whether there
   is a tile, ``select`` which release it is really of), from the newest back,
3. when the ground within the chip was photographed (a query of the release's metadata layer for
   ``SRC_DATE2``; layer 0 is about zoom 23, layer 13 about zoom 10 and all coarser ones).

Where that says nothing, or says it of only a part, the chip has no date. The terms forbid
unattended use: somebody has to ask for it by name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from gazetteer.position import Position
from imagery.chip import Interval
from imagery.errors import HttpError, ProviderError, printable
from imagery.grid import MAX_ZOOM, MOST_PX, Tile, Window, world_pixel
from imagery.providers import Provider
from imagery.xyz import XyzTiling

if TYPE_CHECKING:
    from imagery.fetcher import Fetcher

_TITLE = re.compile(r"\(Wayback (\d{4}-\d{2}-\d{2})\)")
_FIELDS = re.compile(r"\{(level|row|col)\}")
_MOST_LIST_BYTES = 5_000_000
_MOST_ANSWER_BYTES = 2_000_000
_MOST_RELEASES = 1_000
_FRESH_LIST = timedelta(days=1)
_FINEST_METADATA_ZOOM, _COARSEST_METADATA_LAYER = 23, 13
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Before this there were no satellites to take it; such a date is a placeholder.
_FIRST_YEAR = 1950


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One release of the basemap.

    Attributes:
        number: as the server counts them, not in the order of time.
        published: when it was.
        template: address of its tiles, with {z}, {x} and {y}.
        tilemap: address of its tile map, without the tile; None if it cannot be told.
        metadata: address of its metadata service; None if it has none.
    """

    number: int
    published: date
    template: str
    tilemap: str | None
    metadata: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """What the metadata layer says of the ground within a box.

    Attributes:
        acquired: first and last day of the photographs there; None unless all have a day.
        sources: who took them, as told.
        resolution_m: the coarsest, as told.
    """

    acquired: Interval | None
    sources: tuple[str, ...] = ()
    resolution_m: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A release that changed a place, and when what it shows was captured."""

    release: Release
    capture: Capture


def read_releases(body: bytes) -> tuple[Release, ...]:
    """The releases of a list (``waybackconfig.json``), newest first.

    Raises:
        ProviderError: it is no such list, or nothing in it can be used.
    """
    try:
        listed = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ProviderError("the list of Wayback releases is no JSON") from error
    if not isinstance(listed, dict):
        raise ProviderError("the list of Wayback releases is no JSON object")
    found = []
    for key, entry in list(listed.items())[:_MOST_RELEASES]:
        release = _release(key, entry)
        if release is not None:
            found.append(release)
    if not found:
        raise ProviderError("the list of Wayback releases has none that can be used")
    return tuple(sorted(found, key=lambda r: r.published, reverse=True))


def _release(key: str, entry: object) -> Release | None:
    if not (isinstance(entry, dict) and key.isascii() and key.isdigit() and len(key) < 12):
        return None
    title, tiles = str(entry.get("itemTitle", ""))[:200], str(entry.get("itemURL", ""))[:1_000]
    dated = _TITLE.search(title)
    fields = _FIELDS.findall(tiles)
    parts = urlsplit(tiles)
    if dated is None or sorted(fields) != ["col", "level", "row"]:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
        return None
    try:
        published = date.fromisoformat(dated[1])
    except ValueError:
        return None
    metadata = str(entry.get("metadataLayerUrl", ""))[:1_000]
    service, wmts, _ = tiles.partition("/WMTS/")
    names = {"level": "{z}", "row": "{y}", "col": "{x}"}
    return Release(
        number=int(key),
        published=published,
        template=_FIELDS.sub(lambda f: names[f[1]], tiles),
        tilemap=f"{service}/MapServer/tilemap/{int(key)}" if wmts else None,
        metadata=metadata if metadata.startswith(("https://", "http://")) else None,
    )


class Wayback:
    """Asks for releases, their changes and their dates.

    Args:
        provider: of protocol ``wayback``.
        fetcher: fetches, with its limits, cache and archive.
    """

    def __init__(self, provider: Provider, fetcher: Fetcher) -> None:
        if provider.protocol != "wayback" or provider.address is None:
            raise ProviderError(f"{provider.name} is no Wayback but {provider.protocol}")
        self.provider = provider
        self._address = provider.address
        self._fetcher = fetcher
        self._releases: tuple[Release, ...] | None = None

    def releases(self) -> tuple[Release, ...]:
        """All releases, newest first.

        Raises:
            HttpError: the list cannot be fetched.
            ProviderError: it is no such list.
        """
        if self._releases is None:
            got = self._fetcher.get(self._address, most_bytes=_MOST_LIST_BYTES, max_age=_FRESH_LIST)
            self._releases = read_releases(got.body)
        return self._releases

    def changes(self, tile: Tile) -> Iterator[Release]:
        """The releases that changed a tile, newest first; asked for one by one.

        Raises:
            HttpError, ProviderError: a server does not answer, or not as it should.
        """
        releases = self.releases()
        by_number = {release.number: n for n, release in enumerate(releases)}
        at = 0
        while at < len(releases):
            release = releases[at]
            if release.tilemap is None:
                at += 1
                continue
            url = f"{release.tilemap}/{tile.zoom}/{tile.row}/{tile.col}"
            answer = self._json(url)
            data = answer.get("data")
            if not isinstance(data, list) or not data or not data[0]:
                return
            select = answer.get("select")
            chosen = select[0] if isinstance(select, list) and select else None
            found = at
            if isinstance(chosen, int | str) and str(chosen).isdigit() and int(chosen):
                found = by_number.get(int(chosen), -1)
                if found < at:
                    # One that is not listed, or newer than what was asked for: it would go round
                    # in a circle.
                    raise ProviderError(
                        f"{printable(url)}: names release {printable(str(chosen), 20)}, which is "
                        "not before it"
                    )
            yield releases[found]
            at = found + 1

    def capture(self, release: Release, window: Window) -> Capture:
        """When the ground within a window was photographed, by the release's metadata.

        Raises:
            HttpError, ProviderError: the server does not answer, or not as it should.
        """
        if release.metadata is None:
            return Capture(acquired=None)
        layer = min(max(_FINEST_METADATA_ZOOM - window.zoom, 0), _COARSEST_METADATA_LAYER)
        step, _, left, _, _, top = window.transform
        box = {
            "xmin": left,
            "ymin": top - window.rows * step,
            "xmax": left + window.cols * step,
            "ymax": top,
            "spatialReference": {"wkid": 3857},
        }
        asked = {
            "f": "json",
            "where": "1=1",
            "outFields": "SRC_DATE2,NICE_DESC,SRC_DESC,SAMP_RES,SRC_ACC",
            "geometry": json.dumps(box),
            "geometryType": "esriGeometryEnvelope",
            "spatialRel": "esriSpatialRelIntersects",
            "returnGeometry": "false",
        }
        answer = self._json(f"{release.metadata}/{layer}/query?{urlencode(asked)}")
        if "error" in answer or not isinstance(answer.get("features"), list):
            raise ProviderError(
                f"{self.provider.name}: the metadata of release {release.number} cannot be asked"
            )
        return read_capture(answer)

    def dated(
        self, centre: Position, size_m: float, *, most_px: int = MOST_PX
    ) -> tuple[Dated, ...]:
        """The releases that changed the middle of a chip, newest first, with their captures.

        Raises:
            ChipError: the square cannot be cut from web map tiles.
            HttpError, ProviderError: a server does not answer, or not as it should.
        """
        window = XyzTiling(self.provider).window(centre, size_m, most_px=most_px)
        col, row = world_pixel(centre, window.zoom, window.tile_px)
        last = 2**window.zoom - 1
        tile = Tile(
            zoom=window.zoom,
            col=min(int(col // window.tile_px), last),
            row=min(int(row // window.tile_px), last),
        )
        return tuple(
            Dated(release=release, capture=self._capture_or_none(release, window))
            for release in self.changes(tile)
        )

    def _capture_or_none(self, release: Release, window: Window) -> Capture:
        try:
            return self.capture(release, window)
        except (HttpError, ProviderError):
            # Undated, then; the pixels are there all the same.
            return Capture(acquired=None)

    def tiles_of(self, dated: Dated) -> Provider:
        """A release as a server of tiles, with the dates of the ground it was asked for."""
        own, release, capture = self.provider, dated.release, dated.capture
        dates: dict[str, Any] = {"dates": "release", "first": release.published}
        if capture.acquired is not None:
            first, last = capture.acquired
            dates = {"dates": "acquisition", "first": first, "last": last}
        return Provider(
            id=f"{own.id}-{release.number}"[:60],
            name=f"{own.name}, release of {release.published.isoformat()}",
            template=release.template,
            min_zoom=own.min_zoom,
            max_zoom=MAX_ZOOM if own.max_zoom is None else own.max_zoom,
            connections=own.connections,
            attribution=own.attribution,
            licence=own.licence,
            terms=own.terms,
            automated=own.automated,
            **dates,
        )

    def _json(self, url: str) -> dict[str, Any]:
        got = self._fetcher.get(url, most_bytes=_MOST_ANSWER_BYTES, max_age=_FRESH_LIST)
        try:
            answer = json.loads(got.body)
        except (ValueError, RecursionError) as error:
            raise ProviderError(f"{printable(url)}: the answer is no JSON") from error
        if not isinstance(answer, dict):
            raise ProviderError(f"{printable(url)}: the answer is no JSON object")
        return answer


def read_capture(answer: dict[str, Any]) -> Capture:
    """What a metadata layer answered: ``features`` with ``attributes``.

    ``SRC_DATE2`` is in milliseconds since 1970, UTC.
    """
    days: list[date | None] = []
    sources: list[str] = []
    sizes: list[float] = []
    for feature in answer["features"]:
        attributes = feature.get("attributes") if isinstance(feature, dict) else None
        if not isinstance(attributes, dict):
            days.append(None)
            continue
        days.append(_day(attributes.get("SRC_DATE2")))
        said = [attributes.get(name) for name in ("NICE_DESC", "SRC_DESC")]
        text = ", ".join(printable(s, 60) for s in said if isinstance(s, str) and s.strip())
        if text and text not in sources:
            sources.append(text)
        size = attributes.get("SAMP_RES")
        if isinstance(size, int | float) and 0 < size < 1e5:
            sizes.append(float(size))
    known = [day for day in days if day is not None]
    whole = bool(known) and len(known) == len(days)
    return Capture(
        acquired=(min(known), max(known)) if whole else None,
        sources=tuple(sources[:10]),
        resolution_m=max(sizes, default=None),
    )


def _day(milliseconds: object) -> date | None:
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, int | float):
        return None
    try:
        day = (_EPOCH + timedelta(milliseconds=milliseconds)).date()
    except (OverflowError, ValueError):
        return None
    if day.year < _FIRST_YEAR or day > datetime.now(UTC).date():
        return None
    return day
