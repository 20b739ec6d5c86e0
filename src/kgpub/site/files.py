"""The files of a site, and what they are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from kgpub.documents.build import Build


@dataclass(frozen=True)
class File:
    """A file of a site: its path from the site's root, with forward slashes, and its content.

    `content` gives the chunks of bytes anew each time; they are the same on every machine.
    """

    path: str
    content: Callable[[], Iterable[bytes]]


@dataclass(frozen=True)
class Opened:
    """What a site is made of: a build, or a release, that is open to read.

    The site of `build` is one without a server: its addresses are those of files. `dataset` is the
    same dataset in a file, as sorted canonical N-Quads. `queries` are the folders of saved queries,
    the workspace's first; `prefixes` those that queries need not declare.
    """

    build: Build
    dataset: Path
    queries: tuple[Path, ...]
    prefixes: Mapping[str, str]
