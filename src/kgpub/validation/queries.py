"""The SELECT queries of sh:sparql: what they may not contain, and what they read.

SHACL evaluates such a query once for each focus node, with $this pre-bound (SHACL, section 5.3.1
and appendix A). `kgpub.validation.prebinding` decides where once for all of them is the same.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pyoxigraph import Store
from pyparsing import ParseException
from rdflib.paths import AlternativePath, InvPath, MulPath, NegatedPath, Path, SequencePath
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Literal, URIRef, Variable

from kgpub.messages import Message
from kgpub.validation import wide_numbers
from kgpub.validation.prebinding import Obstacle, check_unbound, is_nullable, parts_of
from kgpub.validation.query_tokens import misread_by_oxigraph, misread_by_rdflib
from kgpub.vocabulary import XSD

_FORBIDDEN = {
    "ServiceGraphPattern": "query-service",
    "DatasetClause": "query-from",
    "MinusGraphPattern": "query-minus",
    "InlineData": "query-values",
    "ValuesClause": "query-values",
}
MAX_LENGTH = 100_000
"""Code points of a query, which its parser takes some 0.2 ms each for."""
MAX_CONDITIONS = 1000
"""Conditions that one || or && joins."""
_JOINING = {"ConditionalAndExpression", "ConditionalOrExpression"}
_PREBOUND = {"this", "shapesGraph", "currentShape"}
_PATH = re.compile(r"[$?]PATH\b")
_LEXICAL = {"STR", "DATATYPE", "sameTerm", "STRDT", "IRI", "URI"}
"""Functions that tell apart literals that are equal as values."""

_TELLING = {"Builtin_DATATYPE", "Builtin_sameTerm"}
_CONSTRUCTORS = frozenset(
    XSD + name
    for name in (
        *("boolean", "double", "float", "decimal", "integer", "dateTime", "string"),
        *("date", "time", "duration", "dayTimeDuration", "yearMonthDuration"),
    )
)
"""Functions by name of SPARQL 1.1 (section 17.5), and those that Oxigraph has beside them."""

_INCONSTANT = {f"Builtin_{name}" for name in ("NOW", "RAND", "UUID", "STRUUID", "BNODE")}


class QueryFault(ValueError):
    """The query may not stand in a shape; `fault` says why."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True)
class ConstraintQuery:
    """A SELECT query as sh:sparql has them, prefixes declared and $PATH replaced.

    `with_path` is the same with $PATH in it, as several shapes may share it.
    `variables` are what it projects, `computed` those that it does not read from the graph.
    `obstacle` says why it cannot be evaluated for all focus nodes at once, or is "". `predicates`
    are the IRIs that its patterns name, None where they may match any; `sources` are those of
    them that each variable stands beside. `lexical` are variables whose exact literal matters
    beyond its value; `constants` is true where literals stand in its patterns.
    """

    text: str
    with_path: str
    variables: tuple[str, ...]
    computed: frozenset[str]
    obstacle: str
    predicates: frozenset[str] | None
    sources: Mapping[str, frozenset[str] | None]
    lexical: frozenset[str]
    constants: bool
    is_ask: bool = False
    is_nullable: bool = False
    """True where a path of it may have length zero: Oxigraph passes over nodes not in the data."""
    is_nullable_at_constant: bool = False
    """True where such a path begins or ends at a constant."""
    needs_shapes: bool = False
    """True where it uses $shapesGraph."""
    inconstant: bool = False
    """True where the same data may give another answer: it asks for the time or for chance."""
    calculates: bool = False
    """True where it may calculate with numbers, compare or order them."""
    has_wide: bool = False
    """True where a number stands in it that Oxigraph has not."""
    tells_datatypes: bool = False
    """True where it tells datatypes of equal texts apart."""
    algebra: Any = field(default=None, repr=False, compare=False)
    """The query in the algebra of rdflib."""


