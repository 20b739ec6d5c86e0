"""Where shapes stand that something is told of, and what those without a name are called."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import IO, NamedTuple, cast

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from kgpub.errors import Place
from kgpub.messages import Message
from kgpub.model.report import Node
from kgpub.serialisation.line_feed import LineFeed, Term
from kgpub.validation.index import Subject, TripleIndex, text_of
from kgpub.validation.paths import IllFormedPath, read_path
from kgpub.vocabulary import RDF, SH

MAX_NAMED = 5
"""Shapes and constraints without a name that are told one within the other."""

_FIRST, _REST = RDF + "first", RDF + "rest"

Position = tuple[int, int]
"""Line and column, from 1, in code points."""


class Fault(NamedTuple):
    """What is wrong with a shape or constraint, `node`, and the triple that it is wrong with.

    That is the first with the `predicate` and `value`, as far as they are given, of `subject`, or
    else of the node.
    """

    node: Subject
    text: str
    predicate: str = ""
    value: Node | None = None
    subject: Subject | None = None


@dataclass(frozen=True)
class ShapesText:
    """A file of shapes: its text, and the triples in the order in which the parser told them."""

    file: str
    content: str = field(repr=False)
    form: RdfFormat
    base: str
    quads: tuple[Quad, ...] = field(repr=False)


Positions = tuple[Sequence[Position], Mapping[Term, Position]]
"""Of the object of each quad of a text, and of nodes where they first stand as subjects."""
Locate = Callable[[ShapesText], Positions]


def by_lines(text: ShapesText) -> Positions:
    """Return the lines on which triples end, and the columns where the objects seem to stand."""
    feed = LineFeed(io.BytesIO(text.content.encode()))
    quads = parse(cast(IO[bytes], feed), format=text.form, base_iri=text.base)
    return [(feed.number, feed.column(quad.object)) for quad in quads], {}


class ShapePlaces:
    """Tells of shapes with their places. `triples` are those of each text, as they are named here.

    Shapes that have no name in the text have an IRI that begins with `anonymous`.
    """

    def __init__(
        self,
        texts: Sequence[ShapesText],
        triples: Sequence[Sequence[Triple]],
        anonymous: str,
        locate: Locate = by_lines,
    ) -> None:
        self._texts = texts
        self._triples = triples
        self._locate = locate
        self._prefix = anonymous
        self._mentioned = re.compile(rf"<?({re.escape(anonymous)}[^\s<>]*)>?")
        self._positions: dict[int, Positions] = {}

    def told(self, faults: Iterable[Fault]) -> list[Message]:
        """Return what is wrong, with its place and the name of the shape, sorted by place."""
        placed = [(self.of(fault), fault) for fault in faults]
        placed.sort(key=lambda pair: pair[0])
        found = (
            Message(
                "fault-at",
                place=str(place),
                node=self.named(fault.node),
                fault=self._readable(fault.text),
            )
            for place, fault in placed
        )
        return list(dict.fromkeys(found))

    def of(self, fault: Fault) -> Place:
        """Return where the triple stands that a fault is about, else the node."""
        if fault.predicate:
            key = (fault.subject or fault.node, fault.predicate, fault.value)
            if key in self._first:
                number, at = self._first[key]
                return Place(self._texts[number].file, *self._found(number)[0][at])
        if (fault.node, "", None) not in self._first:
            return Place(self._texts[0].file)
        number, at = self._first[fault.node, "", None]
        objects, subjects = self._found(number)
        text = self._texts[number]
        return Place(text.file, *subjects.get(text.quads[at].subject, objects[at]))

    @cached_property
    def _first(self) -> Mapping[tuple[Term, str, Term | None], tuple[int, int]]:
        """The numbers of the text and of the triple in it that first has what a fault names."""
        found: dict[tuple[Term, str, Term | None], tuple[int, int]] = {}
        for number, triples in enumerate(self._triples):
            for at, (subject, predicate, value) in enumerate(triples):
                for key in (("", None), (predicate.value, None), (predicate.value, value)):
                    found.setdefault((subject, *key), (number, at))
        return found

    def _found(self, number: int) -> Positions:
        if number not in self._positions:
            self._positions[number] = self._locate(self._texts[number])
        return self._positions[number]

    @cached_property
    def _index(self) -> TripleIndex:
        return TripleIndex(triple for triples in self._triples for triple in triples)

    @cached_property
    def _referring(self) -> Mapping[Node, tuple[Subject, str]]:
        """What first has a node as value, and as that of what."""
        found: dict[Node, tuple[Subject, str]] = {}
        for triples in self._triples:
            for triple in triples:
                if isinstance(triple.subject, Triple) or isinstance(triple.object, Triple):
                    continue
                found.setdefault(triple.object, (triple.subject, triple.predicate.value))
        return found

    def named(self, node: Subject, within: int = MAX_NAMED) -> str:
        """Return the IRI of a shape or constraint; of one without, what it hangs on."""
        if not self._is_unnamed(node):
            return text_of(node)
        path = self._path(node)
        term: Subject = node
        is_member = False
        visited: set[Node] = set()
        while term in self._referring and term not in visited:
            visited.add(term)
            term, predicate = self._referring[term]
            if predicate not in (_FIRST, _REST):
                name = predicate.replace(SH, "sh:", 1)
                around = self.named(term, within - 1) if within else "…"
                if path:
                    code = "fault-member-with-path" if is_member else "fault-node-with-path"
                    return Message(code, name=name, path=path, around=around)
                return Message(
                    "fault-member" if is_member else "fault-node", name=name, around=around
                )
            is_member = True
        return Message("fault-unnamed-with-path", path=path) if path else Message("fault-unnamed")

    def _is_unnamed(self, node: Node) -> bool:
        is_named = isinstance(node, NamedNode) and not node.value.startswith(self._prefix)
        return not is_named and not isinstance(node, Literal)

    def _readable(self, text: str) -> str:
        """Return what is wrong with what nodes have for a name in place of their invented ones."""
        if not isinstance(text, Message):
            return self._mentioned.sub(self._brief, text)
        return Message(text.code, **{name: self._readable(each) for name, each in text.values})

    def _brief(self, mention: re.Match[str]) -> str:
        path = self._path(NamedNode(mention[1]))
        return f"[ sh:path {path} ]" if path else "[ … ]"

    def _path(self, node: Subject) -> str:
        paths = self._index.objects(node, SH + "path")
        with suppress(IllFormedPath):
            return str(read_path(self._index, paths[0])) if len(paths) == 1 else ""
        return ""
