"""What the query page has where a site is opened as files: program and dump as scripts.

Browsers fetch nothing there, and start no worker. Both are packed by gzip and written in base64.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from functools import lru_cache
from gzip import compress
from pathlib import Path

from kgpub.site.browser.assets import PREFIX
from kgpub.site.browser.packing import packed
from kgpub.site.browser.scripts import script
from kgpub.site.files import File

_PART = 6 << 20
"""Packed bytes of a dump in one script; of three bytes base64 makes four characters."""


def offline_files(program: bytes, dataset: Path, build: str) -> tuple[int, Iterator[File]]:
    """Return how many scripts a dump is in, and the files. Raises OSError."""
    parts = -(-sum(map(len, packed(dataset))) // _PART)
    return parts, _files(program, dataset, build)


def _files(program: bytes, dataset: Path, build: str) -> Iterator[File]:
    yield script(PREFIX, "oxigraph", build, _packed_program(program))
    for number, part in enumerate(_parts(dataset)):
        yield script(PREFIX, f"dataset-{number}", build, b64encode(part).decode())


@lru_cache(maxsize=1)
def _packed_program(program: bytes) -> str:
    return b64encode(compress(program, mtime=0)).decode()


def _parts(path: Path) -> Iterator[bytes]:
    kept = bytearray()
    for chunk in packed(path):
        kept += chunk
        while len(kept) > _PART:
            yield bytes(kept[:_PART])
            del kept[:_PART]
    yield bytes(kept)
