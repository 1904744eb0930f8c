"""Photos of a case from their files to the verdict: read in children, looked up, weighed, shown."""

from __future__ import annotations

import io
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gazetteer.search import Gazetteer
from imagery.errors import PhotoError
from imagery.photo.seen import Archive
from osint.case import Case, SeenWish, read_case
from osint.checks.photo_together import bayes_factor
from osint.errors import CaseError
from osint.pipeline import Checked, check_case
from tests.imagery.conftest import (
    ascii_entry,
    exif_block,
    gps_entries,
    rational_entry,
    short_entry,
    with_segment,
)

HERE = "Nightjar Ridge,33.5058,38.6178,village,SY,100\n"
FAR = "Saltlark Field,35.9,40.2,village,SY,100\n"


@cache
def drawing(quality: int = 92) -> bytes:
    """A synthetic picture with enough in it to be known again."""
    rng = np.random.default_rng(7)
    coarse = rng.integers(0, 255, (30, 40, 3), dtype=np.uint8)
    picture = Image.fromarray(coarse).resize((640, 480), Image.Resampling.BICUBIC)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()


def exif(day: str = "2017:06:11", *, offset: str | None = "+03:00") -> bytes:
    """A position at Nightjar Ridge, noon there on a day, and an exposure for full sun."""
    entries = [
        ascii_entry(0x9003, f"{day} 12:30:00"),
        rational_entry(0x829A, (1, 800)),
        rational_entry(0x829D, (8, 1)),
        short_entry(0x8827, 100),
    ]
    if offset is not None:
        entries.append(ascii_entry(0x9011, offset))
    return exif_block(
        main=[ascii_entry(0x010F, "Synthetic")],
        exif=sorted(entries, key=lambda entry: entry[0]),
        gps=sorted(gps_entries(), key=lambda entry: entry[0]),
    )


def case(
    folder: Path,
    caption: str = "Soldiers at Nightjar Ridge, June 11, 2017.",
    *,
    photo: bytes | None = None,
    more: str = "",
) -> Case:
    """A case of one captioned photo."""
    (folder / "photos").mkdir(parents=True)
    (folder / "photos" / "yard.jpg").write_bytes(
        with_segment(drawing(), exif()) if photo is None else photo
    )
    (folder / "places.csv").write_text(f"name,lat,lon,kind,country,uncertainty_m\n{HERE}{FAR}")
    (folder / "article.txt").write_text(f"A desert camp\n\nCaption: {caption}\n")
    (folder / "case.toml").write_text(
        'title = "A made-up case"\nsource = "The Invented Weekly"\npublished = "2017-06-14"\n'
        'photos = "photos"\ngazetteers = ["places.csv"]\n'
        f'[[photo]]\nfile = "yard.jpg"\ncaption = "{caption}"\n{more}'
    )
    return read_case(folder)


def checked(given: Case) -> Checked:
    return check_case(given, Gazetteer.open(list(given.gazetteers), world=False))


def outcome(result: Checked) -> tuple[str, list[str]]:
    (judged,) = [j for j in result.judged.judgements if j.claim.photo]
    return judged.outcome, [item.check for item in judged.evidence]


def test_a_photo_that_fits_its_caption_bears_it_out(tmp_path: Path) -> None:
    result = checked(case(tmp_path / "a"))
    (judged,) = [j for j in result.judged.judgements if j.claim.photo]
    assert outcome(result)[1] == ["photo_position", "photo_time", "photo_exposure"]
    assert bayes_factor(judged.evidence) >= 10
    assert judged.predictive is not None and judged.predictive >= 0.9
    (shown,) = result.photos
    assert shown.thumbnail is not None and shown.exposure is not None
    assert shown.exposure.f_number == 8.0


def test_one_that_was_taken_elsewhere_flags_it(tmp_path: Path) -> None:
    result = checked(case(tmp_path / "a", "Soldiers at Saltlark Field, June 11, 2017."))
    assert outcome(result)[0] == "flagged"


def test_a_case_may_hold_measured_shadows(tmp_path: Path) -> None:
    shadow = '[[shadow]]\nphoto = "yard.jpg"\nby = "an analyst"\nratio = 0.2\nazimuth_deg = 0\n'
    result = checked(case(tmp_path / "a", more=shadow))
    assert outcome(result)[1][-1] == "photo_shadow"


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ('photo = "other.jpg"\nby = "x"\nratio = 1', "no photo of the case"),
        ('photo = "yard.jpg"\nratio = 1', "'shadow.0.by' is missing"),
        ('photo = "yard.jpg"\nby = "x"\nratio = -1', "greater than or equal to 0"),
        ('photo = "yard.jpg"\nby = "x"\nratio = nan', "finite"),
        ('photo = "yard.jpg"\nby = "x"\nratio = inf', "finite"),
        ('photo = "yard.jpg"\nby = "x"\nlength = 3', "unknown key 'shadow.0.length'"),
        ('photo = "yard.jpg"\nby = "x"\nheading_reference = "north"', "'true' or 'magnetic'"),
        ('photo = "yard.jpg"\nby = "x"', "nothing was measured"),
    ],
)
def test_a_shadow_that_cannot_be_used_is_an_error_in_one_line(
    tmp_path: Path, table: str, message: str
) -> None:
    with pytest.raises(CaseError, match=message) as error:
        checked(case(tmp_path / "a", more=f"[[shadow]]\n{table}\n"))
    assert "\n" not in str(error.value)


