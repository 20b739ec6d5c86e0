"""What a batch leaves: sorted N-Quads in shards, reports, and a manifest of them all.

The quads are merged from the shards of the tasks, so that the bytes depend neither on the order of
the records nor on how many worked on them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import zstandard

from kgpub.batch.shard import Counts
from kgpub.errors import CallError
from kgpub.serialisation.sorting import Sorting
from kgpub.store.durable import remove, replace_synced, sync_folder

SHARD_BYTES = 2**26
"""Of lines in one file, before they are compressed."""
MANIFEST = "manifest.json"
_FORMAT = "kgpub-batch-1"
_LEVEL = 3
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Written:
    """One file: its path in the folder, lines, bytes, and its SHA-256 in hexadecimal."""

    path: str
    lines: int
    bytes: int
    sha256: str


class Folder:
    """The folder that a batch is written to. Methods raise OSError."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.work = path / ".work"

    def prepare(self) -> None:
        """Make the folder; what lies in it from a batch that was broken off is kept.

        Raises CallError where it holds anything that no batch has written.
        """
        with suppress(FileNotFoundError):
            if any(self.path.iterdir()) and not self._is_own():
                remedy = "Choose an empty or new folder with --output."
                raise CallError(f"{self.path}: holds other files", remedy)
        self.work.mkdir(parents=True, exist_ok=True)

    def _is_own(self) -> bool:
        if self.work.is_dir():
            return True
        try:
            return bool(json.loads((self.path / MANIFEST).read_bytes())["format"] == _FORMAT)
        except (OSError, ValueError, KeyError, TypeError):
            return False

    def clear(self) -> None:
        """Remove what an earlier batch has written, its manifest first."""
        for name in (MANIFEST, "quads", "history", "rejected", "warnings.jsonl", "problems.jsonl"):
            remove(self.path / name)

    def write(self, name: str, lines: Iterable[bytes]) -> tuple[Written, ...]:
        """Write lines as `<name>/<name>-00001.nq.zst` and so on; none where there are none."""
        written: list[Written] = []
        coming = iter(lines)
        while (first := next(coming, None)) is not None:
            path = f"{name}/{name}-{len(written) + 1:05}.nq.zst"
            written.append(self._compressed(path, _portion(first, coming)))
        return tuple(written)

    def _compressed(self, path: str, lines: Iterable[bytes]) -> Written:
        target = self.path / path
        target.parent.mkdir(exist_ok=True)
        fresh = target.with_name(f"{target.name}.new")
        count = 0
        with fresh.open("wb") as stream:
            packer = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True)
            with packer.stream_writer(stream, closefd=False) as packed:
                for line in lines:
                    packed.write(line)
                    count += 1
        fresh.replace(target)
        return self._noted(target, count)

    def write_lines(self, path: str, lines: Iterable[bytes]) -> tuple[Written, ...]:
        """Write lines as they are; no file where there are none."""
        target = self.path / path
        target.parent.mkdir(exist_ok=True)
        count = 0
        with target.open("wb") as stream:
            for line in lines:
                stream.write(line)
                count += 1
        if count:
            return (self._noted(target, count),)
        target.unlink()
        with suppress(OSError):
            if target.parent != self.path:
                target.parent.rmdir()
        return ()

    def _noted(self, path: Path, lines: int) -> Written:
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        name = path.relative_to(self.path).as_posix()
        return Written(name, lines, path.stat().st_size, digest)

    def finish(self, counts: Counts, files: Iterable[Written], more: dict[str, Any]) -> None:
        """Write the manifest, when all else is on disk, and remove the work."""
        noted = sorted(files, key=lambda each: each.path)
        manifest = {
            "format": _FORMAT,
            "records": counts.records,
            "rejected": counts.refused,
            "quads": counts.quads,
            **more,
            "files": [asdict(each) for each in noted],
        }
        for each in {(self.path / each.path).parent for each in noted}:
            sync_folder(each)
        text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
        replace_synced(self.path / MANIFEST, text.encode())
        remove(self.work)


def _portion(first: bytes, coming: Iterator[bytes]) -> Iterator[bytes]:
    """Yield lines of SHARD_BYTES, or a line more."""
    size = len(first)
    yield first
    while size < SHARD_BYTES and (line := next(coming, None)) is not None:
        size += len(line)
        yield line


def merged(
    folder: Path, names: Iterable[str], ending: str, more: Iterable[bytes] = ()
) -> Iterator[bytes]:
    """Yield the lines of one ending of all shards, and `more`, sorted, each once."""
    sorting = Sorting(folder, f"merged-{ending}")
    sorting.add(more)
    for name in names:
        with (folder / f"{name}.{ending}").open("rb") as stream:
            sorting.add(stream)
    return sorting.sorted()
