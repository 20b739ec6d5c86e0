"""One file for each submission and article: the sorted quads of the whole, by named graph.

They are first spread over temporary files by a checksum of the graph's name, as many as it takes
for one of them to be small, and then gathered from one of these after the other.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from pyoxigraph import RdfFormat, parse

from kgpub.release.distribution import Content
from kgpub.release.lines import iri
from kgpub.serialisation import trig

FOLDER = "graphs"
_KINDS = ("article/", "submission/")
"""What the names of the graphs that have files of their own begin with, below the base."""
_PORTION = 16 << 20
"""Bytes of quads that are gathered at a time, about."""
_MAX_PORTIONS = 128
"""All are open at a time: macOS lets a process open 256."""
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

    What is written meanwhile lies in the folder `temporary`. Raises OSError.
    """
    number = min(_MAX_PORTIONS, 1 + dataset.stat().st_size // _PORTION)
    with TemporaryDirectory(dir=temporary) as folder:
        portions = [Path(folder, str(each)) for each in range(number)]
        _spread(dataset, portions, f" <{base}".encode())
        for portion in portions:
            for graph, lines in sorted(_gathered(portion).items()):
                path = path_of(iri(graph), base)
                if path is not None:
                    yield _content(path, iri(graph), lines, prefixes)


def _spread(dataset: Path, portions: list[Path], mark: bytes) -> None:
    wanted = tuple(mark + kind.encode() for kind in _KINDS)
    with ExitStack() as stack:
        streams = [stack.enter_context(path.open("wb")) for path in portions]
        for line in stack.enter_context(dataset.open("rb")):
            graph = line[line.rindex(b" <") : -3]
            if graph.startswith(wanted):
                streams[zlib.crc32(graph) % len(streams)].write(line)


def _gathered(portion: Path) -> dict[bytes, list[bytes]]:
    lines: dict[bytes, list[bytes]] = defaultdict(list)
    with portion.open("rb") as stream:
        for line in stream:
            lines[line[line.rindex(b" <") + 1 : -3]].append(line)
    return lines


def _content(path: str, graph: str, lines: list[bytes], prefixes: Mapping[str, str]) -> Content:
    def chunks() -> Iterator[bytes]:
        return trig(parse(b"".join(lines), format=RdfFormat.N_QUADS), prefixes)

    return Content(path, f"The quads of {graph}", "application/trig", chunks, offered=False)
