"""Regular expressions of XPath, as SHACL and SPARQL have them, in the dialects of the engines.

XPath and XQuery Functions and Operators, section 5.6.1, goes by XML Schema part 2, appendix G. Of
what differs, this writes differently: the flags `q` and `x`, the end of a text, one class without
another (`[a-z-[aeiou]]`), letters that stand for themselves in a class but join or intersect it
elsewhere, and the characters of XML names.
"""

from __future__ import annotations

import re
from functools import lru_cache

_FLAGS = frozenset("smixq")
_PYTHON_FLAGS = {"s": re.DOTALL, "m": re.MULTILINE, "i": re.IGNORECASE}
_SPACE = "\t\n\r "
_START = (
    r":A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C\u200D"
    r"\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
_PART = _START + r"\-.0-9\u00B7\u0300-\u036F\u203F\u2040"
_NAMES = {"i": _START, "c": _PART}
"""What may begin an XML name, and what may stand in one (XML 1.0, section 2.3)."""

_MAX_DEPTH = 20


class UnknownFlag(ValueError):
    """A flag that XPath has not."""


def for_native(pattern: str, flags: str) -> tuple[str, str]:
    """Return the expression and its flags for the regular expressions of Rust.

    Raises re.error for some of what is none.
    """
    if "q" in flags:
        return pattern, flags
    text = _Translation(pattern, "x" in flags, False, is_python=False).text
    return text, flags.replace("x", "")


def for_python(pattern: str, flags: str) -> tuple[str, int]:
    """Return the expression for the `re` of Python, and its flags.

    Raises UnknownFlag, and re.error for some of what is no expression.
    """
    if not _FLAGS.issuperset(flags):
        raise UnknownFlag(f"{flags!r} are not flags of a regular expression")
    found = 0
    for each in set(flags) & set(_PYTHON_FLAGS):
        found |= _PYTHON_FLAGS[each]
    if "q" in flags:
        return re.escape(pattern), found
    at_end = "m" not in flags
    return _Translation(pattern, "x" in flags, at_end, is_python=True).text, found


@lru_cache(maxsize=1024)
def compiled(pattern: str, flags: str) -> re.Pattern[str]:
    """Return the expression as Python's; raises UnknownFlag, and re.error for what it is not."""
    text, found = for_python(pattern, flags)
    return re.compile(text, found)


class _Translation:
    """The translation of `pattern`, its `text`.

    Spaces are dropped where it is `spaced`; `$` only holds at the end of the text where `at_end`.
    """

    def __init__(self, pattern: str, spaced: bool, at_end: bool, *, is_python: bool) -> None:
        self._pattern = pattern
        self._position = 0
        self._is_python = is_python
        self._depth = 0
        self._parts: list[str] = []
        while self._position < len(pattern):
            character = pattern[self._position]
            if character == "\\":
                self._parts.append(self._escape())
            elif character == "[":
                self._parts.append(self._class())
            else:
                self._position += 1
                if spaced and character in _SPACE:
                    continue
                self._parts.append(r"\Z" if at_end and character == "$" else character)
        self.text = "".join(self._parts)

    def _escape(self) -> str:
        escape = self._pattern[self._position : self._position + 2]
        self._position += 2
        if escape[1:].lower() in _NAMES:
            negated = "^" if escape[1:].isupper() else ""
            return f"[{negated}{_NAMES[escape[1:].lower()]}]"
        return escape

    def _class(self) -> str:
        """Return the class that begins here; what is not closed is left for the engine to refuse.

        A bracket within it stands for itself, as it does for Python.
        """
        pattern, start = self._pattern, self._position
        self._position += 1
        members: list[str] = ["["]
        if pattern.startswith("^", self._position):
            members.append("^")
            self._position += 1
        first = self._position
        while self._position < len(pattern):
            character = pattern[self._position]
            if character == "]" and self._position > first:
                self._position += 1
                return "".join((*members, "]"))
            if pattern.startswith("-[", self._position) and self._position > first:
                return self._without(members)
            members.append(self._member(character, members[-1]))
        return pattern[start:]

    def _member(self, character: str, before: str) -> str:
        if character == "\\":
            escape = self._pattern[self._position : self._position + 2]
            self._position += 2
            return _NAMES.get(escape[1:], escape)
        self._position += 1
        doubled = character in "&~-" and before.endswith(character)
        return f"\\{character}" if character in "[]" or doubled else character

    def _without(self, members: list[str]) -> str:
        """Return the class of `members` without the one that follows."""
        if self._depth == _MAX_DEPTH:
            raise re.error(f"more than {_MAX_DEPTH} classes within one another")
        self._depth += 1
        self._position += 1
        taken = self._class()
        self._depth -= 1
        if not self._pattern.startswith("]", self._position):
            raise re.error("a class goes on after what is taken from it")
        self._position += 1
        own = "".join((*members, "]"))
        return f"(?:(?!{taken}){own})" if self._is_python else f"[{own}--{taken}]"
