"""Captions, places and dates that somebody wrote into a photo, against the caption outside.

They are their captioner's word, never the camera's: one that agrees or contradicts counts 2 to 1 at
most. Where the caption outside is of the same origin, or only repeats them, they say nothing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from gazetteer.countries import country_code
from gazetteer.names import fold
from osint.claims import ContainmentClaim, DateInterval, LocatedClaim
from osint.evidence import Evidence, Measurement, Provenance
from osint.relation import origin_key

if TYPE_CHECKING:
    from imagery.photo.facts import PhotoFacts

AGREES = 2.0
CONTRADICTS = 0.5
BASIS = (
    f"Words inside a file are its captioner's; they count at most {AGREES:.0f} to 1 either way "
    "(from judgement: four of five captions are right, and captions are copied from each other)"
)

Fits = Literal["agrees", "contradicts"]
Nearness = Callable[[str], Fits | None]
"""Whether a name means a place that can be the claimed one; None where that cannot be told."""

_MOST_CAPTIONS = 6
_MOST_PLACES = 40
_MOST_SHOWN = 120
_DATE = re.compile(r"(\d{4})[-:]?(\d\d)[-:]?(\d\d)(?!\d)", re.ASCII)
# Whoever writes a caption may be in another zone than the place.
_SLACK = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedPlace:
    """What is known of the place a caption claims.

    Attributes:
        names: every way it is written.
        countries: codes of the countries it can lie in; empty if not known.
        nearness: judges any other name.
    """

    names: tuple[str, ...]
    countries: tuple[str, ...] = ()
    nearness: Nearness = lambda _: None


def check_words(
    facts: PhotoFacts, claim: LocatedClaim, place: ClaimedPlace
) -> tuple[Evidence, ...]:
    """What the words in a file say of the claimed place and of the claimed date, one each."""
    if facts.credit and origin_key(facts.credit) in {
        origin_key(claim.origin),
        origin_key(claim.source),
    }:
        return ()
    outside = fold(claim.text)
    captions = [c for c in facts.captions[:_MOST_CAPTIONS] if not _repeats(outside, fold(c))]
    told = _Told.of(captions)
    found = []
    # Places in fields of their own are as a rule those of the caption beside them.
    copied = bool(facts.captions) and not captions
    named = [] if copied else [*facts.places_said, *facts.location_shown, *facts.location_created]
    places = list(dict.fromkeys([*told.places, *named]))[:_MOST_PLACES]
    verdict = _fits(_place_fits(name, place) for name in places)
    if verdict is not None:
        found.append(
            _evidence(facts, claim, "place", verdict, "; ".join(places), place.names[:1] or ("?",))
        )
    if claim.date is not None:
        days = [*told.dates, *(() if copied else _created(facts))]
        verdict = _fits(_date_fits(day, claim.date) for day in days)
        if verdict is not None:
            text = "; ".join(str(day) for day in dict.fromkeys(days))
            found.append(_evidence(facts, claim, "date", verdict, text, (str(claim.date),)))
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """Places and dates that captions tell, by the grammar that reads articles."""

    places: tuple[str, ...]
    dates: tuple[DateInterval, ...]

    @classmethod
    def of(cls, captions: Sequence[str]) -> _Told:
        from osint.extract import extract_text

        places: list[str] = []
        dates: list[DateInterval] = []
        for caption in captions:
            for claim in extract_text(caption, source="", origin="").claims:
                if claim.polarity == "denied":
                    continue
                if isinstance(claim, LocatedClaim):
                    places.append(claim.place.proper or claim.place.name)
                elif isinstance(claim, ContainmentClaim):
                    places.append(claim.area.name)
                if claim.date is not None:
                    dates.append(claim.date)
        return cls(places=tuple(places), dates=tuple(dates))


def _repeats(outside: str, inside: str) -> bool:
    """Whether one caption holds the other word for word."""
    return bool(inside) and bool(outside) and (outside in inside or inside in outside)


def _place_fits(said: str, place: ClaimedPlace) -> Fits | None:
    verdicts = [
        _name_fits(piece, place) for piece in re.split(r"[,;/|]", said[:400]) if piece.strip()
    ]
    return _fits(verdicts)


def _name_fits(said: str, place: ClaimedPlace) -> Fits | None:
    own = fold(said)
    if not own:
        return None
    if any(_holds(own, fold(name)) for name in place.names):
        return "agrees"
    code = country_code(said.strip())
    if code is not None:
        # The right country is what most wrong captions get right as well.
        return "contradicts" if place.countries and code not in place.countries else None
    return place.nearness(said.strip())


def _holds(a: str, b: str) -> bool:
    """Whether the words of one name are among the other's."""
    one, other = set(a.split()), set(b.split())
    return bool(one and other) and (one <= other or other <= one)


def _date_fits(said: DateInterval, claimed: DateInterval) -> Fits | None:
    if said.first <= claimed.last and claimed.first <= said.last:
        # A year or a month says too little of a day.
        return "agrees" if said.last - said.first <= claimed.last - claimed.first + _SLACK else None
    gap = max(said.first - claimed.last, claimed.first - said.last)
    return "contradicts" if gap > _SLACK else None


def _fits(verdicts: Iterable[Fits | None]) -> Fits | None:
    """Verdicts taken together: words that disagree among themselves say nothing."""
    found = set(verdicts) - {None}
    return found.pop() if len(found) == 1 else None


def _created(facts: PhotoFacts) -> Iterator[DateInterval]:
    """The date of creation as XMP or IPTC state it, unless it is a copy of the camera's."""
    found = _DATE.match((facts.created or "").strip())
    if found is None:
        return
    try:
        day = date(*(int(part) for part in found.groups()))
    except ValueError:
        return
    if facts.taken_at is None or facts.taken_at.date() != day:
        yield DateInterval(first=day, last=day)


def _evidence(
    facts: PhotoFacts,
    claim: LocatedClaim,
    what: Literal["place", "date"],
    verdict: Fits,
    said: str,
    claimed: Sequence[str],
) -> Evidence:
    shown = said if len(said) <= _MOST_SHOWN else said[: _MOST_SHOWN - 1] + "…"
    return Evidence(
        id=f"{claim.id}.words_{what}",
        claim_id=claim.id,
        check=f"photo_words_{what}",
        log_lr=math.log(AGREES if verdict == "agrees" else CONTRADICTS),
        summary=(
            f"Words inside {facts.path} name the {what} \u201c{shown}\u201d, which {verdict}"
            f"{' with' if verdict == 'agrees' else ''} the claimed one ({claimed[0]}). {BASIS}."
        ),
        origin=facts.credit or f"captioner of {facts.path}",
        measurements=(Measurement(quantity=f"{what} inside the file", value=shown, unit="text"),),
        provenance=(
            Provenance(source="captions inside the file", locator=facts.path, sha256=facts.sha256),
        ),
    )
