"""What the commands have in common: options, consoles, progress."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from kgpub.cli.rendering import refusal_text
from kgpub.errors import CallError, SubmissionErrors
from kgpub.reporting.text import printable

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def tell(text: Text) -> None:
    """Print a message, whose lines all end, on standard error."""
    err.print(text, end="")


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


Folder = Annotated[
    Path, typer.Option("--workspace", "-w", help="The workspace, or a folder inside it.")
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
    """Write to the file `output`, else to standard output. Raises CallError."""
    if output is None:
        for chunk in chunks:
            write(chunk)
        return
    try:
        with output.open("wb") as stream:
            stream.writelines(chunks)
    except OSError as error:
        raise CallError(f"{output}: cannot be written: {error.strerror}") from error


@contextmanager
def progress_shown() -> Iterator[Callable[[str], None]]:
    """Show on a terminal what is being done; elsewhere nothing."""
    with err.status("reading") as status:
        yield lambda stage: status.update(Text(printable(stage)))
