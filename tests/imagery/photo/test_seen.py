"""The archive of pictures seen before; every picture is made up here."""

from __future__ import annotations

import hashlib
import io
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps
from scipy.ndimage import gaussian_filter

from imagery.errors import ArchiveError
from imagery.photo.fingerprint import Fingerprint, fingerprint
from imagery.photo.fingerprint.carried import to_bytes
from imagery.photo.fingerprint.stored import FEATURE, HEAD, KEPT_FEATURES, pack, unpack
from imagery.photo.seen import Archive, Entry, Sighting, default_folder, shelf
from imagery.photo.seen import archive as archives
from imagery.photo.seen.entry import changes_of
from imagery.photo.seen.matching import matches

ROOT = Path(__file__).parents[3]


def synthetic(seed: int, width: int = 320, height: int = 240) -> Image.Image:
    random = np.random.default_rng(seed)
    total = np.zeros((height, width))
    for sigma in (3, 6, 12, 24, 48):
        layer = gaussian_filter(random.normal(size=(height, width)), sigma, mode="wrap")
        total += layer / layer.std()
    low, high = np.percentile(total, [1, 99])
    grey = np.clip((total - low) / (high - low) * 255, 0, 255).astype(np.uint8)
    return Image.fromarray(grey).convert("RGB")


def saved(image: Image.Image, quality: int = 85) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()


IMAGES = [synthetic(seed) for seed in range(12)]
PRINTS = [fingerprint(saved(image)) for image in IMAGES]


def entry(number: int, case: str = "first", caption: str = "", **more: str) -> Entry:
    return Entry(
        sha256=hashlib.sha256(str(number).encode()).hexdigest(),
        case=case,
        name=f"{number}.jpg",
        caption=caption,
        seen_at=datetime(2020, 5, 1, 12, tzinfo=UTC),
        **more,
    )


def full(folder: Path, *, cases: tuple[str, ...] = ("first",)) -> Archive:
    found = Archive.open(folder)
    found.add_many(
        (entry(number, cases[number % len(cases)]), print_) for number, print_ in enumerate(PRINTS)
    )
    return found


def crop(image: Image.Image, left: float, top: float, right: float, bottom: float) -> Image.Image:
    wide, high = image.size
    return image.crop(
        (int(wide * left), int(high * top), int(wide * (1 - right)), int(high * (1 - bottom)))
    )


def with_bar(image: Image.Image) -> Image.Image:
    out = Image.new("RGB", (image.width, image.height + 48), "white")
    out.paste(image, (0, 48))
    return out


# How a picture is changed, and how much of the earlier one is left.
CHANGES: dict[str, tuple[Callable[[Image.Image], Image.Image], float]] = {
    "same": (lambda image: image, 1.0),
    "mirror": (ImageOps.mirror, 1.0),
    "half": (lambda image: image.resize((160, 120)), 1.0),
    "crop 5": (lambda image: crop(image, 0.05, 0, 0, 0), 0.95),
    "crop 20": (lambda image: crop(image, 0, 0, 0.2, 0), 0.8),
    "corner": (lambda image: crop(image, 0.2, 0.2, 0, 0), 0.64),
    "frame": (lambda image: ImageOps.expand(image, 16, "black"), 1.0),
    "bar": (with_bar, 1.0),
}


@pytest.mark.parametrize("how", CHANGES)
@pytest.mark.parametrize("flushed", [False, True])
def test_a_changed_picture_is_recognised(tmp_path: Path, how: str, flushed: bool) -> None:
    change, left = CHANGES[how]
    with full(tmp_path) as archive:
        if flushed:
            archive.flush()
        for number in (0, 7):
            copy = saved(change(IMAGES[number]), 60)
            (sighting,) = archive.find(fingerprint(copy))
            assert sighting.entry == entry(number)
            assert sighting.kind == "same picture"
            assert sighting.mirrored == ("mirrored" in sighting.changes) == (how == "mirror")
            assert sighting.share_of_earlier == pytest.approx(left, abs=0.03)
            assert sighting.share_of_asked > 0.95
            assert sighting.distance < 0.15 and sighting.votes >= 1


