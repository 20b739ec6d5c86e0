"""`kgpub publish`: a release put into a store that others run."""

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
    tell_notes,
    utf8,
)
from kgpub.errors import CallError
from kgpub.messages import Message
from kgpub.messages.numbers import Counted
from kgpub.pipeline.workspace import Workspace
from kgpub.reporting.text import printable
from kgpub.store.credentials import Credentials, credentials

_MOST_QUADS = 100_000
_MOST_SECONDS = 86_400
CredentialsOption = Annotated[
    Path | None,
    typer.Option(
        "--credentials",
        metavar="FILE",
        help="A TOML file, readable by you alone, with user and password (and scheme = 'digest') "
        "or token; otherwise KGPUB_STORE_USER, _PASSWORD, _SCHEME, _TOKEN of the environment.",
    ),
]


def credentials_of(file: Path | None) -> Credentials | None:
    """Return the credentials for a store, from the file or the environment. Raises CallError."""
    return credentials(os.environ, file)


def publish(
    to: Annotated[
        str,
        typer.Option(
            callback=utf8, metavar="URL", help="The address of the store's SPARQL Update service."
        ),
    ],
    release: Annotated[
        Path | None,
        typer.Argument(
            parser=folder,
            metavar="[FOLDER]",
            help="The folder of the release; `output` in the workspace unless given.",
        ),
    ] = None,
    ask: Annotated[
        str,
        typer.Option(
            callback=utf8,
            metavar="URL",
            help="The address of its query service; otherwise .../query where --to ends in "
            ".../update, the repository where it ends in .../statements, and else the same.",
        ),
    ] = "",
    file: CredentialsOption = None,
    batch: Annotated[
        int, typer.Option(min=1, max=_MOST_QUADS, help="Quads of one request at most.")
    ] = 1_000,
    timeout: Annotated[
        int,
        typer.Option(
            min=1,
            max=_MOST_SECONDS,
            help="Seconds that the whole answer to one request may take. After that the request is"
            " tried again, eight times or ten minutes; the swap takes longest.",
        ),
    ] = 300,
    fresh: Annotated[
        bool, typer.Option(help="Load all graphs, also those the store says it has.")
    ] = False,
    adopt: Annotated[
        bool,
        typer.Option(
            help="After the store's own bulk loader: take a graph with the right number of triples"
            " as loaded, unless kgpub has loaded it before; what is in it is not compared."
        ),
    ] = False,
    allow_fewer: Annotated[
        bool,
        typer.Option(help="Let the store make one of two literals that have the same value."),
    ] = False,
    workspace: Folder = Path(),
    lang: LanguageOption = None,
) -> None:
    """Put a release into a SPARQL store; its readers see the old one or the new, never half.

    Broken off, it goes on where it was when it is run again.
    """
    from kgpub.release.loading.dump import Dump
    from kgpub.release.loading.publishing import Terms
    from kgpub.release.loading.publishing import publish as load
    from kgpub.release.loading.staging import Bounds
    from kgpub.release.loading.target import Target, query_address
    from kgpub.store.endpoint import Endpoint
    from kgpub.store.remote import RemoteStore

    place = Workspace(workspace)
    known = credentials_of(file)
    service = Endpoint(to, known, timeout)
    store = RemoteStore(ask or query_address(to), timeout, known)
    if service.is_exposed or store.endpoint.is_exposed:
        tell_notes(["the password or token goes over the network unencrypted: http, not https"])
    if fresh and adopt:
        raise CallError("--fresh and --adopt exclude each other", "Leave one of the two out.")
    terms = Terms(Bounds(batch), fresh, allow_fewer, adopt)
    with progress_shown() as progress, Dump(release or place.root / "output") as dump:
        target = Target(service, store, lambda text: tell_notes([text]))
        done = load(dump, target, place.settings.base, terms, progress)
    if done.resumed:
        tell_notes([f"it went on after {done.resumed:,} quads that were loaded before"])
    loaded, dropped = Counted("count-graphs", done.changed), f"{done.gone:,}"
    changes = Message("loaded-changes", loaded=loaded, dropped=dropped)
    if not (done.changed or done.gone or done.sent):
        changes = Message("loaded-unchanged")
    message = Message(
        "loaded",
        graphs=Counted("count-graphs", done.graphs),
        quads=Counted("count-quads", done.quads),
        changes=changes,
        place=printable(service.shown),
    )
    out.print(Text(message.text(language_of(lang))))
