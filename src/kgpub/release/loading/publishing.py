"""A release put into a store: staged, counted, swapped in by one update, counted again.

Whatever breaks it off, the store holds the old release or the new, and how far the loading is; to
go on is to do the same again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from kgpub.errors import DataError, StoreError
from kgpub.release.loading import texts
from kgpub.release.loading.dump import Dump, DumpSummary
from kgpub.release.loading.plan import Names, Plan, Record, planned
from kgpub.release.loading.staging import Bounds, begin, stage
from kgpub.release.loading.target import Target
from kgpub.store.endpoint import Busy

_MAX_TOLD = 5
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Terms:
    """How to load: in requests of what size, `fresh` all graphs whatever the store says it has.

    With `adopt` a graph that has the right number of triples, and that kgpub did not load, is taken
    for that of the release, as after a bulk loader. `fewer` allows the store to hold fewer triples
    than it was sent: some make one of two whose literals have the same value.
    """

    bounds: Bounds = field(default_factory=Bounds)
    fresh: bool = False
    fewer: bool = False
    adopt: bool = False


@dataclass(frozen=True)
class Published:
    """What the store holds now, and what it took: `resumed` is where an earlier run had come to."""

    graphs: int
    quads: int
    changed: int
    gone: int
    sent: int
    resumed: int


def publish(dump: Dump, target: Target, base: str, terms: Terms, progress: Progress) -> Published:
    """Have the store hold the graphs of `dump`, and no others of the dataset that begins at `base`.

    Raises DataError, CallError, StoreError; then the store holds what it held, or `dump`.
    """
    progress("reading the release")
    summary = dump.summary()
    names = Names.of(base)
    _require_ours(dump, summary, base)
    if names.record.value in summary.graphs:
        message = f"{dump.path}: has the graph {names.record}, which only stores have"
        raise DataError(message, "Load a release as kgpub writes it, not the dump of a store.")
    progress("asking the store what it holds")
    held = target.record(names)
    begun = target.run(names)
    if begun and begun == held.run:  # it was swapped, and no more
        _finish(target, names)
        begun = ""
    if terms.adopt:
        progress("counting what the store holds")
        held = _adopted(target, summary, held)
    plan = planned(summary, held, names, terms.fresh)
    if plan is None:
        if target.is_planned(names):
            target.forget(names)
        _verify(target, summary, (), terms.fewer)
        return Published(len(summary.graphs), summary.quads, 0, 0, 0, 0)
    resumed = target.sent(names) if begun == plan.run else 0
    if begun != plan.run:
        _start(target, plan, terms)
    sent = _load(target, plan, dump, terms, resumed, progress)
    progress("putting the new graphs in the place of the old")
    _swap(target, plan)
    progress("removing what was staged")
    _finish(target, names)
    progress("counting")
    _verify(target, summary, plan.gone, terms.fewer)
    counts = len(summary.graphs), summary.quads, len(plan.changed), len(plan.gone)
    return Published(*counts, sent, resumed)


def _require_ours(dump: Dump, summary: DumpSummary, base: str) -> None:
    """Raise DataError for a dump that is none of the dataset: all that is published would go."""
    foreign = next((name for name in summary.graphs if not name.startswith(base)), None)
    if foreign is not None:
        message = f"{dump.path}: has the graph {foreign}, which is not below {base}"
        raise DataError(message, "Run it in the workspace that the release is of, or name that.")
    if not summary.graphs:
        message = f"{dump.path}: holds nothing"
        raise DataError(message, "Load a release; to remove a dataset, drop its graphs by hand.")


def _adopted(target: Target, summary: DumpSummary, held: Record) -> Record:
    """Return the record as if it had told of all other graphs whose counts are right.

    A graph that it names is what it says, even where the new one has as many triples.
    """
    others = summary.graphs.keys() - held.graphs.keys()
    found = target.counts(others)
    right = {
        name: summary.graphs[name] for name in found if summary.graphs[name].triples == found[name]
    }
    return replace(held, graphs={**held.graphs, **right})


def _start(target: Target, plan: Plan, terms: Terms) -> None:
    target.forget(plan.names)
    begin(target, plan, terms.bounds)
    if target.run(plan.names) != plan.run:
        message = f"{target.service.shown} takes an update, but a query does not see what it wrote"
        raise StoreError(message, "Check that both addresses are services of the same dataset.")


def _load(
    target: Target, plan: Plan, dump: Dump, terms: Terms, resumed: int, progress: Progress
) -> int:
    """Send what is not there yet, and see that all is; return how many quads were sent."""
    expected = plan.expected()
    total = sum(expected.values())

    def told(sent: int) -> None:
        progress(f"loading: {sent:,} of {total:,} quads")

    stage(target, plan, dump, terms.bounds, resumed, told)
    progress("counting what was staged")
    wrong = _wrong(target, expected, terms.fewer)
    if wrong and resumed:  # the store has lost some of it since: all once more
        _start(target, plan, terms)
        stage(target, plan, dump, terms.bounds, resumed := 0, told)
        wrong = _wrong(target, expected, terms.fewer)
    if wrong:
        becomes = {name.value: graph for graph, name in plan.staged.items()}
        raise _mismatch(target, {becomes[name]: counts for name, counts in wrong.items()})
    return total - resumed


def _swap(target: Target, plan: Plan) -> None:
    """Swap; whether it is done is for the record to say, as an answer may be lost."""

    def act() -> None:
        try:
            target.service.update(texts.swap(plan.names.plan, plan.names.record, plan.run))
        except Busy:
            if target.held_run(plan.names) != plan.run:
                raise

    target.patiently(act)
    if target.held_run(plan.names) != plan.run:
        message = f"{target.service.shown} has taken the swap, but holds the old release"
        raise StoreError(
            message, "Another kgpub may be loading into it: try again when it is done."
        )


def _finish(target: Target, names: Names) -> None:
    target.drop_gone(names)
    target.forget(names)


def _verify(target: Target, summary: DumpSummary, gone: Iterable[str], fewer: bool) -> None:
    """Raise StoreError unless each graph has as many triples as the release says."""
    expected = {name: graph.triples for name, graph in summary.graphs.items()}
    if wrong := _wrong(target, expected | dict.fromkeys(gone, 0), fewer):
        raise _mismatch(target, wrong)


def _wrong(target: Target, expected: Mapping[str, int], fewer: bool) -> dict[str, tuple[int, int]]:
    """Return the graphs that have another number of triples, each with that and the right one."""
    found = target.counts(expected)
    return {
        name: (found[name], right)
        for name, right in expected.items()
        if found[name] != right and not (fewer and 0 < found[name] < right)
    }


def _mismatch(target: Target, wrong: Mapping[str, tuple[int, int]]) -> StoreError:
    told = [
        f"{name} has {found:,} triples instead of {right:,}"
        for name, (found, right) in list(wrong.items())[:_MAX_TOLD]
    ]
    if len(wrong) > _MAX_TOLD:
        told.append(f"and {len(wrong) - _MAX_TOLD:,} more")
    remedy = (
        "Load again with --fresh. If it stays so, the store makes one of two literals of the same "
        "value (docs/loading.md): --allow-fewer loads it all the same."
    )
    return StoreError(f"{target.service.shown}: " + "; ".join(told), remedy)
