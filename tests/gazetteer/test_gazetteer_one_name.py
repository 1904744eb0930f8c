"""The keys of one name are those it has among millions."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gazetteer.fold import MAX_NAME, fold, fold_text, lines_of
from gazetteer.names import core_skeletons, keys_many, parts_many, skeleton
from gazetteer.skeleton import skeleton_of, skeleton_text

PIECES = (
    *("ال", "عبدال", "الله", "عبدالله", "ابو ", "ت", "ة", "ات", "اط", "و ", "مدينة ", "ﷲ", "ﻻ"),
    *("abd", "abdul", "albu", "al ", "at t", "ash sh", "ad-d", "abu ", "city ", "tch", "dj", "sh"),
    *("h", "hh", "t", "s", "a", "e", "ou", "w", "y", "q", "æ", "ẞ", "Œ", "É", "š", "ж", "İ", "11"),
    *(" ", "  ", "-", "(", "]", ")", "[", "\n", "\x00", "\u1680", "\u200b", "\u0301", "\u3000"),
    *("⑴", "か\u3099", "\u3099", "１", "\ud83d", "\ude00", "😀"),
)
NAMES = st.one_of(st.text(max_size=30), st.lists(st.sampled_from(PIECES), max_size=10).map("".join))


def _among_many(names: list[str]) -> tuple[list[str], list[str]]:
    codes = fold_text(names)
    return lines_of(codes), lines_of(skeleton_text(codes))


@settings(max_examples=300)
@given(st.lists(NAMES, min_size=1, max_size=20))
@example(["Aleppo", "ت حلب", "abc ت d", "abdel", "abdel x", "abdul", "ttch", "(Tanf)", "a(b", "ßh"])
@example(["x" * (MAX_NAME + 5), "﷽" * MAX_NAME, "", "\n", "(", "الله", "عبدالله الله"])
def test_one_name_has_the_keys_it_has_among_many(names: list[str]) -> None:
    folds, bones = _among_many(names)
    assert [fold(name) for name in names] == folds
    assert [skeleton_of(key) for key in folds] == bones


def test_real_names_have_the_keys_they_have_among_many(shared_data: Path) -> None:
    names: dict[str, None] = {}
    with gzip.open(shared_data / "gazetteer" / "wof_sy.ndjson.gz", "rt", encoding="utf-8") as file:
        for line in file:
            for key, values in json.loads(line).items():
                if key.startswith("name:"):
                    names.update(dict.fromkeys(values))
    texts = list(names)
    assert len(texts) > 10_000
    folds, bones = keys_many(texts)
    few = [keys_many([name]) for name in texts]
    assert [key for (key,), _ in few] == folds
    assert [key for _, (key,) in few] == bones
    loose = core_skeletons(texts)
    assert [core_skeletons([name])[0] for name in texts] == loose
    # By another way: the skeleton of the core, where that is not the whole name's. Cyrillic keeps
    # its sounds in the folded name but for the first letter of a few.
    for name, core, own, found in zip(texts, parts_many(texts), bones, loose, strict=True):
        if not any("\u0400" <= letter <= "\u052f" for letter in name):
            key = skeleton(core.core)
            assert found == (key if key != own else "")
    assert any(loose)


@pytest.mark.parametrize("name", ["Al-Tanf", "Šayḫ Maskīn", "Kharkiv (Харків)"])
def test_a_name_of_a_reader_is_not_changed_by_its_neighbours(name: str) -> None:
    folds, bones = keys_many([f"neighbour {at} ت" for at in range(50)] + [name])
    assert (folds[-1], bones[-1]) == (fold(name), skeleton(name))
