"""What the native engine says of blank nodes is told of those that were submitted."""

from __future__ import annotations

from random import Random

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from kgpub.validation import native

SHACL = "http://www.w3.org/ns/shacl#"
SHAPES = f"""@prefix sh: <{SHACL}> .
<urn:S> sh:targetSubjectsOf <urn:p> ; sh:property <urn:P> .
<urn:P> sh:path {{path}} ; sh:nodeKind sh:IRI .
"""
PATHS = ["<urn:p>", "[ sh:zeroOrOnePath <urn:p> ]", "( [ sh:zeroOrMorePath <urn:q> ] <urn:p> )"]


native_only = pytest.mark.skipif(not native.is_installed(), reason="there is no native engine")


@native_only
def test_the_engine_numbers_blank_nodes() -> None:
    """Otherwise pySHACL has all shapes that tell them from IRIs, with its own deviations."""
    assert native.numbers_blank_nodes()


@native_only
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("more", [0, 1, 30])
def test_blank_nodes_in_the_shapes_are_others(path: str, more: int) -> None:
    shapes = [each.triple for each in parse(SHAPES.format(path=path), RdfFormat.TURTLE)]
    group = NamedNode(f"{SHACL}group")
    shapes += [Triple(NamedNode("urn:S"), group, BlankNode()) for _ in range(more)]
    compiled = native.compile_shapes(shapes)
    nodes = [BlankNode(f"n{number}") for number in range(50)]
    data = [Triple(each, NamedNode("urn:p"), Literal(each.value)) for each in nodes]
    back = zip(nodes, nodes[::-1], strict=True)
    data += [Triple(each, NamedNode("urn:r"), other) for each, other in back]
    Random(more).shuffle(data)
    results = native.core_results(compiled, data)
    told = {(each.focus, each.value) for each in results if each.value != each.focus}
    assert told == {(each, Literal(each.value)) for each in nodes}
