"""Validation of a change to a graph: what is said afterwards is what validating all of it says.

Results are kept by the root, a shape that has targets, and the focus node that is a target of it.
For a change, those are validated anew that it can matter to, on the part of the graph that they
read (`kgpub.validation.extract`), with any engine; what cannot be bounded is validated anew
on the whole graph, and the log says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Triple

from kgpub.model.report import Node, Report, Result
from kgpub.validation.extract import Extract, Stop, stop_at_focus_nodes
from kgpub.validation.graph_view import Overlay, Remembered, View
from kgpub.validation.index import Subject
from kgpub.validation.neighbourhood import TargetIndex, Touched, Walk, affected, attributed
from kgpub.validation.query_patterns import Prefix
from kgpub.validation.reading_patterns import RootPatterns, Targets, root_patterns, united
from kgpub.validation.shapes import Shapes
from kgpub.validation.split import retargeted
from kgpub.validation.submitted import StoredForms, SubmittedLiterals
from kgpub.vocabulary import SH

if TYPE_CHECKING:
    from kgpub.validation.engines import Engine

_FOCUS = "urn:kgpub:focus"
_MARKS = NamedNode(_FOCUS)

Key = tuple[Subject, Node]
"""A root, and a target of it."""


@dataclass(frozen=True)
class State:
    """What is said of a graph: the results of each root and focus node that has some."""

    results: Mapping[Key, frozenset[Result]]

    @cached_property
    def report(self) -> Report:
        """The report on the whole graph."""
        return Report.of([result for some in self.results.values() for result in some])


@dataclass(frozen=True)
class Recheck:
    """What a change makes of a State.

    `after` is the graph that it leads to. `narrow` counts the pairs of root and focus node that
    were validated on their neighbourhood of `triples` triples. `log` has a line for each root
    that was validated on the whole graph.
    """

    changed: Mapping[Key, frozenset[Result]] = field(repr=False)
    """The new results by key, none where there are none any more; else what was said stays."""
    after: View = field(repr=False)
    narrow: int = 0
    triples: int = 0
    log: tuple[str, ...] = ()

    def applied(self, state: State) -> State:
        """Return the state after the change; `state` is that before it."""
        results = dict(state.results)
        for key, some in self.changed.items():
            if some:
                results[key] = some
            else:
                results.pop(key, None)
        return State(results)


class Incremental:
    """Validates changes of a graph against shapes, with an engine.

    `constant` are triples of all graphs given that no change can remove, such as the ontology's.
    """

    def __init__(self, shapes: Shapes, engine: Engine, constant: Iterable[Triple] = ()) -> None:
        self._shapes = shapes
        self._engine = engine
        self._constant = frozenset(constant)
        self._patterns = root_patterns(shapes)
        self._targets = TargetIndex(self._patterns)
        self._groups = _groups(self._patterns)
        marked = (
            Triple(self._patterns[number].root, NamedNode(SH + "targetObjectsOf"), group.mark)
            for group in self._groups
            for number in group.numbers
        )
        self._marked = _with_targets(shapes, (), list(marked))

    def state(self, graph: View, report: Report) -> State:
        """Return what `report`, on the whole of `graph`, says by key."""
        return State(self._kept(self._patterns, Remembered(graph), report))

    def recheck(
        self,
        state: State,
        before: View,
        added: Iterable[Triple],
        removed: Iterable[Triple],
        forms: StoredForms | None,
    ) -> Recheck:
        """Validate what a change can matter to: `added` is in the graph after it, `removed` is not.

        `state` tells of the graph `before`; much of that is read more than once, so that it had
        better be one that remembers. Removed triples that are not in it, and added ones that are,
        may be among them; one that is both is in the graph afterwards. `forms` are those of
        `before`, or more; None where what is said of a focus node does not depend on what other
        literals there are. Raises WorkspaceError as engines do.
        """
        added = dict.fromkeys(added)
        gone = [each for each in removed if each not in added and each not in self._constant]
        fresh, unknown = _missing(before, added)
        new = Overlay(before, fresh, gone)
        # On a way from a focus node to a change, what lies before the first changed triple is in
        # the graph before and after, so that the way back needs one of the two.
        walk = Walk(new)
        changes = Touched([*fresh, *gone], walk)
        more = SubmittedLiterals(fresh).forms()
        narrow: dict[int, list[Node]] = {}
        wide: dict[Subject, RootPatterns] = {}
        changed: dict[Key, frozenset[Result]] = {}
        log: list[str] = []
        targets, before_or_after = self._targets_among(changes.ends, walk, before if gone else None)
        for number, patterns in enumerate(self._patterns):
            nodes, reason = affected(patterns, changes, before_or_after.get(number, ()))
            reason = reason or _unsettled(patterns, changes, bool(nodes), forms, more)
            if reason:
                wide[patterns.root] = patterns
                log.append(f"{patterns.root} is validated on the whole graph: {reason}")
                continue
            for node in nodes:
                changed[patterns.root, node] = frozenset()
            sure = targets.get(number, {})
            current = [
                node
                for node in nodes
                if node in sure
                or (node not in changes.ends and walk.is_target(patterns.targets, node))
            ]
            if current:
                narrow[number] = current
        if wide:
            changed.update((key, frozenset()) for key in state.results if key[0] in wide)
            report = self._report(wide, new)
            changed.update(self._kept(wide.values(), new, report))
        read = 0
        if narrow:
            extract = Extract(walk, fresh, unknown)
            changed.update(self._narrow(narrow, walk, extract))
            read = len(extract.triples)
        pairs = sum(map(len, narrow.values()))
        return Recheck(changed, new, pairs, read, tuple(log))

    def at(self, graph: View, nodes: Iterable[Node]) -> Report:
        """Validate `nodes`, from the roots that they are targets of, on what of `graph` these read.

        Raises WorkspaceError as engines do.
        """
        walk = Walk(graph)
        narrow: dict[int, list[Node]] = {}
        wide: dict[Subject, RootPatterns] = {}
        for node in dict.fromkeys(nodes):
            for number in self._targets.roots(node, walk):
                patterns = self._patterns[number]
                if patterns.unbounded:
                    wide[patterns.root] = patterns
                else:
                    narrow.setdefault(number, []).append(node)
        results = list(self._report(wide, graph).results) if wide else []
        if narrow:
            kept = self._narrow(narrow, walk, Extract(walk))
            results += [each for some in kept.values() for each in some]
        return Report.of(results)

    def _targets_among(
        self, nodes: Iterable[Node], walk: Walk, before: View | None
    ) -> tuple[dict[int, dict[Node, None]], dict[int, dict[Node, None]]]:
        """Return by root the targets among `nodes`, and with those before a removal."""
        targets: dict[int, dict[Node, None]] = {}
        for node in nodes:
            for number in self._targets.roots(node, walk):
                targets.setdefault(number, {})[node] = None
        if before is None:
            return targets, targets
        either = {number: dict(some) for number, some in targets.items()}
        earlier = Walk(before)
        for node in nodes:
            for number in self._targets.roots(node, earlier):
                either.setdefault(number, {})[node] = None
        return targets, either

    def _narrow(
        self, narrow: Mapping[int, list[Node]], walk: Walk, extract: Extract
    ) -> dict[Key, frozenset[Result]]:
        # Nothing in the shapes can see the marks: SHACL has no path over any predicate, sh:closed
        # looks at what leads away, and a query with such a pattern is not bounded.
        marks: list[Triple] = []
        left = {number: dict.fromkeys(nodes) for number, nodes in narrow.items()}
        for group in self._groups:
            several = [left.get(number, {}) for number in group.numbers]
            common = [node for node in several[0] if all(node in each for each in several)]
            if not common:
                continue
            extract.add(group.stop, dict.fromkeys(common))
            marks += (Triple(_MARKS, group.mark, node) for node in common)
            for each in several:
                for node in common:
                    del each[node]
        results = _by_focus(self._engine.validate([*extract.triples, *marks], self._marked))
        kept: dict[Key, frozenset[Result]] = {}
        for number, nodes in narrow.items():
            patterns = self._patterns[number]
            own = attributed(patterns, nodes, walk, results)
            kept.update(((patterns.root, node), some) for node, some in own.items())
        return kept

    def _report(self, roots: Iterable[Subject], view: View) -> Report:
        """Validate the whole graph from some roots."""
        shapes = _with_targets(self._shapes, roots, [])
        return self._engine.validate(list(view.triples()), shapes)

    def _kept(
        self, roots: Iterable[RootPatterns], view: View, report: Report
    ) -> dict[Key, frozenset[Result]]:
        """Return the results of a report that only `roots` have led to, by key.

        Those of a root that reports along too many paths are found by themselves and kept
        together, as if the root were their target: they are validated together always.
        """
        kept: dict[Key, frozenset[Result]] = {}
        ways: dict[str, list[tuple[RootPatterns, Prefix]]] = {}
        untold = False
        for patterns in roots:
            if patterns.reported is None:
                untold = True
                own = self._report([patterns.root], view)
                kept[patterns.root, patterns.root] = frozenset(own.results)
                continue
            for prefix, shape in patterns.reported:
                ways.setdefault(shape, []).append((patterns, prefix))
        walk = Walk(view)
        found: dict[Key, set[Result]] = {}
        for (shape, focus), some in _by_focus(report).items():
            leading = ways.get(shape, ())
            for patterns, prefix in leading:
                nodes: Iterable[Node] = [focus]
                if prefix or len(leading) > 1 or untold:
                    back = walk.back(prefix, nodes)
                    nodes = [node for node in back if walk.is_target(patterns.targets, node)]
                for node in nodes:
                    found.setdefault((patterns.root, node), set()).update(some)
        kept.update((key, frozenset(some)) for key, some in found.items())
        return kept


@dataclass(frozen=True)
class _Group:
    """Roots to validate together: their numbers, and what they read together.

    Focus nodes are values of `mark`.
    """

    numbers: tuple[int, ...]
    stop: Stop
    mark: NamedNode


def _groups(patterns: Sequence[RootPatterns]) -> list[_Group]:
    """Return groups of roots with the same targets, then each root by itself.

    What is new is often to be validated from all roots that it is a target of. Of these one walk
    reads, and one mark tells the engine.
    """
    same: dict[Targets, list[int]] = {}
    for number, each in enumerate(patterns):
        if not each.unbounded:
            same.setdefault(each.targets, []).append(number)
    together = [tuple(numbers) for numbers in same.values() if len(numbers) > 1]
    alone = [(number,) for number in range(len(patterns))]
    return [
        _Group(
            numbers,
            stop_at_focus_nodes(united(tuple(patterns[number] for number in numbers))),
            NamedNode(f"{_FOCUS}:{'-'.join(map(str, numbers))}"),
        )
        for numbers in [*together, *alone]
    ]


def _unsettled(
    patterns: RootPatterns,
    changes: Touched,
    matters: bool,
    forms: StoredForms | None,
    more: StoredForms,
) -> str:
    """Return why verdicts may differ with what else is in the graph, or "".

    `matters` is whether the change can matter to a focus node.
    """
    if forms is None:
        return ""
    targeted = frozenset(patterns.targets.objects_of)
    for query, alone in patterns.queries:
        read = None if query.predicates is None else query.predicates | targeted
        if matters or read is None or not read.isdisjoint(changes.subjects):
            settled = forms.settles(query, targeted, alone)
            if not settled or not forms.still_settles(query, targeted, alone, more):
                return "a query could tell its literals from what a store makes of them"
    return ""


def _missing(view: View, triples: dict[Triple, None]) -> tuple[dict[Triple, None], set[Node]]:
    """Return those of `triples` that are not in the graph, and of which nodes it says nothing."""
    missing = dict(triples)
    new: set[Node] = set()
    for triple in triples:
        subject = triple.subject
        if isinstance(subject, Triple) or subject in new:
            continue
        if view.away(subject) == []:
            new.add(subject)
        elif triple.object in view.objects(subject, triple.predicate.value):
            del missing[triple]
    return missing, new


def _by_focus(report: Report) -> dict[tuple[str, Node], list[Result]]:
    results: dict[tuple[str, Node], list[Result]] = {}
    for result in report.results:
        results.setdefault((result.shape, result.focus), []).append(result)
    return results


def _with_targets(shapes: Shapes, kept: Iterable[Subject], more: list[Triple]) -> Shapes:
    """Return `shapes` with the targets of `kept` only, and `more`."""
    triples = retargeted(shapes.index, shapes.triples, kept)
    messages = [each for each in shapes.triples if each.predicate.value == SH + "message"]
    return replace(shapes, sources=(("", (*triples, *messages, *more)),))
