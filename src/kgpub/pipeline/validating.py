"""Validation of a workspace: of everything, or of what has changed since the last build."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Quad, Store

from kgpub.errors import Problem, StoreError, SubmissionErrors
from kgpub.model.report import Report
from kgpub.pipeline import placing
from kgpub.pipeline.asked import about, with_articles
from kgpub.pipeline.cache import Cache, CacheReader, CannotTell
from kgpub.pipeline.dataset import Dataset, Part
from kgpub.pipeline.last_build import LastBuild, as_published, differing
from kgpub.pipeline.retracted import described_in, problems_of_retractions
from kgpub.pipeline.rules import Rules
from kgpub.pipeline.suggestions import Suggestions
from kgpub.pipeline.years import problems_of_years
from kgpub.settings import Settings
from kgpub.store.embedded import Generations

if TYPE_CHECKING:
    from kgpub.pipeline.revalidation import Delta, Revalidation
    from kgpub.validation.graph_view import View

INCREMENTAL_FROM = 500
"""Files of a workspace from which on only changes are validated; with fewer, all takes no longer
than reading what the shapes depend on."""
_MOST = 4
"""Where more than one in so many files has changed, all is validated."""

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

    def refusal(self, root: Path) -> SubmissionErrors:
        """Return the error that tells the problems; their files' paths are relative to `root`."""
        return SubmissionErrors(self.problems, root, unfinished=self.report is None)


Keep = Callable[[Cache], None]
"""Puts the verdicts of a validation into the cache, once what was validated is published."""


