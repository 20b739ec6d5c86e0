"""The union of all named graphs, which a store holds in its default graph.

Each triple stands there once, however many graphs have it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from pyoxigraph import Quad, Store, Triple


def with_union(quads: Iterable[Quad]) -> Iterator[Quad]:
    """Yield each quad of a named graph, and its triple for the default graph."""
    for quad in quads:
        yield quad
        yield Quad(*quad.triple)


def forget(store: Store, triples: Iterable[Triple]) -> None:
    """Remove from the union, of `triples` that are in it, those that no named graph has.

    Literals are written as the store writes them.
    """
    for triple in triples:
        found = store.quads_for_pattern(triple.subject, triple.predicate, triple.object)
        # Of Oxigraph 0.5 on disk that also yields what is sorted after some numbers, as after 255.
        same = (quad for quad in found if quad.object == triple.object)
        # The default graph holds it once; any more are of named graphs that still have it.
        if len(list(islice(same, 2))) == 1:
            store.remove(Quad(*triple))


def change(store: Store, removed: Iterable[Quad], added: Iterable[Quad]) -> None:
    """Remove quads of named graphs that the store has, then add others; no graph stays empty."""
    as_stored = Store()
    as_stored.extend(removed)
    gone, lessened = [], set()
    for quad in as_stored:
        store.remove(quad)
        gone.append(quad.triple)
        lessened.add(quad.graph_name)
    store.extend(with_union(added))
    forget(store, gone)
    for graph in lessened:
        if next(store.quads_for_pattern(None, None, None, graph), None) is None:
            store.remove_graph(graph)
