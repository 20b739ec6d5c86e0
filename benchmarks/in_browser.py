"""Measures a site's query and search pages in headless Chromium: `python -m benchmarks.in_browser`.

Each run begins with an empty browser: program, dump and index are fetched, compiled and loaded. The
host is a plain one on loopback, in another process. What it costs natively to load the same dump
stands beside it, measured in the same run. Writes benchmarks/BROWSER.md.
"""

from __future__ import annotations

import argparse
import gzip
import multiprocessing
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from urllib.parse import quote

from playwright.sync_api import Browser, Page, sync_playwright
from pyoxigraph import Quad, RdfFormat, Store, parse

from benchmarks.corpus import BASE, write_workspace
from benchmarks.inputs import DATASET
from benchmarks.measuring import ROOT
from benchmarks.steps import prepare
from kgpub.documents.build import Build
from kgpub.messages import LANGUAGES
from kgpub.pages.rendering import Site
from kgpub.site.browser import files
from kgpub.site.files import Opened
from kgpub.vocabulary import prefixes, resource

_OUTPUT = ROOT / "benchmarks" / "BROWSER.md"
_MOST_SECONDS = 3.0
_TRIPLES_PER_FACT = 38
_CHROMIUM = "/usr/bin/chromium"
_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
_READY = '#query-loading[data-state="ready"]'
_SEARCHED = "رئيس"
_MERGE = "INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }"


@dataclass(frozen=True)
class Measured:
    """Seconds by the clock, one for each run, and sizes in bytes.

    `others` is how many processes, on average, wanted a processor before it began.

    `ready` is from the call of the query page until it answers, `answered` from the key until the
    table of its first query stands there, `native` what pyoxigraph takes to load the same packed
    dump, `found` from the call of the search page until its results stand there.
    """

    quads: int
    packed: int
    index: int
    read: int
    others: float
    ready: Sequence[float]
    answered: Sequence[float]
    native: Sequence[float]
    found: Sequence[float]


def measure(triples: int, runs: int, folder: Path) -> Measured:
    """Make a corpus and the pages in `folder`, and measure."""
    opened = _opened(folder, triples)
    site = folder / "site"
    for file in files(opened, LANGUAGES):
        path = site / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(file.content()))
    packed = site / "assets/browser/dataset.nq.gz"
    ready, answered, native, found, read = [], [], [], [], 0
    others = os.getloadavg()[0]
    with _hosted(site) as origin, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=_ARGUMENTS)
        for _ in range(runs):
            native.append(_seconds(partial(_loaded, packed)))
            with _page(browser) as page:
                ready.append(_seconds(partial(_until, page, f"{origin}/query.en.html", _READY)))
                answered.append(_seconds(partial(_ask, page)))
            with _page(browser) as page:
                urls = _watched(page)
                address = f"{origin}/search.ar.html?q={quote(_SEARCHED)}"
                found.append(_seconds(partial(_until, page, address, ".found li")))
                read = sum(_size(url, site) for url in urls)
        browser.close()
    index = sum(path.stat().st_size for path in (site / "assets/search").iterdir())
    size = packed.stat().st_size
    count = sum(1 for _ in parse(path=opened.dataset, format=RdfFormat.N_QUADS))
    return Measured(count, size, index, read, others, ready, answered, native, found)


