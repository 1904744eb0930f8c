"""Whether a text is English; a text in another language is refused rather than misread.

English prose is told by its function words: about two words in five are among the commonest, and
hardly any other language has more than one in ten of them. Only where they are missing is a
language identifier (py3langid) loaded, to name the language.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from osint.article.characters import words

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_FUNCTION_WORDS = words(
    "the and of to that with from which were this these those been have has had are is was they "
    "their there his her its it he she we you not by for at on in as an but or who when where what "
    "would could should will said after before about into than"
)
# English as well, and of no other language: what short statements about places are made of.
_OF_PLACES = words(
    "lies lie miles mile kilometers kilometres east north south northeast northwest southeast "
    "southwest near border town reached"
)
# Words of the list that other languages have too; alone they say nothing.
_SHARED = words("in as an at on was is had of or we her by for he will it to")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_LOOKED_AT = 40_000
_ENGLISH_SHARE = 0.15
_SHORT = 40
_LEAST_LETTERS = 20
_OTHER_SCRIPT = 0.6
_SURE, _SURE_OF_SHORT, _WORDS_TO_JUDGE = 0.9, 0.85, 8

_NAMES = dict(
    pair.split(":")
    for pair in words(
        "af:Afrikaans am:Amharic ar:Arabic az:Azerbaijani be:Belarusian bg:Bulgarian bn:Bengali "
        "bs:Bosnian ca:Catalan cs:Czech cy:Welsh da:Danish de:German el:Greek eo:Esperanto "
        "es:Spanish et:Estonian eu:Basque fa:Persian fi:Finnish fr:French ga:Irish gl:Galician "
        "gu:Gujarati he:Hebrew hi:Hindi hr:Croatian hu:Hungarian hy:Armenian id:Indonesian "
        "is:Icelandic it:Italian ja:Japanese ka:Georgian kk:Kazakh km:Khmer kn:Kannada ko:Korean "
        "ku:Kurdish ky:Kyrgyz la:Latin lb:Luxembourgish lo:Lao lt:Lithuanian lv:Latvian "
        "mk:Macedonian ml:Malayalam mn:Mongolian mr:Marathi ms:Malay mt:Maltese nb:Norwegian "
        "ne:Nepali nl:Dutch nn:Norwegian no:Norwegian pa:Punjabi pl:Polish ps:Pashto "
        "pt:Portuguese ro:Romanian ru:Russian si:Sinhala sk:Slovak sl:Slovenian sq:Albanian "
        "sr:Serbian sv:Swedish sw:Swahili ta:Tamil te:Telugu th:Thai tl:Tagalog tr:Turkish "
        "ug:Uyghur uk:Ukrainian ur:Urdu vi:Vietnamese xh:Xhosa zh:Chinese zu:Zulu"
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherLanguage:
    """A text that is not English.

    Attributes:
        name: the language ("French"), or the script ("Arabic script") where none is told for sure.
        confidence: of the identifier, 0 to 1; None where the script alone decided.
    """

    name: str
    confidence: float | None


def other_language(text: str) -> OtherLanguage | None:
    """The language a text is in if that is clearly not English, else None.

    Names in another script within an English text are no reason. A text of fewer than 40 words is
    taken for English unless its script or all of its words say otherwise.
    """
    looked = text[:_LOOKED_AT]
    letters = sum(c.isalpha() for c in looked)
    if letters < _LEAST_LETTERS:
        return None
    script = _other_script(looked, letters)
    if script is not None:
        code, confidence = _identified(looked)
        named = code in _NAMES and code != "en" and confidence >= _SURE
        return OtherLanguage(
            name=_NAMES[code] if named else script, confidence=confidence if named else None
        )
    said = [word.lower() for word in _WORD.findall(looked)]
    short = len(said) < _SHORT
    english = [word for word in said if word in _FUNCTION_WORDS]
    if short and any(word in _OF_PLACES or word in _FUNCTION_WORDS - _SHARED for word in said):
        return None
    telling = any(word not in _SHARED for word in english)
    if telling and len(english) >= _ENGLISH_SHARE * len(said):
        return None
    if len(said) < _WORDS_TO_JUDGE:
        return None
    code, confidence = _identified(looked)
    if code == "en" or confidence < (_SURE_OF_SHORT if short else _SURE):
        return None
    return OtherLanguage(name=_NAMES.get(code, f"the language {code!r}"), confidence=confidence)


def _other_script(text: str, letters: int) -> str | None:
    """The script of most letters if that is not the Latin one."""
    # Names of characters begin with their script: "ARABIC LETTER ALEF".
    foreign: dict[str, int] = {}
    for c in text:
        if c.isalpha() and c > "\u024f":
            script = unicodedata.name(c, "UNKNOWN").split(" ", 1)[0]
            if script not in {"LATIN", "MODIFIER"}:
                foreign[script] = foreign.get(script, 0) + 1
    if sum(foreign.values()) <= _OTHER_SCRIPT * letters:
        return None
    most = max(foreign, key=lambda script: foreign[script])
    return "Chinese characters" if most == "CJK" else f"{most.capitalize()} script"


def _identified(text: str) -> tuple[str, float]:
    code, confidence = _identifier().classify(text[:5_000])
    return str(code), float(confidence)


@functools.cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
