"""`kgpub submit`: a file of facts is sent to a service that takes submissions."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from kgpub.cli.comparing import Comparing, FailOn
from kgpub.cli.options import LanguageOption, language_of, out, tell, utf8
from kgpub.cli.validating import verdict_text
from kgpub.client import Client, NewArticle, Refused, Report, Submission
from kgpub.client.sent import content_of
from kgpub.errors import CallError
from kgpub.messages import Message
from kgpub.reporting import Verdict
from kgpub.reporting.text import printable
from kgpub.reporting.verdict import lines_in
from kgpub.submissions.submission import State

VARIABLE = "KGPUB_TOKEN"
_MOST = 4_096
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_TEXT = "article.txt"
_STATES = {
    State.waiting: "state-waiting",
    State.changes_asked: "state-changes-asked",
    State.accepted: "state-accepted",
    State.published: "state-published",
    State.rejected: "state-rejected",
    State.withdrawn: "state-withdrawn",
}


def submit(
    file: Annotated[Path, typer.Argument(help="The submission: YAML, JSON, JSON-LD or CSV.")],
    to: Annotated[
        str,
        typer.Option(
            callback=utf8, metavar="URL", help="The service, such as https://facts.example.org"
        ),
    ],
    token_file: Annotated[
        Path | None,
        typer.Option(help=f"A file with the token, for you alone; else it is in {VARIABLE}."),
    ] = None,
    article: Annotated[
        str,
        typer.Option(
            callback=utf8,
            metavar="SLUG",
            help="The article, where the file names none; else the folder that it lies in.",
        ),
    ] = "",
    with_article: Annotated[
        bool,
        typer.Option(
            "--with-article", help="Send article.txt and article.yaml beside the file as well."
        ),
    ] = False,
    only_validate: Annotated[
        bool,
        typer.Option("--only-validate", help="Ask what is wrong with it; nothing is kept."),
    ] = False,
    lang: LanguageOption = None,
    fail_on: FailOn = None,
) -> None:
    """Send a submission to a service, and print what it says of it, as validate does.

    It ends as validate does: with 1 where there are errors, and nothing was kept.
    """
    language = language_of(lang)
    comparing = Comparing.asked(None, fail_on)
    content = content_of(file)
    new = NewArticle.beside(file) if with_article else None
    token = "" if only_validate else _token(token_file, os.environ)
    slug = article
    if not slug and file.suffix.lower() == ".csv" and (file.parent / _TEXT).exists():
        slug = file.resolve().parent.name
    client = Client(to, token=token, language=language)
    given = {"name": file.name, "article": slug}
    report: Report | None
    done: Submission | None = None
    try:
        if only_validate:
            report = client.validate(content, **given, new_article=new)
        else:
            done = client.submit(content, **given, new_article=new)
            report = done.report
    except Refused as refused:
        report = refused.report
    contents = {file.name: content}
    if new is not None:
        contents |= {_TEXT: new.text, "article.yaml": new.metadata}
    if report is not None:
        out.print(verdict_text(_verdict(report, contents)))
    if done is not None:
        code = "submission-kept" if done.is_new else "submission-known"
        message = Message(code, id=done.id, state=Message(_STATES[done.state]))
        tell(Text(f"{printable(message.text(language))}\n"))
    if report is not None:
        raise typer.Exit(comparing.exit_code(report.accepted, report.compared))


def _verdict(report: Report, contents: Mapping[str, bytes]) -> Verdict:
    """Return a report as all reports are printed, with the lines of the files that were sent."""
    return Verdict(
        report.accepted,
        report.problems,
        report.files,
        report.language,
        lines_in(contents),
        report.compared,
    )


def _token(file: Path | None, environment: Mapping[str, str]) -> str:
    """Return the token. Raises CallError where there is none, or others may read the file."""
    remedy = f"Say --token-file FILE, or set {VARIABLE}; who runs the service gives you one."
    if file is None:
        token = environment.get(VARIABLE, "").strip()
        if not token:
            raise CallError("a token is needed to submit", remedy)
        where = VARIABLE
    else:
        try:
            with file.open("rb") as stream:
                mode = os.fstat(stream.fileno()).st_mode
                token = stream.read(_MOST).decode("utf-8", "replace").strip()
        except OSError as error:
            raise CallError(f"{file}: cannot be read: {error.strerror}") from error
        if stat.S_ISREG(mode) and mode & _OTHERS:
            raise CallError(f"{file}: others may read it", f"Say: chmod 600 {file}")
        where = str(file)
    if not token.isascii() or not token.isprintable() or " " in token or not token:
        # It is not shown: it may be a token with something around it.
        raise CallError(f"{where}: holds no token, or more than one", remedy)
    return token
