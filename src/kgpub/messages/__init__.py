"""What kgpub says to submitters, in the languages of its readers.

The texts stand in a catalogue for each language, `en.toml`, `ar.toml`, `ckb.toml`, under codes that
stay the same. In Arabic and Kurdish what is inserted, and what the catalogue has in backticks, is
isolated (Unicode Standard Annex 9, section 2.4), so that it keeps its own direction.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Self

LANGUAGES = ("en", "ar", "ckb")
RIGHT_TO_LEFT = ("ar", "ckb")
_ENGLISH = "en"
_ISOLATE, _POP = "\u2068", "\u2069"
_TOKEN = re.compile(r"`([^`]+)`")
_ISOLATED = re.compile("\u2068[^\u2066-\u2069]*\u2069")
_BREAKING = re.compile("[\u2066-\u2069]")


class Message(str):
    """A message: as a string it is the English text, and it knows those of other languages.

    `code` is the key of the catalogue, and names for programs what is wrong. `values` are
    inserted as they are, never interpreted; one that is a message itself is said in the same
    language.
    """

    __slots__ = ("code", "values")
    code: str
    values: tuple[tuple[str, str], ...]

    def __new__(cls, code: str, /, **values: str | int) -> Self:
        """Return the message of `code` with these values. Raises KeyError where one is missing."""
        # A string subclass need not be kept as it is: only messages know other languages.
        named = {
            name: value if isinstance(value, Message) else str(value)
            for name, value in values.items()
        }
        self = super().__new__(cls, catalogue(_ENGLISH)[code].format_map(named))
        self.code = code
        self.values = tuple(sorted(named.items()))
        return self

    def __getnewargs_ex__(self) -> tuple[tuple[str, ...], dict[str, str]]:
        return (self.code,), dict(self.values)

    def text(self, language: str) -> str:
        """Return the message in `language`, else in English."""
        if language not in LANGUAGES or language == _ENGLISH:
            return str(self)
        template = catalogue(language)[self.code]
        return template.format_map({name: _inserted(v, language) for name, v in self.values})


class Lines(Message):
    """Several messages below each other, or parted by what `separator` is in each language."""

    __slots__ = ("parts", "separator")
    parts: tuple[str, ...]
    separator: str

    def __new__(cls, parts: Sequence[str], separator: str = "\n") -> Self:
        self = str.__new__(cls, separator.join(parts))
        self.parts, self.separator = tuple(parts), separator
        self.code = next((part.code for part in parts if isinstance(part, Message)), "")
        self.values = ()
        return self

    def __getnewargs_ex__(self) -> tuple[tuple[Sequence[str], str], dict[str, str]]:  # type: ignore[override]
        return (self.parts, self.separator), {}

    def text(self, language: str) -> str:
        return said(self.separator, language).join(said(part, language) for part in self.parts)


class Given(Message):
    """A message that comes with its texts, as that of a shape does, by language tag."""

    __slots__ = ("texts",)
    texts: Mapping[str, str]

    def __new__(cls, code: str, texts: Mapping[str, str]) -> Self:
        """`texts` has one at least; untagged ones stand under ""."""
        self = str.__new__(cls, _chosen(texts, _ENGLISH))
        self.code, self.values, self.texts = code, (), texts
        return self

    def __getnewargs_ex__(self) -> tuple[tuple[str, Mapping[str, str]], dict[str, str]]:  # type: ignore[override]
        return (self.code, self.texts), {}

    def text(self, language: str) -> str:
        return _chosen(self.texts, language)


def said(text: str, language: str) -> str:
    """Return a message in `language`; what is no message is the same in all of them."""
    return text.text(language) if isinstance(text, Message) else text


def _chosen(texts: Mapping[str, str], language: str) -> str:
    tags = (tag for tag in (language, _ENGLISH, "") if tag in texts)
    return texts[next(tags, next(iter(texts)))]


def _inserted(value: str, language: str) -> str:
    if isinstance(value, Message):
        return value.text(language)
    # Digits, and what is isolated already, keep their order by themselves.
    if not value or value.isdecimal() or _ISOLATED.fullmatch(value):
        return value
    shown = _BREAKING.sub(lambda match: f"‹U+{ord(match[0]):04X}›", value)
    return f"{_ISOLATE}{shown}{_POP}"


@lru_cache(maxsize=len(LANGUAGES))
def catalogue(language: str) -> Mapping[str, str]:
    """Return the templates of one of LANGUAGES by their codes."""
    content = Path(__file__).with_name(f"{language}.toml").read_text(encoding="utf-8")
    templates: dict[str, str] = tomllib.loads(content)
    if language in RIGHT_TO_LEFT:
        return {
            code: _TOKEN.sub(f"{_ISOLATE}\\1{_POP}", template)
            for code, template in templates.items()
        }
    return templates
