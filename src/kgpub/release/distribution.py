"""The files of a release: what is to be written, and what was."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum


class Coding(StrEnum):
    """How a file is compressed, by what its name ends in; PLAIN where it is not."""

    PLAIN = ""
    GZIP = ".gz"
    ZSTD = ".zst"


@dataclass(frozen=True)
class Content:
    """A file that is to be written; `chunks` makes its bytes when they are called for.

    `path` is relative to the release, with forward slashes. `title` says in a line of English
    what it is. `conforms_to` are IRIs of what it is made by. Where it is `compressed`, the same is
    written with gzip and Zstandard besides. One that is not `offered` is no distribution of the
    dataset in the catalogue: it says something about the release.
    """

    path: str
    title: str
    media_type: str
    chunks: Callable[[], Iterable[bytes]]
    conforms_to: tuple[str, ...] = ()
    compressed: bool = False
    offered: bool = True


@dataclass(frozen=True)
class Distribution:
    """A file that was written: `size` in bytes, SHA-256 in hexadecimal, of what lies on the disk.

    `path` has the ending of the coding.
    """

    path: str
    title: str
    media_type: str
    size: int
    sha256: str
    coding: Coding = Coding.PLAIN
    conforms_to: tuple[str, ...] = ()
    offered: bool = True

    @property
    def is_dataset(self) -> bool:
        """Whether it holds all of the dataset in its own terms."""
        return is_dataset(self.path)


def is_dataset(path: str) -> bool:
    """Whether the file with this path holds all of the dataset in its own terms."""
    return path.startswith("dataset.")
