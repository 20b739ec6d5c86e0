from __future__ import annotations

from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from tests.unit.pages.graphs import BASE, answers, view

from kgpub.pages import asking
from kgpub.vocabulary import KG, KIND
from kgpub.vocabulary import terms as kg

X = BASE + "person/x"
E = BASE + "event/e"
GRAPH = """
fact:t a kg:Tenure ; kg:person person:x ; kg:earliest "2006-01-01"^^xsd:date .
fact:m a kg:Membership ; kg:person person:x .
statement:s a kg:Statement ; kg:words "words"@en ; kg:about person:x ; kg:asserts fact:t .
office:o a kg:Office ; kg:organisation person:x .
person:x kg:about topic:a, topic:b .
event:e kg:participation participation:p, participation:q .
participation:p kg:participant person:x ; kg:role kind:winner .
participation:q kg:participant person:y .
"""


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (asking.facts([kg.Tenure], asking.any_of([kg.person, kg.about]), X), {"fact/t"}),
        (asking.statements("kg:about", X), {"statement/s"}),
        (asking.subjects(kg.person, X), {"fact/t", "fact/m"}),
        (asking.subjects(kg.organisation, X, kg.Office), {"office/o"}),
        (asking.values(X, asking.term(kg.about)), {"topic/a", "topic/b"}),
        (asking.referring(X), {kg.Tenure, kg.Membership, kg.Statement, kg.Office}),
        (asking.participants(E, KIND + "winner"), {"person/x"}),
        (asking.participants(E, kg.participant), {"person/x", "person/y"}),
    ],
)
def test_queries_find_what_they_are_for(query: str, expected: set[str]) -> None:
    assert answers(view(GRAPH), query) == {urljoin(BASE, each) for each in expected}


def test_the_link_leads_to_the_query_page_with_the_query_as_it_is() -> None:
    query = asking.subjects(kg.person, BASE + "person/ليلى&lang=x#%25")
    link = urlsplit(asking.link(view(GRAPH, "ar", X).frame, query))
    assert link.path == "../../query" and not link.fragment
    assert parse_qs(link.query) == {"lang": ["ar"], "query": [query]}


def test_only_plain_names_are_shortened() -> None:
    assert asking.term(kg.person) == "kg:person"
    assert asking.term(KG + "x.y") == f"<{KG}x.y>"
    assert asking.term(KG) == f"<{KG}>"


def test_what_is_no_iri_is_no_part_of_a_query() -> None:
    with pytest.raises(ValueError):
        asking.term("https://example.org/> ; ?p ?o } #")
