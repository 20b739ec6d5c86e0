"""The service description of the endpoint (SPARQL 1.1 Service Description)."""

from __future__ import annotations

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from kgpub.service.sparql.formats import GRAPHS, SOLUTIONS, TURTLE, Form
from kgpub.vocabulary import RDF

_SD = "http://www.w3.org/ns/sparql-service-description#"
_TERMS = "http://purl.org/dc/terms/"
_FORMATS = "http://www.w3.org/ns/formats/"
_UNIQUE = {
    "json": "SPARQL_Results_JSON",
    "xml": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
    "ttl": "Turtle",
    "nt": "N-Triples",
    "jsonld": "JSON-LD",
    "rdf": "RDF_XML",
    "trig": "TriG",
    "nq": "N-Quads",
}
"""The W3C's names of file formats, by ours."""


def described(endpoint: str, title: str, form: Form, is_updated: bool) -> bytes:
    """Return the description of the service at the IRI `endpoint`."""
    service, dataset, graph = BlankNode("service"), BlankNode("dataset"), BlankNode("graph")
    triples = [
        Triple(service, _sd("endpoint"), NamedNode(endpoint)),
        Triple(service, NamedNode(RDF + "type"), _sd("Service")),
        Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query")),
        Triple(service, _sd("feature"), _sd("UnionDefaultGraph")),
        Triple(service, _sd("defaultDataset"), dataset),
        Triple(dataset, NamedNode(RDF + "type"), _sd("Dataset")),
        Triple(dataset, _sd("defaultGraph"), graph),
        Triple(graph, NamedNode(RDF + "type"), _sd("Graph")),
        Triple(dataset, NamedNode(f"{_TERMS}title"), Literal(title)),
        *(
            Triple(service, _sd("resultFormat"), NamedNode(_FORMATS + _UNIQUE[each.name]))
            for each in (*SOLUTIONS, *GRAPHS)
        ),
    ]
    if is_updated:
        triples.append(Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Update")))
    written_by = form.written_by
    assert isinstance(written_by, RdfFormat)
    known = {"sd": _SD, "format": _FORMATS, "dcterms": _TERMS} if form is TURTLE else None
    content = serialize(triples, format=written_by, prefixes=known)
    assert content is not None  # no output was given to write to
    return content


def _sd(name: str) -> NamedNode:
    return NamedNode(_SD + name)
