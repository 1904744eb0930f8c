"""The same picture, seen before under another caption: the commonest fake there is.

Two things are told apart. That the picture was in the archive before the day on which it is said to
have been taken is a fact: only a false match or a wrong clock explains it away. That an earlier
caption gave another day or place is its captioner's word, and counts as little as other words; of
the claim's own origin, or the same as the caption now, it says nothing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, timedelta
from typing import TYPE_CHECKING, Literal

from gazetteer.names import fold
from osint.checks.trust import F_WRONG
from osint.claims import DateInterval
from osint.evidence import Evidence, Measurement, Provenance
from osint.relation import origin_key

if TYPE_CHECKING:
    from imagery.photo.seen import Sighting
    from osint.claims import LocatedClaim

# p(in the archive before its claimed date | caption true) / p(... | false): a wrong clock, or a
# match that is none, in 3 of 100; pictures that show the same may also be two of one series. One
# that fits less closely may be another of the same scene from the same spot, or of the same layout.
FILE_EXISTED = F_WRONG
PICTURE_EXISTED = 0.05
ALIKE_EXISTED = 0.2
# Copies of photos saved anew, halved or mirrored lie within both of these nearly always.
CLOSE_DISTANCE, CLOSE_VOTES = 0.05, 5
# What an earlier caption says differently: a stated claim is wrong once in five times, and of two
# dates the earlier is likelier the picture's own.
EARLIER_DATE = 0.2
LATER_DATE = 0.5
OTHER_PLACE = 0.4
BASIS = (
    "A picture that existed before its claimed date is explained by a wrong clock or a false match "
    f"in {FILE_EXISTED:.0%} (the same file), {PICTURE_EXISTED:.0%} (the same picture) or "
    f"{ALIKE_EXISTED:.0%} (one that fits less closely) (from judgement)"
)
WORD_BASIS = "An earlier caption is its captioner's word and counts as little (from judgement)"

# The archive's clock and the place's zone may differ by a day.
_SLACK = timedelta(days=1)
_ORIGIN = re.compile(r"\[([^\[\]]{1,100})\] ")
_DAYS = re.compile(r"(\d{4}-\d\d-\d\d)(?: to (\d{4}-\d\d-\d\d))?", re.ASCII)
_MOST_SHOWN = 160
_LEAST_WORD = 3


def caption_kept(text: str, origin: str) -> str:
    """A caption as the archive keeps it: who says it in front."""
    who = " ".join(re.sub(r"[\[\]]", " ", origin).split())[:100] or "unknown"
    return f"[{who}] {text}"


def caption_read(kept: str) -> tuple[str, str | None]:
    """The caption and its origin; None where the archive does not say who said it."""
    found = _ORIGIN.match(kept)
    return (kept[found.end() :], found[1]) if found else (kept, None)


def check_seen(
    sightings: Sequence[Sighting],
    claim: LocatedClaim,
    *,
    path: str,
    place_names: Sequence[str],
) -> tuple[Evidence, ...]:
    """Earlier sightings of a claim's photo as evidence on its date and on its place.

    Of several sightings the one that speaks most against the caption counts, for each. An earlier
    caption that gave another day and another place is one person's word, and counts once.

    Args:
        sightings: of the photo, in other cases.
        claim: the caption.
        path: the photo's name.
        place_names: every way the claimed place is written.
    """
    found: dict[str, tuple[float, str, Sighting]] = {}
    for what, judged in (
        ("date", [_date(s, claim) for s in sightings]),
        ("place", [_place(s, claim, place_names) for s in sightings]),
    ):
        told = [(each[0], each[1], s) for each, s in zip(judged, sightings, strict=True) if each]
        if told:
            found[what] = min(told, key=lambda each: each[0])
    if len(found) == 2:
        date_, place = found["date"], found["place"]
        if date_[2] is place[2] and not existed_before(place[2], claim):
            what = "date" if date_[0] <= place[0] else "place"
            found = {what: (min(date_[0], place[0]), f"{date_[1]} and {place[1]}", place[2])}
    return tuple(_evidence(claim, path, what, *told) for what, told in found.items())


def existed_before(sighting: Sighting, claim: LocatedClaim) -> bool:
    """Whether the picture was in the archive before the claimed date."""
    if claim.date is None or claim.date.first <= date.min + _SLACK:
        return False
    return sighting.entry.seen_at.astimezone(UTC).date() < claim.date.first - _SLACK


def seen_predictive(sightings: Sequence[Sighting], claim: LocatedClaim) -> float | None:
    """Probability of the claimed date where the picture existed before it; None elsewhere.

    A picture that is only alike settles nothing: somebody has to look at both.
    """
    existed = [_existed(s) for s in sightings if existed_before(s, claim)]
    known = [chance for chance in existed if chance < ALIKE_EXISTED]
    return min(known) if known else None


def _existed(sighting: Sighting) -> float:
    if sighting.kind == "same file":
        return FILE_EXISTED
    close = sighting.distance <= CLOSE_DISTANCE and sighting.votes >= CLOSE_VOTES
    return PICTURE_EXISTED if close else ALIKE_EXISTED


def _date(sighting: Sighting, claim: LocatedClaim) -> tuple[float, str] | None:
    entry = sighting.entry
    if claim.date is None:
        return None
    if existed_before(sighting, claim):
        seen = f"{entry.seen_at:%Y-%m-%d}"
        return _existed(sighting), f"was kept on {seen}, before the claimed date ({claim.date})"
    if _own_words(sighting, claim):
        return None
    said = _interval(entry.date)
    if said is None:
        return None
    if said.last < claim.date.first - _SLACK:
        return EARLIER_DATE, f"was then dated {said}, before the claimed date ({claim.date})"
    if said.first - _SLACK > claim.date.last:
        return LATER_DATE, f"was then dated {said}, after the claimed date ({claim.date})"
    return None


def _place(
    sighting: Sighting, claim: LocatedClaim, names: Sequence[str]
) -> tuple[float, str] | None:
    place = sighting.entry.place
    if not place or _own_words(sighting, claim):
        return None
    then = _words(place)
    if not then or any(then & _words(name) for name in names):
        return None
    return OTHER_PLACE, f"was then said to show {place}, not {claim.place.name}"


def _own_words(sighting: Sighting, claim: LocatedClaim) -> bool:
    """Whether the earlier caption is of the claim's own origin, or the very same."""
    text, origin = caption_read(sighting.entry.caption)
    if origin is not None and origin_key(origin) in {
        origin_key(claim.origin),
        origin_key(claim.source),
    }:
        return True
    return bool(fold(text)) and fold(text) == fold(claim.text)


