"""The folder of all releases: each in a folder with its version for a name, which never changes.

A new one is written in a folder beside them, and gets its name when it is whole and on the disk.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout
from pyoxigraph import NamedNode

from kgpub.documents.releases import RECORD
from kgpub.errors import OutputError
from kgpub.model.version import is_version, order
from kgpub.release.json_text import json_text
from kgpub.store.durable import is_regular, read_regular, remove, sync_folder

SUMS = "SHA256SUMS"
NEW, _OURS = ".kgpub-new", ".kgpub-writing"
"""What a release is written to, and beside it what tells that kgpub has made that folder."""
_LOCK = ".kgpub-lock"
_SYNCED_AT_ONCE = 8
_UNCHANGED = "The releases that are there are unchanged."


@dataclass(frozen=True)
class Record:
    """A release as its folder tells it: `hash` is the RDFC-1.0 hash of its dataset."""

    version: str
    previous: str
    issued: str
    iri: str
    hash: str

    def text(self) -> bytes:
        """Return the record as JSON."""
        return json_text(vars(self))


class Releases:
    """The releases in a folder, which is made when there is the first."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def folder(self, version: str) -> Path:
        """Return where a release is, or would be."""
        return self.path / version

    def records(self) -> list[Record]:
        """Return the releases, in the order of their versions. Raises OutputError."""
        try:
            names = [
                each.name for each in self.path.iterdir() if is_version(each.name) and each.is_dir()
            ]
        except FileNotFoundError:
            return []
        except OSError as error:
            message = f"{self.path}: cannot be read: {error.strerror}"
            raise OutputError(message, "Name the folder that releases are in.") from error
        return [self._record(name) for name in sorted(names, key=order)]

    def _record(self, version: str) -> Record:
        path = self.folder(version) / RECORD
        remedy = "Move it elsewhere, or name another folder."
        try:
            record = Record(**json.loads(read_regular(path)))
            NamedNode(record.iri)
        except OSError as error:
            raise OutputError(
                f"{path.parent}: is no release: it has no {RECORD}", remedy
            ) from error
        except (ValueError, TypeError, RecursionError) as error:
            raise OutputError(f"{path}: is not as kgpub writes it", remedy) from error
        if record.version != version or not all(isinstance(v, str) for v in vars(record).values()):
            raise OutputError(f"{path}: is not as kgpub writes it", remedy)
        return record

    def sums(self, version: str) -> dict[str, str]:
        """Return the checksums of the files of a release, by path. Raises OutputError."""
        path = self.folder(version) / SUMS
        try:
            lines = read_regular(path).decode().splitlines()
            return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
        except (OSError, ValueError) as error:
            raise OutputError(f"{path}: cannot be read", "Bring the release back.") from error

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let nobody else make releases here meanwhile. Raises OutputError."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            if (self.path / _LOCK).is_symlink():
                raise OutputError(f"{self.path / _LOCK}: is a link", "Remove it.")
            lock = FileLock(self.path / _LOCK, timeout=0)
            lock.acquire()
        except Timeout as error:
            message = f"{self.path}: another kgpub is making a release here"
            raise OutputError(message, "Wait until it is done.") from error
        except OSError as error:
            message = f"{self.path}: cannot be written: {error.strerror or error}"
            raise OutputError(message, "Name a folder that you may write.") from error
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def written(self, version: str) -> Iterator[Path]:
        """Give a folder to write a release to, which gets its name when the block ends well.

        What a killed run left is removed first. The caller holds the folder. Raises OutputError.
        """
        new, ours = self.path / NEW, self.path / _OURS
        try:
            if os.path.lexists(new) and not is_regular(ours):
                raise OutputError(f"{new}: kgpub writes here, and did not make it", "Move it.")
            remove(new)
            remove(ours)
            ours.touch(exist_ok=False)
            new.mkdir()
            try:
                yield new
                sync_tree(new)
                new.rename(self.folder(version))
                sync_folder(self.path)
            finally:
                remove(new)
                remove(ours)
        except OSError as error:
            named = error.filename
            if isinstance(named, str) and not Path(named).is_relative_to(self.path):
                message = f"{named}: cannot be read: {error.strerror or error}"
                raise OutputError(message, f"{_UNCHANGED} Run: kgpub build --fresh") from error
            message = f"{self.folder(version)}: cannot be written: {error.strerror or error}"
            raise OutputError(
                message, f"{_UNCHANGED} Make room, or name a folder with --to."
            ) from error


def sync_tree(folder: Path) -> None:
    """Have the system put a folder, with all that it holds, on disk. Raises OSError.

    Files are waited for side by side: the system then writes many of them at once.
    """
    parents, files = [], []
    for parent, _, names in os.walk(folder, topdown=False):
        parents.append(Path(parent))
        files += [Path(parent, name) for name in names]
    with ThreadPoolExecutor(_SYNCED_AT_ONCE) as pool:
        list(pool.map(_sync_file, files))
    for path in parents:
        sync_folder(path)


def _sync_file(path: Path) -> None:
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())
