"""What SOURCE means on the command line: a case folder, a folder of photos, a file, a page, "-"."""

from __future__ import annotations

from pathlib import Path

from osint.article.captions import CAPTIONS_FILE
from osint.article.read import STANDARD_INPUT, is_address
from osint.case import CASE_FILE, Case, read_case
from osint.errors import CaseError
from osint.pairing import photos_in


def case_of(source: str) -> Case:
    """The case that a source is by itself.

    Raises:
        InputError: it is a folder without ``case.toml`` and ``captions.csv``, or its ``case.toml``
            cannot be used. A missing file is found when it is read.
    """
    if source == STANDARD_INPUT or is_address(source):
        return Case(article=source)
    path = Path(source)
    if path.name in {CASE_FILE, CAPTIONS_FILE}:
        # The file that makes a folder a case means the folder.
        path = path.parent
    try:
        folder = path.is_dir()
    except (OSError, ValueError):
        # A name that no file system takes: reading it says so.
        folder = False
    if not folder:
        return Case(article=path)
    try:
        is_case, is_captions = (path / CASE_FILE).exists(), (path / CAPTIONS_FILE).is_file()
    except OSError as error:
        raise CaseError(f"{path} cannot be entered ({error.strerror}); check its rights") from error
    if is_case:
        return read_case(path)
    if is_captions:
        return Case(article=path / CAPTIONS_FILE, photos=path)
    if photos_in(path):
        raise CaseError(
            f"{path} holds photos but no {CAPTIONS_FILE}, so nothing is claimed: write one with "
            "the columns file and caption"
        )
    raise CaseError(
        f"{path} is no case: it has neither a {CASE_FILE} nor photos with a {CAPTIONS_FILE}; "
        "name a case folder or an article"
    )
