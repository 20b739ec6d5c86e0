"""Where the objects and subjects of a Turtle text stand.

Oxigraph's parser tells triples without places. Objects of one kind it tells in the order of the
text: IRIs, blank nodes, the same literal, the rests of lists; so each kind is counted apart. Only
as much of the grammar is read as it takes to tell which terms are objects (RDF 1.1 Turtle,
section 6.5; TriG, section 4): the parser has read the text already, and it is well formed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from kgpub.vocabulary import RDF

# PN_CHARS holds these besides what Python takes for parts of words.
_CHARACTER = "\\w\u00b7\u200c\u200d\u203f\u2040"
_TOKEN = re.compile(
    rf"""
      (?P<comment> \#[^\n\r]*+ )
    | (?P<text> \"\"\"(?:[^"\\]|\\.|"(?!""))*+\"\"\" | '''(?:[^'\\]|\\.|'(?!''))*+'''
        | "(?:[^"\\\n\r]|\\.)*+" | '(?:[^'\\\n\r]|\\.)*+' )
    | (?P<directive> @?(?i:prefix|base|version)(?=[\s<"']) )
    | (?P<graph> (?i:graph)(?=[\s<\[_]) )
    | (?P<label> _:[{_CHARACTER}]++(?:[{_CHARACTER}-]|\.++(?=[{_CHARACTER}-]))*+ )
    | (?P<unread> << | >> | \{{\| | \|\}} | ~ )
    | (?P<iri> <[^\x00-\x20<>"{{}}|^`]*+> )
    | (?P<name> (?:[^\W\d_](?:[{_CHARACTER}-]|\.++(?=[{_CHARACTER}-]))*+)?
        :(?:[{_CHARACTER}:%-]|\\.|\.++(?=[{_CHARACTER}:%\\-]))*+ )
    | (?P<number> [+-]?(?:\d+(?:\.\d+|\.(?=[eE]))?|\.\d+)(?:[eE][+-]?\d+)? )
    | (?P<tag> @[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[a-z]+)? )
    | (?P<word> [^\W\d]\w*+ )
    | (?P<mark> \^\^ | [\[\](){{}};,.] )
    """,
    re.VERBOSE | re.DOTALL,
)
_TERMS = ("text", "label", "iri", "name", "number")
_WORDS = ("a", "true", "false")
_SUBJECT, _PREDICATE, _OBJECT, _DONE = range(4)
_NIL, _RDF_REST = NamedNode(RDF + "nil"), NamedNode(RDF + "rest")
_Offsets = tuple[int, int]
"""Of the object of a triple, and of its subject."""


# Kinds of objects. Literals of one text are one kind each, which begins with a quote.
_NAMED, _BLANK, _REST = "named", "blank", "rest"
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)
_ESCAPED = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


@dataclass
class _Open:
    """A bracket that is open, or the text itself: `mark` is [ ( or nothing.

    `expected` is the term that comes next, `is_value` says that the bracket is an object or an
    item of a list, `items` how many items of a list there were. `subject` is where the subject
    stands of which triples tell: that of a list is the bracket, that of its rests their items.
    `of_rest` says that the predicate read last is rdf:rest, written out.
    """

    mark: str
    offset: int
    expected: int
    is_value: bool
    subject: int
    items: int = 0
    of_rest: bool = False


def object_offsets(text: str, quads: Sequence[Quad]) -> list[int] | None:
    """Return the offset in `text`, in code points, of the object of each quad.

    That of a blank node in brackets is the bracket; those of a list's own triples are its items
    and its end. None where the text holds what is not followed: triple terms, annotations, what
    only N3 has.
    """
    found = _offsets(text, quads)
    return None if found is None else [at for at, _ in found]


def subject_offsets(text: str, quads: Sequence[Quad]) -> list[int] | None:
    """Return the offset in `text`, in code points, of the subject of each quad, likewise."""
    found = _offsets(text, quads)
    return None if found is None else [at for _, at in found]


def _offsets(text: str, quads: Sequence[Quad]) -> list[_Offsets] | None:
    """Return the offsets of object and subject of each quad."""
    scan = _Scan()
    if not scan.run(text) or sum(map(len, scan.found.values())) != len(quads):
        return None
    left = {kind: iter(offsets) for kind, offsets in scan.found.items()}
    none: Iterator[_Offsets] = iter(())
    found = [next(left.get(_kind(quad), none), None) for quad in quads]
    return None if None in found else [each for each in found if each is not None]


def _kind(quad: Quad) -> str:
    value = quad.object
    if isinstance(value, Literal):
        return f'"{value.value}'
    if quad.predicate == _RDF_REST and (isinstance(value, BlankNode) or value == _NIL):
        return _REST
    return _NAMED if isinstance(value, NamedNode) else _BLANK


class _Scan:
    def __init__(self) -> None:
        self.found: dict[str, list[_Offsets]] = defaultdict(list)
        self.open = [_Open("", 0, _SUBJECT, False, 0)]
        self.prefixes: dict[str, str] = {}
        self.declared = ""

    def run(self, text: str) -> bool:
        """Read a text; False where it holds what is not followed."""
        passed = 0  # terms that belong to a directive or are a datatype
        for token in _TOKEN.finditer(text):
            kind = token.lastgroup
            if kind in _TERMS or (kind == "word" and token[0] in _WORDS):
                if passed:
                    passed -= 1
                    self.declare(token[0])
                else:
                    self.term(token)
            elif kind == "mark":
                if token[0] == "^^":
                    passed = 1
                elif not self.mark(token[0], token.start()):
                    return False
            elif kind == "directive":
                passed = 2 if token[0].lower().endswith("prefix") else 1
            elif kind == "unread":
                return False
        return True

    def term(self, token: re.Match[str]) -> None:
        innermost = self.open[-1]
        if innermost.mark == "(":
            self.link(innermost, token.start())
            self.note(_kind_of(token[0]), token.start(), innermost)  # of rdf:first
        elif innermost.expected == _OBJECT:
            kind = _kind_of(token[0])
            if kind != _NAMED or self.named(token[0]) == _NIL.value:
                kind = _of(innermost, kind)
            self.note(kind, token.start(), innermost)
            innermost.expected = _DONE
        else:
            if innermost.expected == _SUBJECT:
                innermost.subject = token.start()
            else:
                innermost.of_rest = self.named(token[0]) == _RDF_REST.value
            innermost.expected += 1

    def declare(self, token: str) -> None:
        """Note a term of a directive: a prefix, or the IRI that it stands for."""
        if not token.startswith("<"):
            self.declared = token
        elif self.declared:
            self.prefixes[self.declared], self.declared = token[1:-1], ""

    def named(self, token: str) -> str:
        """Return the IRI that a token writes out or abbreviates."""
        if token.startswith("<"):
            return token[1:-1]
        prefix, colon, local = token.partition(":")
        return self.prefixes.get(prefix + colon, "") + local

    def note(self, kind: str, offset: int, within: _Open) -> None:
        """Note an object, at `offset`, of the subject of which a bracket tells."""
        self.found[kind].append((offset, within.subject))

    def link(self, within: _Open, offset: int) -> None:
        """Note the triple that leads to the next item of a list: rdf:rest, or that of the first."""
        if within.items:
            self.note(_REST, offset, within)
            within.subject = offset
        elif within.is_value:
            self.note(_of(self.open[-2], _BLANK), within.offset, self.open[-2])
        within.items += 1

    def mark(self, mark: str, offset: int) -> bool:
        """Follow a mark; False where it closes what is not open."""
        innermost = self.open[-1]
        if mark in "[(":
            is_item = innermost.mark == "("
            if is_item:
                self.link(innermost, offset)
            is_value = is_item or innermost.expected == _OBJECT
            self.open.append(_Open(mark, offset, _PREDICATE, is_value, offset))
        elif mark in "])":
            if innermost.mark != {"]": "[", ")": "("}[mark]:
                return False
            self.close(self.open.pop(), offset)
        elif mark == ";":
            innermost.expected = _PREDICATE
        elif mark == ",":
            innermost.expected = _OBJECT
        else:  # the end of a statement, or of a graph; or a graph begins, and its name was told
            innermost.expected = _SUBJECT
        return True

    def close(self, closed: _Open, offset: int) -> None:
        around = self.open[-1]
        if closed.items:
            self.note(_REST, offset, closed)  # the rest of the last item is rdf:nil
        elif closed.is_value:
            kind = _NAMED if closed.mark == "(" else _BLANK  # () is rdf:nil
            self.note(_of(around, kind), closed.offset, around)
        if not closed.is_value:
            around.subject = closed.offset
        if around.mark != "(":
            around.expected = _DONE if closed.is_value else _PREDICATE


def _of(within: _Open, kind: str) -> str:
    """Return the kind of a blank node or of rdf:nil as the object of what a bracket tells."""
    return _REST if within.of_rest and kind in (_BLANK, _NAMED) else kind


def _kind_of(token: str) -> str:
    """Return the kind of the object that a token is."""
    first = token[0]
    if first in "\"'":
        quotes = 3 if token[1:3] == first * 2 and len(token) > 2 else 1
        return f'"{_ESCAPE.sub(_unescaped, token[quotes:-quotes])}'
    if token.startswith("_:"):
        return _BLANK
    is_name = first == "<" or ":" in token or token == "a"
    return _NAMED if is_name else f'"{token}'


def _unescaped(escape: re.Match[str]) -> str:
    code = escape[1]
    return chr(int(code[1:], 16)) if len(code) > 1 else _ESCAPED.get(code, code)
