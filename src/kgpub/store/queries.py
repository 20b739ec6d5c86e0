"""SPARQL put to a store: what it may not do, and errors that a person can act upon."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pyoxigraph import Store

from kgpub.errors import QueryError
from kgpub.store import Answer, Binding
from kgpub.store.binding import bind

_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_POSITION = re.compile(r"^error at (\d+):(\d+): ")


class EmbeddedStore:
    """Queries on an Oxigraph store whose default graph holds the union of its graphs."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def query(
        self,
        sparql: str,
        prefixes: Mapping[str, str] | None = None,
        bindings: Mapping[str, Binding] | None = None,
    ) -> Answer:
        """Evaluate a SPARQL 1.1 query; variables in `bindings` have these values.

        Raises QueryError with line and column for a syntax error, and for SERVICE.
        """
        bound = bind(sparql, bindings or {})
        refuse_service(bound)
        try:
            return self.store.query(bound, prefixes=dict(prefixes or {}))
        except SyntaxError as error:
            raise syntax_error(bound, str(error), prefixes or {}) from error
        except (ValueError, RuntimeError, OSError) as error:
            raise QueryError(f"the query cannot be evaluated: {error}") from error


def syntax_error(sparql: str, detail: str, prefixes: Mapping[str, str]) -> QueryError:
    """Make an error that shows the place in the query from Oxigraph's, which lists tokens."""
    match = _POSITION.match(detail)
    if match is None:
        return QueryError(f"the query is not SPARQL: {detail}")
    line, column = int(match[1]), int(match[2])
    lines = sparql.splitlines() or [""]
    shown = lines[min(line, len(lines)) - 1]
    reason = "not SPARQL from here on"
    remedy = ""
    if re.match(r"\s*(?:INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|COPY|MOVE|ADD|WITH)\b", sparql, re.I):
        reason = "a query asks, and this would change something"
        remedy = "Data change by submissions and kgpub build."
    if "Prefix not found" in detail:
        reason = "this prefix is not declared"
        remedy = f"Known without declaration: {', '.join(sorted(prefixes))}."
    pointer = f"    {shown}\n    {' ' * (column - 1)}^"
    return QueryError(f"query:{line}:{column}: {reason}\n{pointer}", remedy)


def refuse_service(sparql: str) -> None:
    """Raise QueryError if `sparql` would send a request anywhere (SPARQL 1.1 Federated Query).

    Oxigraph follows SERVICE by itself and cannot be told not to. A text without the word is safe.
    One with it is parsed by rdflib, and the parsed query decides; what rdflib and Oxigraph might
    read differently (escapes, which rdflib resolves before it parses, and a lone carriage return,
    which does not end a comment for it) is refused together with the word.
    """
    escaped = _ESCAPE.search(sparql) is not None
    if not escaped and "service" not in sparql.lower():
        return
    if escaped:
        if "service" not in sparql.lower() and not _spells_service(sparql):
            return
        raise QueryError(
            "a query that holds the word service may not hold \\u escapes: they could hide SERVICE",
            "Write the characters themselves.",
        )
    if re.search(r"\r(?!\n)", sparql):
        raise QueryError(
            "a query that holds the word service may not hold a lone carriage return",
            "End lines with a line feed.",
        )
    # rdflib takes a tenth of a second to import, and few queries need it.
    from pyparsing import ParseException
    from rdflib.plugins.sparql.parser import parseQuery

    try:
        parsed = parseQuery(sparql)
    except (ParseException, RecursionError) as error:
        raise QueryError(f"the query cannot be checked for SERVICE: {error}") from error
    if any(name == "ServiceGraphPattern" for name in _names(parsed)):
        raise QueryError(
            "SERVICE would send a request to another server, which kgpub does not do",
            "Query that server by itself with --endpoint, or remove the SERVICE pattern.",
        )


def _spells_service(sparql: str) -> bool:
    """Whether the word appears once all escapes are resolved, valid ones and others alike."""
    resolved = _ESCAPE.sub(lambda match: _character(match[1] or match[2]), sparql)
    return "service" in resolved.lower()


def _character(digits: str) -> str:
    number = int(digits, 16)
    return chr(number) if number < 0x110000 else ""


def _names(node: Any) -> Iterator[str]:
    pending = [node]
    while pending:
        part = pending.pop()
        if isinstance(part, dict):
            yield str(getattr(part, "name", ""))
            pending.extend(part.values())
        elif isinstance(part, list | tuple) or hasattr(part, "asList"):
            pending.extend(part)
