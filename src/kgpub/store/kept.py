"""The generations of an embedded store as they are read: which are there, and opened read-only.

How they come to be, `kgpub.store.embedded` tells.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pyoxigraph import Quad, Store

from kgpub.errors import StoreError
from kgpub.store import generation, history
from kgpub.store.durable import read_regular

CURRENT = "CURRENT"
"""The file that names the current generation."""
REMEDY = "Build it again, from the workspace's files: kgpub build --fresh"
_NAME = re.compile(r"generation-([0-9]{1,18})")


def number_of(generation: Path) -> int:
    """Return the number of a generation by its folder, 0 for what is none."""
    match = _NAME.fullmatch(generation.name)
    return int(match[1]) if match else 0


class KeptGenerations:
    """The generations of one workspace's store, in `folder`: the current one, and the last build.

    They may be two, as what updates write stands beside what was built. Changes nothing.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def current(self) -> Path | None:
        """Return the folder of the current generation, or None where nothing was built yet."""
        try:
            name = read_regular(self.folder / CURRENT).decode("ascii").strip()
        except (FileNotFoundError, NotADirectoryError, UnicodeDecodeError):
            return None
        except OSError as error:
            raise StoreError(f"{self.folder}: cannot be read: {error.strerror}") from error
        return self.folder / name if _NAME.fullmatch(name) else None

    def require_path(self) -> None:
        """Raise StoreError where the store cannot lie in its folder because of the folder's name.

        Oxigraph takes only paths that are UTF-8.
        """
        name = os.fsencode(self.folder)
        try:
            name.decode("utf-8")
        except UnicodeDecodeError as error:
            shown = name.decode("utf-8", "replace")
            message = f"{shown}: the name of a folder in this path is not UTF-8"
            raise StoreError(message, "Rename that folder.") from error

    def built(self) -> Path | None:
        """Return the folder of the generation that holds what was built last, and nothing else."""
        path = self.current()
        if path is None:
            return None
        name = generation.built_name(path)
        return self.folder / name if _NAME.fullmatch(name) else None

    def open(self) -> Store:
        """Open the current generation to read. Raises StoreError where it is missing or damaged."""
        return self._opened(self.current())

    def open_built(self) -> Store:
        """Open to read what was built last, without what updates have written. Raises as `open`."""
        return self._opened(self.built())

    def _opened(self, path: Path | None) -> Store:
        self.require_path()
        if path is None:
            raise StoreError(f"{self.folder}: nothing is built yet", "Build it: kgpub build")
        with self.damage_told():
            generation.require_as_written(path)
            return Store.read_only(str(path))

    @contextmanager
    def damage_told(self) -> Iterator[None]:
        """Raise StoreError where what is read of the current generation turns out to be damaged.

        Oxigraph sees some damage when it opens a store, and some when it comes to the place.
        """
        try:
            yield
        except RecursionError:
            raise
        except (OSError, RuntimeError, SyntaxError) as error:
            message = f"{self.current()}: the store is damaged: {error}"
            raise StoreError(message, REMEDY) from error

    def digests(self) -> Mapping[str, str]:
        """Return the digest of each graph of the last build.

        Empty where that is no use: it is missing or of another version, or any file of it, or of
        the current generation, is not as it was written.
        """
        path, built = self.current(), self.built()
        if path is None or built is None:
            return {}
        try:
            digests = generation.as_written(path)
            return digests if built == path or generation.as_written(built) == digests else {}
        except (OSError, ValueError, RecursionError):
            return {}

    def published(self) -> tuple[Path, str] | None:
        """Return the folder of the current generation and what tells it from all others.

        None where it is no use. Whether its files are as they were written is not looked at;
        `digests` does that.
        """
        path = self.current()
        found = generation.fingerprint(path)
        return (path, found) if path is not None and found else None

    def fingerprint(self) -> str:
        """Return what tells the current generation from all others, "" where it is no use."""
        return generation.fingerprint(self.current())

    def built_fingerprint(self) -> str:
        """Return what tells the last build from all others; updates do not change it."""
        return generation.fingerprint(self.built())

    def history(self) -> list[Quad]:
        """Return what the last build says no more; see `kgpub.store.history`. Raises StoreError."""
        path = self.current()
        with self.damage_told():
            return history.read(path) if path is not None else []

    def is_marked(self, mark: str) -> bool:
        """Whether the current generation is the one that an update with this mark has made."""
        return generation.mark_of(self.current()) == mark
