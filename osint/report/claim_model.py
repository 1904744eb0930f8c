"""A claim in a report: as a text makes it, and with the verdict on it."""

from __future__ import annotations

import math
from typing import Any, Literal, Self

from pydantic import (
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from osint.report.schema import close_claim
from osint.report.values import Id, Interval, Metres, Model, Share

Kind = Literal["located", "separation", "zone", "direction", "border", "containment", "dated"]
Outcome = Literal["confirmed", "flagged", "undetermined"]
Leaning = Literal["supports", "against", "none"]


# Rounding in a few hundred probabilities; a real surplus is far larger.
_SUM_SLACK = 0.01


class Band(Model):
    """A stated distance; ``low`` or ``high`` is null where the wording is one-sided."""

    low: Metres | None
    high: Metres | None
    said: Metres


class Sector(Model):
    """Azimuths from ``low`` clockwise to ``high``; ``low`` exceeds ``high`` across north."""

    low: float
    high: float


class Distribution(Model):
    """How far apart the evidence lets two places be, the claim itself left out.

    ``probability[i]`` is the share between ``edges_m[i]`` and ``edges_m[i + 1]``; with ``open``,
    the share that could not be placed on any map, it adds up to at most one (what is missing lies
    beyond the last edge). Quantiles are those of the placed share.
    """

    edges_m: tuple[Metres, ...]
    probability: tuple[Share, ...]
    open: Share = 0.0
    q05_m: Metres | None = None
    q50_m: Metres | None = None
    q95_m: Metres | None = None
    band_low_m: Metres | None = None
    band_high_m: Metres | None = None
    decision_low_m: Metres | None = None
    decision_high_m: Metres | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if len(self.edges_m) != len(self.probability) + 1 or not self.probability:
            raise ValueError(
                f"{len(self.probability)} probabilities need one edge more, got {len(self.edges_m)}"
            )
        if any(b <= a for a, b in zip(self.edges_m, self.edges_m[1:], strict=False)):
            raise ValueError("edges_m must increase")
        total = math.fsum(self.probability) + self.open
        if total > 1 + _SUM_SLACK:
            raise ValueError(f"probability and open add up to {total:.3f}, more than 1")
        return self


class ReadingVerdict(Model):
    """The verdict if an ambiguous name means one particular place."""

    reading: str
    weight: Share
    verdict: Outcome
    bayes_factor: Metres | None = None
    predictive: Share | None = None


class Sensitivity(Model):
    """The smallest move of one anchor that changes the verdict."""

    anchor: str
    move_m: Metres
    azimuth_deg: float


KIND_FIELDS: dict[str, tuple[str, ...]] = {
    "located": ("subject", "place"),
    "separation": ("from", "to", "distance_m", "bearing_deg", "distribution"),
    "zone": ("centre", "radius_m", "what", "status"),
    "direction": ("subject", "relation", "object"),
    "border": ("subject", "between"),
    "containment": ("subject", "area"),
    "dated": ("event",),
}
NULLABLE = frozenset({"bearing_deg", "distribution", "what", "status"})


class StatedClaim(Model):
    """One claim as a text makes it; fields of other kinds are absent from the JSON."""

    model_config = ConfigDict(
        json_schema_extra=lambda schema: close_claim(schema, KIND_FIELDS, NULLABLE)
    )

    id: Id
    kind: Kind
    text: str
    spans: tuple[tuple[int, int], ...] = ()
    source: str
    origin: str
    polarity: Literal["affirmed", "denied"] = "affirmed"
    modality: Literal["stated", "hedged", "reported"] = "stated"
    caption: bool = False
    photo: str | None = None
    places: tuple[str, ...] = ()
    date: Interval | None = None

    subject: str | None = None
    place: str | None = None
    from_: str | None = Field(default=None, alias="from")
    to: str | None = None
    distance_m: Band | None = None
    bearing_deg: Sector | None = None
    centre: str | None = None
    radius_m: Band | None = None
    what: str | None = None
    status: Literal["proclaimed", "enforced"] | None = None
    relation: str | None = None
    object: str | None = None
    between: tuple[str, ...] | None = None
    area: str | None = None
    event: str | None = None

    @model_validator(mode="after")
    def _fields_of_its_kind(self) -> Self:
        own = KIND_FIELDS[self.kind]
        for name in sorted({field for fields in KIND_FIELDS.values() for field in fields}):
            value = getattr(self, "from_" if name == "from" else name, None)
            if name in own and value is None and name not in NULLABLE:
                raise ValueError(f"claim {self.id}: a {self.kind} claim needs {name!r}")
            if name not in own and value is not None:
                raise ValueError(f"claim {self.id}: a {self.kind} claim has no {name!r}")
        return self

    @model_serializer(mode="wrap")
    def _without_foreign_fields(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        foreign = {name for fields in KIND_FIELDS.values() for name in fields}
        foreign -= set(KIND_FIELDS[self.kind])
        return {key: value for key, value in handler(self).items() if key not in foreign}


class JudgedClaim(StatedClaim):
    """A claim of the article with its verdict and the reasons for it."""

    verdict: Outcome
    leaning: Leaning = "none"
    probability: Share | None = None
    bayes_factor: Metres | None = None
    predictive: Share | None = None
    because: str
    decides: str = ""
    sensitivity: Sensitivity | None = None
    readings: tuple[ReadingVerdict, ...] = ()
    evidence: tuple[Id, ...] = ()
    assumptions: tuple[str, ...] = ()
    distribution: Distribution | None = None
