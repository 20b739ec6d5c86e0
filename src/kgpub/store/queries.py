"""SPARQL put to a store: what it may not do, and errors that a person can act upon."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode, Store
from rapidfuzz import fuzz, process

from kgpub.errors import QueryError
from kgpub.store import Answer, Binding
from kgpub.store.binding import bind
from kgpub.store.syntax import form, measure, place, tokens, undeclared

_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_POSITION = re.compile(r"^error at (\d+):(\d+): ")
_SERVICE = re.compile("service", re.IGNORECASE | re.ASCII)
_BEHIND_DOT = re.compile(r"\..*(service)", re.IGNORECASE | re.ASCII)
_SHOWN = 80
"""Characters of a line that are shown before and after a place."""


@dataclass(frozen=True)
class Graphs:
    """The RDF dataset of a query by the IRIs of its graphs (SPARQL 1.1 Protocol, 2.1.4).

    The default graph is the merge of those in `default`; only those in `named` are named graphs.
    """

    default: tuple[str, ...]
    named: tuple[str, ...]


class EmbeddedStore:
    """Queries on an Oxigraph store whose default graph holds the union of its graphs.

    Relative IRIs in queries are resolved against `base`, if it is not "".
    """

    def __init__(self, store: Store, base: str = "") -> None:
        self.store = store
        self.base = base

    def query(
        self,
        sparql: str,
        prefixes: Mapping[str, str] | None = None,
        bindings: Mapping[str, Binding] | None = None,
        graphs: Graphs | None = None,
    ) -> Answer:
        """Evaluate a SPARQL 1.1 query; variables in `bindings` have these values.

        With `graphs` it is evaluated on these, whatever it says itself of its dataset.

        Raises QueryError with line and column for a syntax error, for an update, for SERVICE, and
        for a query that is longer or nested deeper than can be evaluated.
        """
        bound = bind(sparql, bindings or {})
        measure(bound)
        form(bound)
        refuse_service(bound)
        try:
            return self.store.query(
                bound,
                base_iri=self.base or None,
                prefixes=dict(prefixes or {}),
                default_graph=None if graphs is None else _nodes(graphs.default),
                named_graphs=None if graphs is None else _nodes(graphs.named),
            )
        except SyntaxError as error:
            raise syntax_error(bound, str(error), prefixes or {}) from error
        except (ValueError, RuntimeError, OSError) as error:
            raise QueryError(f"the query cannot be evaluated: {error}") from error


def _nodes(iris: tuple[str, ...]) -> list[Any]:
    return [NamedNode(iri) for iri in iris]


def syntax_error(sparql: str, detail: str, prefixes: Mapping[str, str]) -> QueryError:
    """Make an error that shows the place in the query from Oxigraph's, which lists tokens."""
    match = _POSITION.match(detail)
    if match is None:
        return QueryError(f"the query is not SPARQL: {detail}")
    index = _index(sparql, int(match[1]), int(match[2]))
    reason, remedy = "not SPARQL from here on", ""
    # Oxigraph reads on behind a name before it looks its prefix up.
    faults = (name for name in undeclared(sparql, prefixes) if name.start() <= index)
    if name := next(faults, None):
        index = name.start()
        reason = f"the prefix {name['prefix']}: is not declared"
        nearest = process.extractOne(
            name["prefix"], list(prefixes), scorer=fuzz.ratio, score_cutoff=75
        )
        hint = f"Did you mean {nearest[0]}:? " if nearest else ""
        remedy = f"{hint}Known without declaration: {', '.join(sorted(prefixes))}."
    return QueryError(f"{place(sparql, index)}: {reason}", remedy, _pointer(sparql, index))


def _index(sparql: str, line: int, column: int) -> int:
    """Return the index of a place whose lines end in LF only, as Oxigraph counts."""
    before = sparql.split("\n")[: line - 1]
    index = sum(len(each) + 1 for each in before) + column - 1
    # Within a CR LF is neither on the line before nor on the one after.
    return index + 1 if sparql[index - 1 : index + 1] == "\r\n" else index


def _pointer(sparql: str, index: int) -> str:
    """Return what stands around `index` in its line, and below it a caret that points there."""
    start = max(sparql.rfind(end, 0, index) for end in "\r\n") + 1
    start = max(start, index - _SHOWN)
    shown = re.split(r"[\r\n]", sparql[start : index + _SHOWN], maxsplit=1)[0]
    return f"{shown}\n{' ' * (index - start)}^"


def refuse_service(sparql: str) -> None:
    """Raise QueryError if `sparql` might send a request (SPARQL 1.1 Federated Query).

    Oxigraph follows SERVICE by itself and cannot be told not to. A text without the word is safe,
    and so is the word in a string, an IRI, a comment or a variable. Oxigraph needs no space around
    it, and ends a name at its second dot: `SERVICE:x { … }` calls as well as `a:b.c.SERVICEx:y`.
    So the word is refused by itself, with other letters, behind a dot in a name, and in a prefix
    where a group follows. With it are refused escapes, which are resolved before anything else.
    """
    if _ESCAPE.search(sparql) is not None:
        if _SERVICE.search(_resolved(sparql)):
            raise QueryError(
                "a query that holds the word service may not hold \\u escapes: they could hide "
                "SERVICE",
                "Write the characters themselves.",
            )
        return
    if not _SERVICE.search(sparql):
        return
    before, prefixed = "", None
    for token in tokens(sparql):
        if prefixed is not None and token[0] == "{":
            raise _calls(sparql, prefixed)
        called = _SERVICE.search(token["word"] or "")
        if token.lastgroup in ("local", "blank"):
            called = _BEHIND_DOT.search(token[0])
        if called:
            raise _calls(sparql, token)
        in_prefix = _SERVICE.search(token["prefix"] or "")
        prefixed = token if in_prefix and before != "GRAPH" else None
        before = token[0].upper()


def _calls(sparql: str, token: re.Match[str]) -> QueryError:
    found = _SERVICE.search(sparql, token.start())
    at = found.start() if found else token.start()
    return QueryError(
        f"{place(sparql, at)}: SERVICE would send a request to another server, which kgpub does "
        "not do",
        "Query that server by itself with --endpoint, or remove the SERVICE pattern; write a name "
        "with this word as an IRI in < >.",
        _pointer(sparql, at),
    )


def _resolved(sparql: str) -> str:
    """Return a query with all its escapes resolved, valid ones and others alike."""
    return _ESCAPE.sub(lambda match: _character(match[1] or match[2]), sparql)


def _character(digits: str) -> str:
    number = int(digits, 16)
    return chr(number) if number < 0x110000 else ""
