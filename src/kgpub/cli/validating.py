"""`kgpub validate`: submissions of a workspace, or RDF files against any shapes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from kgpub.cli.comparing import AgainstPublished, Comparing, FailOn
from kgpub.cli.options import (
    Engine,
    EngineOption,
    Folder,
    LanguageOption,
    OutputOption,
    language_of,
    no_input,
    out,
    progress_shown,
    tell,
    tell_notes,
    today,
    write_to,
)
from kgpub.cli.rdf_files import STDIN, Inference, RdfCall, RdfForm
from kgpub.cli.rendering import error_text
from kgpub.cli.watching import changes
from kgpub.errors import CallError, KgpubError, SubmissionErrors
from kgpub.model.report import Report
from kgpub.pipeline.workspace import Workspace
from kgpub.reporting import FORMS, Verdict, base_of, lines_below, told_once
from kgpub.reporting.comparison_text import comparison_summary, comparison_text
from kgpub.reporting.terminal import refusal, report_text, summary
from kgpub.serialisation import turtle
from kgpub.settings import read_settings
from kgpub.sources.files import named_file, relative
from kgpub.sources.rdf import rdf_format
from kgpub.vocabulary import prefixes


class ReportForm(StrEnum):
    """The forms of a report."""

    text = "text"
    json = "json"
    ttl = "ttl"
    html = "html"
    sarif = "sarif"
    junit = "junit"
    github = "github"


Paths = Annotated[
    list[Path] | None,
    typer.Argument(
        help="Submissions to tell about, otherwise all; or RDF files, with --shapes, '-' being "
        "standard input."
    ),
]


def _form(flag: str, short: str, of: str) -> Any:
    return typer.Option(flag, short, help=f"The format of {of}.")


DataForm = Annotated[RdfForm, _form("--data-file-format", "-df", "the RDF files")]
ShapesForm = Annotated[RdfForm, _form("--shacl-file-format", "-sf", "the files of shapes")]
OntologyForm = Annotated[RdfForm, _form("--ont-file-format", "-ef", "what --ont-graph names")]


def validate(
    files: Paths = None,
    workspace: Folder = Path(),
    engine: EngineOption = Engine.fast,
    lang: LanguageOption = None,
    form: Annotated[
        ReportForm, typer.Option("--format", "-f", help="The form of the report.")
    ] = ReportForm.text,
    output: OutputOption = None,
    watch: Annotated[
        bool, typer.Option(help="Validate again whenever a file of the workspace changes.")
    ] = False,
    as_built: Annotated[
        bool,
        typer.Option(
            "--as-built",
            help="Read no submissions but those named; all else is taken as it was built last.",
        ),
    ] = False,
    against_published: AgainstPublished = None,
    fail_on: FailOn = None,
    shapes: Annotated[
        list[Path] | None,
        typer.Option("--shapes", "--shacl", "-s", help="Validate RDF files against these shapes."),
    ] = None,
    ontology: Annotated[
        list[Path] | None,
        typer.Option("--ont-graph", "-e", help="RDF that the data are read together with."),
    ] = None,
    inference: Annotated[
        Inference, typer.Option("--inference", "-i", help="What is inferred from RDF files first.")
    ] = Inference.none,
    data_form: DataForm = RdfForm.auto,
    shapes_form: ShapesForm = RdfForm.auto,
    ontology_form: OntologyForm = RdfForm.auto,
    imports: Annotated[
        bool,
        typer.Option(
            "--imports", "-im", help="Read, or fetch, what shapes and --ont-graph import."
        ),
    ] = False,
    allow_warnings: Annotated[
        bool,
        typer.Option(
            "--allow-warnings",
            "--allow-warning",
            help="RDF files with warnings, or less, conform as well.",
        ),
    ] = False,
    allow_infos: Annotated[
        bool,
        typer.Option(
            "--allow-infos", "--allow-info", help="RDF files with mere remarks conform as well."
        ),
    ] = False,
) -> None:
    """Say what is wrong with submissions or RDF files, and where; change nothing."""
    language = language_of(lang)
    read = [*(files or ()), *(shapes or ()), *(ontology or ())]
    for path in read:
        if path == STDIN and path in (files or ()) and shapes and read.count(path) == 1:
            continue
        if path.is_dir():
            what = "files of shapes" if path in (shapes or ()) else "files"
            raise CallError(f"{path}: is a folder", f"Name the {what} in it.")
        if not path.exists():
            raise CallError(f"{path}: there is no such file")
    no_input(output, read)
    if shapes:
        if watch or not files:
            raise CallError("--shapes is for RDF files", "Name them, and leave --watch out.")
        if as_built:
            raise CallError("--as-built is for submissions", "Leave it or --shapes out.")
        if against_published is not None or fail_on is not None:
            raise CallError("RDF files are compared with nothing", "Leave --shapes out.")
        call = RdfCall(
            files,
            shapes,
            ontology or (),
            engine.value,
            inference,
            data_form,
            shapes_form,
            ontology_form,
            imports,
            allow_infos,
            allow_warnings,
        )
        report: Report | None = None
        try:
            with progress_shown() as progress:
                verdict, report = call.verdict(language, progress)
        except SubmissionErrors as errors:
            verdict = _refused(errors, Path(), language)
        except KgpubError as error:
            tell(error_text(error, language))
            raise typer.Exit(error.exit_code) from error
        _print(verdict, report, "urn:kgpub:", form, output)
        raise typer.Exit(not verdict.accepted)
    of_rdf = {inference, data_form, shapes_form, ontology_form} - {Inference.none, RdfForm.auto}
    if ontology or of_rdf or imports or allow_warnings or allow_infos:
        raise CallError("these options are for RDF files", "Give their shapes with --shapes.")
    for path in files or ():
        if rdf_format(path) is not None and path.suffix not in (".json", ".jsonld"):
            raise CallError(
                f"{path}: is RDF, not a submission", "Give the shapes to hold it to with --shapes."
            )
    if as_built and not files:
        raise CallError("--as-built is for some submissions", "Name them.")
    comparing = Comparing.asked(against_published, fail_on)
    place = Workspace(workspace)
    comparing.require_store(place)
    runs = _Runs(place, files or (), engine, language, form, output, comparing, as_built)
    code = runs.once()
    if watch:
        for _ in changes(place.root, list(files or ())):
            runs.again()
    raise typer.Exit(code)


@dataclass
class _Runs:
    """Validations of one workspace, one after the other."""

    place: Workspace
    files: Sequence[Path]
    engine: Engine
    language: str
    form: ReportForm
    output: Path | None
    comparing: Comparing
    as_built: bool

    def again(self) -> None:
        """Validate with the settings as they are now; tell what keeps it from being done."""
        try:
            if read_settings(self.place.root) != self.place.settings:
                self.place = Workspace(self.place.root)
            self.once()
        except KgpubError as error:
            tell(error_text(error, self.language))

    def once(self) -> int:
        """Validate, print the report, and return the exit code."""
        place, files = self.place, self.files
        try:
            with progress_shown() as progress:
                validated = place.validate(
                    files, self.engine.value, progress, as_built=self.as_built, today=today()
                )
                progress("published")
                compared = self.comparing.compared(place, validated, files, self.language)
        except SubmissionErrors as errors:
            verdict = _refused(errors, place.root, self.language)
            _print(verdict, None, place.settings.base, self.form, self.output)
            return errors.exit_code
        here = place.root.resolve()
        asked = [relative(named_file(path, place.root), here) for path in files]
        looked_at = asked or [part.file for part in validated.dataset.parts]
        tell_notes(validated.notes)
        verdict = Verdict(
            validated.accepted,
            told_once(validated.problems, compared or ()),
            tuple(looked_at),
            self.language,
            lines_below(here),
            compared,
            root=here,
            base=base_of(here, os.environ, Path.cwd()),
            unfinished=validated.report is None,
        )
        _print(verdict, validated.report, place.settings.base, self.form, self.output)
        return self.comparing.exit_code(validated.accepted, compared)


def _refused(errors: SubmissionErrors, root: Path, language: str) -> Verdict:
    """Return what is said of files, their paths relative to `root`, that could not be read."""
    files = tuple(sorted({problem.place.file for problem in errors.problems}))
    base = base_of(root, os.environ, Path.cwd())
    return Verdict(False, errors.problems, files, language, lines_below(root), root=root, base=base)


def _print(
    verdict: Verdict, report: Report | None, base: str, form: ReportForm, output: Path | None
) -> None:
    if form is ReportForm.text and output is None:
        out.print(verdict_text(verdict))
        return
    if form is ReportForm.ttl and report is None:
        tell(report_text(verdict).append(f"{refusal(verdict)}\n"))
        tell(Text("kgpub: there is no validation report: the files could not be read\n"))
        return
    write_to(output, _chunks(verdict, report, base, form))


def verdict_text(verdict: Verdict) -> Text:
    """Return the report as it is printed."""
    text = report_text(verdict)
    if verdict.compared is not None:
        text.append(comparison_text(verdict.compared, verdict.language))
        text.append(f"{comparison_summary(verdict.compared, verdict.language)}\n")
    return text.append(summary(verdict))


def _chunks(
    verdict: Verdict, report: Report | None, base: str, form: ReportForm
) -> Iterator[bytes]:
    if form is ReportForm.ttl:
        from kgpub.validation import report_graph

        assert report is not None  # otherwise there is nothing to print
        yield from turtle(
            report_graph(report, base, blank_paths=True), prefixes(base), any_term=True
        )
    elif form is ReportForm.text:
        yield f"{verdict_text(verdict)}\n".encode("utf-8", "backslashreplace")
    else:
        for text in FORMS[form.value](verdict):
            yield text.encode("utf-8", "backslashreplace")
