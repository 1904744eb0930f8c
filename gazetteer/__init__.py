"""Where is it? Names and notations to positions, each with its uncertainty and its source.

Reading order::

    errors      every error, as a tree
    files       a file that a user names, read whole
    printable   text that leaves rows and terminals intact
    position    a point; reading and writing it
    notations/  one file per way in which people write one, links of map services included
    compass     compass words and their sectors
    geodesy     distances, bearings, rings and lines on the ellipsoid
    pairwise    the same for whole matrices, a little less exact
    countries   codes, names, demonyms; ``abbreviations`` of states and provinces
    generics    words that say what kind of feature a name means
    fold        the key under which spellings in one script meet
    skeleton    the key under which scripts and transliterations meet; ``readings``, other ones
    names       both keys and the parts of a name
    place       a place as one source gives it; a candidate for a name
    record      a row of a file before it is in the database
    sources/    one file per source of places or outlines; ``online``, those that are asked
    kinds_of_features  what sources call a feature, as a kind of ours
    database/   the gazetteer on disk: one GeoPackage and its name index
    export/     the same given out again, and read back; ``overview``, what is in it
    cities      the file of world cities, read fast
    store       the quick index of world cities, for who has no gazetteer on disk
    borders     which country, where two meet, how far from there; ``areas``, parts of countries
    rank        how well a place fits a name; ``phrases``, which part of a caption names it
    loosely     names by keys not their own: skeletons, misspellings
    search      a name to ranked candidates; ``in_context``, with what was said beside it
    opening     which of all these answer where a user names none
    nearest     the known places nearest to a position
    described/  "70 km northeast of Tanf" to the ground it allows
    mistakes/   what went wrong when a point was written down

This package knows nothing of pictures or claims. The names below are loaded when first used, so
that importing it costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gazetteer.borders import BorderLine, Borders
    from gazetteer.errors import (
        BorderError,
        GazetteerError,
        GazetteerFileError,
        GeodesyError,
        PositionError,
        WorldIndexError,
    )
    from gazetteer.place import KINDS, Candidate, Kind, Place
    from gazetteer.position import Position, format_position, parse_position
    from gazetteer.search import Gazetteer

__all__ = [
    "KINDS",
    "BorderError",
    "BorderLine",
    "Borders",
    "Candidate",
    "Gazetteer",
    "GazetteerError",
    "GazetteerFileError",
    "GeodesyError",
    "Kind",
    "Place",
    "Position",
    "PositionError",
    "WorldIndexError",
    "format_position",
    "parse_position",
]

_HOME = {
    "borders": ("BorderLine", "Borders"),
    "errors": (
        "BorderError",
        "GazetteerError",
        "GazetteerFileError",
        "GeodesyError",
        "PositionError",
        "WorldIndexError",
    ),
    "place": ("KINDS", "Candidate", "Kind", "Place"),
    "position": ("Position", "format_position", "parse_position"),
    "search": ("Gazetteer",),
}


def __getattr__(name: str) -> object:
    for module, names in _HOME.items():
        if name in names:
            return getattr(import_module(f"gazetteer.{module}"), name)
    raise AttributeError(f"module 'gazetteer' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
