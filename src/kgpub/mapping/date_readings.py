"""What a text that is no time in EDTF may have been meant to say, and the days near to it.

Nothing here says whether a reading is a time: whoever asks tries to read it.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from itertools import product
from unicodedata import category, decimal

_DASHES = "-‐‑‒–—−"
_REWRITINGS = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"(?i)^(?:c|ca|circa)\.? *([0-9]{4})$", r"\1~"),
        (r"^([0-9]{3})0['’]?s$", r"\1X"),
        (r"^([0-9]{4})(?:-|/\.{3}|/…|/(?i:open|now|present))$", r"\1/.."),
        (r"^(?:(?i:open)|\.{3}|…)/([0-9]{4})$", r"../\1"),
        (r"(?i)^([0-9X-]+)/unknown$", r"\1/"),
        (r"(?i)^unknown/([0-9X-]+)$", r"/\1"),
        (r"^([0-9]{4})-([0-9]{4})$", r"\1/\2"),
        (r"^([0-9]{4})([0-9]{2})([0-9]{2})$", r"\1-\2-\3"),
        (r"^([0-9]{4})([0-9]{2})$", r"\1-\2"),
        (r"^([0-9]{4})[-./]([0-9])$", r"\1-0\2"),
        (r"^([0-9]{4})[./]([0-9]{2})$", r"\1-\2"),
        (r"^([0-9]{4})[-./]([0-9]{1,2})[-./]([0-9]{1,2})$", r"\1-0\2-0\3"),
        (r"^([0-9]{1,2})[-./]([0-9]{4})$", r"\2-0\1"),
        (r"^(1[3-9]|2[0-9]|3[01])[-./]([0-9]{1,2})[-./]([0-9]{4})$", r"\3-0\2-\1"),
        (r"^([0-9]{1,2})[-./](1[3-9]|2[0-9]|3[01])[-./]([0-9]{4})$", r"\3-0\1-\2"),
        (r"^([0-9]{4}-[0-9]{2}-[0-9]{2})T?[0-9]{2}:[0-9:.]+(?:Z|[+-][0-9:]+)?$", r"\1"),
        (r"^([0-9]{4}(?:-[0-9]{2})??)(?:-00)+$", r"\1"),
        (r"^([0-9]{4}(?:-[0-9]{2}){0,2})\.\.([0-9]{4}(?:-[0-9]{2}){0,2})$", r"\1/\2"),
        (r"^([0-9X-]+)(?:\?~|~\?)$", r"\1%"),
    )
)
_UNSPECIFIED = str.maketrans("xuU", "XXX")
_DIGITS = re.compile(r"[0-9xXuU/.?~%-]+")
_EXTRA_ZERO = re.compile(r"-0([0-9]{2})\b")

_MONTHS = (
    ("january", "jan", "كانون الثاني", "يناير", "جانفي", "کانوونی دووەم"),
    ("february", "feb", "شباط", "فبراير", "فيفري", "شوبات"),
    ("march", "mar", "آذار", "أذار", "مارس", "ئازار"),
    ("april", "apr", "نيسان", "أبريل", "إبريل", "أفريل", "نیسان"),
    ("may", "أيار", "مايو", "ماي", "ئایار"),
    ("june", "jun", "حزيران", "يونيو", "جوان", "حوزەیران"),
    ("july", "jul", "تموز", "يوليو", "جويلية", "تەممووز", "تەمموز"),
    ("august", "aug", "آب", "أغسطس", "أوت", "ئاب"),
    ("september", "sep", "sept", "أيلول", "سبتمبر", "ئەیلوول", "ئەیلول"),
    ("october", "oct", "تشرين الأول", "أكتوبر", "تشرینی یەکەم"),
    ("november", "nov", "تشرين الثاني", "نوفمبر", "تشرینی دووەم"),
    ("december", "dec", "كانون الأول", "ديسمبر", "کانوونی یەکەم"),
)
"""Names in English, Arabic (of the Levant and Iraq, of Egypt, of the Maghreb) and Sorani."""
_WEEKDAYS = {
    "Monday": ("monday", "mon", "الاثنين", "الإثنين", "دووشەممە"),
    "Tuesday": ("tuesday", "tue", "الثلاثاء", "سێشەممە"),
    "Wednesday": ("wednesday", "wed", "الأربعاء", "چوارشەممە"),
    "Thursday": ("thursday", "thu", "الخميس", "پێنجشەممە"),
    "Friday": ("friday", "fri", "الجمعة", "هەینی"),
    "Saturday": ("saturday", "sat", "السبت", "شەممە"),
    "Sunday": ("sunday", "sun", "الأحد", "یەکشەممە"),
}
"""Days of the week, with their names in English, Arabic and Sorani."""
_ALIKE = str.maketrans("يىكأإآ", "ییکااا")
_MONTH = {
    name.translate(_ALIKE): number for number, names in enumerate(_MONTHS, 1) for name in names
}
_NAME = r"(?P<month>[^\W\d_]+(?: [^\W\d_]+)?)\.?,?"
_DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th|ی)?,?"
_YEAR = r"(?P<year>[0-9]{4})"
_NAMED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:{_DAY} ?(?:of )?)?{_NAME} ?{_YEAR}",
        rf"{_NAME} ?{_DAY} ?{_YEAR}",
        rf"{_YEAR},? ?{_NAME}(?: ?{_DAY})?",
    )
)

_YEAR_WORDS = r"(?:(?:في |in |لە )?(?:(?:ال)?عام|(?:ال)?سن[ةه]|the year|year|ساڵی?) ?|في |in )?"
_ERA = r"(?: ?(?:م|ميلادية?|ز|زایینی|ad|a\.d\.|ce|c\.e\.))?"
_WORDED = tuple(
    (re.compile(pattern.translate(_ALIKE)), form)
    for pattern, form in (
        (r"(?:منذ|since|from) (.+)", "{}/.."),
        (r"لە ?(.+?) ?(?:ی )?ەوە", "{}/.."),
        (r"(?:حتى|إلى|until|till|up to|ه?تا|هەتا) (.+)", "../{}"),
        (r"(?:(?:من|from|لە) )?(.+?) ?(?:إلى|حتى|to|until|till|ه?تا|هەتا|بۆ) (.+)", "{}/{}"),
        (r"(?:بين|between|لەنێوان|لە نێوان) (.+?) (?:و ?|and )(.+)", "{}/{}"),
        (r"(.+)", "{}"),
    )
)
"""Times in words around them, the words of Arabic and Sorani in letters that are taken as alike."""
_WORDED_TIME = re.compile((_YEAR_WORDS + r"(.+?)" + _ERA).translate(_ALIKE))

_EITHER_WAY = re.compile(r"([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{4})")
_DAY_OF_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})(?:-([0-9]{2}))?")


def readings(text: str) -> Iterator[str]:
    """Yield what `text` may say, the likeliest first, in EDTF as far as that can be."""
    plain = _plain(text)
    yield plain
    for pattern, replacement in _REWRITINGS:
        rewritten, count = pattern.subn(replacement, plain)
        if count:
            yield _EXTRA_ZERO.sub(r"-\1", rewritten)
    if (named := _with_name_of_month(text)) is not None:
        yield named
    yield from _worded(text)


def weekday(text: str) -> str | None:
    """Return the English name of the day of the week that `text` names, or None."""
    plain = _ascii_digits(text).strip(" .").lower()
    for prefix in ("يوم ", "ڕۆژی "):
        plain = plain.removeprefix(prefix)
    named = _bare(plain)
    for day, names in _WEEKDAYS.items():
        if named in map(_bare, names):
            return day
    return None


def _bare(name: str) -> str:
    """Return an Arabic name without its article, in letters that are taken as alike."""
    return name.translate(_ALIKE).replace("ة", "ه").removeprefix("ال")


def either_way(text: str) -> tuple[str, ...]:
    """Return both readings of what may begin with the day or with the month, else nothing."""
    match = _EITHER_WAY.fullmatch(_plain(text))
    if match is None:
        return ()
    one, two, year = match.groups()
    return tuple(dict.fromkeys((f"{year}-{two:0>2}-{one:0>2}", f"{year}-{one:0>2}-{two:0>2}")))


def near(text: str) -> tuple[str, ...]:
    """Return the days, or the month, nearest to `text`, YYYY-MM-DD or YYYY-MM that there is not.

    After the end of a month that is its last day. A thirteenth month is the twelfth, and where
    day and month may have changed places they are changed back. What is further off than that is
    near to nothing.
    """
    match = _DAY_OF_MONTH.fullmatch(text)
    if match is None or match[1] == "0000":
        return ()
    year, month = int(match[1]), int(match[2])
    if match[3] is None:
        return (f"{year:04}-12",) if month == 13 else ()
    day = int(match[3])
    found: list[str] = []
    if 1 <= month <= 12 and day <= 31:
        last = monthrange(year, month)[1]
        return (f"{year:04}-{month:02}-{last:02}",) if day > last else ()
    if 1 <= day <= 12 and 13 <= month <= monthrange(year, day)[1]:
        found.append(f"{year:04}-{day:02}-{month:02}")
    if month == 13 and 1 <= day <= 31:
        found.append(f"{year:04}-12-{day:02}")
    return tuple(found)


def _worded(text: str) -> Iterator[str]:
    """Yield what times in words such as "since the year 2019" may say."""
    folded = " ".join(_ascii_digits(text).lower().translate(_ALIKE).split())
    for pattern, form in _WORDED:
        if (match := pattern.fullmatch(folded)) is not None:
            sides = (list(_times_in(side)) for side in match.groups())
            yield from (form.format(*times) for times in product(*sides))


def _times_in(words: str) -> Iterator[str]:
    match = _WORDED_TIME.fullmatch(words)
    if match is not None:
        yield _plain(match[1])
        if (named := _with_name_of_month(match[1])) is not None:
            yield named


def _with_name_of_month(text: str) -> str | None:
    """Return a text such as "3 Feb 2021" with the number of its month."""
    folded = " ".join(_ascii_digits(text).lower().replace("/", " ").split())
    for pattern in _NAMED:
        match = pattern.fullmatch(folded)
        name = match["month"].translate(_ALIKE) if match else ""
        # Sorani ties name and year together: ئازاری 2020.
        month = _MONTH.get(name) or _MONTH.get(name.removesuffix("ی"))
        if match and month:
            day = f"-{match['day']:0>2}" if match["day"] else ""
            return f"{match['year']}-{month:02}{day}"
    return None


def _ascii_digits(text: str) -> str:
    """Return `text` with ASCII digits and hyphens and without invisible characters."""
    characters: list[str] = []
    for character in text:
        digit = decimal(character, None)
        if digit is not None:
            characters.append(str(digit))
        elif character in _DASHES:
            characters.append("-")
        elif character.isspace():
            characters.append(" ")
        elif category(character)[0] != "C":
            characters.append(character)
    return "".join(characters)


def _plain(text: str) -> str:
    """Return `text` in ASCII digits and hyphens, without spaces and invisible characters."""
    plain = _ascii_digits(text).replace(" ", "")
    return plain.translate(_UNSPECIFIED) if _DIGITS.fullmatch(plain) else plain
