"""The store that a release is loaded into: what it holds, and how that is changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice

from pyoxigraph import Literal, NamedNode, QuerySolutions

from kgpub.errors import StoreError
from kgpub.patience import Clock, Patience, persist
from kgpub.release.loading import texts
from kgpub.release.loading.dump import GraphSummary
from kgpub.release.loading.plan import GONE, Names, Record
from kgpub.store.endpoint import Busy, Endpoint, Rejected
from kgpub.store.remote import RemoteStore

PATIENCE = Patience(tries=8, seconds=600.0, first=0.5, longest=60.0)
"""What a server takes to start again, or a proxy to find another."""
_PAGE = 1_000
"""Rows of one answer; servers cut longer ones off, and some do not say so."""
_TOGETHER = 100
"""Graphs of one request."""
_MAX_GRAPHS = 1_000_000
_MAX_DIGITS = 18
_SAME = "Check that both addresses are services of the same dataset."
_ANOTHER = "The graph is kgpub's own: remove it, and load again with --fresh."

Row = Mapping[str, str]


class Target:
    """A store by its two services, asked again while it is busy; `tell` hears of that."""

    def __init__(
        self,
        service: Endpoint,
        store: RemoteStore,
        tell: Callable[[str], None] = lambda text: None,
        patience: Patience = PATIENCE,
        clock: Clock | None = None,
    ) -> None:
        self.service = service
        self._store = store
        self._tell = tell
        self._patience = patience
        self._clock = clock or Clock()
        self._drops = True

    def update(self, sparql: str) -> None:
        """Have an update executed, once or more often. Raises StoreError."""
        self.patiently(lambda: self.service.update(sparql))

    def patiently(self, act: Callable[[], None]) -> None:
        """Do something again while the store is busy. Raises Busy after the last try."""

        def told(busy: Busy, pause: float) -> None:
            self._tell(f"{busy.message}; trying again in {pause:.1f} s")

        persist(act, Busy, self._patience, self._clock, _given_up, told)

    def record(self, names: Names) -> Record:
        """Return what the store says it holds. Raises StoreError where that makes no sense."""
        head = self.rows(texts.record(names.record))
        if not head:
            return Record()
        if len(head) > 1:
            message = f"{self.service.shown}: {names.record} names more than one release"
            raise StoreError(message, _ANOTHER)
        graphs = self._recorded(names)
        return Record(head[0].get("run", ""), head[0].get("release", ""), graphs)

    def _recorded(self, names: Names) -> dict[str, GraphSummary]:
        """Return the graphs of a record, asked for in pages, in whatever order the store sorts by.

        That of QLever is the alphabet's, not that of code points as in SPARQL.
        """
        graphs: dict[str, GraphSummary] = {}
        after = ""
        while rows := self.rows(texts.recorded(names.record, after, _PAGE)):
            for row in rows:
                triples = _count(row.get("triples", ""))
                if triples is None or "graph" not in row or "digest" not in row:
                    message = f"{self.service.shown}: {names.record} is not as kgpub writes it"
                    raise StoreError(message, _ANOTHER)
                if row["graph"] in graphs:
                    message = f"{self.service.shown} sorts otherwise than it compares"
                    raise StoreError(message, _ANOTHER)
                graphs[row["graph"]] = GraphSummary(triples, row["digest"])
            self._require_few(len(graphs))
            after = rows[-1]["graph"]
        told = _number(self.rows(texts.recorded_number(names.record)))
        if told != len(graphs):
            message = f"{self.service.shown} names {len(graphs):,} of its {told or 0:,} graphs"
            raise StoreError(message, _ANOTHER)
        return graphs

    def run(self, names: Names) -> str:
        """Return the run of the plan that is there, "" for none."""
        rows = self.rows(texts.run(names.plan))
        return rows[0]["run"] if len(rows) == 1 else ""

    def is_planned(self, names: Names) -> bool:
        """Whether anything of a plan is there, be it whole or not."""
        return self.counts([names.plan.value]) != {names.plan.value: 0}

    def held_run(self, names: Names) -> str:
        """Return the run of the record, "" for none."""
        rows = self.rows(texts.record(names.record))
        return rows[0]["run"] if len(rows) == 1 else ""

    def sent(self, names: Names) -> int:
        """Return how many quads the plan says were sent."""
        return _number(self.rows(texts.sent(names.plan))) or 0

    def counts(self, graphs: Iterable[str]) -> dict[str, int]:
        """Return how many triples each of the graphs has."""
        found: dict[str, int] = {}
        left = iter(graphs)
        while some := list(islice(left, _TOGETHER)):
            found |= dict.fromkeys(some, 0)
            for row in self.rows(texts.counts(some)):
                number = _count(row.get("n", ""))
                if row.get("graph") in found and number is not None:
                    found[row["graph"]] = number
        return found

    def forget(self, names: Names) -> None:
        """Empty all graphs that the plan stages, and the plan."""
        self._clear_all(names, texts.staged(names.plan, _TOGETHER))
        self.clear([names.plan])

    def drop_gone(self, names: Names) -> None:
        """Drop the graphs that went when the plan was carried out; the names of empty ones stay."""
        self._clear_all(names, texts.leaving(names.plan, GONE, _TOGETHER))

    def _clear_all(self, names: Names, query: str) -> None:
        """Empty what a query names again and again, until the plan names no more of it.

        Raises StoreError where what the plan has been made to forget comes once more.
        """
        forgotten: set[str] = set()
        while some := self._named(query):
            if not forgotten.isdisjoint(each.value for each in some):
                message = f"{self.service.shown} takes an update, but a query does not see it"
                raise StoreError(message, _SAME)
            self.clear(some)
            self.update(texts.forget(names.plan, some))
            forgotten.update(each.value for each in some)
            self._require_few(len(forgotten))

    def _require_few(self, graphs: int) -> None:
        if graphs > _MAX_GRAPHS:
            message = f"{self.service.shown} names more than {_MAX_GRAPHS:,} graphs of kgpub's"
            raise StoreError(message, _SAME)

    def clear(self, graphs: Sequence[NamedNode]) -> None:
        """Empty graphs, and drop them where the store has a way to."""
        if self._drops:
            try:
                self.update(texts.drop(graphs))
                return
            except Rejected:
                self._drops = False
        self.update(texts.clear(graphs))

    def rows(self, sparql: str) -> list[Row]:
        """Return the solutions of a SELECT, each with the values of what is bound.

        Raises StoreError where what is to be a graph is no IRI.
        """
        found: list[Row] = []

        def ask() -> None:
            answer = self._store.query(sparql)
            if not isinstance(answer, QuerySolutions):
                raise StoreError(f"{self._store.endpoint.shown} answers SELECT with no solutions")
            names = [variable.value for variable in answer.variables]
            solutions = list(answer)
            found[:] = [
                {
                    name: value.value
                    for name in names
                    if isinstance(value := row[name], NamedNode | Literal)
                }
                for row in solutions
            ]

            if any(isinstance(row["graph"], Literal) for row in solutions if "graph" in names):
                raise StoreError(f"{self.service.shown} names a graph that is no IRI", _ANOTHER)

        self.patiently(ask)
        return found

    def _named(self, sparql: str) -> list[NamedNode]:
        return [NamedNode(row["graph"]) for row in self.rows(sparql) if "graph" in row]


def _given_up(busy: Busy, tried: str, pause: float) -> Busy:
    remedy = f"{busy.remedy} Then run the same command again: it goes on where it was."
    return Busy(f"{busy.message}; tried {tried}", remedy.strip())


def _count(text: str) -> int | None:
    """Return the number that a server has written in digits, None for anything else."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= _MAX_DIGITS
    return int(text) if is_number else None


def _number(rows: Sequence[Row]) -> int | None:
    """Return the number `?n` of the first row."""
    return _count(rows[0].get("n", "")) if rows else None


def query_address(update: str) -> str:
    """Return where most stores are asked whose update service has this address."""
    for ending, instead in (("/update", "/query"), ("/statements", "")):
        if update.endswith(ending):
            return update.removesuffix(ending) + instead
    return update
