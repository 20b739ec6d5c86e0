"""The shapes, against one example that passes and one that fails for every constraint.

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

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph
import pyshacl
import pytest
from edtf import parse_edtf
from pyoxigraph import NamedNode, RdfFormat, Triple
from rdflib import RDF, RDFS, SH, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import OWL
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.term import Node

ROOT = Path(__file__).parents[2]
EXAMPLES = Path(__file__).parent / "examples"
KG = "https://w3id.org/kgpub/ontology#"
KGS = "https://w3id.org/kgpub/shapes#"
WIKIDATA = "http://www.wikidata.org/entity/"
EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"
KIND = "https://w3id.org/kgpub/kind#"
BASE = "https://example.org/"
LANGUAGES = {"en", "ar", "ckb"}

PARAMETERS = (
    "minCount maxCount class datatype nodeKind pattern minLength maxLength languageIn uniqueLang in "
    "hasValue node not and or xone equals disjoint lessThan lessThanOrEquals minInclusive "
    "maxInclusive minExclusive maxExclusive closed qualifiedMinCount qualifiedMaxCount sparql"
).split()
SETTINGS = (
    "path property name message severity order group targetClass targetSubjectsOf targetObjectsOf "
    "ignoredProperties qualifiedValueShape"
).split()

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


def packed() -> list[list[Example]]:
    """Group the examples so that no two of a group have to do with the same node."""
    groups: list[tuple[list[Example], set[str]]] = [([], set())]
    for example in examples():
        for members, nodes in groups[1:]:
            if not nodes & example.nodes:
                break
        else:
            members, nodes = [], set()
            groups.append((members, nodes))
        members.append(example)
        nodes |= example.nodes
    return [members for members, _ in groups]


def renamed(text: str, number: int) -> str:
    """Give the dataset a base and Wikidata items of its own, apart from those of other groups."""
    text = text.replace(f"<{BASE}", f"<{BASE}{number}/")
    return re.sub(r"(<https?://www\.wikidata\.org/\w+/\w+)>", rf"\g<1>{number:03}>", text)


@dataclass(frozen=True)
class Run:
    """What pySHACL says of all groups of examples, validated as one graph."""

    data: Graph
    results: dict[int, list[Key]]
    messages: dict[Key, list[Literal]]
    group_of: dict[Example, int]


class PreparedGraph(Graph):
    """A graph that parses each query once, where pySHACL hands it over for each focus node."""

    def query(self, query_object: str, *positions: Any, **settings: Any) -> Any:
        return super().query(prepared(query_object), *positions, **settings)


@cache
def prepared(select: str) -> Query:
    return prepareQuery(select)


@pytest.fixture(scope="module")
def run() -> Run:
    lines, aimed = [], Graph()
    aimed += shapes()
    group_of = {}
    for number, members in enumerate(packed()):
        triples = set(valid())
        for example in members:
            group_of[example] = number
            triples = (triples - example.removed) | example.added
            for shape, focus in example.helpers:
                aimed.add((URIRef(shape), SH.targetNode, URIRef(focus.replace(BASE, f"{BASE}{number}/"))))
        text = "".join(f"{triple} .\n" for triple in triples)
        lines.append(renamed(text, number))
    data = PreparedGraph().parse(data="".join(lines), format="nt")
    for subclass in ontology().subject_objects(RDFS.subClassOf):
        data.add((subclass[0], RDFS.subClassOf, subclass[1]))
    data += schemes()
    _, report, _ = pyshacl.validate(data, shacl_graph=aimed, advanced=False, inference="none")
    assert isinstance(report, Graph)
    results: dict[int, list[Key]] = defaultdict(list)
    messages: dict[Key, list[Literal]] = defaultdict(list)
    for result in report.subjects(RDF.type, SH.ValidationResult):
        if (None, SH.detail, result) in report:
            continue
        parts = (SH.focusNode, SH.sourceShape, SH.sourceConstraintComponent, SH.resultSeverity)
        focus, shape, of, severity = (str(report.value(result, part)) for part in parts)
        number = int(focus.removeprefix(BASE).split("/")[0])
        key = (focus.replace(f"{BASE}{number}/", BASE), shape, of, severity)
        results[number].append(key)
        messages[(focus, shape, of, severity)] += report.objects(result, SH.resultMessage)
    return Run(data, results, messages, group_of)


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.place)
def test_the_example_gives_exactly_the_results_it_tells(example: Example, run: Run) -> None:
    results = run.results[run.group_of[example]]
    mine = Counter(key for key in results if key[0] in example.nodes)
    assert mine == Counter(example.expected)


def test_nodes_that_no_example_changes_pass(run: Run) -> None:
    for number, members in enumerate(packed()):
        changed = frozenset().union(*(example.nodes for example in members))
        assert [key for key in run.results[number] if key[0] not in changed] == []


@pytest.mark.parametrize(
    ("shape", "parameter"), constraints(), ids=lambda part: short(str(part))
)
def test_every_constraint_has_an_example_that_fails(shape: URIRef, parameter: str) -> None:
    expected = {key[1:3] for example in examples() for key in example.expected}
    assert (str(shape), component(parameter)) in expected


def test_the_valid_dataset_uses_every_property_that_is_shaped() -> None:
    used = {triple.predicate.value for triple in valid()}
    paths = {str(path) for path in shapes().objects(None, SH.path) if isinstance(path, URIRef)}
    assert paths - used == {"http://www.w3.org/2004/02/skos/core#inScheme"}


# Times


@pytest.mark.parametrize(
    "text",
    "2016 2016-09 2016-09-30 2016-21 201X 20XX 2016-XX 2016-09-XX 2016-XX-XX 2016? 2016-09~ 201X% "
    "2016/2017 2016-01/2016-03-31 2016~/2017? 2016/.. ../2016 2016/ /2016".split(),
)
def test_the_pattern_of_times_takes_what_articles_say(text: str) -> None:
    parse_edtf(text)
    for pattern in edtf_patterns():
        assert re.search(pattern, text)


@pytest.mark.parametrize(
    "text",
    ["", *"16 20160 -0044 2016-13 2016-00 2016-1 2016-09-32 2016-09-1 2016/09 2016-25 2XXX".split()]
    + "2016-XX-01 2016?~ ../.. / .. 2016/2017/2018 ٢٠١٦ 2016T10 Y2016 in-2016 2016.".split(),
)
def test_the_pattern_of_times_takes_nothing_else(text: str) -> None:
    for pattern in edtf_patterns():
        assert not re.search(pattern, text)


def edtf_patterns() -> list[str]:
    shaped = shapes().subjects(SH.datatype, URIRef(EDTF))
    patterns = [str(p) for shape in shaped for p in shapes().objects(shape, SH.pattern)]
    assert len(patterns) == 5
    return patterns


# What the shapes say of themselves


def test_the_shapes_graph_is_well_formed() -> None:
    pyshacl.validate(Graph(), shacl_graph=shapes(), meta_shacl=True)


def test_shapes_use_no_parameter_that_these_tests_do_not_know() -> None:
    known = {SH[name] for name in (*PARAMETERS, *SETTINGS)} | {RDF.type}
    used = {p for shape in shape_nodes() for p in shapes().predicates(shape)}
    assert used <= known


def test_every_shape_has_an_iri_of_its_own_namespace() -> None:
    graph = shapes()
    lists = [
        node
        for parameter in (SH["or"], SH["and"], SH.xone)
        for head in graph.objects(None, parameter)
        for node in Collection(graph, head)
    ]
    referred = [
        node
        for parameter in (SH.property, SH.node, SH["not"], SH.qualifiedValueShape, SH.sparql)
        for node in graph.objects(None, parameter)
    ]
    declared = {*shape_nodes(), *graph.subjects(RDF.type, SH.SPARQLConstraint)}
    assert all(str(node).startswith(KGS) for node in declared)
    assert {*lists, *referred} <= declared
    assert {node for node in graph.subjects(SH.path)} <= declared


def languages(node: URIRef, predicate: URIRef) -> list[str]:
    return sorted(str(text.language) for text in shapes().objects(node, predicate))


@pytest.mark.parametrize("shape", shape_nodes(), ids=short)
def test_every_shape_has_a_name_in_three_languages_and_one_severity(shape: URIRef) -> None:
    assert languages(shape, SH.name) == sorted(LANGUAGES)
    (severity,) = shapes().objects(shape, SH.severity)
    assert severity in (SH.Violation, SH.Warning, SH.Info)


@pytest.mark.parametrize(("shape", "parameter"), constraints(), ids=lambda part: short(str(part)))
def test_every_constraint_has_a_message_in_three_languages(shape: URIRef, parameter: str) -> None:
    speakers = shapes().objects(shape, SH.sparql) if parameter == "sparql" else [shape]
    for speaker in speakers:
        assert languages(speaker, SH.message) == sorted(LANGUAGES)
        assert languages(speaker, SH.name) == sorted(LANGUAGES)
        texts = {t.language: str(t) for t in shapes().objects(speaker, SH.message)}
        assert re.match(r"[A-Z“{]", texts["en"])
        for language in ("ar", "ckb"):
            assert re.search("[\u0621-\u06d5]{3}", texts[language])


def test_messages_hold_no_invisible_characters() -> None:
    for text in shapes().objects(None, SH.message):
        assert not re.search("[\u0000-\u001f\u200e\u200f\u202a-\u202e\u2066-\u2069]", str(text))


def test_a_property_has_no_two_shapes_of_one_order_on_one_class() -> None:
    for shape in shapes().subjects(SH.closed):
        orders = [
            order
            for part in shapes().objects(shape, SH.property)
            for order in shapes().objects(part, SH.order)
        ]
        assert len(orders) == len(set(orders)), short(str(shape))


# Shapes and ontology


def own_terms(namespace: str, prefix: str) -> set[str]:
    """Return all IRIs of a namespace that the shapes use, those in SPARQL included."""
    terms = {t for triple in shapes() for t in triple if isinstance(t, URIRef)}
    named = {str(term) for term in terms if term.startswith(namespace)}
    for select in shapes().objects(None, SH.select):
        named |= {namespace + name for name in re.findall(rf"\b{prefix}:([\w-]+)", str(select))}
    return {name for name in named if name != namespace}


def test_every_term_that_the_shapes_use_is_declared() -> None:
    declared = {str(term) for term in ontology().subjects(RDFS.isDefinedBy)}
    assert own_terms(KG, "kg") <= declared
    assert own_terms(KIND, "kind") <= {str(term) for term in schemes().subjects(RDF.type)}


def listed() -> dict[str, set[str]]:
    """Return, by class, the properties that its closed shapes allow."""
    allowed: dict[str, set[str]] = defaultdict(set)
    for shape in shapes().subjects(SH.closed, Literal(True)):
        for target in shapes().objects(shape, SH.targetClass):
            for part in shapes().objects(shape, SH.property):
                allowed[str(target)] |= {str(path) for path in shapes().objects(part, SH.path)}
    return allowed


def test_every_class_that_data_use_has_one_closed_shape() -> None:
    abstract = {KG + "Entity", KG + "Fact"}
    classes = {str(c) for c in ontology().subjects(RDF.type, OWL.Class) if c.startswith(KG)}
    assert set(listed()) == classes - abstract
    targets = [t for s in shapes().subjects(SH.closed) for t in shapes().objects(s, SH.targetClass)]
    assert len(targets) == len(set(targets))


def test_every_property_of_the_ontology_is_allowed_where_its_domain_says() -> None:
    allowed = listed()
    kinds = (OWL.ObjectProperty, OWL.DatatypeProperty)
    properties = {p for kind in kinds for p in ontology().subjects(RDF.type, kind)}
    for prop in sorted(p for p in properties if p.startswith(KG)):
        domain = ontology().value(prop, RDFS.domain)
        homes = {c for c, paths in allowed.items() if str(prop) in paths}
        assert homes, f"{prop} is allowed on no class"
        if domain is None:
            continue
        below = {str(c) for c in ontology().transitive_subjects(RDFS.subClassOf, domain)}
        assert homes <= below, f"{prop} is allowed outside its domain"
        if str(domain) != KG + "Fact":
            assert homes == below & set(allowed), f"{prop} is not allowed in all its domain"


# SPARQL rules: leaving $this open means the same as binding it


def rules() -> list[tuple[URIRef, URIRef]]:
    return sorted(shapes().subject_objects(SH.sparql))


@pytest.mark.parametrize(("shape", "rule"), rules(), ids=lambda part: short(str(part)))
def test_rules_keep_to_what_can_be_asked_for_all_nodes_at_once(shape: URIRef, rule: URIRef) -> None:
    (select,) = (str(text) for text in shapes().objects(rule, SH.select))
    top = re.sub(r"\{[^{}]*\}", "", select[select.index("{") + 1 : select.rindex("}")])
    assert re.search(r"^\s*(\$this \S+ [?\w]|\?\w+ \S+ \$this\b)", top, re.MULTILINE)
    words = re.sub(r"\bNOT EXISTS\b", "", select).upper()
    for keyword in "MINUS OPTIONAL VALUES GRAPH SERVICE UNION BIND GROUP HAVING COUNT EXISTS".split():
        assert not re.search(rf"\b{keyword}\b", words), keyword
    assert words.count("SELECT") == 1
    projected = set(re.findall(r"\?(\w+)", select[: select.index("WHERE")]))
    for message in shapes().objects(rule, SH.message):
        assert set(re.findall(r"\{\?(\w+)\}", str(message))) <= projected


def focus_nodes(shape: URIRef, data: Graph) -> set[Node]:
    nodes = {n for p in shapes().objects(shape, SH.targetSubjectsOf) for n in data.subjects(p)}
    for target in shapes().objects(shape, SH.targetClass):
        for below in ontology().transitive_subjects(RDFS.subClassOf, target):
            nodes |= set(data.subjects(RDF.type, below))
    return nodes


@pytest.mark.parametrize(("shape", "rule"), rules(), ids=lambda part: short(str(part)))
def test_one_query_for_all_nodes_finds_what_one_query_each_finds(
    shape: URIRef, rule: URIRef, run: Run
) -> None:
    store = pyoxigraph.Store()
    store.load(run.data.serialize(format="nt", encoding="utf-8"), format=RdfFormat.N_TRIPLES)
    (select,) = (str(text) for text in shapes().objects(rule, SH.select))
    header = f"PREFIX kg: <{KG}> PREFIX kind: <{KIND}> PREFIX oa: <http://www.w3.org/ns/oa#> "
    targets = {str(node) for node in focus_nodes(shape, run.data)}
    rows = store.query(header + select)
    found = Counter(row["this"].value for row in rows if row["this"].value in targets)
    reported = Counter(
        key[0].replace(BASE, f"{BASE}{number}/")
        for number, keys in run.results.items()
        for key in keys
        if key[1] == str(shape)
    )
    assert found == reported
    assert found, "no example fails"


def test_the_warning_of_two_holders_names_both_sources(run: Run) -> None:
    (example,) = (e for e in examples() if f"{BASE}article/fire" in e.nodes and e.added and any(
        key[1] == KGS + "TenureOverlap" for key in e.expected))
    base = f"{BASE}{run.group_of[example]}/"
    messages = [
        text
        for key, texts in run.messages.items()
        if key[0] == base + "fact/tenure" and key[1] == KGS + "TenureOverlap"
        for text in texts
    ]
    assert len(set(messages)) == len(LANGUAGES)  # pySHACL drops the tags where it fills in values
    for text in messages:
        assert base + "person/dilan" in text
        assert base + "article/water" in text
        assert base + "article/fire" in text
