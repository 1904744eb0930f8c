"""What in a file an examiner should look at, each with what it means and when it misleads.

A signal is no verdict: editors are used to crop, and clocks are wrong without anybody lying. Each
kind of signal has a module in ``integrity``; here they are put together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from imagery.photo.containers.parts import Parts
from imagery.photo.fields import Fields
from imagery.photo.integrity.clocks import clock_signals, fix_signals
from imagery.photo.integrity.credentials import credentials_signal, elsewhere_signal
from imagery.photo.integrity.leftovers import stripped_signal, trailing_signal
from imagery.photo.integrity.platforms import platform_signals
from imagery.photo.integrity.quantisation import table_signal
from imagery.photo.integrity.screenshot import screenshot_signal
from imagery.photo.integrity.signal import Signal
from imagery.photo.integrity.software import (
    history_signal,
    software_signals,
    source_type_signal,
)
from imagery.photo.integrity.wording import words_signals
from imagery.photo.iptc import IptcFacts
from imagery.photo.provenance import Credentials
from imagery.photo.words import Words
from imagery.photo.xmp import XmpFacts

__all__ = ["Signal", "pixel_signals", "signals_of"]


def signals_of(
    fields: Fields,
    words: Words,
    conflicts: Sequence[object] = (),
    *,
    name: str | None = None,
    parts: Parts | None = None,
    xmp: XmpFacts | None = None,
    iptc: IptcFacts | None = None,
    credentials: Credentials | None = None,
) -> tuple[Signal, ...]:
    """The signals that a file's metadata and structure give, without decoding a pixel.

    Args:
        fields: what its EXIF block says.
        words: all captions and places in it.
        conflicts: where two readings differ.
        name: of the file; None if it has none of its own, as one from standard input.
        parts: how it is built; None where that was not looked at.
        xmp: what its XMP packet says.
        iptc: what its IPTC records say.
        credentials: what its content credentials say.
    """
    xmp, iptc = xmp or XmpFacts(), iptc or IptcFacts()
    comments = parts.comments if parts is not None else ()
    found = [
        *_provenance(fields, xmp, iptc, credentials, comments),
        *clock_signals(fields),
        *fix_signals(fields),
        *words_signals(words, xmp.said, iptc.said),
        *platform_signals(name or "", (iptc.instructions, xmp.instructions)),
        screenshot_signal(
            name=name or "",
            format=parts.format if parts is not None else None,
            width=parts.width if parts is not None else None,
            height=parts.height if parts is not None else None,
            has_camera=bool(fields.make or fields.model or fields.exposure),
            texts=(*comments, fields.software, xmp.creator_tool, xmp.user_comment),
        ),
        *(_structure(parts, fields) if parts is not None else ()),
    ]
    if conflicts:
        found.append(
            Signal(
                signal="readers disagree",
                value=str(len(conflicts)),
                means="two programs see different things in this file; trust neither unseen",
                misleads=(
                    "damage in transit and careless writers do this as well as somebody who wants "
                    "two readers to see two things"
                ),
            )
        )
    return tuple(signal for signal in found if signal is not None)


def pixel_signals(data: bytes, parts: Parts | None, thumbnail: bytes | None) -> tuple[Signal, ...]:
    """The signals that need the pixels: decoding them takes time, memory and a sandbox.

    Args:
        data: the whole file.
        parts: how it is built.
        thumbnail: the small picture inside its metadata.
    """
    from imagery.photo.integrity.double_compression import double_compression_signal
    from imagery.photo.integrity.thumbnail import thumbnail_signal

    found = [
        double_compression_signal(data, parts.quantisation) if parts is not None else None,
        thumbnail_signal(data, thumbnail) if thumbnail else None,
    ]
    return tuple(signal for signal in found if signal is not None)


def _provenance(
    fields: Fields,
    xmp: XmpFacts,
    iptc: IptcFacts,
    credentials: Credentials | None,
    comments: Sequence[str],
) -> Iterator[Signal | None]:
    """What wrote the file, by its own account."""
    generator = credentials.generator if credentials is not None else None
    source_types = credentials.source_types if credentials is not None else ()
    yield credentials_signal(credentials)
    yield elsewhere_signal(xmp.credentials_url if credentials is None else None)
    yield from software_signals(
        (fields.software, xmp.creator_tool, iptc.program, generator, *comments)
    )
    yield history_signal(xmp.history, derived=xmp.derived)
    yield source_type_signal((*source_types, xmp.source_type))


def _structure(parts: Parts, fields: Fields) -> Iterator[Signal | None]:
    """How the file is built."""
    yield stripped_signal(has_metadata=bool(parts.exif or parts.xmp or parts.iptc or parts.jumbf))
    yield table_signal(parts.quantisation, fields.make)
    yield trailing_signal(parts.trailing_bytes)
