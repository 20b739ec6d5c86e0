"""Files compressed so that the same content gives the same bytes.

gzip's header holds neither name nor time (RFC 1952, 2.3.1); what Zstandard writes is one frame, by
one thread, with the size and the checksum of the content (RFC 8878, 3.1.1).
"""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path
from typing import BinaryIO

import zstandard

from kgpub.release.distribution import Coding

GZIP_LEVEL = 6
ZSTD_LEVEL = 9
_BLOCK = 1 << 20


def compress(source: Path, target: BinaryIO, coding: Coding) -> None:
    """Write the content of `source` to `target` in a coding. Raises OSError."""
    with source.open("rb") as stream:
        if coding is Coding.GZIP:
            with gzip.GzipFile("", "wb", GZIP_LEVEL, target, mtime=0) as packed:
                shutil.copyfileobj(stream, packed, _BLOCK)
        elif coding is Coding.ZSTD:
            packer = zstandard.ZstdCompressor(level=ZSTD_LEVEL, write_checksum=True)
            packer.copy_stream(stream, target, size=source.stat().st_size)
        else:
            shutil.copyfileobj(stream, target, _BLOCK)
