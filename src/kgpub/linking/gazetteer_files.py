"""Files that gazetteers are built from: which form a file has, its items, and its digest."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import BinaryIO, cast

from kgpub.errors import DataError
from kgpub.linking import entity_json, json_lines, sparql_results
from kgpub.linking.entity import Item
from kgpub.linking.json_text import MAX_LINE, error_at

_CHUNK = 1024 * 1024
_BEGINNING = 4096


def read_items(path: Path) -> Iterator[Item]:
    """Yield the items of a file: JSON Lines, a SPARQL result in JSON, or Wikidata's entities.

    The form is told by how the content begins. Files that end in .gz or .bz2 are unpacked. Raises
    DataError with file, line and column of what is wrong.
    """
    name = path.name
    try:
        with closing(_open(path)) as stream:
            beginning = stream.read(_BEGINNING)
        with closing(_open(path)) as stream:
            if sparql_results.begins_one(beginning):
                yield from sparql_results.items(_whole(stream, name), name)
            elif entity_json.begins_one(beginning):
                yield from entity_json.items(_lines(stream), name)
            else:
                yield from json_lines.items(_lines(stream), name)
    except (EOFError, zlib.error) as error:
        raise DataError(f"{name}: was cut off or is damaged", "Fetch it again.") from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise DataError(f"{path}: cannot be read: {reason}", "Name a file of items.") from error


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _open(path: Path) -> BinaryIO:
    if path.suffix == ".gz":
        return cast(BinaryIO, gzip.open(path))
    if path.suffix == ".bz2":
        return cast(BinaryIO, bz2.open(path))
    return path.open("rb")


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the lines; one that is longer than allowed is cut one byte beyond that."""
    while line := stream.readline(MAX_LINE + 1):
        yield line


def _whole(stream: BinaryIO, name: str) -> bytes:
    content = stream.read(sparql_results.MAX_BYTES + 1)
    if len(content) > sparql_results.MAX_BYTES:
        message = f"has more than {sparql_results.MAX_BYTES:,} bytes"
        raise error_at(name, 1, message, "Ask for fewer rows at a time.")
    return content
