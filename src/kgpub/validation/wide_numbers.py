"""Numbers with more digits than the native engine and Oxigraph calculate with.

XML Schema has integers and decimals of any size. These engines have integers of 64 bits, and
decimals of 128 with 18 digits after the point: what is beyond is a number of neither, so that no
comparison with it is true. Eighteen digits on each side of the point are numbers of both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import rdflib
from pyoxigraph import Literal, Triple
from rdflib.plugins.sparql.parserutils import Expr

from kgpub.validation.ill_typed import is_out_of_range
from kgpub.validation.prebinding import parts_of
from kgpub.validation.rdf_1_1 import Term
from kgpub.vocabulary import XSD

MAX_DIGITS = 18
"""Digits before, and after, the point."""
DATATYPES = frozenset(
    XSD + name
    for name in (
        *("integer", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger"),
        *("negativeInteger", "long", "unsignedLong", "decimal"),
    )
)
"""Datatypes of numbers that may have more."""
_DIGITS = re.compile(r"[+-]?([0-9]*)(?:\.([0-9]*))?")
_HARMLESS = frozenset(
    f"Builtin_{name}"
    for name in (
        *("BOUND", "STR", "LANG", "LANGMATCHES", "DATATYPE", "isIRI", "isURI", "isBLANK"),
        *("isLITERAL", "sameTerm", "REGEX", "REPLACE", "STRLEN", "SUBSTR", "UCASE", "LCASE"),
        *("STRSTARTS", "STRENDS", "CONTAINS", "STRBEFORE", "STRAFTER", "CONCAT", "EXISTS"),
        *("NOTEXISTS", "ENCODE_FOR_URI", "STRLANG", "STRDT", "IRI", "URI"),
    )
)
"""Functions that do not calculate with the numbers that they are given."""
_LOGICAL = frozenset(("ConditionalAndExpression", "ConditionalOrExpression", "UnaryNot"))
_COLLECTING = frozenset(("Aggregate_Count", "Aggregate_Sample", "Aggregate_GroupConcat"))


def is_wide(term: Term) -> bool:
    """Whether `term` is an integer or decimal with more than MAX_DIGITS before or after the point.

    Zeros at the beginning and at the end count. One that its datatype does not have is no number.
    """
    if not isinstance(term, Literal) or term.datatype.value not in DATATYPES:
        return False
    return _is_wide(term.value) and not is_out_of_range(term)


def _is_wide(text: str) -> bool:
    if len(text) <= MAX_DIGITS:
        return False
    found = _DIGITS.fullmatch(text)
    return found is not None and any(len(part or "") > MAX_DIGITS for part in found.groups())


def among(triples: Iterable[Triple]) -> list[Triple]:
    """Return the triples whose object is such a number."""
    return [each for each in triples if is_wide(each.object)]


def calculates(algebra: Any) -> bool:
    """Whether a query, in rdflib's algebra, may calculate with numbers, or compare or order them.

    A number that stands alone where a condition stands is compared with nought.
    """
    return any(_calculates(each) for each in parts_of(algebra))


def _calculates(part: Any) -> bool:
    name = part.name
    if name in _LOGICAL or name == "Filter":
        return any(isinstance(each, rdflib.Variable) for each in _operands(part))
    if name.startswith("Aggregate_"):
        return name not in _COLLECTING
    if name == "OrderBy":
        return True
    return isinstance(part, Expr) and name not in _HARMLESS


def _operands(part: Any) -> list[Any]:
    given = [part.expr, part.other] if "other" in part else [part.expr]
    return [each for some in given for each in (some if isinstance(some, list) else [some])]


def stands_in(algebra: Any) -> bool:
    """Whether such a number stands in a query, in rdflib's algebra."""
    return any(
        isinstance(each, rdflib.Literal)
        and str(each.datatype or "") in DATATYPES
        and _is_wide(str(each))
        for part in parts_of(algebra)
        for each in terms_in(list(part.values()))
    )


def terms_in(values: Any) -> Iterator[Any]:
    """Yield the terms in lists within one another; not those of other parts of the algebra."""
    for each in values:
        if isinstance(each, list | tuple | set):
            yield from terms_in(each)
        elif isinstance(each, rdflib.term.Identifier):
            yield each
