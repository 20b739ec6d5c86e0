from __future__ import annotations

from pyoxigraph import RdfFormat, parse
from tests.unit.pages.graphs import BASE, reading

from kgpub.pages.description import description
from kgpub.vocabulary import prefixes

DATA = """
person:a a kg:Person ; kg:name "A"@en , "أ"@ar ; kg:residence place:p .
person:b a kg:Person ; kg:name "B"@en ; kg:evidence "of b alone" .
office:o a kg:Office ; kg:name "O"@en ; kg:organisation organisation:g .
organisation:g a kg:Organisation ; kg:name "G"@en .
place:p a kg:Place .
fact:t a kg:Tenure ; kg:person person:a ; kg:office office:o .
fact:u a kg:Tenure ; kg:person person:b ; kg:office office:o .
statement:s a kg:Statement ; kg:words "w"@en ; kg:asserts fact:t , fact:u ; kg:passage <x:#1> ;
    kg:article article:r .
<x:#1> a kg:Passage ; oa:exact "w" ; oa:start "1"^^xsd:nonNegativeInteger .
article:r a kg:Article ; kg:title "R"@en ; kg:text "w" .
event:e a kg:Event ; kg:kind kind:k ; kg:participation participation:1 , participation:2 .
kind:k skos:prefLabel "K"@en ; skos:definition "not told" .
participation:1 a kg:Participation ; kg:participant person:a .
participation:2 a kg:Participation ; kg:participant person:b .
"""


def told(text: str) -> set[str]:
    head = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in prefixes(BASE).items())
    triples = parse((head + text).encode(), format=RdfFormat.TURTLE)
    return {str(quad.triple) for quad in triples}


def described(iri: str) -> set[str]:
    found = description(reading(DATA, ontology=False), BASE + iri)
    assert found.is_whole
    assert len(set(found.triples)) == len(found.triples)
    return {str(triple) for triple in found.triples}


def test_a_person_is_told_with_facts_events_and_the_words_for_them() -> None:
    assert described("person/a") == told("""
person:a a kg:Person ; kg:name "A"@en , "أ"@ar ; kg:residence place:p .
fact:t a kg:Tenure ; kg:person person:a ; kg:office office:o .
statement:s a kg:Statement ; kg:words "w"@en ; kg:asserts fact:t , fact:u ; kg:passage <x:#1> ;
    kg:article article:r .
<x:#1> a kg:Passage ; oa:exact "w" ; oa:start "1"^^xsd:nonNegativeInteger .
participation:1 a kg:Participation ; kg:participant person:a .
event:e a kg:Event ; kg:kind kind:k ; kg:participation participation:1 , participation:2 .
participation:2 a kg:Participation ; kg:participant person:b .

# What is mentioned, by class and name.
office:o a kg:Office ; kg:name "O"@en .
place:p a kg:Place .
fact:u a kg:Tenure .
article:r a kg:Article ; kg:title "R"@en .
kind:k skos:prefLabel "K"@en .
person:b a kg:Person ; kg:name "B"@en .
""")


def test_a_statement_is_told_with_what_it_asserts() -> None:
    assert described("statement/s") == told("""
statement:s a kg:Statement ; kg:words "w"@en ; kg:asserts fact:t , fact:u ; kg:passage <x:#1> ;
    kg:article article:r .
<x:#1> a kg:Passage ; oa:exact "w" ; oa:start "1"^^xsd:nonNegativeInteger .
fact:t a kg:Tenure ; kg:person person:a ; kg:office office:o .
fact:u a kg:Tenure ; kg:person person:b ; kg:office office:o .
article:r a kg:Article ; kg:title "R"@en .
person:a a kg:Person ; kg:name "A"@en , "أ"@ar .
person:b a kg:Person ; kg:name "B"@en .
office:o a kg:Office ; kg:name "O"@en .
""")


def test_an_organisation_is_told_with_what_refers_to_it_by_name() -> None:
    assert described("organisation/g") == told("""
organisation:g a kg:Organisation ; kg:name "G"@en .
office:o a kg:Office ; kg:name "O"@en ; kg:organisation organisation:g .
""")


def test_of_nothing_nothing_is_told() -> None:
    assert described("person/nobody") == set()


def test_a_description_is_bounded_and_says_so() -> None:
    graph = reading(DATA, ontology=False)
    whole = description(graph, f"{BASE}person/a")
    for most in range(len(whole.triples)):
        cut = description(graph, f"{BASE}person/a", most)
        assert len(cut.triples) == most
        assert not cut.is_whole
        assert cut.triples == whole.triples[:most] or set(cut.triples) < set(whole.triples)
    exact = description(graph, f"{BASE}person/a", len(whole.triples))
    assert exact.is_whole
    assert exact.triples == whole.triples


def test_what_refers_to_itself_in_a_circle_is_told_once() -> None:
    graph = reading(
        "statement:s a kg:Statement ; kg:asserts fact:f . fact:f a kg:Tenure ; kg:reason fact:f ;"
        " kg:person statement:s .",
        ontology=False,
    )
    found = description(graph, f"{BASE}fact/f")
    assert len(found.triples) == 5
    assert found.is_whole
