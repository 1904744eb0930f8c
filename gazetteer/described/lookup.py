"""A description as a name is looked up: text to candidates, best first."""

from __future__ import annotations

from dataclasses import dataclass

from gazetteer.described.anchors import BorderLines, Find, Ground, Lines, Region, of_name
from gazetteer.described.clean import plain_text
from gazetteer.described.parse import MAX_TEXT, parse
from gazetteer.described.precision import DEFAULT, Convention
from gazetteer.described.refusals import problem_of
from gazetteer.described.regions import regions_of
from gazetteer.described.tree import (
    Along,
    Between,
    Description,
    In,
    Minus,
    Offset,
    OnBorder,
    Unnamed,
    is_plain,
    names_in,
    parts_of,
)
from gazetteer.errors import GazetteerError
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
        GazetteerError: there is no such convention; or the text is a description that no place
            fits: a distance of nothing, a border that is none, "Homs except Aleppo". A source that
            has a place of just that name goes first, and then nothing is raised.
    """
    ground = Ground(find=find, borders=borders, lines=lines, convention=convention)
    if len(text) > MAX_TEXT or not plain_text(text):
        return ()
    description = parse(text)
    problem = problem_of(text, description)
    plain = is_plain(description)
    regions = () if problem or plain else regions_of(description, ground)
    if not regions and not plain and problem is None and not _unknown(description, ground):
        problem = _nothing_there(description, ground)
    if problem and not any(candidate.how == "exact" for candidate in find(text)):
        raise GazetteerError(problem)
    found = [_place(text, description, region) for region in regions]
    if country:
        wanted = country.upper()
        found = [one for one in found if one.candidate.place.country in (None, wanted)]
    return tuple(found)


def missing_names(text: str, find: Find) -> tuple[str, ...]:
    """Names in a description that no candidate matches well enough: why nothing came of it.

    Of a plain name, every candidate counts; what others are measured from has to match by
    ``anchors.LEAST_MATCH``.
    """
    if len(text) > MAX_TEXT or not plain_text(text):
        return ()
    description = parse(text)
    if is_plain(description):
        return tuple(name for name in names_in(description) if not find(name))
    return _unknown(description, Ground(find=find))


def _unknown(description: Description, ground: Ground) -> tuple[str, ...]:
    return tuple(name for name in names_in(description) if not of_name(name, ground))


def _nothing_there(description: Description, ground: Ground) -> str:
    """Why a description of known places is that of no place; the innermost part at fault says."""
    inner = (description.where,) if isinstance(description, In) else parts_of(description)
    for part in inner:
        if not regions_of(part, ground):
            return _nothing_there(part, ground)
    match description:
        case Unnamed(what=what):
            return f"{what!r:.60} has no name to look up; say of which place"
        case Minus():
            return (
                "what is left out lies outside of the rest or is all of it, as far as the "
                "outlines given here tell; add outlines as GeoJSON with --gazetteer"
            )
        case OnBorder(countries=countries):
            return (
                f"no border {'-'.join(countries)} is known; check the countries, or add the line "
                "as GeoJSON with --gazetteer"
            )
        case Between():
            return "the two ends are one place, and nothing lies between; name two places"
        case Along(path=path, of=None, ends=()):
            return (
                f"the course of {path or 'a road'} is not known; say from where and how far, "
                "or between which places"
            )
        case Offset(distance=distance, heading=heading):
            return f"{distance} {heading} of it lies beyond the pole; check the number"
    return "no place fits the description; say it in simpler words, or give coordinates"


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
