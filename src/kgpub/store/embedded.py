"""The embedded store: Oxigraph on disk, in generations that never change once published.

A build writes a new generation beside the current one (hard links of it and the graphs that
differ, or all from nothing) and then makes it the current one by replacing the file CURRENT. So
a query running meanwhile reads on undisturbed, and a build that is killed leaves nothing behind
but a folder that the next one removes. Writing and reading one RocksDB folder at a time from two
processes is undefined, which is why no published generation is ever opened for writing.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import pyoxigraph
from pyoxigraph import NamedNode, Quad, Store, Triple

from kgpub.errors import OutputError, StoreError
from kgpub.store.durable import file_digest, read_regular, remove, replace_synced, write_synced

_CURRENT = "CURRENT"
_FILES = 16
"""Of more files than that Oxigraph makes new ones. It takes an eighth of the time of loading, and
looking something up in five million triples takes 12 microseconds then instead of 100."""
_DIGESTS = "digests.json"
_FORMAT = f"2, pyoxigraph {pyoxigraph.__version__.rsplit('.', 1)[0]}"
"""Layout of the digests' file, and version of Oxigraph; others are built anew."""
_REMEDY = "Build it again, from the workspace's files: kgpub build --fresh"
_NAME = re.compile(r"generation-([0-9]{1,18})")
_CHANGING = ("LOG", "LOCK", _DIGESTS)
_TABLE = ".sst"
"""What ends the names of RocksDB's tables. They make up nearly all of a generation, and their
blocks have checksums that RocksDB looks at when it reads them."""


