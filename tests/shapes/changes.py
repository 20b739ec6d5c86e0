"""The shapes, and the examples of them.

`examples/valid.ttl` passes. Each block of an `examples/*.changes` file changes a little of it:

    # a remark
    ? fact:tenure kgs:Tenure-person minCount      a result to expect: focus node, shape, parameter
    @ event:birth                                 nodes on which that depends as well
    - fact:tenure kg:person person:layla .        triples to leave out
    + fact:tenure kg:person person:nobody .       triples to put in

A result of lower severity has `Warning` or `Info` at its end. `helper` stands at the end where the
shape is one that other shapes refer to, which reports nothing by itself: it is aimed at the node.
`? none` says that what comes of the changes passes too.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph
from pyoxigraph import NamedNode, RdfFormat, Triple
from rdflib import RDF, SH, Graph, URIRef

ROOT = Path(__file__).parents[2]
EXAMPLES = Path(__file__).parent / "examples"
KG = "https://w3id.org/kgpub/ontology#"
KGS = "https://w3id.org/kgpub/shapes#"
KIND = "https://w3id.org/kgpub/kind#"
WIKIDATA = "http://www.wikidata.org/entity/"
BASE = "https://example.org/"

PARAMETERS = (
    *("minCount", "maxCount", "class", "datatype", "nodeKind", "pattern", "minLength", "maxLength"),
    *("languageIn", "uniqueLang", "in", "hasValue", "node", "not", "and", "or", "xone", "equals"),
    *("disjoint", "lessThan", "lessThanOrEquals", "minInclusive", "maxInclusive", "minExclusive"),
    *("maxExclusive", "closed", "qualifiedMinCount", "qualifiedMaxCount", "sparql"),
)
"""Each that a shape has is a constraint of it."""

Key = tuple[str, str, str, str]
"""Focus node, shape, component and severity of a result."""


@cache
def shapes() -> Graph:
    graph = Graph()
    for path in sorted((ROOT / "shapes").glob("*.ttl")):
        graph.parse(path)
    return graph


@cache
def ontology() -> Graph:
    return Graph().parse(ROOT / "ontology" / "kgpub.ttl")


@cache
def schemes() -> Graph:
    return Graph().parse(ROOT / "ontology" / "schemes.ttl")


def shape_nodes() -> list[URIRef]:
    kinds = (SH.NodeShape, SH.PropertyShape)
    found = {node for kind in kinds for node in shapes().subjects(RDF.type, kind)}
    return sorted(node for node in found if isinstance(node, URIRef))


def constraints() -> list[tuple[URIRef, str]]:
    return [
        (shape, parameter)
        for shape in shape_nodes()
        for parameter in PARAMETERS
        if (shape, SH[parameter], None) in shapes()
    ]


def rules() -> list[tuple[URIRef, URIRef]]:
    """The shapes that have a SPARQL query, each with the node that holds it."""
    return sorted(shapes().subject_objects(SH.sparql))


def short(iri: str) -> str:
    return iri.removeprefix(KGS)


def component(parameter: str) -> str:
    name = "SPARQL" if parameter == "sparql" else parameter[0].upper() + parameter[1:]
    return f"{SH}{name}ConstraintComponent"


@dataclass(frozen=True)
class Example:
    """Changes to the valid dataset, and the results that they should give, with repeats."""

    place: str
    expected: tuple[Key, ...]
    helpers: frozenset[tuple[str, str]]
    removed: frozenset[Triple]
    added: frozenset[Triple]
    others: frozenset[str]

    @property
    def nodes(self) -> frozenset[str]:
        """The nodes of the dataset that the example has to do with."""
        terms = {term for triple in self.removed | self.added for term in triple}
        named = {term.value for term in terms if isinstance(term, NamedNode)}
        named |= self.others | {key[0] for key in self.expected}
        return frozenset(name for name in named if name.startswith((BASE, WIKIDATA)))


def turtle(text: str) -> list[Triple]:
    prefixes = [line for line in valid_text().splitlines() if line.startswith("@prefix")]
    header = "\n".join([f"@base <{BASE}> .", f"@prefix kgs: <{KGS}> .", *prefixes])
    document = f"{header}\n{text}"
    return [quad.triple for quad in pyoxigraph.parse(document, format=RdfFormat.TURTLE)]


@cache
def valid_text() -> str:
    return (EXAMPLES / "valid.ttl").read_text(encoding="utf-8")


@cache
def valid() -> frozenset[Triple]:
    return frozenset(turtle(valid_text()))


def read_block(place: str, block: str) -> Example:
    lines: dict[str, list[str]] = defaultdict(list)
    for line in block.splitlines():
        lines[line[0]].append(line[2:])
    assert set(lines) <= set("#?@-+"), place
    expected, helpers = [], set()
    for line in lines["?"]:
        if line == "none":
            continue
        focus, name, parameter, *rest = line.split()
        (triple,) = turtle(f"{focus} a {name} .")
        focus, shape = triple.subject.value, triple.object.value
        assert (URIRef(shape), SH[parameter], None) in shapes(), f"{place}: no such constraint"
        if rest == ["helper"]:
            helpers.add((shape, focus))
            rest = []
        severity = SH[rest[0]] if rest else SH.Violation
        expected.append((focus, shape, component(parameter), str(severity)))
    assert lines["?"], f"{place}: says nothing of what to expect"
    removed = frozenset(turtle("\n".join(lines["-"])))
    assert removed <= valid(), f"{place}: leaves out what is not there"
    added = frozenset(turtle("\n".join(lines["+"])))
    others = turtle("".join(f"{node} a kg:Person .\n" for node in " ".join(lines["@"]).split()))
    names = frozenset(str(triple.subject.value) for triple in others)
    return Example(place, tuple(expected), frozenset(helpers), removed, added, names)


@cache
def examples() -> tuple[Example, ...]:
    found = []
    for path in sorted(EXAMPLES.glob("*.changes")):
        line = 1
        for block in path.read_text(encoding="utf-8").split("\n\n"):
            found.append(read_block(f"{path.name}:{line}", block.strip("\n")))
            line += block.count("\n") + 2
    return tuple(found)
