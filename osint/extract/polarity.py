"""Whether a statement is affirmed, denied, or taken back so that nothing is claimed.

A claim is kept as denied only where the denial plainly reaches it: "is not 20 km from", "no village
lies", "denied that X lies". Where a sentence disowns what it says in any other way ("it is false
that", "nobody believes", "a rumour later disproved", "in a plan never adopted", "neither X nor Y"),
no claim is made: what is left out misleads nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from osint.claims import Polarity
from osint.extract import lexicon, verbs

_NEGATIONS = lexicon.NEGATIONS | lexicon.words(
    "nobody nothing nowhere nor hardly scarcely without contrary"
)
# As the subject or right before it, these leave nothing affirmed of it and little denied.
_FEW = lexicon.words("hardly scarcely barely few not never nor")
_SINGLE = frozenset({"one", "a", "any"})
_TRUE = lexicon.words("true correct so right case accurate")
_NOBODY = lexicon.words("nobody nothing none neither nowhere no-one")
DISOWNING = lexicon.words(
    "false untrue incorrect erroneous wrong mistaken disproved disproven debunked discredited "
    "refuted myth hoax fabricated fabrication fake faked fictitious fictional fiction imaginary "
    "imagined hypothetical lied doubtful doubts doubted unproven unlikely impossible misleading "
    "inaccurate unfounded baseless groundless retracted disavowed invented counterfactual"
)
_DISOWNING_ADVERBS = lexicon.words(
    "falsely wrongly mistakenly erroneously incorrectly inaccurately misleadingly"
)
# "A claim that was later withdrawn", "which he later corrected".
_TAKEN_BACK = lexicon.words("withdrew withdrawn corrected rescinded recanted")
_PLANS = lexicon.words(
    "plan plans proposal proposals scheme draft drafts scenario scenarios blueprint blueprints "
    "novel film movie game legend simulation script"
)
_PLANNED = lexicon.words("in under per according")
REPORTS = lexicon.words(
    "claim claims report reports allegation allegations assertion assertions statement statements "
    "rumour rumours rumor rumors suggestion suggestions account accounts story stories idea notion "
    "accusation accusations version which"
)
_HOLDING = lexicon.words(
    "say says said saying claim claims claimed report reports reported believe believes believed "
    "think thinks thought know knows knew confirm confirms confirmed prove proves proved proven "
    "suggest suggests suggested show shows showed shown mean means meant imply implies implied "
    "place placed places put puts locate located identify identified label labelled labeled "
    "caption captioned described describe described states state stated"
)
_SAID_NOTHING = lexicon.words("nothing something little much goodbye hello no yes so this it")
_DEFINITE = lexicon.POSSESSIVES | {"the", "this", "that", "these", "those"}
_QUOTES = frozenset("\"'“”‘’«»")
# "Nobody was hurt when a rocket struck the school": the negation stays in its own clause.
_APART = lexicon.words("when while as after before since because although though")
_LINKS = lexicon.words("and but while whereas although though")
_FICTION = lexicon.words("novel novels thriller sitcom screenplay fairytale fairy-tale saga")
_RETRACTING = _TAKEN_BACK | lexicon.words(
    "retract retracts retracting withdraw withdraws withdrawing recant recants recanting correct "
    "corrects correcting rescind rescinds disavow disavows"
)
_VERSIONS = lexicon.words("version versions edition")
_SAID_EARLIER = lexicon.words("put placed said stated gave located claimed described named had")
_EARLIER = lexicon.words("earlier previous original first initial")
# Without any of these a sentence disowns nothing.
_CLUES = (
    DISOWNING
    | _RETRACTING
    | _VERSIONS
    | _FICTION
    | _DISOWNING_ADVERBS
    | _PLANS
    | _TAKEN_BACK
    | lexicon.DENIALS
    | {"neither"}
)
_NEAR_REPORT = 4
_PAIR_REACH = 10
_PLAN_REACH = 6
_LONGEST_ABBREVIATION = 4
_MAX_REACH = 60


def polarity(words: Sequence[str], subject: int, anchor: int, *, named: bool) -> Polarity | None:
    """Polarity of what is said of the subject.

    Args:
        words: the sentence, lower-case.
        subject: first token of the subject.
        anchor: token before which the statement has to be qualified.
        named: whether the subject opens with a capital.

    Returns:
        None where the sentence takes back what it says, so that nothing is claimed.
    """
    if disowned(words, subject, anchor) or words[subject] in _NOBODY:
        return None
    before = words[subject - 1] if subject else ""
    if words[max(subject - 3, 0) : subject] in {("no", "fewer", "than"), ("no", "less", "than")}:
        # "No fewer than three wells lie in X"
        return _denied_within(words[subject:anchor])
    none_of = before == "of" and (
        words[subject - 2] in {"none", "neither"}
        or words[max(subject - 3, 0) : subject - 1] == ("not", "one")
    )
    if none_of or (before == "not" and words[subject] in _SINGLE):
        # "None of the tanks is in X", "not one of the tanks is in X"
        return "denied" if _denied_within(words[subject:anchor]) == "affirmed" else None
    if before in lexicon.BE and words[subject - 2 : subject - 1] == ("nor",) and subject == 2:
        # "Nor is the outpost in X"
        return "denied" if _denied_within(words[subject:anchor]) == "affirmed" else None
    if before == "nor" and "neither" in words[max(subject - _PAIR_REACH, 0) : subject]:
        # "Neither X nor Y lies in Z"
        return "denied" if _denied_within(words[subject:anchor]) == "affirmed" else None
    if before in _FEW:
        return None
    within = _denied_within(words[subject:anchor])
    if within is None:
        doing = words[anchor - 1] in lexicon.DENIALS and words[anchor].endswith("ing")
        doing = doing and words[anchor] != "being"
        earlier = _denied_within(words[subject : anchor - 1]) if doing else None
        # "Rebels denied capturing X"
        return "denied" if earlier == "affirmed" else None
    outside: Polarity | None = "affirmed"
    if before in {"no", "neither"}:
        outside = "denied"
    else:
        if _negated_matrix(words, subject):
            within = within if _untrue_that(words, subject) else "denied"
            return "denied" if within == "affirmed" else None
        if not named and words[subject] not in _DEFINITE and _negated(words, subject):
            return None
        outside = _denied_before(words, subject, anchor)
    if outside is None or (outside == "denied" and within == "denied"):
        return None
    return "denied" if "denied" in {outside, within} else "affirmed"


def disowned(words: Sequence[str], first: int, anchor: int) -> bool:
    """Whether the sentence calls what it says between two tokens untrue or never real."""
    if _CLUES.isdisjoint(words):
        return False
    begin, end = _begin(words, first), _end(words, anchor)
    for at in range(begin, end):
        word = words[at]
        if word in DISOWNING and not (word == "wrong" and at and words[at - 1] == "the"):
            return True
        if word in _FICTION:
            return True
        if word in _RETRACTING and REPORTS & set(words[at + 1 : at + 1 + _NEAR_REPORT]):
            # "We retract our claim that CLAIM"
            return True
        earlier = word in _VERSIONS and _EARLIER & set(words[max(at - 2, begin) : at])
        if earlier and not _SAID_EARLIER.isdisjoint(words[at + 1 : first]):
            # "An earlier version of this thread put CLAIM"
            return True
        undone = word in _TAKEN_BACK and not lexicon.BE.isdisjoint(words[max(at - 3, 0) : at])
        if undone and at >= anchor and not (REPORTS - {"which"}).isdisjoint(words[begin:first]):
            # "The claim that CLAIM was later withdrawn"
            return True
        if word in _TAKEN_BACK and REPORTS & set(words[max(at - _NEAR_REPORT, begin) : at]):
            return True
        around = {*words[max(at - 1, 0) : at], *words[at + 1 : at + 2]}
        if word in _DISOWNING_ADVERBS and around & _HOLDING:
            return True
        lead = words[max(at - _PLAN_REACH, begin) : at]
        if word in _PLANS and _PLANNED & set(lead) and "," not in lead:
            return True
        if word in lexicon.DENIALS and (at < first or at >= anchor):
            near = words[max(at - _NEAR_REPORT, begin if at < first else anchor) : at]
            object_follows = not {"this", "it", "that"}.isdisjoint(words[at + 1 : at + 2])
            # "A claim, rejected by X, that CLAIM", "reports that CLAIM were denied"
            passive = near and near[-1] in lexicon.BE and REPORTS & set(words[begin:first])
            if REPORTS & set(near) or (at >= anchor and (object_follows or passive)):
                return True
    # "Neither X nor Y ...": told of the two alone, not of what else comes after them.
    pair = "neither" in words[begin:first] and "nor" in words[begin:first]
    return pair and words[first - 1] != "nor"


def negated_before(words: Sequence[str], first: int) -> bool:
    """Whether a negation or denial stands in the same clause before a token."""
    return _negated(words, first, lexicon.DENIALS)


def _negated(words: Sequence[str], first: int, also: frozenset[str] = frozenset()) -> bool:
    for at in range(first - 1, max(first - _MAX_REACH, -1), -1):
        word = words[at]
        if word in {";", ",", "but", ":"} or word in _APART:
            return False
        if negates(word) or word in also:
            return True
    return False


def unsaid(words: Sequence[str], place: int) -> bool:
    """Whether a caption that names its place at a token may say that something was not there."""
    stop = next((at for at in range(place, len(words)) if _full_stop(words, at)), len(words))
    told = words[:stop]
    doubtful = DISOWNING | _DISOWNING_ADVERBS | lexicon.DENIALS | {"?"}
    return any(negates(word) or word in doubtful for word in told) or "?" in words[-2:]


def negates(word: str) -> bool:
    """Whether a lower-case word negates."""
    return word in _NEGATIONS or word.endswith("n't")


def reaches(between: Sequence[str]) -> bool:
    """Whether what stands between "said" or "denied" and a subject leaves it in what was said."""
    if not between:
        return True
    if tuple(between) in {("no",), ("this",), ("not", "a", "single")}:
        # "Aid workers said no checkpoint stands within 10 km"
        return True
    if between[0] in _SAID_NOTHING and "that" not in between:
        return False
    last_that = max((at for at, word in enumerate(between) if word == "that"), default=-1)
    quoted = next((at for at, word in enumerate(between) if word in _QUOTES), None)
    after = between[last_that + 1 :]
    if last_that < 0 and quoted is not None and set(between[:quoted]) <= {",", ":"}:
        # The quotation closes again before the subject, or holds it.
        return sum(word in _QUOTES for word in between) % 2 == 1
    if last_that < 0 and between[0] == ":":
        return True
    # A comma ends what was said, unless it sets off a time or place right behind "that".
    return "," not in after or (last_that >= 0 and after.index(",") <= 4 and after.count(",") == 1)


def _denied_within(inner: Sequence[str]) -> Polarity | None:
    """Polarity by the words from the subject to what is said of it."""
    for at, word in enumerate(inner):
        # "General X denied being seen in"; "the disputed base" is only described.
        if word in lexicon.DENIALS and at and inner[at - 1] not in lexicon.DETERMINERS:
            doing = inner[at + 1 : at + 2]
            if (
                doing
                and doing[0].endswith("ing")
                and doing[0] != "being"
                and _denied_within(inner[at + 1 :]) == "affirmed"
            ):
                # "The army denied having set up a zone"
                return "denied"
            return None
    told = _main(inner)
    negated = any(
        word in lexicon.NEGATIONS or word in {"nowhere", "nor"} or word.endswith("n't")
        for word in told
    )
    if not negated or any(one == "not" and two == "only" for one, two in pairwise(told)):
        return "affirmed"
    if any(word in lexicon.RELATIVES for word in told):
        # "The base that was not finished is": of the base, or of where it is?
        return None
    return "denied"


def _main(inner: Sequence[str]) -> list[str]:
    """The words without the asides between commas: "the base, which has no runway, lies"."""
    pieces: list[list[str]] = [[]]
    for word in inner:
        if word == ",":
            pieces.append([])
        else:
            pieces[-1].append(word)
    if len(pieces) == 1:
        return pieces[0]
    relative = any(
        word in lexicon.RELATIVES and (not at or piece[at - 1] in lexicon.PREPOSITIONS)
        for piece in pieces[1:-1]
        for at, word in enumerate(piece[:2])
    )
    within = next((at for at, word in enumerate(pieces[0]) if word in lexicon.RELATIVES), None)
    if within is not None:
        # "The plan that was never carried out, the base ..."
        return [*pieces[0][:within], *pieces[-1]]
    return [*pieces[0], *pieces[-1]] if relative or len(pieces) > 2 else [*pieces[0], *pieces[1]]


def _denied_before(words: Sequence[str], subject: int, anchor: int) -> Polarity | None:
    """As in "the ministry denied (reports) that CLAIM"; None if what was denied is not plain."""
    for at in range(subject - 1, max(subject - _MAX_REACH, -1), -1):
        if words[at] in {";", "but"}:
            return "affirmed"
        if words[at] not in lexicon.DENIALS:
            continue
        between = words[at + 1 : subject]
        if not reaches(between):
            return "affirmed"
        finite = "that" in between[:1] or any(
            word in lexicon.AUXILIARIES for word in words[subject:anchor]
        )
        finite = finite or any(
            verbs.VERBS.get(word) in verbs.POSITION_VERBS for word in words[subject:anchor]
        )
        plain = not between or between[0] in {"that", "on"} or bool(REPORTS & set(between))
        return "denied" if plain and finite else None
    return "affirmed"


def _negated_matrix(words: Sequence[str], subject: int) -> bool:
    """As in "it is not true that CLAIM", "nobody believed CLAIM"."""
    begin = _begin(words, subject)
    lead = words[begin:subject]
    that = max((at for at, word in enumerate(lead) if word == "that"), default=-1)
    comma = max((at for at, word in enumerate(lead[: max(that, 0)]) if word == ","), default=-1)
    told = lead[comma + 1 : max(that, 0)]
    if not told or told[0] in _HOLDING | lexicon.DENIALS:
        # "Nobody, he said, believed that CLAIM"
        told = lead[: max(that, 0)]
    if any(negates(word) for word in told):
        return True
    clause = max((at for at, word in enumerate(lead) if word == ","), default=-1)
    no = next((at for at in range(clause + 1, len(lead)) if negates(lead[at])), None)
    return no is not None and any(word in _HOLDING for word in lead[no + 1 :])


def _untrue_that(words: Sequence[str], subject: int) -> bool:
    """As in "it is not true that CLAIM", "nor is it the case that CLAIM"."""
    that = next((at for at in range(subject - 1, -1, -1) if words[at] == "that"), -1)
    if that < 3 or "," in words[that:subject] or words[that - 1] not in _TRUE:
        return False
    return any(negates(word) for word in words[max(that - 5, 0) : that])


def _begin(words: Sequence[str], first: int) -> int:
    """Where the stretch of the sentence begins that can disown what stands at ``first``."""
    for at in range(first - 1, max(first - _MAX_REACH, -1), -1):
        linked = words[at] in _LINKS and at and words[at - 1] == ","
        if linked or words[at] in {";", "but"} or _full_stop(words, at):
            return at + 1
    return max(first - _MAX_REACH, 0)


def _end(words: Sequence[str], anchor: int) -> int:
    last = min(anchor + _MAX_REACH, len(words))
    for at in range(anchor, last):
        if words[at] == ";" or _full_stop(words, at):
            return at
        if words[at] == "," and "and" in words[at + 1 : at + 2]:
            return at
    return last


def _full_stop(words: Sequence[str], at: int) -> bool:
    """Whether a dot in a sentence (of a caption, that is, which may hold several) ends one."""
    if words[at] != "." or not at:
        return False
    return words[at - 1].isdigit() or len(words[at - 1]) > _LONGEST_ABBREVIATION
