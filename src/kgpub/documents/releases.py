"""The folder of releases, as whoever shows it reads it: which there are, and what is in each."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from kgpub.documents.dumps import SUMS, sums_in
from kgpub.messages import LANGUAGES
from kgpub.model.version import is_version, order
from kgpub.pages.home import Download
from kgpub.pages.releases import CHANGELOG, CHANGES, FEED, FORMS, NAME, STREAM, Released
from kgpub.pages.rendering import Site
from kgpub.store.durable import is_regular, read_regular

FOLDER = "releases"
"""Where the releases are in a workspace, unless they are put elsewhere."""
CATALOGUE = "catalogue"
"""What describes a release, without its ending, which is one of FORMS."""
RECORD = "release.json"
"""What a release tells programs of itself."""
SIGNATURE = f"{SUMS}.sig"
_SEARCH_ENGINES = "schema-org.jsonld"
_MAX_TOLD = 256 * 1024
"""Bytes that a page has for search engines."""
_TEXT, _BYTES = "text/plain; charset=utf-8", "application/octet-stream"
_TYPES = {
    ".ttl": "text/turtle; charset=utf-8",
    ".trig": "application/trig",
    ".nq": "application/n-quads",
    ".nt": "application/n-triples",
    ".jsonld": "application/ld+json",
    ".json": "application/json",
    ".csv": "text/csv; charset=utf-8",
    ".rq": "application/sparql-query",
    ".cff": "application/yaml",
    ".txt": _TEXT,
    ".sig": _TEXT,
    ".gz": "application/gzip",
    ".zst": "application/zstd",
}
_UNLISTED = ("graphs/", "ontology/", "shapes/")
"""Folders with many files that are not downloaded one by one."""
_QUERY = ".rq"
_WHOLE = "dataset."
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def released(folder: Path) -> list[Released]:
    """Return the releases in a folder, the newest first, without their files.

    What is no release as kgpub writes it is left out.
    """
    try:
        names = [each.name for each in folder.iterdir()]
    except OSError:
        return []
    found = (release_of(folder, name) for name in names if is_version(name))
    return sorted(
        (each for each in found if each is not None),
        key=lambda each: order(each.version),
        reverse=True,
    )


def release_of(folder: Path, version: str) -> Released | None:
    """Return one of the releases in a folder, without its files, None where there is none."""
    if not is_version(version):
        return None
    try:
        told = json.loads(read_regular(folder / version / RECORD))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(told, dict) or told.get("version") != version:
        return None
    issued, previous = told.get("issued"), told.get("previous")
    if not (isinstance(issued, str) and _DATE.fullmatch(issued) and isinstance(previous, str)):
        return None
    return Released(version, issued, previous if is_version(previous) else "")


def has_changes(folder: Path) -> bool:
    """Whether it is told, in the folder of releases, what changed from one to the next."""
    names = (form.format(each) for form in (CHANGELOG, FEED, STREAM) for each in LANGUAGES)
    return all(is_inside(folder / CHANGES / name, folder / CHANGES) for name in names)


def files_of(folder: Path, version: str, site: Site) -> tuple[Download, ...]:
    """Return the files of a release that a page lists, below the IRI of the release.

    Those of the whole dataset come first, then all by name, and last the list itself. Raises
    OSError.
    """
    place = folder / version
    sums = sums_in(place)
    listed = sorted(
        (each for each in sums if not _is_unlisted(each)),
        key=lambda name: (not name.startswith(_WHOLE), name),
    )
    return tuple(
        Download(
            f"{site.addresses.root}{NAME}/{quote(version)}/{quote(name)}",
            name,
            (place / name).stat().st_size,
            sums.get(name, ""),
        )
        for name in (*listed, SUMS, SIGNATURE)
        if is_regular(place / name)
    )


def search_engines_of(folder: Path, version: str) -> str:
    """Return what a release tells search engines, as JSON, to put into its page; "" for nothing.

    Raises OSError.
    """
    path = folder / version / _SEARCH_ENGINES
    if not is_regular(path) or path.stat().st_size > _MAX_TOLD:
        return ""
    try:
        return path.read_text(encoding="utf-8")
    except ValueError:
        return ""


def type_of(name: str) -> str:
    """Return the media type of a file of a release, as the header has it."""
    return _TEXT if name == SUMS else _TYPES.get(PurePosixPath(name).suffix, _BYTES)


def is_of_release(name: str) -> bool:
    """Whether releases have files of such a name: none that a browser would take for a page."""
    return name == SUMS or PurePosixPath(name).suffix in _TYPES


def document_of(name: str) -> str | None:
    """Return which file of a release is its document with that ending, None for no form of data."""
    return f"{CATALOGUE}{name}" if name in FORMS else None


def is_inside(path: Path, folder: Path) -> bool:
    """Whether there is a regular file in a folder, and no link on the way leads out of it."""
    return is_regular(path) and Path(os.path.realpath(path)).is_relative_to(
        os.path.realpath(folder)
    )


def _is_unlisted(name: str) -> bool:
    return name.startswith(_UNLISTED) or name.endswith(_QUERY)
