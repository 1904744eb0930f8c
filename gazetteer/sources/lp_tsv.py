"""LP-TSV, the table form of Linked Places: a header, cells separated by tabs, lists by ``;``.

Columns: ``id``, ``title``; optional ``ccodes``, ``matches``, ``variants`` (``Beroea@en;حلب@ar``),
``types``, ``aat_types``, ``fclasses``, ``parent_name``, ``lon``, ``lat``, ``geowkt``, ``start``,
``end``, ``description``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from gazetteer.countries import country_of_field
from gazetteer.errors import GazetteerFileError
from gazetteer.kinds_of_features import AAT, geonames_kind
from gazetteer.place import normal_kind
from gazetteer.record import BadRow, Name, Provenance, Record
from gazetteer.sources.cells import CellError, degrees
from gazetteer.sources.clean import LONGEST_NAME
from gazetteer.sources.dates import span
from gazetteer.sources.decoding import text_lines
from gazetteer.sources.linked_places import same_as_of
from gazetteer.sources.outline import Ground, OutlineError, ground_of
from gazetteer.sources.unpack import FileReader, key_of

_MARKS = ("title_source", "title_uri", "geowkt", "aat_types", "fclasses", "variants", "matches")


def is_lp_tsv(header: str) -> bool:
    """Whether a first line is the header of an LP-TSV file."""
    names = {cell.strip().strip("\ufeff").casefold() for cell in header.split("\t")}
    return {"id", "title"} <= names and len(names & set(_MARKS)) >= 2


class LpTsvReader(FileReader):
    """An LP-TSV file as rows."""

    @cached_property
    def provenance(self) -> Provenance:
        """Whose rows these are."""
        stem = self._source.inner_name.rsplit(".", 1)[0]
        return Provenance(
            key=key_of("lptsv", self._source.path),
            title=f"{stem} (LP-TSV)",
            origin=stem,
            licence="",
            locator=str(self._source.path),
            sha256=self._source.sha256,
        )

    def rows(self) -> Iterator[Record | BadRow]:
        """Every row, in the order of the file.

        Raises:
            GazetteerFileError: the file cannot be read (on) or has no header of LP-TSV.
        """
        header: list[str] | None = None
        for number, text in text_lines(self._source):
            if isinstance(text, BadRow):
                yield text
                continue
            if header is None:
                if not is_lp_tsv(text):
                    raise GazetteerFileError(
                        f"{self._source.name} has no header of LP-TSV (id, title, ...)"
                    )
                header = [c.strip().casefold() for c in text.split("\t")]
                continue
            cells = dict(zip(header, (c.strip() for c in text.split("\t")), strict=False))
            try:
                yield _record(cells, number)
            except (CellError, OutlineError) as error:
                yield BadRow(line=number, why=str(error))


def _record(cells: Mapping[str, str], number: int) -> Record:
    names = _names(cells)
    if not names:
        raise CellError("it has no title")
    ground = _ground(cells)
    types = [part for part in cells.get("types", "").split(";") if part.strip()]
    countries = [country_of_field(c) for c in cells.get("ccodes", "").split(";") if c.strip()]
    matches = [same_as_of(part) for part in cells.get("matches", "").split(";") if part.strip()]
    return Record(
        source_id=cells.get("id", "")[:1_000] or str(number),
        names=names,
        lon=ground.lon,
        lat=ground.lat,
        kind=_kind(cells, types),
        extent_m=ground.extent_m,
        country=countries[0] if len(countries) == 1 else None,
        admin1=cells.get("parent_name", "")[:LONGEST_NAME] or None,
        valid=span(cells.get("start", ""), cells.get("end", "")),
        same_as=tuple(dict.fromkeys(matches))[:200],
        feature=types[0].strip()[:80] if types else "",
        outline_wkb=ground.wkb,
        note=cells.get("description", "")[:500],
    )


def _names(cells: Mapping[str, str]) -> tuple[Name, ...]:
    title = cells.get("title", "")
    if not title:
        return ()
    names: dict[tuple[str, str | None], Name] = {(title, None): Name(text=title)}
    for part in cells.get("variants", "").split(";"):
        text, _, language = part.strip().partition("@")
        # "name@lang", where the language may have a script: zh-Hant.
        if text.strip() and (text.strip() != title or language):
            key = (text.strip(), language.strip()[:20] or None)
            names.setdefault(key, Name(text=key[0], language=key[1]))
    return tuple(names.values())


def _ground(cells: Mapping[str, str]) -> Ground:
    import shapely

    if cells.get("lat") or cells.get("lon"):
        lat, lon = degrees(cells.get("lat", ""), "lat"), degrees(cells.get("lon", ""), "lon")
        return Ground(lon=lon, lat=lat, extent_m=None, wkb=None)
    text = cells.get("geowkt", "")
    if not text:
        raise CellError("it has neither lon and lat nor geowkt")
    try:
        return ground_of(shapely.from_wkt(text))
    except shapely.errors.ShapelyError as error:
        raise CellError(f"geowkt {text[:60]!r} cannot be read") from error


def _kind(cells: Mapping[str, str], types: list[str]) -> str:
    for part in cells.get("aat_types", "").split(";"):
        code = part.strip().removeprefix("aat:")
        if code in AAT:
            return AAT[code]
    for part in types:
        kind = normal_kind(part.strip()[:80])
        if kind:
            return kind
    letter = cells.get("fclasses", "").strip()[:1].upper()
    return geonames_kind(letter, "") if letter else "unknown"
