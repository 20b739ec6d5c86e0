"""A store behind a SPARQL 1.1 Protocol endpoint, asked through SPARQLWrapper."""

from __future__ import annotations

from collections.abc import Mapping
from http.client import HTTPException
from urllib.error import URLError

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QueryTriples,
    RdfFormat,
    Store,
    parse,
    parse_query_results,
)
from SPARQLWrapper import JSON, N3, POST, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException

from kgpub.errors import QueryError, StoreError
from kgpub.store import Answer, Binding
from kgpub.store.binding import bind
from kgpub.store.syntax import form

MAX_ANSWER_BYTES = 1024 * 1024 * 1024
_GRAPH_FORMS = ("CONSTRUCT", "DESCRIBE")
_AGENT = "kgpub (SPARQLWrapper)"


class RemoteStore:
    """Queries on an endpoint. Asking one goes over the network, and so only by the user's wish."""

    def __init__(self, endpoint: str, timeout: int = 60) -> None:
        """`endpoint` is the address of the query service; `timeout` in seconds."""
        self.endpoint = endpoint
        self.timeout = timeout

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
        if not self.endpoint.startswith(("https://", "http://")):
            message = f"{self.endpoint}: is no address of an endpoint"
            raise StoreError(message, "It begins with https:// or http://.")
        bound = bind(sparql, bindings or {})
        # The query may declare a prefix anew; its own declaration follows, and holds.
        head = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in (prefixes or {}).items())
        wrapper = SPARQLWrapper(self.endpoint, agent=_AGENT)
        wrapper.setTimeout(self.timeout)
        wrapper.setMethod(POST)
        # setQuery would guess the type, and send what it takes for an update as one.
        wrapper.queryString = head + bound
        wrapper.queryType = form(bound) or "SELECT"
        graph = wrapper.queryType in _GRAPH_FORMS
        wrapper.setReturnFormat(N3 if graph else JSON)
        try:
            response = wrapper.query().response
            content = response.read(MAX_ANSWER_BYTES + 1)
        except SPARQLWrapperException as error:
            raise QueryError(f"{self.endpoint} refuses the query: {error}") from error
        except (URLError, OSError, HTTPException, ValueError) as error:
            reason = getattr(error, "reason", error)
            raise StoreError(f"{self.endpoint} cannot be reached: {reason}") from error
        if len(content) > MAX_ANSWER_BYTES:
            message = f"{self.endpoint} answers with more than {MAX_ANSWER_BYTES:,} bytes"
            raise StoreError(message, "Add a LIMIT to the query.")
        try:
            if graph:
                return _triples(content)
            # Its rows are read as they are drawn, so that a broken one shows only then.
            answer = parse_query_results(content, format=QueryResultsFormat.JSON)
            if isinstance(answer, QueryBoolean):
                return answer
            for _ in answer:
                pass
            return parse_query_results(content, format=QueryResultsFormat.JSON)
        except (SyntaxError, ValueError) as error:
            message = f"{self.endpoint} answers with something that is not SPARQL results"
            raise StoreError(f"{message}: {error}") from error


def _triples(content: bytes) -> QueryTriples:
    """Give Turtle the type that a store's own CONSTRUCT has."""
    store = Store()
    store.extend(parse(content, format=RdfFormat.TURTLE))
    answer = store.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    assert isinstance(answer, QueryTriples)
    return answer
