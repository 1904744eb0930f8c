"""The example checked as the command does it, with no imagery but the case's own rasters."""

from __future__ import annotations

import json
from typing import Any

from tests.golden.comparing import CASE


def checked() -> dict[str, Any]:
    """The report on the example, as ``report.json`` holds it.

    No tile server is asked: what could be reached on the day is no part of what is compared.
    """
    from osint.case import read_case
    from osint.cli.options import open_gazetteer
    from osint.pipeline import check

    case = read_case(CASE)
    report: dict[str, Any] = json.loads(
        check(case, open_gazetteer(case.gazetteers, world=True)).to_json()
    )
    return report
