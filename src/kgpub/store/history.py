"""What a build does not say any more: quads in graphs of their own, beside a generation.

They are in no store, so that no query comes upon them; the graph `{base}graph/history` tells of
each of the others when it was said, and which graph of the dataset had it.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, parse, serialize

from kgpub.store.durable import read_regular, write_synced

HISTORY = "history.nq"


def write(generation: Path, quads: Iterable[Quad]) -> None:
    """Write the history of a generation, no file where it is empty. Raises OSError."""
    content = serialize(dict.fromkeys(quads), format=RdfFormat.N_QUADS)
    if content:
        write_synced(generation / HISTORY, content)


def copy(source: Path, target: Path) -> None:
    """Give a generation the history of another. Raises OSError."""
    if (source / HISTORY).exists():
        write_synced(target / HISTORY, read_regular(source / HISTORY))


def read(generation: Path) -> list[Quad]:
    """Return the history of a generation. Raises OSError, SyntaxError where it is damaged."""
    if not (generation / HISTORY).exists():
        generation.stat()  # one that was removed has not none, but is unknown
        return []
    return list(parse(read_regular(generation / HISTORY), format=RdfFormat.N_QUADS))
