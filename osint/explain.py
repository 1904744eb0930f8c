"""A judgement in plain words: why it came out so, and what would decide it."""

from __future__ import annotations

import math

from gazetteer.countries import country_name
from osint.agreement import Agreement
from osint.answers import Answer
from osint.belief import region_95
from osint.checks.photo_together import forged_in
from osint.checks.trust import basis
from osint.claims import (
    BorderClaim,
    ContainmentClaim,
    DatedClaim,
    DirectionClaim,
    LocatedClaim,
    SeparationClaim,
    ZoneClaim,
)
from osint.judge import Judged, Judgement
from osint.verdict import DEFAULT
from osint.weigh import Weighed


def kilometres(metres: float) -> str:
    """Metres as kilometres for a sentence: "8.5 km", "130 km", "450 m"."""
    if metres < 1_000:
        return f"{metres:.0f} m"
    return f"{metres / 1000:.1f} km" if metres < 10_000 else f"{metres / 1000:,.0f} km"


def per_cent(share: float) -> str:
    """A share in words: "57 %"; never 0 or 100 for what is not quite that."""
    if 0 < share < 0.01:
        return "below 1 %"
    if 0.99 < share < 1:
        return "above 99 %"
    return f"{share:.0%}".replace("%", " %")


def times(factor: float) -> str:
    """A Bayes factor as odds in words."""
    if factor >= 1:
        return f"{_figure(factor)} times likelier if it is true than if it is not"
    return f"{_figure(1 / max(factor, 1e-6))} times likelier if it is false than if it is true"


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


def because(judgement: Judgement, judged: Judged) -> str:
    """The reason for a verdict, in a few sentences."""
    if judgement.agreement is not None:
        return _because_agreed(judgement, judgement.agreement)
    if judgement.weighed is None or judgement.answer is None:
        if judgement.answer is not None:
            return _because_photo(judgement)
        return f"Not checked: {judgement.why_unchecked}.{_whereabouts(judgement, judged)}"
    weighed = judgement.weighed
    parts = [_finding(judgement, weighed)]
    parts.append(
        f"Given that, the wording is {times(judgement.answer.bayes_factor)}, and the probability "
        f"of {_band_words(judgement)} is {per_cent(judgement.answer.predictive)}."
    )
    if judgement.outcome == "undetermined":
        parts.append(_why_not(judgement, judgement.answer))
    if judgement.without_alias is not None:
        free = judgement.without_alias.answer
        parts.append(
            f"Without the analyst's assertion the Bayes factor is {free.bayes_factor:.2g} and the "
            f"probability {per_cent(free.predictive)}."
        )
    if weighed.answer.approximate:
        parts.append("The places hang together in a circle, so these figures are approximate.")
    return " ".join(parts)


def _whereabouts(judgement: Judgement, judged: Judged) -> str:
    """Where others put the place of a claim on who was there."""
    if not isinstance(judgement.claim, LocatedClaim):
        return ""
    place = judgement.sites[-1]
    region = region_95(judged.beliefs[place.id]) if place.id in judged.beliefs else None
    if region is None or place.rows:
        return ""
    return (
        f" Others put {place.name} within {kilometres(region.radius_95_m)} of {region.lat:.2f}, "
        f"{region.lon:.2f}."
    )


def _because_photo(judgement: Judgement) -> str:
    # The basis of EXIF's weight is the same for all of its readings: once is enough.
    bounds = basis(forged_in(judgement.evidence))
    parts = [e.summary.replace(f" {bounds}.", "") for e in judgement.evidence]
    if any(bounds in e.summary for e in judgement.evidence):
        parts.append(f"{bounds}.")
    if judgement.answer is not None:
        parts.append(f"Together that is {times(judgement.answer.bayes_factor)}.")
    return " ".join(parts)


def _because_agreed(judgement: Judgement, agreement: Agreement) -> str:
    """What others say of a zone's size or an event's day."""
    origins = len({said.document.origin for said in agreement.said})
    what = "its radius" if isinstance(judgement.claim, ZoneClaim) else "it"
    parts = [
        f"By {origins} independent source{'s' if origins != 1 else ''}, {what} is "
        f"{agreement.spread} (90 %).",
        f"Given that, the wording is {times(agreement.answer.bayes_factor)}, and the probability "
        f"of what is claimed is {per_cent(agreement.answer.predictive)}.",
    ]
    if agreement.unchecked:
        parts.append(f"Not checked: {agreement.unchecked}.")
    elif judgement.outcome == "undetermined":
        parts.append(_why_not(judgement, agreement.answer))
    return " ".join(parts)


def _finding(judgement: Judgement, weighed: Weighed) -> str:
    """What everybody else's words come to for the quantity claimed."""
    claim = judgement.claim
    sources = len({p.relation.origin for p in weighed.pulls})
    count = len(weighed.pulls)
    if count:
        basis = (
            f"By {count} statement{'s' if count != 1 else ''} of {sources} independent "
            f"source{'s' if sources != 1 else ''}"
        )
    elif any(site.alias for site in judgement.sites):
        basis = "By the analyst's assertion"
    else:
        basis = "By the gazetteer's coordinates"
    if isinstance(claim, BorderClaim):
        return f"{basis}, {judgement.sites[0].name} can be placed against the border line."
    if isinstance(claim, ContainmentClaim):
        return f"{basis}, {judgement.sites[0].name} can be placed against {claim.area.name}."
    if weighed.separation is None or not weighed.separation.distance_m.size:
        return f"{basis}, both places can be compared."
    low, middle, high = weighed.separation.quantiles_m((0.05, 0.5, 0.95))
    first, second = judgement.sites[0].name, judgement.sites[-1].name
    spread = f"{kilometres(low)} to {kilometres(high)}"
    if kilometres(low) == kilometres(high):
        spread = kilometres(middle)
    text = f"{basis}, {first} lies {spread} from {second} (90 %; median {kilometres(middle)})"
    if weighed.separation.open >= 0.01:
        text += f"; {per_cent(weighed.separation.open)} is left open"
    return text + "."


