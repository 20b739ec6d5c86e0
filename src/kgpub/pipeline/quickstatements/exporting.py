"""The export of a dataset: commands, and how many facts are left out for which reason."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from pyoxigraph import Quad

from kgpub.errors import WorkspaceError
from kgpub.pipeline.quickstatements.claims import Agreed, Claim, claims, qualifiers
from kgpub.pipeline.quickstatements.facts import Facts
from kgpub.pipeline.quickstatements.references import references
from kgpub.reporting.text import counted
from kgpub.serialisation.order import natural
from kgpub.serialisation.quickstatements import Command, Pairs


class Reason(Enum):
    """Why a fact is left out, in the order in which that is looked at; the value says it."""

    unaligned = "no Wikidata property is agreed on"
    negated = "it is told that it is not so"
    contradicted = "another statement contradicts it"
    doubted = "somebody is told to deny it"
    quoted = "only somebody who is quoted says it"
    unlinked = "not both ends have a Wikidata item of their own"
    undated = "a date is no plain day, month or year"
    mixed = "QuickStatements would mix its dates with those of another period"
    unreferenced = "QuickStatements cannot carry the words, or the article names no source"


@dataclass(frozen=True)
class Export:
    """Commands in no certain order, and how many facts are left out for each reason.

    A fact of several pairs, as of two who live at one place, counts once for each pair.
    """

    commands: tuple[Command, ...]
    left_out: Mapping[Reason, int]


@dataclass(frozen=True)
class _Said:
    """What facts say: item, property and value, and dates. What several facts say is said once."""

    main: tuple[str, str, str]
    dates: Pairs


def export_of(
    quads: Iterable[Quad], agreed: Agreed, graph: str = "", now: Callable[[str], str] = str
) -> Export:
    """Return commands for what a dataset states, or of it what the named graph `graph` does.

    `quads` are those of the whole dataset, links and marks of contradictions among them: what is
    linked or contradicted may be told in another graph. `now` returns the QID that an item has
    now, "" where Wikidata has it no longer. Raises WorkspaceError where there is no graph of that
    name.
    """
    facts = Facts(quads, now)
    if graph and graph not in facts.graphs:
        names = ", ".join(sorted(facts.graphs))
        raise WorkspaceError(f"there is no graph {graph}", f"Graphs: {names}.")
    left_out: Counter[Reason] = Counter()
    said: dict[_Said, list[frozenset[str]]] = defaultdict(list)
    elsewhere: set[_Said] = set()
    for fact in sorted(facts.asserting, key=natural):
        statements = {s: g for s, g in facts.asserting[fact].items() if g == graph or not graph}
        if graph:
            of_all = _of_fact(facts, fact, facts.asserting[fact], agreed)
            elsewhere.update(found for found, _ in of_all if isinstance(found, _Said))
        for found, by in _of_fact(facts, fact, statements, agreed) if statements else ():
            if isinstance(found, Reason):
                left_out[found] += 1
            else:
                said[found].append(by)
    commands: list[Command] = []
    mixed = _mixed(elsewhere.union(said))  # the other graphs may be exported after this one
    for each, by_facts in said.items():
        statements_of_all = frozenset().union(*by_facts)
        made = () if each in mixed else tuple(_commands(facts, each, statements_of_all))
        commands += made
        if not made:
            left_out[Reason.mixed if each in mixed else Reason.unreferenced] += len(by_facts)
    counts = {reason: left_out[reason] for reason in Reason if left_out[reason]}
    return Export(tuple(commands), counts)


def notes(export: Export) -> Iterator[str]:
    """Yield how many facts are left out for each reason, a line each."""
    for reason, number in export.left_out.items():
        yield f"{counted(number, 'fact')} left out: {reason.value}"


def _of_fact(
    facts: Facts, fact: str, statements: Mapping[str, str], agreed: Agreed
) -> Iterator[tuple[_Said | Reason, frozenset[str]]]:
    """Yield what a fact says, with the statements of it, or why it is left out."""
    own = {each: graph for each, graph in statements.items() if facts.in_own_voice(each)}
    told: dict[Claim, set[str]] = defaultdict(set)
    for statement, graph in (own or statements).items():
        for claim in claims(facts, fact, graph, agreed):
            told[claim].add(statement)
    reason = _reason(facts, fact) if told else Reason.unaligned
    if reason is None and not own:
        reason = Reason.quoted
    if reason is not None:
        yield reason, frozenset()
        return
    for claim, by in told.items():
        yield _said(facts, claim, qualifiers(facts, fact, claim, agreed)), frozenset(by)


def _reason(facts: Facts, fact: str) -> Reason | None:
    """Return why a fact is not to be taken for true, or None."""
    if facts.negated(fact):
        return Reason.negated
    if fact in facts.contradicted:
        return Reason.contradicted
    return Reason.doubted if fact in facts.doubted else None


def _said(facts: Facts, claim: Claim, dates: Pairs | None) -> _Said | Reason:
    item, value = facts.item(claim.subject), facts.item(claim.value)
    if item is None or value is None or item == value:
        return Reason.unlinked
    return Reason.undated if dates is None else _Said((item, claim.property, value), dates)


def _mixed(said: Iterable[_Said]) -> set[_Said]:
    """Return what has dates that would come to stand beside other dates.

    QuickStatements looks for a statement by item, property and value only, and adds qualifiers to
    the one that it finds.
    """
    periods: dict[tuple[str, str, str], list[_Said]] = defaultdict(list)
    for each in said:
        if each.dates:
            periods[each.main].append(each)
    return {each for several in periods.values() if len(several) > 1 for each in several}


def _commands(facts: Facts, said: _Said, statements: Iterable[str]) -> Iterator[Command]:
    for reference in references(facts, statements):
        yield Command(*said.main, said.dates, reference)
