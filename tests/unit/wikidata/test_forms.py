"""Whatever an answer is, it is read, or refused as an answer of another form."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kgpub.wikidata import forms
from kgpub.wikidata.errors import Busy, WikidataError
from kgpub.wikidata.items import record
from kgpub.wikidata.question import is_item

ENTITY = {
    "type": "item",
    "id": "Q1",
    "labels": {"en": {"language": "en", "value": "Salim"}},
    "descriptions": [],
    "aliases": {"en": [{"language": "en", "value": "Salem"}]},
    "sitelinks": {"enwiki": {"site": "enwiki", "title": "Salim", "badges": []}},
}
ROW = {
    "item": {"type": "uri", "value": "http://www.wikidata.org/entity/Q1"},
    "office": {"type": "uri", "value": "http://www.wikidata.org/entity/Q2"},
    "class": {"type": "uri", "value": "http://www.wikidata.org/entity/Q5"},
    "about": {"type": "literal", "value": "born"},
    "value": {"type": "literal", "value": "1961-01-01T00:00:00Z"},
    "precision": {"type": "literal", "value": "9"},
    "unknown": {"type": "bnode", "value": "b0"},
}
ANSWER = {
    "entities": {"Q1": ENTITY},
    "results": {"bindings": [ROW]},
    "search": [{"id": "Q1"}],
    "query": {"search": [{"title": "Q1"}]},
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


def places(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every container inside with each of its keys."""
    pairs = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for key, value in list(pairs):
        yield tree, key
        if isinstance(value, dict | list):
            yield from places(value)


@st.composite
def changed(draw: st.DrawFn) -> Any:
    """A documented answer of which one part is something else, or missing."""
    tree = json.loads(json.dumps(ANSWER))
    container, key = draw(st.sampled_from(list(places(tree))))
    if draw(st.booleans()):
        container[key] = draw(JSON)
    else:
        del container[key]
    return tree


def test_the_documented_answer_is_read() -> None:
    assert forms.search_results(ANSWER) == forms.page_titles(ANSWER) == ["Q1"]
    assert forms.entities(ANSWER, ["Q1"])["Q1"] == {
        "id": "Q1",
        "labels": {"en": "Salim"},
        "aliases": {"en": ["Salem"]},
        "descriptions": {},
        "sitelinks": 1,
    }
    (row,) = forms.bindings(ANSWER)
    assert (row["item"], row["office"], row["about"]) == ("Q1", "Q2", "born")
    assert "unknown" not in row


@given(JSON | changed())
def test_any_answer_is_read_or_refused(tree: Any) -> None:
    with suppress(WikidataError, Busy, forms.NoSuchEntity):
        forms.checked(tree)
    for read in (forms.search_results, forms.page_titles):
        with suppress(WikidataError):
            assert all(is_item(qid) for qid in read(tree))
    with suppress(WikidataError):
        terms = forms.entities(tree, ["Q1"])["Q1"]
        rows = forms.bindings(tree)
        made = record("Q1", terms, rows, rows, rows)
        assert made.item is None or is_item(made.item.qid)


@given(st.binary(max_size=40) | JSON.map(lambda tree: json.dumps(tree).encode()))
def test_any_content_is_json_that_can_be_written_or_refused(content: bytes) -> None:
    with suppress(WikidataError):
        json.dumps(forms.parsed(content), ensure_ascii=False, allow_nan=False).encode()


@given(st.dictionaries(st.sampled_from(["code", "info", "lag", "id"]), JSON) | JSON)
def test_any_error_of_the_api_is_one_of_ours(error: Any) -> None:
    with suppress(WikidataError, Busy, forms.NoSuchEntity):
        forms.checked({"error": error})
        raise AssertionError("an error was taken for an answer")
