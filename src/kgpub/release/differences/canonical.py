"""Lines of N-Quads in the one form that each quad has, so that equal bytes are equal quads.

The form is that of RDF Dataset Canonicalization 1.0 (section A, "A Canonical form of N-Quads"),
with language tags in lower case, as Oxigraph writes them.
"""

from __future__ import annotations

import re
from dataclasses import replace

from pyoxigraph import BlankNode, Literal, Quad, RdfFormat, Triple, parse

from kgpub.errors import Place, Problem, SubmissionErrors
from kgpub.messages import Message
from kgpub.sources.nesting import too_deep_at

MAX_LINE = 2**25
"""Bytes of a line: what Oxigraph takes as a value, and room for what stands beside it."""

_IRI = rb"<[A-Za-z][A-Za-z0-9+.-]*+:[^\x00-\x20<>\"{}|^`\\]*+>"
_PLAIN = rb"[^\x00-\x1f\"\\\x7f]*+"
_ESCAPE = rb"\\(?:[bfnrt\"\\]|u00(?:0[0-7BEF]|1[0-9A-F]|7F)|uFFF[EF])"
_STRING = rb"<http://www\.w3\.org/2001/XMLSchema#string>"
_LITERAL = (
    rb"\"" + _PLAIN + rb"(?:" + _ESCAPE + _PLAIN + rb")*+\""
    rb"(?:\^\^(?!" + _STRING + rb")" + _IRI + rb"|@[a-z]++(?:-[a-z0-9]++)*+)?+"
)
_TRIPLE = _IRI + rb" " + _IRI + rb" (?:" + _IRI + rb"|" + _LITERAL + rb")"
_QUADS = re.compile(rb"(?:" + _TRIPLE + rb"(?: " + _IRI + rb")?+ \.\n)*+")
_TRIPLES = re.compile(rb"(?:" + _TRIPLE + rb" \.\n)*+")
QUAD = re.compile(rb"(" + _TRIPLE + rb")(?: (" + _IRI + rb"))?+ \.\n")
"""A line in the form; its groups are the triple, and the graph if it is in a named one."""
_BEYOND = ("beyond-rdf-1-1", "write-rdf-1-1")
_ESCAPED_ALWAYS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
"""U+FFFE and U+FFFF, which the form never has as they are."""


def is_canonical(lines: bytes, form: RdfFormat = RdfFormat.N_QUADS) -> bool:
    """Whether whole lines of N-Quads or N-Triples, with their ends, are all in the form.

    Blank nodes, triple terms and base directions never are.
    """
    pattern = _TRIPLES if form == RdfFormat.N_TRIPLES else _QUADS
    if pattern.fullmatch(lines) is None or any(each in lines for each in _ESCAPED_ALWAYS):
        return False
    if lines.isascii():
        return True
    try:
        lines.decode()
    except UnicodeDecodeError:
        return False
    return True


def canonical(lines: bytes, form: RdfFormat, name: str, number: int) -> list[bytes]:
    """Return the quads of whole lines in the form, in their order, each a line with its end.

    `name` is that of the file, `number` that of the first of these lines in it, from 1. Raises
    SubmissionErrors with the place of what is no such RDF or cannot be compared.
    """
    if is_canonical(lines, form):
        return lines.splitlines(keepends=True)
    if too_deep_at(lines, form) is not None:  # to parse it would end the process
        raise SubmissionErrors([_refused(Incomparable(*_BEYOND), form, Place(name, number))])
    try:
        return [canonical_line(quad) for quad in parse(lines, form)]
    except (SyntaxError, Incomparable) as error:
        # A line at a time takes ten times as long, but tells which it is.
        for offset, line in enumerate(lines.split(b"\n")):
            _read_line(line, form, Place(name, number + offset))
        raise SubmissionErrors([_refused(error, form, Place(name, number))]) from error


class Incomparable(ValueError):
    """What two files cannot be compared by; the arguments are codes of message and remedy."""


def canonical_line(quad: Quad) -> bytes:
    """Return a quad in the form, as a line with its end. Raises Incomparable."""
    subject, _, value, graph = quad
    if any(isinstance(each, BlankNode) for each in (subject, value, graph)):
        raise Incomparable("blank-node-unnamed", "give-blank-node-iri")
    if isinstance(value, Triple) or (isinstance(value, Literal) and value.direction is not None):
        raise Incomparable(*_BEYOND)
    return f"{quad} .\n".encode()


def _read_line(line: bytes, form: RdfFormat, place: Place) -> None:
    try:
        for quad in parse(line, form):
            canonical_line(quad)
    except (SyntaxError, Incomparable) as error:
        raise SubmissionErrors([_refused(error, form, place)]) from error


def _refused(error: SyntaxError | Incomparable, form: RdfFormat, place: Place) -> Problem:
    if isinstance(error, Incomparable):
        message, remedy = error.args
        return Problem(place, Message(message), Message(remedy))
    reason = str(error.msg).partition(": ")[2] or str(error.msg)
    message = Message("not-rdf", format=form.name, detail=reason)
    return Problem(replace(place, column=error.offset or 1), message, Message("mend-line"))
