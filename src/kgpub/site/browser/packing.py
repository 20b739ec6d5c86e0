"""Files in gzip's format."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path

_CHUNK = 1 << 20
_GZIP = 16 + zlib.MAX_WBITS
_LEVEL = 6


def packed(path: Path) -> Iterator[bytes]:
    """Yield a file packed, without its name and time (RFC 1952, section 2.3.1). Raises OSError."""
    packing = zlib.compressobj(_LEVEL, wbits=_GZIP)
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield packing.compress(chunk)
    yield packing.flush()
