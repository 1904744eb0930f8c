"""The English words that relate one place to another, as patterns for ``parse``."""

from __future__ import annotations

import re

from gazetteer.compass import compass_word

_SIDE = r"(?:north|south)?[\s\-\u2010-\u2015]?(?:north|south|east|west)"
HEADING = (
    r"(?:(?:due|directly|just|immediately|slightly|possibly|far)\s+)?"
    r"(?:to\s+the\s+|in\s+the\s+|the\s+)?(?:(?:due|far)\s+)?"
    rf"(?P<heading>(?:(?:north|south|east|west)[\s\-\u2010-\u2015]+)?{_SIDE}(?:wards?|erly)?"
    r"|(?-i:[NS]{1,2}[EW]|[EW][NS][EW]|[NSEW]))(?![\w'’])\.?"
)
"""A direction: a word of up to three parts, or capitals; ``heading_of`` reads it."""

ADJECTIVE = (
    r"(?:far\s+|extreme\s+|deep\s+)?(?P<side>(?:north|south)?[\s\-\u2010-\u2015]?"
    r"(?:northern|southern|eastern|western|north|south|east|west)|(?-i:[NS][EW])|central)"
)

PATH_NOUN = (
    r"roads?|highways?|motorways?|freeways?|autoroute|streets?|avenues?|routes?|track|trail|"
    r"railways?|railroads?|rivers?|canals?|wadi|pipelines?|coast|coastline|shore|valley"
)
SETTLEMENT = r"villages?|towns?|city|cities|hamlets?|settlements?|localit(?:y|ies)|community"
_THING = (
    r"area|areas|region|land|lands|desert|steppe|countryside|plain|plains|stretch|strip|zone|"
    r"section|part|parts|point|site|place|somewhere|spot|location|locations|convoy|house|houses|"
    r"home|farm|farms|farmland|field|fields|camp|camps|base|bases|checkpoint|checkpoints|position|"
    r"positions|post|outpost|outposts|barracks|crossing|water crossing|junction|crossroads|"
    r"roundabout|bridge|mosque|school|hospital|market|factory|plant|warehouse|depot|building|"
    r"buildings|hill|hills|village|villages|town|towns|hamlet|settlement|dam|station|airport|"
    r"airfield|airstrip|airbase|trailer park|park|cemetery|mountain|mountains|valley|road|highway|"
    r"street|river|canal|track|water plant|mosques?|schools?|province|governorate|district"
)
UNNAMED = re.compile(
    r"(?:(?:an?|the|some|several|various|one|two|three|small|large|remote|civilian|civilians|"
    r"military|army|rebel|government|refugee|displaced|idp|isis|us|russian|turkish|syrian|border|"
    r"oil|gas|water|ice|abandoned|empty|open|rural|populated|residential|industrial|agricultural|"
    r"unknown|unnamed|train|power|police|air|training)\s+)*"
    rf"(?:{_THING})",
    re.I,
)
"""A thing without a name of its own: "a refugee camp"."""

NEAR = (
    r"(?:(?:somewhere|very|right|close)\s+)?(?:near(?:by)?(?:\s+to)?|close\s+to|next\s+to|"
    r"beside|besides|adjacent\s+to|not\s+far\s+from|around|by|opposite|"
    r"(?:in\s+|within\s+)?(?:the\s+|immediate\s+)*(?:vicinity|surroundings|environs|proximity|"
    r"neighbou?rhood)\s+(?:of|to)|in\s+the\s+area\s+(?:of|around)|(?:the\s+)?area\s+around)"
)
EDGE = (
    r"(?:(?:on|at|in|from)\s+)?(?:the\s+)?"
    r"(?:(?P<edge_side>(?:(?:north|south)[\s\-]+)?[a-z\-]+|(?-i:[NSEW]))\s+)?"
    r"(?P<edge>outskirts?|edges?|periphery|suburbs?|fringes?|margins?|limits?|countryside|"
    r"hinterland|environs)\s+of"
)
MINUS = (
    r"(?:excluding|except(?:ing)?(?:\s+for)?|without|minus|other\s+than|but\s+not|apart\s+from|"
    r"not\s+including)"
)
BORDER = r"(?:borders?|frontiers?)"
BESIDE = r"(?:in|inside|within|at|on|of|along|off)"


_CENTRE = ("central", "centre", "center")


def heading_of(text: str) -> str | None:
    """The compass word of a match of ``HEADING``, single capitals included."""
    plain = text.strip(" .")
    letters = {"N": "north", "S": "south", "E": "east", "W": "west"}
    return letters.get(plain) or compass_word(plain)


def side_of(text: str) -> str | None:
    """Compass word of an adjective ("southern"), "central", or None."""
    plain = text.strip()
    return "central" if plain.casefold() in _CENTRE else heading_of(plain)
