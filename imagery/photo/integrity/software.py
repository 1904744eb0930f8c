"""Programs that wrote the file, and what they say they did."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from imagery.photo.integrity.signal import Signal

_EDITORS = re.compile(
    r"photoshop|lightroom|camera raw|\bgimp\b|paint\.net|snapseed|picasa|affinity|capture one"
    r"|darktable|rawtherapee|acdsee|pixelmator|luminar|irfanview|photoscape|vsco|facetune|canva\b"
    r"|imagemagick|paint shop|corel|polarr|picsart|fotor|\bphotos \d|windows photo|fireworks"
    r"|photo gallery|instagram|meitu|remini|faceapp|lensa\b|inshot|photopea|krita|inkscape",
    re.IGNORECASE,
)
_GENERATORS = re.compile(
    r"midjourney|stable diffusion|dall.?e\b|firefly|\bimagen\b|comfyui|automatic1111|flux\.1"
    r"|novelai|invokeai|openai|chatgpt|\bgpt-4o\b|ideogram|leonardo\.ai|made with google ai",
    re.IGNORECASE,
)
_CONVERTERS = re.compile(
    r"gd-jpeg|\blavc\d|ffmpeg|libvips|\bskia\b|jpegmini|tinypng|mozjpeg|imgix|cloudinary|thumbor",
    re.IGNORECASE,
)
# IPTC's vocabulary of digital source types: those that say a program made the picture up.
_MADE_UP = {
    "trainedalgorithmicmedia": "made by a trained model",
    "compositewithtrainedalgorithmicmedia": "put together with parts made by a trained model",
    "algorithmicmedia": "made by a program",
    "compositesynthetic": "put together with parts made by a program",
    "virtualrecording": "recorded from a virtual world",
    "digitalart": "drawn by a person with a program",
    "digitalcreation": "drawn by a person with a program",
}
_MOST_NAMES = 3
_MOST_NAME = 120


def software_signals(programs: Iterable[str | None]) -> Iterator[Signal]:
    """Editors and generators among the programs that left their names.

    Args:
        programs: EXIF Software, XMP CreatorTool, IPTC program, comments, claim generator, ...
    """
    names = list(dict.fromkeys(name[:_MOST_NAME] for name in programs if name))
    made = [name for name in names if _GENERATORS.search(name)]
    edited = [name for name in names if _EDITORS.search(name) and name not in made]
    converted = [name for name in names if _CONVERTERS.search(name)]
    if made:
        yield Signal(
            signal="generator software",
            value="; ".join(made[:_MOST_NAMES]),
            means="a program that makes pictures from words wrote this file",
            misleads=(
                "some of these programs also edit real photos; most made-up pictures lose the name "
                "on their way, so that its absence says nothing"
            ),
        )
    if edited:
        yield Signal(
            signal="editing software",
            value="; ".join(edited[:_MOST_NAMES]),
            means="an editor saved this file; what it changed, if anything but the size, is open",
            misleads=(
                "press photos are normally edited for size, light and caption; raised on 32 of 135 "
                "sample photos nobody doubts; an editor need not leave its name"
            ),
        )
    if converted:
        yield Signal(
            signal="converting software",
            value="; ".join(converted[:_MOST_NAMES]),
            means=(
                "software of web sites, telephones or films wrote this file: it is a copy made "
                "smaller, or a frame of a film"
            ),
            misleads="what nearly every picture from the web has been through; few leave a name",
        )


def history_signal(history: Sequence[str], *, derived: bool) -> Signal | None:
    """The history that an editor kept, or that the file was made from another document."""
    if not history and not derived:
        return None
    value = "made from another document"
    if history:
        steps = "one step" if len(history) == 1 else f"{len(history)} steps"
        value = f"{steps}, the last: {history[-1]}" + (f"; {value}" if derived else "")
    return Signal(
        signal="editing history",
        value=value,
        means=(
            "an editor noted what it did to this file; the history may be older than the picture, "
            "as pasting into a document keeps the document's"
        ),
        misleads=(
            "desks keep such histories for every photo they touch; a change of captions alone is a "
            "step too; raised on 12 of 135 sample photos nobody doubts; anybody can write it"
        ),
    )


def source_type_signal(source_types: Iterable[str | None]) -> Signal | None:
    """The signal, if the file itself says that it is no photo."""
    said = next((s for s in source_types if s and s.casefold() in _MADE_UP), None)
    if said is None:
        return None
    return Signal(
        signal="said to be made up",
        value=said,
        means=f"the file says of itself that it was {_MADE_UP[said.casefold()]}",
        misleads=(
            "an honest label, seldom wrong when there; labels get lost when a picture is sent on, "
            "so that its absence says nothing; retouching tools set it for small repairs too"
        ),
    )
