"""Records to quads, with what kgpub adds: identifiers, passages, links, bounds of times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from dataclasses import replace

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from kgpub.errors import FileProblems
from kgpub.mapping import minting, retractions
from kgpub.mapping.edtf import computed_bounds
from kgpub.mapping.quads import Quads, node
from kgpub.mapping.records import Pair, Record
from kgpub.mapping.retractions import day_of
from kgpub.messages import Message
from kgpub.model.submission import Article, Mapped, SubmissionFile
from kgpub.model.text import Passage
from kgpub.model.tree import Scalar
from kgpub.vocabulary import KIND, OA, OWL, XSD
from kgpub.vocabulary import terms as kg
from kgpub.vocabulary.schema import ACCEPTANCE, ASSERTED_TYPES, DATE, STATEMENT_TYPES, TYPE

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
        self.lasting: Mapping[NamedNode, retractions.Day] = {}
        self.belonging: dict[NamedNode, list[NamedNode]] = {}

    def mapped(self, submission: Record) -> Mapped:
        """Return what was written: what is said still, and the history of the rest."""
        mapped, lives = self.out.mapped(self.problems), self.out.lives()
        if lives is None:
            return mapped
        said = [index for index, quad in enumerate(mapped.quads) if lives.days[quad] is None]
        return replace(
            mapped,
            quads=tuple(mapped.quads[index] for index in said),
            positions=tuple(mapped.positions[index] for index in said),
            history=tuple(lives.history(submission, self.out.graph, self.base)),
        )

    def submission(self, record: Record, file: SubmissionFile, parts: Iterable[Record]) -> None:
        """Write a submission; `parts` are all its records."""
        name = self.out.graph
        if retractions.any_of(parts):
            self.lasting = retractions.lasting(record, self.labels, self.asserted)
            self.belonging = retractions.parts_of_asserted(parts, self.asserted, self.part)
        self.out.add(name, node(kg.file), Literal(file.file))
        self.out.add(name, node(kg.checksum), Literal(file.checksum))
        parted: list[tuple[NamedNode, retractions.Day]] = []
        for pair in record.pairs:
            part = pair.object
            if isinstance(part, Record) and part.type == ACCEPTANCE:
                target = self.acceptance(part)
                self.out.add(name, pair.predicate, target, pair.line, pair.column)
            elif isinstance(part, Record):
                is_statement = part.type in STATEMENT_TYPES
                with self.out.no_later(day_of(part)):
                    target = self.statement(part) if is_statement else self.entity(part)
                    self.out.add(name, pair.predicate, target, pair.line, pair.column)
                    told = retractions.asserted(part, self.labels, self.asserted)
                    self.retraction(part, target, name, (each for each, _ in told))
                parted.append((target, day_of(part)))
            elif isinstance(part, NamedNode | Literal):
                self.out.add(name, pair.predicate, part, pair.line, pair.column)
                if pair.predicate == node(kg.article) and part != self.article.name:
                    self._wrong_article(pair)
        day = day_of(record)
        kept = (each for each, own in parted if retractions.earlier(day, own) == day)
        self.retraction(record, name, None, (*kept, *self.lasting))

    def retraction(
        self,
        record: Record,
        target: NamedNode,
        source: NamedNode | None,
        others: Iterable[NamedNode] = (),
    ) -> None:
        """Write the record of it where `target` is retracted from `source`; that stays.

        With it go those of `others` that nothing in the submission tells any longer than it, and
        what belongs to any of these: participations of events, links of entities.
        """
        if record.retraction is None:
            return
        out, told, at, day = self.out, record.retraction, self.out.at, day_of(record)
        about = [
            (pair.predicate, pair.object, pair.line, pair.column)
            for pair in told.pairs
            if isinstance(pair.object, NamedNode | Literal)
        ]
        identifying = ((predicate, object_) for predicate, object_, *_ in about)
        name = minting.retraction(self.base, target, source, out.graph, identifying)
        graph = NamedNode(self.base + retractions.RETRACTIONS_GRAPH)
        out.at = (told.line, told.column)
        with out.until(None):
            out.add(name, TYPE, node(kg.Retraction), graph=graph)
            gone = [target, *(each for each in others if self.lasting.get(each, day) == day)]
            belonging = (each for whole in gone for each in self.belonging.get(whole, ()))
            for each in dict.fromkeys((*gone, *belonging)):
                out.add(name, node(kg.retracts), each, graph=graph)
            if source is not None:
                out.add(name, node(kg.retractedFrom), source, graph=graph)
            for pair in about:
                out.add(name, *pair, graph)
        out.at = at

    def acceptance(self, record: Record) -> NamedNode:
        """Write who accepted the submission, which has one acceptance, and return its IRI."""
        name = minting.acceptance(self.base, self.out.graph)
        at = self.out.at
        self.out.node(name, record)
        self.pairs(record, name)
        self.out.at = at
        return name

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
            self.belonging.setdefault(name, []).append(link)
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
            if isinstance(target, Record) and target.retraction is not None:
                with out.no_later(day_of(target)):
                    described = self.described(target, name)
                    out.add(name, pair.predicate, described, pair.line, pair.column)
                    self.retraction(target, described, name)
                continue
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
        """Write a fact, event or participation, and return its IRI.

        It is described as long as any statement of the submission asserts it.
        """
        if record.type not in ASSERTED_TYPES:
            name = self.part(record, parent)
            self._describe(record, name)
            return name
        name = self.asserted(record)
        with self.out.until(self.lasting[name]) if self.lasting else nullcontext():
            self._describe(record, name)
        return name

    def asserted(self, record: Record) -> NamedNode:
        """Return the IRI of a fact or event."""
        return minting.asserted(record, self.base, self.article.name, self.labels)

    def part(self, record: Record, whole: NamedNode) -> NamedNode:
        """Return the IRI of a participation in an event."""
        return minting.participation(record, self.base, whole, self.labels)

    def _describe(self, record: Record, name: NamedNode) -> None:
        self.out.node(name, record)
        self.pairs(record, name)

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
