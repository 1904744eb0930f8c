"""``python -m osint``: the same as the ``osint`` command."""

from __future__ import annotations

from osint.cli import main

if __name__ == "__main__":
    main()
