"""The page of what was measured of servers."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.serving_load import Measured
from benchmarks.serving_runs import COMPUTED, CONNECTIONS, REPEATED, Beside, Large, Rounds

OURS, OXIGRAPH, RDFLIB = "kgpub serve", "oxigraph serve", "rdflib-endpoint"
_LOOKUP_SHARE, _SHARE, _TIMES = 0.45, 0.9, 10.0
"""Of what oxigraph serve and rdflib-endpoint answer; see the issue on serving."""
_MOST_RATIO = 2.0


@dataclass(frozen=True)
class Results:
    """All that was measured; `rows` is how many each kind's answers have together.

    `others` is how many processes, on average, wanted a processor before it began.
    """

    triples: int
    rounds: int
    seconds: float
    others: float
    rows: Mapping[str, int]
    throughput: Sequence[Rounds]
    beside: Sequence[Beside]
    large: Mapping[str, Sequence[Large]]


def page(results: Results) -> str:
    """Return the results as Markdown."""
    return "\n".join(
        [
            "# Serving, measured",
            "",
            "Written by `make bench-serving` (`python -m benchmarks.serving`); do not edit.",
            f"Python {platform.python_version()}, {os.cpu_count()} cores shared with the load and",
            f"with other work, of which {results.others:.1f} processes wanted a processor when it",
            "began: trust the ratios, and the processor's more than the clock's where that is more",
            "than a few tenths.",
            "",
            *_throughput(results),
            *_beside(results.beside),
            *_large(results.large),
        ]
    )


def _throughput(results: Results) -> list[str]:
    lines = [
        "## Requests a second",
        "",
        f"{results.triples:,} triples; {CONNECTIONS} connections in a closed loop on loopback;",
        f"medians of {results.rounds} rounds of {results.seconds:g} s, in each of which all",
        "servers take turns. Each request is another text, so that it is evaluated, but for those",
        "that are `repeated`. Ratios are medians of those of single rounds (least to most). Before",
        "that all servers gave the same rows. `ms` are the processor's, for one request, in all",
        "processes and threads of the server; `processor` is how many times as much of them",
        "kgpub takes, and `its processor` how many times as much rdflib-endpoint takes.",
        "",
    ]
    for generator in dict.fromkeys(each.generator for each in results.throughput):
        found = [each for each in results.throughput if each.generator == generator]
        lines += [f"### Load by {generator}", "", *_rates(found, results.rows), ""]
        lines += [*_ratios(found), ""]
    return lines


def _rates(found: Sequence[Rounds], rows: Mapping[str, int]) -> list[str]:
    columns = list(found[0].of)
    titles = [f"{name}{'' if way == COMPUTED else f', {way}'}" for name, way in columns]
    lines = [
        f"| query | rows | {' | '.join(f'{title} | ms' for title in titles)} |",
        f"|---|--:|{'--:|--:|' * len(columns)}",
    ]
    for each in found:
        cells = [each.kind, f"{rows[each.kind]:,}"]
        for name, way in columns:
            cells += [f"{each.rate(name, way):,.0f}", f"{1000 * each.cost(name, way):.2f}"]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _ratios(found: Sequence[Rounds]) -> list[str]:
    with_rdflib = (RDFLIB, COMPUTED) in found[0].of
    titles = ["query", f"computed ÷ {OXIGRAPH}", "at least", "processor", f"repeated ÷ {OXIGRAPH}"]
    titles += ["at least"]
    titles += [f"computed ÷ {RDFLIB}", "at least", "its processor"] if with_rdflib else []
    lines = [f"| {' | '.join(titles)} |", f"|---|{'--:|' * (len(titles) - 1)}"]
    for each in found:
        least = _LOOKUP_SHARE if each.kind in _QUICK else _SHARE
        computed = each.ratios((OURS, COMPUTED), (OXIGRAPH, COMPUTED))
        repeated = each.ratios((OURS, REPEATED), (OXIGRAPH, COMPUTED))
        cells = [each.kind, *_judged(computed, least)]
        cells.append(f"{each.cost(OURS) / each.cost(OXIGRAPH):.2f}")
        cells += _judged(repeated, 1.0)
        if with_rdflib:
            cells += _judged(each.ratios((OURS, COMPUTED), (RDFLIB, COMPUTED)), _TIMES)
            cells.append(f"{each.cost(RDFLIB) / each.cost(OURS):.1f}")
        lines.append(f"| {' | '.join(cells)} |")
    return lines


_QUICK = ("lookup", "construct")
"""A construct of one entity is a lookup in another form."""


def _judged(ratios: Sequence[float], least: float) -> list[str]:
    middle = median(ratios)
    told = f"{middle:.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
    return [told, f"{least:g}: {'yes' if middle >= least else 'NO'}"]


def _beside(found: Sequence[Beside]) -> list[str]:
    lines = [
        "## Quick queries beside hostile ones",
        "",
        "Lookups, each another text, by turns alone and while eight connections ask for cross",
        "products, explosions of paths, huge sorts and regexes. Medians of rounds (least to most),",
        "in milliseconds by the clock.",
        "",
        "| connections | | alone | beside | ratio | at most |",
        "|--:|---|--:|--:|--:|--:|",
    ]
    for each in found:
        for name, of in _PERCENTILES.items():
            ratio = each.ratio(of)
            cells = [str(each.connections), name, _spread(each.alone, of), _spread(each.beside, of)]
            cells.append(f"{ratio:.2f}")
            cells.append(
                f"{_MOST_RATIO:g}: {'yes' if ratio <= _MOST_RATIO else 'NO'}"
                if name == "p99"
                else ""
            )
            lines.append(f"| {' | '.join(cells)} |")
    return [*lines, ""]


_PERCENTILES: Mapping[str, Callable[[Measured], float]] = {
    "p50": lambda each: each.middle,
    "p99": lambda each: each.high,
}


def _spread(measured: Sequence[Measured], of: Callable[[Measured], float]) -> str:
    values = [1000 * of(each) for each in measured]
    return f"{median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


def _large(found: Mapping[str, Sequence[Large]]) -> list[str]:
    lines = [
        "## A large answer",
        "",
        "Milliseconds by the clock to the first byte of the body, and seconds to the last; medians",
        "(least to most). JSON, not compressed.",
        "",
        "| server | MB | first ms | last s |",
        "|---|--:|--:|--:|",
    ]
    for name, fetched in found.items():
        first = [1000 * each.first for each in fetched]
        last = median(each.last for each in fetched)
        told = f"{median(first):.0f} ({min(first):.0f} to {max(first):.0f})"
        lines.append(f"| {name} | {fetched[0].size / 1e6:.1f} | {told} | {last:.2f} |")
    return [*lines, ""]