def _words(name: str) -> set[str]:
    return {word for word in fold(name).split() if len(word) >= _LEAST_WORD}


def _interval(text: str) -> DateInterval | None:
    """A date as this package writes it into the archive."""
    found = _DAYS.fullmatch(text.strip())
    if found is None:
        return None
    try:
        return DateInterval(
            first=date.fromisoformat(found[1]), last=date.fromisoformat(found[2] or found[1])
        )
    except ValueError:
        return None


def _evidence(
    claim: LocatedClaim,
    path: str,
    what: Literal["date", "place"] | str,
    ratio: float,
    words: str,
    sighting: Sighting,
) -> Evidence:
    entry = sighting.entry
    changed = f" ({', '.join(sighting.changes)})" if sighting.changes else ""
    caption = entry.caption[:_MOST_SHOWN]
    why = BASIS if what == "date" and existed_before(sighting, claim) else WORD_BASIS
    numbers = tuple(_numbers(sighting))
    return Evidence(
        id=f"{claim.id}.seen_{what}",
        claim_id=claim.id,
        check=f"photo_seen_{what}",
        log_lr=math.log(ratio),
        summary=(
            f"{path} is the {sighting.kind}{changed} as {entry.name} of the case \u201c{entry.case}"
            f"\u201d, which {words}. Its caption there: \u201c{caption}\u201d. {why}."
        ),
        origin=f"archive of pictures, case {entry.case}",
        measurements=numbers,
        provenance=(
            Provenance(
                source=f"archive of pictures, case {entry.case}",
                locator=entry.name,
                sha256=entry.sha256,
                retrieved_at=entry.seen_at,
            ),
        ),
    )


def _numbers(sighting: Sighting) -> Iterator[Measurement]:
    yield Measurement(quantity="kept since", value=sighting.entry.seen_at.isoformat(), unit="UTC")
    yield Measurement(quantity="difference from that picture", value=sighting.distance, unit="1")
