"""Where quads are kept and queried: embedded on disk, or behind a SPARQL endpoint."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from pyoxigraph import Literal, NamedNode, QueryBoolean, QuerySolutions, QueryTriples

Answer = QuerySolutions | QueryBoolean | QueryTriples
Binding = NamedNode | Literal


class Queryable(Protocol):
    """Answers SPARQL 1.1 queries over the union of its named graphs."""

    def query(
        self,
        sparql: str,
        prefixes: Mapping[str, str] | None = None,
        bindings: Mapping[str, Binding] | None = None,
    ) -> Answer:
        """Evaluate `sparql`; `bindings` give values to variables. Raises QueryError."""
        ...
