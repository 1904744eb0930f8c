"""pystac-client with our own fetching under it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from pystac_client.stac_api_io import StacApiIO

from imagery.errors import StacError, printable
from imagery.stac_io import WebReader

_MOST_PAGES = 40


class SessionIO(StacApiIO):
    """pystac-client's requests, made by our own reader.

    Raises StacError where a page was asked for before: pages that go in a circle.
    """

    def __init__(self, reader: WebReader) -> None:
        super().__init__()
        self._reader = reader
        self._pages: set[str] = set()

    def request(
        self,
        href: str,
        method: str | None = None,
        headers: dict[str, str] | None = None,
        parameters: dict[str, Any] | None = None,
    ) -> str:
        """The text at an address; a POST is made a GET with the same parameters.

        The STAC API specification gives both the same ones (Item Search, query parameters).
        ``headers`` of a link are not sent: an answer from outside does not decide on those.
        """
        del method, headers
        url = _with(href, parameters or {})
        if url in self._pages:
            raise StacError(f"{printable(url)}: the catalogue's pages go in a circle")
        self._pages.add(url)
        if len(self._pages) > _MOST_PAGES:
            raise StacError(f"{printable(url)}: more than {_MOST_PAGES} pages; narrow the dates")
        return self._reader.text(url)

    def read_text(self, source: Any, *args: Any, **kwargs: Any) -> str:
        """The text that a link or an address means; never that of a local file."""
        href = source if isinstance(source, str) else getattr(source, "href", None)
        if isinstance(href, str) and urlsplit(href).scheme.lower() not in {"http", "https"}:
            raise StacError(f"{printable(href)}: only http and https addresses are followed")
        return super().read_text(source, *args, **kwargs)


def _with(href: str, parameters: Mapping[str, Any]) -> str:
    """An address with parameters in it, those of a POST written as the specification has them."""
    try:
        parts = urlsplit(href)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
    except ValueError as error:
        raise StacError(f"{printable(href)}: no address") from error
    for name, value in parameters.items():
        if isinstance(value, str):
            query[name] = value
        elif isinstance(value, dict):
            query[name] = json.dumps(value, separators=(",", ":"))
        elif isinstance(value, list | tuple):
            query[name] = ",".join(str(v) for v in value)
        elif value is not None:
            query[name] = str(value)
    return urlunsplit(parts._replace(query=urlencode(query), fragment=""))
