"""What the statements of a whole dataset tell, read from its quads in one pass."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad

from kgpub.pipeline.comparison.identity import identities
from kgpub.pipeline.comparison.published import TYPE, Described, Node, is_true, text_of
from kgpub.pipeline.comparison.saying import Telling, saying
from kgpub.pipeline.comparison.telling import moments
from kgpub.vocabulary import KIND, OWL
from kgpub.vocabulary import terms as kg

Graph: TypeAlias = NamedNode | BlankNode | DefaultGraph

_SAME_AS = OWL + "sameAs"
_OF_ANY = (
    *(kg.negated, kg.current, kg.start, kg.end, kg.time, kg.dayOfWeek),
    *(kg.earliest, kg.latest, kg.certainFrom, kg.certainUntil, kg.ordinal, kg.countedSince),
)
"""What counts of facts and events of every class, beside what says what is the case."""


@dataclass(frozen=True, eq=False)
class Stated:
    """A telling with the statements that tell it; `order` is its place among all of the dataset."""

    telling: Telling
    statements: tuple[NamedNode, ...]
    order: int


class Gathered:
    """The facts, events and statements of some quads, in whatever order these come."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self._asserted: dict[NamedNode, set[tuple[NamedNode, Graph]]] = defaultdict(set)
        self._described: dict[Node, dict[Graph, dict[str, set[Node]]]] = {}
        self._articles: dict[Node, set[str]] = defaultdict(set)
        self._published: dict[str, set[str]] = defaultdict(set)
        self._items: dict[Node, set[Node]] = defaultdict(set)
        self._linked: dict[Node, set[Node]] = defaultdict(set)
        self._single: set[Node] = set()
        self._canonical: dict[Node, str] = {}
        wanted, classes = _wanted(), set(map(NamedNode, identities()))
        for quad in quads:
            predicate = quad.predicate.value
            if predicate in wanted and (predicate != TYPE or quad.object in classes):
                self._add(quad, predicate)

    def _add(self, quad: Quad, predicate: str) -> None:
        subject, value = quad.subject, quad.object
        if predicate == kg.asserts:
            if isinstance(value, NamedNode) and isinstance(subject, NamedNode):
                self._asserted[value].add((subject, quad.graph_name))
        elif predicate == kg.article:
            self._articles[subject].add(text_of(value))
        elif predicate == kg.published:
            self._published[text_of(subject)].add(text_of(value))
        elif predicate == _SAME_AS:
            self._items[subject].add(value)
            self._linked[value].add(subject)
        elif predicate == kg.singleHolder:
            if is_true(value):
                self._single.add(subject)
        else:
            graphs = self._described.setdefault(subject, {})
            graphs.setdefault(quad.graph_name, {}).setdefault(predicate, set()).add(value)

    def single_holder(self) -> frozenset[str]:
        """Return the canonical texts of the offices that one person holds."""
        return frozenset(map(self.canonical, self._single))

    def canonical(self, node: Node) -> str:
        """Return a text that is the same for all that have the same Wikidata item."""
        known = self._canonical.get(node)
        if known is None:
            known = str(node)
            if node in self._items and not known.startswith(f"<{KIND}"):
                same = {each for item in self._items[node] for each in self._linked[item]}
                known = min(map(str, same))
            self._canonical[node] = known
        return known

    def moments(self, statement: NamedNode) -> set[str]:
        """Return when a statement was written: its article, and the day of that if known."""
        return {
            moment
            for article in self._articles.get(statement, ())
            for moment in moments(article, self._published.get(article, ()))
        }

    def stated(self) -> Sequence[Stated]:
        """Return all tellings of facts and events, in the order of these."""
        found: list[Stated] = []
        for fact in sorted(self._asserted, key=str):
            for described, statements in self._tellings(fact):
                said = saying(described, self._merged, self.canonical)
                if said is not None:
                    telling = Telling(fact, described, said)
                    found.append(Stated(telling, tuple(sorted(statements, key=str)), len(found)))
        return found

    def _tellings(self, fact: NamedNode) -> Iterator[tuple[Described, set[NamedNode]]]:
        """Yield each description of a fact with the statements whose submissions have it.

        Submissions may tell other things of one named event; a statement whose own submission
        describes nothing tells what the others say.
        """
        stated, graphs = self._asserted[fact], self._described.get(fact, {})
        if len(graphs) < 2 or "/fact/" in fact.value:
            yield self._merged(fact), {statement for statement, _ in stated}
            return
        versions: dict[tuple[tuple[str, tuple[Node, ...]], ...], set[NamedNode]] = {}
        for statement, graph in stated:
            own = _ordered([graphs[graph]]) if graph in graphs else self._merged(fact)
            versions.setdefault(tuple(own.items()), set()).add(statement)
        for content in sorted(versions, key=str):
            yield dict(content), versions[content]

    def _merged(self, node: NamedNode) -> Described:
        return _ordered(self._described.get(node, {}).values())


def _ordered(parts: Iterable[Mapping[str, set[Node]]]) -> Described:
    """Return the properties of several descriptions, in the order of their texts."""
    merged: dict[str, set[Node]] = defaultdict(set)
    for part in parts:
        for predicate, values in part.items():
            merged[predicate] |= values
    return {
        predicate: tuple(values) if len(values) == 1 else tuple(sorted(values, key=str))
        for predicate, values in sorted(merged.items())
    }


@lru_cache(maxsize=1)
def _wanted() -> frozenset[str]:
    found = {TYPE, _SAME_AS, kg.asserts, kg.article, kg.published, kg.singleHolder, *_OF_ANY}
    for identity in identities().values():
        found |= identity.required | identity.details | identity.parts.keys()
        found.update(each for part in identity.parts.values() for each in part)
    return frozenset(found)
