"""A case folder: ``case.toml`` and what it points to.

The file is a person's, so every mistake is answered with the key, its line and the remedy.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from gazetteer.files import UnreadableFileError, read_regular
from osint.article.read import is_address
from osint.claims import DateInterval
from osint.errors import CaseError
from osint.extract.dates import parse_published

CASE_FILE = "case.toml"
_MAX_BYTES = 1_000_000

Text = Annotated[str, Field(max_length=2_000, pattern=r"\S")]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class Alias(_Table):
    """An analyst's assertion that a phrase of the text means a place; the report prints it."""

    phrase: Text
    place: Text
    by: Text
    why: Text


class Reading(_Table):
    """Which gazetteer row a name means, or with what prior weight.

    ``place`` and ``source`` pick the row by its name and source; one reading without weight fixes
    the name, several with weights set its prior.
    """

    name: Text
    place: Text
    source: Text | None = None
    weight: Annotated[float, Field(gt=0, le=1)] = 1.0
    by: Text | None = None
    why: Text | None = None


class Note(_Table):
    """A remark that the report repeats."""

    text: Text
    by: Text | None = None


class PhotoEntry(_Table):
    """Which photo file a caption belongs to."""

    file: Text
    caption: Text


_Turn = Annotated[float, Field(ge=-360, le=720)]


class ShadowEntry(_Table):
    """A shadow that an analyst measured in a photo, see ``checks.shadow_table.ShadowTable``.

    Shadows of photos with the same ``scene`` are solved together; how far apart in time the photos
    were taken is told by their own clocks.
    """

    photo: Text
    by: Text
    scene: Text | None = None
    object_m: Annotated[float, Field(gt=0)] | None = None
    shadow_m: Annotated[float, Field(ge=0)] | None = None
    ratio: Annotated[float, Field(ge=0, le=60)] | None = None
    ratio_uncertainty: Annotated[float, Field(gt=0)] | None = None
    azimuth_deg: _Turn | None = None
    direction_deg: _Turn | None = None
    direction_uncertainty_deg: Annotated[float, Field(ge=0.1, le=180)] | None = None
    heading_deg: _Turn | None = None
    heading_reference: Literal["true", "magnetic"] | None = None


class ChipEntry(_Table):
    """A local georeferenced raster and the day it was acquired, if known."""

    file: Text
    acquired: Text | None = None
    source: Text | None = None

    @field_validator("acquired")
    @classmethod
    def _acquired(cls, value: str | None) -> str | None:
        if value is not None:
            parse_published(value)
        return value


