"""Lines of a log, on their way to whoever reads them."""

from __future__ import annotations

import os
import threading
from collections import deque
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
    stuck in one has Python abort at its end.
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
        if self._dropped:
            lines.append(f'{{"dropped":{self._dropped}}}')
            self._dropped = 0
        rest = memoryview("".join(f"{line}\n" for line in lines).encode("utf-8"))
        try:
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
        except OSError:  # whoever read it is gone
            self._dropped += len(lines)
