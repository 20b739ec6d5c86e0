"""RDF terms as N-Triples writes them, and back."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

Term = NamedNode | BlankNode | Literal


def terms_of(texts: Iterable[str]) -> dict[str, Term]:
    """Return the term that each text is in N-Triples, the form that `str` gives it.

    Blank nodes get labels of their own. Raises SyntaxError.
    """
    ordered = sorted(set(texts))
    lines = "".join(f"<urn:n:{number}> <urn:p> {text} .\n" for number, text in enumerate(ordered))
    quads = parse(lines, format=RdfFormat.N_TRIPLES)
    return {ordered[int(quad.subject.value[6:])]: quad.object for quad in quads}


def literal_of(text: str) -> Literal:
    """Return the literal that a text is in N-Triples. Raises SyntaxError or ValueError."""
    found = next(iter(parse(f"<x:x> <x:x> {text} .", format=RdfFormat.N_TRIPLES))).object
    if not isinstance(found, Literal):
        raise ValueError(f"{text} is no literal")
    return found
