"""From the judged case to the report's models: nothing is decided here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from gazetteer.countries import country_name
from osint.answers import CLASS_M
from osint.belief import Belief, region_95
from osint.document import Document
from osint.explain import assumptions, because, decides, summary_sentence
from osint.report.model import (
    Assumption,
    BorderStretch,
    Cells,
    Conflict,
    Distribution,
    Evidence,
    Imagery,
    JudgedClaim,
    Photo,
    Place,
    PlaceReading,
    Region,
    Report,
    Source,
    StatedClaim,
    Statement,
    Summary,
    Unreached,
)
from osint.report.outline import Ring, outline_of
from osint.resolve import Site

if TYPE_CHECKING:
    from osint import evidence as facts
    from osint.article import Article
    from osint.judge import Judged, Judgement, Scene
    from osint.statements import Statement as Said
    from osint.weigh import Weighed

MOST_CELLS = 400
_METRES_PER_DEGREE = 111_195.0
_BINS = 60
# The figure reaches this much beyond the last thing that matters.
_FIGURE_MARGIN = 1.15


def build_report(
    *,
    tool: str,
    generated_at: datetime,
    article: Article,
    documents: Sequence[Document],
    statements: Mapping[str, Said],
    scene: Scene,
    judged: Judged,
    photos: Sequence[Photo] = (),
    imagery: Sequence[Imagery] = (),
    unreached: Sequence[Unreached] = (),
    settings: Mapping[str, str | int | float | bool | None],
    notes: Sequence[str] = (),
) -> Report:
    """Everything one check found, as ``report.json`` holds it."""
    outcomes = [j.outcome for j in judged.judgements]
    return Report(
        tool=tool,
        generated_at=generated_at,
        source=Source(
            title=article.title,
            url=article.url,
            published=_published(article),
            sha256=article.sha256,
            text=article.text,
        ),
        settings=dict(settings),
        summary=Summary(
            confirmed=outcomes.count("confirmed"),
            flagged=outcomes.count("flagged"),
            undetermined=outcomes.count("undetermined"),
            sentence=summary_sentence(judged),
        ),
        claims=tuple(_claim(j, judged, scene) for j in judged.judgements),
        places=tuple(_place(site, judged.beliefs[site.id]) for site in _shown_sites(scene, judged)),
        statements=tuple(
            Statement(
                id=document.key,
                source=document.source,
                origin=document.origin,
                published=_interval_text(statements[document.key].published),
                url=statements[document.key].url,
                text=document.text,
                claims=tuple(
                    StatedClaim.model_validate(c.as_dict()) for c in document.extraction.claims
                ),
            )
            for document in documents[1:]
        ),
        borders=tuple(_borders(scene)),
        photos=tuple(photos),
        imagery=tuple(imagery),
        unreached=tuple(unreached),
        evidence=tuple(_evidence(e) for j in judged.judgements for e in j.evidence),
        conflicts=tuple(_conflict(c.claims, c.ratio, documents) for c in judged.conflicts),
        assumptions=tuple(
            Assumption(
                phrase=site.alias.phrase,
                place=site.alias.place,
                by=site.alias.by,
                why=site.alias.why,
            )
            for site in scene.resolution.sites.values()
            if site.alias
        ),
        notes=tuple(notes),
    )


def _published(article: Article) -> str | None:
    return _interval_text(article.published)


def _interval_text(interval: Any) -> str | None:
    if interval is None:
        return None
    return str(interval)


def _claim(judgement: Judgement, judged: Judged, scene: Scene) -> JudgedClaim:
    answer = judgement.answer
    sensitivity = judgement.weighed.sensitivity if judgement.weighed else None
    return JudgedClaim.model_validate(
        {
            **judgement.claim.as_dict(),
            "verdict": judgement.outcome,
            "leaning": judgement.leaning if judgement.outcome == "undetermined" else "none",
            "probability": judgement.probability,
            "bayes_factor": answer.bayes_factor if answer else None,
            "predictive": judgement.predictive,
            "because": because(judgement, judged),
            "decides": decides(judgement, judged),
            "sensitivity": (
                {
                    "anchor": scene.resolution.sites[sensitivity.site].name,
                    "move_m": sensitivity.move_m,
                    "azimuth_deg": sensitivity.azimuth_deg,
                }
                if sensitivity
                else None
            ),
            "readings": [
                {
                    "reading": r.reading,
                    "weight": min(r.weight, 1.0),
                    "verdict": r.outcome,
                    "bayes_factor": r.answer.bayes_factor,
                    "predictive": r.answer.predictive,
                }
                for r in judgement.readings
            ],
            "evidence": [e.id for e in judgement.evidence],
            "assumptions": assumptions(judgement),
            **(
                {"distribution": _distribution(judgement.weighed)}
                if judgement.claim.kind == "separation"
                else {}
            ),
        }
    )


def _distribution(weighed: Weighed | None) -> Distribution | None:
    """The distance's distribution in even classes up to a little beyond what matters."""
    if weighed is None or weighed.separation is None or not weighed.separation.distance_m.size:
        return None
    separation, band = weighed.separation, weighed.claim.band
    if band is None:
        return None
    low, middle, high = separation.quantiles_m((0.05, 0.5, 0.95))
    decision_low, decision_high = band.decision_m()
    finite = [x for x in (decision_high, band.high_m or 0.0, high) if np.isfinite(x)]
    top = max(*finite, 1_000.0) * _FIGURE_MARGIN
    # Whole multiples of the solver's own classes: a bin that holds now two, now three of them would
    # draw a comb.
    step = CLASS_M * float(np.ceil(top / _BINS / CLASS_M))
    edges = step * np.arange(int(np.ceil(top / step)) + 1)
    mass, _ = np.histogram(separation.distance_m, bins=edges, weights=separation.probability)
    return Distribution(
        edges_m=tuple(float(round(x, 1)) for x in edges),
        probability=tuple(float(round(x, 6)) for x in mass),
        open=min(max(separation.open, 0.0), 1.0),
        q05_m=low,
        q50_m=middle,
        q95_m=high,
        band_low_m=band.low_m,
        band_high_m=band.high_m,
        decision_low_m=decision_low,
        decision_high_m=decision_high if np.isfinite(decision_high) else None,
    )


