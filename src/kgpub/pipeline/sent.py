"""A submission that lies in no folder, validated as if it were a file of the workspace."""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from kgpub.errors import Place, Problem, StoreError, SubmissionErrors, capped
from kgpub.messages import Message
from kgpub.model.sheets import with_sheets
from kgpub.model.slug import ValueProblem, check_slug, is_slug
from kgpub.pipeline.cache import CacheReader
from kgpub.pipeline.dataset import Dataset, DatasetReading
from kgpub.pipeline.open_article import OpenArticle
from kgpub.pipeline.unknown_article import place_of_article, unknown_among
from kgpub.pipeline.validating import INCREMENTAL_FROM, Validated
from kgpub.pipeline.workspace import DEFAULT_ENGINE, STATE, Workspace
from kgpub.sources import METADATA_NAMES, TEXT_NAME, ArticleFolder, article_folder
from kgpub.sources.files import (
    MAX_ARTICLE_BYTES,
    MAX_SUBMISSION_BYTES,
    read_bytes,
    relative,
    sound_bytes,
)

METADATA_NAME = METADATA_NAMES[0]


@dataclass(frozen=True)
class Sent:
    """The `content` of a submission about the article `slug`; `name` is that of the file it makes.

    `article` are the text and the metadata (`article.yaml`) of one that is not there yet.
    """

    slug: str
    name: str
    content: bytes
    article: tuple[bytes, bytes] | None = None

    @property
    def file(self) -> str:
        """The path of the file that it makes, relative to the workspace."""
        return f"{self._folder}{self.name}"

    @property
    def metadata_file(self) -> str:
        """The path that the metadata of an article have that comes with it."""
        return f"{self._folder}{METADATA_NAME}"

    @property
    def text_file(self) -> str:
        """The path that its text has."""
        return f"{self._folder}{TEXT_NAME}"

    @property
    def _folder(self) -> str:
        # What is no slug is told to be none, and is no part of any path.
        return f"articles/{self.slug}/" if is_slug(self.slug) else ""


@dataclass(frozen=True)
class ValidatedSent:
    """What is wrong with a submission and its article.

    `article_digest` is the SHA-256 of the article's text in hexadecimal, "" where there is none.
    """

    validated: Validated
    article_digest: str


def validate_sent(place: Workspace, sent: Sent, engine_name: str = DEFAULT_ENGINE) -> ValidatedSent:
    """Validate a submission, all else being as it was built last; nothing is written.

    Where that cannot be done, or the article has changed since, notes say why, and all files are
    read; where these are many, it raises StoreError in the first case. Raises SubmissionErrors for
    what is wrong with the publisher's own kinds.
    """
    cache = CacheReader.open(place.root / STATE / "cache.sqlite")
    settings = place.settings_digest()
    alone = _Reading(place, cache)
    dataset = alone.only(sent)
    found: Validated | None = None
    notes = _CHANGED
    has_changed = _has_changed(sent, dataset, cache)
    if not has_changed:
        found, notes = place.validation.of_parts(cache, dataset, engine_name, settings)
    if found is None:
        is_large = cache is not None and len(cache.published_digests()) >= INCREMENTAL_FROM
        if is_large and not has_changed:
            raise StoreError("; ".join(notes), "Build the workspace: kgpub build")
        whole = _Reading(place, cache)
        dataset = whole.all_with(sent)
        files = frozenset(part.file for part in dataset.parts if part.file == sent.file)
        found = place.validation.of_files(
            cache, dataset, files | {sent.file}, engine_name, settings, lambda _: None
        )
        found = replace(found, notes=tuple(dict.fromkeys([*notes, *found.notes])))
    return ValidatedSent(found, alone.article_digest)


_CHANGED: tuple[str, ...] = ("the article is not as it was built",)


