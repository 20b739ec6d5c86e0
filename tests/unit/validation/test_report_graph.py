"""The report as RDF: hand-written triples, and pySHACL's own report of the same data."""

from __future__ import annotations

import rdflib
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse, serialize
from pyshacl import validate
from rdflib import SH
from rdflib.compare import isomorphic

from kgpub.model.report import INFO, Report, Result
from kgpub.serialisation import turtle
from kgpub.validation import Shapes, engine, report_graph

EX = "http://example.org/"
BASE = "https://data.example/"
PREFIXES = f"@prefix ex: <{EX}> . @prefix sh: <http://www.w3.org/ns/shacl#> .\n"
SHAPES = """ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property ex:P , ex:Q ; sh:hasValue ex:z .
    ex:P sh:path ex:p ; sh:maxLength 1 ; sh:message "long"@en , "طويل"@ar ; sh:severity sh:Info .
    ex:Q sh:path ( ex:p [ sh:zeroOrMorePath [ sh:inversePath ex:q ] ] ) ; sh:nodeKind sh:IRI ."""
DATA = 'ex:a a ex:C ; ex:p "ab"@ar , 1.50 . ex:b a ex:C .'


def rendered(report: Report) -> rdflib.Graph:
    text = serialize(report_graph(report, BASE), format=RdfFormat.N_TRIPLES).decode()
    return rdflib.Graph().parse(data=text, format="nt")


def found() -> Report:
    data = [quad.triple for quad in parse(PREFIXES + DATA, format=RdfFormat.TURTLE)]
    return engine().validate(data, Shapes.parse({"s.ttl": PREFIXES + SHAPES}))


def results(graph: rdflib.Graph) -> set[tuple[object, ...]]:
    properties = (SH.focusNode, SH.value, SH.sourceShape, SH.sourceConstraintComponent)
    return {
        (
            *(graph.value(node, each) for each in (*properties, SH.resultSeverity)),
            frozenset(graph.objects(node, SH.resultMessage)),
        )
        for node in graph.objects(None, SH.result)
    }


def test_results_are_those_of_pyshacls_report() -> None:
    graphs = [rdflib.Graph().parse(data=PREFIXES + text) for text in (DATA, SHAPES)]
    _, expected, _ = validate(graphs[0], shacl_graph=graphs[1])
    ours = rendered(found())
    shown = {row[:5] for row in results(expected)}
    assert {row[:5] for row in results(ours)} == shown
    assert len(shown) == 6
    long = {row[5] for row in results(ours) if row[4] == SH.Info}
    assert long == {
        frozenset({rdflib.Literal("long", lang="en"), rdflib.Literal("طويل", lang="ar")})
    }


def test_a_report_of_one_result() -> None:
    result = Result(
        NamedNode(EX + "a"), f"<{EX}p>", None, f"{SH}MinCountConstraintComponent", EX + "S", INFO
    )
    graph = rendered(Report.of([result]))
    (report,) = graph.subjects(rdflib.RDF.type, SH.ValidationReport)
    (node,) = graph.objects(report, SH.result)
    assert str(report).startswith(BASE + "report/")
    assert str(node).startswith(BASE + "result/")
    assert set(graph.predicate_objects(node)) == {
        (rdflib.RDF.type, SH.ValidationResult),
        (SH.focusNode, rdflib.URIRef(EX + "a")),
        (SH.resultPath, rdflib.URIRef(EX + "p")),
        (SH.sourceConstraintComponent, SH.MinCountConstraintComponent),
        (SH.sourceShape, rdflib.URIRef(EX + "S")),
        (SH.resultSeverity, SH.Info),
    }
    # SHACL, section 3.6.1.1; kgpub publishes all the same.
    assert graph.value(report, SH.conforms) == rdflib.Literal(False)
    assert Report.of([result]).conforms


def test_without_results_it_conforms() -> None:
    graph = rendered(Report(()))
    assert len(graph) == 2
    assert set(graph.objects(None, SH.conforms)) == {rdflib.Literal(True)}


