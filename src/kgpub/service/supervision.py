"""Several processes that serve one address: who accepts, hands on, and replaces who has ended."""

from __future__ import annotations

import logging
import os
import selectors
import signal
import socket
import sys
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from kgpub.service.confinement import end_with_parent
from kgpub.service.siblings import CLOSED, CONNECTION, LONGEST, READY, Siblings, packed, unpacked
from kgpub.service.signals import Signals

_LOG = logging.getLogger(__name__)
_ACCEPTED = 64
"""Connections that are accepted before messages have their turn."""
_MOST_BY_DEFAULT = 4
IS_POSSIBLE = sys.platform == "linux"
"""macOS has no sockets of type SOCK_SEQPACKET, and others end no process with its parent's."""
_MESSAGES = 1_000
"""Messages that are kept for a process that takes none."""
_AGAIN_SECONDS = 0.05
"""Before connections are offered again that no process has taken."""
_APART_SECONDS = 1.0
"""Between the end of a process and the start of another in its place."""
_TURN_SECONDS = 1.0
_SILENT_SECONDS = 30.0
"""After which a process is killed that tells each second that it is there."""
_END_SECONDS = 20.0
"""In which a process has to end that was told to: longer than a server takes by itself."""
_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD)


@dataclass(eq=False)
class _Server:
    """A process that serves: its number, its channel, and how many connections it has."""

    number: int
    process: int
    channel: socket.socket
    connections: int = 0
    is_ready: bool = False
    packets: deque[bytes] = field(default_factory=deque)
    silent: float = 0.0
    """Seconds since it was heard of, while this process ran."""


def default_number() -> int:
    """Return how many processes serve where nobody says so: as many as processors, up to 4."""
    return min(_MOST_BY_DEFAULT, len(os.sched_getaffinity(0))) if IS_POSSIBLE else 1


