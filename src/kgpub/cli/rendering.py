"""Problems and answers as text that a terminal shows in the right order, whatever it holds."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from pyoxigraph import (
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Triple,
    serialize,
)
from rich.console import Console
from rich.table import Table
from rich.text import Text

from kgpub.errors import CallError, Problem
from kgpub.serialisation import jsonld, ntriples, turtle
from kgpub.store import Answer
from kgpub.vocabulary import context

RESULT_FORMATS = {
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
}
GRAPH_FORMATS = ("ttl", "jsonld", "nt")
_ISOLATE, _POP = "\u2068", "\u2069"
_STYLES = {"error": "bold red", "warning": "yellow", "info": "cyan"}


def safe(text: str) -> str:
    """Return `text` with control and bidi control characters shown as ‹U+XXXX›.

    What a submission or an answer holds must neither drive the terminal nor reorder what stands
    around it; line breaks and tabs become spaces.
    """
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if character in "\n\t\r":
        return " "
    if unicodedata.category(character) in ("Cc", "Cs") or character in _BIDI:
        return f"‹U+{ord(character):04X}›"
    return character


_BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"


def problems_text(problems: Iterable[Problem]) -> Text:
    """Return the problems one below the other, coloured by severity."""
    text = Text()
    for problem in problems:
        text.append(f"{problem.place}: ", style="bold")
        text.append(problem.severity, style=_STYLES.get(problem.severity, ""))
        text.append(f": {_printable(problem.message)}\n")
        for line in problem.remedy.splitlines():
            text.append(f"    {_printable(line)}\n")
    return text


def _printable(text: str) -> str:
    """Keep the isolates that messages put around what they quote; nothing else that controls."""
    kept = (_ISOLATE, _POP, "\n")
    return "".join(character if character in kept else _shown(character) for character in text)


def answer_bytes(answer: Answer, form: str, prefixes: Mapping[str, str], base: str) -> bytes:
    """Return an answer in one of RESULT_FORMATS or GRAPH_FORMATS. Raises CallError."""
    if isinstance(answer, QueryTriples):
        if form not in GRAPH_FORMATS:
            raise CallError(
                f"a graph cannot be printed as {form}", f"Formats: {', '.join(GRAPH_FORMATS)}."
            )
        return graph_bytes(list(answer), form, prefixes, base)
    if form not in RESULT_FORMATS:
        formats = ", ".join(("table", *RESULT_FORMATS))
        raise CallError(f"an answer cannot be printed as {form}", f"Formats: {formats}.")
    if isinstance(answer, QueryBoolean) and form in ("csv", "tsv"):
        return b"true\n" if answer else b"false\n"
    serialized = answer.serialize(format=RESULT_FORMATS[form])
    assert serialized is not None  # no output was given to write to
    return serialized if serialized.endswith(b"\n") else serialized + b"\n"


def graph_bytes(
    triples: Sequence[Triple], form: str, prefixes: Mapping[str, str], base: str
) -> bytes:
    """Return triples as Turtle, JSON-LD or N-Triples; with blank nodes in Oxigraph's own layout."""
    quads = [Quad(*triple) for triple in triples]
    if all(_is_ground(triple) for triple in triples):
        if form == "ttl":
            return b"".join(turtle(quads, prefixes))
        if form == "jsonld":
            return b"".join(jsonld(quads, context(base)))
        return b"".join(ntriples(quads))
    formats = {"ttl": RdfFormat.TURTLE, "jsonld": RdfFormat.JSON_LD, "nt": RdfFormat.N_TRIPLES}
    known = dict(prefixes) if form == "ttl" else None
    return serialize(triples, format=formats[form], prefixes=known) or b""


def _is_ground(triple: Triple) -> bool:
    return isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal)


def print_table(answer: QuerySolutions, prefixes: Mapping[str, str], console: Console) -> None:
    """Print solutions as a table; each cell is isolated, so that Arabic does not move others."""
    table = Table(show_header=True, header_style="bold")
    for variable in answer.variables:
        table.add_column(variable.value, overflow="fold")
    rows = 0
    for solution in answer:
        table.add_row(*(Text(_cell(term, prefixes)) for term in solution))
        rows += 1
    console.print(table)
    console.print(f"{rows} {'row' if rows == 1 else 'rows'}")


def _cell(term: object, prefixes: Mapping[str, str]) -> str:
    if term is None:
        return ""
    if isinstance(term, NamedNode):
        return _curie(term.value, prefixes)
    text = term.value if isinstance(term, Literal) else str(term)
    shown = safe(text)
    return shown if shown.isascii() else f"{_ISOLATE}{shown}{_POP}"


def _curie(iri: str, prefixes: Mapping[str, str]) -> str:
    namespace, name = max(
        ((namespace, name) for name, namespace in prefixes.items() if iri.startswith(namespace)),
        key=lambda pair: len(pair[0]),
        default=("", ""),
    )
    return f"{name}:{safe(iri[len(namespace) :])}" if namespace else safe(iri)
