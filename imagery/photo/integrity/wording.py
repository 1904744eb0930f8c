"""What somebody typed into the file, and where two such texts differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from imagery.photo.integrity.signal import Signal
from imagery.photo.words import Words

_COMPARED = ("headline", "description", "sublocation", "city", "province", "country", "credit")
# The shortest length at which IPTC-IIM 4.2 makes a program cut a text off.
_CUT_FROM = 32
_MOST_SHOWN = 80
_MOST_PLACES = 400


def words_signals(
    words: Words, xmp: Sequence[tuple[str, str]], iptc: Sequence[tuple[str, str]]
) -> Iterator[Signal]:
    """Places typed into the file, and captions that are not the same in its two places for them.

    Args:
        words: all captions and places of the file.
        xmp: ``XmpFacts.said``.
        iptc: ``IptcFacts.said``.
    """
    if words.places:
        yield Signal(
            signal="places in the file",
            value="; ".join(words.places)[:_MOST_PLACES],
            means="somebody typed these; they are a claim and no measurement",
            misleads="right as often as their captioner is; kept through copying and re-use",
        )
    for label in _COMPARED:
        ours = [text for name, text in xmp if name == label]
        theirs = [text for name, text in iptc if name == label]
        if ours and theirs and not any(_same(a, b) for a in ours for b in theirs):
            yield Signal(
                signal="captions inside differ",
                value=f"{label}: {_short(ours[0])} in XMP, {_short(theirs[0])} in IPTC",
                means="one of the two was changed and the other was not; read both",
                misleads=(
                    "old programs write only IPTC and leave XMP as it was, or write letters beyond "
                    "English in a way that others misread"
                ),
            )


def _same(xmp: str, iptc: str) -> bool:
    a, b = xmp.casefold(), iptc.casefold()
    return a == b or (len(b.encode()) >= _CUT_FROM - 4 and a.startswith(b))


def _short(text: str) -> str:
    return repr(text if len(text) <= _MOST_SHOWN else text[: _MOST_SHOWN - 1] + "\u2026")
