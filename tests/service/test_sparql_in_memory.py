"""Builds that workers hold in memory: that nothing else changes, and that none outlives its use."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store
from tests.service.processes import children, command
from tests.service.sparql_served import BASE, publish

from kgpub.service.sparql.limits import MEBIBYTE, QueryLimits
from kgpub.service.sparql.pool import Generation, Pool
from kgpub.service.sparql.wire import Forms, Task
from kgpub.service.sparql.worker import Settings
from kgpub.store.embedded import Generations

EX = "https://example.org/"
FORMS = Forms("json", "json", "nt")
LIMITS = QueryLimits(seconds=60.0)
PATIENCE = 60.0
LONG = "SELECT (COUNT(*) AS ?n) { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f FILTER(?b != ?d) }"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
QUERIES = (
    COUNT,
    "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o",
    "SELECT ?g { GRAPH ?g {} } ORDER BY ?g",
    "SELECT * { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g ?s ?p ?o",
    "SELECT ?s (SUM(?o) AS ?sum) { ?s <number> ?o } GROUP BY ?s ORDER BY ?s",
    "SELECT * { ?s <number> ?o FILTER(?o > 254) } ORDER BY ?o",
    "SELECT * { ?s (<next>|^<next>)+ ?o } ORDER BY ?s ?o",
    "ASK { ?s <name> 'اسم'@ar }",
    "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
)


def quads(mark: str) -> Iterator[Quad]:
    graph, name = NamedNode(f"{EX}graph/{mark}"), NamedNode(f"{BASE}name")
    for number in range(300):
        some = NamedNode(f"{BASE}{number}")
        yield Quad(some, NamedNode(f"{BASE}number"), Literal(number), graph)
        yield Quad(some, name, Literal(f"{mark} {number}", language="en"), graph)
        if number % 10:
            yield Quad(some, NamedNode(f"{BASE}next"), NamedNode(f"{BASE}{number + 1}"), graph)
    yield Quad(NamedNode(f"{BASE}0"), name, Literal("اسم", language="ar"), graph)


def looking(folder: Path) -> Callable[[], Generation]:
    generations = Generations(folder)

    def look() -> Generation:
        current = generations.current()
        assert current is not None
        settings = Settings(str(current), BASE, {}, LIMITS.memory)
        return Generation(generations.fingerprint(), settings)

    return look


@asynccontextmanager
async def held(folder: Path, limits: QueryLimits = LIMITS) -> AsyncIterator[Pool]:
    """Run a pool that holds the build in memory."""
    async with Pool(looking(folder), limits) as pool:
        await until(lambda: pool.is_held)
        yield pool


async def until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end
        await asyncio.sleep(0.02)


async def answer(pool: Pool, query: str) -> bytes:
    running = pool.submit(Task(query, FORMS))
    try:
        return b"".join([part async for part in running.spool.chunks()])
    finally:
        running.give_up()


async def count(pool: Pool) -> int:
    told = json.loads(await answer(pool, COUNT))
    return int(told["results"]["bindings"][0]["n"]["value"])


def lines(content: bytes) -> list[bytes]:
    return sorted(content.splitlines())


def nurseries() -> set[int]:
    return {pid for pid in children("self") if b"sparql.nursery" in command(pid)}


def run(work: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(work())  # type: ignore[arg-type]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    publish(tmp_path, quads("first"))
    return tmp_path


def test_answers_are_the_same_as_from_disk(folder: Path) -> None:
    current = Generations(folder).current()
    assert current is not None
    changed = Store(str(current))
    changed.add_graph(NamedNode(f"{EX}empty"))
    changed.add(
        Quad(NamedNode(EX), NamedNode(f"{BASE}odd"), Literal("1.500"), NamedNode(f"{EX}odd"))
    )
    changed.flush()
    del changed

    async def work() -> None:
        limits = QueryLimits(in_memory=0)
        async with held(folder) as memory, Pool(looking(folder), limits) as disk:
            for query in QUERIES:
                got, wanted = await answer(memory, query), await answer(disk, query)
                assert lines(got) == lines(wanted), query
            assert not disk.is_held
            graphs = await answer(memory, "SELECT ?g { GRAPH ?g {} }")
            assert f"{EX}empty".encode() in graphs

    run(work)


def test_large_builds_are_left_on_disk(folder: Path) -> None:
    async def work() -> None:
        async with Pool(looking(folder), QueryLimits(in_memory=1_000)) as pool:
            await asyncio.sleep(1)
            assert not pool.is_held
            assert len(nurseries()) == 1
            assert await count(pool) == 300 * 2 + 270 + 1

    run(work)


def test_a_query_that_began_on_disk_is_answered(folder: Path) -> None:
    async def work() -> None:
        async with Pool(looking(folder), LIMITS) as pool:
            assert not pool.is_held
            long = pool.submit(Task(LONG.replace("?e ?r ?f", "?a ?r ?f"), FORMS))
            await until(lambda: pool.is_held)
            await long.spool.ended()
            told = json.loads(long.spool.content())
            long.give_up()
            assert int(told["results"]["bindings"][0]["n"]["value"]) > 10**6

    run(work)


def test_a_new_build_is_served_at_once_and_held_once_it_stays(folder: Path) -> None:
    async def work() -> None:
        async with held(folder) as pool:
            first = pool.version
            publish(folder, quads("second"))
            await pool.refresh()
            assert pool.version != first
            assert not pool.is_held
            assert b"second" in await answer(pool, "SELECT * { ?s <name> ?name } LIMIT 5")
            await until(lambda: pool.is_held)
            assert b"second" in await answer(pool, "SELECT * { ?s <name> ?name } LIMIT 5")
            await until(lambda: len(nurseries()) == 2)  # and none of the build before

    run(work)


def test_what_holds_a_build_may_be_killed(folder: Path) -> None:
    async def work() -> None:
        async with held(folder) as pool:
            wanted = await count(pool)
            (holding,) = (pid for pid in nurseries() if str(folder).encode() in command(pid))
            os.kill(holding, signal.SIGKILL)
            await until(lambda: not pool.is_held and pool.lanes.idle > 0)
            assert await count(pool) == wanted

    run(work)


def test_it_may_be_killed_while_it_reads(folder: Path) -> None:
    async def work() -> None:
        async with Pool(looking(folder), LIMITS) as pool:
            await until(lambda: len(nurseries()) == 2)
            for pid in nurseries():
                if str(folder).encode() in command(pid):
                    os.kill(pid, signal.SIGKILL)
            await until(lambda: len(nurseries()) == 1)
            assert await count(pool) > 0

    run(work)


def test_memory_is_bounded_all_the_same(folder: Path) -> None:
    async def work() -> None:
        limits = QueryLimits(memory=64 * MEBIBYTE, seconds=60.0)
        async with held(folder, limits) as pool:
            running = pool.submit(
                Task("SELECT * { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f } ORDER BY ?d", FORMS)
            )
            await until(lambda: running.spool.has_ended)
            assert running.spool.fault is not None
            assert "memory" in running.spool.fault.message
            running.give_up()
            assert await count(pool) > 0

    run(work)


def test_nothing_remains(folder: Path) -> None:
    before = nurseries()

    async def work() -> None:
        async with held(folder):
            assert len(nurseries()) == len(before) + 2
        async with Pool(looking(folder), LIMITS):
            pass  # it is ended while the build is read

    run(work)
    assert nurseries() == before
