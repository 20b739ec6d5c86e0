"""Records to quads, with what kgpub adds: identifiers, passages, links, bounds of times."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from kgpub.errors import FileProblems
from kgpub.mapping import minting
from kgpub.mapping.edtf import computed_bounds
from kgpub.mapping.records import Pair, Record
from kgpub.messages import Message
from kgpub.model.submission import Article, Mapped, SubmissionFile
from kgpub.model.text import Passage
from kgpub.model.tree import Scalar
from kgpub.vocabulary import KG, KIND, OA, OWL, XSD
from kgpub.vocabulary import terms as kg
from kgpub.vocabulary.schema import ASSERTED_TYPES, DATE, STATEMENT_TYPES, TYPE

LINKS_GRAPH = "graph/links"
UNKNOWN_PUBLISHER = "organisation/unknown"
"""Who says what an article without a publisher says, until the shapes have refused it."""
_OFFSET = NamedNode(XSD + "nonNegativeInteger")
_ONE = Literal("1", datatype=NamedNode(XSD + "decimal"))
_DECLARED = NamedNode(KIND + "declared")
_SAME_AS = NamedNode(OWL + "sameAs")
_POSITION_SELECTOR, _QUOTE_SELECTOR, _START, _END, _EXACT, _PREFIX, _SUFFIX = (
    NamedNode(OA + name)
    for name in (
        *("TextPositionSelector", "TextQuoteSelector"),
        *("start", "end", "exact", "prefix", "suffix"),
    )
)
_TIMES = {
    NamedNode(kg.start): "start",
    NamedNode(kg.end): "end",
    NamedNode(kg.time): "time",
}


@cache
def node(iri: str) -> NamedNode:
    """Return the node of a term of a vocabulary, made once."""
    return NamedNode(iri)


class Quads:
    """Gathers quads with their positions; what has none of its own takes that of its node."""

    def __init__(self, graph: NamedNode, record: Record) -> None:
        self.graph = graph
        self.quads: list[Quad] = []
        self.positions: list[tuple[int, int]] = []
        self.node(graph, record)

    def node(self, name: NamedNode, record: Record) -> None:
        self.at = (record.line, record.column)
        self.add(name, TYPE, node(KG + record.type))

    def add(
        self,
        subject: NamedNode,
        predicate: NamedNode,
        object_: NamedNode | Literal,
        line: int = 0,
        column: int = 0,
        graph: NamedNode | None = None,
    ) -> None:
        self.quads.append(Quad(subject, predicate, object_, graph or self.graph))
        self.positions.append((line, column) if line else self.at)

    def mapped(self, problems: FileProblems) -> Mapped:
        return Mapped(tuple(self.quads), tuple(self.positions), tuple(problems.problems))


class Emission:
    """Walks the records of one submission and writes their quads."""

    def __init__(
        self,
        base: str,
        article: Article,
        passages: Mapping[Scalar, Passage],
        labels: minting.Labels,
        out: Quads,
        problems: FileProblems,
    ) -> None:
        self.base = base
        self.article = article
        self.passages = passages
        self.labels = labels
        self.out = out
        self.problems = problems
        self.speaker = article.publisher or NamedNode(base + UNKNOWN_PUBLISHER)

    def submission(self, record: Record, file: SubmissionFile) -> None:
        name = self.out.graph
        self.out.add(name, node(kg.file), Literal(file.file))
        self.out.add(name, node(kg.checksum), Literal(file.checksum))
        for pair in record.pairs:
            part = pair.object
            if isinstance(part, Record):
                is_statement = part.type in STATEMENT_TYPES
                target = self.statement(part) if is_statement else self.entity(part)
                self.out.add(name, pair.predicate, target, pair.line, pair.column)
            elif isinstance(part, NamedNode | Literal):
                self.out.add(name, pair.predicate, part, pair.line, pair.column)
                if pair.predicate == node(kg.article) and part != self.article.name:
                    self._wrong_article(pair)

    def _wrong_article(self, pair: Pair) -> None:
        remedy = Message("write-article-or-move", article=self.article.slug)
        self.problems.add(pair, Message("other-article"), remedy)

    def entity(self, record: Record) -> NamedNode:
        name = record.name
        assert name is not None  # entities stand under their slugs
        self.out.node(name, record)
        self.pairs(record, name)
        items = [p for p in record.pairs if p.predicate == node(kg.wikidata)]
        evidence = [p.object for p in record.pairs if p.predicate == node(kg.evidence)]
        graph = NamedNode(self.base + LINKS_GRAPH)
        for pair in items[:1]:  # the shapes refuse more, and each would repeat all the evidence
            item, at = pair.object, (pair.line, pair.column)
            assert isinstance(item, NamedNode)  # what the key's form makes of its value
            link = minting.link(self.base, name, item, _DECLARED)
            described: list[tuple[NamedNode, NamedNode | Literal]] = [
                (TYPE, node(kg.Link)),
                (node(kg.linkedEntity), name),
                (node(kg.linkedItem), item),
                (node(kg.method), _DECLARED),
                (node(kg.score), _ONE),
                *((node(kg.evidence), text) for text in evidence if isinstance(text, Literal)),
            ]
            for predicate, object_ in described:
                self.out.add(link, predicate, object_, *at, graph)
            self.out.add(name, _SAME_AS, item, *at, graph)
        return name

    def pairs(self, record: Record, name: NamedNode) -> None:
        out, at = self.out, self.out.at
        for pair in record.pairs:
            target = pair.object
            if isinstance(target, Record):
                target = self.described(target, name)
            elif isinstance(target, BlankNode):
                if target.value not in self.labels:
                    continue
                target = self.labels[target.value]
            # Most quads are made here; calling `add` would take a tenth of the time of mapping.
            out.quads.append(Quad(name, pair.predicate, target, out.graph))
            out.positions.append((pair.line, pair.column))
        out.at = at  # what is described inside has left its own
        self.bounds(record, name)

    def described(self, record: Record, parent: NamedNode) -> NamedNode:
        """Write a fact, event or participation, and return its IRI."""
        if record.type in ASSERTED_TYPES:
            name = minting.asserted(record, self.base, self.article.name, self.labels)
        else:
            name = minting.participation(record, self.base, parent, self.labels)
        self.out.node(name, record)
        self.pairs(record, name)
        return name

    def bounds(self, record: Record, name: NamedNode) -> None:
        times: dict[str, str] = {}
        places: dict[str, tuple[int, int]] = {}
        for pair in record.pairs:
            if pair.predicate in _TIMES and isinstance(pair.object, Literal):
                times[_TIMES[pair.predicate]] = pair.object.value
                places[_TIMES[pair.predicate]] = pair.line, pair.column
        if not times:
            return
        computed = computed_bounds(**times)
        for predicate, day, source in (
            (kg.earliest, computed.earliest, "start"),
            (kg.latest, computed.latest, "end"),
            (kg.certainFrom, computed.certain_from, "start"),
            (kg.certainUntil, computed.certain_until, "end"),
        ):
            if day is not None:
                # Each stands where it was computed from: `time` is for what is not given, and a day
                # that is told of one end alone is certain for itself.
                known = (source, "time", "start", "end")
                at = next(places[each] for each in known if each in places)
                self.out.add(name, node(predicate), Literal(day.isoformat(), datatype=DATE), *at)

    def statement(self, record: Record) -> NamedNode:
        """Write a statement and return its IRI.

        Without a passage, which refuses the file, it stands for its place in the file: what else
        is wrong with it is told as well.
        """
        passage = self.passages.get(record.words) if record.words else None
        said_by = [pair.object for pair in record.pairs if pair.predicate == node(kg.saidBy)]
        # A label among the speakers is none: the shapes refuse facts there.
        speakers = [each for each in said_by if isinstance(each, NamedNode)] or [self.speaker]
        where = self.passage_name(passage) if passage else self.place_name(record)
        name = minting.statement(record.type, self.base, where, speakers)
        self.out.node(name, record)
        at = self.out.at
        self.out.add(name, node(kg.article), self.article.name)
        if not said_by:
            self.out.add(name, node(kg.saidBy), self.speaker)
        if passage is not None:
            self.out.add(name, node(kg.passage), where)
            self.passage(where, passage)
        attribution = self.passages.get(record.attribution) if record.attribution else None
        if attribution is not None:
            self.out.at = at
            self.out.add(name, node(kg.attributionPassage), self.passage_name(attribution))
            self.passage(self.passage_name(attribution), attribution)
        self.out.at = at
        self.pairs(record, name)
        return name

    def passage_name(self, passage: Passage) -> NamedNode:
        return NamedNode(f"{self.article.name.value}/article.txt#{passage.fragment}")

    def place_name(self, record: Record) -> NamedNode:
        return NamedNode(f"{self.out.graph.value}#{record.line},{record.column}")

    def passage(self, name: NamedNode, passage: Passage) -> None:
        described: tuple[tuple[NamedNode, NamedNode | Literal], ...] = (
            (TYPE, node(kg.Passage)),
            (TYPE, _POSITION_SELECTOR),
            (TYPE, _QUOTE_SELECTOR),
            (node(kg.article), self.article.name),
            (_START, Literal(str(passage.start), datatype=_OFFSET)),
            (_END, Literal(str(passage.end), datatype=_OFFSET)),
            (_EXACT, Literal(passage.exact)),
            (_PREFIX, Literal(passage.prefix)),
            (_SUFFIX, Literal(passage.suffix)),
        )
        for predicate, object_ in described:
            self.out.add(name, predicate, object_)
