"""Compares what one submission asserts with what is published."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import replace
from functools import cache
from typing import TypeAlias

from pyoxigraph import NamedNode, Quad, Store

from kgpub.errors import Place
from kgpub.messages import Given, Lines, Message
from kgpub.model.comparison import Comparison, Outcome, Reason
from kgpub.model.submission import Placed, graph_of
from kgpub.pipeline.comparison import opposed
from kgpub.pipeline.comparison.contradictions import of_the_same
from kgpub.pipeline.comparison.opposed import Opposed
from kgpub.pipeline.comparison.published import (
    MAX_CANDIDATES,
    TYPE,
    Described,
    Own,
    Published,
    Version,
)
from kgpub.pipeline.comparison.saying import Saying, Telling
from kgpub.pipeline.comparison.telling import Mine, Tellings
from kgpub.pipeline.comparison.times import Relation, relation
from kgpub.pipeline.comparison.within import within
from kgpub.reporting.text import isolated, safe
from kgpub.vocabulary import KG
from kgpub.vocabulary import terms as kg
from kgpub.vocabulary.schema import schema

MAX_CONTRADICTIONS = 10
"""Contradictions of one fact that are told, each with another published telling."""
MAX_REASON = 500
"""Characters of the reason for a retraction that are told."""

Pair: TypeAlias = tuple[Reason, frozenset[str]]
"""Two facts, by their IRIs, and why they contradict each other."""

_BEST_FIRST = {
    Reason.same_statement: Outcome.known,
    Reason.same_fact: Outcome.known,
    Reason.known_more_exactly: Outcome.known,
    Reason.more_exact: Outcome.refines,
    Reason.other_time: Outcome.new,
    Reason.said_again: Outcome.new,
    Reason.nothing_like_it: Outcome.new,
}
_RANKS = {reason: rank for rank, reason in enumerate(_BEST_FIRST)}


def compare(
    submission: Placed,
    store: Store,
    own_graph: NamedNode,
    article: Iterable[Quad] = (),
    language: str = "en",
    told_already: Set[Pair] = frozenset(),
) -> tuple[Comparison, ...]:
    """Return how each fact and event that `submission` asserts stands to what is in `store`.

    `own_graph`, that of the submission itself, is passed over in the store. `article` are the
    quads of its article, which may not be published yet. Names are in `language` where there are
    any. The outcomes are in the order of places, then of identifiers; a fact has one outcome of
    new, known and refines, and besides each contradiction, which takes the place of new. Of those
    that are `told_already` nothing is said.
    """
    own = Own([*submission.quads, *article])
    tellings = Tellings(own, Published(store, own_graph, own), language)
    told = [
        each
        for mine in tellings.asserted(submission)
        for each in _compared(mine, tellings, told_already)
    ]
    return tuple(sorted(told, key=_order))


def compare_files(
    parts: Iterable[Placed], files: Iterable[str], store: Store | None, language: str = "en"
) -> tuple[Comparison, ...]:
    """Compare those submissions among the `parts` of a dataset that are in `files`.

    With what is in `store`, where something is published, and with each other; what contradicts
    another of them is told so once, whether that is published as well or not. Only their quads are
    asked for, and those of their articles: parts may be read when they are.
    """
    wanted = set(files)
    every = list(parts)
    metadata = {each.file.rpartition(".")[0]: each for each in every}
    submissions = [
        (part, metadata.get(f"articles/{slug}/article"))
        for part in every
        if part.file in wanted and (slug := _article(part)) is not None
    ]
    sources = {source.file: source for _, source in submissions if source is not None}
    articles = [quad for source in sources.values() for quad in source.quads]
    told = list(within([part for part, _ in submissions], articles, store, language))
    told_already = {_pair(each.reason, each.fact, each.theirs.fact) for each in told if each.theirs}
    if store is not None:
        for part, source in submissions:
            name = NamedNode(graph_of(part.quads[0]))
            article = source.quads if source else ()
            told += compare(part, store, name, article, language, told_already)
    return tuple(sorted(told, key=_order))


def _article(part: Placed) -> str | None:
    """Return the slug of the article that a submission is about; None where it is none."""
    name = NamedNode(graph_of(part.quads[0])) if part.quads else None
    articles = (
        quad.object.value.rpartition("/")[2]
        for quad in part.quads
        if quad.subject == name
        and quad.predicate.value == kg.article
        and isinstance(quad.object, NamedNode)
    )
    return next(articles, None)


def _pair(reason: Reason, *facts: str) -> Pair:
    return reason, frozenset(facts)


def _order(told: Comparison) -> tuple[Place, str, str, str, str]:
    theirs = f"{told.theirs.statement} {told.theirs.fact}" if told.theirs else ""
    return told.place, told.fact, told.outcome.value, told.reason.value, theirs


def _compared(mine: Mine, tellings: Tellings, told_already: Set[Pair]) -> list[Comparison]:
    """Return the outcomes of one fact."""
    met = Opposed()
    ranked: list[tuple[int, str, Reason, Version, Message]] = []
    for version in _candidates(mine, tellings, met):
        said = tellings.said(version)
        if said is None or not (version.fact == mine.fact or mine.saying.same(said)):
            continue
        theirs = Telling(version.fact, version.described, said)
        met.add(of_the_same(mine, theirs), mine, version, tellings)
        if said.negated == mine.saying.negated:
            reason, explanation = _likeness(mine, version, said)
            ranked.append((_RANKS[reason], str(version.statement), reason, version, explanation))
    opposed.holders(mine, tellings, met)
    opposed.births(mine, tellings, met)
    met.found = [
        (reason, version)
        for reason, version in met.found
        if _pair(reason, mine.fact.value, version.fact.value) not in told_already
    ]
    against = _against(mine, tellings, met)
    best = min(ranked, key=lambda each: each[:2], default=None)
    if best is None or best[2] is Reason.other_time:
        again = _said_again(mine, tellings)
        if against:
            return [replace(each, notes=(*each.notes, *again)) for each in against]
        if again:
            return [_told(mine, Reason.said_again, None, again[0], met, tellings)]
        if best is None:
            reason = Reason.nothing_like_it
            return [_told(mine, reason, None, Message(reason.value), met, tellings)]
    _, _, reason, version, explanation = best
    return [_told(mine, reason, version, explanation, met, tellings), *against]


def _said_again(mine: Mine, tellings: Tellings) -> tuple[Message, ...]:
    """Return when and why the very fact was retracted last, nothing where it was not."""
    found = tellings.published.retraction(mine.fact)
    if found is None:
        return ()
    day, reasons = found
    texts = {each.language or "": _reason(each.value) for each in reasons}
    why = Given("reason", texts) if texts else ""
    return (Message(Reason.said_again.value, day=day, why=why),)


def _reason(text: str) -> str:
    told = text if len(text) <= MAX_REASON else f"{text[:MAX_REASON]}…"
    return f"“{isolated(safe(told))}”"


def _candidates(mine: Mine, tellings: Tellings, met: Opposed) -> list[Version]:
    """Return published tellings of the fact itself, and of those that may say the same."""
    published = tellings.published
    itself = published.versions(mine.fact)
    for statement in mine.statements[: len(itself)]:
        graph = published.asserts(statement, mine.fact)
        if graph is not None:
            described = published.describe(mine.fact, graph)
            itself = (Version(mine.fact, statement, graph, described), *itself)
            break
    times = mine.saying.times
    if itself and _hashed(mine.fact) and not (times.certain or times.current):
        return list(itself)  # nothing is more like it, and nothing certain contradicts it
    candidates, whole = published.candidates(
        [(each, published.equivalents(node)) for each, node in mine.saying.anchors]
    )
    met.whole &= whole
    kinds = mine.described.get(kg.kind, ())
    alike = [each for each in candidates if not kinds or published.has(each, kg.kind, kinds)]
    others = published.all_versions(each for each in alike if each != mine.fact)
    return [
        *itself,
        *(each for each in others if _same_class(mine.described, each.described)),
    ]


def _hashed(fact: NamedNode) -> bool:
    """Whether the IRI is a hash of all that the fact says; that of an event may be a name."""
    return "/fact/" in fact.value


def _same_class(one: Described, other: Described) -> bool:
    """Whether class and kind are the same: cheaper to see than whether all is."""
    return one.get(TYPE) == other.get(TYPE) and one.get(kg.kind) == other.get(kg.kind)


def _likeness(mine: Mine, version: Version, said: Saying) -> tuple[Reason, Message]:
    """Return how a telling that says the same stands to mine, and what to say of it."""
    reason, more = _relation(mine, version, said)
    if reason is Reason.more_exact:
        keys = [Message("a-name", name=_key_of(each)) for each in more]
        return reason, Message("more-exact", what=Lines(keys, Message("comma")))
    if more:
        return reason, Message("other-denial")
    return reason, Message(reason.value)


def _relation(mine: Mine, version: Version, said: Saying) -> tuple[Reason, list[str]]:
    """Return how a telling that says the same stands to mine, and what tells the two apart."""
    if version.fact == mine.fact and version.statement in mine.statements:
        return Reason.same_statement, []
    one = version.fact == mine.fact and mine.saying.times == said.times
    how = Relation.same if one else relation(mine.saying.times, said.times)
    if version.fact == mine.fact and _hashed(mine.fact):
        return Reason.same_fact, []
    if how in (Relation.apart, Relation.crossing):
        return Reason.other_time, []
    more, less = mine.saying.beyond(said), said.beyond(mine.saying)
    if mine.saying.negated and (more or less):
        return Reason.other_time, [*more, *less]
    if how is Relation.finer or more:
        theirs = dict(said.times.texts)
        refined = [key for key, text in mine.saying.times.texts if theirs.get(key) != text]
        added = refined if how is Relation.finer else []
        return Reason.more_exact, [*added, *(each.removeprefix(KG) for each in more)]
    if how is Relation.coarser or less:
        return Reason.known_more_exactly, []
    return Reason.same_fact, []


@cache
def _key_of(property_: str) -> str:
    """Return the key of a submission that stands for a property, told by its local name."""
    terms = schema("").terms.values()
    return next((each.key for each in terms if each.predicate.value == KG + property_), property_)


def _against(mine: Mine, tellings: Tellings, met: Opposed) -> list[Comparison]:
    """Return the contradictions, each published fact once for each reason."""
    first: dict[tuple[Reason, str], Version] = {}
    for reason, version in met.found:
        first.setdefault((reason, version.fact.value), version)
    chosen = sorted(first.items(), key=lambda each: (each[0][0].value, each[0][1]))
    told = [
        _told(mine, reason, version, Message(reason.value), met, tellings)
        for (reason, _), version in chosen[:MAX_CONTRADICTIONS]
    ]
    if len(chosen) > len(told):
        more = Message("more-contradict", number=f"{len(chosen) - len(told):,}")
        told = [replace(each, notes=(*each.notes, more)) for each in told]
    return told


def _told(
    mine: Mine,
    reason: Reason,
    version: Version | None,
    explanation: Message,
    met: Opposed,
    tellings: Tellings,
) -> Comparison:
    theirs = None
    if version is not None:
        theirs = tellings.told(version.fact, version.statement, version.described)
    in_part = Message("looked-at-in-part", number=f"{MAX_CANDIDATES:,}")
    return Comparison(
        _BEST_FIRST.get(reason, Outcome.contradicts),
        reason,
        mine.fact.value,
        mine.place,
        tellings.told(mine.fact, mine.statements[0], mine.described),
        theirs,
        explanation,
        (in_part,) if not met.whole or tellings.published.exhausted else (),
    )
