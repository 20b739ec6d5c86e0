"""`kgpub serve`: the workspace over HTTP."""

from __future__ import annotations

from contextlib import ExitStack, closing
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from kgpub.cli.linking import Gazetteers
from kgpub.cli.options import Folder, out, progress_shown, tell_notes, utf8
from kgpub.errors import CallError
from kgpub.pipeline.workspace import Workspace
from kgpub.reporting.text import printable


def serve(
    workspace: Folder = Path(),
    host: Annotated[
        str, typer.Option(callback=utf8, help="The address to listen on; 0.0.0.0 for all.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 for any.")] = 8000,
    public_url: Annotated[
        str,
        typer.Option(
            callback=utf8,
            help="Scheme and host as clients see them, where a proxy does not pass them on.",
        ),
    ] = "",
    gazetteer: Gazetteers = None,
) -> None:
    """Serve what is published: a SPARQL endpoint, and reconciliation (as by OpenRefine)."""
    # Takes half a second to load, and is for this command alone.
    import uvicorn

    from kgpub.linking.decision import decide
    from kgpub.pipeline.linked_workspace import LinkedWorkspace
    from kgpub.service.application import PREFIX, application, reconciliation_routes
    from kgpub.service.entities import Entities
    from kgpub.service.items import Items
    from kgpub.service.offered import Reconciliation
    from kgpub.service.sparql.endpoint import PATH
    from kgpub.service.sparql.published import endpoint, running

    place = Workspace(workspace)
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
        queries = endpoint(place, public_url)
        routes = [*queries.routes(), *reconciliation_routes(services, public=public_url)]
        served = application(routes, running(queries.pool))
        config = uvicorn.Config(served, host=host, port=port, log_level="warning")
        try:
            listening = config.bind_socket()
        except SystemExit as error:  # uvicorn's way to say so
            message = f"{host}:{port}: cannot be listened on"
            raise CallError(message, "Choose another --host or --port.") from error
        opened.enter_context(closing(listening))
        listening.listen(config.backlog)  # from when the address is told, requests wait
        shown = f"http://{host}:{listening.getsockname()[1]}"
        out.print(Text(printable(f"{public_url or shown}{PATH}")))
        for service in services:
            out.print(Text(printable(f"{public_url or shown}{PREFIX}/{service.slug}")))
        out.print(Text("Ctrl-C ends it."))
        uvicorn.Server(config).run(sockets=[listening])
