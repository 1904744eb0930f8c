"""Documents of a STAC catalogue, from the network or a folder, within limits."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin

from imagery.errors import StacError, printable
from imagery.fetcher import Fetcher

_MOST_BYTES = 20_000_000
_MOST_REQUESTS = 3000
# What a catalogue lists of a period can grow for a while.
_FRESH = timedelta(hours=12)


class WebReader:
    """JSON documents of one catalogue on the network."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._asked = 0
        # The front page is looked at to see what it is, and then used.
        self._first: tuple[str, str] | None = None

    def document(self, at: str | Path) -> dict[str, Any]:
        """A document.

        Raises:
            HttpError: it cannot be fetched.
            StacError: it is no JSON object, or too many were asked for.
        """
        return parsed(self.text(str(at)), str(at))

    def text(self, url: str) -> str:
        """A document as text."""
        if self._first is not None and self._first[0] == url:
            return self._first[1]
        self._asked += 1
        if self._asked > _MOST_REQUESTS:
            raise StacError(f"{printable(url)}: more than {_MOST_REQUESTS} documents asked for")
        fetched = self._fetcher.get(url, most_bytes=_MOST_BYTES, max_age=_FRESH)
        text = fetched.body.decode("utf-8", "replace")
        self._first = self._first or (url, text)
        return text

    def join(self, base: str | Path, href: str) -> str:
        """The address that a link means."""
        try:
            whole = urldefrag(urljoin(str(base), href))[0]
        except ValueError as error:
            raise StacError(f"{printable(str(base))}: a link that is no address") from error
        return whole


class FolderReader:
    """JSON documents of a catalogue in a local folder; links that lead out of it are refused."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    def document(self, at: str | Path) -> dict[str, Any]:
        """A document.

        Raises:
            OSError: it cannot be read.
            StacError: it is no JSON object, or lies outside of the catalogue's folder.
        """
        try:
            path = Path(at).resolve()
        except (ValueError, RuntimeError) as error:
            # A zero byte, or links of the file system in a circle.
            raise StacError(f"{self._folder}: a link that is no path") from error
        if not path.is_relative_to(self._folder):
            raise StacError(
                f"{self._folder}: a link leads out of the catalogue's folder, to "
                f"{printable(str(at), 80)}"
            )
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
        if len(data) > _MOST_BYTES:
            raise StacError(f"{path} is larger than {_MOST_BYTES:,} bytes")
        return parsed(data.decode("utf-8", "replace"), str(path))

    def join(self, base: str | Path, href: str) -> Path:
        """The path that a link means."""
        return Path(base).parent / href


def parsed(text: str, where: str) -> dict[str, Any]:
    """A JSON object.

    Raises:
        StacError: it is none.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise StacError(f"{printable(where)} is no JSON; is it a STAC catalogue?") from error
    if not isinstance(document, dict):
        raise StacError(f"{printable(where)} is no JSON object; is it a STAC catalogue?")
    return document
