"""Every own term that any file uses is defined, and every defined term is used."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, Graph, URIRef

from kgpub.vocabulary import KG, KIND

PREFIXED = re.compile(r"(?<![\w:/-])(kg|kind):([A-Za-z][\w-]*)")
ABSOLUTE = re.compile(r"https://w3id\.org/kgpub/(ontology|kind)#([A-Za-z][\w-]*)")
NAMESPACES = {"kg": KG, "kind": KIND, "ontology": KG}
NAMES = {"KG": KG, "KIND": KIND}
FOLDERS = {
    "context.jsonld": ("ontology", "*.jsonld"),
    "ontology": ("ontology", "*.ttl"),
    "shapes": ("shapes", "*.ttl"),
    "queries": ("queries", "*.rq"),
    "code": ("src", "**/*.py"),
}


def in_text(text: str) -> set[str]:
    """Return the IRIs of the own terms that `text` names, with a prefix or in full."""
    found = [*PREFIXED.findall(text), *ABSOLUTE.findall(text)]
    return {NAMESPACES[namespace] + name for namespace, name in found}


def in_code(source: str) -> set[str]:
    """Return the own terms that Python builds: `KG + "a"` and calls such as `f(KG, "a b")`."""
    return {iri for node in ast.walk(ast.parse(source)) for iri in _built(node)}


def _built(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        yield from _joined(node.left, node.right)
    elif isinstance(node, ast.Call) and len(node.args) == 2:
        yield from _joined(*node.args)


def _joined(namespace: ast.expr, names: ast.expr) -> Iterator[str]:
    if isinstance(namespace, ast.Name) and namespace.id in NAMES:
        words = names.value if isinstance(names, ast.Constant) else ""
        for name in words.split() if isinstance(words, str) else ():
            yield NAMES[namespace.id] + name


@pytest.fixture(scope="module")
def defined(ontology: Graph, schemes: Graph) -> set[str]:
    subjects = {str(s) for graph in (ontology, schemes) for s in graph.subjects()}
    return {s for s in subjects if s.startswith((KG, KIND))}


@pytest.mark.parametrize("part", FOLDERS)
def test_every_term_that_is_used_is_defined(root: Path, part: str, defined: set[str]) -> None:
    folder, pattern = FOLDERS[part]
    unknown: dict[str, set[str]] = {}
    for path in sorted((root / folder).glob(pattern)):
        text = path.read_text(encoding="utf-8")
        used = in_text(text) | (in_code(text) if path.suffix == ".py" else set())
        if used - defined:
            unknown[str(path.relative_to(root))] = used - defined
    assert unknown == {}


def test_the_search_for_terms_finds_them() -> None:
    turtle = "kgs:A sh:path kg:Fo-o ; sh:in ( kind:bar ) ; x:kg <https://w3id.org/kgpub/kind#b> ."
    assert in_text(turtle) == {KG + "Fo-o", KIND + "bar", KIND + "b"}
    python = 'A = KG + "one"\nB = terms(KG, "two three")\nC = {KIND + "four": KG + name}'
    assert in_code(python) == {KG + "one", KG + "two", KG + "three", KIND + "four"}


def test_no_term_is_unused(root: Path, ontology: Graph, shapes: Graph, schemes: Graph) -> None:
    context = json.loads((root / "ontology" / "context.jsonld").read_text(encoding="utf-8"))
    in_graphs = {str(t) for g in (shapes, schemes) for triple in g for t in triple}
    used = in_text(json.dumps(context)) | in_graphs
    terms = {str(s) for s in ontology.subjects() if str(s).startswith(KG)}
    assert terms - used == set()


def test_every_concrete_class_and_every_property_is_shaped(ontology: Graph, shapes: Graph) -> None:
    mentioned = {str(t) for triple in shapes for t in triple}
    terms = {str(s) for s in ontology.subjects() if str(s).startswith(KG)}
    assert terms - mentioned == set()


def test_a_class_outside_the_context_has_subclasses_and_shapes(
    root: Path, ontology: Graph, shapes: Graph
) -> None:
    context = in_text((root / "ontology" / "context.jsonld").read_text(encoding="utf-8"))
    mentioned = {str(t) for triple in shapes for t in triple}
    for class_ in ontology.subjects(RDF.type, OWL.Class):
        if str(class_).startswith(KG) and str(class_) not in context:
            assert list(ontology.subjects(RDFS.subClassOf, class_)), class_
            assert str(class_) in mentioned, class_


def test_every_scheme_is_used_by_a_shape(shapes: Graph, schemes: Graph) -> None:
    mentioned = {t for triple in shapes for t in triple}
    in_scheme = URIRef("http://www.w3.org/2004/02/skos/core#inScheme")
    assert set(schemes.objects(None, in_scheme)) - mentioned == set()
