"""Records in zip and tar archives, whose members are untrusted: bounded, and never on disk.

Members that are files of an article (`…/articles/<slug>/<file>`) are read; others are passed over.
A link or a device among them sets its article aside; a name that leads elsewhere is none of these.
"""

from __future__ import annotations

import stat
import tarfile
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from lzma import LZMAError
from pathlib import Path
from typing import IO, Self

import zstandard

from kgpub.batch.record import (
    MAX_FILES,
    MAX_RECORD_BYTES,
    File,
    Origin,
    Record,
    Unread,
    by_article,
    record,
)
from kgpub.errors import Place, Problem, SubmissionErrors
from kgpub.messages import Message
from kgpub.sources.files import MAX_SUBMISSION_BYTES

At = Callable[[float], None]
"""Is told which part of a source is read."""

MAX_PASSED_BYTES = 2**30
"""Of members that are too large or no file of an article: to pass over them takes as long."""
_MAX_HEADER_BYTES = 2**20
_HEADERS = (
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
)
_DAMAGE = (
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
    LZMAError,
    EOFError,
    zstandard.ZstdError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
)
"""What is raised for members that are damaged, encrypted, or packed in an unknown way."""


@dataclass
class _Article:
    """What was read of an article, and what is wrong with it."""

    slug: str
    origin: Origin
    files: list[File] = field(default_factory=list)
    size: int = 0
    problems: list[Problem] = field(default_factory=list)

    def add(self, name: str, stream: IO[bytes]) -> None:
        """Read a file; too much of it, or of all together, is a problem."""
        place = Place(f"articles/{self.slug}/{name}")
        limit = min(MAX_SUBMISSION_BYTES, MAX_RECORD_BYTES - self.size)
        content = stream.read(limit + 1)
        if len(content) > limit:
            message = Message("file-too-large", size=f"> {limit:,}", limit=f"{limit:,}")
            self.problems.append(Problem(place, message, Message("split-or-check")))
        elif len(self.files) == MAX_FILES:
            message = Message("record-many-files", limit=f"{MAX_FILES:,}")
            self.problems.append(Problem(place, message, Message("split-or-check")))
        elif any(each.name == name for each in self.files):
            self.refuse(name, Message("member-repeated"))
        else:
            self.files.append(File(name, content))
            self.size += len(content)

    def refuse(self, name: str, message: Message) -> None:
        if len(self.problems) < MAX_FILES:
            place = Place(f"articles/{self.slug}/{name}")
            self.problems.append(Problem(place, message, Message("member-form")))

    def read(self) -> Record | Unread:
        if self.problems:
            return Unread(self.origin, self.slug, tuple(self.problems))
        try:
            shown = (each for each in self.files if not each.name.startswith((".", "~")))
            return record(self.slug, shown, self.origin)
        except SubmissionErrors as errors:
            return Unread(self.origin, self.slug, errors.problems)


def zip_records(path: Path, at: At) -> Iterator[Record | Unread]:
    """Yield the articles of a zip archive, by slug."""
    origin = Origin(path.as_posix())
    try:
        with zipfile.ZipFile(path) as archive:
            members: dict[str, list[tuple[str, zipfile.ZipInfo]]] = defaultdict(list)
            for each in archive.infolist():
                for slug, name in by_article([each.filename]).values():
                    if name and not each.is_dir():
                        members[slug].append((name, each))
            for number, slug in enumerate(sorted(members)):
                at(number / len(members))
                article = _Article(slug, origin)
                for name, member in members[slug]:
                    _add_zipped(article, name, member, archive)
                yield article.read()
    except zipfile.BadZipFile:
        yield _damaged(origin, "")


def _add_zipped(
    article: _Article, name: str, member: zipfile.ZipInfo, archive: zipfile.ZipFile
) -> None:
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        article.refuse(name, Message("member-no-file"))
        return
    try:
        with archive.open(member) as stream:
            article.add(name, stream)
    except _DAMAGE:
        article.refuse(name, Message("member-damaged"))


class _Member(tarfile.TarInfo):
    """A member of a tar archive, whose header is as large as headers need to be."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        """See TarInfo; a header that would be read into memory whole is bounded."""
        member = super().frombuf(buf, encoding, errors)
        if member.type in _HEADERS and member.size > _MAX_HEADER_BYTES:
            raise tarfile.ReadError("the header is too large")
        return member


def tar_records(path: Path, at: At) -> Iterator[Record | Unread]:
    """Yield the articles of a tar archive in its order, in which the files of each are together.

    The archive is read once, from its beginning to its end.
    """
    origin = Origin(path.as_posix())
    article: _Article | None = None
    try:
        with ExitStack() as stack:
            packed = stack.enter_context(path.open("rb"))
            stream: IO[bytes] = packed
            size = max(path.stat().st_size, 1)
            if path.name.lower().endswith(".zst"):
                stream = stack.enter_context(zstandard.ZstdDecompressor().stream_reader(packed))
            archive = stack.enter_context(tarfile.open(fileobj=stream, mode="r|*", tarinfo=_Member))
            passed = 0
            while (member := archive.next()) is not None:
                at(packed.tell() / size)
                archive.members = []  # type: ignore[attr-defined]  # it would remember all of them
                found = by_article([member.name]).get(member.name)
                slug, name = found or ("", "")
                if found is None or not member.isfile() or member.size > MAX_SUBMISSION_BYTES:
                    passed += member.size
                    if passed > MAX_PASSED_BYTES:
                        raise tarfile.ReadError("too much that is no article")
                if found is None or member.isdir():
                    continue
                if article is not None and article.slug != slug:
                    yield article.read()
                    article = None
                article = article or _Article(slug, origin)
                _add_from_tar(article, name, member, archive)
    except _DAMAGE:
        # What was complete before is read; of an article that breaks off nobody knows the rest.
        yield _damaged(origin, article.slug if article else "")
        return
    if article is not None:
        yield article.read()


def _add_from_tar(
    article: _Article, name: str, member: tarfile.TarInfo, archive: tarfile.TarFile
) -> None:
    stream = archive.extractfile(member) if member.isreg() else None
    if stream is None:
        article.refuse(name, Message("member-no-file"))
    else:
        article.add(name, stream)


def _damaged(origin: Origin, slug: str) -> Unread:
    message = Message("archive-damaged")
    told = Problem(Place(origin.source), message, Message("archive-form"))
    return Unread(origin, slug, (told,))
