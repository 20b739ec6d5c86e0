"""The lock of a workspace: whoever changes its store or output holds it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from kgpub.errors import StoreLocked, WorkspaceError
from kgpub.store.durable import is_regular, remove

LOCK = "lock"
"""Its file's name, in the folder of the workspace's state."""


@contextmanager
def locked(folder: Path, seconds: float) -> Iterator[None]:
    """Hold the lock in `folder`, which is made where there is none; wait for it `seconds`.

    Raises StoreLocked, WorkspaceError where it cannot be made.
    """
    try:
        folder.mkdir(exist_ok=True)
        if not is_regular(folder / LOCK):
            remove(folder / LOCK)
        lock = FileLock(folder / LOCK, timeout=seconds)
        lock.acquire()
    except Timeout as error:
        raise StoreLocked(
            f"{folder}: another kgpub is building or releasing this workspace",
            "Wait until it is done; the lock goes with the process that holds it.",
        ) from error
    except FileExistsError as error:
        remedy = "Remove or rename it: kgpub keeps its own files in a folder of this name."
        raise WorkspaceError(f"{folder}: is no folder", remedy) from error
    except OSError as error:
        message = f"{folder}: cannot be written: {error.strerror}"
        raise WorkspaceError(message, "See that you may write there.") from error
    try:
        yield
    finally:
        lock.release()
