"""What constraints ask for whose parameters are shapes, a list of properties, or a query."""

from __future__ import annotations

import re

import pytest
from pyoxigraph import RdfFormat, parse

from kgpub.errors import Problem
from kgpub.messages import RIGHT_TO_LEFT, said
from kgpub.pipeline.placing import problems
from kgpub.pipeline.suggestions import Suggestions
from kgpub.validation import Shapes, engine

PREFIXES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://e/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix o: <http://o/> .
"""
NAMED = "e:N sh:nodeKind sh:IRI . e:M sh:nodeKind sh:Literal . e:B sh:nodeKind sh:BlankNode ."
UNNAMED = "what conforms to a shape without a name in s.ttl"
N, B = "what conforms to shape http://e/N", "what conforms to shape http://e/B"
QUERY = 'sh:select "SELECT $this ?value WHERE { $this $PATH ?value }"'
ASKED = {
    "sh:node e:N": N,
    "sh:not e:M": "anything but what conforms to shape http://e/M",
    "sh:and ( e:N e:B )": f"{N} and {B}",
    "sh:or ( e:N e:B )": f"{N} or {B}",
    "sh:xone ( e:N e:B )": f"exactly one of: {N}, {B}",
    "sh:node [ sh:nodeKind sh:IRI ]": "an IRI",
    "sh:or ( [ sh:datatype xsd:date ] [ sh:class e:P ] e:N )": (
        f"a literal of the datatype date or a node of the class P or {N}"
    ),
    "sh:not [ sh:in ( 1 2 ) ]": "anything but one of 1, 2",
    # A shape that asks for more than is told is not told by half.
    "sh:node [ sh:nodeKind sh:IRI ; sh:not e:M ]": UNNAMED,
    f"sh:sparql [ {QUERY} ]": "no match for the query of the shape",
    "sh:hasValue 7 , 8": "each of the values 7, 8",
}


def told(shape: str, data: str) -> list[Problem]:
    shapes = Shapes.parse({"s.ttl": f"{PREFIXES}{NAMED} e:S sh:targetNode e:a ; {shape} ."})
    quads = list(parse(PREFIXES + data, format=RdfFormat.TURTLE))
    report = engine("fast").validate(quads, shapes)
    return list(problems(report, (), Suggestions(lambda: quads, shapes)))


@pytest.mark.parametrize("shape", ASKED)
def test_each_constraint_says_what_it_asks_for(shape: str) -> None:
    (problem,) = told(f"sh:property [ sh:path e:v ; {shape} ]", "e:a e:v 1 .")
    assert problem.message == f"not as the shape asks: {ASKED[shape]}"
    for language in RIGHT_TO_LEFT:
        outside = re.sub("\u2068[^\u2069]*\u2069", "", said(problem.message, language))
        assert set(re.findall("[A-Za-z]+", outside)) <= {"IRI"}


@pytest.mark.parametrize("shape", [each for each in ASKED if "hasValue" not in each])
def test_it_is_not_told_below_a_message_of_the_shape_s_own(shape: str) -> None:
    own = f'sh:property [ sh:path e:v ; {shape} ; sh:message "No." ]'
    own = own.replace(QUERY, f'{QUERY} ; sh:message "No."')
    (problem,) = told(own, "e:a e:v 1 .")
    assert problem.message == "No."
    assert problem.remedy.startswith("about ")


CLOSED = "sh:closed true ; sh:ignoredProperties ( e:w ) ; sh:property [ sh:path e:name ]"


@pytest.mark.parametrize(
    ("shape", "used", "asked", "meant"),
    [
        (CLOSED, "e:nmae", "one of the properties name, w, not nmae", "Did you mean name?"),
        (CLOSED, "e:zzz", "one of the properties name, w, not zzz", ""),
        # What differs in its namespace alone is told by its IRI.
        (
            CLOSED,
            "o:name",
            "one of the properties http://e/name, http://e/w, not http://o/name",
            "Did you mean http://e/name?",
        ),
        ("sh:closed true", "e:v", "no property: v has no place here", ""),
    ],
)
def test_a_closed_shape_names_the_property_and_what_it_allows(
    shape: str, used: str, asked: str, meant: str
) -> None:
    (problem,) = told(shape, f"e:a {used} 1 .")
    assert problem.message == f"not as the shape asks: {asked}"
    assert problem.remedy.split("\n")[:-1] == ([meant] if meant else [])
    (own,) = told(f'{shape} ; sh:message "No."', f"e:a {used} 1 .")
    assert own.message == "No." and own.remedy == problem.remedy


def test_of_a_component_of_the_shapes_own_the_name_is_told() -> None:
    component = """e:C a sh:ConstraintComponent ; sh:parameter [ sh:path e:p ] ;
        sh:validator [ a sh:SPARQLAskValidator ; sh:ask "ASK { FILTER (false) }" ] ."""
    (problem,) = told(f"e:p 1 . {component} e:Z sh:name 'z'", "e:a e:v 1 .")
    assert problem.message == "not as the shape asks: what the constraint component C accepts"
