"""Shapes of any kind: what SHACL-SPARQL adds, and where other engines go wrong.

Expectations are worked out by hand from the specification. docs/shacl-engines.md lists the
deviations of pySHACL and of the native engine that stand here.
"""

from __future__ import annotations

import time

import pyshacl
import pytest
import rdflib
from pyoxigraph import NamedNode, Store, Variable
from tests.contract.shacl_graphs import EX, PREFIXES, both, query, shapes, told, turtle

from kgpub.errors import WorkspaceError
from kgpub.validation import ENGINES, Engine, Shapes, engine, native
from kgpub.vocabulary import RDF, RDFS

COMPONENTS = """
ex:Language a sh:ConstraintComponent ; sh:message "of the component" ;
  sh:parameter [ sh:path ex:lang ] , [ sh:path ex:note ; sh:optional true ] ;
  sh:validator [ sh:message "{?value} is not {$lang} {$note}"@en ;
    sh:ask "ASK { FILTER (isLiteral($value) && langMatches(lang($value), $lang)) }" ] .
ex:Without a sh:ConstraintComponent ; sh:parameter [ sh:path ex:without ] ;
  sh:message "has {?without}" ;
  sh:nodeValidator [ sh:select "SELECT $this WHERE { $this $without ?x }" ] ;
  sh:propertyValidator [ sh:select
    "SELECT $this ?value WHERE { $this $PATH ?value . ?value $without ?x }" ] .
"""
REFERS = f"ex:Refers {query('SELECT $this WHERE {{ $this ex:bad ?x }}'.format())} ."
CASES = {
    "a validator that asks, of values and of focus nodes that are literals": (
        COMPONENTS
        + """ex:S a sh:NodeShape ; sh:targetNode "a"@en-GB , "b" ; ex:lang "en" .
             ex:P sh:path ex:p ; sh:targetSubjectsOf ex:p ; ex:lang "ar" ; ex:note 1.50 .""",
        'ex:a ex:p "x"@ar-IQ , "y"@en , ex:b .',
        {
            '"b" - "b" http://example.org/Language S "b is not en {$note}"@en',
            '<a> <p> "y"@en http://example.org/Language P "y is not ar 1.50"@en',
            '<a> <p> <b> http://example.org/Language P "http://example.org/b is not ar 1.50"@en',
        },
    ),
    "validators that select, one constraint for each value of the only parameter": (
        COMPONENTS
        + """ex:S a sh:NodeShape ; sh:targetNode ex:a ; ex:without ex:q , ex:r .
             ex:P sh:path ( ex:p ex:p ) ; sh:targetNode ex:a ; ex:without ex:q ;
               sh:severity sh:Info ; sh:message "of the shape" .""",
        "ex:a ex:q 1 ; ex:r 1 ; ex:p ex:b . ex:b ex:p ex:c . ex:c ex:q 2 .",
        {
            '<a> - <a> http://example.org/Without S "has http://example.org/r"',
            '<a> - <a> http://example.org/Without S "has http://example.org/q"',
            '<a> <p>/<p> <c> http://example.org/Without P "of the shape"',
        },
    ),
    "no constraint without a value for each parameter that is not optional": (
        COMPONENTS + 'ex:S a sh:NodeShape ; sh:targetNode "b" ; ex:note "x" .',
        "",
        set(),
    ),
    "$this within EXISTS, within a SELECT, within a group, and as key of a group": (
        f"""ex:S a sh:NodeShape ; sh:targetNode ex:a , ex:b ; sh:sparql ex:E , ex:I , ex:G .
        ex:E {query("SELECT $this WHERE { FILTER EXISTS { FILTER ($this = ex:a) } }")} .
        ex:I {
            query(
                "SELECT $this ?n WHERE { { SELECT $this (COUNT(*) AS ?n) "
                "WHERE { ?s ex:p $this } GROUP BY $this } FILTER (?n > 1) }"
            )
        } .
        ex:G {
            query(
                "SELECT $this ('BOUND($this)' AS ?message) WHERE "
                "{ { BIND ($this AS ?x) } # $this" + chr(10) + " FILTER (?x = ex:b) }"
            )
        } .""",
        "ex:x ex:p ex:a , ex:b . ex:y ex:p ex:a .",
        {"<a> - <a> SPARQL S", '<b> - <b> SPARQL S "BOUND($this)"'},
    ),
    "a blank node as $this": (
        f"""ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:nodeKind sh:IRI ; sh:sparql ex:E .
        ex:E {query("SELECT $this WHERE { FILTER (isBlank($this)) }")} .""",
        "_:a ex:p 1 . ex:b ex:p 1 .",
        {"_:a - _:a NodeKind S", "_:a - _:a SPARQL S"},
    ),
    "queries that decide: of a node shape, negated, of a property shape, among siblings": (
        f"""ex:N a sh:NodeShape ; sh:targetClass ex:C ; sh:node ex:Good .
        ex:M a sh:NodeShape ; sh:targetClass ex:C ; sh:not ex:Good .
        ex:O a sh:NodeShape ; sh:targetClass ex:C ;
          sh:or ( [ sh:property ex:GoodP ] [ sh:hasValue ex:never ] ) .
        ex:Q a sh:NodeShape ; sh:targetClass ex:C ; sh:property ex:One , ex:Two .
        ex:One sh:path ex:p ; sh:qualifiedValueShape ex:Good ; sh:qualifiedMinCount 1 ;
          sh:qualifiedValueShapesDisjoint true .
        ex:Two sh:path ex:p ; sh:qualifiedValueShape [ sh:nodeKind sh:IRI ] ;
          sh:qualifiedMinCount 1 ; sh:qualifiedValueShapesDisjoint true .
        ex:Good a sh:NodeShape ; sh:sparql ex:Refers .
        ex:GoodP sh:path ex:p ; sh:sparql ex:Values .
        {REFERS}
        ex:Values {query("SELECT $this WHERE { $this $PATH ?v . ?v ex:bad ?x }")} .""",
        # a: good itself, p bad; b: bad itself, p good.
        "ex:a a ex:C ; ex:p ex:b . ex:b a ex:C ; ex:p ex:a ; ex:bad 1 .",
        {
            "<b> - <b> Node N",
            "<a> - <a> Not M",
            "<a> - <a> Or O",
            # b does not conform to Good; it is the value for Two.
            "<a> <p> - QualifiedMinCount One",
            # a conforms to the sibling, so it does not count for either.
            "<b> <p> - QualifiedMinCount One",
            "<b> <p> - QualifiedMinCount Two",
        },
    ),
    "a query that decides about a blank node and about a literal": (
        f"""ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property ex:P ; sh:closed true ;
          sh:ignoredProperties ( rdf:type ) .
        ex:P sh:path ex:p ; sh:node ex:Good . ex:Good a sh:NodeShape ; sh:closed true ;
          sh:ignoredProperties ( ex:r ) ; sh:sparql ex:Q .
        ex:Q {query("SELECT $this WHERE { FILTER (!isIRI($this)) }")} .""",
        'ex:a a ex:C ; ex:p ex:b , _:a , "x"@en . _:a ex:r 1 .',
        {"<a> <p> _:a Node P", '<a> <p> "x"@en Node P'},
    ),
    "a query on a property shape of a property shape": (
        f"""ex:S sh:path ex:p ; sh:targetClass ex:C ; sh:property ex:T . ex:T sh:path ex:q ;
          sh:sparql ex:Refers . {REFERS}""",
        "ex:a a ex:C ; ex:p ex:b , ex:c . ex:b ex:bad 1 . ex:d ex:bad 1 .",
        {"<b> <q> - SPARQL T"},
    ),
    "a path of length zero from a node that is not in the data": (
        # SPARQL 1.1, section 18.4: it relates every term to itself. Not so in Oxigraph.
        f"""ex:S a sh:NodeShape ; sh:targetNode ex:absent ; sh:sparql ex:Q .
        ex:Q {query("SELECT $this ?value WHERE { $this ex:p* ?value }")} .""",
        "ex:a ex:p ex:b .",
        {"<absent> - <absent> SPARQL S"},
    ),
    "a class that is a shape by what it has": (
        "ex:C a rdfs:Class ; sh:nodeKind sh:Literal .",
        "ex:a a ex:C .",
        {"<a> - <a> NodeKind C"},
    ),
    "a component is used by a class that is a shape by what else it has": (
        COMPONENTS + "ex:C a rdfs:Class ; sh:nodeKind sh:IRI ; ex:without ex:q .",
        "ex:a a ex:C ; ex:q 1 . ex:b a ex:C .",
        {'<a> - <a> http://example.org/Without C "has http://example.org/q"'},
    ),
}


