"""What the data of a workspace are validated with: shapes, and the vocabulary that these need."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from kgpub.pipeline.kinds import read_kinds
from kgpub.vocabulary import OWL, resource
from kgpub.vocabulary.schema import shape_files

if TYPE_CHECKING:
    from kgpub.validation import Shapes

ONTOLOGY_GRAPH = "graph/ontology"
VOCABULARY = ("kgpub.ttl", "schemes.ttl")


class Rules:
    """The shapes that come with kgpub, and its vocabulary with the kinds of one publisher."""

    def __init__(self, root: Path, base: str) -> None:
        self._root = root
        self._base = base

    @property
    def shapes(self) -> Shapes:
        """The shapes that come with kgpub, each target checked against the ontology."""
        return _shapes()

    def vocabulary(self) -> Iterator[Quad]:
        """Yield ontology and kinds, those of the publisher too, in the graph of the ontology.

        The shapes need them for classes and kinds, and queries for labels. Raises SubmissionErrors
        for what is wrong with the publisher's own.
        """
        graph = NamedNode(self._base + ONTOLOGY_GRAPH)
        shipped = (
            quad.triple
            for name in VOCABULARY
            for quad in parse(path=str(resource("ontology") / name), format=RdfFormat.TURTLE)
        )
        for triple in chain(shipped, read_kinds(self._root, self._base)):
            yield Quad(triple.subject, triple.predicate, triple.object, graph)


@cache  # A process may open many workspaces; what they share is immutable.
def _shapes() -> Shapes:
    # Late: a third of the time of a query or of a build with nothing to do.
    from kgpub.validation import Shapes

    ontology = parse(path=str(resource("ontology") / "kgpub.ttl"), format=RdfFormat.TURTLE)
    classes = [quad.subject for quad in ontology if quad.object == NamedNode(OWL + "Class")]
    return Shapes.parse(
        shape_files(), [each.value for each in classes if isinstance(each, NamedNode)]
    )
