"""Terms as Turtle writes them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kgpub.serialisation.description import BLANK, Object
from kgpub.serialisation.escapes import CONTROLS_AND_UNSEEN, turtle_escape
from kgpub.vocabulary import XSD

# The part of PN_LOCAL (Turtle 1.1, section 6.5) that every parser and every reader takes alike:
# ASCII, no backslash or percent escape, no colon. All else is written as a whole IRI.
_LOCAL = r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?"
_PREFIX = re.compile(r"(?:[A-Za-z](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?)?")

# Stricter than the grammar: what else it allows, such as +1, 007 or .5, rdflib would rewrite.
_SHORT = {
    XSD + "boolean": re.compile(r"true|false"),
    XSD + "integer": re.compile(r"0|-?[1-9][0-9]{0,17}"),
    XSD + "decimal": re.compile(r"-?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,6}"),
    XSD + "double": re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,18})?[eE]-?[0-9]{1,3}"),
}
_ECHARS = {"\\": r"\\", "\t": r"\t", "\b": r"\b", "\n": r"\n", "\r": r"\r", "\f": r"\f"}
_ESCAPED_ALWAYS = re.compile(f"{CONTROLS_AND_UNSEEN.pattern[:-1]}\\\\]")
_ESCAPED_SHORT = re.compile(f'{_ESCAPED_ALWAYS.pattern[:-1]}"]')
_SHORT_STRING = 100
"""Code points up to which a string stays on one line whatever it holds."""
_CLOSING = re.compile(r'\A"|"(?="|\Z)')


class TurtleText:
    """Writes terms with one set of prefixes (label to namespace) and knows which of them it used.

    Raises ValueError for a label that is no PN_PREFIX and a namespace that is no IRI.
    """

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        for label, namespace in prefixes.items():
            if not _PREFIX.fullmatch(label):
                raise ValueError(f"not a prefix: {label!r}")
            NamedNode(namespace)
        self._prefixes = prefixes
        # Where two labels stand for one namespace, the first by name is taken.
        self._labels = {prefixes[label]: label for label in sorted(prefixes, reverse=True)}
        longest_first = sorted(self._labels, key=len, reverse=True)
        self._name = re.compile(f"({'|'.join(map(re.escape, longest_first))})({_LOCAL})")
        self._iris: dict[str, str] = {}
        self._used: set[str] = set()

    def term(self, term: Object) -> str:
        """Return the object as `iri` or `literal` does, a triple as RDF 1.2 has it."""
        if isinstance(term, Triple):
            return self._triple(term)
        return self.iri(term) if isinstance(term, str) else self.literal(term)

    def iri(self, iri: str) -> str:
        """Return the prefixed name of the IRI where it has one, else the IRI in brackets.

        What stands for a blank node is written as it is.
        """
        text = self._iris.get(iri)
        if text is None:
            text = self._iris[iri] = self._write_iri(iri)
        return text

    def literal(self, literal: Literal) -> str:
        """Return the literal, short where that gives back the very same lexical form."""
        value = literal.value
        if literal.language is not None:
            direction = f"--{literal.direction}" if literal.direction else ""
            return f"{quoted(value)}@{literal.language}{direction}"
        datatype = literal.datatype.value
        if datatype == XSD + "string":
            return quoted(value)
        if (short := _SHORT.get(datatype)) and short.fullmatch(value):
            return value
        return f"{quoted(value)}^^{self.iri(datatype)}"

    def directives(self) -> str:
        """Return `@prefix` lines for the prefixes used so far, sorted by label."""
        return "".join(
            f"@prefix {label}: {_bracketed(self._prefixes[label])} .\n"
            for label in sorted(self._used)
        )

    def _triple(self, triple: Triple) -> str:
        terms = (
            self.iri(term.value)
            if isinstance(term, NamedNode)
            else str(term)
            if isinstance(term, BlankNode)
            else self.term(term)
            for term in triple
        )
        return f"<<( {' '.join(terms)} )>>"

    def _write_iri(self, iri: str) -> str:
        if iri.startswith(BLANK):
            return iri
        if self._labels and (match := self._name.fullmatch(iri)):
            label = self._labels[match[1]]
            self._used.add(label)
            return f"{label}:{match[2]}"
        return _bracketed(iri)


def quoted(text: str) -> str:
    """Return a Turtle string; a long one of several lines in triple quotes, its lines as lines."""
    if len(text) <= _SHORT_STRING or "\n" not in text:
        return f'"{_ESCAPED_SHORT.sub(_escape, text)}"'
    lines = (_ESCAPED_ALWAYS.sub(_escape, line) for line in text.split("\n"))
    body = _CLOSING.sub(r'\\"', "\n".join(lines))
    return f'"""{body}"""'


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    if character == '"':
        return r"\""
    return _ECHARS.get(character) or turtle_escape(match)


def _bracketed(iri: str) -> str:
    return f"<{CONTROLS_AND_UNSEEN.sub(turtle_escape, iri)}>"
