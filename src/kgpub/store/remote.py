"""A store behind a SPARQL 1.1 Protocol endpoint."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QueryTriples,
    RdfFormat,
    Store,
    Variable,
    parse,
    parse_query_results,
)

from kgpub.errors import QueryError, StoreError
from kgpub.store import Answer, Binding
from kgpub.store.binding import bind
from kgpub.store.credentials import Credentials
from kgpub.store.endpoint import GRAPH_FORMS, Endpoint, Rejected
from kgpub.store.syntax import form

_MAX_NESTING = 200
# A type may be spelled with escapes of its letters, and is read all the same.
_ESCAPED_LETTER = re.compile(rb"\\u00[67]")
_BRACKETS = re.compile(rb'"(?:[^"\\]|\\.)*+"?|(?P<open>[\[{])|(?P<close>[\]}])', re.DOTALL)
_VIRTUOSO_S = Variable("__ASK_RETVAL")
"""What Virtuoso, asked for JSON or XML, answers ASK with: a table, of no rows for false."""


class RemoteStore:
    """Queries on an endpoint. Asking one goes over the network, and so only by the user's wish."""

    def __init__(
        self, endpoint: str, timeout: float = 60, credentials: Credentials | None = None
    ) -> None:
        """`endpoint` is the address of the query service; `timeout` in seconds.

        Raises StoreError where the address is none.
        """
        self.endpoint = Endpoint(endpoint, credentials, timeout)

    def query(
        self,
        sparql: str,
        prefixes: Mapping[str, str] | None = None,
        bindings: Mapping[str, Binding] | None = None,
    ) -> Answer:
        """Evaluate `sparql` at the endpoint; variables in `bindings` have these values.

        Raises QueryError for an update, which is not sent, and where the endpoint refuses the
        query, StoreError where it cannot be reached or answers with something else than SPARQL
        results.
        """
        bound = bind(sparql, bindings or {})
        # The query may declare a prefix anew; its own declaration follows, and holds.
        head = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in (prefixes or {}).items())
        kind = form(bound) or "SELECT"
        try:
            content = self.endpoint.ask(head + bound, kind)
        except Rejected as error:
            raise QueryError(error.message) from error
        try:
            if kind in GRAPH_FORMS:
                return _triples(content)
            _require_flat(content)
            # Its rows are read as they are drawn, so that a broken one shows only then.
            answer = parse_query_results(content, format=QueryResultsFormat.JSON)
            if isinstance(answer, QueryBoolean):
                return answer
            rows = sum(1 for _ in answer)
            if kind == "ASK" and answer.variables == [_VIRTUOSO_S]:
                return _boolean(rows > 0)
            return parse_query_results(content, format=QueryResultsFormat.JSON)
        except (SyntaxError, ValueError) as error:
            message = f"{self.endpoint.shown} answers with something that is not SPARQL results"
            remedy = "Check the address: a log-in page or a proxy may answer in its place."
            told = self.endpoint.redacted(str(error))
            raise StoreError(f"{message}: {told}", remedy) from error


def _require_flat(results: bytes) -> None:
    """Raise ValueError for terms that are nested so deeply that to parse them ends the process."""
    if results.count(b'"triple"') <= _MAX_NESTING and not _ESCAPED_LETTER.search(results):
        return
    depth = 0
    for token in _BRACKETS.finditer(results):
        if token.lastgroup is not None:
            depth += 1 if token.lastgroup == "open" else -1
            if depth > _MAX_NESTING:
                raise ValueError("terms are nested too deeply")


def _boolean(value: bool) -> QueryBoolean:
    content = json.dumps({"head": {}, "boolean": value})
    answer = parse_query_results(content, format=QueryResultsFormat.JSON)
    assert isinstance(answer, QueryBoolean)
    return answer


def _triples(content: bytes) -> QueryTriples:
    """Give Turtle the type that a store's own CONSTRUCT has.

    Raises SyntaxError, and ValueError for so many triple terms of RDF 1.2 that they may be nested
    too deeply.
    """
    if content.count(b"<<(") > _MAX_NESTING:
        raise ValueError(f"more than {_MAX_NESTING} triple terms")
    store = Store()
    store.extend(parse(content, format=RdfFormat.TURTLE))
    answer = store.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    assert isinstance(answer, QueryTriples)
    return answer
