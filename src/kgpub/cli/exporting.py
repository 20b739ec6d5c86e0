"""`kgpub export`: the dataset as it was submitted, in one of several formats."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kgpub.cli.options import Folder, OutputOption, progress_shown, tell_notes, utf8, write_to
from kgpub.errors import CallError
from kgpub.pipeline.quickstatements import agreed_properties, export_of, notes
from kgpub.pipeline.workspace import STATE, Workspace
from kgpub.serialisation import jsonld, nquads, ntriples, trig, turtle
from kgpub.serialisation.quickstatements import quickstatements
from kgpub.vocabulary import context


class Dump(StrEnum):
    """The formats of an export."""

    ttl = "ttl"
    jsonld = "jsonld"
    nq = "nq"
    nt = "nt"
    trig = "trig"
    quickstatements = "quickstatements"


def export(
    named: Annotated[
        Dump | None,
        typer.Argument(metavar="[FORMAT]", help="The format; the same as --format."),
    ] = None,
    form: Annotated[
        Dump | None,
        typer.Option(
            *("--format", "-f"),
            help="Otherwise ttl; quickstatements are commands by which facts go to Wikidata.",
        ),
    ] = None,
    graph: Annotated[
        str | None,
        typer.Option(callback=utf8, help="Only the graph with this IRI.", show_default=False),
    ] = None,
    output: OutputOption = None,
    workspace: Folder = Path(),
) -> None:
    """Print the dataset, or one of its graphs, as it was submitted."""
    if graph == "":
        raise CallError("the IRI of the graph is empty", "Leave --graph out to have all graphs.")
    if named and form and named is not form:
        raise CallError(f"two formats are named: {named} and {form}", "Name one of them.")
    form = named or form or Dump.ttl
    place = Workspace(workspace)
    with progress_shown() as progress:
        if form is Dump.quickstatements:
            # Half of what there is to load is for `link` and this alone.
            from kgpub.pipeline.known_items import items_now
            from kgpub.pipeline.linked_workspace import ANSWERS

            quads = place.export(progress=progress)
            with items_now(place.root / STATE / ANSWERS) as now:
                told = export_of(quads, agreed_properties(), graph or "", now)
            write_to(output, [b"".join(quickstatements(told.commands))])
            tell_notes(notes(told))
            return
        quads = place.export(graph or "", progress)
    chunks = {
        Dump.ttl: lambda: turtle(quads, place.prefixes),
        Dump.trig: lambda: trig(quads, place.prefixes),
        Dump.nq: lambda: nquads(quads),
        Dump.nt: lambda: ntriples(quads),
        Dump.jsonld: lambda: jsonld(quads, context(place.settings.base)),
    }[form]()
    write_to(output, [b"".join(chunks)])
