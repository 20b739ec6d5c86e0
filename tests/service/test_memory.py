"""What a server does about its memory, in processes of their own: it is done to all of one."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

ARENAS = """
import ctypes, sys, threading
from kgpub.service.memory import take_from_one_arena

if {is_one}:
    take_from_one_arena()
libc = ctypes.CDLL(None)
libc.malloc.restype = libc.fopen.restype = ctypes.c_void_p
libc.fopen.argtypes = (ctypes.c_char_p, ctypes.c_char_p)
together = threading.Barrier(6)

def take():
    together.wait()  # so that all of them are there at once
    libc.malloc(100)
    together.wait()

threads = [threading.Thread(target=take) for _ in range(6)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
told = ctypes.c_void_p(libc.fopen(b"/dev/stdout", b"w"))
libc.malloc_info(0, told)
libc.fflush(told)
"""
COLLECTING = """
import gc, time, weakref
from kgpub.service.memory import collect_while_serving

class Node:
    pass

def circle():
    one = Node()
    one.itself = one
    return weakref.ref(one)

def seconds():
    begun = time.process_time()
    gc.collect()
    return time.process_time() - begun

there = [[] for _ in range(500_000)]
gc.collect()
before = min(seconds() for _ in range(3))
gc.disable()
earlier = circle()
gc.enable()
collect_while_serving()
after = min(seconds() for _ in range(3))
print(earlier() is None, after < before / 10)
later = circle()
kept = [[] for _ in range(2_100)]
print(later() is None)
"""


def ran(program: str) -> str:
    command = [sys.executable, "-c", program]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library")
def test_threads_take_memory_from_one_arena() -> None:
    assert ran(ARENAS.format(is_one=False)).count("<heap nr=") > 1
    assert ran(ARENAS.format(is_one=True)).count("<heap nr=") == 1


def test_cycles_are_found_soon_without_looking_through_what_was_there_before() -> None:
    assert ran(COLLECTING).split() == ["True", "True", "True"]
