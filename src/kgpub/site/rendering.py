"""The documents of a build as files, made in several processes where there are many."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path
from threading import Thread
from urllib.parse import unquote

from pyoxigraph import Store

from kgpub.documents.build import Build
from kgpub.documents.documents import content_of
from kgpub.errors import OutputError
from kgpub.pages.home import Download
from kgpub.pages.rendering import Site
from kgpub.site.contents import documents
from kgpub.site.record import Entry, Record
from kgpub.site.staging import Made, Staging

_KNOWN = "known"
"""In the folder where contents wait: what the site has already."""
_BATCH = 24
"""IRIs whose documents one process makes at a time."""
_WORTH = 400
"""IRIs for which it pays to start processes: to start one takes as long as some 200 pages."""
_MOST = 8


@dataclass(frozen=True)
class Rendering:
    """What a process needs to make documents: folders of store and staging, site, and downloads."""

    store: str
    staging: str
    site: Site
    downloads: tuple[Download, ...]

    def opened(self) -> Build:
        """Return the build, opened to read."""
        return Build("", Store.read_only(self.store), self.site)


def rendered(
    rendering: Rendering,
    build: Build,
    iris: Sequence[str],
    known: Mapping[str, str],
    staging: Staging,
) -> list[Made]:
    """Return the files of all documents of `iris`; those with `known` digests stay.

    Raises OSError, OutputError.
    """
    processes = min(_MOST, _processors())
    if len(iris) < _WORTH or processes == 1:
        return list(_files(build, rendering, iris, known, staging))
    entries = {path: Entry(digest, 0, 0) for path, digest in known.items()}
    Record("", "", entries).write(staging.path / _KNOWN)
    # Not forked: threads of the store would be lost in the middle of what they do.
    spawning = multiprocessing.get_context("spawn")
    try:
        with ProcessPoolExecutor(processes, spawning, _follow) as pool:
            try:
                starts = range(0, len(iris), _BATCH)
                tasks = ((rendering, tuple(iris[at : at + _BATCH])) for at in starts)
                return list(chain.from_iterable(pool.map(_batch, tasks)))
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
    except BrokenProcessPool as error:
        message = "a process that makes pages was ended"
        raise OutputError(message, "See that there is enough memory; run it again.") from error


def _follow() -> None:
    """Have this process end with the one that has started it, which alone sees Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _processors() -> int:
    """Return how many processors this process may use, as far as the system tells."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _batch(task: tuple[Rendering, tuple[str, ...]]) -> list[Made]:
    rendering, iris = task
    build, known, staging = _opened(rendering)
    return list(_files(build, rendering, iris, known, staging))


@lru_cache(maxsize=1)
def _opened(rendering: Rendering) -> tuple[Build, Mapping[str, str], Staging]:
    folder = Path(rendering.staging)
    noted = Record.read(folder / _KNOWN) or Record()
    known = {path: entry.digest for path, entry in noted.entries.items()}
    return rendering.opened(), known, Staging(folder)


def _files(
    build: Build,
    rendering: Rendering,
    iris: Iterable[str],
    known: Mapping[str, str],
    staging: Staging,
) -> Iterator[Made]:
    for iri in iris:
        for document in documents(build, iri):
            content = content_of(build, document, lambda: rendering.downloads)
            if content is not None:
                path = unquote(document.address)
                yield staging.put(path, [content.body], known.get(path, ""))
