"""No query reaches further than its store, however SERVICE is dressed up."""

from __future__ import annotations

import gc
import socket
from collections.abc import Iterator
from contextlib import suppress
from threading import Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store

from kgpub.errors import QueryError
from kgpub.store.binding import bind
from kgpub.store.queries import EmbeddedStore


@pytest.fixture
def listener() -> Iterator[tuple[str, list[bytes]]]:
    """A server on loopback that notes who calls."""
    calls: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    calls.append(b"called")
                    connection.close()

        Thread(target=accept, daemon=True).start()
        yield f"<http://127.0.0.1:{server.getsockname()[1]}/sparql>", calls


PLAIN = "SELECT * { ?s ?p ?o SERVICE %s { ?a ?b ?c } }"
DISGUISED = [
    PLAIN,
    "SELECT * { ?s ?p ?o SERVICE SILENT %s { ?a ?b ?c } }",
    "SELECT * { ?s ?p ?o sErViCe %s { ?a ?b ?c } }",
    "ASK { ?s ?p ?o FILTER EXISTS { SERVICE %s { ?a ?b ?c } } }",
    "CONSTRUCT { ?a ?b ?c } { ?s ?p ?o { SELECT * { SERVICE %s { ?a ?b ?c } } } }",
    "SELECT * { BIND(%s AS ?where) SERVICE ?where { ?a ?b ?c } }",
    # One text for rdflib, which resolves escapes first, and another for Oxigraph.
    'SELECT * { BIND("\\u0022" AS ?z) SERVICE %s { ?a ?b ?c } #""" AS ?z)\n }',
    'SELECT * { ?s ?p ?o FILTER(?o != "\\u0022") SERVICE %s { ?a ?b ?c } #")\n }',
    "SELECT * { ?s ?p ?o SER\\u0056ICE %s { ?a ?b ?c } }",
    "SELECT * { ?s ?p ?o \\U00000053ERVICE %s { ?a ?b ?c } }",
    # A carriage return ends a comment, though not for rdflib.
    "SELECT * { ?s ?p ?o # \r SERVICE %s { ?a ?b ?c } \n }",
    "SELECT * { ?s ?p ?o } # \r SERVICE",
    # Oxigraph needs no space, ends a name at its second dot, and has its own letters of names.
    "PREFIX : %s PREFIX h: <http://h:> SELECT * { SERVICE:x { ?a ?b ?c } }",
    "PREFIX e: %s SELECT * { SERVICEe:x { ?a ?b ?c } }",
    "PREFIX e: %s SELECT * { SERVICESILENTe:x #\n{ ?a ?b ?c } }",
    "PREFIX e: %s SELECT * { ?s ?p true.SERVICEe:x { ?a ?b ?c } }",
    "PREFIX e: %s SELECT * { ?s ?p trueSERVICEe:x { ?a ?b ?c } }",
    "PREFIX e: %s SELECT * { ?s ?p e:a.b.SERVICEe:x { ?a ?b ?c } }",
    "PREFIX e: %s SELECT * { ?s ?p e:a.b.1a2SERVICEe:x { ?a ?b ?c } }",
    "PREFIX e: %s SELECT * { SERVICEe:x\u0300y {} }",
    "PREFIX e: %s SELECT * { SERVICEe:x\u200dy {} }",
    # A < that is an operator, or a quotation mark that begins no string, moves all that follows.
    "ASK{FILTER(1<?b)SERVICE#>\n%s{}}",
    "ASK { ?s ?p ?o FILTER(?o<?b)#>'''\n SERVICE %s { ?a ?b ?c } #'''\n }",
    "ASK { ?s ?p ?a FILTER(?a>''||?a<'>')SERVICE %s { ?a ?b ?c } #'\n }",
    "PREFIX e: <http://e/> ASK { ?s ?p ?a FILTER(?a>''||?a<<e:'>)SERVICE %s { ?b ?c ?d } #'\n }",
    "PREFIX e: <http://e/> ASK { ?s ?p ?a FILTER(?a<<e:#>)SERVICE %s { ?b ?c ?d } \n }",
    'SELECT * { VALUES ?v { """x" } SERVICE %s { ?a ?b ?c } #\\q"""\n }',
    "SELECT * { VALUES ?v { '''x' } SERVICE %s { ?a ?b ?c } #\\q'''\n }",
    # Where a name would make no IRI, its prefix alone is read.
    "PREFIX h: <http://h:> SELECT * { ?s ?p h:service %s { ?a ?b ?c } }",
]
PARTS = (
    *("SERVICE", "service", "SILENT", "e:x", "e:", "e:a.b.", "e:a", ".", "?x", "?", "?s ?p "),
    *(
        "_:a",
        "_:a.b.",
        "@en",
        "@en--ltr",
        '"a"',
        "'",
        "'''",
        '"',
        '"""',
        "\\'",
        "#",
        "\n",
        "\r",
        " ",
    ),
    *("<", "<#>", "%s", "{", "}", "(", ")", "{ ?a ?b ?c }", "{}", "true", "1", "1.", "1e5", "a"),
    *(
        "FILTER(",
        "OPTIONAL",
        "GRAPH",
        "VALUES ?v {",
        "e:p?",
        "e:p*",
        "^",
        "|",
        "/",
        "!",
        "SERVICE:x",
    ),
    *(
        "SERVICEe:x",
        "\\q",
        "<?b)",
        "<<e:'>",
        "FILTER(1<",
        "h:",
        "h:service",
        "=",
        "UNION",
        "-",
        ":",
        "%41",
        "\\#",
        "\u00aa",
        "\u0300",
        "\u200d",
        ";",
        ",",
    ),
)
ENDS = ("", " e:x {?a ?b ?c}", "%s{?a ?b ?c}", "e:x{}", ":x{}", "?x{}", " SILENT e:x{}", "e:x#\n{}")


