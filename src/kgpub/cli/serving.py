"""`kgpub serve`: the workspace over HTTP."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from kgpub.cli.linking import Gazetteers
from kgpub.cli.options import Folder, out, progress_shown, tell, tell_notes, utf8
from kgpub.cli.rendering import error_text
from kgpub.errors import CallError
from kgpub.pipeline.workspace import Workspace
from kgpub.reporting.text import printable
from kgpub.settings import serving
from kgpub.vocabulary import resource


def serve(
    workspace: Folder = Path(),
    host: Annotated[
        str | None,
        typer.Option(callback=utf8, help="The address to listen on; 0.0.0.0 for all. 127.0.0.1"),
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="The port; 0 for any. 8000")
    ] = None,
    public_url: Annotated[
        str | None,
        typer.Option(
            callback=utf8,
            help="Scheme and host as clients see them, where a proxy does not pass them on.",
        ),
    ] = None,
    gazetteer: Gazetteers = None,
) -> None:
    """Serve what is published: pages, search, SPARQL, saved queries, reconciliation.

    Settings are those of [serve] in kgpub.toml and of KGPUB_SERVE_… in the environment; options
    come first.
    """
    # Takes half a second to load, and is for this command alone.
    from kgpub.linking.decision import decide
    from kgpub.pipeline.linked_workspace import LinkedWorkspace
    from kgpub.service.assembly import assembled, connection_limits
    from kgpub.service.memory import collect_while_serving, take_from_one_arena
    from kgpub.service.operations.lines import Lines
    from kgpub.service.reconciliation.entities import Entities
    from kgpub.service.reconciliation.items import Items
    from kgpub.service.reconciliation.offered import Reconciliation
    from kgpub.service.reconciliation.routes import PREFIX
    from kgpub.service.serving import server
    from kgpub.service.sparql.endpoint import PATH

    take_from_one_arena()
    place = Workspace(workspace)
    asked = {"host": host, "port": port, "public_url": public_url}
    settings = serving(place.settings, os.environ).model_copy(
        update={name: value for name, value in asked.items() if value is not None}
    )
    place.store()  # refuses here, before anything listens
    services: list[Reconciliation] = [Entities(place)]
    linked = LinkedWorkspace(place)
    with ExitStack() as opened:
        if gazetteer or linked.has_gazetteers:
            notes: list[str] = []
            with progress_shown() as progress:
                source = linked.gazetteer(gazetteer or (), notes.append, progress)
            tell_notes(notes)
            opened.enter_context(closing(source))
            services.append(Items(source, decide))
        lines = opened.enter_context(Lines(sys.stderr.fileno()))
        folders = (place.root / "queries", resource("queries"))
        site = assembled(
            place, settings, services, folders, lines.write, lambda error: tell(error_text(error))
        )
        limits = connection_limits(settings)
        server_ = server(
            site.app, settings.host, settings.port, limits, settings.proxies, site.close
        )
        try:
            listening = server_.config.bind_socket()
        except SystemExit as error:  # uvicorn's way to say so
            message = f"{settings.host}:{settings.port}: cannot be listened on"
            raise CallError(message, "Choose another --host or --port.") from error
        opened.enter_context(closing(listening))
        listening.listen(server_.config.backlog)  # from when the address is told, requests wait
        origin = settings.public_url or f"http://{settings.host}:{listening.getsockname()[1]}"
        for path in ("/", "/query", PATH, *(f"{PREFIX}/{each.slug}" for each in services)):
            out.print(Text(printable(f"{origin}{path}")))
        out.print(Text("Ctrl-C ends it."))
        collect_while_serving()
        server_.run(sockets=[listening])
