"""What processes that serve one address tell each other, where that meets what is short."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress

import pytest

from kgpub.service.siblings import CLOSED, CONNECTION, LONGEST, READY, Siblings, unpacked
from kgpub.service.signals import Signals

Pair = tuple[socket.socket, socket.socket]


@pytest.fixture
def pair() -> Iterator[Pair]:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        ours.setblocking(False)
        yield ours, theirs


def packets(channel: socket.socket) -> Iterator[bytes]:
    with suppress(BlockingIOError):
        while packet := channel.recv(LONGEST):
            yield packet


def test_a_connection_that_finds_no_place_is_told_as_closed(pair: Pair) -> None:
    ours, theirs = pair
    taken: list[socket.socket] = []

    async def taking() -> None:
        Siblings(2, theirs).listen(taken.append)
        with socket.socket() as connection:
            socket.send_fds(ours, [CONNECTION], [connection.fileno()])
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
        try:
            await asyncio.sleep(0.1)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    asyncio.run(taking())
    assert not taken
    assert list(packets(ours)) == [READY, CLOSED]


def test_a_connection_is_not_for_the_programs_that_are_started(pair: Pair) -> None:
    ours, theirs = pair
    taken: list[socket.socket] = []

    async def taking() -> None:
        Siblings(2, theirs).listen(taken.append)
        with socket.socket() as connection:
            socket.send_fds(ours, [CONNECTION], [connection.fileno()])
        await asyncio.sleep(0.1)

    asyncio.run(taking())
    (connection,) = taken
    with connection:
        assert not connection.get_inheritable()


def test_who_waits_for_room_does_not_take_the_place_of_another(pair: Pair) -> None:
    ours, theirs = pair

    async def asking() -> set[int]:
        siblings = Siblings(2, theirs)
        siblings.listen(socket.socket.close)
        with suppress(BlockingIOError):
            while True:
                theirs.send(READY)
        questions = [asyncio.create_task(siblings.ask("figures", 1)) for _ in range(3)]
        asked = set()
        for _ in range(20):
            await asyncio.sleep(0.02)
            asked |= {unpacked(each)["id"] for each in packets(ours) if each != READY}
        assert all(
            isinstance(each, TimeoutError)
            for each in await asyncio.gather(*questions, return_exceptions=True)
        )
        return asked

    assert asyncio.run(asking()) == {0, 1, 2}


def test_what_was_asked_fails_at_once_where_the_asking_process_ends(pair: Pair) -> None:
    _, theirs = pair

    async def asking() -> None:
        siblings = Siblings(2, theirs)
        siblings.listen(socket.socket.close)
        question = asyncio.create_task(siblings.ask("figures", 600))
        await asyncio.sleep(0.05)
        siblings.leave()
        with pytest.raises(OSError, match="about to end"):
            await question

    asyncio.run(asking())


def test_signals_that_a_forked_process_did_not_take_come_again() -> None:
    with Signals([signal.SIGTERM]) as signals:
        with signals.held():
            process = os.fork()
            if not process:
                signal.raise_signal(signal.SIGTERM)
        if not process:
            signals.__exit__(None, None, None)
            os._exit(0)  # SIGTERM has ended it before
        _, status = os.waitpid(process, 0)
        assert not list(signals.taken())
    assert os.waitstatus_to_exitcode(status) == -signal.SIGTERM


NONE_CAN_BE_STARTED = """
import os, resource, socket
from kgpub.service.supervision import Supervisor

listening = socket.create_server(("127.0.0.1", 0))
resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
if not os.getuid():
    os.setuid(65_534)
Supervisor(listening, 2, lambda: None).run()
"""


def test_it_ends_where_not_even_the_first_process_can_be_started() -> None:
    done = subprocess.run(
        [sys.executable, "-c", NONE_CAN_BE_STARTED], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert "cannot be started" in done.stderr and "Traceback" not in done.stderr
