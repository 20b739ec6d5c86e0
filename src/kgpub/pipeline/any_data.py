"""Validation of plain RDF files against any shapes, workspace or not."""

from __future__ import annotations

import io
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from kgpub.errors import CallError, Place, Problem
from kgpub.model.report import Report
from kgpub.pipeline import placing
from kgpub.pipeline.suggestions import Suggestions
from kgpub.serialisation.line_feed import Term
from kgpub.sources.nesting import MAX_NESTING, too_deep_at
from kgpub.sources.rdf import RdfFile, compression, parse_rdf, rdf_format, read_content
from kgpub.sources.rdf_imports import read_imports

if TYPE_CHECKING:
    from kgpub.validation import Shapes

_ENTAILMENT = "http://www.w3.org/ns/entailment/"
_REGIMES = {
    "none": (),
    "rdfs": (_ENTAILMENT + "RDFS",),
    "owlrl": (_ENTAILMENT + "RDFS", _ENTAILMENT + "OWL-RL"),
    "both": (_ENTAILMENT + "RDFS", _ENTAILMENT + "OWL-RL"),
}
INFERENCES = tuple(_REGIMES)
MAX_SHAPES_BYTES = 64 * 2**20
_BLANK = "urn:kgpub:blank:"
_IMPORTS_NOTE = ": its owl:imports "
"""What the note of an import has that has not been read."""


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

    `inference` adds what follows from all of them by RDFS, OWL 2 RL or both before validation.
    Results are where the value stands, else where the node is first described. Raises
    WorkspaceError where the shapes cannot be evaluated.
    """
    from kgpub.validation import engine

    data: list[Quad | Triple] = [quad for file in (*files, *ontologies) for quad in file.quads]
    if inference != "none":
        data = list(_closed(data, inference))
    report = engine(engine_name).validate(data, shapes)
    suggestions = Suggestions(tuple, shapes)
    return RdfValidated(report, placing.problems(report, files, suggestions, every=True))


def read_shapes(
    paths: Sequence[Path],
    inference: str = "none",
    form: RdfFormat | None = None,
    *,
    imports: bool = False,
) -> Shapes:
    """Read shapes graphs from RDF files, for data under that inference.

    `form` is their format where their names do not tell. With `imports`, what they name by
    owl:imports is read as well; see `read_imports`. Raises CallError where a file cannot be read
    or none has a shape, WorkspaceError for what is wrong with the shapes.
    """
    from kgpub.validation import Shapes

    files: dict[str, str] = {}
    forms: dict[str, RdfFormat] = {}
    read: list[RdfFile] = []
    for number, path in enumerate(paths, 1):
        its = _format_of(path, form)
        content = read_content(path, MAX_SHAPES_BYTES)
        name = _name(str(path), files)
        files[name], forms[name] = _text(path, content, its), its
        if imports:
            base = path.absolute().as_uri()
            read.append(parse_rdf(name, io.BytesIO(content), its, base, number))
    for each in read_imports(read, len(read) + 1):
        name = _name(each.file, files)
        files[name], forms[name] = each.content.decode(), each.form
    shapes = Shapes.parse(files, entailment=_REGIMES[inference], formats=forms)
    if not shapes.nodes:
        # To SHACL all data conform to no shapes: whoever asks has named the wrong file.
        raise CallError(f"{', '.join(files)}: there is no shape in it", "Name a file of shapes.")
    if not imports:
        return shapes
    notes = tuple(note for note in shapes.notes if _IMPORTS_NOTE not in note)
    return replace(shapes, notes=notes)


def _name(file: str, taken: Container[str]) -> str:
    """Return the name of a file without that of its compression, unless that is another's."""
    name = file.removesuffix(".gz").removesuffix(".zst")
    return file if name in taken else name


def _format_of(path: Path, form: RdfFormat | None) -> RdfFormat:
    if path.is_dir():
        raise CallError(f"{path}: is a folder", "Name the files of shapes in it.")
    its = form or rdf_format(path)
    if its is None:
        remedy = "Rename it, as to .ttl, or name the format with --shacl-file-format."
        raise CallError(f"{path}: the ending tells no RDF format", remedy)
    return its


def _text(path: Path, content: bytes, form: RdfFormat) -> str:
    if (told := compression(content)) is not None:
        raise CallError(f"{path}: {told[0]}", told[1])
    deep = too_deep_at(content, form)
    if deep is not None:
        before = content[:deep].decode("utf-8", "replace")
        place = Place.at(str(path), before, len(before))
        raise CallError(f"{place}: more than {MAX_NESTING} levels inside each other")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CallError(f"{path}: cannot be read: {error}") from error


def _closed(data: Sequence[Quad | Triple], inference: str) -> list[Triple]:
    """Return the triples of `data` with all that follows from them."""
    from owlrl import DeductiveClosure, OWLRL_Semantics, RDFS_OWLRL_Semantics, RDFS_Semantics
    from rdflib import Graph, Literal, URIRef

    triples = list(dict.fromkeys(q.triple if isinstance(q, Quad) else q for q in data))
    graph = Graph()
    # rdflib would give blank nodes other labels, and what is inferred of them would be lost.
    named = [_renamed(triple, _named) for triple in triples]
    graph.parse(data=serialize(named, format=RdfFormat.N_TRIPLES), format="nt")
    semantics = {
        "rdfs": RDFS_Semantics,
        "owlrl": OWLRL_Semantics,
        "both": RDFS_OWLRL_Semantics,
    }[inference]
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
