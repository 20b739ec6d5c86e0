"""The examples of the queries that come with kgpub, asked as the description has them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from tests.service.api_served import SHIPPED, api, own_quads
from tests.service.served import fetch

NOT_IN_THIS_WORKSPACE = {
    "contradictions",
    "contradictory-links",
    "disagreeing-dates",
    "disagreeing-events",
    "disagreeing-holders",
    "holder-during-tenure",
    "lengths-of-tenure",
    "moved-between-organisations",
    "overlapping-holders",
    "predecessor-and-successor",
    "retracted-since",
    "two-offices-at-once",
    "vacancies",
}
"""What a single article gives no answer to."""


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with api(tmp_path_factory.mktemp("examples"), own_quads()) as address:
        yield address


@pytest.fixture(scope="module")
def described(origin: str) -> Any:
    return fetch(f"{origin}/api/openapi.json").json


@pytest.mark.parametrize("name", [query.name for query in SHIPPED])
def test_the_example_of_a_query_has_an_answer(origin: str, described: Any, name: str) -> None:
    path = f"/api/queries/{name}"
    operation = described["paths"][path]["get"]
    given = {each["name"]: each["example"] for each in operation["parameters"] if "example" in each}
    assert given.keys() == {
        each["name"] for each in operation["parameters"] if each.get("required")
    }
    got = fetch(f"{origin}{path}?{urlencode(given)}")
    assert got.status == 200, got.body
    found = json.loads(got.body)["results"]["bindings"]
    assert bool(found) is (name not in NOT_IN_THIS_WORKSPACE)


def test_each_query_asks_in_three_languages(origin: str) -> None:
    for each in fetch(f"{origin}/api/queries").json["queries"]:
        assert each["question"].keys() == {"en", "ar", "ckb"}
        assert each["example"].keys() == {parameter["name"] for parameter in each["parameters"]}
