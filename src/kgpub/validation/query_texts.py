"""What a query matches regular expressions on, and how long such a text may be.

A text may be a term of the data, or what functions make of terms: of these some keep or cut it,
some lengthen it by what can be told beforehand, and others have no bound worth the name. rdflib
writes the decimal 1E400000, say, with as many digits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import rdflib
from pyoxigraph import Literal, NamedNode
from rdflib.plugins.sparql.parserutils import CompValue

from kgpub.model.report import Node
from kgpub.validation.prebinding import parts_of
from kgpub.vocabulary import XSD

ANY_LENGTH = 10**6
"""Code points that stand for a length without a bound: what takes that long is about linear."""
ANY_FLAGS = ("m", "mx", "q")
"""Flags of which one set takes as many steps as any."""
_MAX_DEPTH = 60

_SHORT = 128
"""Code points of numbers that count, of truth values, of hashes and of names of datatypes."""
_KEEPING: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("STR", "LANG", "SUBSTR", "COALESCE", "DATATYPE"), ("arg",)),
    **dict.fromkeys(("STRBEFORE", "STRAFTER"), ("arg1",)),
    "IF": ("arg2", "arg3"),
    "STRLANG": ("arg1", "arg2"),
}
"""Functions whose result is no longer than the longest of these arguments."""
_TIMES = {"UCASE": 3, "LCASE": 3, "ENCODE_FOR_URI": 12}
"""How many code points one may become: the capitals of U+FB03, or four bytes in UTF-8."""
_BRIEF = frozenset(
    {"MD5", "SHA1", "SHA256", "SHA384", "SHA512", "UUID", "STRUUID", "NOW", "STRLEN", "TIMEZONE"}
    | {"YEAR", "MONTH", "DAY", "HOURS", "MINUTES", "SECONDS", "TZ", "BOUND", "REGEX", "CONTAINS"}
    | {"STRSTARTS", "STRENDS", "LANGMATCHES", "sameTerm", "isIRI", "isURI", "isBLANK", "isLITERAL"}
    | {"isNUMERIC", "EXISTS", "NOTEXISTS", "RAND"}
)
_LOGICAL = frozenset(
    ("RelationalExpression", "ConditionalAndExpression", "ConditionalOrExpression", "UnaryNot")
)


@dataclass(frozen=True)
class Matching:
    """A regular expression of a query and the text for it, as expressions of rdflib's algebra."""

    pattern: Any
    text: Any
    flags: tuple[str, ...]
    """The flags that it may have: those that are written, or each that matters if none is known."""

    @classmethod
    def of(cls, algebra: Any) -> list[Matching]:
        """Return those of a query."""
        found: list[Matching] = []
        for part in parts_of(algebra):
            if part.name in ("Builtin_REGEX", "Builtin_REPLACE"):
                text = part.text if part.name == "Builtin_REGEX" else part.arg
                flags = "" if part.flags is None else part.flags
                is_known = not isinstance(flags, CompValue | rdflib.Variable)
                found.append(cls(part.pattern, text, (str(flags),) if is_known else ANY_FLAGS))
        return found


def length_of(term: Node) -> int:
    """Return the code points of the longest text that a query can get from a term.

    Of a literal that may be its language, or its datatype; of a blank node there is none.
    """
    if isinstance(term, Literal):
        return max(map(len, (term.value, term.language or "", term.datatype.value)))
    return len(term.value) if isinstance(term, NamedNode) else 0


class Texts:
    """How long the texts of a query may be, where terms of the data have up to `longest`.

    `algebra` is rdflib's; `bindings` are variables that are pre-bound.
    """

    def __init__(self, algebra: Any, bindings: Mapping[str, Node], longest: int) -> None:
        self._lengths = {name: length_of(term) for name, term in bindings.items()}
        self._longest = max(longest, _SHORT, *self._lengths.values())
        self._assigned: dict[str, list[Any]] = {}
        self._depth = 0
        for part in parts_of(algebra):
            if part.name == "Extend":
                self._assigned.setdefault(str(part.var), []).append(part.expr)
            elif part.name == "AggregateJoin":
                for each in part.A:
                    self._assigned.setdefault(str(each.res), []).append(each)
            elif part.name == "BGP":
                # A path of length zero leads from what is not in the data to itself.
                named = (len(t) for triple in part.triples for t in triple if _is_term(t))
                self._longest = max(self._longest, *named, 0)

    def length(self, expression: Any) -> int:
        """Return the code points that the value of `expression` has at most, or ANY_LENGTH.

        That is told of what is nested more than _MAX_DEPTH deep, too.
        """
        if self._depth >= _MAX_DEPTH:
            return ANY_LENGTH
        self._depth += 1
        try:
            return self._length(expression)
        finally:
            self._depth -= 1

    def _length(self, expression: Any) -> int:
        if isinstance(expression, rdflib.Variable):
            return self._of_variable(str(expression))
        if isinstance(expression, rdflib.Literal):
            return max(map(len, (expression, expression.language or "", expression.datatype or "")))
        if isinstance(expression, CompValue):
            return self._of_function(expression)
        return len(expression) if isinstance(expression, str) else ANY_LENGTH

    def _of_variable(self, name: str) -> int:
        if name not in self._lengths:
            # Where what is assigned to it depends on one of the same name, there is no end.
            self._lengths[name] = ANY_LENGTH
            several = (self.length(each) for each in self._assigned.get(name, ()))
            self._lengths[name] = max(self._longest, *several, 0)
        return self._lengths[name]

    def _of_function(self, call: CompValue) -> int:
        name = call.name.removeprefix("Builtin_").removeprefix("Aggregate_")
        if name in _KEEPING:
            arguments = [each for key in _KEEPING[name] for each in _several(getattr(call, key))]
            return max(_SHORT, *map(self.length, arguments))
        if name in _TIMES:
            return _TIMES[name] * self.length(call.arg)
        if name == "CONCAT":
            return sum(map(self.length, _several(call.arg)))
        if name == "REPLACE":
            return self._of_replaced(call)
        if name in ("Sample", "Min", "Max"):
            return self.length(call.vars)
        if name == "Function" and str(call.iri) == f"{XSD}string":
            return max(map(self.length, call.expr), default=0)
        if name in _BRIEF or call.name in _LOGICAL or name == "Count":
            return _SHORT
        return ANY_LENGTH

    def _of_replaced(self, call: CompValue) -> int:
        """Return the length of a text with a replacement at, or between, each two characters.

        Half of that may refer to groups. These lie within what is replaced, but for assertions.
        """
        text, replacement = self.length(call.arg), self.length(call.replacement)
        asserted = not isinstance(call.pattern, rdflib.Literal) or "(?" in call.pattern
        return (text + 1) * (2 * replacement + 1) * (text + 1 if asserted else 1)


def _is_term(term: Any) -> bool:
    return isinstance(term, rdflib.URIRef | rdflib.Literal)


def _several(argument: Any) -> list[Any]:
    return list(argument) if isinstance(argument, list | tuple) else [argument]