class Validation:
    """Validates the datasets of one workspace."""

    def __init__(
        self,
        root: Path,
        rules: Rules,
        settings: Settings,
        generations: Generations,
        incremental_from: int,
    ) -> None:
        self._root = root
        self._rules = rules
        self._base = settings.base
        self._generations = generations
        self._last_build = LastBuild(rules, settings, generations)
        self.incremental_from = incremental_from

    @property
    def store(self) -> Store | None:
        """What was built last, as the last validation of a part has opened it; None before that.

        To open a store again takes longer than to validate some facts.
        """
        return self._last_build.store

    def full(self, dataset: Dataset, engine_name: str, progress: Progress) -> Validated:
        """Validate everything."""
        return self._whole(dataset, engine_name, progress, None)

    def _whole(
        self, dataset: Dataset, engine_name: str, progress: Progress, files: Set[str] | None
    ) -> Validated:
        """Validate everything; with `files`, tell of these only."""
        # Late, as in `Rules.shapes`: a build with nothing to do does not need it.
        from kgpub.validation import engine

        progress("shapes")
        try:
            data = [*dataset.quads(), *self._rules.vocabulary()]
        except SubmissionErrors as errors:  # of the publisher's own kinds
            if dataset.readable:
                raise
            told = tuple(sorted([*dataset.problems, *errors.problems]))
            return Validated(dataset, None, told)
        report = engine(engine_name).validate(data, self._rules.shapes)
        if files is not None:
            report = about(report, dataset.parts, files)
        suggestions = Suggestions(lambda: data, self._rules.shapes) if report.results else None
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
        told = placing.problems(report, parts, suggestions, asked=files or frozenset())
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
        files = with_articles(dataset.parts, files, self._base)
        progress("shapes")
        notes: tuple[str, ...] = ()
        if cache is not None and len(dataset.parts) >= self.incremental_from:
            try:
                found = self._last_build.open(cache, (engine_name, settings_digest))
                if found is not None:
                    changed, gone = differing(dataset.parts, cache)
                    if _is_little(changed, gone, dataset):
                        return self._by_delta(found, cache, dataset, changed, gone, files)
            except _FALLING_BACK as reason:
                notes = (f"everything is validated: {reason}",)
        return replace(self._whole(dataset, engine_name, progress, files), notes=notes)

    def retractions_told(
        self,
        validated: Validated,
        asked: Sequence[Part],
        cache: CacheReader | None,
        today: date | None,
    ) -> Validated:
        """Return what was validated with what is to be told of the retractions in `asked`.

        What is to be told of years in them comes besides, see `years.problems_of_years`, but of no
        file with errors: what these are about may be why words and date differ. With
        `cache` what else is said is looked up in what was built last; else all is read. See
        `retracted.problems_of_retractions`.
        """
        parts = validated.dataset.parts

        def saying(wanted: Set[NamedNode]) -> Iterable[Part]:
            if cache is None or self._generations.current() is None:
                return parts
            try:
                with self._generations.damage_told():
                    graphs = described_in(self._generations.open_built(), wanted)
            except StoreError:  # told where it is needed
                return parts
            fresh = [part for part in parts if part.fresh or part.graph in graphs]
            return [*fresh, *as_published(graphs - {part.graph for part in parts}, cache)]

        refused = {each.place.file for each in validated.problems if each.severity == "error"}
        sound = (part for part in asked if part.file not in refused)
        told = (*problems_of_retractions(asked, saying, today), *problems_of_years(sound))
        return replace(validated, problems=tuple(sorted([*validated.problems, *told])))

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
            if cache is not None:
                found = self._last_build.open(cache, (engine_name, settings_digest))
                if found is not None:
                    files = {part.file for part in dataset.parts}
                    return self._by_delta(found, cache, dataset, dataset.parts, (), files), ()
        except _FALLING_BACK as error:
            reason = str(error)
        return None, (f"everything is read and validated: {reason}",)

    def _by_delta(
        self,
        made: Revalidation,
        cache: CacheReader,
        dataset: Dataset,
        parts: Sequence[Part],
        gone: Collection[str],
        files: Set[str],
    ) -> Validated:
        from kgpub.validation.incremental import State

        with self._generations.damage_told():
            delta = made.published.delta(parts, gone, cache)
            recheck = made.recheck(delta, State({}))
            report = made.report_on(recheck, dataset, frozenset(files), cache)
        return self._told(made, cache, delta, recheck.after, dataset, report, files)

    def _told(
        self,
        made: Revalidation,
        cache: CacheReader,
        delta: Delta,
        after: View,
        dataset: Dataset,
        report: Report,
        files: Set[str] | None = None,
    ) -> Validated:
        """Find the places of results; only the files that say something of them are looked at."""
        with self._generations.damage_told():
            graphs = made.published.graphs_about({result.focus for result in report.results})
        fresh = {part.file for part in delta.parts}
        parts = [part for part in dataset.parts if part.file in fresh or part.graph in graphs]
        # Files that were not read are taken as they were built, like what they say.
        parts += as_published(graphs - {part.graph for part in dataset.parts}, cache)

        def described() -> list[Quad]:
            with self._generations.damage_told():
                return list(made.described(delta, after, report))

        suggestions = Suggestions(described, self._rules.shapes) if report.results else None
        return self._placed(dataset, report, parts, suggestions, files)

    def for_build(
        self,
        cache: Cache,
        dataset: Dataset,
        engine_name: str,
        settings_digest: str,
        progress: Progress,
    ) -> tuple[Validated, Keep]:
        """Validate a dataset that is to be published; the verdicts are to be kept once it is."""
        if not dataset.readable:
            return self.full(dataset, engine_name, progress), Cache.forget_verdicts
        from kgpub.pipeline import verdicts

        found_by = engine_name, settings_digest
        progress("shapes")
        notes: tuple[str, ...] = ()
        try:
            many = len(dataset.parts) >= self.incremental_from
            found = self._last_build.open(cache, found_by) if many else None
            changed, gone = differing(dataset.parts, cache)
            if found is not None and _is_little(changed, gone, dataset):
                with self._generations.damage_told():
                    delta = found.published.delta(changed, gone, cache)
                    state = verdicts.state_of(cache)
                    recheck = found.recheck(delta, state)
                told = self._told(
                    found, cache, delta, recheck.after, dataset, recheck.applied(state).report
                )
                forms = found.published.forms_after(delta)
                keep = partial(
                    self._last_build.keep_changed, forms=forms, recheck=recheck, found_by=found_by
                )
                return replace(told, notes=recheck.log), keep
        except _FALLING_BACK as reason:
            notes = (f"everything is validated: {reason}",)
        told = replace(self.full(dataset, engine_name, progress), notes=notes)
        report = told.report
        assert report is not None  # A dataset that can be read is always validated.
        keep_all = partial(self._last_build.keep, dataset=dataset, report=report, found_by=found_by)
        return told, keep_all


def _is_little(changed: Sequence[Part], gone: Collection[str], dataset: Dataset) -> bool:
    """Whether to validate what has changed takes less time than to validate everything."""
    return (len(changed) + len(gone)) * _MOST <= len(dataset.parts)
