"""The folder of changes, beside the releases: what is written for one of these never changes.

    changes/
      index.html, index.en.html …   the changelog, and the choice of its languages
      feed.en.atom …                the same as feeds
      stream.trig                   where the event stream begins
      changes.json                  the list of steps, and the address of the folder of releases if
                                  no setting says that; tells that kgpub made the folder
      2/                            a folder for each release
        step.json                   what is kept of it
        SHA256SUMS                  the checksums of all its files
        index.en.html …             all its changes; the first has neither them nor a patch
        changes.rdfp                what turns the release before into this one
        stream.tree.trig            its part of the event stream, or leads to stream-1.tree.trig …

The folder of a release is written whole before anything leads there. Each other file is put in the
place of the one before, whole.
"""

from __future__ import annotations

import filecmp
import json
import os
from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from kgpub.errors import OutputError
from kgpub.model.version import is_version, order
from kgpub.pages.releases import CHANGES
from kgpub.release.folder import NEW, sync_tree
from kgpub.release.history.step import FORMAT, RECORD, Step
from kgpub.release.json_text import json_text
from kgpub.store.durable import is_regular, read_regular, remove, replace_synced, sync_folder

FOLDER = CHANGES
LIST = "changes.json"
_OLD = ".kgpub-old-"
"""What a folder is called, before its version, while another takes its place."""
AGAIN = "Run: kgpub changelog --fresh"


class History:
    """The folder of changes below that of releases, which the caller holds."""

    def __init__(self, releases: Path) -> None:
        self.path = releases / FOLDER

    def opened(self) -> None:
        """Make the folder if there is none, and put right what a killed run left.

        Raises OutputError where something else is there.
        """
        with self._told():
            if self.path.is_symlink() or (self.path.exists() and not self.path.is_dir()):
                raise OutputError(f"{self.path}: is no folder of kgpub's", "Move it elsewhere.")
            self.path.mkdir(exist_ok=True)
            if not is_regular(self.path / LIST):
                if any(each.name != f"{LIST}.new" for each in self.path.iterdir()):
                    message = f"{self.path}: kgpub writes here, and did not make it"
                    raise OutputError(message, "Move it elsewhere.")
                replace_synced(self.path / LIST, _listed([]))
            remove(self.path / NEW)
            for old in self.path.glob(f"{_OLD}*"):
                target = self.path / old.name.removeprefix(_OLD)
                if target.exists():
                    remove(old)
                else:
                    old.rename(target)

    def steps(self, again: Container[str] | None = None) -> list[Step]:
        """Return the steps, in the order of their versions. Raises OutputError for damaged ones.

        If some are made again, damaged ones of the versions in `again` are left out.
        """
        with self._told():
            names = [each.name for each in self.path.iterdir() if is_version(each.name)]
        steps = []
        for name in sorted(names, key=order):
            try:
                steps.append(self._step(name))
            except ValueError as error:
                if again is not None and name in again:
                    continue
                elsewhere = f"Bring release {name} back, or move {self.path / name} elsewhere."
                raise OutputError(str(error), AGAIN if again is None else elsewhere) from error
        return steps

    def _step(self, version: str) -> Step:
        """Return a step. Raises ValueError, with what is wrong, for a damaged one."""
        folder = self.path / version
        path = folder / RECORD
        try:
            step = Step.read(read_regular(path))
        except (OSError, ValueError) as error:
            raise ValueError(f"{path}: is not as kgpub writes it") from error
        if step.version != version:
            raise ValueError(f"{path}: is of release {step.version}")
        for name in step.files:
            if not is_regular(folder / name):
                raise ValueError(f"{folder / name}: is missing")
        return step

    @contextmanager
    def written(self, version: str) -> Iterator[Path]:
        """Give a folder for a step, which gets its name when the block ends well.

        One that is there already is kept if it has the same files, else replaced. Raises
        OutputError.
        """
        new, target = self.path / NEW, self.path / version
        with self._told():
            remove(new)
            new.mkdir()
            try:
                yield new
                if _is_same(new, target):
                    return
                sync_tree(new)
                if os.path.lexists(target):
                    target.rename(self.path / f"{_OLD}{version}")
                new.rename(target)
                sync_folder(self.path)
                remove(self.path / f"{_OLD}{version}")
            finally:
                remove(new)

    def put(self, files: Mapping[str, bytes], steps: list[Step], at: str = "") -> None:
        """Write the files that change, by name, and the list of steps. Raises OutputError.

        Those that are the same already are left as they are. `at` is the address to remember.
        """
        with self._told():
            for name, content in {**files, LIST: _listed(steps, at)}.items():
                path = self.path / name
                if not (is_regular(path) and path.read_bytes() == content):
                    replace_synced(path, content)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            message = f"{self.path}: cannot be written: {error.strerror or error}"
            raise OutputError(message, "Make room, then run: kgpub changelog") from error


def _is_same(one: Path, other: Path) -> bool:
    """Whether two folders have the same files, which have no folders beside them."""
    if not other.is_dir():
        return False
    names, others = (sorted(each.name for each in folder.iterdir()) for folder in (one, other))
    return names == others and all(
        filecmp.cmp(one / name, other / name, shallow=False) for name in names
    )


def remembered(releases: Path) -> str:
    """Return the address that the changes in a folder of releases were told with, "" for none."""
    try:
        told = json.loads(read_regular(releases / FOLDER / LIST))
    except (OSError, ValueError, RecursionError):
        return ""
    at = told.get("at") if isinstance(told, dict) else ""
    return at if isinstance(at, str) else ""


def _listed(steps: list[Step], at: str = "") -> bytes:
    return json_text(
        {
            "format": FORMAT,
            **({"at": at} if at else {}),
            "steps": [
                {
                    "version": step.version,
                    "previous": step.previous,
                    "iri": step.iri,
                    "issued": step.issued,
                    "hash": step.hash,
                }
                for step in steps
            ],
        }
    )
