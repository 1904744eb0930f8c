"""A file, folder or address as a reader of rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from gazetteer.errors import GazetteerFileError
from gazetteer.record import Reader
from gazetteer.sources.feature_files import (
    ArchiveItems,
    FeatureItems,
    FolderItems,
    LineItems,
)
from gazetteer.sources.recognise import Recognised, recognise
from gazetteer.sources.review import ReviewedReader
from gazetteer.sources.unpack import InputFile

WORLD = "world"
"""What stands for the built-in world cities instead of a file."""

_NAMES_BESIDE = ("alternateNamesV2.zip", "alternateNamesV2.txt", "alternateNamesV2.txt.gz")


def open_reader(
    source: str | Path,
    *,
    beside: Sequence[str | Path] = (),
    layer: str | None = None,
    allow_private: bool = False,
    cache_dir: Path | None = None,
) -> Reader:
    """The reader for a source, its rows looked through (see ``review``).

    Args:
        source: a file, a folder of GeoJSON features, an http(s) address, or "world".
        beside: further files that belong to it: GeoNames' ``alternateNamesV2``, which is also found
            by itself in the dump's folder.
        layer: of a GeoPackage, if not all.
        allow_private: whether an address may lie in a private network.
        cache_dir: where files from addresses are kept; see ``store.cache_folder``.

    Raises:
        GazetteerFileError: it cannot be read or is none that is known; the message says what it
            seems to be and what to do.
        OnlineError: the address cannot be fetched.
    """
    if str(source) == WORLD and not Path(source).exists():
        from gazetteer.sources.world import WorldReader

        return ReviewedReader(WorldReader())
    path = _fetched(source, allow_private=allow_private, cache_dir=cache_dir)
    others = [_fetched(one, allow_private=allow_private, cache_dir=cache_dir) for one in beside]
    if path.is_dir():
        return ReviewedReader(_folder(path))
    found = recognise(path)
    if found.form == "geonames":
        from gazetteer.sources.geonames import GeoNamesReader

        return ReviewedReader(GeoNamesReader(found.source, _names_of(path, others)))
    if others:
        raise GazetteerFileError(
            f"{others[0].name} is given beside {path.name}, which is no GeoNames dump; give both "
            "as sources of their own"
        )
    return ReviewedReader(_reader(found, layer))


def _reader(found: Recognised, layer: str | None) -> Reader:
    source, form = found.source, found.form
    if form == "gns":
        from gazetteer.sources.gns import GnsReader

        return GnsReader(source)
    if form.startswith("whosonfirst"):
        from gazetteer.sources.whosonfirst import WhosOnFirstReader

        if form == "whosonfirst archive":
            return WhosOnFirstReader(ArchiveItems(source.path))
        lines = form == "whosonfirst lines"
        return WhosOnFirstReader(LineItems(source) if lines else FeatureItems(source))
    if form.startswith("linked places"):
        from gazetteer.sources.linked_places import LinkedPlacesReader

        lines = form == "linked places lines"
        return LinkedPlacesReader(LineItems(source) if lines else FeatureItems(source))
    if form == "lp-tsv":
        from gazetteer.sources.lp_tsv import LpTsvReader

        return LpTsvReader(source)
    if form.startswith("geojson"):
        from gazetteer.sources.vector import GeoJsonReader

        return GeoJsonReader(LineItems(source) if form == "geojson lines" else FeatureItems(source))
    if form == "kml":
        from gazetteer.sources.kml import KmlReader

        return KmlReader(source)
    if form == "kmz":
        from gazetteer.sources.kmz import kmz_reader

        return kmz_reader(source.path)
    if form == "layers":
        from gazetteer.sources.vector import LayerReader

        return LayerReader(source.path, layer)
    if form == "alternate names":
        raise GazetteerFileError(
            f"{source.name} holds GeoNames' alternate names only, without positions; give the dump "
            "(allCountries.zip, SY.zip) and this file beside it"
        )
    if form == "admin codes":
        raise GazetteerFileError(
            f"{source.name} holds GeoNames' area codes only, without positions; the dump has the "
            "areas themselves"
        )
    from gazetteer.sources.delimited import DelimitedReader

    return DelimitedReader(source)


def _folder(path: Path) -> Reader:
    from gazetteer.sources.whosonfirst import WhosOnFirstReader

    items = FolderItems(path)
    # Says so at once where nothing in the folder could be read.
    next(items.objects())
    return WhosOnFirstReader(items)


def _names_of(path: Path, others: list[Path]) -> InputFile | None:
    if not others:
        kept = (path.parent / name for name in _NAMES_BESIDE)
        others = [one for one in kept if one.is_file()][:1]
    if not others:
        return None
    if len(others) > 1:
        raise GazetteerFileError(
            f"{others[1].name}: one file of alternate names goes with a dump; give the one"
        )
    found = recognise(others[0])
    if found.form != "alternate names":
        raise GazetteerFileError(
            f"{others[0].name} is no alternateNamesV2 ({found.form}); only that goes beside a dump"
        )
    return found.source


def _fetched(source: str | Path, *, allow_private: bool, cache_dir: Path | None) -> Path:
    text = str(source)
    if isinstance(source, Path) or not re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", text):
        return Path(source)
    from gazetteer.sources.online.download import download

    return download(text, allow_private=allow_private, cache_dir=cache_dir)
