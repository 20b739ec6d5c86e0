"""A workspace's settings: `kgpub.toml`, read by one function, never at import."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pyoxigraph import NamedNode
from rapidfuzz import fuzz, process

from kgpub.errors import WorkspaceError

FILENAME = "kgpub.toml"
MAX_BYTES = 64 * 1024
MAX_QUOTED = 80
"""Characters of a key that a message quotes."""

_UNKNOWN = "extra_forbidden"
"""The type of pydantic's error for a key that is none."""


_TAKEN = (
    "w3id.org/kgpub/ontology",
    "w3id.org/kgpub/kind",
    "w3id.org/kgpub/shapes",
    "www.wikidata.org/",
    "www.w3.org/",
    "purl.org/dc/",
    "id.loc.gov/datatypes/",
)
"""Where the IRIs begin, behind http:// or https://, that others define and kgpub's data use."""

_FAULTS = {
    "missing": "is missing",
    "string_type": "it is no text",
    "string_too_short": "it is empty",
}
"""What is wrong, by the types of pydantic's errors."""


def _web_iri(text: str) -> str:
    """Return `text` if it is an http or https IRI (RFC 3987)."""
    if not re.match(r"https?://[^/?#]", text):
        raise ValueError("it does not begin with https:// or http:// and the name of a host")
    if any(unicodedata.category(each) in ("Cc", "Cf") for each in text):
        raise ValueError("it holds an invisible character")
    NamedNode(text)
    return text


def _base(text: str) -> str:
    if not text.endswith("/") or "?" in text or "#" in text:
        raise ValueError("it does not end in /, or holds ? or #")
    if text.partition("://")[2].startswith(_TAKEN):
        raise ValueError("it belongs to a vocabulary that is not yours; begin with your own host")
    return text


def _line(text: str) -> str:
    if any(unicodedata.category(each) == "Cc" for each in text):
        raise ValueError("it holds a control character")
    return text


Iri = Annotated[str, AfterValidator(_web_iri)]
Line = Annotated[str, Field(min_length=1), AfterValidator(_line)]


class Settings(BaseModel):
    """What a publisher decides. `base` is where all the data's IRIs begin; it ends in /."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    base: Annotated[Iri, AfterValidator(_base)]
    title: Line
    publisher: Line
    licence: Iri


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


_KEYS = "Keys: base (an http(s) IRI that ends in /), title, publisher, licence (an IRI)."


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
        # A key of which there is none is told before the one that is missing for it.
        faults = sorted(error.errors(), key=lambda each: each["type"] != _UNKNOWN)
        kind, key = faults[0]["type"], str(faults[0]["loc"][0])
        place = f"{file}:{_line_of(text, key)}:1: " if file else ""
        if kind == _UNKNOWN:
            message = f"{place}unknown key {key[:MAX_QUOTED]!r}"
            raise WorkspaceError(message, f"{_instead(key, values)} {_KEYS}") from error
        told = _FAULTS.get(kind, faults[0]["msg"].removeprefix("Value error, "))
        raise WorkspaceError(f"{place}{key}: {told}", _KEYS) from error


def _instead(key: str, values: Mapping[str, object]) -> str:
    missing = [each for each in Settings.model_fields if each not in values]
    nearest = process.extractOne(
        key[:MAX_QUOTED].lower(), missing, scorer=fuzz.ratio, score_cutoff=60
    )
    return f"Did you mean {nearest[0]}?" if nearest else "Remove it."


def _line_of(text: str, key: str) -> int:
    pattern = re.compile(rf"""^[\s\["']*{re.escape(key)}["']?\s*[=.\]]""")
    lines = text.splitlines()
    return next((number for number, line in enumerate(lines, 1) if pattern.match(line)), 1)
