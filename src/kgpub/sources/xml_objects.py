"""Where the objects of RDF/XML stand, which its parser does not tell (RDF 1.1 XML Syntax).

A second parser walks along the elements and notes what each of them states; a quad has its place
where exactly as many elements state it as there are such quads, which come in the same order.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urljoin
from xml.parsers import expat

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from kgpub.vocabulary import RDF

_XML = "http://www.w3.org/XML/1998/namespace"
_ATTRIBUTE = re.compile(rb"""\s([^\s=<>"']+)\s*=\s*("[^"]*"|'[^']*')""")
_NAME = re.compile(rb"<[^\s/>]+")
_OF_SYNTAX = frozenset(RDF + each for each in ("about", "ID", "nodeID", "resource", "parseType"))
_OF_VALUES = frozenset(RDF + each for each in ("datatype", "bagID"))

Stated = tuple[str | None, str, str | None]
"""Subject, predicate and object of a statement; None for blank nodes, `"…` for literals."""


@dataclass
class _Element:
    """An element: one of a node, whose `subject` is its own, or one of a property of `subject`."""

    is_node: bool
    subject: str | None = None
    predicate: str = ""
    base: str = ""
    kind: str = ""
    at: int = 0
    text: list[str] = field(default_factory=list)
    text_at: int | None = None
    is_stated: bool = False
    members: int = 0


def object_places(
    content: bytes, quads: Sequence[Quad], base: str
) -> list[tuple[int, int] | None] | None:
    """Return line and column of the object of each quad, None where they are not certain.

    Columns are those of a text, of the quote before an attribute's value or of what opens an
    element. None instead where the content is not what the parser expects of XML.
    """
    walk = _Walk(content, base)
    try:
        walk.parser.Parse(content, True)
    except (expat.ExpatError, ValueError):  # the latter at hosts that are none
        return None
    wanted: dict[Stated, list[int]] = defaultdict(list)
    for index, quad in enumerate(quads):
        wanted[_stated(quad)].append(index)
    certain: list[tuple[int, int]] = []
    for stated, indices in wanted.items():
        offsets = walk.found.get(stated, [])
        blank = stated[0] is None and not (stated[2] or "").startswith('"')
        if len(offsets) != len(indices) or (blank and len(offsets) > 1):
            continue  # blank nodes inside each other need not come in the order of their elements
        certain += zip(offsets, indices, strict=True)
    found: list[tuple[int, int] | None] = [None] * len(quads)
    begins = [0, *(match.end() for match in re.finditer(b"\n", content))]
    at = column = 0
    for offset, index in sorted(certain):
        line = bisect_right(begins, offset)
        if begins[line - 1] > at:
            at, column = begins[line - 1], 0
        column += len(content[at:offset].decode("utf-8", "replace"))
        at = offset
        found[index] = line, column + 1
    return found


def _stated(quad: Quad) -> Stated:
    subject = quad.subject.value if isinstance(quad.subject, NamedNode) else None
    return subject, quad.predicate.value, _object(quad.object)


def _object(term: NamedNode | BlankNode | Literal | Triple) -> str | None:
    if isinstance(term, Literal):
        # What an element holds as XML is written anew by the parser.
        return '"<' if term.datatype.value == RDF + "XMLLiteral" else f'"{term.value}'
    return term.value if isinstance(term, NamedNode) else None


class _Walk:
    def __init__(self, content: bytes, base: str) -> None:
        self.content = content
        self.found: dict[Stated, list[int]] = defaultdict(list)
        self.open = [_Element(False, base=base, kind="root")]
        self.inside_xml = 0
        self.parser = expat.ParserCreate("utf-8", " ")
        self.parser.ordered_attributes = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text

    def note(self, subject: str | None, predicate: str, value: str | None, at: int) -> None:
        self.found[subject, predicate, value].append(at)

    def start(self, name: str, attributes: list[str]) -> None:
        outer = self.open[-1]
        if outer.kind == "Literal":
            self.inside_xml += 1
            outer.text_at = outer.text_at or self.parser.CurrentByteIndex
            return
        name = name.replace(" ", "")
        at = self.parser.CurrentByteIndex
        values = dict(self.values(attributes, at))
        base = values.pop(f"{_XML}base", (outer.base, 0))[0]
        inner = replace(outer, base=urljoin(outer.base, base), text=[], text_at=None, at=at)
        if name == RDF + "RDF" and len(self.open) == 1:
            self.open.append(inner)
        elif outer.is_node:
            self.open.append(self.of_property(name, values, inner, outer))
        else:
            self.open.append(self.of_node(name, values, inner, outer))

    def values(self, attributes: list[str], at: int) -> Iterator[tuple[str, tuple[str, int]]]:
        """Yield the attributes of the element at an offset, each with that of its quote."""
        name = _NAME.match(self.content, at)
        end = name.end() if name else at
        places: list[int] = []
        while (written := _ATTRIBUTE.match(self.content, end + self.space(end))) is not None:
            end = written.end()
            if written[1] != b"xmlns" and not written[1].startswith(b"xmlns:"):
                places.append(written.start(2))
        pairs = zip(attributes[::2], attributes[1::2], strict=True)
        for index, (key, value) in enumerate(pairs):
            yield key.replace(" ", ""), (value, places[index] if index < len(places) else at)

    def space(self, start: int) -> int:
        """Return how many bytes of space follow, but for the last of them."""
        end = start
        while self.content[end : end + 1].isspace():
            end += 1
        return max(0, end - start - 1)

    def of_node(
        self, name: str, values: dict[str, tuple[str, int]], inner: _Element, outer: _Element
    ) -> _Element:
        about, identifier = values.get(RDF + "about"), values.get(RDF + "ID")
        subject: str | None = None
        at = inner.at
        if about is not None:
            subject, at = urljoin(inner.base, about[0]) if about[0] else inner.base, about[1]
        elif identifier is not None:
            subject, at = urljoin(inner.base, f"#{identifier[0]}"), identifier[1]
        if outer.kind == "Collection":
            self.note(None, RDF + "first", subject, at)
            outer.members += 1
        elif outer.predicate:
            self.note(outer.subject, outer.predicate, subject, at)
        outer.is_stated = outer.is_stated or outer.kind != "Collection"
        if name != RDF + "Description":
            self.note(subject, RDF + "type", name, inner.at)
        self.attributes(subject, values, inner.base)
        return replace(inner, is_node=True, subject=subject, predicate="", kind="", members=0)

    def of_property(
        self, name: str, values: dict[str, tuple[str, int]], inner: _Element, outer: _Element
    ) -> _Element:
        if name == RDF + "li":
            outer.members += 1
            name = f"{RDF}_{outer.members}"
        kind = values.get(RDF + "parseType", ("", 0))[0]
        of_property = replace(
            inner, is_node=False, subject=outer.subject, predicate=name, kind=kind, members=0
        )
        resource = values.get(RDF + "resource")
        others = [each for each in values if self.is_property(each)]
        if kind == "Resource":
            self.note(outer.subject, name, None, inner.at)
            return replace(of_property, is_node=True, subject=None, predicate="", is_stated=True)
        if resource is not None or RDF + "nodeID" in values or others:
            target = urljoin(inner.base, resource[0]) if resource else None
            place = (resource or values.get(RDF + "nodeID") or ("", inner.at))[1]
            self.note(outer.subject, name, target, place)
            self.attributes(target, values, inner.base)
            return replace(of_property, is_stated=True)
        return replace(of_property, is_stated=False)

    @staticmethod
    def is_property(name: str) -> bool:
        return name not in _OF_SYNTAX | _OF_VALUES and not name.startswith(_XML)

    def attributes(
        self, subject: str | None, values: dict[str, tuple[str, int]], base: str
    ) -> None:
        for name, (value, at) in values.items():
            if name == RDF + "type":
                self.note(subject, name, urljoin(base, value), at)
            elif self.is_property(name):
                self.note(subject, name, f'"{value}', at)

    def text(self, text: str) -> None:
        inner = self.open[-1]
        inner.text.append(text)
        if inner.text_at is None and text.strip():
            leading = len(text) - len(text.lstrip())
            inner.text_at = self.parser.CurrentByteIndex + len(text[:leading].encode())

    def end(self, _: str) -> None:
        if self.inside_xml:
            self.inside_xml -= 1
            return
        inner = self.open.pop()
        if inner.is_node or inner.is_stated or not inner.predicate:
            return
        at = inner.at if inner.text_at is None else inner.text_at
        if inner.kind == "Collection":
            self.note(inner.subject, inner.predicate, None if inner.members else RDF + "nil", at)
        elif inner.kind:
            self.note(inner.subject, inner.predicate, '"<', at)
        else:
            self.note(inner.subject, inner.predicate, f'"{"".join(inner.text)}', at)
