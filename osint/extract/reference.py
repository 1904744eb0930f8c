"""Which phrases mean the same thing.

Every noun phrase is put to a ``Draft`` as the text is read from its start. Proper names meet by
their folded spelling (al-Zaqaf, Zaqaf). A description without a name refers back only if its words
allow it: definite, possessive or ordinal, same kind of thing, no other owner, ordinal, border or
area. "A new base" is new; a claim said twice can still unite two drafts later (``merge.py``).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from osint.claims import EntityRole, Span
from osint.extract import lexicon
from osint.extract.actors import Owner
from osint.extract.apposition import same_things
from osint.extract.entities import Draft, agree, compatible, fold_name, unite
from osint.extract.mention_spans import uncounted_span, with_tail
from osint.extract.nounlike import is_ship, plural_thing
from osint.extract.nouns import Noun
from osint.extract.phrase import Phrase

_LOOKBACK = 40
_TO_PLACES = ("in", "on", "at", "to", "into", "near", "around", "towards", "outside", "from")
_TAKING = frozenset(
    {"capture", "seize", "retake", "enter", "besiege", "shell", "bomb", "reach", "leave"}
    | {"storm", "overrun", "liberate", "recapture", "occupy", "surround", "encircle"}
)


@dataclass(frozen=True, slots=True)
class _Mention:
    draft: Draft
    noun: Noun
    start: int
    sentence: int
    placed: bool = False  # said to be gone to, taken or lived in, as only a place can be
    opens: bool = False  # the first phrase of its sentence
    anchor: bool = False  # what a distance or direction is told from


class Discourse:
    """Everything spoken of so far, and what a phrase refers to."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._by_span: dict[Span, Draft] = {}
        self._named: dict[str, Draft] = {}
        self._words: dict[str, Draft] = {}
        self._facilities: dict[tuple[int, str], Draft] = {}
        self._recent: deque[Draft] = deque(maxlen=_LOOKBACK)
        self._mentions: deque[_Mention] = deque(maxlen=_LOOKBACK)
        self._count = 0
        self.pairs: dict[frozenset[str], None] = {}
        # The last zone told of without its size, and the number of its sentence.
        self.zone: tuple[Any, int] | None = None

    def read(self, phrases: Sequence[Phrase], sentence: int) -> None:
        """Put every noun phrase of a sentence to its draft, in order."""
        begin = len(phrases) and phrases[0].start
        before: Phrase | None = None
        for at, phrase in enumerate(phrases):
            if phrase.noun is not None:
                for inner in phrase.inner:
                    self.read_one(inner, sentence, begin)
                placed = before is not None and (
                    before.of("prep", *_TO_PLACES) or before.base in _TAKING
                )
                anchor = before is not None and _tells_where(phrases, at)
                self.read_one(phrase, sentence, begin, placed=placed, anchor=anchor)
                uncounted = uncounted_span(phrases, at)
                if uncounted is not None:
                    self._by_span[phrase.start, phrase.end].root().mentions.append(uncounted)
                whole = with_tail(phrases, at)
                if whole is not None:
                    self._by_span[phrase.start, phrase.end].root().mentions.append(whole)
            before = phrase
        for first, again in same_things(phrases):
            one, other = self.of(phrases[first]), self.of(phrases[again])
            if one is not None and other is not None and agree(one, other):
                unite(one, other)

    def read_one(
        self, phrase: Phrase, sentence: int, begin: int = 0, *, placed: bool = False,
        anchor: bool = False,
    ) -> Draft | None:  # fmt: skip
        """Put one noun phrase to its draft; ``placed`` if its words can only mean a place."""
        noun = phrase.noun
        if noun is None:
            return None
        if len(noun.border) == 2:
            self.pairs.setdefault(frozenset(noun.border))
        draft = self._resolve(noun, self._owners(noun, begin), sentence)
        span = (phrase.start, phrase.end)
        draft.mentions.append(span)
        draft.sentence = sentence
        self._by_span[span] = draft
        opens = phrase.start == begin
        self._mentions.append(_Mention(draft, noun, phrase.start, sentence, placed, opens, anchor))
        return draft.root()

    def of(self, phrase: Phrase) -> Draft | None:
        """The draft that a noun phrase was put to."""
        draft = self._by_span.get((phrase.start, phrase.end))
        return draft.root() if draft is not None else None

    def at(self, span: Span) -> Draft | None:
        """The draft that the noun phrase at a span was put to."""
        draft = self._by_span.get(span)
        return draft.root() if draft is not None else None

    def pronoun(
        self,
        phrase: Phrase,
        sentence: int,
        *,
        site: bool = False,
        apart: Draft | None = None,
        anchors: bool = False,
    ) -> Draft | None:
        """What "it", "they", "he" stands for: the nearest fitting thing said before.

        Args:
            phrase: the pronoun.
            sentence: its sentence; antecedents are at most two sentences back.
            site: whether a thing that stays in its place is wanted rather than one that moves.
            apart: what it cannot be, as the other end of the same statement.
            anchors: whether it may well be what another distance is counted from.
        """
        before = [
            mention
            for mention in reversed(self._mentions)
            if mention.start < phrase.start
            and sentence - mention.sentence <= 2
            and not mention.noun.abstract
            and (apart is None or mention.draft.root() is not apart)
        ]
        word = phrase.text
        if word in {"he", "she", "him"}:
            people = [mention for mention in before if mention.draft.root().role == "person"]
            fits = [mention for mention in people if not mention.noun.plural]
            if word == "she" and not fits:
                fits = [mention for mention in before if is_ship(mention.noun.words)]
        elif word in {"they", "them"}:
            fits = [
                mention
                for mention in before
                if mention.draft.root().role == "force" or mention.noun.plural
            ]
            # "they" beside "shells" and "troops" is the troops: what is known to be somewhere.
            known = [mention for mention in fits if mention.draft.root().role != "unknown"]
            fits = known or fits
        else:
            fits = [mention for mention in before if _singular_thing(mention)]
            sites = [mention for mention in fits if mention.draft.root().role != "force"]
            if site and sites:
                fits = list(_topical(sites, anchors=anchors))
        return fits[0].draft.root() if fits else None

    def facility(self, noun: Noun, place: Draft, phrase: Phrase, sentence: int) -> Draft:
        """The thing at a named place ("US base" at al-Tanf), apart from the place itself."""
        key = (place.root().order, noun.head)
        found = self._facilities.get(key)
        if found is None:
            bare = _replace_name(noun)
            owners = place.owners if noun.possessive else {o.atom: o for o in noun.owners}
            found = self._new(bare, dict(owners), sentence)
            self._facilities[key] = found
        found.mentions.append((phrase.start, phrase.end))
        return found

    def extra(self, name: str, span: Span, role: EntityRole, sentence: int) -> Draft:
        """A draft for words that are no single noun phrase (the subject of a caption)."""
        key = name.casefold()
        found = self._words.get(key)
        if found is None:
            found = self._new(Noun(words=name, role=role), {}, sentence)
            self._words[key] = found
        found.root().mentions.append(span)
        return found.root()

    def _new(self, noun: Noun, owners: dict[str, Owner], sentence: int) -> Draft:
        self._count += 1
        name = self._describe(noun, owners)
        return Draft(
            order=self._count, role=noun.role, kind=noun.kind, proper=noun.proper, head=noun.head,
            owners=owners, ordinal=noun.ordinal, area=noun.area, border=noun.border,
            names=[name], sentence=sentence, plural=noun.plural,
        )  # fmt: skip

    def _describe(self, noun: Noun, owners: dict[str, Owner]) -> str:
        words = noun.words.split(" ")
        while len(words) > 1 and words[0].lower() in lexicon.SOFT_ADJECTIVES:
            words.pop(0)
        name = " ".join(words)
        if noun.possessive and owners and not noun.owners and not noun.named:
            name = f"{next(iter(owners.values())).label} {name}"
        if noun.around is not None:
            name = f"{name} around {self._centre(noun.around)}"
        return f"{name} {noun.tail}".strip()

    def _centre(self, span: Span) -> str:
        draft = self._by_span.get(span)
        if draft is not None and draft.root().proper:
            return str(draft.root().proper)
        return self.text[span[0] : span[1]]

    def _owners(self, noun: Noun, begin: int) -> dict[str, Owner]:
        owners = {owner.atom: owner for owner in noun.owners}
        if owners or not noun.possessive or noun.possessive in {"my", "our", "your"}:
            return owners
        plural = noun.possessive == "their"
        fits = [
            mention
            for mention in reversed(self._mentions)
            if mention.noun.owners and _can_own(mention.noun, plural=plural)
        ]
        if plural:
            here = [mention for mention in fits if mention.start >= begin]
            fits = here[-1:] or fits
        return dict(fits[0].draft.root().owners) if fits else owners

    def _resolve(self, noun: Noun, owners: dict[str, Owner], sentence: int) -> Draft:
        if noun.role == "person":
            return self._person(noun, owners, sentence)
        if noun.proper is not None:
            return self._place(noun, owners, sentence)
        draft = self._new(noun, owners, sentence)
        if noun.part_of is not None:
            return self._keyed(noun.words.casefold(), draft)
        if noun.is_border:
            return self._keyed("border " + "-".join(sorted(noun.border)), draft)
        if noun.role == "force":
            return self._keyed(noun.words.casefold(), draft)
        if noun.role == "unknown":
            if noun.definite or noun.determiner == "":
                return self._keyed(noun.words.casefold(), draft)
            return draft
        if (
            noun.kind in lexicon.SETTLEMENTS
            and noun.determiner == "the"
            and noun.head != "capital"
            and len(noun.words.split(" ")) <= 2
            and not noun.owners
        ):
            town = self._town(noun, sentence)
            if town is not None:
                return unite(town, draft)
        # "The base ... its Kurdish garrison": no base of its own
        apart = noun.possessive == "its" and bool(noun.owners) and noun.kind in lexicon.BASE_LIKE
        if (noun.definite or noun.ordinal is not None) and not apart:
            for earlier in reversed(self._recent):
                if self._refers_back(draft, earlier.root()):
                    return unite(earlier, draft)
        self._recent.append(draft)
        return draft

    def _town(self, noun: Noun, sentence: int) -> Draft | None:
        """What "the town" is, if a named place was gone to or taken right before."""
        for mention in reversed(self._mentions):
            root = mention.draft.root()
            if sentence - mention.sentence > 1:
                return None
            if root.proper is not None and root.role in {"unknown", "site"}:
                at_place = mention.noun.at_place
                fits = (at_place or root.kind in {None, noun.kind}) and not root.border
                return root if (mention.placed or mention.anchor or at_place) and fits else None
        return None

    @staticmethod
    def _refers_back(draft: Draft, earlier: Draft) -> bool:
        if earlier.role != draft.role or not compatible(draft, earlier):
            return False
        if draft.ordinal is not None and earlier.ordinal is None:
            # "the second base" is not the named one that was spoken of as the only one.
            return earlier.proper is None
        return True

    def _keyed(self, key: str, draft: Draft) -> Draft:
        found = self._words.get(key)
        if found is None:
            self._words[key] = draft
            return draft
        return unite(found, draft)

    def _place(self, noun: Noun, owners: dict[str, Owner], sentence: int) -> Draft:
        draft = self._new(noun, owners, sentence)
        keys = [fold_name(name) for name in (str(noun.proper), *noun.aliases)]
        known = next((self._named[key] for key in keys if key in self._named), None)
        if known is not None:
            # The name decides; "their" may have been taken for the wrong people.
            if noun.possessive and known.root().owners:
                draft.owners = {}
            draft = unite(known, draft)
        elif noun.ordinal is not None:
            for earlier in reversed(self._recent):
                same = earlier.root().ordinal == noun.ordinal and not earlier.root().proper
                if same and compatible(draft, earlier):
                    draft = unite(earlier, draft)
                    break
        for key in keys:
            self._named.setdefault(key, draft)
        if noun.role == "site" and (known is None or noun.head):
            self._recent.append(draft)
        return draft

    def _person(self, noun: Noun, owners: dict[str, Owner], sentence: int) -> Draft:
        draft = self._new(noun, owners, sentence)
        title = _title(noun)
        if noun.proper is not None:
            key = "person " + fold_name(noun.proper.split(" ")[-1])
            known = self._named.get(key)
            if known is None:
                known = self._untitled(draft, title)
            draft = unite(known, draft) if known is not None else draft
            self._named.setdefault(key, draft)
        elif noun.definite:
            known = self._untitled(draft, title, named=True)
            draft = unite(known, draft) if known is not None else draft
        draft.head = title
        self._recent.append(draft)
        return draft

    def _untitled(self, draft: Draft, title: str, *, named: bool = False) -> Draft | None:
        """An earlier person known by title only ("Top Iranian General") who can be this one."""
        for earlier in reversed(self._recent):
            root = earlier.root()
            if root.role != "person" or root.head != title or (root.proper and not named):
                continue
            apart = root.owners and draft.owners and not root.owners.keys() & draft.owners.keys()
            if not apart:
                return root
        return None


