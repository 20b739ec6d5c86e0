"""The commands: each parses its options, calls, prints, and says how it went by its exit code."""

from __future__ import annotations

import shlex
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from kgpub.cli.batching import batch
from kgpub.cli.changelog import changelog
from kgpub.cli.deciding import review
from kgpub.cli.differences import diff
from kgpub.cli.exporting import export
from kgpub.cli.linking import link
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
    today,
    utf8,
    write_to,
)
from kgpub.cli.publishing import publish
from kgpub.cli.querying import query
from kgpub.cli.releasing import release
from kgpub.cli.serving import serve
from kgpub.cli.siting import site
from kgpub.cli.submitting import submit
from kgpub.cli.tokens import tokens
from kgpub.cli.validating import validate
from kgpub.messages import Message
from kgpub.messages.numbers import Counted
from kgpub.pipeline.initial import create_workspace
from kgpub.pipeline.workspace import Workspace
from kgpub.reporting import Verdict, lines_below
from kgpub.reporting.terminal import report_text
from kgpub.reporting.text import printable
from kgpub.version import __version__

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
        built = source.build(fresh, output, engine.value, progress, today())
    tell_notes(built.notes)
    line = lines_below(source.root)
    tell(report_text(Verdict(True, built.problems, (), language, line)))
    place = printable(str(built.output))
    if built.unchanged:
        message = Message("built-unchanged", place=place)
    else:
        files, quads = Counted("count-files", built.files), Counted("count-quads", built.quads)
        message = Message("built", files=files, fresh=built.fresh, quads=quads, place=place)
    out.print(Text(message.text(language)))


app.command(
    epilog="Examples: kgpub validate · kgpub validate articles/my-article/facts.yaml · "
    "kgpub validate --format sarif -o report.sarif · kgpub validate data.ttl --shapes shapes.ttl"
)(validate)


app.command(
    epilog="Examples: kgpub batch archive.jsonl · kgpub batch other-workspace --no-load · "
    "kgpub batch 2024.zip 2025.parquet -o /srv/batch"
)(batch)


app.command(
    epilog="Examples: kgpub link --gazetteer items.jsonl · "
    "kgpub link --live --contact me@example.org · kgpub link --review"
)(link)


app.command(
    epilog="Examples: kgpub review · kgpub review --list · "
    "kgpub review --reject 3pk3taehrxtog6vc --because 'The article does not say so.'"
)(review)


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
    epilog="Examples: kgpub submit facts.yaml --to https://facts.example.org --token-file token · "
    "kgpub submit articles/news/facts.yaml --with-article --to https://facts.example.org"
)(submit)
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


app.command(
    epilog="Examples: kgpub query 'SELECT ?name { ?p a kg:Person ; kg:name ?name }' · "
    "kgpub query --list · kgpub query holders-of-office -p office=office:prime-minister-of-iraq · "
    "kgpub query my.rq --format csv · kgpub query - < my.rq"
)(query)
app.command(
    epilog="Examples: kgpub export --format nt --graph https://example.org/data/article/example · "
    "kgpub export quickstatements -o commands.tsv"
)(export)
