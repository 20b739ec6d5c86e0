"""Compares what one submission asserts with what is published."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pyoxigraph import NamedNode, Quad, Store

from kgpub.errors import Place
from kgpub.model.comparison import Comparison, Outcome, Reason
from kgpub.model.submission import graph_of
from kgpub.pipeline.comparison import contradictions
from kgpub.pipeline.comparison.contradictions import Contradictions
from kgpub.pipeline.comparison.published import (
    MAX_CANDIDATES,
    TYPE,
    Described,
    Own,
    Published,
    Version,
)
from kgpub.pipeline.comparison.saying import Saying
from kgpub.pipeline.comparison.telling import Mine, Submitted, Tellings
from kgpub.pipeline.comparison.times import Relation, relation
from kgpub.vocabulary import KG
from kgpub.vocabulary import terms as kg

MAX_CONTRADICTIONS = 10
"""Contradictions of one fact that are told, each with another published telling."""

_MANY = (
    "More is published about these entities than was looked at"
    f" ({MAX_CANDIDATES:,} of each): more may agree or contradict."
)
_EXPLAINED = {
    Reason.nothing_like_it: "nothing like it is published",
    Reason.other_time: "the same is published of another time, or not certainly of this one",
    Reason.same_statement: "this very statement is published already",
    Reason.same_fact: "the same fact is published already",
    Reason.known_more_exactly: "the same fact is published already, and known more exactly",
    Reason.more_exact: "the same fact is published less exactly",
    Reason.two_holders: "two persons certainly hold at one time an office that only one can hold",
    Reason.two_current_holders: (
        "two persons hold at the time of writing an office that only one can hold"
    ),
    Reason.same_ordinal: "two persons have the same place in one series of holders of an office",
    Reason.once_only: "it happens to anybody but once, and no day is possible for both",
    Reason.other_dates: "both tell of one period or event, and of dates that cannot both be",
    Reason.denied: "one affirms what the other denies, for a time that both certainly cover",
}
_BEST_FIRST = {
    Reason.same_statement: Outcome.known,
    Reason.same_fact: Outcome.known,
    Reason.known_more_exactly: Outcome.known,
    Reason.more_exact: Outcome.refines,
    Reason.other_time: Outcome.new,
    Reason.nothing_like_it: Outcome.new,
}
_RANKS = {reason: rank for rank, reason in enumerate(_BEST_FIRST)}


def compare(
    submission: Submitted,
    store: Store,
    own_graph: NamedNode,
    article: Iterable[Quad] = (),
    language: str = "en",
) -> tuple[Comparison, ...]:
    """Return how each fact and event that `submission` asserts stands to what is in `store`.

    `own_graph`, that of the submission itself, is passed over in the store. `article` are the
    quads of its article, which may not be published yet. Names are in `language` where there are
    any. The outcomes are in the order of places, then of identifiers; a fact has one outcome of
    new, known and refines, and besides each contradiction, which takes the place of new.
    """
    own = Own([*submission.quads, *article])
    tellings = Tellings(own, Published(store, own_graph, own), language)
    told = [each for mine in tellings.asserted(submission) for each in _compared(mine, tellings)]
    return tuple(sorted(told, key=_order))


def compare_files(
    parts: Iterable[Submitted], files: Iterable[str], store: Store, language: str = "en"
) -> tuple[Comparison, ...]:
    """Compare those submissions among the `parts` of a dataset that are in `files`."""
    wanted = set(files)
    graphs = {graph_of(part.quads[0]): part for part in parts if part.quads}
    told: list[Comparison] = []
    for graph, part in graphs.items():
        if part.file in wanted:
            name = NamedNode(graph)
            articles = [
                quad.object.value
                for quad in part.quads
                if quad.subject == name
                and quad.predicate.value == kg.article
                and isinstance(quad.object, NamedNode)
            ]
            for article in articles[:1]:
                source = graphs.get(article)
                told += compare(part, store, name, source.quads if source else (), language)
    return tuple(sorted(told, key=_order))


def _order(told: Comparison) -> tuple[Place, str, str, str, str]:
    theirs = f"{told.theirs.statement} {told.theirs.fact}" if told.theirs else ""
    return told.place, told.fact, told.outcome.value, told.reason.value, theirs


def _compared(mine: Mine, tellings: Tellings) -> list[Comparison]:
    """Return the outcomes of one fact."""
    met = Contradictions()
    ranked: list[tuple[int, str, Reason, Version, str]] = []
    for version in _candidates(mine, tellings, met):
        said = tellings.said(version)
        if said is None or not (version.fact == mine.fact or mine.saying.same(said)):
            continue
        if said.negated != mine.saying.negated:
            if contradictions.denied(mine, version.fact, said, tellings):
                met.found.append((Reason.denied, version))
            continue
        reason, detail = _likeness(mine, version, said)
        ranked.append((_RANKS[reason], str(version.statement), reason, version, detail))
        if contradictions.other_dates(mine, version.fact, said):
            met.found.append((Reason.other_dates, version))
    contradictions.holders(mine, tellings, met)
    contradictions.once_only(mine, tellings, met)
    against = _against(mine, tellings, met)
    best = min(ranked, key=lambda each: each[:2], default=None)
    if best is None or best[2] is Reason.other_time:
        if against:
            return against
        if best is None:
            return [_told(mine, Reason.nothing_like_it, None, "", met, tellings)]
    _, _, reason, version, detail = best
    return [_told(mine, reason, version, detail, met, tellings), *against]


def _candidates(mine: Mine, tellings: Tellings, met: Contradictions) -> list[Version]:
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


def _likeness(mine: Mine, version: Version, said: Saying) -> tuple[Reason, str]:
    """Return how a telling that says the same stands to mine, and what mine adds to it."""
    if version.fact == mine.fact and version.statement in mine.statements:
        return Reason.same_statement, ""
    one = version.fact == mine.fact and mine.saying.times == said.times
    how = Relation.same if one else relation(mine.saying.times, said.times)
    if version.fact == mine.fact and _hashed(mine.fact):
        return Reason.same_fact, ""
    if how in (Relation.apart, Relation.crossing):
        return Reason.other_time, ""
    more, less = mine.saying.beyond(said), said.beyond(mine.saying)
    if mine.saying.negated and (more or less):
        return Reason.other_time, "what is denied is not certainly the same"
    if how is Relation.finer or more:
        added = ["time"] if how is Relation.finer else []
        added += (each.removeprefix(KG) for each in more)
        return Reason.more_exact, f"this tells more of {', '.join(added)}"
    if how is Relation.coarser or less:
        return Reason.known_more_exactly, ""
    return Reason.same_fact, ""


def _against(mine: Mine, tellings: Tellings, met: Contradictions) -> list[Comparison]:
    """Return the contradictions, each published fact once for each reason."""
    first: dict[tuple[Reason, str], Version] = {}
    for reason, version in met.found:
        first.setdefault((reason, version.fact.value), version)
    chosen = sorted(first.items(), key=lambda each: (each[0][0].value, each[0][1]))
    told = [
        _told(mine, reason, version, "", met, tellings)
        for (reason, _), version in chosen[:MAX_CONTRADICTIONS]
    ]
    if len(chosen) > len(told):
        more = f"{len(chosen) - len(told):,} more published facts contradict it."
        told = [replace(each, note=f"{each.note} {more}".strip()) for each in told]
    return told


def _told(
    mine: Mine,
    reason: Reason,
    version: Version | None,
    detail: str,
    met: Contradictions,
    tellings: Tellings,
) -> Comparison:
    theirs = None
    if version is not None:
        theirs = tellings.told(version.fact, version.statement, version.described)
    return Comparison(
        _BEST_FIRST.get(reason, Outcome.contradicts),
        reason,
        mine.fact.value,
        mine.place,
        tellings.told(mine.fact, mine.statements[0], mine.described),
        theirs,
        _EXPLAINED[reason] + (f": {detail}" if detail else ""),
        _MANY if not met.whole or tellings.published.exhausted else "",
    )
