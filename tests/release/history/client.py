"""A client of Linked Data Event Streams, written from the specification, on rdflib alone.

It knows nothing of how kgpub lays files out: it begins at an address, follows relations, takes
members, and applies each transaction that is whole.
"""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field

from rdflib import RDF, Dataset, Namespace, URIRef
from rdflib.term import Node

AS = Namespace("https://www.w3.org/ns/activitystreams#")
LDES = Namespace("https://w3id.org/ldes#")
TREE = Namespace("https://w3id.org/tree#")

Quad = tuple[Node, Node, Node, Node | None]


def parsed(content: bytes, form: str, base: str) -> set[Quad]:
    """Return quads as rdflib reads them; None is the default graph."""
    dataset = Dataset()
    dataset.parse(data=content, format=form, publicID=base)
    return {
        (s, p, o, None if g is None or str(g) == "urn:x-rdflib:default" else URIRef(str(g)))
        for s, p, o, g in dataset.quads()
    }


def fetched(address: str) -> set[Quad]:
    with urllib.request.urlopen(address) as answer:
        return parsed(answer.read(), "trig", answer.url)


@dataclass
class Member:
    iri: URIRef
    quads: set[Quad]

    def one(self, path: Node) -> Node:
        [value] = [o for s, p, o, g in self.quads if s == self.iri and p == path and g is None]
        return value

    def has(self, path: Node, value: Node) -> bool:
        return (self.iri, path, value, None) in self.quads

    @property
    def payload(self) -> set[tuple[Node, Node, Node]]:
        return {(s, p, o) for s, p, o, g in self.quads if g == self.iri}


@dataclass
class Client:
    """Follows the stream at `root`; only what is later than `since`, where that is told."""

    root: str
    since: str = ""
    visited: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        quads = fetched(self.root)
        [self.stream] = [s for s, p, o, _ in quads if p == TREE.view and o == URIRef(self.root)]
        self.context = {p: o for s, p, o, _ in quads if s == self.stream}
        self.quads = quads

    def members(self) -> Iterator[Member]:
        """Yield the members of all nodes that relations do not rule out, in any order."""
        frontier, known = [self.root], {self.root}
        while frontier:
            address = frontier.pop()
            self.visited.append(address)
            quads = fetched(address)
            for _, _, iri, _ in [q for q in quads if q[0] == self.stream and q[1] == TREE.member]:
                its = {q for q in quads if q[3] == iri or (q[0] == iri and q[3] is None)}
                yield Member(URIRef(str(iri)), its)
            for node in self._nodes(quads, URIRef(address)):
                if node not in known:
                    known.add(node)
                    frontier.append(node)

    def _nodes(self, quads: set[Quad], page: URIRef) -> set[str]:
        found: set[str] = set()
        ruled_out: set[str] = set()
        for relation in [o for s, p, o, _ in quads if s == page and p == TREE.relation]:
            said = {p: o for s, p, o, _ in quads if s == relation}
            node = str(said[TREE.node])
            found.add(node)
            until = said[RDF.type] == TREE.LessThanOrEqualToRelation
            assert said[TREE.path] == self.context[LDES.timestampPath]
            if until and self.since and str(said[TREE.value]) <= self.since:
                ruled_out.add(node)
        return found - ruled_out

    def transactions(self) -> list[tuple[str, list[Member]]]:
        """Return whole transactions in the order of their times, each with its time."""
        by_transaction: dict[Node, list[Member]] = {}
        for member in self.members():
            name = member.one(self.context[LDES.transactionPath])
            by_transaction.setdefault(name, []).append(member)
        whole = []
        for members in by_transaction.values():
            times = {str(each.one(self.context[LDES.timestampPath])) for each in members}
            path = self.context[LDES.transactionFinalizedPath]
            ends = self.context[LDES.transactionFinalizedObject]
            if any(each.has(path, ends) for each in members):
                [time] = times
                if time > self.since:
                    whole.append((time, members))
        return sorted(whole, key=lambda each: each[0])

    def applied(self, copy: set[Quad]) -> Iterator[tuple[str, set[Quad]]]:
        """Yield the time of each transaction, and the copy after it."""
        for time, members in self.transactions():
            for member in members:
                copy = self._changed(copy, member)
            yield time, copy

    def _changed(self, copy: set[Quad], member: Member) -> set[Quad]:
        kind = member.one(RDF.type)
        if kind == self.context[LDES.transactionFinalizedObject]:
            return copy
        thing = member.one(URIRef("http://purl.org/dc/terms/isVersionOf"))
        [graph] = [o for s, p, o, _ in member.quads if s == member.iri and p == AS.target] or [None]
        rest = {quad for quad in copy if (quad[0], quad[3]) != (thing, graph)}
        had = len(rest) != len(copy)
        assert had == (kind != self.context[LDES.versionCreateObject]), "created, or there before"
        if kind == self.context[LDES.versionDeleteObject]:
            assert not member.payload
            return rest
        assert member.payload
        return rest | {(s, p, o, graph) for s, p, o in member.payload}