def test_changes_in_words() -> None:
    assert changes_of(mirrored=False, covered=False, of_earlier=0.99, of_asked=0.98) == ()
    assert changes_of(mirrored=True, covered=True, of_earlier=0.798, of_asked=0.85) == (
        "mirrored",
        "cropped 20 %",
        "shows 15 % more or added",
        "in part covered or altered",
    )


def test_words_across_a_picture(tmp_path: Path) -> None:
    copy = IMAGES[2].copy()
    copy.paste("white", (0, 100, 320, 126))
    with full(tmp_path) as archive:
        (sighting,) = archive.find(fingerprint(saved(copy)))
        assert sighting.entry == entry(2)


def test_both_ways(tmp_path: Path) -> None:
    # The crop came first, the whole picture later.
    part = fingerprint(saved(crop(IMAGES[0], 0.2, 0, 0, 0)))
    with Archive.open(tmp_path) as archive:
        archive.add(entry(0), part)
        (sighting,) = archive.find(PRINTS[0])
        assert sighting.share_of_earlier > 0.97
        assert sighting.share_of_asked == pytest.approx(0.8, abs=0.03)
        assert sighting.changes[0].endswith("more or added")


def test_others_are_not_taken_for_it(tmp_path: Path) -> None:
    with full(tmp_path) as archive:
        for seed in range(100, 115):
            assert archive.find(fingerprint(saved(synthetic(seed)))) == ()


def test_pictures_that_share_a_caption_bar_only(tmp_path: Path) -> None:
    def captioned(image: Image.Image) -> Fingerprint:
        out = Image.new("RGB", (image.width, image.height + 60), "white")
        out.paste(image, (0, 60))
        out.paste(synthetic(500).crop((0, 0, 320, 20)), (0, 20))
        return fingerprint(saved(out))

    with Archive.open(tmp_path) as archive:
        archive.add(entry(0), captioned(IMAGES[0]))
        assert archive.find(captioned(IMAGES[1])) == ()
        assert len(archive.find(captioned(IMAGES[0]))) == 1


def test_the_same_file_comes_first(tmp_path: Path) -> None:
    with full(tmp_path) as archive:
        archive.add(entry(0, "second", "another caption", place="Elsewhere"), PRINTS[0])
        archive.add(entry(900, "third"), fingerprint(saved(IMAGES[0], 30)))
        found = archive.find(PRINTS[0], sha256=entry(0).sha256)
        assert [(s.kind, s.entry.case) for s in found] == [
            ("same file", "first"),
            ("same file", "second"),
            ("same picture", "third"),
        ]
        assert found[1].entry.place == "Elsewhere" and found[0].distance == 0
        assert [s.entry.case for s in archive.find(PRINTS[0], but_not="first")] == [
            "second",
            "third",
        ]


def test_without_a_fingerprint_the_same_file_is_known(tmp_path: Path) -> None:
    blank = fingerprint(saved(Image.new("RGB", (64, 64))))
    with Archive.open(tmp_path) as archive:
        archive.add(entry(1), None)
        archive.add(entry(2), blank)
        assert archive.find(None, sha256=entry(1).sha256)[0].entry == entry(1)
        assert archive.find(blank, sha256=entry(2).sha256)[0].kind == "same file"
        assert archive.find(blank) == ()
        archive.flush()
        assert archive.find(blank) == ()


def test_adding_twice_adds_once(tmp_path: Path) -> None:
    with Archive.open(tmp_path) as archive:
        assert archive.add(entry(0), PRINTS[0])
        assert not archive.add(entry(0), PRINTS[0])
        assert archive.add(entry(0, caption="now with words"), PRINTS[0])
        assert archive.info().entries == 2


def test_it_lasts(tmp_path: Path) -> None:
    full(tmp_path).close()
    with Archive.open(tmp_path) as archive:
        assert archive.find(PRINTS[3])[0].entry == entry(3)
        archive.flush()
    with Archive.open(tmp_path) as archive:
        assert archive.find(PRINTS[3])[0].entry == entry(3)
        assert archive.info().waiting == 0


