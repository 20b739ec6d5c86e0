"""Building a workspace: what is submitted becomes a store and an output, or all stays as it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import Quad

from kgpub.errors import OutputError, Problem, SubmissionErrors
from kgpub.pipeline import placing
from kgpub.pipeline.cache import Cache, software_digest
from kgpub.pipeline.catalogue import CATALOGUE_GRAPH, catalogue
from kgpub.pipeline.dataset import Dataset, DatasetReading, digest_of
from kgpub.pipeline.kept_problems import problems_of, problems_text
from kgpub.pipeline.kinds import KINDS, MAX_KINDS_BYTES
from kgpub.pipeline.output import OutputFolder
from kgpub.pipeline.rules import ONTOLOGY_GRAPH, Rules
from kgpub.pipeline.validating import Progress, Validation
from kgpub.settings import FILENAME, Settings
from kgpub.sources.files import read_bytes
from kgpub.store.embedded import Generations
from kgpub.vocabulary.schema import Schema

if TYPE_CHECKING:
    from kgpub.pipeline.comparison.marking import Marked


@dataclass(frozen=True)
class Built:
    """What a build did: `unchanged`, with no quads counted, where there was nothing to do.

    `quads` are those of the dataset, with what kgpub itself says of it.
    `problems` are then those that the build before has found.
    `notes` say why more was validated than had changed.
    """

    output: Path
    files: int
    fresh: int
    quads: int
    problems: tuple[Problem, ...]
    unchanged: bool
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Building:
    """Builds the workspace at `root`; `state` is the folder of what kgpub keeps there."""

    root: Path
    state: Path
    settings: Settings
    schema: Schema
    rules: Rules
    generations: Generations
    validation: Validation

    def build(
        self,
        cache: Cache,
        folder: OutputFolder,
        engine_name: str,
        progress: Progress,
        today: date | None,
    ) -> Built:
        """Bring the store and `folder` up to date; the caller holds the workspace's lock.

        Raises SubmissionErrors where the data are refused, OutputError where they cannot be
        written: then all stays as it was.
        """
        dataset = DatasetReading(self.root, self.schema, cache, progress).read()
        cache.commit()
        settings = settings_digest(self.root)
        key = digest_of([dataset.digest, software_digest(), settings, engine_name])
        done = key == cache.state("built") and folder.listing == cache.state("output")
        kept = problems_of(cache.state("problems")) if done else None
        if kept is not None and dataset.readable and self.generations.digests() and folder.intact():
            problems = tuple(sorted([*dataset.problems, *kept]))
            return _built(folder, dataset, problems, unchanged=True)
        validated, keep = self.validation.for_build(cache, dataset, engine_name, settings, progress)
        validated = self.validation.retractions_told(validated, dataset.parts, None, today)
        if validated.report is None or not validated.accepted:
            raise validated.refusal(self.root)
        progress("contradictions")
        quads, marked = published(dataset, self.settings)
        from kgpub.pipeline.dumps import contents, sorted_dataset

        progress("output")
        told = [*placing.problems(validated.report, dataset.parts), *marked.problems]
        past = list(dict.fromkeys(dataset.history()))
        with sorted_dataset(quads, self.state / "dumps") as dumped:
            files = contents(dumped, past, validated.report, told, self.root, self.settings)
            folder.prepare(files, cache.state("output"))
        progress("store")
        try:
            generation = self.generations.prepare(*self._stored(dataset, quads, marked), past)
            try:
                folder.publish()
            except OutputError:
                self.generations.discard(generation)
                raise
            self.generations.publish(generation)
        finally:
            folder.discard()
        cache.publish({part.file: part.graph for part in dataset.parts})
        keep(cache)
        cache.note("built", key)
        cache.note("output", folder.listing)
        problems = tuple(sorted([*validated.problems, *marked.problems]))
        of_files = set(dataset.problems)  # they are found again whenever the files are read
        cache.note("problems", problems_text(each for each in problems if each not in of_files))
        cache.commit()
        built = _built(folder, dataset, problems, unchanged=False)
        return replace(built, quads=len(quads), notes=validated.notes)

    def _stored(
        self, dataset: Dataset, quads: list[Quad], marked: Marked
    ) -> tuple[list[Quad], Mapping[str, str]]:
        """Return what the store holds, vocabulary included, and the digests of its graphs."""
        vocabulary = list(self.rules.vocabulary())
        digests = {
            **dataset.graph_digests(),
            self.settings.base + CATALOGUE_GRAPH: settings_digest(self.root),
            marked.graph: digest_of(map(str, marked.quads)),
            self.settings.base + ONTOLOGY_GRAPH: digest_of(map(str, vocabulary)),
        }
        return [*quads, *vocabulary], digests


def published(dataset: Dataset, settings: Settings) -> tuple[list[Quad], Marked]:
    """Return the quads of a dataset, with what kgpub says of it, and the marks among them."""
    from kgpub.pipeline.comparison.marking import mark

    quads = dict.fromkeys([*dataset.quads(), *catalogue(settings)])
    marked = mark(quads, settings.base)
    return [*quads, *marked.quads], marked


def settings_digest(root: Path) -> str:
    """Return a digest of a workspace's settings and own kinds, as they are on disk."""
    settings, kinds = root / FILENAME, root / KINDS
    contents = [settings.read_bytes().hex()]
    if kinds.exists() or kinds.is_symlink():
        try:
            contents.append(read_bytes(kinds, root, MAX_KINDS_BYTES).hex())
        except SubmissionErrors as refused:
            # No build is accepted with this; validation tells it together with the rest.
            contents.append(str(refused))
    return digest_of(contents)


def _built(
    folder: OutputFolder, dataset: Dataset, problems: tuple[Problem, ...], unchanged: bool
) -> Built:
    fresh = sum(part.fresh for part in dataset.parts)
    return Built(folder.path, len(dataset.parts), fresh, 0, problems, unchanged)
