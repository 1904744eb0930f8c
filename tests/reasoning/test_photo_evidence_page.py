"""The page that gives every ratio of a photo check agrees with the code."""

from __future__ import annotations

from pathlib import Path

import pytest

from osint.checks import photo_seen, photo_words, trust
from osint.checks.photo_together import CREDENTIALS, EXIF, OTHERS

PAGE = Path(__file__).parents[2] / "docs" / "photo-evidence.md"


def rows(first_column: str) -> list[list[str]]:
    """The cells of the table whose first column has this heading."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith(f"| {first_column} |"))
    table = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        table.append([cell.strip() for cell in line.strip("|").split("|")])
    return table


FOR, AGAINST = 1 / trust.G_FORGED, 1 / trust.F_WRONG
BOUNDS = {
    "`photo_position`": (FOR, AGAINST),
    "`photo_time`": (FOR, AGAINST),
    "`photo_exposure`": (FOR, AGAINST),
    "`photo_shadow`": (FOR, AGAINST),
    "`photo_words_place`": (photo_words.AGREES, 1 / photo_words.CONTRADICTS),
    "`photo_words_date`": (photo_words.AGREES, 1 / photo_words.CONTRADICTS),
    "`photo_seen_date`, same file": (1.0, 1 / photo_seen.FILE_EXISTED),
    "`photo_seen_date`, same picture": (1.0, 1 / photo_seen.PICTURE_EXISTED),
    "`photo_seen_date`, alike": (1.0, 1 / photo_seen.ALIKE_EXISTED),
    "`photo_seen_date`, earlier date": (1.0, 1 / photo_seen.EARLIER_DATE),
    "`photo_seen_date`, later date": (1.0, 1 / photo_seen.LATER_DATE),
    "`photo_seen_place`": (1.0, 1 / photo_seen.OTHER_PLACE),
    "`photo_credentials`": (1.0, 1.0),
    "everything that one photo says": (FOR, AGAINST),
}


@pytest.mark.parametrize("row", rows("check"), ids=lambda row: row[0])
def test_a_row_has_the_codes_bounds_and_a_basis(row: list[str]) -> None:
    name, compares, most_for, most_against, basis = row
    assert compares and basis
    assert float(most_for) == pytest.approx(BOUNDS[name][0], rel=0.02)
    assert float(most_against) == pytest.approx(BOUNDS[name][1], rel=0.02)


def test_every_check_has_its_row() -> None:
    named = {row[0].split("`")[1] for row in rows("check") if "`" in row[0]}
    assert named == {*EXIF, *OTHERS, CREDENTIALS}
    assert {row[0] for row in rows("check")} == set(BOUNDS)


def test_f_and_g_stand_there_with_their_basis() -> None:
    figures = {row[0]: (float(row[1]), row[3]) for row in rows("figure")}
    assert {name: value for name, (value, _) in figures.items()} == {
        "f": trust.F_WRONG,
        "g": trust.G_FORGED,
        "g, signed": trust.G_SIGNED,
    }
    assert {basis for _, basis in figures.values()} <= {"judgement", "measured"}


def test_the_prose_gives_the_same_figures() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert f"{FOR:.0f} becomes {1 / trust.G_SIGNED:.0f}" in text
    from osint.checks.photo import _WIDEST_M
    from osint.checks.photo_time import CLOCK_OF_PLACE

    near = f"distance above {photo_seen.CLOSE_DISTANCE}, or fewer than {photo_seen.CLOSE_VOTES} "
    assert near in text
    assert f"{CLOCK_OF_PLACE:.0%}".removesuffix("%") + " of 100 cases" in text
    assert f"anywhere in {_WIDEST_M / 1000:.0f} km" in text