PYSHACL_DIFFERS = {
    "a validator that asks, of values and of focus nodes that are literals": (
        # It leaves out sh:value where a property shape uses a validator that asks.
        '<a> <p> - http://example.org/Language P "{?value} is not ar 1.50"@en'
    ),
    "validators that select, one constraint for each value of the only parameter": (
        # Of several values of the only parameter it takes one.
        '<a> - <a> http://example.org/Without S "has http://example.org/'
    ),
}
"""The cases that pySHACL does not get right, with a result that tells so."""


@pytest.mark.parametrize("name", PYSHACL_DIFFERS)
def test_pyshacl_differs(name: str) -> None:
    of_shapes, of_data, expected = CASES[name]
    found = told(engine("pyshacl").validate(turtle(of_data), shapes(of_shapes)))
    assert any(each.startswith(PYSHACL_DIFFERS[name]) for each in found)
    assert len(found) < len(expected)


@both
@pytest.mark.parametrize("name", CASES)
def test_results_are_those_of_the_specification(name: str, chosen: Engine) -> None:
    if chosen.name == "pyshacl" and name in PYSHACL_DIFFERS:
        pytest.skip("see PYSHACL_DIFFERS")
    of_shapes, of_data, expected = CASES[name]
    data = turtle(of_data)
    found = told(chosen.validate(data, shapes(of_shapes)))
    labels = {str(term): "_:a" for each in data for term in each if str(term).startswith("_:")}
    for label, short in labels.items():
        found = {each.replace(label, short) for each in found}
    assert found == expected


