"""Whether words only proclaim a zone or have it enforced."""

from __future__ import annotations

from collections.abc import Sequence

from osint.claims import ZoneStatus
from osint.extract import lexicon

_PROCLAIMING = lexicon.words(
    "declare declares declared declaring proclaim proclaims proclaimed proclaiming announce "
    "announces announced announcing us-declared self-declared self-proclaimed decreed decree"
)
_ENFORCING = lexicon.words("enforce enforces enforced enforcing us-enforced polices policed")
_PUNISHED = lexicon.words(
    "bombed shot fired attacked struck hit targeted shelled destroyed sunk bomb bombs shoot "
    "shoots attack attacks strike strikes shell shells downed down fire fires bombing shooting "
    "rammed ram rams intercepted torpedoed mortared"
)
_DONE = lexicon.words(
    "seized impounded rammed intercepted torpedoed bombed shot fired attacked struck targeted "
    "shelled destroyed sunk downed"
)
_ENTERING = lexicon.words(
    "enter enters entering entered inside within approach approaches approaching comes came come "
    "coming crosses crossing violates violated violating into stray strays strayed straying "
    "breach breaches breached breaching drive drives drove drift drifts drifted fly flies flew "
    "sail sails sailed wander wanders wandered ignore ignores ignored test tests tested cross "
    "crossed step moves move moving moved steps stepped venture ventures ventured penetrate "
    "penetrates penetrated defy defies"
)
_ANYBODY = lexicon.words(
    "whatever any anyone anybody anything everyone everybody whoever those forces vehicles "
    "intruders"
)
_NOBODY = lexicon.NEGATIONS | {"nobody", "nothing", "neither"}
_LEAD = 5
_TAIL = 16


def zone_status(words: Sequence[str], first: int, end: int) -> ZoneStatus | None:
    """Enforced, proclaimed, or None where the words tell neither.

    Args:
        words: the sentence, lower-case.
        first: first token of the zone's noun phrase.
        end: one past the last token of the zone and its centre.
    """
    begin = max(first - _LEAD, 0)
    told = words[begin : end + _TAIL]
    stop = next((at for at, word in enumerate(told) if word == ";"), len(told))
    told = told[:stop]
    enforced = next((at for at, word in enumerate(told) if word in _ENFORCING), None)
    if enforced is not None and _NOBODY.isdisjoint(told[max(enforced - 3, 0) : enforced]):
        return "enforced"
    anybody = not _ANYBODY.isdisjoint(words) and not _ENTERING.isdisjoint(words)
    if anybody and not _PUNISHED.isdisjoint(words):
        return "enforced"
    if not _ENTERING.isdisjoint(words) and _is_punished(words):
        return "enforced"
    decreed = "decree" in words[:first] and "imposed" in words[:first]
    if decreed and words[words.index("decree") - 1] in {"by", "under"}:
        return "proclaimed"
    for at, word in enumerate(told):
        if word not in _PROCLAIMING or "that" in told[at + 1 : at + 2]:
            continue
        # Behind the zone only what is done to it counts: "... was proclaimed".
        passive = not lexicon.BE.isdisjoint(told[max(at - 3, 0) : at])
        which = {"which", "that"} & set(words[end : end + 2])
        if passive or begin + at < end or (which and begin + at <= end + _TAIL // 2):
            return "proclaimed"
    return None


def _is_punished(words: Sequence[str]) -> bool:
    """Whether somebody "is shot down", "were fired on", "will be attacked"."""
    for at, word in enumerate(words):
        lead = words[max(at - 3, 0) : at]
        passive = not lexicon.BE.isdisjoint(lead) and lexicon.NEGATIONS.isdisjoint(lead)
        if word in _DONE and passive and "by" not in lead:
            return True
    return False
