"""The text of an update request, divided into operations and their parts (SPARQL 1.1, 19.8).

What is divided here is parsed, part by part, by Oxigraph; all that is relied on is where the words
outside of braces stand. Braces stand only where the grammar has them, in strings and in comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kgpub.errors import QueryError
from kgpub.store.syntax import MAX_DEPTH, place, tokens

MAX_OPERATIONS = 200
_PROLOGUE = {"PREFIX": 3, "BASE": 2, "VERSION": 2}
"""Of each declaration, how many tokens it has."""
_END = ";"
_WORD = re.compile("[A-Z]+")


@dataclass(frozen=True)
class Part:
    """What stands outside of braces: `kind` is a keyword, "iri", "group" with its braces, "other".

    `start` and `end` are indices in the text of the request.
    """

    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class Operation:
    """One operation, and the declarations before it; `parts` is empty where only these stand.

    `prologue` are the parts of the text with declarations, from the request's beginning on.
    """

    text: str
    prologue: tuple[Part, ...]
    parts: tuple[Part, ...]

    @property
    def form(self) -> str:
        """The kinds of its parts, with spaces between."""
        return " ".join(part.kind for part in self.parts)

    @property
    def declarations(self) -> str:
        """The text of the declarations."""
        return "".join(f"{self.of(part)}\n" for part in self.prologue)

    @property
    def alone(self) -> str:
        """The text of the operation with its declarations."""
        return self.declarations + self.of(self._whole)

    @property
    def in_place(self) -> str:
        """The same, where it stands in the request: all else is blank, but for ends of lines."""
        pieces, at = [], 0
        for part in (*self.prologue, self._whole):
            pieces += [re.sub(r"[^\r\n]", " ", self.text[at : part.start]), self.of(part)]
            at = part.end
        return "".join(pieces)

    @property
    def _whole(self) -> Part:
        if not self.parts:
            return Part("", len(self.text), len(self.text))
        return Part("", self.parts[0].start, self.parts[-1].end)

    def of(self, part: Part) -> str:
        """Return the text of a part."""
        return self.text[part.start : part.end]


def operations(text: str) -> list[Operation]:
    """Return the operations of a request; they may turn out not to be SPARQL.

    Raises QueryError for what cannot be divided, see `syntax.tokens`, and for too much.
    """
    found: list[Operation] = []
    prologue: list[Part] = []
    for parts in _divided(text):
        own = _without_declarations(parts, prologue)
        # A ; ends an operation: where there is none, it is what is wrong.
        if len(own) > 1 and own[-1].kind == _END:
            own = own[:-1]
        found.append(Operation(text, tuple(prologue), tuple(own)))
        if len(found) > MAX_OPERATIONS:
            where = place(text, parts[0].start)
            raise QueryError(f"{where}: there are more than {MAX_OPERATIONS} operations")
    return found


def _without_declarations(parts: list[Part], prologue: list[Part]) -> list[Part]:
    """Move the declarations that an operation begins with to `prologue`."""
    while parts and parts[0].kind in _PROLOGUE:
        count = _PROLOGUE[parts[0].kind]
        declaration, parts = parts[:count], parts[count:]
        prologue.append(Part("", declaration[0].start, declaration[-1].end))
    return parts


def _divided(text: str) -> Iterator[list[Part]]:
    """Yield the parts of each operation, declarations first."""
    parts: list[Part] = []
    depth, begin = 0, 0
    for token in tokens(text):
        if token[0] == "{":
            begin = token.start() if depth == 0 else begin
            depth += 1
            if depth > MAX_DEPTH:
                where = place(text, token.start())
                raise QueryError(f"{where}: more than {MAX_DEPTH} brackets are open here")
        elif token[0] == "}" and depth:
            depth -= 1
            if depth == 0:
                parts.append(Part("group", begin, token.end()))
        elif depth == 0 and token[0] == _END:
            yield [*parts, Part(_END, token.start(), token.end())]
            parts = []
        elif depth == 0:
            parts.append(Part(_kind(token), token.start(), token.end()))
    if depth:
        parts.append(Part("other", begin, len(text)))
    if parts:
        yield parts


def _kind(token: re.Match[str]) -> str:
    word = (token["word"] or "").upper()
    if _WORD.fullmatch(word):
        return word
    if token.lastgroup == "iri":
        return "iri"
    return "iri" if token["prefix"] is not None else "other"
