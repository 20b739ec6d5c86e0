"""The files of links of a workspace: read, and written whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from kgpub.errors import OutputError
from kgpub.mapping.links import decisions, found_links, reviewed_links
from kgpub.model.links import FOUND_FILE, REVIEWED_FILE, Decisions, FoundLink, ReviewedLink
from kgpub.sources.link_files import link_rows, link_text, read_link_file
from kgpub.store.durable import replace_synced


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

    def decide(self, decision: ReviewedLink) -> None:
        """Write a person's decision; an earlier one about the same pair goes.

        Raises SubmissionErrors where the file is damaged, OutputError.
        """
        pair = decision.entity, decision.item
        others = [each for each in self.reviewed() if (each.entity, each.item) != pair]
        self._write(REVIEWED_FILE, link_text([*others, decision], ReviewedLink.columns()))

    def _write(self, file: str, text: str) -> None:
        path = self._root / file
        try:
            replace_synced(path, text.encode())
        except OSError as error:
            remedy = "See that the folder may be written and the disk has room."
            raise OutputError(f"{path}: cannot be written: {error.strerror}", remedy) from error
