"""Places at hand, found by the keys of their names."""

from __future__ import annotations

from collections.abc import Iterable

from gazetteer.names import keys_many, split_generic
from gazetteer.place import Place
from gazetteer.sources.codes import is_code
from gazetteer.sources.match import Match


class KeyedPlaces:
    """Places found by key, in their order.

    Attributes:
        places: all of them.

    Args:
        places: the places.
        cores: whether a name is found without its generic words too.
    """

    def __init__(self, places: Iterable[Place], *, cores: bool) -> None:
        self.places = tuple(places)
        self._by_fold: dict[str, list[Match]] = {}
        self._by_core: dict[str, list[Match]] = {}
        self._by_skeleton: dict[str, list[Match]] = {}
        for place in self.places:
            folds, skeletons = keys_many(place.names)
            for name, key, bones in zip(place.names, folds, skeletons, strict=True):
                match = Match(place=place, name=name)
                self._by_fold.setdefault(key, []).append(match)
                if bones and not is_code(name, main=place.name, kind=place.kind):
                    self._by_skeleton.setdefault(bones, []).append(match)
                if cores:
                    core, generics = split_generic(name)
                    if generics and core != key:
                        stripped = Match(place=place, name=name, generics=generics)
                        self._by_core.setdefault(core, []).append(stripped)

    def __len__(self) -> int:
        return len(self.places)

    def lookup(self, *, fold_key: str = "", skeleton_key: str = "") -> tuple[Match, ...]:
        """Matches of either key; those that needed a generic dropped carry it."""
        found: list[Match] = []
        if fold_key:
            found += self._by_fold.get(fold_key, ())
            found += self._by_core.get(fold_key, ())
        if skeleton_key:
            found += self._by_skeleton.get(skeleton_key, ())
        return tuple(found)
