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
from kgpub.sources.nesting import too_deep_at

DATASET = "dataset.nq"
SUMS = "SHA256SUMS"
_MAX_SUMS = 64 * 1024 * 1024
_BLOCK = 4 * 1024 * 1024
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
        self._require_flat()
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

    def _require_flat(self) -> None:
        """Raise DataError for triple terms so deep that to parse them would end the process."""
        self._stream.seek(0)
        while lines := b"".join(self._stream.readlines(_BLOCK)):
            if too_deep_at(lines, RdfFormat.N_QUADS) is not None:
                raise DataError(f"{self.path}: has triple terms, of RDF 1.2", _WRITE_AGAIN)

    def _digest(self) -> str:
        self._stream.seek(0)
        try:
            digest = hashlib.file_digest(self._stream, "sha256").hexdigest()
            sums = self._folder / SUMS
            known = _sums_of_the_dump(sums) if sums.exists() else {digest}
        except UnicodeDecodeError as error:
            raise CallError(f"{self._folder / SUMS}: is not UTF-8", _WRITE_AGAIN) from error
        except OSError as error:
            raise CallError(f"{self.path}: cannot be read: {error.strerror}") from error
        if not known:
            raise CallError(f"{self._folder / SUMS}: has no line for {DATASET}", _WRITE_AGAIN)
        if known != {digest}:
            raise CallError(f"{self.path}: is not what {SUMS} says it is", _WRITE_AGAIN)
        return digest


def _sums_of_the_dump(sums: Path) -> set[str]:
    """Return what a file as of sha256sum says of the dump; an asterisk is its sign for binary."""
    with sums.open("rb") as stream:
        content = stream.read(_MAX_SUMS + 1)
    if len(content) > _MAX_SUMS:
        raise CallError(f"{sums}: has more than {_MAX_SUMS:,} bytes", _WRITE_AGAIN)
    lines = (line.partition(" ") for line in content.decode("utf-8").splitlines())
    return {sum_.lower() for sum_, _, name in lines if name in (f" {DATASET}", f"*{DATASET}")}
