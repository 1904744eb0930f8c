"""Where what is fetched is kept: in the cache, or beside the report that rests on it."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from osint.errors import OutputError

if TYPE_CHECKING:
    from osint.case import Case

EVIDENCE_FOLDER = "evidence"


def spare_inputs(case: Case, out: Path) -> None:
    """Make sure that the report replaces nothing that it is made from.

    Raises:
        OutputError: a file of the case has the place and name of one of the report's.
    """
    from osint.report.write import HTML_NAME, JSON_NAME, LAYERS_NAME

    inputs = [case.article, case.statements, *case.gazetteers, *(path for path, _ in case.rasters)]
    written = {(out / name).resolve() for name in (HTML_NAME, JSON_NAME, LAYERS_NAME)}
    for path in inputs:
        if isinstance(path, Path) and path.resolve() in written:
            raise OutputError(
                f"the report would replace {path}, which it rests on; choose another --out"
            )


@contextmanager
def sole_writer(out: Path) -> Iterator[None]:
    """Keep other checks from writing into ``out`` meanwhile; made if need be.

    If what is done meanwhile fails and leaves ``out`` empty, a folder made here is removed again.

    Raises:
        OutputError: another check is writing there, or it cannot be made.
    """
    made = not out.exists()
    try:
        out.mkdir(parents=True, exist_ok=True)
        handle = os.open(out, os.O_RDONLY)
    except OSError as error:
        raise OutputError(
            f"the report cannot be written to {out} ({error.strerror}); choose another folder"
        ) from error
    try:
        _lock(handle, out)
        try:
            yield
        finally:
            if made and not any(out.iterdir()):
                out.rmdir()
    finally:
        os.close(handle)


def _lock(handle: int, out: Path) -> None:
    """Lock an open folder until it is closed, where the system has such locks."""
    if sys.platform == "win32":
        return
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise OutputError(
            f"another check is writing to {out}; wait for it, or choose another folder"
        ) from error
    except OSError:
        # A file system without locks: as good as it gets.
        return


def _holds(body: Path) -> bool:
    try:
        return hashlib.sha256(body.read_bytes()).hexdigest() == body.name
    except FileNotFoundError:
        return False


@contextmanager
def evidence_folder(out: Path | None) -> Iterator[Path]:
    """The folder of an archive for one run.

    Without ``out`` it is in the cache. With it, it is a folder of the run's own that
    ``keep_evidence`` moves beside the report once that is written, so that a check which fails
    leaves nothing behind.
    """
    if out is None:
        from gazetteer.store import cache_folder

        yield cache_folder() / EVIDENCE_FOLDER
        return
    with tempfile.TemporaryDirectory(prefix="osint-evidence-") as folder:
        yield Path(folder)


def keep_evidence(folder: Path, out: Path) -> Path | None:
    """Put a run's evidence into ``out``; what an earlier run left there stays.

    Returns:
        The folder in ``out``, or None if the run fetched nothing.

    Raises:
        OutputError: it cannot be written there.
    """
    from imagery.archive import INDEX_NAME

    if not (folder / INDEX_NAME).is_file():
        return None
    kept = out / EVIDENCE_FOLDER
    try:
        kept.mkdir(parents=True, exist_ok=True)
        for body in sorted(folder.glob("??/*")):
            target = kept / body.relative_to(folder)
            target.parent.mkdir(exist_ok=True)
            # Named by what is in it: one that is there already and whole is the same.
            if not _holds(target):
                part = target.with_name(f".{target.name[:8]}-{secrets.token_hex(8)}.part")
                try:
                    shutil.copyfile(body, part)
                    part.replace(target)
                finally:
                    part.unlink(missing_ok=True)
        with (kept / INDEX_NAME).open("ab") as index:
            index.write((folder / INDEX_NAME).read_bytes())
    except OSError as error:
        raise OutputError(
            f"the evidence cannot be written to {kept} ({error.strerror}); choose another folder"
        ) from error
    return kept
