"""The SPARQL is SPARQL, and items in it are nothing but items."""

from __future__ import annotations

import pytest
from rdflib.plugins.sparql.parser import parseQuery

from kgpub.linking.classes import CLASSES
from kgpub.wikidata.queries import QUERIES, bound
from kgpub.wikidata.question import Kind


@pytest.mark.parametrize("kind", list(QUERIES))
def test_another_parser_reads_each_query(kind: Kind) -> None:
    query = bound(QUERIES[kind], ["Q9000001", "Q9000002"], CLASSES)
    parseQuery(query)
    assert query.count("<http://www.wikidata.org/entity/Q9000002>") == 1


@pytest.mark.parametrize(
    "qid", ["Q1> } # ", "Q1 Q2", "wd:Q1", "", "Q01", "Q1\n", "http://www.wikidata.org/entity/Q1"]
)
def test_nothing_but_an_item_can_be_put_in(qid: str) -> None:
    with pytest.raises(ValueError, match="is no item"):
        bound(QUERIES[Kind.types], [qid], CLASSES)