class Generations:
    """The generations of one workspace's store, in `folder`.

    The default graph of each holds the union of its named graphs. Oxigraph can make that union
    while it evaluates, but finds a triple that stands in k graphs k times at each pattern of a
    query, so that answers repeat and the time grows with k to the number of patterns.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def current(self) -> Path | None:
        """Return the folder of the current generation, or None where nothing was built yet."""
        try:
            name = read_regular(self.folder / _CURRENT).decode("ascii").strip()
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

    def open(self) -> Store:
        """Open the current generation to read. Raises StoreError where it is missing or damaged."""
        self.require_path()
        path = self.current()
        if path is None:
            raise StoreError(f"{self.folder}: nothing is built yet", "Build it: kgpub build")
        with self.damage_told():
            _require_as_written(path)
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
        except (OSError, RuntimeError) as error:
            message = f"{self.current()}: the store is damaged: {error}"
            raise StoreError(message, _REMEDY) from error

    def digests(self) -> Mapping[str, str]:
        """Return the digest of each graph in the current generation.

        Empty where that generation is no use: it is missing or of another version, or any file of
        it is not as it was written.
        """
        path = self.current()
        if path is None:
            return {}
        try:
            stored = _stored(path)
            graphs = stored.get("graphs")
            if not isinstance(graphs, dict) or stored.get("files") != _checksums(path):
                return {}
            return {NamedNode(graph).value: str(digest) for graph, digest in graphs.items()}
        except (OSError, ValueError, RecursionError):
            return {}

    def published(self) -> tuple[Path, str] | None:
        """Return the folder of the current generation and what tells it from all others.

        None where it is no use. Whether its files are as they were written is not looked at;
        `digests` does that.
        """
        path = self.current()
        try:
            return None if path is None else (path, file_digest(path / _DIGESTS))
        except OSError:
            return None

    def fingerprint(self) -> str:
        """Return what tells the current generation from all others, "" where it is no use."""
        found = self.published()
        return found[1] if found is not None else ""

    def forget(self) -> None:
        """Have the next generation made from nothing. Raises OutputError."""
        path = self.current()
        if path is not None:
            try:
                remove(path / _DIGESTS)
            except OSError as error:
                raise self._failure(path, error) from error

    def prepare(self, quads: Iterable[Quad], digests: Mapping[str, str]) -> Path:
        """Make a generation, on disk, that holds exactly `quads`, and return its folder.

        `digests` has, for each of their graphs, a digest that changes with its content. The
        caller holds the workspace's lock. Raises OutputError where the disk does not take it.
        """
        before = self.digests()
        changed = {graph for graph, digest in digests.items() if before.get(graph) != digest}
        gone = before.keys() - digests.keys()
        target = self._next()
        try:
            if before and len(changed) * 2 < len(digests) and self._copied(target):
                self._apply(target, quads, changed, gone)
            else:
                remove(target)
                self._load(target, quads)
            stored = {"format": _FORMAT, "graphs": dict(sorted(digests.items()))}
            sizes = {path.name: path.stat().st_size for path in _files(target)}
            content = json.dumps({**stored, "sizes": sizes, "files": _checksums(target)})
            write_synced(target / _DIGESTS, content.encode())
        except (OSError, RuntimeError) as error:
            self.discard(target)
            raise self._failure(target, error) from error
        return target

    @staticmethod
    def discard(target: Path) -> None:
        """Remove a generation that was prepared and is not to be published."""
        shutil.rmtree(target, ignore_errors=True)

    def publish(self, target: Path) -> None:
        """Make the generation in `target` the current one. Raises OutputError."""
        previous = self.current()
        try:
            if previous is None:
                # What is there in the place of the pointer may be a folder.
                remove(self.folder / _CURRENT)
            replace_synced(self.folder / _CURRENT, f"{target.name}\n".encode())
        except OSError as error:
            raise self._failure(target, error) from error
        self._clean({target, previous})

    @staticmethod
    def _failure(target: Path, error: Exception) -> OutputError:
        remedy = "See that the disk has room and the folder may be written, and build again."
        return OutputError(f"{target}: the store cannot be written: {error}", remedy)

    def _next(self) -> Path:
        try:
            if not self.folder.is_dir():
                remove(self.folder)
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._failure(self.folder, error) from error
        names = (_NAME.fullmatch(path.name) for path in self.folder.iterdir())
        taken = [int(match[1]) for match in names if match]
        return self.folder / f"generation-{max(taken, default=0) + 1}"

    def _copied(self, target: Path) -> bool:
        """Copy the current generation by hard links; False where it is damaged."""
        try:
            self.open().backup(str(target))
        except (StoreError, OSError, RuntimeError):
            return False
        (target / _DIGESTS).unlink(missing_ok=True)
        return True

    @staticmethod
    def _load(target: Path, quads: Iterable[Quad]) -> None:
        store = Store(str(target))
        store.bulk_extend(_with_union(quads))
        if len(list(target.glob("*.sst"))) > _FILES:
            # Each may hold anything, and is looked at for everything.
            store.optimize()
        store.flush()

    @staticmethod
    def _apply(target: Path, quads: Iterable[Quad], changed: set[str], gone: set[str]) -> None:
        fresh: list[Quad] = []
        for quad in quads:
            if isinstance(quad.graph_name, NamedNode) and quad.graph_name.value in changed:
                fresh.append(quad)
        store = Store(str(target))
        stale: set[Triple] = set()
        for graph in sorted(changed | gone):
            name = NamedNode(graph)
            stale.update(quad.triple for quad in store.quads_for_pattern(None, None, None, name))
            store.remove_graph(name)
        store.extend(_with_union(fresh))
        for triple in stale:
            # The default graph holds it once; any more are of named graphs that still have it.
            found = store.quads_for_pattern(triple.subject, triple.predicate, triple.object)
            if len(list(islice(found, 2))) == 1:
                store.remove(Quad(*triple))
        store.flush()

    def _clean(self, kept: set[Path | None]) -> None:
        """Remove all generations but the current one and the one that may still be read."""
        for path in self.folder.glob("generation-*"):
            if path not in kept:
                self.discard(path)


def _stored(generation: Path) -> Mapping[str, object]:
    """Return what a generation tells of itself, nothing where that is in another format.

    Raises OSError, ValueError, RecursionError where it cannot be read.
    """
    stored = json.loads(read_regular(generation / _DIGESTS))
    return stored if isinstance(stored, dict) and stored.get("format") == _FORMAT else {}


def _files(generation: Path) -> Iterator[Path]:
    """Yield the files of a generation that do not change when it is read."""
    for path in sorted(generation.iterdir()):
        if not path.name.startswith(_CHANGING):
            yield path


def _checksums(generation: Path) -> dict[str, str]:
    """Return the SHA-256 of each file of a generation."""
    return {path.name: file_digest(path) for path in _files(generation)}


def _require_as_written(generation: Path) -> None:
    """Raise OSError where a file is missing or is not as it was written; of tables, by size.

    A manifest that was cut short is to RocksDB one of an older or an empty store. Nothing is
    compared where the generation does not tell what was written: `forget` removes that.
    """
    try:
        stored = _stored(generation)
    except (OSError, ValueError, RecursionError):
        return
    sizes, checksums = stored.get("sizes"), stored.get("files")
    if not isinstance(sizes, dict) or not isinstance(checksums, dict):
        return
    for name, size in sizes.items():
        found = (generation / name).stat().st_size
        if found != size:
            raise OSError(f"{name} has {found:,} bytes instead of {size:,}")
    for name, checksum in checksums.items():
        if not name.endswith(_TABLE) and file_digest(generation / name) != checksum:
            raise OSError(f"{name} is not as it was written")


def _with_union(quads: Iterable[Quad]) -> Iterator[Quad]:
    """Yield each quad, and its triple for the default graph."""
    for quad in quads:
        yield quad
        yield Quad(*quad.triple)
