"""Results of a validation at their places, and no more of them than anybody reads."""

from __future__ import annotations

import time

from pyoxigraph import Literal, NamedNode, Quad

from kgpub.errors import MAX_PROBLEMS, Place, Problem, capped
from kgpub.messages import Given
from kgpub.model.report import INFO, VIOLATION, Node, Report, Result
from kgpub.model.submission import Mapped
from kgpub.pipeline.dataset import Part
from kgpub.pipeline.placing import problems
from kgpub.vocabulary import SH
from kgpub.vocabulary import terms as kg

BASE = "https://example.org/data/"
CLASS, MAX_COUNT = SH + "ClassConstraintComponent", SH + "MaxCountConstraintComponent"


def part(file: str, *quads: tuple[NamedNode, str, NamedNode | Literal]) -> Part:
    """A file with one of these in each line."""
    graph = NamedNode(f"{BASE}submission/{file}")
    made = tuple(Quad(s, NamedNode(p), o, graph) for s, p, o in quads)
    mapped = Mapped(made, tuple((line, 1) for line in range(1, len(made) + 1)))
    return Part(file, "", "", True, lambda: mapped)


def result(
    focus: NamedNode,
    predicate: str,
    value: Node | None,
    component: str = CLASS,
    severity: str = VIOLATION,
) -> Result:
    return Result(focus, f"<{predicate}>", value, component, "urn:shape", severity)


def item(number: int) -> NamedNode:
    return NamedNode(f"{BASE}person/p-{number}")


def test_the_severest_results_of_each_file_are_told_and_the_others_counted() -> None:
    """1,200 infos come before 300 errors: 699 of these stay, 501 are only counted."""
    first = part("a.yaml", *((item(n), kg.name, Literal("x")) for n in range(1_500)))
    second = part("b.yaml", (item(9_999), kg.name, Literal("x")))
    results = [
        result(item(n), kg.name, Literal("x"), severity=INFO if n < 1_200 else VIOLATION)
        for n in (*range(1_500), 9_999)
    ]
    told = problems(Report.of(results), [first, second])
    assert [problem.place.file for problem in told].count("b.yaml") == 1
    here = [problem for problem in told if problem.place.file == "a.yaml"]
    assert len(here) == MAX_PROBLEMS
    assert sum(problem.severity == "error" for problem in here) == 300
    (last,) = [each for each in here if each.place.line == 1_500 and each.severity == "info"]
    assert last.message == "there are 501 more problems in this file"


def test_an_error_that_is_not_told_still_refuses_and_concerns_its_files() -> None:
    many = [Problem(Place("a", n), Given("x", {"": "x"})) for n in range(1, 2_000)]
    hidden = Problem(Place("a", 2_000), Given("x", {"": "x"}), related=(Place("b", 7, 7),))
    told = capped([*many, hidden])
    assert len(told) == MAX_PROBLEMS
    assert [each.severity for each in told if each.concerns({"b"})] == ["error"]
    assert capped(told) == told


def test_values_without_end_of_one_node_take_time_that_grows_with_them() -> None:
    node = item(1)
    values = [Literal(str(n)) for n in range(20_000)]
    began = time.process_time()
    told = problems(
        Report.of([result(node, kg.about, value) for value in values]),
        [part("a.yaml", *((node, kg.about, value) for value in values))],
    )
    assert time.process_time() - began < 10
    assert {problem.place.line for problem in told} >= set(range(1, 900))
    assert all(len(problem.related) <= 11 for problem in told)


def test_of_many_values_where_one_is_allowed_ten_places_are_shown() -> None:
    node = item(1)
    quads = [(node, kg.kind, NamedNode(f"urn:x:{n}")) for n in range(50)]
    (told,) = problems(
        Report.of([result(node, kg.kind, None, MAX_COUNT)]), [part("a.yaml", *quads)]
    )
    assert told.message.endswith("a.yaml:9:1, a.yaml:10:1, …)")


def test_a_publisher_that_is_wrong_is_not_told_again_of_what_it_says() -> None:
    article, statement = NamedNode(f"{BASE}article/a"), NamedNode(f"{BASE}statement/s")
    ghost, other, unknown = (
        NamedNode(f"{BASE}organisation/{name}") for name in ("ghost", "other", "unknown")
    )
    said = [result(statement, kg.saidBy, who) for who in (ghost, other, unknown)]

    def about(*results: Result) -> list[tuple[str, str]]:
        """Of what, and of whom, something is told."""
        found = problems(Report.of([*results, *said]), [])
        words = [problem.remedy.replace(",", "").split() for problem in found]
        return sorted((each[1], each[3] if each[2] == "value" else "") for each in words)

    statements = [("statement/s", f"organisation/{name}") for name in ("ghost", "other", "unknown")]
    assert about() == statements
    ghostly = ("article/a", "organisation/ghost")
    assert about(result(article, kg.publisher, ghost)) == [ghostly, *statements[1:]]
    assert about(result(article, kg.publisher, None)) == [("article/a", ""), *statements[:2]]
