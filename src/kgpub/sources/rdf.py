"""RDF files as quads with the lines where they stand."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

import zstandard
from pyoxigraph import BlankNode, Quad, RdfFormat, parse

from kgpub.errors import CallError, Place, Problem, SubmissionErrors
from kgpub.messages import Message
from kgpub.serialisation.line_feed import LineFeed

FORMATS: Mapping[str, RdfFormat] = {
    ".ttl": RdfFormat.TURTLE,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
    ".trig": RdfFormat.TRIG,
    ".jsonld": RdfFormat.JSON_LD,
    ".rdf": RdfFormat.RDF_XML,
    ".owl": RdfFormat.RDF_XML,
    ".n3": RdfFormat.N3,
}
"""Formats by the ending of a file's name, which `.gz` or `.zst` may follow."""
COMPRESSED = (".gz", ".zst")
_WINDOW = 2**27


@dataclass(frozen=True)
class RdfFile:
    """The quads of a file, each with its line and column, from 1.

    The line is that on which the quad ends; of JSON-LD, whose keys have no order, that on which
    the outermost object does. The column is that of the object if its text is found on that line,
    else that of the first thing there. Blank nodes are labelled in the order in which they come.
    """

    file: str
    quads: tuple[Quad, ...]
    positions: tuple[tuple[int, int], ...]


def rdf_format(path: Path) -> RdfFormat | None:
    """Return the format that the name of a file tells, or None."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in COMPRESSED:
        suffixes.pop()
    return FORMATS.get(suffixes[-1]) if suffixes else None


def read_rdf(path: Path, form: RdfFormat | None = None, number: int = 1) -> RdfFile:
    """Read an RDF file; relative IRIs are resolved against its own.

    `form` is its format where its name does not tell, `number` what its blank nodes' labels begin
    with, so that those of two files differ. Nothing is fetched from elsewhere. Raises
    SubmissionErrors for what is not of the format, CallError where it cannot be read.
    """
    name = str(path)
    form = form or rdf_format(path)
    if form is None:
        endings = ", ".join(FORMATS)
        raise CallError(f"{name}: the ending tells no RDF format", f"Known endings: {endings}.")
    if not path.is_file():
        raise CallError(f"{name}: there is no such file")
    with ExitStack() as stack:
        try:
            stream = _opened(path, stack)
            lines = LineFeed(stream)
            quads = parse(cast(IO[bytes], lines), form, base_iri=path.absolute().as_uri())
            return _read(name, quads, lines, number)
        except SyntaxError as error:
            place = Place(name, error.lineno or lines.number, error.offset or 1)
            message = Message("not-rdf", format=form.name, detail=_reason(error))
            raise SubmissionErrors([Problem(place, message)]) from error
        except MemoryError as error:  # Oxigraph's own bound on a single term
            place, remedy = Place(name, lines.since), Message("close-or-split")
            raise SubmissionErrors([Problem(place, Message("value-endless"), remedy)]) from error
        except (OSError, EOFError, zlib.error, zstandard.ZstdError, ValueError) as error:
            raise CallError(f"{name}: cannot be read: {error}") from error


def read_rdf_text(path: Path, limit: int) -> str:
    """Return the text of an RDF file, decompressed where its name ends so.

    Raises CallError where it cannot be read, is not UTF-8, or has more than `limit` bytes.
    """
    with ExitStack() as stack:
        try:
            content = _opened(path, stack).read(limit + 1)
            text = content.decode("utf-8-sig")
        except (OSError, EOFError, zlib.error, zstandard.ZstdError, ValueError) as error:
            raise CallError(f"{path}: cannot be read: {error}") from error
    if len(content) > limit:
        raise CallError(f"{path}: has more than {limit:,} bytes", "Split it.")
    return text


def _opened(path: Path, stack: ExitStack) -> IO[bytes]:
    if path.suffix.lower() == ".gz":
        return cast(IO[bytes], stack.enter_context(gzip.open(path)))
    stream = stack.enter_context(path.open("rb"))
    if path.suffix.lower() == ".zst":
        decompressor = zstandard.ZstdDecompressor(max_window_size=_WINDOW)
        reader = decompressor.stream_reader(stream, read_across_frames=True)
        return stack.enter_context(io.BufferedReader(cast(io.RawIOBase, reader)))
    return stream


def _read(name: str, quads: Iterator[Quad], lines: LineFeed, number: int) -> RdfFile:
    labels: dict[BlankNode, BlankNode] = {}

    def term(node: BlankNode) -> BlankNode:
        return labels.setdefault(node, BlankNode(f"f{number}b{len(labels) + 1}"))

    found: list[Quad] = []
    at: list[tuple[int, int]] = []
    for quad in quads:
        at.append((lines.number, lines.column(quad.object)))
        lines.told()
        found.append(_relabelled(quad, term))
    return RdfFile(name, tuple(found), tuple(at))


def _relabelled(quad: Quad, new: Callable[[BlankNode], BlankNode]) -> Quad:
    # The parser's own labels are random; these are the same for the same text.
    subject, predicate, value, graph = quad
    if not any(isinstance(each, BlankNode) for each in (subject, value, graph)):
        return quad
    return Quad(
        new(subject) if isinstance(subject, BlankNode) else subject,
        predicate,
        new(value) if isinstance(value, BlankNode) else value,
        new(graph) if isinstance(graph, BlankNode) else graph,
    )


def _reason(error: SyntaxError) -> str:
    reason = str(error.msg).partition(": ")[2] or str(error.msg)
    if "LoadDocumentCallback" in reason:
        return Message("context-elsewhere")
    return reason
