"""What a text says about places, as values.

A claim is one checkable sentence: who is where, how far, in which direction, on which border. There
is one type per kind, all frozen, all carrying where it was said (``spans``), by whom (``source``)
and who said it first (``origin``). The fields of ``Claim.as_dict`` are fixed by the published
contract; they are what ``osint claims --json`` prints.

A claim's endpoints are *entities*: everything a text speaks of that can be somewhere, gathered from
all the phrases that mean it ("the second US-rebel base", "their Zaqaf garrison").
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Span = tuple[int, int]
Polarity = Literal["affirmed", "denied"]
Modality = Literal["stated", "hedged", "reported"]
EntityRole = Literal["site", "force", "person", "area", "unknown"]
ZoneStatus = Literal["proclaimed", "enforced"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DateInterval:
    """A closed interval of days. ``first`` may equal ``last``."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"date interval ends before it begins: {self.first} > {self.last}")

    def as_dict(self) -> dict[str, str]:
        """``{"first": "2017-06-11", "last": "2017-06-11"}``."""
        return {"first": self.first.isoformat(), "last": self.last.isoformat()}

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first} to {self.last}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Distance:
    """A stated distance in metres.

    ``said_m`` is the number that was said (the middle of a range). ``low_m`` and ``high_m`` bound
    what the words mean, precision of the number included; one is None when the wording is one-sided
    ("more than 20 km"). ``hedge`` keeps the words that came with it ("just", "nearly", "some").
    """

    said_m: float
    low_m: float | None
    high_m: float | None
    hedge: str = ""

    def __post_init__(self) -> None:
        if not self.said_m > 0:
            raise ValueError(f"a stated distance must be above zero, got {self.said_m}")
        if self.low_m is None and self.high_m is None:
            raise ValueError("a stated distance needs at least one bound")
        if self.low_m is not None and self.high_m is not None and self.high_m < self.low_m:
            raise ValueError(f"distance bounds are reversed: {self.low_m} > {self.high_m}")

    def as_dict(self) -> dict[str, float | None]:
        """``{"low", "high", "said"}``, metres."""
        return {"low": self.low_m, "high": self.high_m, "said": self.said_m}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """Something a text speaks of that can be somewhere.

    Attributes:
        id: unique within its text ("e1").
        name: what to call it: its proper name if it has one, else its fullest description without
            determiner ("Syrian army base on the Iraqi border").
        role: ``site`` stays where it is; ``force`` and ``person`` move; ``area`` is a country or
            region.
        proper: the proper name of the place ("al-Zaqaf") as first written, or None.
        kind: what sort of feature its words say it is ("base", "crossing", "village"), or None.
        owners: whose it is said to be, normalised ("US", "rebels", "Syrian army").
        border: ISO codes of the countries on whose common border it is said to lie, sorted; one
            code where only one side was named; empty where none.
        area: the wider area it is said to lie in, as written ("southern Syria"), or None.
        mentions: every phrase that means it, as spans into its text.
    """

    id: str
    name: str
    role: EntityRole
    proper: str | None = None
    kind: str | None = None
    owners: tuple[str, ...] = ()
    border: tuple[str, ...] = ()
    area: str | None = None
    mentions: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What all kinds share; instances are of a kind's own type.

    ``text`` is the sentence of the first span; ``places`` are the endpoints as written there, in
    the order of the kind's fields.
    """

    id: str
    text: str
    spans: tuple[Span, ...]
    source: str
    origin: str
    polarity: Polarity = "affirmed"
    modality: Modality = "stated"
    caption: bool = False
    photo: str | None = None
    places: tuple[str, ...] = ()
    date: DateInterval | None = None

    @property
    def kind(self) -> str:
        """The claim's kind as the contract spells it."""
        return type(self).__name__.removesuffix("Claim").lower()

    def entity_ids(self) -> tuple[str, ...]:
        """Ids of the entities the claim is about, in the order of its fields."""
        return ()

    def own_fields(self) -> dict[str, object]:
        """The fields that only this kind has, as the contract names them."""
        return {}

    def as_dict(self) -> dict[str, object]:
        """The claim as the contract prints it."""
        return {
            "id": self.id,
            "kind": self.kind,
            "text": self.text,
            "spans": [list(span) for span in self.spans],
            "source": self.source,
            "origin": self.origin,
            "polarity": self.polarity,
            "modality": self.modality,
            "caption": self.caption,
            "photo": self.photo,
            "places": list(self.places),
            "date": self.date.as_dict() if self.date else None,
            **self.own_fields(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class LocatedClaim(Claim):
    """``subject`` is (or was, on ``date``) at ``place``."""

    subject: Entity
    place: Entity

    def entity_ids(self) -> tuple[str, ...]:
        """Subject and place."""
        return (self.subject.id, self.place.id)

    def own_fields(self) -> dict[str, object]:
        """``subject``, ``place``."""
        return {"subject": self.subject.name, "place": self.place.name}


@dataclass(frozen=True, slots=True, kw_only=True)
class SeparationClaim(Claim):
    """``origin_entity`` lies ``distance`` from ``target``, in a direction if one was said.

    ``bearing_deg`` is a half-open sector (low, high) of azimuths from ``target`` towards
    ``origin_entity``, clockwise from true north; low may exceed high where the sector spans north.
    """

    origin_entity: Entity
    target: Entity
    distance: Distance
    bearing_deg: tuple[float, float] | None = None

    def entity_ids(self) -> tuple[str, ...]:
        """From and to."""
        return (self.origin_entity.id, self.target.id)

    def own_fields(self) -> dict[str, object]:
        """``from``, ``to``, ``distance_m``, ``bearing_deg``."""
        return {
            "from": self.origin_entity.name,
            "to": self.target.name,
            "distance_m": self.distance.as_dict(),
            "bearing_deg": (
                {"low": self.bearing_deg[0], "high": self.bearing_deg[1]}
                if self.bearing_deg
                else None
            ),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneClaim(Claim):
    """A zone of ``radius`` lies around ``centre``.

    ``what`` is what the text calls it, without its size ("exclusion zone"). ``status`` tells
    whether the words only proclaim it ("declared", "announced") or have it enforced ("enforced",
    "bombed for entering"); None where they do neither.
    """

    centre: Entity
    radius: Distance
    what: str
    status: ZoneStatus | None = None

    def entity_ids(self) -> tuple[str, ...]:
        """The centre."""
        return (self.centre.id,)

    def own_fields(self) -> dict[str, object]:
        """``centre``, ``radius_m``, ``what``, ``status``."""
        return {
            "centre": self.centre.name,
            "radius_m": self.radius.as_dict(),
            "what": self.what,
            "status": self.status,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectionClaim(Claim):
    """``subject`` lies in compass direction ``relation`` ("northeast") from ``target``.

    Where ``target`` is a zone ("the kill zone around al-Tanf"), ``around`` is the place at its
    centre; the subject is then said to lie outside the zone on that side.
    """

    subject: Entity
    relation: str
    target: Entity
    around: Entity | None = None

    def entity_ids(self) -> tuple[str, ...]:
        """Subject, object and, of a zone, what it surrounds."""
        ids = (self.subject.id, self.target.id)
        return (*ids, self.around.id) if self.around is not None else ids

    def own_fields(self) -> dict[str, object]:
        """``subject``, ``relation``, ``object``."""
        return {
            "subject": self.subject.name,
            "relation": self.relation,
            "object": self.target.name,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class BorderClaim(Claim):
    """``subject`` lies on the border ``between`` two countries (or of one), by ISO code."""

    subject: Entity
    between: tuple[str, ...]

    def entity_ids(self) -> tuple[str, ...]:
        """The subject."""
        return (self.subject.id,)

    def own_fields(self) -> dict[str, object]:
        """``subject``, ``between`` (country names)."""
        from gazetteer.countries import country_name

        return {
            "subject": self.subject.name,
            "between": [country_name(code) for code in self.between],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainmentClaim(Claim):
    """``subject``, a place that stays where it is, lies in ``area`` ("southern Syria")."""

    subject: Entity
    area: Entity

    def entity_ids(self) -> tuple[str, ...]:
        """Subject and area."""
        return (self.subject.id, self.area.id)

    def own_fields(self) -> dict[str, object]:
        """``subject``, ``area``."""
        return {"subject": self.subject.name, "area": self.area.name}


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedClaim(Claim):
    """``event`` happened on ``date``; ``subject`` is who or what it happened to or did it.

    ``event`` is the clause without the date ("second US-rebel base was set up").

    Raises:
        ValueError: no date; a dated claim is about nothing else.
    """

    event: str
    subject: Entity | None = None

    def __post_init__(self) -> None:
        if self.date is None:
            raise ValueError(f"a dated claim needs a date: {self.event!r}")

    def entity_ids(self) -> tuple[str, ...]:
        """The subject, where there is one."""
        return () if self.subject is None else (self.subject.id,)

    def own_fields(self) -> dict[str, object]:
        """``event``."""
        return {"event": self.event}


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """All that was read out of one text: its claims and what they speak of."""

    claims: tuple[Claim, ...]
    entities: tuple[Entity, ...]
