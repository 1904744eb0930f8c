"""Where what is fetched is kept: in the cache, or beside the report that rests on it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from osint.errors import OutputError

EVIDENCE_FOLDER = "evidence"


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
            # Named by what is in it: one that is there already is the same.
            if not target.is_file():
                shutil.move(body, target)
        with (kept / INDEX_NAME).open("ab") as index:
            index.write((folder / INDEX_NAME).read_bytes())
    except OSError as error:
        raise OutputError(
            f"the evidence cannot be written to {kept} ({error.strerror}); choose another folder"
        ) from error
    return kept
