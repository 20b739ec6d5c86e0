"""All validation engines give the same report, and the one that SHACL asks for.

Expectations are worked out by hand from the specification; the examples of kgpub's shapes compare
the engines with each other. Beside this, test_shacl_suites has the W3C's tests, and
test_random_shapes compares engines on random shapes, data and queries.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph
import pyshacl
import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, Quad, Triple
from tests.contract.shacl_graphs import (
    DECLARED,
    EX,
    PREFIXES,
    ROOT,
    both,
    query,
    shapes,
    told,
    turtle,
)

from kgpub.errors import WorkspaceError
from kgpub.model.report import Result
from kgpub.validation import ENGINES, Engine, Shapes, engine, native, reference
from kgpub.validation.reference import reference_results

EXAMPLES = ROOT / "tests" / "shapes" / "examples"


@dataclass(frozen=True)
class Case:
    name: str
    shapes: str
    data: str
    expected: set[str] = field(default_factory=set)
    reference: int = 0
    """How many shapes with targets the fast engine gives to pySHACL for these data."""


CASES = [
    Case(
        "shapes that only decide tell instances: of subclasses, in cycles, of two classes; no text",
        """ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:property ex:P .
           ex:P sh:path ex:p ; sh:or ( ex:OneNode [ sh:class ex:Two ; sh:class ex:Three ] ) .
           ex:N a sh:NodeShape ; sh:targetSubjectsOf ex:q ; sh:not [ sh:class ex:One ] .
           ex:OneNode a sh:NodeShape ; sh:closed true ; sh:ignoredProperties ( rdf:type ) ;
               sh:class ex:One .""",
        """ex:Low rdfs:subClassOf ex:One . ex:One rdfs:subClassOf ex:Low .
           ex:low a ex:Low . ex:two a ex:Two . ex:both a ex:Two , ex:Three .
           ex:said a ex:One ; ex:more 1 .
           ex:a ex:p ex:low , ex:both . ex:b ex:p ex:two , ex:said , "One" , ex:One .
           ex:c a ex:Low ; ex:q 1 . ex:d ex:q 1 .""",
        {
            "<b> <p> <two> Or P",
            "<b> <p> <said> Or P",
            '<b> <p> "One" Or P',
            "<b> <p> <One> Or P",
            "<c> - <c> Not N",
        },
    ),
    Case(
        "instances of subclasses are targets, and those of the shape that is a class",
        """ex:S a sh:NodeShape ; sh:targetClass ex:Top ; sh:class ex:Never .
           ex:Own a sh:NodeShape , owl:Class ; sh:nodeKind sh:Literal .""",
        """ex:Low rdfs:subClassOf ex:Middle . ex:Middle rdfs:subClassOf ex:Top .
           ex:a a ex:Low . ex:b a ex:Other . ex:c a ex:Own .""",
        {"<a> - <a> Class S", "<c> - <c> NodeKind Own"},
    ),
    Case(
        "nodes need not be in the data; subjects and objects of a predicate; literals as targets",
        """ex:S a sh:NodeShape ; sh:targetNode ex:absent ; sh:targetSubjectsOf ex:p ;
             sh:targetObjectsOf ex:q ; sh:hasValue ex:never .""",
        'ex:a ex:p "x" ; ex:q 1.50 .',
        {
            "<absent> - - HasValue S",
            "<a> - - HasValue S",
            '"1.50"^^<decimal> - - HasValue S',
        },
    ),
    Case(
        "messages in all languages, of the shape that the result is of",
        """ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property ex:P ; sh:message "no"@en .
           ex:P sh:path ex:p ; sh:minCount 1 ; sh:message "give p"@en , "أعط"@ar ;
             sh:severity sh:Warning .""",
        "ex:a a ex:C .",
        {'<a> <p> - MinCount P "أعط"@ar "give p"@en'},
    ),
    Case(
        "deactivated: a shape, a property shape, a constraint",
        f"""ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property ex:P ; sh:deactivated true ;
             sh:hasValue ex:never .
           ex:T a sh:NodeShape ; sh:targetClass ex:C ; sh:property ex:P ; sh:sparql ex:Q .
           ex:P sh:path ex:p ; sh:minCount 1 ; sh:deactivated true .
           ex:Q {query("SELECT $this WHERE { $this a ?x }", "; sh:deactivated true")} .""",
        "ex:a a ex:C .",
    ),
    Case(
        "a property shape within another has its values as focus nodes",
        """ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property ex:P .
           ex:P sh:path ex:p ; sh:property ex:Q . ex:Q sh:path ex:q ; sh:minCount 1 .""",
        "ex:a a ex:C ; ex:p ex:b , ex:c . ex:b ex:q 1 .",
        {"<c> <q> - MinCount Q"},
    ),
    Case(
        "closed names the predicate; nothing is told of a complex path but the path",
        """ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:closed true ;
             sh:ignoredProperties ( rdf:type ) ; sh:property ex:P .
           ex:P sh:path ( ex:p [ sh:oneOrMorePath [ sh:alternativePath
             ( ex:q [ sh:inversePath ex:r ] ) ] ] ) ; sh:maxCount 0 .""",
        "ex:a a ex:C ; ex:s 1 . ex:b a ex:C ; ex:p ex:c . ex:d ex:r ex:c .",
        {
            '<a> <s> "1"^^<integer> Closed S',
            "<b> <p> <c> Closed S",
            "<b> <p>/((<q>|(^<r>))+) - MaxCount P",
        },
    ),
    Case(
        "literals keep the form that they were submitted in",
        """ex:S sh:path ex:p ; sh:targetSubjectsOf ex:p ; sh:datatype xsd:date .""",
        r"""ex:a ex:p 1.500 , "01"^^xsd:integer , "1"^^xsd:byte , "-0"^^xsd:double ,
             "tab\t, quote \" and \\ \u200F" .""",
        {
            '<a> <p> "1.500"^^<decimal> Datatype S',
            '<a> <p> "01"^^<integer> Datatype S',
            '<a> <p> "1"^^<byte> Datatype S',
            '<a> <p> "-0"^^<double> Datatype S',
            r'<a> <p> "tab\t, quote \" and \\ ' + '\u200f" Datatype S',
        },
    ),
    Case(
        "a query: value or else focus node, messages with what it found, each solution a result",
        f"""ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:sparql ex:Q , ex:R .
           ex:Q {query("SELECT $this ?value ?other WHERE { $this ex:p ?value ; ex:q ?other }")} ;
             sh:message "{{$this}}: {{?value}} or {{$other}}, {{?none}}"@en , "{{?other}}؟"@ar .
           ex:R {query("SELECT $this WHERE { $this ex:p ?x }")} ; sh:message "p" .""",
        r"""ex:a a ex:C ; ex:p "\\1 {?other}" ; ex:q "x"@en , ex:y . ex:b ex:p 1 ; ex:q 2 .""",
        {
            r'<a> - "\\1 {?other}" SPARQL S "x؟"@ar '
            r'"http://example.org/a: \\1 {?other} or x, {?none}"@en',
            r'<a> - "\\1 {?other}" SPARQL S "http://example.org/y؟"@ar '
            r'"http://example.org/a: \\1 {?other} or http://example.org/y, {?none}"@en',
            '<a> - <a> SPARQL S "p"',
        },
    ),
    Case(
        "a query of a property shape: $PATH, the path found or else that of the shape, no value",
        f"""ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property ex:P , ex:R .
           ex:P sh:path ex:p ; sh:sparql ex:Q . ex:R sh:path [ sh:inversePath ex:r ] ;
             sh:sparql ex:Q , ex:T .
           ex:Q {query("SELECT $this WHERE { $this $PATH ?x }")} .
           ex:T {query("SELECT * WHERE { $this ?path ?value FILTER (?value = 7) }")} .""",
        "ex:a a ex:C ; ex:p 1 . ex:b a ex:C ; ex:q 7 . ex:c ex:r ex:b .",
        {
            "<a> <p> - SPARQL P",
            "<b> ^<r> - SPARQL R",
            '<b> <q> "7"^^<integer> SPARQL R',
        },
    ),
    Case(
        "a query that binds the message",
        f"""ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:sparql ex:Q .
           ex:Q {query("SELECT * WHERE { $this ex:p ?message }")} ; sh:message "m" .""",
        'ex:a a ex:C ; ex:p "first"@en , "second" .',
        {'<a> - <a> SPARQL S "first"@en', '<a> - <a> SPARQL S "second"'},
    ),
    Case(
        "messages of the shape go before those of the query",
        f"""ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:sparql ex:Q ; sh:message "of shape" .
           ex:Q {query("SELECT $this WHERE { $this a ex:C }")} ; sh:message "of query" .""",
        "ex:a a ex:C .",
        {'<a> - <a> SPARQL S "of shape"'},
    ),
    Case(
        "what the store rewrites is restored, in values and in messages",
        f"""ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:sparql ex:Q .
           ex:Q {query("SELECT * WHERE { $this ex:p ?value ; ex:n ?n FILTER (?n < ?value) }")} ;
             sh:message "{{?n}} < {{?value}}" .""",
        'ex:a a ex:C ; ex:p 1.500 ; ex:n "01"^^xsd:nonNegativeInteger . ex:b ex:other 1.5 .',
        {'<a> - "1.500"^^<decimal> SPARQL S "01 < 1.500"'},
    ),
    Case(
        "two literals that the store makes one stay two",
        f"""ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:sparql ex:Q .
           ex:Q {query("SELECT $this ?value WHERE { $this ex:p ?value }")} .""",
        "ex:a a ex:C ; ex:p 1.50 , 1.5 .",
        {'<a> - "1.50"^^<decimal> SPARQL S', '<a> - "1.5"^^<decimal> SPARQL S'},
    ),
    Case(
        "a query that looks at the form of a literal that the store rewrites",
        f"""ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:sparql ex:Q .
           ex:Q {query("SELECT * WHERE { $this ex:p ?value FILTER (STR(?value) = '01') }")} .""",
        'ex:a a ex:C ; ex:p "01"^^xsd:integer .',
        {'<a> - "01"^^<integer> SPARQL S'},
    ),
    Case(
        "a query that decides whether another shape conforms",
        f"""ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:node ex:T .
           ex:U a sh:NodeShape ; sh:targetClass ex:C ; sh:minLength 99 .
           ex:T a sh:NodeShape ; sh:sparql ex:Q .
           ex:Q {query("SELECT $this WHERE { $this ex:p ?x }")} .""",
        "ex:a a ex:C ; ex:p 1 . ex:b a ex:C .",
        {"<a> - <a> Node S", "<a> - <a> MinLength U", "<b> - <b> MinLength U"},
    ),
    Case(
        "a query that sees $this only when it is pre-bound",
        f"""ex:S a sh:NodeShape ; sh:targetNode ex:a , ex:absent ; sh:sparql ex:Q , ex:R .
           ex:Q {query("SELECT $this WHERE { FILTER ($this = ex:absent) }")} .
           ex:R {query("SELECT $this WHERE { ?x ex:p ?y { FILTER ($this = ex:a) } }")} .""",
        "ex:b ex:p 1 .",
        {"<absent> - <absent> SPARQL S", "<a> - <a> SPARQL S"},
    ),
    Case(
        "a path of length zero with two free ends relates all terms of the data, read or not",
        f"""ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:sparql ex:Q , ex:R .
           ex:Q sh:message "{{?x}}" ;
             {query("SELECT $this ?x { $this ex:p ?v . ?x ex:q* ?y FILTER (?x = ex:l) }")} .
           ex:R {query("SELECT $this { $this ex:p ?v FILTER NOT EXISTS { ?x ex:q? ex:m } }")} .""",
        "ex:a ex:p 1 . ex:l ex:other ex:m .",
        {'<a> - <a> SPARQL S "http://example.org/l"'},
    ),
    Case(
        "the inverse of a sequence begins with what the sequence ends with",
        """ex:S a sh:NodeShape ; sh:targetNode ex:x ; sh:property ex:P , ex:Q .
           ex:P sh:path [ sh:inversePath ( ex:q ex:p ) ] ; sh:in ( ex:none ) .
           ex:Q sh:path ( [ sh:zeroOrOnePath [ sh:inversePath [ sh:alternativePath
             ( ( ex:q ex:p ) ex:r ) ] ] ] ex:s ) ; sh:maxCount 0 .""",
        "ex:a ex:q ex:b ; ex:s 1 . ex:b ex:p ex:x . ex:c ex:p ex:d . ex:d ex:q ex:x ; ex:s 2 .",
        {"<x> ^(<q>/<p>) <a> In P", "<x> ((^((<q>/<p>)|<r>))?)/<s> - MaxCount Q"},
    ),
    Case(
        "look-ahead in a pattern, which the native engine does not read",
        """ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:property ex:P .
           ex:P sh:path ex:p ; sh:pattern "^(?!a)" .""",
        'ex:a ex:p "abc" , "bcd" .',
        {'<a> <p> "abc" Pattern P'},
        reference=1,
    ),
    Case(
        "language tags in any case",
        """ex:S sh:path ex:p ; sh:targetSubjectsOf ex:p ; sh:languageIn ( "ar" ) ;
             sh:uniqueLang true .""",
        'ex:a ex:p "x"@EN-us , "y"@en-US , "z"@AR-iq .',
        {
            '<a> <p> "x"@en-us LanguageIn S',
            '<a> <p> "y"@en-us LanguageIn S',
            "<a> <p> - UniqueLang S",
        },
    ),
]


@both
@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_results_are_those_of_the_specification(case: Case, chosen: Engine) -> None:
    assert told(chosen.validate(turtle(case.data), shapes(case.shapes))) == case.expected


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_fast_engine_leaves_to_pyshacl_only_what_it_must(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_up: list[int] = []

    def counted(parsed: Shapes, roots: Iterable[object], data: Iterable[Triple]) -> list[Result]:
        roots = list(roots)
        given_up.append(len(roots))
        return reference_results(parsed, roots, data)

    monkeypatch.setattr(reference, "reference_results", counted)
    engine().validate(turtle(case.data), shapes(case.shapes))
    assert sum(given_up) == case.reference


def test_without_a_native_engine_pyshacl_does_it_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(native, "is_installed", lambda: False)
    monkeypatch.setattr(native, "compile_shapes", None)
    for case in CASES:
        assert told(engine().validate(turtle(case.data), shapes(case.shapes))) == case.expected


@both
def test_graphs_are_one_and_repeats_count_once(chosen: Engine) -> None:
    parsed = shapes("ex:S sh:path ex:p ; sh:targetSubjectsOf ex:p ; sh:maxCount 1 .")
    triple = turtle("ex:a ex:p 1 .")[0]
    data = [Quad(*triple, NamedNode(EX + graph)) for graph in ("g", "h")]
    assert chosen.validate([*data, triple], parsed).results == ()
    other = Quad(triple.subject, triple.predicate, Literal("2"), NamedNode(EX + "g"))
    assert told(chosen.validate([*data, other], parsed)) == {"<a> <p> - MaxCount S"}


@both
@pytest.mark.parametrize("literal", ["1", '"01"^^xsd:integer', '"1"^^xsd:nonNegativeInteger'])
def test_a_literal_that_is_a_target_is_no_other_of_the_same_value(
    chosen: Engine, literal: str
) -> None:
    select = query("SELECT $this WHERE { FILTER NOT EXISTS { ?x ex:p $this } }")
    parsed = shapes(f"ex:S a sh:NodeShape ; sh:targetNode 1 ; sh:sparql [ {select} ] .")
    report = chosen.validate(turtle(f"ex:a ex:p {literal} ."), parsed)
    assert len(report.results) == (0 if literal == "1" else 1)


@both
@pytest.mark.parametrize("kind", ["sh:nodeKind sh:IRI", "sh:class ex:C"])
def test_blank_nodes_keep_their_labels(chosen: Engine, kind: str) -> None:
    parsed = shapes(f"""ex:S sh:path ex:p ; sh:targetSubjectsOf ex:p ; {kind} ; sh:sparql ex:Q .
        ex:Q {query("SELECT $this ?value WHERE { $this ex:p ?value }")} .""")
    data = turtle("_:a ex:p _:b .")
    a, b = data[0].subject, data[0].object
    found = {(result.focus, result.value) for result in chosen.validate(data, parsed).results}
    assert found == {(a, b)}
    assert len(chosen.validate(data, parsed).results) == 2


@both
def test_anonymous_shapes_have_names_that_do_not_change(chosen: Engine) -> None:
    text = (
        "ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property [ sh:path ex:p ; sh:minCount 1 ] ."
    )
    names = {
        result.shape
        for _ in range(2)
        for result in chosen.validate(turtle("ex:a a ex:C ."), shapes(text)).results
    }
    assert names == {"https://w3id.org/kgpub/shapes/genid/shapes.ttl/2"}


def test_messages_are_those_that_pyshacl_writes() -> None:
    # Its own messages lose their language, and values with a backslash make it fail.
    text = f"""ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:sparql ex:Q .
        ex:Q {query("SELECT $this ?value ?other WHERE { $this ex:p ?value ; ex:q ?other }")} ;
          sh:message "{{$this}} {{?this}} {{?value}} {{?other}} {{?none}} {{value}}" ."""
    data = """ex:a a ex:C ; ex:p "x y"@en , 1.50 , ex:b ; ex:q "2020"^^ex:own , true ."""
    graphs = [rdflib.Graph().parse(data=PREFIXES + each) for each in (data, DECLARED + text)]
    _, report, _ = pyshacl.validate(graphs[0], shacl_graph=graphs[1])
    expected = sorted(str(each) for each in report.objects(None, rdflib.SH.resultMessage))
    results = engine().validate(turtle(data), shapes(text)).results
    assert sorted(message.value for result in results for message in result.messages) == expected
    assert len(expected) == 6


INCOMPARABLE = [
    # SHACL, sections 4.3 and 4.5.3: where SPARQL's < does not yield true there is a result.
    ('sh:maxExclusive "2020-01-01"^^xsd:date', "ex:a ex:p true .", 1),
    ("sh:lessThan ex:q", 'ex:a ex:p "a" ; ex:q ex:b .', 1),
    ("sh:lessThan ex:q", 'ex:a ex:p 1 ; ex:q "x"^^xsd:integer .', 1),
    # The year 45 before Christ lies before the year 2020.
    ('sh:maxExclusive "2020-01-01"^^xsd:date', 'ex:a ex:p "-0044-03-15"^^xsd:date .', 0),
]


@pytest.mark.parametrize(("constraint", "data", "results"), INCOMPARABLE)
def test_pyshacl_differs_over_what_cannot_be_compared(
    constraint: str, data: str, results: int
) -> None:
    parsed = shapes(f"ex:S sh:path ex:p ; sh:targetSubjectsOf ex:p ; {constraint} .")
    assert len(engine("fast").validate(turtle(data), parsed).results) == results
    assert len(engine("pyshacl").validate(turtle(data), parsed).results) == 1 - results


EXPRESSIONS = [
    # SPARQL 1.1, section 17.3: no order, and no difference, between what cannot be compared.
    ("?value < 1", "true", 0),
    ("?value != 1", '"2020"^^ex:own', 0),
    # Section 17.4.1.9: IN compares as = does.
    ("?value IN (1)", "1.0", 1),
    # XPath and XQuery Functions, section 5.4.3: characters at 0 and 1, of which there is one.
    ("SUBSTR('abc', ?value, 2) = 'a'", "0", 1),
]


@pytest.mark.parametrize(("expression", "value", "results"), EXPRESSIONS)
def test_rdflib_under_pyshacl_evaluates_some_expressions_differently(
    expression: str, value: str, results: int
) -> None:
    select = f"SELECT $this WHERE {{ $this ex:p ?value FILTER ({expression}) }}"
    parsed = shapes(
        f"ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:sparql ex:Q . ex:Q {query(select)} ."
    )
    data = turtle(f"ex:a ex:p {value} .")
    assert len(engine("fast").validate(data, parsed).results) == results
    assert len(engine("pyshacl").validate(data, parsed).results) == 1 - results


def test_pyshacl_fails_in_words() -> None:
    parsed = shapes("ex:S sh:path ex:p ; sh:targetSubjectsOf ex:p ; sh:lessThanOrEquals ex:q .")
    data = turtle('ex:a ex:p "x"^^xsd:integer ; ex:q 1 .')
    assert told(engine().validate(data, parsed)) == {'<a> <p> "x"^^<integer> LessThanOrEquals S'}
    with pytest.raises(WorkspaceError, match="pySHACL fails on this data"):
        engine("pyshacl").validate(data, parsed)


def test_there_is_no_other_engine() -> None:
    with pytest.raises(WorkspaceError, match=r"no validation engine 'quick'\s+.*fast, pyshacl"):
        engine("quick")


def example_data(changes: Path | None) -> list[Triple]:
    """The valid dataset of the shapes' examples, with all changes of one file made at once."""
    valid = (EXAMPLES / "valid.ttl").read_text(encoding="utf-8")
    header = "\n".join(line for line in valid.splitlines() if line.startswith("@prefix"))
    kgs = "@prefix kgs: <https://w3id.org/kgpub/shapes#> ."
    header = f"@base <https://example.org/> .\n{kgs}\n{header}\n"
    lines = changes.read_text(encoding="utf-8").splitlines() if changes else []
    removed = set(turtle(header + "\n".join(line[2:] for line in lines if line[:2] == "- ")))
    added = turtle(header + "\n".join(line[2:] for line in lines if line[:2] == "+ "))
    ontology = [
        quad.triple
        for name in ("kgpub.ttl", "schemes.ttl")
        for quad in pyoxigraph.parse(path=ROOT / "ontology" / name)
    ]
    kept = (triple for triple in turtle(valid) if triple not in removed)
    return [*kept, *added, *ontology]


@pytest.mark.skipif(not EXAMPLES.is_dir(), reason="the shapes have no examples yet")
@pytest.mark.parametrize("name", ["valid.ttl", *sorted(p.name for p in EXAMPLES.glob("*.changes"))])
def test_examples_of_the_shapes(name: str) -> None:
    parsed = Shapes.parse({path.name: path.read_text() for path in (ROOT / "shapes").glob("*.ttl")})
    data = example_data(EXAMPLES / name if name.endswith(".changes") else None)
    fast, slow = (engine(each).validate(data, parsed) for each in ENGINES)
    assert fast == slow
    assert bool(fast.results) == name.endswith(".changes")
