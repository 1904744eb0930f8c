"""From the words of all texts to places: which phrases mean one place, and what is known of it.

A place is known by its proper name, by an analyst's alias, or by whose it is and on which border it
lies ("the Syrian army's base on the Iraqi border"). Everything decided here that the texts do not
say themselves is an assumption, and the report prints it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from gazetteer.areas import Area, find_area
from gazetteer.countries import country_codes_in, country_name
from gazetteer.errors import PositionError
from gazetteer.names import fold, skeleton
from gazetteer.place import KINDS, Candidate, Place
from gazetteer.position import looks_like_position, parse_position
from osint.case import Alias, Reading
from osint.claims import Entity
from osint.context import Context
from osint.document import Document
from osint.errors import CaseError
from osint.ground import NAMED_ELSEWHERE, SiteSpec
from osint.readings import (
    EXACT,
    TRANSLITERATED_DESCRIBED_SHARE,
    PlaceIndex,
    ReadingRow,
    border_line,
    chosen_rows,
    country_weights,
    label_of,
    plausible,
    point_of,
    weighed_rows,
    with_countries,
)
from osint.relation import origin_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A place of the case.

    Attributes:
        id: its key.
        name: what to call it.
        spec: what the solver starts from.
        rows: its readings in gazetteers, or the analyst's.
        names: every way the texts write it.
        border: codes of the border that its description puts it on.
        alias: the assertion that placed it, if an analyst did.
        why_nowhere: why nothing is known of where it is, or None.
        area: its ground, where it is a country, a part of one or another known area.
    """

    id: str
    name: str
    spec: SiteSpec
    rows: tuple[ReadingRow, ...] = ()
    names: tuple[str, ...] = ()
    border: tuple[str, ...] = ()
    alias: Alias | None = None
    why_nowhere: str | None = None
    area: Area | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """All places of a case and which entity means which."""

    sites: Mapping[str, Site]
    site_of: Mapping[tuple[str, str], str]
    assumptions: tuple[str, ...]

    def site(self, document: str, entity: Entity) -> Site:
        """The site that an entity of a document means."""
        return self.sites[self.site_of[document, entity.id]]


@dataclass(slots=True)
class _Group:
    """Entities of all documents that mean one place, while they are being gathered."""

    key: tuple[str, ...]
    members: list[tuple[Document, Entity]] = field(default_factory=list)


def resolve(
    documents: Sequence[Document],
    gazetteer: PlaceIndex,
    *,
    aliases: Sequence[Alias] = (),
    readings: Sequence[Reading] = (),
) -> Resolution:
    """Find out which entities mean one place and what the gazetteer knows of it.

    Args:
        documents: the article first, then other publishers' statements.
        gazetteer: where names are looked up.
        aliases: an analyst's assertions that a phrase means a place.
        readings: an analyst's priors for rival readings.

    Raises:
        CaseError: an alias or a reading names a place that the gazetteer does not have.
    """
    groups: dict[tuple[str, ...], _Group] = {}
    for number, document in enumerate(documents):
        for entity in document.extraction.entities:
            # An alias speaks of a phrase of the article, not of what others wrote.
            alias = _alias_for(document, entity, aliases) if number == 0 else None
            key = ("alias", alias.phrase) if alias else _key(document, entity, gazetteer)
            groups.setdefault(key, _Group(key)).members.append((document, entity))
    countries = country_weights([document.text for document in documents])
    said_kinds = _said_kinds(documents)
    context = Context(documents, gazetteer)
    article_origin = origin_key(documents[0].origin)
    by_phrase = {alias.phrase: alias for alias in aliases}
    sites: dict[str, Site] = {}
    site_of: dict[tuple[str, str], str] = {}
    assumptions: list[str] = []
    for number, key in enumerate(sorted(groups), start=1):
        group = groups[key]
        site_id = f"p{number}"
        if key[0] == "alias":
            site = _aliased(site_id, group, by_phrase[key[1]], gazetteer)
        elif key[0] == "name":
            site = _named(
                site_id, group, gazetteer, readings, countries, said_kinds, article_origin, context
            )
        elif key[0] == "border":
            site = _on_border(site_id, group, gazetteer)
            if len({document.key for document, _ in group.members}) > 1:
                assumptions.append(_same_by_description(site, group))
        elif key[0] == "area":
            site = _area(site_id, group, gazetteer)
        else:
            site = _unplaced(site_id, group)
        sites[site_id] = site
        for document, entity in group.members:
            site_of[document.key, entity.id] = site_id
    return Resolution(sites=sites, site_of=site_of, assumptions=tuple(assumptions))


