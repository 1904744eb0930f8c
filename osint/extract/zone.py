"""Zones of a stated size around a place: "a 55 kilometer exclusion zone around X".

Three things make one: the zone's noun, its size and its centre. The size stands before the noun, in
it, or after it ("of 55 km", "with a radius of", "extending 30 miles"); the centre after it
("around X", "that surrounds X", "extending 30 miles from X", a radius "of X") or before it ("X is
surrounded by", "X's 5 km zone", "the outpost came without a").
"""

from __future__ import annotations

from collections.abc import Iterator

from osint.claims import Distance, ZoneStatus
from osint.extract import lexicon
from osint.extract.clause import subject_of
from osint.extract.entities import Draft
from osint.extract.phrase import Phrase
from osint.extract.scene import Found, Scene
from osint.extract.stance import Stance, granted, unreal
from osint.extract.zone_apart import called, measured
from osint.extract.zone_size import EXTENT, zone_size
from osint.extract.zone_stance import ZonePhrase, ZoneStance
from osint.extract.zone_status import zone_status
from osint.extract.zone_words import LOOSE, ZONES, bare, keeps_out

_AROUND = frozenset({"around", "round", "surrounding", "encircling"})
_RINGS = lexicon.words("surround encircle ring surrounds surrounded surrounding encircling "
                       "encircles rings ringed encircled")  # fmt: skip
