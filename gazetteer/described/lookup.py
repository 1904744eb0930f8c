"""A description as a name is looked up: text to candidates, best first."""

from __future__ import annotations

from dataclasses import dataclass

from gazetteer.described.anchors import BorderLines, Find, Ground, Lines, Region
from gazetteer.described.parse import MAX_TEXT, parse
from gazetteer.described.precision import DEFAULT, Convention
from gazetteer.described.regions import regions_of
from gazetteer.described.tree import Description, In, Unnamed, is_plain, names_in
from gazetteer.place import Candidate, Place, kind_of_words

FROM_DESCRIPTION = 0.95
"""Best score of a described place: one that is named as asked for comes first."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DescribedPlace:
    """A described place as an answer to a name.

    Attributes:
        candidate: as for any other name; ``how`` is "described", the position that of the point of
            reference, its uncertainty the radius, the note the reasons.
        region: the ground itself, and the radius under every convention.
        description: what the text was read as.
    """

    candidate: Candidate
    region: Region
    description: Description


def described(
    text: str,
    find: Find,
    borders: BorderLines | None = None,
    lines: Lines | None = None,
    *,
    convention: Convention = DEFAULT,
    country: str | None = None,
) -> tuple[DescribedPlace, ...]:
    """The places a description can mean, best first; empty for a plain name or an unknown one.

    Args:
        text: "70 km northeast of Tanf", "outskirts of Al Soussa", "northern Syria".
        find: a name to its candidates, such as ``Gazetteer.find``.
        borders: outlines and border lines, such as ``Gazetteer.borders``.
        lines: roads and rivers by name, if any are at hand.
        convention: how exact a stated distance is, see ``precision``.
        country: ISO 3166-1 alpha-2 code to stay within; a place of unknown country stays.

    Raises:
        GazetteerError: there is no such convention.
    """
    ground = Ground(find=find, borders=borders, lines=lines, convention=convention)
    if not text.strip() or len(text) > MAX_TEXT:
        return ()
    description = parse(text)
    if is_plain(description):
        return ()
    found = [_place(text, description, region) for region in regions_of(description, ground)]
    if country:
        wanted = country.upper()
        found = [one for one in found if one.candidate.place.country in (None, wanted)]
    return tuple(found)


def missing_names(text: str, find: Find) -> tuple[str, ...]:
    """Names in a description that have no candidate: why nothing came of it."""
    if not text.strip() or len(text) > MAX_TEXT:
        return ()
    return tuple(name for name in names_in(parse(text)) if not find(name))


def _place(text: str, description: Description, region: Region) -> DescribedPlace:
    countries = {place.country for place in region.places}
    kind = _kind(description)
    origins = dict.fromkeys(place.origin for place in region.places)
    sources = dict.fromkeys(place.source for place in region.places)
    place = Place(
        name=text.strip(),
        names=(text.strip(),),
        kind=kind or "unknown",
        position=region.position,
        extent_m=max(region.radius_m, 1.0),
        country=countries.pop() if len(countries) == 1 else None,
        valid=None,
        source="described by " + ("; ".join(sources) or "borders"),
        source_id=" + ".join(place.source_id for place in region.places) or text.strip(),
        origin="; ".join(origins) or "borders",
        note="; ".join(region.reasons),
        kind_inferred=kind is not None,
    )
    return DescribedPlace(
        candidate=Candidate(
            place=place,
            matched_name=text.strip(),
            how="described",
            score=round(min(FROM_DESCRIPTION * region.score, 1.0), 4) or 1e-4,
        ),
        region=region,
        description=description,
    )


def _kind(description: Description) -> str | None:
    """What the thing itself is said to be: "a refugee camp near Batinta" is a camp."""
    while isinstance(description, In):
        description = description.what
    return kind_of_words(description.what) if isinstance(description, Unnamed) else None
