"""Values for the variables of a query, put in where the grammar has a variable.

Oxigraph substitutes only variables that the query also selects, and a VALUES clause does not
reach filters inside; what every SPARQL engine understands alike is the term in the variable's
place. Only tokens are replaced, never text inside strings, IRIs or comments, and only by RDF
terms in N-Triples syntax, so that a value can be nothing but a value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from kgpub.store import Binding
from kgpub.store.syntax import TOKEN


def bind(sparql: str, bindings: Mapping[str, Binding]) -> str:
    """Return `sparql` with the terms of `bindings` in place of the variables of these names."""

    def replaced(match: re.Match[str]) -> str:
        term = bindings.get(match["variable"] or "")
        return match[0] if term is None else str(term)

    return TOKEN.sub(replaced, sparql) if bindings else sparql
