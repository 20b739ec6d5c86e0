"""Integers outside the range of their datatype (XML Schema 1.1 part 2, section 3.4).

Such a literal is ill-typed: it has no value, so that no comparison with it is true (RDF 1.1
Concepts, section 3.3; SPARQL 1.1, section 17.3). The native engine compares it by its digits.
With a datatype that nobody knows it compares with nothing, and all else that SHACL looks at stays
as it is: it is of no datatype that a shape asks for, and has the same lexical form.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import cast

from pyoxigraph import Literal, NamedNode, Triple

from kgpub.model.report import Node, Result
from kgpub.validation.rdf_1_1 import Term, replaced
from kgpub.vocabulary import XSD

_UNKNOWN = "urn:kgpub:ill-typed:"
_RANGES: dict[str, tuple[int | None, int | None]] = {
    "byte": (-(2**7), 2**7 - 1),
    "short": (-(2**15), 2**15 - 1),
    "int": (-(2**31), 2**31 - 1),
    "long": (-(2**63), 2**63 - 1),
    "unsignedByte": (0, 2**8 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedLong": (0, 2**64 - 1),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
}
_BOUNDED = frozenset(XSD + name for name in _RANGES)
_NUMBERS = _BOUNDED | {XSD + "integer", XSD + "decimal"}
_INTEGER = re.compile(r"([+-]?)([0-9]+)")
_MOST_DIGITS = 20
"""Digits of the largest bound, those of 2^64; to read a million of them takes long."""


def is_out_of_range(literal: Literal) -> bool:
    """Whether `literal` is an integer that its datatype does not have."""
    return literal.datatype.value in _BOUNDED and _is_out_of_range(literal)


@lru_cache(maxsize=10_000)
def _is_out_of_range(literal: Literal) -> bool:
    found = _INTEGER.fullmatch(literal.value)
    if found is None:
        return False  # no integer at all: that the engines tell themselves
    least, most = _RANGES[literal.datatype.value.removeprefix(XSD)]
    digits = found[2].lstrip("0") or "0"
    if len(digits) > _MOST_DIGITS:
        return (least if found[1] == "-" else most) is not None
    number = int(found[1] + digits)
    return (least is not None and number < least) or (most is not None and number > most)


def with_numbers(triples: Iterable[Triple]) -> list[Triple]:
    """Return the triples whose object is an integer, a decimal or a triple term.

    Most have none: others of this module and of `wide_numbers` need to look at these only.
    """
    return [each for each in triples if _is_number(each.object)]


def _is_number(term: Term) -> bool:
    if isinstance(term, Literal):
        return term.datatype.value in _NUMBERS
    return isinstance(term, Triple)


def holds_any(triples: Iterable[Triple]) -> bool:
    """Whether there is a literal out of its range in the objects of `triples`."""
    return any(_holds_one(each.object) for each in triples)


def _holds_one(term: Term) -> bool:
    if isinstance(term, Literal):
        return is_out_of_range(term)
    return isinstance(term, Triple) and replaced(term, _disguised) != term


def disguised(triples: Iterable[Triple]) -> list[Triple]:
    """Return `triples` with a datatype that nobody knows for literals out of their range."""
    return [
        Triple(each.subject, each.predicate, replaced(each.object, _disguised)) for each in triples
    ]


def told_as_submitted(results: Iterable[Result]) -> list[Result]:
    """Return results on data that were disguised, with the literals as they were."""
    return [
        replace(
            each,
            focus=cast(Node, replaced(each.focus, _restored)),
            value=None if each.value is None else cast(Node, replaced(each.value, _restored)),
        )
        for each in results
    ]


def _restored(term: Term) -> Term:
    if isinstance(term, Literal) and term.datatype.value.startswith(_UNKNOWN):
        datatype = XSD + term.datatype.value.removeprefix(_UNKNOWN)
        return Literal(term.value, datatype=NamedNode(datatype))
    return term


def _disguised(term: Term) -> Term:
    if isinstance(term, Literal) and is_out_of_range(term):
        name = term.datatype.value.removeprefix(XSD)
        return Literal(term.value, datatype=NamedNode(_UNKNOWN + name))
    return term
