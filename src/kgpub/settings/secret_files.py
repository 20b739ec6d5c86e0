"""Secrets that settings name the files of: they do not stand in `kgpub.toml` themselves."""

from __future__ import annotations

from pathlib import Path

from kgpub.errors import WorkspaceError

_MOST_BYTES = 4_096


def secret_in(path: Path) -> str:
    """Return the secret in a file, without white space around it. Raises WorkspaceError."""
    remedy = "It must be a file with the secret and nothing else."
    try:
        with path.open("rb") as stream:
            content = stream.read(_MOST_BYTES + 1)
        text = content.decode("utf-8").strip()
    except OSError as error:
        raise WorkspaceError(f"{path}: cannot be read: {error.strerror}", remedy) from error
    except UnicodeDecodeError as error:
        raise WorkspaceError(f"{path}: is not UTF-8", remedy) from error
    if len(text.split()) != 1 or len(content) > _MOST_BYTES:
        raise WorkspaceError(f"{path}: holds no secret, or more than one", remedy)
    return text
