"""Where records come from: folders, JSON Lines, archives, Parquet; one record in memory at a time.

What is wrong with one of them is yielded in its place as `Unread`, and the next one follows.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from kgpub.batch.archives import At, tar_records, zip_records
from kgpub.batch.envelope import record_of_line
from kgpub.batch.record import (
    MAX_FILES,
    MAX_RECORD_BYTES,
    File,
    Origin,
    Record,
    Unread,
    record,
)
from kgpub.errors import CallError, Place, Problem, SubmissionErrors
from kgpub.messages import Message
from kgpub.sources.files import MAX_SUBMISSION_BYTES, read_bytes

Read = Record | Unread

LINES = (".jsonl", ".ndjson")
TARS = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".tar.zst")
_BLOCK = 1 << 20
_OF_ARTICLE = 8192
"""Bytes of the files of an article, about."""


class Sources:
    """Sources in the order given, each in its own order; `fraction` of them is read so far."""

    def __init__(self, paths: Sequence[Path]) -> None:
        """Raises CallError for one that is no source."""
        self._paths = paths
        self._weights = [_weight(each) for each in paths]
        self.fraction = 0.0

    def records(self) -> Iterator[Read]:
        """Yield the records. Raises CallError where a source cannot be read."""
        whole, before = sum(self._weights) or 1, 0
        for path, weight in zip(self._paths, self._weights, strict=True):

            def at(part: float, begun: int = before, weight: int = weight) -> None:
                self.fraction = (begun + part * weight) / whole

            try:
                yield from _of(path, at)
            except OSError as error:
                raise CallError(f"{path}: cannot be read: {error.strerror or error}") from error
            before += weight


def _weight(path: Path) -> int:
    """Return much how large a source is, in bytes."""
    require_known(path)
    if path.is_dir():
        return _OF_ARTICLE * sum(1 for _ in (path / "articles").iterdir())
    return path.stat().st_size


def require_known(path: Path) -> None:
    """Raise CallError where `path` is no source: before a batch begins, not in the middle."""
    name = path.name.lower()
    if path.is_dir():
        if not (path / "articles").is_dir():
            remedy = "A folder that is a source has articles/<slug>/, as a workspace has."
            raise CallError(f"{path}: has no folder articles", remedy)
        return
    if not path.is_file():
        raise CallError(f"{path}: is no file or folder", "Name files, or folders with articles/.")
    if not name.endswith((*LINES, *TARS, ".zip", ".parquet")):
        endings = ", ".join((*LINES, ".parquet", ".zip", *TARS))
        raise CallError(f"{path}: is of no kind that is known", f"Endings: {endings}.")
    if name.endswith(".parquet"):
        from kgpub.batch.parquet import require_parquet

        require_parquet(path)


def _of(path: Path, at: At) -> Iterator[Read]:
    name = path.name.lower()
    if path.is_dir():
        yield from _folder(path, at)
    elif name.endswith(LINES):
        with path.open("rb") as stream:
            yield from _lines(stream, path.as_posix(), at)
    elif name.endswith(".zip"):
        yield from zip_records(path, at)
    elif name.endswith(".parquet"):
        from kgpub.batch.parquet import parquet_records

        yield from parquet_records(path, at)
    else:
        yield from tar_records(path, at)


def _lines(stream: BinaryIO, source: str, at: At) -> Iterator[Read]:
    number, read, size = 0, 0, os.fstat(stream.fileno()).st_size
    while line := stream.readline(MAX_RECORD_BYTES + 1):
        number += 1
        read += len(line)
        at(read / max(size, 1))
        origin = Origin(source, number)
        if len(line) > MAX_RECORD_BYTES:
            read += _rest_of_line(stream)
            message = Message(
                "file-too-large", size=f"> {MAX_RECORD_BYTES:,}", limit=f"{MAX_RECORD_BYTES:,}"
            )
            told = Problem(Place(source, number), message, Message("split-or-check"))
            yield Unread(origin, "", (told,))
        elif line.strip():
            try:
                yield record_of_line(line, origin)
            except SubmissionErrors as errors:
                yield Unread(origin, "", errors.problems)


def _rest_of_line(stream: BinaryIO) -> int:
    """Read on to the end of the line; return how many bytes that were."""
    passed = 0
    while part := stream.readline(_BLOCK):
        passed += len(part)
        if part.endswith(b"\n"):
            break
    return passed


def _folder(root: Path, at: At) -> Iterator[Read]:
    """Yield the articles of a folder laid out like a workspace, by slug."""
    source = root.as_posix()
    folders = sorted(each.name for each in (root / "articles").iterdir() if each.is_dir())
    for number, slug in enumerate(folders):
        at(number / len(folders))
        if slug.startswith("."):
            continue
        origin = Origin(source)
        try:
            yield record(slug, _files(root / "articles" / slug, root), origin)
        except SubmissionErrors as errors:
            yield Unread(origin, slug, errors.problems)


def _files(folder: Path, root: Path) -> Iterator[File]:
    """Yield the files of an article's folder. Raises SubmissionErrors."""
    left = MAX_RECORD_BYTES
    names = sorted(each.name for each in folder.iterdir() if not each.is_dir())
    for number, name in enumerate(each for each in names if not each.startswith((".", "~"))):
        if number == MAX_FILES:
            message = Message("record-many-files", limit=f"{MAX_FILES:,}")
            place = Place(f"articles/{folder.name}")
            raise SubmissionErrors([Problem(place, message, Message("split-or-check"))])
        content = read_bytes(folder / name, root, min(MAX_SUBMISSION_BYTES, left))
        left -= len(content)
        yield File(name, content)
