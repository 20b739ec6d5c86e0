"""`kgpub changelog`: what has changed from release to release, for people and programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from kgpub.cli.options import Folder, folder, out, progress_shown, utf8
from kgpub.cli.releasing import RELEASES, tell_changes
from kgpub.errors import CallError
from kgpub.pipeline.workspace import Workspace
from kgpub.reporting.text import counted


def changelog(
    workspace: Folder = Path(),
    releases: Annotated[
        Path | None,
        typer.Option(
            parser=folder,
            metavar="FOLDER",
            help="Where all releases are; `releases` in the workspace unless given.",
        ),
    ] = None,
    at: Annotated[
        str,
        typer.Option(
            callback=utf8,
            metavar="URL",
            envvar="KGPUB_RELEASES_URL",
            help="The address that the folder of all releases has on the web; otherwise that of"
            " \\[release] in kgpub.toml, or release/ below the base.",
        ),
    ] = "",
    fresh: Annotated[
        bool, typer.Option(help="Compare all releases again, not those alone that are new.")
    ] = False,
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="Write nothing; tell whether what was written for releases has changed."
        ),
    ] = False,
) -> None:
    """Tell what has changed from release to release: pages, feeds, patches, an event stream."""
    place = Workspace(workspace)
    path = releases or place.root / RELEASES
    if not check:
        tell_changes(place, path, at, fresh)
        return
    from kgpub.release.history.checksums import require_as_written

    if fresh:
        raise CallError("--check and --fresh exclude each other", "Leave one of the two out.")
    with progress_shown() as progress:
        progress("checksums")
        number = require_as_written(path)
    out.print(Text(f"changes: {counted(number, 'release')}, all as written"))
