"""Shapes as a workspace has them: parsed, checked, and asked what they say of each shape."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse, serialize

from kgpub.errors import Place, WorkspaceError
from kgpub.model.report import VIOLATION
from kgpub.validation import lint
from kgpub.validation.constraints import SparqlConstraint, sorted_messages
from kgpub.validation.index import IllFormedList, Subject, TripleIndex, text_of
from kgpub.validation.paths import read_path
from kgpub.validation.split import Split, split
from kgpub.vocabulary import RDF, SH, SHAPES

BASE = SHAPES.rstrip("#")
"""What relative IRIs in shapes are resolved against."""

_SHAPE_TYPES = {NamedNode(SH + "NodeShape"), NamedNode(SH + "PropertyShape")}
_REMEDY = "Mend the shapes; SHACL would pass over some of these in silence."


@dataclass(frozen=True)
class Shapes:
    """A shapes graph without faults that would make data conform, or fail, in silence.

    `sources` are the triples of each file in the order of file names. Shapes and constraints that
    are blank nodes in the files have IRIs here, made from the file's name and their order in it,
    so that results can name them; the blank nodes of lists and paths remain.
    """

    sources: tuple[tuple[str, tuple[Triple, ...]], ...]

    @classmethod
    def parse(
        cls, files: Mapping[str, str], classes: Collection[str] | None = None, base: str = BASE
    ) -> Shapes:
        """Parse Turtle by file name; `base` resolves its relative IRIs.

        With `classes`, the IRIs of all declared ones, each sh:targetClass must be among them.
        Raises WorkspaceError with file, line and column for a syntax error, and with file, line
        and shape for what `kgpub.validation.lint` finds.
        """
        parsed = [
            _relabelled(_parse(name, files[name], base), number)
            for number, name in enumerate(sorted(files))
        ]
        index = TripleIndex(triple for triples in parsed for triple in triples)
        anonymous = set(_anonymous(index))
        shapes = cls(
            tuple(
                (name, _named(triples, anonymous, f"{base}/genid/{quote(name, safe='')}/"))
                for name, triples in zip(sorted(files), parsed, strict=True)
            )
        )
        faults = lint.faults(shapes.index, classes)
        if faults:
            lines = [
                f"{shapes._place(node, files)}: {text_of(node)}: {fault}" for node, fault in faults
            ]
            raise WorkspaceError("\n".join(dict.fromkeys(lines)), _REMEDY)
        return shapes

    @cached_property
    def triples(self) -> tuple[Triple, ...]:
        """All triples, those of one file after those of another."""
        return tuple(triple for _, triples in self.sources for triple in triples)

    @cached_property
    def ntriples(self) -> str:
        """All triples as N-Triples."""
        return serialize(self.triples, format=RdfFormat.N_TRIPLES).decode()

    @cached_property
    def index(self) -> TripleIndex:
        """The triples by subject and object; not to be changed."""
        return TripleIndex(self.triples)

    @cached_property
    def constraints(self) -> tuple[SparqlConstraint, ...]:
        """The constraints of sh:sparql that are active, on shapes that are."""
        queries, _ = lint.read_queries(self.index)
        return tuple(
            SparqlConstraint(
                node=node,
                shape=shape,
                query=query,
                path=self.path(shape),
                severity=self.severity(shape),
                messages=self.messages(shape) or _messages(self.index, node),
            )
            for (shape, node), query in queries.items()
            if not lint.is_deactivated(self.index, shape)
            and not lint.is_deactivated(self.index, node)
        )

    @cached_property
    def split(self) -> Split:
        """Which shapes and constraints the fast engine evaluates, and how."""
        return split(self.index, self.constraints)

    def path(self, shape: Subject) -> str | None:
        """Return the path of a property shape in SPARQL syntax, None for a node shape."""
        paths = self.index.objects(shape, SH + "path")
        return str(read_path(self.index, paths[0])) if paths else None

    def severity(self, shape: Subject) -> str:
        """Return the IRI of the severity of `shape` (SHACL, section 2.1.4)."""
        values = self.index.objects(shape, SH + "severity")
        return text_of(values[0]) if values else VIOLATION

    def messages(self, shape: Subject) -> tuple[Literal, ...]:
        """Return the messages of `shape`, which go before all others (SHACL, section 2.1.5)."""
        return _messages(self.index, shape)

    def _place(self, node: Subject, files: Mapping[str, str]) -> Place:
        for name, triples in self.sources:
            if any(triple.subject == node for triple in triples):
                local = re.escape(re.split(r"[#/]", text_of(node))[-1])
                match = re.search(rf"^[^\s#\"]*[:#/]{local}[>\s]", files[name], re.MULTILINE)
                return Place(name, 1 + files[name].count("\n", 0, match.start()) if match else 1)
        return Place(next(name for name, _ in self.sources))


def _parse(name: str, text: str, base: str) -> list[Triple]:
    try:
        quads = list(parse(text, format=RdfFormat.TURTLE, base_iri=base))
    except SyntaxError as error:
        place = Place(name, error.lineno or 1, error.offset or 1)
        reason = str(error.msg).partition(": ")[2] or str(error.msg)
        raise WorkspaceError(f"{place}: not Turtle: {reason}") from error
    return [quad.triple for quad in quads]


def _relabelled(triples: list[Triple], number: int) -> list[Triple]:
    # The parser's own labels are random; these are the same for the same text.
    labels: dict[BlankNode, BlankNode] = {}

    def label(term: BlankNode) -> BlankNode:
        return labels.setdefault(term, BlankNode(f"f{number}b{len(labels) + 1}"))

    return [_replaced(triple, label) for triple in triples]


def _named(triples: list[Triple], anonymous: set[BlankNode], prefix: str) -> tuple[Triple, ...]:
    def name(term: BlankNode) -> Subject:
        return NamedNode(prefix + term.value.partition("b")[2]) if term in anonymous else term

    return tuple(_replaced(triple, name) for triple in triples)


def _replaced(triple: Triple, new: Callable[[BlankNode], Subject]) -> Triple:
    subject, value = triple.subject, triple.object
    return Triple(
        new(subject) if isinstance(subject, BlankNode) else subject,
        triple.predicate,
        new(value) if isinstance(value, BlankNode) else value,
    )


def _anonymous(index: TripleIndex) -> Iterator[BlankNode]:
    found = [value for shape_type in _SHAPE_TYPES for value in index.subjects(RDF + "type", shape_type)]
    for predicate in (*lint.MEMBERS, SH + "sparql"):
        found += [value for _, value in index.pairs(predicate)]
    for predicate in lint.TARGETS:
        found += [subject for subject, _ in index.pairs(predicate)]
    for predicate in lint.LISTS:
        for _, head in index.pairs(predicate):
            try:
                found += index.members(head)
            except IllFormedList:
                continue
    return (node for node in found if isinstance(node, BlankNode))


def _messages(index: TripleIndex, node: Subject) -> tuple[Literal, ...]:
    values = index.objects(node, SH + "message")
    return sorted_messages(value for value in values if isinstance(value, Literal))
