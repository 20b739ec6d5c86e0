"""Workers as the server sees them, and where they come from."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import count
from typing import Any, Protocol, cast

from kgpub.service.sparql.wire import READY, Frames
from kgpub.service.sparql.worker import Settings

_NURSERY = "kgpub.service.sparql.nursery"
_LOW = 10
"""Added to the niceness of what takes long, where a system has no policy for what is idle."""


class Listener(Protocol):
    """What is told of a task that a process evaluates."""

    def received(self, kind: bytes, content: bytes) -> None:
        """Take a frame of the answer."""
        ...

    def lost(self) -> None:
        """Learn that the process has ended before the answer has."""
        ...


class Nursery:
    """Starts workers. It is a process of its own, see `nursery`; made by `start`."""

    def __init__(self, process: subprocess.Popen[bytes], orders: socket.socket) -> None:
        self._process = process
        self._orders = orders
        self._numbers = count()
        self._expected: dict[tuple[str, int], asyncio.Future[int]] = {}
        self._is_loaded = asyncio.Event()
        self._listening: asyncio.Task[None] | None = asyncio.create_task(self._listen())
        self.has_ended = False

    @classmethod
    def start(cls, folder: str = "") -> Nursery:
        """Start one; with `folder` its workers hold the build in it in memory. Raises OSError."""
        given = [folder] if folder else []
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        with theirs:
            try:
                process = subprocess.Popen(  # uvloop's own knows of no groups
                    [sys.executable, "-m", _NURSERY, str(theirs.fileno()), *given],
                    pass_fds=(theirs.fileno(),),
                    stdin=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,  # where Rust tells how a process ended
                    # Ctrl-C is for the server, which ends it. Nor is it a session of its own: Linux
                    # shares processors among sessions first (sched(7), on autogrouping), so that
                    # `slow_down` would have workers give way to each other alone.
                    process_group=0,
                )
            except BaseException:
                ours.close()
                raise
        return cls(process, ours)

    async def loaded(self) -> None:
        """Wait until it holds the build. Raises OSError where it ends before."""
        await self._is_loaded.wait()
        if self.has_ended:
            raise OSError("the process that was to hold the build has ended")

    async def fork(self, settings: Settings, connection: socket.socket) -> int:
        """Have a worker at the other end of `connection`; return its process. Raises OSError."""
        number = next(self._numbers)
        order = {"start": number, "settings": asdict(settings)}
        return await self._order(order, ("started", number), [connection.fileno()])

    async def reap(self, pid: int) -> None:
        """Wait until a worker has ended that was told to."""
        with suppress(OSError):  # it ends with the nursery
            await self._order({"reap": pid}, ("reaped", pid), [])

    async def close(self) -> None:
        """End it, and with it all workers."""
        self._orders.close()
        listening, self._listening = self._listening, None  # what ends it will refer to this
        if listening is not None:
            listening.cancel()
        self._fail()
        self._process.kill()
        await asyncio.to_thread(self._process.wait)

    async def _order(
        self, order: Mapping[str, object], expected: tuple[str, int], passed: list[int]
    ) -> int:
        if self.has_ended:
            raise OSError("the process that starts workers has ended")
        told: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._expected[expected] = told
        try:
            self._send(order, passed)
            return await told
        finally:
            self._expected.pop(expected, None)

    def _send(self, order: Mapping[str, object], passed: list[int]) -> None:
        # So little, so seldom that it always fits.
        socket.send_fds(self._orders, [json.dumps(order).encode() + b"\n"], passed)

    async def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        lines = b""
        with suppress(OSError):
            while block := await loop.sock_recv(self._orders, 2**16):
                *whole, lines = (lines + block).split(b"\n")
                for line in whole:
                    self._hear(json.loads(line))
        self._fail()

    def _hear(self, told: dict[str, Any]) -> None:
        if "loaded" in told:
            self._is_loaded.set()
            return
        event = "started" if "started" in told else "reaped"
        expected = self._expected.get((event, told[event]))
        if expected is not None and not expected.done():
            expected.set_result(told.get("pid", told[event]))
        elif event == "started":  # nobody waits for it any more; it has seen that, and ended
            self._send({"reap": told["pid"]}, [])

    def _fail(self) -> None:
        self.has_ended = True
        self._is_loaded.set()
        for expected in self._expected.values():
            if not expected.done():
                expected.set_exception(OSError("the process that starts workers has ended"))


@dataclass(frozen=True, eq=False)
class Home:
    """Where workers that are alike come from: all on one build, held in memory or on disk."""

    version: str
    settings: Settings
    nursery: Nursery


class Process(asyncio.Protocol):
    """A worker: a process that evaluates one task at a time. Made by `start`."""

    def __init__(self, home: Home, lost: Callable[[Process], None]) -> None:
        self.home = home
        self.has_ended = False
        self._lost = lost
        self._is_killed = False
        self._frames = Frames()
        self._listener: Listener | None = None
        self._is_ready = asyncio.get_running_loop().create_future()
        self._transport: asyncio.Transport | None = None
        self._pid = 0

    @classmethod
    async def start(cls, home: Home, lost: Callable[[Process], None]) -> Process:
        """Start a worker and wait until it can take tasks; `lost` is told if it ends while idle.

        Raises OSError where none can be started, or where it ends instead.
        """
        self = cls(home, lost)
        ours, theirs = socket.socketpair()
        try:
            with ours, theirs:
                self._pid = await home.nursery.fork(home.settings, theirs)
                ours.setblocking(False)
                await asyncio.get_running_loop().create_connection(lambda: self, sock=ours.dup())
            await self._is_ready
            if self.has_ended:
                raise OSError("a worker ended as soon as it was ready")
        except BaseException:
            await self.end()
            raise
        return self

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio.Protocol."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's own are none by name

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        for kind, content in self._frames.feed(data):
            if kind == READY:
                if not self._is_ready.done():
                    self._is_ready.set_result(None)
            elif self._listener is not None:
                self._listener.received(kind, content)

    def connection_lost(self, exc: Exception | None) -> None:
        """See asyncio.Protocol."""
        self.has_ended = True
        if not self._is_ready.done():
            self._is_ready.set_exception(OSError("a worker ended before it was ready"))
        elif self._listener is not None:
            self._listener.lost()
        elif not self._is_killed:
            self._lost(self)

    def evaluate(self, task: bytes, listener: Listener) -> None:
        """Have the process evaluate a task; it has none. `listener` is told of the answer."""
        assert self._transport is not None, "it has been started"
        self._listener = listener
        self._transport.write(task)

    def be_idle(self) -> None:
        """Tell nobody any more."""
        self._listener = None

    def slow_down(self) -> None:
        """Have the process leave the processor to others from now on."""
        if self._pid:  # 0 would be the server itself
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, self._pid, _LOW)
            # Linux lets others wait until what runs has had its time, some 3 ms, but for this.
            with suppress(OSError, AttributeError):
                os.sched_setscheduler(self._pid, os.SCHED_IDLE, os.sched_param(0))

    def pause(self) -> None:
        """Have the process stand still until `go_on`."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Have the process go on after `pause`."""
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """End the process; `end` must follow."""
        self._listener = None
        self._is_killed = True
        self._signal(signal.SIGKILL)
        if self._transport is not None:
            self._transport.abort()

    async def end(self) -> None:
        """End the process, and wait until it has."""
        self.kill()
        pid, self._pid = self._pid, 0
        if pid:
            await self.home.nursery.reap(pid)

    def _signal(self, number: signal.Signals) -> None:
        if self._pid:
            with suppress(ProcessLookupError):
                os.kill(self._pid, number)
