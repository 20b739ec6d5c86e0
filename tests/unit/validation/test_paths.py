"""Property paths, against rdflib's reading of the same SPARQL and of the same RDF."""

from __future__ import annotations

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, parse
from rdflib.plugins.sparql import prepareQuery

from kgpub.validation.index import TripleIndex
from kgpub.validation.paths import (
    MAX_DEPTH,
    Alternative,
    IllFormedPath,
    Inverse,
    Path,
    Predicate,
    Repeated,
    Sequence,
    follow,
    parse_path,
    path_triples,
    read_path,
)

EX = "http://example.org/"
PREFIXES = (
    f"@prefix ex: <{EX}> . @prefix sh: <http://www.w3.org/ns/shacl#> . "
    "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . "
)

paths: st.SearchStrategy[Path] = st.recursive(
    st.sampled_from("pqr").map(lambda name: Predicate(EX + name)),
    lambda inner: st.one_of(
        inner.map(Inverse),
        st.tuples(inner, st.sampled_from("*+?")).map(lambda pair: Repeated(*pair)),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: Sequence(tuple(parts))),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: Alternative(tuple(parts))),
    ),
    max_leaves=6,
)


def read(text: str) -> Path:
    triples = [quad.triple for quad in parse(PREFIXES + text, format=RdfFormat.TURTLE)]
    index = TripleIndex(triples)
    return read_path(
        index, index.objects(NamedNode(EX + "S"), "http://www.w3.org/ns/shacl#path")[0]
    )


def to_rdflib(path: Path) -> rdflib.paths.Path | rdflib.URIRef:
    match path:
        case Predicate(iri):
            return rdflib.URIRef(iri)
        case Inverse(inner):
            return ~to_rdflib(inner)
        case Repeated(inner, modifier):
            return to_rdflib(inner) * modifier
        case Sequence(parts):
            return rdflib.paths.SequencePath(*map(to_rdflib, parts))
        case Alternative(parts):
            return rdflib.paths.AlternativePath(*map(to_rdflib, parts))


GRAPH = rdflib.Graph().parse(
    data=PREFIXES
    + """ex:a ex:p ex:b , ex:c ; ex:q ex:d . ex:b ex:p ex:d ; ex:r ex:a . ex:d ex:q ex:a ;
         ex:p ex:e . ex:e ex:r ex:c , ex:e . ex:c ex:q ex:b ."""
)


nodes = st.sampled_from([NamedNode(EX + name) for name in "abcd"])
edges = st.builds(Triple, nodes, st.sampled_from([NamedNode(EX + name) for name in "pqr"]), nodes)


@given(paths, st.lists(edges, max_size=8), nodes)
def test_value_nodes_are_those_that_sparql_finds(
    path: Path, triples: list[Triple], node: NamedNode
) -> None:
    graph = rdflib.Graph()
    for subject, predicate, value in triples:
        graph.add(tuple(rdflib.URIRef(each.value) for each in (subject, predicate, value)))
    rows = graph.query(f"SELECT ?v WHERE {{ {node} {path} ?v }}")
    expected = {str(row["v"]) for row in rows}
    found = follow(path, [node], TripleIndex(triples))
    assert {each.value for each in found} == expected
    assert len(found) == len(expected)


@given(paths)
def test_text_is_sparql_of_the_same_meaning(path: Path) -> None:
    start = rdflib.URIRef(EX + "a")
    query = prepareQuery(f"SELECT DISTINCT ?end WHERE {{ ?start {path} ?end }}")
    found = {row[0] for row in GRAPH.query(query, initBindings={"start": start})}
    assert found == set(GRAPH.objects(start, to_rdflib(path)))


@given(paths)
def test_text_can_be_parsed_again(path: Path) -> None:
    assert parse_path(str(path)) == path


@given(paths)
def test_rendering_describes_the_path_when_its_iris_are_blank(path: Path) -> None:
    node, triples = path_triples(path, lambda part: NamedNode(f"urn:minted:{part.encode().hex()}"))

    def blank(term: object) -> object:
        minted = isinstance(term, NamedNode) and term.value.startswith("urn:minted:")
        return BlankNode(term.value[11:]) if minted else term

    index = TripleIndex(Triple(*map(blank, triple)) for triple in triples)
    assert read_path(index, blank(node)) == path


@pytest.mark.parametrize(
    ("turtle", "sparql"),
    [
        ("ex:p", "<p>"),
        ("( ex:p [ sh:inversePath ex:q ] )", "<p>/(^<q>)"),
        ("[ sh:alternativePath ( ex:p ( ex:q ex:r ) ) ]", "<p>|(<q>/<r>)"),
        ("[ sh:zeroOrMorePath [ sh:zeroOrOnePath ex:p ] ]", "(<p>?)*"),
        ("[ sh:inversePath [ sh:oneOrMorePath ex:p ] ]", "^(<p>+)"),
    ],
)
def test_reads_what_shapes_say(turtle: str, sparql: str) -> None:
    assert str(read(f"ex:S sh:path {turtle} .")).replace(EX, "") == sparql


@pytest.mark.parametrize(
    ("turtle", "words"),
    [
        ('"p"', "is not a path"),
        ("[ ]", "no form, or several"),
        ("[ sh:inversePath ex:p , ex:q ]", "no form, or several"),
        ("[ sh:inversePath ex:p ; sh:oneOrMorePath ex:q ]", "no form, or several"),
        ("[ sh:class ex:p ]", "sh:class is not a form of path"),
        ("( ex:p )", "two members or more"),
        ("[ sh:alternativePath ex:p ]", "ill-formed"),
        ("_:x . _:x sh:inversePath _:x", "contains itself"),
        ("_:x . _:x rdf:first ex:p ; rdf:rest _:x", "ill-formed"),
    ],
)
def test_refuses_ill_formed_paths(turtle: str, words: str) -> None:
    with pytest.raises(IllFormedPath, match=words):
        read(f"ex:S sh:path {turtle} .")


def test_refuses_paths_that_multiply_or_nest_without_end() -> None:
    doubled = " ".join(
        f"_:x{n} rdf:first _:x{n + 1} ; rdf:rest ( _:x{n + 1} ) ." for n in range(40)
    )
    with pytest.raises(IllFormedPath, match="more than 500 parts"):
        read(f"ex:S sh:path _:x0 . {doubled} _:x40 sh:inversePath ex:p .")
    chain = " ".join(f"_:y{n} sh:inversePath _:y{n + 1} ." for n in range(2000))
    with pytest.raises(IllFormedPath, match=f"more than {MAX_DEPTH} deep"):
        read(f"ex:S sh:path _:y0 . {chain}")


@pytest.mark.parametrize("text", ["", "<a>/", "(<a>", "<a>)", "<a><b>", "a", "<a>//<b>", "^", "()"])
def test_refuses_text_that_is_no_path(text: str) -> None:
    with pytest.raises(IllFormedPath):
        parse_path(text)
