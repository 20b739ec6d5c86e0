"""Shapes: their faults, each with its place, and what is told of them."""

from __future__ import annotations

import re

import pytest
from pyoxigraph import Literal, NamedNode

from kgpub.errors import WorkspaceError
from kgpub.validation import Shapes
from kgpub.vocabulary import XSD

EX = "http://example.org/"
PREFIXES = (
    f"@prefix ex: <{EX}> . @prefix sh: <http://www.w3.org/ns/shacl#> . "
    "@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdf: "
    "<http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix rdfs: "
    "<http://www.w3.org/2000/01/rdf-schema#> .\n"
)


def parse(text: str) -> Shapes:
    return Shapes.parse({"s.ttl": PREFIXES + text})


def test_a_syntax_error_has_file_line_and_column() -> None:
    with pytest.raises(WorkspaceError, match=r"^b\.ttl:2:19: not Turtle: The prefix d: has not"):
        Shapes.parse(
            {"a.ttl": PREFIXES, "b.ttl": "@prefix ex: <http://e/> .\nex:a ex:b 'كلمة', d:e ."}
        )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ex:S a sh:PropertyShape .", "ex.*S: it has 0 sh:path"),
        ("ex:S a sh:NodeShape ; sh:property ex:P . ex:P sh:minCount 1 .", "P: it has 0 sh:path"),
        ("ex:S sh:path ex:p , ex:q .", "it has 2 sh:path"),
        ("ex:S a sh:NodeShape ; sh:path ex:p .", "it is a sh:NodeShape"),
        ("ex:S sh:path ( ex:p ) .", "its sh:path is ill-formed: .*two members"),
        ("ex:S a sh:NodeShape ; sh:minCount 1 .", "no effect on a node shape"),
        ("ex:S a sh:NodeShape ; sh:node ex:P . ex:P sh:path ex:p .", "must be a node shape"),
        ("ex:S a sh:NodeShape ; sh:not ex:S .", "refers to itself"),
        (
            "ex:S a sh:NodeShape ; sh:or ( ex:T ex:U ) . ex:T a sh:NodeShape ; sh:node ex:S . "
            "ex:U a sh:NodeShape .",
            "refers to itself.*: .*S → .*T → .*S|refers to itself.*: .*T → .*S → .*T",
        ),
        ("ex:S a sh:NodeShape ; sh:and ex:T .", "list of its sh:and is ill-formed"),
        ("ex:S a sh:NodeShape ; sh:xone ( ) .", "sh:xone needs a list of shapes"),
        ("ex:S a sh:NodeShape ; sh:in _:l . _:l rdf:first 1 ; rdf:rest _:l .", "sh:in is ill"),
        ('ex:S a sh:NodeShape ; sh:pattern "(a" .', "not a regular expression"),
        ('ex:S a sh:NodeShape ; sh:closed "yes" .', "sh:closed is .yes., and must be"),
        ("ex:S a sh:NodeShape ; sh:severity sh:Info , sh:Warning .", "more than one sh:severity"),
        ('ex:S a sh:NodeShape ; sh:severity "Info" .', "sh:severity is .Info., not an IRI"),
        ("ex:S a sh:NodeShape ; sh:message 1 .", "sh:message is .*, not text"),
        ("ex:S a sh:NodeShape ; sh:property 1 .", "sh:property is a literal"),
        (
            "ex:S sh:path ex:p ; sh:minCount 1.0 .",
            "sh:minCount is .*, not a non-negative xsd:integer",
        ),
        (
            'ex:S sh:path ex:p ; sh:maxCount "x" .',
            "sh:maxCount is .x., not a non-negative xsd:integer",
        ),
        ('ex:S sh:path ex:p ; sh:class "C" .', "sh:class is .C., not an IRI"),
        ("ex:S sh:path ex:p ; sh:nodeKind sh:Iri .", "sh:nodeKind is .*Iri>, none of the six"),
        ("ex:S sh:path ex:p ; sh:pattern ex:p .", "sh:pattern is .*p>, not an xsd:string"),
        ('ex:S sh:path ex:p ; sh:pattern "a" ; sh:flags "g" .', "sh:flags is .g., and may hold"),
        ("ex:S sh:path ex:p ; sh:minInclusive ex:p .", "sh:minInclusive is .*, not a literal"),
        ("ex:S sh:path ex:p ; sh:languageIn ( 1 ) .", "sh:languageIn lists .*, not an xsd:string"),
        ('ex:S a sh:NodeShape ; sh:ignoredProperties ( "p" ) .', "lists .p., not an IRI"),
        ("ex:S sh:path ex:p ; sh:minLength 1 , 2 .", "more than one sh:minLength"),
        ("ex:S a sh:NodeShape ; sh:targetNode [ ] .", "sh:targetNode is .*, a blank node"),
        ("ex:S a sh:NodeShape ; sh:deactivated 1 .", "must be true or false"),
        ("ex:S a sh:NodeShape . <http://x/> sh:entailment ex:E .", "sh:entailment .*not supported"),
        ("ex:S a sh:NodeShape ; sh:sparql [ ] .", "0 sh:select"),
        ('ex:S a sh:NodeShape ; sh:sparql [ sh:select "SELECT" ] .', "its query is refused"),
        (
            "ex:S a sh:NodeShape ; sh:sparql ex:Q . ex:Q sh:prefixes ex:a , ex:b ; sh:select 'x' . "
            "ex:a sh:declare [ sh:prefix 'p' ; sh:namespace 'http://one/' ] . "
            "ex:b sh:declare [ sh:prefix 'p' ; sh:namespace 'http://two/' ] .",
            "prefix p: is declared twice",
        ),
        (
            "ex:S a sh:NodeShape ; sh:sparql ex:Q . ex:Q sh:prefixes ex:a ; sh:select 'x' . "
            "ex:a sh:declare [ sh:prefix 'p' ; sh:namespace 'http://one/> SERVICE <' ] .",
            "does not declare a prefix",
        ),
    ],
)
def test_faults(text: str, words: str) -> None:
    with pytest.raises(WorkspaceError, match=words):
        parse(text)


