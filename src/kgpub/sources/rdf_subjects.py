"""Where the nodes stand of which RDF files tell."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Sequence

from pyoxigraph import RdfFormat

from kgpub.errors import SubmissionErrors
from kgpub.serialisation.line_feed import Term
from kgpub.sources.json_tree import read_json
from kgpub.sources.jsonld_objects import subject_positions
from kgpub.sources.nesting import MAX_NESTING
from kgpub.sources.rdf import RdfFile
from kgpub.sources.turtle_objects import subject_offsets


def first_as_subject(file: RdfFile, nodes: Collection[Term]) -> dict[Term, tuple[int, int]]:
    """Return line and column where each of `nodes` first stands as a subject in a file.

    A node in brackets stands where they open. Where the text does not tell, as of RDF/XML, it is
    the place of the first object that the node has.
    """
    positions = _positions(file)
    found: dict[Term, tuple[int, int]] = {}
    for quad, value, at in zip(file.quads, file.positions, positions, strict=True):
        if quad.subject in nodes:
            place = at or value
            found[quad.subject] = min(found.get(quad.subject, place), place)
    return found


def _positions(file: RdfFile) -> Sequence[tuple[int, int] | None]:
    text = file.content.decode("utf-8", "replace").removeprefix("\ufeff")
    if file.form == RdfFormat.JSON_LD:
        try:
            tree = read_json(text, file.file, MAX_NESTING)
        except SubmissionErrors:  # a key is repeated, which the parser bears
            return [None] * len(file.quads)
        return subject_positions(tree, file.quads, file.base)
    if file.form != RdfFormat.RDF_XML:
        offsets = subject_offsets(text, file.quads)
        if offsets is not None:
            begins = [0, *(match.end() for match in re.finditer("\n", text))]
            lines = (bisect_right(begins, offset) for offset in offsets)
            return [(n, at - begins[n - 1] + 1) for n, at in zip(lines, offsets, strict=True)]
    return [None] * len(file.quads)
