"""What a file is, by its content first and its name second."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from gazetteer.errors import GazetteerFileError
from gazetteer.sources.decoding import as_utf8
from gazetteer.sources.geonames import COLUMNS
from gazetteer.sources.gns import is_gns
from gazetteer.sources.json_stream import decode
from gazetteer.sources.lp_tsv import is_lp_tsv
from gazetteer.sources.text_guess import is_binary
from gazetteer.sources.unpack import GZIP, ZIP, InputFile, zip_members

Form = Literal[
    "geonames",
    "alternate names",
    "gns",
    "whosonfirst lines",
    "whosonfirst features",
    "whosonfirst archive",
    "linked places lines",
    "linked places",
    "lp-tsv",
    "geojson lines",
    "geojson",
    "kml",
    "kmz",
    "layers",
    "admin codes",
    "table",
]

_HEAD = 262_144
_GEONAMES_LINE = re.compile(rb"[0-9]{1,10}\t[^\t\n]*\t[^\t\n]*\t[^\t\n]*\t-?[0-9.]+\t-?[0-9.]+\t")
_ALTERNATE_LINE = re.compile(rb"[0-9]{1,10}\t[0-9]{1,10}\t[^\t\n]{0,10}\t[^\t\n]+\t[1]?\t[1]?\t")
_ADMIN_LINE = re.compile(rb"[A-Z]{2}(?:\.[^\t\n.]+){1,2}\t[^\t\n]+\t[^\t\n]*\t[0-9]+\r?")
_ZIPPED = (".txt", ".csv", ".tsv", ".json", ".geojson", ".ndjson", ".jsonl")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """A file's form, and where in the file it stands."""

    form: Form
    source: InputFile


def recognise(path: Path) -> Recognised:
    """The form of a file.

    Raises:
        GazetteerFileError: it cannot be read, or is none that is known; the message says what it
            seems to be and what to do.
    """
    source = InputFile(path)
    with path.open("rb") as file:
        start = file.read(512)
    if start[:4] in ZIP:
        return _in_zip(path)
    if start.startswith(b"SQLite format 3\0"):
        # The application's mark; GDAL would take other databases too, and what they refer to.
        if start[68:72] not in (b"GPKG", b"GP10", b"GP11"):
            raise GazetteerFileError(
                f"{path.name} is a SQLite database but no GeoPackage; export it as GeoPackage"
            )
        return Recognised(form="layers", source=source)
    if start.startswith(b"\x00\x00\x27\x0a"):
        return Recognised(form="layers", source=source)
    if _is_tar(path, start):
        return Recognised(form="whosonfirst archive", source=source)
    if start[:2] != GZIP:
        for magic, what in _REFUSED.items():
            if start.startswith(magic):
                raise GazetteerFileError(f"{path.name} is {what}")
    return _as_text(source)


def _as_text(source: InputFile) -> Recognised:
    text = as_utf8(source)
    form = form_of(source.name, source.inner_name, text.head(_HEAD))
    # XML says itself what it is written in, and is believed.
    return Recognised(form=form, source=source if form == "kml" else text)


_REFUSED = {
    b"%PDF": "a PDF; copy its table out into a CSV file",
    b"\xd0\xcf\x11\xe0": "an old Excel or Word file; save the sheet as CSV in UTF-8",
    b"\x28\xb5\x2f\xfd": "packed with zstd; unpack it first",
    b"7z\xbc\xaf": "a 7-zip archive; unpack it first",
    b"Rar!": "a RAR archive; unpack it first",
    b"PAR1": "Parquet; export it as CSV or GeoPackage",
    b"BZh": "packed with bzip2; unpack it first",
    b"\xfd7zXZ": "packed with xz; unpack it first",
    b"\xff\xfe\x00\x00": "UTF-32; save it as UTF-8",
    b"\x00\x00\xfe\xff": "UTF-32; save it as UTF-8",
    b"\x89PNG": "a picture, no gazetteer",
    b"\xff\xd8\xff": "a picture, no gazetteer",
    b"\x0a\x0d\x0aOSMHeader": "OpenStreetMap in PBF; export the places as GeoJSON",
}


def _is_tar(path: Path, start: bytes) -> bool:
    if start[257:262] == b"ustar":
        return True
    packed = start[:2] == GZIP or start.startswith((b"BZh", b"\xfd7zXZ"))
    # By the name: a look inside would unpack the first block of any file.
    return packed and bool(re.search(r"\.(tar\.\w+|tgz|tbz2?|txz)$", path.name.lower()))


