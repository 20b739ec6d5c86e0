"""The dump of a release, `dataset.nq`: what its graphs hold, and its quads in their order."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from types import TracebackType
from typing import Self

from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, parse

from kgpub.errors import CallError, DataError

DATASET = "dataset.nq"
SUMS = "SHA256SUMS"
_MAX_SUMS = 64 * 1024 * 1024
_WRITE_AGAIN = "Write the release again, or take another folder."


@dataclass(frozen=True)
class GraphSummary:
    """How many triples a graph has, and the SHA-256 of them in the order of the file."""

    triples: int
    digest: str


@dataclass(frozen=True)
class DumpSummary:
    """The SHA-256 of the file, and its graphs by their IRIs."""

    digest: str
    graphs: Mapping[str, GraphSummary]

    @property
    def quads(self) -> int:
        return sum(graph.triples for graph in self.graphs.values())


class Dump:
    """The dump in a folder, open from `with` on, so that what takes its place is not mixed in."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / DATASET
        self._folder = folder

    def __enter__(self) -> Self:
        try:
            self._stream: BufferedReader = self.path.open("rb")
        except FileNotFoundError as error:
            message = f"{self._folder}: there is no {DATASET}"
            raise CallError(message, "Run kgpub build, or name the folder of a release.") from error
        except OSError as error:
            raise CallError(f"{self.path}: cannot be read: {error.strerror}") from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stream.close()

    def summary(self) -> DumpSummary:
        """Read all quads once. Raises DataError, CallError where the checksum is another."""
        digest = self._digest()
        counts: dict[str, int] = {}
        sums: dict[str, hashlib._Hash] = {}
        for name, triple in self.quads():
            graph = name.value
            if graph not in sums:
                sums[graph] = hashlib.sha256()
                counts[graph] = 0
            counts[graph] += 1
            sums[graph].update(f"{triple}\n".encode())
        graphs = {name: GraphSummary(counts[name], sums[name].hexdigest()) for name in sorted(sums)}
        return DumpSummary(digest, graphs)

    def quads(self) -> Iterator[tuple[NamedNode, Triple]]:
        """Yield each triple with its graph, none of which is a blank node. Raises DataError."""
        self._stream.seek(0)
        try:
            # N-Quads without comments: a line is a quad.
            for number, quad in enumerate(parse(self._stream, format=RdfFormat.N_QUADS), 1):
                if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode):
                    # Sent twice it would be two nodes.
                    message = f"{self.path}: quad {number:,} has a blank node"
                    raise DataError(message, "Give every node an IRI; kgpub build does.")
                if not isinstance(graph := quad.graph_name, NamedNode):
                    message = f"{self.path}: quad {number:,} is in no named graph"
                    raise DataError(message, "Put every triple in a graph that has an IRI.")
                yield graph, quad.triple
        except SyntaxError as error:
            raise DataError(f"{self.path}: is not N-Quads: {error}", _WRITE_AGAIN) from error
        except OSError as error:
            raise CallError(f"{self.path}: cannot be read: {error.strerror}") from error

    def _digest(self) -> str:
        self._stream.seek(0)
        try:
            digest = hashlib.file_digest(self._stream, "sha256").hexdigest()
            sums = self._folder / SUMS
            known = sums.read_text("utf-8") if _is_small(sums) else ""
        except UnicodeDecodeError as error:
            raise CallError(f"{self._folder / SUMS}: is not UTF-8", _WRITE_AGAIN) from error
        except OSError as error:
            raise CallError(f"{self.path}: cannot be read: {error.strerror}") from error
        told = {
            name: sum_ for sum_, _, name in (line.partition("  ") for line in known.split("\n"))
        }
        if told.get(DATASET, digest) != digest:
            raise CallError(f"{self.path}: is not what {SUMS} says it is", _WRITE_AGAIN)
        return digest


def _is_small(path: Path) -> bool:
    """Whether there is a file, of a size that such a file has."""
    try:
        return path.stat().st_size <= _MAX_SUMS
    except FileNotFoundError:
        return False
