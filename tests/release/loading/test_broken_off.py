"""Loading that is broken off, by whatever: it goes on, and no reader has seen half of it."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Timer

import pytest
from tests.conftest import create_example
from tests.release.loading.releases import (
    TERMS,
    E,
    answers,
    load,
    people,
    read_meanwhile,
    wait_to_be_seen,
    write,
)
from tests.release.loading.stores import (
    VIRTUOSO,
    Asked,
    Fault,
    Faults,
    Running,
    environment,
    free_port,
    on_the_way,
    oxigraph,
    virtuoso,
)

from kgpub.errors import StoreError
from kgpub.release.loading.publishing import Terms
from kgpub.release.loading.staging import Bounds
from kgpub.store.endpoint import Busy

FIRST = people("one", 100, "first"), people("gone", 5, "first")
SECOND = people("one", 120, "second"), people("new", 30, "second")
RECORD = E + "graph/loaded"
# 360 and 90 triples, and the record's 6 of two graphs, in requests of 100.
STAGED = 456
HELD = {E + "one": 360, E + "new": 90, RECORD: 6}
BUSY = Fault(503, {"Retry-After": "1", "Content-Type": "text/html"}, b"<html>wait</html>")


def every(number: int, fault: Fault) -> Faults:
    """Each request of that number from the last, be it an update or a query, goes wrong."""
    return lambda asked: fault if asked.number % number == number - 1 else None


@pytest.mark.parametrize(
    "fault",
    [
        BUSY,
        Fault(503),
        Fault(500, {}, b"IO error: No space left on device"),
        Fault(429, {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}),
        Fault(),
        Fault(after=True),
        Fault(502, after=True),
    ],
    ids=["503-page", "503", "500", "429", "cut", "cut-when-done", "502-when-done"],
)
def test_what_passes_is_tried_again(oxi: Running, tmp_path: Path, fault: Fault) -> None:
    load(write(tmp_path / "1", *FIRST), oxi)
    told: list[str] = []
    often = 10 if fault.headers else 3
    with (
        on_the_way(oxi.update, every(often, fault)) as (update, asked),
        on_the_way(oxi.query, every(often, fault)) as (query, _),
        read_meanwhile(oxi) as seen,
    ):
        done = load(write(tmp_path / "2", *SECOND), oxi, update=update, query=query, told=told)
    assert (done.sent, done.resumed) == (STAGED, 0)
    assert oxi.graphs() == HELD
    assert told
    assert all("trying again in" in text for text in told)
    assert len([each for each in asked if each.is_swap]) <= 2
    for found, old, new in zip(seen, answers(*FIRST), answers(*SECOND), strict=True):
        assert found <= {old, new}


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_swap_whose_answer_is_lost(oxi: Running, tmp_path: Path, after: bool) -> None:
    first = [Fault(after=after)]

    def faults(asked: Asked) -> Fault | None:
        return first.pop() if asked.is_swap and first else None

    with on_the_way(oxi.update, faults) as (update, asked):
        load(write(tmp_path, *SECOND), oxi, update=update)
    assert oxi.graphs() == HELD
    # What was done is not done again, as the record says that it is.
    assert len([each for each in asked if each.is_swap]) == (1 if after else 2)


def test_a_store_that_does_not_answer_in_time(oxi: Running, tmp_path: Path) -> None:
    slow = [Fault(seconds=1.5, after=True)]

    def faults(asked: Asked) -> Fault | None:
        return slow.pop() if asked.staged and slow else None

    told: list[str] = []
    with on_the_way(oxi.update, faults) as (update, _):
        load(write(tmp_path, *SECOND), oxi, update=update, timeout=1, told=told)
    assert oxi.graphs() == HELD
    assert len(told) == 1
    assert "does not answer within 1 seconds" in told[0]


def break_off(
    folder: Path, running: Running, broken: Callable[[Asked], bool], terms: Terms = TERMS
) -> Busy:
    """Load, while all updates from the first `broken` one on come to nothing."""
    down: list[bool] = []

    def faults(asked: Asked) -> Fault | None:
        if broken(asked):
            down.append(True)
        return Fault(503) if down else None

    with (
        on_the_way(running.update, faults) as (update, _),
        pytest.raises(Busy, match=r"cannot do it now \(503\).*tried 4 times") as told,
    ):
        load(folder, running, terms, update=update)
    return told.value


def test_it_goes_on_where_it_was(oxi: Running, tmp_path: Path) -> None:
    load(write(tmp_path / "1", *FIRST), oxi)
    before = {name: count for name, count in oxi.graphs().items() if name.startswith(E)}
    folder = write(tmp_path / "2", *SECOND)
    sent = 0

    def third(asked: Asked) -> bool:
        nonlocal sent
        sent += asked.staged
        return sent > 300

    told = break_off(folder, oxi, third)
    assert "run the same command again" in told.remedy
    held = oxi.graphs()
    assert {name: count for name, count in held.items() if name.startswith(E)} == before
    with on_the_way(oxi.update, lambda asked: None) as (update, asked):
        done = load(folder, oxi, update=update)
    assert done.resumed == 300
    assert done.sent == STAGED - 300 == sum(each.staged for each in asked)
    assert oxi.graphs() == HELD


def test_it_goes_on_after_the_swap(oxi: Running, tmp_path: Path) -> None:
    load(write(tmp_path / "1", *FIRST), oxi)
    folder = write(tmp_path / "2", *SECOND)
    break_off(folder, oxi, lambda asked: asked.body.startswith(b"DROP") and asked.number > 3)
    held = oxi.graphs()
    assert held.items() >= HELD.items()  # swapped, and what was staged is still there
    assert len(held) > len(HELD)
    assert load(folder, oxi).changed == 0
    assert oxi.graphs() == HELD


def test_another_release_may_follow_one_that_was_broken_off(oxi: Running, tmp_path: Path) -> None:
    break_off(write(tmp_path / "1", *FIRST), oxi, lambda asked: asked.is_swap)
    assert load(write(tmp_path / "2", *SECOND), oxi).resumed == 0
    assert oxi.graphs() == HELD
    assert {row["g"] for row in oxi.select("SELECT ?g { GRAPH ?g { } }")} == set(HELD)


MANY = [people(f"graph{number}", 1, "first") for number in range(40)]
PLAN = "urn:x-kgpub:plan:"


def is_of_plan(asked: Asked) -> bool:
    return asked.is_update and asked.body.startswith(b"INSERT") and not asked.staged


def test_a_plan_that_is_broken_off_is_none(oxi: Running, tmp_path: Path) -> None:
    """Its 82 triples and its run take ten requests; each is the first that comes to nothing."""
    first, many = write(tmp_path / "1", *FIRST), write(tmp_path / "2", *MANY)
    terms = Terms(Bounds(quads=10))
    load(first, oxi)
    held = oxi.graphs()
    with on_the_way(oxi.update, lambda asked: None) as (update, heard):
        load(many, oxi, terms, update=update)
    requests = sum(map(is_of_plan, heard))
    load(first, oxi)
    assert requests == 10
    for left in range(requests):
        passed = 0

        def later(asked: Asked, left: int = left) -> bool:
            nonlocal passed
            passed += is_of_plan(asked)
            return passed > left

        break_off(many, oxi, later, terms)
        found = oxi.graphs()
        assert {name: n for name, n in found.items() if not name.startswith(PLAN)} == held
        assert sum(n for name, n in found.items() if name.startswith(PLAN)) == min(10 * left, 84)
        if left % 2:  # another release, or the one that is there
            load(first, oxi)
        else:
            assert load(many, oxi, terms).resumed == 0
            assert len(oxi.graphs()) == 41
            load(first, oxi)
        assert oxi.graphs() == held


def test_a_plan_too_large_for_a_request_is_parted(oxi: Running, tmp_path: Path) -> None:
    def bounded(asked: Asked) -> Fault | None:
        large = asked.body.startswith(b"INSERT DATA") and len(asked.body) > 3_000
        return Fault(413, {}, b"too large") if large else None

    folder = write(tmp_path, *MANY)
    with on_the_way(oxi.update, bounded) as (update, asked):
        load(folder, oxi, update=update)
    assert oxi.graphs() == {**{f"{E}graph{n}": 3 for n in range(40)}, RECORD: 82}
    assert any(is_of_plan(each) and len(each.body) > 3_000 for each in asked)


def test_a_store_that_has_lost_what_was_staged(oxi: Running, tmp_path: Path) -> None:
    import urllib.request

    folder = write(tmp_path, *SECOND)
    break_off(folder, oxi, lambda asked: asked.is_swap)
    staged = next(name for name, count in oxi.graphs().items() if count == 360)
    request = urllib.request.Request(
        oxi.update,
        f"DELETE WHERE {{ GRAPH <{staged}> {{ ?s <urn:x-kgpub:term:{E}name> ?o }} }}".encode(),
        {"Content-Type": "application/sparql-update"},
    )
    urllib.request.urlopen(request, timeout=10).close()
    done = load(folder, oxi)
    assert (done.sent, done.resumed) == (STAGED, STAGED)
    assert oxi.graphs() == HELD


def test_the_server_is_killed(tmp_path: Path) -> None:
    port, location = free_port(), tmp_path / "store"
    folder = write(tmp_path / "1", *FIRST)
    with oxigraph(location, port) as running:
        load(folder, running)
        sent: list[int] = []

        def kill(asked: Asked) -> Fault | None:
            sent.append(asked.staged)
            if sum(sent) > 300 and running.process.poll() is None:
                running.process.kill()
                running.process.wait()
            return Fault(503) if running.process.poll() is not None else None

        second = write(tmp_path / "2", *SECOND)
        with on_the_way(running.update, kill) as (update, _), pytest.raises(Busy):
            load(second, running, update=update)
    with oxigraph(location, port) as running:
        assert running.graphs()[E + "one"] == 300
        assert load(second, running).resumed == 300
        assert running.graphs() == HELD


@pytest.mark.skipif(VIRTUOSO is None, reason="Virtuoso is not installed")
def test_virtuoso_is_killed_while_it_swaps(tmp_path: Path) -> None:
    """At moments from when it has the swap on to when it would be done, however fast it is."""
    terms = Terms(Bounds(quads=1000))
    folders = {
        edition: write(tmp_path / edition, people("one", 1500, edition))
        for edition in ("first", "second")
    }
    with virtuoso(tmp_path / "store") as running:
        load(folders["first"], running, terms)
        long = swapped(folders["second"], running, terms, None)
    held = "second"
    for part in (0.1, 0.5, 0.9):
        new = "first" if held == "second" else "second"
        with virtuoso(tmp_path / "store") as running:
            with suppress(Busy):  # unless it is done by then
                swapped(folders[new], running, terms, part * long)
            assert running.process.wait(60) == -signal.SIGKILL
        with virtuoso(tmp_path / "store") as running:
            query = f"SELECT ?o (COUNT(*) AS ?n) {{ ?s <{E}edition> ?o }} GROUP BY ?o"
            assert running.select(query) in (
                [{"o": held, "n": "1500"}],
                [{"o": new, "n": "1500"}],
            )
            load(folders[new], running, terms)
            assert running.graphs() == {E + "one": 4500, RECORD: 4}
        held = new


def swapped(folder: Path, running: Running, terms: Terms, pause: float | None) -> float:
    """Load, and with a `pause` kill the store so many seconds after it was asked to swap.

    Return the seconds from then on to the end.
    """
    began: list[float] = []

    def heard(asked: Asked) -> Fault | None:
        if asked.is_swap and not began:
            began.append(time.monotonic())
            if pause is not None:
                Timer(pause, running.process.kill).start()
        return None

    with on_the_way(running.update, heard) as (update, _):
        load(folder, running, terms, update=update)
    return time.monotonic() - began[0]


def test_the_disk_is_full(tmp_path: Path) -> None:
    port, location = free_port(), tmp_path / "store"
    with oxigraph(location, port) as running:
        load(write(tmp_path / "1", *FIRST), running)
    large = people("one", 3000, "second")
    folder = write(tmp_path / "2", large)
    with (
        oxigraph(location, port, largest_file=400_000) as running,
        pytest.raises(StoreError, match=r"cannot do it now \(500\): .*tried 4 times") as told,
    ):
        load(folder, running)
    assert "space on its disk" in told.value.remedy
    with oxigraph(location, port) as running:
        assert running.graphs()[E + "one"] == 300
        assert load(folder, running).resumed > 0
        assert running.graphs() == {E + "one": 9000, RECORD: 4}


def test_kgpub_is_killed_at_any_moment(tmp_path: Path) -> None:
    workspace = create_example(tmp_path / "workspace")
    releases = {
        "first": (people("one", 300, "first"), people("gone", 50, "first")),
        "second": (people("one", 310, "second"), people("new", 60, "second")),
    }
    for name, graphs in releases.items():
        write(tmp_path / name, *graphs)
    killed = 0
    with oxigraph() as running:
        load(tmp_path / "first", running)
        with read_meanwhile(running) as seen:
            for name in ("second", "first"):
                while not published(tmp_path / name, running, workspace, random.Random(killed)):
                    killed += 1
                held = running.graphs()
                wait_to_be_seen(seen, answers(*releases[name]))
                count = sum(len(graph) for graph in releases[name])
                assert sum(held.values()) - held[RECORD] == count
                assert not any(name.startswith("urn:x-") for name in held)
    assert killed > 3
    olds, news = answers(*releases["first"]), answers(*releases["second"])
    for found, old, new in zip(seen, olds, news, strict=True):
        assert found == {old, new}


def published(folder: Path, running: Running, workspace: Path, chance: random.Random) -> bool:
    """Run `kgpub publish`, and kill it within some of its updates; return whether it came first."""
    last, pause = chance.randrange(1, 14), chance.random() / 50
    process: list[subprocess.Popen[bytes]] = []

    def kill(asked: Asked) -> Fault | None:
        if asked.number == last:
            # While the store is at it, or before or after, as it happens.
            Timer(pause, process[0].kill).start()
        return None

    with on_the_way(running.update, kill) as (update, _):
        call = [sys.executable, "-m", "kgpub", "publish", str(folder), "--to", update]
        call += ["--ask", running.query, "--batch", "100", "-w", str(workspace)]
        with subprocess.Popen(
            call, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        ) as started:
            process.append(started)
            _, told = started.communicate(timeout=120)
    assert started.returncode in (0, -signal.SIGKILL), told.decode()
    return started.returncode == 0