@pytest.mark.parametrize("name", CASES)
def test_fast_engine_needs_no_pyshacl_for_them(name: str) -> None:
    if native.is_installed():
        assert shapes(CASES[name][0]).split.reference == {}


def test_the_shapes_graph_and_the_shape_are_prebound() -> None:
    text = f"""ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:sparql ex:Q ; ex:limit 1 .
        ex:T a sh:NodeShape ; sh:targetNode ex:a ; sh:sparql ex:Q .
        ex:Q {query("SELECT $this WHERE { GRAPH $shapesGraph { $currentShape ex:limit ?x } }")} ."""
    assert told(engine().validate([], shapes(text))) == {"<a> - <a> SPARQL S"}
    with pytest.raises(WorkspaceError, match="pySHACL cannot evaluate"):
        engine("pyshacl").validate([], shapes(text))


def test_a_query_can_report_a_failure() -> None:
    text = f"""ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:sparql ex:Q .
        ex:Q {query("SELECT $this ?failure WHERE { BIND (true AS ?failure) }")} ."""
    with pytest.raises(WorkspaceError, match="reports a failure for the focus node"):
        engine().validate([], shapes(text))
    # pySHACL takes it for a result.
    assert len(engine("pyshacl").validate([], shapes(text)).results) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('sh:ask "ASK { BIND (1 AS ?value) }"', "assigns to \\$value"),
        ('sh:ask "ASK { BIND (1 AS $one) }"', "assigns to \\$one"),
        ('sh:ask "ASK { { SELECT $this WHERE { $this ?p $value } } }"', "does not select \\$one"),
        ('sh:ask "ASK { $this ?p 1 MINUS { $this ?p 2 } }"', "MINUS"),
        ('sh:ask "ASK { VALUES ?x { 1 } }"', "VALUES"),
        ('sh:ask "ASK { SERVICE <http://x.example/> { ?s ?p ?o } }"', "SERVICE"),
        ('sh:ask "SELECT $this WHERE { $this ?p ?o }"', "not an ASK query"),
        ('sh:select "SELECT $this WHERE { $this ?p ?o }"', "sh:validator needs one sh:ask"),
        ('sh:ask "ASK { ex:a ?p ?o }"', "prefix ex: is not declared"),
    ],
)
def test_validators_that_may_not_be(text: str, words: str) -> None:
    component = f"""ex:C a sh:ConstraintComponent ; sh:parameter [ sh:path ex:one ] ;
        sh:validator [ {text} ] . ex:S a sh:NodeShape ; ex:one 1 ; sh:targetNode ex:a ."""
    with pytest.raises(WorkspaceError, match=words):
        shapes(component)


@pytest.mark.parametrize(
    ("declaration", "words"),
    [
        ("sh:parameter [ sh:path ex:one ; sh:optional true ]", "not optional"),
        ("sh:parameter [ sh:path ex:this ]", "cannot be a variable"),
        ("sh:parameter [ sh:path ex:a-b ]", "cannot be a variable"),
        ("sh:parameter [ sh:path ( ex:a ex:b ) ]", "one sh:path, an IRI"),
        ("sh:parameter [ sh:path ex:a ] , [ sh:path <http://x.example/a> ]", "same local name"),
    ],
)
def test_components_that_may_not_be(declaration: str, words: str) -> None:
    with pytest.raises(WorkspaceError, match=words):
        shapes(f"ex:C a sh:ConstraintComponent ; {declaration} .")


