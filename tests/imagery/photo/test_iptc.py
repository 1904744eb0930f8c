"""IPTC records: character sets, dates, extended lengths, damage."""

from __future__ import annotations

import shutil
import struct
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from imagery.photo.iptc import IptcFacts, iptc_facts
from imagery.photo.words import Words


def record(dataset: int, body: bytes, number: int = 2) -> bytes:
    return struct.pack(">BBBH", 0x1C, number, dataset, len(body)) + body


def charset(escape: bytes) -> bytes:
    return record(90, escape, number=1)


def test_every_field_of_a_desk() -> None:
    facts = iptc_facts(
        charset(b"\x1b%G")
        + record(105, b"Smoke")
        + record(120, "Smoke over Älđ".encode())
        + record(92, b"Old bridge")
        + record(90, b"Ald")
        + record(95, b"North")
        + record(101, b"Inventia")
        + record(80, b"A Stringer")
        + record(110, b"Agency")
        + record(55, b"20170611")
        + record(60, b"140322+0300")
        + record(40, b"FBMD01000abc")
        + record(65, b"Desk")
        + record(70, b"3.1")
    )
    assert facts.words == Words(
        captions=("Smoke", "Smoke over Älđ"), places=("Old bridge", "Ald", "North", "Inventia")
    )
    assert facts.created == "2017-06-11T14:03:22+03:00"
    assert facts.credit == "Agency"
    assert facts.instructions == "FBMD01000abc"
    assert facts.program == "Desk 3.1"
    assert facts.problems == ()


@pytest.mark.parametrize(
    ("escape", "body", "expected"),
    [
        (b"\x1b%G", "Ałd".encode(), "Ałd"),
        (b"\x1b%/I", "Ałd".encode(), "Ałd"),
        (b"\x1b.A", "Äld".encode("latin-1"), "Äld"),
        (b"\x1b-B", "Ałd".encode("iso8859-2"), "Ałd"),
        (b"\x1b-L", "Алд".encode("iso8859-5"), "Алд"),
        (b"\x1b-G", "الد".encode("iso8859-6"), "الد"),
        # What is not stated is guessed: UTF-8 if it is that, else what Windows wrote.
        (None, "Ałd".encode(), "Ałd"),
        (None, "Äld’s".encode("cp1252"), "Äld’s"),
        (None, b"\x81\xc4", "\x81Ä"),
    ],
)
def test_character_sets(escape: bytes | None, body: bytes, expected: str) -> None:
    facts = iptc_facts((charset(escape) if escape else b"") + record(120, body))
    assert facts.words.captions == (expected,)
    assert facts.problems == ()


def test_a_character_set_that_is_not_known_is_told() -> None:
    facts = iptc_facts(charset(b"\x1b$)C") + record(120, b"Smoke"))
    assert facts.words.captions == ("Smoke",)
    assert "character set" in facts.problems[0]


@pytest.mark.parametrize(
    ("day", "time", "created", "problem"),
    [
        (b"20170611", None, "2017-06-11", None),
        (b"20170611", b"140322", "2017-06-11T14:03:22", None),
        (b"20170611", b"140322-0330", "2017-06-11T14:03:22-03:30", None),
        (b"00000000", None, None, None),
        (b"20170600", None, None, "not a date"),
        (b"2017", None, None, "not a date"),
        (b"20170611", b"256161", "2017-06-11", "not a time"),
        (b"20170611", b"noon", "2017-06-11", "not a time"),
        (None, b"140322", None, None),
    ],
)
def test_dates(
    day: bytes | None, time: bytes | None, created: str | None, problem: str | None
) -> None:
    records = (record(55, day) if day else b"") + (record(60, time) if time else b"")
    facts = iptc_facts(records)
    assert facts.created == created
    assert bool(facts.problems) == (problem is not None)
    assert problem is None or problem in facts.problems[0]


def test_a_length_of_a_length() -> None:
    body = b"x" * 40_000
    long = struct.pack(">BBBHI", 0x1C, 2, 120, 0x8004, len(body)) + body
    facts = iptc_facts(long + record(90, b"Ald"))
    assert facts.words == Words(captions=("x" * 2_000,), places=("Ald",))
    for bad in (0x8000, 0x8009, 0xFFFF):
        broken = struct.pack(">BBBHI", 0x1C, 2, 120, bad, 5) + b"Smoke"
        facts = iptc_facts(record(90, b"Ald") + broken)
        assert facts.words == Words(places=("Ald",)) and "length" in facts.problems[0]


def test_what_stood_before_damage_counts() -> None:
    good = record(120, b"Smoke")
    cut = iptc_facts(good + record(90, b"Ald")[:-1])
    assert cut.words == Words(captions=("Smoke",)) and "end inside" in cut.problems[0]
    junk = iptc_facts(good + b"junk" + record(90, b"Ald"))
    assert junk.words == Words(captions=("Smoke",)) and "something else" in junk.problems[0]
    assert iptc_facts(good + b"\0\0").problems == ()
    assert iptc_facts(b"") == IptcFacts()


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")
def test_against_what_another_program_writes(tmp_path: Path) -> None:
    image, out = tmp_path / "a.jpg", tmp_path / "a.iptc"
    Image.new("RGB", (8, 8)).save(image)
    subprocess.run(
        [
            *("exiftool", "-q", "-overwrite_original", "-codedcharacterset=utf8"),
            *("-IPTC:Caption-Abstract=Smoke over Ałd", "-IPTC:City=Ałd"),
            *("-IPTC:DateCreated=2017:06:11", "-IPTC:TimeCreated=14:03:22+03:00"),
            str(image),
        ],
        check=True,
    )
    subprocess.run(["exiftool", "-q", "-iptc", "-b", "-w", "iptc", str(image)], check=True)
    facts = iptc_facts(out.read_bytes())
    assert facts.words == Words(captions=("Smoke over Ałd",), places=("Ałd",))
    assert facts.created == "2017-06-11T14:03:22+03:00"
    assert facts.problems == ()


@given(st.binary(max_size=200), st.integers(0, 60))
def test_any_bytes_are_facts(junk: bytes, cut: int) -> None:
    good = charset(b"\x1b%G") + record(120, b"Smoke") + record(55, b"20170611")
    for data in (junk, good[:cut] + junk, b"\x1c\x02\x78" + junk):
        assert isinstance(iptc_facts(data), IptcFacts)
