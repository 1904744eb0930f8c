"""report.json keeps to its schema, and a report that contradicts itself cannot be built."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest
from pydantic import ValidationError

from osint.report.claim_model import KIND_FIELDS
from osint.report.model import SCHEMA_FILE, Distribution, Report, schema_text


def test_shipped_schema_is_current() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text()


def test_report_json_is_valid_against_the_schema(report: Report) -> None:
    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(json.loads(report.to_json()))


def test_report_json_reads_back_to_the_same_report(report: Report) -> None:
    assert Report.model_validate_json(report.to_json()) == report


def test_claims_hold_the_fields_of_their_kind_only(report: Report) -> None:
    every = {name for fields in KIND_FIELDS.values() for name in fields}
    for claim in report.as_dict()["claims"]:
        assert set(claim) & every == set(KIND_FIELDS[claim["kind"]])


def test_contract_names_are_used(report: Report) -> None:
    data = report.as_dict()
    assert {"schema_version", "tool", "generated_at", "source", "settings"} <= set(data)
    assert data["claims"][0]["from"] == "army base on the Iraqi border"
    assert data["claims"][0]["distance_m"] == {"low": 17_500, "high": 22_500, "said": 20_000}
    assert data["claims"][0]["date"] is None
    assert data["claims"][2]["date"] == {"first": "2017-06-11", "last": "2017-06-11"}


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda raw: raw["claims"][0].update(subject="who"), "has no 'subject'"),
        (lambda raw: raw["claims"][0].pop("to"), "needs 'to'"),
        (lambda raw: raw["claims"][0].update(surprise=1), "Extra inputs"),
        (lambda raw: raw["claims"][0].update(evidence=["v9"]), "does not hold.*v9"),
        (lambda raw: raw["conflicts"][0].update(claims=["c1", "c9"]), "does not hold.*c9"),
        (lambda raw: raw["claims"][1].update(id="c1"), "same claim id"),
        (lambda raw: raw["claims"][0].update(bayes_factor=float("inf")), "finite"),
        (lambda raw: raw["claims"][0].update(id='c1"><script>'), "pattern"),
        (lambda raw: raw["places"][0]["readings"][0].update(lat=99.0), "less than or equal to 90"),
        (lambda raw: raw["places"][0]["readings"][0].update(lat=None), "only one coordinate"),
        (lambda raw: raw["photos"][0].update(thumbnail="https://x.example/a.png"), "pattern"),
        (
            lambda raw: raw["imagery"][0].update(picture="data:image/svg+xml;base64,AAAA"),
            "pattern",
        ),
        (lambda raw: raw.update(generated_at="2024-05-01T12:00:00"), "timezone"),
    ],
)
def test_contradictions_are_refused(
    raw: dict[str, Any], spoil: Callable[[dict[str, Any]], object], message: str
) -> None:
    spoil(raw)
    with pytest.raises(ValidationError, match=message):
        Report.model_validate(raw)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"probability": (0.5, 0.6)}, "more than 1"),
        ({"probability": (0.5,)}, "one edge more"),
        ({"edges_m": (0.0, 2000.0, 1000.0)}, "increase"),
        ({"open": 0.6}, "more than 1"),
    ],
)
def test_distribution_must_be_one(change: dict[str, Any], message: str) -> None:
    good: dict[str, Any] = {"edges_m": (0.0, 1000.0, 2000.0), "probability": (0.5, 0.5)}
    Distribution(**good)
    with pytest.raises(ValidationError, match=message):
        Distribution(**good | change)


def test_schema_refuses_a_claim_with_a_foreign_field(report: Report) -> None:
    data = json.loads(report.to_json())
    validator = jsonschema.Draft202012Validator(json.loads(schema_text()))
    data["claims"][0]["subject"] = "who"
    assert not validator.is_valid(data)
    del data["claims"][0]["subject"]
    assert validator.is_valid(data)
    del data["claims"][0]["to"]
    assert not validator.is_valid(data)
