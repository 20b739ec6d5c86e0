"""Releases of quads written by hand: what a release's folder needs to be compared, no more."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from tests.conftest import BASE

from kgpub.release.asked import Asked
from kgpub.release.folder import Releases
from kgpub.release.history.keeping import Kept, keep
from kgpub.settings import Settings, checked_settings

PLACE = "https://example.org/dumps/"
SETTINGS: Settings = checked_settings(
    {
        "base": BASE,
        "title": "Example & <one>",
        "publisher": "Me",
        "licence": "https://creativecommons.org/licenses/by/4.0/",
    }
)


def put(folder: Path, version: str, lines: Iterable[str], issued: str = "2026-11-24") -> Path:
    """Write a release of lines of canonical N-Quads without their ends."""
    release = folder / version
    release.mkdir(parents=True)
    content = "".join(sorted(f"{line} .\n" for line in set(lines))).encode()
    (release / "dataset.nq").write_bytes(content)
    record = {
        "version": version,
        "previous": "",
        "issued": issued,
        "iri": f"{BASE}release/{version}",
        "hash": hashlib.sha256(content).hexdigest(),
    }
    (release / "release.json").write_text(json.dumps(record))
    return release


def kept(folder: Path, fresh: bool = False) -> Kept:
    return keep(Releases(folder), SETTINGS, Asked(place=PLACE), fresh=fresh)


def content(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
