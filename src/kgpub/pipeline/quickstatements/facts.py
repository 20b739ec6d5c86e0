"""The quads of a dataset, looked up by subject and predicate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from pyoxigraph import Literal, NamedNode, Quad

from kgpub.linking.qids import qid_of
from kgpub.model.submission import graph_of
from kgpub.serialisation.order import natural
from kgpub.serialisation.quickstatements import item_value
from kgpub.vocabulary import KIND, OWL, RDF
from kgpub.vocabulary import terms as kg

TYPE = RDF + "type"
_SAME_AS = OWL + "sameAs"


class Facts:
    """What `quads` say of facts, statements, articles and entities; IRIs are plain strings.

    `asserting` has the statements that assert each fact or event, with the graph of each,
    `contradicted` the facts and events that marks of contradictions name, `doubted` those that
    somebody is told to deny, and `graphs` the names of all graphs. `now` returns the QID that an
    item has now, "" where there is none.
    """

    def __init__(self, quads: Iterable[Quad], now: Callable[[str], str] = str) -> None:
        self._now = now
        self._iris: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(dict)
        self._literals: dict[tuple[str, str], set[Literal]] = defaultdict(set)
        self.asserting: dict[str, dict[str, str]] = defaultdict(dict)
        self.contradicted: set[str] = set()
        self.graphs: set[str] = set()
        for quad in quads:
            self.graphs.add(graph_of(quad))
            if isinstance(quad.subject, NamedNode):
                self._add(quad.subject.value, quad.predicate.value, quad)
        self.doubted = {
            target
            for subject, predicate in list(self._iris)
            if predicate == kg.target and KIND + "denies" in self.iris(subject, kg.kind)
            if not self.negated(subject)
            for target in self.iris(subject, kg.target)
        }

    def _add(self, subject: str, predicate: str, quad: Quad) -> None:
        value = quad.object
        if isinstance(value, Literal):
            if predicate != kg.text:
                self._literals[subject, predicate].add(value)
        elif isinstance(value, NamedNode):
            graph = graph_of(quad)
            self._iris[subject, predicate].setdefault(value.value, set()).add(graph)
            if predicate == kg.asserts:
                self.asserting[value.value][subject] = graph
            elif predicate == kg.incompatible:
                self.contradicted.add(value.value)

    def iris(self, subject: str, predicate: str, graph: str | None = None) -> Sequence[str]:
        """Return the IRIs that are values of a property, all or those of one graph, in order."""
        found = self._iris.get((subject, predicate), {})
        return sorted((i for i, at in found.items() if graph is None or graph in at), key=natural)

    def literals(self, subject: str, predicate: str) -> Sequence[Literal]:
        """Return the literals that are values of a property, in order."""
        return sorted(self._literals.get((subject, predicate), ()), key=str)

    def negated(self, subject: str) -> bool:
        """Whether it is denied that a fact holds, or an event happened."""
        return any(each.value in ("true", "1") for each in self.literals(subject, kg.negated))

    def item(self, subject: str) -> str | None:
        """Return the one Wikidata item that an entity is linked to, as it is named now, or None."""
        found = self.iris(subject, _SAME_AS)
        written = item_value(found[0]) if len(found) == 1 else None
        return (written and qid_of(written) and self._now(written)) or None

    def in_own_voice(self, statement: str) -> bool:
        """Whether the publisher of the article says the statement, quoting nobody."""
        publishers = {
            publisher
            for article in self.iris(statement, kg.article)
            for publisher in self.iris(article, kg.publisher)
        }
        speakers = set(self.iris(statement, kg.saidBy))
        quoting = kg.Quotation in self.iris(statement, TYPE)
        return bool(speakers) and speakers == publishers and not quoting