def test_a_shape_has_one_value_for_each_of_several_parameters() -> None:
    with pytest.raises(WorkspaceError, match="S: it has more than one <http://example"):
        shapes(COMPONENTS + 'ex:S a sh:NodeShape ; ex:lang "en" , "ar" .')


EXPONENTIAL = "^(a+)+$"


def test_a_regular_expression_that_backtracks_takes_no_time() -> None:
    text = f'ex:S sh:path ex:p ; sh:targetSubjectsOf ex:p ; sh:pattern "{EXPONENTIAL}" .'
    data = turtle(f'ex:a ex:p "{"a" * 5000}!" .')
    start = time.process_time()
    assert len(engine().validate(data, shapes(text)).results) == 1
    with pytest.raises(WorkspaceError, match=r"S: .*exponential time"):
        engine("pyshacl").validate(data, shapes(text))
    assert time.process_time() - start < 10


@both
def test_a_pattern_that_only_a_backtracking_engine_reads_is_bounded(chosen: Engine) -> None:
    text = 'ex:S sh:path ex:p ; sh:targetSubjectsOf ex:p ; sh:pattern "^(?!b)(a+)+$" .'
    with pytest.raises(WorkspaceError, match="exponential time"):
        chosen.validate(turtle(f'ex:a ex:p "{"a" * 5000}!" .'), shapes(text))


@both
def test_a_pattern_that_refers_back_is_matched(chosen: Engine) -> None:
    text = r'ex:S sh:path ex:p ; sh:targetSubjectsOf ex:p ; sh:pattern "^(a|b)\\1$" .'
    data = turtle('ex:a ex:p "aa" , "bb" , "ab" , "a" .')
    expected = {'<a> <p> "ab" Pattern S', '<a> <p> "a" Pattern S'}
    assert told(chosen.validate(data, shapes(text))) == expected


@pytest.mark.parametrize("engine_name", ["fast", "pyshacl"])
def test_what_no_engine_matches_is_told_without_naming_one(engine_name: str) -> None:
    text = r'ex:S sh:path ex:p ; sh:targetSubjectsOf ex:p ; sh:pattern "^(a+)(\\1a)+$" .'
    with pytest.raises(WorkspaceError, match="exponential time") as error:
        engine(engine_name).validate(turtle('ex:a ex:p "aa" .'), shapes(text))
    assert "pySHACL" not in str(error.value)
    assert "references back" in str(error.value)


@both
def test_a_regular_expression_in_a_query_is_bounded(chosen: Engine) -> None:
    select = f"SELECT $this WHERE {{ $this ex:p ?v FILTER REGEX(STR(?v), '{EXPONENTIAL}') }}"
    text = f"ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:sparql ex:Q . ex:Q {query(select)} ."
    data = turtle(f'ex:a ex:p "{"a" * 5000}!" .')
    if chosen.name == "fast":
        assert chosen.validate(data, shapes(text)).results == ()
    else:
        with pytest.raises(WorkspaceError, match="exponential time"):
            chosen.validate(data, shapes(text))


def test_patterns_of_xpath_that_python_does_not_read() -> None:
    text = r'ex:S sh:path ex:p ; sh:targetSubjectsOf ex:p ; sh:pattern "^\\p{L}+$" .'
    data = turtle('ex:a ex:p "كلمة" , "1" .')
    assert told(engine().validate(data, shapes(text))) == {'<a> <p> "1" Pattern S'}
    with pytest.raises(WorkspaceError, match="Python does not read"):
        engine("pyshacl").validate(data, shapes(text))


@both
def test_booleans_other_than_the_literal_true_have_no_effect(chosen: Engine) -> None:
    # SHACL, section 4.4.5: "if $uniqueLang is true"; the W3C's uniqueLang-002 tests it.
    text = """ex:S sh:path ex:p ; sh:targetSubjectsOf ex:p ; sh:uniqueLang "1"^^xsd:boolean .
        ex:T a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:closed "1"^^xsd:boolean ;
          sh:deactivated "1"^^xsd:boolean ; sh:nodeKind sh:Literal ."""
    data = turtle('ex:a ex:p "x"@en , "y"@en .')
    parsed = shapes(text)
    assert told(chosen.validate(data, parsed)) == {"<a> - <a> NodeKind T"}
    assert [note.partition(": its ")[2].split()[0] for note in parsed.notes] == [
        "sh:uniqueLang",
        "sh:closed",
        "sh:deactivated",
    ]


