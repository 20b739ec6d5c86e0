"""A workspace, and what can be done with it: validate, build, query."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import Quad

from kgpub.errors import CallError, WorkspaceError
from kgpub.model.comparison import Comparison
from kgpub.model.submission import graph_of
from kgpub.pipeline.building import Building, Built, published, settings_digest
from kgpub.pipeline.cache import Cache, CacheReader
from kgpub.pipeline.dataset import Dataset, DatasetReading
from kgpub.pipeline.output import output_folder
from kgpub.pipeline.rules import Rules
from kgpub.pipeline.validating import INCREMENTAL_FROM, Progress, Validated, Validation
from kgpub.settings import Settings, find_workspace, read_settings
from kgpub.sources import ARTICLE_FILES, article_of
from kgpub.sources.files import named_file, relative
from kgpub.store import Answer, Binding
from kgpub.store.embedded import Generations
from kgpub.store.locking import locked
from kgpub.store.queries import EmbeddedStore
from kgpub.vocabulary import prefixes
from kgpub.vocabulary.schema import schema

if TYPE_CHECKING:
    from rdflib import Graph

    from kgpub.validation import Shapes

STATE = ".kgpub"
LOCK_SECONDS = 5.0
DEFAULT_ENGINE = "fast"


class Workspace:
    """The workspace that `path` lies in. Raises WorkspaceError where there is none.

    With `incremental_from` files or more, only what has changed since the last build is validated.
    """

    def __init__(self, path: str | Path = ".", *, incremental_from: int = INCREMENTAL_FROM) -> None:
        self.root = find_workspace(Path(path))
        self.settings: Settings = read_settings(self.root)
        self.schema = schema(self.settings.base)
        self.generations = Generations(self.root / STATE / "store")
        self.rules = Rules(self.root, self.settings.base)
        self.validation = Validation(
            self.root, self.rules, self.settings, self.generations, incremental_from
        )
        self._building = Building(
            self.root,
            self.root / STATE,
            self.settings,
            self.schema,
            self.rules,
            self.generations,
            self.validation,
        )

    @property
    def prefixes(self) -> Mapping[str, str]:
        """The prefixes that queries need not declare."""
        return prefixes(self.settings.base)

    @property
    def shapes(self) -> Shapes:
        """The shapes that come with kgpub, each target checked against the ontology."""
        return self.rules.shapes

    def validate(
        self,
        files: Sequence[str | Path] = (),
        engine_name: str = DEFAULT_ENGINE,
        progress: Progress = lambda _: None,
        *,
        as_built: bool = False,
        today: date | None = None,
    ) -> Validated:
        """Validate the workspace; with `files`, tell only of these.

        A path is taken from the working folder. A file that does not lie in the workspace is taken
        for a submission about the article that it names, and validated together with the
        workspace. With `as_built` no file is read but `files` and their articles, and all else is
        taken as it was built last; where that cannot be done, `notes` say why, and everything is
        read. With `today`, what is retracted on a later day is refused. Writes nothing.
        """
        here = self.root.resolve()
        wanted = [named_file(Path(path), self.root) for path in files]
        if as_built and not wanted:
            raise CallError("nothing is named to be validated as built", "Name files.")
        inside = [path for path in wanted if path.is_relative_to(here)]
        outside = [path for path in wanted if not path.is_relative_to(here)]
        extra = [(article_of(path, self.schema), path) for path in outside]
        cache = CacheReader.open(self.root / STATE / "cache.sqlite")
        settings = self.settings_digest()
        notes: tuple[str, ...] = ()
        if as_built:
            reading = DatasetReading(here, self.schema, cache, progress)
            alone = reading.read_only(inside, extra)
            self._require_read(wanted, alone)
            found, notes = self.validation.of_parts(cache, alone, engine_name, settings)
            if found is not None:
                return self.validation.retractions_told(found, alone.parts, cache, today)
        dataset = DatasetReading(here, self.schema, cache, progress).read(extra)
        if not wanted:
            told = self.validation.full(dataset, engine_name, progress)
            return self.validation.retractions_told(told, dataset.parts, None, today)
        names = self._require_read(wanted, dataset)
        told = self.validation.of_files(cache, dataset, names, engine_name, settings, progress)
        told = replace(told, notes=tuple(dict.fromkeys([*notes, *told.notes])))
        own = [part for part in dataset.parts if part.file in names]
        many = len(dataset.parts) >= self.validation.incremental_from
        return self.validation.retractions_told(told, own, cache if many else None, today)

    def _require_read(self, wanted: Iterable[Path], dataset: Dataset) -> frozenset[str]:
        """Return the names of files.

        Raises WorkspaceError where one was not among those read, and nothing is wrong with the
        article beside it that kept it from being read.
        """
        names = frozenset(relative(path, self.root.resolve()) for path in wanted)
        told = {problem.place.file for problem in dataset.problems if problem.severity == "error"}
        problems = (problem for problem in dataset.problems if problem.code != "not-read")
        read = {part.file for part in dataset.parts} | {each.place.file for each in problems}
        for name in sorted(names - read):
            folder = name.rpartition("/")[0]
            if told.isdisjoint((folder, *(f"{folder}/{own}" for own in ARTICLE_FILES))):
                raise WorkspaceError(
                    f"{name}: is no submission of this workspace",
                    "Submissions lie in articles/<slug>/, beside article.txt.",
                )
        return names

    def compare(
        self,
        dataset: Dataset,
        files: Collection[str] = (),
        language: str = "en",
        *,
        published: bool = True,
    ) -> tuple[Comparison, ...]:
        """Tell how each fact in `files` of `dataset`, else in all, stands to what was built last.

        What contradicts each other in these files is told as well; only that unless `published`.
        Names are in `language` where there are any. Raises StoreError.
        """
        from kgpub.pipeline.comparison import compare_files

        store = self.generations.open_built() if published else None
        with self.generations.damage_told():
            names = files or [part.file for part in dataset.parts]
            return compare_files(dataset.parts, names, store, language)

    def export(self, graph: str = "", progress: Progress = lambda _: None) -> list[Quad]:
        """Return the workspace's quads as submitted, or those of the one graph with this IRI.

        Raises SubmissionErrors where they are refused, WorkspaceError where there is no such graph.
        """
        validated = self.validate(progress=progress)
        if not validated.accepted:
            raise validated.refusal(self.root)
        quads, _ = published(validated.dataset, self.settings)
        if not graph:
            return quads
        chosen = [quad for quad in quads if graph_of(quad) == graph]
        if not chosen:
            graphs = sorted({graph_of(quad) for quad in quads})
            raise WorkspaceError(f"there is no graph {graph}", f"Graphs: {', '.join(graphs)}.")
        return chosen

    def build(
        self,
        fresh: bool = False,
        output: Path | None = None,
        engine_name: str = DEFAULT_ENGINE,
        progress: Progress = lambda _: None,
        today: date | None = None,
    ) -> Built:
        """Bring store and output up to date with the workspace's files.

        `fresh` forgets what earlier builds kept; the result is the same. With `today`, what is
        retracted on a later day is refused; what is written depends on no day. Raises
        SubmissionErrors, with every problem, where the data are refused: store and output stay as
        they are.
        """
        with self.built(fresh, output, engine_name, progress, today) as built:
            return built

    @contextmanager
    def built(
        self,
        fresh: bool = False,
        output: Path | None = None,
        engine_name: str = DEFAULT_ENGINE,
        progress: Progress = lambda _: None,
        today: date | None = None,
    ) -> Iterator[Built]:
        """Build as `build` does; nobody else builds this workspace before the block has ended."""
        folder = output_folder(output or self.root / "output", self.root)
        self.generations.require_path()
        with locked(self.root / STATE, LOCK_SECONDS):
            cache = Cache(self.root / STATE / "cache.sqlite")
            try:
                if fresh:
                    cache.forget()
                    self.generations.forget()
                done = self._building.build(cache, folder, engine_name, progress, today)
            finally:
                cache.close()
            yield done

    def settings_digest(self) -> str:
        """Return a digest of the settings and the publisher's own kinds, as they are on disk."""
        return settings_digest(self.root)

    def query(
        self,
        sparql: str,
        bindings: Mapping[str, Binding] | None = None,
        *,
        on: date | None = None,
    ) -> Answer:
        """Put a SPARQL query to what was built last; variables in `bindings` have these values.

        The default graph is the union of all graphs, and the workspace's prefixes are known. With
        `on` the dataset is asked as it was on that day: what was submitted by then, and not yet
        retracted. Raises QueryError, StoreError.
        """
        return self.store(on).query(sparql, self.prefixes, bindings)

    def store(self, on: date | None = None) -> EmbeddedStore:
        """Return the store that was built last, opened to read. Raises StoreError.

        With `on` it is that of the dataset on that day, in memory; see `pipeline.on_day`.
        """
        opened = self.generations.open()
        if on is None:
            return EmbeddedStore(opened)
        from kgpub.pipeline.on_day import is_as_today, store_on

        with self.generations.damage_told():
            history = self.generations.history()
            if not is_as_today(opened, history, on):
                opened = store_on(on, opened, history, self.settings.base)
        return EmbeddedStore(opened)

    def graph(self) -> Graph:
        """Return an rdflib graph over that store, without a copy: the union of all graphs."""
        from oxrdflib import OxigraphStore
        from rdflib import Graph, URIRef
        from rdflib.graph import DATASET_DEFAULT_GRAPH_ID

        graph = Graph(OxigraphStore(store=self.generations.open()), DATASET_DEFAULT_GRAPH_ID)
        for prefix, namespace in self.prefixes.items():
            graph.bind(prefix, URIRef(namespace))
        return graph
