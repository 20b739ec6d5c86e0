"""An article that is read and mapped once, whatever asks for it."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from kgpub.mapping import map_article
from kgpub.model.submission import Article, ArticleFile, Mapped
from kgpub.sources import ArticleFolder, read_article
from kgpub.vocabulary.schema import Schema


class OpenArticle:
    """An article read and mapped when a submission first asks for it.

    `digest` is that of all that it is mapped from. Properties raise SubmissionErrors.
    """

    def __init__(
        self,
        folder: ArticleFolder,
        root: Path,
        schema: Schema,
        text: bytes,
        metadata: bytes,
        digest: str,
    ) -> None:
        self.folder = folder
        self.digest = digest
        self._contents = (root, text, metadata)
        self._schema = schema

    @cached_property
    def file(self) -> ArticleFile:
        """The text and the tree of the metadata."""
        root, text, metadata = self._contents
        return read_article(self.folder, root, text, metadata)

    @cached_property
    def _described(self) -> tuple[Article, Mapped]:
        return map_article(self.file, self._schema)

    @property
    def article(self) -> Article:
        """What submissions need to know of it."""
        return self._described[0]

    @property
    def mapped(self) -> Mapped:
        """Its quads."""
        return self._described[1]