def read_query(
    query: str,
    prefixes: Mapping[str, str],
    path: str | None,
    parameters: Collection[str] | None = None,
    is_ask: bool = False,
) -> ConstraintQuery:
    """Read the value of a sh:select, or of a sh:ask. `path` is the shape's, as SPARQL.

    `parameters` are the variables pre-bound for a constraint component; None for a sh:sparql.
    Raises QueryFault for what is not such a query of SPARQL 1.1, for what SHACL forbids in one,
    and for whatever would go out to the network. The parsed query decides.
    """
    with_path = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in prefixes.items()) + query
    if path is None and _PATH.search(query):
        raise QueryFault(Message("query-path"))
    if len(query) > MAX_LENGTH:
        raise QueryFault(f"it is longer than {MAX_LENGTH:,} characters")
    text = _PATH.sub(lambda _: f"({path})", with_path)
    form = "ASK" if is_ask else "SELECT"
    required = {"this", *(parameters or ()), *(("value",) if is_ask else ())}
    try:
        parsed = parseQuery(text)
        _refuse(parsed, prefixes, required)
        algebra = translateQuery(parsed).algebra
        if algebra.name != f"{form.title()}Query":
            raise QueryFault(Message("query-no-ask" if is_ask else "query-no-select"))
        _refuse_expressions(algebra)
    except ParseException as error:
        line = error.lineno - len(prefixes)
        raise QueryFault(Message("query-syntax", line=line, column=error.column)) from error
    except RecursionError as error:
        raise QueryFault(Message("query-deep")) from error
    misread = misread_by_rdflib(query)
    if misread:
        raise QueryFault(misread)
    if not is_ask and Variable("this") not in algebra.PV:
        raise QueryFault(Message("query-this"))
    read = _read(text, with_path, algebra, is_ask, parameters is not None)
    needs_shapes = any(str(term) == "shapesGraph" for term in _variables(parsed))
    nullable = any(is_nullable(triple[1]) for triple in _triples(algebra))
    return replace(
        read,
        is_ask=is_ask,
        needs_shapes=needs_shapes,
        is_nullable=nullable,
        is_nullable_at_constant=_is_nullable_at_constant(algebra),
        inconstant=any(part.name in _INCONSTANT for part in parts_of(algebra)),
        calculates=wide_numbers.calculates(algebra),
        has_wide=wide_numbers.stands_in(algebra),
        tells_datatypes=any(part.name in _TELLING for part in parts_of(algebra)),
        algebra=algebra,
    )


def _read(
    text: str, with_path: str, algebra: Any, is_ask: bool, of_component: bool
) -> ConstraintQuery:
    obstacle = ""
    try:
        if of_component:
            raise Obstacle("it has parameters")
        check_unbound(algebra)
        if _is_nullable_at_constant(algebra):
            raise Obstacle("it has a path that may have length zero from or to a constant")
        if wide_numbers.stands_in(algebra):
            raise Obstacle("it has a number with more digits than Oxigraph's")
        check_oxigraph(text)
    except Obstacle as found:
        obstacle = str(found)
    except RecursionError:
        obstacle = "it is nested too deeply"
    variables = () if is_ask else tuple(sorted(str(variable) for variable in algebra.PV))
    samples = {
        aggregate.res
        for part in parts_of(algebra)
        if part.name == "AggregateJoin"
        for aggregate in part.A
        if aggregate.name == "Aggregate_Sample"
    }
    extended = {
        str(part.var)
        for part in parts_of(algebra)
        if part.name == "Extend" and not (isinstance(part.expr, Variable) and part.expr in samples)
    }
    triples = _triples(algebra)
    predicates: frozenset[str] | None = frozenset()
    sources: dict[str, frozenset[str] | None] = {}
    for subject, predicate, value in triples:
        named = _predicates(predicate)
        predicates = _union(predicates, named)
        for term in (subject, value):
            sources[str(term)] = _union(sources.get(str(term), frozenset()), named)
    return ConstraintQuery(
        text=text,
        with_path=with_path,
        variables=variables,
        computed=frozenset(extended - {"this"}),
        obstacle=obstacle,
        predicates=predicates,
        sources=sources,
        lexical=frozenset(_lexical(algebra)),
        constants=any(isinstance(term, Literal) for triple in triples for term in triple),
    )


def _refuse(parsed: Any, prefixes: Mapping[str, str], required: Collection[str]) -> None:
    declared = {*prefixes}
    names = list(_nodes(parsed))
    if not any(name in ("SelectQuery", "AskQuery") for name, _ in names):
        raise QueryFault(Message("query-neither"))
    declared |= {_prefix(part) for name, part in names if name == "PrefixDecl"}
    for name, part in names:
        if name in _FORBIDDEN:
            raise QueryFault(Message(_FORBIDDEN[name]))
        if name == "pname" and _prefix(part) not in declared:
            raise QueryFault(Message("query-prefix", name=f"{_prefix(part)}:"))
        if (
            name in ("vars", "Bind", "GroupAs")
            and "expr" in part
            and _assigned(part) in {*_PREBOUND, *required}
        ):
            raise QueryFault(Message("query-assigns", name=f"${_assigned(part)}"))
        if name == "SubSelect":
            _refuse_projection(part, required)


