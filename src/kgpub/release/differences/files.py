"""A dataset as a file of sorted lines, and how any dump becomes one."""

from __future__ import annotations

import hashlib
import os
import weakref
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import pairwise
from operator import lt
from pathlib import Path
from typing import IO

import zstandard
from pyoxigraph import RdfFormat

from kgpub.errors import CallError, Place, Problem, SubmissionErrors
from kgpub.messages import Message
from kgpub.release.differences.canonical import (
    MAX_LINE,
    Incomparable,
    canonical,
    canonical_line,
    is_canonical,
)
from kgpub.serialisation.sorting import Sorting
from kgpub.settings import FILENAME
from kgpub.sources.rdf import FORMATS, opened, rdf_format, read_rdf

DUMPS = ("dataset.nq", "dataset.nq.gz", "dataset.nq.zst")
"""What the dataset of a release is called, the one that is read fastest first."""
BLOCK = 2**15
"""Bytes that are read at a time, at the least: to look a subject up costs one such block or two."""
MAX_BYTES = 2**25
"""Of the lines of one subject that are read."""
_FIRST = 2**8
"""Bytes of the first line of each block that are kept to find it by; a line may have millions."""
_LINES = (RdfFormat.N_QUADS, RdfFormat.N_TRIPLES)
_UNREADABLE = (OSError, EOFError, zlib.error, zstandard.ZstdError)


@dataclass(frozen=True)
class SortedFile:
    """Canonical N-Quads, sorted by bytes, none twice.

    `name` is what the user calls the dataset, `source` the dump that it was read from.
    `digest` is the SHA-256 of its lines in hexadecimal, which is the dataset's RDFC-1.0 hash.
    `firsts` are what the first lines of its blocks begin with, `offsets` where these blocks begin,
    and behind them where the file ends. The file stays open as `descriptor` as long as this is in
    use, so that what takes its place meanwhile is not mixed in.
    """

    name: str
    source: Path
    path: Path
    descriptor: int
    digest: str
    firsts: list[bytes]
    offsets: list[int]

    def blocks(self, first: int = 0) -> Iterator[bytes]:
        """Yield all lines, with their ends, from the block `first` on, some at a time.

        Raises CallError where the file has been cut off.
        """
        for start, end in pairwise(self.offsets[first:]):
            block = os.pread(self.descriptor, end - start, start)
            if len(block) < end - start:
                message = f"{self.path}: has changed while it was read"
                raise CallError(message, "Try again when nothing writes to it.")
            yield block

    def lines_of(self, subject: bytes, most: int) -> list[bytes]:
        """Return the first `most` lines of `subject`, which is an IRI in brackets.

        That is of MAX_BYTES: the line that goes beyond is the last one.
        """
        found: list[bytes] = []
        size = 0
        for line in self.all_lines_of(subject):
            found.append(line)
            size += len(line)
            if len(found) == most or size > MAX_BYTES:
                break
        return found

    def all_lines_of(self, subject: bytes) -> Iterator[bytes]:
        """Yield the lines of `subject`, which is an IRI in brackets, in their order."""
        begin = subject + b" "
        for block in self.blocks(self._block_before(begin)):
            at = 0 if block.startswith(begin) else block.find(b"\n" + begin) + 1
            while block.startswith(begin, at):
                end = block.index(b"\n", at) + 1
                yield block[at:end]
                at = end
            last = block[block.rfind(b"\n", 0, -1) + 1 :]
            if last > begin and not last.startswith(begin):
                return

    def _block_before(self, begin: bytes) -> int:
        """Return the number of the block in which the first line from `begin` on may stand.

        What is kept of the first lines says it but where several begin alike: these are read.
        """
        start = begin[:_FIRST]
        alike = range(bisect_left(self.firsts, start), bisect_right(self.firsts, start))
        before = bisect_left(
            alike,
            begin,
            key=lambda number: os.pread(self.descriptor, len(begin), self.offsets[number]),
        )
        return max(alike.start + before - 1, 0)


def dataset_file(path: Path) -> Path:
    """Return the dump of what a call names: a dump, a release's folder, or a workspace.

    Raises CallError where there is none.
    """
    if not path.exists():
        raise CallError(f"{path}: there is no such file or folder")
    if path.is_file():
        return path
    if not path.is_dir():  # a pipe could be read only once
        raise CallError(f"{path}: is neither a file nor a folder", "Write it to a file first.")
    folder = path / "output" if (path / FILENAME).is_file() else path
    for name in DUMPS:
        if (folder / name).is_file():
            return folder / name
    remedy = "Name a release, a workspace that has been built (kgpub build), or a dump."
    raise CallError(f"{folder}: holds no {DUMPS[0]}", remedy)


