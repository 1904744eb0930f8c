"""What a report holds: the models behind ``report.json``.

Field names are those of the published contract; the JSON Schema beside this file is made from these
models by ``python -m osint.report.model``. Distances are metres, angles degrees clockwise from true
north, positions WGS84 degrees, shares 0 to 1. Models are frozen; a report that contradicts itself
(an unknown evidence id, a distribution of more than one) cannot be built.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AwareDatetime, Field, model_validator

from osint.report.claim_model import (
    Band,
    Distribution,
    JudgedClaim,
    ReadingVerdict,
    Sector,
    Sensitivity,
    StatedClaim,
)
from osint.report.picture_model import (
    Credentials,
    Imagery,
    Photo,
    PhotoPosition,
    ReaderConflict,
    Signal,
    Tile,
    Unreached,
)
from osint.report.values import (
    Id,
    Interval,
    Lat,
    Lon,
    Metres,
    Model,
    Point,
    PointAt,
    Scalar,
    Sha256,
    Share,
)

__all__ = [
    "Assumption",
    "Band",
    "BorderStretch",
    "Cells",
    "Conflict",
    "Credentials",
    "Distribution",
    "Evidence",
    "Imagery",
    "Interval",
    "JudgedClaim",
    "Measurement",
    "Photo",
    "PhotoPosition",
    "Place",
    "PlaceReading",
    "PointAt",
    "Provenance",
    "ReaderConflict",
    "ReadingVerdict",
    "Region",
    "Report",
    "Sector",
    "Sensitivity",
    "Signal",
    "Source",
    "StatedClaim",
    "Statement",
    "Summary",
    "Tile",
    "Unreached",
    "schema_text",
]

SCHEMA_FILE = Path(__file__).with_name("report.schema.json")
MOST_CELLS = 400


class Source(Model):
    """The checked text; claim spans count code points of ``text``."""

    title: str
    url: str | None = None
    published: str | None = None
    sha256: Sha256
    text: str


class Statement(Model):
    """What another publisher said, and the claims read out of it."""

    id: Id
    source: str
    origin: str
    published: str | None = None
    url: str | None = None
    text: str
    claims: tuple[StatedClaim, ...] = ()


class PlaceReading(Model):
    """One place that a name can mean. Without coordinates it is a described region."""

    name: str
    lon: Lon | None
    lat: Lat | None
    uncertainty_m: Metres | None = None
    source: str
    source_id: str | None = None
    weight: Share | None = None

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        if (self.lon is None) != (self.lat is None):
            raise ValueError(f"reading {self.name!r} has only one coordinate")
        return self


class Region(Model):
    """Where the place is with 95 % probability: a circle, and the ground itself as polygons.

    The circle is around the mean position. ``outline`` holds coordinates as of a GeoJSON
    MultiPolygon: polygons of an outer ring and holes, every ring closed.
    """

    lon: Lon
    lat: Lat
    radius_95_m: Metres
    outline: tuple[tuple[tuple[Point, ...], ...], ...] = ()

    @model_validator(mode="after")
    def _closed(self) -> Self:
        for polygon in self.outline:
            for ring in polygon:
                if len(ring) < 4 or ring[0] != ring[-1]:
                    raise ValueError(
                        "a ring of an outline needs four points and to end at its first"
                    )
        return self


class Cells(Model):
    """Where the place can be: a thinned grid of points with their probabilities."""

    lon: tuple[Lon, ...]
    lat: tuple[Lat, ...]
    probability: tuple[Share, ...]

    @model_validator(mode="after")
    def _same_length(self) -> Self:
        if not len(self.lon) == len(self.lat) == len(self.probability) <= MOST_CELLS:
            raise ValueError(
                f"cells need lon, lat and probability of one length up to {MOST_CELLS}, got "
                f"{len(self.lon)}, {len(self.lat)}, {len(self.probability)}"
            )
        return self


class Place(Model):
    """A place that claims speak of. ``name`` is how the claims' own fields call it."""

    id: Id
    name: str
    readings: tuple[PlaceReading, ...] = ()
    region: Region | None = None
    cells: Cells | None = None
    note: str = ""


class BorderStretch(Model):
    """Lines of a common border, as (lon, lat) points."""

    between: tuple[str, ...]
    lines: tuple[tuple[Point, ...], ...]
    source: str


class Measurement(Model):
    """One number (or word) that a check measured."""

    quantity: str
    value: float | str | None
    uncertainty: float | None = None
    unit: str = ""


class Provenance(Model):
    """Where a piece of evidence comes from, so that anyone can fetch or check it."""

    source: str
    locator: str | None = None
    sha256: Sha256 | None = None
    retrieved_at: str | None = None
    attribution: str | None = None


class Evidence(Model):
    """One likelihood ratio (natural logarithm) for one claim, with its basis."""

    id: Id
    claim: Id
    check: str
    log_lr: float
    summary: str
    measurements: tuple[Measurement, ...] = ()
    origin: str
    provenance: tuple[Provenance, ...] = ()


class Conflict(Model):
    """Claims (of the article or of statements) that cannot all be true."""

    claims: tuple[Id, ...]
    why: str


class Assumption(Model):
    """An analyst's assertion that a phrase means a place."""

    phrase: str
    place: str
    by: str
    why: str


class Summary(Model):
    """How many claims came out which way, and one sentence for the reader in a hurry."""

    confirmed: Annotated[int, Field(ge=0)]
    flagged: Annotated[int, Field(ge=0)]
    undetermined: Annotated[int, Field(ge=0)]
    sentence: str


class Report(Model):
    """Everything that one check found out."""

    schema_version: Literal["1.0"] = "1.0"
    tool: str
    generated_at: AwareDatetime
    source: Source
    settings: dict[str, Scalar] = Field(default_factory=dict)
    summary: Summary
    claims: tuple[JudgedClaim, ...] = ()
    places: tuple[Place, ...] = ()
    statements: tuple[Statement, ...] = ()
    borders: tuple[BorderStretch, ...] = ()
    photos: tuple[Photo, ...] = ()
    imagery: tuple[Imagery, ...] = ()
    unreached: tuple[Unreached, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    notes: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _refers_to_what_exists(self) -> Self:
        claims = [claim.id for claim in self.claims]
        said = [claim.id for statement in self.statements for claim in statement.claims]
        evidence = [item.id for item in self.evidence]
        for what, ids in (
            ("claim", claims + said),
            ("evidence", evidence),
            ("statement", [statement.id for statement in self.statements]),
            ("place", [place.id for place in self.places]),
        ):
            if len(set(ids)) != len(ids):
                raise ValueError(f"two entries have the same {what} id among {sorted(ids)}")
        wanted = {ref for claim in self.claims for ref in claim.evidence}
        known = set(claims + said)
        loose = (
            (wanted - set(evidence))
            | ({item.claim for item in self.evidence} - known)
            | ({ref for conflict in self.conflicts for ref in conflict.claims} - known)
            | ({p.caption_claim for p in self.photos if p.caption_claim} - known)
        )
        if loose:
            raise ValueError(f"the report refers to ids that it does not hold: {sorted(loose)}")
        return self

    def as_dict(self) -> dict[str, Any]:
        """The report as plain JSON values, in the contract's names."""
        return self.model_dump(mode="json")

    def to_json(self) -> str:
        """``report.json``: indented UTF-8 text that ends in a newline."""
        return json.dumps(self.as_dict(), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def schema_text() -> str:
    """The JSON Schema (draft 2020-12) of ``report.json``, as the shipped file holds it."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Report.model_json_schema(mode="validation"),
    }
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
