"""A release from what a workspace has built: whole, or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path, PurePosixPath

from kgpub.documents.releases import RECORD
from kgpub.errors import OutputError
from kgpub.pipeline.catalogue import catalogue
from kgpub.pipeline.output import is_output, output_folder, sums_of
from kgpub.release.about import about, packed
from kgpub.release.asked import Asked
from kgpub.release.contents import DATASET, Source, contents
from kgpub.release.distribution import Content, Distribution
from kgpub.release.folder import SUMS, Record, Releases
from kgpub.release.history.folder import remembered
from kgpub.release.lines import divided, node, opened, read
from kgpub.release.naming import named
from kgpub.release.numbering import issued_of, version_of
from kgpub.release.release import Release, Terms
from kgpub.release.signature import require_signs, sign
from kgpub.release.statistics import Statistics, count
from kgpub.release.writing import write
from kgpub.settings import Settings
from kgpub.store.durable import file_digest, is_regular

_MAX_THREADS = 4
_INPUTS = ("ontology/", "shapes/")
_AGAIN = "Run: kgpub build --fresh"

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Made:
    """A release: its folder, how many files it has, and their bytes.

    Where nothing has changed it is the one before, of which nothing is counted: `unchanged`.
    """

    folder: Path
    record: Record
    files: int
    size: int
    unchanged: bool


def make(
    root: Path, settings: Settings, path: Path, asked: Asked, progress: Progress = lambda _: None
) -> Made:
    """Make a release of the output of the workspace at `root`, in a folder below `path`.

    What is not asked is as `settings` say. Nothing else may write the output meanwhile. Raises
    CallError for what cannot be asked of a release, OutputError where it cannot be written.
    """
    releases = Releases(_folder(path, root))
    asked = asked.completed(settings.release, root, remembered(releases.path))
    asked.require_addresses()
    output = root / "output"
    making = _Making(output, _built(output), settings, releases, asked, progress)
    if not releases.records():
        # Where the first is refused, nothing is made: no folder, not even a lock.
        making.terms(None)
    with releases.held():
        return making.made()


@dataclass(frozen=True)
class _Making:
    """Makes a release of an output that has the files `built`, by path, with their checksums."""

    output: Path
    built: Mapping[str, str]
    settings: Settings
    releases: Releases
    asked: Asked
    progress: Progress

    def made(self) -> Made:
        """Return the release; the caller holds the folder of all."""
        releases, built = self.releases, self.built
        records = releases.records()
        last = records[-1] if records else None
        _require_possible(self.asked, last)
        if last and not self.asked.force and _is_same(built, releases.sums(last.version)):
            return Made(releases.folder(last.version), last, 0, 0, True)
        terms = self.terms(last)
        with releases.written(terms.version) as folder:
            source = Source(self.output, built, self.settings, self._statistics, folder)
            record, files = _written(folder, source, terms, self.progress)
            if self.asked.key:
                sign(folder / SUMS, self.asked.key)
        size = sum(each.size for each in files)
        return Made(releases.folder(terms.version), record, len(files), size, False)

    def terms(self, last: Record | None) -> Terms:
        """Return the terms of the release that follows `last`. Raises CallError, OutputError."""
        asked = self.asked
        _require_possible(asked, last)
        version = version_of(asked.version, last)
        changed = self._statistics.changed
        return Terms(
            version,
            last.version if last else "",
            last.iri if last else "",
            issued_of(asked.date, asked.epoch, last, changed, asked.today),
            f"{asked.place_below(self.settings.base)}{version}/",
            asked.endpoint,
            asked.contact,
        )

    @cached_property
    def _statistics(self) -> Statistics:
        dataset = self.output / DATASET
        _require_described(dataset, self.settings)
        self.progress("counting")
        return count(read(dataset), self.settings.base)


def _require_possible(asked: Asked, last: Record | None) -> None:
    """Raise CallError for what cannot be had, before any work, and where nothing has changed.

    The version of the last release may be asked for again: it is there if nothing has changed.
    """
    if asked.version and not (last and asked.version == last.version):
        version_of(asked.version, last)
    if asked.date or asked.epoch:
        issued_of(asked.date, asked.epoch, last, "")
    if asked.key:
        require_signs(asked.key)


def _require_described(dataset: Path, settings: Settings) -> None:
    """Raise OutputError where a dataset was built with other settings."""
    described = {divided(f"{quad} .".encode()) for quad in catalogue(settings)}
    with opened(dataset) as file:
        found = file.subject(node(f"{settings.base}dataset")).lines
    if not described.issubset(found):
        raise OutputError(f"{dataset}: was built with other settings than kgpub.toml has", _AGAIN)


def _written(
    folder: Path, source: Source, terms: Terms, progress: Progress
) -> tuple[Record, list[Distribution]]:
    """Write all files of a release but the signature. Raises OSError, OutputError."""
    threads = min(_MAX_THREADS, os.cpu_count() or 1)
    progress("data")
    files = write(folder, contents(source), threads)
    _require_as_built(files, source.files)
    progress("catalogue")
    statistics = source.statistics
    mentioned = named(source.dataset, statistics.mentioned)
    places = named(source.dataset, statistics.places)
    release = Release(source.settings, terms, statistics, tuple(files), mentioned, places)
    record = _record(release)
    files += write(folder, [*about(release), _recorded(record)], threads)
    files += write(folder, [packed(replace(release, files=tuple(_by_path(files))))], threads)
    files += write(folder, [_sums(files)], threads)
    return record, files


def _by_path(files: Iterable[Distribution]) -> list[Distribution]:
    return sorted(files, key=lambda each: each.path)


def _folder(path: Path, root: Path) -> Path:
    """Return the folder of all releases. Raises OutputError where that is in another of kgpub's."""
    remedy = "Name another folder with --to."
    try:
        full = Path(os.path.realpath(output_folder(path, root).path))
    except OutputError as error:
        raise OutputError(error.message, remedy) from error
    for folder in (full, *full.parents):
        if is_output(folder):
            raise OutputError(f"{full}: lies in {folder}, which kgpub has written", remedy)
    return full


