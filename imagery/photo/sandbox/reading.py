"""``read_photos`` and ``read_photo_safely``: from files to facts, whatever the files do.

Every file gets an outcome. The hash is taken here, by the parent: that a file is the file it is
said to be is no parser's word.
"""

from __future__ import annotations

import atexit
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Literal

from imagery.errors import PhotoError, printable
from imagery.photo.facts import PhotoFacts, Status
from imagery.photo.metadata import MOST_BYTES
from imagery.photo.sandbox.child import Answer, Request
from imagery.photo.sandbox.codec import WireValueError, decode
from imagery.photo.sandbox.jobs import PixelSignals
from imagery.photo.sandbox.pool import TIME_LIMIT_S, Sandbox
from imagery.photo.signals import Signal
from imagery.photo.zones import with_zone

NOT_READ = "the reader failed"
"""How the problem of a file starts that made a reader crash or raise what nobody foresaw."""

UNEXAMINED = "pixels not examined"
"""The signal of a file whose facts were read and whose pixels were too much."""

Job = Literal["preview", "error level", "fingerprint"]
Progress = Callable[[int, int], None]


def read_photos(
    paths: Iterable[Path],
    *,
    workers: int | None = None,
    pixels: bool = False,
    trust_list: str | None = None,
    progress: Progress | None = None,
    sandbox: Sandbox | None = None,
) -> Iterator[PhotoFacts | PhotoError]:
    """Read photos in child processes, one outcome a path, in the order of the paths.

    ``PhotoFacts.status`` is the outcome. A file that is no image has the status "unsupported" and
    the format ""; in place of a file that is not there, too large or cannot be opened there is a
    ``PhotoError``, not raised, so that the others are read.

    Args:
        paths: the files.
        workers: how many children at most; None for one a processor.
        pixels: look also for what only the pixels show; takes about ten times as long.
        trust_list: certificates of authorities whose content credentials are trusted (PEM text).
        progress: called with (done, total) after each.
        sandbox: children to use; None for some that end with the last photo.
    """
    files = list(paths)
    box = sandbox or Sandbox(workers=workers, trust_list=trust_list)
    try:
        found = box.in_order(lambda path: read_in(box, path, pixels=pixels), files)
        for number, facts in enumerate(found, start=1):
            yield facts
            if progress is not None:
                progress(number, len(files))
    finally:
        if sandbox is None:
            box.close()


def read_photo_safely(path: Path, *, pixels: bool = False) -> PhotoFacts:
    """Read one photo in a child process that is kept for the next call.

    Raises:
        PhotoError: the file is missing, cannot be opened, is too large or not an image.
    """
    found = read_in(_shared(), path, pixels=pixels)
    if isinstance(found, PhotoError):
        raise found
    if found.status == "unsupported" and not found.format:
        raise PhotoError(found.problems[0])
    return found


def run(job: Job, source: Path | bytes, *, sandbox: Sandbox | None = None) -> bytes:
    """Have something made of a picture's pixels in a child.

    Args:
        job: "preview" (a small upright JPEG without metadata), "error level" (a PNG, see
            ``error_level``) or "fingerprint" (for ``fingerprint.carried.from_bytes``).
        source: the file, or its bytes.
        sandbox: children to use; None for one that is kept for the next call.

    Raises:
        PhotoError: it cannot be made; the message says why.
    """
    box = sandbox or _shared()
    path = source if isinstance(source, Path) else None
    data = source if isinstance(source, bytes) else b""
    answer = box.ask(Request(job=job, path=path, data=data))
    what = path if path is not None else "the picture"
    if answer.fault or answer.failed or answer.refused is not None or len(answer.parts) != 1:
        raise PhotoError(f"no {job} of {what}: {_why(answer)}")
    return answer.parts[0]


