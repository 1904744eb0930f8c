"""Words that compare: "the largest base in southern Syria" tells nobody where the base is."""

from __future__ import annotations

from osint.extract import lexicon
from osint.extract.nouns import Noun

MOST = lexicon.words("most only main sole best worst")
_NO_SUPERLATIVE = lexicon.words(
    "forest rainforest west northwest southwest north-west south-west guest test rest brest "
    "protest harvest nest budapest bucharest"
)


def superlative(word: str) -> bool:
    """Whether a lower-case word compares with all others: "largest", "main", no "forest"."""
    return word in MOST or (word.endswith("est") and word not in _NO_SUPERLATIVE)


def best_of_all(noun: Noun) -> bool:
    """As in "the largest copper mine": it compares, but a name beside it is the thing's own."""
    words = noun.words.lower().split(" ")[:-1]
    return noun.determiner == "the" and any(superlative(word) for word in words)
