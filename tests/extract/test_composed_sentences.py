"""Texts composed from known claims of every kind are read back: those claims and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.extract.matching import compare

PUBLISHED = "2019-03-20"
NAMES = [
    "al-Harma", "Tell Suwar", "Kafr Nahal", "Deir ez-Zahr", "Bazrin", "Qasr al-Tawil", "Lomsk",
    "Umm Rasas", "Kesto", "Norvale",
]  # fmt: skip
AREAS = [
    "southern Syria",
    "Anbar province",
    "Libya",
    "the north of Mali",
    "Iraq's Dohuk governorate",
]
FIXED = ["depot", "logistics base", "refinery", "radar station", "field hospital", "checkpoint"]
FORCES = ["Iraqi troops", "Rebel fighters", "Two brigades", "The militia", "French soldiers"]
PEOPLE = ["General Harrow", "The prime minister", "President Okello", "Colonel Saleh"]
UNITS = {"km": 1000.0, "kilometres": 1000.0, "miles": 1609.344, "nautical miles": 1852.0}
COMPASS = ["north", "north-east", "southwest", "west"]
ZONES = ["exclusion zone", "no-fly zone", "buffer zone", "security cordon"]
BORDERS = {
    "the Chadian-Libyan border": ["LY", "TD"],
    "the border between Jordan and Iraq": ["IQ", "JO"],
    "the Ukrainian-Polish border": ["PL", "UA"],
}
DAYS = {
    "on 4 March 2019": ["2019-03-04", "2019-03-04"],
    "last Friday": ["2019-03-15", "2019-03-15"],
    "in May 2016": ["2016-05-01", "2016-05-31"],
    "yesterday": ["2019-03-19", "2019-03-19"],
    "two weeks ago": ["2019-03-06", "2019-03-06"],
    "on 11 February": ["2019-02-11", "2019-02-11"],
}
# (event, its subject and the rest): the clause is its own description.
EVENTS = [
    "captured the {thing} near {name}", "shelled the {thing} in {name}", "withdrew from {name}",
    "entered {name}", "blew up the bridge at the edge of {name}", "reached the {thing}",
]  # fmt: skip
PASSIVE = ["was destroyed", "was set up", "was evacuated", "reopened", "was hit by a missile"]
FILLER = [
    "The talks went on.", "Prices in Lebanon rose.", "The drone has a range of 200 km.",
    "Homs told reporters that he was tired.", "The 55th Regiment has 900 men.",
    "He walked 20 km in a day.", "The minister said on Tuesday that talks would go on.",
]  # fmt: skip


@dataclass(slots=True)
class Composed:
    """A sentence and the claims it makes."""

    text: str
    claims: list[dict[str, Any]] = field(default_factory=list)


def bare(words: str) -> str:
    return words.removeprefix("The ").removeprefix("the ")


def start(words: str) -> str:
    return words[0].upper() + words[1:]


@dataclass(frozen=True, slots=True)
class Stance:
    """A way to say a finite clause ``{subject} {verb} {rest}`` and what that makes of its claim."""

    shape: str
    fields: dict[str, str]


STANCES = [
    Stance("{subject} {verb} {rest}.", {}),
    Stance("{subject} {verb} {rest}.", {}),
    Stance("{subject} {verb} not {rest}.", {"polarity": "denied"}),
    Stance("Officials said that {subject} {verb} {rest}.", {"modality": "reported"}),
    Stance("According to the ministry, {subject} {verb} {rest}.", {"modality": "reported"}),
    Stance("{subject} {verb} {rest}, officials said.", {"modality": "reported"}),
    Stance("{subject} {verb} reportedly {rest}.", {"modality": "reported"}),
    Stance("{subject} {verb} probably {rest}.", {"modality": "hedged"}),
    Stance("Analysts believe {subject} {verb} {rest}.", {"modality": "hedged"}),
]
# Wrapped like this the clause claims nothing.
NOTHING = [
    "If {clause}, the road is closed.",
    "It is false that {clause}.",
    "I was wrong when I suggested that {clause}.",
    "Nobody believed the claim that {clause}.",
    "{clause}, a claim the paper later retracted.",
]


def said(stance: Stance, subject: str, verb: str, rest: str, *claims: dict[str, Any]) -> Composed:
    opens = stance.shape.startswith("{subject}")
    told = start(subject) if opens else subject
    text = stance.shape.format(subject=told, verb=verb, rest=rest)
    return Composed(text, [{**claim, **stance.fields} for claim in claims])


def place(number: int, thing: str) -> str:
    return f"the {thing}" if number % 2 else thing


def names(count: int) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(NAMES), min_size=count, max_size=count, unique=True)


@st.composite
def separations(draw: st.DrawFn) -> Composed:
    one, two = draw(names(2))
    number, unit = draw(st.integers(2, 900)), draw(st.sampled_from(sorted(UNITS)))
    compass = draw(st.sampled_from(["", *COMPASS]))
    link = f"{compass} of" if compass else "from"
    claim = {
        "kind": "separation", "from": one, "to": two, "said_m": number * UNITS[unit],
        "bearing": compass or None,
    }  # fmt: skip
    return said(draw(st.sampled_from(STANCES)), one, "is", f"{number} {unit} {link} {two}", claim)


@st.composite
def directions(draw: st.DrawFn) -> Composed:
    one, two = draw(names(2))
    compass = draw(st.sampled_from(COMPASS))
    claim = {
        "kind": "direction",
        "subject": one,
        "relation": compass.replace("-", ""),
        "object": two,
    }
    return said(draw(st.sampled_from(STANCES)), one, "is", f"{compass} of {two}", claim)


@st.composite
def zone_directions(draw: st.DrawFn) -> Composed:
    (centre,) = draw(names(1))
    thing, compass = draw(st.sampled_from(FIXED)), draw(st.sampled_from(COMPASS))
    zone = f"{draw(st.sampled_from(ZONES))} around {centre}"
    claim = {
        "kind": "direction", "subject": thing, "relation": compass.replace("-", ""), "object": zone,
    }  # fmt: skip
    stance = draw(st.sampled_from(STANCES[:1]))
    return said(stance, f"the {thing}", "lies", f"to the {compass} of the {zone}", claim)


@st.composite
def borders(draw: st.DrawFn) -> Composed:
    thing, border = draw(st.sampled_from(FIXED)), draw(st.sampled_from(sorted(BORDERS)))
    claim = {"kind": "border", "subject": thing, "between": BORDERS[border]}
    return said(draw(st.sampled_from(STANCES)), f"the {thing}", "is", f"on {border}", claim)


@st.composite
def containments(draw: st.DrawFn) -> Composed:
    area = draw(st.sampled_from(AREAS))
    (name,) = draw(names(1))
    subject = draw(st.sampled_from([name, f"the {draw(st.sampled_from(FIXED))}"]))
    claim = {"kind": "containment", "subject": bare(subject), "area": bare(area)}
    shape = draw(st.integers(0, 2))
    if shape == 0:
        return Composed(f"{start(subject)}, in {area}, is old.", [claim])
    if shape == 1:
        return Composed(f"{name}, a town in {area}, is old.", [{**claim, "subject": name}])
    return said(draw(st.sampled_from(STANCES)), subject, "is", f"in {area}", claim)


@st.composite
def zones(draw: st.DrawFn) -> Composed:
    (centre,) = draw(names(1))
    what, number = draw(st.sampled_from(ZONES)), draw(st.integers(2, 90))
    unit = draw(st.sampled_from(sorted(UNITS)))
    claim: dict[str, Any] = {
        "kind": "zone", "centre": centre, "said_m": number * UNITS[unit], "what": what,
    }  # fmt: skip
    article = "an" if what[0] in "aeiou" else "a"
    size = draw(
        st.sampled_from(
            [
                f"{number} {unit} {what} around {centre}",
                f"{what} of {number} {unit} around {centre}",
                f"{what} with a radius of {number} {unit} around {centre}",
                f"{what} extending {number} {unit} from {centre}",
            ]
        )
    )
    article = article if size.startswith(what) else "a"
    shape, status, fields = draw(
        st.sampled_from(
            [
                ("The army declared {zone}.", "proclaimed", {}),
                ("The army has not declared {zone}.", "proclaimed", {"polarity": "denied"}),
                ("The army has probably declared {zone}.", "proclaimed", {"modality": "hedged"}),
                ("Officials said the army enforces {zone}.", "enforced", {"modality": "reported"}),
                ("The army set up {zone}.", None, {}),
            ]
        )
    )
    text = shape.format(zone=f"{article} {size}")
    return Composed(text, [{**claim, "status": status, **fields}])


@st.composite
def located(draw: st.DrawFn) -> Composed:
    (name,) = draw(names(1))
    who = draw(st.sampled_from(PEOPLE))
    claim = {"kind": "located", "subject": bare(who), "place": name, "date": None}
    stance = draw(st.sampled_from(STANCES))
    subject = who if who[:4] != "The " else f"the {bare(who)}"
    return said(stance, subject, "was", f"in {name}", claim)


@st.composite
def dated(draw: st.DrawFn) -> Composed:
    (name,) = draw(names(1))
    day = draw(st.sampled_from(sorted(DAYS)))
    thing = draw(st.sampled_from(FIXED))
    if draw(st.booleans()):
        subject = f"The {thing}"
        rest = draw(st.sampled_from(PASSIVE))
    else:
        subject = draw(st.sampled_from(FORCES))
        rest = draw(st.sampled_from(EVENTS)).format(thing=thing, name=name)
    event = f"{bare(subject)} {rest}"
    claim = {"kind": "dated", "event": event, "date": DAYS[day]}
    told = subject if subject[0:4] != "The " else f"the {bare(subject)}"
    shape, fields = draw(
        st.sampled_from(
            [
                (f"{subject} {rest} {day}.", {}),
                (f"{start(day)}, {told} {rest}.", {}),
                (f"Officials said that {told} {rest} {day}.", {"modality": "reported"}),
                (f"{subject} {rest} {day}, according to the ministry.", {"modality": "reported"}),
                (f"Perhaps {told} {rest} {day}.", {"modality": "hedged"}),
                (f"The ministry denied that {told} {rest} {day}.", {"polarity": "denied"}),
            ]
        )
    )
    return Composed(shape, [{**claim, **fields}])


@st.composite
def captions(draw: st.DrawFn) -> Composed:
    (name,) = draw(names(1))
    who = bare(draw(st.sampled_from(FORCES)))
    claim = {"kind": "located", "subject": start(who), "place": name}
    country = draw(st.sampled_from(["", "Yemen", "Chad"]))
    told, day = draw(
        st.sampled_from(
            [("June 11, 2018", ["2018-06-11"] * 2), ("May 2016", ["2016-05-01", "2016-05-31"])]
        )
    )
    where = f"{name}, {country}" if country else name
    wider = [{"kind": "containment", "subject": name, "area": country}] if country else []
    link = draw(st.sampled_from(["at", "near", "outside", "in"]))
    return Composed(f"{start(who)} {link} {where}, {told}", [{**claim, "date": day}, *wider])


PROSE = st.one_of(
    separations(), directions(), zone_directions(), borders(), containments(), zones(), located(),
    dated(), st.sampled_from(FILLER).map(Composed),
)  # fmt: skip


def check(text: str, claims: list[dict[str, Any]]) -> None:
    result = compare({"text": text, "published": PUBLISHED, "claims": claims})
    extra = [(claim.kind, claim.polarity, claim.own_fields()) for claim in result.extra]
    assert (result.missed, extra) == ([], []), text


@settings(max_examples=400)
@given(PROSE)
def test_a_sentence_is_read_back(composed: Composed) -> None:
    check(composed.text, composed.claims)


@settings(max_examples=100)
@given(captions())
def test_a_caption_is_read_back(composed: Composed) -> None:
    check(composed.text, composed.claims)


def named(composed: Composed) -> set[str]:
    """What a sentence speaks of; two that share none of it cannot be taken for one another."""
    return {word for word in [*NAMES, *FIXED, *AREAS, *PEOPLE] if bare(word) in composed.text}


@settings(max_examples=200)
@given(st.lists(PROSE, min_size=2, max_size=3))
def test_sentences_side_by_side_are_read_back(several: list[Composed]) -> None:
    kept: list[Composed] = []
    for composed in several:
        if all(named(composed).isdisjoint(named(other)) for other in kept):
            kept.append(composed)
    text = " ".join(composed.text for composed in kept)
    check(text, [claim for composed in kept for claim in composed.claims])


@settings(max_examples=100)
@given(names(2), st.integers(2, 900), st.sampled_from(NOTHING), st.sampled_from(AREAS))
def test_what_is_supposed_or_taken_back_is_nothing(
    two: list[str], number: int, shape: str, area: str
) -> None:
    for clause in (f"{two[0]} is {number} km from {two[1]}", f"{two[0]} is in {area}"):
        check(shape.format(clause=clause), [])


@settings(max_examples=60)
@given(
    st.one_of(separations(), containments(), borders(), located(), dated()),
    st.sampled_from(["That was wrong.", "The claim was later withdrawn.", "This is not true."]),
)
def test_the_next_sentence_takes_it_back(composed: Composed, retraction: str) -> None:
    check(f"{composed.text} {retraction}", [])
