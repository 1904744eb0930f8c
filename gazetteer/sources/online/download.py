"""A file from an address into the cache folder.

What is there already is asked for anew only if the server says that it changed (ETag,
Last-Modified). A download that broke off is resumed where the server can; else nothing is left of
it. Passwords, tokens and keys in an address are used to fetch and stored nowhere: two addresses
that differ in those alone are one file.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

import requests

from gazetteer.errors import OnlineError
from gazetteer.sources.online.addresses import without_secrets
from gazetteer.sources.online.fetch import FetchPolicy, TooLargeError, body_pieces, opened
from gazetteer.store import cache_folder

MAX_BYTES = 8 * 2**30
"""Largest file fetched; GeoNames' largest is 0.5 GB."""

_CHECKED = ("etag", "last-modified")
_ABANDONED_S = 7 * 24 * 3600.0
"""After so long nobody comes back to a download that broke off."""
_CANNOT_GO_ON = 416


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    """Where a file goes.

    Attributes:
        url: from which it comes, with all secrets.
        shown: the same without.
        path: the file.
        part: what there is of it so far.
        notes: what is known of it.
    """

    url: str
    shown: str
    path: Path
    part: Path
    notes: Path


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
        OnlineError: it cannot be fetched, is larger, or comes too slowly.
    """
    target = _target(url, cache_dir)
    policy = FetchPolicy(
        total_timeout_s=6 * 3600.0, max_bytes=max_bytes, tries=4, allow_private=allow_private
    )
    folder = target.path.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(folder.parent)
        if not _fetch(target, policy, sleep):
            # What there is of it is no beginning of what the server has.
            target.part.unlink(missing_ok=True)
            _fetch(target, policy, sleep)
        return target.path
    except OSError as error:
        raise OnlineError(
            f"{folder} cannot be written ({error.strerror or error}); set OSINT_CACHE_DIR"
        ) from error


def fetched_at(url: str, *, cache_dir: Path | None = None) -> datetime | None:
    """When the bytes of a downloaded file were fetched, UTC; None if that is not known."""
    target = _target(url, cache_dir)
    try:
        at = datetime.fromisoformat(_about(target).get("retrieved_at", ""))
    except ValueError:
        return None
    return at if at.tzinfo else None


def _target(url: str, cache_dir: Path | None) -> _Target:
    shown = without_secrets(url)
    folder = cache_folder(cache_dir) / "downloads" / hashlib.sha256(shown.encode()).hexdigest()[:16]
    path = folder / _file_name(url)
    return _Target(
        url=url,
        shown=shown,
        path=path,
        part=path.with_name(path.name + ".part"),
        notes=folder / "about.json",
    )


def _remove_abandoned(folder: Path) -> None:
    for part in folder.glob("*/*.part"):
        with contextlib.suppress(OSError):
            if time.time() - part.stat().st_mtime > _ABANDONED_S:
                part.unlink()


def _headers(target: _Target, known: dict[str, str]) -> tuple[dict[str, str], int]:
    """What is asked for beyond the address, and how many bytes of it are there already."""
    # Bytes as they are on disk there: a server that packs them on the way must not.
    headers = {"Accept-Encoding": "identity"}
    if target.path.is_file():
        if "etag" in known:
            headers["If-None-Match"] = known["etag"]
        elif "last-modified" in known:
            headers["If-Modified-Since"] = known["last-modified"]
        return headers, 0
    begun = target.part.stat().st_size if target.part.is_file() and known.get("part") else 0
    mark = known.get("etag") or known.get("last-modified")
    if begun and mark:
        return headers | {"Range": f"bytes={begun}-", "If-Range": mark}, begun
    return headers, 0


def _fetch(target: _Target, policy: FetchPolicy, sleep: Callable[[float], None]) -> bool:
    """Fetch the file or the rest of it; False if the server cannot go on from where it broke off.

    Raises:
        OnlineError: it cannot be fetched.
        OSError: it cannot be written.
    """
    headers, begun = _headers(target, _about(target))
    also = (304, _CANNOT_GO_ON) if begun else (304,)
    with opened(target.url, policy, headers=headers, sleep=sleep, also=also) as response:
        if response.status_code == 304:
            return True
        if response.status_code == _CANNOT_GO_ON:
            return False
        resumed = response.status_code == 206 and _begins_at(response) == begun
        if response.status_code == 206 and not resumed:
            raise OnlineError(
                f"{target.shown[:120]}: answered with another part than asked for; try again"
            )
        about = {key: response.headers[key] for key in _CHECKED if key in response.headers}
        size = begun if resumed else 0
        keep = False
        try:
            _refuse_too_large(target, response, size, policy)
            _write_about(target, {"part": "yes", **about})
            _receive(target, response, policy, size)
            keep = True
        except TooLargeError:
            raise
        except OnlineError:
            # Without a mark of its version it cannot be gone on with.
            keep = bool(about)
            raise
        finally:
            if not keep:
                target.part.unlink(missing_ok=True)
    target.part.replace(target.path)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    _write_about(target, {"retrieved_at": now, **about})
    return True


def _refuse_too_large(
    target: _Target, response: requests.Response, begun: int, policy: FetchPolicy
) -> None:
    said = response.headers.get("Content-Length", "")
    if said.isdigit() and begun + int(said) > policy.max_bytes:
        raise TooLargeError(
            f"{target.shown[:120]}: {begun + int(said):,} bytes; at most {policy.max_bytes:,} are "
            "fetched"
        )


def _receive(target: _Target, response: requests.Response, policy: FetchPolicy, size: int) -> None:
    with target.part.open("ab" if size else "wb") as file:
        for piece in body_pieces(response, policy):
            size += len(piece)
            if size > policy.max_bytes:
                raise TooLargeError(
                    f"{target.shown[:120]}: over {policy.max_bytes:,} bytes; not kept"
                )
            file.write(piece)


def _begins_at(response: requests.Response) -> int:
    found = re.match(r"bytes (\d+)-", response.headers.get("Content-Range", ""))
    return int(found[1]) if found else -1


def _file_name(url: str) -> str:
    """The last part of the path, with nothing in it that means something to a file system."""
    last = unquote(urlsplit(url).path).replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    plain = re.sub(r"[^\w.\-]+", "_", last).strip("._")[-100:]
    return "file" if plain in ("", "about.json") else plain


def _about(target: _Target) -> dict[str, str]:
    try:
        known = json.loads(target.notes.read_bytes())
    except (OSError, ValueError):
        return {}
    if not isinstance(known, dict) or known.get("url") != target.shown:
        return {}
    return {str(key): str(value) for key, value in known.items()}


def _write_about(target: _Target, about: dict[str, str]) -> None:
    new = target.notes.with_name(target.notes.name + ".new")
    new.write_text(json.dumps({"url": target.shown, **about}), encoding="utf-8")
    new.replace(target.notes)
