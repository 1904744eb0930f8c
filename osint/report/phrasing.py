"""A claim, its verdict and its evidence in sentences an editor can read."""

from __future__ import annotations

import math

from osint.report.claim_model import JudgedClaim, StatedClaim
from osint.report.model import Evidence, Interval, Photo
from osint.report.picture_model import Sighting
from osint.report.text import exact_text, factor_text, position_text, span_text

VERDICT_WORDS = {
    "confirmed": "Confirmed",
    "flagged": "Flagged",
    "undetermined": "Undetermined",
}
VERDICT_SIGNS = {"confirmed": "✓", "flagged": "✗", "undetermined": "?"}
LEANING_WORDS = {
    "supports": "evidence leans towards it",
    "against": "evidence leans against it",
    "none": "evidence leans neither way",
}
_BLURRED = 0.05


def claim_line(claim: StatedClaim) -> str:
    """What the claim comes to, apart from the words it was put in."""
    match claim.kind:
        case "located":
            line = f"{claim.subject} at {claim.place}"
        case "separation":
            assert claim.distance_m is not None
            line = f"{claim.from_}: {exact_text(claim.distance_m.said)} from {claim.to}"
            if claim.bearing_deg:
                line += (
                    f", at an azimuth of {claim.bearing_deg.low:.4g}° to "
                    f"{claim.bearing_deg.high:.4g}° from there"
                )
        case "zone":
            assert claim.radius_m is not None
            what = claim.what or "zone"
            line = f"{what} of {exact_text(claim.radius_m.said)} around {claim.centre}"
        case "direction":
            line = f"{claim.subject} lies {claim.relation} of {claim.object}"
        case "border":
            between = claim.between or ()
            of = " and ".join(between)
            kind = "common border" if len(between) > 1 else "border"
            line = f"{claim.subject} on the {kind} of {of}"
        case "containment":
            line = f"{claim.subject} in {claim.area}"
        case "dated":
            line = f"{claim.event}"
    if claim.date:
        line += f", {interval_text(claim.date)}"
    return f"denied: {line}" if claim.polarity == "denied" else line


def interval_text(interval: Interval) -> str:
    """One day, or the first and the last."""
    if interval.first == interval.last:
        return interval.first.isoformat()
    return f"{interval.first.isoformat()} to {interval.last.isoformat()}"


def meant_distance(claim: StatedClaim) -> str:
    """What the stated distance was taken to mean; empty where there is none."""
    band = claim.distance_m or claim.radius_m
    return span_text(band.low, band.high) if band else ""


def wordings(text: str, claim: StatedClaim, most: int = 600) -> tuple[str, ...]:
    """The other places in ``text`` where the claim is made, each once, as far as spans hold."""
    seen = {" ".join(claim.text.split())}
    found = []
    for start, end in claim.spans:
        said = " ".join(text[max(start, 0) : max(end, 0)].split())[:most]
        if said and not any(said in other for other in seen):
            seen.add(said)
            found.append(said)
    return tuple(found)


def factor_words(claim: JudgedClaim) -> str:
    """The Bayes factor said aloud."""
    factor = claim.bayes_factor
    if factor is None:
        return "The evidence gives no Bayes factor for this claim."
    if factor == 0:
        return "The evidence is impossible if the claim holds."
    if abs(math.log(factor)) < _BLURRED:
        return "The evidence is as likely if the claim holds as if it does not."
    if factor > 1:
        return (
            f"The evidence is {factor_text(factor)} times likelier if the claim holds than if not."
        )
    return (
        f"The evidence is {factor_text(1 / factor)} times likelier if the claim does not hold than "
        "if it does."
    )


def weight_words(evidence: Evidence) -> str:
    """Which way one piece of evidence points, and how strongly."""
    if abs(evidence.log_lr) < _BLURRED:
        return "points neither way"
    factor = factor_text(math.exp(min(abs(evidence.log_lr), 50.0)))
    return f"{'for' if evidence.log_lr > 0 else 'against'} the claim, by a factor of {factor}"


