"""What the commands have in common: options, consoles, progress."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from kgpub.cli.rendering import refusal_text
from kgpub.errors import CallError, SubmissionErrors
from kgpub.mapping.edtf import is_day
from kgpub.model.links import FOUND_FILE, REVIEWED_FILE
from kgpub.pipeline.output import is_output
from kgpub.reporting.text import printable
from kgpub.settings import FILENAME

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)
_FIRST_ZONE = timezone(timedelta(hours=14))


def tell(text: Text) -> None:
    """Print a message, whose lines all end, on standard error."""
    err.print(text, end="")


def tell_notes(notes: Iterable[str]) -> None:
    """Print what is worth knowing of how something was done, a line each, on standard error."""
    for note in notes:
        tell(Text(f"note: {printable(note)}\n"))


def utf8(value: Any) -> Any:
    """Return the value of an option as it is. Raises CallError where it is not UTF-8."""
    for text in value if isinstance(value, list) else [value]:
        if isinstance(text, str) and not text.isprintable():
            try:
                text.encode()
            except UnicodeEncodeError as error:
                raise CallError(f"{text}: is not UTF-8") from error
    return value


class Engine(StrEnum):
    """The SHACL engines."""

    fast = "fast"
    pyshacl = "pyshacl"


class Language(StrEnum):
    """The languages of messages."""

    ar = "ar"
    ckb = "ckb"
    en = "en"


def folder(text: str | Path) -> Path:
    """Return the folder that an argument names. Raises CallError where it names none."""
    if text == "":  # as from a variable of the shell that is not set; for Path it is "."
        raise CallError("the name of a folder is empty", "Write . for the current folder.")
    return Path(text)


def today() -> date:
    """Return the day that it is where days begin first: what lies after it is yet to come."""
    return datetime.now(_FIRST_ZONE).date()


def day(text: str | date) -> date:
    """Return the day that an option names, as in ISO 8601. Raises CallError where it is none."""
    if isinstance(text, date):  # a default
        return text
    if is_day(text):
        return date.fromisoformat(text)
    raise CallError(
        f"{printable(text) or 'nothing'}: is no day",
        "Write year, month and day, the last two with two digits: 2026-01-05",
    )


_SOURCES = (
    *(FILENAME, "kinds.ttl", REVIEWED_FILE, FOUND_FILE),
    *("articles", "queries", ".kgpub"),
)
_ANOTHER = "Choose another file with --output; nothing was written."


def no_source(output: Path | None) -> Path | None:
    """Return the file to write as it is.

    Raises CallError for one that is, or lies in, what a workspace is made of or builds.
    """
    if output is not None:
        for path in (os.path.normpath(output.absolute()), os.path.realpath(output)):
            for part in (Path(path), *Path(path).parents):
                _refuse_part(output, part, part == Path(path))
    return output


def _refuse_part(output: Path, part: Path, is_whole: bool) -> None:
    """Raise CallError where `part`, of the path of the file to write, must stay as it is."""
    in_workspace = (part.parent / FILENAME).is_file()
    for name in _SOURCES if in_workspace else ():
        if _same(part, part.parent / name):
            told = f"is the workspace's own {name}"
            if not is_whole:
                told = f"the workspace has its own files in {name}"
            raise CallError(f"{output}: {told}", _ANOTHER)
    if (in_workspace and _same(part, part.parent / "output")) or is_output(part):
        raise CallError(f"{output}: only kgpub build writes to {part.name}", _ANOTHER)


def no_input(output: Path | None, inputs: Iterable[Path]) -> None:
    """Raise CallError where the file to write is one of those that are to be read."""
    for path in inputs:
        if output is not None and _same(output, path):
            raise CallError(
                f"{output}: is one of the files to read",
                _ANOTHER,
            )


def _same(one: Path, other: Path) -> bool:
    """Whether two paths are the same or lead to the same file."""
    try:
        return one == other or one.samefile(other)
    except OSError:
        return False


Folder = Annotated[
    Path,
    typer.Option(
        "--workspace",
        "-w",
        parser=folder,
        metavar="PATH",
        help="The workspace, or a folder inside it.",
    ),
]
OutputOption = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        callback=no_source,
        help="The file to write; otherwise standard output.",
    ),
]
EngineOption = Annotated[Engine, typer.Option(help="The SHACL engine; pyshacl is the reference.")]
LanguageOption = Annotated[
    Language | None,
    typer.Option("--lang", help="The language of messages; otherwise that of the locale."),
]


def language_of(chosen: Language | None) -> str:
    """Return the language of messages: the chosen one, else that of the locale, else English."""
    if chosen:
        return chosen.value
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        locale = os.environ.get(name, "").split("_")[0].split(".")[0].lower()
        if locale:
            return locale if locale in set(Language) else Language.en.value
    return Language.en.value


@contextmanager
def refusal_told(language: str) -> Iterator[None]:
    """Tell in `language` what refuses the submissions, and end with its exit code."""
    try:
        yield
    except SubmissionErrors as errors:
        tell(refusal_text(errors, language))
        raise typer.Exit(errors.exit_code) from errors


def write(content: bytes) -> None:
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def write_to(output: Path | None, chunks: Iterable[bytes]) -> None:
    """Write to the file `output`, all or nothing, else to standard output. Raises CallError."""
    if output is None:
        for chunk in chunks:
            write(chunk)
        return
    try:
        if output.exists() and not output.is_file():  # a pipe, or /dev/null
            with output.open("wb") as stream:
                stream.writelines(chunks)
        else:
            _write_whole(output.resolve(), chunks)
    except OSError as error:
        raise CallError(f"{output}: cannot be written: {error.strerror}") from error


def _write_whole(target: Path, chunks: Iterable[bytes]) -> None:
    """Write beside a file, and put that in its place when it is on the disk. Raises OSError."""
    fresh = target.with_name(f".kgpub-{os.getpid()}.new")
    with fresh.open("xb") as stream:
        try:
            stream.writelines(chunks)
            stream.flush()
            os.fsync(stream.fileno())
            if target.exists():
                shutil.copymode(target, fresh)
            fresh.replace(target)
        except BaseException:
            fresh.unlink(missing_ok=True)
            raise


@contextmanager
def progress_shown() -> Iterator[Callable[[str], None]]:
    """Show on a terminal what is being done; elsewhere nothing."""
    with err.status("reading") as status:
        yield lambda stage: status.update(Text(printable(stage)))
