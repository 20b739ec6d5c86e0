"""The order of names in lists: by the alphabet of the page's language, then by others."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from string import digits
from unicodedata import category, normalize

_ALPHABETS: Mapping[str, str] = {
    "ar": "ء ا ب ت ث ج ح خ د ذ ر ز س ش ص ض ط ظ ع غ ف ق ك ل م ن ه و ي",
    # The alphabet as taught in schools; at the end what only words of other languages have.
    "ckb": "ئ ا ب پ ت ج چ ح خ د ر ڕ ز ژ س ش ع غ ف ڤ ق ک گ ل ڵ م ن و ۆ ه ە ی ێ ث ذ ص ض ط ظ",
}
_DRAWN: Mapping[str, Mapping[str, str]] = {
    "ar": {
        **dict.fromkeys("أإآٱ", "ا"),
        "ؤ": "و",
        "ئ": "ي",
        "ى": "ي",
        "ة": "ه",
        "پ": "ب",
        "چ": "ج",
        "ژ": "ز",
        "ڤ": "ف",
        "گ": "ك",
        "ڕ": "ر",
        "ڵ": "ل",
        "ۆ": "و",
        "ک": "ك",
        "ی": "ي",
        "ێ": "ي",
        "ە": "ه",
        "ھ": "ه",
    },
    "ckb": {
        **dict.fromkeys("أإآٱ", "ا"),
        "ك": "ک",
        "ي": "ی",
        "ى": "ی",
        "ة": "ە",
        "ھ": "ه",
        "ؤ": "و",
        "ء": "ئ",
    },
}
"""Letters that stand where another does, by language."""
_ARTICLE = re.compile("^(?:ال)(?=..)")
_UNHEARD = ("M", "P", "C")
"""The first letters of the general categories of marks, punctuation, and what is not seen."""
_LATER = 100


def sort_key(name: str, language: str) -> tuple[tuple[int, ...], str]:
    """Return the key that sorts a name in a list in `language`, one of kgpub.messages.LANGUAGES.

    Vowel signs, punctuation and the Arabic article do not count; names in other scripts than the
    language's stand after all others.
    """
    places = _places(language)
    folded = normalize("NFC", name.casefold())
    # Of Latin letters the marks do not count; of Arabic ones they make other letters.
    letters = [
        each
        for character in folded
        for each in (character if character in places else normalize("NFD", character))
        if category(each)[0] not in _UNHEARD and each != "\u0640"
    ]
    text = "".join(letters).strip()
    if language == "ar":
        text = _ARTICLE.sub("", text)
    return tuple(places.get(each, _LATER + ord(each)) for each in text), name


@lru_cache(maxsize=4)
def _places(language: str) -> Mapping[str, int]:
    alphabet = _ALPHABETS.get(language, "a b c d e f g h i j k l m n o p q r s t u v w x y z")
    places = {letter: number for number, letter in enumerate((" ", *digits, *alphabet.split()))}
    places |= {drawn: places[letter] for drawn, letter in _DRAWN.get(language, {}).items()}
    return places
