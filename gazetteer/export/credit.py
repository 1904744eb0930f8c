"""Whose the places in an exported file are, and under which licences."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path, PureWindowsPath
from typing import Any

from gazetteer.database.place_rows import Stored
from gazetteer.export.target import Told
from gazetteer.record import Provenance
from gazetteer.sources.online.addresses import without_secrets

BESIDE = ".sources.json"
"""What is put behind the name of a file for the file that says whose its rows are."""


def credits_of(sources: Iterable[Stored]) -> list[dict[str, Any]]:
    """The sources as a format may state them: plain values, the same keys for each."""
    return [
        {
            "key": stored.provenance.key,
            "title": stored.provenance.title,
            "origin": stored.provenance.origin,
            "licence": stored.provenance.licence or "not stated",
            "attribution": attribution_of(stored.provenance),
            "locator": _told(stored.provenance.locator),
            "sha256": stored.provenance.sha256,
            "retrieved_at": _time(stored.provenance.retrieved_at),
            "added_at": _time(stored.added_at),
        }
        for stored in sources
    ]


def attribution_of(provenance: Provenance) -> str:
    """What is to be printed beside the data: title, who said it first, and licence."""
    told = provenance.title
    if provenance.origin not in told:
        told += f" ({provenance.origin})"
    licence = provenance.licence
    return told if not licence or licence in told else f"{told}, {licence}"


def credit_text(path: Path, told: Told) -> str:
    """JSON that says which rows of a file are whose, for a format that has no room for it.

    Args:
        path: the file, whole.
        told: what was noted while it was written.
    """
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    sources = credits_of(told.used.values())
    for one in sources:
        one["rows"] = [[first, last] for key, first, last in told.runs if key == one["key"]]
    return json.dumps({"sha256": sha256, "sources": sources}, indent=1) + "\n"


def _told(locator: str) -> str:
    """An address without secrets, or a file's name without the folders of whoever added it."""
    if "://" in locator:
        return without_secrets(locator)
    return " with ".join(PureWindowsPath(part).name for part in locator.split(" with "))


def _time(at: Any) -> str | None:
    return None if at is None else at.isoformat(timespec="seconds")
