"""`kgpub query`: a SPARQL query to what was built last, or to an endpoint."""

from __future__ import annotations

import signal
import sys
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from pyoxigraph import QuerySolutions, QueryTriples
from rich.text import Text

from kgpub.cli.named_queries import bindings, unknown
from kgpub.cli.options import Folder, day, out, tell, utf8, write
from kgpub.cli.publishing import CredentialsOption, credentials_of
from kgpub.cli.rendering import answer_bytes, error_text, print_table
from kgpub.errors import CallError
from kgpub.pipeline.workspace import Workspace
from kgpub.reporting.text import printable
from kgpub.store import Queryable
from kgpub.store.named_queries import NamedQuery, catalogue, find, read_file, read_text
from kgpub.store.remote import RemoteStore
from kgpub.vocabulary import resource


class Form(StrEnum):
    """How an answer is printed."""

    table = "table"
    csv = "csv"
    tsv = "tsv"
    json = "json"
    xml = "xml"
    ttl = "ttl"
    jsonld = "jsonld"
    nt = "nt"


def query(
    sparql: Annotated[
        str,
        typer.Argument(help="SPARQL, the name of a query, a file ending in .rq, or - ."),
    ] = "",
    param: Annotated[
        list[str] | None,
        typer.Option(
            "--param", "-p", callback=utf8, help="A parameter of a named query, as name=value."
        ),
    ] = None,
    form: Annotated[
        Form | None,
        typer.Option("--format", "-f", help="Otherwise table, or ttl for a graph."),
    ] = None,
    endpoint: Annotated[
        str,
        typer.Option(
            callback=utf8,
            help="Ask this SPARQL endpoint, over the network, in place of the store.",
        ),
    ] = "",
    file: CredentialsOption = None,
    on: Annotated[
        date | None,
        typer.Option(
            parser=day,
            metavar="DAY",
            help="Ask the dataset as it was on this day, as 2026-11-30: without what was submitted "
            "later, with what was retracted later.",
        ),
    ] = None,
    listing: Annotated[bool, typer.Option("--list", help="List the named queries.")] = False,
    workspace: Folder = Path(),
) -> None:
    """Put a SPARQL query to what was built last."""
    place = Workspace(workspace)
    folders = (place.root / "queries", resource("queries"))
    if listing:
        if sparql or param or on:
            raise CallError("--list takes no query", "Leave one of the two out.")
        for each in catalogue(folders, lambda error: tell(error_text(error))):
            needs = "".join(f" -p {p.name}=…" for p in each.parameters)
            question = f"\n    {printable(each.question)}"
            out.print(Text.assemble((printable(each.name), "bold"), needs, question))
        return
    if endpoint and on:
        remedy = "Ask a kgpub serve for another day by the parameter on of its /sparql."
        raise CallError("--on is for what was built here, not for an --endpoint", remedy)
    named = _named(sparql, folders)
    # Oxigraph does not return to Python while it evaluates; this lets Ctrl-C end the process.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    store: Queryable = (
        RemoteStore(endpoint, credentials=credentials_of(file)) if endpoint else place.store(on)
    )
    answer = store.query(named.text, place.prefixes, bindings(named, param or (), place.prefixes))
    if isinstance(answer, QuerySolutions) and form in (None, Form.table):
        print_table(answer, place.prefixes, out)
        return
    default = "ttl" if isinstance(answer, QueryTriples) else "csv"
    chosen = default if form in (None, Form.table) else form.value
    write(answer_bytes(answer, chosen, place.prefixes, place.settings.base))


def _named(text: str, folders: tuple[Path, ...]) -> NamedQuery:
    if not text:
        raise CallError("there is no query", "Give SPARQL, a name, a file, or - ; see --help.")
    if text == "-":
        name = "standard input"
        try:
            read = read_text(name, sys.stdin.buffer)
        except OSError as error:
            raise CallError(f"{name}: cannot be read: {error.strerror}") from error
        return NamedQuery.parse(name, read)
    if text.endswith(".rq"):
        return read_file(Path(text))
    utf8(text)
    if text.replace("-", "").isalnum():
        found = find(text, folders)
        if found is None:
            raise unknown(text, folders)
        return found
    return NamedQuery.parse("the query", text)
