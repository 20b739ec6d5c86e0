"""What one of the two datasets says of a thing, read from its sorted file for the pages' views."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from kgpub.errors import KgpubError
from kgpub.pages.reading import MAX_READ, TYPE, Reading, Term
from kgpub.release.differences.files import MAX_BYTES, SortedFile, indexed, sorted_lines
from kgpub.sources.rdf import read_rdf
from kgpub.vocabulary import resource
from kgpub.vocabulary import terms as kg

Vocabulary = Mapping[str, Sequence[tuple[str, Term]]]
"""Predicates and objects by subject."""

BACKWARDS = (kg.asserts, kg.participation, kg.passage, kg.attributionPassage, kg.retracts)
"""The properties that are looked up from their objects, too."""
_BACKWARDS = frozenset(f"<{predicate}>".encode() for predicate in BACKWARDS)
_MAX_KEPT = 2**23
"""Bytes of the lines of subjects that are kept after they are read. Parsed, those of many
short lines take some 50 MB, measured."""
_MAX_KEPT_LENGTH = 20_000
"""Bytes of the lines of one subject that is kept so; of those that are longer only the last is."""
_LEAST = 500
"""Bytes that a subject counts for, since one without any is kept as well."""


@dataclass(frozen=True, slots=True)
class _Subject:
    """The quads of a subject, and what they, or else the vocabulary, say of it in any graph."""

    quads: Sequence[Quad]
    pairs: Sequence[tuple[str, Term]]
    objects: Mapping[str, Sequence[Term]]
    is_whole: bool


class _Memory:
    """Subjects that were read, until their lines are more than `most` bytes: then it forgets."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._subjects: dict[str, _Subject] = {}
        self._size = 0

    def get(self, subject: str) -> _Subject | None:
        return self._subjects.get(subject)

    def put(self, subject: str, read: _Subject, size: int) -> None:
        if self._size + size > self._most:
            self._subjects.clear()
            self._size = 0
        self._subjects[subject] = read
        self._size += size


@dataclass(frozen=True)
class FileReading(Reading):
    """Reads a dataset; of a subject with more than MAX_READ quads only so many.

    `backwards` has the triples of BACKWARDS turned round, `alone` what the other dataset has not.
    What the dataset does not say of a term is read from `vocabulary`.
    """

    file: SortedFile
    alone: SortedFile
    backwards: SortedFile
    vocabulary: Vocabulary
    _kept: _Memory = field(default_factory=lambda: _Memory(_MAX_KEPT), repr=False, compare=False)
    _long: _Memory = field(default_factory=lambda: _Memory(0), repr=False, compare=False)

    def quads(self, subject: str) -> Sequence[Quad]:
        """Return the quads of a subject, in the order of their lines."""
        return self._of(subject).quads

    def is_whole(self, subject: str) -> bool:
        """Whether all that the dataset says of a subject is read."""
        return self._of(subject).is_whole

    def only(self, subject: str) -> set[tuple[str, Term]]:
        """Return predicates and objects of quads of a subject that the other dataset has not."""
        quads = _parsed(self.alone.lines_of(_bracketed(subject), MAX_READ))
        return {(quad.predicate.value, _term(quad.object)) for quad in quads}

    def described(self, subject: str) -> list[tuple[str, Term]]:
        return list(self._of(subject).pairs)

    def objects(self, subject: str, predicate: str) -> list[Term]:
        return list(self._of(subject).objects.get(predicate, ()))

    def _of(self, subject: str) -> _Subject:
        found = self._kept.get(subject) or self._long.get(subject)
        if found is None:
            lines = self.file.lines_of(_bracketed(subject), MAX_READ)
            size = sum(map(len, lines))
            found = self._read(subject, lines, len(lines) < MAX_READ and size <= MAX_BYTES)
            kept = self._kept if size <= _MAX_KEPT_LENGTH else self._long
            kept.put(subject, found, max(size, _LEAST))
        return found

    def _read(self, subject: str, lines: list[bytes], is_whole: bool) -> _Subject:
        quads = _parsed(lines)
        own = {(quad.predicate.value, _term(quad.object)) for quad in quads}
        pairs = sorted(own, key=_order) if own else self.vocabulary.get(subject, ())
        objects: dict[str, list[Term]] = {}
        for predicate, term in pairs:
            objects.setdefault(predicate, []).append(term)
        return _Subject(quads, pairs, objects, is_whole)

    def subjects(self, predicate: str, object_: str, most: int = MAX_READ) -> list[str]:
        return [subject for each, subject in self.referring(object_, most) if each == predicate]

    def typed(self, predicate: str, object_: str, most: int) -> dict[str, frozenset[str]]:
        return {
            subject: frozenset(
                term.value for term in self.objects(subject, TYPE) if isinstance(term, NamedNode)
            )
            for subject in self.subjects(predicate, object_, most)
        }

    def referring(self, object_: str, most: int = MAX_READ) -> list[tuple[str, str]]:
        """Return predicate and subject of what refers to `object_` by one of BACKWARDS."""
        quads = _parsed(self.backwards.lines_of(_bracketed(object_), most))
        return [
            (quad.predicate.value, quad.object.value)
            for quad in quads
            if isinstance(quad.object, NamedNode)
        ]

    def text_of(self, article: str) -> str | None:
        return None