@pytest.mark.parametrize("query", DISGUISED)
def test_no_query_calls_out(listener: tuple[str, list[bytes]], query: str) -> None:
    address, calls = listener
    store = Store()
    store.add(Quad(NamedNode("http://e/s"), NamedNode("http://e/p"), Literal("o")))
    with pytest.raises(QueryError):
        EmbeddedStore(store).query(query.replace("%s", address))
    assert calls == []


@given(st.lists(st.sampled_from(PARTS), max_size=6), st.sampled_from(ENDS))
@settings(
    max_examples=2000,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # All share its one listener.
)
def test_no_mixture_calls_out(
    listener: tuple[str, list[bytes]], parts: list[str], end: str
) -> None:
    address, calls = listener
    prefixes = "PREFIX e: %s PREFIX : %s PREFIX h: <http://h:>"
    text = f"{prefixes} SELECT * {{ {''.join(parts)}SERVICE{end} }}"
    with suppress(QueryError, OSError, RuntimeError):
        list(EmbeddedStore(Store()).query(text.replace("%s", address)))  # type: ignore[arg-type]
    assert calls == []


def test_the_listener_would_notice(listener: tuple[str, list[bytes]]) -> None:
    address, calls = listener
    store = Store()
    store.add(Quad(NamedNode("http://e/s"), NamedNode("http://e/p"), Literal("o")))
    with suppress(OSError, RuntimeError):
        list(store.query(PLAIN.replace("%s", address)))  # type: ignore[arg-type]
    assert calls


@pytest.mark.parametrize(
    "query",
    [
        "ASK { FILTER('service' = 'service') } # SERVICE <http://127.0.0.1:9/>",
        "ASK {\r\n FILTER(CONTAINS('public service', 'service'))\r\n}",
        "PREFIX service: <http://e/service/> SELECT ?service { ?service service:x service:y }",
        "BASE <http://e/> PREFIX service: <> ASK { GRAPH <x> { ?service <service> service:o } }",
        "PREFIX e: <http://e/> ASK { GRAPH e:service { ?s e:national-service ?o } { ?a ?b ?c } }",
        "ASK { GRAPH <http://e/service> { ?service ?b '\\u0623 service' } }",
        "PREFIX e: <http://e/> ASK { ?s ?p e:national-service, _:service {} }",
        "ASK { FILTER(STRLEN('\\u0623\\u0647\\u0646\\u0626') = 4) }",
    ],
)
def test_the_word_alone_is_no_call(query: str) -> None:
    EmbeddedStore(Store()).query(query)


def test_nothing_keeps_the_solutions_when_they_are_done_with() -> None:
    """Another thread's collection would have to free them, which Oxigraph does not allow."""
    store = EmbeddedStore(Store())
    query = "SELECT * { <http://e/service> ?service 'service' }"
    store.query(query)
    gc.collect()
    store.query(query)
    assert gc.collect() == 0


@given(st.text(), st.text())
def test_a_bound_text_is_that_text_and_nothing_else(before: str, value: str) -> None:
    literal = Literal(before.replace("\r", "").replace("\0", ""))
    term = Literal(value)
    query = f"SELECT ({literal} AS ?a) (?x AS ?b) {{}} # ?x"
    (row,) = Store().query(bind(query, {"x": term}))  # type: ignore[misc]
    assert (row["a"], row["b"]) == (literal, term)


@pytest.mark.parametrize(
    ("query", "bound"),
    [
        ("ASK { ?x a 'it''s ?x' }", "ASK { 1 a 'it''s ?x' }"),
        ('ASK { $x a """a "?x" b""" }', 'ASK { 1 a """a "?x" b""" }'),
        ("ASK { <http://e/?x> a ?x }", "ASK { <http://e/?x> a 1 }"),
        ("ASK { ?xy ex:a\\#b ?x } # ?x", "ASK { ?xy ex:a\\#b 1 } # ?x"),
        ("ASK { FILTER(?x<3 && ?y>?x) }", "ASK { FILTER(1<3 && ?y>1) }"),
        ("ASK { ?s (ex:p?)/?x ?o }", "ASK { ?s (ex:p?)/1 ?o }"),
    ],
)
def test_only_variables_are_bound(query: str, bound: str) -> None:
    one = Literal("1", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer"))
    expected = (
        bound.replace("1", str(one), 2) if bound.count("1") > 1 else bound.replace("1", str(one))
    )
    assert bind(query, {"x": one}) == expected
