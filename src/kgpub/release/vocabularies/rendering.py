"""What the queries of a vocabulary make of a dataset: sorted lines, each once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, QueryTriples

from kgpub.serialisation.sorting import Sorting
from kgpub.store import Answer, Binding, Queryable
from kgpub.vocabulary import XSD

_NODES = ("subject", "predicate", "object", "graph")
_INTEGER = NamedNode(XSD + "integer")


def lines(
    store: Queryable, queries: Iterable[Path], base: str, language: str, folder: Path
) -> Iterator[bytes]:
    """Return canonical N-Triples or N-Quads, with their line ends, in the order of their bytes.

    What does not fit in memory lies in `folder` meanwhile. Raises QueryError, OSError.
    """
    sorting = Sorting(folder, "lines")
    for query in queries:
        sorting.add(_made(_answer(store, query, base, language)))
    return sorting.sorted()


def left_out(store: Queryable, queries: Iterable[Path], base: str) -> dict[str, int]:
    """Return how many facts are left out, by the reason, in the order of the reasons."""
    counts: dict[str, int] = {}
    for query in queries:
        answer = _answer(store, query, base, "")
        assert isinstance(answer, QuerySolutions)  # it is a query of ours
        for row in answer:
            reason, facts = row["reason"], row["facts"]
            if isinstance(reason, Literal) and isinstance(facts, Literal):
                counts[reason.value] = counts.get(reason.value, 0) + int(facts.value)
    return {reason: counts[reason] for reason in sorted(counts) if counts[reason]}


def _answer(store: Queryable, query: Path, base: str, language: str) -> Answer:
    bindings: Mapping[str, Binding] = {"language": Literal(language)}
    return store.query(query.read_text(encoding="utf-8"), {"data": base}, bindings)


def _made(answer: Answer) -> Iterator[bytes]:
    if isinstance(answer, QueryTriples):
        for triple in answer:
            yield f"{triple} .\n".encode()
    elif isinstance(answer, QuerySolutions):
        for row in answer:
            quad = Quad(*(row[name] for name in _NODES))
            yield f"{quad} .\n".encode()
