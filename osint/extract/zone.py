"""Zones of a stated size around a place: "a 55 kilometer exclusion zone around X".

Three things make one: the zone's noun, its size and its centre. The size stands before the noun, in
it, or after it ("of 55 km", "with a radius of", "extending 30 miles"); the centre after it
("around X", "that surrounds X", "extending 30 miles from X", a radius "of X") or before it ("X is
surrounded by", "X's 5 km zone", "the outpost came without a").
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from osint.claims import Distance, ZoneStatus
from osint.extract import lexicon
from osint.extract.clause import subject_of
from osint.extract.entities import Draft
from osint.extract.phrase import Phrase
from osint.extract.scene import Found, Scene
from osint.extract.stance import Stance, asserted, granted, stance, unreal, wished
from osint.extract.zone_apart import called, measured
from osint.extract.zone_size import EXTENT, zone_size
from osint.extract.zone_status import zone_status
from osint.extract.zone_words import LOOSE, ZONES, bare, keeps_out

_AROUND = frozenset({"around", "round", "surrounding", "encircling"})
_RINGS = lexicon.words("surround encircle ring surrounds surrounded surrounding encircling "
                       "encircles rings ringed encircled")  # fmt: skip
_OWNING = lexicon.words("has have had got gets enjoys keeps maintains lacks lacked needs")
_MIDDLES = frozenset({"the centre", "the center", "the middle", "the heart"})
_MAKING = lexicon.words("set establish create declare impose proclaim announce draw enforce put")
_RUNNING = lexicon.words(
    "runs ran lies lay stretches stretched extends extended stands stood is was"
)
_BEING = lexicon.BE | lexicon.words("lies sits stands lay sat stood")
_SAYS = lexicon.words("say says said claim claims claimed report reports reported insist insists")
_COMPARING = frozenset({"like", "unlike", "than", "as"})
_REACH = 18


@dataclass(frozen=True, slots=True)
class _Zone:
    """A zone's noun: flat phrase indices ``begin`` to ``stop`` (half-open), its words, its head."""

    begin: int
    stop: int
    what: str
    head: str


def zones(scene: Scene) -> Iterator[Found]:
    """Every zone of stated size and centre."""
    reader = _Reader(scene)
    found = False
    earlier = scene.discourse.zone
    if earlier is not None and scene.number - earlier[1] == 1:
        yield from measured(scene, earlier[0])
    for at, phrase in enumerate(scene.sentence.flat):
        if phrase.noun is not None and phrase.noun.head.split(" ")[-1] in ZONES | LOOSE:
            for zone in reader.read(at):
                found = True
                yield zone
            unsized = None if found else reader.unsized(at)
            if unsized is not None:
                scene.discourse.zone = (unsized, scene.number)
                yield from measured(scene, unsized)
    if not found:
        yield from called(scene)


