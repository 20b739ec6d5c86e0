"""Triple terms and base directions: told by the engine that takes them, refused by the other."""

from __future__ import annotations

import pytest
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, parse

from kgpub.errors import WorkspaceError
from kgpub.validation import Shapes, engine

EX = "http://example.org/"
PREFIXES = f"@prefix ex: <{EX}> . @prefix sh: <http://www.w3.org/ns/shacl#> .\n"
TERM = "<<( ex:x ex:y ex:z )>>"
A = NamedNode(EX + "a")
NAMES = [NamedNode(EX + each) for each in "xyz"]


def turtle(text: str) -> list[Triple]:
    return [quad.triple for quad in parse(PREFIXES + text, format=RdfFormat.TURTLE)]


def shapes(constraint: str, rest: str = "") -> Shapes:
    text = f"ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:property ex:P . {rest}"
    return Shapes.parse({"s.ttl": f"{PREFIXES}{text}\nex:P sh:path ex:p ; {constraint} ."})


@pytest.mark.parametrize(
    "constraint",
    [
        *("sh:nodeKind sh:IRI", "sh:nodeKind sh:BlankNodeOrLiteral", "sh:class ex:C"),
        *(
            "sh:datatype ex:d",
            "sh:minLength 1",
            'sh:pattern "x"',
            'sh:in ( "x" )',
            "sh:equals ex:q",
        ),
    ],
)
def test_a_triple_term_is_neither_iri_nor_blank_node_nor_literal(constraint: str) -> None:
    report = engine("fast").validate(turtle(f"ex:a ex:p {TERM} ."), shapes(constraint))
    assert [(each.focus, each.value) for each in report.results] == [(A, Triple(*NAMES))]


def test_blank_nodes_in_a_triple_term_keep_their_labels() -> None:
    x, z = BlankNode("one"), BlankNode("two")
    data = [
        Triple(A, NamedNode(EX + "p"), Triple(x, NAMES[1], Triple(z, NAMES[1], x))),
        Triple(z, NAMES[1], x),
    ]
    (result,) = engine("fast").validate(data, shapes("sh:class ex:C")).results
    assert result.value == data[0].object


@pytest.mark.parametrize("name", ["fast", "pyshacl"])
@pytest.mark.parametrize("more", ["{| ex:source ex:b |}", '. ex:a ex:label "x"@ar--rtl'])
def test_what_no_shape_looks_at_does_no_harm(name: str, more: str) -> None:
    report = engine(name).validate(turtle(f'ex:a ex:p "x" {more} .'), shapes("sh:nodeKind sh:IRI"))
    assert [str(each.value) for each in report.results] == ['"x"']


ASK = """ex:C a sh:ConstraintComponent ; sh:parameter [ sh:path ex:par ] ;
    sh:validator [ a sh:SPARQLAskValidator ; sh:ask "ASK { FILTER (isIRI($value)) }" ] ."""


@pytest.mark.parametrize(
    ("name", "constraint", "data"),
    [
        ("pyshacl", "sh:nodeKind sh:IRI", f"ex:a ex:p {TERM} ."),
        ("pyshacl", "sh:nodeKind sh:IRI", 'ex:a ex:p "x"@ar--rtl .'),
        ("pyshacl", "sh:nodeKind sh:IRI", f"ex:a ex:p ex:b ; a {TERM} ."),
        ("pyshacl", "sh:node [ sh:closed true ]", "ex:a ex:p ex:b {| ex:source ex:c |} ."),
        # SPARQL has no notation for one that binds a variable beforehand: rdflib would have to.
        ("fast", "ex:par 1", f"ex:a ex:p {TERM} ."),
    ],
)
def test_what_a_shape_may_look_at_is_refused(name: str, constraint: str, data: str) -> None:
    with pytest.raises(WorkspaceError, match=r"rdflib, .* has no (triple terms|base directions): "):
        engine(name).validate(turtle(data), shapes(constraint, ASK))


@pytest.mark.parametrize("name", ["fast", "pyshacl"])
def test_annotated_shapes_say_what_they_say(name: str) -> None:
    annotated = shapes("sh:nodeKind sh:IRI {| ex:source ex:b |}", 'ex:S ex:label "x"@ar--rtl .')
    assert len(engine(name).validate(turtle("ex:a ex:p 1 , ex:b ."), annotated).results) == 1


def test_a_triple_term_that_shapes_have_no_meaning_for_is_a_fault() -> None:
    with pytest.raises(
        WorkspaceError, match=r"s.ttl:2:8: .*/S: its sh:targetNode is a triple term"
    ):
        shapes("sh:nodeKind sh:IRI", f"\nex:S sh:targetNode {TERM} .")
