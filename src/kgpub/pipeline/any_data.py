"""Validation of plain RDF files against any shapes, workspace or not."""

from __future__ import annotations

import io
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import Quad, RdfFormat, Triple, parse

from kgpub.errors import CallError, Place, Problem, WorkspaceError
from kgpub.messages import Message
from kgpub.model.report import Report
from kgpub.pipeline import placing, shapes_beside
from kgpub.pipeline.axioms import axioms
from kgpub.pipeline.inference import closed
from kgpub.pipeline.shape_positions import shape_positions
from kgpub.pipeline.suggestions import Suggestions
from kgpub.serialisation.line_feed import Term
from kgpub.sources.rdf import RdfFile, compression, parse_rdf, rdf_format, read_content, refused
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
    """Validate the union of all graphs of `files` with the `axioms` of `ontologies`.

    `inference` adds what follows from all of them by RDFS, OWL 2 RL or both before validation.
    Results are where the value stands, else where the node is first described. Raises
    WorkspaceError where the shapes cannot be evaluated, CallError where the data have what RDF 1.1
    has not, and rdflib is needed.
    """
    from kgpub.validation import engine
    from kgpub.validation.rdf_1_1 import NotInRdf11

    data: list[Quad | Triple] = [quad for file in files for quad in file.quads]
    data += axioms(quad.triple for file in ontologies for quad in file.quads)
    try:
        if inference != "none":
            data = list(closed(data, inference))
        report = engine(engine_name).validate(data, shapes)
    except NotInRdf11 as error:
        place = _place_of(error.term, (*files, *ontologies))
        if place is None:  # it is in the shapes
            raise
        raise CallError(f"{place}: {error.message}", error.remedy) from error
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

    Relative IRIs are resolved against the file's own, as in data: one file may be both.
    `form` is their format where their names do not tell. With `imports`, what they name by
    owl:imports is read as well; see `read_imports`. Raises CallError where a file cannot be read
    or none has a shape, WorkspaceError for what is wrong with the shapes.
    """
    from kgpub.validation import Shapes

    files: dict[str, str] = {}
    forms: dict[str, RdfFormat] = {}
    bases: dict[str, str] = {}
    read: list[RdfFile] = []
    for number, path in enumerate(paths, 1):
        its = _format_of(path, form)
        content = read_content(path, MAX_SHAPES_BYTES)
        name = _name(str(path), files)
        files[name], forms[name] = _text(path, content, its), its
        bases[name] = path.absolute().as_uri()
        if imports:
            read.append(parse_rdf(name, io.BytesIO(content), its, bases[name], number))
    for each in read_imports(read, len(read) + 1):
        name = _name(each.file, files)
        files[name], forms[name], bases[name] = each.content.decode(), each.form, each.base
    try:
        shapes = Shapes.parse(
            files,
            bases=bases,
            entailment=_REGIMES[inference],
            formats=forms,
            locate=shape_positions,
        )
    except WorkspaceError as error:
        if error.remedy != Message("mend-shapes"):  # they cannot be parsed
            raise
        quads = [q for n in files for q in parse(files[n], format=forms[n], base_iri=bases[n])]
        remedy = shapes_beside.remedy(paths, quads)
        raise WorkspaceError(error.message, remedy or error.remedy, error.excerpt) from error
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
    if (problem := refused(str(path), content, form)) is not None:
        raise CallError(f"{problem.place}: {problem.message}", problem.remedy)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CallError(f"{path}: cannot be read: {error}") from error


def _place_of(term: Term, files: Sequence[RdfFile]) -> Place | None:
    """Return where the first of `files` that has `term` as an object has it first."""
    for file in files:
        for quad, (line, column) in zip(file.quads, file.positions, strict=True):
            if quad.object == term:
                return Place(file.file, line, column)
    return None
