"""A dataset as a file of sorted canonical N-Quads, and its dumps: any size, in bounded memory.

The bytes are those that `turtle`, `trig`, `jsonld` and `nquads` give for the same quads. What is
held in memory is what is said of one subject, portions of lines that are sorted, and some of what
is said again and again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from tempfile import SpooledTemporaryFile, TemporaryDirectory
from types import TracebackType
from typing import Any, BinaryIO, Self

from kgpub.serialisation.arrangement import Arrangement
from kgpub.serialisation.description import QuadOrTriple
from kgpub.serialisation.graph_portions import by_graph
from kgpub.serialisation.jsonld_document import document
from kgpub.serialisation.jsonld_subjects import JsonLdSubjects
from kgpub.serialisation.jsonld_terms import Vocabulary
from kgpub.serialisation.lines import canonical_lines
from kgpub.serialisation.order import READING_ORDER, Order
from kgpub.serialisation.room import Disk, Memory
from kgpub.serialisation.sorting import PART_BYTES, Sorting
from kgpub.serialisation.subject_lines import Subjects, SubjectsInMemory, SubjectsOnDisk
from kgpub.serialisation.turtle_document import INDENT
from kgpub.serialisation.turtle_subjects import TurtleSubjects
from kgpub.serialisation.turtle_text import TurtleText

_CHUNK = 1 << 20
_AT_A_TIME = 1000


class SortedDataset:
    """The dataset of lines as `nquads` writes them, in a file or a list, while the context lasts.

    What does not fit in memory lies in `folder` meanwhile; the system's own may be in memory.
    Whatever the disk refuses is raised as OSError.
    """

    def __init__(
        self, lines: Path | list[bytes], folder: Path, order: Order = READING_ORDER
    ) -> None:
        self._lines = lines
        self._folder = folder
        self._order = order
        self._stack = ExitStack()
        self._arranged: tuple[Subjects, Arrangement] | None = None

    @classmethod
    def of(
        cls,
        quads: Iterable[QuadOrTriple],
        folder: Path,
        order: Order = READING_ORDER,
        *,
        part_bytes: int = PART_BYTES,
    ) -> Self:
        """Sort quads, which may be in any order and repeated.

        Of their lines `part_bytes` are in memory at a time. Raises ValueError for what the writers
        do not take.
        """
        with ExitStack() as stack:
            place = Path(stack.enter_context(TemporaryDirectory(dir=folder)))
            sorting = Sorting(place, "lines", part_bytes)
            sorting.add(canonical_lines(quads))
            path = place / "dataset.nq"
            with path.open("wb") as stream:
                stream.writelines(sorting.sorted())
            made = cls(path, folder, order)
            made._stack.push(stack.pop_all())
        return made

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def nquads(self) -> Iterator[bytes]:
        """Return the lines as they are."""
        if isinstance(self._lines, list):
            yield from self._lines
        else:
            with self._lines.open("rb") as stream:
                yield from _read(stream)

    def turtle(self, prefixes: Mapping[str, str]) -> Iterator[bytes]:
        """Return the union of all graphs as Turtle; see `turtle`."""
        text = TurtleText(prefixes)
        subjects, arrangement = self._union()
        yield from self._behind_directives(
            text, _blocks(subjects, arrangement, text, self._order, "")
        )

    def jsonld(self, context: Mapping[str, Any]) -> Iterator[bytes]:
        """Return the union of all graphs as JSON-LD; see `jsonld`."""
        nodes = JsonLdSubjects(Vocabulary(context), self._order)
        subjects, arrangement = self._union()
        written = (nodes.node(subjects[each], arrangement.position) for each in arrangement)
        yield from document(context, written)

    def trig(self, prefixes: Mapping[str, str]) -> Iterator[bytes]:
        """Return the dataset as TriG; see `trig`."""
        text = TurtleText(prefixes)
        return self._behind_directives(text, self._graphs(text))

    def _graphs(self, text: TurtleText) -> Iterator[str]:
        """Yield the blocks of all graphs, a line between them."""
        start = ""
        for graph, lines in by_graph(self._lines, self._folder):
            margin = INDENT if graph else ""
            with ExitStack() as stack:
                subjects, arrangement = self._arrangement(lines, stack)
                blocks = _blocks(subjects, arrangement, text, self._order, margin)
                if graph:
                    yield f"{start}{text.iri(graph.decode())} {{\n"
                    yield from blocks
                    yield "}\n"
                else:
                    yield from blocks
            start = "\n"

    def _union(self) -> tuple[Subjects, Arrangement]:
        if self._arranged is None:
            self._arranged = self._arrangement(self._lines, self._stack)
        return self._arranged

    def _arrangement(
        self, lines: list[bytes] | Path, stack: ExitStack
    ) -> tuple[Subjects, Arrangement]:
        if isinstance(lines, list):
            in_memory = SubjectsInMemory(lines)
            return in_memory, Arrangement(in_memory, self._order, Memory(), self._folder)
        place = Path(stack.enter_context(TemporaryDirectory(dir=self._folder)))
        room = stack.enter_context(Disk(place))
        on_disk = SubjectsOnDisk(stack.enter_context(lines.open("rb")), room)
        return on_disk, Arrangement(on_disk, self._order, room, place)

    def _behind_directives(self, text: TurtleText, parts: Iterator[str]) -> Iterator[bytes]:
        """Return the document of parts; which prefixes these use is known when all are written."""
        with SpooledTemporaryFile(_CHUNK, dir=str(self._folder)) as stream:
            while some := "".join(islice(parts, _AT_A_TIME)):
                stream.write(some.encode())
            directives = text.directives().encode()
            if directives:
                yield directives + (b"\n" if stream.tell() else b"")
            stream.seek(0)
            yield from _read(stream)


def _blocks(
    subjects: Subjects, arrangement: Arrangement, text: TurtleText, order: Order, margin: str
) -> Iterator[str]:
    """Yield the blocks of subjects, a line between them."""
    written = TurtleSubjects(text, order, margin)
    start = ""
    for number in arrangement:
        yield start + written.block(subjects[number], arrangement.position)
        start = "\n"


def _read(stream: BinaryIO | SpooledTemporaryFile[bytes]) -> Iterator[bytes]:
    while chunk := stream.read(_CHUNK):
        yield chunk
