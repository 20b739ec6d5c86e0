"""Measurements as the Markdown of RESULTS.md."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from os import cpu_count, getloadavg
from pathlib import Path
from statistics import median

from benchmarks.measuring import BUILDS, Measurement
from benchmarks.plan import LIBYAML, STEPS, Corpus, Key, Limits
from benchmarks.synthesis import SEED

_PACKAGES = ("pyoxigraph", "rdflib", "pyshacl", "shacl", "PyYAML")
_PARSERS = {
    "oxigraph-flat-one": "pyoxigraph, flat context, all in one document",
    "oxigraph-flat": "pyoxigraph, flat context, a document for each graph",
    "oxigraph-published": "pyoxigraph, published context, a document for each graph",
    "rdflib-flat-one": "rdflib, flat context, all in one document",
    "rdflib-published": "rdflib, published context, a document for each graph",
}

Row = Sequence[str]


def render(corpora: Sequence[Corpus], limits: Limits) -> str:
    """Return the document."""
    parts = [_HEAD, _machine(), _method(limits)]
    parts += [_steps(corpus) for corpus in corpora]
    parts += [_parsers(corpus) for corpus in corpora if _has_parsers(corpus)]
    parts.append(_builds(corpora))
    return "\n".join(parts)


_HEAD = """# What was measured

Written by `make bench` (`python -m benchmarks`); do not edit.
"""


def _machine() -> str:
    rows = [
        ("processor", f"{_processor()}, {cpu_count()} cores"),
        ("memory", _memory()),
        ("system", platform.platform()),
        ("load", f"{_load():.1f} processes ready to run on average, this program among them"),
        ("Python", sys.version.split()[0]),
        *((name, _version(name)) for name in _PACKAGES),
    ]
    return _section("Machine and versions", _table(("", ""), rows))


def _method(limits: Limits) -> str:
    return f"""## How

- The corpus is synthetic, made from the seed {SEED}: Arabic articles like the seed article, each
  with some seven facts and events, a quotation, and the entities that it names. A larger corpus
  begins with the smaller one.
- Each step runs in a process of its own; what it takes in is made ready before and not timed.
  Seconds are the processor's, in all threads; waiting for the disk does not count.
{_runs(limits)}
- Memory is the most that the process had resident: interpreter, libraries and input included.
- “rdflib” is the same work with PyYAML, rdflib and pySHACL alone (`benchmarks/peer.py`). It does
  less: no positions, no check of keys, no EDTF, no computed bounds. Its store is in memory, kgpub's
  on disk; pySHACL and kgpub's engine find the same: nothing to report.
- What would take more than {limits.seconds:,.0f} s, by its growth over the sizes before, is not
  run. (rdflib's Turtle and TriG grow faster than the data: it compares each IRI with all the
  namespaces that it has split off before.)
"""


def _runs(limits: Limits) -> str:
    if limits.runs == 1:
        return "- Figures are of one run each; the sides take turns."
    return (
        f"- Figures are medians of up to {limits.runs} runs, in brackets the least and the most.\n"
        "  A figure without brackets is of one run: a step that has taken "
        f"{limits.seconds_for_more:,.0f} s is\n"
        "  not run again. The sides take turns, and a ratio is the median of the ratios of runs\n"
        "  next to each other."
    )


def _steps(corpus: Corpus) -> str:
    header = (
        *("step", "kgpub facts/s", "rdflib facts/s", "times faster"),
        *("kgpub MB", "rdflib MB", "kgpub s", "rdflib s"),
    )
    rows = [_step_row(corpus, step, ("kgpub", step), ("peer", step)) for step in STEPS]
    rows.insert(1, _step_row(corpus, "read, peer with libyaml", ("kgpub", "read"), LIBYAML))
    title = f"{corpus.facts:,} facts, {corpus.articles:,} articles, {corpus.quads:,} quads"
    return _section(title, _table(header, rows))


def _step_row(corpus: Corpus, title: str, ours: Key, theirs: Key) -> Row:
    one, other = corpus.measurements[ours], corpus.measurements[theirs]
    return (
        title,
        _rate(corpus.facts, one),
        _rate(corpus.facts, other),
        _ratio(other, one),
        _megabytes(one),
        _megabytes(other),
        _seconds(one),
        _seconds(other),
    )


def _has_parsers(corpus: Corpus) -> bool:
    return any(("documents", name) in corpus.measurements for name in _PARSERS)


def _parsers(corpus: Corpus) -> str:
    mapping = corpus.measurements["kgpub", "map"]
    quads = corpus.quads
    rows = [("kgpub, tree to quads", _rate(quads, mapping), "", "1")]
    for name, title in _PARSERS.items():
        measured = corpus.measurements["documents", name]
        documents = 1 if name.endswith("-one") else 2 * corpus.articles
        shown = "" if documents == 1 else _rate(documents, measured)
        rows.append((title, _rate(quads, measured), shown, _ratio(measured, mapping)))
    text = """Mapping beside what JSON-LD parsers do with documents that say the same. Mapping