def _has_changed(sent: Sent, dataset: Dataset, cache: CacheReader | None) -> bool:
    """Whether the article on disk is another than was built.

    Then what was built of it, passages above all, says nothing of the submission: it is read again.
    """
    articles = (part for part in dataset.parts if part.file != sent.file)
    try:
        return cache is not None and any(
            cache.published_digest(part.file) not in (None, part.digest) for part in articles
        )
    except sqlite3.DatabaseError:  # nothing can be taken as it was built, which is told as well
        return False


class _Reading(DatasetReading):
    """Reads a submission that was sent."""

    def __init__(self, place: Workspace, cache: CacheReader | None) -> None:
        super().__init__(place.root.resolve(), place.schema, cache, lambda _: None)
        self.article_digest = ""
        self._sent: dict[str, bytes] = {}

    def only(self, sent: Sent) -> Dataset:
        """Read the submission and its article."""
        self._add(sent)
        self._decisions(whole=False)
        return self._read()

    def all_with(self, sent: Sent) -> Dataset:
        """Read the workspace, and the submission."""
        super().read()
        known = {part.file for part in self.parts}
        before = len(self.parts)
        self._add(sent)
        # The article of the workspace has been read already.
        self.parts[before:] = [part for part in self.parts[before:] if part.file not in known]
        return self._read()

    def _read(self) -> Dataset:
        problems = dict.fromkeys(map(with_sheets, self.problems))
        return Dataset(tuple(self.parts), capped(problems), self._sent)

    def _add(self, sent: Sent) -> None:
        try:
            content = sound_bytes(sent.content, sent.file, MAX_SUBMISSION_BYTES)
            self._sent[sent.file] = content
            opened = self._article_of(sent)
            self._submission(sent.file, PurePosixPath(sent.name).stem, content, opened)
        except SubmissionErrors as errors:
            self.problems.extend(errors.problems)

    def _article_of(self, sent: Sent) -> OpenArticle:
        """Return the article. Raises SubmissionErrors where it is not there, or is another."""
        parent = self.root / "articles"
        is_here = is_slug(sent.slug) and (parent / sent.slug).is_dir()
        if not is_here and sent.article is None:
            at = place_of_article(sent.content, sent.file, self.schema)
            articles = sorted(each.name for each in parent.glob("*") if each.is_dir())
            raise SubmissionErrors([unknown_among(at, sent.slug, articles)])
        if not is_here:
            return self._new(sent, parent)
        folder = replace(article_folder(parent / sent.slug, self.root), submissions=())
        text = read_bytes(folder.text, self.root, MAX_ARTICLE_BYTES)
        metadata = read_bytes(folder.metadata, self.root, MAX_SUBMISSION_BYTES)
        if sent.article not in (None, (text, metadata)):
            at = Place(relative(folder.metadata, self.root))
            message = Message("article-taken", article=sent.slug)
            raise SubmissionErrors([Problem(at, message, Message("article-taken-remedy"))])
        self.article_digest = hashlib.sha256(text).hexdigest()
        return self._opened(folder, text, metadata)

    def _new(self, sent: Sent, parent: Path) -> OpenArticle:
        """Return an article that comes with its submission. Raises SubmissionErrors."""
        assert sent.article is not None  # or there would be none
        text, metadata = sent.article
        try:
            place = parent / check_slug(sent.slug)
        except ValueProblem as problem:
            at = place_of_article(sent.content, sent.file, self.schema)
            raise SubmissionErrors([Problem(at, problem.message, problem.remedy)]) from problem
        folder = ArticleFolder(sent.slug, place / TEXT_NAME, place / METADATA_NAME, ())
        sound_bytes(text, sent.text_file, MAX_ARTICLE_BYTES)
        sound_bytes(metadata, sent.metadata_file, MAX_SUBMISSION_BYTES)
        self._sent[sent.metadata_file] = metadata
        self.article_digest = hashlib.sha256(text).hexdigest()
        return self._opened(folder, text, metadata)
