"""Core validation in parts, where it would have so many results that they fill the memory.

A result takes the native engine some eight kilobytes, more than a hundred times what it takes here.
So focus nodes are validated some at a time, all on the same data.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pyoxigraph import NamedNode, Triple

from kgpub.model.report import Node, Result
from kgpub.validation import native, shape_graph
from kgpub.validation.index import SUBCLASS_OF, TYPE, Subject, TripleIndex, text_of
from kgpub.validation.split import targets
from kgpub.vocabulary import SH

MAX_AT_ONCE = 10_000
"""Results of one run, unless the data have more than ten times as many triples."""
MAX_BATCHES = 10
"""In each of which all data are read again."""

_BATCH = "urn:kgpub:batch:"
_TARGET = NamedNode(SH + "targetObjectsOf")


def at_once(data: Sequence[Triple]) -> int:
    """Return how many results of `data` are worth less than reading it again and again."""
    return max(MAX_AT_ONCE, len(data) // 10)


def batched_results(
    core: Iterable[Triple], data: Sequence[Triple], most: int | None = None
) -> Iterator[Result]:
    """Yield the results of the shapes graph `core`, its targets written out, on `data`.

    There are about `most` focus nodes a batch, or more where that made more than MAX_BATCHES. Each
    is an object of a triple of our own, and that is the target in the place of the shape's: no
    other shape can see it, for SHACL has no path over any predicate, and sh:closed looks at what
    leads away.
    """
    core = list(core)
    index = TripleIndex(core)
    led = sorted(
        {subject for name in shape_graph.TARGETS for subject, _ in index.pairs(name)}, key=str
    )
    marks = {root: NamedNode(f"{_BATCH}{number}") for number, root in enumerate(led)}
    compiled = native.compile_shapes(
        [
            *(triple for triple in core if triple.predicate.value not in shape_graph.TARGETS),
            *(Triple(root, _TARGET, mark) for root, mark in marks.items()),
        ]
    )
    whole = NamedNode(_BATCH)
    focuses = _focus_nodes(index, led, data)
    size = max(most or at_once(data), -(-len(focuses) // MAX_BATCHES))
    for start in range(0, len(focuses), size):
        marked = [Triple(whole, marks[root], node) for root, node in focuses[start : start + size]]
        yield from native.core_results(compiled, [*data, *marked])


def _focus_nodes(
    index: TripleIndex, led: Sequence[Subject], data: Iterable[Triple]
) -> list[tuple[Subject, Node]]:
    """Return the targets of each of `led`, those of one shape after those of another."""
    read = {TYPE, SUBCLASS_OF}
    for name in ("targetSubjectsOf", "targetObjectsOf"):
        read |= {text_of(each) for _, each in index.pairs(SH + name)}
    found = TripleIndex((each for each in data if each.predicate.value in read), triple_terms=True)
    return [(root, node) for root in led for node in dict.fromkeys(targets(index, root, found))]
