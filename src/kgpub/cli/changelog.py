"""`kgpub changelog`: what has changed from release to release, for people and programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kgpub.cli.options import Folder, folder, utf8
from kgpub.cli.releasing import RELEASES, tell_changes
from kgpub.pipeline.workspace import Workspace


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
) -> None:
    """Tell what has changed from release to release: pages, feeds, patches, an event stream."""
    place = Workspace(workspace)
    tell_changes(place, releases or place.root / RELEASES, at, fresh)
