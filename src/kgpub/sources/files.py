"""Bytes of files the workspace holds, bounded, and their text."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Literal

from kgpub.errors import CallError, Place, Problem, SubmissionErrors
from kgpub.messages import Message

MAX_ARTICLE_BYTES = 4 * 1024 * 1024
MAX_SUBMISSION_BYTES = 16 * 1024 * 1024


def read_bytes(path: Path, root: Path, limit: int) -> bytes:
    """Return the content of a regular file inside `root` of at most `limit` bytes.

    Raises SubmissionErrors for a larger one, an empty one, one that cannot be read, and one that
    lies elsewhere by way of a symbolic link: it would publish what is not the workspace's.
    """
    file = relative(path, root)
    try:
        path.stat()  # a circle of links is an OSError here, a RuntimeError to resolve before 3.13
        if not path.resolve(strict=True).is_relative_to(root.resolve()):
            raise _refusal(file, Message("link-outside"), Message("copy-file"))
        if not path.is_file():
            raise _refusal(file, Message("not-regular-file"), Message("remove-it"))
        _require_size(file, path.stat().st_size, limit)
        with path.open("rb") as stream:
            content = stream.read(limit + 1)
    except OSError as error:
        raise _refusal(file, Message("unreadable", reason=str(error.strerror))) from error
    return sound_bytes(content, file, limit)


def sound_bytes(content: bytes, file: str, limit: int) -> bytes:
    """Return the content of `file`. Raises SubmissionErrors for too much, and for nothing."""
    _require_size(file, len(content), limit)
    if not content.strip():
        raise _refusal(file, Message("file-empty"), Message("write-or-remove"))
    return content


def named_file(path: Path, root: Path) -> Path:
    """Return the absolute path, without symbolic links, of a file that a call names.

    Raises CallError where links lead from the workspace at `root`, or from the folder of a file
    that is not in it, to somewhere else: a submitter may have put them there, and what is wrong
    with a file is told with its text.
    """
    here, target = root.resolve(), path.resolve()
    absolute = Path(os.path.normpath(path.absolute()))
    inside = absolute.is_relative_to(root) or absolute.is_relative_to(here)
    allowed = here if inside else absolute.parent.resolve()
    if not target.is_relative_to(allowed) and not target.is_relative_to(here):
        raise CallError(
            f"{path}: leads elsewhere by a symbolic link",
            "Copy the file, or name the one that it leads to.",
        )
    return target


def decode(content: bytes, file: str) -> str:
    """Return UTF-8 bytes as text, nothing normalised or stripped. Raises SubmissionErrors."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8", "replace")
        place = Place.at(file, before, len(before))
        remedy = Message("save-as-utf-8")
        if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
            remedy = Message("save-utf-16-as-utf-8")
        elif all(byte >= 0x80 or byte in b"\t\n\r" or byte >= 0x20 for byte in content):
            remedy = Message("save-windows-1256-as-utf-8")
        byte = f"0x{content[error.start]:02X}"
        message = Message("not-utf-8", byte=byte, offset=f"{error.start:,}")
        raise SubmissionErrors([Problem(place, message, remedy)]) from error
    if "\0" in text:
        place = Place.at(file, text, text.index("\0"))
        remedy = Message("save-text-as-utf-8")
        raise SubmissionErrors([Problem(place, Message("null-character"), remedy)])
    return text


def checksum(content: bytes) -> str:
    """Return `sha256:` and the digits, as kg:checksum has them."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def relative(path: Path, root: Path) -> str:
    """Return `path` relative to the workspace, with forward slashes.

    Bytes of a name that are not UTF-8 become U+FFFD, so that it can be shown.
    """
    inside = path.relative_to(root) if path.is_relative_to(root) else path
    return os.fsencode(inside.as_posix()).decode("utf-8", "replace")


def _require_size(file: str, size: int, limit: int) -> None:
    if size > limit:
        message = Message("file-too-large", size=f"{size:,}", limit=f"{limit:,}")
        raise _refusal(file, message, Message("split-or-check"))


def _refusal(file: str, message: Message, remedy: Message | Literal[""] = "") -> SubmissionErrors:
    return SubmissionErrors([Problem(Place(file), message, remedy)])
