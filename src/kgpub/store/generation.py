"""One generation of the embedded store: a folder, and what it tells of itself in `digests.json`.

That holds the digest of each graph of the build, and size and SHA-256 of each file. Where updates
have written graphs of their own, they lie in `own.nq` besides, and `built` names the generation
that holds the build without them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

import pyoxigraph
from pyoxigraph import NamedNode

from kgpub.store.durable import file_digest, read_regular, sync_folder, write_synced

DIGESTS = "digests.json"
OWN = "own.nq"
_FORMAT = f"2, pyoxigraph {pyoxigraph.__version__.rsplit('.', 1)[0]}"
"""Layout of the digests' file, and version of Oxigraph; others are built anew."""
_CHANGING = ("LOG", "LOCK", DIGESTS)
_TABLE = ".sst"
"""What ends the names of RocksDB's tables. They make up nearly all of a generation, and their
blocks have checksums that RocksDB looks at when it reads them."""


def stored(generation: Path) -> Mapping[str, object]:
    """Return what a generation tells of itself, nothing where that is in another format.

    Raises OSError, ValueError, RecursionError where it cannot be read.
    """
    told = json.loads(read_regular(generation / DIGESTS))
    return told if isinstance(told, dict) and told.get("format") == _FORMAT else {}


def note(
    generation: Path,
    digests: Mapping[str, str],
    like: Path | None = None,
    built: str = "",
    mark: str = "",
) -> None:
    """Have a generation tell of itself, durably; its store is closed.

    Tables that it shares with the generation `like` are as that one tells. `built` is the name of
    the one with the build alone, if this has more, `mark` that of the update. Raises OSError.
    """
    more = {"built": built, "update": mark} if built else {}
    told = {
        **more,
        "format": _FORMAT,
        "graphs": dict(sorted(digests.items())),
        "sizes": {path.name: path.stat().st_size for path in _files(generation)},
        "files": _checksums(generation, like),
    }
    write_synced(generation / DIGESTS, json.dumps(told).encode())
    sync_folder(generation)


def as_written(generation: Path) -> Mapping[str, str]:
    """Return the digests of the graphs of the build, nothing where any file is not as written.

    Raises OSError, ValueError, RecursionError where that cannot be told.
    """
    if stored(generation).get("files") != _checksums(generation):
        return {}
    return graphs(generation)


def graphs(generation: Path) -> Mapping[str, str]:
    """Return the digests of the graphs of the build, nothing where that is in another format.

    Raises OSError, ValueError, RecursionError where it cannot be read.
    """
    told = stored(generation).get("graphs")
    if not isinstance(told, dict):
        return {}
    return {NamedNode(graph).value: str(digest) for graph, digest in told.items()}


def fingerprint(generation: Path | None) -> str:
    """Return what tells a generation from all others, "" where it is no use."""
    if generation is None:
        return ""
    path = generation / DIGESTS
    try:
        found = path.stat()
        return _digest(path, (found.st_ino, found.st_mtime_ns, found.st_size))
    except OSError:
        return ""


@lru_cache(maxsize=16)
def _digest(path: Path, state: tuple[int, ...]) -> str:
    """Return the digest of a file of megabytes that is asked for again and again."""
    return file_digest(path)


def mark_of(generation: Path | None) -> str | None:
    """Return the mark of the update that has made a generation, None for others."""
    try:
        found = stored(generation).get("update") if generation is not None else None
    except (OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, str) else None


def built_name(generation: Path) -> str:
    """Return the name of the generation that holds the same build and nothing else."""
    if not (generation / OWN).exists():
        return generation.name  # without reading how many graphs there are
    try:
        name = stored(generation).get("built")
    except (OSError, ValueError, RecursionError):
        return generation.name
    return name if isinstance(name, str) else generation.name


def require_as_written(generation: Path) -> None:
    """Raise OSError where a file is missing or is not as it was written; of tables, by size.

    A manifest that was cut short is to RocksDB one of an older or an empty store. Nothing is
    compared where the generation does not tell what was written: `Generations.forget` removes that.
    """
    try:
        told = stored(generation)
    except (OSError, ValueError, RecursionError):
        return
    sizes, checksums = told.get("sizes"), told.get("files")
    if not isinstance(sizes, dict) or not isinstance(checksums, dict):
        return
    for name, size in sizes.items():
        found = (generation / name).stat().st_size
        if found != size:
            raise OSError(f"{name} has {found:,} bytes instead of {size:,}")
    for name, checksum in checksums.items():
        if not name.endswith(_TABLE) and file_digest(generation / name) != checksum:
            raise OSError(f"{name} is not as it was written")


def _files(generation: Path) -> Iterator[Path]:
    """Yield the files of a generation that do not change when it is read."""
    for path in sorted(generation.iterdir()):
        if not path.name.startswith(_CHANGING):
            yield path


def _checksums(generation: Path, like: Path | None = None) -> dict[str, str]:
    """Return the SHA-256 of each file of a generation."""
    known = stored(like).get("files") if like is not None else None
    checksums = {}
    for path in _files(generation):
        same = like / path.name if like is not None else path
        is_known = isinstance(known, dict) and path.name in known and path.suffix == _TABLE
        if isinstance(known, dict) and is_known and same.exists() and same.samefile(path):
            checksums[path.name] = str(known[path.name])
        else:
            checksums[path.name] = file_digest(path)
    return checksums
