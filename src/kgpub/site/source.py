"""What a site is made of: what a workspace has built, or one of its releases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from kgpub.documents.dumps import FILES, PREFIX, SUMS, downloads_of, sums_in
from kgpub.documents.releases import is_of_release
from kgpub.errors import OutputError, StoreError
from kgpub.model.submission import graph_of
from kgpub.pages.home import Download
from kgpub.pipeline.kinds import KINDS
from kgpub.pipeline.rules import ONTOLOGY_GRAPH, VOCABULARY
from kgpub.pipeline.workspace import STATE, Workspace
from kgpub.site.files import File
from kgpub.store.durable import file_digest, is_regular, remove
from kgpub.store.embedded import Generations

DATASET = "dataset.nq"
_CHUNK = 1 << 20
_OFFERED = (*FILES, *(f"{name}{coding}" for name in FILES for coding in (".gz", ".zst")))
_TABLES = "tables/"
_SIGNATURE = f"{SUMS}.sig"
_BRING_BACK = "Bring the file back, or name another release."
_NAME = "Name one of the folders that kgpub release has written."
_OPENED = "site-release"
"""In the state of the workspace: where a release is loaded while a site is made of it."""


@dataclass(frozen=True)
class Source:
    """A dataset: the `folder` of its files, and what tells it from all others.

    `stored` gives the folder of a store that holds it, for as long as a site is made.
    """

    folder: Path
    fingerprint: str
    downloads: tuple[Download, ...]
    files: tuple[str, ...]
    stored: Callable[[], AbstractContextManager[Path]]

    @property
    def dataset(self) -> Path:
        """The dataset, as sorted canonical N-Quads."""
        return self.folder / DATASET

    def copies(self) -> Iterator[File]:
        """Yield the files to download."""
        for name in self.files:
            yield File(PREFIX + name, partial(_chunks, self.folder / name))


def built(place: Workspace) -> Source:
    """Return what a workspace has built last. Raises StoreError, OutputError."""
    folder = place.root / "output"
    # Without what updates have written: that is in no dump.
    store, fingerprint = place.generations.built(), place.generations.built_fingerprint()
    if store is None or not fingerprint:
        raise StoreError(f"{folder}: nothing is built yet", "Build it: kgpub build")
    downloads = tuple(downloads_of(folder))
    files = tuple(each.name for each in downloads)
    told = f"{fingerprint} {_digest(folder / SUMS)}"
    return Source(folder, told, downloads, files, lambda: nullcontext(store))


def released(place: Workspace, folder: Path) -> Source:
    """Return a release. Raises OutputError where the folder holds none, or not as it was made."""
    sums = sums_in(folder)
    for name, digest in sums.items():
        path = PurePosixPath(name)
        is_inside = not path.is_absolute() and ".." not in path.parts
        if not is_inside or not is_regular(folder / path) or _digest(folder / path) != digest:
            raise OutputError(f"{folder / SUMS}: {name} is not as it was released", _BRING_BACK)
    if DATASET not in sums:
        raise OutputError(f"{folder}: is no release: it has no {DATASET}", _NAME)
    names = [name for name in _OFFERED if name in sums]
    names += sorted(name for name in sums if name.startswith(_TABLES) and name.endswith(".csv"))
    downloads = tuple(
        Download(PREFIX + name, name, (folder / name).stat().st_size, sums[name]) for name in names
    )
    told = sorted(filter(is_of_release, sums))
    files = (*told, *(each for each in (SUMS, _SIGNATURE) if is_regular(folder / each)))
    fingerprint = f"release {_digest(folder / SUMS)}"
    return Source(folder, fingerprint, downloads, files, partial(_loaded, place, folder))


@contextmanager
def _loaded(place: Workspace, folder: Path) -> Iterator[Path]:
    """Give the folder of a store that holds a release. Raises OutputError, StoreError."""
    path = place.root / STATE / _OPENED
    try:
        remove(path)
        generations = Generations(path)
        quads = _read(place.settings.base, folder)
        dataset = NamedNode(f"{place.settings.base}dataset")
        if not any(quad.subject == dataset for quad in quads):
            message = f"{folder}: its IRIs do not begin with {place.settings.base}"
            raise OutputError(message, "Name a release of this workspace.")
        store = generations.prepare(quads, dict.fromkeys(map(graph_of, quads), "released"))
        yield store
    except OSError as error:
        message = f"{path}: cannot be written: {error.strerror or error}"
        raise OutputError(message, "Make room for it.") from error
    finally:
        remove(path)


def _read(base: str, folder: Path) -> list[Quad]:
    """Return the quads of a release. Raises OSError, and OutputError where they cannot be read."""
    try:
        return list(_quads(base, folder))
    except (SyntaxError, ValueError) as error:
        raise OutputError(f"{folder}: its data cannot be read: {error}", _NAME) from error


def _quads(base: str, folder: Path) -> Iterator[Quad]:
    """Yield the quads of a release, and those of its vocabulary, as a build stores both."""
    yield from parse(path=str(folder / DATASET), format=RdfFormat.N_QUADS)
    graph = NamedNode(base + ONTOLOGY_GRAPH)
    for name in (*VOCABULARY, KINDS):
        path = folder / "ontology" / name
        if is_regular(path):
            for quad in parse(path=str(path), format=RdfFormat.TURTLE):
                yield Quad(quad.subject, quad.predicate, quad.object, graph)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _digest(path: Path) -> str:
    """Return the SHA-256 of a file. Raises OutputError."""
    try:
        return file_digest(path)
    except OSError as error:
        raise OutputError(f"{path}: cannot be read: {error.strerror}", _BRING_BACK) from error
