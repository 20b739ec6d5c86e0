"""Where new contents wait until all of them are there."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import Path

from kgpub.pipeline.output import blocks
from kgpub.store.durable import sync_folder

_SYNCED_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Made:
    """A file of a site: its path, SHA-256 in hexadecimal, and bytes.

    `staged` is what its content is called in the folder where it waits, "" where the site has it.
    """

    path: str
    digest: str
    size: int
    staged: str


@dataclass(frozen=True)
class Staging:
    """A folder of contents that wait; several processes may write to it, each file by one."""

    path: Path
    _numbers: Iterator[int] = field(default_factory=count, repr=False)

    def put(self, path: str, chunks: Iterable[bytes], known: str = "") -> Made:
        """Write the content of the file at `path`, unless `known` is its digest. Raises OSError."""
        gathered = blocks(chunks)
        first, second = next(gathered), next(gathered, None)
        digest = hashlib.sha256(first)
        if second is None and digest.hexdigest() == known:
            return Made(path, known, len(first), "")
        name, size = f"{os.getpid()}-{next(self._numbers)}", len(first)
        with (self.path / name).open("xb") as stream:
            stream.write(first)
            for block in chain([second or b""], gathered):
                digest.update(block)
                size += stream.write(block)
        if digest.hexdigest() != known:
            return Made(path, digest.hexdigest(), size, name)
        (self.path / name).unlink()
        return Made(path, known, size, "")

    def sync(self) -> None:
        """Have the system put all that waits on the disk, many files at once. Raises OSError."""
        with ThreadPoolExecutor(_SYNCED_AT_ONCE) as pool:
            list(pool.map(_sync, self.path.iterdir()))
        sync_folder(self.path)


def _sync(path: Path) -> None:
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())