def test_pyshacl_passes_over_a_type_that_closed_shapes_do_not_allow() -> None:
    """SHACL, section 4.8.1: only what sh:property and sh:ignoredProperties name is allowed."""
    parsed = shapes(
        "ex:S sh:targetSubjectsOf ex:p ; sh:closed true ; sh:property [ sh:path ex:p ] ."
    )
    data = turtle("ex:a ex:p 1 ; a rdfs:Resource .")
    (result,) = engine().validate(data, parsed).results
    assert (str(result.value), result.path) == (f"<{RDFS}Resource>", f"<{RDF}type>")
    assert engine("pyshacl").validate(data, parsed).results == ()
    other = turtle("ex:a ex:p 1 ; a rdfs:Class .")
    assert len(engine("pyshacl").validate(other, parsed).results) == 1


def test_nothing_is_fetched() -> None:
    text = PREFIXES + "<http://x.invalid/o> owl:imports <http://x.invalid/shapes.ttl> ."
    parsed = Shapes.parse({"s.ttl": text})
    assert len(parsed.notes) == 1
    assert "http://x.invalid/shapes.ttl> is not fetched; give it as a file" in parsed.notes[0]
    for each in ENGINES.values():
        assert each.validate([], parsed).results == ()
    both_files = {
        "s.ttl": text,
        "t.ttl": "<http://x.invalid/shapes.ttl> a <http://www.w3.org/2002/07/owl#Ontology> .",
    }
    assert Shapes.parse(both_files).notes == ()


@pytest.mark.parametrize("paths", ["", "sh:path ex:p , ex:q ;"])
def test_the_native_engine_passes_over_a_missing_or_second_path(paths: str) -> None:
    shacl = pytest.importorskip("shacl")
    text = f"{PREFIXES} ex:S sh:targetNode ex:a ; sh:property [ {paths} sh:minLength 9 ] ."
    data = PREFIXES + 'ex:a ex:q "x" .'
    assert shacl.Shapes.from_turtle(text).validate_turtle(data).conforms
    with pytest.raises(WorkspaceError, match=r"it has [02] sh:path, and"):
        Shapes.parse({"s.ttl": text})


def test_pyshacl_wants_a_class_that_is_a_shape_to_be_typed_as_one() -> None:
    of_shapes, of_data, expected = CASES["a class that is a shape by what it has"]
    graphs = [rdflib.Graph().parse(data=PREFIXES + each) for each in (of_data, of_shapes)]
    assert pyshacl.validate(graphs[0], shacl_graph=graphs[1])[0]
    assert expected


def test_pyshacl_does_not_put_every_path_in_the_place_of_path() -> None:
    text = (
        COMPONENTS
        + """ex:S sh:path [ sh:zeroOrMorePath [ sh:zeroOrMorePath ex:p ] ] ;
        sh:targetNode ex:a ; ex:without ex:q ."""
    )
    data = turtle("ex:a ex:p ex:b . ex:b ex:q 1 .")
    assert len(engine().validate(data, shapes(text)).results) == 1
    with pytest.raises(WorkspaceError, match="Expected SelectQuery"):
        engine("pyshacl").validate(data, shapes(text))


def test_oxigraph_binds_outside_of_groups_and_passes_over_what_is_not_in_the_data() -> None:
    store = Store()
    bound = "SELECT $this WHERE { { FILTER (BOUND($this)) } }"
    assert not list(store.query(bound, substitutions={Variable("this"): NamedNode(EX + "a")}))
    assert not list(store.query(f"SELECT ?v WHERE {{ <{EX}absent> <{EX}p>* ?v }}"))
    assert list(rdflib.Graph().query(f"SELECT ?v WHERE {{ <{EX}absent> <{EX}p>* ?v }}"))


def test_oxigraph_writes_language_tags_small() -> None:
    (triple,) = turtle('ex:a ex:p "x"@en-US .')
    assert str(triple.object) == '"x"@en-us'


@pytest.mark.parametrize("literal", ['""', "0", "false"])
def test_rdflib_takes_some_literals_at_the_end_of_a_path_for_no_value(literal: str) -> None:
    """They are false to Python; the engine fast asks Oxigraph about what is in the data."""
    of_query = query("SELECT $this { $this ex:p* ?x . ?x a ex:D }")
    parsed = shapes(f"ex:S a sh:NodeShape ; sh:targetObjectsOf ex:p ; sh:sparql [ {of_query} ] .")
    data = turtle(f"ex:a ex:p {literal} , ex:d . ex:d a ex:D .")
    right = {"<d> - <d> SPARQL S"}
    assert told(engine("fast").validate(data, parsed)) == right
    assert told(engine("pyshacl").validate(data, parsed)) > right
