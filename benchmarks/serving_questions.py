"""Queries to measure servers by, drawn from what a synthetic corpus holds, and their answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from urllib.request import Request, urlopen

from pyoxigraph import RdfFormat, Store, parse

from benchmarks.serving_load import path_of
from benchmarks.serving_servers import Server
from kgpub.vocabulary import KG

ROWS = "application/sparql-results+json"
TURTLE = "text/turtle"
_TEXTS = 20
_SEED = 2026
_SECONDS = 120


@dataclass(frozen=True)
class Kind:
    """A kind of query: several texts, and the form of their answers."""

    name: str
    accept: str
    texts: tuple[str, ...]


def kinds(store: Store) -> list[Kind]:
    """Return kinds of query on the default graph of `store`: no prefixes, no blank nodes."""
    draw = Random(_SEED)
    people = _iris(store, "Person")
    places = _iris(store, "Place")
    chosen = [draw.choice(people) for _ in range(_TEXTS)]
    # The first is a verb that many texts begin with.
    words = [" ".join(text.split()[1:3]) for text in _texts(store, draw)]
    return [
        Kind("lookup", ROWS, tuple(f"SELECT ?p ?o {{ <{each}> ?p ?o }}" for each in chosen)),
        Kind("join", ROWS, tuple(_join(draw.choice(places)) for _ in range(_TEXTS))),
        Kind("aggregate", ROWS, (_AGGREGATE,)),
        Kind("text", ROWS, tuple(_containing(each) for each in words)),
        Kind("construct", TURTLE, tuple(_construct(each) for each in chosen)),
    ]


_AGGREGATE = (
    f"SELECT ?kind (COUNT(*) AS ?n) {{ ?event a <{KG}Event> ; <{KG}kind> ?kind }} GROUP BY ?kind"
)
WHOLE = "SELECT ?s ?p ?o { ?s ?p ?o }"
HOSTILE = (
    "SELECT (COUNT(*) AS ?n) { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f FILTER(?b != ?d) }",
    f"SELECT (COUNT(*) AS ?n) {{ ?a (<{KG}asserts>|!<{KG}none>)* ?b . ?c !<{KG}none>+ ?d }}",
    "SELECT * { ?a ?p ?b . ?c ?q ?d } ORDER BY DESC(CONCAT(STR(?b), STR(?d)))",
    "SELECT (COUNT(*) AS ?n) { ?a ?p ?b . ?c ?q ?d "
    "FILTER(REGEX(CONCAT(STR(?b), STR(?d)), '(a+)+$')) }",
)
"""A cross product, an explosion of paths, a huge sort, a regex on a cross product."""


def _join(place: str) -> str:
    fact = f"?fact <{KG}place> <{place}>"
    words = f"?statement <{KG}asserts> ?fact ; <{KG}words> ?words"
    return f"SELECT ?statement ?words {{ {fact} . {words} }}"


def _containing(words: str) -> str:
    literal = json.dumps(words, ensure_ascii=False)
    return f"SELECT ?s ?words {{ ?s <{KG}words> ?words FILTER(CONTAINS(?words, {literal})) }}"


def _construct(iri: str) -> str:
    return f"CONSTRUCT {{ <{iri}> ?p ?o }} WHERE {{ <{iri}> ?p ?o }}"


def _iris(store: Store, kind: str) -> list[str]:
    query = f"SELECT DISTINCT ?s {{ ?s a <{KG}{kind}> }} ORDER BY ?s"
    return [row[0].value for row in store.query(query)]  # type: ignore[union-attr]


def _texts(store: Store, draw: Random) -> list[str]:
    query = f"SELECT ?words {{ ?s <{KG}words> ?words }} ORDER BY ?s"
    found = [row[0].value for row in store.query(query)]  # type: ignore[union-attr]
    return [draw.choice(found) for _ in range(_TEXTS)]


def answered_alike(servers: list[Server], kind: Kind) -> int:
    """Return how many rows or triples the answers have. Raises ValueError where servers differ."""
    count = 0
    for text in kind.texts:
        first, *others = (_answer(server, text, kind.accept) for server in servers)
        if any(other != first for other in others):
            raise ValueError(f"answers differ: {text}")
        count += len(first)
    if not count:
        raise ValueError(f"no answer: {kind.texts[0]}")
    return count


def _answer(server: Server, text: str, accept: str) -> list[str]:
    request = Request(f"{server.origin}{path_of(server, text)}", headers={"Accept": accept})
    with urlopen(request, timeout=_SECONDS) as got:
        content = got.read()
    if accept == TURTLE:
        return sorted(str(quad.triple) for quad in parse(content, RdfFormat.TURTLE))
    return sorted(_rows(json.loads(content)["results"]["bindings"]))


def _rows(bindings: list[dict[str, dict[str, str]]]) -> Iterator[str]:
    """Yield rows as text; `type` may be "typed-literal", and xsd:string may be told or not."""
    for binding in bindings:
        cells = []
        for name, term in sorted(binding.items()):
            datatype = term.get("datatype", "").removesuffix(
                "http://www.w3.org/2001/XMLSchema#string"
            )
            is_iri = term["type"] == "uri"
            cells.append((name, is_iri, term["value"], datatype, term.get("xml:lang", "").lower()))
        yield repr(cells)
