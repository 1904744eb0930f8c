"""Other ways to read the letters of one name, for its skeletons.

A skeleton is one key per name, which an index can hold. Where a letter stands for several sounds
(ch in Chabab, Achrafieh and Zacho; j in Jabal and Jabrud; ta marbuta, heard or not) the one who
looks up tries its other readings, likeliest first.
"""

from __future__ import annotations

import re
import unicodedata

from gazetteer.fold import fold

_CYRILLIC_LETTERS = (
    "а:a б:b в:v г:g ґ:g д:d е:e ж:zh з:z и:i й:y к:k л:l м:m н:n о:o п:p р:r с:s т:t у:u ф:f "
    "х:kh ц:ts ч:ch ш:sh щ:shch ъ: ы:y ь: э:e ю:yu я:ya ё:yo є:ye і:i ї:yi ў:w ј:y љ:l њ:n "
    "ћ:ch ђ:dj џ:dj ѓ:g ќ:k қ:q ғ:gh ҳ:h ң:n ө:o ү:u ұ:u һ:h ә:a"
)
_CYRILLIC = dict(pair.split(":") for pair in _CYRILLIC_LETTERS.split(" "))
# Letters of scholarly transliteration whose mark carries the sound that folding takes away. The
# cedilla of ş and ţ is an emphatic in one system and sh in another, and stays unread.
_MARKED = {"š": "sh", "č": "ch", "ç": "ch", "ž": "zh", "ǧ": "j", "ḫ": "kh", "ẖ": "kh"}
_RESPELLED = {**_CYRILLIC, **_MARKED}
_TABLE = str.maketrans(
    {
        **_RESPELLED,
        **{letter.upper(): by for letter, by in _RESPELLED.items() if len(letter.upper()) == 1},
    }
)
_COMBINING = "\u030c\u0327\u0331\u032e\u0308\u0306"
_MISSING_SPACE = re.compile("ة(?=[ء-ي])")
"""Ta marbuta ends a word."""
needs_respelling = re.compile(
    r"ة(?=[ء-ي])|[\u0400-\u052f" + "".join(m + m.upper() for m in _MARKED) + _COMBINING + "]"
).search
"""Whether ``respelled`` may change a name."""


def respelled(name: str) -> str:
    """A name in plain Latin digraphs where it has Cyrillic or marked letters: Šayḫ, Шейх."""
    if not needs_respelling(name):
        return name
    # Russian and Bulgarian e at the start of a word is ye, as Ukrainian writes it.
    name = _MISSING_SPACE.sub("ة ", name)
    composed = re.sub(r"\b[еЕ](?=\w)", "є", unicodedata.normalize("NFC", name))
    return composed.translate(_TABLE)


_Rule = tuple[re.Pattern[str], str]


def _rules(*rules: tuple[str, str]) -> tuple[_Rule, ...]:
    return tuple((re.compile(pattern), by) for pattern, by in rules)


# Each is tried by itself, on the folded name. What follows a vowel put in reads as two letters.
_LATIN = _rules(
    (r"zh(?=.)", "zah"),  # Muzhir, against Zhytomyr
    (r"([dt])h(?=\w)", r"\1ah"),  # Hathut, against Thawra
    (r"([skg])h(?=\w)", r"\1ah"),  # Adham is d and h, Ishaq s and h
    (r"([aiu])t$", r"\1h"),  # Hayat: ta marbuta spoken
    (r"\b[aeiu]l(?=[^aeioul\s]\w{2})", ""),  # a glued article: Alzaqaf
    (r"(?<=[\w])v|v(?=\w)", "w"),  # Kurdish and Persian: Kani Belav
    (r"c(?!h)", "j"),  # Turkish and Kurdish: Celal
    (r"ch", "j"),  # Chamchamal, written with jim
    (r"ch", "k"),  # Zacho, Antioch
    (r"g", "j"),  # Gisr, Egyptian and French
    (r"j", "y"),  # German and Slavic: Jabrud
    (r"j", "ch"),  # Arabic of Iraq, written with jim for want of che: Jibayish
    (r"x", "ks"),
    (r"c(?=[eiy])", "s"),
    (r"th", "s"),
    (r"z(?!h)", "d"),  # Abu al-Zuhur and Abu Duhur
    (r"d(?!h|j)", "z"),
    (r"dh", "z"),
    (r"s(?!h)", "sh"),
    (r"ah(?=[^aeiouyh\s])", "a"),  # Kurdish e, out of Arabic letters: Kandahlakit
    (r"m(?=b)", "n"),  # Muhambal, written with nun
    (r"n(?=b)", "m"),
    (r"([bdfjklmnrstz])\1", r"\1a\1"),  # two letters where Arabic writes both: Ballirmun
    (r"kh|x", "k"),
    (r"[dt]\b", "t"),
    (r"(?<![sckgtdpz])h", "g"),  # Luhansk and Lugansk
)
_ARABIC = _rules(
    (r"([تثدذ])[هح](?=.)", r"\1"),  # written th and dh: Hathut, Adham
    (r"[زژظ][هح](?=.)", "ژ"),
    (r"[سص][هح](?=.)", "ش"),
    (r"[كق][هح](?=.)", "خ"),
    (r"(?<=[اي])ه$", "ت"),  # ta marbuta, heard: Hayat
    (r"(.)\1", r"\1"),
    (r"(?<=\w)و|و(?=\w)", "ڤ"),
    (r"ج", "چ"),
    (r"ج", "گ"),
    (r"تش", "ش"),
    (r"ظ", "ض"),
    (r"[ضذ]", "ز"),
    (r"ث", "س"),
    (r"ه(?=.)", ""),  # Kurdish e
    (r"ن(?=ب)", "م"),  # heard as mb
    (r"چ", "ج"),
    (r"[غگك]", "خ"),  # Kurdish x for ghayn; kh heard as k, and the other way round
    (r"خ", "ك"),
    (r"د(?=\s|$)", "ت"),  # a final d that sounds as t, in Turkish and Kurdish
    (r"(?<=\w{3})ال(?=\w{3})", " "),  # a space left out before the article
    (r"(?<=[^اه])ت(?=\s)", "تا"),  # a plain ta before a space that is no ta marbuta: Dust
    (r"ش", "س"),
    (r"(?<=\s)و(?=\w{3})", ""),  # "and", which is no part of the word behind it
)
_HEARD_H = (re.compile(r"\bطه\b|ه$"), re.compile(r"\b\w+[^ا]ح\b"))
_KEPT_ARTICLE = re.compile(r"\b[أآإ]ل(?=\w\w)")
_MAYBE_ARTICLE = re.compile(r"\bال(?=\w{2})")
_INNER_ARTICLE = re.compile(r"(?<=\w{3})[\s-]([aeu]l)[\s-](?=\w{3})", re.I)
_CYRILLIC_G = re.compile("[гГ]")
MOST = 8
"""Most other readings of a name."""


