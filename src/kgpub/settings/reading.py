"""Where a workspace is, and its `kgpub.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kgpub.errors import WorkspaceError
from kgpub.settings import faults
from kgpub.settings.notifying import Notifying
from kgpub.settings.releasing import Releasing
from kgpub.settings.serving import Serving
from kgpub.settings.titles import Titles
from kgpub.settings.values import Base, Iri, Line

FILENAME = "kgpub.toml"
MAX_BYTES = 64 * 1024


class Settings(BaseModel):
    """What a publisher decides. `base` is where all the data's IRIs begin; it ends in /."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    base: Base
    title: Line
    publisher: Line
    licence: Iri
    titles: Annotated[Titles, Field(description="the table [titles], the title by language")] = (
        Titles()
    )
    release: Annotated[
        Releasing, Field(description="the table [release], where releases are found")
    ] = Releasing()
    serve: Annotated[Serving, Field(description="the table [serve], how it is served")] = Serving()
    notify: Annotated[
        Notifying, Field(description="the table [notify], who is told of submissions")
    ] = Notifying()

    def titled(self, language: str) -> str:
        """Return the title for readers of a language."""
        return dict(self.titles.told).get(language, self.title)


def find_workspace(start: Path) -> Path:
    """Return the folder at or above the folder `start` that holds a `kgpub.toml`.

    Raises WorkspaceError where there is none, and where `start` is no folder.
    """
    if not start.is_dir():
        raise WorkspaceError(
            f"{start}: is no folder" if start.exists() else f"{start}: there is no such folder",
            "Name the workspace's folder, or one inside it.",
        )
    for folder in (start.absolute(), *start.absolute().parents):
        path = folder / FILENAME
        if path.is_file():
            return folder
        if path.exists() or path.is_symlink():
            kind = "a folder" if path.is_dir() else "no regular file"
            raise WorkspaceError(f"{path}: is {kind}", "It must be a file with the settings.")
    raise WorkspaceError(
        f"{start}: no {FILENAME} here or in any folder above",
        "Make a workspace with: kgpub init FOLDER",
    )


_KEYS = (
    "Keys: base (an http(s) IRI that ends in /), title, publisher, licence (an IRI); "
    "[titles], [release], [serve] and [notify] may follow."
)


def read_settings(root: Path) -> Settings:
    """Read and check the settings of the workspace at `root`. Raises WorkspaceError."""
    path = root / FILENAME
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise WorkspaceError(f"{path}: cannot be read: {error.strerror}") from error
    if len(content) > MAX_BYTES:
        raise WorkspaceError(f"{path}: has more than {MAX_BYTES:,} bytes", _KEYS)
    try:
        text = content.decode("utf-8-sig")
        values = tomllib.loads(text)
    except RecursionError as error:
        raise WorkspaceError(
            f"{path}: lists or tables too deep inside each other", _KEYS
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WorkspaceError(f"{path}: not readable as TOML: {error}", _KEYS) from error
    except ValueError as error:  # what `int` raises, against numbers that take long to read
        raise WorkspaceError(f"{path}: a number with too many digits", _KEYS) from error
    return checked_settings(values, str(path), text)


def checked_settings(values: Mapping[str, object], file: str = "", text: str = "") -> Settings:
    """Return `values` as settings. Raises WorkspaceError with the line of the first wrong key."""
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        fault = faults.first(error)
        keys = faults.names(fault)
        place = f"{file}:{faults.line_of(text, keys)}:1: " if file else ""
        if fault["type"] == faults.UNKNOWN:
            message = f"{place}unknown key {'.'.join(keys)[: faults.MAX_QUOTED]!r}"
            raise WorkspaceError(message, _instead(keys, values)) from error
        message = f"{place}{'.'.join(keys)}: {faults.said(fault)}"
        raise WorkspaceError(message, _meant(keys)) from error


def _instead(keys: tuple[str, ...], values: Mapping[str, object]) -> str:
    """Return the remedy for a key that is none."""
    fields = faults.table(Settings, keys).model_fields
    set_: object = values
    for key in keys[:-1]:
        set_ = set_.get(key) if isinstance(set_, Mapping) else {}
    given = set_ if isinstance(set_, Mapping) else {}
    likely = faults.nearest(keys[-1], (each for each in fields if each not in given))
    known = f"Keys of [{'.'.join(keys[:-1])}]: {', '.join(fields)}." if keys[1:] else _KEYS
    return f"{f'Did you mean {likely}?' if likely else 'Remove it.'} {known}"


def _meant(keys: tuple[str, ...]) -> str:
    """Return the remedy for a wrong value: what the key is for."""
    if not keys[1:]:
        return _KEYS
    return f"{keys[-1]}: {faults.table(Settings, keys).model_fields[keys[-1]].description}."
