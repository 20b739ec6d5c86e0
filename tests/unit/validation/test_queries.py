"""What may stand in sh:select, and which queries are shown to need no pre-binding."""

from __future__ import annotations

import socket
import threading

import pytest

from kgpub.errors import WorkspaceError
from kgpub.validation import Shapes
from kgpub.validation.queries import ConstraintQuery, QueryFault, read_query

EX = "http://example.org/"


def read(select: str, path: str | None = None) -> ConstraintQuery:
    return read_query(select, {"ex": EX}, path)


@pytest.mark.parametrize(
    ("select", "words"),
    [
        ("SELECT $this WHERE { SERVICE <http://x.example/> { $this ex:p ?x } }", "SERVICE"),
        ("SELECT $this { $this a ?c FILTER EXISTS { SERVICE SILENT ?c { ?s ?p ?o } } }", "SERVICE"),
        (
            "SELECT $this { $this a ?c OPTIONAL { { SERVICE ?c { ?s ?p ?o } } UNION {} } }",
            "SERVICE",
        ),
        (r"SELECT $this { \u0053ERVICE <http://x.example/> { $this ex:p ?x } }", "SERVICE"),
        ("SELECT $this FROM <http://x.example/g> WHERE { $this ex:p ?x }", "FROM"),
        ("SELECT $this FROM NAMED <http://x.example/g> WHERE { $this ex:p ?x }", "FROM"),
        ("SELECT $this WHERE { $this ex:p ?x MINUS { $this ex:q ?x } }", "MINUS"),
        ("SELECT $this WHERE { VALUES $this { ex:a } }", "VALUES"),
        ("SELECT $this WHERE { $this ex:p ?x } VALUES ?x { 1 }", "VALUES"),
        ("SELECT $this WHERE { BIND (ex:a AS $this) }", "assigns to .this"),
        ("SELECT (ex:a AS ?this) WHERE { ?x ex:p ?y }", "assigns to .this"),
        ("SELECT $this WHERE { { SELECT ?x WHERE { $this ex:p ?x } } }", "does not select .this"),
        ("SELECT $this WHERE { { SELECT * WHERE { $this ex:p ?x } } }", "does not select .this"),
        ("SELECT ?x WHERE { $this ex:p ?x }", "does not select .this"),
        ("ASK { $this ex:p ?x }", "not a SELECT"),
        ("CONSTRUCT { $this ex:p ?x } WHERE { $this ex:q ?x }", "not a SELECT"),
        ("LOAD <http://x.example/>", "not SPARQL"),
        ("SELECT $this WHERE { $this foo:p ?x }", "prefix foo: is not declared"),
        ("SELECT $this WHERE { $this rdfs:label ?x }", "prefix rdfs: is not declared"),
        ("SELECT $this\nWHERE { $this }", "not SPARQL from line 2, column 9"),
        ("SELECT $this WHERE { $this ex:p ?x BIND (1 AS $shapesGraph) }", "shapesGraph"),
        ("SELECT $this WHERE { $this $PATH ?x }", "no sh:path"),
    ],
)
def test_refuses(select: str, words: str) -> None:
    with pytest.raises(QueryFault, match=words):
        read(select)


def test_forbidden_words_in_comments_and_literals_are_no_queries() -> None:
    text = 'SELECT $this WHERE { $this ex:p "SERVICE <http://x/> { }" } # MINUS { } VALUES ?x { }'
    assert read(text).variables == ("this",)


def test_shapes_with_service_send_no_request() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        called: list[str] = []

        def listen() -> None:
            try:
                called.append(str(server.accept()[1]))
            except TimeoutError:
                return

        listener = threading.Thread(target=listen)
        listener.start()
        address = f"http://127.0.0.1:{server.getsockname()[1]}/"
        text = f"""@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <{EX}> .
            ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:sparql ex:Q .
            ex:Q sh:select "SELECT $this WHERE {{ SERVICE <{address}> {{ ?s ?p ?o }} }}" ."""
        with pytest.raises(WorkspaceError, match="SERVICE, which would send a request"):
            Shapes.parse({"s.ttl": text})
        listener.join()
    assert called == []


def test_deep_nesting_is_refused_in_words() -> None:
    with pytest.raises(QueryFault, match="nested too deeply"):
        read("SELECT $this WHERE " + "{ " * 3000 + "$this ex:p ?x" + " }" * 3000)


