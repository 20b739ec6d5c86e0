"""One article with its submissions, as a batch takes it in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from kgpub.errors import Place, Problem, SubmissionErrors
from kgpub.messages import Lines, Message
from kgpub.model.slug import ValueProblem, check_slug
from kgpub.sources import METADATA_NAMES, SUFFIXES, TEXT_NAME
from kgpub.sources.files import MAX_ARTICLE_BYTES, MAX_SUBMISSION_BYTES, sound_bytes

MAX_FILES = 1000
"""Files of one article."""
MAX_RECORD_BYTES = 64 * 1024 * 1024
"""Of all files of one article together, and of a line that has them."""


@dataclass(frozen=True)
class Origin:
    """Where a record was read: a line, counted from 1, of `source`; 0 where that has none."""

    source: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.source}:{self.line}" if self.line else self.source


@dataclass(frozen=True)
class File:
    """The bytes of one file of an article.

    `column` is that of its first code point in the line of the record, 0 where it is in none.
    """

    name: str
    content: bytes
    column: int = 0


@dataclass(frozen=True)
class Record:
    """An article: text, metadata, and submissions in the order of their names."""

    slug: str
    text: bytes
    metadata: File
    submissions: tuple[File, ...]
    origin: Origin

    @property
    def files(self) -> tuple[File, ...]:
        """Metadata and submissions: the files that problems are told of."""
        return (self.metadata, *self.submissions)

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return len(self.text) + sum(len(each.content) for each in self.files)

    def path(self, name: str) -> str:
        """Return the path that a file of the record has in a workspace."""
        return f"articles/{self.slug}/{name}"

    @property
    def digest(self) -> str:
        """SHA-256, in hexadecimal, of all that the record holds, and of where it was read."""
        digest = hashlib.sha256(f"{self.origin}\0{self.slug}\0".encode())
        for each in (File(TEXT_NAME, self.text), *self.files):
            digest.update(f"{each.name}\0{len(each.content)}\0{each.column}\0".encode())
            digest.update(each.content)
        return digest.hexdigest()


@dataclass(frozen=True)
class Unread:
    """What was to be a record and is none: as far as it is known the article, and why."""

    origin: Origin
    slug: str
    problems: tuple[Problem, ...]


def record(slug: str, files: Iterable[File], origin: Origin) -> Record:
    """Return the record of the files of an article, of which notes are left out.

    Raises SubmissionErrors with paths as in a workspace: where text or metadata are missing or
    stand there twice, for a slug that is none, and for too much.
    """
    folder = Place(f"articles/{slug}")
    try:
        check_slug(slug)
    except ValueProblem as problem:
        raise SubmissionErrors([Problem(folder, problem.message, problem.remedy)]) from problem
    named = {each.name: each for each in files}
    metadata = [name for name in METADATA_NAMES if name in named]
    if len(metadata) > 1:
        both = Lines(metadata, Message("and"))
        message = Message("metadata-twice", files=both)
        raise SubmissionErrors([Problem(folder, message, Message("join-files"))])
    missing = [] if TEXT_NAME in named else [TEXT_NAME]
    missing += [] if metadata else [METADATA_NAMES[0]]
    if missing:
        remedy = Message("add-or-remove-folder")
        raise SubmissionErrors(
            Problem(
                Place(f"{folder.file}/{each}"), Message("article-incomplete", file=each), remedy
            )
            for each in missing
        )
    text = named.pop(TEXT_NAME)
    about = named.pop(metadata[0])
    own = sorted((each for each in named.values() if _is_submission(each.name)), key=_name)
    for each, limit in ((text, MAX_ARTICLE_BYTES), (about, MAX_SUBMISSION_BYTES)):
        sound_bytes(each.content, f"{folder.file}/{each.name}", limit)
    for each in own:
        sound_bytes(each.content, f"{folder.file}/{each.name}", MAX_SUBMISSION_BYTES)
    _require_names(own, folder.file)
    return Record(slug, text.content, about, tuple(own), origin)


def _name(file: File) -> str:
    return file.name


def _is_submission(name: str) -> bool:
    """Whether a file is a submission by its name; hidden files and locks are none."""
    return not name.startswith((".", "~")) and PurePosixPath(name).suffix.lower() in SUFFIXES


def _require_names(submissions: Iterable[File], folder: str) -> None:
    """Raise SubmissionErrors where two names are the same but for their ending."""
    stems: dict[str, str] = {}
    for each in submissions:
        stem = PurePosixPath(each.name).stem
        if stems.setdefault(stem, each.name) != each.name:
            message = Message("name-repeated", file=stems[stem])
            raise SubmissionErrors(
                [Problem(Place(f"{folder}/{each.name}"), message, Message("rename-one"))]
            )


def by_article(names: Iterable[str]) -> Mapping[str, tuple[str, str]]:
    """Return slug and file name for each path, of those given, that is a file of an article.

    Such a path ends in `articles/<slug>/<file>`, and nothing in it leads elsewhere.
    """
    found: dict[str, tuple[str, str]] = {}
    for name in names:
        parts = name.removeprefix("./").split("/")
        leads_elsewhere = any(part in ("", ".", "..") for part in parts) or "\\" in name
        if len(parts) >= 3 and parts[-3] == "articles" and not leads_elsewhere:
            found[name] = (parts[-2], parts[-1])
    return found
