"""Two datasets compared: what is removed and what is added, as files of sorted lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kgpub.errors import CallError
from kgpub.release.differences.canonical import is_canonical
from kgpub.release.differences.files import SortedFile, sorted_file
from kgpub.release.differences.merging import merged

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Part:
    """Lines that one dataset has and the other has not: canonical, sorted, in a file."""

    path: Path
    count: int

    def lines(self) -> Iterator[bytes]:
        """Yield the lines, with their ends."""
        with self.path.open("rb") as stream:
            yield from stream


@dataclass(frozen=True)
class Differences:
    """What turns the dataset `before` into the dataset `after`."""

    before: SortedFile
    after: SortedFile
    removed: Part
    added: Part

    def __bool__(self) -> bool:
        return bool(self.removed.count or self.added.count)


def compare(
    before: Path,
    after: Path,
    work: Path,
    progress: Progress = lambda _: None,
    names: tuple[str, str] | None = None,
) -> Differences:
    """Compare two datasets, each a dump, a release's folder or a workspace.

    They are called by `names`, or as their paths are.
    `work` is an empty folder for files of about the size of what differs, and of a dump that is
    not sorted yet. Raises CallError for what cannot be read or written there, SubmissionErrors
    with the place of what is wrong in a dump.
    """
    try:
        progress("reading")
        old, new = names or (str(before), str(after))
        older = sorted_file(before, work, name=old)
        newer = sorted_file(after, work, checked=False, name=new)
        progress("comparing")
        found = _compared(older, newer, work)
        if found is None:
            newer = sorted_file(after, work, name=new)
            found = _compared(older, newer, work)
            assert found is not None  # of two canonical files
        return found
    except OSError as error:
        raise no_room(work, error) from error


def no_room(work: Path, error: OSError) -> CallError:
    """Return that no more can be written to the folder for work."""
    remedy = "Set TMPDIR to a folder with room for as much as the two datasets take."
    return CallError(f"{work}: cannot be written: {error.strerror}", remedy)


def _compared(older: SortedFile, newer: SortedFile, work: Path) -> Differences | None:
    """Return the differences, or None where those of the second file are not canonical.

    The rest of its lines is, since the first file has it too.
    """
    removed, added = work / "removed.nq", work / "added.nq"
    removals = additions = 0
    with removed.open("wb") as old, added.open("wb") as new:
        for less, more in merged(older, newer):
            if more and not is_canonical(b"".join(more)):
                return None
            old.writelines(less)
            new.writelines(more)
            removals += len(less)
            additions += len(more)
    return Differences(older, newer, Part(removed, removals), Part(added, additions))
