"""JSON-LD that says the same as kgpub's quads, to set mapping beside parsing.

`published` compacts with kgpub's context, whose terms have bases of their own; `flat` with the
same terms without them, so that IRIs stand in full and the parser has the least to do.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pyoxigraph import Quad, RdfFormat, parse

from benchmarks.corpus import BASE
from benchmarks.inputs import DATASET
from kgpub.model.submission import graph_of
from kgpub.serialisation import jsonld
from kgpub.vocabulary import ENTITY_SECTIONS, context

Timed = Callable[[], int]
Context = Mapping[str, Any]


def published() -> Context:
    """Return kgpub's context."""
    return context(BASE)


def flat() -> Context:
    """Return kgpub's context with nothing in it that depends on where a key stands."""
    return {
        key: _unscoped(term)
        for key, term in context(BASE).items()
        if key not in ENTITY_SECTIONS and term is not None
    }


def _unscoped(term: Any) -> Any:
    if not isinstance(term, dict):
        return term
    plain = {key: value for key, value in term.items() if key != "@context"}
    return {**plain, "@type": "@id"} if plain.get("@type") == "@vocab" else plain


def documents(root: Path, terms: Context) -> Iterator[bytes]:
    """Yield a document with `terms` for each graph of the workspace's dataset."""
    graphs: dict[str, list[Quad]] = defaultdict(list)
    for quad in parse(path=root / DATASET, format=RdfFormat.N_QUADS):
        graphs[graph_of(quad)].append(quad)
    for quads in graphs.values():
        yield b"".join(jsonld(quads, terms))


def one_document(root: Path, terms: Context) -> bytes:
    """Return all nodes of `documents` in one document, so that the context is read once."""
    nodes = [node for each in documents(root, terms) for node in json.loads(each)["@graph"]]
    document = {"@context": terms, "@graph": nodes}
    return json.dumps(document, ensure_ascii=False).encode()


def _oxigraph(texts: list[bytes]) -> Timed:
    return lambda: sum(len(list(parse(each, format=RdfFormat.JSON_LD))) for each in texts)


def _rdflib(texts: list[bytes]) -> Timed:
    from rdflib import Graph

    return lambda: sum(len(Graph().parse(data=each, format="json-ld")) for each in texts)


DOCUMENT_STEPS: dict[str, Callable[[Path], Timed]] = {
    "oxigraph-flat-one": lambda root: _oxigraph([one_document(root, flat())]),
    "oxigraph-flat": lambda root: _oxigraph(list(documents(root, flat()))),
    "oxigraph-published": lambda root: _oxigraph(list(documents(root, published()))),
    "rdflib-flat-one": lambda root: _rdflib([one_document(root, flat())]),
    "rdflib-published": lambda root: _rdflib(list(documents(root, published()))),
}