_OWNING = lexicon.words("has have had got gets enjoys keeps maintains lacks lacked needs")
_MIDDLES = frozenset({"the centre", "the center", "the middle", "the heart"})
_RUNNING = lexicon.words(
    "runs ran lies lay stretches stretched extends extended stands stood is was"
)
_BEING = lexicon.BE | lexicon.words("lies sits stands lay sat stood")
_COMPARING = frozenset({"like", "unlike", "than", "as"})
_OF_ZONES = lexicon.words("alienation exclusion death silence control influence safety evacuation")
_REACH = 18


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
        self.meant = ZoneStance(scene.sentence)

    def text(self, at: int) -> str:
        return self.flat[at].text if 0 <= at < len(self.flat) else ""

    def read(self, at: int) -> Iterator[Found]:
        zone = self.zone(at)
        if zone is None:
            return
        sized = zone_size(self.scene.sentence, zone.begin, at)
        size, after = sized.radius, sized.after
        fronted = self.fronted(zone) if size is None else None
        if fronted is not None and self.is_zone(zone):
            size, centre = fronted
            found = self.found(zone, size, centre, self.meant.stance(zone, centre, None))
            if found is not None:
                yield found
            return
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
            found = self.found(zone, size, behind, self.meant.stance(zone, behind, sized.told))
            if found is not None:
                yield found
        if ahead is not None:
            without = "without" in self.words[self.flat[ahead].stop : self.first(zone)]
            definite = self.words[self.first(zone)] == "the"
            if behind is None or (without and not definite and self.presupposed(after)):
                found = self.found(zone, size, ahead, self.meant.owned(ahead, zone))
                if found is not None:
                    yield found

    def fronted(self, zone: ZonePhrase) -> tuple[Distance, int] | None:
        """As in "More than 15 km in every direction around X, a free-fire zone was declared"."""
        at = zone.begin - 1
        if at < 2 or self.text(at) != "," or at > _REACH:
            return None
        opens = 1 if self.flat[0].kind == "prep" else 0
        quantity = self.flat[opens].quantity
        link = next((n for n in range(opens + 1, at) if self.text(n) in _AROUND), None)
        if quantity is None or link is None or link + 1 >= at:
            return None
        if any(self.flat[n].kind in {"verb", "aux"} for n in range(at)):
            return None
        centre = self.place(link + 1)
        return (quantity.distance, centre) if centre is not None else None

    def unsized(self, at: int) -> Found | None:
        """The zone at ``at`` without a size, which a later clause may tell."""
        zone = self.zone(at)
        if zone is None or zone_size(self.scene.sentence, zone.begin, at).radius is not None:
            return None
        centre = self.centre_behind(zone, zone.stop) if self.is_zone(zone) else None
        if centre is None:
            return None
        stands = self.meant.stance(zone, centre, None)
        if stands is None or stands.polarity == "denied":
            return None
        return self.found(zone, None, centre, stands)

    def first(self, zone: ZonePhrase) -> int:
        """First token of the zone's noun phrase, its size included."""
        return self.flat[zone.begin].first

    def zone(self, at: int) -> ZonePhrase | None:
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
            return ZonePhrase(begin - 2, at + 1, apposed.words, "zone")
        of = self.flat[at + 2].noun if at + 2 < len(self.flat) else None
        if of is not None and self.text(at + 1) == "of" and of.words in _OF_ZONES:
            # "a 30 km zone of alienation"
            return ZonePhrase(
                begin, at + 3, f"{noun.words} of {of.words}", noun.head.split(" ")[-1]
            )
        return ZonePhrase(begin, at + 1, noun.words, noun.head.split(" ")[-1])

    def is_zone(self, zone: ZonePhrase) -> bool:
        """Whether the noun, if loose, has a word that makes it a zone people are kept out of."""
        told = [word for index in range(zone.begin, zone.stop) for word in self.words_of(index)]
        return keeps_out(
            self.words, zone.head, told, first=self.first(zone),
            stop=self.flat[zone.stop - 1].stop,
        )  # fmt: skip

    def words_of(self, at: int) -> tuple[str, ...]:
        return self.words[self.flat[at].first : self.flat[at].stop]

    # -- centre ------------------------------------------------------------------------------------

    def centre_behind(self, zone: ZonePhrase, after: int) -> int | None:
        """Flat index of what the zone surrounds, said after it."""
        extends = False
        for index in range(zone.stop, min(zone.stop + _REACH, len(self.flat) - 1)):
            phrase = self.flat[index]
            if index >= after and (phrase.text in {";", ".", ":"} or phrase.kind == "sub"):
                return None
            if phrase.kind == "dir" or phrase.text in _COMPARING:
                return None
            if phrase.kind == "conj" and index >= after:
                other = self.other(index)
                return self.centre_behind(other, other.stop) if other is not None else None
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

    def other(self, conj: int) -> ZonePhrase | None:
        """As in "a 3 km protection zone and a 10 km surveillance zone around the farm"."""
        for index in range(conj + 1, min(conj + 4, len(self.flat))):
            noun = self.flat[index].noun
            if noun is not None and noun.head.split(" ")[-1] in ZONES:
                return self.zone(index)
            if self.flat[index].quantity is None and self.flat[index].kind != "other":
                return None
        return None

    def centre_fronted(self, zone: ZonePhrase) -> int | None:
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
        if at < len(self.flat) and self.text(at) in {"on", "all", "each", "both"}:
            at += 2 if self.text(at + 1) == "of" else 1
        if at < len(self.flat) and self.flat[at].of("pron", "it"):
            return at
        noun = self.flat[at].noun if at < len(self.flat) else None
        if noun is None or noun.abstract or noun.kind in {"zone", "border"}:
            return None
        thing = noun.role in {"unknown", "force"} and not noun.plural
        capital = any(word[:1].isupper() for word in noun.words.split(" "))
        described = noun.definite or noun.area is not None or capital
        thing = thing or (noun.role == "unknown" and described)
        numbered = noun.role == "site" and described
        return at if noun.is_place or numbered or (described and thing) else None

    def centre_ahead(self, zone: ZonePhrase) -> int | None:
        """Flat index of what the zone surrounds, said before it."""
        at = zone.begin - 1
        while at >= 0 and self.text(at) in {"sort", "the sort", "kind", "the kind", "of", "type"}:
            at -= 1
        if at >= 0 and self.text(at).endswith((" 's", " ’s")):
            # "Lomar's 5 km exclusion zone"
            owner = self.flat[at].noun
            return at if owner is not None and owner.is_place else None
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

    def status(self, zone: ZonePhrase, centre: int) -> ZoneStatus | None:
        end = self.flat[max(centre, zone.stop - 1)].stop
        return zone_status(self.words, self.first(zone), end)

    def found(
        self, zone: ZonePhrase, size: Distance | None, centre: int, stands: Stance | None
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
