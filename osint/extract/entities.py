"""An entity in the making: what was said of one thing, and whether two can be one.

The reader of references (``reference.py``) and the merging of claims (``merge.py``) both unite
drafts; ``entity_of`` finishes one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from osint.claims import Entity, EntityRole, Span
from osint.extract.actors import Owner, country_of

_MILITARY = frozenset({"base", "outpost", "garrison"})
# Kinds so wide that only the same noun can mean the same thing.
_BROAD = frozenset({"site", "region", "zone", None})


@dataclass(slots=True, eq=False)
class Draft:
    """An entity in the making; ``root`` follows unions."""

    order: int
    role: EntityRole
    kind: str | None
    proper: str | None
    head: str
    owners: dict[str, Owner]
    ordinal: int | None
    area: str | None
    border: tuple[str, ...]
    names: list[str] = field(default_factory=list)
    mentions: list[Span] = field(default_factory=list)
    parent: Draft | None = None
    sentence: int = 0
    plural: bool = False

    def root(self) -> Draft:
        """The draft that this one was united with, or itself."""
        draft = self
        while draft.parent is not None:
            draft = draft.parent
        return draft


_folded: dict[str, str] = {}
_MOST_FOLDED = 1 << 17


def fold_names(names: Iterable[str]) -> None:
    """Fold many names at once, for ``fold_name`` to find: far faster than one by one."""
    from gazetteer.names import fold_many

    if len(_folded) > _MOST_FOLDED:
        _folded.clear()
    new = [name for name in dict.fromkeys(names) if name not in _folded]
    for name, folded in zip(new, fold_many(new), strict=True):
        _folded[name] = folded or name.casefold()


def fold_name(name: str) -> str:
    """The gazetteer's folding, so that two spellings of one name meet here as they do there."""
    if name not in _folded:
        fold_names([name])
    return _folded[name]


def kinds_agree(one: str | None, other: str | None) -> bool:
    """Base, outpost and garrison are used for one another; otherwise kinds have to be equal."""
    if one is None or other is None or one == other:
        return True
    return one in _MILITARY and other in _MILITARY


def compatible(one: Draft, other: Draft) -> bool:
    """Whether nothing that was said of the two keeps them from being one thing."""
    one, other = one.root(), other.root()
    if one is other:
        return True
    movers = {"force", "person"}
    if (one.role in movers or other.role in movers) and one.role != other.role:
        return False
    if not kinds_agree(one.kind, other.kind) or (
        (one.kind == other.kind and one.kind in _BROAD) and one.head != other.head
    ):
        return False
    if one.plural != other.plural and not (one.proper or other.proper):
        return False
    if one.proper and other.proper and fold_name(one.proper) != fold_name(other.proper):
        return False
    if one.owners and other.owners and not one.owners.keys() & other.owners.keys():
        return False
    if 0 in {one.ordinal, other.ordinal}:
        # "another base"
        return False
    if one.ordinal and other.ordinal and one.ordinal != other.ordinal:
        return False
    if one.border and other.border and not set(one.border) & set(other.border):
        return False
    return not (one.area and other.area and one.area.casefold() != other.area.casefold())


def agree(one: Draft, other: Draft) -> bool:
    """Whether two that the words say are one can be: only names and roles could forbid it."""
    one, other = one.root(), other.root()
    if one.proper and other.proper and fold_name(one.proper) != fold_name(other.proper):
        return False
    people, places = {"person", "force"}, {"site", "area"}
    return not ({one.role, other.role} & people and {one.role, other.role} & places)


def unite(one: Draft, other: Draft) -> Draft:
    """Make the two one; what was said first comes first."""
    one, other = one.root(), other.root()
    if one is other:
        return one
    if other.order < one.order:
        one, other = other, one
    other.parent = one
    one.proper = one.proper or other.proper
    one.kind = one.kind or other.kind
    one.head = one.head or other.head
    if one.role == "unknown":
        one.role = other.role
    one.owners = {**one.owners, **other.owners}
    one.ordinal = one.ordinal or other.ordinal
    one.area = one.area or other.area
    if len(other.border) > len(one.border):
        one.border = other.border
    one.names.extend(other.names)
    one.mentions.extend(other.mentions)
    one.sentence = max(one.sentence, other.sentence)
    return one


def entity_of(draft: Draft, identifier: str, *, still: bool) -> Entity:
    """The finished entity.

    Args:
        draft: a root.
        identifier: its id.
        still: whether it served as a fixed point, so that an unknown thing with a name is a site.
    """
    name = draft.proper
    if name is None:
        name = max(draft.names, key=lambda words: len(words.split(" ")))
    role: EntityRole = draft.role
    if role == "unknown" and still and draft.proper is not None:
        role = "site"
    owners = tuple(_label(owner, draft) for owner in draft.owners.values())
    return Entity(
        id=identifier, name=name, role=role, proper=draft.proper, kind=draft.kind, owners=owners,
        border=tuple(sorted(draft.border)), area=draft.area,
        mentions=tuple(sorted(set(draft.mentions))),
    )  # fmt: skip


def _label(owner: Owner, draft: Draft) -> str:
    """As in "Syrian army" where the words say so, else the owner's own label."""
    if owner.country is None or draft.role != "site":
        return owner.label
    for name in draft.names:
        words = name.split(" ")
        for one, two in pairwise(words):
            if two.lower() == "army" and country_of(one) == owner.country:
                return f"{one} army"
    return owner.label
