"""Where the objects and subjects of a JSON-LD text stand.

The parser tells quads without places, and keys have no order. So each value of the text is noted
under its node, property and what it may mean, and each quad takes the next that fits. Of contexts
only what names terms is read (JSON-LD 1.1, sections 4.1 and 4.2); all of a text are taken together.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import urljoin

from pyoxigraph import Literal, NamedNode, Quad

from kgpub.model.tree import Fields, Items, Scalar, Tree
from kgpub.vocabulary import RDF

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_FIRST, _TYPE = RDF + "first", RDF + "type"
_BLANK = ""
"""The key of a node without an IRI."""
_MAPS = frozenset(["@language", "@index", "@id", "@type", "@graph"])
"""Containers whose keys are no properties (section 4.6)."""

Position = tuple[int, int]
_Key = tuple[str, str, str]


def object_positions(tree: Tree, quads: Sequence[Quad], base: str) -> list[Position | None]:
    """Return line and column of the object of each quad, None where none is found.

    `base` is what IRIs of the text are relative to. That of a quad which is told by @reverse is
    its subject: there the text tells of it.
    """
    values = _Values(tree, base)
    return [found and found.at for found in map(values.next, quads)]


def subject_positions(tree: Tree, quads: Sequence[Quad], base: str) -> list[Position | None]:
    """Return line and column of the subject of each quad, None where none is found.

    That of a node without an IRI is its bracket.
    """
    values = _Values(tree, base)
    return [found and found.subject_at for found in map(values.next, quads)]


def remote_contexts(tree: Tree) -> Iterator[Scalar]:
    """Yield where a text names contexts that lie elsewhere (JSON-LD 1.1, section 4.1)."""
    if isinstance(tree, Items):
        for item in tree:
            yield from remote_contexts(item)
    elif isinstance(tree, Fields):
        for key, value in tree:
            if key.text in ("@context", "@import"):
                yield from (each for each in _each(value) if isinstance(each, Scalar) and each.text)
            yield from remote_contexts(value)


class _Subject(NamedTuple):
    iri: str
    at: Position


class _Noted(NamedTuple):
    at: Position
    subject_at: Position
    number: int


class _Values:
    def __init__(self, tree: Tree, base: str) -> None:
        self.base = base
        self.terms: dict[str, str] = {}
        self.maps: dict[str, frozenset[str]] = {}
        self.reversed: dict[str, str] = {}
        self.found: dict[_Key, deque[_Noted]] = defaultdict(deque)
        self.taken: set[int] = set()
        self.count = 0
        for context in _contexts(tree):
            self._define(context)
        self._node(tree, "")

    def next(self, quad: Quad) -> _Noted | None:
        subject = quad.subject.value if isinstance(quad.subject, NamedNode) else _BLANK
        keys = [
            (whose, quad.predicate.value, meaning)
            for whose in dict.fromkeys((subject, _BLANK))
            for meaning in _meanings(quad.object)
        ]
        for key in keys:
            waiting = self.found.get(key, deque())
            while waiting and waiting[0].number in self.taken:
                waiting.popleft()
            if waiting:
                noted = waiting.popleft()
                self.taken.add(noted.number)
                return noted
        return None

    def _define(self, context: Fields) -> None:
        for key, definition in context:
            if isinstance(definition, Scalar):
                self.terms.setdefault(key.text, definition.text)
            elif isinstance(definition, Fields):
                iri, container = definition.get("@id"), definition.get("@container")
                if isinstance(iri, Scalar):
                    self.terms.setdefault(key.text, iri.text)
                if isinstance(reverse := definition.get("@reverse"), Scalar):
                    self.reversed.setdefault(key.text, reverse.text)
                kinds = container if isinstance(container, Items) else [container]
                names = {each.text for each in kinds if isinstance(each, Scalar)}
                if names & _MAPS:
                    self.maps[key.text] = frozenset(names)
        base = context.get("@base")
        if isinstance(base, Scalar):
            self.base = urljoin(self.base, base.text)

    def _expanded(self, term: str) -> str:
        """Return the IRI of a term, a compact IRI or what is one already; a keyword as it is."""
        for _ in range(8):  # a term may be defined by others; in a circle it has no end
            known = self.terms.get(term)
            if known is not None and known != term:
                term = known
                continue
            prefix, colon, local = term.partition(":")
            if colon and not local.startswith("//") and prefix in self.terms:
                term = self.terms[prefix] + local
                continue
            break
        if ":" in term or term.startswith("@"):
            return term
        return self.terms.get("@vocab", "") + term

    def _iri(self, text: str) -> str:
        expanded = self._expanded(text) if ":" in text else text
        try:
            return urljoin(self.base, expanded)
        except ValueError:
            return expanded

    def _node(self, tree: Tree, iri: str) -> None:
        """Note the values of a node, or of each in a list."""
        if isinstance(tree, Items):
            for item in tree:
                self._node(item, iri)
        if not isinstance(tree, Fields):
            return
        subject = self._subject(tree, iri)
        for key, value in tree:
            name = self._expanded(key.text)
            if name in ("@graph", "@included"):
                self._node(value, "")
            elif name == "@nest":
                self._node(value, subject.iri)
            elif name == "@reverse" and isinstance(value, Fields):
                for inner, nodes in value:
                    self._reverse(nodes, subject, self._expanded(inner.text))
            elif key.text in self.reversed:
                self._reverse(value, subject, self._expanded(self.reversed[key.text]))
            elif name == "@type":
                self._value(value, subject, _TYPE)
            elif not name.startswith("@"):
                self._property(value, subject, name, self.maps.get(key.text, frozenset()))

    def _subject(self, node: Fields, iri: str) -> _Subject:
        at = self._id_scalar(node) or node
        return _Subject(self._id(node) or (self._iri(iri) if iri else _BLANK), (at.line, at.column))

    def _reverse(self, nodes: Tree, value: _Subject, name: str) -> None:
        """Note what has `value` as value of the property `name` (section 4.5.2)."""
        for node in _each(nodes):
            if isinstance(node, Fields):
                self._note(
                    self._subject(node, ""), name, [value.iri], self._id_scalar(node) or node
                )
                self._node(node, "")
            elif isinstance(node, Scalar):
                subject = _Subject(self._iri(node.text), (node.line, node.column))
                self._note(subject, name, [value.iri], node)

    def _id(self, node: Fields) -> str:
        identifier = self._id_scalar(node)
        is_blank = identifier is None or identifier.text.startswith("_:")
        return _BLANK if identifier is None or is_blank else self._iri(identifier.text)

    def _id_scalar(self, node: Fields) -> Scalar | None:
        for key, value in node:
            if self._expanded(key.text) == "@id" and isinstance(value, Scalar):
                return value
        return None

    def _property(self, value: Tree, subject: _Subject, name: str, kinds: frozenset[str]) -> None:
        if not kinds or not isinstance(value, Fields):
            self._value(value, subject, name)
            return
        for key, inner in value:
            if "@id" in kinds and isinstance(inner, Fields) and not self._id(inner):
                self._note(subject, name, [key.text, self._iri(key.text)], key)
                self._node(inner, key.text)
            else:
                self._value(inner, subject, name)

    def _value(self, value: Tree, subject: _Subject, name: str) -> None:
        if isinstance(value, Scalar):
            self._note(subject, name, self._readings(value.text), value)
        elif isinstance(value, Items):
            for item in value:
                self._value(item, subject, name)
        elif isinstance(value, Fields):
            by_name = {self._expanded(key.text): inner for key, inner in value}
            literal = by_name.get("@value")
            if isinstance(literal, Scalar):
                self._note(subject, name, self._readings(literal.text), literal)
            elif "@list" in by_name:
                self._note(subject, name, [_BLANK], value)
                within = _Subject(_BLANK, (value.line, value.column))
                self._value(by_name["@list"], within, _FIRST)
            elif "@set" in by_name:
                self._value(by_name["@set"], subject, name)
            else:
                identifier, iri = self._id_scalar(value), self._id(value)
                self._note(subject, name, [iri], identifier or value)
                self._node(value, "")

    def _readings(self, text: str) -> Iterator[str]:
        yield f'"{text}'
        yield self._iri(text)
        yield self._expanded(text)
        if _NUMBER.fullmatch(text):
            yield f"={float(text)}"

    def _note(
        self, subject: _Subject, name: str, meanings: Sequence[str] | Iterator[str], at: Tree
    ) -> None:
        self.count += 1
        noted = _Noted((at.line, at.column), subject.at, self.count)
        for meaning in dict.fromkeys(meanings):
            self.found[subject.iri, name, meaning].append(noted)


def _meanings(term: object) -> Iterator[str]:
    """Yield what a value is noted under that may be written for a term."""
    if isinstance(term, NamedNode):
        yield term.value
    elif isinstance(term, Literal):
        yield f'"{term.value}'
        if _NUMBER.fullmatch(term.value):  # 1.5 is told as 1.5E0
            yield f"={float(term.value)}"
    else:
        yield _BLANK


def _contexts(tree: Tree) -> Iterator[Fields]:
    """Yield all contexts of a text, outer ones first."""
    if isinstance(tree, Items):
        for item in tree:
            yield from _contexts(item)
    elif isinstance(tree, Fields):
        for key, value in tree:
            if key.text == "@context":
                yield from (each for each in _each(value) if isinstance(each, Fields))
            yield from _contexts(value)


def _each(value: Tree) -> Iterator[Tree]:
    if isinstance(value, Items):
        yield from value
    else:
        yield value
