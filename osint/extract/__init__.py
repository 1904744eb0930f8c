"""Reads claims about places out of English text.

Reading order: ``invisible`` (characters nobody sees) -> ``tokens`` -> ``quantities``, ``dates``
(``date_ranges``), ``nouns`` (``heads``, ``country_words``) -> ``extent`` -> ``phrases`` ->
``attach`` -> ``reference`` (what means the same) -> the rules, one kind of claim each
(``captions``, ``located``, ``separation``, ``direction``, ``border``, ``zone``, ``containment``,
``dated``, with ``clause`` for subjects, ``polarity`` for denial, ``attribution`` for hearsay and
``stance`` for both) -> ``neither`` (the other half of a
paired denial) -> ``retraction`` (what the next sentence takes back) -> ``merge``. ``lexicon``,
``verbs``, ``events``, ``areas``, ``actors`` and ``abstract`` hold the words, ``numbers`` the
figures; ``combinators`` is the little matcher. ``later`` tells "the next day" from a day named,
``daytime`` hours from days. Longer lists: ``common_nouns``, ``common_verbs``, ``known_regions`` and
``abroad`` (which countries touch).

It reads all seven kinds of claims. Nothing is made up: where an endpoint cannot be told, there is
no claim.
"""

from __future__ import annotations

import gc
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from osint.article import Article, Block, article_from_text
from osint.claims import (
    BorderClaim,
    Claim,
    ContainmentClaim,
    DatedClaim,
    DateInterval,
    DirectionClaim,
    Entity,
    Extraction,
    LocatedClaim,
    SeparationClaim,
    ZoneClaim,
)
from osint.extract.attach import attach
from osint.extract.border import borders
from osint.extract.captions import captions
from osint.extract.containment import containments
from osint.extract.dated import dated
from osint.extract.daytime import timed
from osint.extract.direction import directions
from osint.extract.entities import Draft, entity_of, fold_names
from osint.extract.invisible import restored, visible
from osint.extract.later import told_later
from osint.extract.located import located
from osint.extract.merge import merge
from osint.extract.neither import neither
from osint.extract.phrase import Sentence
from osint.extract.phrases import chunk
from osint.extract.reference import Discourse
from osint.extract.retraction import takes_back
from osint.extract.scene import Found, Scene
from osint.extract.separation import separations
from osint.extract.tokens import Token, sentences, tokenise
from osint.extract.zone import zones

_ENTITY_FIELDS = (
    "subject", "place", "origin_entity", "target", "centre", "area", "around",
)  # fmt: skip

__all__ = ["extract", "extract_text"]

_RULES = (captions, located, separations, directions, borders, zones, containments)


def extract(article: Article) -> Extraction:
    """All claims of an article.

    Claim ids are c1, c2, ... in the order of the text, entity ids e1, e2, ... in the order of first
    mention; only entities that a claim speaks of are listed. Source and origin are the article's.
    """
    with _uncollected():
        return _extract(article, origin=article.source, claim_prefix="c", entity_prefix="e")


