"""What a noun phrase is about: its head, its proper name, whose it is, which one it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from osint.claims import EntityRole, Span
from osint.extract import lexicon, verbs
from osint.extract.abstract import is_abstract, is_calendar_name
from osint.extract.actors import Owner, owners_in
from osint.extract.country_words import (
    codes_in,
    given_country,
    joined_country,
    sides_in,
    whole_country,
)
from osint.extract.events import EVENT_NOUNS, is_immaterial
from osint.extract.heads import head_of
from osint.extract.tokens import Token, written_as

ROUGHLY = frozenset({"about", "around", "over", "under"})
_SEATS = frozenset({"moscow", "washington"})
_BYGONE = frozenset({"soviet", "ottoman", "yugoslav", "both", "neither"})
# The mark between "Iraq" and "Anbar province".
_MARKS = frozenset({"'s", "'", "’"})
_POSSESSIVE = Token("'s", "'s", 0, 2, "word", False, False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Noun:
    """A noun phrase, read.

    Attributes:
        determiner: "the", "a", "their", ... or "".
        words: the phrase without determiner, as written.
        head: the common noun it is built on, singular, or "" for a bare name.
        kind: feature kind of the head ("base"), or None.
        role: what the phrase can be (see ``osint.claims.Entity``).
        plural: whether the head is plural.
        proper: the proper name in it, or None.
        owners: whose it is, as far as its own words say.
        possessive: "its", "their", "his" where the owner is yet to be found.
        ordinal: 2 for "second"; 0 for "another", which is none of those named before.
        countries: ISO codes in its words, in order.
        border: countries of the border it lies on (attached) or, for a border, divides.
        area: the wider area it lies in (attached).
        at_place: whether its proper name came with "at" (attached).
        aliases: other names in parentheses (attached).
        around: the phrase that a zone surrounds (attached), as (start, end).
        within: the phrase of the area it lies in (attached), as (start, end).
        town: the phrase of the named place it lies in, if no area (attached).
        part_of: the phrase of the thing it is a part of, or belongs to (attached).
        tail: attached words that belong into a full description ("on the Iraqi border").
    """

    determiner: str = ""
    words: str = ""
    head: str = ""
    kind: str | None = None
    role: EntityRole = "unknown"
    plural: bool = False
    proper: str | None = None
    owners: tuple[Owner, ...] = ()
    possessive: str = ""
    ordinal: int | None = None
    countries: tuple[str, ...] = ()
    border: tuple[str, ...] = ()
    area: str | None = None
    at_place: bool = False
    aliases: tuple[str, ...] = ()
    around: Span | None = None
    within: Span | None = None
    town: Span | None = None
    part_of: Span | None = None
    tail: str = ""

    @property
    def named(self) -> bool:
        """Whether it has a proper name of its own."""
        return self.proper is not None

    @property
    def definite(self) -> bool:
        """Whether its words point back at something known."""
        return bool(self.possessive) or self.determiner in {"the", "this", "that", "these", "those"}

    @property
    def is_border(self) -> bool:
        """Whether it is a border itself."""
        return self.kind == "border"

    @property
    def abstract(self) -> bool:
        """Whether it names nothing that can be somewhere: "three times", "this case", "May"."""
        if self.role != "unknown":
            return False
        if self.head == "couple" and " " in self.words:
            return False  # "an elderly couple"
        if self.head == "one" and self.definite and " " in self.words:
            return False  # "5 km from the old one"
        return is_calendar_name(self.proper) if self.proper is not None else is_abstract(self.head)

    @property
    def is_place(self) -> bool:
        """Whether it can serve as a place: a site, a named place, an area."""
        if self.role == "site" or self.role == "area":
            return True
        return self.role == "unknown" and self.named


_NUMBERED = lexicon.words("camp hill height checkpoint post base prison colony mine shaft block "
                          "object position point site reactor school hospital gate bridge island "
                          "mount")  # fmt: skip


def _strip_possessor(tokens: list[Token]) -> tuple[list[Token], list[Token]]:
    marks = [index for index, token in enumerate(tokens) if token.lower in _MARKS]
    if not marks or marks[-1] + 1 >= len(tokens):
        return [], [token for token in tokens if token.lower not in _MARKS]
    return tokens[: marks[-1]], tokens[marks[-1] + 1 :]


def _is_name(token: Token, *, titled: bool, opening: bool, name_follows: bool) -> bool:
    """Whether the capital of a word makes it (part of) a name."""
    if not token.capital or token.kind not in {"word"}:
        return False
    word = token.lower
    if owners_in(token.text):
        return False
    if word in lexicon.COMPASS_ADJECTIVES or word in lexicon.ORDINALS or word in _BYGONE:
        return False
    common = head_of(word) != "" or word in lexicon.SOFT_ADJECTIVES
    if (titled or opening) and (common or word in lexicon.TOP_WORDS):
        return False
    # "Tell Suwar is" opens with a name, "Visits" or "Tell them" does not.
    if word in verbs.VERBS and (titled or (opening and not name_follows)):
        return False
    idea = word.endswith(("tion", "sion", "ness", "ment")) or word in EVENT_NOUNS
    idea = idea or (not name_follows and is_immaterial(word))
    if (opening or titled) and idea:
        return False
    return not (opening and word.endswith(("ing", "ed")) and not titled)


def _head(tokens: Sequence[Token]) -> tuple[str, str | None, int]:
    """Head noun (singular), its feature kind, and how many tokens it takes at the end."""
    if len(tokens) >= 2:
        pair = (tokens[-2].lower, lexicon.singular(tokens[-1].lower))
        if pair in lexicon.FEATURE_PAIRS:
            return " ".join(pair), lexicon.FEATURE_PAIRS[pair], 2
        if tokens[-1].kind == "number" and tokens[-2].capital and tokens[-2].lower in _NUMBERED:
            # "Camp 14", "Hill 312"
            return tokens[-2].lower, lexicon.FEATURES.get(tokens[-2].lower, "site"), 2
    last = tokens[-1].lower
    plain = lexicon.singular(last)
    if plain == "site" and len(tokens) > 1 and tokens[-2].lower == "web":
        return "website", None, 1
    if plain in lexicon.FEATURES:
        return plain, lexicon.FEATURES[plain], 1
    return plain, None, 1


def _name_run(flags: Sequence[bool]) -> tuple[int, int] | None:
    """First and one past the last token of the name; small words between its parts included."""
    marked = [index for index, flag in enumerate(flags) if flag]
    if not marked:
        return None
    return marked[0], marked[-1] + 1


def read_noun(tokens: Sequence[Token], *, titled: bool, opening: bool) -> Noun:
    """Read one noun phrase.

    Args:
        tokens: its tokens, determiner included; at least one.
        titled: the line is in Title Case, capitals tell little.
        opening: it opens the sentence, so its first capital tells little.
    """
    core = list(tokens)
    determiner = ""
    if core[0].lower in lexicon.DETERMINERS and len(core) > 1:
        determiner = core.pop(0).lower
        opening = False
    if core[0].lower in ROUGHLY and len(core) > 2:
        core.pop(0)
        opening = False
    possessor, core = _strip_possessor(core)
    if possessor:
        opening = False
    if not core:
        return Noun(words=written_as(tokens))
    written = written_as([*possessor, *core] if not possessor else core)
    owners = [owner for token in possessor for owner in owners_in(token.text)]
    joined = joined_country(core)
    if joined is not None:
        owners.append(joined[0])
    head, kind, head_size = _head(core)
    ordinal = 0 if determiner == "another" else _ordinal(core[0])
    apart = range(joined[1], joined[2]) if joined is not None else range(0)
    acting = [
        owner
        for index, token in enumerate(core)
        if index not in apart
        for owner in owners_in(token.text)
    ]
    countries = tuple(owner.country for owner in acting if owner.country is not None)
    if joined is not None and joined[0].country:
        countries = _unique([joined[0].country, *countries])
    for owner in acting:
        if owner not in owners:
            owners.append(owner)
    flags = [
        _is_name(
            token,
            titled=titled,
            opening=opening and index == 0,
            name_follows=index + 1 < len(core) and core[index + 1].capital,
        )
        and not (joined is not None and joined[1] <= index < joined[2])
        for index, token in enumerate(core)
    ]
    whole = whole_country(core)
    if head in lexicon.COMPASS_WORDS and possessor and codes_in(possessor):
        # "Syria's north-east"
        area = written_as([*possessor, _POSSESSIVE, *core])
        return Noun(
            determiner=determiner, words=area, role="area", kind="region", head=head, proper=area,
            owners=tuple(owners), countries=countries,
        )  # fmt: skip
    if kind == "border":
        return Noun(
            determiner=determiner, words=written, head=head, kind=kind, role="area",
            owners=tuple(owners), countries=countries,
            border=sides_in(core) or _unique([*codes_in(possessor), *countries]),
        )  # fmt: skip
    possessive = determiner if determiner in lexicon.POSSESSIVES else ""
    if given_country(core):
        return Noun(determiner=determiner, words=written, role="person", proper=written)
    if whole:
        return Noun(
            determiner=determiner, words=written, role="area", kind="country", proper=written,
            owners=tuple(owners), countries=countries,
        )  # fmt: skip
    role, proper = _classify(core, flags, head, kind, head_size)
    if determiner in {"a", "an"} and kind is not None and role == "site":
        # "a Lisu village": the name tells what sort it is.
        proper = None
    aliases: tuple[str, ...] = ()
    if role == "area" and proper is not None and possessor and codes_in(possessor):
        # "Iraq's Anbar province" is the one that is called "Anbar province" elsewhere.
        aliases, proper = (proper,), written_as([*possessor, _POSSESSIVE, *core])
    plural = lexicon.is_plural(core[-1].lower) and not (role == "unknown" and proper is not None)
    if role == "unknown" and proper is None and owners_in(core[-1].text) and core[-1].capital:
        # "Americans", "the Syrians"; a country's own name ended up above.
        role = "force"
    if proper is not None and proper == written and role == "unknown":
        head = ""
    return Noun(
        determiner=determiner, words=written, head=head, kind=kind, role=role, plural=plural,
        proper=proper, owners=tuple(owners), possessive=possessive, ordinal=ordinal,
        countries=countries, area=written_as(possessor) if possessor and not owners else None,
        aliases=aliases,
    )  # fmt: skip


def as_city(noun: Noun) -> Noun:
    """A seat of government where a place is asked for: "in Moscow" is no government."""
    if noun.role != "force" or noun.words.lower() not in _SEATS:
        return noun
    return replace(noun, role="unknown", proper=noun.words, owners=(), countries=())


def _unique(codes: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(codes))


def _ordinal(token: Token) -> int | None:
    if token.kind == "ordinal":
        digits = token.lower.rstrip("stndrh")
        return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 4 else None
    return lexicon.ORDINALS.get(token.lower)


def _classify(
    core: Sequence[Token], flags: Sequence[bool], head: str, kind: str | None, head_size: int
) -> tuple[EntityRole, str | None]:
    run = _name_run(flags)
    if kind is not None:
        role: EntityRole = "area" if kind in {"region", "zone"} else "site"
        return role, _feature_name(core, flags, kind, head_size)
    if head_of(head) == "force":
        return "force", None
    titles = [
        index for index, token in enumerate(core) if token.lower.rstrip(".") in lexicon.TITLES
    ]
    if titles and (run is None or run[1] > titles[0]):
        named = run is not None and run[1] > titles[-1] + 1
        return "person", written_as(core[titles[0] :]) if named else None
    if head in lexicon.PERSONS:
        return "person", None
    if run is not None and run[1] == len(core):
        begin = run[0]
        if begin and core[begin - 1].lower in lexicon.COMPASS_WORDS - {"central"}:
            return "area", written_as(core[begin - 1 :])
        if len(written_as(core[begin:])) < 2:
            return "unknown", None
        if _is_person(core[begin:]):
            return "person", written_as(core[begin:])
        before = core[begin - 1].lower if begin else ""
        if before in lexicon.SHIPS:
            return "force", None
        if before in lexicon.NAME_IS_APART:
            return "site", written_as(core[begin:])
        follows = before in lexicon.NAME_FOLLOWS
        return ("site" if follows else "unknown"), written_as(
            core[begin - 1 if follows else begin :]
        )
    return "unknown", None


def _is_person(name: Sequence[Token]) -> bool:
    """As in "John Smith": a given name, a surname or two, and nothing that hints at a place."""
    if not 2 <= len(name) <= 3 or name[0].lower not in lexicon.GIVEN_NAMES:
        return False
    last = name[-1].lower
    return last not in lexicon.PLACE_HINTS and all(token.text[0].isupper() for token in name)


def _feature_name(
    core: Sequence[Token], flags: Sequence[bool], kind: str, head_size: int
) -> str | None:
    """The name inside "the al-Tanf crossing" (whole) or "their Zaqaf garrison" (bare name)."""
    before = len(core) - head_size
    run = _name_run(flags[:before])
    if head_size > 1 and core[-1].kind == "number":
        return written_as(core)
    if run is None:
        # "Qasr Hadid Airport" carries its capitals through; "Mount Hermon" has its head first.
        return None
    # "Gaza City" is the name, "Dabil town" a name and a word.
    bare = kind in lexicon.BASE_LIKE or (kind in lexicon.SETTLEMENTS and not flags[-1])
    return written_as(core[run[0] : run[1]] if bare else core[run[0] :])
