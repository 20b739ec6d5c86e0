"""Where the triples of shapes stand in files of any RDF format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kgpub.sources.rdf import RdfFile
from kgpub.sources.rdf_subjects import first_as_subject

if TYPE_CHECKING:
    from kgpub.validation.shape_places import Positions, ShapesText


def shape_positions(text: ShapesText) -> Positions:
    """Return where the object of each triple stands, and each node where it first is a subject."""
    file = RdfFile(text.file, text.quads, text.content.encode(), text.form, text.base)
    return file.positions, first_as_subject(file, {quad.subject for quad in text.quads})
