"""Where terms stand in a Turtle text, and what of Turtle has no place in one.

Only as much of the grammar is read as it takes to tell terms from what looks like them inside
texts and comments (RDF 1.1 Turtle, section 6.5).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator

from pyoxigraph import NamedNode

from kgpub.errors import Place
from kgpub.messages import Message

_TOKEN = re.compile(
    r"""
      (?P<comment> \#[^\n\r]*+ )
    | (?P<text> \"\"\"(?:[^"\\]|\\.|"(?!""))*+\"\"\" | '''(?:[^'\\]|\\.|'(?!''))*+'''
        | "(?:[^"\\\n\r]|\\.)*+" | '(?:[^'\\\n\r]|\\.)*+' )
    | (?P<prefix> @prefix\b | (?i:prefix)(?=\s) )
    | < (?P<iri> (?:[^\x00-\x20<>"{}|^`\\]|\\[uU][0-9A-Fa-f]+)*+ ) >
    | (?P<triple> <<\(? | \{\| | ~ )
    | (?P<list> \( )
    | (?P<blank> \[ | _: )
    | (?P<name> [^\W_](?:[\w.-]*\w)?: (?:[\w:.%-]|\\.)*+ | : (?:[\w:.%-]|\\.)*+ )
    | (?P<number> [+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?(?!\w) )
    | (?P<end> \. )
    | (?P<word> @?\w++(?:[.-]++\w++)*+ )
    | (?P<other> \\. | \^\^ | \S )
    """,
    re.VERBOSE | re.DOTALL,
)
_REFUSED = {
    "triple": ("triple-in-triple", "say-of-kind"),
    "list": ("list-in-kinds", "write-one-by-one"),
    "blank": ("blank-node-in-kinds", "give-iri"),
}
"""By the kind of token, the codes of message and remedy."""
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U00[01][0-9A-Fa-f]{5}|[^uU])", re.DOTALL)


def forbidden(text: str) -> Iterator[tuple[int, Message, Message]]:
    """Yield the first offset in `text` of each thing that is not allowed, with reason and remedy.

    These are blank nodes, lists, and triples as terms or annotated.
    """
    told: set[str] = set()
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup or ""
        if kind in _REFUSED and kind not in told:
            told.add(kind)
            message, remedy = _REFUSED[kind]
            yield token.start(), Message(message), Message(remedy)


class Places:
    """Where the IRIs of a Turtle text stand, written out or behind a prefix, and its triples."""

    def __init__(self, text: str) -> None:
        self.lines = [0, *(match.end() for match in re.finditer("\n", text))]
        self.offsets: dict[str, list[int]] = defaultdict(list)
        self.subjects: dict[str, int] = {}
        self.objects: list[int] = []
        """Where the object of each triple stands, in their order."""
        prefixes: dict[str, str] = {}
        declared: str | None = None
        begins, directive, terms, datatype = True, False, 0, False
        for token in _TOKEN.finditer(text):
            kind, offset = token.lastgroup, token.start()
            if kind == "comment":
                continue
            # A statement is a subject, a predicate, and objects up to a comma or semicolon.
            if begins:
                directive, terms = kind == "prefix" or token[0].lower() in ("@base", "base"), 0
            if token[0] == ";":
                terms = 1
            elif token[0] == ",":
                terms = 2
            elif kind in ("iri", "name", "text", "number") or token[0] in ("a", "true", "false"):
                if terms == 2 and not directive and not datatype:
                    self.objects.append(offset)
                terms += not datatype
            datatype = token[0] == "^^"
            if kind == "prefix":
                declared = ""
            elif declared is not None:  # @prefix name: <iri>
                if kind == "iri":
                    prefixes[declared] = _unescaped(token["iri"])
                    declared, kind = None, "end"  # which SPARQL's form leaves out
                else:
                    declared = token[0].removesuffix(":")
            elif kind in ("iri", "name"):
                iri = _unescaped(token["iri"] or "")
                if kind == "name":
                    prefix, _, local = token[0].partition(":")
                    if local.endswith("."):
                        local, kind = local.rstrip("."), "end"
                    iri = prefixes.get(prefix, "") + _unescaped(local)
                self.offsets[iri].append(offset)
                if begins:
                    self.subjects.setdefault(iri, offset)
            begins = kind == "end"

    def of_object(self, file: str, number: int) -> Place:
        """Return where the object of the triple of this number, from 0, stands."""
        return self._place(file, self.objects[number] if number < len(self.objects) else 0)

    def of(self, file: str, subject: NamedNode, then: NamedNode | None = None) -> Place:
        """Return where `subject` is described, or `then` first stands from there on.

        The beginning of `file` where it is written in a way that is not looked for.
        """
        offset = self.subjects.get(subject.value, 0)
        if then is not None and then != subject:
            found = self.offsets.get(then.value, [])
            behind = bisect_left(found, offset)
            offset = found[behind] if behind < len(found) else offset
        return self._place(file, offset)

    def _place(self, file: str, offset: int) -> Place:
        line = bisect_right(self.lines, offset)
        return Place(file, line, offset - self.lines[line - 1] + 1)


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda m: chr(int(m[1][1:], 16)) if len(m[1]) > 1 else m[1], text)