def _tells_where(phrases: Sequence[Phrase], at: int) -> bool:
    """Whether a distance is counted from the phrase: "13 km from X", "north of X"."""
    if phrases[at - 1].kind == "dir":
        return True
    return at > 1 and phrases[at - 1].of("prep", "from", "off") and phrases[at - 2].kind == "qty"


def _title(noun: Noun) -> str:
    words = [word.lower().strip(".") for word in noun.words.split(" ")]
    return next((lexicon.singular(word) for word in words if word in lexicon.TITLES), noun.head)


def _replace_name(noun: Noun) -> Noun:
    return replace(noun, proper=None, aliases=(), at_place=False)


def _singular_thing(mention: _Mention) -> bool:
    draft = mention.draft.root()
    if mention.noun.plural or mention.noun.is_border:
        return False
    if draft.proper is not None and draft.role == "unknown" and _initials(draft.proper):
        # "UNHCR has opened a centre. It lies"
        return False
    return draft.role in {"site", "force"} or (draft.role == "unknown" and draft.proper is not None)


def _initials(name: str) -> bool:
    return len(name) > 1 and name.isalpha() and name.isupper()


def _topical(sites: Sequence[_Mention], *, anchors: bool = False) -> Sequence[_Mention]:
    """The nearest sentence's first thing where it opens that sentence, else its last named place.

    "Guerrillas attacked X, burning the station. It lies": X; "The base was set up near Y. It": the
    base.
    """
    last = [mention for mention in sites if mention.sentence == sites[0].sentence]
    if len(last) > 1 and last[-1].opens and plural_thing(last[-1].noun.words.lower()):
        # "Missiles hit the platform. It lies": the platform
        last = last[:-1]
    if last[-1].opens:
        return last[-1:]
    towns = {span[0] for mention in last if (span := mention.noun.town) is not None}
    # "opened a clinic in X. It lies": the clinic
    last = [mention for mention in last if mention.start not in towns] or last
    if not anchors:
        last = [mention for mention in last if not mention.anchor] or last
    else:
        last = [mention for mention in last if mention.anchor] or last
    named = [mention for mention in last if mention.draft.root().proper is not None]
    return named or last


def _can_own(noun: Noun, *, plural: bool) -> bool:
    if noun.role == "site" or noun.is_border:
        return False
    if plural:
        return noun.role == "force"
    return not noun.plural and noun.role in {"force", "area", "unknown"}
