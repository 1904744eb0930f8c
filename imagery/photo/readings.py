"""One EXIF block read three times: by exifread, by a second program, and by a walker of our own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from imagery.photo.conflicts import Conflict, conflicts_between
from imagery.photo.containers.parts import Parts, Source
from imagery.photo.exif import DamagedError, Tag, read_tags
from imagery.photo.fields import Fields, read_fields
from imagery.photo.second import READER_ERRORS, second_tags
from imagery.photo.tiff_tags import walk_tags

FIRST, SECOND, STRICT = "exifread", "pillow", "walker"
_BLOCKS = ("first block", "second block", "third block")
_MOST_RAW = 300
_MOST_PRINTED = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """What the EXIF blocks of a file say.

    Attributes:
        fields: of the first block, as the first reader has them; where it cannot read the block,
            as our own walker has them.
        tags: the tags behind them.
        raw: every tag of the first reader as (name, printed value).
        thumbnail: the small JPEG inside the block.
        conflicts: fields on which readers, or blocks, differ.
        broken: how the block is damaged, in words.
        remarks: what else to know of the reading.
    """

    fields: Fields
    tags: Mapping[str, Tag]
    raw: tuple[tuple[str, str], ...] = ()
    thumbnail: bytes | None = None
    conflicts: tuple[Conflict, ...] = ()
    broken: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def read_blocks(data: Source, parts: Parts) -> Readings:
    """Read the EXIF blocks of a file, and compare the readings."""
    if not parts.exif:
        return Readings(fields=read_fields({}), tags={})
    block = parts.exif[0]
    walked = walk_tags(block.data)
    strict = read_fields(walked.tags)
    broken, remarks = list(walked.problems), []
    try:
        found = read_tags(block.data)
    except DamagedError as error:
        tags, first = walked.tags, strict
        readings = [(STRICT, strict)]
        broken.append(str(error))
    else:
        broken += found.problems
        tags, first = found.tags, read_fields(found.tags)
        readings = [(FIRST, first), (STRICT, strict)]
        if not tags and walked.tags:
            tags, first = walked.tags, strict
    try:
        other, said = second_tags(data, parts)
        readings.insert(1, (SECOND, read_fields(other)))
        remarks += [said] if said else []
    except READER_ERRORS as error:
        remarks.append(f"the second reader gave up ({type(error).__name__})")
    blocks = [(_BLOCKS[0], strict)]
    for name, further in zip(_BLOCKS[1:], parts.exif[1:], strict=False):
        blocks.append((name, read_fields(walk_tags(further.data).tags)))
    return Readings(
        fields=first,
        tags=tags,
        raw=tuple((name, _printed(tag)) for name, tag in list(tags.items())[:_MOST_RAW]),
        thumbnail=walked.thumbnail,
        conflicts=(*conflicts_between(readings), *conflicts_between(blocks)),
        broken=tuple(dict.fromkeys((*broken, *first.gps.doubts))),
        remarks=tuple(remarks),
    )


def _printed(tag: Tag) -> str:
    return tag.printed or ", ".join(map(str, tag.values))[:_MOST_PRINTED]
