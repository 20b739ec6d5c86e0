"""What the processes that serve one address tell each other, through the one they come from."""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
import socket
import zlib
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

from kgpub.errors import KgpubError

_LOG = logging.getLogger(__name__)
CONNECTION, CLOSED, READY, MESSAGE = b"c", b"-", b"+", b"m"
"""What a packet begins with; only one of MESSAGE goes on."""
LONGEST = 2**17
"""Bytes of a packet."""
_MOST_SENT = LONGEST - 256
"""Bytes of one that is sent: who it is from is added on the way."""
_MOST_RECEIVED = 32
"""Packets that are looked at before others have their turn."""

Answering = Callable[[], Awaitable[Any]]
"""Returns what JSON can hold. Raises KgpubError, OSError."""


def packed(message: Mapping[str, Any]) -> bytes:
    """Return a message as a packet."""
    return MESSAGE + zlib.compress(json.dumps(message).encode(), 1)


def unpacked(packet: bytes) -> dict[str, Any]:
    """Return the message of a packet."""
    read: dict[str, Any] = json.loads(zlib.decompress(packet[len(MESSAGE) :]))
    return read


class Siblings:
    """The other processes that serve the same address as this one.

    `number` is how many processes there are, with this one. `channel` leads to the process that
    they come from, which accepts connections and passes messages on; None where there are no
    others, as packets of a socket of type SOCK_SEQPACKET.
    """

    def __init__(self, number: int = 1, channel: socket.socket | None = None) -> None:
        self.number = number
        self._channel = channel
        self._answering: dict[str, Answering] = {}
        self._asked: dict[int, _Asked] = {}
        self._identifiers = itertools.count()
        self._tasks: set[asyncio.Task[None]] = set()
        self._sending = asyncio.Lock()
        """A loop lets one alone wait for room in a socket."""
        self._connected: Callable[[socket.socket], None] = socket.socket.close
        self._closed = 0
        """Connections that have ended and are still to be told of."""

    def answer(self, question: str, answering: Answering) -> None:
        """Have a question of the others answered."""
        self._answering[question] = answering

    async def ask(self, question: str, seconds: float) -> list[Any]:
        """Return what each of the others answers, of those that do not end meanwhile.

        Raises TimeoutError, which is an OSError, where that takes longer, and OSError where one
        could not answer.
        """
        if self._channel is None:
            return []
        identifier = next(self._identifiers)
        asked = self._asked[identifier] = _Asked()
        try:
            async with asyncio.timeout(seconds):
                await self._send(packed({"question": question, "id": identifier}))
                return await asked.answers
        finally:
            del self._asked[identifier]

    def listen(self, connected: Callable[[socket.socket], None]) -> None:
        """Take connections and messages from now on, in the loop that runs."""
        channel = self._channel
        if channel is None:
            return
        channel.setblocking(False)
        self._connected = connected
        asyncio.get_running_loop().add_reader(channel, self._receive)
        self.beat()

    def beat(self) -> None:
        """Tell that this process is there, and serves."""
        self._tell(READY)
        self._tell_all_closed()

    def leave(self) -> None:
        """Take no more connections, but for those that have been handed on.

        What was asked and is not answered yet raises OSError.
        """
        while self._receive_one():
            pass
        if self._channel is not None:
            loop = asyncio.get_running_loop()
            loop.remove_reader(self._channel)
            loop.remove_writer(self._channel)
            self._channel.close()
            self._channel = None
        for asked in self._asked.values():
            asked.fail("this process is about to end")

    def tell_closed(self) -> None:
        """Tell that a connection has ended that was taken."""
        self._closed += 1
        self._tell_all_closed()

    def _tell_all_closed(self) -> None:
        while self._closed and self._tell(CLOSED):
            self._closed -= 1

    def _receive(self) -> None:
        for _ in range(_MOST_RECEIVED):
            if not self._receive_one():
                return

    def _receive_one(self) -> bool:
        """Take a packet; return whether there may be more."""
        if self._channel is None:
            return False
        try:
            packet, files, _, _ = socket.recv_fds(self._channel, LONGEST, 1)
        except BlockingIOError:
            return False
        except OSError:
            packet, files = b"", []
        if not packet:  # who accepts connections has ended, and this process is about to
            asyncio.get_running_loop().remove_reader(self._channel)
            return False
        if packet != CONNECTION:
            self._take(unpacked(packet))
        elif files:
            connection = socket.socket(fileno=files[0])
            connection.set_inheritable(False)
            self._connected(connection)
        else:  # this process has too many files open: the system has closed it
            _LOG.error("a connection is lost: too many files are open")
            self.tell_closed()
        return True

    def _take(self, message: dict[str, Any]) -> None:
        if "question" in message:
            self._start(self._reply(message))
            return
        for identifier in [message["id"]] if "id" in message else list(self._asked):
            asked = self._asked.get(identifier)
            if asked is not None:
                asked.take(message)

    async def _reply(self, message: dict[str, Any]) -> None:
        reply = {"to": message["from"], "id": message["id"]}
        try:
            reply["answer"] = await self._answering[message["question"]]()
        except (KgpubError, OSError) as error:
            reply["fault"] = str(error)
        packet = packed(reply)
        if len(packet) > _MOST_SENT:
            packet = packed({**reply, "answer": None, "fault": "the answer is too long"})
        with suppress(OSError):
            await self._send(packet)

    def _start(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _tell(self, packet: bytes) -> bool:
        """Send a packet, if there is room for it."""
        if self._channel is None:
            return True
        try:
            self._channel.send(packet)
        except BlockingIOError:
            return False
        except OSError:  # nobody is there any more
            return True
        return True

    async def _send(self, packet: bytes) -> None:
        """Send a packet when there is room for it. Raises OSError."""
        async with self._sending:
            if self._channel is not None:
                await asyncio.get_running_loop().sock_sendall(self._channel, packet)


class _Asked:
    """A question that is under way."""

    def __init__(self) -> None:
        self.answers: asyncio.Future[list[Any]] = asyncio.get_running_loop().create_future()
        self._awaited: set[int] | None = None
        self._ended: set[int] = set()
        self._given: list[Any] = []

    def take(self, message: dict[str, Any]) -> None:
        """Take note of who is asked, of who has answered, or of who has ended."""
        if "asked" in message:
            self._awaited = set(message["asked"])
        elif "gone" in message:
            self._ended.add(message["gone"])
        else:
            self._ended.add(message["from"])
            if "fault" in message:
                self.fail(message["fault"])
            self._given.append(message.get("answer"))
        if self._awaited is not None and self._awaited <= self._ended and not self.answers.done():
            self.answers.set_result(self._given)

    def fail(self, reason: str) -> None:
        """Have it raise OSError where it has no answer yet."""
        if not self.answers.done():
            self.answers.set_exception(OSError(reason))
