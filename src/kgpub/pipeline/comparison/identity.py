"""Which properties make two facts the same apart from time, read from shapes and ontology.

What every class of facts and events may carry says when, how and why; what its shape has beyond
that says what is the case. Of the latter, what the shapes require (by itself, together with
others, or as one of two ways) must be the same; the rest are details, which must not differ.
Nodes that belong to exactly one fact, as participations do, count by what is required of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from pyoxigraph import NamedNode

from kgpub.vocabulary import KG, RDFS, SH
from kgpub.vocabulary import terms as kg
from kgpub.vocabulary.shape_rules import (
    ClassRules,
    Graph,
    class_rules,
    ontology_graph,
    shapes_graph,
    subclasses,
)


@dataclass(frozen=True)
class Identity:
    """The properties of a class, by IRI, that say what a fact of it says.

    `parts` has for a property whose values are parts of the fact the properties of those that
    count. `concepts` are those of the others whose values are kinds or roles: many facts share
    them.
    """

    required: frozenset[str]
    details: frozenset[str]
    parts: Mapping[str, tuple[str, ...]]
    concepts: frozenset[str]


@lru_cache(maxsize=1)
def identities() -> Mapping[str, Identity]:
    """Return the identity of each class of facts and events that data give, by IRI."""
    shapes, ontology = shapes_graph(), ontology_graph()
    rules = {
        class_: class_rules(shapes, class_.removeprefix(KG))
        for class_ in sorted(subclasses(ontology, kg.Situation))
        if not ontology.subjects.get((RDFS + "subClassOf", NamedNode(class_)))
    }
    shared = frozenset.intersection(*(frozenset(each.rules) for each in rules.values()))
    owned = dict(_owned(shapes))
    return {class_: _identity(shapes, each, shared, owned) for class_, each in rules.items()}


def _identity(
    shapes: Graph, rules: ClassRules, shared: frozenset[str], owned: Mapping[str, str]
) -> Identity:
    own = frozenset(rules.rules) - shared
    parts = {
        predicate: tuple(sorted(_required(class_rules(shapes, owned[predicate]))))
        for predicate in sorted(own & owned.keys())
    }
    required = _required(rules) & own
    concepts = frozenset(each for each in own if rules.rules[each].scheme)
    return Identity(required - parts.keys(), own - required - parts.keys(), parts, concepts)


def _required(rules: ClassRules) -> frozenset[str]:
    alone = {predicate for predicate, rule in rules.rules.items() if rule.minimum}
    together = {each for part in rules.together if part.minimum for each in part.predicates}
    either = {
        predicate
        for choice in rules.either
        for way in choice
        for predicate, rule in way.items()
        if rule.minimum
    }
    return frozenset(alone | together | either)


def _owned(shapes: Graph) -> Iterator[tuple[str, str]]:
    """Yield each property of which no two nodes share a value, and the local name of its class."""
    for (predicate, class_), nodes in shapes.subjects.items():
        if predicate != SH + "targetClass" or not isinstance(class_, NamedNode):
            continue
        for node in nodes:
            for shape in shapes.all(node, SH + "property"):
                for path in shapes.all(shape, SH + "path"):
                    inverse = shapes.one(path, SH + "inversePath")
                    if inverse and shapes.one(shape, SH + "maxCount") == "1":
                        yield inverse, class_.value.removeprefix(KG)
