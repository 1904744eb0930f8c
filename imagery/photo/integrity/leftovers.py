"""What is missing from a file, and what stands in it beyond the picture."""

from __future__ import annotations

from imagery.photo.integrity.signal import Signal


def stripped_signal(*, has_metadata: bool) -> Signal | None:
    """That there is no metadata at all: the normal case of a published photo."""
    if has_metadata:
        return None
    return Signal(
        signal="no metadata",
        value="no EXIF, XMP, IPTC or content credentials",
        means=(
            "the normal case: messengers, social networks and most web sites remove them; it says "
            "nothing for or against the picture"
        ),
        misleads="always, if taken for a sign of tampering",
    )


def trailing_signal(trailing_bytes: int) -> Signal | None:
    """That bytes follow after the picture's own end."""
    if trailing_bytes <= 0:
        return None
    return Signal(
        signal="data after the picture",
        value=f"{trailing_bytes:,} bytes",
        means="something follows the picture's end, which viewers do not show: look at it",
        misleads=(
            "telephones put short films, depth maps and second pictures there, some programs "
            "padding; nearly always harmless; raised on 2 of 135 sample photos, one of them damaged"
        ),
    )
