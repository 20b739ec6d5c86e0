"""What takes long gives way to all that is quick: what the system tells of the processes."""

from __future__ import annotations

import http.client
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad
from tests.service.processes import children, command
from tests.service.sparql_served import QUICKLY_REFUSED, endpoint, publish

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the policies of Linux")
CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f FILTER(?b != ?d) }"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("priorities")
    nodes = [NamedNode(f"http://e/{number}") for number in range(1_000)]
    publish(found, (Quad(each, nodes[0], each, DefaultGraph()) for each in nodes))
    return found


@pytest.fixture
def address(folder: Path) -> Iterator[str]:
    with endpoint(folder, replace(QUICKLY_REFUSED, seconds=60.0)) as found:
        yield found


def nurseries() -> set[int]:
    return {pid for pid in children("self") if b"sparql.nursery" in command(pid)}


def workers() -> set[int]:
    return {pid for nursery in nurseries() for pid in children(str(nursery)) if command(pid)}


def policy(pid: int) -> int:
    """Return by which policy a process is scheduled, -1 where it has ended."""
    try:
        return os.sched_getscheduler(pid)
    except ProcessLookupError:
        return -1


def eventually(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_a_query_that_takes_long_is_evaluated_while_nothing_else_is_to_be_done(
    address: str,
) -> None:
    assert {policy(each) for each in (os.getpid(), *workers())} == {os.SCHED_OTHER}
    place = urlsplit(address)
    connection = http.client.HTTPConnection(place.netloc)
    connection.request("GET", f"{place.path}?query={quote(CROSS)}")
    eventually(lambda: os.SCHED_IDLE in map(policy, workers()))
    connection.close()


def test_workers_share_the_session_of_the_server_in_which_alone_policies_count(
    address: str,
) -> None:
    for each in (*nurseries(), *workers()):
        assert os.getsid(each) == os.getsid(0)
        assert _autogroup(each) == _autogroup(os.getpid())


def test_what_a_terminal_sends_goes_to_the_server_alone(address: str) -> None:
    assert {os.getpgid(each) for each in workers()} == nurseries()
    assert os.getpgid(0) not in nurseries()


def _autogroup(pid: int) -> str:
    """Return what the kernel shares processors among before it looks at policies, if it does so."""
    told = Path(f"/proc/{pid}/autogroup")
    return told.read_text(encoding="ascii") if told.exists() else ""
