"""The verbs the grammar knows, their forms, and what they tell: position, presence, movement."""

from __future__ import annotations

from collections.abc import Iterable

from osint.extract import common_verbs
from osint.extract.events import PLAIN_EVENTS, WIDE_EVENTS
from osint.extract.lexicon import listed, singular, words


def _forms(bases: Iterable[str]) -> dict[str, str]:
    """Every regular inflection of the verbs, mapped to its base form."""
    forms: dict[str, str] = {}
    for base in bases:
        stem = base[:-1] if base.endswith("e") else base
        if base.endswith("y") and base[-2] not in "aeiou":
            forms |= dict.fromkeys((base[:-1] + "ies", base[:-1] + "ied", base + "ing"), base)
        else:
            plural = base + ("es" if base.endswith(("s", "sh", "ch", "x")) else "s")
            forms |= dict.fromkeys((plural, stem + "ed", stem + "ing"), base)
            if _doubles(base):
                forms |= dict.fromkeys((base + base[-1] + "ed", base + base[-1] + "ing"), base)
        forms[base] = base
    return forms


def _doubles(base: str) -> bool:
    """Whether the last letter may be doubled: "gutted", "rigged", "pummelled"."""
    return base[-1] not in "aeiouwxy" and base[-2:-1] in "aeiou" and base[-3:-2] not in "aeiou"


_IRREGULAR_VERBS = {
    "lie": "lies lay lain lying",
    "sit": "sits sat sitting",
    "stand": "stands stood standing",
    "see": "sees saw seen seeing",
    "come": "comes came coming",
    "get": "gets got gotten getting",
    "break": "breaks broke broken breaking",
    "cut": "cuts cutting",
    "set": "sets setting",
    "take": "takes took taken taking",
    "make": "makes made making",
    "say": "says said saying",
    "tell": "tells told telling",
    "hit": "hits hitting",
    "fall": "falls fell fallen falling",
    "hold": "holds held holding",
    "build": "builds built",
    "find": "finds found finding",
    "run": "runs ran running",
    "drive": "drives drove driven driving",
    "fly": "flies flew flown flying",
    "flee": "flees fled fleeing",
    "leave": "leaves left leaving",
    "lose": "loses lost losing",
    "win": "wins won winning",
    "begin": "begins began begun beginning",
    "go": "goes went gone going",
    "give": "gives gave given giving",
    "keep": "keeps kept keeping",
    "know": "knows knew known knowing",
    "hide": "hides hid hidden hiding",
    "dig": "digs dug digging",
    "meet": "meets met meeting",
    "sink": "sinks sank sunk sinking",
    "stop": "stops stopped stopping",
    "spot": "spots spotted spotting",
    "ride": "rides rode ridden riding",
    "speak": "speaks spoke spoken speaking",
    "deny": "denies denied denying",
    "throw": "throws threw thrown throwing",
    "bring": "brings brought bringing",
    "send": "sends sent sending",
    "rise": "rises rose risen rising",
    "think": "thinks thought thinking",
    "show": "shows showed shown showing",
    "burn": "burns burned burnt burning",
    "blow": "blows blew blown blowing",
    "withdraw": "withdraws withdrew withdrawn withdrawing",
    "travel": "travels travelled traveled travelling traveling",
    "live": "lives lived living",
    "put": "puts putting",
    "house": "houses housed",
    "shell": "shells shelled shelling",
    "strike": "strikes struck striking",
    "become": "becomes became becoming",
    "dwell": "dwells dwelt dwelling",
    "tour": "tours toured touring",
    "spend": "spends spent spending",
    "buy": "buys bought buying",
    "sell": "sells sold selling",
    "teach": "teaches taught teaching",
    "write": "writes wrote written writing",
    "seek": "seeks sought seeking",
    "grow": "grows grew grown growing",
    "choose": "chooses chose chosen choosing",
    "overrun": "overruns overran overrunning",
    "retake": "retakes retook retaken retaking",
    "sweep": "swept sweeping",
    "tear": "tore torn tearing",
    "fight": "fought fighting",
    "lead": "led",
    "lay": "laid laying",
    "rebuild": "rebuilds rebuilt rebuilding",
    "shut": "shuts shutting",
    "steal": "stole stolen stealing",
    "bear": "born",
    "catch": "caught",
    "drop": "dropped dropping",
    "ram": "rammed ramming",
    "level": "levelled leveled",
    "spread": "spreading",
    "shoot": "shoots shot shooting",
    "plan": "planned planning",
    "found": "founded founding",
    "burst": "bursts bursting",
    "stick": "stuck",
    "rip": "ripped ripping",
    "chop": "chopped chopping",
    "slam": "slammed slamming",
    "snap": "snapped snapping",
    "strip": "stripped stripping",
    "sever": "severed severing",
    "repel": "repelled repelling",
    "scatter": "scattered scattering",
    "pay": "pays paid paying",
    "ring": "rings ringed ringing",
    "shake": "shook shaken shaking",
    "freeze": "froze frozen freezing",
    "swing": "swung swinging",
    "slide": "slid sliding",
    "grab": "grabbed grabbing",
    "rig": "rigged rigging",
    "overtake": "overtook overtaken overtaking",
    "flow": "flowed flowing",
    "drag": "dragged dragging",
    "wet": "wetted",
    "jam": "jammed jamming",
    "plug": "plugged plugging",
    "clog": "clogged clogging",
    "log": "logged logging",
    "bog": "bogged bogging",
    "slip": "slipped slipping",
    "ship": "shipped shipping",
    "trap": "trapped trapping",
    "block": "blocked blocking",
    "tow": "towed towing",
    "airdrop": "airdropped airdropping",
    "expel": "expelled expelling",
    "fell": "felled felling",
    "quit": "quit quitting",
    "split": "splits split splitting",
    "lob": "lobbed lobbing",
}
_REGULAR_VERBS = listed(
    "locate situate station base deploy position perch encamp remain reach arrive advance push "
    "appear visit inspect land photograph picture film sight stay separate divide march walk sail "
    "stretch extend fire haul crash bomb attack capture seize retake destroy report confirm "
    "suggest proclaim declare enforce encircle enclose receive "
    "support enter help convince organize organise train "
    "supply seem view force surround approach move open close kill injure evacuate ambush halt "
    "raid occupy control establish form store bury mass gather assemble concentrate discover "
    "launch target damage collapse explode flood happen occur claim announce believe expect try "
    "want need look use call name describe suspect allege insist accuse warn agree follow return "
    "reopen shelter protest celebrate patrol guard greet welcome carry prepare pass cross settle "
    "anchor moor park dock camp dig storm play pose wait watch search clear work react mourn queue "
    "exist straddle adjoin abut huddle strand nestle entrench sleep cook wave aim load rest cheer "
    "liberate besiege hear weigh measure cover start "
    "continue serve host lead operate own intercept retreat flee"
)
_ONLY_INFLECTED = frozenset({"lead", "sweep", "tear", "lay", "bear", "catch", "drop", "ram"}) | {
    "level", "spread", "plan", "found", "fight", "shake", "freeze", "swing", "slide", "grab", "rig",
    "flow", "drag", "wet", "jam", "plug", "clog", "log", "bog", "slip", "ship", "trap", "block",
    "tow", "airdrop", "fell", "overtake", "split", "ring",
}  # fmt: skip


