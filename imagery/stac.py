"""Catalogues of dated scenes: STAC (SpatioTemporal Asset Catalog) APIs, static catalogues, folders.

An API is searched with pystac-client, whose requests all go through ``imagery.fetcher`` (the same
limits, cache and archive as everything else). Its answers are not turned into pystac objects: what
is needed of an item is read here, and what cannot be used is left out and counted. A static
catalogue, in a folder or on a server, is walked link by link.

Searches are GET requests, which every STAC API has to answer; a page that says that the next is to
be had by POST is asked for with the same parameters in the address.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from imagery.chip import Interval
from imagery.errors import HttpError, StacError, printable
from imagery.fetcher import Fetcher
from imagery.stac_item import Box, Scene, read_item

EARTH_SEARCH = "https://earth-search.aws.element84.com/v1"
MOST_SCENES = 1000
"""Scenes taken of one search; more are left and said so."""
_PAGE = 100
_MOST_DOCUMENTS = 3000
_MOST_DEPTH = 8
_MOST_PROBLEMS = 10
_ITEM_SEARCH = "item-search"
# What a client written for well-formed answers ends in over others.
_BEYOND = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
    NotImplementedError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What a catalogue answered.

    Attributes:
        scenes: by time.
        problems: what could not be used or reached, each in a line.
    """

    scenes: tuple[Scene, ...]
    problems: tuple[str, ...] = ()


class StacCatalogue:
    """One catalogue of scenes.

    Args:
        address: of the API or of a static catalogue's ``catalog.json``; or the path of the latter,
            or of one item, in a local folder.
        fetcher: fetches.
        name: for people; the address if not given.
    """

    def __init__(self, address: str | Path, *, fetcher: Fetcher, name: str | None = None) -> None:
        self.address = address
        self.name = name or str(address)
        self.fetcher = fetcher

    def search(self, box: Box, when: Interval, collections: tuple[str, ...] = ()) -> Search:
        """Scenes whose outline meets a box and whose exposure lies in an interval.

        Args:
            box: west, south, east, north in degrees; west above east crosses the antimeridian.
            when: first and last day.
            collections: names of collections; empty takes all.

        Raises:
            StacError: the catalogue cannot be reached or is none, or its pages go in a circle.
        """
        folder = self._root().parent if isinstance(self.address, Path) else None
        seen = 0
        problems: dict[str, int] = {}
        scenes: dict[tuple[str, str], Scene] = {}
        try:
            for item, base in self._items(box, when, collections):
                seen += 1
                if seen > MOST_SCENES:
                    why = f"more than {MOST_SCENES} scenes; the rest was left: narrow the dates"
                    problems[why] = 1
                    break
                try:
                    scene = read_item(item, base=base, catalogue=self.name, folder=folder)
                except StacError as error:
                    problems[str(error)] = problems.get(str(error), 0) + 1
                    continue
                # Not every server filters by all that it is asked.
                if (
                    (not collections or scene.collection in collections)
                    and when[0] <= scene.acquired[0]
                    and scene.acquired[1] <= when[1]
                    and scene.meets(box)
                ):
                    scenes.setdefault((scene.collection, scene.id), scene)
        except HttpError as error:
            raise StacError(f"{printable(self.name)}: {error}") from error
        except OSError as error:
            raise StacError(f"{printable(self.name)}: cannot be read ({error.strerror})") from error
        return Search(
            scenes=tuple(sorted(scenes.values(), key=lambda s: (s.acquired, s.id))),
            problems=tuple(_told(self.name, problems)),
        )

    def _items(
        self, box: Box, when: Interval, collections: tuple[str, ...]
    ) -> Iterator[tuple[Any, str | Path]]:
        from imagery.stac_io import FolderReader, WebReader

        if isinstance(self.address, Path):
            root = self._root()
            yield from self._walk(FolderReader(root.parent), root, box, when)
            return
        web = WebReader(self.fetcher)
        top = web.document(self.address)
        if _is_api(top):
            found = self._search_api(web, box, when, collections)
            yield from ((item, self.address) for item in found)
        else:
            yield from self._walk(web, self.address, box, when)

    def _root(self) -> Path:
        """The file that a local catalogue begins with."""
        path = Path(self.address)
        return path / "catalog.json" if path.is_dir() else path

    def _search_api(
        self, web: Any, box: Box, when: Interval, collections: tuple[str, ...]
    ) -> Iterator[Any]:
        from pystac.errors import STACError
        from pystac_client import Client
        from pystac_client.exceptions import APIError

        from imagery.stac_client import SessionIO

        try:
            with warnings.catch_warnings():
                # About what a catalogue's front page leaves out; the search is tried all the same.
                warnings.simplefilter("ignore")
                client = Client.open(str(self.address), stac_io=SessionIO(web))
                pages = client.search(
                    method="GET",
                    bbox=box,
                    datetime=f"{when[0].isoformat()}T00:00:00Z/{when[1].isoformat()}T23:59:59Z",
                    collections=list(collections) or None,
                    limit=_PAGE,
                ).pages_as_dicts()
                for page in pages:
                    yield from page["features"]
        except StacError:
            raise
        except HttpError:
            raise
        except (APIError, STACError, *_BEYOND) as error:
            raise StacError(
                f"{printable(self.name)}: its answer is not what a STAC API gives "
                f"({type(error).__name__}: {printable(str(error), 80)})"
            ) from error

    def _walk(
        self, reader: Any, root: str | Path, box: Box, when: Interval
    ) -> Iterator[tuple[Any, str | Path]]:
        """Items below a document, parts of the catalogue that lie elsewhere left out."""
        waiting: list[tuple[str | Path, int]] = [(root, 0)]
        visited = set()
        while waiting:
            at, depth = waiting.pop()
            if at in visited:
                continue
            visited.add(at)
            if len(visited) > _MOST_DOCUMENTS:
                raise StacError(
                    f"{printable(self.name)}: more than {_MOST_DOCUMENTS} documents; give the "
                    "address of a part of it"
                )
            document = reader.document(at)
            if document.get("type") == "Feature":
                yield document, at
                continue
            if document.get("type") == "FeatureCollection":
                features = document.get("features")
                for item in features if isinstance(features, list) else ():
                    yield item, at
                continue
            if depth == _MOST_DEPTH or not _may_hold(document, box, when):
                continue
            links = document.get("links")
            children = [
                reader.join(at, link["href"])
                for link in (links if isinstance(links, list) else ())
                if isinstance(link, dict)
                and link.get("rel") in {"child", "item", "items"}
                and isinstance(link.get("href"), str)
            ]
            # The last of a list is popped first: in the catalogue's own order.
            waiting += [(child, depth + 1) for child in reversed(children)]


