"""What a child can be asked to do, by name; nothing else can be called.

A job takes a path or bytes and yields pieces of bytes. What it has yielded stands, whatever
happens to it afterwards.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from imagery.errors import PhotoError
from imagery.photo.facts import PhotoFacts
from imagery.photo.sandbox.codec import encode
from imagery.photo.sandbox.wire import MOST_ANSWER_BYTES
from imagery.photo.signals import Signal

_MOST_FACTS_BYTES = MOST_ANSWER_BYTES // 2
_MOST_BYTES = 64_000_000
_PREVIEW_PX = 320


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a job is done on: a file, or bytes if ``path`` is None."""

    path: Path | None
    data: bytes
    trust_list: str | None = None

    def read(self) -> bytes:
        """The bytes.

        Raises:
            PhotoError: the file cannot be read, or is too large.
        """
        if self.path is None:
            return self.data
        try:
            with self.path.open("rb") as handle:
                # Not ``read(most)``, which takes as much memory as it may read.
                if os.fstat(handle.fileno()).st_size > _MOST_BYTES:
                    raise PhotoError(
                        f"{self.path} is larger than {_MOST_BYTES // 1_000_000} MB; its pixels "
                        "are not looked at"
                    )
                return handle.read()
        except OSError as error:
            raise PhotoError(f"{self.path} cannot be opened ({error}); check the file") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class PixelSignals:
    """The signals that pixels gave."""

    signals: tuple[Signal, ...] = ()


def _facts(given: Given) -> Iterator[bytes]:
    yield _carried(_read(given))


def _facts_and_pixels(given: Given) -> Iterator[bytes]:
    """The facts, and when those are safely away, what the pixels add."""
    facts = _read(given)
    yield _carried(facts)
    if facts.format != "JPEG" and not facts.thumbnail:
        return
    from imagery.photo.containers.parts import walk
    from imagery.photo.integrity.pixels import MOST_PIXELS
    from imagery.photo.signals import pixel_signals

    if (facts.width or 0) * (facts.height or 0) > MOST_PIXELS:
        # Said, as what is not examined must not look like what was found in order.
        raise PhotoError(f"it has more than {MOST_PIXELS // 1_000_000} million pixels")
    data = given.read()
    seen = pixel_signals(data, walk(data), facts.thumbnail)
    yield encode(PixelSignals(signals=seen))


def _read(given: Given) -> PhotoFacts:
    from imagery.photo.metadata import read_photo

    if given.path is None:
        raise PhotoError("facts are read from a file")
    # The map of zones is loaded once, by the parent, which needs no more of the file for it.
    return read_photo(given.path, trust_list=given.trust_list, zones=False)


def _carried(facts: PhotoFacts) -> bytes:
    """The facts as bytes; of a file with too much of everything, without what weighs most."""
    data = encode(facts)
    if len(data) <= _MOST_FACTS_BYTES:
        return data
    remark = "there is more metadata than is shown; tags and thumbnail were left out"
    return encode(replace(facts, raw=(), thumbnail=None, problems=(*facts.problems, remark)))


def _preview(given: Given) -> Iterator[bytes]:
    """A small upright JPEG of a picture, without metadata."""
    import io

    from PIL import Image, ImageOps

    from imagery.errors import DECODER_ERRORS

    data = given.read()
    if _spare_heif(data):
        from pillow_heif import register_heif_opener

        register_heif_opener()
    try:
        with Image.open(io.BytesIO(data)) as image:
            image.draft("RGB", (2 * _PREVIEW_PX, 2 * _PREVIEW_PX))
            image.thumbnail((_PREVIEW_PX, _PREVIEW_PX))
            small = ImageOps.exif_transpose(image).convert("RGB")
    except MemoryError:
        raise
    except (Image.DecompressionBombError, *DECODER_ERRORS, RuntimeError) as error:
        raise PhotoError("the pixels cannot be decoded") from error
    out = io.BytesIO()
    # A new picture: neither profile nor comment of the old one goes along.
    Image.frombytes("RGB", small.size, small.tobytes()).save(out, "JPEG", quality=80)
    yield out.getvalue()


def _error_level(given: Given) -> Iterator[bytes]:
    from imagery.photo.error_level import error_level_png

    yield error_level_png(given.read(), max_px=640)


def _fingerprint(given: Given) -> Iterator[bytes]:
    from imagery.photo.fingerprint import fingerprint
    from imagery.photo.fingerprint.carried import to_bytes

    data = given.read()
    _spare_heif(data)
    yield to_bytes(fingerprint(data))


def _spare_heif(data: bytes) -> bool:
    """Whether a picture is for libheif, which then decodes with one thread.

    Each further thread takes memory for itself, of which a child has little.
    """
    if data[4:8] != b"ftyp":
        return False
    import pillow_heif

    pillow_heif.options.DECODE_THREADS = 1
    return True


JOBS: Mapping[str, Callable[[Given], Iterator[bytes]]] = {
    "facts": _facts,
    "facts and pixels": _facts_and_pixels,
    "preview": _preview,
    "error level": _error_level,
    "fingerprint": _fingerprint,
}
"""The jobs by name."""