def _in_zip(path: Path) -> Recognised:
    infos = zip_members(path)
    names = [info.filename for info in infos]
    lower = [name.lower() for name in names]
    if "[content_types].xml" in lower:
        raise GazetteerFileError(
            f"{path.name} is an Office file; save the sheet as CSV in UTF-8 and give that"
        )
    if any(name.endswith(".shp") for name in lower):
        return Recognised(form="layers", source=InputFile(path))
    if any(name.endswith(".kml") for name in lower):
        return Recognised(form="kmz", source=InputFile(path))
    tables = [
        info
        for info in infos
        if info.filename.lower().endswith(_ZIPPED)
        and not re.search(r"(?:readme|licen[sc]e|metadata)[^/]*$", info.filename.lower())
        and not info.filename.startswith("__MACOSX/")
    ]
    features = [info for info in tables if info.filename.lower().endswith((".geojson", ".json"))]
    if len(features) > 1 and len(features) * 2 > len(tables):
        return Recognised(form="whosonfirst archive", source=InputFile(path))
    if not tables:
        raise GazetteerFileError(
            f"{path.name} is a zip without a table, GeoJSON, KML or Shapefile in it "
            f"(it has: {', '.join(names[:5]) or 'nothing'}); name what holds the places"
        )
    main = max(tables, key=lambda info: info.file_size)
    # GeoNames puts a list of languages beside the alternate names; other tables are a question.
    others = [i for i in tables if i is not main and i.file_size * 20 > main.file_size]
    if others:
        raise GazetteerFileError(
            f"{path.name} has several tables in it ({main.filename}, {others[0].filename}); unpack "
            "it and give them one by one"
        )
    return _as_text(InputFile(path, main.filename))


def form_of(shown: str, name: str, head: bytes) -> Form:
    """The form of a text by its beginning in UTF-8.

    Raises:
        GazetteerFileError: it is no text, or no form that is known.
    """
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n\x1e")
    if not text:
        raise GazetteerFileError(f"{shown} is empty; fetch or export it again")
    if text[:1] == b"<":
        if re.search(rb"<(?:\w+:)?kml\b", text[:4096]):
            return "kml"
        if b"<!ENTITY" in text[:65_536] or b"<!DOCTYPE kml" in text[:4096]:
            raise GazetteerFileError(
                f"{shown} declares entities or a document type, which KML needs not and attacks "
                "use; not read"
            )
        kind = "a web page" if re.search(rb"<html|<!doctype html", text[:4096], re.I) else "XML"
        raise GazetteerFileError(
            f"{shown} is {kind}, no KML; the address or export gave something else than the data"
        )
    if text[:1] in (b"{", b"["):
        return _json_form(shown, text)
    if is_binary(text):
        raise GazetteerFileError(
            f"{shown} holds zero bytes and is no text; give a table of text, in UTF-8 if it is one"
        )
    return _table_form(name, text)


def _json_form(shown: str, text: bytes) -> Form:
    lines = text.split(b"\n")
    first: Any = None
    by_line = False
    if len(lines) > 1 or text.rstrip().endswith(b"}"):
        try:
            first = decode(lines[0])
            by_line = isinstance(first, dict) and "features" not in first
        except ValueError:
            by_line = False
    if len([line for line in lines if line.strip()]) == 1 and by_line:
        by_line = not (isinstance(first, dict) and first.get("type") == "Feature")
    sample = text[:65_536]
    checks: tuple[tuple[Callable[[bytes], object], tuple[Form, Form]], ...] = (
        (
            re.compile(rb'"wof:id"').search,
            ("whosonfirst lines", "whosonfirst features"),
        ),
        (
            re.compile(rb'"toponym"\s*:|linkedpasts|linked-places', re.I).search,
            ("linked places lines", "linked places"),
        ),
        (
            re.compile(rb'"type"\s*:\s*"Feature').search,
            ("geojson lines", "geojson"),
        ),
    )
    for found, (lined, whole) in checks:
        if found(sample):
            return lined if by_line else whole
    if re.search(rb'"(?:type)"\s*:\s*"(?:Topology)"', sample):
        raise GazetteerFileError(f"{shown} is TopoJSON; export it as GeoJSON")
    raise GazetteerFileError(
        f"{shown} is JSON, but no GeoJSON, Linked Places or Who's On First; export it as GeoJSON"
    )


def _table_form(name: str, text: bytes) -> Form:
    lines = [line for line in text.split(b"\n")[:50] if line.strip()]
    # The last may be cut off.
    whole = lines[:-1] if len(lines) > 1 else lines
    rows = [line.count(b"\t") + 1 for line in whole]

    def most(pattern: re.Pattern[bytes]) -> bool:
        return sum(bool(pattern.match(line)) for line in whole) * 2 > len(whole)

    if rows.count(COLUMNS) * 2 > len(rows) and most(_GEONAMES_LINE):
        return "geonames"
    if most(_ALTERNATE_LINE):
        return "alternate names"
    if all(_ADMIN_LINE.fullmatch(line) for line in whole) and "admin" in name.lower():
        return "admin codes"
    header = lines[0].decode("utf-8", "replace")
    if is_gns(header):
        return "gns"
    if is_lp_tsv(header):
        return "lp-tsv"
    return "table"
