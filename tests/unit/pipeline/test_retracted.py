"""What is told of the retractions in some files, by their quads and positions alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pyoxigraph import Literal, NamedNode, Quad

from kgpub.errors import Place, Problem
from kgpub.pipeline.retracted import problems_of_retractions, retracted_at
from kgpub.vocabulary import KG, RDF, XSD
from kgpub.vocabulary import terms as kg

BASE = "https://example.org/data/"
GRAPH = NamedNode(f"{BASE}graph/retractions")
RECORD = f"{BASE}retraction/one"
FACT, EVENT, STATEMENT = (f"{BASE}{name}" for name in ("fact/a", "event/b", "statement/c"))


@dataclass(frozen=True)
class File:
    file: str
    quads: Sequence[Quad]
    positions: Sequence[tuple[int, int]]


def file(name: str, *told: tuple[int, str, str, str]) -> File:
    """A file that tells of each line what subject, predicate and object are, in column 3."""
    day = NamedNode(XSD + "date")
    quads = [
        Quad(
            NamedNode(subject),
            NamedNode(predicate),
            NamedNode(value) if value.startswith("http") else Literal(value, datatype=day),
            GRAPH,
        )
        for _, subject, predicate, value in told
    ]
    return File(name, quads, [(line, 3) for line, *_ in told])


def record(*retracted: str, day: str = "2026-01-30") -> File:
    about = [(7, RECORD, kg.retracts, each) for each in retracted]
    return file("one.yaml", *about, (8, RECORD, kg.retractedOn, day))


def describing(name: str, class_: str, iri: str) -> File:
    return file(name, (4, iri, f"{RDF}type", KG + class_))


def told(retraction: File, *others: File, today: date | None = None) -> list[Problem]:
    found = problems_of_retractions([retraction], lambda _: [retraction, *others], today)
    return sorted(found)


def test_nothing_is_told_of_what_is_gone() -> None:
    assert told(record(FACT, STATEMENT)) == []
    assert told(record(FACT), describing("two.yaml", "Tenure", f"{BASE}fact/other")) == []


def test_each_file_that_says_it_is_told_once_and_few_by_name() -> None:
    others = [describing(f"{name}.yaml", "Tenure", FACT) for name in "edcba"]
    [problem] = told(record(STATEMENT, FACT), *others, others[0])
    assert problem.place == Place("one.yaml", 7, 3)
    assert problem.severity == "info"
    assert problem.message.endswith("a.yaml:4:3, b.yaml:4:3, c.yaml:4:3, … and 2 more")
    assert [place.file for place in problem.related] == [f"{name}.yaml" for name in "abcde"]


def test_a_statement_counts_where_no_fact_went_with_it() -> None:
    same = describing("two.yaml", "Quotation", STATEMENT)
    assert len(told(record(STATEMENT), same)) == 1
    assert told(record(STATEMENT, FACT), same) == []
    assert len(told(record(STATEMENT, EVENT), describing("two.yaml", "Event", EVENT))) == 1


def test_a_day_after_today_is_an_error_at_the_day() -> None:
    later = record(FACT, day="2026-01-31")
    [problem] = told(later, today=date(2026, 1, 30))
    assert (problem.place, problem.severity) == (Place("one.yaml", 8, 3), "error")
    assert told(later, today=date(2026, 1, 31)) == []
    assert told(later) == []


def test_the_place_of_the_retraction_of_a_thing_is_found() -> None:
    found = retracted_at([record(FACT, EVENT)], {FACT, STATEMENT})
    assert found == {FACT: Place("one.yaml", 7, 3)}
