"""What is published, looked up by the store's indexes: a bounded number of quads at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import TypeAlias

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from kgpub.vocabulary import KIND, OWL, RDF
from kgpub.vocabulary import terms as kg

Node: TypeAlias = NamedNode | BlankNode | Literal | Triple
Described: TypeAlias = Mapping[str, tuple[Node, ...]]

MAX_CANDIDATES = 1_000
"""Quads of one entity that are looked through; the rest of more is told not to have been."""
MAX_STATEMENTS = 64
"""Statements of one fact among which the one to show is chosen."""
MAX_READ = 500_000
"""Quads that one comparison reads; what comes after it is told not to have been looked at."""
MAX_VERSIONS = 16
MAX_DESCRIPTION = 512
MAX_SLUGS = 64
_CHUNK = 16
_SAME_AS = NamedNode(OWL + "sameAs")
_ASSERTS = NamedNode(kg.asserts)
_TRUE = ("true", "1")
TYPE = RDF + "type"


def text_of(value: Node) -> str:
    """Return the text of a literal or IRI."""
    return value.value if isinstance(value, Literal | NamedNode) else ""


def is_true(value: Node) -> bool:
    """Whether a value is the boolean true, as xsd:boolean writes it."""
    return text_of(value) in _TRUE


@dataclass(frozen=True)
class Version:
    """A fact as one published statement tells it; `graph` is that of its submission."""

    fact: NamedNode
    statement: NamedNode
    graph: NamedNode
    described: Described


class Own:
    """The quads of a submission and its article, by subject and predicate."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self.described: dict[Node, dict[str, list[Node]]] = {}
        self.subjects: dict[tuple[str, Node], list[NamedNode]] = defaultdict(list)
        for quad in quads:
            values = self.described.setdefault(quad.subject, {})
            values.setdefault(quad.predicate.value, []).append(quad.object)
            if quad.predicate in (_SAME_AS, _ASSERTS) and isinstance(quad.subject, NamedNode):
                self.subjects[quad.predicate.value, quad.object].append(quad.subject)

    def of(self, node: Node) -> Described:
        """Return the properties of `node`, none where it is not described."""
        found = self.described.get(node, {})
        return {predicate: tuple(dict.fromkeys(values)) for predicate, values in found.items()}


class Pulled:
    """Subjects found so far by one or more index lookups, and whether these are all."""

    def __init__(self, found: Iterator[NamedNode | None]) -> None:
        self._rest = found
        self.taken = 0
        self.subjects: dict[NamedNode, None] = {}
        self.complete = False

    def pull(self) -> None:
        """Look at some more quads. None among what is found counts, but is no subject."""
        part = list(islice(self._rest, _CHUNK))
        self.taken += len(part)
        self.subjects.update((each, None) for each in part if each is not None)
        self.complete = len(part) < _CHUNK