def file_reading(file: SortedFile, alone: Path, work: Path, vocabulary: Vocabulary) -> FileReading:
    """Return the reading of a dataset; what only it has is sorted in the file `alone`.

    What the reading needs besides is written to `work`.
    """
    turned = (line for block in file.blocks() for line in _turned(block))
    backwards = sorted_lines(file.name, file.source, turned, work)
    own = indexed(file.name, file.source, alone, None)
    assert own is not None  # it is sorted
    return FileReading(file, own, backwards, vocabulary)


def _turned(block: bytes) -> Iterator[bytes]:
    """Yield the triples of BACKWARDS among some lines, from object to subject."""
    if not any(predicate in block for predicate in _BACKWARDS):
        return
    for line in block.splitlines():
        subject, predicate, rest = line.split(b" ", 2)
        if predicate in _BACKWARDS and rest.startswith(b"<"):
            yield b"%b %b %b .\n" % (rest.split(b" ", 1)[0], predicate, subject)


def read_vocabulary(folders: Iterable[Path]) -> Vocabulary:
    """Return what kgpub's own vocabularies say, and the Turtle files in `folders`.

    Those are what releases keep of a publisher's own kinds: one that cannot be read is left out.
    """
    own = sorted(resource("ontology").glob("*.ttl"))
    theirs = [path for folder in folders for path in sorted(folder.glob("*.ttl"))]
    found: dict[str, dict[tuple[str, Term], None]] = {}
    for path in [*own, *theirs]:
        for triple in _triples(path):
            subject, predicate, value = triple
            if isinstance(subject, NamedNode) and isinstance(value, NamedNode | Literal):
                found.setdefault(subject.value, {})[predicate.value, value] = None
    return {subject: sorted(pairs, key=_order) for subject, pairs in found.items()}


def _triples(path: Path) -> list[Triple]:
    try:
        return [quad.triple for quad in read_rdf(path).quads]
    except KgpubError:
        return []


def _parsed(lines: list[bytes]) -> list[Quad]:
    # Lenient, since the parser would refuse IRIs for faults that nothing here depends on.
    return list(parse(b"".join(lines), RdfFormat.N_QUADS, lenient=True))


def _term(value: NamedNode | Literal | BlankNode | Triple) -> Term:
    assert isinstance(value, NamedNode | Literal)  # all else is refused before
    return value


def _order(pair: tuple[str, Term]) -> tuple[str, str]:
    return pair[0], str(pair[1])


def _bracketed(iri: str) -> bytes:
    return f"<{iri}>".encode()
