"""Which focus nodes a change is validated for, and what is read for them; by hand-made cases."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from pyoxigraph import NamedNode, Triple
from tests.contract.plain_graph import PlainGraph
from tests.contract.shacl_graphs import DECLARED, EX, PREFIXES, query, shapes, told, turtle

from kgpub.errors import WorkspaceError
from kgpub.model.report import Report
from kgpub.validation import engine
from kgpub.validation.extract import Extract, stop_at_focus_nodes
from kgpub.validation.graph_view import Overlay
from kgpub.validation.incremental import Incremental, Recheck, State
from kgpub.validation.neighbourhood import Touched, Walk, affected
from kgpub.validation.reading_patterns import MAX_READS, root_patterns

CROWD = "".join(f"ex:o{n} a ex:Other ; ex:p ex:o{n + 1} ; ex:q {n} .\n" for n in range(50))
"""Nodes that no case below has anything to do with."""


def validated(
    of_shapes: str, data: list[Triple], constant: Iterable[Triple] = ()
) -> tuple[Incremental, State]:
    """Validate a graph as a whole."""
    parsed = shapes(of_shapes)
    incremental = Incremental(parsed, engine(), constant)
    report = engine().validate(data, parsed)
    return incremental, incremental.state(PlainGraph(data), report)


def change(of_shapes: str, data: str, added: str = "", removed: str = "") -> tuple[Recheck, Report]:
    """Validate a change, check the report against full validation, and return both."""
    before, more, less = turtle(data + CROWD), turtle(added), turtle(removed)
    graph = PlainGraph(before)
    incremental, state = validated(of_shapes, before)
    recheck = incremental.recheck(state, graph, more, less, graph.forms())
    after = [*(each for each in before if each not in less), *more]
    report = recheck.applied(state).report
    assert report == engine().validate(after, shapes(of_shapes))
    assert set(recheck.after.triples()) == set(after)
    return recheck, report


def foci(of_shapes: str, data: str, changed: str) -> tuple[set[str], str]:
    """Return the affected focus nodes of the one root, where `changed` is added."""
    (patterns,) = root_patterns(shapes(of_shapes))
    triples = turtle(changed)
    changes = Touched(triples, Walk(PlainGraph(turtle(data))))
    nodes, reason = affected(patterns, changes, changes.ends)
    return {str(node).removeprefix(f"<{EX}").removesuffix(">") for node in nodes}, reason


S = "ex:S a sh:NodeShape ; sh:targetNode ex:never ;"
CASES = {
    "path": ("sh:property [ sh:path ex:p ; sh:minCount 1 ]", "", "ex:a ex:p 1 .", {"a"}),
    "unread": ("sh:property [ sh:path ex:p ; sh:minCount 1 ]", "", "ex:a ex:q 1 .", set[str]()),
    "inverse": (
        "sh:property [ sh:path [ sh:inversePath ex:p ] ; sh:minCount 1 ]",
        "",
        "ex:a ex:p ex:b .",
        {"b"},
    ),
    "sequence": (
        "sh:property [ sh:path ( ex:p [ sh:inversePath ex:q ] ex:r ) ; sh:minCount 1 ]",
        "ex:a ex:p ex:b . ex:c ex:q ex:b .",
        "ex:c ex:r 1 .",
        {"a"},
    ),
    "inverse of a sequence": (
        "sh:property [ sh:path [ sh:inversePath ( ex:p ex:q ) ] ; sh:minCount 1 ]",
        "ex:b ex:q ex:c .",
        "ex:a ex:p ex:b .",
        {"c"},
    ),
    "repeated": (
        "sh:property [ sh:path ( [ sh:zeroOrMorePath ex:p ] ex:q ) ; sh:minCount 1 ]",
        "ex:a ex:p ex:b . ex:b ex:p ex:c .",
        "ex:c ex:q 1 .",
        {"a", "b", "c"},
    ),
    "class of a value": (
        "sh:property [ sh:path ex:p ; sh:class ex:C ]",
        "ex:a ex:p ex:b .",
        "ex:b a ex:C .",
        {"a"},
    ),
    "another class": (
        "sh:property [ sh:path ex:p ; sh:class ex:C ]",
        "ex:a ex:p ex:b .",
        "ex:b a ex:D .",
        set[str](),
    ),
    "subclass": (
        "sh:property [ sh:path ex:p ; sh:class ex:C ]",
        "ex:a ex:p ex:b . ex:D rdfs:subClassOf ex:C .",
        "ex:b a ex:D .",
        {"a"},
    ),
    "pair": (
        "sh:property [ sh:path ( ex:p ex:q ) ; sh:lessThan ex:r ]",
        "",
        "ex:a ex:r 1 .",
        {"a"},
    ),
    "pair beyond a property": (
        "sh:property [ sh:path ex:p ; sh:property [ sh:path ex:q ; sh:equals ex:r ] ]",
        "ex:a ex:p ex:b .",
        "ex:b ex:r 1 .",
        {"a"},
    ),
    "closed value": (
        "sh:property [ sh:path ex:p ; sh:node [ sh:closed true ] ]",
        "ex:a ex:p ex:b .",
        "ex:b ex:any 1 .",
        {"a"},
    ),
    "sibling": (
        "sh:property [ sh:path ex:p ; sh:qualifiedValueShape [ sh:class ex:C ] ;"
        " sh:qualifiedMinCount 1 ; sh:qualifiedValueShapesDisjoint true ] , "
        "[ sh:path ex:q ; sh:qualifiedValueShape [ sh:class ex:D ] ; sh:qualifiedMinCount 0 ]",
        "ex:a ex:p ex:b .",
        "ex:b a ex:D .",
        {"a"},
    ),
    "within not, or": (
        "sh:not [ sh:or ( [ sh:path ex:p ; sh:maxCount 0 ] [ sh:path ex:q ; sh:maxCount 0 ] ) ]",
        "",
        "ex:a ex:q 1 .",
        {"a"},
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_focus_nodes_that_a_change_can_matter_to(case: tuple[str, str, str, set[str]]) -> None:
    body, data, changed, expected = case
    assert foci(f"{S} {body} .", data, changed) == (expected, "")


TARGETS = {
    "class": ("sh:targetClass ex:C", "ex:a a ex:C ."),
    "subclass": ("sh:targetClass ex:C", "ex:a a ex:D ."),
    "subjects": ("sh:targetSubjectsOf ex:t", "ex:a ex:t 1 ."),
    "objects": ("sh:targetObjectsOf ex:t", "ex:x ex:t ex:a ."),
    "implicit": ("a rdfs:Class", "ex:a a ex:S ."),
}


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_nodes_enter_and_leave_targets(target: tuple[str, str]) -> None:
    body = f"ex:S a sh:NodeShape ; {target[0]} ; sh:in ( 1 ) ."
    data = "ex:D rdfs:subClassOf ex:C .\n"
    entered, report = change(body, data, added=target[1])
    assert told(report) == {"<a> - <a> In S"}
    assert (entered.narrow, entered.log) == (1, ())
    left, report = change(body, data + target[1], removed=target[1])
    assert (told(report), left.narrow, left.log) == (set(), 0, ())


QUERIES = {
    "join": ("$this ex:p ?x . ?x ex:q ?y", "ex:b ex:q 1 .", {"a"}),
    "order does not matter": ("?x ex:q ?y . $this ex:p ?x", "ex:b ex:q 1 .", {"a"}),
    "path": ("$this ex:p/ex:q|^ex:p ?x", "ex:c ex:p ex:a .", {"a", "c"}),
    "optional": ("$this ex:p ?x OPTIONAL { ?x ex:q ?y }", "ex:b ex:q 1 .", {"a"}),
    "not exists": (
        "$this ex:p ?x FILTER NOT EXISTS { ?y ex:q ?x FILTER EXISTS { ?y ex:r ?z } }",
        "ex:d ex:r 1 .",
        {"a"},
    ),
    "union": (
        "$this ex:p ?x { ?x ex:q ?y } UNION { ?x ex:r ?y }",
        "ex:b ex:r 1 .",
        {"a"},
    ),
}


def sparql(pattern: str) -> str:
    text = query(f"SELECT $this WHERE {{ {pattern} }}")
    return f"ex:S a sh:NodeShape ; sh:targetNode ex:never ; sh:sparql [ {text} ] ."


@pytest.mark.parametrize("case", QUERIES.values(), ids=QUERIES)
def test_queries_that_are_bounded(case: tuple[str, str, set[str]]) -> None:
    pattern, changed, expected = case
    data = "ex:a ex:p ex:b . ex:d ex:q ex:b ."
    assert foci(sparql(pattern), data, changed) == (expected, "")


UNBOUNDED = {
    "not connected": "$this ex:p ?x . ?y ex:q ?z",
    "connected by an optional only": "$this ex:p ?v OPTIONAL { $this ex:r ?x } { ?x ex:q ?y }",
    "connected by a filter only": "$this ex:p ?x { ?y ex:q ?z } FILTER (?x = ?y)",
    "connected beyond an optional": "{ $this ex:p ?x } { $this ex:r ?w OPTIONAL { ?x ex:q ?y } }",
    "one side of a union": "{ $this ex:p ?x } UNION { ?x ex:r ?w } ?x ex:q ?y",
    "a constant": "$this ex:p ?x . ex:c ex:q ?y",
    "a computed node": "$this ex:p ?x BIND (IRI(STR(?x)) AS ?y) ?y ex:q ?z",
    "counted within": "$this ex:p ?x { SELECT $this (COUNT(?y) AS ?n) WHERE { ?x ex:q ?y }"
    " GROUP BY $this }",
}


@pytest.mark.parametrize("pattern", UNBOUNDED.values(), ids=UNBOUNDED)
def test_queries_that_are_not_bounded_say_so(pattern: str) -> None:
    nodes, reason = foci(sparql(pattern), "ex:a ex:p ex:b .", "ex:c ex:q 1 .")
    assert not nodes
    assert "query of" in reason


def test_any_predicate_is_not_bounded_whatever_changes() -> None:
    assert "any predicate" in foci(sparql("$this ?p ?x"), "", "ex:c ex:other 1 .")[1]


def test_unbounded_query_that_the_change_does_not_concern_needs_no_recheck() -> None:
    assert foci(sparql("$this ex:p ?x . ?y ex:q ?z"), "", "ex:c ex:other 1 .") == (set(), "")


def test_results_on_nodes_beyond_belong_to_the_focus_nodes_that_lead_there() -> None:
    body = (
        "ex:S a sh:NodeShape ; sh:targetClass ex:C ;"
        " sh:property [ sh:path ex:p ; sh:property ex:Q ] . ex:Q sh:path ex:q ; sh:minCount 1 ."
    )
    data = "ex:a a ex:C ; ex:p ex:x . ex:b a ex:C ; ex:p ex:x ."
    recheck, report = change(body, data, removed="ex:a ex:p ex:x .")
    assert told(report) == {"<x> <q> - MinCount Q"}
    assert recheck.narrow == 1
    _, report = change(body, data, removed="ex:a ex:p ex:x . ex:b a ex:C .")
    assert told(report) == set()


def test_changed_class_hierarchy_is_a_wider_recheck() -> None:
    body = "ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:in ( 1 ) ."
    recheck, report = change(body, "ex:a a ex:D .", added="ex:D rdfs:subClassOf ex:C .")
    assert told(report) == {"<a> - <a> In S"}
    assert recheck.log == (f"<{EX}S> is validated on the whole graph: rdfs:subClassOf has changed",)


def test_hub_is_a_wider_recheck(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kgpub.validation.neighbourhood.MAX_WALK", 20)
    body = "ex:S sh:targetSubjectsOf ex:at ; sh:path ex:at ; sh:class ex:Hub ."
    data = "".join(f"ex:n{n} ex:at ex:hub .\n" for n in range(30))
    recheck, report = change(body, data, added="ex:hub a ex:Hub .")
    assert (report.results, recheck.narrow) == ((), 0)
    assert "more than 20 nodes" in recheck.log[0]


def test_literals_are_validated_as_submitted() -> None:
    body = "ex:S sh:targetSubjectsOf ex:n ; sh:path ex:n ; sh:datatype xsd:nonNegativeInteger ."
    recheck, report = change(
        body + " ex:T sh:targetSubjectsOf ex:n ; sh:path ex:n ; sh:maxCount 1 .",
        'ex:a ex:n "01"^^xsd:nonNegativeInteger , "1"^^xsd:nonNegativeInteger .',
        added='ex:a ex:n "1.50"^^xsd:decimal .',
    )
    assert told(report) == {
        '<a> <n> "1.50"^^<decimal> Datatype S',
        "<a> <n> - MaxCount T",
    }
    assert recheck.narrow == 2


@pytest.mark.parametrize("size", [100, 2000])
def test_as_little_is_read_of_a_large_graph_as_of_a_small_one(size: int) -> None:
    body = (
        "ex:S sh:targetClass ex:C ; sh:path ex:p ; sh:node [ sh:property"
        " [ sh:path ex:q ; sh:maxCount 1 ] ] ."
    )
    data = "".join(f"ex:a{n} a ex:C ; ex:p ex:b{n} . ex:b{n} ex:q {n} .\n" for n in range(size))
    graph = PlainGraph(turtle(data))
    incremental, before = validated(body, turtle(data))
    recheck = incremental.recheck(before, graph, turtle("ex:b7 ex:q 0 ."), [], graph.forms())
    assert told(recheck.applied(before).report) == {"<a7> <p> <b7> Node S"}
    assert (recheck.narrow, recheck.triples) == (1, 4)
    assert graph.read < 20


@pytest.mark.parametrize(
    ("bounds", "before", "added", "removed", "told_after"),
    [
        ("sh:minCount 1", 0, 1, 0, False),
        ("sh:minCount 1", 3000, 0, 1, False),
        ("sh:minCount 3", 3, 0, 1, True),
        ("sh:maxCount 2", 2, 1, 0, True),
        ("sh:maxCount 2", 3000, 0, 1, True),
        ("sh:minCount 2 ; sh:maxCount 3", 3, 1, 1, False),
        ("sh:minCount 2 ; sh:maxCount 3", 2, 0, 1, True),
        ("sh:maxCount 0", 1, 0, 1, False),
    ],
)
def test_what_is_only_counted_is_read_as_far_as_it_decides(
    bounds: str, before: int, added: int, removed: int, told_after: bool
) -> None:
    body = (
        "ex:S sh:targetClass ex:C ;"
        f" sh:path [ sh:alternativePath ( ex:r [ sh:inversePath ex:p ] ex:q ) ] ; {bounds} ."
    )
    values = [f"ex:v{n} ex:p ex:a ." for n in range(before)]
    if before:
        # One value node over two predicates counts once.
        values.append("ex:a ex:q ex:v0 .")
    data = turtle("ex:a a ex:C . " + "\n".join(values))
    more = turtle("".join(f"ex:a ex:r ex:w{n} ." for n in range(added)))
    less = turtle("ex:v1 ex:p ex:a ." if before > 1 else "ex:v0 ex:p ex:a . ex:a ex:q ex:v0 .")
    less = less if removed else []
    graph = PlainGraph(data)
    incremental, state = validated(body, data)
    recheck = incremental.recheck(state, graph, more, less, graph.forms())
    rest = [each for each in data if each not in less]
    report = recheck.applied(state).report
    assert report == engine().validate([*rest, *more], shapes(body))
    assert bool(report.results) is told_after
    assert recheck.narrow == 1
    assert graph.read < 200


def test_triples_of_a_change_that_are_there_already_change_nothing() -> None:
    data = turtle("ex:a a ex:C .")
    incremental, before = validated(
        "ex:S sh:targetClass ex:C ; sh:path ex:p ; sh:minCount 1 .", data
    )
    graph = PlainGraph(data)
    recheck = incremental.recheck(before, graph, data, [], graph.forms())
    assert (recheck.narrow, recheck.changed) == (0, {})


def test_values_of_a_node_with_very_many_are_read_a_predicate_at_a_time() -> None:
    body = "ex:S sh:targetClass ex:C ; sh:path ex:p ; sh:maxLength 1 ."
    data = turtle("ex:a a ex:C . " + "".join(f"ex:a ex:q {n} ." for n in range(2000)))
    graph = PlainGraph(data)
    incremental, before = validated(body, data)
    recheck = incremental.recheck(
        before, graph, turtle("ex:a ex:p 10 ."), turtle("ex:a ex:q 3 ."), graph.forms()
    )
    assert told(recheck.applied(before).report) == {'<a> <p> "10"^^<integer> MaxLength S'}
    assert graph.read < 300


@pytest.mark.parametrize("much", [0, 64])
def test_an_extract_has_what_the_reads_meet(much: int) -> None:
    (patterns,) = root_patterns(
        shapes("ex:S sh:targetNode ex:a ; sh:path ex:p ; sh:class ex:C ; sh:lessThan ex:q .")
    )
    needed = "ex:a ex:p ex:b ; ex:q 1 . ex:b a ex:D . ex:D rdfs:subClassOf ex:C ."
    of_the_same = "ex:b ex:p ex:c . ex:a a ex:X ."
    more = "ex:c a ex:C . ex:X rdfs:subClassOf ex:C ."
    unread = "ex:b ex:r ex:c . ex:d ex:r ex:a ."
    extract = Extract(Walk(PlainGraph(turtle(needed + of_the_same + more + unread), much)))
    extract.add(stop_at_focus_nodes(patterns), {NamedNode(EX + "a"): None})
    assert set(extract.triples) == set(turtle(needed))


def test_an_extract_begins_with_what_it_is_given_and_reads_no_more_of_known_nodes() -> None:
    (patterns,) = root_patterns(
        shapes("ex:S sh:targetNode ex:a , ex:c ; sh:path ex:p ; sh:class ex:C ; sh:lessThan ex:q .")
    )
    new = turtle("ex:a ex:p ex:b ; ex:r 2 .")
    graph = PlainGraph(turtle("ex:b a ex:C . ex:c ex:p ex:b ; ex:r 3 ; ex:q 4 . ex:z ex:p ex:a ."))
    view = Overlay(graph, new)
    extract = Extract(Walk(view), new, {NamedNode(EX + "a")})
    nodes = [NamedNode(EX + "a"), NamedNode(EX + "c")]
    extract.add(stop_at_focus_nodes(patterns), dict.fromkeys(nodes))
    needed = turtle("ex:b a ex:C . ex:c ex:p ex:b ; ex:q 4 .")
    assert set(extract.triples) == {*new, *needed}


def test_the_reads_of_focus_nodes_make_a_tree() -> None:
    body = """
        ex:S sh:targetNode ex:a ; sh:closed true ; sh:property ex:P , ex:Q .
        ex:P sh:path ex:p ; sh:class ex:C ; sh:property [ sh:path ex:r ; sh:maxCount 1 ] .
        ex:Q sh:path [ sh:inversePath ex:q ] ; sh:nodeKind sh:IRI .
    """
    (patterns,) = root_patterns(shapes(body))
    stop = stop_at_focus_nodes(patterns)
    assert (stop.outward, stop.inward, stop.anything) == ((EX + "p",), (EX + "q",), True)
    ((path, beyond),) = stop.further
    assert str(path) == f"<{EX}p>"
    assert (beyond.types, beyond.outward, beyond.further) == (True, (), ())
    assert [(count.outward, count.bound) for count in beyond.counts] == [((EX + "r",), 1)]


ENGINE_CASES = {
    "a literal elsewhere that is written otherwise": (
        "SELECT $this { $this ex:p ?x FILTER REGEX(STR(?x), '1(?!2)') }",
        'ex:g ex:p "01"^^xsd:integer .',
        "ex:f ex:p 1 .",
        "",
    ),
    "digits of a quotient": (
        "SELECT $this { $this ex:p ?x FILTER (STR(?x / 3) = '0.333333333333333333') }",
        'ex:g ex:p "01"^^xsd:integer .',
        "ex:f ex:p 1 .",
        "",
    ),
    "a value that is computed": (
        "SELECT $this ?value { $this ex:p ?x BIND (?x / 3 AS ?value) }",
        "ex:f ex:p 1 .",
        'ex:g ex:p "01"^^xsd:integer .',
        "",
    ),
    "taken away elsewhere": (
        "SELECT $this ?value { $this ex:p ?x BIND (?x * 1.50 AS ?value) }",
        'ex:f ex:p 1 . ex:g ex:p "01"^^xsd:integer .',
        "",
        'ex:g ex:p "01"^^xsd:integer .',
    ),
    "another predicate": (
        "SELECT $this ?value { $this ex:p ?value FILTER NOT EXISTS { $this ex:q ?value } }",
        "ex:f ex:p 1.5 . ex:g ex:p 2 .",
        "ex:g ex:q 1.50 .",
        "",
    ),
}


@pytest.mark.parametrize("case", ENGINE_CASES)
def test_verdicts_do_not_depend_on_the_engine_that_literals_elsewhere_call_for(case: str) -> None:
    select, data, added, removed = ENGINE_CASES[case]
    body = f"ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:sparql [ {query(select)} ] ."
    recheck, _ = change(body, data, added, removed)
    assert "literals" in recheck.log[0]


def test_queries_that_no_literal_can_mislead_are_rechecked_narrowly() -> None:
    select = "SELECT $this ?value { $this ex:p ?value FILTER (?value > 3) }"
    body = f"ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:sparql [ {query(select)} ] ."
    recheck, report = change(body, 'ex:g ex:p "04"^^xsd:integer .', 'ex:f ex:p "05"^^xsd:integer .')
    assert (recheck.narrow, recheck.log) == (1, ())
    assert len(report.results) == 2


def test_queries_that_ask_for_the_time_are_put_anew_after_any_change() -> None:
    # Seconds away, so that it is still to come when the data have been validated.
    soon = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=5)
    select = "SELECT $this { $this ex:p ?day FILTER (?day < NOW()) }"
    body = f"ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:sparql [ {query(select)} ] ."
    data = turtle(f'ex:a ex:p "{soon:%Y-%m-%dT%H:%M:%SZ}"^^xsd:dateTime .')
    graph = PlainGraph(data)
    incremental, before = validated(body, data)
    assert not before.report.results
    while datetime.now(UTC) <= soon:
        time.sleep(0.1)
    recheck = incremental.recheck(before, graph, turtle("ex:z ex:q 1 ."), [], graph.forms())
    assert len(recheck.applied(before).report.results) == 1
    assert "time" in recheck.log[0]


def shared(levels: int) -> str:
    """Two shapes on each level, each with both of the next: 2 ** levels ways in all."""
    text = "ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:property ex:A0 , ex:B0 .\n"
    for level in range(levels):
        last = level == levels - 1
        more = "sh:minCount 1" if last else f"sh:property ex:A{level + 1} , ex:B{level + 1}"
        text += f"ex:A{level} sh:path ex:p ; {more} . ex:B{level} sh:path ex:q ; {more} .\n"
    return text


@pytest.mark.parametrize("levels", [4, 13])
def test_shapes_that_report_along_very_many_paths(levels: int) -> None:
    other = "ex:T sh:targetSubjectsOf ex:p ; sh:path ex:r ; sh:minCount 1 ; sh:property ex:A1 ."
    data = "ex:a ex:p ex:b . ex:b ex:p ex:c , ex:a ; ex:r ex:a . ex:c ex:q ex:c ."
    recheck, _ = change(shared(levels) + other, data, "ex:b ex:q ex:c .", "ex:b ex:p ex:a .")
    assert bool(recheck.log) is (2**levels > MAX_READS)


def test_results_of_a_shape_that_two_roots_share_go_with_their_own_targets() -> None:
    body = (
        "ex:S1 a sh:NodeShape ; sh:targetClass ex:C ; sh:property ex:P ."
        "ex:S2 a sh:NodeShape ; sh:targetClass ex:D ; sh:property ex:P ."
        "ex:P sh:path ex:p ; sh:minCount 1 ."
    )
    _, report = change(body, "ex:a a ex:C . ex:b a ex:D .", removed="ex:a a ex:C .")
    assert told(report) == {"<b> <p> - MinCount P"}


def test_what_is_constant_stays() -> None:
    body = "ex:S sh:targetClass ex:C ; sh:path ex:p ; sh:class ex:K ."
    data, constant = turtle("ex:a a ex:C ; ex:p ex:k . ex:k a ex:K ."), turtle("ex:k a ex:K .")
    graph = PlainGraph(data)
    incremental, before = validated(body, data, constant)
    recheck = incremental.recheck(before, graph, [], constant, graph.forms())
    assert recheck.changed == {}
    assert set(recheck.after.triples()) == set(data)


@pytest.mark.parametrize(
    ("removed", "expected"),
    [("ex:a ex:p ex:b .", {"a"}), ("ex:b ex:q ex:c .", {"a"}), ("ex:a a ex:C .", {"a"})],
)
def test_focus_nodes_that_a_removal_can_matter_to(removed: str, expected: set[str]) -> None:
    body = "ex:S sh:targetClass ex:C ; sh:path ( ex:p ex:q ) ; sh:minCount 1 ."
    recheck, _ = change(body, "ex:a a ex:C ; ex:p ex:b . ex:b ex:q ex:c .", removed=removed)
    found = {str(target).removeprefix(f"<{EX}").removesuffix(">") for _, target in recheck.changed}
    assert found == expected


SIBLINGS = """
ex:X a sh:NodeShape ; sh:targetClass ex:C ; sh:property ex:Q .
ex:Other sh:property ex:Q , [ sh:path ex:q ; sh:qualifiedValueShape %s ; sh:qualifiedMinCount 1 ] .
ex:Q sh:path ex:p ; sh:qualifiedValueShape [ sh:nodeKind sh:IRI ] ; sh:qualifiedMinCount 1 %s .
"""


def test_siblings_that_exclude_nothing_may_lead_back() -> None:
    recheck, report = change(SIBLINGS % ("ex:X", ""), "ex:a a ex:C ; ex:p 1 .", "ex:b a ex:C .")
    assert told(report) == {f"<{name}> <p> - QualifiedMinCount Q" for name in "ab"}
    assert (recheck.narrow, recheck.log) == (1, ())


def test_siblings_exclude_through_a_parent_that_does_not_lead_there() -> None:
    body = SIBLINGS % ("[ sh:class ex:D ]", "; sh:qualifiedValueShapesDisjoint true")
    data = "ex:a a ex:C ; ex:p ex:v . ex:E rdfs:subClassOf ex:D . ex:b a ex:C ; ex:p ex:w ."
    recheck, report = change(body, data, "ex:v a ex:E .")
    assert told(report) == {"<a> <p> - QualifiedMinCount Q"}
    assert (recheck.narrow, recheck.log) == (1, ())
    _, report = change(body, f"{data} ex:v a ex:E .", removed="ex:v a ex:E .")
    assert told(report) == set()


def test_a_pattern_that_is_refused_is_told_with_its_place_in_the_shapes() -> None:
    member = 'sh:or ( [ sh:pattern "^(a+)+$" ] )'
    body = f"\nex:S sh:targetSubjectsOf ex:p ; sh:property [ sh:path ex:p ;\n {member} ] ."
    parsed, graph = shapes(body), PlainGraph()
    incremental = Incremental(parsed, engine("pyshacl"))
    with pytest.raises(WorkspaceError) as whole:
        engine("pyshacl").validate(turtle('ex:a ex:p "a" .'), parsed)
    line, column = len(f"{PREFIXES}{DECLARED}{body}".splitlines()), 2 + member.index('"')
    assert whole.value.message.startswith(f"shapes.ttl:{line}:{column}: a member of the sh:or")
    with pytest.raises(WorkspaceError) as narrow:
        incremental.recheck(State({}), graph, turtle('ex:a ex:p "a" .'), [], graph.forms())
    assert narrow.value.message == whole.value.message
