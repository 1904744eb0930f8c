"""A file from an address into the cache folder.

What is there already is asked for anew only if the server says that it changed (ETag,
Last-Modified). A download that broke off is resumed where the server can, else begun again.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

import requests

from gazetteer.errors import OnlineError
from gazetteer.sources.online.fetch import FetchPolicy, body_pieces, opened
from gazetteer.store import cache_folder

MAX_BYTES = 8 * 2**30
"""Largest file fetched; GeoNames' largest is 0.5 GB."""

_CHECKED = ("etag", "last-modified")


def download(
    url: str,
    *,
    allow_private: bool = False,
    cache_dir: Path | None = None,
    max_bytes: int = MAX_BYTES,
    sleep: Callable[[float], None] = time.sleep,
) -> Path:
    """Fetch a file, or take it from the cache if the server still has the same.

    Args:
        url: http or https.
        allow_private: whether it may lie in a private network.
        cache_dir: see ``store.cache_folder``; the file is ``downloads/<sum of the url>/<name>``.
        max_bytes: most that are fetched.
        sleep: waits between tries.

    Raises:
        OnlineError: it cannot be fetched, or is larger.
    """
    folder = cache_folder(cache_dir) / "downloads" / hashlib.sha256(url.encode()).hexdigest()[:16]
    path = folder / _file_name(url)
    part, notes = path.with_name(path.name + ".part"), folder / "about.json"
    policy = FetchPolicy(
        total_timeout_s=6 * 3600.0, max_bytes=max_bytes, tries=4, allow_private=allow_private
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        known = _about(notes, url)
        # Bytes as they are on disk there: a server that packs them on the way must not.
        headers = {"Accept-Encoding": "identity"}
        begun = part.stat().st_size if part.is_file() and known.get("part") else 0
        if path.is_file():
            begun = 0
            if "etag" in known:
                headers["If-None-Match"] = known["etag"]
            elif "last-modified" in known:
                headers["If-Modified-Since"] = known["last-modified"]
        elif begun and (mark := known.get("etag") or known.get("last-modified")):
            headers |= {"Range": f"bytes={begun}-", "If-Range": mark}
        return _fetch(url, policy, headers, path, part, notes, begun, sleep)
    except OSError as error:
        raise OnlineError(f"{folder} cannot be written ({error}); set OSINT_CACHE_DIR") from error


def _fetch(
    url: str,
    policy: FetchPolicy,
    headers: dict[str, str],
    path: Path,
    part: Path,
    notes: Path,
    begun: int,
    sleep: Callable[[float], None],
) -> Path:
    with opened(url, policy, headers=headers, sleep=sleep, also=(304,)) as response:
        if response.status_code == 304:
            return path
        resumed = response.status_code == 206 and _begins_at(response) == begun
        if response.status_code == 206 and not resumed:
            raise OnlineError(f"{url[:120]}: answered with another part than asked for; try again")
        said = response.headers.get("Content-Length", "")
        if said.isdigit() and int(said) > policy.max_bytes:
            raise OnlineError(
                f"{url[:120]}: {int(said):,} bytes; at most {policy.max_bytes:,} are fetched"
            )
        about = {key: response.headers[key] for key in _CHECKED if key in response.headers}
        _write_about(notes, {"url": url, "part": "yes", **about})
        size = begun if resumed else 0
        with part.open("ab" if resumed else "wb") as file:
            for piece in body_pieces(response, policy):
                size += len(piece)
                if size > policy.max_bytes:
                    raise OnlineError(f"{url[:120]}: over {policy.max_bytes:,} bytes; not kept")
                file.write(piece)
    part.replace(path)
    _write_about(notes, {"url": url, **about})
    return path


def _begins_at(response: requests.Response) -> int:
    found = re.match(r"bytes (\d+)-", response.headers.get("Content-Range", ""))
    return int(found[1]) if found else -1


def _file_name(url: str) -> str:
    """The last part of the path, with nothing in it that means something to a file system."""
    last = unquote(urlsplit(url).path).replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    plain = re.sub(r"[^\w.\-]+", "_", last).strip("._")[-100:]
    return "file" if plain in ("", "about.json") else plain


def _about(notes: Path, url: str) -> dict[str, str]:
    try:
        known = json.loads(notes.read_bytes())
    except (OSError, ValueError):
        return {}
    if not isinstance(known, dict) or known.get("url") != url:
        return {}
    return {str(key): str(value) for key, value in known.items()}


def _write_about(notes: Path, about: dict[str, str]) -> None:
    new = notes.with_name(notes.name + ".new")
    new.write_text(json.dumps(about), encoding="utf-8")
    new.replace(notes)
