"""Bytes of files the workspace holds, bounded, and their text."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from kgpub.errors import Place, Problem, SubmissionErrors

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
            raise _refusal(file, "leads out of the workspace by a symbolic link", "Copy the file.")
        if not path.is_file():
            raise _refusal(file, "is no regular file", "Remove it.")
        size = path.stat().st_size
        if size > limit:
            message = f"has {size:,} bytes; at most {limit:,} are read"
            raise _refusal(file, message, "Split it, or check that it is what you meant.")
        with path.open("rb") as stream:
            content = stream.read(limit + 1)
    except OSError as error:
        raise _refusal(file, f"cannot be read: {error.strerror}", "") from error
    if not content.strip():
        raise _refusal(file, "the file is empty", "Write something into it, or remove it.")
    return content


def decode(content: bytes, file: str) -> str:
    """Return UTF-8 bytes as text, nothing normalised or stripped. Raises SubmissionErrors."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8", "replace")
        place = Place.at(file, before, len(before))
        remedy = "Save it as UTF-8."
        if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
            remedy = "It looks like UTF-16: save it as UTF-8."
        elif all(byte >= 0x80 or byte in b"\t\n\r" or byte >= 0x20 for byte in content):
            remedy = "It may be Windows-1256 (older Arabic files): save it as UTF-8."
        message = f"not UTF-8: byte 0x{content[error.start]:02X} at offset {error.start:,}"
        raise SubmissionErrors([Problem(place, message, remedy)]) from error
    if "\0" in text:
        place = Place.at(file, text, text.index("\0"))
        remedy = "It may be UTF-16, or no text at all: save it as UTF-8."
        raise SubmissionErrors([Problem(place, "U+0000 is no character of a text", remedy)])
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


def _refusal(file: str, message: str, remedy: str) -> SubmissionErrors:
    return SubmissionErrors([Problem(Place(file), message, remedy)])
