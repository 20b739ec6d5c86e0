"""Measures the search on synthetic corpora: `python -m benchmarks.searching --triples 100000`.

Queries are put to an index as the service puts them, for the page of all sections; the time is the
processor's, of the thread that answers. What clients wait besides is the service's own.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from pyoxigraph import Quad, RdfFormat, Store, parse

from benchmarks.corpus import BASE, write_workspace
from benchmarks.inputs import DATASET
from benchmarks.steps import prepare
from kgpub.index.filling import site_text
from kgpub.index.schema import open_to_read
from kgpub.pages.rendering import Site
from kgpub.search.query import parsed
from kgpub.service.search.routes import COUNTS
from kgpub.service.search.searching import Asked, search
from kgpub.vocabulary import resource as shipped

_TRIPLES_PER_FACT = 29
"""In the union of the graphs of the synthetic corpora."""
_SITE = Site(BASE, "Synthetic articles", "kgpub", "https://example.org/licence")
_SAMPLES = 150
_SEED = 2026


@dataclass(frozen=True)
class Measured:
    """An index: how large, and what it took to make it, in a process of its own.

    `peak` is in bytes, `seconds` are the processor's; `queries` has the seconds of each query, by
    sort of query.
    """

    triples: int
    size: int
    seconds: float
    peak: int
    queries: Mapping[str, Sequence[float]]


def measure(triples: int, folder: Path) -> Measured:
    """Make a corpus, a store and an index in `folder`, and ask it."""
    store, target = folder / "store", folder / "index.sqlite"
    # In a process of its own: what is started later begins with the memory that this one had.
    subprocess.run(
        [sys.executable, "-m", "benchmarks.searching", "--make", folder, "--triples", str(triples)],
        check=True,
    )
    filling = [sys.executable, "-m", "kgpub.index.filling"]
    process = subprocess.Popen([*filling, str(store), str(target), site_text(_SITE)])
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise OSError("the index cannot be made")
    connection = open_to_read(target)
    try:
        times = {name: _times(connection, queries) for name, queries in _queries(connection)}
    finally:
        connection.close()
    count, size = len(Store.read_only(str(store))), target.stat().st_size
    return Measured(count, size, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024, times)


def make(folder: Path, triples: int) -> None:
    """Make a corpus and load a store with what a search reads: the union, and the ontology."""
    root = folder / "workspace"
    write_workspace(root, triples // _TRIPLES_PER_FACT)
    prepare(root)()
    store = Store(str(folder / "store"))
    quads = parse(path=root / DATASET, format=RdfFormat.N_QUADS)
    store.bulk_extend(Quad(*quad.triple) for quad in quads)
    for name in ("kgpub.ttl", "schemes.ttl"):
        store.load(path=shipped("ontology") / name, format=RdfFormat.TURTLE)
    store.flush()


def _times(connection: sqlite3.Connection, queries: Sequence[str]) -> list[float]:
    times = []
    for query in queries:
        asked = Asked(parsed(query), "ar", COUNTS)
        before = time.process_time()
        search(connection, "", asked)
        times.append(time.process_time() - before)
    return times


def _queries(connection: sqlite3.Connection) -> Iterator[tuple[str, list[str]]]:
    """Yield queries of several sorts, drawn from what the index holds."""
    draw = Random(_SEED)

    def drawn(table: str, where: str) -> list[str]:
        last = connection.execute(f"SELECT MAX(id) FROM {table}").fetchone()[0]
        sql = f"SELECT text FROM {table} WHERE id >= ? AND {where} ORDER BY id LIMIT 1"
        found = (
            connection.execute(sql, (draw.randrange(1, last + 1),)).fetchone()
            for _ in range(_SAMPLES)
        )
        return [row[0] for row in found if row]

    arabic, english = (drawn("name", f"language = '{tag}'") for tag in ("ar", "en"))
    texts = drawn("passage", "iri <> article")

    def of(source: Sequence[str], made: Callable[[list[str]], str]) -> list[str]:
        return [made(text.split()) for text in source]

    yield "a whole name", arabic
    yield "a word of a name", of(arabic, lambda words: draw.choice(words) + " ")
    yield "a word of a name, Latin", of(english, lambda words: draw.choice(words) + " ")
    yield "a beginning of 1 letter", of(arabic, lambda words: draw.choice(words)[:1])
    yield "a beginning of 2 letters", of(arabic, lambda words: draw.choice(words)[:2])
    yield "a beginning of 3 letters, Latin", of(english, lambda words: draw.choice(words)[:3])
    yield "a misspelt name, Latin", of(english, lambda words: draw.choice(words)[:-1] + "ey ")
    yield "two words of a text", of(texts, lambda words: " ".join(draw.sample(words, 2)) + " ")
    yield "a phrase of three words", of(texts, lambda words: f'"{" ".join(words[1:4])}"')
    yield "a clitic before a word", of(texts, lambda words: "و" + draw.choice(words) + " ")
    yield "a word nobody wrote", of(texts, lambda words: draw.choice(words)[::-1] + "ظظ ")
    yield "a text's words and one more", of(texts, lambda words: " ".join([*words[:5], "قطقط "]))
    yield "twelve words", of(texts, lambda words: " ".join(words[:12]) + " ")


def render(measured: Sequence[Measured]) -> str:
    """Return the figures as Markdown."""
    lines = ["# The search, measured", "", (__doc__ or "").partition("\n\n")[2].strip(), ""]
    for each in measured:
        lines += [
            f"## {each.triples:,} triples",
            "",
            f"Index: {each.size / 2**20:,.0f} MiB, made in {each.seconds:,.1f} s of the processor"
            f" with at most {each.peak / 2**20:,.0f} MiB of memory.",
            "",
            "| query | p50 ms | p99 ms |",
            "|---|--:|--:|",
        ]
        for name, times in each.queries.items():
            high = quantiles(times, n=100)[98]
            lines.append(f"| {name} | {median(times) * 1000:.1f} | {high * 1000:.1f} |")
        lines.append("")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Measure as the command line says."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.searching", description=__doc__)
    parser.add_argument(
        "--triples",
        type=lambda text: [int(each) for each in text.split(",")],
        default=[100_000, 1_000_000],
        help="about, as 100000,1000000",
    )
    parser.add_argument("--output", type=Path, help="the file to write, else standard output")
    parser.add_argument("--make", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.make is not None:
        make(options.make, options.triples[0])
        return 0
    found = []
    for triples in options.triples:
        with TemporaryDirectory(prefix="kgpub-searching-") as folder:
            found.append(measure(triples, Path(folder)))
    text = render(found)
    if options.output is None:
        sys.stdout.write(text)
    else:
        options.output.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
