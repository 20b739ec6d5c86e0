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

# The terminals of SPARQL 1.1, section 19.8, that may hold a ? or $; the longest match wins.
_TOKEN = re.compile(
    r"""
    "{3}(?:"{0,2}(?:[^"\\]|\\.))*"{3}      # STRING_LITERAL_LONG2
    | '{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}    # STRING_LITERAL_LONG1
    | "(?:[^"\\\n\r]|\\.)*"                # STRING_LITERAL2
    | '(?:[^'\\\n\r]|\\.)*'                # STRING_LITERAL1
    | <[^<>"{}|^`\\\x00-\x20]*>            # IRIREF
    | \#[^\n\r]*                           # a comment
    | \\.                                  # PN_LOCAL_ESC
    | [?$](?P<name>\w+)                    # VAR1, VAR2
    """,
    re.VERBOSE | re.DOTALL,
)


def bind(sparql: str, bindings: Mapping[str, Binding]) -> str:
    """Return `sparql` with the terms of `bindings` in place of the variables of these names."""

    def replaced(match: re.Match[str]) -> str:
        term = bindings.get(match["name"] or "")
        return match[0] if term is None else str(term)

    return _TOKEN.sub(replaced, sparql) if bindings else sparql
