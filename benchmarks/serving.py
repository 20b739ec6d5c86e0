"""Measures `kgpub serve` beside other servers: `python -m benchmarks.serving` writes SERVING.md.

`python -m benchmarks.serving soak --minutes 30` has a server under mixed load for a long time, and
fails where it grows.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from pyoxigraph import DefaultGraph, RdfFormat, Store

from benchmarks import serving_servers as servers
from benchmarks import serving_soak
from benchmarks.corpus import write_workspace
from benchmarks.serving_load import by_python, by_wrk, has_wrk
from benchmarks.serving_page import OURS, OXIGRAPH, RDFLIB, Results, page
from benchmarks.serving_questions import answered_alike, kinds
from benchmarks.serving_runs import Generator, beside_hostile, large, throughput
from benchmarks.serving_servers import Server
from kgpub.pipeline.workspace import Workspace

_OUTPUT = Path(__file__).parent / "SERVING.md"
_TRIPLES_PER_FACT = 29
_LARGE = 38_000_000


def built(root: Path, triples: int) -> Workspace:
    """Return a synthetic workspace of about so many triples in `root`, made if it is not there."""
    if not (root / "kgpub.toml").exists():
        write_workspace(root, triples // _TRIPLES_PER_FACT)
    workspace = Workspace(root)
    if workspace.generations.published() is None:
        workspace.build()
    return workspace


@contextmanager
def _servers(workspace: Workspace, scratch: Path, python: str) -> Iterator[list[Server]]:
    """Run all servers on the same data; `python` is "" where there is no rdflib-endpoint."""
    published = workspace.generations.published()
    assert published is not None, "it is built"
    copied = scratch / "store"
    shutil.copytree(published[0], copied)
    with ExitStack() as running:
        port = servers.free_port()
        command = servers.kgpub(workspace.root, port)
        ours = servers.started(OURS, command, port, "/sparql")
        found = [running.enter_context(ours)]
        port = servers.free_port()
        command = servers.oxigraph(copied, port)
        found.append(running.enter_context(servers.started(OXIGRAPH, command, port, "/query")))
        if python:
            triples = scratch / "data.nt"
            store = Store.read_only(str(copied))
            store.dump(triples, RdfFormat.N_TRIPLES, from_graph=DefaultGraph())
            port = servers.free_port()
            command = servers.rdflib_endpoint(python, triples, port)
            # Its endpoint is the root, whatever its help says.
            found.append(running.enter_context(servers.started(RDFLIB, command, port, "/")))
        yield found


def measure(options: argparse.Namespace, scratch: Path) -> Results:
    """Measure all as the command line says."""
    workspace = built(options.workspace or scratch / "workspace", options.triples)
    store = workspace.generations.open()
    rounds, seconds, others = options.rounds, options.seconds, os.getloadavg()[0]
    generators: dict[str, Generator] = {"Python": by_python}
    if has_wrk() and not options.no_wrk:
        generators = {"wrk": by_wrk, **generators}
    with _servers(workspace, scratch, options.rdflib_endpoint) as running:
        ours, *peers = running
        asked = kinds(store)
        rows = {kind.name: answered_alike(running, kind) for kind in asked}
        rates = []
        for kind in asked:
            for each in throughput(kind, ours, peers, generators, rounds, seconds):
                rates.append(each)
                _tell(f"{kind.name} by {each.generator}")
        quick = asked[0]
        beside = [
            beside_hostile(ours, quick, rounds, 2 * seconds, connections) for connections in (1, 4)
        ]
        _tell("beside hostile queries")
        fetched = large(running, options.bytes, rounds)
    union = sum(1 for _ in store.quads_for_pattern(None, None, None, DefaultGraph()))
    return Results(union, rounds, seconds, others, rows, rates, beside, fetched)


def _tell(done: str) -> None:
    print(f"{done}: done", file=sys.stderr)


def main(arguments: list[str] | None = None) -> int:
    """Measure, or soak, as the command line says."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments[:1] == ["soak"]:
        return serving_soak.main(arguments[1:])
    parser = argparse.ArgumentParser(prog="python -m benchmarks.serving", description=__doc__)
    parser.add_argument("--triples", type=int, default=200_000, help="about")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4.0, help="of a round")
    parser.add_argument("--bytes", type=int, default=_LARGE, help="of the large answer")
    parser.add_argument("--workspace", type=Path, help="to make or take; else a temporary one")
    parser.add_argument(
        "--rdflib-endpoint",
        metavar="PYTHON",
        default=sys.executable if importlib.util.find_spec("rdflib_endpoint") else "",
        help="the interpreter of an environment that has it",
    )
    parser.add_argument("--no-wrk", action="store_true", help="even where it is installed")
    parser.add_argument("--output", type=Path, default=_OUTPUT, help="the file to write")
    options = parser.parse_args(arguments)
    with TemporaryDirectory(prefix="kgpub-serving-") as scratch:
        results = measure(options, Path(scratch))
    before = options.output.read_text(encoding="utf-8") if options.output.exists() else ""
    text = serving_soak.with_section(page(results), serving_soak.section_of(before))
    options.output.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
