"""The checksums of what is written for a release, so that anyone can tell whether it has changed.

What is read each time is checked for being there alone: to read years of changes again takes long.
"""

from __future__ import annotations

from pathlib import Path

from kgpub.documents.dumps import SUMS, sums_in
from kgpub.errors import OutputError
from kgpub.model.version import is_version, order
from kgpub.release.history.folder import AGAIN, FOLDER
from kgpub.release.history.step import RECORD
from kgpub.store.durable import file_digest, is_regular


def write_sums(folder: Path) -> None:
    """Write the checksums of all files of a folder, as `sha256sum --check` reads them.

    Raises OSError.
    """
    names = sorted(each.name for each in folder.iterdir())
    lines = (f"{file_digest(folder / name)}  {name}\n" for name in names)
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")


def require_as_written(releases: Path) -> int:
    """Return how many releases' changes were read, all of which are as they were written.

    Raises OutputError with the first file that is not, or cannot be read.
    """
    place = releases / FOLDER
    try:
        versions = [each.name for each in place.iterdir() if is_version(each.name)]
        for version in sorted(versions, key=order):
            _require(place / version)
    except OSError as error:
        message = f"{error.filename or place}: cannot be read: {error.strerror}"
        raise OutputError(message, AGAIN) from error
    return len(versions)


def _require(folder: Path) -> None:
    sums = sums_in(folder)
    if RECORD not in sums:
        raise OutputError(f"{folder / SUMS}: has no checksums as kgpub writes them", AGAIN)
    there = {each.name for each in folder.iterdir()} - {SUMS}
    for name in sorted(there | sums.keys()):
        path = folder / name
        if "/" in name or not is_regular(path):
            raise OutputError(f"{path}: is missing", AGAIN)
        if file_digest(path) != sums.get(name):
            raise OutputError(f"{path}: is not as it was written", AGAIN)
