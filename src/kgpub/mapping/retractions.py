"""What a submission retracts: until which day each thing in it is said, and the records of that.

A day is that since which something is not said any more; None where it still is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from kgpub.errors import FileProblems
from kgpub.mapping.records import Pair, Record
from kgpub.messages import Message
from kgpub.vocabulary import DCTERMS
from kgpub.vocabulary import terms as kg
from kgpub.vocabulary.schema import ASSERTED_TYPES, DATE, STATEMENT_TYPES

RETRACTIONS_GRAPH = "graph/retractions"
"""Below the base: the records of what was retracted, which stay in the dataset."""
HISTORY_GRAPH = "graph/history"
"""Below the base: what is said of the graphs of a history."""
IS_VERSION_OF = NamedNode(DCTERMS + "isVersionOf")
_HISTORY = "history/"
_SUBMISSION = "submission/"
_ASSERTS = NamedNode(kg.asserts)
_RETRACTED_ON = NamedNode(kg.retractedOn)
_SUBMITTED = NamedNode(kg.submitted)

Day = date | None
NameOf = Callable[[Record], NamedNode]


def earlier(one: Day, other: Day) -> Day:
    """Return the earlier of two days."""
    return min((day for day in (one, other) if day is not None), default=None)


def later(one: Day, other: Day) -> Day:
    """Return the later of two days, None where either is."""
    return None if one is None or other is None else max(one, other)


def day_of(record: Record) -> Day:
    """Return the day since which `record` is retracted by itself.

    One without a day, which the shapes refuse, is as if it had never been said.
    """
    if record.retraction is None:
        return None
    return _date(record.retraction, _RETRACTED_ON) or date.min


def any_of(records: Iterable[Record]) -> bool:
    """Whether any of `records` is retracted."""
    return any(record.retraction is not None for record in records)


def check_days(submission: Record, records: Iterable[Record], problems: FileProblems) -> None:
    """Add a problem for each retraction before the day on which `submission` says what it does."""
    submitted = _date(submission, _SUBMITTED)
    for record in records:
        pair = _given(record.retraction, _RETRACTED_ON) if record.retraction else None
        day = day_of(record)
        if pair is None or submitted is None or day is None or day >= submitted:
            continue
        message = Message("retracted-before", day=day.isoformat(), submitted=submitted.isoformat())
        problems.add(pair, message, Message("retract-later", submitted=submitted.isoformat()))


def lasting(
    submission: Record, labels: Mapping[str, NamedNode], name_of: NameOf
) -> dict[NamedNode, Day]:
    """Return until which day some statement of `submission` asserts each fact and event."""
    found: dict[NamedNode, Day] = {}
    whole = day_of(submission)
    for statement in (pair.object for pair in submission.pairs):
        if not isinstance(statement, Record) or statement.type not in STATEMENT_TYPES:
            continue
        said = earlier(whole, day_of(statement))
        for target, day in asserted(statement, labels, name_of):
            until = earlier(said, day)
            found[target] = later(found[target], until) if target in found else until
    return found


def asserted(
    statement: Record, labels: Mapping[str, NamedNode], name_of: NameOf
) -> Iterator[tuple[NamedNode, Day]]:
    """Yield what a statement asserts, and since which day it does not, by that alone."""
    for pair in statement.pairs:
        target = pair.object
        if isinstance(target, Record) and target.type in ASSERTED_TYPES:
            yield name_of(target), day_of(target)
        elif pair.predicate == _ASSERTS and isinstance(target, NamedNode):
            yield target, None
        elif pair.predicate == _ASSERTS and isinstance(target, BlankNode):
            yield from ((labels[each], None) for each in (target.value,) if each in labels)


def parts_of_asserted(
    records: Iterable[Record], name_of: NameOf, part_name: Callable[[Record, NamedNode], NamedNode]
) -> dict[NamedNode, list[NamedNode]]:
    """Return the IRIs of what is described inside each fact and event: its participations.

    `part_name` gives that of a part of the fact or event with an IRI.
    """
    found: dict[NamedNode, list[NamedNode]] = {}
    for record in records:
        if record.type not in ASSERTED_TYPES:
            continue
        inside = [pair.object for pair in record.pairs if isinstance(pair.object, Record)]
        parts = [each for each in inside if each.type not in ASSERTED_TYPES]
        if parts:
            name = name_of(record)
            found.setdefault(name, []).extend(part_name(each, name) for each in parts)
    return found


@dataclass(frozen=True)
class Lives:
    """Quads of one submission, and until which day each is said."""

    days: Mapping[Quad, Day]

    @classmethod
    def of(cls, quads: Iterable[tuple[Quad, Day]]) -> Lives:
        """Return the last day of each quad, of which any may be said several times."""
        days: dict[Quad, Day] = {}
        for quad, day in quads:
            days[quad] = later(days[quad], day) if quad in days else day
        return cls(days)

    def history(self, submission: Record, name: NamedNode, base: str) -> Iterator[Quad]:
        """Yield what is not said any more, in graphs of which each says when it was said.

        A graph of the history holds what a graph of the dataset had until one day: its name is
        that of the submission with the day, `{base}history/{article}/{name}/{day}`.
        """
        own = base + _HISTORY + name.value.removeprefix(base + _SUBMISSION)
        about = NamedNode(base + HISTORY_GRAPH)
        submitted = _date(submission, _SUBMITTED)
        told: dict[NamedNode, None] = {}
        for quad, day in self.days.items():
            if day is None:
                continue
            source = quad.graph_name
            assert isinstance(source, NamedNode)  # what is mapped is in named graphs
            ending = "" if source == name else "/" + source.value.rpartition("/")[2]
            graph = NamedNode(f"{own}/{day.isoformat()}{ending}")
            yield Quad(quad.subject, quad.predicate, quad.object, graph)
            if graph in told:
                continue
            told[graph] = None
            yield Quad(graph, IS_VERSION_OF, source, about)
            yield Quad(graph, _RETRACTED_ON, Literal(day.isoformat(), datatype=DATE), about)
            if submitted is not None:
                said = Literal(submitted.isoformat(), datatype=DATE)
                yield Quad(graph, _SUBMITTED, said, about)


def _date(record: Record, predicate: NamedNode) -> Day:
    pair = _given(record, predicate)
    if pair is None or not isinstance(pair.object, Literal):
        return None
    return date.fromisoformat(pair.object.value)  # reading has refused what is none


def _given(record: Record, predicate: NamedNode) -> Pair | None:
    return next((pair for pair in record.pairs if pair.predicate == predicate), None)