class Published:
    """The store without the graph of the submission itself, which may have been built before.

    What is found first may come from the default graph, which holds each triple of a built store
    once, own graph included; what counts in the end is asserted by a statement of another graph.
    """

    def __init__(self, store: Store, own_graph: NamedNode, own: Own) -> None:
        self._store = store
        self._own_graph = own_graph
        self._own = own
        self._read = 0
        union = store.quads_for_pattern(None, None, None, DefaultGraph())
        self._union = DefaultGraph() if next(union, None) is not None else None
        self._pulled: dict[tuple[str, frozenset[Node]], Pulled] = {}
        self._versions: dict[NamedNode, tuple[Version, ...]] = {}
        self._described: dict[tuple[Node, NamedNode], Described] = {}
        self._equivalents: dict[Node, frozenset[Node]] = {}

    @property
    def exhausted(self) -> bool:
        """Whether as much was read as may be."""
        return self._read >= MAX_READ

    def _quads(
        self, subject: NamedNode | None, predicate: str, value: Node | None
    ) -> Iterator[Quad | None]:
        """Yield the quads of other submissions, and None for each that is passed over."""
        for quad in self._store.quads_for_pattern(subject, NamedNode(predicate), value, None):
            self._read += 1
            if value is not None and quad.object != value:
                continue  # Oxigraph may find other integers too, see kgpub.validation.stored_graph
            graph = quad.graph_name
            foreign = isinstance(graph, NamedNode) and graph != self._own_graph
            yield quad if foreign else None

    def _any(self, subject: NamedNode | None, predicate: str, value: Node | None) -> Iterator[Quad]:
        """Yield quads of any graph, each triple once where the store holds the union."""
        found = self._store.quads_for_pattern(subject, NamedNode(predicate), value, self._union)
        for quad in found:
            self._read += 1
            if value is None or quad.object == value:
                yield quad

    def retraction(self, node: NamedNode) -> tuple[str, tuple[Literal, ...]] | None:
        """Return the day (ISO 8601) since which `node` is retracted, and the reasons for it.

        Of several records it is the last; None where there is none, or it is described still.
        """
        if next(self._any(node, TYPE, None), None) is not None:
            return None
        found: list[tuple[str, str, tuple[Literal, ...]]] = []
        for quad in islice(self._any(None, kg.retracts, node), MAX_STATEMENTS):
            if isinstance(quad.subject, NamedNode):
                days = map(text_of, self.values(quad.subject, kg.retractedOn))
                reasons = self.values(quad.subject, kg.retractionReason)
                told = tuple(each for each in reasons if isinstance(each, Literal))
                found.append((next(days, ""), quad.subject.value, told))
        last = max(found, key=lambda each: each[:2], default=None)
        return None if last is None else (last[0], last[2])

    def _subjects(self, predicate: str, value: Node) -> Iterator[NamedNode | None]:
        for quad in self._any(None, predicate, value):
            yield quad.subject if isinstance(quad.subject, NamedNode) else None

    def values(self, subject: NamedNode, predicate: str) -> tuple[Node, ...]:
        """Return values of a property in any graph, in the order of their text."""
        found = list(islice(self._any(subject, predicate, None), MAX_STATEMENTS))
        if len(found) < 2:
            return tuple(quad.object for quad in found)
        return tuple(sorted({quad.object for quad in found}, key=str))

    def foreign_values(self, subject: NamedNode, predicate: str) -> tuple[Node, ...]:
        """Return values that another submission gives a property, in the order of their text."""
        found = islice(self._quads(subject, predicate, None), MAX_STATEMENTS)
        return tuple(sorted({quad.object for quad in found if quad}, key=str))

    def has(self, subject: NamedNode, predicate: str, values: Iterable[Node]) -> bool:
        """Whether a property has any of the values in any graph."""
        return any(next(self._any(subject, predicate, value), None) is not None for value in values)

    # Entities

    def equivalents(self, node: Node) -> frozenset[Node]:
        """Return `node` with all that have the same Wikidata item; what the submission links
        to is taken from it, whatever an earlier version of it said.
        """
        if not isinstance(node, NamedNode) or node.value.startswith(KIND):
            return frozenset((node,))
        known = self._equivalents.get(node)
        if known is None:
            items = self._own.of(node).get(_SAME_AS.value) or self.values(node, _SAME_AS.value)
            slugs: set[Node] = {node}
            for item in items:
                slugs.update(self._own.subjects.get((_SAME_AS.value, item), ()))
                found = islice(self._subjects(_SAME_AS.value, item), MAX_SLUGS)
                slugs.update(each for each in found if each is not None)
            known = frozenset(slugs)
            self._equivalents[node] = known
        return known

    def canonical(self, node: Node) -> str:
        """Return a text that is the same for all that are equivalent to `node`."""
        return min(map(str, self.equivalents(node)))

    def label(self, node: Node, language: str) -> str:
        """Return a name of `node`, else its IRI."""
        if not isinstance(node, NamedNode):
            return node.value if isinstance(node, Literal) else str(node)
        names = list(self._own.of(node).get(kg.name, ()))
        if not names:
            names = list(self.values(node, kg.name))
        told = sorted(
            ((each.language or "", each.value) for each in names if isinstance(each, Literal)),
            key=lambda name: (name[0] != language, name[0] != "en", name),
        )
        return told[0][1] if told else node.value

    # Facts

    def candidates(
        self, anchors: Sequence[tuple[str, frozenset[Node]]]
    ) -> tuple[list[NamedNode], bool]:
        """Return what has, for each property, one of the values, and whether that is all.

        The lookups go on side by side until the first of them ends, so that the time is that of
        the rarest value; of more than MAX_CANDIDATES quads the rest is left out.
        """
        if self.exhausted:
            return [], False
        pulls = [self._lookup(predicate, values) for predicate, values in anchors]
        complete = next((each for each in pulls if each.complete), None)
        while complete is None and any(each.taken < MAX_CANDIDATES for each in pulls):
            for each in pulls:
                if each.taken < MAX_CANDIDATES and not each.complete:
                    each.pull()
            complete = next((each for each in pulls if each.complete), None)
        if not pulls:
            return [], True
        chosen = min((each for each in pulls if each.complete), key=_size, default=pulls[0])
        others = [
            (each, anchor) for each, anchor in zip(pulls, anchors, strict=True) if each != chosen
        ]
        found = [
            subject
            for subject in chosen.subjects
            if all(self._in(subject, each, *anchor) for each, anchor in others)
        ]
        return sorted(found, key=str), chosen.complete

    def _lookup(self, predicate: str, values: frozenset[Node]) -> Pulled:
        key = (predicate, values)
        if key not in self._pulled:
            ordered = sorted(values, key=str)
            step = self._participants if predicate == kg.participation else self._subjects
            found = chain.from_iterable(step(predicate, value) for value in ordered)
            self._pulled[key] = Pulled(found)
        return self._pulled[key]

    def _participants(self, predicate: str, value: Node) -> Iterator[NamedNode | None]:
        for part in self._subjects(kg.participant, value):
            if part is None:
                yield None
            else:
                yield from self._subjects(predicate, part)

    def _in(
        self, subject: NamedNode, pulled: Pulled, predicate: str, values: frozenset[Node]
    ) -> bool:
        if pulled.complete or predicate == kg.participation:
            # A part is looked at where the whole description is compared.
            return subject in pulled.subjects or not pulled.complete
        return self.has(subject, predicate, values)

    def statements(self, fact: NamedNode, limit: int) -> list[tuple[NamedNode, NamedNode]]:
        """Return statements that assert `fact`, with their graphs, in the order of their IRIs."""
        found = islice(self._quads(None, kg.asserts, fact), limit)
        return sorted(
            {
                (quad.subject, quad.graph_name)
                for quad in found
                if quad
                and isinstance(quad.subject, NamedNode)
                and isinstance(quad.graph_name, NamedNode)
            },
            key=str,
        )

    def asserts(self, statement: NamedNode, fact: NamedNode) -> NamedNode | None:
        """Return the graph of another submission in which `statement` asserts `fact`."""
        for quad in islice(self._quads(statement, kg.asserts, fact), MAX_STATEMENTS):
            if quad is not None and isinstance(quad.graph_name, NamedNode):
                return quad.graph_name
        return None

    def versions(self, fact: NamedNode) -> tuple[Version, ...]:
        """Return `fact` as other submissions tell it; none where no other asserts it.

        A fact without a name of its own is the same in each: its IRI is a hash of all it says.
        """
        if fact not in self._versions:
            versions: dict[NamedNode, Version] = {}
            for statement, graph in self.statements(fact, MAX_STATEMENTS):
                if graph not in versions:
                    described = self.describe(fact, graph)
                    versions[graph] = Version(fact, statement, graph, described)
                if len(versions) == MAX_VERSIONS or "/fact/" in fact.value:
                    break
            self._versions[fact] = tuple(versions.values())
        return self._versions[fact]

    def all_versions(self, facts: Iterable[NamedNode]) -> Iterator[Version]:
        """Yield the versions of each of the facts, until as much was read as may be."""
        for fact in facts:
            if self.exhausted:
                return
            yield from self.versions(fact)

    def describe(self, node: NamedNode, graph: NamedNode) -> Described:
        """Return the properties of `node` in one graph, in others where it has none there."""
        key = (node, graph)
        if key not in self._described:
            read = self._store.quads_for_pattern
            found = list(islice(read(node, None, None, graph), MAX_DESCRIPTION))
            if not found:
                anywhere = islice(read(node, None, None, None), MAX_DESCRIPTION)
                passed_over = (self._own_graph, DefaultGraph())
                found = [each for each in anywhere if each.graph_name not in passed_over]
            self._read += len(found)
            described: dict[str, set[Node]] = defaultdict(set)
            for quad in found:
                described[quad.predicate.value].add(quad.object)
            self._described[key] = {
                predicate: tuple(sorted(values, key=str))
                for predicate, values in sorted(described.items())
            }
        return self._described[key]


def _size(pulled: Pulled) -> int:
    return len(pulled.subjects)
