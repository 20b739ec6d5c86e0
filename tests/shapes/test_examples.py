"""Every constraint of the shapes has an example that fails for that reason, and one that passes."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache
from typing import Any

import pyoxigraph
import pyshacl
import pytest
from pyoxigraph import RdfFormat
from rdflib import RDF, RDFS, SH, Graph, Literal, URIRef
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.term import Node

from .changes import (
    BASE,
    KG,
    KGS,
    KIND,
    Example,
    Key,
    component,
    constraints,
    examples,
    ontology,
    rules,
    schemes,
    shapes,
    short,
    valid,
)


def packed() -> list[list[Example]]:
    """Group the examples so that no two of a group have to do with the same node."""
    groups: list[tuple[list[Example], set[str]]] = [([], set())]
    for example in examples():
        free = (group for group in groups[1:] if not group[1] & example.nodes)
        group = next(free, None)
        if group is None:
            group = ([], set())
            groups.append(group)
        group[0].append(example)
        group[1].update(example.nodes)
    return [members for members, _ in groups]


def renamed(text: str, number: int) -> str:
    """Give the dataset a base and Wikidata items of its own, apart from those of other groups."""
    text = text.replace(f"<{BASE}", f"<{BASE}{number}/")
    return re.sub(r"(<https?://www\.wikidata\.org/\w+/\w+)>", rf"\g<1>{number:03}>", text)


@dataclass(frozen=True)
class Run:
    """What pySHACL says of all groups of examples, validated as one graph."""

    data: Graph
    results: dict[int, list[Key]]
    messages: dict[Key, list[Literal]]
    group_of: dict[Example, int]


class PreparedGraph(Graph):
    """A graph that parses each query once, where pySHACL hands it over for each focus node."""

    def query(self, query_object: str, *positions: Any, **settings: Any) -> Any:
        return super().query(prepared(query_object), *positions, **settings)


@cache
def prepared(select: str) -> Query:
    return prepareQuery(select)


@pytest.fixture(scope="module")
def run() -> Run:
    lines = []
    aimed = Graph()
    aimed += shapes()
    group_of = {}
    for number, members in enumerate(packed()):
        triples = set(valid())
        for example in members:
            group_of[example] = number
            triples = (triples - example.removed) | example.added
            for shape, focus in example.helpers:
                node = URIRef(focus.replace(BASE, f"{BASE}{number}/"))
                aimed.add((URIRef(shape), SH.targetNode, node))
        text = "".join(f"{triple} .\n" for triple in triples)
        lines.append(renamed(text, number))
    data = PreparedGraph().parse(data="".join(lines), format="nt")
    for subclass in ontology().subject_objects(RDFS.subClassOf):
        data.add((subclass[0], RDFS.subClassOf, subclass[1]))
    data += schemes()
    _, report, _ = pyshacl.validate(data, shacl_graph=aimed, advanced=False, inference="none")
    assert isinstance(report, Graph)
    results: dict[int, list[Key]] = defaultdict(list)
    messages: dict[Key, list[Literal]] = defaultdict(list)
    for result in report.subjects(RDF.type, SH.ValidationResult):
        if (None, SH.detail, result) in report:
            continue
        parts = (SH.focusNode, SH.sourceShape, SH.sourceConstraintComponent, SH.resultSeverity)
        focus, shape, of, severity = (str(report.value(result, part)) for part in parts)
        number = int(focus.removeprefix(BASE).split("/")[0])
        key = (focus.replace(f"{BASE}{number}/", BASE), shape, of, severity)
        results[number].append(key)
        messages[(focus, shape, of, severity)] += report.objects(result, SH.resultMessage)
    return Run(data, results, messages, group_of)


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.place)
def test_the_example_gives_exactly_the_results_it_tells(example: Example, run: Run) -> None:
    results = run.results[run.group_of[example]]
    mine = Counter(key for key in results if key[0] in example.nodes)
    assert mine == Counter(example.expected)


def test_nodes_that_no_example_changes_pass(run: Run) -> None:
    for number, members in enumerate(packed()):
        changed = frozenset().union(*(example.nodes for example in members))
        assert [key for key in run.results[number] if key[0] not in changed] == []


@pytest.mark.parametrize(("shape", "parameter"), constraints(), ids=lambda part: short(str(part)))
def test_every_constraint_has_an_example_that_fails(shape: URIRef, parameter: str) -> None:
    expected = {key[1:3] for example in examples() for key in example.expected}
    assert (str(shape), component(parameter)) in expected


def test_the_valid_dataset_uses_every_property_that_is_shaped() -> None:
    used = {triple.predicate.value for triple in valid()}
    paths = {str(path) for path in shapes().objects(None, SH.path) if isinstance(path, URIRef)}
    assert paths - used == {"http://www.w3.org/2004/02/skos/core#inScheme"}


# Rules in SPARQL


def focus_nodes(shape: URIRef, data: Graph) -> set[Node]:
    nodes = {n for p in shapes().objects(shape, SH.targetSubjectsOf) for n in data.subjects(p)}
    for target in shapes().objects(shape, SH.targetClass):
        for below in ontology().transitive_subjects(RDFS.subClassOf, target):
            nodes |= set(data.subjects(RDF.type, below))
    return nodes


@pytest.mark.parametrize(("shape", "rule"), rules(), ids=lambda part: short(str(part)))
def test_one_query_for_all_nodes_finds_what_one_query_each_finds(
    shape: URIRef, rule: URIRef, run: Run
) -> None:
    store = pyoxigraph.Store()
    store.load(run.data.serialize(format="nt", encoding="utf-8"), format=RdfFormat.N_TRIPLES)
    (select,) = (str(text) for text in shapes().objects(rule, SH.select))
    header = (
        f"PREFIX kg: <{KG}> PREFIX kind: <{KIND}> PREFIX oa: <http://www.w3.org/ns/oa#> "
        "PREFIX owl: <http://www.w3.org/2002/07/owl#> "
    )
    targets = {str(node) for node in focus_nodes(shape, run.data)}
    rows = store.query(header + select)
    found = Counter(row["this"].value for row in rows if row["this"].value in targets)
    reported = Counter(
        key[0].replace(BASE, f"{BASE}{number}/")
        for number, keys in run.results.items()
        for key in keys
        if key[1] == str(shape)
    )
    assert found == reported
    assert found, "no example fails"


@pytest.mark.parametrize("shape", ("TenureOverlap", "CurrentHolders"))
def test_the_warning_of_two_holders_names_the_other_source(shape: str, run: Run) -> None:
    warning = (f"{BASE}fact/tenure", KGS + shape, component("sparql"), f"{SH}Warning")
    (example,) = (
        each
        for each in examples()
        if warning in each.expected and f"{BASE}article/fire" in each.nodes
    )
    base = f"{BASE}{run.group_of[example]}/"
    messages = run.messages[base + "fact/tenure", *warning[1:]]
    assert len(set(messages)) == 3  # pySHACL drops the language tags where it fills in values
    for text in messages:
        assert base + "person/dilan" in text
        assert base + "article/water" not in text
        assert base + "article/fire" in text