def _shown_sites(scene: Scene, judged: Judged) -> list[Site]:
    """Places that a claim of the article speaks of or rests on, in the order of the claims."""
    shown: dict[str, Site] = {}
    for judgement in judged.judgements:
        for site in judgement.sites:
            if site.rows or judged.beliefs[site.id].lon.size:
                shown[site.id] = site
        if judgement.weighed is not None:
            for name in sorted(judgement.weighed.refined.model.sites):
                shown.setdefault(name, scene.resolution.sites[name])
    return list(shown.values())


def _place(site: Site, belief: Belief) -> Place:
    region = region_95(belief)
    masses = belief.reading_masses() if belief.readings else np.empty(0)
    posterior = dict(zip(belief.readings, masses, strict=True))
    readings = [
        PlaceReading(
            name=row.place.name,
            lon=row.place.position.lon,
            lat=row.place.position.lat,
            uncertainty_m=row.place.position.uncertainty_m,
            source=row.place.source,
            source_id=row.place.source_id,
            weight=_share(posterior.get(row.label, row.weight)),
        )
        for row in site.rows
    ]
    described = posterior.get(site.spec.label)
    if described is not None and described > 0:
        readings.append(
            PlaceReading(
                name=site.spec.label,
                lon=None,
                lat=None,
                source=getattr(site.spec.border, "source", "the statements"),
                weight=_share(described),
            )
        )
    is_region = site.spec.described_share > 0 or site.spec.border is not None
    return Place(
        id=site.id,
        name=site.name,
        readings=tuple(readings),
        region=(
            Region(
                lon=region.lon,
                lat=region.lat,
                radius_95_m=region.radius_95_m,
                outline=outline_of(belief, {point.label for point in site.spec.points}),
            )
            if region
            else None
        ),
        cells=_cells(belief) if is_region else None,
        note=_note(site, belief),
    )


def _note(site: Site, belief: Belief) -> str:
    parts = []
    if site.why_nowhere:
        parts.append(site.why_nowhere[0].upper() + site.why_nowhere[1:] + ".")
    if site.alias:
        parts.append(f"Placed by {site.alias.by}'s assertion: {site.alias.why}")
    others = [n for n in site.names if n != site.name]
    if others:
        parts.append("Written as: " + "; ".join(others) + ".")
    if belief.elsewhere >= 0.05 and belief.lon.size:
        parts.append(f"With {belief.elsewhere:.0%} it is nowhere that was considered.")
    return " ".join(parts)


