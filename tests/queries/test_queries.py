"""The named queries, each against answers worked out by hand, on two SPARQL engines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import rdflib
import yaml
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, RdfFormat, serialize

from kgpub.cli.named_queries import bindings
from kgpub.pipeline.comparison.marking import mark
from kgpub.pipeline.dataset import DatasetReading
from kgpub.store.embedded import Generations
from kgpub.store.named_queries import NamedQuery, catalogue
from kgpub.store.queries import EmbeddedStore
from kgpub.vocabulary import ENTITY_SECTIONS, KG, RDF, XSD, prefixes
from kgpub.vocabulary.schema import ASSERTED_TYPES, schema

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]
BASE = "https://example.org/data/"
PREFIXES = prefixes(BASE)
QUERIES = {query.name: query for query in catalogue([REPOSITORY / "queries"])}
NUMERIC = {XSD + name for name in ("integer", "decimal", "double", "nonNegativeInteger")}
TOLD_OF_DENIALS = {
    "added-since",
    "change-of-stance",
    "contradictions",
    "denied",
    "non-memberships",
    "single-source-facts",
    "stated-about",
}
"""The queries that are asked for what is denied as well; to all others it must be nothing."""

TWICE = ("contradictions", "pair", "politics", "seed", "succession")
ENTITIES = tuple(BASE + folder for _, folder in ENTITY_SECTIONS.values())
ASSERTS = NamedNode(KG + "asserts")
TRUE = Literal("true", datatype=NamedNode(XSD + "boolean"))

Term = tuple[str, str, str]
"""A value as (value, datatype, language); IRIs are written with a prefix and have no datatype."""
Row = tuple[Term | None, ...]


@dataclass(frozen=True)
class Case:
    workspace: str
    query: str
    given: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]

    def __str__(self) -> str:
        return " ".join((self.query, *self.given))


def _cases() -> list[Case]:
    found = []
    for path in sorted(HERE.glob("*.yaml")):
        document = _document(path)
        for case in document["cases"]:
            given = tuple(f"{name}={value}" for name, value in case.get("with", {}).items())
            rows = tuple(tuple(row) for row in case["rows"])
            found.append(Case(path.stem, case["query"], given, rows))
    return found


@lru_cache
def _document(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return document


CASES = _cases()


@dataclass(frozen=True)
class Workspace:
    quads: tuple[Quad, ...]
    store: EmbeddedStore
    graph: rdflib.Dataset
    labels: Mapping[str, str]
    """The labels that a case file gives to facts, by the identifiers that mapping made for them."""

    def named(self, text: str) -> str:
        """Return the identifier for a label, as `fact/…` for `fact/label`; else `text`."""
        for name, label in self.labels.items():
            if text.endswith(f"fact/{label}"):
                return text.removesuffix(label) + name.rpartition(":")[2]
        return text


@pytest.fixture(scope="session")
def workspaces(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Workspace]:
    return {
        path.stem: _workspace(path, tmp_path_factory.mktemp(path.stem))
        for path in sorted(HERE.glob("*.yaml"))
    }


def _workspace(path: Path, folder: Path) -> Workspace:
    document = _document(path)
    root = REPOSITORY if document["base"] == "." else HERE / document["base"]
    dataset = DatasetReading(root, schema(BASE), None, lambda _: None).read()
    assert not dataset.problems
    quads = tuple(dataset.quads())
    quads += mark(quads, BASE).quads
    graph = rdflib.Dataset(default_union=True)
    graph.parse(data=serialize(quads, format=RdfFormat.N_QUADS), format="nquads")
    labels = {
        _only_subject(quads, description): label
        for label, description in document.get("facts", {}).items()
    }
    return Workspace(quads, _stored(quads, folder), graph, labels)


def _stored(quads: Iterable[Quad], folder: Path) -> EmbeddedStore:
    """Store quads as a build does, so that the queries meet what users' queries meet."""
    kept = sorted(set(quads), key=str)
    generations = Generations(folder)
    digests = {quad.graph_name.value: "" for quad in kept if isinstance(quad.graph_name, NamedNode)}
    generations.publish(generations.prepare(kept, digests))
    return EmbeddedStore(generations.open())


