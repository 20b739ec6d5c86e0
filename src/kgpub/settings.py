"""A workspace's settings: `kgpub.toml`, read by one function, never at import."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from kgpub.errors import WorkspaceError

FILENAME = "kgpub.toml"
_IRI = r"^https?://[^\s<>\"{}|\\^`\x00-\x20]+$"

Iri = Annotated[str, StringConstraints(pattern=_IRI)]


class Settings(BaseModel):
    """What a publisher decides. `base` is where all the data's IRIs begin; it ends in /."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    base: str = Field(pattern=r"^https?://[^\s<>\"{}|\\^`#?]+/$")
    title: str = Field(min_length=1)
    publisher: str = Field(min_length=1)
    licence: Iri


def find_workspace(start: Path) -> Path:
    """Return the folder at or above `start` that holds a `kgpub.toml`."""
    for folder in (start.absolute(), *start.absolute().parents):
        if (folder / FILENAME).is_file():
            return folder
    raise WorkspaceError(
        f"{start}: no {FILENAME} here or in any folder above",
        "Make a workspace with: kgpub init FOLDER",
    )


_KEYS = "Keys: base (an http(s) IRI that ends in /), title, publisher, licence (an IRI)."


def read_settings(root: Path) -> Settings:
    """Read and check the settings of the workspace at `root`. Raises WorkspaceError."""
    path = root / FILENAME
    try:
        text = path.read_text(encoding="utf-8")
        values = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WorkspaceError(f"{path}: not readable as TOML: {error}") from error
    except OSError as error:
        raise WorkspaceError(f"{path}: cannot be read: {error.strerror}") from error
    return checked_settings(values, str(path), text)


def checked_settings(values: Mapping[str, object], file: str = "", text: str = "") -> Settings:
    """Return `values` as settings. Raises WorkspaceError with the line of the first wrong key."""
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        place = f"{file}:{_line_of(text, key)}:1: " if file else ""
        raise WorkspaceError(f"{place}{key}: {first['msg']}", _KEYS) from error


def _line_of(text: str, key: str) -> int:
    pattern = re.compile(rf"^\s*{re.escape(key)}\s*=")
    lines = text.splitlines()
    return next((number for number, line in enumerate(lines, 1) if pattern.match(line)), 1)
