"""Validation in batches: the results are those of validating everything at once."""

from __future__ import annotations

import pytest
from pyoxigraph import RdfFormat, Triple, parse

from kgpub.validation import Shapes, batches, engine, native

PREFIXES = (
    "@prefix ex: <http://ex/> . @prefix sh: <http://www.w3.org/ns/shacl#> . "
    "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
)
SHAPES = """
ex:OfClass sh:targetClass ex:C ; sh:property [ sh:path ex:q ; sh:minCount 1 ] ; sh:closed true .
ex:OfNodes sh:targetNode ex:absent , 7 , "x"@en ; sh:nodeKind sh:BlankNode .
ex:OfSubjects sh:targetSubjectsOf ex:p ; sh:property ex:Shared ; sh:nodeKind sh:Literal .
ex:OfObjects sh:targetObjectsOf ex:p ; sh:nodeKind sh:IRI ; sh:severity sh:Warning .
ex:Shared sh:path [ sh:inversePath ex:p ] ; sh:minCount 1 ; sh:maxCount 1 .
ex:D a rdfs:Class , sh:NodeShape ; sh:not ex:Decides .
ex:Decides sh:property [ sh:path ex:p ; sh:class ex:C ; sh:minCount 1 ] .
ex:ByQuery sh:targetClass ex:D ; sh:node ex:Asked .
ex:Asked a sh:NodeShape ; sh:sparql [ sh:select "SELECT $this { $this <http://ex/p> ?o }" ] .
ex:Off sh:targetClass ex:C ; sh:deactivated true ; sh:hasValue 1 .
"""
DATA = """
ex:a a ex:C ; ex:p ex:b , 5 , _:n . ex:b a ex:D ; ex:p ex:a . _:n a ex:C ; ex:p "y" , ex:c .
ex:c a ex:E . ex:E rdfs:subClassOf ex:D . ex:D rdfs:subClassOf ex:C . ex:e a ex:D .
[] a ex:D ; ex:p _:n .
"""


def triples(text: str) -> list[Triple]:
    return [quad.triple for quad in parse(PREFIXES + text, RdfFormat.TURTLE)]


@pytest.mark.parametrize("most", [1, 2, 3])
def test_batches_report_what_the_reference_reports(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    shapes, data = Shapes.parse({"s.ttl": PREFIXES + SHAPES}), triples(DATA)
    whole = engine("fast").validate(data, shapes)
    monkeypatch.setattr(batches, "MAX_AT_ONCE", most)
    monkeypatch.setattr(batches, "MAX_BATCHES", 100)
    report = engine("fast").validate(data, shapes)
    assert report == whole
    assert report.results == engine("pyshacl").validate(data, shapes).results
    assert len(report.results) > 20


@pytest.mark.parametrize(
    ("most", "batches_run"), [(13, 0), (12, 1), (11, 1), (2, 2), (1, 3)], ids=str
)
def test_no_result_is_lost_where_one_run_just_has_too_many(
    most: int, batches_run: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three nodes, each against four constraints."""
    names = ("a", "b", "c")
    shape = "ex:S sh:targetSubjectsOf ex:p ; sh:closed true ; sh:nodeKind sh:Literal"
    of_property = "sh:property [ sh:path ex:q ; sh:hasValue 1 ; sh:minCount 1 ]"
    shapes = Shapes.parse({"s.ttl": f"{PREFIXES} {shape} ; {of_property} ."})
    data = triples("".join(f"ex:{name} ex:p 1 .\n" for name in names))
    ran: list[int | None] = []
    core_results = native.core_results

    def counted(*arguments: object) -> object:
        ran.append(arguments[2] if len(arguments) == 3 else None)  # type: ignore[arg-type]
        return core_results(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(native, "core_results", counted)
    monkeypatch.setattr(batches, "MAX_AT_ONCE", most)
    report = engine("fast").validate(data, shapes)
    assert len(report.results) == 12
    told = {
        (each.focus.value, each.component.rpartition("#")[2].removesuffix("ConstraintComponent"))
        for each in report.results
    }
    assert told == {
        (f"http://ex/{name}", component)
        for name in names
        for component in ("Closed", "NodeKind", "HasValue", "MinCount")
    }
    assert ran == [most] + [None] * batches_run


def test_so_many_focus_nodes_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[int] = []
    core_results = native.core_results

    def counted(*arguments: object) -> object:
        found = core_results(*arguments)  # type: ignore[arg-type]
        ran.append(len(found))
        return found

    monkeypatch.setattr(native, "core_results", counted)
    shapes = "ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:q ; sh:minCount 1 ] ."
    core = Shapes.parse({"s.ttl": PREFIXES + shapes}).core
    data = triples("".join(f"ex:n{n} a ex:C .\n" for n in range(25)))
    results = list(batches.batched_results(core, data, 10))
    assert ran == [10, 10, 5]
    assert sorted(str(each.focus) for each in results) == sorted(
        f"<http://ex/n{n}>" for n in range(25)
    )
    # Of a hundred batches that would be, there are ten.
    ran.clear()
    assert len(list(batches.batched_results(core, data, 1))) == 25
    assert len(ran) == 9 and max(ran) == 3


def test_results_are_worth_reading_data_again_for_by_their_number() -> None:
    nothing: list[Triple] = []
    assert batches.at_once(nothing) == 10_000
    (triple,) = triples("ex:a a ex:C .")
    assert batches.at_once([triple] * 500_000) == 50_000