def _alias_for(document: Document, entity: Entity, aliases: Sequence[Alias]) -> Alias | None:
    """The alias whose phrase is this entity's name or one of its mentions."""
    phrases = [entity.name, *(document.text[start:end] for start, end in entity.mentions)]
    spoken = [" ".join(p.casefold().split()) for p in phrases]
    for alias in aliases:
        wanted = re.escape(" ".join(alias.phrase.casefold().split()))
        # Whole words: an alias for "Mari" is none for Mariupol.
        if any(re.search(rf"(?<!\w){wanted}(?!\w)", phrase) for phrase in spoken):
            return alias
    return None


def _key(document: Document, entity: Entity, gazetteer: PlaceIndex) -> tuple[str, ...]:
    """What makes two entities one place."""
    if entity.role == "area":
        return ("area", fold(entity.name))
    if entity.proper and entity.role in {"site", "unknown"}:
        folded = fold(entity.proper)
        # Spellings meet by their consonants only where no gazetteer knows the spelling itself:
        # two known names that sound alike stay two places.
        known = bool(gazetteer.find(entity.proper, hows=EXACT))
        return ("name", folded if known or not skeleton(entity.proper) else skeleton(entity.proper))
    if entity.border and entity.owners and entity.role in {"site", "force"}:
        return ("border", *sorted(entity.border), "/", *_sides(entity.owners))
    return ("own", document.key, entity.id)


def _sides(owners: Sequence[str]) -> tuple[str, ...]:
    """Whose something is, by country where one is named: an army and its base are one side's."""
    codes = {code for owner in owners for code in country_codes_in(owner)}
    return tuple(sorted(codes or {owner.casefold() for owner in owners}))


def _said_kinds(documents: Sequence[Document]) -> dict[str, set[str]]:
    """Kinds that the texts themselves use of each proper name, by folded name."""
    kinds: dict[str, set[str]] = {}
    for document in documents:
        for entity in document.extraction.entities:
            if entity.proper and entity.kind:
                kinds.setdefault(fold(entity.proper), set()).add(entity.kind)
        for claim in document.extraction.claims:
            place = getattr(claim, "place", None)
            subject = getattr(claim, "subject", None)
            if place is not None and place.proper and subject is not None and subject.kind:
                kinds.setdefault(fold(place.proper), set()).add(subject.kind)
    return kinds


def _names(group: _Group) -> tuple[str, ...]:
    written = {
        " ".join(document.text[start:end].split())
        for document, entity in group.members
        for start, end in entity.mentions
    }
    return tuple(sorted(written))


def _aliased(site_id: str, group: _Group, alias: Alias, gazetteer: PlaceIndex) -> Site:
    """The place an analyst says a phrase means: a gazetteer name, or coordinates."""
    try:
        position = parse_position(alias.place)
    except PositionError as error:
        if looks_like_position(alias.place):
            raise CaseError(f"alias {alias.phrase!r}: {error}") from error
        candidates = list(gazetteer.find(alias.place, hows=EXACT))
        if not candidates:
            raise CaseError(
                f"alias {alias.phrase!r}: no gazetteer has {alias.place!r}; "
                "write its name as a gazetteer given here does, or its coordinates"
            ) from None
        best = max(c.score for c in candidates)
        rows = [
            ReadingRow(label=label_of(c.place), place=c.place, weight=1.0, how="alias")
            for c in candidates
            if c.score >= best
        ]
    else:
        place = Place(
            name=alias.place,
            names=(alias.place,),
            kind="unknown",
            position=position,
            extent_m=KINDS["unknown"].extent_m,
            country=None,
            valid=None,
            source=f"analyst: {alias.by}",
            source_id=alias.place,
            origin=alias.by,
        )
        rows = [ReadingRow(label=alias.place, place=place, weight=1.0, how="alias")]
    rows = [replace(row, weight=1.0 / len(rows)) for row in rows]
    # An alias stands for one point of the map that the analyst chose, not for a settlement.
    points = tuple(point_of(row, extent_m=0.0) for row in rows)
    return Site(
        id=site_id,
        name=_description(group),
        spec=SiteSpec(id=site_id, points=points),
        rows=tuple(rows),
        names=_names(group),
        alias=alias,
    )


