"""Facts in terms of Wikidata, and which of its properties are agreed on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from kgpub.pipeline.quickstatements.facts import TYPE, Facts
from kgpub.serialisation.quickstatements import Pairs, time_value
from kgpub.vocabulary import KIND, WIKIDATA, resource
from kgpub.vocabulary import terms as kg

Agreed = frozenset[tuple[str, str]]
"""Pairs of a term of the ontology or a kind, by its IRI, and a Wikidata property, as P…."""

_CLOSE_MATCH = "https://w3id.org/kgpub/alignments#closeMatch"
_PROPERTY = re.compile(re.escape(WIKIDATA) + r"(P[1-9][0-9]{0,14})")
_DATES = ((kg.start, "P580"), (kg.end, "P582"), (kg.time, "P585"))

_PARTY = KIND + "political-party"
# Wikidata's P463 is not for who holds a political position, as in a parliament or cabinet, and not
# for soldiers and employees: with these kinds "member of" is what Wikidata calls it.
_WITH_MEMBERS = frozenset(
    KIND + kind
    for kind in (
        *("political-alliance", "non-governmental-organisation", "international-organisation"),
        *("foundation", "trade-union", "religious-body", "armed-group"),
    )
)
# Candidates and supporters are no members, and staff is employed.
_MEMBERS = frozenset(
    KIND + role
    for role in ("member", "founding-member", "leading-member", "board-member", "honorary-member")
)
_FOUNDING, _FOUNDED, _FOUNDER = (KIND + kind for kind in ("founding", "founded", "founder"))


@dataclass(frozen=True)
class Claim:
    """A fact as Wikidata would have it; `term` is what its property has to be aligned with."""

    term: str
    property: str
    subject: str
    value: str


@lru_cache(maxsize=1)
def agreed_properties() -> Agreed:
    """Return what ontology/alignments.ttl, which comes with kgpub, agrees on."""
    path = resource("ontology") / "alignments.ttl"
    return agreed_in(parse(path=str(path), format=RdfFormat.TURTLE))


def agreed_in(alignments: Iterable[Quad]) -> Agreed:
    """Return the close matches with Wikidata properties: related ones mean something else."""
    return frozenset(
        (each.subject.value, found[1])
        for each in alignments
        if each.predicate.value == _CLOSE_MATCH
        and isinstance(each.subject, NamedNode)
        and isinstance(each.object, NamedNode)
        and (found := _PROPERTY.fullmatch(each.object.value))
    )


def claims(facts: Facts, fact: str, graph: str, agreed: Agreed) -> Iterator[Claim]:
    """Yield what the submission that is `graph` says with a fact or event, as far as agreed on."""
    for claim in _claims(facts, fact, graph):
        if (claim.term, claim.property) in agreed:
            yield claim


def qualifiers(facts: Facts, fact: str, claim: Claim, agreed: Agreed) -> Pairs | None:
    """Return the dates of a claim, or None where one of them cannot be said as it is.

    The day of a founding is no date of who the founders are.
    """
    found: list[tuple[str, str]] = []
    for term, name in _DATES if claim.term != _FOUNDER else ():
        dates = facts.literals(fact, term)
        if not dates or (term, name) not in agreed:
            continue
        value = time_value(dates[0].value) if len(dates) == 1 else None
        if value is None:
            return None
        found.append((name, value))
    return tuple(found)


def _claims(facts: Facts, fact: str, graph: str) -> Iterator[Claim]:
    for of_class in facts.iris(fact, TYPE):
        if of_class == kg.Tenure:
            for pair in _pairs(facts, fact, kg.person, kg.office):
                yield Claim(of_class, "P39", *pair)
        elif of_class == kg.Membership:
            yield from _memberships(facts, fact)
        elif of_class == kg.Residence:
            yield from _residences(facts, fact)
        elif of_class == kg.Occupation:
            for pair in _pairs(facts, fact, kg.person, kg.organisation):
                yield Claim(of_class, "P108", *pair)
        elif of_class == kg.Event and _FOUNDING in facts.iris(fact, kg.kind):
            yield from _founders(facts, fact, graph)


def _pairs(facts: Facts, fact: str, subject: str, value: str) -> Iterator[tuple[str, str]]:
    return product(facts.iris(fact, subject), facts.iris(fact, value))


def _memberships(facts: Facts, fact: str) -> Iterator[Claim]:
    if _MEMBERS.issuperset(facts.iris(fact, kg.role)):
        for person, organisation in _pairs(facts, fact, kg.person, kg.organisation):
            kinds = facts.iris(organisation, kg.kind)
            if _PARTY in kinds:
                yield Claim(kg.Membership, "P102", person, organisation)
            elif kinds and _WITH_MEMBERS.issuperset(kinds):
                yield Claim(kg.Membership, "P463", person, organisation)


def _residences(facts: Facts, fact: str) -> Iterator[Claim]:
    for resident, place in _pairs(facts, fact, kg.resident, kg.place):
        classes = facts.iris(resident, TYPE)
        if kg.Person in classes:
            yield Claim(kg.Residence, "P551", resident, place)
        elif kg.Organisation in classes:
            yield Claim(kg.Residence, "P159", resident, place)


def _founders(facts: Facts, event: str, graph: str) -> Iterator[Claim]:
    """Yield what was founded with each founder; nothing where it is not one organisation.

    Two submissions may tell of one named event, one of them of more founders; one that only
    mentions the event tells what the others do.
    """
    parts = facts.iris(event, kg.participation, graph) or facts.iris(event, kg.participation)
    in_role: dict[str, dict[str, None]] = {_FOUNDED: {}, _FOUNDER: {}}
    for part in parts:
        for role in in_role.keys() & set(facts.iris(part, kg.role)):
            in_role[role].update(dict.fromkeys(facts.iris(part, kg.participant)))
    if len(in_role[_FOUNDED]) == 1:
        for founded, founder in product(in_role[_FOUNDED], in_role[_FOUNDER]):
            yield Claim(_FOUNDER, "P112", founded, founder)
