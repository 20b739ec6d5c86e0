"""Small releases of known content, and how the tests load and read them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, serialize
from tests.release.loading.stores import Running

from kgpub.patience import Patience
from kgpub.release.loading.dump import Dump
from kgpub.release.loading.publishing import Published, Terms, publish
from kgpub.release.loading.staging import Bounds
from kgpub.release.loading.target import Target
from kgpub.store.endpoint import Endpoint
from kgpub.store.remote import RemoteStore

E = "https://example.org/data/"
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
NAME, EDITION = NamedNode(E + "name"), NamedNode(E + "edition")
PERSON = NamedNode(E + "Person")
ODD = [
    Literal("مصطفى الكاظمي", language="ar"),
    Literal('"a"\n\\ \t\r $graph {plan} ?x 🎉', language="en"),
    Literal("2016", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#gYear")),
    Literal("\\u0041 \\\\U0001F389 \\"),
    Literal(7),
    Literal(""),
]
TERMS = Terms(Bounds(quads=100))
QUICK = Patience(tries=4, seconds=60.0, first=0.01, longest=0.05)
_SEEN_SECONDS = 60.0

Contents = Mapping[str, Iterable[Quad]]


def people(graph: str, count: int, edition: str) -> list[Quad]:
    """Return a graph of `count` people, three triples each: all are of the edition."""
    name = NamedNode(E + graph)
    quads = []
    for number in range(count):
        one = NamedNode(f"{E}person/{graph}/{number}%20é#x")
        quads += [
            Quad(one, TYPE, PERSON, name),
            Quad(one, EDITION, Literal(edition), name),
            Quad(one, NAME, Literal(f"{graph} {number}"), name),
        ]
    return quads


def odd(graph: str) -> list[Quad]:
    """Return a graph of literals with all that has to be escaped."""
    one = NamedNode(E + "odd")
    return [Quad(one, NAME, value, NamedNode(E + graph)) for value in ODD]


def write(folder: Path, *graphs: Iterable[Quad]) -> Path:
    """Write a release: its N-Quads, sorted by line."""
    folder.mkdir(parents=True, exist_ok=True)
    content = serialize((quad for graph in graphs for quad in graph), format=RdfFormat.N_QUADS)
    assert content is not None
    (folder / "dataset.nq").write_bytes(b"".join(sorted(content.splitlines(keepends=True))))
    return folder


def load(
    folder: Path,
    running: Running,
    terms: Terms = TERMS,
    *,
    update: str = "",
    query: str = "",
    timeout: float = 60.0,
    told: list[str] | None = None,
    progress: Callable[[str], None] = lambda text: None,
) -> Published:
    """Load a release, by other addresses where some are given; `told` gathers what is told."""
    service = Endpoint(update or running.update, running.credentials, timeout)
    store = RemoteStore(query or running.query, timeout)
    tell = (lambda text: told.append(text)) if told is not None else (lambda text: None)
    with Dump(folder) as dump:
        return publish(dump, Target(service, store, tell, QUICK), E, terms, progress)


READS = (
    # The union of all graphs, by predicate, by class, by name, and whatever refers to a class.
    f"SELECT ?s ?o {{ ?s {EDITION} ?o }}",
    f"SELECT ?s ?o {{ ?s a {PERSON} ; {EDITION} ?o }}",
    f"SELECT ?s ?o {{ GRAPH ?g {{ ?s ?p {PERSON} ; {EDITION} ?o }} }}",
    f"SELECT ?s ?o {{ BIND(<{E}person/one/1%20é#x> AS ?s) ?s ?p ?o }}",
)


@contextmanager
def read_meanwhile(running: Running) -> Iterator[list[set[frozenset[tuple[str, str]]]]]:
    """Ask again and again; yield, for each of READS, what different answers there were."""
    seen: list[set[frozenset[tuple[str, str]]]] = [set() for _ in READS]
    errors: list[Exception] = []
    done = Event()

    def read() -> None:
        while not done.is_set():
            for query, answers in zip(READS, seen, strict=True):
                try:
                    rows = running.select(query)
                except Exception as error:  # noqa: BLE001 - told in the thread of the test
                    errors.append(error)
                    return
                answers.add(frozenset((row["s"], row["o"]) for row in rows))

    reader = Thread(target=read)
    reader.start()
    try:
        yield seen
    finally:
        done.set()
        reader.join()
    assert errors == []


Seen = Sequence[set[frozenset[tuple[str, str]]]]


def wait_to_be_seen(seen: Seen, expected: Sequence[frozenset[tuple[str, str]]]) -> None:
    """Wait until a reader has got each of these answers at least once."""
    until = monotonic() + _SEEN_SECONDS
    while not all(each in found for found, each in zip(seen, expected, strict=True)):
        assert monotonic() < until, "the reader does not see what is there"
        sleep(0.01)


def answers(*graphs: Iterable[Quad]) -> list[frozenset[tuple[str, str]]]:
    """Return the right answer to each of READS, from the quads themselves."""
    quads = [quad for graph in graphs for quad in graph]
    editions = frozenset(
        (str(quad.subject)[1:-1], quad.object.value)
        for quad in quads
        if quad.predicate == EDITION and isinstance(quad.object, Literal)
    )
    one = frozenset(
        (str(quad.subject)[1:-1], quad.object.value)
        for quad in quads
        if str(quad.subject) == f"<{E}person/one/1%20é#x>"
        and isinstance(quad.object, Literal | NamedNode)
    )
    return [editions, editions, editions, one]
