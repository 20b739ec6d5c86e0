"""The output folder: written whole beside the old one, then put in its place."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from kgpub.errors import OutputError
from kgpub.store.durable import sync_folder

SUMS = "SHA256SUMS"
_NEW, _OLD = ".new", ".old"

Contents = Mapping[str, Iterable[bytes]]
"""Chunks of bytes by path relative to the folder, with forward slashes."""


class OutputFolder:
    """A folder whose files are all listed, with their checksums, in its SHA256SUMS."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def intact(self) -> bool:
        """Whether the folder holds exactly the files it lists, unchanged."""
        try:
            sums = self._sums()
            return self._files() == {*sums, SUMS} and all(
                _digest(self.path / name) == digest for name, digest in sums.items()
            )
        except (OSError, ValueError):
            return False

    @property
    def digest(self) -> str:
        """The SHA-256 of the list of checksums, in hexadecimal; empty where there is none."""
        try:
            return _digest(self.path / SUMS)
        except OSError:
            return ""

    def prepare(self, contents: Contents) -> None:
        """Write `contents` and their checksums to a folder beside this one, on disk.

        Raises OutputError where that fails, and where this folder holds files that kgpub did not
        write: putting the new one in its place would delete them. This folder stays as it is.
        """
        self._recover()
        self._refuse_strangers()
        new = self._beside(_NEW)
        try:
            shutil.rmtree(new, ignore_errors=True)
            sums = {name: _write(new / name, chunks) for name, chunks in contents.items()}
            lines = (f"{digest}  {name}\n".encode() for name, digest in sorted(sums.items()))
            _write(new / SUMS, lines)
        except OSError as error:
            shutil.rmtree(new, ignore_errors=True)
            raise OutputError(
                f"{self.path}: cannot be written: {error.strerror or error}",
                "The previous output is unchanged. Make room, or choose a folder with --output.",
            ) from error

    def publish(self) -> None:
        """Put the prepared folder in the place of this one. Raises OutputError."""
        old = self._beside(_OLD)
        try:
            if self.path.exists():
                self.path.rename(old)
            self._beside(_NEW).rename(self.path)
            sync_folder(self.path.parent)
        except OSError as error:
            self._recover()
            message = f"{self.path}: cannot be replaced: {error.strerror}"
            raise OutputError(message, "The previous output is unchanged.") from error
        shutil.rmtree(old, ignore_errors=True)

    def _beside(self, suffix: str) -> Path:
        return self.path.with_name(f".{self.path.name}{suffix}")

    def _recover(self) -> None:
        """Put the previous folder back where a build was killed between the two renames."""
        old = self._beside(_OLD)
        if old.exists() and not self.path.exists():
            old.rename(self.path)
        shutil.rmtree(old, ignore_errors=True)

    def _sums(self) -> dict[str, str]:
        lines = (self.path / SUMS).read_text(encoding="utf-8").splitlines()
        return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}

    def _files(self) -> set[str]:
        return {
            path.relative_to(self.path).as_posix()
            for path in self.path.rglob("*")
            if not path.is_dir()
        }

    def _refuse_strangers(self) -> None:
        if not self.path.exists() and not self.path.is_symlink():
            return
        remedy = "Move them elsewhere, or choose another folder with --output."
        if not self.path.is_dir() or self.path.is_symlink():
            raise OutputError(f"{self.path}: is no folder", remedy)
        try:
            listed = {*self._sums(), SUMS}
        except (OSError, ValueError):
            listed = set()
        strangers = sorted(self._files() - listed)
        if strangers:
            shown = ", ".join(strangers[:3])
            raise OutputError(f"{self.path}: holds files that kgpub did not write: {shown}", remedy)


def _write(path: Path, chunks: Iterable[bytes]) -> str:
    """Write a file through to the disk and return its SHA-256 in hexadecimal."""
    path.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with path.open("wb") as stream:
        for block in _blocks(chunks):
            digest.update(block)
            stream.write(block)
        stream.flush()
        os.fsync(stream.fileno())
    return digest.hexdigest()


def _blocks(chunks: Iterable[bytes], size: int = 1 << 20) -> Iterator[bytes]:
    """Gather small chunks into blocks of about `size` bytes."""
    gathered: list[bytes] = []
    length = 0
    for chunk in chunks:
        gathered.append(chunk)
        length += len(chunk)
        if length >= size:
            yield b"".join(gathered)
            gathered, length = [], 0
    yield b"".join(gathered)


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