def photo_facts(photo: Photo) -> tuple[tuple[str, str], ...]:
    """What the file says of itself, as label and value; what it does not say is left out."""
    position = photo.position
    where = ""
    if position:
        where = position_text(lon=position.lon, lat=position.lat)
        if position.uncertainty_m is not None:
            where += f" ± {exact_text(position.uncertainty_m)}"
        if position.altitude_m is not None:
            where += f", altitude {position.altitude_m:.0f} m"
    heading = ""
    if photo.heading_deg is not None:
        heading = f"{photo.heading_deg:.1f}° from {photo.heading_reference or 'unstated'} north"
    taken = photo.taken_at or ""
    if taken and not photo.utc_offset:
        taken += " (no time zone given)"
    rows = (
        ("Metadata", _STATUS_WORDS[photo.status]),
        ("Position", where),
        ("Position unusable", photo.position_problem or ""),
        ("Datum stated", photo.datum or ""),
        ("Camera heading", heading),
        ("Taken at", taken),
        ("GPS time (UTC)", photo.gps_time_utc or ""),
        ("Offset of the clock by its GPS time", photo.implied_offset or ""),
        ("Camera", " ".join(part for part in (photo.make, photo.model) if part)),
        ("Lens", photo.lens or ""),
        ("Exposure", _exposure(photo)),
        ("Software", photo.software or ""),
        ("Editing history", "; ".join(photo.editing)),
        ("Credit", photo.credit or ""),
        ("Created, as somebody wrote", photo.created or ""),
        ("Captions inside the file", "; ".join(photo.captions)),
        ("Places named inside the file", "; ".join(photo.places_said)),
        ("Place shown, as somebody wrote", "; ".join(photo.location_shown)),
        ("Place of the camera, as somebody wrote", "; ".join(photo.location_created)),
        ("Position in XMP", _xmp_place(photo)),
        ("Content credentials", _credentials(photo)),
        *(
            (
                f"Readers disagree on {conflict.field}",
                "; ".join(f"{name}: {value}" for name, value in conflict.readers.items()),
            )
            for conflict in photo.conflicts
        ),
    )
    return tuple((label, value) for label, value in rows if value)


def _xmp_place(photo: Photo) -> str:
    spot = photo.xmp_position
    return position_text(lon=spot.lon, lat=spot.lat) if spot else ""


def _exposure(photo: Photo) -> str:
    """Such as "1/250 s, f/8, ISO 100, flash"."""
    exposure = photo.exposure
    if exposure is None:
        return ""
    parts = []
    if exposure.time_s:
        quick = 0 < exposure.time_s < 0.5
        parts.append(f"1/{1 / exposure.time_s:.0f} s" if quick else f"{exposure.time_s:g} s")
    if exposure.f_number is not None:
        parts.append(f"f/{exposure.f_number:.3g}")
    if exposure.iso is not None:
        parts.append(f"ISO {exposure.iso:.0f}")
    if exposure.bias_ev:
        parts.append(f"{exposure.bias_ev:+.1f} EV")
    if exposure.flash_fired:
        parts.append("flash")
    return ", ".join(parts)


def _credentials(photo: Photo) -> str:
    """Who signed, whether that holds and whether the signer is trusted: three answers."""
    said = photo.credentials
    if said is None or not said.present:
        return ""
    words = {True: "{}", False: "not {}", None: "not known whether {}"}
    parts = [
        "present",
        words[said.valid].format("valid"),
        words[said.trusted].format("trusted"),
        f"signed by {said.signer or said.issuer}" if said.signer or said.issuer else "",
        f"on {said.signed_at}" if said.signed_at else "",
        *said.problems,
    ]
    return "; ".join(part for part in parts if part)


def sighting_words(sighting: Sighting) -> str:
    """Where and as what a picture was seen before."""
    changed = f" ({', '.join(sighting.changes)})" if sighting.changes else ""
    said = f", placed at {sighting.place}" if sighting.place else ""
    said += f", dated {sighting.date}" if sighting.date else ""
    caption = f": \u201c{sighting.caption}\u201d" if sighting.caption else ""
    return (
        f"the {sighting.kind}{changed} as {sighting.name} in the case \u201c{sighting.case}\u201d, "
        f"kept on {sighting.seen_at[:10]}{said}{caption}"
    )


_STATUS_WORDS = {
    "ok": "read",
    "no_metadata": "none in the file; that is usual for a published photo and proves nothing",
    "malformed": "damaged; what could be salvaged is shown, and counts neither way",
    "timeout": "not read in the time allowed; nothing in it was used",
    "memory": "not read in the memory allowed; nothing in it was used",
    "unsupported": "in a format that is not read yet",
}
