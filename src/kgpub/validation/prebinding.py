"""Where leaving $this unbound means the same as pre-binding it.

Pre-binding replaces $this by each focus node in turn, in every part of a query (SHACL, section
5.3.1). SPARQL evaluates from the inside out, so that a part which does not bind $this by itself
does not see what another part binds. Write P[f] for the pattern P with $this replaced by f. Two
properties, proved for each operator from those of its operands, decide:

- P *binds* $this: it is bound to some node in every solution of P, and those that bind it to f
  are the solutions of P[f], for every f;
- P *leaves* $this: those that bind it to f, or not at all, are the solutions of P[f].

A query may be evaluated at once for all focus nodes where its whole pattern binds $this. What
this module has no proof for is an obstacle, as is what the two SPARQL engines are known to
evaluate differently; neither says that the query is wrong.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from rdflib.paths import AlternativePath, InvPath, MulPath, SequencePath
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Literal, URIRef, Variable

THIS = Variable("this")
_FUNCTIONS = frozenset(
    {"BOUND", "STR", "LANG", "LANGMATCHES", "DATATYPE", "STRLEN", "SUBSTR", "UCASE", "LCASE"}
    | {"STRSTARTS", "STRENDS", "CONTAINS", "STRBEFORE", "STRAFTER", "CONCAT", "REGEX", "sameTerm"}
    | {"isIRI", "isURI", "isBLANK", "isLITERAL", "isNUMERIC", "COALESCE", "IF", "YEAR", "MONTH"}
    | {"DAY"}
)
_OPERATORS = frozenset(
    {"RelationalExpression", "ConditionalAndExpression", "ConditionalOrExpression", "UnaryNot"}
    | {"AdditiveExpression", "MultiplicativeExpression", "UnaryMinus", "UnaryPlus"}
)
_PATTERNS = frozenset(("BGP", "Join", "Filter", "LeftJoin", "Union", "TrueFilter"))
_TEXTS = frozenset(("STR", "LANG", "UCASE", "LCASE", "CONCAT", "SUBSTR", "STRBEFORE", "STRAFTER"))
"""Functions whose result has the same lexical form in every engine."""


_FORMS = ("Builtin_STR", "Builtin_DATATYPE", "Builtin_sameTerm")


class Obstacle(Exception):
    """A query cannot be shown to mean the same with $this unbound; the text says why."""


def check_unbound(algebra: Any) -> None:
    """Raise Obstacle unless the SELECT query binds $this; `algebra` is rdflib's."""
    if THIS not in algebra.PV:
        raise Obstacle("it does not select $this")
    _check_optional(algebra)
    extended = {part.var for part in parts_of(algebra) if part.name == "Extend"}
    for name in ("failure", "currentShape", "shapesGraph"):
        if Variable(name) in {*algebra.PV, *_mentioned(algebra)}:
            raise Obstacle(f"it uses ${name}")
    for part in parts_of(algebra):
        if part.name == "Extend" and part.var in algebra.PV and not _is_text(part.expr, extended):
            raise Obstacle("it selects a computed literal, whose form depends on the engine")
        if part.name in _FORMS and not all(
            isinstance(each, Variable | URIRef | Literal) and each not in extended
            for each in _children(part)
        ):
            raise Obstacle("it takes the text of a computed literal, which depends on the engine")
    if not _binds(algebra.p):
        raise Obstacle("its pattern need not bind $this")


def parts_of(part: Any) -> Iterator[CompValue]:
    """Yield every operator and expression in rdflib's algebra, those of EXISTS included."""
    pending = [part]
    while pending:
        each = pending.pop()
        if isinstance(each, CompValue):
            yield each
            pending.extend(_children(each))
        elif isinstance(each, list | tuple):
            pending.extend(each)


def _children(part: CompValue) -> list[Any]:
    # rdflib keeps the algebra of an EXISTS as attribute, and as item what it was parsed from.
    return [getattr(part, key) for key in part if key != "_vars"]


def is_nullable(path: Any) -> bool:
    """True where the path may have length zero, and so relate every node to itself."""
    match path:
        case MulPath():
            return path.mod in ("*", "?") or is_nullable(path.path)
        case InvPath():
            return is_nullable(path.arg)
        case SequencePath():
            return all(is_nullable(each) for each in path.args)
        case AlternativePath():
            return any(is_nullable(each) for each in path.args)
        case _:
            return False


def _binds(part: Any) -> bool:
    """Return whether `part` binds $this, else it leaves it; raises Obstacle if neither is shown."""
    match part.name:
        case "Project" | "Distinct" | "Reduced" | "OrderBy":
            if part.name == "Project" and THIS not in part.PV and THIS in _mentioned(part.p):
                raise Obstacle("a SELECT within it hides $this")
            return _binds(part.p)
        case "ToMultiSet" if part.p.name != "values":
            return _binds(part.p)
        case "BGP":
            return _pattern_binds(part.triples)
        case "Join":
            # Solutions of both sides agree on f wherever they bind $this.
            left, right = _binds(part.p1), _binds(part.p2)
            return left or right
        case "Union":
            left, right = _binds(part.p1), _binds(part.p2)
            return left and right
        case "LeftJoin":
            return _left_join_binds(part)
        case "Filter":
            _check_expression(part.expr, _bindable(part.p))
            bound = _binds(part.p)
            if not bound and THIS in _mentioned(part.expr):
                raise Obstacle("a filter uses $this where its group need not bind it")
            return bound
        case "Extend":
            return _extend_binds(part)
        case "AggregateJoin":
            return _group_binds(part)
        case _:
            raise Obstacle(f"it contains {part.name}")


