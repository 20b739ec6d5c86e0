"""Any JSON at all is read as queries or refused, and nothing else happens."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgpub.service.errors import RequestError
from kgpub.service.limits import Limits
from kgpub.service.reconciliation.queries import (
    Condition,
    Query,
    Strictness,
    extension,
    query_batch,
)

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
KEYS = st.sampled_from(
    ["query", "type", "limit", "properties", "type_strict", "pid", "v", "id", "ids", "settings"]
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=12,
)


@given(st.dictionaries(st.text(max_size=3), VALUES, max_size=3) | VALUES)
def test_any_json_is_read_or_refused(value: object) -> None:
    for read in (query_batch, extension):
        try:
            read(json.dumps(value), Limits())
        except RequestError as error:
            assert error.status in (400, 413)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (query_batch, extension):
        try:
            read(text, Limits())
        except RequestError as error:
            assert error.status == 400


def test_a_query_with_everything() -> None:
    """The forms of the specification's section 4.1; `p` is what OpenRefine sends besides."""
    batch = {
        "q0": {
            "query": " Layla ",
            "type": ["Person", "Office"],
            "limit": 3,
            "type_strict": "should",
            "properties": [
                {"pid": "born", "p": "Born", "v": 1970},
                {"pid": "office", "v": [{"id": "office/x", "name": "X"}, "Y", 1.5, True]},
                {"pid": "empty", "v": []},
            ],
        },
        "q1": {"query": "x", "type": "Place"},
    }
    assert query_batch(json.dumps(batch), Limits()) == {
        "q0": Query(
            "Layla",
            ("Person", "Office"),
            3,
            (
                Condition("born", ("1970",)),
                Condition("office", ("office/x", "Y", "1.5", "true")),
            ),
            Strictness.should,
        ),
        "q1": Query("x", ("Place",), 10),
    }


@pytest.mark.parametrize(("limit", "most"), [(1_000_000, 50), (7.0, 7), (1e300, 50)])
def test_a_limit_is_bounded(limit: float, most: int) -> None:
    batch = query_batch(json.dumps({"q": {"query": "x", "limit": limit}}), Limits())
    assert batch["q"].limit == most
