"""Terms as Turtle writes them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kgpub.serialisation.description import BLANK, RDF_TYPE, Object
from kgpub.serialisation.escapes import CONTROLS_AND_UNSEEN, UNSEEN, turtle_escape
from kgpub.serialisation.terms import literal_of
from kgpub.vocabulary import XSD

# The part of PN_LOCAL (Turtle 1.1, section 6.5) that every parser and every reader takes alike:
# ASCII, no backslash or percent escape, no colon. All else is written as a whole IRI.
_LOCAL = r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?"
_LOCAL_NAME = re.compile(_LOCAL)
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
_MAX_IRIS = 50_000
"""IRIs of which the text is kept, so that memory does not grow with their number."""


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
        # No local part has these in it: of such namespaces the end is the last of them.
        self._ends = all(namespace.endswith(("/", "#")) for namespace in self._labels)
        self._iris: dict[str, str] = {}
        self.known: dict[str, str] = {}
        """What `line_term` has given for some of the IRIs."""
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
            if len(self._iris) == _MAX_IRIS:
                self._iris.clear()
            text = self._iris[iri] = self._write_iri(iri)
        return text

    def verb(self, predicate: str) -> str:
        """Return a predicate as it is written: `a` for rdf:type."""
        return "a" if predicate == RDF_TYPE else self.iri(predicate)

    def line_term(self, term: str) -> str:
        """Return what `term` does for an IRI or a literal that canonical N-Quads write so.

        The escapes of a literal there are those of a short string here (RDFC-1.0, section 5), which
        may have more of them and may be laid out in lines: only then is it read and written anew.
        """
        if term[0] != '"':
            text = self.known.get(term)
            if text is None:
                if len(self.known) == _MAX_IRIS:
                    self.known.clear()
                text = self.known[term] = self._write_iri(term[1:-1])
            return text
        end = term.rindex('"')
        if (end > _SHORT_STRING and r"\n" in term) or not (
            term.isascii() or UNSEEN.search(term) is None
        ):
            return self.literal(literal_of(term))
        if end == len(term) - 1 or term[end + 1] == "@":
            return term
        datatype = term[end + 4 : -1]
        if (short := _SHORT.get(datatype)) and short.fullmatch(term, 1, end):
            return term[1:end]
        return f"{term[: end + 1]}^^{self.iri(datatype)}"

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
        if self._ends:
            start = max(iri.rfind("/"), iri.rfind("#")) + 1
            label, local = self._labels.get(iri[:start]), iri[start:]
            if label is not None and _LOCAL_NAME.fullmatch(local):
                self._used.add(label)
                return f"{label}:{local}"
        elif match := self._name.fullmatch(iri):
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
