"""The files of links of a workspace: read, and written whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from filelock import FileLock, Timeout

from kgpub.errors import OutputError
from kgpub.mapping.links import decisions, found_links, reviewed_links
from kgpub.model.links import FOUND_FILE, REVIEWED_FILE, Decisions, FoundLink, ReviewedLink
from kgpub.sources.link_files import link_rows, link_text, read_link_file
from kgpub.store.durable import replace_synced

LOCK_SECONDS = 10


class KeptLinks:
    """What people have decided about links, and what was found, in the workspace at `root`."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def reviewed(self) -> list[ReviewedLink]:
        """Return people's decisions. Raises SubmissionErrors."""
        content = read_link_file(self._root / REVIEWED_FILE, self._root)
        rows = link_rows(content, REVIEWED_FILE, ReviewedLink.columns())
        return [link for link, _ in reviewed_links(rows, REVIEWED_FILE)]

    def found(self) -> list[FoundLink]:
        """Return what was found the last time. Raises SubmissionErrors."""
        content = read_link_file(self._root / FOUND_FILE, self._root)
        rows = link_rows(content, FOUND_FILE, FoundLink.columns())
        return [link for link, _ in found_links(rows, FOUND_FILE)]

    def decided(self) -> Decisions:
        """Return people's decisions by entity. Raises SubmissionErrors."""
        return decisions(self.reviewed())

    def keep_found(self, found: Iterable[FoundLink]) -> None:
        """Write what was found, in the place of what was before. Raises OutputError."""
        self._write(FOUND_FILE, link_text(found, FoundLink.columns()))

    def decide(self, decision: ReviewedLink) -> bool:
        """Write a person's decision; an earlier one about the same pair goes.

        False, and nothing is written, where somebody else has settled the entity meanwhile: an
        item was accepted, or none. Raises SubmissionErrors where the file is damaged, OutputError.
        """
        pair = decision.entity, decision.item
        tidy = replace(decision, by=_line(decision.by), note=_line(decision.note))
        with self._alone():
            before = self.reviewed()
            if not _is_open(decisions(before), decision.entity):
                return False
            others = [each for each in before if (each.entity, each.item) != pair]
            self._write(REVIEWED_FILE, link_text([*others, tidy], ReviewedLink.columns()))
        return True

    def is_open(self, entity: str) -> bool:
        """Whether nobody has accepted an item for an entity, or none. Raises SubmissionErrors."""
        return _is_open(self.decided(), entity)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other processes from deciding meanwhile; the lock goes with the process."""
        folder = self._root / ".kgpub"
        try:
            folder.mkdir(exist_ok=True)
            with FileLock(folder / "links.lock", timeout=LOCK_SECONDS):
                yield
        except Timeout as error:
            message = f"{self._root / REVIEWED_FILE}: somebody else is writing it"
            raise OutputError(message, "Try again.") from error

    def _write(self, file: str, text: str) -> None:
        path = self._root / file
        try:
            replace_synced(path, text.encode())
        except OSError as error:
            remedy = "See that the folder may be written and the disk has room."
            raise OutputError(f"{path}: cannot be written: {error.strerror}", remedy) from error


def _is_open(decided: Decisions, entity: str) -> bool:
    return entity not in decided.accepted and entity not in decided.unlinked


def _line(text: str) -> str:
    """Return a text on one line, without what is no character that can be seen."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