starts from trees, and also mints identifiers, checks keys and values and computes bounds; the
parsers start from text, in which each document carries its context.
"""
    header = ("", "quads/s", "documents/s", "mapping is times faster")
    return _section(
        f"Mapping and JSON-LD, {corpus.facts:,} facts", text + "\n" + _table(header, rows)
    )


def _builds(corpora: Iterable[Corpus]) -> str:
    header = ("facts", "kgpub build", "seconds by the clock", "processor s", "MB")
    builds = [(corpus, kind) for corpus in corpora for kind in BUILDS]
    measured = [(corpus, kind, corpus.measurements["build", kind]) for corpus, kind in builds]
    rows = [
        (f"{corpus.facts:,}", kind, _elapsed(each), _seconds(each), _megabytes(each))
        for corpus, kind, each in measured
    ]
    text = "The whole command, start of Python included.\n"
    return _section("Whole builds", text + "\n" + _table(header, rows))


def _rate(things: int, measured: Measurement) -> str:
    if not measured.samples:
        return measured.why
    fastest, slowest = (things / seconds for seconds in measured.spread)
    middle = f"{_round(things / measured.seconds)}"
    if len(measured.samples) == 1:
        return middle
    return f"{middle} ({_round(slowest)} to {_round(fastest)})"


def _ratio(slower: Measurement, faster: Measurement) -> str:
    pairs = list(zip(slower.samples, faster.samples, strict=False))
    if not pairs:
        return ""
    ratio = median(one.seconds / other.seconds for one, other in pairs)
    return f"{ratio:,.0f}" if ratio >= 20 else f"{ratio:.2g}" if ratio < 1 else f"{ratio:.1f}"


def _three_digits(number: float) -> str:
    return f"{number:.3g}" if number < 1000 else f"{float(f'{number:.3g}'):,.0f}"


def _seconds(measured: Measurement) -> str:
    return _three_digits(measured.seconds) if measured.samples else measured.why


def _elapsed(measured: Measurement) -> str:
    return _three_digits(measured.elapsed) if measured.samples else ""


def _megabytes(measured: Measurement) -> str:
    return f"{measured.peak / 1e6:,.0f}" if measured.samples else ""


def _round(rate: float) -> str:
    """Three digits: more than that no run repeats."""
    return f"{float(f'{rate:.3g}'):,.0f}" if rate >= 10 else f"{rate:.2g}"


def _section(title: str, body: str) -> str:
    return f"## {title}\n\n{body}"


def _table(header: Row, rows: Iterable[Row]) -> str:
    return "".join(f"{line}\n" for line in _lines(header, rows))


def _lines(header: Row, rows: Iterable[Row]) -> Iterator[str]:
    yield f"| {' | '.join(header)} |"
    yield f"|{'---|' * len(header)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _load() -> float:
    """Return the load average of the last quarter of an hour, which this program takes part in."""
    return getloadavg()[2]


def _processor() -> str:
    return _line_of("/proc/cpuinfo", "model name") or platform.processor() or platform.machine()


def _memory() -> str:
    total = _line_of("/proc/meminfo", "MemTotal").removesuffix(" kB")
    return f"{int(total) / 1e6:,.0f} GB" if total else "unknown"


def _line_of(path: str, name: str) -> str:
    """Return what stands behind `name` in one of Linux's files; empty on other systems."""
    file = Path(path)
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "")
