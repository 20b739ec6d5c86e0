"""What runs on the workers: some records to files of sorted lines, named by what they are made of.

Doing it again, on whichever machine, gives the same files; each is written beside its place and
then put there, the one that says that all is done last. So a worker may die at any time.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from socket import gethostname

from pyoxigraph import Literal, NamedNode, Quad

from kgpub.batch.mapped import MappedBatch, MappedRecord, RecordMapping
from kgpub.batch.record import Record
from kgpub.batch.reports import report
from kgpub.model.submission import graph_of
from kgpub.pipeline.dataset import digest_of
from kgpub.serialisation.lines import canonical_lines
from kgpub.validation.submitted import AS_WRITTEN, stored

QUADS, HISTORY, REFUSED, WARNINGS, KEYS, OPEN, FORMS, GRAPHS, DONE = (
    *("quads.nq", "history.nq", "refused", "warnings", "keys", "open", "forms", "graphs"),
    "json",
)
"""The endings of the files of a shard."""
_ALL = (QUADS, HISTORY, REFUSED, WARNINGS, KEYS, OPEN, FORMS, GRAPHS)


@dataclass(frozen=True)
class Rules:
    """What records are mapped and validated by: a workspace's folder and base.

    `digest` changes with anything else that decides about the result: software, settings, kinds.
    """

    root: Path
    base: str
    digest: str


@dataclass(frozen=True)
class Task:
    """Some records, and the folder that their shard is to be written to."""

    records: tuple[Record, ...]
    rules: Rules
    folder: Path

    @property
    def name(self) -> str:
        """The name of the shard: a digest of all that it is made of."""
        return digest_of([self.rules.digest, *(each.digest for each in self.records)])[:32]


@dataclass(frozen=True)
class Counts:
    """Of one shard or all: records taken in, and refused; quads, repeats among them."""

    records: int = 0
    refused: int = 0
    quads: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.records + other.records, self.refused + other.refused, self.quads + other.quads
        )


def counts_of(folder: Path, name: str) -> Counts | None:
    """Return the counts of a shard that is done, or None where it is not."""
    try:
        return Counts(**json.loads((folder / f"{name}.{DONE}").read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def make(task: Task) -> Counts:
    """Make the shard of a task; one that is there already is left as it is. Raises OSError."""
    name = task.name
    done = counts_of(task.folder, name)
    if done is not None:
        return done
    mapping = _mapping(task.rules)
    batch = mapping.map(task.records)
    contents = dict(zip(_ALL, _contents(batch, mapping), strict=True))
    for ending, lines in contents.items():
        _write(task.folder / f"{name}.{ending}", lines)
    refused = sum(each.is_refused for each in batch.records)
    counts = Counts(len(batch.records), refused, len(contents[QUADS]))
    _write(task.folder / f"{name}.{DONE}", [json.dumps(asdict(counts)).encode()])
    return counts


@lru_cache(maxsize=1)
def _mapping(rules: Rules) -> RecordMapping:
    return RecordMapping(rules.root, rules.base)


def _contents(batch: MappedBatch, mapping: RecordMapping) -> Iterator[list[bytes]]:
    """Yield the lines of each file in the order of their endings."""
    accepted = list(batch.accepted)
    quads = list(dict.fromkeys(quad for each in accepted for quad in each.quads()))
    open_nodes = batch.open & {quad.subject for quad in quads}
    yield sorted(canonical_lines(quads))
    yield sorted(set(canonical_lines(quad for each in accepted for quad in each.history)))
    yield sorted(_report(each) for each in batch.records if each.is_refused)
    yield sorted(_report(each) for each in accepted if each.problems)
    yield sorted({line for each in accepted for line in _keys(each, mapping)})
    yield sorted(f"{node.value}\n".encode() for node in open_nodes if isinstance(node, NamedNode))
    yield sorted(set(_forms(quads)))
    yield sorted({f"{graph_of(quad)}\n".encode() for quad in quads})


def _report(mapped: MappedRecord) -> bytes:
    record = mapped.record
    return report(record.origin, record.slug, mapped.problems, record)


def _keys(mapped: MappedRecord, mapping: RecordMapping) -> Iterator[bytes]:
    """Yield each node that others may describe, with a digest of what this record says of it."""
    said: dict[str, set[str]] = {}
    for quad in mapped.quads():
        if mapping.locality.is_shared(quad.subject) and isinstance(quad.subject, NamedNode):
            said.setdefault(quad.subject.value, set()).add(f"{quad.predicate} {quad.object}")
    for node, lines in said.items():
        digest = hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()[:32]
        yield f"{node} {digest}\n".encode()


def _forms(quads: Iterable[Quad]) -> Iterator[bytes]:
    """Yield the predicate and the form of literals that a store would write otherwise."""
    for quad in quads:
        value = quad.object
        if (
            isinstance(value, Literal)
            and value.datatype.value not in AS_WRITTEN
            and stored(value) != value
        ):
            form = [quad.predicate.value, value.value, value.datatype.value]
            yield json.dumps(form).encode() + b"\n"


def _write(path: Path, lines: Iterable[bytes]) -> None:
    """Write a file whole or not at all, whoever else writes the same. Raises OSError."""
    fresh = path.with_name(f"{path.name}.{gethostname()}-{os.getpid()}.new")
    with fresh.open("wb") as stream:
        stream.writelines(lines)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(path)