class _CaseFile(_Table):
    title: Text | None = None
    source: Text | None = None
    published: Text | None = None
    article: Text = "article.txt"
    photos: Text | None = None
    statements: Text | None = None
    gazetteers: list[Text] = Field(default_factory=list)
    alias: list[Alias] = Field(default_factory=list)
    reading: list[Reading] = Field(default_factory=list)
    note: list[Note] = Field(default_factory=list)
    photo: list[PhotoEntry] = Field(default_factory=list)
    imagery: list[ChipEntry] = Field(default_factory=list)
    shadow: list[ShadowEntry] = Field(default_factory=list)
    trust_list: Text | None = None

    @field_validator("published")
    @classmethod
    def _published(cls, value: str | None) -> str | None:
        if value is not None:
            parse_published(value)
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class TileWish:
    """That imagery is looked for on tile servers.

    ``catalogue`` is a person's own list of servers; None takes the shipped ones that allow it.
    ``hurried`` gives up after a few seconds.
    """

    catalogue: Path | None = None
    hurried: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenWish:
    """That photos are looked up among those of earlier cases, and kept for later ones.

    Attributes:
        case: what to call this case there; its own pictures are no earlier sighting.
        folder: of the archive; None for the user's own (``imagery.photo.seen``).
    """

    case: str
    folder: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is to be checked, with every path resolved.

    ``article`` is a file, the address of a page or "-" for standard input. ``evidence`` is the
    folder of the archive (``imagery.archive``) that whatever is fetched goes into; None: nothing is
    kept. ``allow_private`` lets pages and tiles come from private addresses. ``tiles`` asks for
    imagery from tile servers; None asks nobody. ``seen`` looks the photos up in an archive; None
    neither asks nor adds. ``trust_list`` is a PEM file of those whose content credentials are
    trusted.
    """

    article: Path | str
    title: str | None = None
    source: str | None = None
    published: DateInterval | None = None
    photos: Path | None = None
    statements: Path | None = None
    gazetteers: tuple[Path, ...] = ()
    aliases: tuple[Alias, ...] = ()
    readings: tuple[Reading, ...] = ()
    notes: tuple[Note, ...] = ()
    photo_captions: tuple[PhotoEntry, ...] = ()
    rasters: tuple[tuple[Path, ChipEntry], ...] = ()
    evidence: Path | None = None
    allow_private: bool = False
    tiles: TileWish | None = None
    shadows: tuple[ShadowEntry, ...] = ()
    trust_list: Path | None = None
    seen: SeenWish | None = None


def read_case(folder: Path) -> Case:
    """Read ``case.toml`` in ``folder``.

    Raises:
        CaseError: no such file, not TOML, a wrong key or value (key and line named), or a path
            that leads out of the folder.
    """
    path = folder / CASE_FILE
    try:
        text = read_regular(path, limit=_MAX_BYTES).decode("utf-8-sig")
        parsed = tomllib.loads(text)
    except UnreadableFileError as problem:
        raise CaseError(f"{path} {problem}; a case folder needs a {CASE_FILE}") from problem
    except UnicodeDecodeError as error:
        raise CaseError(f"{path} is not UTF-8 (byte {error.start}); save it as UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise CaseError(f"{path}: not TOML: {error}") from error
    # TOML has dates of its own; a person may write them without quotes.
    _dates_as_text(parsed, "published")
    chips = parsed.get("imagery")
    for table in chips if isinstance(chips, list) else ():
        if isinstance(table, dict):
            _dates_as_text(table, "acquired")
    try:
        file = _CaseFile.model_validate(parsed)
    except ValidationError as error:
        raise CaseError(_explain(path, text, error)) from error
    return Case(
        title=file.title,
        source=file.source,
        published=parse_published(file.published) if file.published else None,
        article=(
            file.article if is_address(file.article) else _within(folder, "article", file.article)
        ),
        photos=_within(folder, "photos", file.photos) if file.photos else None,
        statements=_within(folder, "statements", file.statements) if file.statements else None,
        gazetteers=tuple(_within(folder, "gazetteers", name) for name in file.gazetteers),
        aliases=tuple(file.alias),
        readings=tuple(file.reading),
        notes=tuple(file.note),
        photo_captions=tuple(file.photo),
        rasters=tuple((_within(folder, "imagery", entry.file), entry) for entry in file.imagery),
        shadows=tuple(file.shadow),
        trust_list=_within(folder, "trust_list", file.trust_list) if file.trust_list else None,
    )


def _dates_as_text(table: dict[str, Any], key: str) -> None:
    """A TOML date under ``key`` as the text it would be between quotes."""
    if isinstance(table.get(key), date):
        table[key] = table[key].isoformat()[:10]


def _within(folder: Path, key: str, name: str) -> Path:
    """A path named in the file; it must stay inside the case folder."""
    path = folder / name
    where = f"{folder / CASE_FILE}: {key} = {name[:80]!r}"
    try:
        inside = path.resolve().is_relative_to(folder.resolve())
        # Asked here, so that a name no file system takes is answered here.
        path.exists()
    except (OSError, ValueError, RuntimeError) as error:
        raise CaseError(f"{where} cannot be a path; correct the name") from error
    if not inside:
        raise CaseError(f"{where} leads out of the case folder; copy the file into it")
    return path


_KIND_OF_ERROR: dict[str, Literal["unknown", "missing"]] = {
    "extra_forbidden": "unknown",
    "missing": "missing",
}


def _explain(path: Path, text: str, error: ValidationError) -> str:
    """The first mistake, in one line: file, line, key, what is wrong, what is allowed."""
    # A misspelt key also leaves the right one missing: the misspelling is the mistake.
    mistakes = error.errors()
    first = next((m for m in mistakes if m["type"] == "extra_forbidden"), mistakes[0])
    keys = [str(part) for part in first["loc"]]
    name = next((k for k in reversed(keys) if not k.isdigit()), "?")
    table: type[BaseModel] = _CaseFile
    for key in keys[:-1]:
        sections: dict[str, type[BaseModel]] = {
            "alias": Alias,
            "reading": Reading,
            "note": Note,
            "photo": PhotoEntry,
            "imagery": ChipEntry,
            "shadow": ShadowEntry,
        }
        table = sections.get(key, table)
    index = next((int(k) for k in keys if k.isdigit()), 0)
    section = keys[0] if len(keys) > 1 and not keys[0].isdigit() else None
    line = _line_of(text, name, section, index)
    where = f"{path}, line {line}" if line else f"{path}"
    allowed = ", ".join(table.model_fields)
    kind = _KIND_OF_ERROR.get(first["type"])
    dotted = ".".join(keys)
    if kind == "unknown":
        return f"{where}: unknown key {dotted!r}; allowed here: {allowed}"
    if kind == "missing":
        return f"{where}: {dotted!r} is missing"
    shown = str(first.get("input"))[:60]
    if name in {"published", "acquired"}:
        return f"{where}: {dotted} = {shown!r} is no date; write 2017-06-13, 2017-06 or 2017"
    return f"{where}: {dotted} = {shown!r}: {first['msg']}"


def _line_of(text: str, key: str, section: str | None, index: int) -> int | None:
    """The line on which ``key`` stands, in the index-th table of its section if it has one."""
    lines = text.split("\n")
    start = 0
    if section is not None:
        heads = [
            i for i, s in enumerate(lines) if re.match(rf"\s*\[\[\s*{re.escape(section)}\b", s)
        ]
        if index < len(heads):
            start = heads[index]
    pattern = re.compile(rf"""\s*["']?{re.escape(key)}["']?\s*=""")
    for number in range(start, len(lines)):
        if pattern.match(lines[number]):
            return number + 1
    return start + 1 if section is not None and start else None