def _built(output: Path) -> dict[str, str]:
    """Return the checksums of the output's files, by path; its dataset is whole.

    Raises OutputError.
    """
    try:
        sums = sums_of(output)
        found = file_digest(output / DATASET)
    except (OSError, ValueError) as error:
        raise OutputError(f"{output}: nothing is built there", _AGAIN) from error
    for name in sums:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or not is_regular(output / path):
            raise OutputError(f"{output / SUMS}: {name} is no file of the output", _AGAIN)
    if found != sums.get(DATASET):
        raise OutputError(f"{output / DATASET}: is not as it was built", _AGAIN)
    return sums


def _is_same(built: Mapping[str, str], released: Mapping[str, str]) -> bool:
    """Whether a release has the files of the output, and no ontology or shapes besides."""
    return built == {
        path: digest
        for path, digest in released.items()
        if path in built or path.startswith(_INPUTS)
    }


def _require_as_built(written: Iterable[Distribution], built: Mapping[str, str]) -> None:
    """Raise OutputError where what was copied is not what the build has written."""
    for each in written:
        if built.get(each.path, each.sha256) != each.sha256:
            raise OutputError(f"output/{each.path}: is not as it was built", _AGAIN)


def _record(release: Release) -> Record:
    terms = release.terms
    digest = release.file(DATASET).sha256
    return Record(terms.version, terms.previous, terms.issued, release.iri, digest)


def _recorded(record: Record) -> Content:
    title = "What the release tells programs of itself"
    return Content(RECORD, title, "application/json", lambda: [record.text()], offered=False)


def _sums(files: Iterable[Distribution]) -> Content:
    """Return the list of checksums of all files, as `sha256sum --check` reads it."""
    listed = _by_path(files)

    def lines() -> Iterator[bytes]:
        return (f"{each.sha256}  {each.path}\n".encode() for each in listed)

    return Content(SUMS, "The checksums of all files", "text/plain", lines, offered=False)
