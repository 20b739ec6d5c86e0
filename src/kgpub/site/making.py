"""A site from what a workspace has built, or from one of its releases."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from pyoxigraph import Store

from kgpub.documents.build import Build
from kgpub.documents.dumps import SUMS, sums_in
from kgpub.errors import CallError, OutputError
from kgpub.messages import LANGUAGES
from kgpub.pages import entrance
from kgpub.pages.rendering import Site
from kgpub.pipeline.cache import software_digest
from kgpub.pipeline.output import is_output, output_folder
from kgpub.pipeline.workspace import STATE, Workspace
from kgpub.settings import FILENAME
from kgpub.site import browser
from kgpub.site.address import PublicAddress
from kgpub.site.contents import iris
from kgpub.site.files import Opened
from kgpub.site.fixed import fixed
from kgpub.site.folder import Changes, SiteFolder
from kgpub.site.rendering import Rendering, rendered
from kgpub.site.source import Source, built, released
from kgpub.site.staging import Made, Staging
from kgpub.store.durable import is_regular
from kgpub.vocabulary import resource

FOLDER = "site"
_RELEASES = "releases"
_QUERIES = "queries"
_OUTPUT = "output"
_ANOTHER = "Name another folder with --to."

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Asked:
    """What is asked of a site.

    `to` is its folder, None for `site` in the workspace; `release` what it is made of: the version
    of a release or a folder that holds one, "" for what is built; `at` the address where it will be
    found, None where that is not known.
    """

    to: Path | None = None
    release: str = ""
    at: PublicAddress | None = None


@dataclass(frozen=True)
class Written:
    """A site that was written: its folder, and what changed in it; None where nothing had to.

    `has_program` tells whether what search and queries run in the browser was there to be written.
    """

    folder: Path
    changes: Changes | None
    has_program: bool = True


def make(place: Workspace, asked: Asked, progress: Progress = lambda _: None) -> Written:
    """Write the site of a workspace, or bring it up to date.

    Nobody else may build the workspace meanwhile. Raises OutputError where it cannot be written,
    StoreError where there is nothing to make it of.
    """
    path = _folder(asked.to or place.root / FOLDER, place.root)
    source = released(place, _release(place.root, asked.release)) if asked.release else built(place)
    folder = SiteFolder(path, place.root / STATE / FOLDER / _noted_as(path, place.root))
    settings = place.settings
    site = Site.of(settings, static=True)
    queries = (place.root / _QUERIES, resource(_QUERIES))
    key = _key(source, site, asked.at, queries)
    has_program = bool(browser.assets())
    if folder.is_current(key):
        return Written(path, None, has_program)
    with source.stored() as store:
        build = Build(key, Store.read_only(str(store)), site)
        opened = Opened(build, source.dataset, queries, place.prefixes)
        parts = _Parts(source, store, opened, asked.at, progress)
        return Written(path, folder.write(key, parts.made), has_program)


@dataclass(frozen=True)
class _Parts:
    """The parts of a site, and what they are made of; `store` is the folder of what is opened."""

    source: Source
    store: Path
    opened: Opened
    at: PublicAddress | None
    progress: Progress

    def made(self, known: Mapping[str, str], staging: Staging) -> list[Made]:
        """Return all files; what differs from `known` waits in `staging`. Raises OSError."""
        build = self.opened.build
        self.progress("pages")
        told = iris(build)
        rendering = Rendering(str(self.store), str(staging.path), build.site, self.source.downloads)
        made = rendered(rendering, build, told, known, staging)
        self.progress("files")
        paths = [each.path for each in made]
        others = chain(
            fixed(build, told, paths, self.at),
            self.source.copies(),
            browser.files(self.opened, LANGUAGES),
        )
        try:
            for each in others:
                made.append(staging.put(each.path, each.content(), known.get(each.path, "")))
        except sqlite3.Error as error:
            message = f"the index of the search cannot be made: {error}"
            raise OutputError(message, "Make room in the folder for temporary files.") from error
        _require_different(made)
        return made


def _require_different(made: Iterable[Made]) -> None:
    """Raise OutputError where two files would be one: it takes names that are made for that."""
    paths = Counter(each.path for each in made)
    if len(paths) != paths.total():
        name = paths.most_common(1)[0][0]
        raise OutputError(f"{name}: would be the file of two things", "Rename one of them.")


def _key(source: Source, site: Site, at: PublicAddress | None, queries: Iterable[Path]) -> str:
    """Return a digest of all that decides what is in a site."""
    digest = hashlib.sha256(f"{source.fingerprint} {site} {at} {software_digest()}".encode())
    package = Path(__file__).parents[1]
    resources = (each for each in package.rglob("*") if each.suffix not in (".py", ".pyc"))
    saved = (each for folder in queries for each in folder.glob("*.rq"))
    for path in chain(sorted(resources), sorted(saved)):
        if path.is_file():
            digest.update(f"\0{path.name}\0".encode("utf-8", "surrogateescape"))
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _folder(path: Path, root: Path) -> Path:
    """Return where the site is to be. Raises OutputError where that is a folder of kgpub's."""
    try:
        folder = output_folder(path, root).path
    except OutputError as error:
        raise OutputError(error.message, _ANOTHER) from error
    full = Path(os.path.realpath(folder))
    _require_outside(full, root)
    for each in (full, *full.parents):
        if is_output(each) or (each != full and _is_site(each)):
            raise OutputError(f"{full}: lies in {each}, which kgpub has written", _ANOTHER)
        if each != full and (each / FILENAME).is_file():
            _require_outside(full, each)
    return folder


def _require_outside(path: Path, root: Path) -> None:
    """Raise OutputError where a path lies in what the workspace at `root` is made of or makes."""
    for name in ("articles", STATE, _QUERIES, _RELEASES, _OUTPUT):
        if path.is_relative_to(os.path.realpath(root / name)):
            raise OutputError(f"{path}: lies in the workspace's folder {name}", _ANOTHER)


def _is_site(folder: Path) -> bool:
    """Whether a folder lists, as its files, those that every site has."""
    return sums_in(folder).keys() >= {entrance.CHOICE, entrance.LOST, ".htaccess"}


def _noted_as(path: Path, root: Path) -> str:
    """Return the name of the note of a site: the same in all spellings of its path.

    Inside the workspace it is also the same when that has moved.
    """
    full, home = Path(os.path.realpath(path)), Path(os.path.realpath(root))
    told = full.relative_to(home) if full.is_relative_to(home) else full
    return hashlib.sha256(os.fsencode(told)).hexdigest()[:16]


def _release(root: Path, named: str) -> Path:
    """Return the folder of the release that is named. Raises CallError."""
    folders = (root / _RELEASES / named, Path(named))
    for folder in folders:
        with suppress(OSError):  # as where a name is too long for a file
            if is_regular(folder / SUMS):
                return folder
    remedy = "Name the version of a release in the workspace, or the folder of one."
    raise CallError(f"--release: there is no release {named}", remedy)
