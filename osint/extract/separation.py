"""How far one thing lies from another.

Every such statement has an anchored distance at its heart: "D from Y", "D north-east of Y", "within
D of Y", "D outside Y". What stands to its left says what lies there. A distance without an anchor
("targets 70 km away"), with two ends of a route ("200 km from A to B") or that qualifies a noun
("a 55 kilometer zone") is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from osint.extract import lexicon, setting, verbs
from osint.extract.anchored import Anchored, anchored_at
from osint.extract.anchors import can_anchor, nowhere
from osint.extract.areas import is_area
from osint.extract.asides import without_asides, without_attributions
from osint.extract.beside import (
    beside_another,
    fellows,
    found_there,
    meant,
    on_the_way,
    put_there,
)
from osint.extract.border import border_found
from osint.extract.clause import before, date_in, hearsay, infinitive, subject_of
from osint.extract.entities import Draft
from osint.extract.fronted import begins, fronted, scene_only
from osint.extract.heads import head_of
from osint.extract.holder import aimed, said_from, to_be_built
from osint.extract.pairs import pair_at
from osint.extract.phrase import Phrase
from osint.extract.scene import Found, Scene
from osint.extract.stance import Stance, stance

# What is at "a point 12 km from Y" is whatever the sentence is about.
_SPOTS = lexicon.words("point place spot location sea water desert countryside area air")
_SETTINGS = (
    "on", "at", "in", "near", "along", "between", "among", "above", "below", "behind", "beside",
    "by", "under", "beneath", "opposite", "inside", "off", "beyond",
)  # fmt: skip
_LIES = verbs.POSITION_VERBS | {"is", "are", "was", "were"}


def separations(scene: Scene) -> Iterator[Found]:
    """Every separation the sentence states, and the border claims that come with them."""
    if not any(phrase.kind == "qty" for phrase in scene.sentence.phrases):
        return
    reader = _Reader(scene, without_attributions(scene.sentence.phrases))
    for at, phrase in enumerate(reader.phrases):
        if phrase.kind != "qty":
            continue
        found = tuple(reader.read(at))
        if not found:
            bare, core = without_asides(reader.phrases, at)
            if len(bare) < len(reader.phrases):
                found = tuple(_Reader(scene, bare).read(core))
        yield from found


class _Reader:
    def __init__(self, scene: Scene, phrases: tuple[Phrase, ...]) -> None:
        self.scene = scene
        self.phrases = phrases
        self.last: tuple[int, int] | None = None  # (subject, stop) of the separation before
        self.target = 0  # what it was counted from

    def read(self, qty: int) -> Iterator[Found]:
        pair = pair_at(self.phrases, qty)
        if pair is not None:
            both = self.make(pair.one, pair.two, qty, "", first=pair.first)
            if both is not None:
                yield both
            return
        anchored = anchored_at(self.phrases, qty)
        if anchored is None:
            gapped = self.gapped(qty)
            if gapped is not None:
                yield gapped
            return
        subject = self.subject(anchored)
        if subject is None or subject == anchored.target:
            return
        if self.phrases[subject].text in {"i", "you"}:
            return
        after = self.at(anchored.stop)
        if self.phrases[subject].of("pron", "it") and after is not None and after.text == "that":
            # "It was 14 km from Y that the mine exploded"
            return
        subject = meant(self.phrases, subject)
        for fellow in fellows(self.phrases, subject)[:-1]:
            also = self.make(fellow, anchored.target, qty, anchored.direction, first=fellow)
            if also is not None:
                yield also
        found = self.make(subject, anchored.target, qty, anchored.direction, first=subject)
        if found is None:
            return
        self.last, self.target = (subject, anchored.stop), anchored.target
        border = setting.counted_along(self.phrases, qty)
        if border is not None and len(self.phrases) == len(self.scene.sentence.phrases):
            lies = border_found(self.scene, found.ends[0], self.phrases[subject], border, subject)
            if lies is not None:
                yield lies
        yield found

    def at(self, index: int) -> Phrase | None:
        return self.phrases[index] if 0 <= index < len(self.phrases) else None

    def gapped(self, qty: int) -> Found | None:
        """As in "A lies 4 km from Y and B 7 km": from Y as well."""
        after = self.at(qty + 1)
        opens = self.last is not None and self.last[1] == qty - 2 and self.thing(qty - 1)
        if not opens or not self.phrases[qty - 2].of("conj", "and", "but"):
            return None
        if after is not None and after.kind != "punct":
            return None
        return self.make(qty - 1, self.target, qty, "", first=qty - 1)

    # -- the subject of an anchored distance -----------------------------------------------------

    def subject(self, anchored: Anchored) -> int | None:
        qty = anchored.qty
        left = before(self.phrases, qty, "adv", "hedge", "neg")
        phrase = self.at(left)
        if phrase is not None and phrase.of("prep", "of") and self.counted(left - 1):
            left -= 2
            phrase = self.at(left)
        if phrase is not None and phrase.of("prep", "at"):
            left -= 1
            phrase = self.at(left)
        if left > 1 and phrase is not None and phrase.text in {"anchor", "rest", "sea", "bay"}:
            # "The frigate, at anchor six miles off Y"
            left -= 2
            phrase = self.at(left)
        opens = phrase is not None and phrase.of("verb") and phrase.text.endswith(("ed", "ing"))
        if opens and begins(self.phrases, left):
            # "Located 30 km from Y, the range is"
            return fronted(self.phrases, anchored.stop)
        if phrase is None or phrase.text in {";", ":", '"', "“"}:
            first = fronted(self.phrases, anchored.stop)
            return setting.told_before(self.phrases, left) if first is None else first
        if phrase.kind == "date":
            left -= 2 if left and self.phrases[left - 1].kind == "prep" else 1
            phrase = self.at(left)
            if phrase is None or phrase.text == ",":
                return fronted(self.phrases, anchored.stop)
        if phrase.text in setting.EACH and left and self.phrases[left - 1].text in lexicon.BE:
            # "are both 1 km from"
            left -= 1
            phrase = self.phrases[left]
        if phrase.kind == "np":
            return self.noun_subject(left)
        if phrase.kind in {"aux", "verb"}:
            return self.verb_subject(left)
        if left > 0 and phrase.of("prep", "up", "in", "out", "down"):
            # "set up", "dug in", "holed up", "camped out" 10 km from
            acts = self.phrases[left - 1]
            if phrase.text == "down" and acts.kind == "verb":
                # "came down 5 km short of the runway": along its path
                if self.phrases[qty + 1].text.startswith("short"):
                    return None
                return subject_of(self.phrases, left - 1)
            if acts.kind == "verb" and not ({acts.base, acts.text} & verbs.MOVE_VERBS):
                return self.verb_subject(left - 1)
        if phrase.kind == "prep" and self.quantity_within(qty):
            verb = self.at(left - 1)
            return self.verb_subject(left - 1) if verb is not None and verb.kind == "verb" else None
        if phrase.kind == "pron":
            verb = self.at(left - 1)
            return subject_of(self.phrases, left - 1) if verb and verb.kind == "verb" else None
        if phrase.text == "(":
            return left - 1 if self.thing(left - 1) else None
        if phrase.text in {",", "–", "—", "-"}:
            return self.after_comma(left, anchored)
        if phrase.kind == "conj":
            amended = setting.corrected(self.phrases, qty)
            return self.inherited(left) if amended is None else self.verb_subject(amended - 1)
        return None

    def counted(self, index: int) -> bool:
        """As in "at a distance of 12 km from"."""
        noun = self.phrases[index].noun if index > 0 else None
        return noun is not None and noun.head == "distance"

    def quantity_within(self, qty: int) -> bool:
        quantity = self.phrases[qty].quantity
        return quantity is not None and quantity.within

    def thing(self, index: int) -> bool:
        """A noun phrase that can lie somewhere; people quoted do not count."""
        phrase = self.at(index)
        return phrase is not None and phrase.noun is not None and phrase.noun.role != "person"

    def noun_subject(self, left: int) -> int | None:
        noun = self.phrases[left].noun
        if noun is not None and (noun.is_border or noun.head in _SPOTS):
            moved = before(self.phrases, left, "prep", "adv")
            lies = self.at(moved)
            if lies is not None and lies.kind == "np" and moved < left - 1:
                # "shows a berm at a spot 35 km west of Y"
                if setting.is_line(self.phrases, moved) and self.phrases[moved - 1].kind == "verb":
                    return self.verb_subject(moved - 1)
                return moved if self.thing(moved) and not noun.is_border else None
            return self.verb_subject(moved) if lies is not None and lies.kind == "verb" else None
        if setting.lasting(self.phrases, left):
            stays = before(self.phrases, left - 1, "prep", "adv")
            parked = stays >= 0 and self.phrases[stays].kind in {"aux", "verb"}
            return self.verb_subject(stays) if parked else None
        if noun is not None and noun.role == "person":
            return None
        if noun is not None and not noun.named and noun.role == "unknown":
            verb = self.at(left - 1)
            if verb is not None and verb.base in verbs.TRAVEL_VERBS:
                return None
            if head_of(noun.head) == "" and not noun.determiner:
                return left if setting.found_things(self.phrases, left) else None
        if to_be_built(self.phrases, left):
            return None
        hidden = setting.scenery(self.phrases, left)
        if hidden is not None:
            return self.verb_subject(hidden)
        same = setting.is_such(self.phrases, left)
        if same is not None:
            return same
        shoved = self.at(left - 1)
        if shoved is not None and {shoved.base, shoved.text} & verbs.SHOVE_VERBS:
            return None
        return None if aimed(self.phrases, left) else left

    def verb_subject(self, verb: int) -> int | None:
        phrase = self.phrases[verb]
        drifts = phrase.text.endswith("ing") and phrase.base in verbs.REACH_VERBS
        if drifts and verb and self.phrases[verb - 1].text == ",":
            # ", coming within D of Y": who came is not told by the words beside it.
            return None
        after = self.at(verb + 1)
        if phrase.base == "reach" and after is not None and after.kind == "qty":
            # "The danger area reaches 14 miles from Y"
            return None
        moves = bool({phrase.base, phrase.text} & verbs.MOVE_VERBS)
        if after is not None and after.text in {"back", "forward", "forwards"}:
            moves = moves or phrase.kind == "verb"
        moves = moves and not (after is not None and after.text in {"aground", "ashore"})
        if moves and not self.quantity_within_any(verb):
            return None
        verb = found_there(self.phrases, hearsay(self.phrases, verb))
        if infinitive(self.phrases, verb) or aimed(self.phrases, verb):
            return None
        return subject_of(self.phrases, verb)

    def quantity_within_any(self, verb: int) -> bool:
        return any(
            phrase.quantity is not None and phrase.quantity.within
            for phrase in self.phrases[verb : verb + 3]
        )

    def after_comma(self, comma: int, anchored: Anchored) -> int | None:
        """As in "X, D from Y": an apposition; "In X, D south of Y, ..." too."""
        if self.last is not None and self.last[1] == comma:
            return self.last[0]
        left = self.at(comma - 1)
        if left is None:
            return fronted(self.phrases, anchored.stop)
        if left.kind == "date":
            return fronted(self.phrases, anchored.stop)
        if left.kind == "np":
            if not self.thing(comma - 1):
                return None
            noun = left.noun
            named = setting.by_name(self.phrases, comma)
            if named is not None:
                return named
            deep = setting.in_water(self.phrases, comma)
            if deep is not None:
                return self.verb_subject(deep)
            if noun is not None and noun.is_border:
                if scene_only(self.phrases, comma):
                    return fronted(self.phrases, anchored.stop)
                return self.noun_subject(comma - 1)
            if on_the_way(self.phrases, comma - 1):
                # "a column on the M4, 5 km west of Y"
                before_it = self.at(comma - 3)
                acts = before_it is not None and before_it.kind in {"verb", "aux"}
                return self.verb_subject(comma - 3) if acts else self.noun_subject(comma - 3)
            verb = before(self.phrases, comma - 2, "adv", "hedge") if comma > 2 else -1
            inside = verb >= 0 and self.phrases[comma - 2].of("prep", "in", "inside")
            on = verb >= 0 and self.phrases[comma - 2].of("prep", *_SETTINGS)
            lies = on and bool({self.phrases[verb].base, self.phrases[verb].text} & _LIES)
            along = verb >= 0 and self.phrases[comma - 2].text in {"on", "along", "beside"}
            if lies and along and noun is not None and noun.named:
                # "lies on the Euphrates, 20 km from Y"
                return self.verb_subject(verb)
            lies = lies or (on and setting.passive(self.phrases, verb))
            if lies and noun is not None and not noun.named and not noun.is_border:
                # "lies on the railway, 20 km from Y"
                return self.verb_subject(verb)
            if scene_only(self.phrases, comma) and (is_area(noun) or not noun or not noun.named):
                # "In the Sahara, 80 km from Y, a camp"
                return fronted(self.phrases, anchored.stop, made=True)
            if is_area(noun) and inside and self.phrases[verb].kind in {"verb", "aux"}:
                # "lies in southern Syria, 20 km from Y"
                who = self.verb_subject(verb)
                if who is None or self.phrases[who].kind == "pron":
                    return who
                return who if setting.thinglike(self.phrases[who]) else comma - 1
            if noun is not None and noun.role == "area" and noun.kind == "country":
                # "in al-Tanf, Syria, 20 km from": the place is the one before the country.
                earlier = comma - 3
                named = self.thing(earlier) and self.phrases[comma - 2].text == ","
                return earlier if named else None
            if noun is not None and noun.role == "unknown" and not noun.named:
                closed = self.at(anchored.stop)
                aside = bool(noun.determiner) and closed is not None and closed.text == ","
                return comma - 1 if noun.definite or aside else None
            return comma - 1
        if left.kind in {"verb", "adv"}:
            verb = before(self.phrases, comma, "adv")
            return self.verb_subject(verb) if self.phrases[verb].kind == "verb" else None
        if left.text == ")":
            index = comma - 1
            while index >= 0 and self.phrases[index].text != "(":
                index -= 1
            return index - 1 if self.thing(index - 1) else None
        return None

    def inherited(self, conj: int) -> int | None:
        """As in "lies 38 km from A, and 30 km from B": the same subject again."""
        index = conj - 1
        if index >= 0 and self.phrases[index].text == ",":
            index -= 1
        if self.last is not None and self.last[1] in {index + 1, conj}:
            return self.last[0]
        # "lies on the border and 30 km from B"
        return beside_another(self.phrases, conj)

    # -- the claim -------------------------------------------------------------------------------

    def make(
        self, origin: int, target: int, qty: int, direction: str, *, first: int
    ) -> Found | None:
        phrases, quantity = self.phrases, self.phrases[qty].quantity
        stands = self.stance(origin, qty)
        if quantity is None or stands is None:
            return None
        if stands.modality == "stated" and put_there(phrases, origin, qty):
            stands = replace(stands, modality="reported")
        ends = self.end(origin), self.scene.anchor(phrases[target])
        if not can_anchor(phrases[target]) or ends[1] is None:
            return None
        place = ends[1]
        start = ends[0] or self.scene.nameless(phrases[origin], place)
        if start is place and phrases[origin].kind == "pron":
            start = self.scene.discourse.pronoun(
                phrases[origin], self.scene.number, site=True, apart=place
            )
        if start is None or start is place or nowhere(start):
            return None
        if place.role == "unknown" and place.proper is None and phrases[target].kind == "pron":
            return None
        indices = (origin, target, qty, first)
        span = (
            min(phrases[index].start for index in indices),
            max(phrases[index].end for index in indices),
        )
        return Found(
            kind="separation", span=span, sentence=self.scene.sentence, ends=(start, place),
            places=(self.scene.written(phrases[origin]), self.scene.written(phrases[target])),
            polarity=stands.polarity, modality=stands.modality, distance=quantity.distance,
            bearing_deg=_sector(direction) if direction else None,
            date=date_in(phrases, qty) if start.role in {"force", "person"} else None,
        )  # fmt: skip

    def stance(self, origin: int, qty: int) -> Stance | None:
        said = said_from(self.phrases, origin)
        first = min(self.phrases[said].first, self.phrases[qty].first)
        amended = setting.corrected(self.phrases, qty)
        if amended is not None:
            return stance(self.scene.sentence, first, self.phrases[amended].first)
        stands = stance(self.scene.sentence, first, self.phrases[qty].first)
        if said != origin and stands is not None and stands.polarity == "denied":
            # "They have no base 20 km from Y": nothing is there, and nothing lies elsewhere.
            return None
        return stands

    def end(self, index: int) -> Draft | None:
        return self.scene.referent(self.phrases[index], site=True)


def _sector(word: str) -> tuple[float, float]:
    from gazetteer.compass import compass_sector

    return compass_sector(word)
