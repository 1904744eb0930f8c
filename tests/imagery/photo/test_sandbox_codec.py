from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.position import Position
from imagery.photo.conflicts import Conflict
from imagery.photo.exposure import Exposure
from imagery.photo.facts import PhotoFacts
from imagery.photo.integrity.signal import Signal
from imagery.photo.provenance import Credentials
from imagery.photo.sandbox.codec import WireValueError, decode, encode

FACTS = PhotoFacts(
    path="a.jpg",
    sha256="0" * 64,
    status="ok",
    format="JPEG",
    position=Position(lon=38.6, lat=33.5, uncertainty_m=12.5),
    heading_reference="magnetic",
    heading_deg=12.0,
    taken_at=datetime(2017, 6, 11, 14, 3, 22, 500_000, timezone(timedelta(hours=3))),
    utc_offset="+03:00",
    orientation=6,
    captions=("Synthetic \u202e caption", ""),
    signals=(Signal(signal="a", value=None, means="b"),),
    conflicts=(Conflict(field="make", readers=(("one", "x"), ("two", None), ("three", 2.5))),),
    raw=(("Image Make", "x"),),
    exposure=Exposure(time_s=0.01, flash_fired=False),
    thumbnail=bytes(range(256)),
    credentials=Credentials(present=True, valid=False, problems=("p",)),
)


def changed(**fields: Any) -> bytes:
    return json.dumps(json.loads(encode(FACTS)) | fields).encode()


def test_what_goes_in_comes_out() -> None:
    assert decode(PhotoFacts, encode(FACTS)) == FACTS
    bare = PhotoFacts(path="a", sha256="b", status="no_metadata", format="PNG")
    assert decode(PhotoFacts, encode(bare)) == bare


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "fine"},
        {"status": ["ok"]},
        {"path": 3},
        {"path": None},
        {"orientation": True},
        {"orientation": "6"},
        {"orientation": 6.0},
        {"position": {"lon": 500, "lat": 0}},
        {"position": {"lon": "38", "lat": 33}},
        {"position": {"lon": 38}},
        {"position": {"lon": 38, "lat": 33, "__class__": "x"}},
        {"heading_deg": "12"},
        {"captions": "text"},
        {"captions": [["nested"]]},
        {"raw": [["a", "b", "c"]]},
        {"raw": [["a"]]},
        {"thumbnail": "not base64!"},
        {"taken_at": "yesterday"},
        {"taken_at": "2017-06-11T14:03:22"},
        {"signals": [{"signal": "a"}]},
        {"unknown": 1},
        {"height": []},
    ],
)
def test_what_is_not_of_the_declared_type_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(WireValueError):
        decode(PhotoFacts, changed(**fields))


@pytest.mark.parametrize(
    "data",
    [b"", b"null", b"[]", b"[" * 400_000, b'{"path":', b"\xff", b'{"a":' * 100_000, b"1" * 6_000],
)
def test_bytes_that_are_no_facts_are_refused(data: bytes) -> None:
    with pytest.raises(WireValueError):
        decode(PhotoFacts, data)


def test_numbers_that_are_none_never_arrive() -> None:
    odd = replace(FACTS, exposure=Exposure(time_s=float("inf"), iso=float("nan"), f_number=2.0))
    assert decode(PhotoFacts, encode(odd)).exposure == Exposure(f_number=2.0)
    for number in (b"NaN", b"Infinity", b"1e999", b"9" * 400):
        data = encode(FACTS).replace(b'"heading_deg":12.0', b'"heading_deg":' + number)
        assert number in data
        with pytest.raises(WireValueError):
            decode(PhotoFacts, data)


def test_half_a_character_becomes_a_question_mark() -> None:
    found = decode(PhotoFacts, changed(make="a\ud800b"))
    assert found.make == "a?b"
    found.make.encode("utf-8")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    )
)
def test_any_json_is_facts_or_refused(value: Any) -> None:
    for field in ("position", "signals", "exposure", "taken_at", "raw", "status"):
        try:
            found = decode(PhotoFacts, changed(**{field: value}))
        except WireValueError:
            continue
        assert isinstance(found, PhotoFacts)