def _told(name: str, problems: dict[str, int]) -> Iterator[str]:
    """The first few problems in words."""
    for why, count in list(problems.items())[:_MOST_PROBLEMS]:
        yield f"{name}: {why}" + (f" ({count} times)" if count > 1 else "")
    if len(problems) > _MOST_PROBLEMS:
        yield f"{name}: {len(problems) - _MOST_PROBLEMS} more entries cannot be used"


def _is_api(document: dict[str, Any]) -> bool:
    conforms = document.get("conformsTo")
    listed = conforms if isinstance(conforms, list) else []
    return any(isinstance(c, str) and c.endswith(_ITEM_SEARCH) for c in listed)


def _may_hold(document: dict[str, Any], box: Box, when: Interval) -> bool:
    """Whether a part of a catalogue can hold what is wanted, by the extent it states, if any."""
    from imagery.stac_item import boxes_meet, read_box, read_moment

    extent = document.get("extent")
    if not isinstance(extent, dict):
        return True
    try:
        # The first is the whole; further ones say where in it the data cluster.
        whole = read_box(extent["spatial"]["bbox"][0])
        first, last = extent["temporal"]["interval"][0]
        begins = read_moment(first) if first is not None else None
        ends = read_moment(last) if last is not None else None
    except (KeyError, IndexError, TypeError, ValueError):
        return True
    return (
        boxes_meet(whole, box)
        and (begins is None or begins.date() <= when[1])
        and (ends is None or ends.date() >= when[0])
    )
