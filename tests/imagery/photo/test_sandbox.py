from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from imagery.errors import PhotoError
from imagery.photo.facts import PhotoFacts
from imagery.photo.metadata import read_photo
from imagery.photo.sandbox import child, reading
from imagery.photo.sandbox.pool import Sandbox
from imagery.photo.sandbox.reading import read_in, read_photo_safely, read_photos, run
from tests.imagery.photo.files import LAT, encoded, geotagged, with_segment

HERE = Path(__file__).parent
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits memory so")


def photo_bytes(make: str = "Synthetic") -> bytes:
    return with_segment(encoded("JPEG"), b"Exif\0\0" + geotagged(make))


@pytest.fixture
def bad(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """A sandbox whose reader does what files tell it to."""
    root = str(HERE.parents[2])
    start = child._START.replace(
        "from imagery",
        f"sys.path.append({root!r}); import tests.imagery.photo.bad_jobs; from imagery",
    )
    assert "bad_jobs" in start
    monkeypatch.setattr(child, "_START", start)
    with Sandbox(workers=1, time_limit_s=1.5) as box:
        yield box


class Files:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, content: bytes | str, name: str = "") -> Path:
        data = content if isinstance(content, bytes) else content.encode()
        path = self.folder / (name or f"{len(list(self.folder.iterdir()))}.jpg")
        path.write_bytes(data)
        return path


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def facts_in(box: Sandbox, path: Path, *, pixels: bool = False) -> PhotoFacts:
    found = read_in(box, path, pixels=pixels)
    assert isinstance(found, PhotoFacts)
    return found


def test_a_child_reads_what_the_parent_would(files: Files) -> None:
    paths = [files(photo_bytes(f"Maker {n}")) for n in range(9)]
    found = list(read_photos(paths, workers=2))
    assert found == [read_photo(path) for path in paths]
    first = found[0]
    assert isinstance(first, PhotoFacts) and first.position is not None
    assert first.position.lat == pytest.approx(LAT, abs=1e-9)


def test_pixels_add_signals_and_nothing_else(files: Files) -> None:
    noise = Image.effect_noise((640, 480), 60).convert("RGB")
    coarse, fine = io.BytesIO(), io.BytesIO()
    noise.save(coarse, "JPEG", quality=60)
    Image.open(coarse).save(fine, "JPEG", quality=95)
    path = files(fine.getvalue())
    (plain,), (looked,) = list(read_photos([path])), list(read_photos([path], pixels=True))
    assert isinstance(plain, PhotoFacts) and isinstance(looked, PhotoFacts)
    assert looked.signals[: len(plain.signals)] == plain.signals
    assert [s.signal for s in looked.signals[len(plain.signals) :]] == ["compressed twice"]
    assert looked == read_photo(path, pixels=True)


def test_every_path_has_an_outcome_in_its_place(files: Files, tmp_path: Path) -> None:
    no_image = files(b"no picture")
    bare = files(encoded("PNG"))
    paths = [no_image, tmp_path / "gone.jpg", bare, tmp_path, Path("nul\0.jpg")]
    done: list[tuple[int, int]] = []
    image, gone, png, folder, nul = read_photos(paths, progress=lambda n, of: done.append((n, of)))
    assert isinstance(image, PhotoFacts) and (image.status, image.format) == ("unsupported", "")
    assert "not an image" in image.problems[0] and len(image.sha256) == 64
    assert isinstance(png, PhotoFacts) and png.status == "no_metadata"
    assert isinstance(gone, PhotoError) and "does not exist" in str(gone)
    assert isinstance(folder, PhotoError) and isinstance(nul, PhotoError)
    assert done == [(n, 5) for n in range(1, 6)]


def test_the_one_photo_form_raises_as_the_plain_reader_does(files: Files, tmp_path: Path) -> None:
    path = files(photo_bytes())
    assert read_photo_safely(path) == read_photo(path)
    for wrong in (tmp_path / "gone.jpg", files(b"no picture")):
        with pytest.raises(PhotoError) as ours:
            read_photo_safely(wrong)
        with pytest.raises(PhotoError) as theirs:
            read_photo(wrong)
        assert str(ours.value) == str(theirs.value)


@pytest.mark.parametrize(
    ("content", "status"),
    [
        ("loop", "timeout"),
        pytest.param("deaf", "timeout", marks=POSIX),
        pytest.param("eat", "memory", marks=LINUX),
        ("crash", "malformed"),
        ("leave", "malformed"),
        ("raise", "malformed"),
        ("lots", "malformed"),
        ("gibberish", "malformed"),
        ("swap", "malformed"),
        ("connect", "malformed"),
        ("run", "malformed"),
    ],
)
def test_faults_are_outcomes_and_the_next_file_is_read(
    bad: Sandbox, files: Files, content: str, status: str
) -> None:
    lost = facts_in(bad, files(content))
    assert (lost.status, lost.format) == (status, "")
    assert len(lost.problems) == 1 and len(lost.sha256) == 64
    assert lost.problems[0].startswith(reading.NOT_READ) == (status == "malformed")
    assert facts_in(bad, files("fine")).status == "ok"