def _past(bases: Iterable[str]) -> dict[str, str]:
    """The forms in -ed and -ing only: the bare form is as often a noun."""
    return {
        form: base
        for form, base in _forms(bases).items()
        if form.endswith(("ed", "ing")) and form != base
    }


VERBS: dict[str, str] = (
    common_verbs.IRREGULAR
    | _forms(base for base in common_verbs.PLAIN if base not in common_verbs.ONLY_INFLECTED)
    | _past(sorted(common_verbs.ONLY_INFLECTED | frozenset(common_verbs.NOUNISH)))
    | _past(sorted(PLAIN_EVENTS | WIDE_EVENTS))
    | _forms(_REGULAR_VERBS)
    | {
        form: base
        for base, listed in _IRREGULAR_VERBS.items()
        for form in (*listed.split(), *(() if base in _ONLY_INFLECTED else (base,)))
    }
)


def base_of(word: str) -> str:
    """The base form of a word in lower case that the sentence shows to be a verb."""
    return VERBS.get(word) or (word if word.endswith("ed") else singular(word))


# Verb forms that in these texts are far more often nouns or parts of names, unless a rule needs
# them; a subject before them or the lack of a determiner decides in phrases.py.
NOUN_FIRST = words(
    "base bases station stations position positions post camp camps park guard guards patrol "
    "patrols force forces crossing crossings building settlement march may tour report reports "
    "mass form support attack attacks raid strike strikes shell train target control house houses "
    "view set cut dock film picture photograph cover damage flood protest claim use name call "
    "burning crash march land help shelter approach advance beginning meeting living dwelling "
    "start fire blast clash"
)

# Past and present are spelled alike.
INVARIABLE = words("hit cut set put shut burst spread split overrun come run become")

POSITION_VERBS = frozenset(
    {"lie", "sit", "stand", "locate", "situate", "remain", "position", "perch", "encamp", "settle"}
    | {"exist", "rest", "nestle"}
)
REACH_VERBS = frozenset({"reach", "arrive", "come", "get", "break", "push", "advance"})
TRAVEL_VERBS = frozenset(
    {"travel", "march", "walk", "drive", "fly", "run", "stretch", "extend", "fire", "haul", "flee"}
    | {"sail", "throw", "go", "retreat", "withdraw", "return", "move", "rise"}
)
SIGHT_VERBS = frozenset({"see", "spot", "photograph", "picture", "film", "sight"})
STAY_VERBS = frozenset({"station", "base", "deploy", "position", "locate", "gather", "mass"})
COME_VERBS = frozenset({"arrive", "land", "appear"})
VISIT_VERBS = frozenset({"visit", "tour", "inspect"})
SEPARATE_VERBS = frozenset({"separate", "divide"})

# What one does over a distance rather than lies at the end of it, unless "within" it.
MOVE_VERBS = TRAVEL_VERBS | words(
    "advance push break ride progressed progressing inched inching crawled crawling trekked "
    "trekking hiked hiking swam drifted drifting pulled pulling towed towing dragged dragging "
    "jumped jumping cycled cycling veered veering rolled rolling shifted shifting carried carrying "
    "transported transferred relocated"
)
# What happens to their object is a movement too.
SHOVE_VERBS = words(
    "push drive haul throw move pulled pulling towed towing dragged dragging shifted shifting "
    "carry carried carrying transported transferred relocated"
)
