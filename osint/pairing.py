"""Which photo belongs to which caption.

A pair is stated (a figure of the page, ``[[photo]]`` in ``case.toml``, or ``captions.csv`` beside
the photos) or it is plain (one photo, one caption). Nothing is guessed from the order of files. A
file that a pair names and that is not there is left out and said so; the rest is checked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from osint.article.captions import CAPTIONS_FILE, read_rows
from osint.article.characters import shown
from osint.article.pictures import counted, file_within, listed, remarks_on
from osint.article.types import Figure
from osint.case import PhotoEntry
from osint.claims import Claim
from osint.errors import PairingError

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """Photos and the captions they belong to.

    Attributes:
        photos: every photo file; those of the folder sorted by name, then the article's own.
        photo_of: the photo of each claim that has one, by claim id.
        names: what to call a photo where its file's name is not what its page calls it.
        remarks: what could not be paired or used, in words.
    """

    photos: tuple[Path, ...]
    photo_of: Mapping[str, Path]
    names: Mapping[Path, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    def name_of(self, photo: Path) -> str:
        """What the report calls a photo."""
        return self.names.get(photo, photo.name)


def pair_photos(
    folder: Path | None,
    entries: Sequence[PhotoEntry],
    claims: Sequence[Claim],
    figures: Sequence[Figure] = (),
) -> Paired:
    """Find the photos and put them to their captions.

    Args:
        folder: the folder of photos, if there is one.
        entries: the pairs of ``case.toml``.
        claims: of the article; those made in captions, though not only there, get photos.
        figures: the article's own pictures.

    Raises:
        PairingError: the folder is missing, or an entry is given without one.
    """
    if folder is None and entries:
        raise PairingError("[[photo]] needs photos = 'FOLDER' in case.toml, or --photos FOLDER")
    inside, unusable = _usable(folder) if folder is not None else ((), [])
    captions = [claim for claim in claims if claim.caption]
    photo_of: dict[str, Path] = {}
    remarks = [*remarks_on(figures), *unusable]
    by_path = {path.resolve(): path for path in inside}
    of_folder = frozenset(inside)
    own: dict[Path, str] = {}
    for figure in figures:
        if figure.path is None:
            continue
        path = by_path.setdefault(figure.path.resolve(), figure.path)
        if path not in of_folder:
            own.setdefault(path, figure.name)
        for claim in claims:
            if figure.caption is not None and _stands_in(claim, figure.caption):
                photo_of.setdefault(claim.id, path)
    if folder is not None:
        # Where captions.csv is the article, its rows are the figures.
        known = {f.reference for f in figures if f.path is None or f.path.parent == folder}
        rows = _rows(folder)
        stated = [(entry.file, entry.caption) for entry in entries]
        # Where pairs are stated, a photo that none of them names is put to nothing.
        plain = not stated and not rows and not photo_of and len(inside) == 1
        stated += [row for row in rows if row[0] not in known]
        found, unpaired = _put(stated, folder, captions)
        for claim_id, path in found.items():
            photo_of[claim_id] = by_path.setdefault(path.resolve(), path)
        remarks += unpaired
        if plain and len({claim.spans for claim in captions}) == 1:
            photo_of = {claim.id: inside[0] for claim in captions}
    used = set(photo_of.values())
    remarks += [
        f"{path.name}: put to no caption; name it in {CAPTIONS_FILE} (columns file, caption) or in "
        "case.toml."
        for path in inside
        if path not in used
    ]
    idle = [name for path, name in own.items() if path not in used]
    if idle:
        remarks.append(
            f"{counted(len(idle), 'picture')} of the article with no caption that makes a claim: "
            f"{listed(idle)}."
        )
    return Paired(
        photos=tuple(by_path.values()),
        photo_of=photo_of,
        names=own,
        remarks=tuple(remarks),
    )


def photos_in(folder: Path) -> tuple[Path, ...]:
    """The photo files directly in a folder, sorted by name.

    Raises:
        PairingError: it is no folder that can be read.
    """
    try:
        inside = [p for p in folder.iterdir() if p.suffix.lower() in PHOTO_SUFFIXES and p.is_file()]
    except (OSError, ValueError) as error:
        raise _unreadable(folder) from error
    return tuple(sorted(inside))


def _unreadable(folder: Path) -> PairingError:
    return PairingError(f"{folder}: no folder that can be read; name the one that holds the photos")


def _usable(folder: Path) -> tuple[tuple[Path, ...], list[str]]:
    """The photos of a folder, and remarks on those that are left out."""
    usable: list[Path] = []
    left_out: dict[str, list[str]] = {}
    whole = folder.resolve()
    for path in photos_in(folder):
        # A surrogate, which stands for a byte that is no UTF-8, is not printable either.
        if not path.name.isprintable():
            left_out.setdefault("a name that is not plain text; rename it", []).append(
                ascii(path.name)
            )
        elif not path.resolve().is_relative_to(whole):
            left_out.setdefault("a link out of the folder; copy the file there", []).append(
                path.name
            )
        else:
            usable.append(path)
    return tuple(usable), [
        f"{counted(len(names), 'photo')} of the folder not used ({why}): {listed(names)}."
        for why, names in left_out.items()
    ]


def _put(
    stated: Sequence[tuple[str, str]], folder: Path, captions: Sequence[Claim]
) -> tuple[dict[str, Path], list[str]]:
    """The photo of each claim whose caption was stated, and what could not be put."""
    photo_of: dict[str, Path] = {}
    remarks: list[str] = []
    missing: dict[str, list[str]] = {}
    said = [(claim, _plain(claim.text)) for claim in captions]
    for name, caption in stated:
        path, problem = file_within(folder, name)
        if path is not None and path.suffix.lower() not in PHOTO_SUFFIXES:
            path, problem = None, "no photo by its ending"
        if path is None:
            missing.setdefault(problem or "", []).append(name)
            continue
        wanted = _plain(caption)
        matching = [claim for claim, text in said if wanted in text]
        if not matching:
            remarks.append(f"{name}: its caption {_short(caption)!r} makes no claim in the text.")
        for claim in matching:
            photo_of[claim.id] = path
    for problem, names in missing.items():
        remarks.append(
            f"{counted(len(names), 'photo')} with a caption not used ({problem}): {listed(names)}."
        )
    return photo_of, remarks


def _rows(folder: Path) -> list[tuple[str, str]]:
    """Pairs from ``captions.csv`` if there is one."""
    path = folder / CAPTIONS_FILE
    try:
        if not path.is_file():
            return []
    except OSError as error:
        # A folder that may be listed and not entered.
        raise _unreadable(folder) from error
    return [
        (row.file, said) for row in read_rows(path) if row.file and (said := shown(row.caption))
    ]


def _stands_in(claim: Claim, caption: tuple[int, int]) -> bool:
    return any(caption[0] <= start and end <= caption[1] for start, end in claim.spans)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".")


def _short(text: str) -> str:
    return text if len(text) <= 120 else text[:119] + "\u2026"
