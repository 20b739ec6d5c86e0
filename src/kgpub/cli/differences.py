"""`kgpub diff`: what has changed from one dataset to another."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kgpub.cli.options import (
    LanguageOption,
    OutputOption,
    folder,
    language_of,
    no_input,
    out,
    progress_shown,
    refusal_told,
    write_to,
)
from kgpub.errors import CallError

if TYPE_CHECKING:
    from rich.text import Text

    from kgpub.release.differences.changes import Changes
    from kgpub.release.differences.comparing import Differences
    from kgpub.release.differences.telling import Telling


class DifferencesForm(StrEnum):
    """How differences are told, or written for programs that make one dataset the other."""

    text = "text"
    html = "html"
    json = "json"
    rdf_patch = "rdf-patch"
    sparql_update = "sparql-update"


def diff(
    before: Annotated[
        Path,
        typer.Argument(
            parser=folder,
            metavar="BEFORE",
            help="A release's folder, a workspace, or a dump: .nq, .nt, .trig, .ttl, .jsonld, .rdf;"
            " .gz or .zst may follow.",
        ),
    ],
    after: Annotated[Path, typer.Argument(parser=folder, metavar="AFTER", help="Another one.")],
    form: Annotated[
        DifferencesForm,
        typer.Option("--format", "-f", help="How the differences are told."),
    ] = DifferencesForm.text,
    limit: Annotated[
        int | None,
        typer.Option(
            min=0,
            help="Changes that are told one by one: 100 as text, 10000 as HTML unless given.",
            show_default=False,
        ),
    ] = None,
    output: OutputOption = None,
    lang: LanguageOption = None,
) -> None:
    """Tell what has changed from one release, workspace or dump to another."""
    language = language_of(lang)
    if limit is not None and form not in (DifferencesForm.text, DifferencesForm.html):
        message = f"--limit is of no use with {form}, which has all changes"
        raise CallError(message, "Leave it out, or take text or html.")
    no_input(output, [before, after])
    with refusal_told(language), tempfile.TemporaryDirectory(prefix="kgpub-diff-") as work:
        differences = _compared(before, after, Path(work))
        no_input(output, [differences.before.source, differences.after.source])
        if form is DifferencesForm.text and output is None:
            for piece in _text(differences, Path(work), language, limit):
                out.print(piece, end="")
        else:
            write_to(output, _chunks(differences, Path(work), form, language, limit))


def _compared(before: Path, after: Path, work: Path) -> Differences:
    from kgpub.release.differences.comparing import compare

    with progress_shown() as progress:
        return compare(before, after, work, progress)


def _told(differences: Differences, work: Path, language: str) -> tuple[Changes, Telling]:
    from kgpub.release.differences.report import told

    with progress_shown() as progress:
        progress("telling")
        return told(differences, work, language)


def _text(differences: Differences, work: Path, language: str, limit: int | None) -> Iterator[Text]:
    from kgpub.release.differences.text import MAX_TOLD, differences_text

    changes, telling = _told(differences, work, language)
    return differences_text(differences, changes, telling, MAX_TOLD if limit is None else limit)


def _chunks(
    differences: Differences,
    work: Path,
    form: DifferencesForm,
    language: str,
    limit: int | None,
) -> Iterator[bytes]:
    from kgpub.release.differences.patch import rdf_patch, sparql_update

    if form is DifferencesForm.rdf_patch:
        return rdf_patch(differences)
    if form is DifferencesForm.sparql_update:
        return sparql_update(differences)
    pieces: Iterator[str]
    if form is DifferencesForm.text:
        pieces = (str(piece) for piece in _text(differences, work, language, limit))
    else:
        from kgpub.release.differences.as_json import as_json
        from kgpub.release.differences.page import MAX_SHOWN, page

        changes, telling = _told(differences, work, language)
        if form is DifferencesForm.json:
            pieces = as_json(differences, changes, telling)
        else:
            most = MAX_SHOWN if limit is None else limit
            pieces = page(differences, changes, telling, most)
    return (piece.encode("utf-8", "backslashreplace") for piece in pieces)
