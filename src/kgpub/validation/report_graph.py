"""A report as SHACL's validation report (SHACL, section 3.6), for publishing."""

from __future__ import annotations

import hashlib
from itertools import count

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from kgpub.model.report import Report, Result
from kgpub.validation.paths import Mint, parse_path, path_triples
from kgpub.vocabulary import RDF, SH, XSD

_TYPE, _PATH = NamedNode(RDF + "type"), NamedNode(SH + "resultPath")


def report_graph(report: Report, base: str, *, blank_paths: bool = False) -> list[Triple]:
    """Render `report` as a sh:ValidationReport, in the order of its results.

    Report and results have IRIs under `base`, made from hashes of what they hold: the same report
    gives the same triples. A path that is more than a predicate is described with `blank_paths` by
    blank nodes, as by SHACL, section 2.3.1, where an IRI is a predicate path; each result has its
    own. Otherwise its parts have IRIs too, for what is published without any blank node that the
    data had not: a reader must look at what is said of one to tell it from a predicate.

    sh:conforms is that of SHACL, section 3.6.1.1: false where there is any result, be it only an
    Info, of a severity that is not `allowed`. `Report.conforms`, which decides whether kgpub
    publishes, is false for violations only.
    """
    triples: list[Triple] = []
    nodes: list[NamedNode] = []
    for result in report.results:
        node, described = _result(result, base, blank_paths)
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


def _result(result: Result, base: str, blank_paths: bool) -> tuple[NamedNode, list[Triple]]:
    path, path_description = _path(
        result, lambda part: NamedNode(f"{base}path/{_digest(part.encode())}")
    )
    values = [
        ("focusNode", result.focus),
        ("resultPath", path),
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
    digest = _digest(content)
    node = NamedNode(f"{base}result/{digest}")
    if blank_paths:
        numbers = count(1)
        path, path_description = _path(result, lambda _: BlankNode(f"path{digest}b{next(numbers)}"))
    return node, [
        Triple(node, _TYPE, NamedNode(SH + "ValidationResult")),
        *(
            Triple(node, each.predicate, path if path and each.predicate == _PATH else each.object)
            for each in described
        ),
        *path_description,
    ]


def _path(result: Result, mint: Mint) -> tuple[NamedNode | BlankNode | None, list[Triple]]:
    return (None, []) if result.path is None else path_triples(parse_path(result.path), mint)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]
