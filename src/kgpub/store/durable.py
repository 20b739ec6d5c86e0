"""Files that kgpub writes: through to the disk, checked when read back, removed by name.

Nothing here follows a symbolic link or waits for a pipe: in the place of a file of kgpub's own
may be anything.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import stat
from pathlib import Path


def write_synced(path: Path, content: bytes) -> None:
    """Write a file and have the system put it on disk. Raises OSError."""
    remove(path)
    with path.open("xb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def replace_synced(path: Path, content: bytes) -> None:
    """Put a file in the place of one of the same name, whole or not at all. Raises OSError."""
    fresh = path.with_name(f"{path.name}.new")
    write_synced(fresh, content)
    fresh.replace(path)
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Have the system put the names in a folder on disk, where it has a way to. Raises OSError."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def is_regular(path: Path) -> bool:
    """Whether there is a regular file, and not a link to one, under this name. Raises OSError."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False


def read_regular(path: Path) -> bytes:
    """Return the content of a regular file. Raises OSError, also for anything else."""
    _require_regular(path)
    return path.read_bytes()


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a regular file, in hexadecimal. Raises OSError, also for others."""
    _require_regular(path)
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def remove(path: Path) -> None:
    """Remove a file, a folder with what it holds, or a link, but not what that leads to.

    It is no error that there is nothing. Raises OSError.
    """
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _require_regular(path: Path) -> None:
    if not is_regular(path):
        raise FileNotFoundError(errno.ENOENT, "is no regular file", str(path))
