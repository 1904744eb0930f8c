"""Words that say what sort of feature a name means, and the kind each stands for.

The keys are folded (see ``names.fold``), so that an Arabic word stands here without its article and
with its final ta marbuta as ha. ``place.KINDS`` says how large each kind is.
"""

from __future__ import annotations

from types import MappingProxyType

_WORDS: dict[str, str] = {
    "base": "base;bases;military base;army base;air defence base;garrison;garrisons;barracks;"
    "camp base;qaida;qaidah;قاعده;قاعده عسكريه;ثكنه;military camp;military airfield base",
    "outpost": "outpost;outposts;military outpost;military post;نقطه عسكريه",
    "checkpoint": "checkpoint;checkpoints;check point;roadblock;hajiz;حاجز",
    "crossing": "crossing;crossings;border crossing;border gate;port of entry;mabar;معبر;"
    "معبر حدودي;منفذ;منفذ حدودي",
    "border_post": "border post;border posts;frontier post;border guard post;border station;"
    "مخفر;مخفر حدودي",
    "airport": "airport;international airport;airfield;air base;airbase;military airport;airstrip;"
    "military airbase;matar;مطار;مطار عسكري;قاعده جويه",
    "camp": "camp;refugee camp;camps;idp camp;mukhayyam;mukhayyam lajiin;مخيم",
    "hill": "hill;hills;tell;tall;tel;tal;tallat;tallet;تل;تله;mound;ridge;turaq",
    "mountain": "mountain;mountains;mount;mt;jabal;jebel;djebel;jabel;gebel;جبل;جبال;peak",
    "wadi": "wadi;ouadi;oued;valley;وادي",
    "dam": "dam;sadd;سد;reservoir",
    "crossroads": "crossroads;crossroad;junction;intersection;triangle;muthallath;مثلث;مفرق;mafraq",
    "oil_field": "oil field;oilfield;gas field;oil fields;حقل;حقل نفط;pumping station",
    "city": "city;madinat;madinah;medina;مدينه",
    "town": "town;township;balda;بلده",
    "village": "village;villages;qaryat;qarya;قريه;khirbat;khirbet;خربه",
    "populated_place": "settlement;hamlet;populated place;locality;p class",
    "region": "district;governorate;province;region;subdistrict;county;muhafazat;muhafazah;"
    "محافظه;منطقه;ناحيه;countryside;desert;badia;باديه;state;oblast",
}

GENERICS = MappingProxyType(
    {word: kind for kind, words in _WORDS.items() for word in words.split(";")}
)
"""Folded feature word or phrase to kind."""

LONGEST_GENERIC = max(len(word.split()) for word in GENERICS)
"""Most words in one of them."""
