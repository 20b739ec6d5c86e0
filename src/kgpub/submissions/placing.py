"""Puts the files of accepted submissions into the workspace, and takes them away again.

Each step is on disk before the next, and each can be done again: a file appears under its name
whole or not at all, and never in the place of another. The folder of a new article is made beside,
hidden, and renamed; a mark in it tells which submission has brought it, until that is published.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

from kgpub.errors import OutputError
from kgpub.model.slug import ValueProblem, check_slug
from kgpub.sources import METADATA_NAMES, TEXT_NAME
from kgpub.store.durable import is_regular, read_regular, remove, sync_folder, write_synced
from kgpub.submissions.submission import Content

_ARTICLES = "articles"
_HIDDEN = ".submission-"
_METADATA = METADATA_NAMES[0]


class Occupied(OutputError):
    """What a submission would become is there already, and is something else."""


class Place:
    """Where a submission becomes a file: `name` in the folder of its article below `root`.

    `id_` tells it from all others. Raises Occupied where its slug is none.
    """

    def __init__(self, root: Path, id_: str, content: Content, name: str) -> None:
        try:
            slug = check_slug(content.slug)
        except ValueProblem as problem:
            raise Occupied(f"{content.slug[:100]}: is no slug") from problem
        self._root = root
        self._article = content.article
        self._parent = root / _ARTICLES
        self._folder = self._parent / slug
        self._name = name
        self._hidden = f"{_HIDDEN}{id_}"
        self.file = f"{_ARTICLES}/{slug}/{name}"

    def put(self, content: bytes) -> None:
        """Have the file there, and the article where that is new.

        Raises Occupied, and OSError where it cannot be written: then nothing has appeared.
        """
        if self._article is not None and not self._folder.is_dir():
            self._put_folder(content)
            return
        self._require_article()
        target = self._folder / self._name
        if target.is_symlink() or target.exists():
            if not is_regular(target) or read_regular(target) != content:
                raise Occupied(f"{self.file}: is there already, with other content")
            sync_folder(self._folder)  # it may have been written just before a power cut
            return
        fresh = self._folder / f"{self._hidden}.new"
        try:
            write_synced(fresh, content)
            _link(fresh, target, self.file)
        finally:
            remove(fresh)
        sync_folder(self._folder)

    def take_away(self, content: bytes) -> None:
        """Have the file not there that `put` wrote, nor the article that came with it.

        What is not `content` was written by somebody else, and stays. Raises OSError.
        """
        target = self._folder / self._name
        if not is_regular(target) or read_regular(target) != content:
            return
        if (self._folder / self._hidden).exists() and self._has_nothing_else():
            gone = self._parent / self._hidden
            remove(gone)
            self._folder.rename(gone)
            sync_folder(self._parent)
            remove(gone)
        else:
            remove(target)
            sync_folder(self._folder)

    def keep(self) -> None:
        """Have the article stay, whatever becomes of the submission. Raises OSError."""
        mark = self._folder / self._hidden
        if mark.exists():
            remove(mark)
            sync_folder(self._folder)

    def _put_folder(self, content: bytes) -> None:
        article = self._article
        assert article is not None
        fresh = self._parent / self._hidden
        remove(fresh)
        try:
            fresh.mkdir(parents=True)
            write_synced(fresh / TEXT_NAME, article.text)
            write_synced(fresh / _METADATA, article.metadata)
            write_synced(fresh / self._name, content)
            write_synced(fresh / self._hidden, b"")
            sync_folder(fresh)
            fresh.rename(self._folder)
        finally:
            remove(fresh)
        sync_folder(self._parent)
        sync_folder(self._root)

    def _require_article(self) -> None:
        """Raise Occupied where the article is not there, or is not the one that was sent."""
        if not is_regular(self._folder / TEXT_NAME):
            raise Occupied(f"{self._folder.name}: there is no such article any more")
        if self._article is None:
            return
        own = {TEXT_NAME: self._article.text, _METADATA: self._article.metadata}
        for name, content in own.items():
            path = self._folder / name
            if not is_regular(path) or read_regular(path) != content:
                raise Occupied(f"{self._folder.name}: there is another article of this name by now")

    def _has_nothing_else(self) -> bool:
        own = {TEXT_NAME, _METADATA, self._name, self._hidden}
        return {path.name for path in self._folder.iterdir()} <= own


def clear(root: Path) -> None:
    """Remove what was being written when a process ended. Raises OSError."""
    for path in _unfinished(root / _ARTICLES):
        remove(path)


def _unfinished(parent: Path) -> Iterator[Path]:
    yield from parent.glob(f"{_HIDDEN}*")
    yield from parent.glob(f"*/{_HIDDEN}*.new")


def _link(fresh: Path, target: Path, file: str) -> None:
    """Give a file a second name, which must be free. Raises Occupied, OSError."""
    try:
        os.link(fresh, target)
    except FileExistsError as error:
        raise Occupied(f"{file}: is there already, with other content") from error
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.EMLINK):
            raise
        # There are no links here. One publishes at a time, so that the name stays free.
        fresh.rename(target)