def _refuse_expressions(algebra: Any) -> None:
    """Raise QueryFault for a function that SPARQL has not, and for too many conditions in one.

    A call of such a function is an error for each solution, so that FILTER would have none in
    silence. For conditions Oxigraph takes time that grows with the square of their number.
    """
    for part in parts_of(algebra):
        if part.name in _JOINING and len(part.other) >= MAX_CONDITIONS:
            raise QueryFault(f"it joins more than {MAX_CONDITIONS:,} conditions: IN takes a list")
        if part.name == "Function" and str(part.iri) not in _CONSTRUCTORS:
            raise QueryFault(Message("query-function", name=f"<{part.iri}>"))


def _assigned(part: CompValue) -> str:
    # CompValue.get(key) gives the key itself where there is no such item.
    return str(part["evar"] if "evar" in part else part["var"])


def _prefix(part: CompValue) -> str:
    return str(part["prefix"]) if "prefix" in part else ""


def _refuse_projection(select: Any, required: Collection[str]) -> None:
    projection = [value for key, value in select.items() if key == "projection"]
    selected = {_assigned(each) for name, each in _nodes(projection) if name == "vars"}
    for each in sorted({*required} - selected):
        raise QueryFault(Message("query-within", name=f"${each}"))


def _nodes(parsed: Any) -> Iterator[tuple[str, Any]]:
    pending = [parsed]
    while pending:
        part = pending.pop()
        if isinstance(part, CompValue):
            yield part.name, part
            pending.extend(part.values())
        elif isinstance(part, list | tuple) or hasattr(part, "asList"):
            pending.extend(part)


def _variables(parsed: Any) -> Iterator[Variable]:
    pending = [parsed]
    while pending:
        part = pending.pop()
        if isinstance(part, Variable):
            yield part
        elif isinstance(part, dict):
            pending.extend(part.values())
        elif isinstance(part, list | tuple) or hasattr(part, "asList"):
            pending.extend(part)


def _triples(algebra: Any) -> list[tuple[Any, Any, Any]]:
    return [each for part in parts_of(algebra) if part.name == "BGP" for each in part.triples]


def _is_nullable_at_constant(algebra: Any) -> bool:
    return any(
        is_nullable(path) and not isinstance(end, Variable)
        for subject, path, value in _triples(algebra)
        for end in (subject, value)
    )


def check_oxigraph(text: str) -> None:
    # Oxigraph follows SERVICE. Whatever it might read differently from rdflib, which decided
    # above, a text that does not hold the word at all is safe.
    if "service" in text.lower() or re.search(r"\\[uU][0-9A-Fa-f]{4}", text):
        raise Obstacle("it holds the word service, or escapes that could spell it")
    misread = misread_by_oxigraph(text)
    if misread:
        raise Obstacle(misread)
    try:
        Store().query(text)
    except (SyntaxError, RuntimeError) as error:
        # The latter where there is something in it that it does not evaluate.
        raise Obstacle("Oxigraph does not take it") from error


def _union(some: frozenset[str] | None, more: frozenset[str] | None) -> frozenset[str] | None:
    return None if some is None or more is None else some | more


def _predicates(path: Any) -> frozenset[str] | None:
    match path:
        case URIRef():
            return frozenset({str(path)})
        case MulPath():
            return None if is_nullable(path) else _predicates(path.path)
        case InvPath():
            return _predicates(path.arg)
        case SequencePath() | AlternativePath():
            found: frozenset[str] | None = frozenset()
            for each in path.args:
                found = _union(found, _predicates(each))
            return found
        case NegatedPath() | Path() | Variable() | _:
            return None


def _lexical(algebra: Any) -> Iterator[str]:
    for name, part in _nodes(algebra):
        function = name.removeprefix("Builtin_")
        if function in _LEXICAL:
            yield from (str(variable) for variable in _variables(list(part.values())))
