from __future__ import annotations

import pytest
from tests.unit.pages.graphs import BASE, EDTF, view

from kgpub.pages.rendering import Text
from kgpub.pages.view import isolated, local_name, shortened

GRAPH = f"""
person:x a kg:Person ; kg:name "Layla"@en, "ليلى"@ar, "لەیلا"@ckb .
person:y a kg:Person ; kg:name "Ömer"@tr, "عمر"@ar .
person:z a kg:Person .
office:o a kg:Office ; kg:name "Mayor"@en .
fact:t a kg:Tenure ; kg:person person:x ; kg:office office:o ; kg:start "2006"^^<{EDTF}> .
fact:n a kg:Membership ; kg:negated true ; kg:person person:x ;
    kg:organisationKind kind:political-party .
fact:r a kg:Relationship ; kg:kind kind:good-relations ;
    kg:between person:x, person:y, person:z, office:o .
event:e a kg:Event ; kg:kind kind:return ; kg:participation participation:p .
participation:p a kg:Participation ; kg:participant person:x ; kg:role kind:subject-of-event .
fact:a a kg:Stance ; kg:target fact:b .
fact:b a kg:Stance ; kg:target fact:a .
statement:s a kg:Statement ; kg:words "{"word " * 60}"@en .
<https://example.org/data/fact/0123456789abcdef0123456789abcdef> a kg:Holding .
article:a a kg:Article ; kg:title "Title"@en .
"""


def plain(text: str) -> str:
    return text.replace("\u2068", "").replace("\u2069", "")


@pytest.mark.parametrize(
    ("path", "language", "called"),
    [
        ("person/x", "en", Text("Layla", "en")),
        ("person/x", "ckb", Text("لەیلا", "ckb")),
        ("person/y", "en", Text("عمر", "ar")),
        ("person/none", "en", Text("none")),
        ("article/a", "ar", Text("Title", "en")),
    ],
)
def test_things_are_called_by_the_name_that_readers_know_best(
    path: str, language: str, called: Text
) -> None:
    assert view(GRAPH, language).called(BASE + path) == called


@pytest.mark.parametrize(
    ("path", "called"),
    [
        ("fact/t", "Tenure: Layla, Mayor (2006)"),
        ("fact/n", "Membership (denied): Layla, political party"),
        ("fact/r", "good relations: Mayor, Layla, عمر, …"),
        ("event/e", "return: Layla"),
        ("person/z", "Person: z"),
        ("fact/0123456789abcdef0123456789abcdef", "Holding"),
    ],
)
def test_what_has_no_name_is_called_by_what_it_tells(path: str, called: str) -> None:
    assert plain(view(GRAPH).called(BASE + path).text) == called


def test_names_in_a_name_are_isolated() -> None:
    assert view(GRAPH).called(BASE + "event/e").text == "return: \u2068Layla\u2069"


def test_facts_that_refer_to_each_other_are_called_something() -> None:
    assert view(GRAPH).called(BASE + "fact/a").text.startswith("Stance: ")


def test_statements_are_called_by_their_words() -> None:
    called = view(GRAPH).called(BASE + "statement/s")
    assert called.text.startswith("word word") and called.text.endswith("word…")
    assert len(called.text) <= 120


def test_kinds_and_days_are_called_by_their_labels() -> None:
    shown = view(GRAPH, "ar")
    assert shown.called("https://w3id.org/kgpub/kind#return") == Text("عودة", "ar")
    assert shown.called("http://www.w3.org/2006/time#Thursday") == Text("الخميس", "ar")


def test_only_what_there_is_a_page_of_is_linked() -> None:
    shown = view(GRAPH)
    assert shown.reference(BASE + "person/x").href == "./x.en.html"
    assert shown.reference(BASE + "office/o").href == "../office/o.en.html"
    assert shown.reference(BASE + "person/none").href is None
    assert shown.reference(BASE + "article/none/article.txt#char=1,2").href is None
    assert shown.reference("https://w3id.org/kgpub/kind#none").href is None
    assert shown.reference("javascript:alert(1)").href is None
    outward = shown.reference("http://www.wikidata.org/entity/Q1")
    assert outward.href == "http://www.wikidata.org/entity/Q1" and outward.outward


def test_terms_are_linked_to_where_they_are_defined() -> None:
    shown = view(GRAPH)
    kind = shown.reference("https://w3id.org/kgpub/kind#return")
    assert (kind.href, kind.outward) == ("../../kind.en.html#return", False)
    term = shown.reference("https://w3id.org/kgpub/ontology#Person")
    assert term.href == "../../ontology.en.html#Person"
    assert shown.reference("http://www.w3.org/2006/time#Thursday").href is None


def test_what_steers_direction_cannot_leave_its_place() -> None:
    assert isolated("a\u202eb\u2069c") == "\u2068abc\u2069"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a  b\nc", "a b c"),
        ("one two three", "one two…"),
        ("onetwothreefour", "onetwothr…"),
        ("واحد، اثنان", "واحد…"),
    ],
)
def test_long_texts_are_cut_between_words(text: str, expected: str) -> None:
    assert shortened(text, 10) == expected


@pytest.mark.parametrize(
    ("iri", "name"),
    [
        ("https://example.org/a/b", "b"),
        ("https://example.org/a#b", "b"),
        ("https://example.org/a/", "a"),
    ],
)
def test_the_last_part_of_an_iri_stands_for_it(iri: str, name: str) -> None:
    assert local_name(iri) == name


def test_kinds_of_their_own_kind_end() -> None:
    shown = view('kg:X a kg:Y . kg:Y a kg:X . fact:f a kg:X ; kg:start "2006" .', "en")
    assert plain(shown.called("https://example.org/data/fact/f").text).endswith("(2006)")
    assert shown.kind("https://w3id.org/kgpub/ontology#X").text
