"""Looks for links in a workspace, with a gazetteer or at Wikidata, and keeps what is found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from pyoxigraph import Quad

from kgpub.errors import CallError, KgpubError, Problem, StoreError, SubmissionErrors
from kgpub.linking.caution import may_be_named, without_title
from kgpub.linking.decision import decide
from kgpub.linking.entity import Item, Source
from kgpub.linking.gazetteer import Gazetteer
from kgpub.linking.gazetteer_files import digest_of, read_items
from kgpub.linking.merging import merged as merged_items
from kgpub.linking.scoring import of_items
from kgpub.mapping.links import FOUND_GRAPH
from kgpub.model.links import FOUND_FILE, FoundLink
from kgpub.model.submission import graph_of
from kgpub.pipeline.cache import CacheReader
from kgpub.pipeline.dataset import Dataset, DatasetReading
from kgpub.pipeline.decided import rejected_redirects
from kgpub.pipeline.declared import declared_items, problems_of_declared
from kgpub.pipeline.kept_links import KeptLinks
from kgpub.pipeline.known_items import KnownItems, Lookup
from kgpub.pipeline.linking import Linked, find_links, merged
from kgpub.pipeline.mentions import Named, named_entities, words_about
from kgpub.pipeline.open_links import open_links
from kgpub.pipeline.validating import Progress
from kgpub.pipeline.workspace import STATE, Workspace
from kgpub.wikidata.answers import Answers
from kgpub.wikidata.cache import Cache
from kgpub.wikidata.client import Client, Endpoints
from kgpub.wikidata.errors import WikidataError
from kgpub.wikidata.items import remembered
from kgpub.wikidata.lookup import Wikidata

GAZETTEERS = "gazetteers"
"""The folder of a workspace's own gazetteers."""
INDEX = "gazetteer.sqlite"
ANSWERS = "wikidata.sqlite"


