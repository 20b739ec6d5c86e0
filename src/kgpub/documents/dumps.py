"""The files of the output folder that are offered, and their media types."""

from __future__ import annotations

import re
from pathlib import Path

from kgpub.pages.home import Download
from kgpub.store.durable import is_regular, read_regular

SUMS = "SHA256SUMS"
FILES = {
    "dataset.ttl": "text/turtle; charset=utf-8",
    "dataset.trig": "application/trig",
    "dataset.jsonld": "application/ld+json",
    "dataset.nq": "application/n-quads",
    "history.nq": "application/n-quads",
    "context.jsonld": "application/ld+json",
    "report.ttl": "text/turtle; charset=utf-8",
    "report.txt": "text/plain; charset=utf-8",
    SUMS: "text/plain; charset=utf-8",
}
"""What is offered of the output folder, with its media types; nothing else is."""
PREFIX = "dumps/"
"""The folder of these files, from the root."""
_LINE = re.compile(r"(?P<digest>[0-9a-f]{64})  (?P<name>[^\n]+)")


def downloads_of(folder: Path) -> list[Download]:
    """Return the files that are there, for a page that lists them. Raises OSError.

    Their checksums are those that the folder lists.
    """
    sums = sums_in(folder)
    return [
        Download(PREFIX + name, name, (folder / name).stat().st_size, sums.get(name, ""))
        for name in FILES
        if is_regular(folder / name)
    ]


def sums_in(folder: Path) -> dict[str, str]:
    """Return the checksums that a folder lists, by path; none where there is no list."""
    try:
        listed = read_regular(folder / SUMS).decode()
    except (OSError, ValueError):
        return {}
    return {found["name"]: found["digest"] for found in _LINE.finditer(listed)}
