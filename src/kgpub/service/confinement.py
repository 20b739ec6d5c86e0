"""What a process does to itself before it evaluates what others ask for."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000  # CLONE_NEWUSER, CLONE_NEWNET of Linux
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of Linux


def end_with_parent() -> None:
    """Have this process killed when its parent ends, however that does."""
    with suppress(OSError, AttributeError):  # no Linux
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)


def leave_network() -> None:
    """Have this process see no network from now on, where the system allows it."""
    with suppress(OSError, AttributeError):  # no Linux
        ctypes.CDLL(None, use_errno=True).unshare(_NEW_USER | _NEW_NETWORK)


def limit_memory(memory: int) -> None:
    """Let this process take `memory` bytes more than it has."""
    with suppress(OSError):
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        most = pages * os.sysconf("SC_PAGE_SIZE") + memory
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@contextmanager
def nothing_opened() -> Iterator[None]:
    """Let this process open neither files nor connections meanwhile."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
