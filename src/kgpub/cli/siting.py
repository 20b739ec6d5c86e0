"""`kgpub site`: what is built now as a folder for any static host."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from kgpub.cli.options import (
    Folder,
    LanguageOption,
    folder,
    language_of,
    out,
    progress_shown,
    refusal_told,
    tell_notes,
    today,
    utf8,
)
from kgpub.errors import CallError
from kgpub.pipeline.workspace import LOCK_SECONDS, STATE, Workspace
from kgpub.reporting.text import printable
from kgpub.store.locking import locked


def site(
    workspace: Folder = Path(),
    to: Annotated[
        Path | None,
        typer.Option(
            parser=folder,
            metavar="FOLDER",
            help="The folder to write; `site` in the workspace unless given.",
        ),
    ] = None,
    release: Annotated[
        str | None,
        typer.Option(
            callback=utf8,
            metavar="VERSION",
            help="Of this release, by its version or its folder; otherwise of what is built now.",
        ),
    ] = None,
    at: Annotated[
        str,
        typer.Option(
            callback=utf8,
            metavar="URL",
            envvar="KGPUB_SITE_URL",
            help="The address that the folder has on the web, for the site map and the page of"
            " what is missing; no other page needs it.",
        ),
    ] = "",
    lang: LanguageOption = None,
) -> None:
    """Write pages, data, search and queries as a folder for any static host."""
    from kgpub.site.address import PublicAddress
    from kgpub.site.making import Asked, make

    place = Workspace(workspace)
    if release == "":  # as from a variable of the shell that is not set
        raise CallError("--release: no version is named", "Name one, or leave the option out.")
    asked = Asked(to, release or "", PublicAddress.of_text(at))
    with refusal_told(language_of(lang)), progress_shown() as progress:
        # Nobody else builds meanwhile: pages and downloads are of one build.
        held: AbstractContextManager[object] = (
            locked(place.root / STATE, LOCK_SECONDS)
            if release
            else place.built(progress=progress, today=today())
        )
        with held:
            written = make(place, asked, progress)
    if not written.has_program:
        tell_notes(
            [
                "the site has no search and no queries: what these run in the browser is not built."
                " Run: make query-page, or install a wheel of kgpub; then kgpub site"
            ]
        )
    shown, changes = printable(str(written.folder)), written.changes
    if changes is None:
        out.print(Text(f"Nothing has changed: {shown} is up to date."))
    else:
        counts = (
            f"{changes.files:,} files ({changes.written:,} written, {changes.removed:,} removed)"
        )
        out.print(Text(f"{counts}: {shown}"))