@pytest.mark.parametrize(
    "pattern",
    [
        "$this ex:p ?x",
        "?x ex:p $this",
        "$this ^ex:p/ex:q+ ?x",
        "$this a ex:C . $this ex:p* ?x",
        "$this ex:p ?x OPTIONAL { $this ex:q ?y } FILTER (!BOUND(?y))",
        "$this ex:p ?x OPTIONAL { ?x ex:q ?y FILTER (?y != $this) }",
        "$this ex:p ?x FILTER NOT EXISTS { ?x ex:q $this FILTER (?x != $this) }",
        "{ $this ex:p ?x } UNION { $this ex:q ?x }",
        "$this a ex:C { ?x ex:p ?y } UNION { $this ex:q ?x }",
        "$this ex:p ?x { SELECT $this (COUNT(?y) AS ?n) { $this ex:q ?y } GROUP BY $this }",
        "$this ex:p ?x BIND (STR($this) AS ?name) FILTER (?name != 'a')",
        "{ SELECT DISTINCT $this { $this ex:p ?x } ORDER BY ?x }",
    ],
)
def test_one_query_does(pattern: str) -> None:
    assert read(f"SELECT $this WHERE {{ {pattern} }}").obstacle == ""


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        # Evaluated alone, these parts do not see what $this is.
        ("FILTER ($this = ex:a)", "need not bind|does not bind"),
        ("?x ex:p ?y", "need not bind"),
        ("$this ex:p ?x { FILTER ($this = ex:a) }", "does not bind"),
        ("$this ex:p ?x { ?y ex:q ?z FILTER (?z = $this) }", "does not bind"),
        ("BIND (STR($this) AS ?name) $this ex:p ?x", "does not bind"),
        ("OPTIONAL { $this ex:p ?x }", "OPTIONAL uses .this"),
        ("?x ex:p ?y OPTIONAL { $this ex:q ?x }", "OPTIONAL uses .this"),
        ("{ $this ex:p ?x } UNION { ?x ex:q ?y }", "need not bind"),
        # Pre-bound, these reach focus nodes that the data do not have.
        ("$this ex:p* ?x", "length zero"),
        ("$this (ex:p|ex:q?)/ex:r* ?x", "length zero"),
        # These count or cut for each focus node.
        ("{ SELECT $this (COUNT(?y) AS ?n) { $this ex:q ?y } }", "without grouping"),
        ("{ SELECT $this { $this ex:p ?x } LIMIT 1 }", "Slice"),
        # Here engines differ, in order of evaluation or in what they compute.
        ("$this ex:p ?x OPTIONAL { ?x ex:q ?y } { ?y ex:p ?z }", "OPTIONAL shares"),
        ("$this ex:p ?x FILTER (?y > 1)", "does not bind"),
        ("$this ex:p ?x FILTER REGEX(STR(?x), '(?=a)')", "regular expression"),
        ("$this ex:p ?x ; ex:q ?y FILTER REGEX(STR(?x), STR(?y))", "regular expression"),
        ("$this ex:p ?x FILTER (<http://www.w3.org/2001/XMLSchema#integer>(?x))", "Function"),
        ("$this ex:p ?x FILTER (RAND() < 0.5)", "RAND"),
        ("$this ex:p ?x BIND (?x + 1 AS ?y) FILTER (STR(?y) = '2')", "computed"),
        ("GRAPH ?g { $this ex:p ?x }", "Graph"),
        ("$this ex:p ?x . ?x ex:q ex:service", "the word service"),
    ],
)
def test_one_query_is_not_shown_to_do(pattern: str, words: str) -> None:
    found = read(f"SELECT $this WHERE {{ {pattern} }}").obstacle
    assert any(word in found.replace("$", ".") for word in words.split("|")), found


@pytest.mark.parametrize(
    ("select", "words"),
    [
        ("SELECT $this (?x + 1 AS ?value) WHERE { $this ex:p ?x }", "computed literal"),
        ("SELECT $this ?failure WHERE { $this ex:p ?failure }", "failure"),
        ("SELECT $this $currentShape WHERE { $this ex:p ?x }", "currentShape"),
        ("SELECT $this WHERE { $this ex:p ?x } LIMIT 1", "Slice"),
    ],
)
def test_what_is_selected_may_be_an_obstacle(select: str, words: str) -> None:
    assert words in read(select).obstacle


def test_a_path_is_put_in_and_its_predicates_are_known() -> None:
    found = read("SELECT $this ?x WHERE { $this $PATH ?x ; ?any 'a' }", f"<{EX}p>/(^<{EX}q>)")
    assert f"$this (<{EX}p>/(^<{EX}q>)) ?x" in found.text
    assert found.predicates is None
    assert found.sources["x"] == {EX + "p", EX + "q"}
    assert found.constants


def test_lexical_variables_are_those_whose_form_is_looked_at() -> None:
    found = read("SELECT $this ?x { $this ex:p ?x, ?y FILTER (STR(?x) = 'a' && ?y > 1) }")
    assert found.lexical == {"x"}
    assert found.predicates == {EX + "p"}
    assert not found.constants
