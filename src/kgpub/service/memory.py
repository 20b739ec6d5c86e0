"""How the process of a server uses memory: for a long time, and without long pauses."""

from __future__ import annotations

import ctypes
import gc
from contextlib import suppress

_ARENA_MAX = -8  # M_ARENA_MAX of glibc
_THRESHOLDS = (2_000, 10, 100)


def take_from_one_arena() -> None:
    """Have the threads of this process share one arena, where its C library has several.

    Else glibc gives threads arenas of their own (mallopt(3)), and what is free in one is of no use
    to the others. Only one thread at a time runs Python, so that they seldom wait for each other.
    It is for a process that has no other threads yet.
    """
    with suppress(OSError, AttributeError):  # not glibc
        ctypes.CDLL(None).mallopt(_ARENA_MAX, 1)


def collect_while_serving() -> None:
    """Have Python look for unreachable cycles often, but among few objects.

    What there is now, modules above all, is for as long as the process: to look through it takes
    50 ms, in which no request is answered. Of what comes later at most 20,000 objects are looked
    through at once, which takes 6 ms, and only once in two millions all.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
