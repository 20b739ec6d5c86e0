"""Queries for rdflib's evaluator, with its errors as SPARQL has them.

An error in an expression is that of one solution: a FILTER does not hold for it, a BIND binds
nothing (SPARQL 1.1, sections 17.2 and 18.5). rdflib has that for errors that it raises itself, and
lets through what Python raises. Some of its functions differ from SPARQL's, and have others here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from operator import eq, ge, gt, le, lt, ne
from types import MappingProxyType
from typing import Any

from pyoxigraph import Literal, NamedNode
from rdflib import Literal as RdflibLiteral
from rdflib import URIRef
from rdflib.paths import AlternativePath, InvPath, MulPath, NegatedPath, SequencePath
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.aggregates import Aggregator, Average, Sum
from rdflib.plugins.sparql.evalutils import _eval
from rdflib.plugins.sparql.operators import numeric, string
from rdflib.plugins.sparql.parserutils import Expr
from rdflib.plugins.sparql.sparql import NotBoundError, Query, SPARQLError
from rdflib.term import Identifier, Variable

from kgpub.validation.patterns import UnknownFlag, compiled
from kgpub.validation.prebinding import parts_of
from kgpub.vocabulary import XSD

_MAKING = frozenset(f"Builtin_{name}" for name in ("IRI", "URI", "STRLANG", "STRDT"))
"""Functions whose result may be no term of RDF."""
_DOUBLES = frozenset((XSD + "double", XSD + "float"))
_OPERATORS: Mapping[str, Callable[[float, float], bool]] = MappingProxyType(
    {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
)
_UNBOUND = Variable("unbound")
_CASTS = frozenset(
    XSD + name
    for name in ("boolean", "integer", "decimal", "double", "float", "dateTime", "string")
)


class _Failing:
    """An aggregate that has no value where one of its values is an error, or no number."""

    has_failed = False

    def update(self, row: Any, aggregator: Any) -> None:
        try:
            # rdflib passes over what is no number in some of them.
            numeric(_eval(self.expr, row))  # type: ignore[attr-defined, arg-type]
            super().update(row, aggregator)  # type: ignore[misc]
        except NotBoundError:
            pass
        except (NotImplementedError, RecursionError, MemoryError):
            raise
        except Exception:  # noqa: BLE001
            # SPARQL's errors, and what Python raises for values that cannot be added.
            self.has_failed = True

    def set_value(self, bindings: Any) -> None:
        if not self.has_failed:
            super().set_value(bindings)  # type: ignore[misc]


class _Sum(_Failing, Sum):
    pass


class _Average(_Failing, Average):
    pass


_AGGREGATES = {"Aggregate_Sum": "Kgpub_Sum", "Aggregate_Avg": "Kgpub_Average"}
# By names that rdflib has none of, so that its own stay as they are.
Aggregator.accumulator_classes.update(Kgpub_Sum=_Sum, Kgpub_Average=_Average)


@lru_cache(maxsize=64)  # A query may be asked for each of many nodes.
def prepared(query: str) -> Query:
    """Return `query` for rdflib to evaluate, its expressions guarded.

    Raises NotImplementedError for what rdflib does not have.
    """
    found = prepareQuery(query)
    parts = list(parts_of(found.algebra))
    ordering = {id(each.expr) for part in parts if part.name == "OrderBy" for each in part.expr}
    for part in parts:
        if isinstance(part, Expr):
            _guard(part, id(part) in ordering)
        elif part.name in _AGGREGATES:
            part.name = _AGGREGATES[part.name]
        elif part.name == "BGP" and any(_negates_inverse(path) for _, path, _ in part.triples):
            raise NotImplementedError("it has no inverses in negated property sets, !(^…)")
    return found


def _negates_inverse(path: Any) -> bool:
    """Return whether there is an inverse in a negated property set: rdflib loses what it is of."""
    match path:
        case NegatedPath():
            return not all(isinstance(each, URIRef) for each in path.args)
        case SequencePath() | AlternativePath():
            return any(map(_negates_inverse, path.args))
        case MulPath():
            return _negates_inverse(path.path)
        case InvPath():
            return _negates_inverse(path.arg)
    return False


def _guard(expression: Expr, is_ordering: bool) -> None:
    own = _FUNCTIONS.get(expression.name)
    original: Any = expression._evalfn
    is_making = expression.name in _MAKING

    def evaluate(context: Any) -> Any:
        try:
            found = own(expression) if own is not None else None
            if found is None:
                found = original(context)
            if isinstance(found, str) and not isinstance(found, Identifier):
                raise SPARQLError("it has no value")  # of COALESCE without arguments
            if isinstance(found, SPARQLError):
                raise found
            return _term(found) if is_making else found
        except (NotImplementedError, RecursionError, MemoryError):
            raise
        except Exception as error:
            # SPARQL's own errors, and whatever Python raises for values that a function does not
            # take: there are many. To order by, what is not bound comes first.
            if is_ordering:
                return _UNBOUND
            raise SPARQLError(str(error)) from error

    if expression.name == "Function" and str(expression.iri) not in _CASTS:
        raise NotImplementedError(f"it has no function <{expression.iri}>")
    expression._evalfn = evaluate  # type: ignore[assignment]


def _term(found: Any) -> Any:
    """Return a term that rdflib has made; raises ValueError where RDF has none such."""
    if isinstance(found, URIRef):
        NamedNode(str(found))
    elif isinstance(found, RdflibLiteral) and found.language:
        Literal(str(found), language=found.language)
    elif isinstance(found, RdflibLiteral) and found.datatype:
        NamedNode(str(found.datatype))
    return found


def _rounding(operation: Callable[[Fraction], int]) -> Callable[[Any], Any]:
    def evaluate(expression: Any) -> RdflibLiteral:
        literal = expression.arg
        value = numeric(literal)
        if isinstance(value, float) and not math.isfinite(value):
            return RdflibLiteral(value, datatype=literal.datatype)
        if not isinstance(value, int | float | Decimal):
            raise SPARQLError(f"{literal!r} has no value")
        return RdflibLiteral(operation(Fraction(value)), datatype=literal.datatype)

    return evaluate


def _regex(expression: Any) -> RdflibLiteral:
    text = string(expression.text)
    found = _expression(expression).search(text)
    return RdflibLiteral(found is not None)


def _replace(expression: Any) -> RdflibLiteral:
    """Return the text with each match replaced (XPath Functions and Operators, section 5.6.3)."""
    text = string(expression.arg)
    pattern = _expression(expression)
    if pattern.search(""):
        raise SPARQLError("the regular expression matches no characters")
    replacement = str(string(expression.replacement))
    if "q" not in str(expression.flags or ""):
        parts = _replacement(replacement, pattern.groups)
        made = pattern.sub(lambda match: "".join(_put(part, match) for part in parts), text)
    else:
        made = pattern.sub(lambda _: replacement, text)
    return RdflibLiteral(made, datatype=text.datatype, lang=text.language)


def _put(part: str | int, match: re.Match[str]) -> str:
    return part if isinstance(part, str) else (match[part] or "")


_REPLACEMENT = re.compile(r"\\([\\$])|\$([0-9]+)|([^\\$]+)|(.)", re.DOTALL)


def _replacement(text: str, groups: int) -> list[str | int]:
    """Return texts and numbers of groups; of `$12` with nine groups `$1` and a 2."""
    parts: list[str | int] = []
    for escaped, digits, plain, other in _REPLACEMENT.findall(text):
        if other:
            raise SPARQLError(f"{other} stands alone in a replacement")
        number, rest = digits[:1], digits[1:]
        while rest and int(number + rest[0]) <= groups:
            number, rest = number + rest[0], rest[1:]
        if number and int(number) <= groups:
            parts.append(int(number))
        parts.append(escaped + plain + rest)
    return parts


def _expression(call: Any) -> re.Pattern[str]:
    try:
        return compiled(str(string(call.pattern)), str(call.flags or ""))
    except UnknownFlag as error:
        raise SPARQLError(str(error)) from error


def _promoted(literal: Any) -> float | None:
    """Return the double that a number is compared as with one (XPath 2.0, section B.1)."""
    value = numeric(literal)
    return float(value) if isinstance(value, int | float | Decimal) else None


def _compared(expression: Any) -> Any:
    """Return how two numbers compare of which one is a double or float; None for anything else.

    Python compares a double with the exact value of a decimal.
    """
    operator = _OPERATORS.get(str(expression.op))
    one, other = expression.expr, expression.other
    if operator is None or not _is_double(one) ^ _is_double(other):
        return None
    first, second = _promoted(one), _promoted(other)
    return None if first is None or second is None else RdflibLiteral(operator(first, second))


def _is_double(term: Any) -> bool:
    return isinstance(term, RdflibLiteral) and str(term.datatype) in _DOUBLES


_FUNCTIONS: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    {
        "Builtin_CEIL": _rounding(math.ceil),
        "Builtin_FLOOR": _rounding(math.floor),
        "Builtin_ROUND": _rounding(lambda value: math.floor(value + Fraction(1, 2))),
        "Builtin_REGEX": _regex,
        "Builtin_REPLACE": _replace,
        "RelationalExpression": _compared,
    }
)