def _pattern_binds(triples: list[tuple[Any, Any, Any]]) -> bool:
    mentions = [triple for triple in triples if THIS in triple]
    plain = [triple for triple in mentions if not is_nullable(triple[1])]
    if mentions and not plain:
        # Pre-bound, a path of length zero reaches a focus node that is not in the graph.
        raise Obstacle("only a path that may have length zero binds $this")
    return bool(plain)


def _left_join_binds(part: Any) -> bool:
    _check_expression(part.expr, _bindable(part.p1) | _bindable(part.p2))
    left = _binds(part.p1)
    _binds(part.p2)
    if not left and THIS in {*_mentioned(part.p2), *_mentioned(part.expr)}:
        raise Obstacle("an OPTIONAL uses $this where the pattern before it need not bind it")
    return left


def _extend_binds(part: Any) -> bool:
    aggregated = isinstance(part.expr, Variable) and str(part.expr).startswith("__agg_")
    if part.var == THIS and not aggregated:
        raise Obstacle("it assigns to $this")
    _check_expression(part.expr, _bindable(part.p))
    bound = _binds(part.p)
    if not bound and THIS in _mentioned(part.expr):
        raise Obstacle("an expression uses $this where its group need not bind it")
    return bound


def _group_binds(part: Any) -> bool:
    if not part.p.expr or THIS not in part.p.expr:
        raise Obstacle("it aggregates without grouping by $this")
    keys = set(part.p.expr)
    if not all(isinstance(key, Variable) for key in keys):
        raise Obstacle("it groups by an expression")
    for aggregate in part.A:
        name = aggregate.name.removeprefix("Aggregate_")
        if name != "Count" and not (name == "Sample" and aggregate.vars in keys):
            raise Obstacle(f"it aggregates by {name.upper()}")
        if not isinstance(aggregate.vars, Variable | str):
            raise Obstacle("it aggregates an expression")
    if not _binds(part.p.p):
        raise Obstacle("it groups by $this where the pattern need not bind it")
    return True


def _check_expression(expression: Any, bindable: set[Variable]) -> None:
    for part in parts_of(expression):
        name = part.name.removeprefix("Builtin_")
        if name in ("EXISTS", "NOTEXISTS"):
            continue
        if part.name in _OPERATORS or part.name in _PATTERNS:
            continue
        if name == part.name or name not in _FUNCTIONS:
            raise Obstacle(f"it uses {name}")
        if name == "REGEX" and not _is_plain(part.pattern):
            raise Obstacle("it uses a regular expression that engines may read differently")
    _check_scope(expression, bindable)


def _check_scope(expression: Any, bindable: set[Variable]) -> None:
    # rdflib may show a filter what was bound outside of its group; SPARQL does not.
    pending = [(expression, bindable)]
    while pending:
        part, visible = pending.pop()
        if isinstance(part, Variable):
            if part not in visible:
                raise Obstacle(f"an expression uses ?{part}, which its group does not bind")
        elif isinstance(part, list | tuple):
            pending.extend((each, visible) for each in part)
        elif isinstance(part, CompValue) and part.name in ("Builtin_EXISTS", "Builtin_NOTEXISTS"):
            inner = visible | _bindable(part.graph)
            for each in parts_of(part.graph):
                if each.name in ("Filter", "LeftJoin"):
                    pending.append((each.expr, inner))
        elif isinstance(part, CompValue) and part.name != "TrueFilter":
            pending.extend((value, visible) for value in _children(part))


def _check_optional(algebra: Any) -> None:
    # Patterns that are not well-designed (Pérez, Arenas, Gutierrez 2009) depend on the order of
    # evaluation, in which engines differ.
    everywhere = _occurrences(algebra)
    for part in parts_of(algebra):
        if part.name == "LeftJoin":
            inside = _occurrences(part.p2)
            for variable in set(inside) - set(_occurrences(part.p1)):
                if everywhere[variable] > inside[variable]:
                    raise Obstacle(f"an OPTIONAL shares ?{variable} with a pattern beyond it")


def _occurrences(part: Any) -> Counter[Variable]:
    return Counter(
        term
        for each in parts_of(part)
        if each.name == "BGP"
        for triple in each.triples
        for term in triple
        if isinstance(term, Variable)
    )


def _bindable(part: Any) -> set[Variable]:
    """Return the variables that solutions of `part` may bind."""
    if part.name == "Project":
        return set(part.PV)
    if part.name == "AggregateJoin":
        return {aggregate.res for aggregate in part.A}
    found = {part.var} if part.name == "Extend" else set()
    if part.name == "BGP":
        found |= {term for triple in part.triples for term in triple if isinstance(term, Variable)}
    for key in ("p", "p1", "p2"):
        if isinstance(part.get(key), CompValue):
            found |= _bindable(part.get(key))
    return found


def _mentioned(part: Any) -> set[Variable]:
    if isinstance(part, Variable):
        return {part}
    found: set[Variable] = set()
    pending = [part]
    while pending:
        each = pending.pop()
        if isinstance(each, Variable):
            found.add(each)
        elif isinstance(each, CompValue):
            pending.extend(_children(each))
        elif isinstance(each, list | tuple):
            pending.extend(each)
    return found


def _is_text(expression: Any, computed: set[Variable]) -> bool:
    if isinstance(expression, Variable) and str(expression).startswith("__agg_"):
        return True
    if _mentioned(expression) & computed:
        return False
    return all(part.name.removeprefix("Builtin_") in _TEXTS for part in parts_of(expression))


def _is_plain(pattern: Any) -> bool:
    if not isinstance(pattern, Literal):
        return False
    return "(?" not in pattern and re.search(r"\\[^.\[\](){}*+?^$|\\/-]", str(pattern)) is None
