"""Property paths (SHACL, section 2.3.1): read from shapes, written as SPARQL, rendered as RDF."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from pyoxigraph import BlankNode, NamedNode, Triple

from kgpub.messages import Message
from kgpub.model.report import Node
from kgpub.validation.index import IllFormedList, TripleIndex
from kgpub.vocabulary import RDF, SH

MAX_STEPS = 500
"""Parts of a path at most: nodes that a path shares with itself could multiply without end."""

MAX_DEPTH = 50
"""Paths within paths at most."""

_FIRST, _REST, _NIL = (NamedNode(RDF + name) for name in ("first", "rest", "nil"))
_REPEATED = {"*": "zeroOrMorePath", "+": "oneOrMorePath", "?": "zeroOrOnePath"}
_TOKEN = re.compile(r"<([^<>]*)>|([()/|^*+?])")


class IllFormedPath(ValueError):
    """The value of sh:path is not a well-formed property path; `fault` says why."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True)
class Predicate:
    """A predicate path."""

    iri: str

    def __str__(self) -> str:
        return f"<{self.iri}>"


@dataclass(frozen=True)
class Inverse:
    """A path followed from object to subject."""

    path: Path

    def __str__(self) -> str:
        return f"^{_operand(self.path)}"


@dataclass(frozen=True)
class Sequence:
    """Two or more paths, one after the other."""

    parts: tuple[Path, ...]

    def __str__(self) -> str:
        return "/".join(_operand(part) for part in self.parts)


@dataclass(frozen=True)
class Alternative:
    """Two or more paths, any one of them."""

    parts: tuple[Path, ...]

    def __str__(self) -> str:
        return "|".join(_operand(part) for part in self.parts)


@dataclass(frozen=True)
class Repeated:
    """A path any number of times (`*`), at least once (`+`) or at most once (`?`)."""

    path: Path
    modifier: str

    def __str__(self) -> str:
        return f"{_operand(self.path)}{self.modifier}"


Path = Predicate | Inverse | Sequence | Alternative | Repeated
Mint = Callable[[str], NamedNode | BlankNode]
"""Makes a node for a part of a path."""


def _operand(path: Path) -> str:
    return str(path) if isinstance(path, Predicate) else f"({path})"


def read_path(index: TripleIndex, node: Node) -> Path:
    """Read the path at `node`, a value of sh:path; raises IllFormedPath."""
    steps = 0

    def read(node: Node, above: tuple[Node, ...]) -> Path:
        nonlocal steps
        steps += 1
        if steps > MAX_STEPS:
            raise IllFormedPath(Message("path-long", limit=MAX_STEPS))
        if isinstance(node, NamedNode):
            return Predicate(node.value)
        if not isinstance(node, BlankNode):
            raise IllFormedPath(Message("path-none", value=str(node)))
        if node in above:
            raise IllFormedPath(Message("path-circle"))
        if len(above) >= MAX_DEPTH:
            raise IllFormedPath(Message("path-deep", limit=MAX_DEPTH))
        within = (*above, node)
        if index.objects(node, _FIRST.value):
            return Sequence(tuple(read(part, within) for part in parts(node)))
        forms = [name for name in index.predicates(node) if name.startswith(SH)]
        if len(forms) != 1 or len(index.objects(node, forms[0])) != 1:
            raise IllFormedPath(Message("path-forms"))
        value = index.objects(node, forms[0])[0]
        name = forms[0].removeprefix(SH)
        if name == "alternativePath":
            return Alternative(tuple(read(part, within) for part in parts(value)))
        if name == "inversePath":
            return Inverse(read(value, within))
        for modifier, repeated in _REPEATED.items():
            if name == repeated:
                return Repeated(read(value, within), modifier)
        raise IllFormedPath(Message("path-form", name=f"sh:{name}"))

    def parts(head: Node) -> list[Node]:
        try:
            members = index.members(head)
        except IllFormedList as error:
            raise IllFormedPath(Message("path-list")) from error
        if len(members) < 2:
            raise IllFormedPath(Message("path-short"))
        return members

    return read(node, ())


def parse_path(text: str) -> Path:
    """Parse what `str(path)` gives; raises IllFormedPath."""
    tokens = [match[1] if match[2] is None else match[2] for match in _TOKEN.finditer(text)]
    signs = [match[2] for match in _TOKEN.finditer(text)]
    if "".join(f"<{t}>" if s is None else s for t, s in zip(tokens, signs, strict=True)) != text:
        raise IllFormedPath(f"{text!r} is not a path")
    position = 0

    def peek() -> str | None:
        return signs[position] if position < len(signs) else ")"

    def operand() -> Path:
        nonlocal position
        if position >= len(signs):
            raise IllFormedPath(f"{text!r} ends too soon")
        sign, token = signs[position], tokens[position]
        position += 1
        if sign is None:
            return Predicate(token)
        if sign != "(":
            raise IllFormedPath(f"{text!r} has {sign} where a path is due")
        inner = path()
        if position >= len(signs):
            raise IllFormedPath(f"{text!r} ends too soon")
        position += 1
        return inner

    def path() -> Path:
        nonlocal position
        if peek() == "^":
            position += 1
            return Inverse(operand())
        first = operand()
        sign = peek()
        if sign is not None and sign in _REPEATED:
            position += 1
            return Repeated(first, sign)
        if sign not in ("/", "|"):
            return first
        members = [first]
        while peek() == sign:
            position += 1
            members.append(operand())
        return Sequence(tuple(members)) if sign == "/" else Alternative(tuple(members))

    found = path()
    if position != len(signs):
        raise IllFormedPath(f"{text!r} goes on after its end")
    return found


