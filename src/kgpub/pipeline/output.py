"""The output folder: written whole beside the old one, then put in its place.

Nothing is deleted or overwritten that kgpub did not write. Its own are the files that SHA256SUMS
lists, where that list is the one that kgpub noted or says itself that it is kgpub's, and files
that are byte for byte as kgpub noted them; anything else in the folder, or under the names used
beside it, is refused.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from kgpub.errors import OutputError
from kgpub.store.durable import file_digest, is_regular, read_regular, remove, sync_folder

SUMS = "SHA256SUMS"
_NEW, _OLD = ".kgpub-new", ".kgpub-old"
# Every output has these; no folder of somebody else's is likely to list them all.
_MARKS = frozenset({"context.jsonld", "dataset.nq", "report.ttl"})
_SOMETIMES = frozenset({SUMS, "history.nq", "ontology/kinds.ttl"})
_MOVE = "Move that elsewhere, or choose another folder with --output."
_UNCHANGED = "The previous output is unchanged."

Contents = Mapping[str, Iterable[bytes]]
"""Chunks of bytes by path relative to the folder, with forward slashes."""


def output_folder(path: Path, root: Path) -> OutputFolder:
    """Return the output folder at `path`. Raises OutputError where it would hold the workspace.

    `root` is the workspace's folder; its articles and what kgpub keeps there are no place either.
    """
    full, home = Path(os.path.realpath(path)), Path(os.path.realpath(root))
    remedy = "Choose another folder with --output; it is replaced as a whole."
    if home.is_relative_to(full):
        raise OutputError(f"{full}: the workspace lies in this folder", remedy)
    for name in ("articles", ".kgpub"):
        if full.is_relative_to(os.path.realpath(home / name)):
            raise OutputError(f"{full}: lies in the workspace's folder {name}", remedy)
    return OutputFolder(full if path.name in ("", "..") else path.absolute())


def sums_of(folder: Path) -> dict[str, str]:
    """Return the checksums that an output folder lists, by path. Raises OSError, ValueError."""
    return _sums(_text(folder))


def is_output(folder: Path) -> bool:
    """Whether a folder lists, as its files, those that every output has."""
    try:
        return _sums(_text(folder)).keys() >= _MARKS
    except (OSError, ValueError):
        return False


class OutputFolder:
    """A folder whose files are all listed, with their checksums, in its SHA256SUMS."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._new = path.with_name(f".{path.name}{_NEW}")
        self._old = path.with_name(f".{path.name}{_OLD}")

    def intact(self) -> bool:
        """Whether the folder holds exactly the files it lists, unchanged."""
        try:
            sums = _sums(_text(self.path))
            return not _strangers(self.path, {*sums, SUMS}) and all(
                file_digest(self.path / name) == digest for name, digest in sums.items()
            )
        except (OSError, ValueError):
            return False

    @property
    def listing(self) -> str:
        """The list of checksums; empty where there is none that can be read."""
        try:
            return _text(self.path)
        except (OSError, ValueError):
            return ""

    def prepare(self, contents: Contents, written: str = "") -> None:
        """Write `contents` and their checksums to a folder beside this one, on disk.

        `written` is the `listing` that kgpub wrote last, as far as that is known.
        Raises OutputError where that fails, and where this folder holds files that kgpub did not
        write: putting the new one in its place would delete them. This folder stays as it is.
        """
        own = {*contents, *_SOMETIMES}
        try:
            self._recover(own, written)
            _refuse_strangers(self.path, own, written)
            self._new.mkdir(parents=True)
            try:
                sums = {name: _write(self._new / name, chunks) for name, chunks in contents.items()}
                lines = (f"{digest}  {name}\n".encode() for name, digest in sorted(sums.items()))
                _write(self._new / SUMS, lines)
            except BaseException:
                self.discard()
                raise
        except OSError as error:
            raise OutputError(
                f"{self.path}: cannot be written: {error.strerror or error}",
                f"{_UNCHANGED} Make room, or choose a folder with --output.",
            ) from error

    def publish(self) -> None:
        """Put the prepared folder in the place of this one. Raises OutputError."""
        try:
            if self.path.exists():
                self.path.rename(self._old)
            self._new.rename(self.path)
            sync_folder(self.path.parent)
        except OSError as error:
            self._put_back()
            self.discard()
            remedy = f"{_UNCHANGED} Choose another folder with --output."
            message = f"{self.path}: cannot be replaced: {error.strerror}"
            raise OutputError(message, remedy) from error
        self._put_back()

    def discard(self) -> None:
        """Remove what was prepared and not published."""
        shutil.rmtree(self._new, ignore_errors=True)

    def _put_back(self) -> None:
        """Put the old folder in its place again, or remove it where a new one is there."""
        if not self.path.exists():
            if self._old.exists():
                self._old.rename(self.path)
        elif self._old.exists():
            # Under the other name first: what bears the name of the old one is always whole.
            self._old.rename(self._new)
            self.discard()

    def _recover(self, own: Collection[str], written: str) -> None:
        """Finish what a killed build left: put the previous folder back, remove the others."""
        if os.path.lexists(self._new):
            if self._new.is_symlink() or not self._new.is_dir() or _strangers(self._new, own):
                raise OutputError(
                    f"{self._new}: kgpub writes here, and did not write what is there",
                    _MOVE,
                )
            remove(self._new)
        if os.path.lexists(self._old):
            _refuse_strangers(self._old, own, written)
            self._put_back()