def _band_words(judgement: Judgement) -> str:
    claim = judgement.claim
    if isinstance(claim, SeparationClaim) and judgement.weighed is not None:
        band = judgement.weighed.claim.band
        low, high = band.decision_m() if band else (0.0, math.inf)
        if math.isinf(high):
            distance = f"{kilometres(low)} or more"
        elif low == 0:
            distance = f"{kilometres(high)} or less"
        else:
            distance = f"{kilometres(low)} to {kilometres(high)}"
        return distance + (" in that direction" if claim.bearing_deg else "")
    if isinstance(claim, DirectionClaim):
        return "that direction"
    if isinstance(claim, BorderClaim):
        return "its lying at the border"
    if isinstance(claim, ContainmentClaim):
        return "its lying there"
    return "what is claimed"


def _why_not(judgement: Judgement, answer: Answer) -> str:
    """What an undetermined claim lacks."""
    if judgement.excluded_by:
        return f"It excludes {judgement.excluded_by}, which fits better, so it stays open."
    limit, share = DEFAULT.bayes_factor, DEFAULT.predictive
    mixed = {r.outcome for r in judgement.readings if r.weight >= DEFAULT.reading_weight}
    if len(mixed) > 1:
        return (
            "It comes out differently under different readings of the same name, so it stays open."
        )
    if judgement.weighed is not None and not judgement.weighed.independent:
        return "Nothing independent could have contradicted it, so it stays open."
    if answer.bayes_factor < 1:
        against = per_cent(1 - share)
        return f"Flagging takes a factor of {limit:.0f} against it and at most {against}."
    if isinstance(judgement.claim, BorderClaim | DirectionClaim | ContainmentClaim):
        return "So few words exclude too little to be confirmed on their own."
    return f"Confirming takes a factor of {limit:.0f} and {per_cent(share)}."


def decides(judgement: Judgement, judged: Judged) -> str:
    """What evidence would settle an open claim; empty where it is settled."""
    if judgement.outcome != "undetermined":
        return ""
    claim = judgement.claim
    if isinstance(claim, LocatedClaim):
        when = f" of {claim.date}" if claim.date else ""
        what = "it there" if claim.subject.role == "site" else "who was there"
        return (
            f"The original photo or footage{when} with its position and time, or imagery of "
            f"{claim.place.name} that shows {what}."
        )
    if isinstance(claim, ZoneClaim):
        return (
            f"What others say of the size of the {claim.what} around {claim.centre.name}, or the "
            "words of who declared it."
        )
    if isinstance(claim, DatedClaim):
        return (
            "Another publisher's date for the same event, or dated imagery of the place from "
            "before and after."
        )
    if judgement.weighed is None:
        unplaced = [site for site in judgement.sites if site.why_nowhere and not site.rows]
        if isinstance(claim, BorderClaim) and not unplaced:
            return "The line of that border, and a statement or image that places the subject."
        names = " and of ".join(dict.fromkeys(site.name for site in unplaced)) or "its places"
        return (
            f"A place name or coordinates of {names}: in the text, in a gazetteer, or as an "
            "analyst's alias."
        )
    widest, radius = None, 0.0
    for site in judgement.sites:
        region = region_95(judged.beliefs[site.id]) if site.id in judged.beliefs else None
        if region is not None and region.radius_95_m > radius:
            widest, radius = site, region.radius_95_m
            centre = region
    if widest is None:
        return "Coordinates of the places from a source of its own."
    return (
        f"A position for {widest.name} known better than to {kilometres(radius)}: dated imagery "
        f"of the ground around {centre.lat:.2f}, {centre.lon:.2f}, or a photo with GPS data from "
        "there."
    )


def assumptions(judgement: Judgement) -> tuple[str, ...]:
    """What a verdict takes for granted."""
    found = []
    for site in judgement.sites:
        if site.alias:
            found.append(
                f"\u201c{site.alias.phrase}\u201d is taken to mean {site.alias.place}, on the "
                f"word of {site.alias.by}: {site.alias.why}."
            )
        elif site.border and judgement.weighed is not None:
            if isinstance(judgement.claim, BorderClaim):
                continue
            names = " and ".join(country_name(code) for code in site.border)
            found.append(
                f"{site.name} is by its description on the border of {names}; whether it is there "
                "is a claim of its own."
            )
    return tuple(found)


def summary_sentence(judged: Judged) -> str:
    """The case in one sentence."""
    count = len(judged.judgements)
    if not count:
        return "The text makes no claim about places that this tool can check."
    outcomes = [j.outcome for j in judged.judgements]
    leaning = [j.leaning for j in judged.judgements if j.outcome == "undetermined"]
    parts = [
        f"{outcomes.count('confirmed')} confirmed",
        f"{outcomes.count('flagged')} flagged",
        f"{outcomes.count('undetermined')} undetermined",
    ]
    sentence = f"{count} claim{'s' if count != 1 else ''}: {', '.join(parts)}"
    leans = [
        f"{leaning.count(which)} {word}"
        for which, word in (
            ("supports", "leaning towards the claim"),
            ("against", "leaning against it"),
        )
        if which in leaning
    ]
    return sentence + (f" ({', '.join(leans)})." if leans else ".")
