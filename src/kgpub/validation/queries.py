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

from kgpub.validation.prebinding import Obstacle, check_unbound, is_nullable, parts_of
from kgpub.validation.query_tokens import misread_by_oxigraph, misread_by_rdflib

_FORBIDDEN = {
    "ServiceGraphPattern": "SERVICE, which would send a request to another server",
    "DatasetClause": "FROM, which would load a graph from elsewhere",
    "MinusGraphPattern": "MINUS, which pre-binding does not allow (SHACL, appendix A)",
    "InlineData": "VALUES, which pre-binding does not allow (SHACL, appendix A)",
    "ValuesClause": "VALUES, which pre-binding does not allow (SHACL, appendix A)",
}
_PREBOUND = {"this", "shapesGraph", "currentShape"}
_PATH = re.compile(r"[$?]PATH\b")
_LEXICAL = {"STR", "DATATYPE", "sameTerm", "STRDT", "IRI", "URI"}
"""Functions that tell apart literals that are equal as values."""

_INCONSTANT = {f"Builtin_{name}" for name in ("NOW", "RAND", "UUID", "STRUUID", "BNODE")}


class QueryFault(ValueError):
    """The query may not stand in a shape; the text says why."""


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
        raise QueryFault("it uses $PATH, and the shape has no sh:path")
    text = _PATH.sub(lambda _: f"({path})", with_path)
    form = "ASK" if is_ask else "SELECT"
    required = {"this", *(parameters or ()), *(("value",) if is_ask else ())}
    try:
        parsed = parseQuery(text)
        _refuse(parsed, prefixes, required)
        algebra = translateQuery(parsed).algebra
        if algebra.name != f"{form.title()}Query":
            raise QueryFault(f"it is not {'an' if is_ask else 'a'} {form} query")
    except ParseException as error:
        line = error.lineno - len(prefixes)
        raise QueryFault(f"it is not SPARQL from line {line}, column {error.column} on") from error
    except RecursionError as error:
        raise QueryFault("it is nested too deeply") from error
    misread = misread_by_rdflib(query)
    if misread:
        raise QueryFault(misread)
    if not is_ask and Variable("this") not in algebra.PV:
        raise QueryFault("it does not select $this")
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
        raise QueryFault("it is not a SELECT query, nor an ASK query")
    declared |= {_prefix(part) for name, part in names if name == "PrefixDecl"}
    for name, part in names:
        if name in _FORBIDDEN:
            raise QueryFault(f"it contains {_FORBIDDEN[name]}")
        if name == "pname" and _prefix(part) not in declared:
            raise QueryFault(f"the prefix {_prefix(part)}: is not declared by sh:prefixes")
        if (
            name in ("vars", "Bind", "GroupAs")
            and "expr" in part
            and _assigned(part) in {*_PREBOUND, *required}
        ):
            raise QueryFault(f"it assigns to ${_assigned(part)}, which is pre-bound")
        if name == "SubSelect":
            _refuse_projection(part, required)


def _assigned(part: CompValue) -> str:
    # CompValue.get(key) gives the key itself where there is no such item.
    return str(part["evar"] if "evar" in part else part["var"])


def _prefix(part: CompValue) -> str:
    return str(part["prefix"]) if "prefix" in part else ""


def _refuse_projection(select: Any, required: Collection[str]) -> None:
    projection = [value for key, value in select.items() if key == "projection"]
    selected = {_assigned(each) for name, each in _nodes(projection) if name == "vars"}
    for each in sorted({*required} - selected):
        raise QueryFault(f"a SELECT within it does not select ${each} (SHACL, appendix A)")


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
    except SyntaxError as error:
        raise Obstacle("Oxigraph does not read it") from error


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
