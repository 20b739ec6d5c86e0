"""Canonical N-Quads and N-Triples: one sorted line for each quad.

pyoxigraph's text of a quad is already the canonical form that RDF Dataset Canonicalization 1.0
defines: single spaces, no xsd:string, escapes only where they are required.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from pyoxigraph import Triple

from kgpub.serialisation.description import QuadOrTriple, parts

_LINES_IN_CHUNK = 1000


def nquads(quads: Iterable[QuadOrTriple]) -> Iterator[bytes]:
    """Return canonical N-Quads, without repeats, sorted by code point."""
    return _chunks({str(quad) for quad in _checked(quads)})


def ntriples(quads: Iterable[QuadOrTriple]) -> Iterator[bytes]:
    """Return the union of all graphs as canonical N-Triples, without repeats, sorted."""
    return _chunks(
        {str(Triple(quad.subject, quad.predicate, quad.object)) for quad in _checked(quads)}
    )


def _checked(quads: Iterable[QuadOrTriple]) -> Iterator[QuadOrTriple]:
    for quad in quads:
        parts(quad)
        yield quad


def _chunks(statements: set[str]) -> Iterator[bytes]:
    lines = iter(sorted(f"{statement} .\n" for statement in statements))
    while chunk := "".join(islice(lines, _LINES_IN_CHUNK)):
        yield chunk.encode()
