"""`kgpub validate --shapes`: RDF files against any shapes, with the options of pySHACL."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import RdfFormat

from kgpub.cli.options import tell_notes
from kgpub.errors import CallError, Place, Problem, SubmissionErrors
from kgpub.messages import said
from kgpub.model.report import INFO, WARNING, Report
from kgpub.reporting import Line, Verdict, base_of, lines_below
from kgpub.reporting.verdict import MAX_SHOWN_BYTES

if TYPE_CHECKING:
    from kgpub.sources.rdf import RdfFile

STDIN = Path("-")
_NAME = "<stdin>"


class Inference(StrEnum):
    """What is inferred before validation."""

    none = "none"
    rdfs = "rdfs"
    owlrl = "owlrl"
    both = "both"


class RdfForm(StrEnum):
    """The formats of RDF files: the names that pySHACL has, and two more."""

    auto = "auto"
    turtle = "turtle"
    xml = "xml"
    json_ld = "json-ld"
    nt = "nt"
    n3 = "n3"
    nquads = "nquads"
    trig = "trig"


_FORMS: Mapping[RdfForm, RdfFormat | None] = {
    RdfForm.auto: None,
    RdfForm.turtle: RdfFormat.TURTLE,
    RdfForm.xml: RdfFormat.RDF_XML,
    RdfForm.json_ld: RdfFormat.JSON_LD,
    RdfForm.nt: RdfFormat.N_TRIPLES,
    RdfForm.n3: RdfFormat.N3,
    RdfForm.nquads: RdfFormat.N_QUADS,
    RdfForm.trig: RdfFormat.TRIG,
}


@dataclass(frozen=True)
class RdfCall:
    """What was asked for: files, the shapes to hold them to, and how to read them."""

    files: Sequence[Path]
    shapes: Sequence[Path]
    ontology: Sequence[Path] = ()
    engine: str = "fast"
    inference: Inference = Inference.none
    data_form: RdfForm = RdfForm.auto
    shapes_form: RdfForm = RdfForm.auto
    ontology_form: RdfForm = RdfForm.auto
    imports: bool = False
    allow_infos: bool = False
    allow_warnings: bool = False

    @property
    def allowed(self) -> frozenset[str]:
        """The severities of results that do not keep data from conforming, as in pySHACL."""
        if self.allow_warnings:
            return frozenset({INFO, WARNING})
        return frozenset({INFO} if self.allow_infos else ())

    def verdict(self, language: str, progress: Callable[[str], None]) -> tuple[Verdict, Report]:
        """Validate. Raises CallError, WorkspaceError for the shapes, SubmissionErrors for data."""
        from kgpub.pipeline.any_data import read_shapes, validate_files
        from kgpub.pipeline.placing import LEVELS
        from kgpub.sources.rdf_imports import read_imports

        # rdflib logs literals that are ill-typed with a traceback; shapes tell what is wrong.
        logging.getLogger("rdflib").addHandler(logging.NullHandler())
        progress("shapes")
        form = _FORMS[self.shapes_form]
        compiled = read_shapes(self.shapes, self.inference.value, form, imports=self.imports)
        tell_notes(said(each, language) for each in compiled.notes)
        progress("reading")
        data, more = self._read()
        if self.imports:
            more += read_imports(more, len(data) + len(more) + 1)
        progress("validating")
        validated = validate_files(data, compiled, more, self.engine, self.inference.value)
        names = tuple(file.file for file in data)
        conforms = validated.conforms(self.allowed)
        line = _lines(data)
        verdict = Verdict(
            conforms,
            validated.problems,
            names,
            language,
            line,
            base=base_of(Path(), os.environ, Path.cwd()),
            refusing=frozenset(LEVELS[each] for each in LEVELS.keys() - self.allowed),
        )
        return verdict, replace(validated.report, allowed=self.allowed)

    def _read(self) -> tuple[list[RdfFile], list[RdfFile]]:
        """Read data and ontologies. Raises SubmissionErrors for what is wrong with any of them."""
        from kgpub.sources.rdf import read_rdf

        read: list[RdfFile] = []
        problems: list[Problem] = []
        of_ontology = _FORMS[self.ontology_form]
        for number, path in enumerate([*self.files, *self.ontology], 1):
            try:
                is_data = number <= len(self.files)
                file = self._data(path, number) if is_data else read_rdf(path, of_ontology, number)
                read.append(file)
            except SubmissionErrors as errors:
                problems += errors.problems
        if problems:
            raise SubmissionErrors(problems)
        return read[: len(self.files)], read[len(self.files) :]

    def _data(self, path: Path, number: int) -> RdfFile:
        from kgpub.sources.rdf import parse_rdf, read_rdf

        form = _FORMS[self.data_form]
        if path != STDIN:
            return read_rdf(path, form, number)
        if form is None:
            raise CallError(
                f"{_NAME}: has no ending that tells the format of RDF",
                "Name the format with --data-file-format.",
            )
        try:
            return parse_rdf(_NAME, sys.stdin.buffer, form, f"{Path.cwd().as_uri()}/", number)
        except (OSError, ValueError) as error:
            raise CallError(f"{_NAME}: cannot be read: {error}") from error


def _lines(data: Sequence[RdfFile]) -> Line:
    """Return a function that reads lines of files, and of what was decompressed or on stdin."""
    contents = {
        file.file: file.content if len(file.content) <= MAX_SHOWN_BYTES else None
        for file in data
        if _is_elsewhere(file.file)
    }
    below = lines_below(Path())

    @lru_cache(maxsize=1)
    def lines(name: str) -> list[str]:
        content = contents[name]
        return [] if content is None else content.decode("utf-8", "replace").split("\n")

    def line(place: Place) -> str | None:
        if place.file not in contents:
            return below(place)
        found = lines(place.file)
        return found[place.line - 1].rstrip("\r") if place.line <= len(found) else None

    return line


def _is_elsewhere(name: str) -> bool:
    from kgpub.sources.rdf import COMPRESSED

    # What came from a pipe is gone: to open that again would be to wait for more.
    return name == _NAME or name.lower().endswith(COMPRESSED) or Path(name).is_fifo()
