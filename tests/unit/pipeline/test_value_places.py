"""Results on RDF files at the places that were marked by hand."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from kgpub.errors import Problem
from kgpub.model.report import VIOLATION, Report, Result
from kgpub.pipeline.placing import problems
from kgpub.pipeline.suggestions import Suggestions
from kgpub.sources.rdf import read_rdf
from kgpub.validation import Shapes, engine
from kgpub.vocabulary import SH

PREFIXES = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <urn:e:> .\n"
XML = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="urn:e:">\n'
NEED = "sh:property [ sh:path e:need ; sh:minCount 1 ]"
QUERY = 'sh:sparql [ sh:select "SELECT $this WHERE { $this <urn:e:v> ?x }" ]'
FROM = f"e:S sh:targetSubjectsOf e:v ; {NEED} ."
AT = f"e:S sh:targetNode e:a ; {NEED} ."

# The place of each result stands behind a ⌖.
NODES = [
    (FROM, "a.ttl", "\n\n⌖e:a\n  e:v 1 ; e:w 2 .\n"),
    (FROM, "a.ttl", "e:b e:w e:a . # e:a\n e:c e:w ⌖[ e:v\n 1 ] .\n"),
    (FROM, "a.ttl", "( 1\n 2 ) e:w 3 . ⌖( 1 2 ) e:v 3 .\n"),
    (FROM, "a.ttl", "⌖[] e:v 1 .\n ⌖_:b e:v 1 . e:d e:w _:b .\n"),
    (FROM, "a.nt", '<urn:e:z> <urn:e:z> "q" .\n⌖<urn:e:a> <urn:e:v> "1" .\n'),
    (FROM, "a.trig", "e:g { e:z e:w e:a .\n ⌖e:a e:v 1 }\n"),
    (FROM, "a.jsonld", '{"@id": ⌖"urn:e:a",\n\n"urn:e:v": 1}'),
    (FROM, "a.jsonld", '[{"urn:e:w":\n ⌖{"urn:e:v": 1}}]'),
    (FROM, "a.rdf", f'{XML}<rdf:Description rdf:about="urn:e:a">\n<e:v>⌖5</e:v></rdf:Description>'),
    (f"e:S sh:targetObjectsOf e:v ; {NEED} .", "a.ttl", "e:a e:w e:b ;\n e:v ⌖e:b .\n"),
    (f"e:S sh:targetObjectsOf e:v ; {NEED} .", "a.ttl", "e:a e:v e:b .\n⌖e:b e:w 1 .\n"),
    # What is a literal stands as an object only: where it is a target, before all else.
    ("e:S sh:targetObjectsOf e:v ; sh:nodeKind sh:IRI .", "a.ttl", "e:a e:w 5 ;\n e:v ⌖5 .\n"),
    (f"e:S sh:targetSubjectsOf e:v ; {QUERY} .", "a.ttl", "\n  ⌖e:a\n e:v 1 .\n"),
    (AT, "a.ttl", "e:b e:w 1 ;\n e:v ⌖e:a .\n"),
    (AT, "a.ttl", "e:b e:w e:a .\n ⌖e:a a e:P .\n"),
]
STEPS = [
    (
        "( e:knows e:age ) ; sh:datatype e:D",
        "e:b e:age\n ⌖3 . e:a e:knows e:b , e:c . e:d e:age 4 .",
    ),
    # The same value stands at a node that the path does not lead to.
    ("( e:knows e:age ) ; sh:maxLength 0", "e:d e:age 3 . e:a e:knows e:b .\n e:b e:age ⌖3 ."),
    ("[ sh:inversePath e:child ] ; sh:class e:Q", "e:p e:child e:z ,\n ⌖e:a ."),
    (
        "[ sh:oneOrMorePath e:n ] ; sh:nodeKind sh:IRI",
        'e:a e:n e:b .\n e:b e:n e:c . e:c e:n ⌖"x" .',
    ),
    (
        "[ sh:oneOrMorePath e:n ] ; sh:nodeKind sh:IRI",
        'e:x e:n "x" . e:a e:n e:b .\n e:b e:n ⌖"x" , e:a .',
    ),
    # A value that the path may lead to by no step at all is the node itself.
    ("[ sh:zeroOrMorePath e:n ] ; sh:class e:Q", "e:b e:n e:z .\n ⌖e:a e:w 1 ."),
    ("[ sh:alternativePath ( e:p e:q ) ] ; sh:maxLength 0", "e:a e:w 1 ; e:q ⌖1 ."),
    ("[ sh:alternativePath ( e:p e:q ) ] ; sh:minCount 3", "e:a e:w 1 ; e:q ⌖1 , 2 ."),
    # What lacks the last value is told where the path breaks off.
    ("( e:addr e:zip ) ; sh:minCount 1", "e:a e:w 1 ; e:addr\n ⌖e:b ."),
    ("( [ sh:inversePath e:child ] e:age ) ; sh:minCount 1", "e:a e:w 1 . e:p e:child\n ⌖e:a ."),
    ("e:v ; sh:equals e:w", "e:a e:u 0 ; e:v 1 , ⌖2 ; e:w 1 , ⌖0 ."),
    (
        "e:p ; sh:closed true ; sh:property [ sh:path e:ok ]",
        "e:a e:p e:b . e:c e:no 1 .\n e:b e:ok 2 ; e:no ⌖1 .",
    ),
    ("e:v ; sh:hasValue 1 , 2", "⌖e:a a e:P ; e:v 1 ."),
    ("e:v ; sh:hasValue 1 , 2", "e:a a e:P ; e:v 1 , ⌖3 ."),
]
JSON = [
    (
        "e:S sh:targetNode e:a ; sh:property [ sh:path ( e:knows e:age ) ; sh:maxLength 2 ] .",
        '{"@context": {"@vocab": "urn:e:"}, "@id": "urn:e:a", "knows": [{"@id": "urn:e:b",\n'
        '"age": 3}, {"@id": "urn:e:c",\n "age": ⌖"bad"}]}',
    ),
    (
        "e:S sh:targetSubjectsOf e:v ; sh:property [ sh:path e:v ; sh:nodeKind sh:Literal ] .",
        '{"@context": {"@vocab": "urn:e:", "rv": {"@reverse": "urn:e:v"}}, "@id": "urn:e:a",\n'
        '"rv": {"@id": ⌖"urn:e:c", "w": 1},\n "@reverse": {"v": [{"@id": ⌖"urn:e:d"},\n'
        '⌖{"w": 2}]},\n"zzz": 1\n}',
    ),
    (
        "e:S sh:targetNode e:a ; sh:property [ sh:path [ sh:inversePath e:v ] ; sh:class e:Q ] .",
        '{"@context": {"rv": {"@reverse": "urn:e:v", "@type": "@id"}}, "@id": "urn:e:a",\n'
        '"rv": [⌖"urn:e:c", ⌖"urn:e:d"]}',
    ),
]
CASES = [
    *NODES,
    *((f"e:S sh:targetNode e:a ; sh:property [ sh:path {s} ] .", "a.ttl", d) for s, d in STEPS),
    *((shapes, "a.jsonld", data) for shapes, data in JSON),
]


def told(folder: Path, name: str, data: str, shapes: str, by: str = "fast") -> list[Problem]:
    path = folder / name
    path.write_text(data, encoding="utf-8")
    read = read_rdf(path)
    compiled = Shapes.parse({"s.ttl": PREFIXES + shapes})
    report = engine(by).validate(read.quads, compiled)
    return list(problems(report, [read], Suggestions(lambda: read.quads, compiled)))


@pytest.mark.parametrize("by", ["fast", "pyshacl"])
@pytest.mark.parametrize("case", range(len(CASES)))
def test_a_result_is_where_its_value_or_node_stands(tmp_path: Path, case: int, by: str) -> None:
    shapes, name, marked = CASES[case]
    if name.endswith((".ttl", ".trig")):
        marked = PREFIXES + marked
    if name.endswith(".rdf"):
        marked += "</rdf:RDF>"
    expected = []
    for number, line in enumerate(marked.split("\n"), 1):
        parts = line.split("⌖")
        expected += [(number, len("".join(parts[:at])) + 1) for at in range(1, len(parts))]
    found = told(tmp_path, name, marked.replace("⌖", ""), shapes, by)
    assert [(each.place.line, each.place.column) for each in found] == expected
    assert {each.place.file for each in found} == {str(tmp_path / name)}


def test_of_a_node_that_stands_nowhere_it_is_said(tmp_path: Path) -> None:
    (problem,) = told(tmp_path, "a.ttl", "<urn:e:b> <urn:e:w> 1 .", AT)
    assert (problem.place.line, problem.place.column) == (1, 1)
    assert problem.remedy.splitlines()[0] == "It stands nowhere in the data."
    (problem,) = told(tmp_path, "a.ttl", "<urn:e:b> <urn:e:w> <urn:e:a> .", AT)
    assert "nowhere" not in problem.remedy


def test_a_literal_is_shown_as_it_is_written(tmp_path: Path) -> None:
    shapes = "e:S sh:targetObjectsOf e:v ; sh:nodeKind sh:IRI ."
    (problem,) = told(tmp_path, "a.ttl", "<urn:e:b> <urn:e:v> 5 .", shapes)
    assert problem.remedy.startswith("about 5 (")
    (problem,) = told(tmp_path, "a.ttl", "<urn:e:b> <urn:e:v> '2020'@en .", shapes)
    assert problem.remedy.startswith('about "2020"@en (')


def test_to_place_the_ends_of_a_long_chain_takes_time_that_grows_with_it(tmp_path: Path) -> None:
    """From each of 3,000 nodes the path leads to the same end."""
    data = "".join(f"<urn:e:{n}> <urn:e:n> <urn:e:{n + 1}> .\n" for n in range(3_000))
    path = tmp_path / "a.nt"
    path.write_text(data + '<urn:e:3000> <urn:e:n> "x" .\n', encoding="utf-8")
    read = read_rdf(path)
    component = SH + "NodeKindConstraintComponent"
    results = [
        Result(NamedNode(f"urn:e:{n}"), "<urn:e:n>+", Literal("x"), component, "urn:s", VIOLATION)
        for n in range(3_001)
    ]
    report = Report.of(results)
    began = time.process_time()
    found = problems(report, [read], every=True)
    assert time.process_time() - began < 5
    assert {each.place.line for each in found} == {3_001}
