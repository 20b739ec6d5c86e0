from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
from pyoxigraph import NamedNode, Quad

from kgpub.serialisation import READING_ORDER, Order, turtle
from kgpub.serialisation.description import describe
from kgpub.serialisation.order import natural
from kgpub.vocabulary import KG, RDF, prefixes, resource

BASE = "https://example.org/data/"
SOURCE = Path(__file__).parents[3] / "src"


def quads(*lines: str) -> list[Quad]:
    """Quads from `subject predicate object`, terms in kg: and the data's base."""

    def node(name: str) -> NamedNode:
        if name == "a":
            return NamedNode(RDF + "type")
        return NamedNode(KG + name[3:] if name.startswith("kg:") else BASE + name)

    return [Quad(*map(node, line.split())) for line in lines]


def order_of(given_quads: list[Quad], order: Order = READING_ORDER) -> list[str]:
    return [iri.removeprefix(BASE) for iri in order.positions(describe(given_quads))]


DATASET = quads(
    "link/1 a kg:Link",
    "statement/1 a kg:Statement",
    "statement/1 kg:passage article/x/article.txt#char=100,120",
    "statement/1 kg:asserts event/e",
    "statement/2 a kg:Quotation",
    "statement/2 kg:passage article/x/article.txt#char=200,230",
    "statement/2 kg:passage article/x/article.txt#char=20,30",
    "statement/3 a kg:Statement",
    "statement/3 kg:passage article/x/article.txt#char=9,12",
    "statement/3 kg:asserts fact/z",
    "statement/3 kg:asserts event/e",
    "event/e a kg:Event",
    "event/e kg:participation participation/p",
    "participation/p a kg:Participation",
    "participation/p kg:participant person/a",
    "fact/z a kg:Tenure",
    "article/x/article.txt#char=9,12 a kg:Passage",
    "article/x/article.txt#char=100,120 a kg:Passage",
    "place/c a kg:Place",
    "person/b a kg:Person",
    "person/a a kg:Person",
    "article/x a kg:Article",
    "submission/x/facts a kg:Submission",
    "submission/x/facts kg:records statement/1",
    "unknown a kg:Unheard",
)
EXPECTED = [
    "submission/x/facts",
    "article/x",
    "person/a",
    "person/b",
    "place/c",
    "statement/3",
    "article/x/article.txt#char=9,12",
    "event/e",
    "participation/p",
    "fact/z",
    "statement/1",
    "article/x/article.txt#char=100,120",
    "statement/2",
    "link/1",
    "unknown",
]


def test_statements_follow_the_article_and_what_they_assert_follows_them() -> None:
    shuffled = DATASET[:]
    for seed in range(20):
        random.Random(seed).shuffle(shuffled)
        assert order_of(shuffled) == EXPECTED


def test_facts_that_refer_to_each_other_in_a_circle_are_not_lost() -> None:
    circle = quads(
        "fact/1 kg:asserts fact/2", "fact/2 kg:asserts fact/3", "fact/3 kg:asserts fact/1"
    )
    assert order_of(circle) == ["fact/1", "fact/2", "fact/3"]
    assert order_of(quads("fact/1 kg:asserts fact/1")) == ["fact/1"]


def test_a_chain_of_any_length_is_followed() -> None:
    length = 20_000
    chain = quads(*(f"fact/{n} kg:asserts fact/{n + 1}" for n in range(length)))
    assert order_of(chain) == [f"fact/{n}" for n in range(length)]


def test_digits_sort_by_number() -> None:
    texts = ["char=9,10", "char=10,1", "char=10,11", "char=100", "x", "x1", "x01", "x2", "y"]
    assert sorted(texts, key=natural) == [
        *("char=9,10", "char=10,1", "char=10,11", "char=100", "x", "x01", "x1", "x2", "y")
    ]
    assert natural("9" * 100_000) > natural("8" * 100_000)


def test_every_term_of_the_reading_order_is_in_the_ontology() -> None:
    ontology = ox.parse(path=resource("ontology") / "kgpub.ttl")
    defined = {quad.subject.value for quad in ontology if quad.predicate.value == RDF + "type"}
    order = READING_ORDER
    terms = (*order.classes, *order.types, *order.predicates, *order.followed, *order.sorted_by)
    assert {term for term in terms if term.startswith(KG)} - defined == set()


def test_every_property_of_the_ontology_has_a_place_in_the_reading_order() -> None:
    properties = {
        quad.subject.value
        for quad in ox.parse(path=resource("ontology") / "kgpub.ttl")
        if quad.object.value.endswith(("ObjectProperty", "DatatypeProperty"))
    }
    assert {each for each in properties if each.startswith(KG)} - {
        *READING_ORDER.predicates
    } == set()


@pytest.mark.parametrize("seed", ["0", "1", "4242"])
def test_the_bytes_are_the_same_in_every_process(seed: str, tmp_path: Path) -> None:
    source = tmp_path / "dataset.nq"
    ox.serialize(DATASET, source, format=ox.RdfFormat.N_QUADS)
    program = (
        "import sys, pyoxigraph\n"
        "from kgpub.serialisation import jsonld, nquads, trig, turtle\n"
        "from kgpub.vocabulary import context, prefixes\n"
        "base, path = sys.argv[1:]\n"
        "quads = set(pyoxigraph.parse(path=path))\n"
        "names = prefixes(base)\n"
        "for chunks in (nquads(quads), turtle(quads, names), trig(quads, names),\n"
        "               jsonld(quads, context(base))):\n"
        "    sys.stdout.buffer.writelines(chunks)\n"
    )
    outputs = [
        subprocess.run(
            [sys.executable, "-c", program, BASE, str(source)],
            env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(SOURCE)},
            check=True,
            capture_output=True,
        ).stdout
        for hash_seed in ("7", seed)
    ]
    assert outputs[0] == outputs[1]
    assert b"".join(turtle(DATASET, prefixes(BASE))) in outputs[0]
