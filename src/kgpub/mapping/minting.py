"""Identifiers for what submitters do not name: hashes of what identifies it.

A statement is identified by its class, its passage and who says it; a fact or unnamed event by
its class and all that is written about it, and by its article as well where its time is told only
relative to that article (`day: Thursday`); a participation by its event and all that is written
about it; a contradiction by its rule and its statements; a retraction by what is retracted from
what, and by all that its submission says of that. The hash is the first 128 bits of the SHA-256 of
the sorted lines, terms as in N-Triples, UTF-8.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from pyoxigraph import BlankNode, Literal, NamedNode

from kgpub.errors import FileProblems
from kgpub.mapping.circles import shown
from kgpub.mapping.records import Pair, Record
from kgpub.messages import Message
from kgpub.model.sheets import row_of
from kgpub.vocabulary import terms as kg

CONTRADICTION = "contradiction/"
"""Below the base: what only kgpub makes, and shapes do not validate."""

_SUBMISSION = "submission/"
_DATES = {kg.start, kg.end, kg.time}

Labels = Mapping[str, NamedNode]


def mint_asserted(
    records: Sequence[Record],
    base: str,
    article: NamedNode,
    problems: FileProblems,
    written: Callable[[], Container[str]] = frozenset,
) -> Labels:
    """Return the IRIs of the labelled facts and events; add what is wrong with the labels.

    `records` are all of the file, since statements refer to labels as well.
    A fact's hash covers those that it refers to, so they are minted first; a circle of
    references, which has no first, is a problem, as is a label given twice or to nothing. Those
    that are `written` in the file are given to something, even if that could not be read.
    """
    labelled: dict[str, Record] = {}
    for record in records:
        if record.label is not None and labelled.setdefault(record.label, record) is not record:
            first = row_of(labelled[record.label].line)
            message = Message("id-repeated", id=f"_:{record.label}")
            problems.add(record, message, Message("stands-at-line", line=first))
    references = {
        label: dict.fromkeys(target for target, _ in _references(record))
        for label, record in labelled.items()
    }
    for record in records:
        for pair in record.pairs:
            target = pair.object.value if isinstance(pair.object, BlankNode) else None
            if target is None or target in labelled:
                continue
            if f"_:{target}" not in written():
                message = Message("id-unknown", id=f"_:{target}")
                problems.add(pair, message, Message("give-id", id=f"_:{target}"))
    names: dict[str, NamedNode] = {}
    try:
        for label in TopologicalSorter(references).static_order():
            if label in labelled:
                names[label] = asserted(labelled[label], base, article, names)
    except CycleError as error:
        circle = error.args[1][::-1]  # graphlib's goes from what is referred to
        members = shown([f"_:{label}" for label in circle])
        message = Message("reference-circle", members=members)
        first_record = labelled[min(circle, key=lambda label: labelled[label].line)]
        problems.add(first_record, message, Message("remove-reference"))
    return names


def asserted(record: Record, base: str, article: NamedNode, labels: Labels) -> NamedNode:
    """Return the IRI of a fact or event whose references are among `labels`."""
    if record.name is not None:
        return record.name
    if record.label is not None and record.label in labels:
        return labels[record.label]
    lines = list(_lines(record, labels))
    predicates = {pair.predicate.value for pair in record.pairs}
    if kg.dayOfWeek in predicates and not predicates & _DATES:
        lines.append(f"in {article}")
    return _hashed(base, "event" if record.type == "Event" else "fact", lines)


def participation(record: Record, base: str, event: NamedNode, labels: Labels) -> NamedNode:
    """Return the IRI of a participation in `event`."""
    return _hashed(base, "participation", [f"event {event}", *_lines(record, labels)])


def statement(
    type_: str, base: str, passage: NamedNode, speakers: Iterable[NamedNode]
) -> NamedNode:
    """Return the IRI of a statement of class `type_`, whose words stand at `passage`."""
    lines = [f"a {type_}", f"at {passage}", *(f"by {speaker}" for speaker in speakers)]
    return _hashed(base, "statement", lines)


def link(base: str, entity: NamedNode, item: NamedNode, method: NamedNode) -> NamedNode:
    """Return the IRI of the record of a link."""
    return _hashed(base, "link", [f"entity {entity}", f"item {item}", f"method {method}"])


def retraction(
    base: str,
    target: NamedNode,
    source: NamedNode | None,
    submission: NamedNode,
    told: Iterable[tuple[NamedNode, NamedNode | Literal]],
) -> NamedNode:
    """Return the IRI of the record that `target` is retracted from `source`, if from anything.

    `told` is what `submission` says of it: the same thing can be retracted again, when it has been
    said again.
    """
    lines = [
        *("a Retraction", f"of {target}", f"in {submission}"),
        *([f"from {source}"] if source else ()),
        *(f"{predicate} {object_}" for predicate, object_ in told),
    ]
    return _hashed(base, "retraction", lines)


def acceptance(base: str, submission: NamedNode) -> NamedNode:
    """Return the IRI of the acceptance of a submission: that of the submission, but for a folder.

    Raises ValueError where this is no submission of the workspace.
    """
    if not submission.value.startswith(base + _SUBMISSION):
        raise ValueError(submission.value)
    return NamedNode(f"{base}acceptance/{submission.value.removeprefix(base + _SUBMISSION)}")


def contradiction(base: str, kind: NamedNode, statements: Iterable[NamedNode]) -> NamedNode:
    """Return the IRI of the mark that statements contradict each other by the rule `kind`."""
    lines = ["a Contradiction", f"kind {kind}", *(f"of {each}" for each in statements)]
    return _hashed(base, CONTRADICTION[:-1], lines)


def _hashed(base: str, folder: str, lines: Iterable[str]) -> NamedNode:
    text = "\n".join(sorted(set(lines)))
    return NamedNode(f"{base}{folder}/{hashlib.sha256(text.encode()).hexdigest()[:32]}")


def _lines(record: Record, labels: Labels) -> Iterator[str]:
    yield f"a {record.type}"
    for pair in record.pairs:
        target = pair.object
        if isinstance(target, Record):
            yield f"{pair.predicate} [{' '.join(sorted(set(_lines(target, labels))))}]"
        elif isinstance(target, BlankNode):
            yield f"{pair.predicate} {labels.get(target.value)}"
        else:
            yield f"{pair.predicate} {target}"


def _references(record: Record) -> Iterator[tuple[str, Pair]]:
    for pair in record.pairs:
        if isinstance(pair.object, BlankNode):
            yield pair.object.value, pair
        elif isinstance(pair.object, Record):
            yield from _references(pair.object)
