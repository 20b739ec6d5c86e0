"""Facts as the submission and the published statements tell them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from kgpub.errors import Place
from kgpub.model.comparison import Told
from kgpub.model.sheets import place_of
from kgpub.model.submission import Placed
from kgpub.pipeline.comparison.published import (
    MAX_CANDIDATES,
    TYPE,
    Described,
    Node,
    Own,
    Published,
    Version,
    is_true,
    text_of,
)
from kgpub.pipeline.comparison.saying import Saying, Telling, saying
from kgpub.pipeline.comparison.times import Times
from kgpub.vocabulary import terms as kg

MAX_WORDS = 10_000
"""Characters of a statement's words that are shown."""

_FULL_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def moments(article: str, published: Iterable[str]) -> set[str]:
    """Return when what an article says was written: with the article, and on its day if known.

    An article of a month may have been written before a change in it, or after.
    """
    return {article, *(day for day in published if _FULL_DAY.fullmatch(day))}


@dataclass(frozen=True)
class Mine(Telling):
    """A fact of the submission; `statements` are those that assert it, in the file's order."""

    statements: tuple[NamedNode, ...]
    place: Place


class Tellings:
    """What a submission and the published together tell, the submission's word first."""

    def __init__(self, own: Own, published: Published, language: str) -> None:
        self.own = own
        self.published = published
        self.language = language
        self._sayings: dict[tuple[NamedNode, NamedNode], Saying | None] = {}

    def asserted(self, submission: Placed) -> Iterator[Mine]:
        """Yield each fact and event that the submission asserts.

        Its place is that of its description, or where another submission describes it, that of
        the first statement that lists it.
        """
        asserted: dict[NamedNode, dict[NamedNode, None]] = {}
        described_at: dict[Node, tuple[int, int]] = {}
        listed_at: dict[Node, tuple[int, int]] = {}
        for quad, position in zip(submission.quads, submission.positions, strict=True):
            if quad.predicate.value == TYPE:
                described_at.setdefault(quad.subject, position)
            elif quad.predicate.value == kg.asserts:
                listed_at.setdefault(quad.object, position)
                if isinstance(quad.object, NamedNode) and isinstance(quad.subject, NamedNode):
                    asserted.setdefault(quad.object, {})[quad.subject] = None
        for fact, statements in asserted.items():
            described = self.own.of(fact)
            if TYPE in described:
                said = saying(described, self.own.of, self.published.canonical)
            else:
                versions = self.published.versions(fact)
                described = versions[0].described if versions else {}
                said = self.said(versions[0]) if versions else None
            if said is not None:
                line, column = described_at.get(fact) or listed_at[fact]
                place = place_of(submission.file, line, column)
                yield Mine(fact, described, said, tuple(statements), place)

    def said(self, version: Version) -> Saying | None:
        """Return what a published telling says; None where it is no fact or event."""
        key = (version.fact, version.graph)
        if key not in self._sayings:

            def part(node: NamedNode) -> Described:
                return self.published.describe(node, version.graph)

            self._sayings[key] = saying(version.described, part, self.published.canonical)
        return self._sayings[key]

    def told(self, fact: NamedNode, statement: NamedNode, described: Described) -> Told:
        """Return a telling with what a reader wants to know of its statement and article."""
        article = self._first(statement, kg.article)
        source = NamedNode(article) if article else statement
        speakers = [
            each for each in self._values(statement, kg.saidBy) if isinstance(each, NamedNode)
        ]
        publisher = self._first(source, kg.publisher)
        return Told(
            fact=fact.value,
            statement=statement.value,
            article=article,
            title=self._first(source, kg.title),
            publisher=self._label(NamedNode(publisher)) if publisher else "",
            published=self._first(source, kg.published),
            words=self._first(statement, kg.words)[:MAX_WORDS],
            passage=self._first(statement, kg.passage),
            speakers=tuple(map(self._label, speakers)),
            times=Times.of(described).texts,
            negated=any(map(is_true, described.get(kg.negated, ()))),
        )

    def single_holder(self, office: Node) -> bool:
        """Whether the submission or the published say that one person holds the office."""
        if not isinstance(office, NamedNode):
            return False
        said = (
            *self.own.of(office).get(kg.singleHolder, ()),
            *self.published.foreign_values(office, kg.singleHolder),
        )
        return any(map(is_true, said))

    def same_moment(self, mine: Mine, fact: NamedNode) -> tuple[NamedNode, NamedNode] | None:
        """Return a statement of `fact`, with its graph, that was written with one of `mine`.

        That is, in one article, or in articles of one day.
        """
        mine_at = {moment for each in mine.statements for moment in self._moments(each)}
        for statement, graph in self.published.statements(fact, MAX_CANDIDATES):
            if self.published.exhausted:
                break
            if mine_at & self._moments(statement):
                return statement, graph
        return None

    def _moments(self, statement: NamedNode) -> set[str]:
        found: set[str] = set()
        for article in self._values(statement, kg.article):
            if isinstance(article, NamedNode):
                found |= moments(article.value, map(text_of, self._values(article, kg.published)))
        return found

    def _values(self, subject: NamedNode, predicate: str) -> Sequence[Node]:
        return self.own.of(subject).get(predicate) or self.published.values(subject, predicate)

    def _first(self, subject: NamedNode, predicate: str) -> str:
        return next(map(text_of, self._values(subject, predicate)), "")

    def _label(self, node: NamedNode) -> str:
        return self.published.label(node, self.language)
