"""Texts that queries match regular expressions on are as long as they are said to be at most."""

from __future__ import annotations

import pytest
import rdflib
from pyoxigraph import NamedNode
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from tests.contract.shacl_graphs import EX, XSD, query, shapes, turtle

from kgpub.errors import WorkspaceError
from kgpub.validation import engine
from kgpub.validation.query_texts import ANY_LENGTH, Matching, Texts
from kgpub.validation.regular_expressions import Lengths

TERMS = [
    rdflib.Literal("\ufb03" * 200),
    rdflib.Literal("\U0001f600" * 200),
    rdflib.Literal("a" * 200),
    rdflib.Literal("short", lang="en-" + "-".join(["abcdefgh"] * 25)),
    rdflib.Literal("short", datatype=rdflib.URIRef(f"{EX}{'d' * 180}")),
    rdflib.URIRef(f"{EX}{'i' * 181}"),
    rdflib.Literal(12),
]
LONGEST = 227  # "en-", 25 times eight letters, and 24 hyphens
EXPRESSIONS = {
    "STR(?v)": LONGEST,
    "?v": LONGEST,
    "LANG(?v)": LONGEST,
    "STR(DATATYPE(?v))": LONGEST,
    "'abcde'": 5,
    "SUBSTR(STR(?v), 2)": LONGEST,
    "STRAFTER(STRBEFORE(STR(?v), 'b'), 'a')": LONGEST,
    "UCASE(STR(?v))": 3 * LONGEST,
    "ENCODE_FOR_URI(STR(?v))": 12 * LONGEST,
    "CONCAT(STR(?v), 'abc', STR(?v))": 2 * LONGEST + 3,
    "CONCAT(LCASE('abc'), UCASE(CONCAT('d', 'e')))": 15,
    "REPLACE('aaaa', 'a', 'bb')": 25,
    "REPLACE('aaaa', '(a)', '$1$1$1$1')": 85,
    "REPLACE('aaaa', '(?=(a*))', '$1')": 125,
    "STR(STRLEN(STR(?v)))": 128,
    "STR(STR(?v) = 'a')": 128,
    "SHA512(STR(?v))": 128,
    "IF(?v = 1, 'abc', CONCAT(STR(?v), 'a'))": LONGEST + 1,
    "COALESCE(?none, CONCAT(STR(?v), 'a'))": LONGEST + 1,
    "STR(?concatenated)": 2 * LONGEST,
    "STR(?counted)": LONGEST,
    "STR(?joined)": ANY_LENGTH,
    "STR(?sampled)": 2 * LONGEST,
    "STR(1 + 1)": ANY_LENGTH,
    "STR(IRI(STR(?v)))": ANY_LENGTH,
    "<http://www.w3.org/2001/XMLSchema#string>(CONCAT(STR(?v), 'a'))": LONGEST + 1,
    "STR(<http://www.w3.org/2001/XMLSchema#decimal>(?v))": ANY_LENGTH,
}


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_no_text_is_longer_than_it_is_said_to_be(expression: str) -> None:
    text = f"""SELECT ?v (REGEX({expression}, "x") AS ?matched) (STRLEN({expression}) AS ?length) {{
      ?a ?b ?v BIND (CONCAT(STR(?v), STR(?v)) AS ?concatenated)
      {{ SELECT (COUNT(?x) AS ?counted) (GROUP_CONCAT(STR(?x)) AS ?joined)
         (SAMPLE(CONCAT(STR(?x), STR(?x))) AS ?sampled) {{ ?c ?d ?x }} }}
    }}"""
    algebra = translateQuery(parseQuery(text)).algebra
    (of_text,) = (each.text for each in Matching.of(algebra) if str(each.pattern) == "x")
    bound = Texts(algebra, {}, LONGEST).length(of_text)
    assert bound == EXPRESSIONS[expression]
    graph = rdflib.Graph()
    for term in TERMS:
        graph.add((rdflib.URIRef("urn:s"), rdflib.URIRef("urn:p"), term))
    rows = [row.asdict() for row in graph.query(text)]  # type: ignore[union-attr]
    lengths = [int(row["length"]) for row in rows if "length" in row]
    assert lengths
    assert max(lengths) <= bound


def test_what_is_measured_of_terms() -> None:
    tag = "en-" + "-".join(["abcdefgh"] * 25)
    for long in ("ex:s", f"<{EX}{'i' * 208}> ex:p 1 .", f"ex:s <{EX}{'i' * 208}> 1 ."):
        text = long if long.endswith(".") else f'ex:s ex:p "v"@{tag} .'
        assert Lengths.of(turtle(text)).longest == LONGEST
    typed = Lengths.of(turtle(f'ex:s ex:p "abc"^^<{EX}{"d" * 208}> .'))
    assert (typed.longest, typed.values) == (LONGEST, {f"{EX}p": 3})


