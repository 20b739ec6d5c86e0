"""Canonical N-Quads and N-Triples: one sorted line for each quad.

pyoxigraph's text of a quad is already the canonical form that RDF Dataset Canonicalization 1.0
defines: single spaces, no xsd:string, escapes only where they are required.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from pyoxigraph import Quad, RdfFormat, Triple, serialize

from kgpub.serialisation.description import QuadOrTriple, parts

_LINES_IN_CHUNK = 1000
_AT_A_TIME = 10_000
_SUSPECT = re.compile(rb"_:|<<\(|@[A-Za-z0-9-]*--")
"""What text of a blank node, a triple term or a base direction has; a literal may have it too."""


def nquads(quads: Iterable[QuadOrTriple]) -> Iterator[bytes]:
    """Return canonical N-Quads, without repeats, sorted by code point."""
    lines = iter(sorted(set(canonical_lines(quads))))
    while chunk := b"".join(islice(lines, _LINES_IN_CHUNK)):
        yield chunk


def canonical_lines(quads: Iterable[QuadOrTriple]) -> Iterator[bytes]:
    """Yield each quad as a line of canonical N-Quads, with its end, in the order given."""
    given = iter(quads)
    while some := list(islice(given, _AT_A_TIME)):
        text = serialize(map(_quad, some), format=RdfFormat.N_QUADS) or b""
        if _SUSPECT.search(text):
            for quad in some:
                parts(quad)
        # Bytes are divided at line feeds and carriage returns only, which terms have as escapes.
        yield from text.splitlines(keepends=True)


def ntriples(quads: Iterable[QuadOrTriple]) -> Iterator[bytes]:
    """Return the union of all graphs as canonical N-Triples, without repeats, sorted."""
    return _chunks(
        {str(Triple(quad.subject, quad.predicate, quad.object)) for quad in _checked(quads)}
    )


def _quad(quad: QuadOrTriple) -> Quad:
    return quad if isinstance(quad, Quad) else Quad(*quad)


def _checked(quads: Iterable[QuadOrTriple]) -> Iterator[QuadOrTriple]:
    for quad in quads:
        parts(quad)
        yield quad


def _chunks(statements: set[str]) -> Iterator[bytes]:
    lines = iter(sorted(f"{statement} .\n" for statement in statements))
    while chunk := "".join(islice(lines, _LINES_IN_CHUNK)):
        yield chunk.encode()
