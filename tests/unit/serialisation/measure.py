"""Measure the writers against rdflib's and PyLD's on the same quads.

PYTHONPATH=src python tests/unit/serialisation/measure.py [quads] [quads for PyLD]
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial

import pyoxigraph as ox
import rdflib
from pyld import jsonld as pyld
from pyoxigraph import Literal, NamedNode, Quad

from kgpub.serialisation import jsonld, nquads, ntriples, trig, turtle
from kgpub.vocabulary import EDTF, KG, OA, RDF, XSD, context, prefixes

BASE = "https://w3id.org/kgpub/data/"


def dataset(size: int) -> list[Quad]:
    """Some `size` quads of statements with passage, fact and person, 20 statements an article."""
    chance = random.Random(7)
    quads: list[Quad] = []
    number = 0
    while len(quads) < size:
        number += 1
        article = f"{BASE}article/article-{number // 20}"
        graph = f"{BASE}submission/article-{number // 20}/facts"
        statement = f"{BASE}statement/{chance.getrandbits(128):032x}"
        fact = f"{BASE}fact/{chance.getrandbits(128):032x}"
        person = f"{BASE}person/person-{number}"
        passage = f"{article}/article.txt#char={number * 40},{number * 40 + 30}"
        words = f"عندما اختير لمنصب رئيس الجهاز الوطني {number}"
        rows: list[tuple[str, str, str | Literal]] = [
            (graph, RDF + "type", KG + "Submission"),
            (graph, KG + "article", article),
            (graph, KG + "describes", person),
            (graph, KG + "records", statement),
            (person, RDF + "type", KG + "Person"),
            (person, KG + "name", Literal(f"مصطفى {number}", language="ar")),
            (person, KG + "name", Literal(f"Mustafa {number}", language="en")),
            (statement, RDF + "type", KG + "Statement"),
            (statement, KG + "words", Literal(words, language="ar")),
            (statement, KG + "saidBy", BASE + "organisation/rudaw"),
            (statement, KG + "article", article),
            (statement, KG + "passage", passage),
            (statement, KG + "asserts", fact),
            (fact, RDF + "type", KG + "Tenure"),
            (fact, KG + "person", person),
            (fact, KG + "office", BASE + "office/director"),
            (fact, KG + "start", Literal("2016", datatype=NamedNode(EDTF + "EDTF"))),
            (fact, KG + "earliest", Literal("2016-01-01", datatype=NamedNode(XSD + "date"))),
            (fact, KG + "latest", Literal("2016-12-31", datatype=NamedNode(XSD + "date"))),
            (passage, RDF + "type", KG + "Passage"),
            (passage, RDF + "type", OA + "TextPositionSelector"),
            (passage, RDF + "type", OA + "TextQuoteSelector"),
            (passage, OA + "exact", Literal(words)),
            (passage, OA + "start", _count(number * 40)),
            (passage, OA + "end", _count(number * 40 + 30)),
        ]
        quads += [
            Quad(
                NamedNode(subject),
                NamedNode(predicate),
                NamedNode(term) if isinstance(term, str) else term,
                NamedNode(graph),
            )
            for subject, predicate, term in rows
        ]
    chance.shuffle(quads)
    return quads


def _count(number: int) -> Literal:
    return Literal(str(number), datatype=NamedNode(XSD + "nonNegativeInteger"))


def _report(name: str, size: int, write: Callable[[], str | bytes | Iterable[bytes]]) -> None:
    start = time.process_time()
    written = write()
    length = len(written if isinstance(written, (str, bytes)) else b"".join(written))
    seconds = time.process_time() - start
    print(f"{name:24} {size / seconds:10,.0f} quads/s {length / 1e6:8.1f} MB", flush=True)


def main(size: int, size_for_pyld: int) -> None:
    """Print quads a second and size for each writer; building rdflib's graph is not counted."""
    quads = dataset(size)
    names, terms = prefixes(BASE), context(BASE)
    writers: dict[str, Callable[[], Iterable[bytes]]] = {
        "kgpub nquads": lambda: nquads(quads),
        "kgpub ntriples": lambda: ntriples(quads),
        "kgpub turtle": lambda: turtle(quads, names),
        "kgpub trig": lambda: trig(quads, names),
        "kgpub jsonld": lambda: jsonld(quads, terms),
    }
    for name, write in writers.items():
        _report(name, len(quads), write)

    graph = rdflib.Dataset(default_union=True)
    for label, namespace in names.items():
        graph.bind(label, namespace)
    graph.parse(data=ox.serialize(quads, format=ox.RdfFormat.N_QUADS), format="nquads")
    for syntax in ("nquads", "turtle", "longturtle", "trig"):
        _report(f"rdflib {syntax}", len(quads), partial(graph.serialize, format=syntax))
    as_json = partial(graph.serialize, format="json-ld", context=terms, auto_compact=False)
    _report("rdflib json-ld", len(quads), as_json)

    few = dataset(size_for_pyld)
    expanded = pyld.expand(json.loads(b"".join(jsonld(few, {}))))
    _report("PyLD compact", len(few), lambda: json.dumps(pyld.compact(expanded, terms), indent=2))


if __name__ == "__main__":
    arguments = [int(each) for each in sys.argv[1:]]
    main(*(arguments + [100_000, 10_000][len(arguments) :]))
