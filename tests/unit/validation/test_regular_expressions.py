"""Regular expressions that pySHACL is not asked to match, for the texts that there are."""

from __future__ import annotations

import time

import pytest
from tests.contract.shacl_graphs import EX, query, shapes, told, turtle

from kgpub.errors import WorkspaceError
from kgpub.validation import engine

CUBIC = ".*.*x"
LONG = "a" * 5000
SHAPE = "ex:S sh:path ex:p ; sh:targetSubjectsOf ex:p"


def test_a_pattern_may_take_long_on_long_texts_only() -> None:
    parsed = shapes(f'{SHAPE} ; sh:pattern "{CUBIC}" .')
    report = engine("pyshacl").validate(turtle('ex:a ex:p "abc" , "axe" .'), parsed)
    assert told(report) == {'<a> <p> "abc" Pattern S'}
    with pytest.raises(WorkspaceError, match=r"S: .*1,000,000,000 steps on a text of 5,000 char"):
        engine("pyshacl").validate(turtle(f'ex:a ex:p "{LONG}" .'), parsed)


def test_texts_that_a_pattern_is_not_for_do_not_count() -> None:
    data = turtle(f'ex:a ex:p "abc" ; ex:q "{LONG}" .')
    by_predicate = shapes(f'{SHAPE} ; sh:pattern "{CUBIC}" .')
    assert told(engine("pyshacl").validate(data, by_predicate)) == {'<a> <p> "abc" Pattern S'}
    for path in ("( ex:p ex:p )", "[ sh:inversePath ex:p ]", "[ sh:zeroOrMorePath ex:q ]"):
        by_path = shapes(f'ex:S sh:path {path} ; sh:targetNode ex:a ; sh:pattern "{CUBIC}" .')
        with pytest.raises(WorkspaceError, match="5,000 characters"):
            engine("pyshacl").validate(data, by_path)


def test_the_text_may_be_an_iri_or_stand_in_the_shapes() -> None:
    focus = f"<http://example.org/{LONG}>"
    for data, target in (
        (f"{focus} ex:p 1 .", "sh:targetSubjectsOf ex:p"),
        (f"ex:a ex:p {focus} .", "sh:targetObjectsOf ex:p"),
        ("ex:a ex:p 1 .", f"sh:targetNode {focus}"),
    ):
        parsed = shapes(f'ex:S a sh:NodeShape ; {target} ; sh:pattern "{CUBIC}" .')
        with pytest.raises(WorkspaceError, match="5,019 characters"):
            engine("pyshacl").validate(turtle(data), parsed)


@pytest.mark.parametrize("flags", ["m", "im"])
def test_a_pattern_that_may_begin_at_each_line(flags: str) -> None:
    data = turtle(f'ex:a ex:p "{"a" * 10**5}" .')
    assert engine("pyshacl").validate(data, shapes(f'{SHAPE} ; sh:pattern "^.*a" .')).conforms
    with pytest.raises(WorkspaceError, match="100,000 characters"):
        engine("pyshacl").validate(
            data, shapes(f'{SHAPE} ; sh:pattern "^.*a" ; sh:flags "{flags}" .')
        )


def test_rows_of_what_may_be_left_out_are_refused_by_pyshacl_only() -> None:
    parsed = shapes(f'{SHAPE} ; sh:pattern "^{"a?" * 30}{"a" * 30}$" .')
    data = turtle(f'ex:a ex:p "{"a" * 29}" , "{"a" * 30}" .')
    start = time.process_time()
    assert told(engine().validate(data, parsed)) == {f'<a> <p> "{"a" * 29}" Pattern S'}
    with pytest.raises(WorkspaceError, match=r"S: the regular expression .* may take "):
        engine("pyshacl").validate(data, parsed)
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    "pattern", ["?p", "CONCAT('^(a+)', '+$')", "STR(?p)", "IF(true, '^(a+)+$', 'b')"]
)
def test_a_query_that_computes_a_regular_expression(pattern: str) -> None:
    select = (
        f"SELECT $this WHERE {{ $this ex:q ?p . $this ex:p ?v . FILTER REGEX(STR(?v), {pattern}) }}"
    )
    parsed = shapes(f"ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:sparql [ {query(select)} ] .")
    data = turtle(f'ex:a ex:p "{"a" * 40}!" ; ex:q "^(a+)+$" .')
    with pytest.raises(WorkspaceError, match="S: a query computes a regular expression"):
        engine("pyshacl").validate(data, parsed)
    assert engine("fast").validate(data, parsed).conforms


COMPONENT = """ex:C a sh:ConstraintComponent ; sh:parameter [ sh:path ex:like ] ;
    sh:validator [ a sh:SPARQLAskValidator ;
      sh:ask "ASK { FILTER REGEX(STR($value), $like) }" ] ."""


@pytest.mark.parametrize("name", ["fast", "pyshacl"])
def test_a_regular_expression_that_is_a_parameter(name: str) -> None:
    data = turtle('ex:a ex:p "abc" , "x" .')
    parsed = shapes(f'{COMPONENT} {SHAPE} ; ex:like "^[a-c]+$" .')
    assert len(engine(name).validate(data, parsed).results) == 1


def test_a_parameter_that_may_take_exponential_time() -> None:
    data = turtle(f'ex:a ex:p "{"a" * 40}!" .')
    parsed = shapes(f'{COMPONENT} {SHAPE} ; ex:like "^(a+)+$" .')
    assert len(engine("fast").validate(data, parsed).results) == 1
    with pytest.raises(WorkspaceError, match=r"S: .* may take exponential time"):
        engine("pyshacl").validate(data, parsed)


def test_a_query_that_rdflib_evaluates_for_the_engine_fast() -> None:
    # SPARQL has no notation for a blank node that a variable is bound to beforehand.
    select = "SELECT $this WHERE { $this ex:p ?v . $this ex:q ?p FILTER REGEX(STR(?v), ?p) }"
    constraint = f"sh:property [ sh:path ex:r ; sh:node [ sh:sparql [ {query(select)} ] ] ]"
    parsed = shapes(f"ex:S a sh:NodeShape ; sh:targetNode ex:a ; {constraint} .")
    data = turtle(f'ex:a ex:r _:b . _:b ex:p "{"a" * 40}!" ; ex:q "^(a+)+$" .')
    with pytest.raises(WorkspaceError, match="a query computes a regular expression"):
        engine("fast").validate(data, parsed)


def test_what_rdflib_evaluates_may_take_long_on_long_texts_only() -> None:
    pattern = f"$value <{EX}p> ?v FILTER (!REGEX(?v, $like))"
    component = COMPONENT.replace("FILTER REGEX(STR($value), $like)", pattern)
    parsed = shapes(f'{component} ex:S sh:path ex:r ; sh:targetNode ex:a ; ex:like "{CUBIC}" .')
    short = turtle('ex:a ex:r _:b . _:b ex:p "abc" .')
    assert engine("fast").validate(short, parsed).conforms
    with pytest.raises(WorkspaceError, match="on a text of 5,000 characters"):
        engine("fast").validate(turtle(f'ex:a ex:r _:b . _:b ex:p "{LONG}" .'), parsed)
