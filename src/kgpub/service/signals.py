"""Signals as something to wait for beside sockets."""

from __future__ import annotations

import os
import signal
import socket
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType, TracebackType
from typing import Any, Self

_MOST = 4_096
"""Bytes that are read at once; each is a signal."""


class Signals:
    """Keeps signals until they are taken; a context, after which they do what they did before.

    It is readable for selectors when there is one, and is for the main thread alone. In a process
    that is forked meanwhile those that were not taken come again after it.
    """

    def __init__(self, numbers: Iterable[signal.Signals]) -> None:
        self._numbers = tuple(numbers)
        self._kept: deque[int] = deque()
        self._before: dict[int, Callable[[int, FrameType | None], Any] | int | None] = {}
        self._woken_before = -1
        self._process = os.getpid()
        self._reading, self._writing = socket.socketpair()
        for each in (self._reading, self._writing):
            each.setblocking(False)

    def __enter__(self) -> Self:
        self._before = {number: signal.signal(number, self._keep) for number in self._numbers}
        descriptor = self._writing.fileno()
        self._woken_before = signal.set_wakeup_fd(descriptor, warn_on_full_buffer=False)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        signal.set_wakeup_fd(self._woken_before)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._reading.close()
        self._writing.close()
        if os.getpid() != self._process:
            for number in self._kept:
                signal.raise_signal(signal.Signals(number))

    @contextmanager
    def held(self) -> Iterator[None]:
        """Have signals wait meanwhile, as to fork: Python forgets those of the first moment."""
        before = signal.pthread_sigmask(signal.SIG_BLOCK, self._numbers)
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def fileno(self) -> int:
        """Return what a selector waits for."""
        return self._reading.fileno()

    def taken(self) -> Iterator[int]:
        """Yield the signals that have come."""
        with suppress(BlockingIOError):
            self._reading.recv(_MOST)
        while self._kept:
            yield self._kept.popleft()

    def _keep(self, number: int, _: FrameType | None) -> None:
        self._kept.append(number)
