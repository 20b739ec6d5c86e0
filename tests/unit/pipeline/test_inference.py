"""What follows from data, literals that are no values of their datatypes among them."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from kgpub.pipeline.inference import closed
from kgpub.validation.rdf_1_1 import NotInRdf11

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
        *(("01", "integer"), ("+1", "integer"), ("1.50", "decimal"), ("TRUE", "boolean")),
    ],
)
def test_any_literal_has_what_follows_from_it(
    capfd: pytest.CaptureFixture[str], inference: str, text: str, datatype: str
) -> None:
    literal = f'"{text}"^^xsd:{datatype}'
    data = [quad.triple for quad in parse(f"{DATA} e:a e:p {literal} .", format=RdfFormat.TURTLE)]
    found = closed(data, inference)
    value = Literal(text, datatype=NamedNode(f"http://www.w3.org/2001/XMLSchema#{datatype}"))
    assert Triple(NamedNode("urn:e:a"), NamedNode("urn:e:q"), value) in found
    assert not any("kgpub" in str(triple) for triple in found)
    assert capfd.readouterr() == ("", "")


def test_blank_nodes_keep_their_labels() -> None:
    data = [q.triple for q in parse(f"{DATA} _:x e:p [] .", format=RdfFormat.TURTLE)]
    [(subject, _, value)] = [each for each in data if each.predicate.value == "urn:e:p"]
    assert Triple(subject, NamedNode("urn:e:q"), value) in closed(data, "rdfs")


@pytest.mark.parametrize("inference", ["rdfs", "owlrl", "both"])
@pytest.mark.parametrize(
    "value",
    [
        *('"abc"^^<urn:kgpub:stand-in:>', '"0"^^<urn:kgpub:stand-in:>'),
        *("<urn:kgpub:stand-in:0>", "<urn:kgpub:stand-in:1>", "<urn:kgpub:stand-in:x>"),
    ],
)
def test_what_is_named_like_a_stand_in_is_itself(inference: str, value: str) -> None:
    text = f"{DATA} _:x e:p {value} , [] ."
    data = [quad.triple for quad in parse(text, format=RdfFormat.TURTLE)]
    told = {(each.subject, each.object) for each in data if each.predicate.value == "urn:e:p"}
    found = [each for each in closed(data, inference) if each.predicate.value == "urn:e:q"]
    assert {(each.subject, each.object) for each in found} == told


def test_what_follows_comes_in_the_same_order() -> None:
    data = [quad.triple for quad in parse(f"{DATA} e:a e:p 1 , 2 , 3 .", format=RdfFormat.TURTLE)]
    following = closed(data, "rdfs")[len(data) :]
    assert following == sorted(following, key=str) != []


def test_triple_terms_are_refused() -> None:
    text = f"{DATA} e:a e:p <<( e:a e:p 1 )>> ."
    data = [quad.triple for quad in parse(text, format=RdfFormat.TURTLE)]
    with pytest.raises(NotInRdf11):
        closed(data, "rdfs")
