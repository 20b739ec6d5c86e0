"""`kgpub release`: what is built now, numbered and kept."""

from __future__ import annotations

import os
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
    today,
    utf8,
)
from kgpub.pipeline.workspace import Workspace
from kgpub.reporting.text import printable

RELEASES = "releases"


def release(
    workspace: Folder = Path(),
    version: Annotated[
        str,
        typer.Option(
            callback=utf8, help="What to call it; otherwise the number after the last.", metavar="V"
        ),
    ] = "",
    to: Annotated[
        Path | None,
        typer.Option(
            parser=folder,
            metavar="FOLDER",
            help="Where all releases are; `releases` in the workspace unless given.",
        ),
    ] = None,
    date: Annotated[
        str,
        typer.Option(
            callback=utf8,
            metavar="DATE",
            help="Its date; otherwise SOURCE_DATE_EPOCH's, or when something was added last.",
        ),
    ] = "",
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
    endpoint: Annotated[
        str,
        typer.Option(
            callback=utf8,
            metavar="URL",
            envvar="KGPUB_ENDPOINT",
            help="The SPARQL endpoint of the data, for the catalogue; otherwise that of"
            " \\[release].",
        ),
    ] = "",
    contact: Annotated[
        str,
        typer.Option(
            callback=utf8,
            envvar="KGPUB_CONTACT",
            help="An address of mail or web by which readers reach you, for the catalogue;"
            " otherwise that of \\[release].",
        ),
    ] = "",
    key: Annotated[
        Path | None,
        typer.Option(
            envvar="KGPUB_RELEASE_KEY",
            help="A private key of SSH, or the public key of one in an agent, to sign with;"
            " otherwise that of \\[release].",
        ),
    ] = None,
    force: Annotated[bool, typer.Option(help="Even where nothing has changed.")] = False,
    with_changelog: Annotated[
        bool,
        typer.Option(
            "--changelog/--no-changelog", help="Tell what has changed, as kgpub changelog does."
        ),
    ] = True,
    lang: LanguageOption = None,
) -> None:
    """Build, and keep what was built as a release: numbered, complete, and never changed."""
    from kgpub.release.asked import Asked
    from kgpub.release.making import make

    place = Workspace(workspace)
    asked = Asked(
        version,
        date,
        at,
        endpoint,
        contact,
        key,
        force,
        os.environ.get("SOURCE_DATE_EPOCH", ""),
        today().isoformat(),
    )
    with (
        refusal_told(language_of(lang)),
        progress_shown() as progress,
        place.built(progress=progress, today=today()),
    ):
        made = make(place.root, place.settings, to or place.root / RELEASES, asked, progress)
    shown, called = printable(str(made.folder)), f"release {made.record.version}"
    if made.unchanged:
        out.print(Text(f"Nothing has changed since {called}: {shown} (--force makes another)"))
    else:
        out.print(Text(f"{called}: {made.files} files, {made.size:,} bytes: {shown}"))
    if with_changelog:
        tell_changes(place, made.folder.parent, at)


def tell_changes(workspace: Workspace, releases: Path, at: str, fresh: bool = False) -> None:
    """Bring the folder of changes up to date with the releases of a workspace, and tell of it."""
    from kgpub.release.asked import Asked
    from kgpub.release.folder import Releases
    from kgpub.release.history.folder import remembered
    from kgpub.release.history.keeping import keep

    settings = workspace.settings
    asked = Asked(place=at).completed(settings.release, workspace.root, remembered(releases))
    asked.require_addresses()
    with progress_shown() as progress:
        kept = keep(Releases(releases), settings, asked, fresh=fresh, progress=progress)
    made = f"{kept.written} compared now" if kept.written else "up to date"
    number = "1 release" if kept.steps == 1 else f"{kept.steps} releases"
    out.print(Text(f"changes: {number}, {made}: {printable(str(kept.folder))}"))
