"""Which photo belongs to which caption.

A pair is stated (``[[photo]]`` in ``case.toml``, or ``captions.csv`` beside the photos) or it is
plain (one photo, one caption). Nothing is guessed from the order of files.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gazetteer.files import UnreadableFileError, read_regular
from osint.case import PhotoEntry
from osint.claims import Claim
from osint.errors import PairingError

CAPTIONS_FILE = "captions.csv"
PHOTO_SUFFIXES = frozenset(
    [
        ".jpg",
        ".jpeg",
        ".jpe",
        ".tif",
        ".tiff",
        ".png",
        ".webp",
        ".heic",
        ".heif",
        ".hif",
        ".avif",
        ".dng",
        ".bmp",
        ".gif",
    ]
)
_MAX_CAPTIONS_BYTES = 5_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """Photos and the captions they belong to.

    Attributes:
        photos: every photo file, sorted by name.
        photo_of: the photo of each claim that has one, by claim id.
        remarks: what could not be paired, in words.
    """

    photos: tuple[Path, ...]
    photo_of: Mapping[str, Path]
    remarks: tuple[str, ...]


def pair_photos(
    folder: Path | None, entries: Sequence[PhotoEntry], claims: Sequence[Claim]
) -> Paired:
    """Find the photos and put them to their captions.

    Raises:
        PairingError: the folder is missing, or a pair names a file that is not in it.
    """
    if folder is None:
        if entries:
            raise PairingError("[[photo]] needs photos = 'FOLDER' in case.toml, or --photos FOLDER")
        return Paired(photos=(), photo_of={}, remarks=())
    try:
        inside = [p for p in folder.iterdir() if p.suffix.lower() in PHOTO_SUFFIXES and p.is_file()]
    except (OSError, ValueError) as error:
        raise PairingError(
            f"{folder}: no folder that can be read; name the one that holds the photos"
        ) from error
    for path in inside:
        if not path.name.isprintable() or any("\ud800" <= c <= "\udfff" for c in path.name):
            raise PairingError(f"{folder}: a file name {path.name!a} is not plain text; rename it")
    photos = tuple(sorted(inside))
    stated = [(entry.file, entry.caption) for entry in entries] + _captions_file(folder)
    captions = [c for c in claims if c.caption]
    by_name = {p.name: p for p in photos}
    photo_of: dict[str, Path] = {}
    remarks: list[str] = []
    for name, caption in stated:
        if Path(name).name != name or name not in by_name:
            raise PairingError(
                f"{folder}: no photo {name!r} in it, though a caption is put to it; "
                "correct the file name"
            )
        matching = [c for c in captions if _plain(caption) in _plain(c.text)]
        if not matching:
            remarks.append(f"{name}: its caption {caption!r} makes no claim in the text.")
        for claim in matching:
            photo_of[claim.id] = by_name[name]
    if not stated and len(photos) == 1 and len({c.spans for c in captions}) == 1:
        photo_of = {c.id: photos[0] for c in captions}
    used = set(photo_of.values())
    remarks += [
        f"{p.name}: put to no caption; name it in {CAPTIONS_FILE} (columns file, caption) or in "
        "case.toml."
        for p in photos
        if p not in used
    ]
    return Paired(photos=photos, photo_of=photo_of, remarks=tuple(remarks))


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".")


def _captions_file(folder: Path) -> list[tuple[str, str]]:
    """Pairs from ``captions.csv`` if there is one; columns ``file`` and ``caption``."""
    path = folder / CAPTIONS_FILE
    if not path.is_file():
        return []
    try:
        text = read_regular(path, limit=_MAX_CAPTIONS_BYTES).decode("utf-8-sig")
        reader = csv.DictReader(io.StringIO(text), strict=True)
        names = {str(n).strip().lower(): n for n in reader.fieldnames or ()}
        if not {"file", "caption"} <= names.keys():
            raise PairingError(f"{path}: needs the columns file and caption")
        return [
            (row[names["file"]].strip(), row[names["caption"]].strip())
            for row in reader
            if row[names["file"]] and row[names["caption"]]
        ]
    except UnreadableFileError as problem:
        raise PairingError(f"{path} {problem}") from problem
    except UnicodeDecodeError as error:
        raise PairingError(f"{path}: not UTF-8; save it as UTF-8") from error
    except csv.Error as error:
        raise PairingError(f"{path}: not CSV ({error})") from error
