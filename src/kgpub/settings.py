"""A workspace's settings: `kgpub.toml`, read by one function, never at import."""

from __future__ import annotations

import re
import tomllib
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


def read_settings(root: Path) -> Settings:
    """Read and check the settings of the workspace at `root`."""
    path = root / FILENAME
    try:
        return Settings.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WorkspaceError(f"{path}: not readable as TOML: {error}") from error
    except OSError as error:
        raise WorkspaceError(f"{path}: cannot be read: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        line = _line_of(path, key)
        raise WorkspaceError(
            f"{path}:{line}:1: {key}: {first['msg']}",
            "Keys: base (an http(s) IRI that ends in /), title, publisher, licence (an IRI).",
        ) from error


def _line_of(path: Path, key: str) -> int:
    pattern = re.compile(rf"^\s*{re.escape(key)}\s*=")
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((number for number, line in enumerate(lines, 1) if pattern.match(line)), 1)
