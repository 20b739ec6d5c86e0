"""What texts mean as values of parameters, by hand and by other libraries."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Store

from kgpub.errors import CallError
from kgpub.store.parameters import LEAST, MOST, TYPES, Parameter, web_iri_pattern
from kgpub.vocabulary import XSD, prefixes

BASE = "https://example.org/data/"
PREFIXES = prefixes(BASE)
EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"


def value(type_: str, text: str, name: str = "person") -> NamedNode | Literal:
    return Parameter(name, type_, "what it is").value(text, PREFIXES)


@pytest.mark.parametrize(
    ("type_", "text", "expected"),
    [
        ("iri", "layla-hasan", NamedNode(f"{BASE}person/layla-hasan")),
        ("iri", "office:mayor", NamedNode(f"{BASE}office/mayor")),
        ("iri", "office/mayor", NamedNode(f"{BASE}office/mayor")),
        ("iri", "kg:start", NamedNode("https://w3id.org/kgpub/ontology#start")),
        ("iri", "http://example.org/ا?b#c", NamedNode("http://example.org/ا?b#c")),
        ("iri", "urn://x", NamedNode("urn://x")),
        ("text", "", Literal("")),
        ("text", 'a"b\0\n', Literal('a"b\0\n')),
        ("tagged", "سالم@ar", Literal("سالم", language="ar")),
        ("tagged", "me@home@en-GB", Literal("me@home", language="en-gb")),
        ("tagged", "x@ku-Latn-TR", Literal("x", language="ku-latn-tr")),
        ("date", "2020-02-29", Literal("2020-02-29", datatype=NamedNode(XSD + "date"))),
        ("edtf", "2003/..", Literal("2003/..", datatype=NamedNode(EDTF))),
        ("integer", "-007", Literal("-007", datatype=NamedNode(XSD + "integer"))),
        ("boolean", "false", Literal("false", datatype=NamedNode(XSD + "boolean"))),
    ],
)
def test_values(type_: str, text: str, expected: NamedNode | Literal) -> None:
    assert value(type_, text) == expected


@pytest.mark.parametrize(
    ("type_", "text", "words"),
    [
        ("iri", "two words", "is no IRI"),
        ("iri", "", "is no IRI"),
        ("iri", "ofice:mayor", "there is no prefix 'ofice'"),
        ("iri", "http://x/>", "is no IRI"),
        ("tagged", "سالم", "has no language"),
        ("tagged", "a@b c", "has no language"),
        ("date", "2019-02-29", "is no date"),
        ("date", "٢٠١٩-٠٢-٢٨", "is no date"),
        ("date", "2019-02-28\n", "is no date"),
        ("edtf", "long ago", "person: "),
        ("integer", "1.0", "is no integer"),
        ("integer", "٣", "is no integer"),
        ("integer", "", "is no integer"),
        ("integer", "9" * 5_000, "is no integer"),
        ("boolean", "1", "is no boolean"),
    ],
)
def test_what_is_no_value_is_told_with_a_remedy(type_: str, text: str, words: str) -> None:
    with pytest.raises(CallError) as caught:
        value(type_, text)
    assert words in caught.value.message
    assert caught.value.remedy
    assert len(str(caught.value)) < 1_000


def test_a_slug_alone_needs_a_parameter_that_is_called_as_a_prefix() -> None:
    assert value("iri", "x", "event") == NamedNode(f"{BASE}event/x")
    with pytest.raises(CallError, match="is no IRI"):
        value("iri", "x", "speaker")


@pytest.mark.parametrize("number", [LEAST, MOST])
def test_the_bounds_of_integers_are_those_of_the_engine(number: int) -> None:
    [solution] = Store().query(f"SELECT ((1 * {value('integer', str(number))}) AS ?n) {{}}")
    assert solution["n"].value == str(number)
    beyond = str(number + (1 if number > 0 else -1))
    with pytest.raises(CallError):
        value("integer", beyond)
    [solution] = Store().query(f'SELECT ((1 * "{beyond}"^^<{XSD}integer>) AS ?n) {{}}')
    assert solution["n"] is None


@given(st.dates())
def test_every_day_is_a_date(day: date) -> None:
    assert value("date", day.isoformat()).value == day.isoformat()


@given(st.sampled_from(TYPES), st.text(max_size=40))
def test_any_text_is_a_term_or_refused(type_: str, text: str) -> None:
    try:
        term = value(type_, text)
    except CallError:
        return
    [solution] = (
        Store().query(f"SELECT ({term} AS ?term) {{}}")
        if type_ != "iri"
        else Store().query(f"SELECT ?term {{ VALUES ?term {{ {term} }} }}")
    )
    assert solution["term"] == term


@pytest.mark.parametrize(
    ("name", "text", "matches"),
    [
        ("person", "layla-hasan", True),
        ("speaker", "layla-hasan", False),
        ("person", "person:layla/حسن%20😀", True),
        ("person", "https://example.org:80/a?b=/?#c?", True),
        ("person", "https://example.org/a#b#c", False),
        ("person", "https://موقع.وزارة-الاتصالات.مصر/ا", True),
        ("person", "https://example.org", True),
        ("person", "https:///a", False),
        ("person", "ftp://example.org/", False),
        ("person", "javascript:alert(1)", False),
        ("person", "urn:isbn:1", False),
        ("person", "http://user@example.org/", False),
        ("person", "person:%zz", False),
        ("person", "person:a b", False),
        ("person", "person:a\n", False),
        ("person", "person:a>", False),
        ("person", "Person:a", False),
    ],
)
def test_iris_that_the_web_may_ask_for(name: str, text: str, matches: bool) -> None:
    assert bool(re.fullmatch(web_iri_pattern(name, PREFIXES), text)) is matches
