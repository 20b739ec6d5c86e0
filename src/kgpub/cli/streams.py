"""Standard input, output and error of the process, also where whoever started it closed them."""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class Answers(io.FileIO):
    """Standard output, which ends the process, with exit code 0, where a pipe's reader has left."""

    def write(self, data: ReadableBuffer, /) -> int:
        """Write bytes; see FileIO."""
        try:
            return super().write(data)
        except OSError as error:
            # Python writes what is left once more when it ends, and would complain again.
            os.dup2(os.open(os.devnull, os.O_WRONLY), self.fileno())
            if isinstance(error, BrokenPipeError):
                sys.exit(0)
            raise


class Messages(io.FileIO):
    """Standard error. Where it takes no message, the exit code alone says how it went."""

    def write(self, data: ReadableBuffer, /) -> int:
        """Write bytes, or lose them; see FileIO."""
        try:
            return super().write(data)
        except OSError:
            return memoryview(data).nbytes


def prepare() -> None:
    """Replace the standard streams by ones that answer for every state they may be in.

    A closed one would be None, and its descriptor the next file's that is opened. In its place
    comes a descriptor that cannot be read or written.
    """
    for descriptor, stream, mode in (
        (0, sys.stdin, os.O_WRONLY),
        (1, sys.stdout, os.O_RDONLY),
        (2, sys.stderr, os.O_RDONLY),
    ):
        if stream is None:
            opened = os.open(os.devnull, mode)
            if opened != descriptor:
                os.dup2(opened, descriptor)
                os.close(opened)
    if sys.stdin is None:
        sys.stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(0, closefd=False)))
    sys.stdout = _text(Answers(1, "w", closefd=False), sys.stdout)
    sys.stderr = _text(Messages(2, "w", closefd=False), sys.stderr)


def _text(file: io.FileIO, before: TextIO | None) -> io.TextIOWrapper:
    return io.TextIOWrapper(
        io.BufferedWriter(file),
        encoding=before.encoding if before else "utf-8",
        # A terminal that knows no Arabic shows escapes; it is no reason to fail.
        errors="backslashreplace",
        line_buffering=file.fileno() == 2 or file.isatty(),
    )
