"""The folder of a site, which changes file by file: those that differ, and nothing half.

New contents are first written to a folder inside it, on the disk, so that a full disk or an end of
the process leaves the site as it was; then each takes its place by a rename. Nothing is written
over or removed that kgpub did not write: its own are the files that the workspace notes, if the
folder has the list of checksums that was written with them, and otherwise those that are as noted.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from kgpub.errors import OutputError
from kgpub.site.record import Entry, Record
from kgpub.site.staging import Made, Staging
from kgpub.store.durable import file_digest, is_regular, remove, sync_folder

SUMS = "SHA256SUMS"
NEW = ".kgpub-new"
_OF_OTHERS = frozenset({"CNAME"})
"""What may be in a folder that kgpub writes to for the first time, besides names with a dot before
them: it is how GitHub Pages knows its domain, and Git its repository."""
_MOVE = "Move that elsewhere, or name another folder with --to."
_ROOM = "The site is as it was. Make room, or name another folder with --to."
_AGAIN = "Some of its files are new, some are not yet; run it again."


@dataclass(frozen=True)
class Changes:
    """What became of a site: how many files it has, how many of them were written, and removed."""

    files: int
    written: int
    removed: int


class SiteFolder:
    """The folder at `path`; what was written to it is noted in the file `record`."""

    def __init__(self, path: Path, record: Path) -> None:
        self.path = path
        self._record = record
        self._noted = Record.read(record)

    def is_current(self, key: str) -> bool:
        """Whether all files are there, as they were written when `key` told what is in them."""
        noted = self._noted
        return (
            noted is not None
            and noted.key == key
            and self._sums() == noted.sums
            and all(_is_as_noted(self.path / name, each) for name, each in noted.entries.items())
        )

    def own(self) -> dict[str, str]:
        """Return the files there that are kgpub's: their digests by path. Raises OutputError.

        Raises OutputError, too, where it is no folder or holds what is somebody else's.
        """
        try:
            if os.path.lexists(self.path) and (self.path.is_symlink() or not self.path.is_dir()):
                raise OutputError(f"{self.path}: is no folder", _MOVE)
            # Where nothing is noted yet, a first run has failed or was killed before it wrote.
            if self._noted is None or not self._noted.entries:
                self._require_empty()
                return {}
            is_whole = self._sums() == self._noted.sums
            own = {}
            for name, entry in self._noted.entries.items():
                found = self._found(name, entry)
                if found and (is_whole or found == entry.digest):
                    own[name] = found
            return own
        except OSError as error:
            message = f"{self.path}: cannot be read: {error.strerror or error}"
            raise OutputError(message, _MOVE) from error

    def write(self, key: str, make: Callable[[Mapping[str, str], Staging], list[Made]]) -> Changes:
        """Bring the folder up to date with the files that `make` returns, and note them.

        `make` is given the digests of the files that are there, by path, and where to write those
        that differ. Raises OutputError, and what `make` raises; the site then is as it was.
        """
        own = self.own()
        before = {name: self._entry(name, digest) for name, digest in own.items()}
        staging = Staging(self.path / NEW)
        try:
            self._begin(staging, before)
            try:
                made = make(own, staging)
                made.append(staging.put(SUMS, [_sums(made)], self._sums()))
                self._require_places(made, own)
                staging.sync()
            except BaseException:
                remove(staging.path)
                raise
        except OSError as error:
            message = f"{self.path}: cannot be written: {error.strerror or error}"
            raise OutputError(message, _ROOM) from error
        try:
            return self._publish(key, made, before, staging)
        except OSError as error:
            message = f"{self.path}: cannot be written: {error.strerror or error}"
            raise OutputError(message, _AGAIN) from error

    def _begin(self, staging: Staging, before: Mapping[str, Entry]) -> None:
        """Make room for new contents. Raises OSError, OutputError."""
        if os.path.lexists(staging.path):
            if self._noted is None or self._noted.key or staging.path.is_symlink():
                raise OutputError(f"{staging.path}: kgpub writes here, and did not make it", _MOVE)
            remove(staging.path)
        # From here on what is in the way there is kgpub's.
        Record("", self._noted.sums if self._noted else "", before).write(self._record)
        staging.path.mkdir(parents=True)

    def _publish(
        self, key: str, made: list[Made], before: Mapping[str, Entry], staging: Staging
    ) -> Changes:
        entries = {each.path: Entry(each.digest, each.size, 0) for each in made}
        sums = entries.pop(SUMS)
        noted = self._noted.sums if self._noted else ""
        Record("", noted, {**before, **entries}).write(self._record)
        changed = [each for each in made if each.staged]
        for each in changed:
            target = self.path / each.path
            target.parent.mkdir(parents=True, exist_ok=True)
            (staging.path / each.staged).replace(target)
        gone = [name for name in before if name not in entries]
        for name in gone:
            (self.path / name).unlink(missing_ok=True)
        remove(staging.path)
        folders = {PurePosixPath(name).parent for name in (*gone, *(each.path for each in changed))}
        self._tidy(folders)
        entries = {name: self._entry(name, each.digest) for name, each in entries.items()}
        Record(key, sums.digest, entries).write(self._record)
        return Changes(len(made), len(changed), len(gone))

    def _tidy(self, folders: Iterable[PurePosixPath]) -> None:
        """Remove folders that have become empty; have the system put the others on the disk."""
        every = {each for folder in folders for each in (folder, *folder.parents)}
        for folder in sorted(every, key=lambda each: len(each.parts), reverse=True):
            path = self.path / folder
            if folder.parts and path.is_dir() and not any(path.iterdir()):
                path.rmdir()
            elif path.is_dir():
                sync_folder(path)

    def _require_empty(self) -> None:
        if not os.path.lexists(self.path):
            return
        found = sorted(each.name for each in self.path.iterdir())
        foreign = [name for name in found if not name.startswith(".") and name not in _OF_OTHERS]
        if foreign:
            shown = ", ".join(foreign[:3]) + (" …" if len(foreign) > 3 else "")
            message = f"{self.path}: holds files that kgpub did not write: {shown}"
            raise OutputError(message, _MOVE)

    def _require_places(self, made: Iterable[Made], own: Mapping[str, str]) -> None:
        """Raise OutputError where a file would take the place of somebody else's.

        So does a link where a folder is to be: what it leads to is not the site's.
        """
        folders: set[PurePosixPath] = set()
        for each in made:
            target = self.path / each.path
            if each.path not in own and each.path != SUMS and os.path.lexists(target):
                if not is_regular(target) or file_digest(target) != each.digest:
                    raise OutputError(f"{target}: kgpub writes here, and did not write it", _MOVE)
            elif os.path.lexists(target) and not is_regular(target):
                raise OutputError(f"{target}: is no file", _MOVE)
        for name in (*own, *(each.path for each in made)):
            folders.update(PurePosixPath(name).parents)
        for folder in folders:
            path = self.path / folder
            if os.path.lexists(path) and (path.is_symlink() or not path.is_dir()):
                raise OutputError(f"{path}: is no folder", _MOVE)

    def _found(self, name: str, entry: Entry) -> str:
        """Return the digest of a file, "" where there is none."""
        path = self.path / name
        if _is_as_noted(path, entry):
            return entry.digest
        return file_digest(path) if is_regular(path) else ""

    def _entry(self, name: str, digest: str) -> Entry:
        found = (self.path / name).lstat()
        return Entry(digest, found.st_size, found.st_mtime_ns)

    def _sums(self) -> str:
        try:
            return file_digest(self.path / SUMS)
        except OSError:
            return ""


def _is_as_noted(path: Path, entry: Entry) -> bool:
    """Whether a file has the size and the time that are noted."""
    try:
        found = path.lstat()
    except OSError:
        return False
    return (found.st_size, found.st_mtime_ns) == (entry.size, entry.changed) and is_regular(path)


def _sums(made: Iterable[Made]) -> bytes:
    """Return the list of checksums, as `sha256sum --check` reads it."""
    lines = sorted((each.path, each.digest) for each in made)
    return "".join(f"{digest}  {path}\n" for path, digest in lines).encode()
