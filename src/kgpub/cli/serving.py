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
    processes: Annotated[
        int | None,
        typer.Option(
            min=1, max=64, help="Processes that serve. As many as there are processors, up to 4"
        ),
    ] = None,
    public_url: Annotated[
        str | None,
        typer.Option(
            callback=utf8,
            help="Scheme and host as clients see them, where a proxy does not pass them on.",
        ),
    ] = None,
    submissions: Annotated[
        bool | None,
        typer.Option(
            "--submissions/--no-submissions",
            help="Check facts for anyone, and take them of whoever has a token of scope submit.",
            show_default=False,
        ),
    ] = None,
    gazetteer: Gazetteers = None,
) -> None:
    """Serve what is published: pages, search, SPARQL, saved queries, reconciliation.

    Settings are those of the table serve in kgpub.toml and of KGPUB_SERVE_… in the environment;
    options come first.
    """
    # Takes half a second to load, and is for this command alone.
    from kgpub.linking.decision import decide
    from kgpub.pipeline.linked_workspace import LinkedWorkspace
    from kgpub.service.assembly import assembled, connection_limits
    from kgpub.service.memory import collect_while_serving, take_from_one_arena
    from kgpub.service.operations.lines import Lines
    from kgpub.service.reconciliation.entities import ENTITIES, Entities
    from kgpub.service.reconciliation.items import ITEMS, Items
    from kgpub.service.reconciliation.offered import Reconciliation
    from kgpub.service.reconciliation.routes import PREFIX
    from kgpub.service.serving import listening, server
    from kgpub.service.siblings import Siblings
    from kgpub.service.sparql.endpoint import PATH
    from kgpub.service.supervision import IS_POSSIBLE, Supervisor, default_number

    take_from_one_arena()
    place = Workspace(workspace)
    asked = {
        "host": host,
        "port": port,
        "processes": processes,
        "public_url": public_url,
        "submissions": submissions,
    }
    settings = serving(place.settings, os.environ).model_copy(
        update={name: value for name, value in asked.items() if value is not None}
    )
    if place.generations.published() is None:
        place.store()  # tells what to do, before anything listens
    linked = LinkedWorkspace(place)
    with ExitStack() as opened:
        has_items = bool(gazetteer) or linked.has_gazetteers
        if has_items:  # which may take minutes the first time
            notes: list[str] = []
            with progress_shown() as progress:
                linked.gazetteer(gazetteer or (), notes.append, progress).close()
            tell_notes(notes)
        at = opened.enter_context(closing(listening(settings.host, settings.port)))
        named = f"[{settings.host}]" if ":" in settings.host else settings.host
        origin = settings.public_url or f"http://{named}:{at.getsockname()[1]}"

        def ready() -> None:
            names = (ENTITIES, ITEMS) if has_items else (ENTITIES,)
            for path in ("/", "/query", PATH, *(f"{PREFIX}/{name}" for name in names)):
                out.print(Text(printable(f"{origin}{path}")))
            out.print(Text("Ctrl-C ends it."))

        number = settings.processes or default_number()
        if number > 1 and not IS_POSSIBLE:
            raise CallError("more than one process needs Linux", "Say --processes 1.")
        siblings = Siblings() if number == 1 else Supervisor(at, number, ready).run()
        place.store()  # refuses what is damaged
        services: list[Reconciliation] = [Entities(place)]
        if has_items:
            source = linked.gazetteer(gazetteer or (), lambda _: None, lambda *_: None)
            opened.enter_context(closing(source))
            services.append(Items(source, decide))
        lines = opened.enter_context(Lines(sys.stderr.fileno()))
        folders = (place.root / "queries", resource("queries"))
        site = assembled(
            *(place, settings, services, folders, lines.write),
            lambda error: tell(error_text(error)),
            siblings,
        )
        limits = connection_limits(settings, number)
        server_ = server(
            site.app,
            settings.host,
            settings.port,
            limits,
            settings.proxies,
            site.close,
            siblings,
        )
        collect_while_serving()
        if number == 1:
            ready()
        server_.run(sockets=[at] if number == 1 else [])
