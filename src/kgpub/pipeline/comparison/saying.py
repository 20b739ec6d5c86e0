"""What a fact says apart from when: reduced to what can be compared with another telling."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from kgpub.pipeline.comparison.identity import identities
from kgpub.pipeline.comparison.published import TYPE, Described, Node, is_true
from kgpub.pipeline.comparison.times import Times
from kgpub.vocabulary import terms as kg

Values = Mapping[str, frozenset[str]]
PartSaid = tuple[tuple[str, frozenset[str]], ...]
"""What a node that belongs to one fact says: its properties, each with the texts of its values."""


@dataclass(frozen=True)
class Saying:
    """One telling of a fact: its class, what it says, and when.

    `required`, `texts` and `parts` are what must be the same in another telling; of `texts` one
    in common suffices, since each telling may translate into other languages. `anchors` are the
    entities among them, by which it can be found, each with its property.
    """

    class_: str
    required: Values
    texts: Values
    parts: frozenset[PartSaid]
    details: Values
    anchors: tuple[tuple[str, NamedNode], ...]
    times: Times
    negated: bool

    def same(self, other: Saying) -> bool:
        """Whether both say the same apart from time, details and negation."""
        return (
            self.class_ == other.class_
            and bool(self.anchors)
            and self.required == other.required
            and self.parts == other.parts
            and self.texts.keys() == other.texts.keys()
            and all(texts & other.texts[each] for each, texts in self.texts.items())
            and all(
                mine & other.details[each]
                for each, mine in self.details.items()
                if each in other.details
            )
        )

    def beyond(self, other: Saying) -> list[str]:
        """Return the properties of details that this one gives and `other` does not."""
        return sorted(
            each
            for each, mine in self.details.items()
            if not mine <= other.details.get(each, frozenset())
        )


@dataclass(frozen=True)
class Telling:
    """A fact or event as something told: its properties, and what they say."""

    fact: NamedNode
    described: Described
    saying: Saying

    @property
    def series(self) -> tuple[frozenset[Node], frozenset[Node]] | None:
        """The place of a tenure in a series, and since when that counts; None without either."""
        ordinal = frozenset(self.described.get(kg.ordinal, ()))
        since = frozenset(self.described.get(kg.countedSince, ()))
        return (ordinal, since) if ordinal and since else None


def saying(
    described: Described,
    part: Callable[[NamedNode], Described],
    canonical: Callable[[Node], str],
) -> Saying | None:
    """Reduce a description; None where it is of no class of facts or events.

    `part` describes what belongs to the fact, `canonical` gives equivalent entities one text.
    """
    types = [each.value for each in described.get(TYPE, ()) if isinstance(each, NamedNode)]
    class_ = next((each for each in types if each in identities()), None)
    if class_ is None:
        return None
    identity = identities()[class_]
    required, texts, details = dict[str, frozenset[str]](), dict[str, frozenset[str]](), {}
    anchors: list[tuple[str, NamedNode]] = []
    found: dict[str, list[tuple[str, NamedNode]]] = {}
    for predicate in sorted(identity.required | identity.details):
        values = described.get(predicate, ())
        if not values:
            continue
        reduced = frozenset(map(canonical, values))
        entities = [
            (predicate, each)
            for each in values
            if isinstance(each, NamedNode) and predicate not in identity.concepts
        ]
        if predicate in identity.details:
            details[predicate] = reduced
            found[predicate] = entities
        elif all(isinstance(each, Literal) for each in values):
            texts[predicate] = reduced
        else:
            required[predicate] = reduced
            anchors += entities
    parts: set[PartSaid] = set()
    for predicate, properties in identity.parts.items():
        for each in described.get(predicate, ()):
            if isinstance(each, NamedNode):
                its = part(each)
                parts.add(tuple((p, frozenset(map(canonical, its.get(p, ())))) for p in properties))
                anchors += [
                    (predicate, who)
                    for who in its.get(kg.participant, ())
                    if isinstance(who, NamedNode)
                ]
    if not anchors:
        # Of a kind alone there are many: the details are then what tells one from another.
        required.update(details)
        anchors = [anchor for each in details for anchor in found[each]]
        details = {}
    return Saying(
        class_,
        required,
        texts,
        frozenset(parts),
        details,
        tuple(dict.fromkeys(anchors)),
        Times.of(described),
        any(map(is_true, described.get(kg.negated, ()))),
    )
