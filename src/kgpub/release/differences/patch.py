"""Differences as RDF Patch and as SPARQL Update, which turn one dataset into the other exactly.

All that is removed comes before all that is added: a store that takes two spellings of a number
for one would otherwise lose what was added in the place of what was removed.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, islice
from uuid import NAMESPACE_URL, uuid5

from kgpub.release.differences.canonical import QUAD
from kgpub.release.differences.comparing import Differences, Part
from kgpub.release.sparql_terms import for_sparql

BATCH = 5_000
"""Quads of one operation of an update, so that no store has to hold all of a large one's."""


def rdf_patch(differences: Differences) -> Iterator[bytes]:
    """Yield an RDF Patch (https://afs.github.io/rdf-patch/), in one transaction.

    Its `id` names the state that it leads to, the dataset, and `prev` that which it begins with, so
    that the patches of one release after the other are a chain as the specification has it. Two
    patches that lead to the same dataset have the same `id`.
    """
    yield f"H id <{patch_id(differences.after.digest)}> .\n".encode()
    yield f"H prev <{patch_id(differences.before.digest)}> .\n".encode()
    yield b"TX .\n"
    yield from (b"D " + line for line in differences.removed.lines())
    yield from (b"A " + line for line in differences.added.lines())
    yield b"TC .\n"


def patch_id(digest: str) -> str:
    """Return the IRI of what leads to the dataset with an RDFC-1.0 hash: a UUID, as it must be."""
    return uuid5(NAMESPACE_URL, f"ni:///sha-256;{digest}").urn


def sparql_update(differences: Differences) -> Iterator[bytes]:
    """Yield a request of SPARQL 1.1 Update (sections 3.1.1, 3.1.2), in operations of BATCH quads.

    Operations are parted by lines that are a semicolon alone.
    """
    separator = b""
    for keyword, part in ((b"DELETE", differences.removed), (b"INSERT", differences.added)):
        for batch in _batches(part):
            yield separator + keyword + b" DATA {\n"
            for graph, lines in groupby(batch, key=lambda quad: quad[1]):
                triples = b"".join(b"  " + for_sparql(triple) + b" .\n" for triple, _ in lines)
                yield b"GRAPH %b {\n%b}\n" % (graph, triples) if graph else triples
            yield b"}\n"
            separator = b";\n"


def _batches(part: Part) -> Iterator[list[tuple[bytes, bytes]]]:
    lines = part.lines()
    while batch := list(islice(lines, BATCH)):
        yield [_parted(line) for line in batch]


def _parted(line: bytes) -> tuple[bytes, bytes]:
    found = QUAD.fullmatch(line)
    assert found is not None  # it is canonical
    return found[1], found[2] or b""
