"""Numbers of things, in the form that each language has for such a number.

The catalogue has the forms one behind the other, parted by `|`, in the order of the categories that
the language has in the Unicode CLDR (plural rules for cardinals, of integers).
"""

from __future__ import annotations

from typing import Self

from kgpub.messages import LANGUAGES, Message, catalogue

_ENGLISH = "en"
_FEW, _MANY = range(3, 11), range(11, 100)


class Counted(Message):
    """How many of something there are: `code` is what, as in the catalogues."""

    __slots__ = ("number",)
    number: int

    def __new__(cls, code: str, number: int) -> Self:
        self = str.__new__(cls, _told(code, number, _ENGLISH))
        self.code, self.values, self.number = code, (("number", f"{number:,}"),), number
        return self

    def __getnewargs_ex__(self) -> tuple[tuple[str, int], dict[str, str]]:  # type: ignore[override]
        return (self.code, self.number), {}

    def text(self, language: str) -> str:
        return _told(self.code, self.number, language if language in LANGUAGES else _ENGLISH)


def _told(code: str, number: int, language: str) -> str:
    forms = catalogue(language)[code].split("|")
    return forms[category(number, language)].format(number=f"{number:,}")


def category(number: int, language: str) -> int:
    """Return which of a language's categories a number is in, from 0, in the order of CLDR.

    Arabic has zero, one, two, few, many and other; English and Sorani have one and other.
    """
    if language != "ar":
        return 0 if number == 1 else 1
    if number <= 2:
        return number
    rest = number % 100
    return 3 if rest in _FEW else 4 if rest in _MANY else 5
