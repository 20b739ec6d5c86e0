"""The W3C's SHACL test suites, through the interface that kgpub has: whole result sets."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Triple
from tests.contract.shacl_graphs import MF, RDF_TYPE, SH, SHT, SUITE, both

from kgpub.errors import WorkspaceError
from kgpub.model.report import Node, Result
from kgpub.validation import Engine, Shapes
from kgpub.validation.index import TripleIndex, text_of
from kgpub.validation.paths import read_path

PYSHACL_FAILS = {
    "sparql/pre-binding/shapesGraph-001.ttl": "does not support \\$shapesGraph|not currently"
}
"""Tests that pySHACL says it cannot do, with the words."""


def suite_tests() -> list[Path]:
    paths = sorted(path for part in ("core", "sparql") for path in (SUITE / part).rglob("*.ttl"))
    return [path for path in paths if "sht:Validate" in path.read_text(encoding="utf-8")]


def name_of(path: Path) -> str:
    return path.relative_to(SUITE).as_posix()


@pytest.mark.skipif(not SUITE.is_dir(), reason=f"no W3C SHACL test suite at {SUITE}")
def test_no_test_is_left_out() -> None:
    parts = [name_of(path).partition("/")[0] for path in suite_tests()]
    # One of those of SPARQL, nodeValidator-001, is in none of the suite's manifests.
    assert (parts.count("core"), parts.count("sparql")) == (98, 23)


@both
@pytest.mark.parametrize(
    "path",
    suite_tests()
    or [pytest.param(SUITE, marks=pytest.mark.skip(reason=f"no W3C SHACL test suite at {SUITE}"))],
    ids=name_of,
)
def test_w3c_suite(path: Path, chosen: Engine) -> None:
    manifest = TripleIndex(triples_of(path))
    test = manifest.subjects(RDF_TYPE, NamedNode(SHT + "Validate"))[0]
    action = manifest.objects(test, MF + "action")[0]
    data_file, shapes_file = (
        Path(text_of(manifest.objects(action, SHT + name)[0]).removeprefix("file://"))
        for name in ("dataGraph", "shapesGraph")
    )
    texts = {shapes_file.name: shapes_file.read_text(encoding="utf-8")}
    bases = {shapes_file.name: shapes_file.as_uri()}
    if manifest.objects(test, MF + "result") == [NamedNode(SHT + "Failure")]:
        with pytest.raises(WorkspaceError, match="its query is refused"):
            Shapes.parse(texts, bases=bases)
        return
    parsed = Shapes.parse(texts, bases=bases)
    data = parsed.triples if data_file == shapes_file else triples_of(data_file)
    if chosen.name == "pyshacl" and name_of(path) in PYSHACL_FAILS:
        with pytest.raises(WorkspaceError, match=PYSHACL_FAILS[name_of(path)]):
            chosen.validate(data, parsed)
        return
    index = parsed.index if path == shapes_file else manifest
    report = index.objects(test, MF + "result")[0]
    expected = index.objects(report, SH + "result")
    found = chosen.validate(data, parsed).results
    # A Report holds no repeats; SHACL repeats a result that several shapes or values lead to.
    assert {told(each) for each in found} == {expected_result(index, node) for node in expected}
    conforms = Literal("false" if found else "true", datatype=XSD_BOOLEAN)
    assert index.objects(report, SH + "conforms") == [conforms]
    for node in expected:
        messages = index.objects(node, SH + "resultMessage")
        alike = [each for each in found if told(each) == expected_result(index, node)]
        assert not messages or any(set(each.messages) == set(messages) for each in alike)


XSD_BOOLEAN = NamedNode("http://www.w3.org/2001/XMLSchema#boolean")


def triples_of(path: Path) -> list[Triple]:
    return [quad.triple for quad in pyoxigraph.parse(path=path, base_iri=path.as_uri())]


def told(result: Result) -> tuple[str, ...]:
    parts = (result.focus, result.path, result.value, result.severity, result.component)
    return unnamed(*parts, result.shape)


def expected_result(index: TripleIndex, node: Node) -> tuple[str, ...]:
    def value(name: str) -> Node | None:
        return next(iter(index.objects(node, SH + name)), None)

    path = value("resultPath")
    named = (value(each) for each in ("resultSeverity", "sourceConstraintComponent", "sourceShape"))
    return unnamed(
        value("focusNode"),
        None if path is None else str(read_path(index, path)),
        value("value"),
        *("" if each is None else text_of(each) for each in named),
    )


def unnamed(*parts: Node | str | None) -> tuple[str, ...]:
    """The parts as texts, alike for all blank nodes and for shapes that are some in the file."""
    return tuple(
        "_" if isinstance(part, BlankNode) or "/genid/" in str(part) else str(part)
        for part in parts
    )
