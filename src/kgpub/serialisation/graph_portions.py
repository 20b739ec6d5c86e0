"""Sorted lines by named graph: files of lines, in the order of the graphs, each read as a whole.

The lines of a file are spread over others, each for a range of names, which are chosen by a sample
so that much the same goes to each; what is still too large is spread again. A graph that is too
large alone is given as a file of its own.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

PORTION_BYTES = 2**24
"""Of lines that are held in memory."""
_MAX_PORTIONS = 64
"""Files that are open at a time."""
_NONE = b"\0"
"""What is no graph's name."""
_RUN = 1000
"""Lines that are held in memory, of those that follow each other."""
_SAMPLED = 4096
"""Lines of which the graph is asked to choose the ranges."""


def by_graph(
    lines: Path | Iterable[bytes], folder: Path
) -> Iterator[tuple[bytes, list[bytes] | Path]]:
    """Yield the IRI of each graph, b"" for the default graph, and its lines.

    Where these are many they are a file, which is removed when the next graph is asked for. They
    stay in the order in which they are in the file, or given. Other files lie in `folder`. Raises
    OSError.
    """
    if not isinstance(lines, Path):
        yield from _gathered(lines)
    elif lines.stat().st_size <= PORTION_BYTES:
        with lines.open("rb") as stream:
            yield from _gathered(stream)
    else:
        with TemporaryDirectory(dir=folder) as place:
            for graph, portion in _spread(lines, Path(place)):
                if graph is None or portion.stat().st_size <= PORTION_BYTES:
                    yield from by_graph(portion, folder)
                else:
                    yield graph, portion
                portion.unlink()


def _gathered(lines: Iterable[bytes]) -> Iterator[tuple[bytes, list[bytes]]]:
    graphs: dict[bytes, list[bytes]] = defaultdict(list)
    for graph, run in _runs(lines):
        graphs[graph] += run
    for graph in sorted(graphs):
        yield graph, graphs.pop(graph)


def _spread(path: Path, folder: Path) -> list[tuple[bytes | None, Path]]:
    """Write the lines to files, by their graphs in order; beside each the graph if it is one."""
    bounds = _bounds(path)
    files = [folder / str(number) for number in range(len(bounds) + 1)]
    found: list[bytes | None] = [_NONE] * len(files)
    with ExitStack() as stack:
        streams = [stack.enter_context(file.open("xb")) for file in files]
        for graph, run in _runs(stack.enter_context(path.open("rb"))):
            number = bisect_right(bounds, graph)
            if found[number] != graph:
                found[number] = graph if found[number] == _NONE else None
            streams[number].writelines(run)
    return list(zip(found, files, strict=True))


def _bounds(path: Path) -> list[bytes]:
    """Return names of graphs that divide the lines of a file into parts much alike.

    Where one has much, it is alone: there is a bound before it and one after it, too.
    """
    size = path.stat().st_size
    sample: list[bytes] = []
    with path.open("rb") as stream:
        for number in range(_SAMPLED):
            stream.seek(number * size // _SAMPLED)
            if number:
                stream.readline()  # from within a line
            if line := stream.readline():
                sample.append(_graph_of(line))
    sample.sort()
    parts = min(_MAX_PORTIONS // 2, 2 * size // PORTION_BYTES + 1)
    chosen = [sample[number * len(sample) // parts] for number in range(parts)]
    repeated = {graph for graph, following in pairwise(chosen) if graph == following}
    return sorted({*chosen, *(graph + b"\0" for graph in repeated)})


def _runs(given: Iterable[bytes]) -> Iterator[tuple[bytes, list[bytes]]]:
    """Yield lines, some that follow each other in one graph at a time."""
    graph, end = b"", b""
    lines: list[bytes] = []
    for line in given:
        # What ends so with three spaces only is in the default graph, and the graph its object.
        if end and line.endswith(end) and line.count(b" ") > 3 and len(lines) < _RUN:
            lines.append(line)
            continue
        if lines:
            yield graph, lines
        graph = _graph_of(line)
        end = b" <%b> .\n" % graph if graph else b""
        lines = [line]
    if lines:
        yield graph, lines


def _graph_of(line: bytes) -> bytes:
    """Return the IRI of the graph of a line of canonical N-Quads, b"" for the default graph."""
    start = line.rfind(b" ", 0, -3)
    term = line[start + 1 : -3]
    # Else it is of the object: all of it, or what stands behind a space in a literal.
    is_iri = term.startswith(b"<") and term.endswith(b">") and b'"' not in term
    return term[1:-1] if is_iri and line.count(b" ", 0, start) > 1 else b""
