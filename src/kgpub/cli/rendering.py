"""Problems and answers as text that a terminal shows in the right order, whatever it holds."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence

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
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from kgpub.errors import CallError, KgpubError, SubmissionErrors
from kgpub.messages import said
from kgpub.reporting import Verdict, lines_below
from kgpub.reporting.terminal import refusal, report_text
from kgpub.reporting.text import counted, isolated, printable, safe
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
_CHUNK = re.compile(r"[^\s/:-]*[\s/:-]*")
# Characters outside XML 1.0, section 2.2, in UTF-8; Oxigraph writes them all the same.
_NOT_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")


def error_text(error: KgpubError, language: str = "en") -> Text:
    """Return an error: its message on one line, below it the excerpt and the remedy.

    What of it is known in `language` is told in it.
    """
    text = Text(f"kgpub: {printable(said(error.message, language))}")
    lines = [*said(error.excerpt, language).split("\n"), said(error.remedy, language)]
    for line in filter(None, lines):
        text.append(f"\n    {printable(line)}")
    return text.append("\n")


def refusal_text(errors: SubmissionErrors, language: str) -> Text:
    """Return all that is wrong with what was submitted, and that nothing was changed."""
    line = lines_below(errors.root)
    verdict = Verdict(False, errors.problems, (), language, line, unfinished=errors.unfinished)
    return report_text(verdict).append(f"{refusal(verdict)}\n")


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
    if form == "xml" and (found := _NOT_XML.search(serialized)):
        code = ord(found[0].decode())
        remedy = "Print it as json, csv or tsv."
        raise CallError(f"the answer holds U+{code:04X}, which XML cannot write", remedy)
    return serialized if serialized.endswith(b"\n") else serialized + b"\n"


def graph_bytes(
    triples: Sequence[Triple], form: str, prefixes: Mapping[str, str], base: str
) -> bytes:
    """Return triples as Turtle, JSON-LD or N-Triples; those beyond plain RDF 1.1, and all with

    them, in Oxigraph's own layout: blank nodes, triple terms, base directions. Raises CallError
    for triple terms in JSON-LD, which has none.
    """
    quads = [Quad(*triple) for triple in triples]
    if all(_is_ground(triple) for triple in triples):
        if form == "ttl":
            return b"".join(turtle(quads, prefixes))
        if form == "jsonld":
            return _jsonld(quads, base)
        return b"".join(ntriples(quads))
    if form == "jsonld" and any(isinstance(triple.object, Triple) for triple in triples):
        raise CallError("JSON-LD has no triple terms", "Print the answer as ttl or nt.")
    formats = {"ttl": RdfFormat.TURTLE, "jsonld": RdfFormat.JSON_LD, "nt": RdfFormat.N_TRIPLES}
    known = dict(prefixes) if form == "ttl" else None
    return serialize(triples, format=formats[form], prefixes=known) or b""


def _jsonld(quads: Iterable[Quad], base: str) -> bytes:
    try:
        return b"".join(jsonld(quads, context(base)))
    except ValueError as error:  # an IRI of the answer begins like a prefix of the context
        remedy = "Print it as ttl or nt."
        raise CallError(f"the answer cannot be written as JSON-LD: {error}", remedy) from error


def _is_ground(triple: Triple) -> bool:
    term = triple.object
    plain = isinstance(term, NamedNode) or (isinstance(term, Literal) and term.direction is None)
    return plain and isinstance(triple.subject, NamedNode)


class Isolated:
    """A table's cell whose text is laid out by itself, whatever its direction.

    A terminal orders each of its lines by the Unicode Bidirectional Algorithm, which would move
    Arabic across the lines between cells. So each line of the cell stands between FSI and PDI
    (UAX 9, section 2.4.2), and one that begins from right to left is set to the right.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        classes = map(unicodedata.bidirectional, text)
        first = next((each for each in classes if each in ("L", "R", "AL")), "L")
        self.right_to_left = first != "L"

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        chunks = [cell_len(chunk.rstrip()) for chunk in _CHUNK.findall(self.text)]
        whole = Measurement(max(chunks, default=0), cell_len(self.text))
        return whole.with_maximum(options.max_width)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for line in _lines(self.text, options.max_width):
            space = " " * (options.max_width - cell_len(line) if self.right_to_left else 0)
            yield Segment(space + (line if line.isascii() else isolated(line)))
            yield Segment.line()


def _lines(text: str, width: int) -> Iterator[str]:
    """Break `text` into lines of `width` cells: at spaces, and in identifiers at - / and :."""
    line = ""
    for chunk in _CHUNK.findall(text):
        if line and cell_len(line + chunk.rstrip()) > width:
            yield line.rstrip()
            line = ""
        while cell_len(chunk.rstrip()) > width:
            head = _fitting(chunk, width)
            yield head
            chunk = chunk[len(head) :]
        line += chunk
    yield line.rstrip()


def _fitting(text: str, width: int) -> str:
    """Return as much of the beginning of `text` as `width` cells hold, one character at least."""
    used = 0
    for index, character in enumerate(text):
        used += cell_len(character)
        if used > width and index:
            return text[:index]
    return text


def print_table(answer: QuerySolutions, prefixes: Mapping[str, str], console: Console) -> None:
    """Print solutions as a table, IRIs with their prefixes."""
    # The width of one wide character for each column, and of the lines and margins between.
    least = 5 * len(answer.variables) + 1
    width = least if console.width < least else None
    table = Table(show_header=True, header_style="bold", width=width)
    for variable in answer.variables:
        table.add_column(variable.value, overflow="fold")
    rows = 0
    for solution in answer:
        table.add_row(*(Isolated(_cell(term, prefixes)) for term in solution))
        rows += 1
    console.print(table)
    console.print(counted(rows, "row"))


def _cell(term: object, prefixes: Mapping[str, str]) -> str:
    if term is None:
        return ""
    if isinstance(term, NamedNode):
        return _curie(term.value, prefixes)
    return safe(term.value if isinstance(term, Literal) else str(term))


def _curie(iri: str, prefixes: Mapping[str, str]) -> str:
    namespace, name = max(
        ((namespace, name) for name, namespace in prefixes.items() if iri.startswith(namespace)),
        key=lambda pair: len(pair[0]),
        default=("", ""),
    )
    return f"{name}:{safe(iri[len(namespace) :])}" if namespace else safe(iri)
