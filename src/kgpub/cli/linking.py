"""`kgpub link`: items of Wikidata for the entities of a workspace."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from kgpub.cli.options import (
    Folder,
    LanguageOption,
    language_of,
    out,
    progress_shown,
    refusal_told,
    tell,
    tell_notes,
    utf8,
)
from kgpub.cli.reviewing import Review, open_candidates
from kgpub.errors import CallError
from kgpub.linking.entity import Outcome
from kgpub.model.links import FOUND_FILE, REVIEWED_FILE
from kgpub.pipeline.workspace import Workspace
from kgpub.reporting import Verdict, lines_below
from kgpub.reporting.terminal import report_text
from kgpub.reporting.text import counted, isolated, printable, safe

if TYPE_CHECKING:
    from kgpub.pipeline.linked_workspace import LinkedWorkspace, Looked
    from kgpub.pipeline.linking import Linked

Gazetteers = Annotated[
    list[Path] | None,
    typer.Option(
        "--gazetteer",
        "-g",
        help="A file of items: JSON Lines, SPARQL results as JSON, or entities of a dump of"
        " Wikidata. May be repeated; otherwise the files in the workspace's folder `gazetteers`.",
        show_default=False,
    ),
]
Endpoint = Annotated[
    str,
    typer.Option(
        callback=utf8,
        help="Where --live asks in place of Wikidata: the address of an API or SPARQL endpoint"
        " of the same kind.",
        show_default=False,
    ),
]


def link(
    workspace: Folder = Path(),
    gazetteer: Gazetteers = None,
    live: Annotated[
        bool, typer.Option("--live", help="Ask Wikidata, over the network, in place of files.")
    ] = False,
    contact: Annotated[
        str,
        typer.Option(
            callback=utf8,
            envvar="KGPUB_CONTACT",
            help="An address of mail or web by which Wikimedia reaches you; --live needs it.",
        ),
    ] = "",
    api: Endpoint = "",
    sparql: Endpoint = "",
    review: Annotated[
        bool, typer.Option("--review", help="Decide about open candidates, one after the other.")
    ] = False,
    by: Annotated[
        str, typer.Option(callback=utf8, help="Who decides; --review writes it into links.csv.")
    ] = "",
    lang: LanguageOption = None,
) -> None:
    """Look for the Wikidata items of entities, and check those that are declared.

    What is found stands in links-found.csv afterwards, and the next build publishes it. What
    people decide stands in links.csv, and always wins.
    """
    if review and (live or gazetteer):
        raise CallError("--review looks nothing up", "Leave --live and --gazetteer out.")
    # Half of what there is to load is for this command alone.
    from kgpub.pipeline.linked_workspace import LinkedWorkspace

    language = language_of(lang)
    place = LinkedWorkspace(Workspace(workspace))
    with refusal_told(language):
        if review:
            _review(place, by)
            return
        with progress_shown() as progress:
            if live:
                looked = place.live(contact, api, sparql, _now, progress)
            else:
                looked = place.offline(gazetteer or (), _now().date(), progress)
    _tell(place, looked, language)


def _now() -> datetime:
    return datetime.now(UTC)


def _tell(place: LinkedWorkspace, looked: Looked, language: str) -> None:
    tell_notes(looked.notes)
    line = lines_below(place.workspace.root)
    tell(report_text(Verdict(looked.accepted, looked.problems, (), language, line)))
    for each in looked.found:
        out.print(_line(each))
    number = Counter(each.outcome for each in looked.found)
    told = (
        f"{number[Outcome.linked]} linked, {number[Outcome.review]} with candidates for review, "
        f"{number[Outcome.nil]} not found: {printable(str(place.workspace.root / FOUND_FILE))}"
    )
    out.print(Text(told))
    if number[Outcome.review]:
        out.print(Text("Decide about candidates: kgpub link --review"))
    if not looked.accepted:
        raise typer.Exit(1)


def _line(each: Linked) -> Text:
    """Return what was found for an entity, the first candidate with its names and evidence."""
    outcome = {Outcome.linked: "linked", Outcome.review: "candidates", Outcome.nil: "not found"}
    text = Text.assemble(f"{outcome[each.outcome]:10}  ", (each.named.entity, "bold"))
    if each.outcome is Outcome.nil:
        return text
    shown = each.candidates[: 1 if each.outcome is Outcome.linked else len(each.candidates)]
    for candidate in shown:
        names = [of_language[0] for of_language in candidate.item.names.values() if of_language]
        listed = " · ".join(isolated(safe(name)) for name in dict.fromkeys(names[:3]))
        text.append(f"\n    {candidate.item.qid}  {candidate.score:.2f}  {listed}")
        text.append(f"\n        {isolated(safe(' '.join(candidate.evidence)))}")
    return text


def _review(place: LinkedWorkspace, by: str) -> None:
    dataset = place.read()
    names = {each.entity: each.mention.names for each in place.named(dataset)}
    opened = open_candidates(place.kept.found(), place.kept.decided(), names, place.words(dataset))
    if not opened:
        out.print(Text("There are no open candidates. Look for some: kgpub link"))
        return
    with place.known_items() as known:
        day = _now().date().isoformat()
        review = Review(out, _ask, place.kept.decide, known, by, day)
        made = review.walk(opened)
    told = f"{counted(made, 'decision')}: {printable(str(place.workspace.root / REVIEWED_FILE))}"
    out.print(Text(told))


def _ask(prompt: str) -> str | None:
    """Return a line that is written on the terminal or comes from a pipe, None at the end."""
    out.print(Text(prompt), end="")
    line = sys.stdin.buffer.readline().decode("utf-8", "replace")
    return line if line else None
