"""Lines of a log, on their way to whoever reads them."""

from __future__ import annotations

import os
import select
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Self

MOST = 20_000
"""Lines that are kept while nobody takes any."""
_GATHER_SECONDS = 0.1
_END_SECONDS = 2.0


class Lines:
    """Writes lines to a file descriptor from a thread of its own, several at once; a context.

    Whoever reads a log slowly, or not at all, must not hold up the event loop. What does not find
    a place is dropped, and a line tells how many were. There is no file object: a thread that is
    stuck in one has Python abort at its end. What is written at once is whole lines, and so short
    that in a pipe (POSIX, write) it stays together, whoever else writes to it.
    """

    def __init__(self, descriptor: int, most: int = MOST) -> None:
        self._descriptor = descriptor
        self._most = most
        self._lines: deque[str] = deque()
        self._dropped = 0
        self._news = threading.Event()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="access log", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._closing.set()
        self._news.set()
        self._thread.join(_END_SECONDS)  # where nobody reads, it does not end

    def write(self, line: str) -> None:
        """Have a line written, soon."""
        if len(self._lines) >= self._most:
            self._dropped += 1
            return
        self._lines.append(line)
        if not self._news.is_set():
            self._news.set()

    def _run(self) -> None:
        is_last = False
        while not is_last:
            self._news.wait()
            self._news.clear()
            is_last = self._closing.wait(_GATHER_SECONDS)
            self._flush()

    def _flush(self) -> None:
        lines = [self._lines.popleft() for _ in range(len(self._lines))]
        dropped = self._dropped
        if dropped:
            lines.append(f'{{"dropped":{dropped}}}')
            self._dropped -= dropped
        try:
            for block in _blocks(lines):
                rest = memoryview(block)
                while rest:
                    rest = rest[os.write(self._descriptor, rest) :]
        except OSError:  # whoever read it is gone
            self._dropped += len(lines)


def _blocks(lines: Iterable[str]) -> Iterator[bytes]:
    """Yield lines, several together, in PIPE_BUF bytes at most but for a line that is longer."""
    block = b""
    for line in lines:
        encoded = f"{line}\n".encode()
        if block and len(block) + len(encoded) > select.PIPE_BUF:
            yield block
            block = b""
        block += encoded
    if block:
        yield block
