"""The SPARQL of loading. What is put in are IRIs and literals as `str` gives those of pyoxigraph.

A staged graph is in the same dataset as what readers ask for, and may be part of the union that is
their default graph. So each IRI of a staged triple has TERM before it: no pattern with a predicate,
a class or an entity of the release's finds it before its time.

The swap is one operation, and no more: where a store commits after each operation of a request, no
reader comes in between. It uses neither MOVE nor DROP, which not all stores have.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from string import Template

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kgpub.release.loading.plan import BECOMES, DIGEST, LEAVES, RELEASE, RUN, SENT, TRIPLES
from kgpub.release.sparql_terms import for_sparql

TERM = "urn:x-kgpub:term:"

_SWAP = Template(f"""
DELETE {{ GRAPH ?old {{ ?s ?p ?o }} }}
INSERT {{ GRAPH ?new {{ ?subject ?predicate ?object }} }}
WHERE {{
  {{
    GRAPH $plan {{ $plan {RUN} $run . ?old {LEAVES} ?how }}
    GRAPH ?old {{ ?s ?p ?o }}
  }} UNION {{
    GRAPH $plan {{ $plan {RUN} $run . ?staged {BECOMES} ?new }}
    GRAPH ?staged {{ ?a ?b ?c }}
    BIND(IRI(STRAFTER(STR(?a), "{TERM}")) AS ?subject)
    BIND(IRI(STRAFTER(STR(?b), "{TERM}")) AS ?predicate)
    BIND(IF(ISIRI(?c), IRI(STRAFTER(STR(?c), "{TERM}")), ?c) AS ?object)
  }}
  FILTER NOT EXISTS {{ GRAPH $record {{ $record {RUN} $run }} }}
}}""")
_RECORD = Template(f"""
SELECT ?run ?release WHERE {{ GRAPH $record {{
  $record {RUN} ?run ; {RELEASE} ?release
}} }}""")
_RECORDED = Template(f"""
SELECT ?graph ?digest ?triples WHERE {{
  GRAPH $record {{ ?graph {DIGEST} ?digest ; {TRIPLES} ?triples }}
  FILTER(STR(?graph) > $after)
}} ORDER BY STR(?graph) LIMIT $most""")
_RECORDED_NUMBER = Template(
    f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH $record {{ ?graph {DIGEST} ?digest }} }}"
)
_RUN = Template(f"SELECT ?run WHERE {{ GRAPH $plan {{ $plan {RUN} ?run }} }}")
_SENT = Template(f"SELECT (MAX(?sent) AS ?n) WHERE {{ GRAPH $plan {{ $plan {SENT} ?sent }} }}")
_STAGED = Template(
    f"SELECT ?graph WHERE {{ GRAPH $plan {{ ?graph {BECOMES} ?becomes }} }} LIMIT $most"
)
_LEAVING = Template(f"SELECT ?graph WHERE {{ GRAPH $plan {{ ?graph {LEAVES} $how }} }} LIMIT $most")
_FORGET = Template("DELETE WHERE { GRAPH $plan { $graph ?p ?o } }")
_CLEAR = Template("DELETE WHERE { GRAPH $graph { ?s ?p ?o } }")
_DROP = Template("DROP SILENT GRAPH $graph")
_COUNTS = Template("""
SELECT ?graph (COUNT(*) AS ?n) WHERE {
  VALUES ?graph { $graphs }
  GRAPH ?graph { ?s ?p ?o }
} GROUP BY ?graph""")
_END = " ;\n"


def disguised(triple: Triple) -> str:
    """Return a triple as it stands in a staged graph, with its full stop."""
    value = triple.object
    shown = _disguised(value) if isinstance(value, NamedNode) else _shown(value)
    assert isinstance(triple.subject, NamedNode)
    return f"{_disguised(triple.subject)} {_disguised(triple.predicate)} {shown} ."


def _disguised(node: NamedNode) -> str:
    return f"<{TERM}{str(node)[1:]}"


def _shown(value: Literal | BlankNode | Triple) -> str:
    return for_sparql(str(value).encode()).decode()


def insertion(graphs: Mapping[str, Sequence[str]]) -> str:
    """Return the update that puts statements, as `disguised` gives them, into their graphs."""
    blocks = (f"GRAPH <{name}> {{\n" + "\n".join(some) + "\n}" for name, some in graphs.items())
    return "INSERT DATA {\n" + "\n".join(blocks) + "\n}"


def sent_mark(plan: NamedNode, quads: int) -> str:
    """Return the statement, for the plan, that so many quads have been sent."""
    return f"{plan} {SENT} {quads} ."


def swap(plan: NamedNode, record: NamedNode, run: str) -> str:
    """Return the update by which all graphs of a plan come, change and go at once.

    Where the record tells that this has been done, it does nothing: one that comes late, or twice,
    would find what is to go and no longer what is to come.
    """
    return _SWAP.substitute(plan=plan, record=record, run=Literal(run))


def record(graph: NamedNode) -> str:
    """Return the query for the run and release of a record."""
    return _RECORD.substitute(record=graph)


def recorded(graph: NamedNode, after: str, most: int) -> str:
    """Return the query for the graphs of a record, by their IRIs, from the one past `after`.

    Not by OFFSET: Virtuoso sorts no more than 10,000 rows so.
    """
    return _RECORDED.substitute(record=graph, after=Literal(after), most=most)


def recorded_number(graph: NamedNode) -> str:
    """Return the query for how many graphs a record has."""
    return _RECORDED_NUMBER.substitute(record=graph)


def run(plan: NamedNode) -> str:
    """Return the query for the run of a plan."""
    return _RUN.substitute(plan=plan)


def sent(plan: NamedNode) -> str:
    """Return the query for how many quads were sent, as `?n`."""
    return _SENT.substitute(plan=plan)


def staged(plan: NamedNode, most: int) -> str:
    """Return the query for staged graphs that the plan still names."""
    return _STAGED.substitute(plan=plan, most=most)


def leaving(plan: NamedNode, how: Literal, most: int) -> str:
    """Return the query for graphs that leave, replaced or gone."""
    return _LEAVING.substitute(plan=plan, how=how, most=most)


def forget(plan: NamedNode, graphs: Iterable[NamedNode]) -> str:
    """Return the update by which a plan names the graphs no more."""
    return _END.join(_FORGET.substitute(plan=plan, graph=graph) for graph in graphs)


def drop(graphs: Iterable[NamedNode]) -> str:
    """Return the update that drops graphs, and their names with them."""
    return _END.join(_DROP.substitute(graph=graph) for graph in graphs)


def clear(graphs: Iterable[NamedNode]) -> str:
    """Return the update that empties graphs, for stores that drop none."""
    return _END.join(_CLEAR.substitute(graph=graph) for graph in graphs)


def counts(graphs: Iterable[str]) -> str:
    """Return the query for the number of triples of each graph; empty ones are left out."""
    return _COUNTS.substitute(graphs=" ".join(f"<{graph}>" for graph in graphs))
