"""Paths of files as the readers of SARIF and of GitHub's commands look for them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path


def base_of(root: Path, environment: Mapping[str, str], current: Path) -> Path | None:
    """Return the folder that paths in reports are relative to, without symbolic links.

    `root` is that which the files' own paths are relative to. It is what `environment` has as
    GITHUB_WORKSPACE, the root of the git repository, or the `current` folder: the first in which
    `root` lies. None where it lies in none of them.
    """
    here = root.resolve()
    checkout = environment.get("GITHUB_WORKSPACE")
    repository = next((each for each in (here, *here.parents) if (each / ".git").exists()), None)
    candidates = [Path(checkout) if checkout else None, repository, current]
    resolved = (each.resolve() for each in candidates if each is not None)
    return next((each for each in resolved if here.is_relative_to(each)), None)


def relocated(file: str, root: Path, base: Path | None) -> str:
    """Return the path, relative to `root`, of a file relative to `base`, or absolute if outside.

    Without a base it stays as it is, and so does what is no file: the place of a node that none
    describes, standard input, a document of the web.
    """
    if base is None or not (root / file).exists():
        return file
    path = Path(os.path.normpath(root.resolve() / file))
    return path.relative_to(base).as_posix() if path.is_relative_to(base) else path.as_posix()
