"""Measures `kgpub diff` on two releases, beside rdflib: `python -m benchmarks.differences`.

The releases are synthetic N-Quads of kgpub's kind: facts, the statements that assert them, their
passages, people and articles. One in thirty facts is dated otherwise in the second one, and so
has another identifier.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measuring import ROOT, StepFailed

QUADS = 5_000_000
PEER_QUADS = 100_000
"""What rdflib's graph_diff, which holds both in memory, takes in seconds."""
FORMS = ("text", "rdf-patch", "sparql-update", "json")
_FACTS_IN_ARTICLE = 20
_QUADS_OF_FACT = 21
"""Of a fact with all that hangs on it, and its part of person and article."""
_EVERY = 30

_BASE = "https://example.org/data/"
_KG = "https://w3id.org/kgpub/ontology#"
_OA = "http://www.w3.org/ns/oa#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_WORDS = "تولى منصب رئيس المجلس في المدينة عام"


@dataclass(frozen=True)
class Run:
    """One command: seconds by the clock and of the processor, and its greatest memory in bytes."""

    elapsed: float
    seconds: float
    peak: int


def release(path: Path, quads: int, year: int) -> int:
    """Write a release of about so many quads, sorted; return how many it has.

    `year` is that of the facts that differ from one release to the other.
    """
    facts = quads // _QUADS_OF_FACT
    written = 0
    with path.open("w", encoding="utf-8") as stream:
        for lines in _subjects(facts, year):
            stream.writelines(sorted(lines))
            written += len(lines)
    return written


def _subjects(facts: int, year: int) -> Iterator[list[str]]:
    """Yield the lines of each subject; subjects in the order of their IRIs."""
    articles = facts // _FACTS_IN_ARTICLE + 1
    for number in range(articles):
        graph = _graph(number)
        article = f"article/{number:08}"
        for fact in range(number * _FACTS_IN_ARTICLE, min((number + 1) * _FACTS_IN_ARTICLE, facts)):
            yield _passage(fact, article, graph)
        yield _lines(article, graph, _type("Article"), _own("language", '"ar"'))
    for fact in range(facts):
        yield _fact(fact, year)
    for number in range(articles):
        named = [_own("name", f'"كاظم مصطفى {number}"@ar'), _own("name", f'"Kadhim {number}"@en')]
        yield _lines(f"person/{number:08}", _graph(number), _type("Person"), *named)
    for fact in range(facts):
        yield _statement(fact, year)