def test_forgetting_a_case(tmp_path: Path) -> None:
    with full(tmp_path, cases=("kept", "gone")) as archive:
        archive.flush()
        archive.add(entry(50, "gone", "a secret caption"), fingerprint(saved(synthetic(50))))
        assert archive.forget("gone") == 7
        assert archive.info().cases == (("kept", 6),)
        assert archive.find(PRINTS[1], sha256=entry(1).sha256) == ()
        assert archive.find(PRINTS[2])[0].entry == entry(2, "kept")
        # Its thumbnails are gone from the disk too, and its words.
        assert len(archive._main.ids) == 6
        kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
        assert b"a secret caption" not in kept
        assert pack(PRINTS[1])[: HEAD.itemsize] not in kept
        assert pack(PRINTS[2])[: HEAD.itemsize] in kept
        assert len(list(tmp_path.glob("index-*.bin"))) == 1


def test_forgetting_an_unknown_case(tmp_path: Path) -> None:
    with full(tmp_path) as archive, pytest.raises(ArchiveError, match="no case 'other'"):
        archive.forget("other")


def test_two_at_once_see_each_other(tmp_path: Path) -> None:
    with Archive.open(tmp_path) as one, Archive.open(tmp_path) as two:
        assert two.find(PRINTS[0]) == ()
        one.add(entry(0), PRINTS[0])
        assert two.find(PRINTS[0])[0].entry == entry(0)
        two.add(entry(1), PRINTS[1])
        one.flush()
        two.add(entry(2), PRINTS[2])
        for archive in (one, two):
            assert [archive.find(PRINTS[n])[0].entry for n in range(3)] == [
                entry(n) for n in range(3)
            ]
        two.forget("first")
        assert one.find(PRINTS[0]) == ()


_CHILD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from imagery.photo.fingerprint.carried import from_bytes
from imagery.photo.seen import Archive, Entry, archive
archive._LEAST_WAITING = 5
folder, name, print_ = Path(sys.argv[1]), sys.argv[2], from_bytes(Path(sys.argv[3]).read_bytes())
with Archive.open(folder) as found:
    for number in range(25):
        sum_ = f"{name}{number:03d}".encode().hex().rjust(64, "0")
        at = datetime(2020, 1, 1, tzinfo=UTC)
        found.add(Entry(sha256=sum_, case=name, name=str(number), seen_at=at), print_)
