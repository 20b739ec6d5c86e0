"""A batch from its sources to what it leaves: shards, merged; checked across records; loaded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

import zstandard
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from kgpub.batch import shard
from kgpub.batch.across import Across, contested, forms
from kgpub.batch.reports import across, without_key
from kgpub.batch.running import Run
from kgpub.batch.shard import Counts, Rules
from kgpub.batch.sources import Sources
from kgpub.batch.taking import Taking, origins
from kgpub.batch.written import Folder, Written, merged
from kgpub.errors import OutputError, Problem
from kgpub.pipeline.cache import software_digest
from kgpub.pipeline.catalogue import catalogue
from kgpub.pipeline.dataset import digest_of
from kgpub.pipeline.rules import ONTOLOGY_GRAPH
from kgpub.pipeline.workspace import LOCK_SECONDS, STATE, Workspace
from kgpub.serialisation.lines import canonical_lines
from kgpub.serialisation.sorting import Sorting
from kgpub.store.embedded import Generations
from kgpub.store.locking import locked

MAX_ACROSS = 10_000
"""Problems of several records together that are told."""


@dataclass(frozen=True)
class Made:
    """What a batch has made: counts of records and quads, and of problems across records.

    `errors` are those of these problems that refuse; `loaded` says whether the store has the quads.
    """

    output: Path
    counts: Counts
    across: int
    errors: int
    loaded: bool


Told = Callable[[str, int, float], None]
"""Is told the stage, how many records are done, and which part of the sources they are."""


class Batch:
    """Batches by the settings, kinds and store of a workspace."""

    def __init__(self, workspace: Workspace, run: Run, told: Told) -> None:
        self._workspace = workspace
        self._run = run
        self._told = told

    def make(self, sources: Sequence[Path], output: Path, *, load: bool) -> Made:
        """Make a batch of `sources` in the folder `output`, and load it where nothing refuses it.

        What a batch that was broken off had done is not done again. Raises CallError, OutputError,
        SubmissionErrors for the publisher's own kinds.
        """
        read = Sources(sources)
        folder = Folder(output)
        try:
            folder.prepare()
            with locked(folder.work, LOCK_SECONDS):
                return self._make(read, folder, load)
        except OSError as error:
            remedy = "See that the disk has room and the folder may be written, and begin again."
            raise OutputError(f"{output}: cannot be written: {error.strerror}", remedy) from error

    def _make(self, sources: Sources, folder: Folder, load: bool) -> Made:
        rules = self._rules()
        unread = Sorting(folder.work, "unread")
        taking = Taking(folder.work, rules, lambda line: unread.add([line]))
        counts = Counts()
        for some in self._run(taking.tasks(sources.records())):
            counts += some
            done = taking.refused + counts.records
            self._told("mapping", done, done / max(taking.taken, 1) * sources.fraction)
        counts += Counts(taking.refused, taking.refused)
        self._told("merging", counts.records, 1)
        folder.clear()
        about = canonical_lines(catalogue(self._workspace.settings))
        quads = folder.write("quads", merged(folder.work, taking.names, shard.QUADS, about))
        history = folder.write("history", merged(folder.work, taking.names, shard.HISTORY))
        files = [*quads, *history]
        refused = merged(folder.work, taking.names, shard.REFUSED, unread.sorted())
        files += folder.write_lines("rejected/reports.jsonl", map(without_key, refused))
        warnings = merged(folder.work, taking.names, shard.WARNINGS)
        files += folder.write_lines("warnings.jsonl", map(without_key, warnings))
        self._told("loading", counts.records, 1)
        with self._prepared(folder, taking.names, quads, history, load) as prepared:
            self._told("checking across records", counts.records, 1)
            found = list(islice(self._across(prepared.store, folder, taking.names), MAX_ACROSS))
            reports = sorted(set(map(across, found)))
            files += folder.write_lines("problems.jsonl", map(without_key, reports))
            errors = sum(each.severity == "error" for each in found)
            load = load and not errors and counts.refused < counts.records
            if load:
                prepared.publish()
        total = Counts(counts.records, counts.refused, sum(each.lines for each in quads))
        folder.finish(total, files, {"across": len(reports), "base": rules.base})
        return Made(folder.path, total, len(reports), errors, load)

    def _rules(self) -> Rules:
        workspace = self._workspace
        list(workspace.rules.vocabulary())  # What is wrong with it is told before anything begins.
        digest = digest_of([software_digest(), workspace.settings_digest()])
        return Rules(workspace.root.resolve(), workspace.settings.base, digest)

    def _across(self, store: Store, folder: Folder, names: Sequence[str]) -> Iterator[Problem]:
        work = folder.work
        keys = contested(merged(work, names, shard.KEYS))
        left = (NamedNode(line.decode().strip()) for line in merged(work, names, shard.OPEN))
        written = forms(merged(work, names, shard.FORMS))
        base = self._workspace.settings.base
        checks = Across(store, self._workspace.rules, base, written, origins(work))
        return checks.problems(chain(keys, left))

    @contextmanager
    def _prepared(
        self,
        folder: Folder,
        names: Sequence[str],
        quads: Iterable[Written],
        history: Iterable[Written],
        load: bool,
    ) -> Iterator[_Prepared]:
        """Load the quads into a generation of the store, which is discarded unless published."""
        workspace = self._workspace
        generations = workspace.generations if load else Generations(folder.work / "store")
        vocabulary = workspace.rules.vocabulary()
        own = workspace.settings.base + ONTOLOGY_GRAPH
        graphs = [line.decode().strip() for line in merged(folder.work, names, shard.GRAPHS)]
        graphs += {quad.graph_name.value for quad in catalogue(workspace.settings)}  # type: ignore[union-attr]
        # One digest for all: what is built next is loaded from nothing.
        digest = digest_of(each.sha256 for each in quads)
        digests = dict.fromkeys([*graphs, own], digest)
        generations.require_path()
        with locked(workspace.root / STATE if load else folder.work / "store", LOCK_SECONDS):
            everything = chain(_read(folder, quads), vocabulary)
            past = _read(folder, history)
            target = generations.prepare(everything, digests, past)
            prepared = _Prepared(generations, target)
            try:
                yield prepared
            finally:
                prepared.close()


class _Prepared:
    """A generation that nobody sees yet."""

    def __init__(self, generations: Generations, target: Path) -> None:
        self._generations = generations
        self._target = target
        self._is_published = False
        self.store = Store.read_only(str(target))

    def publish(self) -> None:
        self._generations.publish(self._target)
        self._is_published = True

    def close(self) -> None:
        del self.store
        if not self._is_published:
            self._generations.discard(self._target)


def _read(folder: Folder, files: Iterable[Written]) -> Iterator[Quad]:
    """Yield the quads of files of compressed N-Quads."""
    for each in files:
        with (folder.path / each.path).open("rb") as stream:
            reader = zstandard.ZstdDecompressor().stream_reader(stream)
            yield from parse(reader, format=RdfFormat.N_QUADS)
