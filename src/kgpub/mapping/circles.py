"""Circles that nothing can be: after itself, its own reason, and so on through others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from pyoxigraph import BlankNode, NamedNode

from kgpub.errors import FileProblems
from kgpub.mapping.records import Record
from kgpub.messages import Message
from kgpub.vocabulary import KG
from kgpub.vocabulary import terms as kg

MAX_SHOWN = 10
"""Members of a circle that a message names."""

_BEFORE = NamedNode(kg.before)
_ORDER = "after-or-before"
_RELATIONS = {
    NamedNode(kg.after): _ORDER,
    _BEFORE: _ORDER,
    **{
        NamedNode(predicate): predicate.removeprefix(KG)
        for predicate in (kg.reason, kg.purpose, kg.means, kg.despite, kg.until, kg.during)
    },
}
"""What a circle of each property is said to be made by: its key, or the code of both."""


def shown(circle: Sequence[str]) -> str:
    """Return the members of a circle, of which the first is also the last, in order."""
    text = " → ".join(circle[:MAX_SHOWN])
    if len(circle) <= MAX_SHOWN:
        return text
    return Message("circle-members", members=text, number=len(circle) - 1)


def circles(
    records: Iterable[Record], labels: Mapping[str, NamedNode], base: str, problems: FileProblems
) -> None:
    """Add a problem for each relation in which facts and events of one file form a circle.

    `after` and `before` are one relation, told from two sides. A purpose whose reason it is forms
    no circle: these are two relations.
    """
    named: dict[NamedNode, Record] = {}
    for record in records:
        name = record.name or labels.get(record.label or "")
        if name is not None:
            named.setdefault(name, record)
    for relation, references in _references(named, labels).items():
        try:
            TopologicalSorter(references).prepare()
        except CycleError as error:
            circle: list[NamedNode] = error.args[1][::-1]
            first = min((named[name] for name in circle), key=lambda record: record.line)
            members = shown([_written(named[name], base) for name in circle])
            by = Message(relation) if relation == _ORDER else relation
            message = Message("relation-circle", relation=by, members=members)
            problems.add(first, message, Message("remove-reference"))


def _references(
    named: Mapping[NamedNode, Record], labels: Mapping[str, NamedNode]
) -> Mapping[str, Mapping[NamedNode, dict[NamedNode, None]]]:
    """Return, by relation, what each of the records refers to by it."""
    references: dict[str, dict[NamedNode, dict[NamedNode, None]]] = {
        relation: defaultdict(dict) for relation in _RELATIONS.values()
    }
    for name, record in named.items():
        for pair in record.pairs:
            relation = _RELATIONS.get(pair.predicate)
            if relation is None:
                continue
            target = pair.object
            if isinstance(target, BlankNode):
                target = labels.get(target.value, name)
            if isinstance(target, NamedNode) and target in named:
                ends = (target, name) if pair.predicate == _BEFORE else (name, target)
                references[relation][ends[0]][ends[1]] = None
    return references


def _written(record: Record, base: str) -> str:
    """Return what the submitter calls the record."""
    if record.name is not None:
        return record.name.value.removeprefix(base)
    return f"_:{record.label}"
