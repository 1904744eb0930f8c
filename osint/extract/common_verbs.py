"""Common verbs of reports that tell no event, position or presence of their own.

The grammar has to know them as verbs all the same: without them "gunmen lurk along the border" is
one long noun phrase. ``PLAIN`` verbs are hardly ever nouns in any form; of ``NOUNISH`` ones
("fear", "tower") only the forms in -ed and -ing count, save where the words before them show that
no noun can stand there (``wordclass.agrees``).
"""

from __future__ import annotations

from osint.extract.lexicon import listed

PLAIN = listed(
    "accept achieve acknowledge acquire adapt adopt admit advise allow amass amuse annoy appeal "
    "apply appoint appreciate argue arrange ask assert assess assist assume assure attend avoid "
    "await beg behave belong betray bewilder blame bless boast bother breathe bristle browse "
    "calculate cease chant cherish clamber cling coincide collect comb combine commemorate commit "
    "communicate compare compete complain comprise conceal concede conclude condemn confess "
    "confirm confiscate confront congregate conquer consider consist console construct consult "
    "contain contend contribute convene converge converse convert convey cooperate coordinate "
    "cope creep criticise criticize crouch dangle dare debate deceive decide declare decorate "
    "deem defend defy deliver demonstrate depend descend describe deserve destroy deteriorate "
    "determine detain deter develop devote die differ dig diminish disagree disappear disappoint "
    "discuss disguise dismantle disobey disrupt distinguish distribute distrust dot doubt dominate "
    "dwindle earn edge eat elect eliminate embrace emerge emit emphasise emphasize employ enable "
    "encourage endanger endure engage enjoy enlist ensure entail enter escort examine exceed "
    "exclude execute exhaust expel explain exploit explore expose extract fade fail feed feel "
    "fend fetch flap flaunt flock flutter foresee forbid forgive forget foster fulfil fulfill "
    "furnish gesture glare gleam glide glitter glow grasp graze greet grieve guess hang happen "
    "hasten hesitate hinder hobble hover huddle hug hurl identify ignore illustrate imagine "
    "imply impose impress include indicate infer inform inhabit inherit inspire instruct intend "
    "interpret interrogate interrupt intervene introduce investigate invite involve jeopardise "
    "jostle justify kneel lack languish laugh lean learn lend linger listen litter load loiter "
    "loom lurk maintain manage marvel mend migrate mingle modify monitor multiply murmur narrate "
    "neglect negotiate nestle notice notify obey observe obtain occupy offend oppose oppress "
    "originate overlook oversee owe participate perceive perch perish permit persist persuade "
    "pledge plunge ponder possess postpone pour practise praise pray preach precede predict "
    "prefer pretend prevail prevent proceed procure prohibit proliferate promote propose prosper "
    "protect protrude prove provide provoke publish punish pursue quarrel queue quote reappear "
    "rebel recall reckon recognise recognize recommend reconsider reconstruct recruit rectify "
    "recuperate redirect refer reflect refrain regret reinforce reject rejoice relate release "
    "relieve rely remember remind remove renew renounce rent repeat replace reply represent "
    "request require resemble resent resettle reside resign resist resolve respect respond "
    "restrict resume retain retire retreat reveal revere reverse revisit revive reward roam "
    "sail salvage satisfy scan scavenge scoop scour scramble scrape scream scrutinise scurry "
    "seep serve shepherd shiver shove shrink sift sing skirt sleep slip slumber smuggle "
    "sniff snarl soar sob solve specify spill squat squeeze stagger stalk stammer steer stoop "
    "straggle stroll struggle stumble subdue submit succeed suffer sum summon supervise suppose "
    "surpass survive swear swim swoop talk tell tend testify thrive tolerate trample transform "
    "transmit traverse tread treat trek trespass trudge trust undergo understand undertake unfold "
    "unfurl unite unveil uphold urge utilise utilize utter vanish verify violate wade wail wander "
    "weave weep wield wipe withhold withstand worship wrap wrestle yell yield"
)
_IRREGULAR = {
    "eat": "ate eaten", "drink": "drank drunk", "beat": "beaten beating", "bend": "bent",
    "bite": "bitten", "bleed": "bled bleeding", "cling": "clung", "creep": "crept",
    "deal": "dealt", "draw": "drew drawn", "feed": "fed fed", "feel": "felt", "forbid": "forbade",
    "forget": "forgot forgotten forgetting", "forgive": "forgave forgiven", "freeze": "froze",
    "hang": "hung", "kneel": "knelt", "lean": "leant", "leap": "leapt", "learn": "learnt",
    "lend": "lent", "mean": "meant", "read": "reading", "shake": "shook shaken",
    "shine": "shone", "shrink": "shrank shrunk", "sing": "sang sung", "sleep": "slept",
    "slide": "slid", "spin": "spun", "spring": "sprang sprung", "swear": "swore sworn",
    "swim": "swam swum swimming", "swing": "swung", "tread": "trod trodden",
    "understand": "understood", "undergo": "underwent undergone",
    "undertake": "undertook undertaken", "uphold": "upheld", "wake": "woke woken",
    "wear": "wore worn", "weave": "wove woven", "weep": "wept", "withhold": "withheld",
    "withstand": "withstood", "oversee": "oversaw overseen", "foresee": "foresaw foreseen",
    "grind": "grinding", "admit": "admitted admitting", "commit": "committed committing",
    "submit": "submitted submitting", "permit": "permitted permitting", "prefer": "preferred",
    "refer": "referred referring", "expel": "expelled expelling", "compel": "compelled",
    "occur": "occurred occurring", "beg": "begged begging", "hug": "hugged hugging",
    "slip": "slipped slipping", "wrap": "wrapped wrapping", "scan": "scanned scanning",
    "sob": "sobbed sobbing", "emit": "emitted emitting", "equip": "equipped equipping",
    "rebel": "rebelled", "transmit": "transmitted transmitting", "fulfil": "fulfilled fulfilling",
    "patrol": "patrolled patrolling", "control": "controlled controlling",
}  # fmt: skip
IRREGULAR: dict[str, str] = {
    form: base for base, forms in _IRREGULAR.items() for form in forms.split()
}
# "Rebel", "offensive" and the like are nouns first.
ONLY_INFLECTED = frozenset(
    {"rebel", "recruit", "shepherd", "escort", "edge", "sum", "litter", "trek", "debate", "reward"}
    | {"request", "respect", "rent", "reverse", "monitor", "load", "queue", "quote", "release"}
    | {"appeal", "pledge", "scream", "slip", "struggle", "talk", "trust", "doubt", "permit"}
    | {"gesture", "stalk", "squat", "embrace", "skirt", "notice", "praise", "blame", "retreat"}
    | {"flock", "scan", "spill", "yield", "console", "flap", "convert", "reply", "regret", "stroll"}
    | {"exploit", "extract", "hug", "laugh", "plunge", "guess", "scoop", "scramble", "swoop", "sob"}
    | {"fade", "surge", "combine", "comb", "fail", "boast", "feed", "pose", "contest", "weave"}
    | {"hang", "wake", "draw", "deal", "drink", "read", "spring", "swing", "bite", "slide"}
)
NOUNISH = listed(
    "face fear tower board lack mark flank dominate guard house line mount man watch wait work "
    "rest sleep pose peer queue rally rush salute shout sign smoke stage stare stream surge "
    "flock appeal laugh scramble stroll talk feed struggle trap turn venture vow walk wave witness "
    "wonder worry head hope"
)
