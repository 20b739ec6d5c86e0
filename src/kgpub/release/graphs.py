"""One file for each submission and article: the sorted quads of the whole, by named graph."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from kgpub.release.distribution import Content
from kgpub.serialisation.graph_portions import by_graph
from kgpub.serialisation.sorted_dataset import SortedDataset

FOLDER = "graphs"
_KINDS = ("article/", "submission/")
"""What the names of the graphs that have files of their own begin with, below the base."""
_PLAIN = re.compile(r"(?!(?:con|prn|aux|nul|(?:com|lpt)[0-9])\Z)[a-z0-9][a-z0-9-]{0,99}")
"""A name that every file system keeps apart from any other such name, and every URL as it is.

Windows has devices under the others, whatever the ending ("Naming Files, Paths, and Namespaces").
"""


def path_of(graph: str, base: str) -> str | None:
    """Return the path of the file of a named graph, or None where it has none of its own.

    It has the segments of the graph's IRI below `base`. A segment that file systems or addresses
    may change, cut, or take for another has in its place a hash of it behind a low line.
    """
    name = graph.removeprefix(base)
    if not graph.startswith(base) or not name.startswith(_KINDS):
        return None
    return f"{FOLDER}/{'/'.join(map(_segment, name.split('/')))}.trig"


def _segment(text: str) -> str:
    if _PLAIN.fullmatch(text):
        return text
    return f"_{hashlib.sha256(text.encode()).hexdigest()[:32]}"


def files(
    dataset: Path, base: str, prefixes: Mapping[str, str], temporary: Path
) -> Iterator[Content]:
    """Yield the file of each submission and article of a file of sorted quads.

    Each is to be written before the next is asked for. What is written meanwhile lies in the folder
    `temporary`. Raises OSError.
    """
    with TemporaryDirectory(dir=temporary) as folder:
        for name, lines in by_graph(dataset, Path(folder)):
            graph = name.decode()
            path = path_of(graph, base)
            if path is not None:
                yield Content(
                    path,
                    f"The quads of {graph}",
                    "application/trig",
                    partial(_chunks, lines, Path(folder), prefixes),
                    offered=False,
                )


def _chunks(
    lines: Path | list[bytes], folder: Path, prefixes: Mapping[str, str]
) -> Iterator[bytes]:
    with SortedDataset(lines, folder) as one:
        yield from one.trig(prefixes)
