"""What is to be done that a store holds a release: which graphs come, change and go.

The store itself keeps two graphs of ours. The *record* says which release it holds, and the digest
of each graph, so that only what has changed is sent. The *plan* is there while a release is being
loaded: which graph each staged one becomes, which leave, and how far the loading is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Triple

from kgpub.release.loading.dump import DumpSummary, GraphSummary

NAMESPACE = "https://w3id.org/kgpub/loading#"
RUN = NamedNode(NAMESPACE + "run")
RELEASE = NamedNode(NAMESPACE + "release")
DIGEST = NamedNode(NAMESPACE + "digest")
TRIPLES = NamedNode(NAMESPACE + "triples")
BECOMES = NamedNode(NAMESPACE + "becomes")
LEAVES = NamedNode(NAMESPACE + "leaves")
SENT = NamedNode(NAMESPACE + "sent")
REPLACED = Literal("replaced")
GONE = Literal("gone")
_STAGED = "urn:x-kgpub:staged:"
_PLAN = "urn:x-kgpub:plan:"
_SHORT = 32


@dataclass(frozen=True)
class Record:
    """What a store says it holds: the run that loaded it, the release's digest, its graphs."""

    run: str = ""
    release: str = ""
    graphs: Mapping[str, GraphSummary] = field(default_factory=dict)


@dataclass(frozen=True)
class Names:
    """The graphs that a dataset has in a store besides its own."""

    record: NamedNode
    plan: NamedNode

    @classmethod
    def of(cls, base: str) -> Names:
        """Return those of the dataset whose IRIs begin with `base`."""
        record = NamedNode(base + "graph/loaded")
        return cls(record, NamedNode(_PLAN + _short(record.value)))


@dataclass(frozen=True)
class Plan:
    """The way from what a store holds to a release.

    `staged` are the graphs that are loaded first, by the IRI of the graph that each becomes; the
    record is one of them. `gone` are graphs that the release has no more.
    """

    run: str
    names: Names
    record: Record
    staged: Mapping[str, NamedNode]
    gone: Sequence[str]

    @property
    def changed(self) -> Sequence[str]:
        """The graphs of the release that are loaded."""
        return [graph for graph in self.staged if graph != self.names.record.value]

    def expected(self) -> Mapping[str, int]:
        """Return how many triples each staged graph is to have before it takes its place."""
        counts = {name.value: 0 for name in self.staged.values()}
        counts[self.staged[self.names.record.value].value] = sum(1 for _ in self.record_triples())
        for graph in self.changed:
            counts[self.staged[graph].value] = self.record.graphs[graph].triples
        return counts

    def record_triples(self) -> Iterator[Triple]:
        """Yield what the record is to say."""
        yield Triple(self.names.record, RUN, Literal(self.run))
        yield Triple(self.names.record, RELEASE, Literal(self.record.release))
        for name, graph in self.record.graphs.items():
            yield Triple(NamedNode(name), DIGEST, Literal(graph.digest))
            yield Triple(NamedNode(name), TRIPLES, Literal(graph.triples))

    def plan_triples(self) -> Iterator[Triple]:
        """Yield what the plan says, but for `run_triple`."""
        for name, staged in self.staged.items():
            yield Triple(staged, BECOMES, NamedNode(name))
            yield Triple(NamedNode(name), LEAVES, REPLACED)
        for name in self.gone:
            yield Triple(NamedNode(name), LEAVES, GONE)

    @property
    def run_triple(self) -> Triple:
        """What makes it a plan: without it, nothing that the plan says is read."""
        return Triple(self.names.plan, RUN, Literal(self.run))


def planned(dump: DumpSummary, held: Record, names: Names, fresh: bool = False) -> Plan | None:
    """Return the plan by which a store that holds `held` comes to hold `dump`, None if it does.

    With `fresh` all graphs are loaded, whatever the store says of them.
    """
    known = {} if fresh else held.graphs
    changed = [name for name, graph in dump.graphs.items() if known.get(name) != graph]
    gone = sorted(held.graphs.keys() - dump.graphs.keys())
    if not changed and not gone and held.release == dump.digest:
        return None
    # The same release over the same state gives the same names: what was sent is used again.
    seed = json.dumps([names.record.value, held.run, dump.digest, changed, gone])
    run = _short(seed)
    staged = {
        name: NamedNode(f"{_STAGED}{run}:{number}")
        for number, name in enumerate([names.record.value, *changed])
    }
    return Plan(run, names, Record(run, dump.digest, dump.graphs), staged, gone)


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_SHORT]
