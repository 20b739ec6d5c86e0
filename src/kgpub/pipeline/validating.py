"""Validation of a workspace: of everything, or of what has changed since the last build."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from kgpub.errors import Problem, StoreError, SubmissionErrors
from kgpub.model.report import VIOLATION, Report
from kgpub.pipeline import placing
from kgpub.pipeline.asked import about, with_articles
from kgpub.pipeline.cache import VERDICTS, Cache, CacheReader, CannotTell
from kgpub.pipeline.catalogue import catalogue
from kgpub.pipeline.dataset import Dataset, Part
from kgpub.pipeline.kinds import read_kinds
from kgpub.pipeline.suggestions import MAX_COMPARED, Suggestions
from kgpub.settings import Settings
from kgpub.store.embedded import Generations
from kgpub.vocabulary import ENTITY_SECTIONS, KG, OWL, resource
from kgpub.vocabulary.schema import EVENT, shape_files

if TYPE_CHECKING:
    from kgpub.pipeline.revalidation import Delta, Revalidation
    from kgpub.validation import Shapes

ONTOLOGY_GRAPH = "graph/ontology"
VOCABULARY = ("kgpub.ttl", "schemes.ttl")
INCREMENTAL_FROM = 500
"""Files of a workspace from which on only changes are validated; with fewer, all takes no longer
than reading what the shapes depend on."""
_MOST = 4
"""Where more than one in so many files has changed, all is validated."""

_OUTDATED = "settings, kinds or software are not those of the last build"
_TWO_LITERALS = "the store has made one of two literals of the last build"
_FALLING_BACK = (CannotTell, sqlite3.DatabaseError, StoreError)

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Validated:
    """A dataset with its SHACL report, and all that is wrong with it, by place.

    There is no report where files could not be read or grounded: what is missing from the data
    would be told as an error of the rest. What is wrong in any case is among the problems all the
    same. `notes` say why more was validated than had changed.
    """

    dataset: Dataset
    report: Report | None
    problems: tuple[Problem, ...]
    notes: tuple[str, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether nothing refuses the data: there is no error among the problems."""
        return not any(problem.severity == "error" for problem in self.problems)


Keep = Callable[[Cache], None]
"""Puts the verdicts of a validation into the cache, once what was validated is published."""


