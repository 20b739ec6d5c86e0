"""`kgpub batch`: any number of articles, from folders, JSON Lines, Parquet and archives."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from kgpub.cli.options import Folder, err, folder, no_source, out, tell, tell_notes
from kgpub.pipeline.workspace import Workspace
from kgpub.reporting.text import printable

if TYPE_CHECKING:
    from kgpub.batch.running import Run

_EVERY = 10.0
"""Seconds from one line of progress to the next where there is no terminal."""


def batch(
    sources: Annotated[
        list[Path],
        typer.Argument(
            parser=folder,
            metavar="SOURCE...",
            help="Folders with articles/<slug>/, .jsonl, .parquet, .zip, .tar (.gz .bz2 .xz .zst).",
        ),
    ],
    workspace: Folder = Path(),
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            callback=no_source,
            help="The folder to write; `batch` in the workspace unless given.",
        ),
    ] = None,
    jobs: Annotated[
        int, typer.Option(min=0, max=1024, help="Processes that work; 0: one for each processor.")
    ] = 0,
    load: Annotated[
        bool, typer.Option(help="Put the result into the store that `kgpub query` asks.")
    ] = True,
) -> None:
    """Map, ground and validate any number of articles, as a stream and on all cores."""
    from kgpub.batch.making import Batch

    place = Workspace(workspace)
    target = output or place.root / "batch"
    with _progress() as told:
        made = Batch(place, _run(jobs), told).make(sources, target, load=load)
    counts = made.counts
    where = printable(str(made.output))
    if counts.refused:
        told_at = printable(str(made.output / "rejected" / "reports.jsonl"))
        tell_notes([f"{counts.refused:,} of {counts.records:,} records are set aside: {told_at}"])
    if made.across:
        told_at = printable(str(made.output / "problems.jsonl"))
        tell_notes([f"{made.across:,} problems across records: {told_at}"])
    if load and made.errors:
        tell_notes(["nothing was loaded: mend or leave out these records, and run it again"])
    elif load and not made.loaded:
        tell_notes(["nothing was loaded: there is no record without errors"])
    accepted = counts.records - counts.refused
    out.print(Text(f"{accepted:,} of {counts.records:,} records, {counts.quads:,} quads: {where}"))
    if counts.refused or made.errors:
        raise typer.Exit(1)


def _run(jobs: int) -> Run:
    from kgpub.batch.running import in_processes, in_this_process

    count = jobs or len(_processors())
    return in_this_process if count == 1 else in_processes(count)


def _processors() -> range:
    if hasattr(os, "sched_getaffinity"):
        return range(len(os.sched_getaffinity(0)))
    return range(os.cpu_count() or 1)


@contextmanager
def _progress() -> Iterator[Callable[[str, int, float], None]]:
    """Show on standard error what is being done, how fast, and how much longer it may take.

    On a terminal the line changes; elsewhere there is a new one now and then.
    """
    begun = last = time.monotonic()
    with err.status("reading") as status:

        def told(stage: str, records: int, fraction: float) -> None:
            nonlocal last
            now = time.monotonic()
            line = _line(stage, records, fraction, now - begun)
            if err.is_terminal:
                status.update(Text(line))
            elif now - last >= _EVERY:
                last = now
                tell(Text(f"{line}\n"))

        yield told


def _line(stage: str, records: int, fraction: float, seconds: float) -> str:
    """Return a line of progress; the time left is that of mapping, which takes the longest."""
    rate = records / seconds if seconds else 0.0
    line = f"{stage}: {records:,} records"
    if stage != "mapping":
        return line
    line += f", {rate:,.0f} a second"
    if 0 < fraction < 1:
        left = round(seconds / fraction * (1 - fraction))
        line += f", {fraction:.0%}, some {left // 60}:{left % 60:02} left"
    return line
