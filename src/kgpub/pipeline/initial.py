"""A new workspace: settings, and an example to start from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from kgpub.errors import WorkspaceError
from kgpub.settings import FILENAME, checked_settings

_TEMPLATES = Path(__file__).parents[1] / "templates"


def create_workspace(
    folder: Path, base: str, title: str, publisher: str, licence: str
) -> list[Path]:
    """Make a workspace in `folder`, and return the files made.

    Raises WorkspaceError for settings that do not hold, and where any of the files is there
    already: nothing is ever overwritten.
    """
    values = {"base": base, "title": title, "publisher": publisher, "licence": licence}
    checked_settings(values)
    # A JSON string is a TOML basic string (TOML 1.0): the same quotes and escapes.
    lines = (f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items())
    files = {
        folder / FILENAME: "".join(lines).encode(),
        folder / ".gitignore": b".kgpub/\n",
        **dict(_example(folder)),
    }
    there = [path for path in files if path.exists()]
    if there:
        raise WorkspaceError(f"{there[0]}: is there already", "Choose another folder.")
    try:
        for path, content in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    except OSError as error:
        raise WorkspaceError(f"{error.filename}: cannot be written: {error.strerror}") from error
    return list(files)


def _example(folder: Path) -> Iterator[tuple[Path, bytes]]:
    for path in sorted(_TEMPLATES.rglob("*")):
        if path.is_file():
            yield folder / path.relative_to(_TEMPLATES), path.read_bytes()
