"""Updates: as Oxigraph itself carries them out where it may, and nothing where it may not."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, parse

from kgpub.errors import QueryError
from kgpub.store import union
from kgpub.store.queries import Graphs
from kgpub.store.updates.evaluation import (
    UNNAMED,
    ChangeLimits,
    Changes,
    Evaluation,
    OfBuild,
    TooMuch,
    protected,
)
from kgpub.store.updates.operations import Reader

B = "https://example.org/data/"
LIMITS = ChangeLimits()
PREFIXES = {"ex": "http://e/", "base": B}
BUILT = f"""
<{B}a> <http://e/p> "1" <{B}submission/x> .
<{B}b> <http://e/p> "2" <{B}submission/x> .
<{B}a> <http://e/q> <{B}b> <{B}graph/links> .
"""
OWN = """
<http://e/s> <http://e/p> "own" <http://e/g1> .
<http://e/t> <http://e/p> "own" <http://e/g1> .
<http://e/s> <http://e/p> "own" <http://e/g2> .
_:blank <http://e/p> "blank" <http://e/g2> .
"""


def quads(text: str) -> set[Quad]:
    return set(parse(text, format=RdfFormat.N_QUADS))


def store_of(*texts: str) -> Store:
    store = Store()
    for text in texts:
        store.extend(union.with_union(quads(text)))
    return store


def updated(
    store: Store,
    text: str,
    graphs: Graphs | None = None,
    built: Iterable[str] = (f"{B}submission/x", f"{B}graph/links"),
    limits: ChangeLimits = LIMITS,
) -> Changes:
    """Carry out an update; whatever it is, what is built stays, and the union is one."""
    names = frozenset(built)
    before = named(store, names)
    reader = Reader(PREFIXES, B, B + UNNAMED, secrets.token_hex(8), graphs)
    try:
        evaluation = Evaluation(store, reader, protected(names, B), limits)
        return evaluation.evaluate(reader.read(text))
    finally:
        assert named(store, names) == before
        all_ = list(store)
        of_graphs = {each for each in all_ if each.graph_name != DefaultGraph()}
        union_of = [each.triple for each in all_ if each.graph_name == DefaultGraph()]
        assert len(set(union_of)) == len(union_of)
        assert set(union_of) == {each.triple for each in of_graphs}


def named(store: Store, names: Iterable[str]) -> set[Quad]:
    found = (store.quads_for_pattern(None, None, None, NamedNode(name)) for name in names)
    return {quad for some in found for quad in some}


def own(store: Store) -> set[str]:
    """The quads that updates may write, as N-Quads."""
    built = quads(BUILT)
    return {str(quad) for quad in store if quad.graph_name != DefaultGraph() and quad not in built}


def lines(text: str) -> set[str]:
    return {str(quad) for quad in quads(text)}


# As Oxigraph does it


graphs_ = st.sampled_from(["<http://e/g1>", "<http://e/g2>", "<http://e/g3>"])
subjects = st.sampled_from(["ex:s", "ex:t", "ex:u"])
values = st.sampled_from(["1", '"a;b}{#"', "'''x\n'y'''", "ex:s", '"é\\u0041"@en', "<http://e/#z>"])
patterns = st.sampled_from(
    [
        "?s ?p ?o",
        "?s ex:p ?o FILTER(?o > 1)",
        "?s ex:p ?o . ?o ex:p ?p BIND(?o AS ?x)",
        "VALUES (?s ?o) { (ex:s 7) (ex:t UNDEF) (UNDEF 8) }",
        "OPTIONAL { ?s ex:nothing ?o } VALUES ?s { ex:s }",
        "",
    ]
)
data = st.tuples(
    st.sampled_from(["INSERT DATA", "DELETE DATA", "insert data", "Delete  Data"]),
    graphs_,
    st.lists(st.tuples(subjects, values), max_size=3),
).map(
    lambda each: (
        f"{each[0]} {{ GRAPH {each[1]} {{" + " . ".join(f"{s} ex:p {o}" for s, o in each[2]) + "} }"
    )
)
templates = st.sampled_from(["?s ?p ?o", "?s ex:p ?s, 'c' ; ex:q ?o", "ex:s ex:p 5", ""])
modify = st.tuples(graphs_, templates, templates, patterns, graphs_, st.integers(0, 4)).map(
    lambda each: {
        0: f"WITH {each[0]} DELETE {{ {each[1]} }} INSERT {{ {each[2]} }} WHERE {{ {each[3]} }}",
        1: f"DELETE {{ GRAPH ?g {{ {each[1]} }} }} WHERE {{ GRAPH ?g {{ {each[3]} }} }}",
        2: f"INSERT {{ GRAPH {each[0]} {{ {each[2]} }} GRAPH ?s {{ ?s ?p ?o }} }} "
        f"USING {each[0]} USING NAMED {each[4]} "
        f"WHERE {{ {{ {each[3]} }} GRAPH ?g {{ ?x ?y ?z }} }}",
        3: f"DELETE WHERE {{ GRAPH {each[0]} {{ ?s ex:p ?o }} GRAPH ?g {{ ?s ?p 1 }} }}",
        4: f"WITH {each[0]} INSERT {{ ?s ?p ?o }} USING {each[4]} USING {each[0]} "
        f"WHERE {{ {each[3]} }}",
    }[each[5]]
)
others = st.tuples(
    st.sampled_from(
        [
            "CLEAR SILENT GRAPH {}",
            "DROP SILENT GRAPH {}",
            "COPY {} TO {}",
            "ADD SILENT {} TO GRAPH {}",
            "MOVE GRAPH {} TO {}",
        ]
    ),
    graphs_,
    graphs_,
).map(lambda each: each[0].format(each[1], each[2]))
START = """
<http://e/s> <http://e/p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> <http://e/g1> .
<http://e/t> <http://e/p> <http://e/s> <http://e/g1> .
<http://e/s> <http://e/p> "a;b}{#" <http://e/g2> .
<http://e/u> <http://e/p> "1" <http://e/g3> .
"""


@settings(max_examples=400, deadline=None)
@given(st.lists(st.one_of(data, modify, others), min_size=1, max_size=4))
def test_it_is_as_oxigraph_does_it(operations: list[str]) -> None:
    store = store_of(START)
    reference = Store()
    reference.extend(quads(START))
    for operation in operations:
        # The reference says nothing where a source is missing, and empties the target.
        kind, source = operation.split()[0], operation.split("<")[-2 if "<" in operation else 0]
        if kind in ("COPY", "MOVE", "ADD"):
            name = NamedNode(source.partition(">")[0])
            if next(reference.quads_for_pattern(None, None, None, name), None) is None:
                continue
        updated(store, operation, built=())
        reference.update(operation, prefixes=PREFIXES, base_iri=B)
        assert own(store) == {str(quad) for quad in reference}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(data, modify), min_size=1, max_size=4))
def test_several_operations_are_one_request(operations: list[str]) -> None:
    together, apart = store_of(START), store_of(START)
    updated(together, "#;{\nPREFIX a: <http://a/> " + " ;\n".join(operations) + " ;", built=())
    for operation in operations:
        updated(apart, operation, built=())
    assert own(together) == own(apart)


# What stands without a graph


def test_what_names_no_graph_is_written_to_one_and_read_from_all() -> None:
    store = store_of(BUILT)
    updated(store, "INSERT DATA { <c> ex:p '3' }")
    assert own(store) == lines(f'<{B}c> <http://e/p> "3" <{B}graph/updates> .')
    updated(store, "INSERT { ?s ex:value ?o } WHERE { ?s ex:p ?o }")
    assert own(store) == lines(
        f"""
        <{B}c> <http://e/p> "3" <{B}graph/updates> .
        <{B}a> <http://e/value> "1" <{B}graph/updates> .
        <{B}b> <http://e/value> "2" <{B}graph/updates> .
        <{B}c> <http://e/value> "3" <{B}graph/updates> .
        """
    )
    updated(store, "DELETE WHERE { ?s ?p ?o }")
    assert own(store) == set()


def test_operations_see_what_those_before_them_did_and_what_is_built() -> None:
    store = store_of(BUILT, OWN)
    updated(
        store,
        "CLEAR ALL ; INSERT DATA { <c> ex:p '3' } ; "
        "INSERT { GRAPH ex:new { ?s a ex:Seen } } WHERE { ?s ex:p ?o }",
    )
    assert {each for each in own(store) if "Seen" in each} == lines(
        "\n".join(
            f"<{B}{name}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://e/Seen> "
            "<http://e/new> ."
            for name in "abc"
        )
    )


def test_a_triple_that_is_built_too_stays_in_the_union() -> None:
    store = store_of(BUILT)
    text = "DATA { GRAPH ex:g { base:a ex:p '1' } }"
    updated(store, f"INSERT {text}")
    assert len(list(store.quads_for_pattern(NamedNode(f"{B}a"), None, Literal("1"), None))) == 3
    updated(store, f"DELETE {text}")
    assert len(list(store.quads_for_pattern(NamedNode(f"{B}a"), None, Literal("1"), None))) == 2


def test_blank_nodes_are_those_of_the_store_and_new_ones_are_new() -> None:
    store = store_of(OWN)
    (before,) = {
        quad.subject
        for quad in store.quads_for_pattern(None, None, None, NamedNode("http://e/g2"))
        if isinstance(quad.subject, BlankNode)
    }
    updated(store, "INSERT { GRAPH ex:g3 { ?s ex:seen _:x } } WHERE { GRAPH ex:g2 { ?s ?p ?o } }")
    found = list(store.quads_for_pattern(None, None, None, NamedNode("http://e/g3")))
    assert {quad.subject for quad in found} == {before, NamedNode("http://e/s")}
    assert len({quad.object for quad in found}) == 2 and before not in {q.object for q in found}
    updated(
        store,
        "DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } "
        "FILTER(isBlank(?s) || isBlank(?o)) }",
    )
    assert own(store) == {each for each in lines(OWN) if "_:" not in each}
    for _ in range(2):
        updated(store, "INSERT DATA { GRAPH ex:g4 { _:same ex:p _:same } }")
    assert len(list(store.quads_for_pattern(None, None, None, NamedNode("http://e/g4")))) == 2


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("CLEAR ALL", set()),
        ("DROP ALL", set()),
        ("DROP SILENT NAMED", {"updates"}),
        ("CLEAR DEFAULT", {"g1", "g2"}),
        ("CLEAR GRAPH ex:g1", {"g2", "updates"}),
        ("DROP GRAPH ex:nothing", {"g1", "g2", "updates"}),
        ("DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }", set()),
        ("MOVE DEFAULT TO ex:g3", {"g1", "g2", "g3"}),
        ("MOVE ex:g1 TO DEFAULT", {"g2", "updates"}),
        ("COPY base:submission\\/x TO ex:g1", {"g1", "g2", "updates"}),
    ],
)
def test_what_is_left_of_all(text: str, left: set[str]) -> None:
    store = store_of(BUILT, OWN, f"<{B}c> <http://e/p> '3' <{B}graph/updates> .".replace("'", '"'))
    updated(store, text)
    assert {each.rsplit("/", 1)[1].rstrip(">") for each in own(store)} == left


def test_the_union_is_copied() -> None:
    store = store_of(BUILT, OWN)
    updated(store, "COPY DEFAULT TO ex:all")
    copied = store.quads_for_pattern(None, None, None, NamedNode("http://e/all"))
    assert {quad.triple for quad in copied} == {quad.triple for quad in quads(BUILT) | quads(OWN)}


# What is refused

TO_BUILT = [
    "INSERT DATA { GRAPH <submission/x> { <a> <a> <a> } }",
    "INSERT DATA { GRAPH ex:g { <a> <a> <a> } GRAPH <https://example.org/data/submission/x> {} "
    "GRAPH <./submission/x> { <a> <a> <a> } }",
    "PREFIX s: <https://example.org/data/sub> INSERT DATA { GRAPH s:mission\\/x { <a> <a> <a> } }",
    "BASE <https://example.org/data/submission/> DELETE DATA { GRAPH <x> { <a> <a> <a> } }",
    "INSERT DATA { GRAPH <https://example.org/data/\\u0073ubmission/x> { <a> <a> <a> } }",
    "INSERT DATA { GRAPH <https://example.org/data/submission/\\U00000078> { <a> <a> <a> } }",
    "WITH <submission/x> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "WITH <submission/x> INSERT { ?s ?p 7 } USING ex:g1 WHERE { ?s ?p ?o }",
    "DELETE { GRAPH <submission/x> { ?s ?p ?o } } WHERE { ?s ?p ?o }",
    "INSERT { GRAPH ?g { ?s ?p ?o } GRAPH <submission/x> { ?o ?o ?o } } WHERE { ?s ?p ?o }",
    "INSERT { GRAPH <submission/x> { ?s ?p ?o } } WHERE { ?s <no> ?o }",
    "DELETE WHERE { GRAPH ?g { ?s ?p ?o } GRAPH <submission/x> { ?s ?p ?o } }",
    "CLEAR GRAPH <submission/x>",
    "DROP SILENT GRAPH <submission/x>",
    "CREATE SILENT GRAPH <submission/x>",
    "COPY ex:g1 TO <submission/x>",
    "COPY DEFAULT TO <submission/x>",
    "MOVE ex:g1 TO GRAPH <submission/x>",
    "MOVE <submission/x> TO ex:g1",
    "ADD SILENT ex:g1 TO <submission/x>",
    "INSERT DATA { GRAPH <submission/another> { <a> <a> <a> } }",
    "INSERT DATA { GRAPH <graph/ontology> { <a> <a> <a> } }",
    "INSERT DATA { GRAPH <links/found> { <a> <a> <a> } }",
    "INSERT DATA { GRAPH ex:g { <a> <a> <a> } } ; DROP GRAPH <submission/x>",
]


@pytest.mark.parametrize("text", TO_BUILT)
def test_an_update_that_names_a_graph_of_the_build_does_nothing(text: str) -> None:
    store = store_of(BUILT, OWN)
    before = own(store)
    with pytest.raises(OfBuild, match=f"<{B}.*> is made by builds"):
        updated(store, text)
    assert own(store) == before


@pytest.mark.parametrize(
    "text",
    [
        "INSERT { GRAPH ?g { ?s ex:new 1 } } WHERE { GRAPH ?g { ?s ?p ?o } "
        "FILTER(STRSTARTS(STR(?g), 'https://example.org/data/')) }",
        "DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } "
        "FILTER(STRSTARTS(STR(?g), 'https://example.org/data/')) }",
        "INSERT { GRAPH ?g { ex:s ex:p 1 } } WHERE { VALUES ?g { <submission/x> <submission/y> } }",
        "INSERT { GRAPH ?g { ex:s ex:p 1 } } WHERE { BIND(IRI('graph/links') AS ?g) }",
        "DELETE WHERE { <a> ?p ?o }",
        "DELETE DATA { <a> ex:p '1' }",
    ],
)
def test_what_variables_come_to_is_passed_over(text: str) -> None:
    store = store_of(BUILT, OWN)
    before = own(store)
    changes = updated(store, text)
    assert own(store) == before and not changes.added and not changes.removed


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("LOAD <http://127.0.0.1:9/>", "query:1:1: LOAD would send"),
        ("CLEAR ALL ;\n load silent ex:x INTO GRAPH ex:g", "query:2:2: LOAD would send"),
        ("INSERT { ?s ?p ?o } WHERE { SERVICE ex:x { ?s ?p ?o } }", "query:1:29: SERVICE would"),
        ("CLEAR XYZ", "query:1:10: not SPARQL"),
        ("CLEAR ALL ;\nINSERT DATA { <a> <b> }", "query:2:23: not SPARQL"),
        ("CLEAR ALL ; \n\n DELETE DATA { ?x <b> 1 }", "query:3:26: not SPARQL"),
        ("CLEAR ALL ; PREFIX x: <http://x/> INSERT DATA { y:a x:b 1 }", "query:1:49: the prefix y"),
        ("SELECT * { ?s ?p ?o }", "query:1:1: this is a query"),
        ("CLEAR ALL CLEAR ALL", "query:1:1"),
        ("CLEAR ALL ; ; CLEAR ALL", "query:1:13"),
        (";", "query:1:1"),
        ("PREFIX a: CLEAR ALL", "query:1:11"),
        ("PREFIX a:", "query:1:10"),
        ("INSERT DATA { <a> <b> 'x }", "query:1:23: this string is not closed"),
        ("INSERT DATA { " + "[ <p> " * 200 + "1" + " ]" * 200 + " }", ""),
        ("CLEAR ALL ;" * 500, "there are more than"),
        ("INSERT {} WHERE " + "{" * 200 + "}" * 200, "more than 100 brackets"),
        ("CREATE GRAPH ex:g1", "there is a graph <http://e/g1>"),
        ("COPY ex:none TO ex:g1", "there is no graph <http://e/none>"),
        ("INSERTDATA { <a> <b> 1 }", "query:1:1"),
    ],
)
def test_mistakes_are_told_and_nothing_is_done(text: str, told: str) -> None:
    store = store_of(BUILT, OWN)
    before = own(store)
    if told:
        with pytest.raises(QueryError) as error:
            updated(store, text)
        assert told in str(error.value)
        assert own(store) == before
    else:
        updated(store, text)


def test_what_braces_and_signs_in_strings_look_like() -> None:
    store = store_of()
    text = """
    # } ; LOAD <http://127.0.0.1:9/>
    INSERT DATA { GRAPH ex:g { ex:a ex:p "} ; LOAD <http://127.0.0.1:9/> #", '''
    } ; DROP ALL ; {''' } } ; # ; DROP ALL
    INSERT DATA { GRAPH ex:g { <http://e/#;> ex:p 'end' } }
    """
    updated(store, text, built=())
    assert len(own(store)) == 3


# The dataset of the request


def test_the_dataset_of_the_request_is_that_of_all_operations() -> None:
    store = store_of(BUILT, OWN)
    graphs = Graphs(("http://e/g2",), (f"{B}submission/x",))
    updated(
        store,
        "INSERT { GRAPH ex:new { ?s ex:in ?g } } "
        "WHERE { { ?s ?p 'own' BIND('default' AS ?g) } UNION { GRAPH ?g { ?s ?p ?o } } }",
        graphs,
    )
    assert {each for each in own(store) if "/new>" in each} == lines(
        f"""
        <http://e/s> <http://e/in> "default" <http://e/new> .
        <{B}a> <http://e/in> <{B}submission/x> <http://e/new> .
        <{B}b> <http://e/in> <{B}submission/x> <http://e/new> .
        """
    )


@pytest.mark.parametrize(
    "text",
    [
        "WITH ex:g1 DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "INSERT { ?s ?p ?o } USING ex:g1 WHERE { ?s ?p ?o }",
        "CLEAR ALL ; INSERT { ?s ?p ?o } USING NAMED ex:g1 WHERE { ?s ?p ?o }",
    ],
)
def test_the_dataset_is_not_given_twice(text: str) -> None:
    with pytest.raises(QueryError, match="the request gives a dataset, and this does so too"):
        updated(store_of(OWN), text, Graphs(("http://e/g1",), ()))


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("INSERT DATA { <a> <p> 1, 2, 3 }", ChangeLimits(quads=2)),
        ("INSERT DATA { <a> <p> '" + "x" * 1_000 + "' }", ChangeLimits(bytes=1_000)),
        (
            "INSERT { ex:s ex:p ex:o } WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
            ChangeLimits(solutions=1_000),
        ),
        ("COPY DEFAULT TO ex:g5", ChangeLimits(quads=3)),
    ],
)
def test_too_much_is_refused(text: str, limits: ChangeLimits) -> None:
    with pytest.raises(TooMuch):
        updated(store_of(BUILT, OWN), text, limits=limits)
