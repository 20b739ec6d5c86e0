"""What is measured of servers: requests a second, times beside hostile queries, first bytes."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median
from urllib.parse import quote

from benchmarks import serving_load
from benchmarks.serving_load import Load, Measured, by_python, path_of
from benchmarks.serving_questions import HOSTILE, ROWS, WHOLE, Kind
from benchmarks.serving_servers import HOST, Server, processor_seconds, settle

Generator = Callable[[Load], Measured]

COMPUTED, REPEATED = "computed", "repeated"
CONNECTIONS = 4
_WARMING = 0.3
_FEWEST, _MOST = 16, 60.0
"""Requests that a round has at least, and seconds that it takes at most."""
_HOSTILE_CONNECTIONS = 8
_AHEAD = 3.0
"""Seconds after which hostile queries are where they stay."""
_LONG = 3600.0
_PART = 2**16


@dataclass(frozen=True)
class Round:
    """One round: requests a second, and seconds of the processor for each request."""

    rate: float
    cost: float


@dataclass
class Rounds:
    """All rounds of one kind of query by one generator of load, by server and way of asking."""

    kind: str
    generator: str
    of: dict[tuple[str, str], list[Round]] = field(default_factory=dict)

    def rate(self, server: str, way: str = COMPUTED) -> float:
        """Return the median of requests a second."""
        return median(each.rate for each in self.of[server, way])

    def cost(self, server: str, way: str = COMPUTED) -> float:
        """Return the median of seconds of the processor for a request."""
        return median(each.cost for each in self.of[server, way])

    def ratios(self, one: tuple[str, str], other: tuple[str, str]) -> list[float]:
        """Return how many times as many requests `one` answered as `other`, round by round."""
        pairs = zip(self.of[one], self.of[other], strict=True)
        return [mine.rate / peer.rate for mine, peer in pairs]


def throughput(
    kind: Kind,
    ours: Server,
    peers: Sequence[Server],
    generators: dict[str, Generator],
    rounds: int,
    seconds: float,
) -> Iterator[Rounds]:
    """Measure one kind of query: in each round every server, one after the other.

    Raises ValueError where a request is not answered with 200.
    """
    asked = [(ours, COMPUTED), (ours, REPEATED), *((peer, COMPUTED) for peer in peers)]
    for generator, measure in generators.items():
        found = Rounds(kind.name, generator)
        lengths = {}
        for server, way in asked:
            warm = _round(server, kind, _load(server, kind, way, f"{generator}warm"), by_python)
            lengths[server, way] = min(_MOST, max(seconds, _FEWEST / warm.rate))
        for number in range(rounds):
            for server, way in asked:
                load = _load(server, kind, way, f"{generator}{number}", lengths[server, way])
                one = _round(server, kind, load, measure)
                found.of.setdefault((server.name, way), []).append(one)
        yield found


def _load(server: Server, kind: Kind, way: str, mark: str, seconds: float = _WARMING) -> Load:
    paths = [path_of(server, text) for text in kind.texts]
    mark = mark if way == COMPUTED else ""
    return Load(server.port, paths, kind.accept, seconds, CONNECTIONS, mark)


def _round(server: Server, kind: Kind, load: Load, measure: Generator) -> Round:
    before = processor_seconds(server.pid)
    measured = measure(load)
    settle(server.pid)
    if measured.failed or not measured.answered:
        raise ValueError(f"{server.name}, {kind.name}: {measured}")
    used = processor_seconds(server.pid) - before
    return Round(measured.rate, used / (measured.answered + measured.cut))


@dataclass(frozen=True)
class Beside:
    """Quick queries on so many connections: p50 and p99 in seconds, alone and beside hostile."""

    connections: int
    alone: Sequence[Measured]
    beside: Sequence[Measured]

    def ratio(self, of: Callable[[Measured], float]) -> float:
        """Return how many times as long something takes beside hostile queries, as medians."""
        return median(map(of, self.beside)) / median(map(of, self.alone))


def beside_hostile(
    server: Server, kind: Kind, rounds: int, seconds: float, connections: int
) -> Beside:
    """Measure quick queries, by turns alone and while hostile ones run."""
    alone, beside = [], []
    paths = [path_of(server, text) for text in kind.texts]
    hostile = [path_of(server, text) for text in HOSTILE]
    for number in range(rounds):
        mark = f"alone{connections}-{number}"
        alone.append(_quick(Load(server.port, paths, kind.accept, seconds, connections, mark)))
        mark = f"hostile{connections}-{number}"
        attack = Load(server.port, hostile, ROWS, _LONG, _HOSTILE_CONNECTIONS, mark)
        with serving_load.running(attack):
            time.sleep(_AHEAD)
            mark = f"beside{connections}-{number}"
            beside.append(_quick(Load(server.port, paths, kind.accept, seconds, connections, mark)))
        settle(server.pid)
    return Beside(connections, alone, beside)


def _quick(load: Load) -> Measured:
    measured = by_python(load)
    if measured.failed:
        raise ValueError(f"quick queries were refused: {measured}")
    return measured


@dataclass(frozen=True)
class Large:
    """A large answer: seconds to its first byte and to its last, and its size in bytes."""

    first: float
    last: float
    size: int


def large(servers: Sequence[Server], size: int, rounds: int) -> dict[str, list[Large]]:
    """Fetch an answer of about `size` bytes, as JSON, of each server by turns."""
    few = 2_000
    sample = _fetched(servers[0], f"{WHOLE} LIMIT {few}")
    rows = round(size / sample.size * few)
    found: dict[str, list[Large]] = {server.name: [] for server in servers}
    for number in range(rounds):
        for server in servers:
            found[server.name].append(_fetched(server, f"{WHOLE} LIMIT {rows} #{number}"))
    return found


def _fetched(server: Server, text: str) -> Large:
    connection = http.client.HTTPConnection(HOST, server.port, timeout=300)
    before = time.perf_counter()
    path = f"{server.path}?query={quote(text, safe='')}"
    connection.request("GET", path, headers={"Accept": ROWS})
    answer = connection.getresponse()
    size = len(answer.read(1))
    first = time.perf_counter() - before
    while part := answer.read(_PART):
        size += len(part)
    last = time.perf_counter() - before
    connection.close()
    if answer.status != 200:
        raise ValueError(f"{server.name}: {answer.status} for a large answer")
    return Large(first, last, size)
