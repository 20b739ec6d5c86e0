"""Shapes, data and reports as short texts, for the tests of the validation engines."""

from __future__ import annotations

import os
from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import RdfFormat, Triple

from kgpub.model.report import Report
from kgpub.validation import ENGINES, Shapes

ROOT = Path(__file__).parents[2]
SUITE = Path(os.environ.get("KGPUB_SUITES", ROOT.parent / "shared" / "suites")) / "shacl"
EX = "http://example.org/"
SH = "http://www.w3.org/ns/shacl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
SHT = "http://www.w3.org/ns/shacl-test#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
PREFIXES = f"""
@prefix ex: <{EX}> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <{SH}> .
@prefix xsd: <{XSD}> .
"""
DECLARED = f'ex:prefixes sh:declare [ sh:prefix "ex" ; sh:namespace "{EX}"^^xsd:anyURI ] .'

both = pytest.mark.parametrize("chosen", ENGINES.values(), ids=ENGINES)


def turtle(text: str) -> list[Triple]:
    return [quad.triple for quad in pyoxigraph.parse(PREFIXES + text, format=RdfFormat.TURTLE)]


def shapes(text: str) -> Shapes:
    return Shapes.parse({"shapes.ttl": PREFIXES + DECLARED + text})


def query(select: str, rest: str = "") -> str:
    """The body of a constraint of sh:sparql."""
    return f'sh:prefixes ex:prefixes ; sh:select """{select}""" {rest}'


def short(text: str) -> str:
    return text.replace(f"<{EX}", "<").replace(f"^^<{XSD}", "^^<")


def told(report: Report) -> set[str]:
    """Focus node, path, value, component and shape of each result, and messages if any."""
    lines = []
    for result in report.results:
        parts = [
            short(str(result.focus)),
            short(result.path or "-"),
            "-" if result.value is None else short(str(result.value)),
            result.component.removeprefix(SH).removesuffix("ConstraintComponent"),
            result.shape.removeprefix(EX),
            *(str(message) for message in result.messages),
        ]
        lines.append(" ".join(parts))
    assert len(set(lines)) == len(lines)
    return set(lines)
