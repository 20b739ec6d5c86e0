"""What of an ontology is read with data, held to what pySHACL mixes in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, parse, serialize
from pyshacl.rdfutil.inoculate import inoculate
from rdflib import BNode, Graph
from rdflib.compare import isomorphic

from kgpub.pipeline.axioms import axioms

PREFIXES = """@prefix e: <urn:e:> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
"""
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"


def triples(text: str) -> list[Triple]:
    return [quad.triple for quad in parse(PREFIXES + text, format=RdfFormat.TURTLE)]


def graph(of: Iterable[Triple]) -> Graph:
    return Graph().parse(data=serialize(of, format=RdfFormat.N_TRIPLES), format="nt")


def mixed_in(ontology: Iterable[Triple]) -> Graph:
    """What pySHACL adds to empty data."""
    found = Graph()
    inoculate(cast(Any, found), graph(ontology))
    return found


def plain(of: Graph) -> set[tuple[object, ...]]:
    """The triples, blank nodes not told apart."""
    return {tuple(None if isinstance(term, BNode) else term for term in triple) for triple in of}


@pytest.mark.parametrize(
    "text",
    [
        "e:Q rdfs:subClassOf e:P . e:i a e:P ; e:name 'n' .",
        "e:i a owl:NamedIndividual , e:P ; e:knows e:j . e:j e:name 'm' . e:k e:p e:l .",
        "e:i a owl:NamedIndividual . e:j e:knows e:i ; e:name 'm' . [] e:knows e:i ; e:name 'o' .",
        "e:P a owl:Class ; e:note 'n' ; rdfs:label 'P' ; owl:unionOf ( e:A [ a e:B ] ) .",
        "e:P rdfs:subClassOf [ a owl:Restriction ; owl:onProperty e:p ; e:note [ e:x 1 ] ] .",
        "[] a owl:NamedIndividual ; e:knows e:j . e:j e:name 'm' .",
        "e:i a owl:NamedIndividual ; e:list [ e:knows e:j ] . e:j e:name 'm' .",
        "e:p a rdf:Property ; rdfs:domain e:P . e:l a rdf:List .",
    ],
)
def test_the_axioms_are_those_that_pyshacl_mixes_in(text: str) -> None:
    ontology = triples(text)
    theirs = mixed_in(ontology)
    assert isomorphic(graph(axioms(ontology)), theirs)


def test_what_pyshacl_copies_twice_is_there_once() -> None:
    ontology = triples(
        "[] a owl:AllDisjointClasses ; owl:members ( e:A e:B ) ; e:note 'n' . [] e:note 'o' ."
    )
    mine = graph(axioms(ontology))
    theirs = mixed_in(ontology)
    assert (len(mine), len(theirs)) == (7, 12)  # a list of two is four triples, and one for it
    assert plain(mine) == plain(theirs)


def test_individuals_are_described_as_far_as_pyshacl_does() -> None:
    chain = "".join(f"e:n{n} e:next e:n{n + 1} ." for n in range(20))
    ontology = triples(f"e:n0 a owl:NamedIndividual . {chain}")
    assert isomorphic(graph(axioms(ontology)), mixed_in(ontology))


NODES = [NamedNode(f"urn:e:{name}") for name in "abcd"]
PREDICATES = [
    *(NamedNode(RDF + "type"), NamedNode(RDFS + "subClassOf"), NamedNode(OWL + "sameAs")),
    *(NamedNode("urn:e:p"), NamedNode(RDF + "value")),
]
CLASSES = [
    *(NamedNode(OWL + name) for name in ("Class", "NamedIndividual", "Thing")),
    *(NamedNode(RDFS + "Datatype"), NamedNode(RDF + "Property")),
]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.builds(
            Triple,
            st.sampled_from(NODES),
            st.sampled_from(PREDICATES),
            st.sampled_from([*NODES, *CLASSES]),
        ),
        max_size=10,
    )
)
def test_of_any_ontology(ontology: list[Triple]) -> None:
    mine = axioms(ontology)
    assert set(graph(mine)) == set(mixed_in(ontology))
    assert mine == [each for each in dict.fromkeys(ontology) if each in set(mine)]


def test_blank_nodes_that_refer_to_each_other_end() -> None:
    one, other = BlankNode("a"), BlankNode("b")
    circle = [
        Triple(NamedNode("urn:e:P"), NamedNode(RDFS + "subClassOf"), one),
        Triple(one, NamedNode("urn:e:p"), other),
        Triple(other, NamedNode("urn:e:p"), one),
    ]
    assert axioms(circle) == circle