def _share(value: float) -> float:
    return float(min(max(value, 0.0), 1.0))


def _cells(belief: Belief) -> Cells | None:
    """The belief's mass gathered on an even lattice of at most ``MOST_CELLS`` points.

    A belief's own rows of cells do not line up from one latitude to the next; a lattice's do, and
    that is what a drawing of squares needs.
    """
    if not belief.lon.size or belief.weight.sum() <= 0:
        return None
    order = np.argsort(-belief.weight, kind="stable")
    share = np.cumsum(belief.weight[order]) / belief.weight.sum()
    kept = order[: int(np.searchsorted(share, 0.999)) + 1]
    lon, lat, mass = belief.lon[kept], belief.lat[kept], belief.weight[kept]
    step = 2 * float(belief.half_width_m[kept].max()) / _METRES_PER_DEGREE
    stretch = 1 / max(float(np.cos(np.radians(lat.mean()))), 1e-3)
    while True:
        rows = np.floor(lat / step).astype(np.int64)
        columns = np.floor(lon / (step * stretch)).astype(np.int64)
        squares, at = np.unique(np.stack((rows, columns), axis=1), axis=0, return_inverse=True)
        if len(squares) <= MOST_CELLS:
            break
        step *= 1.25
    gathered = np.bincount(at.ravel(), weights=mass)
    return Cells(
        lon=tuple(round(float((c + 0.5) * step * stretch), 5) for c in squares[:, 1]),
        lat=tuple(round(float((r + 0.5) * step), 5) for r in squares[:, 0]),
        probability=tuple(round(_share(float(x)), 6) for x in gathered),
    )


def _borders(scene: Scene) -> list[BorderStretch]:
    """The border lines the case speaks of, thinned to what a map can show."""
    lines: dict[tuple[str, ...], BorderStretch] = {}
    relations = [*scene.own.values(), *scene.others]
    wanted = [r.border for r in relations if r.border is not None]
    wanted += [s.border for s in scene.specs if s.border is not None]
    for border in wanted:
        codes = tuple(getattr(border, "between", ()))
        if codes in lines:
            continue
        lines[codes] = BorderStretch(
            between=tuple(country_name(code) for code in codes),
            lines=tuple(_thinned(line) for line in border.lines if len(line) > 1),
            source=str(getattr(border, "source", "")),
        )
    return list(lines.values())


def _thinned(line: Any) -> Ring:
    import shapely

    simple = shapely.simplify(shapely.linestrings(np.asarray(line, dtype=float)), 0.002)
    return tuple(
        (round(float(x), 5), round(float(y), 5)) for x, y in shapely.get_coordinates(simple)
    )


def _evidence(item: facts.Evidence) -> Evidence:
    return Evidence.model_validate(
        {
            "id": item.id,
            "claim": item.claim_id,
            "check": item.check,
            "log_lr": item.log_lr,
            "summary": item.summary,
            "measurements": [
                {
                    "quantity": m.quantity,
                    "value": m.value,
                    "uncertainty": m.uncertainty,
                    "unit": m.unit,
                }
                for m in item.measurements
            ],
            "origin": item.origin,
            "provenance": [
                {
                    "source": p.source,
                    "locator": p.locator or None,
                    "sha256": p.sha256,
                    "retrieved_at": p.retrieved_at.isoformat() if p.retrieved_at else None,
                    "attribution": p.attribution,
                }
                for p in item.provenance
            ],
        }
    )


def _conflict(ids: Sequence[str], ratio: float, documents: Sequence[Document]) -> Conflict:
    said = {c.id: (d.source, c.text) for d in documents for c in d.extraction.claims}
    quotes = " and ".join(
        f"{source}\u2019s \u201c{' '.join(text.split())}\u201d"
        for source, text in (said[i] for i in ids)
    )
    return Conflict(
        claims=tuple(ids),
        why=(
            f"{quotes} cannot all hold: under every reading of the names together they are "
            f"{1 / max(ratio, 1e-9):,.0f} times less likely than if they had nothing to do with "
            "each other."
        ),
    )
