"""The ``osint`` command: one command a file, heavy imports inside the commands.

``main`` is the entry point; it turns every error into one line and an exit code:
0 nothing flagged, 1 something flagged, 2 unusable input, 3 a fault of our own.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave the process with its exit code."""
    from osint.cli.app import run

    if not sys.warnoptions:
        # What libraries warn their callers of (a huge picture, a raster without a position) the
        # tool says itself, in a line that names the file.
        warnings.simplefilter("ignore")
    sys.exit(run(sys.argv[1:] if arguments is None else list(arguments)))
