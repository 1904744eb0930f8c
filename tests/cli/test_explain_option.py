"""``osint check --explain ID`` as a user sees it."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from osint.cli.app import run


def test_the_derivation_as_json(example: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", str(example), "--imagery", "none", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    claim = next(c for c in report["claims"] if c["kind"] == "separation")
    arguments = ["check", str(example), "--imagery", "none", "--explain", claim["id"]]
    assert run([*arguments, "--json"]) == 0
    steps = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {step["claim"] for step in steps} == {claim["id"]}
    factors = [step["factor"] for step in steps if step["factor"] is not None]
    assert math.prod(factors) == pytest.approx(claim["bayes_factor"], rel=1e-6)
    said = {
        e["origin"]
        for e in report["evidence"]
        if e["claim"] == claim["id"] and e["check"] == "statement"
    }
    sources = " ".join(step["source"] for step in steps)
    assert said
    assert all(origin in sources for origin in said)


def test_the_derivation_in_words(example: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", str(example), "--imagery", "none", "--explain", "c1"]) == 0
    out = capsys.readouterr().out
    assert "how the verdict on c1 came about" in out
    assert "The factors multiply" in out


def test_a_claim_that_is_not_there(example: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", str(example), "--imagery", "none", "--explain", "c99"]) == 2
    error = capsys.readouterr().err
    assert "no such claim; this text has c1, c2" in error
