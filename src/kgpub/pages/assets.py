"""Files that come with the pages: style sheets."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).with_name("assets")
PREFIX = "assets/"


def asset_names() -> list[str]:
    """Return the names of the files, sorted."""
    return sorted(path.name for path in FOLDER.iterdir() if path.suffix == ".css")


@lru_cache(maxsize=64)
def asset(name: str) -> bytes:
    """Return the content of one of `asset_names`."""
    return (FOLDER / name).read_bytes()


@lru_cache(maxsize=64)
def asset_digest(name: str) -> str:
    """Return what changes with the content: 12 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(asset(name)).hexdigest()[:12]


def asset_address(name: str) -> str:
    """Return the address, from the root: `assets/kgpub.css?v=…`, which never changes content."""
    return f"{PREFIX}{name}?v={asset_digest(name)}"
