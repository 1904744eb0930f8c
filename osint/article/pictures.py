"""Where the pictures of an article are as files: beside or below its own folder, nowhere else.

A page from outside may name any path; one that leads out of the folder is not followed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

from osint.article.types import Article, Figure

NOT_AN_IMAGE = "no image that can be read"
_OUTSIDE = "outside the article's folder; copy it there"
_MISSING = "no such file"
_ON_THE_WEB = "on the web; give the page's address and it is fetched"
_NAMES_SHOWN = 5


def with_files(article: Article, folder: Path | None) -> Article:
    """The article, each of its pictures with its file or with the reason why there is none.

    Args:
        article: from a local file.
        folder: the folder of that file; None if it has none.
    """
    figures = tuple(_found(figure, folder) for figure in article.figures)
    return replace(article, figures=figures)


def file_within(folder: Path, name: str) -> tuple[Path | None, str | None]:
    """The picture file ``name`` in or below ``folder``, or why it cannot be used."""
    path = folder / name
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            return None, _OUTSIDE
        if not path.is_file():
            return None, _MISSING
    except (OSError, ValueError, RuntimeError):
        # Too long, a NUL byte, a loop of links.
        return None, _MISSING
    problem = unreadable(path)
    return (None, problem) if problem else (path, None)


def unreadable(path: Path) -> str | None:
    """Why a file is no photo, or None if it can be read as one."""
    from imagery.errors import PhotoError
    from imagery.photo.sandbox.reading import read_photo_safely

    try:
        read_photo_safely(path)
    except PhotoError:
        return NOT_AN_IMAGE
    return None


def remarks_on(figures: Iterable[Figure]) -> tuple[str, ...]:
    """The pictures that could not be used, counted by reason, the first few by name."""
    by_problem: dict[str, list[str]] = {}
    for figure in figures:
        if figure.problem is not None:
            by_problem.setdefault(figure.problem, []).append(figure.name)
    return tuple(
        f"{counted(len(names), 'picture')} of the article not used ({problem}): {listed(names)}."
        for problem, names in by_problem.items()
    )


def counted(number: int, noun: str) -> str:
    """Such as "1 picture" and "3 pictures"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def listed(names: Sequence[str]) -> str:
    """The first few names, and how many more there are."""
    shown = ", ".join(names[:_NAMES_SHOWN])
    more = len(names) - _NAMES_SHOWN
    return shown + (f" and {more} more" if more > 0 else "")


def _found(figure: Figure, folder: Path | None) -> Figure:
    first: str | None = None
    for reference in (figure.reference, *figure.others):
        path, problem = _local(reference, folder)
        if path is not None:
            return replace(figure, path=path, name=path.name, problem=None)
        first = first or problem
    return replace(figure, problem=first)


def _local(reference: str, folder: Path | None) -> tuple[Path | None, str | None]:
    try:
        parts = urlsplit(reference)
    except ValueError:
        return None, "its address cannot be read"
    if parts.scheme == "data":
        return None, "embedded in the page; save it as a file"
    if parts.scheme in {"http", "https"} or parts.netloc:
        return None, _ON_THE_WEB
    if parts.scheme:
        return None, f"its address begins with {parts.scheme[:20]}:, which is not followed"
    if folder is None:
        return None, "no folder to find it in"
    name = unquote(parts.path, errors="replace")
    if name.startswith(("/", "\\")):
        return None, _OUTSIDE
    return file_within(folder, name)
