"""Which column of a foreign table means what, guessed from its header and its first rows.

Whatever is not plain from the header alone is said in ``Columns.guessed``, in words that a person
can check against the file.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gazetteer.errors import GazetteerFileError
from gazetteer.sources.cells import CellError, degrees, number

# Words for a role, most telling first; those before the bar need no mention as guesses.
_ROLES: dict[str, str] = {
    "name": "name | title label placename place_name toponym full_name fullname name_en name_eng "
    "place village city town settlement nom nombre nome naam ort ortsname nazwa nazov adm2_en "
    "adm1_en shapename asciiname اسم الاسم назва название имя",
    "lat": "lat latitude | lat_dd y ycoord y_coord point_y coord_y decimallatitude latitud "
    "latitudine breite breitengrad geo_lat gps_lat gps_latitude lat_wgs84 latdd latitude_dd широта "
    "خط_العرض",
    "lon": "lon longitude lng long | lon_dd long_dd x xcoord x_coord point_x coord_x "
    "decimallongitude longitud longitudine lange laenge langengrad laengengrad geo_lon geo_lng "
    "geo_long gps_lon gps_lng gps_longitude lon_wgs84 londd longdd longitude_dd долгота довгота "
    "خط_الطول",
    "point": "coordinates wkt | coords coordinate coordinates_wgs84 position location latlon "
    "lat_lon latlng lat_lng latitude_longitude gps geom geometry the_geom point geo geo_point "
    "geopoint mgrs координаты إحداثيات",
    "easting": "easting | utm_e utm_easting e_utm easting_m utm_x x_utm",
    "northing": "northing | utm_n utm_northing n_utm northing_m utm_y y_utm",
    "zone": "zone utm_zone | utmzone zone_utm",
    "id": "id | uid uuid place_id geonameid geoname_id ufi pcode p_code osm_id ogc_fid fid "
    "objectid gid identifier key adm2_pcode adm1_pcode shapeid",
    "kind": "kind | type feature_type featuretype place_type placetype feature_code fcode "
    "feature_class fclass class category typ тип النوع",
    "country": "country | country_code countrycode iso iso2 iso_a2 iso_country cc cc1 ccode pays "
    "land pais countryname country_name shapegroup страна країна البلد",
    "admin1": "admin1 | adm1 adm1_name admin1_name admin1name state province governorate region "
    "oblast muhafaza admin_1 name_1 adm1_en_1 область المحافظة",
    "admin2": "admin2 | adm2 adm2_name admin2_name admin2name district county rayon raion admin_2 "
    "name_2 район القضاء",
    "names": "names | alt_names altnames alternatenames alternate_names alternative_names "
    "other_names variants variant_names aka synonyms aliases alias",
    "native": "native | native_name name_native local_name name_local name_orig original_name",
    "population": "population | pop pop_total inhabitants einwohner population_total poblacion "
    "население السكان",
    "uncertainty_m": "uncertainty_m | accuracy_m coordinateuncertaintyinmeters uncertainty_meters "
    "radius_m precision_m",
    "valid_from": "valid_from | start_date date_from",
    "valid_to": "valid_to | end_date date_to",
    "source": "source |",
    "note": "note | notes remark remarks comment description bemerkung",
}
_LANGUAGE = re.compile(r"(?:name|nom|title)[:_]([a-z]{2,3}(?:_[a-z]{2,4})?)|([a-z]{2,3})[:_]name")
_NO_LANGUAGE = frozenset({"alt", "old", "new", "id", "ref", "int", "loc", "reg"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """What the columns of a table mean.

    Attributes:
        at: role to the column's number, from 0.
        languages: column numbers that hold names of a language.
        names: header, one for each column.
        guessed: what was not plain, in words.
        header: whether the first row is a header.
    """

    at: Mapping[str, int]
    languages: Mapping[int, str]
    names: tuple[str, ...]
    guessed: tuple[str, ...] = ()
    header: bool = True


@dataclass(slots=True)
class _Guess:
    at: dict[str, int] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)


def plain_header(text: str) -> str:
    """A header cell without case, marks and unlike separators: "Länge (WGS84)" is lange_wgs84."""
    flat = unicodedata.normalize("NFKD", text.strip().strip("\ufeff\"'").casefold())
    bare = "".join(char for char in flat if not unicodedata.combining(char))
    return re.sub(r"[^\w:]+", "_", bare).strip("_")


def columns_of(
    file: str, header: Sequence[str], rows: Sequence[Sequence[str]], *, located: bool = False
) -> Columns:
    """Guess the columns of a table.

    Args:
        file: for messages.
        header: the first row.
        rows: a few of those after it.
        located: the position comes from elsewhere (a geometry), so that no column need hold it.

    Raises:
        GazetteerFileError: no column for the name or the position; the message lists them all.
    """
    guess = _Guess()
    keys = [plain_header(cell) for cell in header]
    for role, words in _ROLES.items():
        sure, _, other = words.partition("|")
        for rank, word in enumerate((*sure.split(), *other.split())):
            if word in keys and role not in guess.at and keys.index(word) not in guess.at.values():
                guess.at[role] = keys.index(word)
                if rank >= len(sure.split()):
                    said = header[guess.at[role]].strip()
                    guess.said.append(f"column {said!r} is the {_what(role)}")
    languages = _languages(keys, guess)
    has_header = bool(guess.at) or not any(_is_number(cell) for cell in header)
    if not has_header:
        _by_content(guess, [header, *rows])
        guess.said.insert(0, "the file has no header")
    if "name" not in guess.at:
        _name_by_content(guess, header, rows, languages)
    if not located:
        _check_position(file, header, rows, guess)
    if "name" not in guess.at and not languages:
        raise GazetteerFileError(
            f"{file} has no column that could be the name ({_listed(header)}); call it 'name'"
        )
    return Columns(
        at=guess.at,
        languages=languages,
        names=tuple(cell.strip() for cell in header),
        guessed=tuple(guess.said),
        header=has_header,
    )


def _what(role: str) -> str:
    return {
        "lat": "latitude",
        "lon": "longitude",
        "point": "position",
        "id": "identifier",
        "names": "list of other names",
        "native": "native name",
        "admin1": "first-level area",
        "admin2": "second-level area",
        "uncertainty_m": "uncertainty in metres",
        "zone": "UTM zone",
        "valid_from": "first day",
        "valid_to": "last day",
    }.get(role, role)


def _languages(keys: list[str], guess: _Guess) -> dict[int, str]:
    found: dict[int, str] = {}
    for at, key in enumerate(keys):
        match = _LANGUAGE.fullmatch(key)
        if match and at not in guess.at.values():
            language = (match[1] or match[2]).replace("_", "-")
            if language not in _NO_LANGUAGE:
                found[at] = language
    return found


def _is_number(text: str) -> bool:
    try:
        number(text)
    except CellError:
        return False
    return True


def _column(rows: Sequence[Sequence[str]], at: int) -> list[str]:
    return [row[at] for row in rows if at < len(row) and row[at].strip()]


def _by_content(guess: _Guess, rows: Sequence[Sequence[str]]) -> None:
    """Latitude and longitude by their values where no header tells."""
    width = max((len(row) for row in rows), default=0)
    fit: list[tuple[int, float]] = []
    for at in range(width):
        cells = _column(rows, at)
        values = [number(cell) for cell in cells if _is_number(cell)]
        fractions = sum(value != int(value) for value in values)
        if cells and len(values) == len(cells) and fractions > len(values) / 2:
            largest = max(abs(value) for value in values)
            if largest <= 180:
                fit.append((at, largest))
    if len(fit) >= 2:
        (first, large1), (second, large2) = fit[:2]
        if large1 > 90 >= large2:
            first, second = second, first
        guess.at |= {"lat": first, "lon": second}
        guess.said.append(
            f"column {first + 1} is the latitude and column {second + 1} the longitude, by values"
        )


def _name_by_content(
    guess: _Guess, header: Sequence[str], rows: Sequence[Sequence[str]], languages: dict[int, str]
) -> None:
    """The column of the most different texts that are words."""
    best, most = -1, 0
    for at in range(len(header)):
        if at in guess.at.values() or at in languages:
            continue
        cells = _column(rows, at)
        words = {cell for cell in cells if re.search(r"[^\W\d_]{2}", cell) and len(cell) <= 120}
        if len(words) > most and len(words) >= len(cells) / 2:
            best, most = at, len(words)
    if best >= 0 and not languages:
        guess.at["name"] = best
        guess.said.append(f"column {best + 1} ({header[best].strip()[:40]!r}) is the name")


def _check_position(
    file: str, header: Sequence[str], rows: Sequence[Sequence[str]], guess: _Guess
) -> None:
    at = guess.at
    if "lat" in at and "lon" in at:
        # Also where both are there: one column with both, such as "coordinates", is then left.
        at.pop("point", None)
        lat, lon = _column(rows, at["lat"]), _column(rows, at["lon"])
        if _beyond(lat, 90) * 2 > len(lat) and not _beyond(lon, 90) and _fits(lat) and lon:
            at["lat"], at["lon"] = at["lon"], at["lat"]
            guess.said.append(
                f"columns {header[at['lon']].strip()!r} and {header[at['lat']].strip()!r} are "
                "named the wrong way round: the first has values above 90 and is taken for the "
                "longitude"
            )
        return
    if "point" in at:
        return
    if "easting" in at and "northing" in at and "zone" in at:
        return
    raise GazetteerFileError(
        f"{file} has no columns that could be latitude and longitude ({_listed(header)}); call "
        "them 'lat' and 'lon'"
    )


def _beyond(cells: list[str], limit: float) -> int:
    return sum(_is_number(cell) and abs(number(cell)) > limit for cell in cells)


def _fits(cells: list[str]) -> bool:
    for cell in cells:
        try:
            degrees(cell, "lon")
        except CellError:
            return False
    return True


def _listed(header: Sequence[str]) -> str:
    shown = ", ".join(cell.strip()[:30] for cell in header[:20])
    return f"it has: {shown[:300] or 'none'}"
