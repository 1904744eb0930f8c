"""The rows of any reader, looked through before anyone stores them.

Names lose what nobody can see, codes among them are marked, what cannot be a name is left out, and
points that lie in their country only with swapped axes are noticed. What was found is counted and
told in the provenance once the rows have been read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from gazetteer.record import BadRow, Name, Provenance, Reader, Record
from gazetteer.sources.axes import PointSample
from gazetteer.sources.clean import DAMAGED, LONGEST_NAME, clean
from gazetteer.sources.codes import CODE, is_code

_ODD = re.compile(rf"^(?:[A-Z]{{3,4}}$|[0-9 ]|[Hh][Tt][Tt][Pp])| $|  |{DAMAGED}", re.MULTILINE)
"""In names, a line each: what may be a code, spaces too many, unreadable letters."""

_HIDDEN = "{names} with control or invisible characters, which were taken out"
_LONG = f"{{names}} of over {LONGEST_NAME} characters left out"
_BROKEN = "{names} with unreadable letters (U+FFFD) left out; the file was damaged before"
_ORDER = (_HIDDEN, _LONG, _BROKEN)


class ReviewedReader:
    """A reader whose rows are looked through.

    Args:
        reader: the reader.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._after: tuple[str, ...] = ()

    @property
    def provenance(self) -> Provenance:
        """Whose rows these are; after ``rows``, with what was noticed in them."""
        given = self._reader.provenance
        return replace(given, guessed=(*given.guessed, *self._after)) if self._after else given

    @property
    def size(self) -> int | None:
        """How far ``done`` will run."""
        return self._reader.size

    @property
    def done(self) -> int:
        """How much has been read."""
        return self._reader.done

    def rows(self) -> Iterator[Record | BadRow]:
        """Every row, in the order of the reader; ``BadRow`` for one without a name that is left.

        Raises:
            GazetteerFileError: as the reader does.
        """
        self._after = ()
        counts: Counter[str] = Counter()
        sample = PointSample()
        for number, row in enumerate(self._reader.rows(), start=1):
            if isinstance(row, BadRow):
                yield row
                continue
            if row.country is not None:
                sample.add(lon=row.lon, lat=row.lat, country=row.country)
            if _is_plain(row):
                yield row
                continue
            names = _names(row, counts)
            if names:
                yield _cleaned(row, names)
            else:
                yield BadRow(
                    line=number,
                    why=f"no name that can be read (id {clean(row.source_id)[:60]})",
                    unit="row",
                )
        said = [text.format(names=_many(counts[text])) for text in _ORDER if counts[text]]
        self._after = tuple(text for text in (sample.warning(), *said) if text)


def _many(count: int) -> str:
    return f"{count:,} name" + ("" if count == 1 else "s")


def _is_plain(row: Record) -> bool:
    """Whether nothing in a row needs a second look; made to be quick, since most are so."""
    texts = [name.text for name in row.names]
    lines = "\n".join(texts)
    rest = f"{row.admin1}{row.admin2}{row.note}{row.feature}{row.source_id}{row.country}"
    return (
        lines.replace("\n", "").isprintable()
        and rest.isprintable()
        and _ODD.search(lines) is None
        and (len(lines) <= LONGEST_NAME or max(map(len, texts)) <= LONGEST_NAME)
        and lines.count("\n") == len(texts) - 1
    )


def _names(row: Record, counts: Counter[str]) -> tuple[Name, ...]:
    """The names that are left, cleaned, codes marked."""
    found: dict[tuple[str, str | None], Name] = {}
    main = clean(row.names[0].text[: 4 * LONGEST_NAME])
    for name in row.names:
        if len(name.text) > 4 * LONGEST_NAME:
            # Not even worth cleaning.
            counts[_LONG] += 1
            continue
        if DAMAGED in name.text:
            counts[_BROKEN] += 1
            continue
        text = clean(name.text)
        if text != name.text:
            counts[_HIDDEN] += _hid(name.text)
        if len(text) > LONGEST_NAME:
            counts[_LONG] += 1
        elif text:
            language = name.language
            if language is None and is_code(text, main=main, kind=row.kind):
                language = CODE
            same = text == name.text and language == name.language
            found.setdefault(
                (text, language), name if same else replace(name, text=text, language=language)
            )
    return tuple(found.values())


def _hid(text: str) -> bool:
    """Whether a text held more than odd spaces."""
    return "".join(text.split()) != "".join(clean(text).split())


def _cleaned(row: Record, names: tuple[Name, ...]) -> Record:
    return replace(
        row,
        names=names,
        source_id=clean(row.source_id) or row.source_id.encode("ascii", "replace").decode(),
        country=clean(row.country) or None if row.country else row.country,
        admin1=clean(row.admin1) or None if row.admin1 else row.admin1,
        admin2=clean(row.admin2) or None if row.admin2 else row.admin2,
        feature=clean(row.feature),
        note=clean(row.note),
    )