def _opened(folder: Path, triples: int) -> Opened:
    root = folder / "workspace"
    write_workspace(root, triples // _TRIPLES_PER_FACT)
    prepare(root)()
    store = Store()
    quads = parse(path=root / DATASET, format=RdfFormat.N_QUADS)
    store.bulk_extend(Quad(*quad.triple) for quad in quads)
    for name in ("kgpub.ttl", "schemes.ttl"):
        store.load(path=resource("ontology") / name, format=RdfFormat.TURTLE)
    site = Site(BASE, "Synthetic articles", "kgpub", "https://example.org/licence", static=True)
    build = Build("measured", store, site)
    return Opened(build, root / DATASET, (resource("queries"),), prefixes(BASE))


def _loaded(packed: Path) -> None:
    """Load a packed dump as the page does: all graphs, and their merge."""
    store = Store()
    store.load(gzip.decompress(packed.read_bytes()), format=RdfFormat.N_QUADS)
    store.update(_MERGE)


def _watched(page: Page) -> list[str]:
    """Return the addresses that a page has fetched, which grow with it."""
    urls: list[str] = []
    page.on("requestfinished", lambda request: urls.append(request.url))
    return urls


def _until(page: Page, address: str, selector: str) -> None:
    page.goto(address)
    page.wait_for_selector(selector, timeout=120_000)


def _ask(page: Page) -> None:
    page.locator("#query-run").click()
    page.wait_for_selector("tbody tr", timeout=120_000)


def _size(url: str, site: Path) -> int:
    """Return the size of a part of the index that was read; 0 for what is none."""
    name = url.partition("/assets/search/")[2].partition("?")[0]
    return (site / "assets/search" / name).stat().st_size if name else 0


@contextmanager
def _page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="en")
    yield context.new_page()
    context.close()


def _seconds(act: Callable[[], None]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def _serve(folder: Path, told: Connection) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        told.send(server.server_port)
        server.serve_forever()


@contextmanager
def _hosted(folder: Path) -> Iterator[str]:
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(folder, there))
    process.start()
    try:
        yield f"http://127.0.0.1:{here.recv()}"
    finally:
        process.terminate()
        process.join()


def page(measured: Sequence[Measured]) -> str:
    """Return the results as Markdown."""
    others = max(each.others for each in measured)
    lines = [
        "# Search and SPARQL in the browser, measured",
        "",
        "Written by `make bench-browser` (`python -m benchmarks.in_browser`); do not edit.",
        f"Python {platform.python_version()}, {os.cpu_count()} cores shared with other work,",
        f"of which {others:.1f} processes wanted a processor when it began;",
        "headless Chromium from a plain host on loopback, each run with an empty cache.",
        "Seconds by the clock: medians (least to most). `native` is what pyoxigraph takes to load",
        "the same packed dump, in the same run; `ratio` is what the page takes of that until it is",
        "ready, with its own start, the editor and the compiling of WebAssembly.",
        "",
        "| quads | dump, kB | ready | under 3 s | native | ratio | first answer |",
        "|--:|--:|--:|---|--:|--:|--:|",
    ]
    for each in measured:
        ratios = [one / other for one, other in zip(each.ready, each.native, strict=True)]
        verdict = "yes" if median(each.ready) < _MOST_SECONDS else "NO"
        cells = [f"{each.quads:,}", f"{each.packed / 1e3:,.0f}", _spread(each.ready), verdict]
        cells += [_spread(each.native), f"{median(ratios):.1f}", _spread(each.answered)]
        lines.append(f"| {' | '.join(cells)} |")
    lines += [
        "",
        "A search for a frequent word, from the call of the page until its results are shown.",
        "`read` is how much of the index it reads, before a host packs it.",
        "",
        "| quads | index, kB | read, kB | found |",
        "|--:|--:|--:|--:|",
    ]
    for each in measured:
        sizes = [f"{each.quads:,}", f"{each.index / 1e3:,.0f}", f"{each.read / 1e3:,.0f}"]
        lines.append(f"| {' | '.join([*sizes, _spread(each.found)])} |")
    return "\n".join([*lines, ""])


def _spread(seconds: Sequence[float]) -> str:
    return f"{median(seconds):.2f} ({min(seconds):.2f} to {max(seconds):.2f})"


def main(arguments: list[str] | None = None) -> int:
    """Measure as the command line says."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.in_browser", description=__doc__)
    parser.add_argument("--triples", default="10000,100000", help="sizes, as 10000,100000")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--output", type=Path, default=_OUTPUT, help="- is standard output")
    options = parser.parse_args(arguments)
    measured = []
    for triples in map(int, options.triples.split(",")):
        with TemporaryDirectory(prefix="kgpub-browser-") as folder:
            measured.append(measure(triples, options.runs, Path(folder)))
    if options.output == Path("-"):
        sys.stdout.write(page(measured))
    else:
        options.output.write_text(page(measured), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
