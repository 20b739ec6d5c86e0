"""The embedded store: Oxigraph on disk, in generations that never change once published.

A build writes a new generation beside the current one (hard links of it and the graphs that
differ, or all from nothing) and then makes it the current one by replacing the file CURRENT. So
a query running meanwhile reads on undisturbed, and a build that is killed leaves nothing behind
but a folder that the next one removes. Writing and reading one RocksDB folder at a time from two
processes is undefined, which is why no published generation is ever opened for writing.

What updates write are graphs of their own. A generation with such graphs stands beside one that
holds the build alone, which is what builds go on from and what is validated and compared with.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from contextlib import contextmanager
from pathlib import Path

from pyoxigraph import NamedNode, Quad, Store, Triple

from kgpub.errors import OutputError, StoreError
from kgpub.store import generation, history, own_graphs, union
from kgpub.store.durable import remove, replace_synced
from kgpub.store.generation import DIGESTS, OWN
from kgpub.store.kept import CURRENT, REMEDY, KeptGenerations, number_of

_FILES = 16
"""Of more files than that Oxigraph makes new ones. It takes an eighth of the time of loading, and
looking something up in five million triples takes 12 microseconds then instead of 100."""
_TABLES = 64
"""Beyond so many, what updates wrote is loaded anew: each adds some eight small ones."""
_MOST_OWN = 2**40  # how much updates may write is bounded where they are taken


class Generations(KeptGenerations):
    """The generations of one workspace's store, in `folder`, and how new ones are made.

    The default graph of each holds the union of its named graphs. Oxigraph can make that union
    while it evaluates, but finds a triple that stands in k graphs k times at each pattern of a
    query, so that answers repeat and the time grows with k to the number of patterns.
    """

    def forget(self) -> None:
        """Have the next generation made from nothing. Raises OutputError."""
        path = self.current()
        if path is not None:
            try:
                remove(path / DIGESTS)
            except OSError as error:
                raise self._failure(path, error) from error

    def prepare(
        self, quads: Iterable[Quad], digests: Mapping[str, str], past: Iterable[Quad] = ()
    ) -> Path:
        """Make a generation, on disk, of `quads` and what updates wrote; return its folder.

        `digests` has, for each graph of `quads`, a digest that changes with its content. A graph of
        updates gives way to one of the same name. `past` is the history. The caller holds the
        workspace's lock. Raises OutputError where the disk does not take it, or does not give what
        updates wrote.
        """
        self._remove_unpublished()
        before = self.digests()
        changed = {graph for graph, digest in digests.items() if before.get(graph) != digest}
        gone = before.keys() - digests.keys()
        own = [quad for quad in self._own_quads() if _name(quad) not in digests]
        target = self._next()
        with self._discarded_unless_made(target):
            if before and len(changed) * 2 < len(digests) and self._copied(target):
                self._apply(target, quads, changed, gone)
            else:
                remove(target)
                self._load(target, quads)
            history.write(target, past)
            generation.note(target, digests)
        if not own:
            return target
        try:
            return self._with_own(target, own, digests)
        except OutputError:
            shutil.rmtree(target, ignore_errors=True)
            raise

    def prepare_update(
        self, evaluate: Callable[[Store, Set[str]], bool], mark: str, most: int
    ) -> Path | None:
        """Make a generation that differs from the current one by an update; return its folder.

        `evaluate` is given the store to change and the IRIs of the graphs that it must leave as
        they are, keeps the union right, and says whether it has changed anything; if not, None is
        returned. `mark` tells the update from others, see `is_marked`. The caller holds the
        workspace's lock. Raises what `evaluate` raises, StoreError, OutputError, and TooLarge
        where the graphs of all updates would have more than `most` bytes, as N-Quads.
        """
        self._remove_unpublished()
        current, built, target = self.current(), self.built(), self._next()
        opened = self.open()
        with self.damage_told():
            digests = generation.graphs(current) if current is not None else {}
            if current is None or built is None or not digests:
                raise StoreError(f"{current}: is of another version", REMEDY)
            opened.backup(str(target))
        with self._discarded_unless_made(target):
            store = Store(str(target))
            with self.damage_told():
                if not evaluate(store, digests.keys()):
                    return None
                content = own_graphs.written(_own(store, digests.keys()), most)
            if len(list(target.glob("*.sst"))) > _TABLES:
                own = list(_own(store, digests.keys()))
                return self._with_own(built, own, digests, mark)
            own_graphs.write(target / OWN, content)
            store.flush()
            del store  # its files change no more
            history.copy(built, target)
            generation.note(target, digests, current, built.name, mark)
            return target

    def discard(self, target: Path) -> None:
        """Remove a generation that was prepared and is not to be published."""
        built = self.folder / generation.built_name(target)
        shutil.rmtree(target, ignore_errors=True)
        if built not in (self.current(), self.built()):
            shutil.rmtree(built, ignore_errors=True)

    def publish(self, target: Path) -> None:
        """Make the generation in `target` the current one. Raises OutputError."""
        previous = self.current()
        kept = {target, previous, self.built()}
        try:
            if previous is None:
                # What is there in the place of the pointer may be a folder.
                remove(self.folder / CURRENT)
            replace_synced(self.folder / CURRENT, f"{target.name}\n".encode())
        except OSError as error:
            raise self._failure(target, error) from error
        self._clean({*kept, self.built()})

    @contextmanager
    def _discarded_unless_made(self, target: Path) -> Iterator[None]:
        """Remove `target` where it does not come to be told of. Raises OutputError."""
        try:
            yield
        except (OSError, RuntimeError) as error:
            raise self._failure(target, error) from error
        finally:
            if not (target / DIGESTS).exists():
                shutil.rmtree(target, ignore_errors=True)

    def _own_quads(self) -> list[Quad]:
        """Return what updates have written. Raises OutputError where that cannot be read."""
        path = self.current()
        try:
            return own_graphs.read(path / OWN) if path is not None else []
        except (OSError, ValueError) as error:
            raise OutputError(
                f"{path}/{OWN}: what updates have written cannot be read: {error}",
                "Restore the file. Only if what it holds may be lost, remove it.",
            ) from error

    def _with_own(
        self, built: Path, own: list[Quad], digests: Mapping[str, str], mark: str = ""
    ) -> Path:
        """Return a generation of what was built and what updates wrote."""
        target = self._next()
        with self._discarded_unless_made(target):
            Store.read_only(str(built)).backup(str(target))
            store = Store(str(target))
            union.change(store, (), own)
            own_graphs.write(target / OWN, own_graphs.written(own, _MOST_OWN))
            store.flush()
            del store  # its files change no more
            history.copy(built, target)
            generation.note(target, digests, built, built.name, mark)
        return target

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
        taken = max(map(number_of, self.folder.iterdir()), default=0)
        return self.folder / f"generation-{taken + 1}"

    def _remove_unpublished(self) -> None:
        """Remove what was begun after the current generation, by processes that were killed."""
        current = self.current()
        if current is not None:
            found = self.folder.glob("generation-*")
            self._clean({path for path in found if number_of(path) <= number_of(current)})

    def _copied(self, target: Path) -> bool:
        """Copy what was built last by hard links; False where it is damaged."""
        try:
            self.open_built().backup(str(target))
        except (StoreError, OSError, RuntimeError):
            return False
        return True

    @staticmethod
    def _load(target: Path, quads: Iterable[Quad]) -> None:
        store = Store(str(target))
        store.bulk_extend(union.with_union(quads))
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
        store.extend(union.with_union(fresh))
        union.forget(store, stale)
        store.flush()
        if len(stale) > _MANY_STALE:
            store.optimize()

    def _clean(self, kept: Set[Path | None]) -> None:
        """Remove all generations but the current one and the one that may still be read."""
        for path in self.folder.glob("generation-*"):
            if path not in kept:
                shutil.rmtree(path, ignore_errors=True)


def _own(store: Store, built: Set[str]) -> Iterator[Quad]:
    """Yield the quads of the named graphs that are not among `built`."""
    for graph in sorted(store.named_graphs(), key=str):
        if isinstance(graph, NamedNode) and graph.value not in built:
            yield from store.quads_for_pattern(None, None, None, graph)


def _name(quad: Quad) -> str:
    return quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""


_MANY_STALE = 50_000
"""Triples that are gone, from which on their marks are removed: to pass over them takes time."""