class Supervisor:
    """Runs `number` processes that serve what comes in on `listening`.

    A connection goes to the process that has fewest. `ready` is called once the first is there;
    only then there are others, so that what is wrong with all is told once.
    """

    def __init__(self, listening: socket.socket, number: int, ready: Callable[[], None]) -> None:
        self._listening = listening
        self._number = number
        self._ready = ready
        self._selector = selectors.DefaultSelector()
        self._servers: dict[int, _Server] = {}
        self._pending: deque[socket.socket] = deque()
        self._signals = Signals(_SIGNALS)
        self._started = 0
        self._is_serving = False
        self._is_listening = False
        self._start_after = 0.0
        self._looked = time.monotonic()
        self._end_at: float | None = None
        """When processes are killed that have been told to end."""
        self._status = 0
        self._interrupted = False

    def run(self) -> Siblings:
        """Return in each of the processes that are to serve; in this one leave when all is over.

        It must have no other threads. Raises SystemExit with the status of the first process
        where that ended before it was ready, KeyboardInterrupt where SIGINT has ended all.
        """
        self._listening.setblocking(False)
        with Signals(_SIGNALS) as self._signals:
            self._selector.register(self._signals, selectors.EVENT_READ)
            siblings = self._start()
            if siblings is not None:
                return siblings
            while self._servers or self._end_at is None:
                siblings = self._turn()
                if siblings is not None:
                    return siblings
        self._close()
        if self._interrupted:
            raise KeyboardInterrupt
        sys.exit(self._status)

    def _turn(self) -> Siblings | None:
        """Do what there is to do; return where a process begins that has been started."""
        for key, events in self._selector.select(self._seconds()):
            if key.fileobj is self._listening:
                self._accept()
            elif isinstance(key.data, _Server):
                if events & selectors.EVENT_WRITE:
                    self._flush(key.data)
                if events & selectors.EVENT_READ:
                    self._receive(key.data)
        for number in self._signals.taken():
            self._heed(number)
        self._reap()
        self._hand_on()
        now = time.monotonic()
        if self._end_at is not None and now > self._end_at:
            self._tell_all(signal.SIGKILL)
        self._listen_for_signs(now)
        return self._start() if self._lacks_one() and now >= self._start_after else None

    def _seconds(self) -> float:
        """How long there may be nothing to do."""
        if self._lacks_one() and not self._pending:
            return max(0.0, min(_TURN_SECONDS, self._start_after - time.monotonic()))
        return _AGAIN_SECONDS if self._pending else _TURN_SECONDS

    def _listen_for_signs(self, now: float) -> None:
        """Kill processes that serve and have not been heard of for long: nothing ends them else."""
        # What passes while this process is stopped, and all others with it, is not their silence.
        passed = min(now - self._looked, _TURN_SECONDS)
        self._looked = now
        for server in self._servers.values():
            server.silent += passed
            if server.is_ready and server.silent > _SILENT_SECONDS:
                _LOG.error("a process that served is not heard of any more: it is killed")
                server.is_ready = False
                os.kill(server.process, signal.SIGKILL)

    def _lacks_one(self) -> bool:
        return self._is_serving and self._end_at is None and len(self._servers) < self._number

    def _start(self) -> Siblings | None:
        """Start a process; return in that one."""
        parent = os.getpid()
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError):  # nobody reads it any more
                stream.flush()
        pair: tuple[socket.socket, ...] = ()
        try:
            pair = ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with self._signals.held():
                process = os.fork()
        except OSError as error:
            for each in pair:
                each.close()
            self._be_without(error)
            return None
        if not process:
            ours.close()
            self._close()
            end_with_parent()
            if os.getppid() != parent:
                os._exit(0)
            return Siblings(self._number, theirs)
        theirs.close()
        ours.setblocking(False)
        server = _Server(self._started, process, ours)
        self._started += 1
        self._servers[process] = server
        self._selector.register(ours, selectors.EVENT_READ, server)
        return None

    def _be_without(self, error: OSError) -> None:
        """Have one be started later, or none where there is none yet."""
        _LOG.error("a process cannot be started: %s", error)
        self._start_after = time.monotonic() + _APART_SECONDS
        if not self._is_serving:
            self._status = 1
            self._end()

    def _close(self) -> None:
        """Close all that is open here."""
        self._selector.close()
        self._listening.close()
        for each in (*self._pending, *(server.channel for server in self._servers.values())):
            each.close()

    # Connections

    def _accept(self) -> None:
        for _ in range(_ACCEPTED):
            if self._pending:
                return
            try:
                connection, _ = self._listening.accept()
            except BlockingIOError:
                return
            except ConnectionError:  # it has ended already
                continue
            except OSError as error:  # there are too many files
                _LOG.error("a connection cannot be accepted: %s", error)
                time.sleep(_AGAIN_SECONDS)
                return
            self._pending.append(connection)
            self._hand_on()

    def _hand_on(self) -> None:
        """Hand connections to processes, as far as these take any."""
        while self._pending:
            if not self._take(self._pending[0]):
                self._watch_listening(False)
                return
            self._pending.popleft().close()
        self._watch_listening(self._is_serving and self._end_at is None)

    def _take(self, connection: socket.socket) -> bool:
        """Have one of the processes take a connection, if one does."""
        ready = (each for each in self._servers.values() if each.is_ready and not each.packets)
        for server in sorted(ready, key=lambda each: each.connections):
            with suppress(OSError):
                socket.send_fds(server.channel, [CONNECTION], [connection.fileno()])
                server.connections += 1
                return True
        return False

    def _watch_listening(self, is_watched: bool) -> None:
        if is_watched and not self._is_listening:
            self._selector.register(self._listening, selectors.EVENT_READ)
        elif self._is_listening and not is_watched:
            self._selector.unregister(self._listening)
        self._is_listening = is_watched

    # Messages

    def _receive(self, server: _Server) -> None:
        while True:
            try:
                packet = server.channel.recv(LONGEST)
            except OSError:
                return
            if not packet:  # it is about to end, which a signal tells
                with suppress(KeyError):
                    self._selector.unregister(server.channel)
                server.is_ready = False
                return
            server.silent = 0.0
            if packet == CLOSED:
                server.connections -= 1
            elif packet == READY:
                self._be_ready(server)
            else:
                self._pass_on(server, unpacked(packet))

    def _be_ready(self, server: _Server) -> None:
        server.is_ready = True
        if not self._is_serving and self._end_at is None:
            self._is_serving = True
            self._ready()
            self._watch_listening(True)

    def _pass_on(self, server: _Server, message: dict[str, Any]) -> None:
        message["from"] = server.number
        others = [each for each in self._servers.values() if each.is_ready and each is not server]
        if "to" in message:
            for each in others:
                if each.number == message["to"]:
                    self._send(each, packed(message))
            return
        for each in others:
            self._send(each, packed(message))
        asked = [each.number for each in others]
        self._send(server, packed({"id": message["id"], "asked": asked}))

    def _send(self, server: _Server, packet: bytes) -> None:
        if len(server.packets) < _MESSAGES:
            server.packets.append(packet)
            self._flush(server)

    def _flush(self, server: _Server) -> None:
        while server.packets:
            try:
                server.channel.send(server.packets[0])
            except BlockingIOError:
                break
            except OSError:  # it cannot be sent another time either
                pass
            server.packets.popleft()
        if server.channel in self._selector.get_map():
            more = selectors.EVENT_WRITE if server.packets else 0
            self._selector.modify(server.channel, selectors.EVENT_READ | more, server)

    # Processes

    def _reap(self) -> None:
        """Take note of processes that have ended."""
        while self._servers:
            try:
                process, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            server = self._servers.pop(process, None)
            if not process:
                return
            if server is not None:
                self._bury(server, os.waitstatus_to_exitcode(status))

    def _bury(self, server: _Server, status: int) -> None:
        with suppress(KeyError):
            self._selector.unregister(server.channel)
        server.channel.close()
        for each in self._servers.values():
            self._send(each, packed({"gone": server.number}))
        if self._end_at is not None:
            return
        if not self._is_serving:
            if status < 0:  # otherwise it has told why itself
                _LOG.error("the process that was to serve has been ended by signal %d", -status)
            self._status = status if status > 0 else 1
            self._end()
        else:
            _LOG.error("a process that served has ended (%d): another is started", status)
            self._start_after = time.monotonic() + _APART_SECONDS

    def _end(self) -> None:
        self._watch_listening(False)
        self._listening.close()
        self._end_at = time.monotonic() + _END_SECONDS
        while self._pending:
            self._pending.popleft().close()
        self._tell_all(signal.SIGTERM)

    def _tell_all(self, number: signal.Signals) -> None:
        for process in self._servers:
            with suppress(ProcessLookupError):
                os.kill(process, number)

    def _heed(self, number: int) -> None:
        if number == signal.SIGCHLD:
            return
        if self._end_at is None:
            self._interrupted = number == signal.SIGINT
            self._end()
        elif number == signal.SIGINT:  # they are not to wait for clients any longer
            self._end_at = time.monotonic()
