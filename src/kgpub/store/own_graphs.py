"""The graphs that updates have written, as a file of N-Quads that any version can read.

Nothing else has them, unlike what is built: so it begins with the SHA-256 of what follows, and is
neither used nor replaced where that does not fit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, parse, serialize

from kgpub.store.durable import read_regular, write_synced

_HEAD = "# kgpub 1, graphs of updates, SHA-256 of what follows: {}\n"
_BATCH = 10_000


class TooLarge(Exception):
    """The graphs take more bytes than they may."""


def written(quads: Iterable[Quad], most: int) -> bytes:
    """Return the content of the file. Raises TooLarge beyond `most` bytes."""
    parts, size, left = [], 0, iter(quads)
    while some := list(islice(left, _BATCH)):
        part = serialize(some, format=RdfFormat.N_QUADS)
        assert part is not None  # no output was given to write to
        parts.append(part)
        size += len(part)
        if size > most:
            raise TooLarge
    content = b"".join(parts)
    return _HEAD.format(hashlib.sha256(content).hexdigest()).encode("ascii") + content


def write(path: Path, content: bytes) -> None:
    """Write what `written` has returned. Raises OSError."""
    write_synced(path, content)


def read(path: Path) -> list[Quad]:
    """Return the quads of a file, none where there is no file.

    Raises OSError, ValueError where it is not as it was written.
    """
    try:
        head, _, content = read_regular(path).partition(b"\n")
    except FileNotFoundError:
        if path.exists() or path.is_symlink():
            raise
        return []
    if head + b"\n" != _HEAD.format(hashlib.sha256(content).hexdigest()).encode("ascii"):
        raise ValueError("it is not as it was written")
    return list(parse(content, format=RdfFormat.N_QUADS))
