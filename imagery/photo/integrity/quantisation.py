"""The quantisation tables of a JPEG against those of the common library and of its camera."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from imagery.photo.integrity.signal import Signal

# Tables K.1 and K.2 of ITU-T T.81, rows one after the other; the IJG's library scales these.
_BRIGHTNESS = (
    *(16, 11, 10, 16, 24, 40, 51, 61),
    *(12, 12, 14, 19, 26, 58, 60, 55),
    *(14, 13, 16, 24, 40, 57, 69, 56),
    *(14, 17, 22, 29, 51, 87, 80, 62),
    *(18, 22, 37, 56, 68, 109, 103, 77),
    *(24, 35, 55, 64, 81, 104, 113, 92),
    *(49, 64, 78, 87, 103, 121, 120, 101),
    *(72, 92, 95, 98, 112, 100, 103, 99),
)
_COLOUR = (
    *(17, 18, 24, 47, 99, 99, 99, 99),
    *(18, 21, 26, 66, 99, 99, 99, 99),
    *(24, 26, 56, 99, 99, 99, 99, 99),
    *(47, 66, 99, 99, 99, 99, 99, 99),
    *(99,) * 32,
)

# Makers whose cameras wrote tables of their own into every sample photo that was as the camera left
# it: four Canon photos of three models, two Apple photos of one telephone. Others do so too.
_OWN_TABLES = ("canon", "apple")


@cache
def ijg_table(quality: int, *, colour: bool = False) -> tuple[int, ...]:
    """The table that the IJG's library makes for a quality of 1 to 100, values at most 255.

    The rule is that of ``jpeg_quality_scaling`` and ``jpeg_add_quant_table`` in its jcparam.c.
    """
    percent = 5000 // quality if quality < 50 else 200 - 2 * quality
    base = _COLOUR if colour else _BRIGHTNESS
    return tuple(min(255, max(1, (step * percent + 50) // 100)) for step in base)


def ijg_quality(table: Sequence[int], *, colour: bool = False) -> int | None:
    """The quality for which the IJG's library makes exactly this table; None if there is none."""
    return _qualities(colour).get(tuple(table))


@cache
def _qualities(colour: bool) -> dict[tuple[int, ...], int]:
    """Quality by table; of several with the same table the highest."""
    return {ijg_table(quality, colour=colour): quality for quality in range(1, 101)}


def nearest_quality(table: Sequence[int]) -> int:
    """The IJG quality with the nearest table for brightness: how fine one of another kind is."""
    return min(
        range(1, 101),
        key=lambda q: sum(abs(a - b) for a, b in zip(table, ijg_table(q), strict=True)),
    )


def describe(tables: Sequence[Sequence[int]]) -> str | None:
    """Tables in words: "IJG quality 85", "tables of its own, about IJG quality 97"."""
    if not tables or any(len(table) != len(_BRIGHTNESS) for table in tables):
        return None
    exact = [ijg_quality(tables[0]), *(ijg_quality(table, colour=True) for table in tables[1:])]
    if None in exact:
        return f"tables of its own, about IJG quality {nearest_quality(tables[0])}"
    return "IJG quality " + " and ".join(str(quality) for quality in dict.fromkeys(exact))


def table_signal(tables: Sequence[Sequence[int]], make: str | None) -> Signal | None:
    """The signal, if a camera that has tables of its own is claimed over those of the library."""
    if not (make or "").casefold().startswith(_OWN_TABLES):
        return None
    said = describe(tables)
    if said is None or not said.startswith("IJG"):
        return None
    return Signal(
        signal="tables unlike the camera's",
        value=said,
        means=(
            "the JPEG was written by the common library of editors, messengers and web sites; "
            f"cameras that call themselves {make} write tables of their own"
        ),
        misleads=(
            "says that the file was saved again, which cropping and sending do as well; rests on "
            "six photos of four models; other cameras write the library's tables themselves, as in "
            "26 of 41 sample photos without a trace of editing; an editor that keeps the camera's "
            "tables is missed"
        ),
    )
