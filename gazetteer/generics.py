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
    "camp": "camp;refugee camp;camps;idp camp;mukhayyam;mukhayyam lajiin;makhyam;مخيم;مخيمات",
    "hill": "hill;hills;tell;tall;tel;tal;tallat;tallet;tulul;tuloul;تل;تله;تلال;تلول;mound;ridge;"
    "turaq",
    "mountain": "mountain;mountains;mount;mt;jabal;jebel;djebel;jabel;gebel;jibal;جبل;جبال;peak",
    "wadi": "wadi;ouadi;oued;valley;وادي",
    "dam": "dam;sadd;سد;reservoir",
    "bridge": "bridge;bridges;jisr;jisir;جسر",
    "island": "island;jazirat;jazirah;جزيره",
    "crossroads": "crossroads;crossroad;junction;intersection;triangle;muthallath;مثلث;مفرق;mafraq",
    "oil_field": "oil field;oilfield;gas field;oil fields;حقل;حقل نفط;pumping station",
    "city": "city;madinat;madinah;medina;مدينه",
    "town": "town;township;balda;baldat;baldah;بلده",
    "village": "village;villages;qaryat;qarya;qaryah;qariyat;qura;قريه;قري;khirbat;khirbet;khirba;"
    "khirbah;kherbet;kherbat;kharbet;khurbat;خربه;hawsh;haush;hosh;حوش",
    "populated_place": "settlement;hamlet;populated place;locality;p class;farm;farms;mazraat;"
    "mazraa;mazraah;mazari;مزرعه;مزارع",
    "neighbourhood": "neighbourhood;neighborhood;neighbourhoods;neighborhoods;hayy;suburb;suburbs;"
    "quarter;حي;احيا;ضاحيه",
    "district": "district;subdistrict;sub district;county;qada;qadha;kaza;nahiya;nahiyah;nahiyat;"
    "nahia;markaz;قضا;ناحيه;منطقه;مركز",
    "region": "governorate;province;region;muhafazat;muhafazah;gouvernorat;محافظه;countryside;"
    "desert;badia;باديه;state;oblast",
}

GENERICS = MappingProxyType(
    {word: kind for kind, words in _WORDS.items() for word in words.split(";")}
)
"""Folded feature word or phrase to kind."""

LONGEST_GENERIC = max(len(word.split()) for word in GENERICS)
"""Most words in one of them."""

_QUALIFIERS: dict[str, str] = {
    "north": "north;northern;northeast;northwest;shamali;shamaliyah;shamaliya;chamali;"
    "شمالي;شماليه;الشمال;شمال",
    "south": "south;southern;southeast;southwest;janubi;janubiyah;janubiya;qibli;qibliyah;"
    "جنوبي;جنوبيه;قبلي;قبليه;جنوب",
    "east": "east;eastern;sharqi;sharqiyah;sharqiya;sharki;charki;sharqieh;شرقي;شرقيه;شرق",
    "west": "west;western;gharbi;gharbiyah;gharbiya;gharbieh;garbi;gherbi;غربي;غربيه;غرب",
    "upper": "upper;fawqani;fawqaniyah;foqani;fouqani;foqa;fawqa;ulya;oulya;olya;"
    "فوقاني;فوقانيه;فوقا;عليا;علويه",
    "lower": "lower;tahtani;tahtaniyah;tahta;tehtani;sufla;soufla;تحتاني;تحتانيه;تحتا;سفلي",
    "great": "great;greater;big;kabir;kabirah;kabira;kbir;kebir;kubra;كبير;كبيره;كبري",
    "little": "little;small;saghir;saghirah;saghira;sghir;sughra;صغير;صغيره;صغري",
    "middle": "middle;central;centre;center;wastani;wasati;wusta;awsat;وسطاني;وسطي;وسط",
    "new": "new;jadid;jadidah;jadida;jdid;jdideh;جديد;جديده",
    "old": "old;qadim;qadimah;qadima;atiq;atiqah;قديم;قديمه;عتيق;عتيقه",
}

QUALIFIERS = MappingProxyType(
    {word: sense for sense, words in _QUALIFIERS.items() for word in words.split(";")}
)
"""Folded word that tells two places of one name apart, to its sense: the same in any script."""

_UNSAID = (
    "governorate gouvernorat province muhafazat muhafazah muhafaza mohafazat mohafaza "
    "district qada qadha kaza subdistrict nahiyat nahiyah nahiya nahia markaz county region "
    "subdivision city town village villages madinat madinah qaryat qaryah qarya "
    "hayy neighborhood neighbourhood wa "
    "محافظه قضا ناحيه مركز مدينه قريه منطقه بلده حي و ال"
)

UNSAID = frozenset(_UNSAID.split())
"""Folded words for classes of settlement and area, and for "and", that one writer puts into a name
and the next leaves out: the skeleton does without them. Features that tell two places of one name
apart (hill, dam, crossing) are not among them."""
