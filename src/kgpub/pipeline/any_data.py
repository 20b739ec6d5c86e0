"""Validation of plain RDF files against any shapes, workspace or not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from kgpub.errors import CallError, Problem
from kgpub.model.report import Report
from kgpub.pipeline import placing
from kgpub.pipeline.suggestions import Suggestions
from kgpub.serialisation.line_feed import Term
from kgpub.sources.rdf import RdfFile, rdf_format, read_rdf_text

if TYPE_CHECKING:
    from kgpub.validation import Shapes

_ENTAILMENT = "http://www.w3.org/ns/entailment/"
_REGIMES = {
    "none": (),
    "rdfs": (_ENTAILMENT + "RDFS",),
    "owlrl": (_ENTAILMENT + "RDFS", _ENTAILMENT + "OWL-RL"),
}
INFERENCES = tuple(_REGIMES)
MAX_SHAPES_BYTES = 64 * 2**20
_BLANK = "urn:kgpub:blank:"


@dataclass(frozen=True)
class RdfValidated:
    """The report on RDF files, and its results at the lines of the files."""

    report: Report
    problems: tuple[Problem, ...]

    def conforms(self, allowed: frozenset[str] = frozenset()) -> bool:
        """Whether there is no result but of the severities `allowed`: WARNING, INFO.

        With none allowed, this is sh:conforms (SHACL, section 3.6.1.1).
        """
        return all(result.severity in allowed for result in self.report.results)


def validate_files(
    files: Sequence[RdfFile],
    shapes: Shapes,
    ontologies: Sequence[RdfFile] = (),
    engine_name: str = "fast",
    inference: str = "none",
) -> RdfValidated:
    """Validate the union of all graphs of `files` with those of `ontologies`.

    `inference` adds what follows from both by RDFS or OWL 2 RL before validation. Results are at
    the line where the value stands, else where the node is first described. Raises
    WorkspaceError where the shapes cannot be evaluated.
    """
    from kgpub.validation import engine

    data: list[Quad | Triple] = [quad for file in (*files, *ontologies) for quad in file.quads]
    if inference != "none":
        data = list(_closed(data, inference))
    report = engine(engine_name).validate(data, shapes)
    suggestions = Suggestions((), shapes)
    return RdfValidated(report, placing.problems(report, files, suggestions, every=True))


def read_shapes(paths: Sequence[Path], inference: str = "none") -> Shapes:
    """Read shapes graphs from RDF files, for data under that inference.

    Raises CallError where a file cannot be read or none has a shape, WorkspaceError for what is
    wrong with the shapes.
    """
    from kgpub.validation import Shapes

    files: dict[str, str] = {}
    for path in paths:
        if path.is_dir():
            raise CallError(f"{path}: is a folder", "Name the files of shapes in it.")
        if rdf_format(path) is None:
            raise CallError(f"{path}: the ending tells no RDF format", "Rename it, as to .ttl.")
        name = str(path).removesuffix(".gz").removesuffix(".zst")
        files[name] = read_rdf_text(path, MAX_SHAPES_BYTES)
    shapes = Shapes.parse(files, entailment=_REGIMES[inference])
    if not shapes.nodes:
        # To SHACL all data conform to no shapes: whoever asks has named the wrong file.
        raise CallError(f"{', '.join(files)}: there is no shape in it", "Name a file of shapes.")
    return shapes


def _closed(data: Sequence[Quad | Triple], inference: str) -> list[Triple]:
    """Return the triples of `data` with all that follows from them."""
    from owlrl import DeductiveClosure, OWLRL_Semantics, RDFS_Semantics
    from rdflib import Graph, Literal, URIRef

    triples = list(dict.fromkeys(q.triple if isinstance(q, Quad) else q for q in data))
    graph = Graph()
    # rdflib would give blank nodes other labels, and what is inferred of them would be lost.
    named = [_renamed(triple, _named) for triple in triples]
    graph.parse(data=serialize(named, format=RdfFormat.N_TRIPLES), format="nt")
    semantics = {"rdfs": RDFS_Semantics, "owlrl": OWLRL_Semantics}[inference]
    before = set(graph)
    DeductiveClosure(semantics).expand(graph)
    inferred = Graph()
    for subject, predicate, value in set(graph) - before:
        # Rules conclude things of literals too, which RDF has no way to say.
        if not isinstance(subject, Literal) and isinstance(predicate, URIRef):
            inferred.add((subject, predicate, value))
    text = inferred.serialize(format="nt", encoding="utf-8")
    found = (quad.triple for quad in parse(text, format=RdfFormat.N_TRIPLES))
    return [*triples, *(_renamed(triple, _unnamed) for triple in found)]


def _renamed(triple: Triple, new: Callable[[Term], Term]) -> Triple:
    subject = new(triple.subject)
    assert isinstance(subject, NamedNode | BlankNode)
    return Triple(subject, triple.predicate, new(triple.object))


def _named(term: Term) -> Term:
    return NamedNode(_BLANK + term.value) if isinstance(term, BlankNode) else term


def _unnamed(term: Term) -> Term:
    is_blank = isinstance(term, NamedNode) and term.value.startswith(_BLANK)
    return BlankNode(str(term)[len(_BLANK) + 1 : -1]) if is_blank else term