def preview_of(sandbox: Sandbox, path: Path, facts: PhotoFacts) -> bytes | None:
    """A small upright JPEG of a photo without metadata; None if nothing of it can be decoded.

    Of formats whose pixels are not decoded, raw ones for instance, it is made of the thumbnail.
    """
    sources: tuple[Path | bytes, ...] = (path,)
    if facts.thumbnail is not None:
        sources += (facts.thumbnail,)
    for source in sources:
        try:
            return run("preview", source, sandbox=sandbox)
        except PhotoError:
            continue
    return None


@cache
def _shared() -> Sandbox:
    box = Sandbox(workers=1)
    atexit.register(box.close)
    return box


def read_in(sandbox: Sandbox, path: Path, *, pixels: bool = False) -> PhotoFacts | PhotoError:
    """The outcome of one file, read by a child of a sandbox."""
    try:
        name = path.name.encode("utf-8", "replace").decode("utf-8")
        sha256 = _hash(path)
    except PhotoError as error:
        return error
    job = "facts and pixels" if pixels else "facts"
    answer = sandbox.ask(Request(job=job, path=path))
    try:
        facts = _facts(answer, name, sha256)
    except WireValueError as error:
        facts = _failed(name, sha256, f"its answer cannot be used ({error})")
    if facts.sha256 != sha256:
        facts = _failed(name, sha256, "the file changed while it was read")
    return replace(facts, path=name)


def _hash(path: Path) -> str:
    try:
        if not path.exists():
            raise PhotoError(f"{path} does not exist; check the name")
        if not path.is_file():
            raise PhotoError(f"{path} is not a file; name an image file")
        with path.open("rb") as handle:
            # Larger files no reader opens.
            if os.fstat(handle.fileno()).st_size > MOST_BYTES:
                raise PhotoError(
                    f"{path} is larger than {MOST_BYTES // 1_000_000} MB; name the photo itself"
                )
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except (OSError, ValueError) as error:
        if isinstance(error, PhotoError):
            raise
        raise PhotoError(f"{path} cannot be opened ({error}); check the file") from error


def _facts(answer: Answer, name: str, sha256: str) -> PhotoFacts:
    if not answer.parts:
        return _without_facts(answer, name, sha256)
    facts = with_zone(decode(PhotoFacts, answer.parts[0]))
    if len(answer.parts) > 1:
        return replace(
            facts, signals=(*facts.signals, *decode(PixelSignals, answer.parts[1]).signals)
        )
    if answer.fault or answer.failed or answer.refused:
        return replace(facts, signals=(*facts.signals, _unexamined(answer)))
    return facts


def _without_facts(answer: Answer, name: str, sha256: str) -> PhotoFacts:
    status: Status = "malformed"
    if answer.refused is not None:
        status, problem = "unsupported", answer.refused
    elif answer.fault == "timeout":
        status, problem = "timeout", f"not read within {TIME_LIMIT_S:g} s"
    elif answer.fault == "memory":
        status, problem = "memory", "reading it takes more memory than is allowed"
    else:
        return _failed(name, sha256, _why(answer))
    return PhotoFacts(path=name, sha256=sha256, status=status, format="", problems=(problem,))


def _failed(name: str, sha256: str, why: str) -> PhotoFacts:
    return PhotoFacts(
        path=name,
        sha256=sha256,
        status="malformed",
        format="",
        problems=(f"{NOT_READ} on this file: {why}",),
    )


def _unexamined(answer: Answer) -> Signal:
    return Signal(
        signal=UNEXAMINED,
        value=printable(_why(answer)),
        means="what only the pixels could show, such as being saved twice, was not looked for",
        misleads="very large pictures do it, and pictures made to do it",
    )


def _why(answer: Answer) -> str:
    """Why there is no result, in words."""
    if answer.refused is not None:
        return answer.refused
    if answer.failed is not None:
        return answer.failed
    if answer.fault == "timeout":
        return f"it took more than {TIME_LIMIT_S:g} s"
    if answer.fault == "memory":
        return "it took more memory than is allowed"
    return answer.said or "the child was lost"
