"""What kgpub has written to a site's folder, as it is noted in the workspace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kgpub.store.durable import read_regular, replace_synced

_FORM = "kgpub-site-1"
_NONE = "-"


@dataclass(frozen=True, slots=True)
class Entry:
    """A file: its SHA-256 in hexadecimal, its bytes, and when it was changed, in nanoseconds."""

    digest: str
    size: int
    changed: int


@dataclass(frozen=True)
class Record:
    """The files of a site by path.

    `key` tells what they were made of, "" where the writing has not come to its end: then there may
    be files that are not as noted. `sums` is the digest of the list of checksums in the folder.
    """

    key: str = ""
    sums: str = ""
    entries: Mapping[str, Entry] = field(default_factory=dict)

    def write(self, path: Path) -> None:
        """Put it on the disk, in the place of the one before. Raises OSError."""
        lines = [f"{_FORM} {self.key or _NONE} {self.sums or _NONE}"]
        lines += (
            f"{each.digest} {each.size} {each.changed} {name}"
            for name, each in sorted(self.entries.items())
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_synced(path, ("\n".join(lines) + "\n").encode())

    @classmethod
    def read(cls, path: Path) -> Record | None:
        """Read the one that was written last, None where there is none that can be read."""
        try:
            first, *lines = read_regular(path).decode().removesuffix("\n").split("\n")
            form, key, sums = first.split(" ")
            if form != _FORM:
                return None
            entries = {}
            for line in lines:
                digest, size, changed, name = line.split(" ", 3)
                entries[name] = Entry(digest, int(size), int(changed))
        except (OSError, ValueError):
            return None
        return cls(key.removeprefix(_NONE), sums.removeprefix(_NONE), entries)
