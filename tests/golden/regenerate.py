"""Writes the golden report anew, after a change that is meant to alter it.

    python tests/golden/regenerate.py

Prints what changes; look at every line of it before committing the file.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.golden.checking import checked
from tests.golden.comparing import GOLDEN, comparable, differences


def main() -> None:
    """Check the example, say what differs, replace the file."""
    with tempfile.TemporaryDirectory() as cache:
        os.environ["OSINT_CACHE_DIR"] = cache
        report = comparable(checked())
    if GOLDEN.is_file():
        before = json.loads(GOLDEN.read_text(encoding="utf-8"))
        changes = list(differences(before, report))
        sys.stdout.writelines(f"{line}\n" for line in changes)
        sys.stdout.write(f"{len(changes)} differences\n")
    text = json.dumps(report, ensure_ascii=False, indent=1)
    GOLDEN.write_text(text + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