def _text(folder: Path) -> str:
    """Return the list of checksums in a folder. Raises OSError, ValueError."""
    return read_regular(folder / SUMS).decode("utf-8")


def _sums(text: str) -> dict[str, str]:
    """Return the checksums of a list, by name. Raises ValueError."""
    return {name: digest for digest, name in (line.split("  ", 1) for line in text.splitlines())}


def _unchanged(folder: Path, written: str) -> set[str]:
    """Return the files in a folder that are as the list `written` says. Raises OSError."""
    try:
        sums = _sums(written)
    except ValueError:
        return set()
    present = {name for name in sums if is_regular(folder / name)}
    return {name for name in present if file_digest(folder / name) == sums[name]}


def _strangers(folder: Path, own: Collection[str]) -> list[str]:
    """Return what lies in a folder, but for regular files of these names and their folders."""
    folders = {parent.as_posix() for name in own for parent in Path(name).parents}
    found: list[str] = []
    pending = [folder]
    while pending:
        for path in pending.pop().iterdir():
            name = path.relative_to(folder).as_posix()
            if name in folders and path.is_dir() and not path.is_symlink():
                pending.append(path)
            elif name not in own or not is_regular(path):
                found.append(name)
    return sorted(found)


def _refuse_strangers(folder: Path, own: Collection[str], written: str) -> None:
    """Raise OutputError where replacing a folder would delete what kgpub did not write.

    All that is listed is kgpub's where the list is the one it wrote last. Where that list is gone,
    what is still as it was written is kgpub's. Anybody can have a SHA256SUMS: elsewhere only what
    kgpub writes now is.
    """
    if not os.path.lexists(folder):
        return
    if folder.is_symlink() or not folder.is_dir():
        raise OutputError(f"{folder}: is no folder", _MOVE)
    mine: set[str] = set()
    try:
        text = _text(folder)
        listed = {*_sums(text), SUMS}
        if text == written:
            mine = listed
        elif listed >= _MARKS:
            mine = listed.intersection(own)
    except FileNotFoundError:
        mine = _unchanged(folder, written)
    except ValueError:
        pass
    strangers = _strangers(folder, mine)
    if strangers:
        shown = ", ".join(strangers[:3]) + (" …" if len(strangers) > 3 else "")
        message = f"{folder}: holds files that kgpub did not write: {shown}"
        raise OutputError(message if mine else f"{message} (no {SUMS} says so)", _MOVE)


def _write(path: Path, chunks: Iterable[bytes]) -> str:
    """Write a file through to the disk and return its SHA-256 in hexadecimal."""
    path.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with path.open("wb") as stream:
        for block in blocks(chunks):
            digest.update(block)
            stream.write(block)
        stream.flush()
        os.fsync(stream.fileno())
    return digest.hexdigest()


def blocks(chunks: Iterable[bytes], size: int = 1 << 20) -> Iterator[bytes]:
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
