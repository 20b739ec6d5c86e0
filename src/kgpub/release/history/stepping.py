"""The folder of one release in the folder of changes, made from the release and the one before."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from kgpub.errors import OutputError
from kgpub.messages import LANGUAGES, Message
from kgpub.pages.rendering import LANGUAGE_NAMES
from kgpub.release.differences.changelog import content, first_content
from kgpub.release.differences.comparing import Differences, compare
from kgpub.release.differences.files import sorted_file
from kgpub.release.differences.page import Link, page
from kgpub.release.differences.patch import rdf_patch
from kgpub.release.differences.report import told_in
from kgpub.release.folder import Record, Releases
from kgpub.release.history.members import Stream
from kgpub.release.history.nodes import STREAM, write_nodes
from kgpub.release.history.reasons import reasons
from kgpub.release.history.step import PAGE, PATCH, RECORD, Step, moment_after
from kgpub.release.history.versions import Event, first_versions, versions

Progress = Callable[[str], None]


def write_step(
    folder: Path,
    releases: Releases,
    record: Record,
    before: Record | None,
    moment: str,
    dataset: str,
    progress: Progress = lambda _: None,
) -> Step:
    """Write what a release has changed to an empty folder, and return it.

    `before` is the release before it, None where the event stream begins with this one; `moment`
    is the time of that, or "". `dataset` is the IRI by which all the stream names records. Raises
    OSError, OutputError where a release is not as it was made, CallError where there is no room for
    files meanwhile.
    """
    try:
        moment = moment_after(record.issued, moment)
    except ValueError as error:
        message = f"release {record.version}: {record.issued} is no date"
        raise OutputError(message, "Bring the release back.") from error
    stream = Stream(STREAM, record.iri, dataset, moment)
    with tempfile.TemporaryDirectory(prefix="kgpub-changelog-") as work:
        if before is None:
            step = _first(folder, releases, record, stream, Path(work), progress)
        else:
            step = _following(folder, releases, record, before, stream, Path(work), progress)
    (folder / RECORD).write_bytes(step.text())
    return step


def _first(
    folder: Path,
    releases: Releases,
    record: Record,
    stream: Stream,
    work: Path,
    progress: Progress,
) -> Step:
    progress(f"release {record.version}: stream")
    file = sorted_file(releases.folder(record.version), work, name=record.version)
    _require(record, file.digest)
    last = stream.last(record.version, record.hash)
    counted = write_nodes(folder, stream, last, first_versions(file), None)
    added = counted["pairs"]
    told = {language: str(first_content(added, language)) for language in LANGUAGES}
    return Step(
        record.version,
        "",
        record.iri,
        record.issued,
        stream.moment,
        record.hash,
        "",
        {"removed": 0, "added": added},
        _records(counted),
        told,
    )


def _following(
    folder: Path,
    releases: Releases,
    record: Record,
    before: Record,
    stream: Stream,
    work: Path,
    progress: Progress,
) -> Step:
    old, new = (releases.folder(each.version) for each in (before, record))
    progress(f"release {record.version}: comparing")
    names = (before.version, record.version)
    differences = compare(old, new, work, names=names)
    _require(before, differences.before.digest)
    _require(record, differences.after.digest)
    with (folder / PATCH).open("wb") as patch:
        patch.writelines(rdf_patch(differences))
    progress(f"release {record.version}: stream")
    last = stream.last(record.version, record.hash)
    counted = write_nodes(folder, stream, last, versions(differences), reasons(differences, work))
    progress(f"release {record.version}: telling")
    told = _pages(folder, differences, work)
    return Step(
        record.version,
        before.version,
        record.iri,
        record.issued,
        stream.moment,
        record.hash,
        before.hash,
        {"removed": differences.removed.count, "added": differences.added.count},
        _records(counted),
        told,
    )


def _pages(folder: Path, differences: Differences, work: Path) -> dict[str, str]:
    """Write a page of all changes in each language, and return what entries tell of them."""
    changes, tellings = told_in(differences, work, LANGUAGES)
    told = {}
    for telling in tellings:
        language = telling.language
        with (folder / PAGE.format(language)).open("wb") as stream:
            for piece in page(differences, changes, telling, links=_links(language)):
                stream.write(piece.encode("utf-8", "backslashreplace"))
        told[language] = str(content(differences, changes, telling))
    return told


def _links(language: str) -> list[Link]:
    return [
        Link(f"../{PAGE.format(language)}", Message("diff-all-releases").text(language)),
        Link(PATCH, Message("diff-patch").text(language)),
        *other_languages(language),
    ]


def other_languages(language: str) -> list[Link]:
    """Return links from a page to the same in other languages, beside it."""
    return [
        Link(PAGE.format(each), LANGUAGE_NAMES[each], each)
        for each in LANGUAGES
        if each != language
    ]


def _records(counted: Mapping[str, int]) -> dict[str, int]:
    names = {Event.CREATE: "created", Event.UPDATE: "updated", Event.DELETE: "deleted"}
    return {name: counted[event.value] for event, name in names.items()}


def _require(record: Record, digest: str) -> None:
    """Raise OutputError where the dataset of a release is not what it was made with."""
    if digest != record.hash:
        message = f"release {record.version}: its dataset is not as it was made"
        raise OutputError(message, "Bring the release back.")