def test_the_same_file_in_an_earlier_case_is_found_with_what_was_said_there(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "archive"
    first = case(tmp_path / "a", "Rebels at Saltlark Field, March 3, 2011.")
    checked(replace(first, seen=SeenWish(case="first", folder=folder)))
    second = replace(case(tmp_path / "b"), seen=SeenWish(case="second", folder=folder), source="B")
    result = checked(second)
    (shown,) = result.photos
    (sighting,) = shown.sightings
    assert (sighting.case, sighting.place, sighting.date, sighting.kind) == (
        "first",
        "Saltlark Field",
        "2011-03-03",
        "same file",
    )
    result_outcome, checks = outcome(result)
    assert result_outcome != "confirmed" and "photo_seen_date" in checks
    again = checked(second)
    assert [s.case for s in again.photos[0].sightings] == ["first"]
    with Archive.open(folder) as archive:
        assert dict(archive.info().cases) == {"first": 1, "second": 1}


def test_the_same_picture_saved_anew_is_found_in_an_earlier_case(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    first = case(tmp_path / "a", "Rebels at Saltlark Field, March 3, 2011.", photo=drawing(40))
    checked(replace(first, seen=SeenWish(case="first", folder=folder)))
    second = replace(case(tmp_path / "b"), seen=SeenWish(case="second", folder=folder), source="B")
    result = checked(second)
    assert [s.kind for s in result.photos[0].sightings] == ["same picture"]
    # One caption's word counts once, though it gave another day and another place.
    assert {each for each in outcome(result)[1] if each.startswith("photo_seen")} == {
        "photo_seen_date"
    }


def test_an_archive_that_cannot_be_used_is_a_remark_and_no_failure(tmp_path: Path) -> None:
    broken = tmp_path / "archive"
    broken.write_text("no folder")
    result = checked(replace(case(tmp_path / "a"), seen=SeenWish(case="c", folder=broken)))
    assert any("archive of pictures seen before was not used" in note for note in result.notes)
    assert outcome(result)[1] == ["photo_position", "photo_time", "photo_exposure"]


def test_no_archive_is_asked_unless_it_is_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OSINT_DATA_DIR", str(tmp_path / "data"))
    checked(case(tmp_path / "a"))
    assert not (tmp_path / "data").exists()


def test_damaged_metadata_is_shown_and_not_weighed(tmp_path: Path) -> None:
    block = exif()
    result = checked(case(tmp_path / "a", photo=with_segment(drawing(), block[: len(block) - 30])))
    (shown,) = result.photos
    assert shown.status == "malformed"
    assert outcome(result) == ("undetermined", [])


def test_the_thumbnail_inside_is_shown_beside_the_picture(tmp_path: Path) -> None:
    block = Image.Exif()
    block[0x010F] = "Synthetic"
    small = io.BytesIO()
    Image.new("RGB", (32, 24), (200, 0, 0)).save(small, "JPEG")
    plain = block.tobytes()[6:]
    inside = _with_thumbnail(plain, small.getvalue())
    result = checked(case(tmp_path / "a", photo=with_segment(drawing(), inside)))
    assert result.photos[0].embedded_thumbnail is not None


def _with_thumbnail(block: bytes, small: bytes) -> bytes:
    """A block whose second directory holds a JPEG."""
    import struct

    order = "<" if block[:2] == b"II" else ">"
    first = struct.unpack(f"{order}I", block[4:8])[0]
    (count,) = struct.unpack(f"{order}H", block[first : first + 2])
    link = first + 2 + 12 * count
    at = len(block)
    table = struct.pack(f"{order}H", 2)
    table += struct.pack(f"{order}HHII", 0x0201, 4, 1, at + 2 + 24 + 4)
    table += struct.pack(f"{order}HHII", 0x0202, 4, 1, len(small))
    table += struct.pack(f"{order}I", 0)
    return block[:link] + struct.pack(f"{order}I", at) + block[link + 4 :] + table + small


def test_a_trust_list_that_is_none_is_refused(tmp_path: Path) -> None:
    given = case(tmp_path / "a")
    (tmp_path / "a" / "list.pem").write_text("nobody")
    with pytest.raises(PhotoError, match="trust list"):
        checked(replace(given, trust_list=tmp_path / "a" / "list.pem"))
