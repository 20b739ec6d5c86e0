"""What languages are called in English, Arabic and Sorani, where their tags are asked for."""

from __future__ import annotations

from functools import lru_cache

from kgpub.mapping.called import Called
from kgpub.vocabulary.lists import is_language

_NAMES = {
    "ar": ("Arabic", "عربي", "عربية", "عەرەبی"),
    "ckb": (
        *("Kurdish", "كردي", "كردية", "کوردی", "Central Kurdish", "کوردیی ناوەندی"),
        *("Sorani", "سوراني", "سورانية", "سۆرانی"),
    ),
    "kmr": (
        *("Kurdish", "كردي", "كردية", "کوردی", "Northern Kurdish", "Kurmanji", "Kurmanci"),
        *("كرمانجي", "كرمانجية", "کرمانجی", "Badini", "باديني", "بادینی"),
    ),
    "sdh": ("Southern Kurdish", "Feyli", "فيلي", "فیلی"),
    "hac": ("Gorani", "Hawrami", "هورامي", "هەورامی"),
    "zza": ("Zazaki", "زازاكي", "زازاکی"),
    "en": ("English", "إنجليزي", "إنجليزية", "إنكليزي", "إنكليزية", "ئینگلیزی"),
    "fa": ("Persian", "Farsi", "فارسي", "فارسية", "فارسی"),
    "tr": ("Turkish", "تركي", "تركية", "تورکی"),
    "az": ("Azerbaijani", "أذري", "أذرية", "ئازەری"),
    "tk": ("Turkmen", "تركماني", "تركمانية", "تورکمانی"),
    "hy": ("Armenian", "أرمني", "أرمنية", "ئەرمەنی"),
    "syc": ("Syriac", "سرياني", "سريانية", "سریانی"),
    "arc": ("Aramaic", "آرامي", "آرامية", "ئارامی"),
    "aii": ("Assyrian", "آشوري", "آشورية", "ئاشووری"),
    "he": ("Hebrew", "عبري", "عبرية", "عیبری"),
    "fr": ("French", "فرنسي", "فرنسية", "فەرەنسی"),
    "de": ("German", "ألماني", "ألمانية", "ئەڵمانی"),
    "es": ("Spanish", "إسباني", "إسبانية", "ئیسپانی"),
    "it": ("Italian", "إيطالي", "إيطالية", "ئیتاڵی"),
    "pt": ("Portuguese", "برتغالي", "برتغالية", "پورتوگالی"),
    "nl": ("Dutch", "هولندي", "هولندية", "هۆڵەندی"),
    "sv": ("Swedish", "سويدي", "سويدية", "سویدی"),
    "el": ("Greek", "يوناني", "يونانية", "یۆنانی"),
    "ru": ("Russian", "روسي", "روسية", "ڕووسی"),
    "zh": ("Chinese", "صيني", "صينية", "چینی"),
    "ja": ("Japanese", "ياباني", "يابانية", "ژاپۆنی"),
    "ur": ("Urdu", "أردو", "أردية", "ئوردو"),
}


def tags_of(text: str) -> tuple[str, ...]:
    """Return the tags of the languages that are called `text`, or nearly so."""
    return _called().meant(text)


@lru_cache(maxsize=1)
def _called() -> Called:
    return Called(
        (name, tag) for tag, names in _NAMES.items() if is_language(tag) for name in names
    )
