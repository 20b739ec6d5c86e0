"""Which files beside those of shapes describe what these refer to and leave undescribed."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from kgpub.errors import CallError, SubmissionErrors
from kgpub.messages import Message
from kgpub.sources.rdf import rdf_format, read_rdf
from kgpub.vocabulary import SH

_MOST = 100
"""Files that are looked at, and below, bytes of each: a remedy is not worth more."""
_MOST_BYTES = 2**20
_REFERRING = (NamedNode(SH + "property"), NamedNode(SH + "node"))


def remedy(paths: Sequence[Path], quads: Collection[Quad]) -> Message | None:
    """Return which files to name as well as `paths`, which have these quads.

    None where the quads describe all shapes that they refer to by name.
    """
    described = {quad.subject for quad in quads}
    missing = {
        quad.object
        for quad in quads
        if quad.predicate in _REFERRING
        and isinstance(quad.object, NamedNode)
        and quad.object not in described
    }
    if not missing:
        return None
    others = [each for each in _beside(paths) if not missing.isdisjoint(_described(each))]
    if not others:
        return Message("name-describing-shapes")
    named = " ".join(f"--shapes {shlex.quote(str(each))}" for each in others)
    return Message("name-shapes-beside", options=named)


def _beside(paths: Sequence[Path]) -> Iterator[Path]:
    """Yield the RDF files in the folders of `paths` that are none of them."""
    named = {path.absolute() for path in paths}
    for folder in dict.fromkeys(path.parent for path in paths):
        try:
            names = sorted(folder.iterdir())
        except OSError:
            continue
        found = (each for each in names if rdf_format(each) and each.absolute() not in named)
        yield from islice(found, _MOST)


def _described(path: Path) -> set[NamedNode]:
    """Return what a file describes; one that cannot be read describes nothing."""
    try:
        if not path.is_file() or path.stat().st_size > _MOST_BYTES:
            return set()
        quads = read_rdf(path).quads
    except (OSError, CallError, SubmissionErrors):
        return set()
    return {quad.subject for quad in quads if isinstance(quad.subject, NamedNode)}