class Validation:
    """Validates the datasets of one workspace."""

    def __init__(
        self, root: Path, settings: Settings, generations: Generations, incremental_from: int
    ) -> None:
        self._root = root
        self._settings = settings
        self._generations = generations
        self.incremental_from = incremental_from
        self._revalidation: tuple[str, Revalidation] | None = None

    @cached_property
    def shapes(self) -> Shapes:
        """The shapes that come with kgpub, each target checked against the ontology."""
        from kgpub.validation import Shapes

        owl_class = NamedNode(OWL + "Class")
        ontology = parse(path=str(resource("ontology") / "kgpub.ttl"), format=RdfFormat.TURTLE)
        classes = [quad.subject for quad in ontology if quad.object == owl_class]
        return Shapes.parse(
            shape_files(), [each.value for each in classes if isinstance(each, NamedNode)]
        )

    def vocabulary(self) -> Iterator[Quad]:
        """Yield ontology and kinds, those of the publisher too, in the graph of the ontology.

        The shapes need them for classes and kinds, and queries for labels.
        """
        graph = NamedNode(self._settings.base + ONTOLOGY_GRAPH)
        shipped = (
            quad.triple
            for name in VOCABULARY
            for quad in parse(path=str(resource("ontology") / name), format=RdfFormat.TURTLE)
        )
        for triple in chain(shipped, read_kinds(self._root, self._settings.base)):
            yield Quad(triple.subject, triple.predicate, triple.object, graph)

    def full(self, dataset: Dataset, engine_name: str, progress: Progress) -> Validated:
        """Validate everything."""
        return self._whole(dataset, engine_name, progress, None)

    def _whole(
        self, dataset: Dataset, engine_name: str, progress: Progress, files: Set[str] | None
    ) -> Validated:
        """Validate everything; with `files`, tell of these only."""
        # Late, as in `shapes`: a third of the time of a query or of a build with nothing to do.
        from kgpub.validation import engine

        progress("shapes")
        try:
            data = [*dataset.quads(), *self.vocabulary()]
        except SubmissionErrors as errors:  # of the publisher's own kinds
            if dataset.readable:
                raise
            told = tuple(sorted([*dataset.problems, *errors.problems]))
            return Validated(dataset, None, told)
        report = engine(engine_name).validate(data, self.shapes)
        if files is not None:
            report = about(report, dataset.parts, files)
        suggestions = Suggestions(data, self.shapes) if report.results else None
        return self._placed(dataset, report, dataset.parts, suggestions, files)

    def _placed(
        self,
        dataset: Dataset,
        report: Report,
        parts: Sequence[Part],
        suggestions: Suggestions | None,
        files: Set[str] | None = None,
    ) -> Validated:
        """Tell the results at their places, with what is wrong with the files (with `files`)."""
        if not dataset.readable:
            from kgpub.pipeline.despite_errors import told_despite_errors

            # Errors elsewhere keep files from being validated, so they are told as well.
            told = told_despite_errors(report, dataset, parts, suggestions, self._root)
            return Validated(dataset, None, tuple(sorted([*dataset.problems, *told])))
        told = placing.problems(report, parts, suggestions)
        own = (each for each in dataset.problems if files is None or each.concerns(files))
        return Validated(dataset, report, tuple(sorted([*own, *told])))

    def of_files(
        self,
        cache: CacheReader | None,
        dataset: Dataset,
        files: Set[str],
        engine_name: str,
        settings_digest: str,
        progress: Progress,
    ) -> Validated:
        """Validate a dataset as far as some of its files are concerned, with what `cache` keeps.

        Report and problems are those of the files, of the metadata of the articles that they are
        about, and of what no file describes.
        """
        files = with_articles(dataset.parts, files, self._settings.base)
        progress("shapes")
        notes: tuple[str, ...] = ()
        if cache is not None and len(dataset.parts) >= self.incremental_from:
            try:
                found = self._open(cache, engine_name, settings_digest)
                if found is not None:
                    changed, gone = found.published.changed(dataset.parts, cache)
                    return self._changed(found, cache, dataset, changed, gone, files)
            except _FALLING_BACK as reason:
                notes = (f"everything is validated: {reason}",)
        return replace(self._whole(dataset, engine_name, progress, files), notes=notes)

    def _open(
        self, cache: CacheReader, engine_name: str, settings_digest: str
    ) -> Revalidation | None:
        """Return what validates changes of the last build, or None where nothing is kept of it."""
        from kgpub.pipeline import verdicts
        from kgpub.pipeline.revalidation import Published, Revalidation
        from kgpub.validation import engine

        fingerprint = self._generations.fingerprint()
        key = verdicts.key_of(fingerprint, settings_digest, engine_name)
        kept = cache.state(VERDICTS)
        if kept != key:
            why_not = verdicts.why_not(cache)
            if kept or why_not:
                raise CannotTell(why_not or _OUTDATED)
            return None
        if self._revalidation is None or self._revalidation[0] != key:
            forms = verdicts.kept_forms(cache)
            store, base = self._generations.open(), self._settings.base
            if self._generations.fingerprint() != fingerprint:
                raise CannotTell("the workspace was built meanwhile")
            published = Published(store, forms, base, catalogue(self._settings))
            chosen = engine(engine_name)
            made = Revalidation(self.shapes, chosen, self.vocabulary(), published)
            self._revalidation = key, made
        return self._revalidation[1]

    def of_parts(
        self,
        cache: CacheReader | None,
        dataset: Dataset,
        engine_name: str,
        settings_digest: str,
    ) -> tuple[Validated | None, tuple[str, ...]]:
        """Validate files that are new or different, all else being as it was built last.

        None where that cannot be done, with notes that say why.
        """
        reason = "no build has kept what it found"
        try:
            if cache is not None and (found := self._open(cache, engine_name, settings_digest)):
                files = {part.file for part in dataset.parts}
                return self._changed(found, cache, dataset, dataset.parts, (), files), ()
        except _FALLING_BACK as error:
            reason = str(error)
        return None, (f"everything is read and validated: {reason}",)

    def _changed(
        self,
        made: Revalidation,
        cache: CacheReader,
        dataset: Dataset,
        parts: Sequence[Part],
        gone: Collection[str],
        files: Set[str],
    ) -> Validated:
        with self._generations.damage_told():
            change = made.published.delta(parts, gone, cache)
            report = made.about(change, dataset, frozenset(files), cache)
        return self._told(made, change, dataset, report, files)

    def _told(
        self,
        made: Revalidation,
        change: Delta,
        dataset: Dataset,
        report: Report,
        files: Set[str] | None = None,
    ) -> Validated:
        """Find the places of results; only the files that say something of them are looked at."""
        with self._generations.damage_told():
            graphs = made.published.graphs_about({result.focus for result in report.results})
            suggestions = self._suggestions(made, report, change)
        fresh = {part.file for part in change.parts}
        parts = [part for part in dataset.parts if part.file in fresh or part.graph in graphs]
        return self._placed(dataset, report, parts, suggestions, files)

    def _suggestions(self, made: Revalidation, report: Report, change: Delta) -> Suggestions | None:
        if not report.results:
            return None
        refused = {
            each.value
            for each in report.results
            if isinstance(each.value, NamedNode) and each.severity == VIOLATION
        }
        published: list[Quad] = []
        if refused:
            after = made.after(change)
            published += (Quad(*triple) for each in refused for triple in after.outgoing(each))
            published += (
                quad
                for klass in _classes_of(refused, self._settings.base)
                for quad in made.published.members(klass, MAX_COMPARED + 1)
                if after.away(quad.subject) != []  # type: ignore[arg-type]
            )
        fresh = (quad for part in change.parts for quad in part.quads)
        return Suggestions(chain(published, fresh, made.vocabulary), self.shapes)

    def for_build(
        self,
        cache: Cache,
        dataset: Dataset,
        engine_name: str,
        settings_digest: str,
        progress: Progress,
    ) -> tuple[Validated, Keep]:
        """Validate a dataset that is to be published; the verdicts are to be kept once it is."""
        if len(dataset.parts) < self.incremental_from or not dataset.readable:
            return self.full(dataset, engine_name, progress), Cache.forget_verdicts
        from kgpub.pipeline import verdicts

        def key() -> str:
            fingerprint = self._generations.fingerprint()
            return verdicts.key_of(fingerprint, settings_digest, engine_name)

        progress("shapes")
        notes: tuple[str, ...] = ()
        try:
            found = self._open(cache, engine_name, settings_digest)
            if found is not None:
                with self._generations.damage_told():
                    changed, gone = found.published.changed(dataset.parts, cache)
                    if len(changed) * _MOST <= len(dataset.parts):
                        change = found.published.delta(changed, gone, cache)
                        return self._changed_whole(found, cache, change, dataset, key)
        except _FALLING_BACK as reason:
            notes = (f"everything is validated: {reason}",)
        validated = replace(self.full(dataset, engine_name, progress), notes=notes)
        return validated, lambda cache: self._keep(cache, key(), validated, engine_name)

    def _changed_whole(
        self,
        made: Revalidation,
        cache: CacheReader,
        change: Delta,
        dataset: Dataset,
        key: Callable[[], str],
    ) -> tuple[Validated, Keep]:
        from kgpub.pipeline import verdicts

        state = verdicts.state_of(cache)
        recheck = made.recheck(change, state)
        report = recheck.applied(state).report
        validated = replace(self._told(made, change, dataset, report), notes=recheck.log)
        forms = made.published.forms_after(change)
        if not forms.is_exact:
            return validated, lambda cache: verdicts.keep_none(cache, _TWO_LITERALS)
        return validated, lambda cache: verdicts.replace(cache, key(), recheck, forms)

    def _keep(self, cache: Cache, key: str, validated: Validated, engine_name: str) -> None:
        """Keep the verdicts of a validation of everything."""
        from kgpub.pipeline import verdicts
        from kgpub.pipeline.revalidation import state_from
        from kgpub.validation import engine
        from kgpub.validation.submitted import SubmittedLiterals

        vocabulary, report = list(self.vocabulary()), validated.report
        assert report is not None
        quads = list(validated.dataset.quads())
        everything = chain(quads, vocabulary, catalogue(self._settings))
        forms = SubmittedLiterals(quad.triple for quad in everything).forms()
        if not forms.is_exact:
            verdicts.keep_none(cache, _TWO_LITERALS)
            return
        state = state_from(report, quads, self.shapes, engine(engine_name), vocabulary)
        verdicts.keep(cache, key, state, forms)


def _classes_of(nodes: Iterable[NamedNode], base: str) -> set[str]:
    """Return the classes of what lies in the same folders as `nodes`."""
    folders = {node.value.rpartition("/")[0] for node in nodes}
    classes = {base + folder[:-1]: KG + name for name, folder in ENTITY_SECTIONS.values()}
    classes[base + "event"] = KG + EVENT
    return {classes[folder] for folder in folders & classes.keys()}
