"""Reads claims about places out of English text.

Reading order: ``tokens`` -> ``quantities``, ``dates``, ``nouns`` -> ``phrases`` -> ``attach`` ->
``reference`` (what means the same) -> the rules, one kind of claim each (``captions``, ``located``,
``separation``, ``direction``, ``border``, with ``clause`` for subjects, ``polarity`` for denial and
``stance`` for hearsay) -> ``merge``. ``lexicon``, ``actors`` and ``abstract`` hold the words,
``numbers`` the figures; ``combinators`` is the little matcher.

What it reads is located, separation, direction and border claims. Nothing is made up: where an
endpoint cannot be told, there is no claim.
"""

from __future__ import annotations

from osint.article import Article, Block, article_from_text
from osint.claims import (
    BorderClaim,
    Claim,
    DateInterval,
    DirectionClaim,
    Entity,
    Extraction,
    LocatedClaim,
    SeparationClaim,
)
from osint.extract.attach import attach
from osint.extract.border import borders
from osint.extract.captions import captions
from osint.extract.direction import directions
from osint.extract.entities import Draft, entity_of
from osint.extract.located import located
from osint.extract.merge import merge
from osint.extract.phrases import Sentence, chunk
from osint.extract.reference import Discourse
from osint.extract.scene import Found, Scene
from osint.extract.separation import separations
from osint.extract.tokens import Token, sentences, tokenise

__all__ = ["extract", "extract_text"]

_RULES = (captions, located, separations, directions, borders)


def extract(article: Article) -> Extraction:
    """All claims of an article.

    Claim ids are c1, c2, ... in the order of the text, entity ids e1, e2, ... in the order of first
    mention; only entities that a claim speaks of are listed. Source and origin are the article's.
    """
    return _extract(article, origin=article.source, claim_prefix="c", entity_prefix="e")


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
    for block in article.blocks:
        tokens = tokenise(article.text, block.start, block.end)
        groups = sentences(tokens) if block.kind == "paragraph" else _whole(block, tokens)
        for group in groups:
            flat = chunk(article.text, group, article.published)
            found.append(
                Sentence(
                    text=article.text[group[0].start : group[-1].end],
                    tokens=group,
                    flat=flat,
                    phrases=attach(article.text, flat),
                    caption=block.kind == "caption",
                )
            )
    return found


def _whole(block: Block, tokens: tuple[Token, ...]) -> tuple[tuple[Token, ...], ...]:
    """A headline is one sentence; a caption may go on after its first stop."""
    return sentences(tokens) if block.kind == "caption" else ((tokens,) if tokens else ())


def _extract(article: Article, *, origin: str, claim_prefix: str, entity_prefix: str) -> Extraction:
    discourse = Discourse(article.text)
    found: list[Found] = []
    read = _sentences(article)
    for sentence in read:
        for phrase in sentence.phrases:
            if phrase.noun is not None and len(phrase.noun.border) == 2:
                discourse.pairs.setdefault(frozenset(phrase.noun.border))
    for number, sentence in enumerate(read):
        discourse.read(sentence.phrases, number)
        scene = Scene(article.text, sentence, number, discourse)
        for rule in _RULES:
            found.extend(rule(scene))
    merged = merge(found)
    entities = _entities(merged, entity_prefix)
    claims = tuple(
        _claim(claim, f"{claim_prefix}{number}", article.source, origin, entities)
        for number, claim in enumerate(merged, start=1)
    )
    return Extraction(claims=claims, entities=tuple(entities.values()))


def _entities(merged: tuple[Found, ...], prefix: str) -> dict[int, Entity]:
    drafts: dict[int, Draft] = {}
    still: set[int] = set()
    for claim in merged:
        for index, end in enumerate(claim.ends):
            root = end.root()
            drafts[root.order] = root
            if claim.kind in {"separation", "direction"} or index:
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
        )
    return BorderClaim(**shared, subject=ends[0], between=found.between)  # type: ignore[arg-type]
