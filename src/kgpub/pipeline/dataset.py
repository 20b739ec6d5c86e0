"""All articles and submissions of a workspace, mapped: what changed anew, the rest as kept."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from pyoxigraph import Quad

from kgpub.errors import Place, Problem, SubmissionErrors, capped
from kgpub.grounding.submission import ground_submission
from kgpub.mapping import map_submission
from kgpub.mapping.links import (
    FOUND_GRAPH,
    REVIEWED_GRAPH,
)
from kgpub.messages import Message
from kgpub.model.links import FOUND_FILE, REVIEWED_FILE
from kgpub.model.sheets import with_sheets
from kgpub.model.submission import Mapped, graph_of
from kgpub.pipeline.cache import Cache, CacheReader, software_digest
from kgpub.pipeline.decided import (
    problems_of_decisions,
    unknown_entities,
    with_links,
)
from kgpub.pipeline.open_article import OpenArticle
from kgpub.pipeline.open_links import open_links
from kgpub.pipeline.relocation import moved_occurrences
from kgpub.pipeline.unknown_article import unknown_article
from kgpub.sources import (
    ArticleFolder,
    article_folder,
    article_folders,
    read_submission,
    unread,
)
from kgpub.sources.files import (
    MAX_ARTICLE_BYTES,
    MAX_SUBMISSION_BYTES,
    checksum,
    read_bytes,
    relative,
)
from kgpub.vocabulary.schema import STATEMENT_TYPES, Schema

_SOUND = "decisions"
"""What the digest of a dataset is noted under with which people's decisions agree."""


@dataclass(frozen=True)
class Part:
    """One file's share of the dataset; `digest` changes with whatever its quads depend on.

    `graph` is the IRI of the named graph that is the file's own; links are in one that is shared.
    `fresh` where the file was read anew. What was kept is loaded when it is first asked for: to
    see that nothing has changed the digests suffice.
    """

    file: str
    graph: str
    digest: str
    fresh: bool
    load: Callable[[], Mapped] = field(repr=False, compare=False)

    @cached_property
    def mapped(self) -> Mapped:
        """The quads of the file, and where in it they come from."""
        return self.load()

    @property
    def quads(self) -> Sequence[Quad]:
        """The quads of the file."""
        return self.mapped.quads

    @property
    def positions(self) -> Sequence[tuple[int, int]]:
        """Line and column of each quad."""
        return self.mapped.positions


@dataclass(frozen=True)
class Dataset:
    """The shares of all files, in the order of their paths, and what is wrong with the files.

    `sent` are the contents of those that are in no folder.
    """

    parts: tuple[Part, ...]
    problems: tuple[Problem, ...]
    sent: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    def quads(self) -> Iterator[Quad]:
        """Yield all quads; the same one may come from several files."""
        for part in self.parts:
            yield from part.mapped.quads

    def history(self) -> Iterator[Quad]:
        """Yield what the files have said and do not say any more, see `Mapped`."""
        for part in self.parts:
            yield from part.mapped.history

    def graph_digests(self) -> Mapping[str, str]:
        """Return a digest of each named graph, from those of the files that have a share in it."""
        shares: dict[str, set[str]] = defaultdict(set)
        for part in self.parts:
            for graph in {graph_of(quad) for quad in part.mapped.quads}:
                shares[graph].add(part.digest)
        return {graph: digest_of(sorted(digests)) for graph, digests in sorted(shares.items())}

    @property
    def readable(self) -> bool:
        """Whether all files could be read and grounded; what is told besides are warnings."""
        return not any(problem.severity == "error" for problem in self.problems)

    @property
    def digest(self) -> str:
        """A digest of the whole."""
        return digest_of(f"{part.file} {part.digest}" for part in self.parts)


def digest_of(texts: Iterable[str]) -> str:
    """Return the SHA-256 of the texts, each ended by a NUL, in hexadecimal."""
    digest = hashlib.sha256()
    for text in texts:
        digest.update(text.encode() + b"\0")
    return digest.hexdigest()