def other_readings(name: str) -> tuple[str, ...]:
    """The name by each other reading of its letters, likeliest first, at most ``MOST``."""
    found: list[str] = []
    if _CYRILLIC_G.search(name):
        found.append(respelled(_CYRILLIC_G.sub("һ", name)))
    if _KEPT_ARTICLE.search(name):
        # Not an article but a root that starts so: Altun.
        found.append(_KEPT_ARTICLE.sub("عل", name))
    # An h that closes a word and is no ta marbuta may be written: Taha, Masahh.
    found += [
        pattern.sub(lambda match: match.group() + "ا", name)
        for pattern in _HEARD_H
        if pattern.search(name)
    ]
    if _INNER_ARTICLE.search(name):
        # Written together with the word before it: محمدالحمد.
        found.append(_INNER_ARTICLE.sub(r"\1", name))
    plain = fold(respelled(name))
    arabic = any("\u0600" <= char <= "\u06ff" for char in plain)
    for pattern, by in _ARABIC if arabic else _LATIN:
        if pattern.search(plain):
            found.append(pattern.sub(by, plain))
    if _MAYBE_ARTICLE.search(name):
        # Hamza left unwritten may hide such a root, too: Alanah.
        found[MOST - 1 :] = [_MAYBE_ARTICLE.sub("عل", name)]
    return tuple(found[:MOST])


_DOTS = dict(
    zip(
        "btnjhXrzsSfk",
        ("tn", "bn", "tb", "hX", "jX", "hj", "z", "r", "S", "s", "k", "f"),
        strict=True,
    )
)
_LEAST_MISREAD = 3
_LEAST_LEFT = 3


def misreadings(skeleton_key: str) -> tuple[str, ...]:
    """Skeletons of names that differ in the dots of one Arabic letter (ج ح خ, ب ت ن, ر ز, ف ق).

    Gazetteers made from maps and lists by hand are full of them. A key of fewer than three
    consonants has none, since any would do.
    """
    if len(skeleton_key) < _LEAST_MISREAD:
        return ()
    return tuple(
        skeleton_key[:at] + other + skeleton_key[at + 1 :]
        for at, letter in enumerate(skeleton_key)
        for other in _DOTS.get(letter, "")
    )


def slips(skeleton_key: str) -> tuple[str, ...]:
    """Skeletons that lack one consonant of this one, or have two neighbours the other way round.

    A gazetteer leaves one out or swaps two as often as the one who asks. A key of fewer than four
    consonants has none: what is left would be anybody's.
    """
    if len(skeleton_key) <= _LEAST_LEFT:
        return ()
    fewer = (skeleton_key[:at] + skeleton_key[at + 1 :] for at in range(len(skeleton_key)))
    swapped = (
        skeleton_key[:at] + skeleton_key[at + 1] + skeleton_key[at] + skeleton_key[at + 2 :]
        for at in range(len(skeleton_key) - 1)
    )
    found = dict.fromkeys((*fewer, *swapped))
    return tuple(key for key in found if key != skeleton_key)