"""


def test_two_processes_add_at_once(tmp_path: Path) -> None:
    folder, carried = tmp_path / "archive", tmp_path / "print"
    carried.write_bytes(to_bytes(PRINTS[0]))
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    children = [
        subprocess.Popen(
            [sys.executable, "-c", _CHILD, str(folder), name, str(carried)], env=environment
        )
        for name in ("a", "b")
    ]
    assert [child.wait(120) for child in children] == [0, 0]
    with Archive.open(folder) as archive:
        assert archive.info().cases == (("a", 25), ("b", 25))
        archive.flush()
        ids = archive._main.ids
        assert len(set(ids.tolist())) == len(ids) == 50
        assert len(list(folder.glob("index-*.bin"))) == 1


class StoppedError(Exception):
    """As if the process had ended there."""


@pytest.mark.parametrize("at", ["write", "drop_pending"])
def test_a_crash_while_the_index_is_written_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    archive = full(tmp_path)

    def stop(*_: object) -> None:
        raise StoppedError

    with monkeypatch.context() as patch:
        if at == "write":
            patch.setattr(shelf, "write", stop)
        else:
            patch.setattr(archive._book, "drop_pending", stop)
        with pytest.raises(StoppedError):
            archive.flush()
    archive.close()
    with Archive.open(tmp_path) as again:
        assert again.info().waiting == len(PRINTS)
        assert again.find(PRINTS[5])[0].entry == entry(5)
        again.flush()
        assert again.find(PRINTS[5])[0].entry == entry(5)


def test_the_index_is_written_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "_LEAST_WAITING", 4)
    with full(tmp_path) as archive:
        assert archive.info().waiting == 0
        assert len(archive._main.ids) == len(PRINTS)


def test_all_or_nothing(tmp_path: Path) -> None:
    def broken() -> list[tuple[Entry, Fingerprint | None]]:
        return [(entry(0), PRINTS[0]), (entry(1), PRINTS[1])]

    with Archive.open(tmp_path) as archive:
        with pytest.raises(ZeroDivisionError):
            archive.add_packed((each, bytes(1 // (each == entry(0)))) for each, _ in broken())
        assert archive.info().entries == 0


@pytest.mark.parametrize("damage", ["short", "magic", "rows", "missing"])
def test_a_damaged_index_is_named(tmp_path: Path, damage: str) -> None:
    with full(tmp_path) as archive:
        archive.flush()
    (path,) = tmp_path.glob("index-*.bin")
    data = bytearray(path.read_bytes())
    if damage == "short":
        del data[-1]
    elif damage == "magic":
        data[:4] = b"????"
    else:
        features = len(PRINTS) * KEPT_FEATURES
        data[64 + 4 * features : 64 + 8 * features] = b"\xff" * (4 * features)
    path.write_bytes(data)
    if damage == "missing":
        path.unlink()
    with Archive.open(tmp_path) as archive, pytest.raises(ArchiveError, match="add the pictures"):
        archive.find(PRINTS[0])


def test_a_damaged_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "seen.sqlite").write_bytes(b"not a database, for sure" * 100)
    with pytest.raises(ArchiveError, match=r"seen\.sqlite cannot be used"):
        Archive.open(tmp_path)


def test_a_later_version_is_named(tmp_path: Path) -> None:
    full(tmp_path).close()
    with sqlite3.connect(tmp_path / "seen.sqlite") as database:
        database.execute("UPDATE state SET version = 99")
    database.close()
    with pytest.raises(ArchiveError, match="version 99"):
        Archive.open(tmp_path)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ArchiveError, match="OSINT_DATA_DIR"):
        Archive.open(tmp_path / "file" / "archive")


def test_the_users_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OSINT_DATA_DIR", str(tmp_path))
    assert default_folder() == tmp_path / "seen"
    with Archive.open() as archive:
        assert archive.folder == tmp_path / "seen"
    monkeypatch.delenv("OSINT_DATA_DIR")
    assert default_folder().name == "seen"


@pytest.mark.parametrize("text", ["\ud800 lone", "a\0b", "'; DROP TABLE entries; --", "x" * 9999])
def test_any_text_is_kept(tmp_path: Path, text: str) -> None:
    made = entry(0, "case " + text, text, place=text)
    with Archive.open(tmp_path) as archive:
        archive.add(made, PRINTS[0])
        assert archive.find(PRINTS[0])[0].entry == made
        assert len(made.caption) <= 500
        assert archive.find(PRINTS[0], but_not="case " + text) == ()
        assert archive.forget("case " + text) == 1


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("sha256", "abc", "SHA-256"),
        ("sha256", "G" * 64, "SHA-256"),
        ("case", "  ", "case"),
        ("seen_at", datetime(2020, 1, 1), "zone"),
    ],
)
def test_entries_are_checked(field: str, value: object, message: str) -> None:
    fields: dict[str, object] = {
        "sha256": "0" * 64,
        "case": "a",
        "name": "b",
        "seen_at": datetime(2020, 1, 1, tzinfo=UTC),
        field: value,
    }
    with pytest.raises(ArchiveError, match=message):
        Entry(**fields)  # type: ignore[arg-type]


def test_times_are_kept_in_utc() -> None:
    local = datetime(2020, 1, 1, 3, 0, 0, 5, tzinfo=timezone(timedelta(hours=3)))
    made = Entry(sha256="0" * 64, case="a", name="b", seen_at=local)
    assert made.seen_at == datetime(2020, 1, 1, tzinfo=UTC)


def test_a_sighting_as_json(tmp_path: Path) -> None:
    with full(tmp_path) as archive:
        (sighting,) = archive.find(PRINTS[0])
    assert isinstance(sighting, Sighting)
    told = json.loads(json.dumps(sighting.as_dict()))
    assert told["case"] == "first" and told["kind"] == "same picture"
    assert told["seen_at"] == "2020-05-01T12:00:00+00:00"


def made_up(count: int, seed: int) -> list[bytes]:
    random = np.random.default_rng(seed)
    features = np.zeros(count * KEPT_FEATURES, dtype=FEATURE)
    features["key"] = random.integers(0, 1 << 22, len(features))
    features["check"] = random.integers(0, 1 << 32, len(features))
    features["x"], features["y"] = random.integers(0, 256, (2, len(features)))
    heads = np.zeros(count, dtype=HEAD)
    heads["thumb"] = random.integers(0, 256, (count, HEAD["thumb"].shape[0]))
    heads["aspect"] = 32_768
    each = KEPT_FEATURES
    return [
        heads[at : at + 1].tobytes() + features[at * each : at * each + each].tobytes()
        for at in range(count)
    ]


def ids(first: int, count: int) -> shelf.U32:
    return np.arange(first, first + count, dtype=np.uint32)


@pytest.mark.parametrize("dense", [False, True])
def test_a_shelf_written_and_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dense: bool
) -> None:
    built = shelf.build(ids(5, 40), unpack(made_up(40, 1)))
    if dense:
        # Above 4 million features a shelf holds where each key starts.
        starts = shelf._starts(np.asarray(built.index))
        built = shelf.Shelf(
            dense=True,
            index=starts,
            rows=built.rows,
            checks=built.checks,
            places=built.places,
            ids=built.ids,
            heads=built.heads,
        )
    shelf.write(built, tmp_path / "index-1.bin")
    back = shelf.read(tmp_path / "index-1.bin")
    for name in ("dense", "index", "rows", "checks", "places", "ids", "heads"):
        assert np.array_equal(getattr(back, name), getattr(built, name)), name
    keys = np.random.default_rng(2).integers(0, 1 << 22, 300).astype(np.uint32)
    known = shelf._all_keys(back)
    keys[:100] = known[:100]
    for key, start, end in zip(keys, *back.ranges(keys), strict=True):
        assert (known[start:end] == key).all() and end - start == (known == key).sum()


def test_merging_is_building_at_once() -> None:
    records = made_up(60, 3)
    # Some keys on both shelves.
    records[30:40] = records[:10]
    together = shelf.build(ids(1, 60), unpack(records))
    first = shelf.build(ids(1, 25), unpack(records[:25]))
    merged = shelf.merge(
        first, shelf.build(ids(26, 35), unpack(records[25:])), np.zeros(0, dtype=np.uint32)
    )
    for name in ("index", "rows", "checks", "places", "ids", "heads"):
        assert np.array_equal(getattr(merged, name), getattr(together, name)), name
    gone = np.array([1, 30, 60], dtype=np.uint32)
    left = shelf.merge(merged, shelf.empty(), gone)
    kept = [number for number in range(60) if number + 1 not in gone]
    expected = shelf.build(
        np.array(kept, dtype=np.uint32) + np.uint32(1), unpack([records[n] for n in kept])
    )
    for name in ("index", "rows", "checks", "places", "ids", "heads"):
        assert np.array_equal(getattr(left, name), getattr(expected, name)), name


def test_an_empty_shelf(tmp_path: Path) -> None:
    shelf.write(shelf.empty(), tmp_path / "index-1.bin")
    assert len(shelf.read(tmp_path / "index-1.bin").ids) == 0
    assert matches(shelf.empty(), PRINTS[0]) == ()


def test_noise_matches_nothing() -> None:
    crowd = shelf.build(ids(1, 3000), unpack(made_up(3000, 4)))
    assert all(matches(crowd, print_) == () for print_ in PRINTS)


def test_found_in_a_crowd() -> None:
    records = [*made_up(3000, 5), pack(PRINTS[0])]
    crowd = shelf.build(ids(1, 3001), unpack(records))
    (match,) = matches(crowd, fingerprint(saved(IMAGES[0].resize((160, 120)))))
    assert match.row == 3000 and not match.mirrored
