"""The coordinates a comparison rests on, named with their sources."""

from __future__ import annotations

from gazetteer.position import Position
from osint.evidence import Evidence, Measurement, Provenance
from osint.resolve import Resolution
from osint.weigh import Weighed


def _written(position: Position) -> str:
    """Latitude and longitude, with their uncertainty in a unit of its own where one is known."""
    text = f"{position.lat:.5f}, {position.lon:.5f}"
    if position.uncertainty_m is None:
        return text
    return f"{text} (to {position.uncertainty_m:.0f} m)"


def check_rows(weighed: Weighed, resolution: Resolution) -> tuple[Evidence, ...]:
    """One piece of evidence per place whose coordinates or border line were used.

    Their ratio is 0: what coordinates say of a claim they say through the statements and the
    distance, and counting them again would count them twice.
    """
    found: list[Evidence] = []
    claim_id = weighed.claim.id
    for name in sorted(weighed.refined.model.sites):
        site = resolution.sites[name]
        border = site.spec.border
        if not site.rows and border is None:
            continue
        if site.alias:
            summary = (
                f"\u201c{site.alias.phrase}\u201d means {site.alias.place}, on the word of "
                f"{site.alias.by}: {site.alias.why}."
            )
            check, origin = "alias", site.alias.by
        elif site.rows:
            count = len(site.rows)
            readings = "one reading" if count == 1 else f"{count} rival readings"
            summary = f"Coordinates of {site.name}: {readings}."
            check, origin = "gazetteer", ", ".join(sorted({r.place.origin for r in site.rows}))
        else:
            summary = f"{site.name} is taken to lie {site.spec.label}."
            check, origin = "border", getattr(border, "source", "border line")
        found.append(
            Evidence(
                id=f"{claim_id}.g{len(found) + 1}",
                claim_id=claim_id,
                check=check,
                log_lr=0.0,
                summary=summary,
                origin=origin,
                measurements=tuple(
                    Measurement(
                        quantity=f"{row.label}: lat, lon",
                        value=_written(row.place.position),
                        unit="deg",
                    )
                    for row in site.rows
                ),
                provenance=tuple(
                    Provenance(source=source, locator=locator)
                    for source, locator in sorted(
                        {(r.place.source, r.place.source_id or "") for r in site.rows}
                    )
                )
                or (Provenance(source=str(getattr(border, "source", "border line"))),),
            )
        )
    return tuple(found)
