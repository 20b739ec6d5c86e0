"""A report as SHACL's validation report (SHACL, section 3.6), for publishing."""

from __future__ import annotations

import hashlib

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from kgpub.model.report import Report, Result
from kgpub.validation.paths import parse_path, path_triples
from kgpub.vocabulary import RDF, SH, XSD

_TYPE = NamedNode(RDF + "type")


def report_graph(report: Report, base: str) -> list[Triple]:
    """Render `report` as a sh:ValidationReport, in the order of its results.

    Report, results and the parts of paths have IRIs under `base`, made from hashes of what they
    hold: the same report gives the same triples, and none has a blank node that the data had
    not. Where SHACL has blank nodes for a path that is more than a predicate, these are IRIs, so
    that a reader must look at what is said of them to tell such a path from a predicate.

    sh:conforms is that of SHACL, section 3.6.1.1: false where there is any result, be it only an
    Info, of a severity that is not `allowed`. `Report.conforms`, which decides whether kgpub
    publishes, is false for violations only.
    """
    triples: list[Triple] = []
    nodes: list[NamedNode] = []
    for result in report.results:
        node, described = _result(result, base)
        nodes.append(node)
        triples += described
    conforms = all(result.severity in report.allowed for result in report.results)
    boolean = Literal("true" if conforms else "false", datatype=NamedNode(XSD + "boolean"))
    # The same results make another report where they are allowed.
    content = "".join(f"{node}\n" for node in nodes) + (str(boolean) if nodes and conforms else "")
    whole = NamedNode(f"{base}report/{_digest(content.encode())}")
    head = [
        Triple(whole, _TYPE, NamedNode(SH + "ValidationReport")),
        Triple(whole, NamedNode(SH + "conforms"), boolean),
        *(Triple(whole, NamedNode(SH + "result"), node) for node in nodes),
    ]
    return list(dict.fromkeys([*head, *triples]))


def _result(result: Result, base: str) -> tuple[NamedNode, list[Triple]]:
    def mint(part: str) -> NamedNode:
        return NamedNode(f"{base}path/{_digest(part.encode())}")

    path_node: NamedNode | None = None
    path_description: list[Triple] = []
    if result.path is not None:
        path_node, path_description = path_triples(parse_path(result.path), mint)
    values = [
        ("focusNode", result.focus),
        ("resultPath", path_node),
        ("value", result.value),
        ("sourceConstraintComponent", NamedNode(result.component)),
        ("sourceShape", NamedNode(result.shape)),
        ("resultSeverity", NamedNode(result.severity)),
        *(("resultMessage", message) for message in result.messages),
    ]
    unnamed = NamedNode("urn:kgpub:result")
    described = [
        Triple(unnamed, NamedNode(SH + name), value) for name, value in values if value is not None
    ]
    content = serialize(described, format=RdfFormat.N_TRIPLES) or b""
    node = NamedNode(f"{base}result/{_digest(content)}")
    return node, [
        Triple(node, _TYPE, NamedNode(SH + "ValidationResult")),
        *(Triple(node, each.predicate, each.object) for each in described),
        *path_description,
    ]


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]