def _only_subject(quads: Iterable[Quad], description: Mapping[str, str]) -> str:
    described: dict[str, set[tuple[str, str]]] = {}
    for quad in quads:
        assert isinstance(quad.subject, NamedNode)
        assert isinstance(quad.object, NamedNode | Literal)
        subject = _compact(quad.subject.value)
        pair = (_compact(quad.predicate.value), _compact(quad.object.value))
        described.setdefault(subject, set()).add(pair)
    [subject] = [s for s, pairs in described.items() if set(description.items()) <= pairs]
    return subject


def _compact(iri: str) -> str:
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri


def _bindings(case: Case, workspace: Workspace) -> dict[str, NamedNode | Literal]:
    given = [workspace.named(text) for text in case.given]
    return bindings(QUERIES[case.query], given, PREFIXES)


def _oxigraph(store: EmbeddedStore, query: NamedQuery, bindings: Mapping[str, Any]) -> list[Row]:
    answer = store.query(query.text, PREFIXES, bindings)
    assert isinstance(answer, QuerySolutions)
    assert tuple(variable.value for variable in answer.variables) == query.columns
    return [tuple(_from_oxigraph(solution[name]) for name in query.columns) for solution in answer]


def _from_oxigraph(term: Any) -> Term | None:
    if term is None:
        return None
    if isinstance(term, NamedNode):
        return (_compact(term.value), "", "")
    assert isinstance(term, Literal)
    return _literal(term.value, term.datatype.value, term.language or "")


def _rdflib(graph: rdflib.Dataset, query: NamedQuery, bindings: Mapping[str, Any]) -> list[Row]:
    initial = {
        name: rdflib.URIRef(term.value)
        if isinstance(term, NamedNode)
        else rdflib.Literal(term.value, datatype=_no_string(term.datatype.value))
        for name, term in bindings.items()
    }
    answer = graph.query(query.text, initNs=PREFIXES, initBindings=initial)
    assert tuple(str(name) for name in answer.vars or ()) == query.columns
    rows = [
        tuple(_from_rdflib(solution.get(rdflib.Variable(name))) for name in query.columns)
        for solution in answer.bindings
    ]
    # Where there is nothing to group, rdflib makes one group; by SPARQL 1.1, 11.2, there is none.
    return [row for row in rows if any(row)]


def _no_string(datatype: str) -> rdflib.URIRef | None:
    """rdflib tells "a" and "a"^^xsd:string apart; RDF 1.1 has them as one term."""
    return None if datatype == XSD + "string" else rdflib.URIRef(datatype)


def _from_rdflib(term: Any) -> Term | None:
    if term is None:
        return None
    if isinstance(term, rdflib.URIRef):
        return (_compact(str(term)), "", "")
    assert isinstance(term, rdflib.Literal)
    langstring = RDF + "langString" if term.language else XSD + "string"
    return _literal(str(term), str(term.datatype or langstring), term.language or "")


def _literal(value: str, datatype: str, language: str) -> Term:
    """Write numbers alike: an engine may answer 2, 2.0 or 2.00 as integer or decimal."""
    if datatype in NUMERIC:
        return (format(Decimal(value).normalize(), "f"), "number", "")
    return (value, datatype, language)


def _values(rows: Iterable[Row], workspace: Workspace) -> list[tuple[str | None, ...]]:
    return [tuple(term and _labelled(term[0], workspace) for term in row) for row in rows]


def _labelled(value: str, workspace: Workspace) -> str:
    label = workspace.labels.get(value)
    return f"{value.partition(':')[0]}:{label}" if label else value


