"""The ontology's files, each read once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from rdflib import RDF, SKOS, Graph, URIRef

ROOT = Path(__file__).parents[2]


def _read(name: str) -> Graph:
    return Graph().parse(ROOT / "ontology" / name, format="turtle")


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def ontology() -> Graph:
    return _read("kgpub.ttl")


@pytest.fixture(scope="session")
def schemes() -> Graph:
    return _read("schemes.ttl")


@pytest.fixture(scope="session")
def concepts(schemes: Graph) -> set[URIRef]:
    return {s for s in schemes.subjects(RDF.type, SKOS.Concept) if isinstance(s, URIRef)}


@pytest.fixture(scope="session")
def alignments() -> Graph:
    return _read("alignments.ttl")


@pytest.fixture(scope="session")
def merged(ontology: Graph, schemes: Graph, alignments: Graph) -> Graph:
    graph = Graph()
    for part in (ontology, schemes, alignments):
        for triple in part:
            graph.add(triple)
    return graph


@pytest.fixture(scope="session")
def context() -> dict[str, Any]:
    text = (ROOT / "ontology" / "context.jsonld").read_text(encoding="utf-8")
    terms: dict[str, Any] = json.loads(text)["@context"]
    return terms


@pytest.fixture(scope="session")
def shapes() -> Graph:
    graph = Graph()
    for path in sorted((ROOT / "shapes").glob("*.ttl")):
        graph.parse(path, format="turtle")
    return graph