IGNORED = [
    ("ex:S a sh:NodeShape ; sh:mincount 1 .", "sh:mincount is not a term"),
    ("ex:S a sh:NodeShape ; sh:target [ ] .", "sh:target is not a term .*Advanced Features"),
    ("ex:S a sh:NodeShape ; sh:rule [ ] .", "sh:rule is not a term .*Advanced Features"),
    ("ex:S a sh:NodeShape ; sh:js [ ] .", "sh:js is not a term .*SHACL-JS"),
    ("ex:S a sh:NodeShape ; sh:node ex:T .", "refers to .*T>, of which nothing is said"),
    (
        "ex:S a sh:NodeShape ; sh:closed '1'^^<http://www.w3.org/2001/XMLSchema#boolean> .",
        "sh:closed is .*, and must be true or false",
    ),
    (
        "ex:C a sh:ConstraintComponent ; sh:parameter [ sh:path ex:c ] ; sh:validator "
        "[ sh:jsFunctionName 'f' ] . ex:S a sh:NodeShape ; ex:c 1 .",
        "has no SPARQL validator for it",
    ),
]


@pytest.mark.parametrize(("text", "words"), IGNORED)
def test_what_shacl_ignores_is_a_note_or_where_strict_a_fault(text: str, words: str) -> None:
    (note,) = parse(text).notes
    assert re.search(rf"^s\.ttl:2:\d+: {EX}S: .*{words}", note)
    with pytest.raises(WorkspaceError, match=words):
        Shapes.parse({"s.ttl": PREFIXES + text}, strict=True)
    with pytest.raises(WorkspaceError, match=words):
        Shapes.parse({"s.ttl": PREFIXES + text}, classes=set())


def test_an_entailment_regime_that_the_data_are_under_is_no_fault() -> None:
    regime = "http://www.w3.org/ns/entailment/RDFS"
    text = {"s.ttl": f"{PREFIXES} <http://x/> sh:entailment <{regime}> ."}
    assert Shapes.parse(text, entailment={regime})
    with pytest.raises(WorkspaceError, match="not supported"):
        Shapes.parse(text, entailment={"http://www.w3.org/ns/entailment/OWL-RDF-Based"})


def test_a_lone_surrogate_has_its_place() -> None:
    with pytest.raises(WorkspaceError, match=r"^s\.ttl:2:12: U\+D800 is a lone surrogate"):
        parse("ex:a ex:b '\ud800' .")
    # Written as an escape it is not Turtle (RDF 1.1 Turtle, section 6.4).
    with pytest.raises(WorkspaceError, match=r"^s\.ttl:2:\d+: not Turtle"):
        parse("ex:a ex:b '\\uD800' .")


def test_files_may_be_in_other_syntaxes() -> None:
    sh = "http://www.w3.org/ns/shacl#"
    files = {
        "a.nt": f"<{EX}S> <{sh}path> <{EX}p> .\n<{EX}S> <{sh}minCount> "
        '"1"^^<http://www.w3.org/2001/XMLSchema#integer> .\n',
        "b.jsonld": f'{{"@id": "{EX}T", "{sh}path": {{"@id": "{EX}q"}}}}',
    }
    parsed = Shapes.parse(files)
    assert parsed.path(NamedNode(EX + "S")) == f"<{EX}p>"
    assert parsed.path(NamedNode(EX + "T")) == f"<{EX}q>"
    with pytest.raises(WorkspaceError, match=r"^b\.jsonld:\d+:\d+: not JSON-LD"):
        Shapes.parse({"b.jsonld": "{"})


