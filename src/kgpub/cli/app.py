"""The commands: each parses its options, calls, prints, and says how it went by its exit code."""

from __future__ import annotations

import shlex
import signal
import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from pyoxigraph import QuerySolutions, QueryTriples
from rich.text import Text

from kgpub.cli.changelog import changelog
from kgpub.cli.differences import diff
from kgpub.cli.linking import link
from kgpub.cli.named_queries import bindings, unknown
from kgpub.cli.options import (
    Engine,
    EngineOption,
    Folder,
    LanguageOption,
    OutputOption,
    folder,
    language_of,
    out,
    progress_shown,
    refusal_told,
    tell,
    tell_notes,
    utf8,
    write,
    write_to,
)
from kgpub.cli.publishing import CredentialsOption, credentials_of, publish
from kgpub.cli.releasing import release
from kgpub.cli.rendering import answer_bytes, error_text, print_table
from kgpub.cli.serving import serve
from kgpub.cli.siting import site
from kgpub.cli.tokens import tokens
from kgpub.cli.validating import validate
from kgpub.errors import CallError
from kgpub.pipeline.initial import create_workspace
from kgpub.pipeline.quickstatements import agreed_properties, export_of, notes
from kgpub.pipeline.workspace import STATE, Workspace
from kgpub.reporting import Verdict, lines_below
from kgpub.reporting.terminal import report_text
from kgpub.reporting.text import printable
from kgpub.serialisation import jsonld, nquads, ntriples, trig, turtle
from kgpub.serialisation.quickstatements import quickstatements
from kgpub.store import Queryable
from kgpub.store.named_queries import NamedQuery, catalogue, find, read_file, read_text
from kgpub.store.remote import RemoteStore
from kgpub.version import __version__
from kgpub.vocabulary import context, resource

app = typer.Typer(
    name="kgpub",
    help="Publish what news articles state as linked data that anyone can check.",
    epilog="Start with: kgpub init my-workspace && cd my-workspace && kgpub build",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.callback(invoke_without_command=True)
def kgpub(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Publish what news articles state as linked data that anyone can check."""
    if version:
        out.print(f"kgpub {__version__}")
        raise typer.Exit


@app.command(epilog="Example: kgpub init my-workspace --title 'What our paper reports'")
def init(
    path: Annotated[
        Path,
        typer.Argument(
            parser=folder, metavar="FOLDER", help="Where the workspace is to be; made if needed."
        ),
    ],
    base: Annotated[
        str, typer.Option(callback=utf8, help="Where the IRIs of your data begin; ends in /.")
    ] = "https://example.org/data/",
    title: Annotated[
        str, typer.Option(callback=utf8, help="What the data are, in a line.")
    ] = "My knowledge graph",
    publisher: Annotated[str, typer.Option(callback=utf8, help="Who publishes them.")] = "Me",
    licence: Annotated[
        str, typer.Option(callback=utf8, help="The IRI of the licence of the data.")
    ] = "https://creativecommons.org/licenses/by/4.0/",
) -> None:
    """Make a workspace, with a small example article to start from."""
    for created in create_workspace(path, base, title, publisher, licence):
        out.print(Text(f"  {printable(str(created))}"))
    # What begins with a hyphen would be an option.
    name = f"./{path}" if str(path).startswith("-") else str(path)
    out.print(Text(f"Next: cd {printable(shlex.quote(name))} && kgpub build"))


@app.command(epilog="Examples: kgpub build · kgpub build --fresh · kgpub build --output /srv/data")
def build(
    workspace: Folder = Path(),
    output: Annotated[
        Path | None,
        typer.Option(help="The folder to write; `output` in the workspace unless given."),
    ] = None,
    fresh: Annotated[bool, typer.Option(help="Read everything again.")] = False,
    engine: EngineOption = Engine.fast,
    lang: LanguageOption = None,
) -> None:
    """Map, ground and validate all submissions, and write store and output."""
    language = language_of(lang)
    source = Workspace(workspace)
    with refusal_told(language), progress_shown() as progress:
        built = source.build(fresh, output, engine.value, progress)
    tell_notes(built.notes)
    line = lines_below(source.root)
    tell(report_text(Verdict(True, built.problems, (), language, line)))
    place = printable(str(built.output))
    if built.unchanged:
        message = f"Nothing has changed: {place} is up to date."
    else:
        counts = f"{built.files} files ({built.fresh} read anew), {built.quads:,} quads"
        message = f"{counts}: {place}"
    out.print(Text(message))


app.command(
    epilog="Examples: kgpub validate · kgpub validate articles/my-article/facts.yaml · "
    "kgpub validate --format sarif -o report.sarif · kgpub validate data.ttl --shapes shapes.ttl"
)(validate)


app.command(
    epilog="Examples: kgpub link --gazetteer items.jsonl · "
    "kgpub link --live --contact me@example.org · kgpub link --review"
)(link)


app.command(
    epilog="Examples: kgpub diff releases/1 releases/2 · "
    "kgpub diff old.nq.gz . --format html -o diff.html · "
    "kgpub diff releases/1 . --format rdf-patch -o changes.rdfp"
)(diff)


app.command(epilog="Examples: kgpub serve · kgpub serve --gazetteer items.jsonl --port 8080")(serve)
app.command(
    epilog="Examples: kgpub release · kgpub release --version 2026-11 --key ~/.ssh/id_ed25519"
)(release)
app.command(epilog="Examples: kgpub changelog · kgpub changelog --at https://example.org/releases")(
    changelog
)
app.add_typer(tokens, name="token")
app.command(
    epilog="Examples: kgpub site · kgpub site --to /srv/www --at https://example.org/ · "
    "kgpub site --release 1"
)(site)
app.command(
    epilog="Examples: kgpub publish --to https://store.example.org/update --credentials store.toml "
    "· kgpub publish --to http://localhost:8890/sparql-auth old-release"
)(publish)


class Described(StrEnum):
    """The files that there is a JSON Schema of."""

    submission = "submission"
    article = "article"


@app.command(epilog="Example: kgpub schema submission --output submission.schema.json")
def schema(
    of: Annotated[Described, typer.Argument(help="Which files.")] = Described.submission,
    output: OutputOption = None,
) -> None:
    """Write the JSON Schema by which editors complete and check files while one types."""
    from kgpub.vocabulary.json_schema import schema_text

    content = schema_text("article" if of is Described.article else "submission").encode()
    write_to(output, [content])


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


@app.command(
    epilog="Examples: kgpub query 'SELECT ?name { ?p a kg:Person ; kg:name ?name }' · "
    "kgpub query --list · kgpub query holders-of-office -p office=office:prime-minister-of-iraq · "
    "kgpub query my.rq --format csv · kgpub query - < my.rq"
)
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
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
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
        RemoteStore(endpoint, credentials=credentials_of(file))
        if endpoint
        else place.store(on.date() if on else None)
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


class Dump(StrEnum):
    """The formats of an export."""

    ttl = "ttl"
    jsonld = "jsonld"
    nq = "nq"
    nt = "nt"
    trig = "trig"
    quickstatements = "quickstatements"


@app.command(
    epilog="Examples: kgpub export --format nt --graph https://example.org/data/article/example · "
    "kgpub export quickstatements -o commands.tsv"
)
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
