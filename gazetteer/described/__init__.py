"""A locality description to the ground it allows: "70 km northeast of Tanf", "outskirts of Soussa".

Reading order::

    tree        what a description can say, as dataclasses
    quantity    distances as people write them
    words       the words that relate one place to another
    clean       a text as it was typed to the one spelling that is read
    rules_*     one way of saying it each: offsets, lines, what lies around
    parse       text to tree
    precision   how exact a stated distance, direction or coordinate is; the published conventions
    shapes      pieces of ground that say how much of a cell lies in them
    anchors     what the parts of a description stand on: readings of names, areas, borders, lines
    regions     tree to regions, one for each reading of its names
    offsets     distances and directions from a place
    lines       between, along, on a border
    refusals    what looks like a description and cannot be meant
    lookup      text to candidates like those of any other name

English only. Nothing is looked up here: names, borders and roads come from what the caller passes.
The names below are loaded when first used::

    from gazetteer import Gazetteer
    from gazetteer.described import described

    world = Gazetteer.open()
    found = described("between Homs and Hama", world.find, world.borders)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gazetteer.described.anchors import Region
    from gazetteer.described.lookup import DescribedPlace, described, missing_names
    from gazetteer.described.precision import CONVENTIONS, Convention

__all__ = [
    "CONVENTIONS",
    "Convention",
    "DescribedPlace",
    "Region",
    "described",
    "missing_names",
]

_HOME = {
    "anchors": ("Region",),
    "lookup": ("DescribedPlace", "described", "missing_names"),
    "precision": ("CONVENTIONS", "Convention"),
}


def __getattr__(name: str) -> object:
    for module, names in _HOME.items():
        if name in names:
            return getattr(import_module(f"gazetteer.described.{module}"), name)
    raise AttributeError(f"module 'gazetteer.described' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