@pytest.mark.parametrize("case", CASES, ids=str)
def test_answer(case: Case, workspaces: Mapping[str, Workspace]) -> None:
    workspace = workspaces[case.workspace]
    bindings = _bindings(case, workspace)
    rows = _oxigraph(workspace.store, QUERIES[case.query], bindings)
    assert _sorted_by_label(_values(rows, workspace)) == _sorted_by_label(case.rows)
    assert _rdflib(workspace.graph, QUERIES[case.query], bindings) == rows


def _sorted_by_label(rows: Sequence[tuple[str | None, ...]]) -> list[tuple[str | None, ...]]:
    """Leave the order of rows alone but where facts are among them, whose hashes order them."""
    if any(value and value.startswith("fact:") for row in rows for value in row):
        return sorted(rows, key=lambda row: [value or "" for value in row])
    return list(rows)


def test_every_query_has_an_answer_that_is_not_empty() -> None:
    assert {case.query for case in CASES if case.rows} == QUERIES.keys()


@pytest.mark.parametrize("query", QUERIES.values(), ids=lambda query: query.name)
def test_header(query: NamedQuery) -> None:
    body = re.sub(r"(?m)^#.*$", "", query.text)
    assert query.questions.keys() == {"en", "ar", "ckb"}
    assert query.question.endswith("?")
    assert query.questions["ar"].endswith("؟")
    assert query.questions["ckb"].endswith("؟")
    assert query.example.keys() == {parameter.name for parameter in query.parameters}
    assert query.columns
    for parameter in query.parameters:
        assert re.search(rf"\?{parameter.name}\b", body), parameter
        assert parameter.description
        # What is bound from outside can be neither projected nor assigned.
        assert parameter.name not in query.columns
        assert not re.search(rf"AS \?{parameter.name}\b", body)
    assert re.search(r"\bORDER BY\b", body)
    assert max(len(line) for line in query.text.splitlines()) <= 100


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.query not in TOLD_OF_DENIALS], ids=str
)
def test_what_is_denied_is_no_answer(
    case: Case,
    workspaces: Mapping[str, Workspace],
    denials: Mapping[str, tuple[EmbeddedStore, EmbeddedStore]],
) -> None:
    """To deny of others what is stated, or of other times, changes no answer about what is."""
    bindings = _bindings(case, workspaces[case.workspace])
    without, with_denials = denials[case.workspace]
    query = QUERIES[case.query]
    assert _oxigraph(with_denials, query, bindings) == _oxigraph(without, query, bindings)


@pytest.fixture(scope="session")
def denials(
    workspaces: Mapping[str, Workspace], tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, tuple[EmbeddedStore, EmbeddedStore]]:
    """Stores that describe a double of each entity: without denials about them, and with."""
    stores = {}
    for name, workspace in workspaces.items():
        doubled = [*workspace.quads, *_doubles(workspace.quads)]
        denied = [*doubled, *_denials(workspace.quads)]
        folder = tmp_path_factory.mktemp(name)
        stores[name] = (_stored(doubled, folder / "without"), _stored(denied, folder / "with"))
    return stores


def _double(term: Any) -> Any:
    """Return the double of an entity; any other term as it is."""
    is_entity = isinstance(term, NamedNode) and term.value.startswith(ENTITIES)
    return NamedNode(term.value + "-double") if is_entity else term


def _doubles(quads: Sequence[Quad]) -> list[Quad]:
    return [
        Quad(_double(quad.subject), quad.predicate, quad.object, quad.graph_name)
        for quad in quads
        if _double(quad.subject) != quad.subject
    ]


