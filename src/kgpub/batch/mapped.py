"""The pure steps: records to quads and what is wrong with them; no file is written, nothing kept.

What SHACL says of a record is told here as far as no other record can change it. The rest is open:
`Open` has the nodes that are to be validated in the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from kgpub.batch.locality import Locality
from kgpub.batch.record import Record
from kgpub.errors import Problem, SubmissionErrors, capped
from kgpub.grounding.submission import ground_submission
from kgpub.mapping import map_article, map_submission
from kgpub.model.report import Report, Result
from kgpub.model.sheets import with_sheets
from kgpub.model.submission import Article, ArticleFile, Mapped
from kgpub.pipeline import placing
from kgpub.pipeline.rules import Rules
from kgpub.pipeline.suggestions import Suggestions
from kgpub.sources import ArticleFolder, read_article, read_submission
from kgpub.validation import engine
from kgpub.vocabulary.schema import STATEMENT_TYPES, schema

_ROOT = Path("/")
"""What the paths of records are below: they are no files."""


@dataclass(frozen=True)
class Part:
    """One file's quads, with line and column of each."""

    file: str
    quads: Sequence[Quad]
    positions: Sequence[tuple[int, int]]


@dataclass(frozen=True)
class MappedRecord:
    """What a record was mapped to, and all that is wrong with it; an error refuses it."""

    record: Record
    parts: tuple[Part, ...] = field(repr=False)
    problems: tuple[Problem, ...]
    history: tuple[Quad, ...] = field(default=(), repr=False)

    @property
    def is_refused(self) -> bool:
        return any(each.severity == "error" for each in self.problems)

    def quads(self) -> Iterator[Quad]:
        """Yield the quads of all files; one may come from several."""
        for part in self.parts:
            yield from part.quads


@dataclass(frozen=True)
class MappedBatch:
    """Some records, each mapped, with the nodes that are to be validated in the whole."""

    records: tuple[MappedRecord, ...]
    open: frozenset[NamedNode]

    @property
    def accepted(self) -> Iterator[MappedRecord]:
        """The records that nothing refuses as far as they were looked at by themselves."""
        return (each for each in self.records if not each.is_refused)


class RecordMapping:
    """Maps and validates records by the settings and kinds of a workspace.

    What it says of one does not depend on which others are given with it; it is a tenth of the time
    to validate many together.
    """

    def __init__(self, root: Path, base: str) -> None:
        self._rules = Rules(root, base)
        self.schema = schema(base)
        self._keys = self.schema.keys(STATEMENT_TYPES[0])

    @cached_property
    def _vocabulary(self) -> tuple[Quad, ...]:
        return tuple(self._rules.vocabulary())

    @cached_property
    def locality(self) -> Locality:
        """Which results no other record can change."""
        return Locality(self._rules.shapes, self.schema.base)

    def map(self, records: Iterable[Record]) -> MappedBatch:
        """Read, ground, map and validate. Raises SubmissionErrors for the publisher's own kinds."""
        mapped = [self._mapped(each) for each in records]
        sound = [each for each in mapped if not each.is_refused]
        quads = [quad for each in sound for quad in each.quads()]
        shapes = self._rules.shapes
        report = engine().validate([*quads, *self._vocabulary], shapes) if quads else Report(())
        final = [each for each in report.results if self.locality.is_final(each)]
        open_nodes = {
            each.focus
            for each in report.results
            if self.locality.is_open(each) and isinstance(each.focus, NamedNode)
        }
        told = self._with_results(sound, final) if final else {}
        return MappedBatch(
            tuple(told.get(each.record.slug, each) for each in mapped), frozenset(open_nodes)
        )

    def _mapped(self, record: Record) -> MappedRecord:
        problems: list[Problem] = []
        parts: list[Part] = []
        past: list[Quad] = []
        try:
            file, article, mapped = self._article(record)
            problems += mapped.problems
            parts.append(Part(file.file, mapped.quads, mapped.positions))
        except SubmissionErrors as errors:
            return MappedRecord(record, (), errors.problems)
        for each in record.submissions:
            path = record.path(each.name)
            try:
                mapped = self._submission(each.content, path, file, article)
            except SubmissionErrors as errors:
                problems += errors.problems
                continue
            problems += mapped.problems
            parts.append(Part(path, mapped.quads, mapped.positions))
            past += mapped.history
        told = capped(map(with_sheets, problems))
        return MappedRecord(record, tuple(parts), told, tuple(past))

    def _article(self, record: Record) -> tuple[ArticleFile, Article, Mapped]:
        place = _ROOT / record.path(record.metadata.name)
        folder = ArticleFolder(record.slug, place.with_name("article.txt"), place, ())
        file = read_article(folder, _ROOT, record.text, record.metadata.content)
        return (file, *map_article(file, self.schema))

    def _submission(self, content: bytes, path: str, file: ArticleFile, article: Article) -> Mapped:
        source = read_submission(content, path, file.slug, self.schema)
        grounded = ground_submission(source.tree, file.text, path, self._keys)
        mapped = map_submission(source, article, grounded.passages, self.schema)
        problems = (*grounded.problems, *mapped.problems)
        return Mapped(mapped.quads, mapped.positions, problems, mapped.history)

    def _with_results(
        self, records: Iterable[MappedRecord], results: Iterable[Result]
    ) -> Mapping[str, MappedRecord]:
        """Return, by slug, the records that results are about, with these among their problems."""
        about: dict[NamedNode, list[Result]] = {}
        for each in results:
            if isinstance(each.focus, NamedNode):
                about.setdefault(each.focus, []).append(each)
        told: dict[str, MappedRecord] = {}
        for record in records:
            quads = list(record.quads())
            said = {(quad.subject, quad.object) for quad in quads}
            focuses = {quad.subject for quad in quads if isinstance(quad.subject, NamedNode)}
            own = [
                each
                for focus in sorted(focuses & about.keys(), key=str)
                for each in about[focus]
                if self.locality.concerns(each, said)
            ]
            if own:
                told[record.record.slug] = self._with_report(record, Report.of(own))
        return told

    def _with_report(self, record: MappedRecord, report: Report) -> MappedRecord:
        def described() -> list[Quad]:
            return [*record.quads(), *self._vocabulary]

        suggestions = Suggestions(described, self._rules.shapes)
        found = placing.problems(report, record.parts, suggestions, every=True)
        problems = capped([*record.problems, *found])
        return MappedRecord(record.record, record.parts, problems, record.history)
