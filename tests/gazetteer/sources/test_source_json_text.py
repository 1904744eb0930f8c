from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer.errors import GazetteerFileError
from gazetteer.record import BadRow, Record
from gazetteer.sources import json_text
from gazetteer.sources.json_stream import Broken, FeatureStream
from gazetteer.sources.json_text import JsonText, UnusableValueError
from gazetteer.sources.open import open_reader


def feature(name: str, lon: object = 38, **more: object) -> dict[str, object]:
    return {
        "type": "Feature",
        "properties": {"name": name, **more},
        "geometry": {"type": "Point", "coordinates": [lon, 33]},
    }


GOOD = json.dumps(feature("A"))


def collection(*features: str) -> str:
    return '{"type": "FeatureCollection", "features": [' + ",".join(features) + "]}"


def read(path: Path, text: str | bytes) -> tuple[list[str], list[BadRow]]:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    rows = list(open_reader(path).rows())
    good = [row.names[0].text for row in rows if isinstance(row, Record)]
    return good, [row for row in rows if isinstance(row, BadRow)]


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (json.dumps(feature("B", float("nan"))), "not numbers"),
        (json.dumps(feature("B", float("inf"))), "not numbers"),
        (json.dumps(feature("B", -float("inf"))), "not numbers"),
        (json.dumps(feature("B", 10**400)), "unusable geometry"),
        (f'{{"type": "Feature", "x": {"9" * 5000}}}', "not JSON"),
        ('{"type": "Feature", "x": ' + "[" * 100_000 + "]" * 100_000 + "}", "nested too deeply"),
        ('{"type": "Feature", "properties": {"name":}, "geometry": null}', "not JSON"),
        ('{"type": "Feature", "x": "\\q"}', "not JSON"),
        ('{"type": "Feature", "properties": {"name": "B"}, "geometry": null}', "geometry"),
        ('{"type": "Feature", "properties": {"name": "B"}}', "geometry"),
        ("null", "no object"),
        ("truth", "not JSON"),
        ("17", "no object"),
    ],
)
@pytest.mark.parametrize("by_line", [False, True])
def test_a_bad_feature_costs_itself_only(
    tmp_path: Path, bad: str, said: str, by_line: bool
) -> None:
    parts = (GOOD, bad, GOOD, bad, GOOD)
    good, rows = read(tmp_path / "p.geojson", "\n".join(parts) if by_line else collection(*parts))
    assert good == ["A"] * 3
    assert [row.line for row in rows] == [2, 4]
    if not by_line:
        assert all(said in row.why for row in rows)


def test_what_follows_the_end(tmp_path: Path) -> None:
    path = tmp_path / "p.geojson"
    good, bad = read(path, collection(GOOD) + " rubbish {")
    assert good == ["A"]
    assert [row.why for row in bad] == ["text after the end of the JSON; not read"]
    good, bad = read(path, collection(GOOD) + "\n" + collection(GOOD, GOOD) + "\n")
    assert (good, bad) == (["A"] * 3, [])


def test_a_file_cut_off_is_refused(tmp_path: Path) -> None:
    whole = collection(GOOD, GOOD)
    for cut in (1, 2, 5, 40, len(GOOD) + 10):
        with pytest.raises(GazetteerFileError, match=r"p\.geojson .*export it again"):
            read(tmp_path / "p.geojson", whole[:-cut])


def test_nan_in_properties_and_raw_line_breaks(tmp_path: Path) -> None:
    text = collection(json.dumps(feature("A", pop=float("nan"))), GOOD.replace('"A"', '"A\nB"'))
    good, bad = read(tmp_path / "p.geojson", text)
    assert (good, bad) == (["A", "A B"], [])


def test_bytes_that_are_no_utf8_cost_their_names(tmp_path: Path) -> None:
    text = collection(GOOD, GOOD.replace('"A"', '"Köln"')).encode("cp1252")
    good, bad = read(tmp_path / "p.geojson", text)
    assert good == ["A"]
    assert [row.unit for row in bad] == ["row"]


@pytest.mark.parametrize("filler", [b'"a\\\\\\"b", ' * 2**14, b"12345678, " * 2**15])
def test_a_feature_of_gigabytes_takes_little_memory(
    filler: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_text, "MAX_OBJECT", 2**18)

    def pieces() -> Iterator[bytes]:
        yield b'{"features": [{"a": 1}, {"b": ['
        for _ in range(6):
            yield filler
        yield b'"]", 1]}, {"c": "]"}]}'

    tracemalloc.start()
    found = list(FeatureStream(pieces(), "f.json"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found[0] == {"a": 1}
    assert isinstance(found[1], Broken)
    assert found[2:] == [{"c": "]"}]
    assert peak < 8 * 2**20


@pytest.mark.parametrize(("limit", "text"), [("MOST_DEPTH", "["), ("MOST_PASSED_BY", '"a",')])
def test_beyond_all_measure_the_file_is_refused(
    limit: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_text, "MAX_OBJECT", 2**18)
    monkeypatch.setattr(json_text, limit, 2**19)
    data = b'{"features": [{"a": ['
    with pytest.raises(GazetteerFileError, match="524,288"):
        list(FeatureStream([data, *[text.encode() * 2**16] * 20], "f.json"))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=12,
)


@given(st.lists(VALUES, max_size=6), st.integers(1, 40))
@settings(max_examples=60)
def test_values_come_as_the_standard_reader_gives_them(values: list[Any], size: int) -> None:
    data = json.dumps(values, ensure_ascii=False).encode("utf-8", "replace")
    pieces = (data[at : at + size] for at in range(0, len(data), size))
    assert list(FeatureStream(pieces, "f.json")) == json.loads(data)


@given(st.lists(VALUES, min_size=1, max_size=4), st.integers(1, 40), st.integers(0, 3))
@settings(max_examples=60)
def test_a_value_that_cannot_be_read_ends_where_its_brackets_close(
    values: list[Any], size: int, which: int
) -> None:
    texts = [json.dumps({"v": value}, ensure_ascii=False) for value in values]
    at = which % len(texts)
    texts[at] = f'{{"broken": ? {texts[at]} }}'
    data = ("[" + ",".join(texts) + "]").encode("utf-8", "replace")
    pieces = (data[start : start + size] for start in range(0, len(data), size))
    found = list(FeatureStream(pieces, "f.json"))
    assert [isinstance(one, Broken) for one in found] == [n == at for n in range(len(texts))]


def test_one_value_after_the_other() -> None:
    text = JsonText([b'{"a": [1, "}"', b"]} [[1, 2, }] 12", b'34 "x\\"y" {'])
    assert text.value() == {"a": [1, "}"]}
    with pytest.raises(UnusableValueError, match="not JSON"):
        text.value()
