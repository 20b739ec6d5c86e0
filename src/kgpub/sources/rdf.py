"""RDF files as quads with the lines where they stand."""

from __future__ import annotations

import gzip
import io
import re
import zlib
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import IO, cast

import zstandard
from pyoxigraph import BlankNode, Quad, RdfFormat, Triple, parse

from kgpub.errors import CallError, Place, Problem, SubmissionErrors
from kgpub.messages import Message
from kgpub.serialisation.line_feed import LineFeed, Term
from kgpub.sources.entities import overgrown_at
from kgpub.sources.json_tree import read_json
from kgpub.sources.jsonld_objects import object_positions, remote_contexts
from kgpub.sources.nesting import MAX_NESTING, long_value_at, too_deep_at
from kgpub.sources.turtle_objects import object_offsets
from kgpub.sources.xml_objects import object_places

FORMATS: Mapping[str, RdfFormat] = {
    ".ttl": RdfFormat.TURTLE,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
    ".trig": RdfFormat.TRIG,
    ".jsonld": RdfFormat.JSON_LD,
    ".json": RdfFormat.JSON_LD,
    ".rdf": RdfFormat.RDF_XML,
    ".owl": RdfFormat.RDF_XML,
    ".xml": RdfFormat.RDF_XML,
    ".n3": RdfFormat.N3,
}
"""Formats by the ending of a file's name, which `.gz` or `.zst` may follow."""
COMPRESSED = (".gz", ".zst")
_MAGIC = {".gz": ("gzip", b"\x1f\x8b"), ".zst": ("zstd", b"\x28\xb5\x2f\xfd")}
"""By ending: a compression, and the bytes that its files begin with (RFC 1952, RFC 8878)."""
MAX_RDF_BYTES = 2**31
"""Of a file, decompressed. Its quads take some ten times as much memory."""
MAX_TREE_BYTES = 2**28
"""Of JSON-LD and RDF/XML, which are read whole before they are parsed."""
LONGEST = 2**24
"""Bytes of a value that Oxigraph's parsers take."""
_WINDOW = 2**27
_UNREADABLE = (OSError, EOFError, zlib.error, zstandard.ZstdError, ValueError)
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class RdfFile:
    """The quads of a file, and its content, decompressed, by which their places are found.

    Blank nodes are labelled in the order in which they come.
    """

    file: str
    quads: tuple[Quad, ...]
    content: bytes = field(repr=False)
    form: RdfFormat
    base: str

    @cached_property
    def positions(self) -> tuple[tuple[int, int], ...]:
        """Line and column of the object of each quad, from 1, columns in code points.

        A blank node in brackets stands where they open. Of N3 or RDF 1.2 that has more than Turtle
        1.1 and JSON-LD, it is the line on which the quad ends, and where the text of the object is
        found on it, else where the first thing there stands. That is the place, too, of what no
        element of RDF/XML states by itself.
        """
        text = self.content.decode("utf-8", "replace").removeprefix("\ufeff")
        if self.form == RdfFormat.JSON_LD:
            found = self._of_json(text)
            if found is not None:
                return found
        elif self.form != RdfFormat.RDF_XML:
            offsets = object_offsets(text, self.quads)
            if offsets is not None:
                return _positions(text, offsets)
        else:
            content = self.content.removeprefix(_BOM)
            places = object_places(content, self.quads, self.base) or [None] * len(self.quads)
            lines = self._of_lines() if None in places else places
            return tuple(at or line or (1, 1) for at, line in zip(places, lines, strict=True))
        return self._of_lines()

    def _of_json(self, text: str) -> tuple[tuple[int, int], ...] | None:
        try:
            tree = read_json(text, self.file, MAX_NESTING)
        except SubmissionErrors:  # a key is repeated, which the parser bears
            return None
        found = object_positions(tree, self.quads, self.base)
        if None not in found:
            return tuple(at for at in found if at is not None)
        lines = self._of_lines()
        return tuple(at or line for at, line in zip(found, lines, strict=True))

    def _of_lines(self) -> tuple[tuple[int, int], ...]:
        lines = LineFeed(io.BytesIO(self.content))
        quads = parse(cast(IO[bytes], lines), self.form, base_iri=self.base)
        if self.form == RdfFormat.RDF_XML:
            return tuple((lines.number, lines.indentation + 1) for _ in quads)
        return tuple((lines.number, lines.column(quad.object)) for quad in quads)


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
    SubmissionErrors for what is not of the format or nested deeper than MAX_NESTING, CallError
    where it cannot be read. A pipe is read to its end, as far as a file may be long.
    """
    name = str(path)
    form = form or rdf_format(path)
    if path.is_dir():
        raise CallError(f"{name}: is a folder", "Name the files in it.")
    if form is None:
        endings = ", ".join(FORMATS)
        raise CallError(
            f"{name}: the ending tells no RDF format",
            f"Known endings: {endings}; or name the format with --data-file-format.",
        )
    if not path.exists():
        raise CallError(f"{name}: there is no such file")
    if not (path.is_file() or path.is_fifo()):
        raise CallError(f"{name}: is neither a file nor a pipe")
    with ExitStack() as stack:
        try:
            stream = opened(path, stack)
            return parse_rdf(name, stream, form, path.absolute().as_uri(), number)
        except _UNREADABLE as error:
            raise CallError(f"{name}: cannot be read: {error}") from error


def parse_rdf(name: str, stream: IO[bytes], form: RdfFormat, base: str, number: int = 1) -> RdfFile:
    """Read RDF from a stream, of a file called `name`; see `read_rdf`.

    Raises what the stream does, too.
    """
    # Parsers are not safe from depth, so the text is looked at first: that of JSON-LD and RDF/XML
    # whole, that of others as far as it may be a single value, and the rest when it has been read.
    is_tree = form in (RdfFormat.JSON_LD, RdfFormat.RDF_XML)
    first = stream.read(MAX_TREE_BYTES + 1 if is_tree else LONGEST).removeprefix(_BOM)
    if (told := compression(first)) is not None:
        raise SubmissionErrors([Problem(Place(name), *told)])
    if len(first) > MAX_TREE_BYTES:
        raise _too_large(name, MAX_TREE_BYTES)
    if (refusal := refused(name, first, form)) is not None:
        raise SubmissionErrors([refusal])
    recorded = _Recorded(name, first, stream)
    lines = LineFeed(cast(IO[bytes], recorded))
    found: list[Quad] = []
    try:
        for quad in _labelled(parse(cast(IO[bytes], lines), form, base_iri=base), number):
            found.append(quad)
            lines.told()
    except SyntaxError as error:
        if (refusal := refused(name, bytes(recorded.content), form)) is not None:
            raise SubmissionErrors([refusal]) from error
        reason = _reason(error)
        place = Place(name, error.lineno or lines.number, error.offset or 1)
        if isinstance(reason, Message):
            place = _remote_context(name, bytes(recorded.content)) or place
        message = Message("not-rdf", format=form.name, detail=reason)
        raise SubmissionErrors([Problem(place, message)]) from error
    except MemoryError as error:  # Oxigraph's own bound on a single term
        place = _endless(name, bytes(recorded.content), form, lines.since)
        message, remedy = Message("value-endless"), Message("close-or-split")
        raise SubmissionErrors([Problem(place, message, remedy)]) from error
    content = bytes(recorded.content)
    if len(content) > len(first) and (refusal := refused(name, content, form)) is not None:
        raise SubmissionErrors([refusal])
    return RdfFile(name, tuple(found), content, form, base)


def compression(content: bytes) -> tuple[Message, Message] | None:
    """Return message and remedy for what is compressed still, by its first bytes; else None."""
    for ending, (name, magic) in _MAGIC.items():
        if content.startswith(magic):
            return Message("compressed", format=name), Message("decompress", ending=ending)
    return None


class _Recorded:
    """What has been read of a stream already, and the stream; all that is given is kept."""

    def __init__(self, name: str, first: bytes, stream: IO[bytes]) -> None:
        self.name = name
        self.first = io.BytesIO(first)
        self.stream = stream
        self.content = bytearray()

    def readline(self, size: int) -> bytes:
        """Read a line, or as much of it as `size` bytes hold. Raises CallError for too much."""
        line = self.first.readline(size) or self.stream.readline(size)
        self.content += line
        if len(self.content) > MAX_RDF_BYTES:
            raise _too_large(self.name, MAX_RDF_BYTES)
        return line


def _too_large(name: str, limit: int) -> CallError:
    return CallError(f"{name}: has more than {limit:,} bytes", "Split it.")


def refused(name: str, content: bytes, form: RdfFormat) -> Problem | None:
    """Return what of a file called `name` a parser would not be safe from, or None."""
    deep = too_deep_at(content, form)
    if deep is not None:
        message, remedy = Message("too-deep", limit=MAX_NESTING), Message("is-one-bracket-open")
        return Problem(_place(name, content, deep), message, remedy)
    is_xml = form == RdfFormat.RDF_XML
    grown = overgrown_at(content, LONGEST, MAX_TREE_BYTES) if is_xml else None
    if grown is not None:
        message, remedy = Message("entities-grow"), Message("write-entities-out")
        return Problem(_place(name, content, grown), message, remedy)
    return None


def _place(name: str, content: bytes, offset: int) -> Place:
    before = content[:offset].decode("utf-8", "replace")
    return Place.at(name, before, len(before))


def read_content(path: Path, limit: int) -> bytes:
    """Return the content of a file, decompressed where its name ends so.

    Raises CallError where it cannot be read or has more than `limit` bytes.
    """
    with ExitStack() as stack:
        try:
            content = opened(path, stack).read(limit + 1)
        except _UNREADABLE as error:
            raise CallError(f"{path}: cannot be read: {error}") from error
    if len(content) > limit:
        raise _too_large(str(path), limit)
    return content


def opened(path: Path, stack: ExitStack) -> IO[bytes]:
    """Open a file to read what it holds, decompressed by its name; `stack` closes it."""
    if path.suffix.lower() == ".gz":
        return cast(IO[bytes], stack.enter_context(gzip.open(path)))
    stream = stack.enter_context(path.open("rb"))
    if path.suffix.lower() == ".zst":
        decompressor = zstandard.ZstdDecompressor(max_window_size=_WINDOW)
        reader = decompressor.stream_reader(stream, read_across_frames=True)
        return stack.enter_context(io.BufferedReader(cast(io.RawIOBase, reader)))
    return stream


def _positions(text: str, offsets: Sequence[int]) -> tuple[tuple[int, int], ...]:
    begins = [0, *(match.end() for match in re.finditer("\n", text))]
    lines = (bisect_right(begins, offset) for offset in offsets)
    pairs = zip(lines, offsets, strict=True)
    return tuple((line, offset - begins[line - 1] + 1) for line, offset in pairs)


def _endless(name: str, content: bytes, form: RdfFormat, since: int) -> Place:
    """Return where a value begins that is longer than can be read, from line `since` on."""
    start = 0
    for _ in range(since - 1):
        start = content.index(b"\n", start) + 1
    offset = long_value_at(content, form, start)
    begin = content.rfind(b"\n", 0, offset) + 1
    line = content.count(b"\n", 0, offset) + 1
    return Place(name, line, len(content[begin:offset].decode("utf-8", "replace")) + 1)


def _labelled(quads: Iterator[Quad], number: int) -> Iterator[Quad]:
    labels: dict[BlankNode, BlankNode] = {}

    def term(node: BlankNode) -> BlankNode:
        return labels.setdefault(node, BlankNode(f"f{number}b{len(labels) + 1}"))

    for quad in quads:
        yield _relabelled(quad, term)


def _relabelled(quad: Quad, new: Callable[[BlankNode], BlankNode]) -> Quad:
    # The parser's own labels are random; these are the same for the same text.
    subject, predicate, value, graph = quad
    if not any(isinstance(each, BlankNode | Triple) for each in (subject, value, graph)):
        return quad
    return Quad(
        new(subject) if isinstance(subject, BlankNode) else subject,
        predicate,
        _object(value, new),
        new(graph) if isinstance(graph, BlankNode) else graph,
    )


def _object(value: Term, new: Callable[[BlankNode], BlankNode]) -> Term:
    if isinstance(value, Triple):
        subject = new(value.subject) if isinstance(value.subject, BlankNode) else value.subject
        return Triple(subject, value.predicate, _object(value.object, new))
    return new(value) if isinstance(value, BlankNode) else value


def _reason(error: SyntaxError) -> str:
    reason = str(error.msg).partition(": ")[2] or str(error.msg)
    if "LoadDocumentCallback" in reason:
        return Message("context-elsewhere")
    return reason


def _remote_context(name: str, content: bytes) -> Place | None:
    """Return where JSON-LD names the first context that lies elsewhere."""
    try:
        tree = read_json(content.decode(), name, MAX_NESTING)
    except (SubmissionErrors, UnicodeDecodeError):
        return None
    found = next(remote_contexts(tree), None)
    return None if found is None else Place(name, found.line, found.column)