class DatasetReading:
    """Reads a workspace; what is wrong with one file does not keep it from reading the others."""

    def __init__(
        self, root: Path, schema: Schema, cache: CacheReader | None, progress: Callable[[str], None]
    ) -> None:
        self.root = root
        self.schema = schema
        self.cache = cache
        self.progress = progress
        self.problems: list[Problem] = []
        self.parts: list[Part] = []
        self.seen: set[str] = set()

    def read(self, extra: Iterable[tuple[str, Path]] = ()) -> Dataset:
        """Read all articles with their submissions, and `extra` ones as (article slug, path)."""
        folders: list[ArticleFolder] = []
        more: dict[str, list[Path]] = defaultdict(list)
        for slug, path in extra:
            more[slug].append(path)
        try:
            for folder in article_folders(self.root):
                folders.append(folder)
                self._article(folder, more.pop(folder.slug, []))
        except SubmissionErrors as errors:
            self.problems.extend(errors.problems)
        if not folders and not self.problems:
            self.problems.append(self._nothing())
        self.problems.extend(unread(self.root, folders))
        for slug, paths in more.items():
            self._unknown(slug, paths, [folder.slug for folder in folders])
        self._links()
        self._decisions()
        if isinstance(self.cache, Cache):
            self.cache.keep_only(self.seen)
        return Dataset(tuple(self.parts), capped(map(with_sheets, self.problems)))

    def read_only(self, files: Iterable[Path], extra: Iterable[tuple[str, Path]] = ()) -> Dataset:
        """Read some of the workspace's files, `extra` submissions, and the articles of all these.

        Of the files of links both are read if one is named. Any other file that is no submission
        and no metadata of an article is passed over.
        """
        parent = self.root / "articles"
        wanted: dict[str, list[Path]] = defaultdict(list)
        named = list(files)
        if not {self.root / REVIEWED_FILE, self.root / FOUND_FILE}.isdisjoint(named):
            self._links()
        for path in named:
            if path.parent.parent == parent and path.is_file():
                wanted[path.parent.name].append(path)
        more: dict[str, list[Path]] = defaultdict(list)
        for slug, path in extra:
            more[slug].append(path)
        for slug in dict.fromkeys((*wanted, *more)):
            if Path(slug).name != slug or not (parent / slug).is_dir():
                articles = sorted(each.name for each in parent.glob("*") if each.is_dir())
                self._unknown(slug, more[slug], articles)
                continue
            try:
                folder = article_folder(parent / slug, self.root)
                own = tuple(path for path in folder.submissions if path in wanted[slug])
                if own or more[slug] or folder.metadata in wanted[slug]:
                    self._article(replace(folder, submissions=own), more[slug])
            except SubmissionErrors as errors:
                self.problems.extend(errors.problems)
        self._decisions(whole=False)
        return Dataset(tuple(self.parts), capped(map(with_sheets, self.problems)))

    def _unknown(self, slug: str, paths: Iterable[Path], articles: Sequence[str]) -> None:
        for path in paths:
            told = unknown_article(path, slug, articles, self.root, self.schema)
            self.problems.append(told)

    def _nothing(self) -> Problem:
        parent = self.root / "articles"
        if parent.is_dir():
            message = Message("no-article")
        elif parent.exists() or parent.is_symlink():
            message = Message("articles-no-folder")
        else:
            message = Message("articles-missing")
        return Problem(Place("articles"), message, Message("put-articles"))

    def _article(self, folder: ArticleFolder, extra: list[Path]) -> None:
        files = (folder.metadata, *folder.submissions)
        self.seen.update(relative(path, self.root) for path in files)
        try:
            text = read_bytes(folder.text, self.root, MAX_ARTICLE_BYTES)
            metadata = read_bytes(folder.metadata, self.root, MAX_SUBMISSION_BYTES)
            opened = self._opened(folder, text, metadata)
        except SubmissionErrors as errors:
            self.problems.extend(errors.problems)
            return
        names = {path.stem: path for path in folder.submissions}
        for path in extra:
            if (same := names.setdefault(path.stem, path)) is not path:
                message = Message("name-taken", file=relative(same, self.root))
                remedy = Message("rename-file")
                self.problems.append(Problem(Place(relative(path, self.root)), message, remedy))
        for path in names.values():
            home = self.root if path.is_relative_to(self.root) else path.parent
            try:
                content = read_bytes(path, home, MAX_SUBMISSION_BYTES)
                self._submission(relative(path, self.root), path.stem, content, opened)
            except SubmissionErrors as errors:
                self.problems.extend(errors.problems)

    def _opened(self, folder: ArticleFolder, text: bytes, metadata: bytes) -> OpenArticle:
        """Add an article's own share, and return the article. Raises SubmissionErrors."""
        parts = [software_digest(), self.schema.base, checksum(text), checksum(metadata)]
        opened = OpenArticle(folder, self.root, self.schema, text, metadata, digest_of(parts))
        file = relative(folder.metadata, self.root)
        self._part(file, f"article/{folder.slug}", opened.digest, lambda: opened.mapped)
        return opened

    def _submission(self, file: str, stem: str, content: bytes, opened: OpenArticle) -> None:
        """Add the share of a submission, the `content` of `file`. Raises SubmissionErrors."""
        digest = digest_of([opened.digest, file, checksum(content)])

        def mapped() -> Mapped:
            source = read_submission(content, file, opened.folder.slug, self.schema)
            keys = self.schema.keys(STATEMENT_TYPES[0])
            grounded = ground_submission(source.tree, opened.file.text, file, keys)
            result = map_submission(source, opened.article, grounded.passages, self.schema)
            problems = (*grounded.problems, *result.problems)
            if self.cache is not None:
                before = self.cache.published(file)
                problems += moved_occurrences(before, source.tree, grounded, opened.file.text, file)
            return replace(result, problems=problems)

        self._part(file, f"submission/{opened.folder.slug}/{stem}", digest, mapped)

    def _links(self) -> None:
        """Read the files of links; people's decisions are in what was found already."""
        try:
            opened = open_links(self.root, self.schema.base)
            common = [software_digest(), self.schema.base, checksum(opened.reviewed_content)]
            for file, name, content, mapped in (
                (REVIEWED_FILE, REVIEWED_GRAPH, opened.reviewed_content, opened.reviewed),
                (FOUND_FILE, FOUND_GRAPH, opened.found_content, opened.found),
            ):
                if content:
                    self.seen.add(file)
                    self._part(file, name, digest_of([*common, checksum(content)]), mapped)
        except SubmissionErrors as errors:
            self.problems.extend(map(with_links, errors.problems))

    def _decisions(self, *, whole: bool = True) -> None:
        """Compare people's decisions with the files; that there was nothing to tell is noted.

        Only of the `whole` workspace is it known what no file describes.
        """
        if not any(part.file == REVIEWED_FILE for part in self.parts) and whole:
            return
        digest = digest_of(f"{part.file} {part.digest}" for part in self.parts)
        if self.cache is not None and self.cache.state(_SOUND) == digest:
            return
        try:
            reviewed = open_links(self.root, self.schema.base).decided()
        except SubmissionErrors:
            return  # told already
        found = problems_of_decisions(reviewed, self.parts, self.schema.base)
        if whole and not any(problem.severity == "error" for problem in self.problems):
            found += unknown_entities(reviewed, self.parts, self.schema.base)
            if isinstance(self.cache, Cache) and not found:
                self.cache.note(_SOUND, digest)
        self.problems.extend(found)

    def _part(self, file: str, name: str, digest: str, mapping: Callable[[], Mapped]) -> None:
        cache, graph = self.cache, self.schema.base + name
        if cache is not None and cache.has(file, digest):
            # What is damaged is mapped again; the same digest gives the same, without a problem.
            kept = Part(file, graph, digest, False, lambda: cache.get(file, digest) or mapping())
            self.parts.append(kept)
            return
        self.progress(file)
        mapped = mapping()
        self.problems.extend(mapped.problems)
        self.parts.append(Part(file, graph, digest, True, lambda: mapped))
        refused = any(problem.severity == "error" for problem in mapped.problems)
        if isinstance(cache, Cache) and not refused:
            cache.put(file, digest, mapped)
