"""Pre-binding by substitution (SHACL, section 5.3.1 and appendix A): a query for one focus node.

Every occurrence of a pre-bound variable is replaced by its term in the text of the query, so that
it is bound in nested groups, in EXISTS and in SELECTs within the query, where neither a VALUES
beside the pattern nor an engine's own bindings reach.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeGuard

from pyoxigraph import BlankNode, Literal, NamedNode

from kgpub.validation.query_tokens import tokens

_IRI = re.compile(r"""[^<>"{}|^`\\\x00-\x20]*""")
_ENDS = frozenset(("WHERE", "FROM", "HAVING", "LIMIT", "OFFSET", "VALUES", "ORDER", "GROUP"))


def can_be_written(term: NamedNode | BlankNode | Literal) -> TypeGuard[NamedNode | Literal]:
    """Return whether SPARQL has a notation for `term`: a blank node would be a variable.

    A parser that is told to be lenient lets characters into IRIs that end them.
    """
    iri = term.datatype if isinstance(term, Literal) else term
    return isinstance(iri, NamedNode) and _IRI.fullmatch(iri.value) is not None


def substitute(query: str, bindings: Mapping[str, NamedNode | Literal]) -> str:
    """Return the text of `query` with its pre-bound variables replaced by terms.

    A SELECT has `$this` among its variables still, with the term as value. The query must be one
    that `kgpub.validation.queries` takes: it assigns to none of the variables.
    """
    parts: list[str] = []
    clause, depth, renamed, selects = "", 0, 0, 0
    found = list(tokens(query))
    position = 0
    while position < len(found):
        kind, token = found[position]
        position += 1
        upper = token.upper() if kind == "word" else ""
        if upper == "SELECT":
            clause, depth, selects = "SELECT", 0, selects + 1
        elif upper in _ENDS or token in ("{", "}"):
            clause = upper if upper in ("GROUP", "ORDER") else ""
            depth = 0
        elif token == "(":
            depth += 1
        elif token == ")":
            depth -= 1
        if upper == "BOUND":
            length, name = _argument(found[position : position + 6])
            if name in bindings:
                parts.append("(true)")
                position += length
                continue
        if kind != "variable" or token[1:] not in bindings:
            parts.append(token)
            continue
        term = str(bindings[token[1:]])
        if clause and depth == 0:
            if clause != "SELECT":
                term = f"({term})"
            elif selects == 1:
                term = f"({term} AS ?{token[1:]})"
            else:
                renamed += 1
                term = f"({term} AS ?prebound_{renamed}_{token[1:]})"
        parts.append(f" {term} ")
    return "".join(parts)


def _argument(following: list[tuple[str, str]]) -> tuple[int, str]:
    """Return how many of `following` are `( $variable )`, spaces included, and its name."""
    length, found = 0, []
    for kind, token in following:
        length += 1
        if kind != "space":
            found.append(token)
        if token == ")":
            break
    if len(found) == 3 and found[0] == "(" and found[2] == ")":
        return length, found[1][1:]
    return 0, ""