def _denials(quads: Sequence[Quad]) -> list[Quad]:
    """Return, for each fact and event, negated ones that differ from it in one value each.

    The value is an entity, a participant, or all times; the same statements assert them.
    """
    about: dict[NamedNode, list[Quad]] = {}
    for quad in quads:
        about.setdefault(_name(quad.subject), []).append(quad)
    classes = {NamedNode(KG + name) for name in ASSERTED_TYPES}
    stated = {_name(quad.subject) for quad in quads if quad.object in classes}
    denied = []
    for fact in stated:
        for number, variant in enumerate(_variants(about[fact], about)):
            twin = NamedNode(f"{fact.value}-{number}")
            graph = about[fact][0].graph_name
            denied += [
                Quad(twin, q.predicate, q.object, graph) for q in variant if q.subject == fact
            ]
            denied += [q for q in variant if q.subject != fact]
            denied.append(Quad(twin, NamedNode(KG + "negated"), TRUE, graph))
            denied += [
                Quad(q.subject, q.predicate, twin, q.graph_name)
                for q in quads
                if q.predicate == ASSERTS and q.object == fact
            ]
    return denied


def _variants(fact: Sequence[Quad], about: Mapping[NamedNode, list[Quad]]) -> Iterable[list[Quad]]:
    yield [_at_another_time(quad) for quad in fact]
    for changed in fact:
        others = [quad for quad in fact if quad != changed]
        if changed.predicate == NamedNode(KG + "participation"):
            part = NamedNode(_name(changed.object).value + "-double")
            copy = [
                Quad(part, q.predicate, _double(q.object), q.graph_name)
                for q in about[_name(changed.object)]
            ]
            yield [*others, *copy, Quad(changed.subject, changed.predicate, part)]
        elif _double(changed.object) != changed.object:
            yield [*others, Quad(changed.subject, changed.predicate, _double(changed.object))]


def _at_another_time(quad: Quad) -> Quad:
    name = quad.predicate.value.removeprefix(KG)
    if name in ("start", "end", "time") and isinstance(quad.object, Literal):
        when = Literal("2000-01-01", datatype=quad.object.datatype)
    elif name in ("earliest", "latest", "certainFrom", "certainUntil"):
        when = Literal("2000-01-01", datatype=NamedNode(XSD + "date"))
    else:
        return quad
    return Quad(quad.subject, quad.predicate, when, quad.graph_name)


def _name(term: object) -> NamedNode:
    assert isinstance(term, NamedNode)
    return term


@pytest.mark.parametrize("case", [case for case in CASES if case.workspace in TWICE], ids=str)
def test_what_is_submitted_twice_is_told_once(
    case: Case, workspaces: Mapping[str, Workspace], twice: Mapping[str, EmbeddedStore]
) -> None:
    workspace = workspaces[case.workspace]
    bindings = _bindings(case, workspace)
    query = QUERIES[case.query]
    rows = _oxigraph(workspace.store, query, bindings)
    assert len(set(rows)) == len(rows)
    assert _oxigraph(twice[case.workspace], query, bindings) == rows


@pytest.fixture(scope="session")
def twice(
    workspaces: Mapping[str, Workspace], tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, EmbeddedStore]:
    """Stores in which every triple stands in a second graph as well."""
    copy = NamedNode(BASE + "submission/copy/facts")
    return {
        name: _stored(
            [*quads, *(Quad(quad.subject, quad.predicate, quad.object, copy) for quad in quads)],
            tmp_path_factory.mktemp(f"{name}-twice"),
        )
        for name in TWICE
        for quads in [workspaces[name].quads]
    }


def _documented() -> list[tuple[str, str, str, str]]:
    text = (REPOSITORY / "docs/queries.md").read_text(encoding="utf-8")
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return [(row[0], row[1], row[2], row[3] if len(row) > 3 else "") for row in rows[1:]]


def test_the_documentation_lists_every_query() -> None:
    documented = {
        name: parameters
        for _, _, names, parameters in _documented()
        for name in re.findall(r"`([a-z-]+)`", names)
    }
    assert documented.keys() == QUERIES.keys()
    for name, parameters in documented.items():
        assert re.findall(r"`(\w+)`", parameters) == [p.name for p in QUERIES[name].parameters]


def test_the_documentation_answers_every_question() -> None:
    numbers = [number for number, *_ in _documented() if number.isdigit()]
    assert set(numbers) == {str(number) for number in range(1, 26)}
