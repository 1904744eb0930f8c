"""The page that an editor or a court sees: one file, no scripts, nothing fetched from anywhere.

Addresses are printed, not linked: whoever opens the report tells no other machine of it.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from markupsafe import Markup

from osint.report import phrasing
from osint.report.figures import distance_svg, in_words
from osint.report.map_svg import map_svg
from osint.report.text import (
    distance_text,
    exact_text,
    factor_text,
    position_text,
    share_text,
    shorten,
    span_text,
    visible,
)

if TYPE_CHECKING:
    from jinja2 import Environment

    from osint.report.model import Report


def render_html(report: Report) -> str:
    """The whole report as one HTML document."""
    environment = _environment()
    css = files("osint.report").joinpath("templates/report.css").read_text(encoding="utf-8")
    return environment.get_template("report.html.j2").render(
        report=report,
        css=Markup(css),
        map=Markup(map_svg(report)),
        # What can be looked up by its id from several sections.
        evidence={item.id: item for item in report.evidence},
        claims={
            claim.id: claim
            for claim in (*report.claims, *(c for s in report.statements for c in s.claims))
        },
        judged={claim.id for claim in report.claims},
    )


def _shown(value: object) -> object:
    """Whatever a template prints: our own markup as it is, all else made visible."""
    if isinstance(value, Markup):
        return value
    return visible(value) if isinstance(value, str) else value


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("osint.report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "distance": distance_text,
        "exact": exact_text,
        "factor": factor_text,
        "share": share_text,
        "shorten": shorten,
        "interval": phrasing.interval_text,
        "line": phrasing.claim_line,
        "facts": phrasing.photo_facts,
        "weight": phrasing.weight_words,
    }
    environment.globals |= {
        "span": span_text,
        "at": position_text,
        "meant": phrasing.meant_distance,
        "wordings": phrasing.wordings,
        "seen_before": phrasing.sighting_words,
        "factor_words": phrasing.factor_words,
        "verdict_words": phrasing.VERDICT_WORDS,
        "verdict_signs": phrasing.VERDICT_SIGNS,
        "leaning_words": phrasing.LEANING_WORDS,
        "distance_figure": lambda claim: Markup(distance_svg(claim)),
        "distance_words": in_words,
    }
    return environment