class _Reader:
    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.flat = scene.sentence.flat
        self.words = scene.sentence.words

    def text(self, at: int) -> str:
        return self.flat[at].text if 0 <= at < len(self.flat) else ""

    def read(self, at: int) -> Iterator[Found]:
        zone = self.zone(at)
        if zone is None:
            return
        sized = zone_size(self.scene.sentence, zone.begin, at)
        size, after = sized.radius, sized.after
        if size is None or not self.is_zone(zone):
            return
        behind = self.centre_behind(zone, after)
        if behind is None:
            behind = self.centre_fronted(zone)
        ahead = self.centre_ahead(zone)
        compared = self.centre_compared(after)
        if compared is not None:
            found = self.found(zone, size, compared, granted(self.scene.sentence, self.first(zone)))
            if found is not None:
                yield found
        if behind is not None:
            found = self.found(zone, size, behind, self.stance(zone, behind, sized.told))
            if found is not None:
                yield found
        if ahead is not None:
            without = "without" in self.words[self.flat[ahead].stop : self.first(zone)]
            definite = self.words[self.first(zone)] == "the"
            if behind is None or (without and not definite and self.presupposed(after)):
                found = self.found(zone, size, ahead, self.owned(ahead, zone))
                if found is not None:
                    yield found

    def unsized(self, at: int) -> Found | None:
        """The zone at ``at`` without a size, which a later clause may tell."""
        zone = self.zone(at)
        if zone is None or zone_size(self.scene.sentence, zone.begin, at).radius is not None:
            return None
        centre = self.centre_behind(zone, zone.stop) if self.is_zone(zone) else None
        if centre is None:
            return None
        stands = self.stance(zone, centre, None)
        if stands is None or stands.polarity == "denied":
            return None
        return self.found(zone, None, centre, stands)

    def first(self, zone: _Zone) -> int:
        """First token of the zone's noun phrase, its size included."""
        return self.flat[zone.begin].first

    def zone(self, at: int) -> _Zone | None:
        """The zone whose head noun is in flat phrase ``at``, with what belongs to it before."""
        begin = at
        while begin and self.flat[begin - 1].kind in {"qty", "adv"} and at - begin < 3:
            if self.flat[begin - 1].kind == "adv" and self.flat[begin - 1].stop != (
                self.flat[begin].first
            ):
                break
            if self.flat[begin - 1].kind == "adv" and "-" not in self.text(begin - 1):
                break
            begin -= 1
        if (
            begin
            and self.flat[begin - 1].kind == "other"
            and self.text(begin - 1) in (lexicon.DETERMINERS)
        ):
            begin -= 1
        noun = self.flat[at].noun
        if noun is None or unreal(noun.words):
            return None
        apposed = self.flat[begin - 2].noun if begin > 1 and self.text(begin - 1) == "," else None
        if apposed is not None and apposed.head.split(" ")[-1] in ZONES:
            # "its exclusion zone, a 55 km circle around X"
            return _Zone(begin - 2, at + 1, apposed.words, "zone")
        return _Zone(begin, at + 1, noun.words, noun.head.split(" ")[-1])

    def is_zone(self, zone: _Zone) -> bool:
        """Whether the noun, if loose, has a word that makes it a zone people are kept out of."""
        told = [word for index in range(zone.begin, zone.stop) for word in self.words_of(index)]
        return keeps_out(
            self.words, zone.head, told, first=self.first(zone),
            stop=self.flat[zone.stop - 1].stop,
        )  # fmt: skip

    def words_of(self, at: int) -> tuple[str, ...]:
        return self.words[self.flat[at].first : self.flat[at].stop]

    # -- centre ------------------------------------------------------------------------------------

    def centre_behind(self, zone: _Zone, after: int) -> int | None:
        """Flat index of what the zone surrounds, said after it."""
        extends = False
        for index in range(zone.stop, min(zone.stop + _REACH, len(self.flat) - 1)):
            phrase = self.flat[index]
            if index >= after and (phrase.text in {";", ".", ":"} or phrase.kind == "sub"):
                return None
            if phrase.kind == "dir" or phrase.text in _COMPARING:
                return None
            if phrase.kind == "conj" and index >= after:
                return None
            extends = extends or phrase.text in EXTENT or phrase.quantity is not None
            word = phrase.text
            links = word in _AROUND or (word in _RINGS and phrase.kind in {"verb", "np"})
            links = links or (word == "from" and extends and phrase.kind == "prep")
            near = index == after and word in {"of", "at"} and phrase.kind == "prep"
            links = links or near or (word == "on" and self.text(index - 1) == "centred")
            links = links or (word == "on" and self.text(index - 1) == "centered")
            if links and self.text(index - 1) not in {"is", "was", "are", "were", "been"}:
                return self.place(index + 1)
            if phrase.quantity is not None and word != "within":
                continue
        return None

    def centre_fronted(self, zone: _Zone) -> int | None:
        """As in "Around X there is a zone", "Around X, a zone of ... has been in force"."""
        at = zone.begin - 1
        if self.text(at) in _RUNNING:
            # "Around the reactor at X runs a zone"
            opens = next((n for n in (at - 2, at - 4) if self.text(n) in {"around", "round"}), None)
            if opens is not None and (opens == 0 or self.flat[opens - 1].kind in {"punct", "conj"}):
                return self.place(opens + 1)
        if at > 1 and self.text(at) == "of" and self.text(at - 1) in _MIDDLES:
            # "At the heart of the zone lies X"
            opens = at == 3 and self.text(zone.stop) in _BEING
            return self.place(zone.stop + 1) if opens else None
        while at > 0 and (
            self.flat[at].kind in {"aux", "adv", "hedge", "neg", "verb"} or self.text(at) == ","
        ):
            at -= 1
        if at > 1 and self.flat[at].kind in {"np", "pron"} and self.flat[at - 1].kind != "prep":
            # "Around X the authorities have declared a zone"
            at -= 2 if self.text(at - 1) == "," else 1
        if at < 1 or self.text(at - 1) not in {"around", "round", "surrounding"}:
            return None
        opens = at == 1 or self.flat[at - 2].kind in {"punct", "conj", "sub"}
        return self.place(at) if opens else None

    def centre_compared(self, after: int) -> int | None:
        """As in "a zone of 55 km like the one around X": that one is as large."""
        for index in range(after, min(after + 3, len(self.flat) - 1)):
            if self.text(index) in _COMPARING:
                one, link = self.text(index + 1), self.text(index + 2)
                if one in {"the one", "that", "those"} and link in _AROUND:
                    return self.place(index + 3)
        return None

    def place(self, at: int) -> int | None:
        """The phrase if it can be a centre: a name or a description."""
        if at < len(self.flat) and self.text(at) in {"on", "all"}:
            at += 1
        if at < len(self.flat) and self.flat[at].of("pron", "it"):
            return at
        noun = self.flat[at].noun if at < len(self.flat) else None
        if noun is None or noun.abstract or noun.kind in {"zone", "border"}:
            return None
        thing = noun.role in {"unknown", "force"} and not noun.plural
        described = noun.definite or any(word[:1].isupper() for word in noun.words.split(" "))
        return at if noun.is_place or (described and thing) else None

    def centre_ahead(self, zone: _Zone) -> int | None:
        """Flat index of what the zone surrounds, said before it."""
        at = zone.begin - 1
        while at >= 0 and self.text(at) in {"sort", "the sort", "kind", "the kind", "of", "type"}:
            at -= 1
        if at < 1:
            return None
        if self.flat[at].kind == "neg" and at > 1:
            at -= 1
        if at > 1 and self.text(at - 1) == "to" and self.text(at) == "have":
            # "seems to have no zone"
            at -= 2
        word = self.text(at)
        if word in _MIDDLES and at > 1 and self.text(at - 1) in {"at", "in"}:
            # "X is at the centre of a zone"
            return self.subject(at - 2) if self.text(at - 2) in _BEING else None
        if word == "by" and self.text(at - 1) in _RINGS | {"protected"}:
            return self.subject(at - 1)
        if word in {"without", "with"}:
            verb = self.flat[at - 1]
            if verb.kind == "verb":
                return self.subject(at - 1)
            return self.place(at - 1) if verb.noun is not None and word == "without" else None
        if word in _OWNING or self.flat[at].kind == "hedge":
            return self.subject(at)
        return None

    def subject(self, verb: int) -> int | None:
        index = subject_of(self.flat, verb)
        if index is None:
            return None
        if self.flat[index].kind == "pron":
            return index
        while index >= 2 and self.text(index - 1) in {"at", "in"} and self.flat[index - 2].noun:
            index -= 2
        return self.place(index)

    # -- what is meant -----------------------------------------------------------------------------

    def presupposed(self, after: int) -> bool:
        """Whether the zone behind is one that exists: "... zone that was proclaimed around X"."""
        return any(self.flat[index].kind == "rel" for index in range(after, after + 2)
                   if index < len(self.flat))  # fmt: skip

    def stance(self, zone: _Zone, centre: int, told: int | None) -> Stance | None:
        """How a zone is meant whose centre is said after it, its size perhaps in a predicate."""
        first = self.first(zone)
        rel = any(self.flat[index].kind == "rel" for index in range(zone.stop, centre))
        sentence = self.scene.sentence
        if "?" in self.words[-2:]:
            return None
        if rel or self.words[first] in {"the", "this", "that", "its", "their"}:
            # What is definite is there, whatever is said of it: "the zone that was proclaimed".
            made = self.verb_before(zone)
            if made is not None and self.flat[made].base in _MAKING:
                # "The UN never set up the zone that was asked for"
                lead = self.flat[max(made - 3, 0) : made + 1]
                if any(piece.kind == "neg" for piece in lead):
                    return None
            if told is not None:
                return stance(sentence, first, self.flat[told].first)
            return granted(sentence, first)
        if wished(self.words, first) or self.wished_of(zone, centre):
            return None
        verb = self.verb_before(zone)
        if verb is not None:
            subject = subject_of(self.flat, verb)
            begin = self.flat[subject].first if subject is not None else self.flat[verb].first
            return stance(sentence, begin, first)
        if self.text(zone.begin - 1) == "no":
            said = asserted(sentence, self.flat[zone.begin])
            return said or Stance("denied", "stated")
        after = next((p.first for p in self.flat[zone.stop :] if p.kind in {"verb", "aux"}), None)
        opens = zone.begin <= 1 or self.flat[zone.begin - 1].kind in {"sub", "punct"}
        if after is not None and opens:
            last = next((p.stop for p in self.flat if p.first >= after and p.kind == "verb"), after)
            return stance(sentence, first, last)
        return asserted(sentence, self.flat[zone.begin])

    def verb_before(self, zone: _Zone) -> int | None:
        at = zone.begin - 1
        while at >= 0 and (self.flat[at].kind in {"adv", "hedge"} or self.text(at) == "up"):
            at -= 1
        later = {phrase.kind for phrase in self.flat[zone.stop : zone.stop + 2]}
        if self.text(at) in _SAYS and "aux" in later:
            # "Residents say a zone has been in place around X"
            return None
        return at if at >= 0 and self.flat[at].kind == "verb" else None

    def wished_of(self, zone: _Zone, centre: int) -> bool:
        if self.text(max(centre, zone.stop - 1) + 1) in {"should", "would", "will", "shall"}:
            return True
        later = self.words[self.flat[zone.stop - 1].stop :]
        return any(
            word in {"planned", "proposed", "discussed", "considered", "demanded", "expected"}
            and later[at - 1 : at] and later[at - 1] in lexicon.BE
            for at, word in enumerate(later)
        ) or (not lexicon.FUTURES.isdisjoint(later[:12]) and zone.begin == 0)  # fmt: skip

    def owned(self, centre: int, zone: _Zone) -> Stance | None:
        """How a zone is meant whose centre is said before it: "X came without a zone"."""
        first = self.first(zone)
        held = stance(self.scene.sentence, self.flat[centre].first, first)
        if held is None:
            begin = self.flat[centre].stop
            if "without" not in self.words[begin:first]:
                return None
            held = Stance("affirmed", "stated")
        lacks = {"without", "lacks", "lacked"} & set(self.words[self.flat[centre].stop : first])
        if not lacks:
            return held
        return replace(held, polarity="denied") if held.polarity == "affirmed" else None

    def status(self, zone: _Zone, centre: int) -> ZoneStatus | None:
        end = self.flat[max(centre, zone.stop - 1)].stop
        return zone_status(self.words, self.first(zone), end)

    def found(
        self, zone: _Zone, size: Distance | None, centre: int, stands: Stance | None
    ) -> Found | None:
        if stands is None:
            return None
        phrase = self.flat[centre]
        where = self.centre(phrase, centre)
        if where is None or where.role == "person":
            return None
        first, last = min(zone.begin, centre), max(zone.stop - 1, centre)
        denied_ahead = centre < zone.begin and stands.polarity == "denied"
        return Found(
            kind="zone", span=(self.flat[first].start, self.flat[last].end),
            sentence=self.scene.sentence, ends=(where,), places=(self.scene.written(phrase),),
            polarity=stands.polarity, modality=stands.modality, distance=size,
            what=bare(zone.what), status=None if denied_ahead else self.status(zone, centre),
        )  # fmt: skip

    def centre(self, phrase: Phrase, at: int) -> Draft | None:
        if phrase.kind == "pron":
            return self.scene.referent(phrase, site=True)
        where = self.scene.thing(phrase)
        link, where_it_is = self.text(at + 1), self.flat[at + 2 : at + 3]
        noun = where_it_is[0].noun if where_it_is else None
        if where is None or where.proper or link not in {"in", "on", "at"} or noun is None:
            return where
        if noun.definite and noun.role == "site" and (phrase.start, phrase.end) in where.mentions:
            # "around the bomb in the market": described by where it is
            where.mentions.remove((phrase.start, phrase.end))
            where.mentions.append((phrase.start, where_it_is[0].end))
        return where
