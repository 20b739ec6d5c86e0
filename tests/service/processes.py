"""Processes, as the system tells of them."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path


def children(process: str) -> set[int]:
    """Return the processes that a process, or "self", has started and that still are."""
    found: set[int] = set()
    with suppress(FileNotFoundError, ProcessLookupError):  # it has ended since
        for task in Path(f"/proc/{process}/task").iterdir():
            with suppress(FileNotFoundError, ProcessLookupError):
                found |= {int(pid) for pid in (task / "children").read_text().split()}
    return found


def command(pid: int) -> bytes:
    """Return the command line of a process, b"" where it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""