def _named(
    site_id: str,
    group: _Group,
    gazetteer: PlaceIndex,
    readings: Sequence[Reading],
    countries: Mapping[str, float],
    said_kinds: Mapping[str, set[str]],
    article_origin: str,
    context: Context,
) -> Site:
    """A place with a proper name: its rows in the gazetteers, weighed."""
    # The first text is the article: what its claims call the place is what the report calls it.
    spellings = [e.proper for _, e in group.members if e.proper]
    name = spellings[0]
    found: dict[tuple[str, str | None, float, float], Candidate] = {}
    for spelling in dict.fromkeys(spellings):
        for candidate in gazetteer.find(spelling):
            place = candidate.place
            key = (place.source, place.source_id, place.position.lon, place.position.lat)
            if key not in found or candidate.score > found[key].score:
                found[key] = candidate
    # Coordinates that the article's own publisher supplied are its word, not evidence for it.
    others = [c for c in found.values() if origin_key(c.place.origin) != article_origin]
    candidates = plausible(others, countries)
    exact = any(c.how == "exact" for c in candidates)
    chosen = [r for r in readings if fold(r.name) == fold(name)]
    if chosen:
        rows = chosen_rows(name, chosen, candidates, gazetteer)
    else:
        kinds = set().union(*(said_kinds.get(fold(s), set()) for s in spellings))
        rows = weighed_rows(
            with_countries(candidates, gazetteer.borders),
            countries,
            kinds,
            context.factors(list(dict.fromkeys(spellings))),
        )
    described = 0.0 if chosen or exact else (TRANSLITERATED_DESCRIBED_SHARE if rows else 1.0)
    points = tuple(point_of(row, extent_m=row.place.extent_m) for row in rows)
    left_out = max(1.0 - sum(row.weight for row in rows), 0.0) if rows else 0.0
    return Site(
        id=site_id,
        name=name,
        spec=SiteSpec(
            id=site_id,
            points=points,
            elsewhere=NAMED_ELSEWHERE + (1 - NAMED_ELSEWHERE) * left_out,
            described_share=described,
            label="in no gazetteer; as described",
        ),
        rows=tuple(rows),
        names=_names(group),
        why_nowhere=None if rows else f"no gazetteer given here knows {name!r}",
    )


def _on_border(site_id: str, group: _Group, gazetteer: PlaceIndex) -> Site:
    """A place known only as somebody's on a border."""
    codes = max((entity.border for _, entity in group.members), key=lambda c: (len(c), c))
    line = border_line(gazetteer.borders, codes)
    names = " and ".join(country_name(code) for code in codes)
    label = f"anywhere on the border of {names} that the statements allow"
    why = None
    if line is None:
        why = (
            f"no border line of {names} is known; give one with --gazetteer FILE.geojson "
            "(country polygons, or a line with the property between)"
        )
    return Site(
        id=site_id,
        name=_description(group),
        spec=SiteSpec(id=site_id, border=line, described_share=1.0, label=label),
        names=_names(group),
        border=codes,
        why_nowhere=why,
    )


def _area(site_id: str, group: _Group, gazetteer: PlaceIndex) -> Site:
    """A country, a part of one or another area: ground to lie in, not a place to measure from."""
    name = _description(group)
    area = find_area(name, gazetteer.borders)
    why = None
    if area is None:
        why = f"no outline of {name!r} is known; give one with --gazetteer FILE.geojson"
    return Site(
        id=site_id,
        name=name,
        spec=SiteSpec(id=site_id, described_share=1.0),
        names=_names(group),
        why_nowhere=why,
        area=area,
    )


def _unplaced(site_id: str, group: _Group) -> Site:
    entity = group.members[0][1]
    if entity.role == "force":
        why = f"{entity.name!r} moves, and no place is named for it"
    elif entity.role == "person":
        why = f"{entity.name!r} is a person, not a place"
    else:
        why = f"no name, alias or border says where {entity.name!r} is"
    return Site(
        id=site_id,
        name=_description(group),
        spec=SiteSpec(id=site_id, described_share=1.0),
        names=_names(group),
        why_nowhere=why,
    )


def _description(group: _Group) -> str:
    """The fullest name of a site in the group's first text, else of anything in it."""
    first = [entity for document, entity in group.members if document is group.members[0][0]]
    return max((e for e in first), key=lambda e: (e.role == "site", len(e.name))).name


def _same_by_description(site: Site, group: _Group) -> str:
    sources = sorted({document.source for document, _ in group.members})
    names = sorted({entity.name for _, entity in group.members})
    border = " and ".join(country_name(code) for code in site.border)
    return (
        f"{', '.join(repr(n) for n in names)} ({', '.join(sources)}) are taken to be one place, "
        f"because each is the same side's on the border of {border}."
    )
