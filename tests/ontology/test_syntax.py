"""Two parsers of different making read the same triples out of the ontology's files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyoxigraph import BlankNode as OxBlankNode
from pyoxigraph import Literal as OxLiteral
from pyoxigraph import NamedNode, RdfFormat, parse
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.term import Node

FILES = ("kgpub.ttl", "schemes.ttl", "alignments.ttl")


def _rdflib_term(term: object) -> Node:
    if isinstance(term, NamedNode):
        return URIRef(term.value)
    if isinstance(term, OxBlankNode):
        return BNode(term.value)
    assert isinstance(term, OxLiteral)
    if term.language:
        return Literal(term.value, lang=term.language)
    return Literal(term.value, datatype=URIRef(term.datatype.value))


def _read_with_rdflib(path: Path) -> Graph:
    """Read `path`, with plain literals spelt out as xsd:string, as RDF 1.1 means them."""
    string = URIRef("http://www.w3.org/2001/XMLSchema#string")
    graph = Graph()
    for s, p, o in Graph().parse(path, format="turtle"):
        if isinstance(o, Literal) and o.language is None and o.datatype is None:
            o = Literal(str(o), datatype=string)
        graph.add((s, p, o))
    return graph


@pytest.mark.parametrize("name", FILES)
def test_two_parsers_read_the_same_graph(root: Path, name: str) -> None:
    path = root / "ontology" / name
    by_oxigraph = Graph()
    for triple in parse(path=str(path), format=RdfFormat.TURTLE):
        by_oxigraph.add(
            (
                _rdflib_term(triple.subject),
                _rdflib_term(triple.predicate),
                _rdflib_term(triple.object),
            )
        )
    by_rdflib = _read_with_rdflib(path)
    assert len(by_rdflib) > 100
    assert isomorphic(by_oxigraph, by_rdflib)


@pytest.mark.parametrize("name", FILES)
def test_every_term_has_one_block_in_its_file(root: Path, name: str) -> None:
    text = (root / "ontology" / name).read_text(encoding="utf-8")
    blocks = re.findall(r"^(\w*:[\w-]+|<[^>]+>)\s", text, flags=re.MULTILINE)
    repeated = {block for block in blocks if blocks.count(block) > 1}
    assert not repeated