def test_a_complex_path_is_described_without_blank_nodes() -> None:
    graph = rendered(found())
    assert not [term for triple in graph for term in triple if isinstance(term, rdflib.BNode)]
    (path,) = {
        graph.value(node, SH.resultPath)
        for node in graph.subjects(SH.sourceShape, rdflib.URIRef(EX + "Q"))
    }
    first, second = graph.items(path)
    assert first == rdflib.URIRef(EX + "p")
    assert graph.value(graph.value(second, SH.zeroOrMorePath), SH.inversePath) == rdflib.URIRef(
        EX + "q"
    )


terms = st.one_of(
    st.sampled_from("abc").map(lambda name: NamedNode(EX + name)),
    st.text(max_size=3).map(Literal),
    st.just(BlankNode("b")),
)
any_result = st.builds(
    Result,
    terms,
    st.sampled_from([None, f"<{EX}p>", f"^<{EX}p>"]),
    st.none() | terms,
    st.just(EX + "Component"),
    st.sampled_from([EX + "S", EX + "T"]),
    st.sampled_from([EX + "Own", INFO]),
    st.lists(st.text(max_size=2).map(Literal), max_size=2).map(tuple),
)


@given(st.lists(any_result, max_size=4), st.randoms())
def test_the_same_results_give_the_same_triples(several: list[Result], random: object) -> None:
    shuffled = [*several, *several]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = report_graph(Report.of(several), BASE), report_graph(Report.of(shuffled), BASE)
    assert one == other
    nodes = [each for each in one if each.predicate.value == str(SH.result)]
    assert len(nodes) == len(Report.of(several).results)


PATHS = """ex:S a sh:NodeShape ; sh:targetClass ex:C ;
    sh:property ex:P1 , ex:P2 , ex:P3 , ex:P4 , ex:P5 .
    ex:P1 sh:minCount 9 ; sh:path ( ex:p [ sh:zeroOrMorePath [ sh:inversePath ex:q ] ] ) .
    ex:P2 sh:minCount 9 ; sh:path [ sh:alternativePath ( ex:p [ sh:oneOrMorePath ex:q ] ) ] .
    ex:P3 sh:minCount 9 ; sh:path ( [ sh:inversePath ex:p ] [ sh:inversePath ex:p ] ) .
    ex:P4 sh:minCount 9 ; sh:path [ sh:zeroOrOnePath ( ex:p ex:p ex:q ) ] .
    ex:P5 sh:minCount 9 ; sh:path ex:p ."""


def path_of(graph: rdflib.Graph, node: rdflib.term.Node) -> rdflib.Graph:
    """Return the result path of a result, and all that is said of it."""
    (path,) = graph.objects(node, SH.resultPath)
    found = rdflib.Graph().add((rdflib.URIRef(EX), SH.resultPath, path))
    pending = [path]
    while pending:
        for triple in graph.triples((pending.pop(), None, None)):
            found.add(triple)
            pending.append(triple[2])
    return found


def test_paths_are_blank_nodes_as_pyshacl_has_them() -> None:
    graphs = [rdflib.Graph().parse(data=PREFIXES + text) for text in (DATA, PATHS)]
    _, expected, _ = validate(graphs[0], shacl_graph=graphs[1])
    data = [quad.triple for quad in parse(PREFIXES + DATA, format=RdfFormat.TURTLE)]
    report = engine().validate(data, Shapes.parse({"s.ttl": PREFIXES + PATHS}))
    triples = report_graph(report, BASE, blank_paths=True)
    assert triples == report_graph(report, BASE, blank_paths=True)
    text = b"".join(turtle(triples, {"sh": str(SH)}, any_term=True)).decode()
    assert "_:" not in text
    ours = rdflib.Graph().parse(data=text)
    compared = 0
    for node in expected.objects(None, SH.result):
        focus, shape = (expected.value(node, each) for each in (SH.focusNode, SH.sourceShape))
        of_focus, of_shape = (
            ours.subjects(SH.focusNode, focus),
            ours.subjects(SH.sourceShape, shape),
        )
        (same,) = set(of_focus) & set(of_shape)
        assert isomorphic(path_of(ours, same), path_of(expected, node))
        compared += 1
    assert compared == 10
    # No two results, nor parts of a path, share a node: P1 has 4 of them, and so have P2 to P4.
    blank = {term for triple in ours for term in triple if isinstance(term, rdflib.BNode)}
    assert len(blank) == 2 * (4 + 4 + 4 + 4)