@contextmanager
def _uncollected() -> Iterator[None]:
    """Reading a long text makes millions of small objects that all stay until its end.

    The cyclic collector would walk over them again and again and find nothing to free.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def extract_text(
    text: str,
    *,
    source: str,
    origin: str | None = None,
    published: DateInterval | None = None,
    id_prefix: str = "c",
) -> Extraction:
    """The claims in a statement of one or a few sentences.

    Args:
        text: the statement; spans count code points in it.
        source: who says it.
        origin: who said it first; the source itself if None.
        published: when; dates without a year need it.
        id_prefix: claims become f"{id_prefix}1", ..., entities f"{id_prefix}e1", ..., so that
            several statements can stand side by side.
    """
    article = article_from_text(text, source=source, published=published, headline=False)
    return _extract(
        article, origin=origin or source, claim_prefix=id_prefix, entity_prefix=f"{id_prefix}e"
    )


def _sentences(article: Article) -> list[Sentence]:
    found: list[Sentence] = []
    named: DateInterval | None = None
    for block in article.blocks:
        tokens = tokenise(article.text, block.start, block.end)
        groups = sentences(tokens) if block.kind == "paragraph" else _whole(block, tokens)
        for group in groups:
            read = timed(chunk(article.text, group, article.published))
            flat, named = told_later(read, named)
            found.append(
                Sentence(
                    text=article.text[group[0].start : group[-1].end],
                    tokens=group,
                    flat=flat,
                    phrases=attach(article.text, flat),
                    caption=block.kind == "caption",
                    words=tuple(token.lower for token in group),
                )
            )
    return found


def _whole(block: Block, tokens: tuple[Token, ...]) -> tuple[tuple[Token, ...], ...]:
    """A headline is one sentence; a caption may go on after its first stop."""
    return sentences(tokens) if block.kind == "caption" else ((tokens,) if tokens else ())


def _extract(article: Article, *, origin: str, claim_prefix: str, entity_prefix: str) -> Extraction:
    article, origins = visible(article)
    discourse = Discourse(article.text)
    found: list[Found] = []
    before: list[Found] = []  # the claims of the last sentence, which the next may take back
    read = _sentences(article)
    fold_names(_names(read))
    for sentence in read:
        for phrase in sentence.phrases:
            if phrase.noun is not None and len(phrase.noun.border) == 2:
                discourse.pairs.setdefault(frozenset(phrase.noun.border))
    for number, sentence in enumerate(read):
        discourse.read(sentence.phrases, number)
        scene = Scene(article.text, sentence, number, discourse)
        here = [claim for rule in _RULES for claim in rule(scene)]
        here += dated(scene, [claim for claim in here if claim.kind == "located"])
        here += list(neither(scene, here))
        if takes_back(sentence):
            found.extend(here)
            here, before = [], []
        found.extend(before)
        before = here
    merged = merge([*found, *before])
    entities = _entities(merged, entity_prefix)
    claims = tuple(
        _claim(claim, f"{claim_prefix}{number}", article.source, origin, entities)
        for number, claim in enumerate(merged, start=1)
    )
    extraction = Extraction(claims=claims, entities=tuple(entities.values()))
    return extraction if origins is None else _restored(extraction, origins)


def _names(read: Sequence[Sentence]) -> Iterator[str]:
    """Every name in the text, and the last word of each, by which people go."""
    for sentence in read:
        for phrase in sentence.phrases:
            for thing in (*phrase.inner, phrase):
                if thing.noun is not None and thing.noun.proper is not None:
                    yield thing.noun.proper
                    yield from thing.noun.aliases
                    if thing.noun.role == "person":
                        yield thing.noun.proper.split(" ")[-1]


def _restored(extraction: Extraction, origins: array[int]) -> Extraction:
    """The same with all spans told in the text with its invisible characters."""
    entities = {
        entity.id: replace(entity, mentions=restored(entity.mentions, origins))
        for entity in extraction.entities
    }
    claims: list[Claim] = []
    for claim in extraction.claims:
        changed: dict[str, Any] = {
            name: entities[value.id]
            for name in _ENTITY_FIELDS
            if isinstance(value := getattr(claim, name, None), Entity)
        }
        changed["spans"] = restored(claim.spans, origins)
        claims.append(replace(claim, **changed))
    return Extraction(claims=tuple(claims), entities=tuple(entities.values()))


def _entities(merged: tuple[Found, ...], prefix: str) -> dict[int, Entity]:
    drafts: dict[int, Draft] = {}
    still: set[int] = set()
    for claim in merged:
        for index, end in enumerate(claim.ends):
            root = end.root()
            drafts[root.order] = root
            if claim.kind in {"separation", "direction", "zone", "containment"} or index:
                still.add(root.order)
    ordered = sorted(drafts.values(), key=lambda draft: (min(draft.mentions), draft.order))
    return {
        draft.order: entity_of(draft, f"{prefix}{number}", still=draft.order in still)
        for number, draft in enumerate(ordered, start=1)
    }


def _claim(
    found: Found, identifier: str, source: str, origin: str, entities: dict[int, Entity]
) -> Claim:
    ends = [entities[end.root().order] for end in found.ends]
    shared = {
        "id": identifier,
        "text": found.sentence.text,
        "spans": tuple(sorted(set(found.spans))),
        "source": source,
        "origin": origin,
        "polarity": found.polarity,
        "modality": found.modality,
        "caption": found.sentence.caption,
        "places": found.places,
        "date": found.date,
    }
    if found.kind == "located":
        return LocatedClaim(**shared, subject=ends[0], place=ends[1])  # type: ignore[arg-type]
    if found.kind == "separation" and found.distance is not None:
        return SeparationClaim(
            **shared,  # type: ignore[arg-type]
            origin_entity=ends[0],
            target=ends[1],
            distance=found.distance,
            bearing_deg=found.bearing_deg,
        )
    if found.kind == "direction":
        return DirectionClaim(
            **shared,  # type: ignore[arg-type]
            subject=ends[0],
            relation=found.relation,
            target=ends[1],
            around=ends[2] if len(ends) > 2 else None,
        )
    if found.kind == "zone" and found.distance is not None:
        return ZoneClaim(
            **shared,  # type: ignore[arg-type]
            centre=ends[0],
            radius=found.distance,
            what=found.what,
            status=found.status,
        )
    if found.kind == "containment":
        return ContainmentClaim(**shared, subject=ends[0], area=ends[1])  # type: ignore[arg-type]
    if found.kind == "dated":
        subject = ends[0] if ends else None
        return DatedClaim(**shared, event=found.what, subject=subject)  # type: ignore[arg-type]
    return BorderClaim(**shared, subject=ends[0], between=found.between)  # type: ignore[arg-type]
