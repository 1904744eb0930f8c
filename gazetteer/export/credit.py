"""Whose the places in an exported file are, and under which licences."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gazetteer.database.place_rows import Stored


def credits_of(sources: Iterable[Stored]) -> list[dict[str, Any]]:
    """The sources as a format may state them: plain values, the same keys for each."""
    return [
        {
            "key": stored.provenance.key,
            "title": stored.provenance.title,
            "origin": stored.provenance.origin,
            "licence": stored.provenance.licence or "not stated",
            "locator": stored.provenance.locator,
            "sha256": stored.provenance.sha256,
            "retrieved_at": _time(stored.provenance.retrieved_at),
            "added_at": _time(stored.added_at),
        }
        for stored in sources
    ]


def credit_text(sources: Iterable[Stored]) -> str:
    """The same for people, for a format that has no room for it."""
    blocks = []
    for credit in credits_of(sources):
        lines = [credit["title"], *(f"  {k}: {v}" for k, v in credit.items() if v and k != "title")]
        blocks.append("\n".join(lines))
    return "\n\n".join(("Places from:", *blocks)) + "\n"


def _time(at: Any) -> str | None:
    return None if at is None else at.isoformat(timespec="seconds")
