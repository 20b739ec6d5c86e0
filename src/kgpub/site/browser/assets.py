"""What pages run: what `npm run build` in `web/` writes beside this module, if it was run."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path

from kgpub.site.files import File

FOLDER = Path(__file__).with_name("assets")
PREFIX = "assets/browser/"
"""Where these files are in a site, from its root."""
QUERY, SEARCH, WORKER, WASM = "query.js", "search.js", "worker.js", "oxigraph.wasm"
_NEEDED = (QUERY, SEARCH, WORKER, WASM)


@cache
def assets(folder: Path = FOLDER) -> Mapping[str, bytes]:
    """Return the files by their names; none where they were not all built."""
    if not all((folder / name).is_file() for name in _NEEDED):
        return {}
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


def address(name: str, content: bytes) -> str:
    """Return the address of a file with that content, from the root: another for each content."""
    return f"{PREFIX}{name}?v={hashlib.sha256(content).hexdigest()[:12]}"


def whole(path: str, content: bytes) -> File:
    """Return a file with that content."""
    return File(path, partial(_once, content))


def _once(content: bytes) -> list[bytes]:
    return [content]
