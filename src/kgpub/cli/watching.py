"""Changes of what a submitter writes, for `kgpub validate --watch`."""

from __future__ import annotations

import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path

from kgpub.settings import FILENAME

_KEPT = ("articles", "kinds.ttl", FILENAME)
_LATEST = 5_000
"""Milliseconds after which files are looked at though nothing was heard of them."""

_State = Mapping[Path, tuple[int, ...]]


def changes(root: Path, files: Sequence[Path] = ()) -> Iterator[None]:
    """Yield whenever articles, submissions, kinds or settings of a workspace have changed.

    `files` are others that are watched as well. What editors write beside the files that they
    have open is none of them; they move files away and back, and a workspace without its settings
    is none: until they are there again, and where all is as it was, nothing has changed.
    """
    from watchfiles import watch

    kept = [*(root / name for name in _KEPT), *files]
    before = _state(kept)
    while True:
        # Not all that is below the workspace: .kgpub and output are written by kgpub itself, and
        # a repository may hold more folders than a system lets one watch.
        folders = _folders(root, files)
        heard = watch(
            *folders,
            watch_filter=None,
            recursive=False,
            raise_interrupt=True,
            rust_timeout=_LATEST,
            yield_on_timeout=True,
        )
        for _ in heard:
            now = _state(kept)
            if now != before and (root / FILENAME).is_file():
                before = now
                yield
            if _folders(root, files) != folders:
                break


def _folders(root: Path, files: Sequence[Path]) -> list[Path]:
    """Return the folders in which something may come, go or change."""
    articles = root / "articles"
    below = (path for path in articles.rglob("*") if path.is_dir() and not _is_passing(path))
    found = [root, *(path.parent for path in files), articles, *below]
    return sorted({path for path in found if path.is_dir()})


def _state(paths: Iterable[Path]) -> _State:
    """Return what tells of each file, in folders too, whether it is as it was.

    A folder is as it was where the same is in it.
    """
    found = {}
    for path in chain.from_iterable((path, *path.rglob("*")) for path in paths):
        if _is_passing(path):
            continue
        try:
            status = path.stat()
        except OSError:
            continue
        is_folder = stat.S_ISDIR(status.st_mode)
        found[path] = () if is_folder else (status.st_mtime_ns, status.st_size, status.st_ino)
    return found


def _is_passing(path: Path) -> bool:
    """Whether a file is an editor's own: hidden, a lock or a backup."""
    return path.name.startswith((".", "~", "#")) or path.name.endswith("~")
