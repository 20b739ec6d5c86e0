"""`kgpub validate`: submissions of a workspace, or RDF files against any shapes."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import Annotated

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
    tell_notes,
    write_to,
)
from kgpub.errors import CallError, SubmissionErrors
from kgpub.model.report import INFO, WARNING, Report
from kgpub.pipeline.workspace import Workspace
from kgpub.reporting import FORMS, Verdict, lines_below, told_once
from kgpub.reporting.comparison_text import comparison_summary, comparison_text
from kgpub.reporting.terminal import report_text, summary
from kgpub.serialisation import turtle
from kgpub.settings import FILENAME
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


class Inference(StrEnum):
    """What is inferred before validation."""

    none = "none"
    rdfs = "rdfs"
    owlrl = "owlrl"


Paths = Annotated[
    list[Path] | None,
    typer.Argument(help="Submissions to tell about, otherwise all; or RDF files, with --shapes."),
]


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
    allow_warnings: Annotated[
        bool, typer.Option(help="RDF files with warnings, or less, conform as well.")
    ] = False,
    allow_infos: Annotated[
        bool, typer.Option(help="RDF files with mere remarks conform as well.")
    ] = False,
) -> None:
    """Say what is wrong with submissions or RDF files, and where; change nothing."""
    language = language_of(lang)
    for path in (*(files or ()), *(shapes or ()), *(ontology or ())):
        if not path.exists():
            raise CallError(f"{path}: there is no such file")
    no_input(output, (*(files or ()), *(shapes or ()), *(ontology or ())))
    if shapes:
        if watch or not files:
            raise CallError("--shapes is for RDF files", "Name them, and leave --watch out.")
        if against_published is not None or fail_on is not None:
            raise CallError("RDF files are compared with nothing", "Leave --shapes out.")
        allowed = {INFO} if allow_infos else {INFO, WARNING} if allow_warnings else set()
        report: Report | None = None
        try:
            with progress_shown() as progress:
                verdict, report = _rdf(
                    files,
                    shapes,
                    ontology or [],
                    engine,
                    inference,
                    frozenset(allowed),
                    language,
                    progress,
                )
        except SubmissionErrors as errors:
            verdict = _refused(errors, Path(), language)
        _print(verdict, report, "urn:kgpub:", form, output)
        raise typer.Exit(not verdict.accepted)
    if ontology or inference is not Inference.none or allow_warnings or allow_infos:
        raise CallError("these options are for RDF files", "Give their shapes with --shapes.")
    for path in files or ():
        if rdf_format(path) is not None and path.suffix != ".jsonld":
            raise CallError(
                f"{path}: is RDF, not a submission", "Give the shapes to hold it to with --shapes."
            )
    comparing = Comparing.asked(against_published, fail_on)
    place = Workspace(workspace)
    comparing.require_store(place)

    def once() -> int:
        try:
            with progress_shown() as progress:
                validated = place.validate(files or (), engine.value, progress)
                progress("published")
                compared = comparing.compared(place, validated, files or (), language)
        except SubmissionErrors as errors:
            verdict = _refused(errors, place.root, language)
            _print(verdict, None, place.settings.base, form, output)
            return errors.exit_code
        looked_at = tuple(part.file for part in validated.dataset.parts)
        line = lines_below(place.root.resolve())
        tell_notes(validated.notes)
        accepted = validated.accepted
        problems = told_once(validated.problems, compared or ())
        verdict = Verdict(accepted, problems, looked_at, language, line, compared)
        _print(verdict, validated.report, place.settings.base, form, output)
        return comparing.exit_code(accepted, compared)

    code = once()
    if watch:
        for _ in _changes(place.root):
            once()
    raise typer.Exit(code)


def _rdf(
    files: Sequence[Path],
    shapes: Sequence[Path],
    ontology: Sequence[Path],
    engine: Engine,
    inference: Inference,
    allowed: frozenset[str],
    language: str,
    progress: Callable[[str], None],
) -> tuple[Verdict, Report]:
    from kgpub.pipeline.any_data import read_shapes, validate_files
    from kgpub.sources.rdf import read_rdf

    progress("shapes")
    compiled = read_shapes(shapes, inference.value)
    tell_notes(compiled.notes)
    progress("reading")
    data = [read_rdf(path, number=number) for number, path in enumerate([*files, *ontology], 1)]
    progress("validating")
    read, more = data[: len(files)], data[len(files) :]
    validated = validate_files(read, compiled, more, engine.value, inference.value)
    names = tuple(file.file for file in read)
    conforms = validated.conforms(allowed)
    verdict = Verdict(conforms, validated.problems, names, language, lines_below(Path()))
    return verdict, validated.report


def _refused(errors: SubmissionErrors, root: Path, language: str) -> Verdict:
    """Return what is said of files, their paths relative to `root`, that could not be read."""
    files = tuple(sorted({problem.place.file for problem in errors.problems}))
    return Verdict(False, errors.problems, files, language, lines_below(root))


def _print(
    verdict: Verdict, report: Report | None, base: str, form: ReportForm, output: Path | None
) -> None:
    if form is ReportForm.text and output is None:
        out.print(_text(verdict))
        return
    write_to(output, _chunks(verdict, report, base, form))


def _text(verdict: Verdict) -> Text:
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

        if report is None:
            raise CallError(
                "there is no validation report: the files could not be read",
                "See --format text or json.",
            )
        yield from turtle(report_graph(report, base), prefixes(base))
    elif form is ReportForm.text:
        yield f"{_text(verdict)}\n".encode("utf-8", "backslashreplace")
    else:
        for text in FORMS[form.value](verdict):
            yield text.encode("utf-8", "backslashreplace")


def _changes(root: Path) -> Iterator[None]:
    """Yield whenever a file that a submitter writes has changed.

    Editors move files away and back, and a workspace without its settings is none: until they are
    there again, and where all is as it was, nothing has changed.
    """
    from watchfiles import watch

    kept = [root / name for name in ("articles", "kinds.ttl", FILENAME)]
    before = _state(kept)
    for _ in watch(*(path for path in kept if path.exists()), raise_interrupt=True):
        now = _state(kept)
        if now != before and (root / FILENAME).is_file():
            before = now
            yield


def _state(paths: Iterable[Path]) -> Mapping[Path, tuple[int, ...]]:
    """Return what tells of each file, in folders too, whether it is as it was.

    A folder is as it was where the same is in it.
    """
    found = {}
    for path in chain.from_iterable((path, *path.rglob("*")) for path in paths):
        try:
            status = path.stat()
        except OSError:
            continue
        is_folder = stat.S_ISDIR(status.st_mode)
        found[path] = () if is_folder else (status.st_mtime_ns, status.st_size, status.st_ino)
    return found