def test_a_variable_that_depends_on_itself_in_another_scope() -> None:
    text = """SELECT * { { SELECT (CONCAT(?b, "x") AS ?a) { ?s ?p ?b } }
        { SELECT (CONCAT(?a, "x") AS ?b) { ?s ?p ?a } } FILTER REGEX(?a, "x") }"""
    algebra = translateQuery(parseQuery(text)).algebra
    (matching,) = Matching.of(algebra)
    assert Texts(algebra, {}, 200).length(matching.text) >= ANY_LENGTH


CUBIC, A_FEW = ".*.*x", "a" * 200
"""Of 200 characters that takes less than a thousand million steps, of 600 more."""


def constraint(filtered: str, more: str = "") -> str:
    pattern = f"$this ex:p ?v . {more} FILTER (!REGEX({filtered}))"
    return f"[ {query(f'SELECT $this WHERE {{ {pattern} }}')} ]"


def on_blank_nodes(of_query: str) -> str:
    """A shape whose query the engine fast has to have rdflib evaluate."""
    inner = f"sh:path ex:r ; sh:property [ sh:path ex:r ; sh:node [ sh:sparql {of_query} ] ]"
    return f"ex:S {inner} ; sh:targetNode ex:a ."


@pytest.mark.parametrize("name", ["fast", "pyshacl"])
@pytest.mark.parametrize("filtered", ["CONCAT(?v, ?v, ?v)", "REPLACE(?v, 'a', 'aaa')", "STR(?n)"])
def test_texts_that_a_query_makes_longer_are_bounded(filtered: str, name: str) -> None:
    more = f"BIND (STRDT(?e, <{XSD}decimal>) * 1 AS ?n)"
    data = turtle(
        f'ex:a ex:r _:b . _:b ex:r _:c . _:c ex:p "{A_FEW}" ; ex:e "1E100000" . ex:p a ex:P .'
    )
    kept = shapes(on_blank_nodes(constraint(f'?v, "{CUBIC}"')))
    assert len(engine(name).validate(data, kept).results) == 1
    made = shapes(on_blank_nodes(constraint(f'{filtered}, "{CUBIC}"', f"?x ex:e ?e . {more}")))
    with pytest.raises(WorkspaceError, match=r"more than 1,000,000,000 steps on a text of [\d,]+ "):
        engine(name).validate(data, made)
    linear = shapes(on_blank_nodes(constraint(f'{filtered}, "^a*x"', f"?x ex:e ?e . {more}")))
    assert len(engine(name).validate(data, linear).results) == 1


def test_only_queries_that_ask_for_the_shapes_meet_their_texts() -> None:
    told = f'ex:S rdfs:comment "{"a" * 3000}" .'
    data = turtle('ex:a ex:r _:b . _:b ex:r _:c . _:c ex:p "abc" .')
    alone = shapes(on_blank_nodes(constraint(f'?v, "{CUBIC}"')) + told)
    for name in ("fast", "pyshacl"):
        assert len(engine(name).validate(data, alone).results) == 1
    more = "GRAPH $shapesGraph { ?s rdfs:comment ?c }".replace(
        "rdfs:comment", "<http://www.w3.org/2000/01/rdf-schema#comment>"
    )
    asking = shapes(on_blank_nodes(constraint(f'?c, "{CUBIC}"', more)) + told)
    with pytest.raises(WorkspaceError, match="on a text of 3,000 characters"):
        engine("fast").validate(data, asking)


@pytest.mark.parametrize(
    ("flags", "is_refused"), [("", False), (", 'i'", False), (", 'im'", True), (", ?f", True)]
)
def test_a_regular_expression_of_a_query_that_may_begin_at_each_line(
    flags: str, is_refused: bool
) -> None:
    data = turtle(f'ex:a ex:p "{"a" * 10**5}" ; ex:f "i" .')
    of_query = constraint(f"?v, '^.*a'{flags}", "$this ex:f ?f .")
    parsed = shapes(f"ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:sparql {of_query} .")
    if is_refused:
        with pytest.raises(WorkspaceError, match="100,000 characters"):
            engine("pyshacl").validate(data, parsed)
    else:
        assert engine("pyshacl").validate(data, parsed).conforms


def test_a_path_of_length_zero_leads_to_what_is_not_in_the_data() -> None:
    focus, constant = f"{EX}{'f' * 281}", f"{EX}{'c' * 381}"
    for pattern, longest in (("$this <urn:p>* ?x", 300), (f"<{constant}> <urn:p>? ?x", 400)):
        algebra = translateQuery(
            parseQuery(f'SELECT $this {{ {pattern} FILTER REGEX(STR(?x), "a") }}')
        ).algebra
        (matching,) = Matching.of(algebra)
        assert Texts(algebra, {"this": NamedNode(focus)}, 10).length(matching.text) == longest


def test_what_is_nested_too_deep_has_any_length() -> None:
    binds = "".join(f'BIND(CONCAT(?v{n}, "a") AS ?v{n + 1}) ' for n in range(240))
    algebra = translateQuery(parseQuery(f"SELECT * {{ ?s ?p ?v0 {binds} }}")).algebra
    assert Texts(algebra, {}, 1000).length(rdflib.Variable("v20")) == 1020
    assert Texts(algebra, {}, 1000).length(rdflib.Variable("v240")) >= ANY_LENGTH
