"""What follows from data, literals that are no values of their datatypes among them."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from kgpub.pipeline.inference import closed

DATA = """@prefix e: <urn:e:> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
e:p rdfs:subPropertyOf e:q .
"""


@pytest.mark.parametrize("inference", ["rdfs", "owlrl", "both"])
@pytest.mark.parametrize(
    ("text", "datatype"),
    [
        *(("abc", "decimal"), ("", "decimal"), ("1,5", "decimal"), ("", "date"), ("", "dateTime")),
        *(("", "time"), ("1.0", "integer"), ("1e", "double"), ("2020-13-45", "date"), ("5", "int")),
    ],
)
def test_any_literal_has_what_follows_from_it(inference: str, text: str, datatype: str) -> None:
    literal = f'"{text}"^^xsd:{datatype}'
    data = [quad.triple for quad in parse(f"{DATA} e:a e:p {literal} .", format=RdfFormat.TURTLE)]
    found = closed(data, inference)
    value = Literal(text, datatype=NamedNode(f"http://www.w3.org/2001/XMLSchema#{datatype}"))
    assert Triple(NamedNode("urn:e:a"), NamedNode("urn:e:q"), value) in found
    assert not any("kgpub" in str(triple) for triple in found)


def test_blank_nodes_keep_their_labels() -> None:
    data = [q.triple for q in parse(f"{DATA} _:x e:p [] .", format=RdfFormat.TURTLE)]
    [(subject, _, value)] = [each for each in data if each.predicate.value == "urn:e:p"]
    assert Triple(subject, NamedNode("urn:e:q"), value) in closed(data, "rdfs")