def _fact(fact: int, year: int) -> list[str]:
    told = _year(fact, year)
    return _lines(
        _fact_name(fact, year),
        _graph(fact // _FACTS_IN_ARTICLE),
        _type("Tenure"),
        _own("person", f"<{_BASE}person/{fact // _FACTS_IN_ARTICLE:08}>"),
        _own("office", f"<{_BASE}office/{fact % 1000:04}>"),
        _own("time", f'"{told}"^^<http://id.loc.gov/datatypes/edtf/EDTF>'),
        _own("earliest", f'"{told}-01-01"^^<{_XSD}date>'),
        _own("latest", f'"{told}-12-31"^^<{_XSD}date>'),
    )


def _statement(fact: int, year: int) -> list[str]:
    number = fact // _FACTS_IN_ARTICLE
    return _lines(
        f"statement/{fact:032x}",
        _graph(number),
        _type("Statement"),
        _own("words", f'"{_WORDS} {fact}"@ar'),
        _own("saidBy", f"<{_BASE}person/{number:08}>"),
        _own("article", f"<{_BASE}article/{number:08}>"),
        _own("passage", f"<{_BASE}article/{number:08}/article.txt#char={_span(fact)}>"),
        _own("asserts", f"<{_BASE}{_fact_name(fact, year)}>"),
    )


def _passage(fact: int, article: str, graph: str) -> list[str]:
    start, end = _span(fact).split(",")
    return _lines(
        f"{article}/article.txt#char={_span(fact)}",
        graph,
        _type("Passage"),
        f"<{_TYPE}> <{_OA}TextPositionSelector>",
        f"<{_TYPE}> <{_OA}TextQuoteSelector>",
        _own("article", f"<{_BASE}{article}>"),
        f'<{_OA}exact> "{_WORDS} {fact}"',
        f'<{_OA}prefix> "{_WORDS}"',
        f'<{_OA}suffix> "{_WORDS}"',
        f'<{_OA}start> "{start}"^^<{_XSD}nonNegativeInteger>',
        f'<{_OA}end> "{end}"^^<{_XSD}nonNegativeInteger>',
    )


def _year(fact: int, year: int) -> int:
    return year if fact % _EVERY == 0 else 2000 + fact % 20


def _fact_name(fact: int, year: int) -> str:
    # The year stands last, so that facts with another one have their place in the order.
    return f"fact/{fact:028x}{_year(fact, year):04}"


def _span(fact: int) -> str:
    start = 1000 + fact % _FACTS_IN_ARTICLE * 100
    return f"{start},{start + 50}"


def _graph(number: int) -> str:
    return f"<{_BASE}submission/{number:08}/facts>"


def _type(name: str) -> str:
    return f"<{_TYPE}> <{_KG}{name}>"


def _own(name: str, value: str) -> str:
    return f"<{_KG}{name}> {value}"


def _lines(subject: str, graph: str, *pairs: str) -> list[str]:
    return [f"<{_BASE}{subject}> {pair} {graph} .\n" for pair in pairs]


def diff(before: Path, after: Path, form: str) -> Run:
    """Run `kgpub diff` as a user does, start-up included. Raises StepFailed."""
    output = before.with_name("difference")
    return run(
        [*("-m", "kgpub", "diff", str(before), str(after)), *("-f", form, "-o", str(output))]
    )


def graph_diff(before: Path, after: Path) -> Run:
    """Run rdflib's graph_diff on two files of N-Triples. Raises StepFailed."""
    return run(["-m", "benchmarks.differences", "--peer", str(before), str(after)])


def run(arguments: list[str]) -> Run:
    """Run Python with these arguments, and wait for it. Raises StepFailed."""
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, *arguments], cwd=ROOT)
    # wait4 is what tells the memory of this one child.
    _, status, usage = os.wait4(process.pid, 0)
    elapsed = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise StepFailed(f"{' '.join(arguments)}: exit code {process.returncode}")
    unit = 1 if sys.platform == "darwin" else 1024
    return Run(elapsed, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit)


def _peer(before: str, after: str) -> None:
    from rdflib import Graph
    from rdflib.compare import graph_diff as rdflib_diff

    graphs = [Graph().parse(path, format="nt") for path in (before, after)]
    _, removed, added = rdflib_diff(*graphs)
    assert len(removed) and len(added)


def _triples(source: Path, target: Path) -> Path:
    """Write the triples of a release without their graphs, as N-Triples; return where."""
    with source.open(encoding="utf-8") as lines, target.open("w", encoding="utf-8") as stream:
        stream.writelines(f"{line.rpartition(' <')[0]} .\n" for line in lines)
    return target


def _row(name: str, quads: int, run: Run) -> str:
    rate = quads / run.seconds
    return (
        f"| {name} | {quads:,} | {run.elapsed:.1f} | {run.seconds:.1f} | {rate:,.0f} |"
        f" {run.peak / 2**20:,.0f} |"
    )


def measure(quads: int, peer_quads: int, folder: Path) -> Iterator[str]:
    """Yield the lines of the table of results."""
    yield "| what | quads of each | seconds | of the processor | quads a second | peak MiB |"
    yield "|---|--:|--:|--:|--:|--:|"
    before, after = folder / "before.nq", folder / "after.nq"
    count = release(before, quads, 1990)
    release(after, quads, 1991)
    for form in FORMS:
        yield _row(f"kgpub diff --format {form}", count, diff(before, after, form))
    count = release(before, peer_quads, 1990)
    release(after, peer_quads, 1991)
    yield _row("kgpub diff --format text", count, diff(before, after, "text"))
    files = (_triples(before, folder / "before.nt"), _triples(after, folder / "after.nt"))
    yield _row("rdflib graph_diff", count, graph_diff(*files))


def main() -> int:
    """Measure as the command line says; return 1 where a command fails."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.differences", description=__doc__)
    parser.add_argument("--quads", type=int, default=QUADS, help="of each release")
    parser.add_argument("--peer-quads", type=int, default=PEER_QUADS, help="for rdflib")
    parser.add_argument("--peer", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.peer:
        _peer(*options.peer)
        return 0
    with TemporaryDirectory(prefix="kgpub-differences-") as folder:
        try:
            for line in measure(options.quads, options.peer_quads, Path(folder)):
                print(line, flush=True)
        except StepFailed as error:
            print(error, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
