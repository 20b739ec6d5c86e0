"""The audit log: who signed in, whose tokens there are, and what became of submissions.

`.kgpub/audit.log` has a line of JSON for each, in ASCII: nothing in it begins another line. It is
opened to be added to, and each line is written at once, so that those of several processes stay
apart (POSIX, write and O_APPEND). Neither tokens nor what was submitted stand in it.
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from kgpub.errors import StoreError

FILE = "audit.log"
_PRIVATE = 0o600
_LONGEST = 4_096
"""Bytes of a line with its end: what POSIX writes to a pipe at once, and any system to a file."""
_MOST = 400
"""Bytes of a value, as JSON."""


class Audit:
    """The log of the workspace whose state lies in `folder`; `now` is the time.

    It is for its owner alone, opened for each line: whoever rotates it moves it away.
    """

    def __init__(self, folder: Path, now: Callable[[], datetime]) -> None:
        self._path = folder / FILE
        self._now = now

    def note(self, event: str, values: Mapping[str, str | int], at: datetime | None = None) -> None:
        """Add a line, which is on disk when this returns. Raises StoreError.

        `at` is when it happened, now where nothing is said; values that are "" are left out.
        """
        moment = (at or self._now()).isoformat(timespec="milliseconds")
        told: dict[str, str | int] = {"at": moment, "event": event}
        told |= {key: _bounded(value) for key, value in values.items() if value != ""}
        # JSON leaves DEL as it is, which drives some terminals.
        line = json.dumps(told, separators=(",", ":")).replace("\x7f", "\\u007f").encode() + b"\n"
        assert len(line) < _LONGEST, event
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
            descriptor = os.open(self._path, flags, _PRIVATE)
            try:
                _write(descriptor, line)
            finally:
                os.close(descriptor)
        except OSError as error:
            message = f"{self._path}: cannot be written: {error.strerror}"
            raise StoreError(message, "Make room on the disk.") from error


def _write(descriptor: int, line: bytes) -> None:
    """Write a line. One of which a full disk has taken only a part before is ended first."""
    if os.lseek(descriptor, 0, os.SEEK_END):
        os.lseek(descriptor, -1, os.SEEK_END)
        if os.read(descriptor, 1) != b"\n":
            line = b"\n" + line
    if os.write(descriptor, line) < len(line):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    os.fsync(descriptor)


def _bounded(value: str | int) -> str | int:
    """Return a value, cut so that all of a line together are short enough."""
    if isinstance(value, int):
        return value
    cut = value[:_MOST]
    while len(json.dumps(cut)) > _MOST:
        cut = cut[: len(cut) * 3 // 4]
    return value if cut == value else f"{cut}…"