def test_faults_have_their_places_and_come_all_at_once() -> None:
    files = {
        "a.ttl": PREFIXES + "ex:A a sh:NodeShape .\n\nex:Odd a sh:NodeShape ;\n  sh:mincount 1 .",
        "b.ttl": PREFIXES + "ex:P sh:path ex:p ;\n  sh:closed 1 .",
    }
    with pytest.raises(WorkspaceError) as caught:
        Shapes.parse(files, strict=True)
    lines = [line.strip() for line in str(caught.value).splitlines()]
    assert lines[0].startswith("a.ttl:5:15: http://example.org/Odd: sh:mincount is not")
    assert lines[1].startswith("b.ttl:3:13: http://example.org/P: its sh:closed is")
    assert len(lines) == 3


def test_faults_are_sorted_by_place_and_stand_where_the_triple_does() -> None:
    text = """ex:A a sh:NodeShape ; sh:property ex:P ;
  sh:closed "yes" ,
    "no" .
ex:P sh:path ex:p ;
  sh:languageIn ( "en"
    7 ) ;
  sh:minCount "one" ;
  sh:class "C" .
"""
    with pytest.raises(WorkspaceError) as caught:
        parse(text)
    told = [line.strip().split(": ", 2) for line in str(caught.value).splitlines()[:-1]]
    assert [
        (place, shape.removeprefix(EX), fault.split(",")[0]) for place, shape, fault in told
    ] == [
        ("s.ttl:3:13", "A", 'its sh:closed is "yes"'),
        ("s.ttl:4:5", "A", "it has more than one sh:closed"),
        ("s.ttl:4:5", "A", 'its sh:closed is "no"'),
        ("s.ttl:7:5", "P", f'its sh:languageIn lists "7"^^<{XSD}integer>'),
        ("s.ttl:8:15", "P", 'its sh:minCount is "one"'),
        ("s.ttl:9:12", "P", 'its sh:class is "C"'),
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "ex:S sh:property [ sh:path ex:p ; sh:nodeKind 1 ] .",
            f"the sh:property with the sh:path <{EX}p> of {EX}S",
        ),
        ("ex:S sh:property [ sh:nodeKind sh:IRI ] .", f"the sh:property of {EX}S"),
        ("ex:S sh:or ( ex:T [ sh:nodeKind 1 ] ) .", f"a member of the sh:or of {EX}S"),
        (
            "ex:S sh:node [ sh:property [ sh:path ex:p ; sh:nodeKind 1 ] ] .",
            f"the sh:property with the sh:path <{EX}p> of the sh:node of {EX}S",
        ),
        ("[] sh:targetClass ex:C ; sh:nodeKind 1 .", "a shape without a name"),
        ("ex:S sh:sparql [ sh:ask 'x' ] .", f"the sh:sparql of {EX}S"),
    ],
)
def test_a_shape_without_a_name_is_called_by_what_it_hangs_on(text: str, name: str) -> None:
    with pytest.raises(WorkspaceError) as caught:
        parse(text)
    told = caught.value.message.split(": ", 1)[1]
    assert told.startswith(f"{name}: it")
    assert "genid" not in str(caught.value)


def test_a_shape_without_a_name_is_told_of_by_its_path() -> None:
    with pytest.raises(WorkspaceError, match=rf"its sh:node \[ sh:path <{EX}p> \] is a property"):
        parse("ex:S a sh:NodeShape ; sh:node [ sh:path ex:p ] .")


def shared(depth: int, body: str) -> str:
    """Shapes in a row, each of which refers to the next by `body`."""
    rows = (body.format(n, n + 1) for n in range(depth))
    return "\n".join([*rows, f"ex:n{depth} a sh:NodeShape ."])


TWICE = "ex:n{0} sh:and ( ex:n{1} ex:n{1} ) ."
FOUR_TIMES = "ex:n{0} sh:and ( ex:n{1} ex:n{1} ) ; sh:or ( ex:n{1} ex:n{1} ) ."
DISJOINT = """ex:n{0} sh:property ex:p{0} , ex:q{0} .
ex:p{0} sh:path ex:p ; sh:qualifiedValueShapesDisjoint true ; sh:qualifiedValueShape ex:n{1} .
ex:q{0} sh:path ex:q ; sh:qualifiedValueShape ex:m{1} .
ex:m{1} sh:node ex:n{1} ."""


@pytest.mark.parametrize(
    ("body", "most"),
    # Of n shapes in a row 2^(n+1) - 1 are reached; of those by fours a third of 4^(n+1) - 1.
    # Two properties, one of which excludes what the other asks for, make 5 and three times the
    # next: (7 * 3^n - 5) / 2.
    [(TWICE, 15), (FOUR_TIMES, 8), (DISJOINT, 9)],
)
def test_shapes_that_share_shapes_lead_to_them_in_so_many_ways(body: str, most: int) -> None:
    assert parse(shared(most, body))
    with pytest.raises(WorkspaceError, match="leads to shapes in more than 100,000 ways"):
        parse(shared(most + 1, body))


