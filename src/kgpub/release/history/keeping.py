"""The folder of changes kept in step with the releases."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from markupsafe import Markup

from kgpub.errors import CallError, OutputError
from kgpub.messages import LANGUAGES, Message
from kgpub.model.version import order
from kgpub.pages.releases import FEED, STREAM
from kgpub.pages.rendering import LANGUAGE_NAMES
from kgpub.release.asked import Asked
from kgpub.release.differences.changelog import Changelog, Entry, choice, feed, page
from kgpub.release.differences.page import Link
from kgpub.release.folder import Record, Releases
from kgpub.release.history.checksums import write_sums
from kgpub.release.history.folder import FOLDER, History
from kgpub.release.history.nodes import root
from kgpub.release.history.step import PAGE, Step, dataset_of
from kgpub.release.history.stepping import other_languages, write_step
from kgpub.settings import Settings

Progress = Callable[[str], None]
_FRESH = "Run: kgpub changelog --fresh"


@dataclass(frozen=True)
class Kept:
    """The folder of changes, how many releases it tells of, and how many were written now."""

    folder: Path
    steps: int
    written: int


def keep(
    releases: Releases,
    settings: Settings,
    asked: Asked,
    *,
    fresh: bool = False,
    progress: Progress = lambda _: None,
) -> Kept:
    """Bring the folder of changes up to date with the releases.

    `asked` says where the folder of releases is on the web, which is remembered where no setting
    says so. Only releases that are not told of yet are compared; if `fresh`, all that are there.
    Raises CallError where there is no release, OutputError where something is not as it was made or
    cannot be written.
    """
    if not releases.records():  # nothing is written where there is none, not even a lock
        raise CallError(f"{releases.path}: holds no release", "Make one: kgpub release")
    with releases.held():
        records = {record.version: record for record in releases.records()}
        history = History(releases.path)
        history.opened()
        made = list(_Making(history, releases, records, fresh, progress).steps())
        steps = [step for step, _ in made]
        progress("changelog")
        place = asked.place_below(settings.base)
        files = _files(steps, settings, f"{place}{FOLDER}/")
        history.put(files, steps, asked.to_remember(settings.release, settings.base))
    return Kept(history.path, len(steps), sum(is_new for _, is_new in made))


@dataclass(frozen=True)
class _Making:
    """Makes the steps that are missing; if `fresh`, all that can be."""

    history: History
    releases: Releases
    records: Mapping[str, Record]
    fresh: bool
    progress: Progress

    def steps(self) -> Iterator[tuple[Step, bool]]:
        """Yield all steps in their order, each with whether it was made now."""
        known = {step.version: step for step in self._known()}
        last = max(map(order, known), default=None)
        previous: Step | None = None
        dataset = ""
        for version in sorted({*known, *self.records}, key=order):
            step = known.get(version)
            if step is None and not self.fresh and last is not None and order(version) < last:
                continue  # a release that was put before those that are told of
            if step and not (self.fresh and self._can(version, previous)):
                self._require_follows(step, previous)
                yield step, False
            else:
                named = dataset or dataset_of(self.records[version].iri, version)
                step = self._made(version, previous, named)
                yield step, True
            # The base may become another one; the names of records have to stay.
            dataset = dataset or dataset_of(step.iri, step.version)
            previous = step

    def _known(self) -> list[Step]:
        if self.fresh:
            return self.history.steps(again=self.records)
        steps = self.history.steps()
        _require_chain(steps, self.records)
        return steps

    def _can(self, version: str, previous: Step | None) -> bool:
        """Whether the releases are there that a step is made from."""
        return version in self.records and (not previous or previous.version in self.records)

    def _made(self, version: str, previous: Step | None, dataset: str) -> Step:
        before = previous.version if previous else ""
        if not self._can(version, previous):
            message = f"{self.releases.folder(before)}: release {before} is missing"
            remedy = f"Bring it back, or move {self.history.path} elsewhere to begin anew."
            raise OutputError(message, remedy)
        moment = previous.moment if previous else ""
        record, earlier = self.records[version], self.records.get(before)
        with self.history.written(version) as folder:
            step = write_step(
                folder, self.releases, record, earlier, moment, dataset, self.progress
            )
            write_sums(folder)
            return step

    def _require_follows(self, step: Step, previous: Step | None) -> None:
        """Raise OutputError where a step that cannot be made again does not follow another."""
        if previous is None:
            is_right = not step.previous
        else:
            is_right = step.follows(previous) and step.moment > previous.moment
        if not is_right:
            gone = step.version if step.version not in self.records else step.previous
            message = f"{self.history.path / step.version}: does not follow the release before"
            raise OutputError(message, f"Bring release {gone or step.version} back.")


def _require_chain(steps: Sequence[Step], records: Mapping[str, Record]) -> None:
    """Raise OutputError where steps do not follow each other, or lead to other releases."""
    for step in steps:
        record = records.get(step.version)
        if record and not step.is_of(record):
            message = f"{FOLDER}/{step.version}: is of another release {step.version}"
            raise OutputError(message, _FRESH)
    for one, other in pairwise(steps):
        if not other.follows(one):
            message = f"{FOLDER}/{other.version}: does not follow {FOLDER}/{one.version}"
            raise OutputError(message, _FRESH)


def _files(steps: Sequence[Step], settings: Settings, place: str) -> dict[str, bytes]:
    """Return the files that change with each release, by name."""
    files: dict[str, bytes] = {STREAM: root(steps, settings)}
    for language in LANGUAGES:
        changelog = _changelog(steps, settings, place, language)
        files[PAGE.format(language)] = page(changelog)
        files[FEED.format(language)] = feed(changelog)
    files["index.html"] = choice(
        settings.title, [Link(PAGE.format(each), LANGUAGE_NAMES[each], each) for each in LANGUAGES]
    )
    return files


def _changelog(steps: Sequence[Step], settings: Settings, place: str, language: str) -> Changelog:
    name = FEED.format(language)
    links = [
        Link(name, Message("diff-feed").text(language)),
        Link(STREAM, Message("diff-stream").text(language)),
        *other_languages(language),
    ]
    return Changelog(
        settings.titled(language),
        settings.publisher,
        f"{dataset_of(steps[0].iri, steps[0].version)}#changes-{language}",
        f"{place}{name}",
        f"{place}{PAGE.format(language)}",
        language,
        [_entry(step, language) for step in reversed(steps)],
        links,
        name,
    )


def _entry(step: Step, language: str) -> Entry:
    return Entry(
        step.version,
        f"{step.iri}#changes-{language}",
        step.moment,
        f"{step.version}/{PAGE.format(language)}" if step.previous else "",
        Markup(step.told[language]),
    )
