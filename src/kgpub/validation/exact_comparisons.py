"""Core constraints that compare numbers of any size, or ask for their datatype.

The native engine has no numbers with more digits than `wide_numbers` says. Where some are to be
compared, what compares them is left out of its shapes, and evaluated here (SHACL, sections 4.1.2,
4.3, 4.5.3 and 4.5.4).
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from operator import ge, gt, le, lt
from types import MappingProxyType

from pyoxigraph import Literal, NamedNode, QueryBoolean, Store, Triple

from kgpub.model.report import Node
from kgpub.validation.ill_typed import is_out_of_range
from kgpub.validation.index import Subject, TripleIndex, text_of
from kgpub.validation.paths import follow, read_path
from kgpub.validation.wide_numbers import DATATYPES
from kgpub.vocabulary import SH, XSD

Number = Decimal | float

_BOUNDS: Mapping[str, str] = MappingProxyType(
    {"minInclusive": ">=", "minExclusive": ">", "maxInclusive": "<=", "maxExclusive": "<"}
)
_PAIRS: Mapping[str, str] = MappingProxyType({"lessThan": "<", "lessThanOrEquals": "<="})
_OPERATORS: Mapping[str, Callable[[Number, Number], bool]] = MappingProxyType(
    {"<": lt, "<=": le, ">": gt, ">=": ge}
)
_TEXTUAL: Mapping[str, Callable[[str, str], bool]] = MappingProxyType(
    {"<": lt, "<=": le, ">": gt, ">=": ge}
)
_SMALL = frozenset(
    XSD + name for name in ("int", "short", "byte", "unsignedInt", "unsignedShort", "unsignedByte")
)
_INTEGER = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_DOUBLE = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN")
_SINGLE = XSD + "float"


@dataclass(frozen=True)
class Comparison:
    """A constraint of a shape: the local name of its parameter, and the value of that."""

    shape: Subject
    name: str
    value: Node

    @property
    def component(self) -> str:
        """The IRI of the constraint component."""
        return f"{SH}{self.name[0].upper()}{self.name[1:]}ConstraintComponent"

    @property
    def triple(self) -> Triple:
        """The triple of the shapes graph."""
        return Triple(self.shape, NamedNode(SH + self.name), self.value)

    def failing(
        self, focuses: Iterable[Node], shapes: TripleIndex, data: TripleIndex
    ) -> Iterator[tuple[Node, Node]]:
        """Yield focus nodes, each with a value node that there is a result for."""
        paths = shapes.objects(self.shape, SH + "path")
        for focus in focuses:
            values = follow(read_path(shapes, paths[0]), [focus], data) if paths else [focus]
            others = data.objects(focus, text_of(self.value)) if self.name in _PAIRS else []
            for value in values:
                if not self._holds(value, others):
                    yield focus, value

    def _holds(self, value: Node, others: Iterable[Node]) -> bool:
        if self.name == "datatype":
            return is_of(value, text_of(self.value))
        if self.name in _PAIRS:
            return all(compares(value, _PAIRS[self.name], other) for other in others)
        return compares(value, _BOUNDS[self.name], self.value)


def comparisons(index: TripleIndex, shape: Subject) -> list[Comparison]:
    """Return the constraints of `shape` that compare values, or that ask for numbers."""
    return [
        Comparison(shape, name, value)
        for name in ("datatype", *_BOUNDS, *_PAIRS)
        for value in index.objects(shape, SH + name)
        if name != "datatype" or text_of(value) in DATATYPES
    ]


def is_of(value: Node, datatype: str) -> bool:
    """Whether `value` is a well-formed literal of a datatype of integers, or of decimals."""
    if not isinstance(value, Literal) or value.datatype.value != datatype:
        return False
    return number(value) is not None


def compares(value: Node, operator: str, other: Node) -> bool:
    """Whether a comparison of SPARQL holds (section 17.3); it does not where there is none."""
    if not isinstance(value, Literal) or not isinstance(other, Literal):
        return False
    first, second = number(value), number(other)
    if first is not None and second is not None:
        return _OPERATORS[operator](*_promoted(first, second, value, other))
    if is_out_of_range(value) or is_out_of_range(other):
        return False
    if value.language and other.language:
        # SPARQL 1.1, section 17.3.1, leaves that to engines: the native one passes over the tags.
        return _TEXTUAL[operator](value.value, other.value)
    return _compares(value, operator, other)


@lru_cache(maxsize=10_000)
def _compares(value: Literal, operator: str, other: Literal) -> bool:
    try:
        found = Store().query(f"ASK {{ FILTER ({value} {operator} {other}) }}")
    except SyntaxError:  # a datatype that SPARQL has no notation for
        return False
    assert isinstance(found, QueryBoolean)
    return bool(found)


def number(literal: Literal) -> Number | None:
    """Return the value of a number, None for any other literal and for an ill-typed one."""
    datatype, text = literal.datatype.value, literal.value
    if datatype == XSD + "decimal":
        return Decimal(text) if _DECIMAL.fullmatch(text) else None
    if datatype in DATATYPES or datatype in _SMALL:
        is_one = _INTEGER.fullmatch(text) is not None and not is_out_of_range(literal)
        return Decimal(text) if is_one else None
    if datatype not in (XSD + "double", _SINGLE) or not _DOUBLE.fullmatch(text):
        return None
    return _single(float(text)) if datatype == _SINGLE else float(text)


def _promoted(first: Number, second: Number, one: Literal, other: Literal) -> tuple[Number, Number]:
    """Return two numbers as they are compared (XPath 2.0, section B.1): doubles if one is."""
    if isinstance(first, Decimal) and isinstance(second, Decimal):
        return first, second
    pair = float(first), float(second)
    doubles = {each.datatype.value for each in (one, other)}
    return pair if XSD + "double" in doubles else (_single(pair[0]), _single(pair[1]))


def _single(value: float) -> float:
    try:
        (found,) = struct.unpack("f", struct.pack("f", value))
    except OverflowError:
        return math.copysign(math.inf, value)
    assert isinstance(found, float)
    return found
