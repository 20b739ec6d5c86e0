"""Turtle with blank nodes, triple terms and directions: another parser gets the same graph."""

from __future__ import annotations

from itertools import pairwise

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import (
    BaseDirection,
    BlankNode,
    Literal,
    NamedNode,
    RdfFormat,
    Triple,
    parse,
    serialize,
)
from rdflib.compare import isomorphic

from kgpub.serialisation import turtle
from kgpub.serialisation.turtle_nesting import MAX_NESTED
from kgpub.vocabulary import RDF

EX = "http://example.org/"
PREFIXES = {"ex": EX, "rdf": RDF}
A, P, Q = (NamedNode(EX + name) for name in "apq")
FIRST, REST, NIL = (NamedNode(RDF + name) for name in ("first", "rest", "nil"))


def written(triples: list[Triple]) -> str:
    return b"".join(turtle(triples, PREFIXES, any_term=True)).decode()


def body(triples: list[Triple]) -> str:
    """Return what stands below the prefixes."""
    return written(triples).partition("\n\n")[2]


def graph(triples: list[Triple]) -> rdflib.Graph:
    text = serialize(triples, format=RdfFormat.N_TRIPLES)
    assert text is not None
    return rdflib.Graph().parse(data=text.decode(), format="nt")


blank = st.sampled_from("stuvwxyz").map(BlankNode)
nodes = st.one_of(st.just(A), blank)
# Of the terms of lists more, so that some are well-formed, and some are not.
triples = st.builds(
    Triple,
    nodes,
    st.sampled_from([P, Q, FIRST, REST, REST, NamedNode(RDF + "type")]),
    st.one_of(blank, blank, st.sampled_from([A, NIL, Literal("x"), Literal("é", language="ar")])),
)


@given(st.lists(triples, max_size=10), st.randoms())
def test_rdflib_reads_the_same_graph_however_nodes_refer_to_each_other(
    several: list[Triple], random: object
) -> None:
    text = written(several)
    assert isomorphic(rdflib.Graph().parse(data=text, format="turtle"), graph(several))
    shuffled = several * 2
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert written(shuffled) == text


def test_a_list_and_what_has_one_reference_need_no_labels() -> None:
    one, two, inner = BlankNode("one"), BlankNode("two"), BlankNode("inner")
    given_triples = [
        Triple(A, P, one),
        *(Triple(one, FIRST, A), Triple(one, REST, two)),
        *(Triple(two, FIRST, inner), Triple(two, REST, NIL)),
        *(Triple(inner, Q, Literal("x")), Triple(inner, P, A)),
    ]
    assert body(given_triples) == 'ex:a ex:p ( ex:a [ ex:p ex:a ; ex:q "x" ] ) .\n'


def test_what_has_two_references_or_is_only_named_has_a_label() -> None:
    shared, named = BlankNode("shared"), BlankNode("named")
    given_triples = [
        *(Triple(A, P, shared), Triple(A, Q, shared), Triple(shared, P, A)),
        Triple(shared, Q, named),
    ]
    assert body(given_triples).split("\n\n") == [
        "_:shared ex:p ex:a ;\n    ex:q _:named .",
        "ex:a ex:p _:shared ;\n    ex:q _:shared .\n",
    ]


@pytest.mark.parametrize("step", [P, FIRST])
def test_any_depth_is_written(step: NamedNode) -> None:
    chain = [BlankNode(f"n{number}") for number in range(20 * MAX_NESTED)]
    deep = [Triple(A, P, chain[0])]
    deep += [Triple(one, step, other) for one, other in pairwise(chain)]
    deep.append(Triple(chain[-1], P, A))
    # rdflib's parser is not safe from depth: it must read this too.
    read = rdflib.Graph().parse(data=written(deep), format="turtle")
    assert len(read) == len(deep)


def test_a_list_of_any_length_is_one() -> None:
    cells = [BlankNode(f"n{number}") for number in range(2_000)]
    long = [Triple(A, P, cells[0])]
    for cell, rest in zip(cells, [*cells[1:], NIL], strict=True):
        long += [Triple(cell, FIRST, Literal("x")), Triple(cell, REST, rest)]
    members = " ".join(['"x"'] * 2_000)
    assert body(long) == f"ex:a ex:p ( {members} ) .\n"


def test_what_rdf_1_2_adds_is_read_back_by_oxigraph() -> None:
    inner = Triple(BlankNode("b"), P, Literal("x", language="ar", direction=BaseDirection.RTL))
    given_triples = [
        *(Triple(A, P, inner), Triple(A, P, Triple(A, Q, inner))),
        Triple(BlankNode("b"), Q, Literal("x", language="ar", direction=BaseDirection.LTR)),
        Triple(BlankNode("b"), Q, Literal("x", language="ar")),
        Triple(A, Q, BlankNode("b")),
    ]
    read = parse(written(given_triples), format=RdfFormat.TURTLE)
    assert {quad.triple for quad in read} == set(given_triples)
    assert written(given_triples[::-1]) == written(given_triples)


@pytest.mark.parametrize("term", [BlankNode("b"), Triple(A, P, A)])
def test_they_are_not_written_unasked(term: BlankNode | Triple) -> None:
    with pytest.raises(ValueError, match="neither an IRI nor a plain literal"):
        b"".join(turtle([Triple(A, P, term)], PREFIXES))