def inverts_sequences(path: Path, within: bool = False) -> bool:
    """Return whether a sequence in `path` is to be followed backwards; all is where `within`."""
    match path:
        case Predicate():
            return False
        case Inverse(inner):
            return inverts_sequences(inner, True)
        case Sequence(parts):
            return within or any(inverts_sequences(part) for part in parts)
        case Alternative(parts):
            return any(inverts_sequences(part, within) for part in parts)
        case Repeated(inner, _):
            return inverts_sequences(inner, within)


class Steps(Protocol):
    """Follows predicates in a graph, from all of some nodes at once."""

    def objects_of(self, nodes: Iterable[Node], predicate: str) -> dict[Node, None]:
        """Return the values of `predicate` that `nodes` have."""
        ...

    def subjects_of(self, nodes: Iterable[Node], predicate: str) -> dict[Node, None]:
        """Return what has some of `nodes` as value of `predicate`."""
        ...


def ends(
    nodes: Iterable[Node], path: Path, steps: Steps, inverse: bool = False
) -> dict[Node, None]:
    """Return where `path` leads from all of `nodes` (SHACL, section 2.3.1), or leads there from."""
    match path:
        case Predicate(iri):
            return steps.subjects_of(nodes, iri) if inverse else steps.objects_of(nodes, iri)
        case Inverse(inner):
            return ends(nodes, inner, steps, not inverse)
        case Sequence(parts):
            reached = dict.fromkeys(nodes)
            for part in reversed(parts) if inverse else parts:
                reached = ends(reached, part, steps, inverse)
            return reached
        case Alternative(parts):
            start = list(nodes)
            return {each: None for part in parts for each in ends(start, part, steps, inverse)}
        case Repeated(inner, modifier):
            start = list(nodes)
            reached = dict.fromkeys(start) if modifier != "+" else {}
            pending = ends(start, inner, steps, inverse)
            while pending:
                fresh = {each: None for each in pending if each not in reached}
                reached.update(fresh)
                pending = ends(fresh, inner, steps, inverse) if modifier != "?" else {}
            return reached


class _Indexed:
    def __init__(self, index: TripleIndex) -> None:
        self._index = index

    def objects_of(self, nodes: Iterable[Node], predicate: str) -> dict[Node, None]:
        return {each: None for node in nodes for each in self._index.objects(node, predicate)}

    def subjects_of(self, nodes: Iterable[Node], predicate: str) -> dict[Node, None]:
        return {each: None for node in nodes for each in self._index.subjects(predicate, node)}


def follow(path: Path, nodes: Iterable[Node], index: TripleIndex) -> list[Node]:
    """Return the value nodes of `path` from all of `nodes` (SHACL, section 2.3.1)."""
    return list(ends(nodes, path, _Indexed(index)))


def path_triples(path: Path, mint: Mint) -> tuple[NamedNode | BlankNode, list[Triple]]:
    """Render `path` as SHACL does, with nodes from `mint` where it has blank nodes.

    Returns the node to use as value of sh:resultPath, and the triples that describe it. `mint`
    is given a text that identifies the part.
    """
    match path:
        case Predicate(iri):
            return NamedNode(iri), []
        case Sequence(members):
            return _list(members, mint)
        case Alternative(members):
            value, triples = _list(members, mint)
            form = "alternativePath"
        case Inverse(inner):
            value, triples = path_triples(inner, mint)
            form = "inversePath"
        case Repeated(inner, modifier):
            value, triples = path_triples(inner, mint)
            form = _REPEATED[modifier]
    node = mint(str(path))
    return node, [*triples, Triple(node, NamedNode(SH + form), value)]


def _list(members: tuple[Path, ...], mint: Mint) -> tuple[NamedNode | BlankNode, list[Triple]]:
    triples: list[Triple] = []
    rest: NamedNode | BlankNode = _NIL
    for position in reversed(range(len(members))):
        value, described = path_triples(members[position], mint)
        node = mint("/".join(_operand(member) for member in members[position:]) + " list")
        triples += [*described, Triple(node, _FIRST, value), Triple(node, _REST, rest)]
        rest = node
    return rest, triples
