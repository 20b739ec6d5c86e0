"""What tells the files of one build from those of another, where browsers keep both."""

from __future__ import annotations

import hashlib

from kgpub.site.files import Opened
from kgpub.version import __version__

_CHUNK = 1 << 20


def version_of(place: Opened) -> str:
    """Return a digest of all that the index is made of: 12 hexadecimal digits. Raises OSError."""
    site = place.build.site
    digest = hashlib.sha256(f"{__version__} {site.base}\0".encode())
    with place.dataset.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()[:12]