def test_disjoint_siblings_lead_to_each_other() -> None:
    """Of n disjoint properties each leads to n shapes: with all, 1 + n(n + 1) ways."""
    disjoint = """ex:S sh:property [ sh:path ex:p{0} ; sh:qualifiedValueShape [ sh:class ex:C ] ;
        sh:qualifiedMinCount 0 ; sh:qualifiedValueShapesDisjoint true ] ."""
    assert parse(shared(315, disjoint))
    for number in (316, 3000):
        with pytest.raises(WorkspaceError, match="leads to shapes in more than 100,000 ways"):
            parse(shared(number, disjoint))


def test_target_classes_must_be_declared_where_the_classes_are_given() -> None:
    text = {"s.ttl": PREFIXES + "ex:S a sh:NodeShape ; sh:targetClass ex:Persn ."}
    assert Shapes.parse(text)
    assert Shapes.parse(text, classes={EX + "Persn"})
    for classes in ({EX + "Person"}, set()):
        with pytest.raises(WorkspaceError, match="Persn> is not a declared class"):
            Shapes.parse(text, classes=classes)


def test_shapes_nested_too_deeply_are_a_fault() -> None:
    nested = "".join(f"ex:S{n} a sh:NodeShape ; sh:node ex:S{n + 1} .\n" for n in range(5000))
    with pytest.raises(WorkspaceError, match="more than 50 deep"):
        parse(nested + "ex:S5000 a sh:NodeShape .")


def test_prefixes_are_followed_through_imports() -> None:
    text = """ex:S a sh:NodeShape ; sh:sparql ex:Q .
        ex:Q sh:prefixes ex:one ; sh:select "SELECT $this WHERE { $this p:x ?y }" .
        ex:one owl:imports ex:two . ex:two owl:imports ex:one ;
          sh:declare [ sh:prefix "p" ; sh:namespace "http://p.example/" ] ."""
    assert parse(text).constraints[0].query.predicates == {"http://p.example/x"}


def test_equal_texts_are_equal_shapes_whatever_their_order() -> None:
    files = {
        "b.ttl": PREFIXES + "ex:B a sh:NodeShape ; sh:property [ sh:path ex:p ; sh:in ( 1 2 ) ] .",
        "a.ttl": PREFIXES + "ex:A a sh:NodeShape ; sh:not [ a sh:NodeShape ; sh:hasValue 1 ] .",
    }
    one, other = Shapes.parse(files), Shapes.parse(dict(reversed(files.items())))
    assert one == other
    assert one.triples == other.triples
    assert hash(one) == hash(other)
    assert one.split is one.split


def test_what_is_told_of_a_shape() -> None:
    told = parse(
        "ex:S sh:path [ sh:inversePath ex:p ] ; sh:severity sh:Info ; "
        "sh:message 'b'@en , 'a'@en , 'c'@ar . ex:N a sh:NodeShape ."
    )
    shape, node = NamedNode(EX + "S"), NamedNode(EX + "N")
    assert told.path(shape) == f"^<{EX}p>"
    assert told.severity(shape) == "http://www.w3.org/ns/shacl#Info"
    assert told.messages(shape) == (
        Literal("c", language="ar"),
        Literal("a", language="en"),
        Literal("b", language="en"),
    )
    assert told.path(node) is None
    assert told.severity(node) == "http://www.w3.org/ns/shacl#Violation"
    assert told.messages(node) == ()


QUERY = "ex:S a sh:NodeShape ; sh:targetObjectsOf ex:t ; sh:sparql [ sh:select '''{}''' ] ."
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
SUBCLASS_OF = "http://www.w3.org/2000/01/rdf-schema#subClassOf"


@pytest.mark.parametrize(
    ("pattern", "read"),
    [
        (f"$this <{EX}p>/^<{EX}q> ?x FILTER NOT EXISTS {{ ?x <{EX}r>+ $this }}", "pqr"),
        (f"$this <{EX}p> ?x . ?x <{EX}q>* ?y", None),
        (f"$this <{EX}p> ?x . ?x ?any ?y", None),
        (f"$this <{EX}p> ?x . ?x !<{EX}q> ?y", None),
    ],
)
def test_the_predicates_of_all_that_queries_read(pattern: str, read: str | None) -> None:
    shapes = parse(QUERY.format(f"SELECT $this {{ {pattern} }}"))
    if read is None:
        assert shapes.read_by_queries is None
    else:
        named = {EX + each for each in (*read, "t")}
        assert shapes.read_by_queries == {*named, TYPE, SUBCLASS_OF}