@dataclass(frozen=True)
class Looked:
    """What looking for links has come to; `problems` are of declared items, `notes` sentences."""

    found: tuple[Linked, ...]
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether no declared item is wrong."""
        return not any(each.severity == "error" for each in self.problems)


class LinkedWorkspace:
    """The links of a workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.kept = KeptLinks(workspace.root)
        self._state = workspace.root / STATE

    def offline(self, files: Sequence[Path], day: date, progress: Progress) -> Looked:
        """Look in gazetteers: `files`, else those in the workspace's folder.

        Raises SubmissionErrors where the workspace cannot be read, DataError for a gazetteer,
        CallError where there is none.
        """
        dataset = self._read(progress)
        notes: list[str] = []

        def look() -> tuple[list[Linked], list[Problem]]:
            with (
                closing(self.gazetteer(files, notes.append, progress)) as source,
                self._remembered() as remembered,
            ):
                known = KnownItems((source.item, *remembered))
                found = self._find(dataset, source, day, progress, known)
                return found, self._rejected_redirects(dataset, known)

        try:
            found, problems = look()
        except StoreError:
            # The index is damaged, and only a copy of what the files say.
            (self._state / INDEX).unlink(missing_ok=True)
            found, problems = look()
        return Looked(tuple(found), tuple(problems), tuple(notes))

    def live(
        self,
        contact: str,
        api: str,
        sparql: str,
        now: Callable[[], datetime],
        progress: Progress,
    ) -> Looked:
        """Ask Wikidata about all entities, and about the items that are declared.

        `contact` is an address by which Wikimedia reaches who asks; `api` and `sparql` are
        addresses to ask in place of Wikidata's own, or "". Raises as `offline` does, and
        WikidataError; what had been answered by then is kept, and not asked again.
        """
        own = Endpoints()
        client = Client(contact, Endpoints(api or own.api, sparql or own.sparql))
        dataset = self._read(progress)
        named = self.named(dataset)
        with closing(Cache(self._state / ANSWERS, now)) as cache:
            source = Wikidata(Answers(cache, client), of_items, now().date(), _spellings)
            progress("Wikidata")
            declared = [each.item for each in named if each.item]
            rejected = [item for _, item in self.kept.decided().rejected]
            source.prefetch((each.mention for each in self._open(named)), [*declared, *rejected])
            records = source.records([*declared, *rejected])
            known = KnownItems((source.item,))
            found = self._find(dataset, source, now().date(), progress, known)
            rejected_too = self._rejected_redirects(dataset, known)
            aside = cache.set_aside
        places = declared_items(dataset.parts, self.workspace.settings.base)
        problems = problems_of_declared(named, records, places, may_be_named)
        notes = [f"the cache was damaged; it is now {aside}"] if aside else []
        return Looked(tuple(found), tuple(sorted([*problems, *rejected_too])), tuple(notes))

    @property
    def has_gazetteers(self) -> bool:
        """Whether there are files in the workspace's folder of gazetteers."""
        return bool(_listed(self.workspace.root / GAZETTEERS))

    def gazetteer(
        self, files: Sequence[Path], tell: Callable[[str], None], progress: Progress
    ) -> Gazetteer:
        """Open the index of `files`, else of those in the workspace's folder; made anew if needed.

        Raises DataError for what is wrong with a file, CallError where there is none.
        """
        paths = list(files) or _listed(self.workspace.root / GAZETTEERS)
        if not paths:
            raise CallError(
                "there is no gazetteer",
                f"Name one with --gazetteer, put files of items into the folder {GAZETTEERS}, "
                "or ask Wikidata itself: kgpub link --live",
            )
        try:
            sources = {f"{n} {path.name}": digest_of(path) for n, path in enumerate(paths, 1)}
        except OSError as error:
            message = f"{error.filename}: cannot be read: {error.strerror}"
            raise CallError(message, "Name a file of items.") from error
        index = self._state / INDEX
        try:
            gazetteer = Gazetteer.open(index)
            if gazetteer.sources == sources:
                return gazetteer
            gazetteer.close()
        except StoreError:
            pass  # There is none, or it is of another version: it is made from the files.
        progress("gazetteer")
        self._state.mkdir(exist_ok=True)
        items = merged_items((read_items(path) for path in paths), tell)
        return Gazetteer.build(index, items, sources)

    @contextmanager
    def known_items(self) -> Iterator[Callable[[str], Item | None]]:
        """Yield what tells of an item all that was found out before, without asking anybody.

        Where the workspace has gazetteers of its own and no index of them, one is made.
        """
        with ExitStack() as stack:
            lookups: list[Lookup] = []
            index = self._state / INDEX
            if index.is_file() or self.has_gazetteers:
                with suppress(KgpubError):  # it only shows more
                    opened = (
                        Gazetteer.open(index)
                        if index.is_file()
                        else self.gazetteer((), lambda _: None, lambda _: None)
                    )
                    lookups.append(stack.enter_context(closing(opened)).item)
            lookups += stack.enter_context(self._remembered())

            def known(qid: str) -> Item | None:
                for lookup in lookups:
                    with suppress(StoreError):
                        item = lookup(qid)
                        if item is not None:
                            return item
                return None

            yield known

    @contextmanager
    def _remembered(self) -> Iterator[Sequence[Lookup]]:
        """Yield what tells of items by Wikidata's answers before, nothing where none are kept."""
        answers = self._state / ANSWERS
        cache = None
        if answers.is_file():
            with suppress(WikidataError):  # they only tell more
                cache = Cache(answers, lambda: datetime.now(UTC))
        if cache is None:
            yield ()
            return
        with closing(cache):
            yield (partial(remembered, cache=cache),)

    def named(self, dataset: Dataset) -> list[Named]:
        """Return the entities, with the items that people have declared or accepted."""
        return named_entities(self._without_found(dataset), self.workspace.settings.base)

    def words(self, dataset: Dataset) -> Mapping[str, Sequence[str]]:
        """Return the words that speak of each entity."""
        return words_about(dataset.quads(), self.workspace.settings.base)

    def read(self) -> Dataset:
        """Return the workspace's files, mapped. Raises SubmissionErrors."""
        return self._read(lambda _: None)

    def _read(self, progress: Progress) -> Dataset:
        place = self.workspace
        cache = CacheReader.open(self._state / "cache.sqlite")
        dataset = DatasetReading(place.root.resolve(), place.schema, cache, progress).read()
        problems = [each for each in dataset.problems if each.place.file != FOUND_FILE]
        if any(each.severity == "error" for each in problems):
            raise SubmissionErrors(problems, place.root)
        return dataset

    def _without_found(self, dataset: Dataset) -> Iterator[Quad]:
        graph = self.workspace.settings.base + FOUND_GRAPH
        return (quad for quad in dataset.quads() if graph_of(quad) != graph)

    def _open(self, named: Iterable[Named]) -> list[Named]:
        decided = self.kept.decided()
        known = {*decided.accepted, *decided.unlinked}
        return [each for each in named if not each.item and each.entity not in known]

    def _rejected_redirects(self, dataset: Dataset, known: KnownItems) -> list[Problem]:
        base = self.workspace.settings.base
        reviewed = open_links(self.workspace.root, base).decided()
        items = {each.entity: each.item for each in self.named(dataset) if each.item}
        places = declared_items(dataset.parts, base)
        return rejected_redirects(reviewed, items, places, known.target)

    def _find(
        self, dataset: Dataset, source: Source, day: date, progress: Progress, known: KnownItems
    ) -> list[Linked]:
        decided, named = self.kept.decided(), self.named(dataset)
        found = find_links(named, source, decide, decided, day.isoformat(), progress, known)
        before: list[FoundLink] = []
        with suppress(SubmissionErrors):  # what is damaged there is written anew
            before = self.kept.found()
        self.kept.keep_found(merged(found, before))
        return found


def _listed(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("[!.]*") if path.is_file())


def _spellings(name: str) -> list[str]:
    """Return as what else a name is looked for: Wikidata's search is by how names begin."""
    return [without_title(name)]