def sorted_file(
    path: Path, work: Path, *, checked: bool = True, name: str | None = None
) -> SortedFile:
    """Return the dataset that a call names as a sorted file; one that is sorted is used as it is.

    Others are written to the folder `work`. Unless `checked`, lines that are in order are trusted
    to be canonical. It is called `name`, or as the path is. Raises CallError for what cannot be
    read, SubmissionErrors with the place of what is wrong in it.
    """
    dump = dataset_file(path)
    form = rdf_format(dump)
    if form is None:
        endings = ", ".join(FORMATS)
        raise CallError(f"{dump}: the ending tells no RDF format", f"Known endings: {endings}.")
    called = str(path) if name is None else name
    if form in _LINES and dump.suffix.lower() in (".nq", ".nt"):
        is_checked = checked or form == RdfFormat.N_TRIPLES  # which may hold no graphs
        found = indexed(called, dump, dump, form if is_checked else None)
        if found is not None:
            return found
    read = _read_lines(dump, form) if form in _LINES else _read_quads(dump, form)
    return sorted_lines(called, dump, read, work)


def sorted_lines(name: str, source: Path, lines: Iterable[bytes], work: Path) -> SortedFile:
    """Return canonical lines in any order as a sorted file in the folder `work`. Raises OSError."""
    number = len(list(work.iterdir()))
    sorting = Sorting(work, f"{number}.part")
    sorting.add(lines)
    target = work / f"{number}.nq"
    with target.open("wb") as stream:
        stream.writelines(sorting.sorted())
    made = indexed(name, source, target, None)
    assert made is not None  # it was sorted just now
    return made


def indexed(name: str, source: Path, path: Path, checked: RdfFormat | None) -> SortedFile | None:
    """Return a file of lines with its index, or None where they are not in order.

    If they are of the format `checked`, None too where one is not canonical. Raises CallError.
    """
    try:
        stream = path.open("rb")
    except OSError as error:
        raise CallError(f"{path}: cannot be read: {error}") from error
    with stream:
        index = _index(path, stream, checked)
        if index is None:
            return None
        descriptor = os.dup(stream.fileno())
    made = SortedFile(name, source, path, descriptor, *index)
    weakref.finalize(made, os.close, descriptor)
    return made


def _index(
    path: Path, file: IO[bytes], checked: RdfFormat | None
) -> tuple[str, list[bytes], list[int]] | None:
    """Return the digest of the lines, what the blocks begin with, and where, or None."""
    digest = hashlib.sha256()
    firsts: list[bytes] = []
    offsets = [0]
    last = b""
    for block in _blocks(path, file):
        lines = block.splitlines(keepends=True)
        in_order = last < lines[0] and all(map(lt, lines, lines[1:]))
        if not in_order or (checked is not None and not is_canonical(block, checked)):
            return None
        digest.update(block)
        firsts.append(lines[0][:_FIRST])
        offsets.append(offsets[-1] + len(block))
        last = lines[-1]
    if offsets[-1] != os.fstat(file.fileno()).st_size:  # the last line has no end
        return None
    return digest.hexdigest(), firsts, offsets


def _read_lines(dump: Path, form: RdfFormat) -> Iterator[bytes]:
    number = 1
    for block in _blocks(dump):
        yield from canonical(block, form, str(dump), number)
        number += block.count(b"\n")


def _read_quads(dump: Path, form: RdfFormat) -> Iterator[bytes]:
    read = read_rdf(dump, form)
    for index, quad in enumerate(read.quads):
        try:
            yield canonical_line(quad)
        except Incomparable as error:
            line, column = read.positions[index]
            message, remedy = map(Message, error.args)
            place = Place(read.file, line, column)
            raise SubmissionErrors([Problem(place, message, remedy)]) from error


def _blocks(path: Path, file: IO[bytes] | None = None) -> Iterator[bytes]:
    """Yield whole lines, some at a time, decompressed; the last one gets an end if it has none.

    If it is open already as `file`, from there.
    """
    number = 1
    try:
        with ExitStack() as stack:
            stream = file or opened(path, stack)
            while block := stream.read(BLOCK):
                rest = stream.readline(MAX_LINE)
                whole = block + rest
                if not whole.endswith(b"\n"):
                    if len(rest) == MAX_LINE:
                        place = Place(str(path), number + whole.count(b"\n"))
                        message, remedy = Message("value-endless"), Message("close-or-split")
                        raise SubmissionErrors([Problem(place, message, remedy)])
                    whole += b"\n"
                yield whole
                number += whole.count(b"\n")
    except _UNREADABLE as error:
        raise CallError(f"{path}: cannot be read: {error}") from error
