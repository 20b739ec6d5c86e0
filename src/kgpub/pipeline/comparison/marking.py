"""Marks of the contradictions in a dataset, so that queries can ask for them.

Both statements stay as they are. A mark is a node of its own for each rule and pair of statements,
in a graph of its own; its IRI is a hash of these, so that the same data give the same marks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import TypeAlias

from pyoxigraph import NamedNode, Quad

from kgpub.errors import Place, Problem
from kgpub.mapping.minting import contradiction
from kgpub.messages import Lines, Message
from kgpub.model.comparison import Reason
from kgpub.pipeline.comparison.contradictions import Conflict
from kgpub.pipeline.comparison.gathered import Gathered, Stated
from kgpub.pipeline.comparison.pairing import Group, groups
from kgpub.vocabulary import KIND
from kgpub.vocabulary import terms as kg
from kgpub.vocabulary.schema import TYPE

CONTRADICTIONS_GRAPH = "graph/contradictions"
MAX_MARKS = 10_000
"""Marks about one office, one birth or death, or one thing that facts say; more are not made."""
MAX_PAIRS = 1_000_000
"""Pairs of tellings about one of these that are looked at."""
_TOLD = 3
_CONTRADICTION = NamedNode(kg.Contradiction)
_KIND = NamedNode(kg.kind)
_CONTRADICTORY = NamedNode(kg.contradictory)
_INCOMPATIBLE = NamedNode(kg.incompatible)

Mark: TypeAlias = tuple[Reason, tuple[NamedNode, ...]]
"""A rule and the statements that contradict each other by it: two, or one that does by itself."""


@dataclass(frozen=True)
class Marked:
    """The marks, in the order of their IRIs, all in the named graph with the IRI `graph`.

    `problems` say how many there are, and about what there are more than were marked.
    """

    graph: str
    quads: tuple[Quad, ...]
    problems: tuple[Problem, ...]


def mark(quads: Iterable[Quad], base: str) -> Marked:
    """Return marks of all contradictions between statements of a dataset.

    The same for the same quads in any order, whatever was marked before.
    """
    gathered = Gathered(quads)
    marks: dict[Mark, set[NamedNode]] = defaultdict(set)
    in_part: dict[str, None] = {}
    for group in groups(gathered, gathered.stated()):
        if not _all_of(group, gathered, marks):
            in_part[group.name] = None
    graph = NamedNode(base + CONTRADICTIONS_GRAPH)
    nodes = {
        contradiction(base, NamedNode(KIND + reason.value), statements): (reason, statements)
        for reason, statements in marks
    }
    found: list[Quad] = []
    for node in sorted(nodes, key=str):
        reason, statements = nodes[node]
        found.append(Quad(node, TYPE, _CONTRADICTION, graph))
        found.append(Quad(node, _KIND, NamedNode(KIND + reason.value), graph))
        found += [Quad(node, _CONTRADICTORY, each, graph) for each in statements]
        facts = sorted(marks[reason, statements], key=str)
        found += [Quad(node, _INCOMPATIBLE, each, graph) for each in facts]
    return Marked(graph.value, tuple(found), tuple(_told(len(nodes), in_part)))


def _all_of(group: Group, gathered: Gathered, marks: dict[Mark, set[NamedNode]]) -> bool:
    """Add the marks of a group; return whether these are all, and not only the first of many."""
    made: set[Mark] = set()
    for one, other in islice(group.pairs, MAX_PAIRS):
        conflicts = tuple(group.rule(one.telling, other.telling))
        for reason, pair in contradictory(conflicts, one, other, gathered):
            key = reason, tuple(sorted(set(pair), key=str))
            if key not in made:
                if len(made) == MAX_MARKS:
                    return False
                made.add(key)
            marks[key] |= {one.telling.fact, other.telling.fact}
    return next(group.pairs, None) is None


def contradictory(
    conflicts: Sequence[Conflict], one: Stated, other: Stated, gathered: Gathered
) -> Iterator[tuple[Reason, tuple[NamedNode, NamedNode]]]:
    """Yield pairs of statements, each with the first of the conflicts that holds of it."""
    met: set[tuple[NamedNode, NamedNode]] = set()
    for conflict in conflicts:
        found = (
            _together(one, other, gathered)
            if conflict.together
            else product(one.statements, other.statements)
        )
        for pair in found:
            if pair not in met:
                met.add(pair)
                yield conflict.reason, pair


def _together(
    one: Stated, other: Stated, gathered: Gathered
) -> Iterator[tuple[NamedNode, NamedNode]]:
    """Yield the statements that were written with each other, in one article or on one day."""
    at: dict[str, list[NamedNode]] = defaultdict(list)
    for statement in other.statements:
        for moment in gathered.moments(statement):
            at[moment].append(statement)
    for statement in one.statements:
        for moment in sorted(gathered.moments(statement)):
            for theirs in at.get(moment, ()):
                yield statement, theirs


def _told(number: int, in_part: Iterable[str]) -> Iterator[Problem]:
    if number:
        marked = Message("contradictions-marked", number=f"{number:,}")
        yield Problem(Place("articles"), marked, Message("list-contradictions"), "info")
    names = sorted(in_part)
    if names:
        shown = Lines(names[:_TOLD], Message("comma"))
        message = Message("marked-in-part", number=f"{MAX_MARKS:,}", about=f"{len(names):,}")
        remedy = Message("marked-in-part-about", names=shown)
        yield Problem(Place("articles"), message, remedy, "warning")