@LINUX
def test_a_child_that_eats_is_stopped_within_its_memory(bad: Sandbox, files: Files) -> None:
    facts_in(bad, files("eat"))
    assert 20 < bad.peak_child_mb < 256


def test_what_parsers_print_is_not_taken_for_an_answer(bad: Sandbox, files: Files) -> None:
    assert facts_in(bad, files("print")).status == "ok"


@pytest.mark.parametrize("word", ["write", "empty"])
def test_no_reader_writes_files(bad: Sandbox, files: Files, tmp_path: Path, word: str) -> None:
    target = tmp_path / "mine"
    target.write_bytes(b"kept")
    found = facts_in(bad, files(f"{word} {target}"))
    assert found.status == "malformed" and "ForbiddenError" in found.problems[0]
    assert target.read_bytes() == b"kept"


def test_facts_that_were_read_outlive_their_pixels(bad: Sandbox, files: Files) -> None:
    found = facts_in(bad, files("partly"), pixels=True)
    assert found.status == "ok"
    assert [signal.signal for signal in found.signals] == [reading.UNEXAMINED]


def test_a_picture_too_large_to_be_decoded_is_said_not_to_be_examined(files: Files) -> None:
    data = bytearray(photo_bytes())
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = (9_000).to_bytes(2, "big") * 2
    with Sandbox(workers=1) as box:
        found = facts_in(box, files(bytes(data)), pixels=True)
    assert found.status == "ok" and found.position is not None
    (signal,) = (each for each in found.signals if each.signal == reading.UNEXAMINED)
    assert signal.value == "it has more than 50 million pixels"


def test_results_keep_the_order_of_the_files(bad: Sandbox, files: Files) -> None:
    bad._most = 3
    words = ["slow", "fine", "raise", "fine", "slow", "fine", "leave"] * 3
    found = list(read_photos([files(word) for word in words], sandbox=bad))
    statuses = [f.status for f in found if isinstance(f, PhotoFacts)]
    assert statuses == ["malformed" if w in ("raise", "leave") else "ok" for w in words]
    assert [f.path for f in found if isinstance(f, PhotoFacts)] == [f"{n}.jpg" for n in range(21)]


def test_children_are_kept_and_replaced_after_a_fault(bad: Sandbox, files: Files) -> None:
    nth = [facts_in(bad, files("history")).software for _ in range(3)]
    facts_in(bad, files("raise"))
    assert (nth, facts_in(bad, files("history")).software) == (["1", "2", "3"], "1")


@pytest.mark.parametrize("word", ["tired", "weary"])
def test_no_file_suffers_for_those_before_it(bad: Sandbox, files: Files, word: str) -> None:
    facts_in(bad, files("fine"))
    bad._time_limit_s = 20.0
    assert facts_in(bad, files(word)).status == "ok"


def test_a_child_that_does_not_start_is_no_photos_fault(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "_START", "raise SystemExit(5)")
    with pytest.raises(child.StartError, match="ended with code 5"):
        list(read_photos([files(photo_bytes())]))


def test_leaving_early_ends_the_children(files: Files) -> None:
    paths = [files(photo_bytes()) for _ in range(30)]
    box = Sandbox(workers=2)
    photos = read_photos(paths, sandbox=box)
    next(photos)
    pids = [one._process for one in box._all]
    assert pids
    photos.close()  # type: ignore[attr-defined]
    box.close()
    assert all(process.poll() is not None for process in pids)


def test_the_order_of_files_changes_no_facts(shared_data: Path) -> None:
    folder = shared_data / "photos" / "exif-samples"
    paths = sorted(
        p for p in folder.rglob("*.*") if p.suffix in (".heic", ".HEIC", ".tiff", ".jpg")
    )
    paths = paths[::4] + [p for p in paths if p.suffix.casefold() == ".heic"]
    forth = list(read_photos(paths, workers=1))
    back = list(read_photos(paths[::-1], workers=1))
    assert [str(f) for f in forth] == [str(f) for f in back[::-1]]


def test_pictures_are_made_without_metadata(files: Files) -> None:
    path = files(photo_bytes())
    with Image.open(io.BytesIO(run("preview", path))) as small:
        assert small.format == "JPEG" and not small.getexif() and "exif" not in small.info
    assert run("error level", photo_bytes()).startswith(b"\x89PNG")
    with pytest.raises(PhotoError, match="no preview"):
        run("preview", b"no picture")
    with pytest.raises(PhotoError, match=r"no fingerprint"):
        run("fingerprint", files(b"neither"))


def test_a_fingerprint_comes_out_as_it_would_here(files: Files) -> None:
    from imagery.photo.fingerprint import fingerprint
    from imagery.photo.fingerprint.carried import from_bytes, to_bytes

    out = io.BytesIO()
    noise = Image.effect_noise((40, 30), 90).resize((400, 300)).convert("RGB")
    noise.save(out, "JPEG")
    found = run("fingerprint", files(out.getvalue()))
    assert found == to_bytes(fingerprint(out.getvalue()))
    assert len(from_bytes(found).x) > 20
