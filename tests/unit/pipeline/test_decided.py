"""Decisions about entities that no file describes."""

from __future__ import annotations

from pyoxigraph import NamedNode, Quad

from kgpub.errors import MAX_PROBLEMS
from kgpub.model.links import Decided, ReviewedLink, Row
from kgpub.model.submission import Mapped
from kgpub.model.tree import Scalar
from kgpub.pipeline.dataset import Part
from kgpub.pipeline.decided import unknown_entities
from kgpub.vocabulary.schema import TYPE

BASE = "https://example.org/data/"


def decided(entity: str, line: int) -> tuple[ReviewedLink, Row]:
    return ReviewedLink(entity, "", Decided.none), {"entity": Scalar(entity, line, 1)}


def described(entity: str) -> Quad:
    person = NamedNode("https://w3id.org/kgpub/ontology#Person")
    return Quad(NamedNode(BASE + entity), TYPE, person, NamedNode(f"{BASE}submission/one"))


def test_the_nearest_name_of_the_same_section_is_told_of_as_many_as_are_shown() -> None:
    quads = tuple(map(described, ("person/nour-hasan", "place/nour-hassan")))
    mapped = Mapped(quads, ((1, 1),) * len(quads))
    parts = [Part("facts.yaml", f"{BASE}submission/one", "", False, lambda: mapped)]
    rows = [decided(f"person/nour-hasan{n}", n) for n in range(2, MAX_PROBLEMS + 4)]
    told = unknown_entities([decided("person/nour-hasan", 1), *rows], parts, BASE)
    assert [each.place.line for each in told] == [*range(2, MAX_PROBLEMS + 4)]
    near = ["Did you mean person/nour-hasan?" in each.remedy for each in told]
    assert near == [True] * MAX_PROBLEMS + [False] * 2
