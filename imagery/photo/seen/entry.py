"""What is kept of a picture besides its fingerprint, and what a look-up returns."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from imagery.errors import ArchiveError, printable

MOST_NAME = 200
MOST_CAPTION = 500
_SHA256 = re.compile(r"[0-9a-f]{64}")

Kind = Literal["same file", "same picture"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One picture of one case.

    Attributes:
        sha256: of the file, 64 hexadecimal digits.
        case: what the user calls the case.
        name: the file's name.
        caption: what was said of it, shortened to 500 characters.
        place: where it is claimed to have been taken, as written.
        date: when it is claimed to have been taken, as written.
        seen_at: when it came into the archive, with a zone.

    Raises:
        ArchiveError: the sum is none, the case has no name, or the time has no zone.
    """

    sha256: str
    case: str
    name: str
    seen_at: datetime
    caption: str = ""
    place: str = ""
    date: str = ""

    def __post_init__(self) -> None:
        if not _SHA256.fullmatch(self.sha256):
            raise ArchiveError(
                f"{printable(self.sha256, 80)!r} is no SHA-256; give 64 hexadecimal digits"
            )
        if self.seen_at.tzinfo is None:
            raise ArchiveError(f"{self.seen_at.isoformat()} has no zone; give the time in UTC")
        for field, most in (
            ("case", MOST_NAME),
            ("name", MOST_NAME),
            ("place", MOST_NAME),
            ("date", MOST_NAME),
            ("caption", MOST_CAPTION),
        ):
            object.__setattr__(self, field, bounded(getattr(self, field), most))
        if not self.case:
            raise ArchiveError("a picture is kept under the name of its case; give one")
        seen_at = self.seen_at.astimezone(UTC).replace(microsecond=0)
        object.__setattr__(self, "seen_at", seen_at)


def bounded(text: str, most: int = MOST_NAME) -> str:
    """Text that any database takes, in one piece of at most so many characters."""
    plain = text.encode("utf-8", "replace").decode("utf-8").replace("\0", "").strip()
    return plain if len(plain) <= most else plain[: most - 1] + "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """An earlier picture that shows the same.

    Attributes:
        entry: the earlier picture.
        kind: the same file, or another file of the same picture.
        changes: what tells the asked picture from the earlier one, in words; () for none seen.
        distance: 0 for the same file, else 1 less the correlation where both overlap.
        votes: how many features agree; 0 for the same file.
        mirrored: whether one is the mirror image of the other.
        share_of_earlier: how much of the earlier picture the asked one shows, 0 to 1.
        share_of_asked: how much of the asked picture the earlier one shows, 0 to 1.
    """

    entry: Entry
    kind: Kind
    changes: tuple[str, ...]
    distance: float
    votes: int
    mirrored: bool
    share_of_earlier: float
    share_of_asked: float

    def as_dict(self) -> dict[str, object]:
        """For JSON: the entry's fields beside the others."""
        entry = self.entry
        return {
            "sha256": entry.sha256,
            "case": entry.case,
            "name": entry.name,
            "caption": entry.caption,
            "place": entry.place,
            "date": entry.date,
            "seen_at": entry.seen_at.isoformat(),
            "kind": self.kind,
            "changes": list(self.changes),
            "distance": round(self.distance, 3),
            "votes": self.votes,
            "mirrored": self.mirrored,
            "share_of_earlier": round(self.share_of_earlier, 3),
            "share_of_asked": round(self.share_of_asked, 3),
        }


_TELLS = 0.03
"""Shares nearer to 1 than this are not told from 1: the fit is good to about 1 % of each side."""


def changes_of(
    *, mirrored: bool, covered: bool, of_earlier: float, of_asked: float
) -> tuple[str, ...]:
    """What happened to a picture, or to the earlier one, in words."""
    changes = ["mirrored"] if mirrored else []
    if of_earlier < 1 - _TELLS:
        changes.append(f"cropped {100 * (1 - of_earlier):.0f} %")
    if of_asked < 1 - _TELLS:
        changes.append(f"shows {100 * (1 - of_asked):.0f} % more or added")
    if covered:
        changes.append("in part covered or altered")
    return tuple(changes)
