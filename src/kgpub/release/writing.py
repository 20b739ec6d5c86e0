"""Contents to files, compressed in threads beside the writing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from kgpub.pipeline.output import blocks
from kgpub.release.compression import compress
from kgpub.release.distribution import Coding, Content, Distribution

_PROGRAMS = {Coding.GZIP: "gzip", Coding.ZSTD: "Zstandard"}
_WAITING = 8
"""Files that wait to be compressed, besides those that are: more keep the writing waiting."""


def write(folder: Path, contents: Iterable[Content], threads: int) -> list[Distribution]:
    """Write files below `folder`, and return what was written, sorted by path. Raises OSError.

    Up to `threads` of them are compressed at a time, while the next are written.
    """
    written: list[Distribution] = []
    pending: list[Future[Distribution]] = []
    with ThreadPoolExecutor(threads) as pool:
        try:
            for content in contents:
                plain = _plain(folder, content)
                written.append(plain)
                for coding in (Coding.GZIP, Coding.ZSTD) if content.compressed else ():
                    pending.append(pool.submit(_compressed, folder, plain, coding))
                while len(pending) > threads + _WAITING:
                    written.append(pending.pop(0).result())
            written += [each.result() for each in pending]
        except BaseException:  # what waits is for nothing
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return sorted(written, key=lambda each: each.path)


def _plain(folder: Path, content: Content) -> Distribution:
    path = folder / content.path
    path.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with path.open("xb") as stream:
        for block in blocks(content.chunks()):
            digest.update(block)
            size += stream.write(block)
    return Distribution(
        content.path,
        content.title,
        content.media_type,
        size,
        digest.hexdigest(),
        conforms_to=content.conforms_to,
        offered=content.offered,
    )


def _compressed(folder: Path, plain: Distribution, coding: Coding) -> Distribution:
    path = folder / f"{plain.path}{coding}"
    with path.open("xb") as stream:
        compress(folder / plain.path, stream, coding)
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    size = path.stat().st_size
    title = f"{plain.title}, compressed with {_PROGRAMS[coding]}"
    name = f"{plain.path}{coding}"
    return replace(plain, path=name, title=title, size=size, sha256=digest, coding=coding)
