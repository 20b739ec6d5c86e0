"""The files of links of a workspace, read when they are opened and mapped when first asked for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kgpub.mapping.links import decisions, found_links, map_found, map_reviewed, reviewed_links
from kgpub.model.links import FOUND_FILE, REVIEWED_FILE, FoundLink, ReviewedLink, Row
from kgpub.model.submission import Mapped
from kgpub.sources.link_files import link_rows, read_link_file


@dataclass(frozen=True)
class OpenLinks:
    """The content of both files, b"" of one that is not there.

    All methods raise SubmissionErrors.
    """

    base: str
    reviewed_content: bytes
    found_content: bytes

    def decided(self) -> list[tuple[ReviewedLink, Row]]:
        """Return what people decided, with the cells."""
        rows = link_rows(self.reviewed_content, REVIEWED_FILE, ReviewedLink.columns())
        return reviewed_links(rows, REVIEWED_FILE)

    def reviewed(self) -> Mapped:
        """Return the links that people accepted."""
        return map_reviewed(self.decided(), self.base)

    def found(self) -> Mapped:
        """Return the links that were found, as far as people have not decided otherwise."""
        rows = link_rows(self.found_content, FOUND_FILE, FoundLink.columns())
        decided = decisions(link for link, _ in self.decided())
        return map_found(found_links(rows, FOUND_FILE), self.base, decided)


def open_links(root: Path, base: str) -> OpenLinks:
    """Read the files of links of the workspace at `root`. Raises SubmissionErrors."""
    reviewed, found = (read_link_file(root / file, root) for file in (REVIEWED_FILE, FOUND_FILE))
    return OpenLinks(base, reviewed, found)
