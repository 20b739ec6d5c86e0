"""The description of the interface, and the interface held to it by Schemathesis."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from jsonschema import Draft202012Validator
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.definitions import OPENAPI_31
from tests.service.api_served import PREFIXES, SHIPPED, api, own_quads
from tests.service.search_served import searching
from tests.service.served import fetch
from tests.service.served import running as served

from kgpub import Workspace
from kgpub.service.api import beside
from kgpub.service.api.openapi import description
from kgpub.service.api.saved import saved
from kgpub.service.application import application
from kgpub.service.operations.figures import PoolFigures
from kgpub.service.operations.health import health_routes

SEED = 20_030_409
OTHERS = {**beside.sparql(), **beside.search(), **beside.health(), **beside.metrics()}
WHOLE = description(saved(SHIPPED).values(), PREFIXES, "Test", beside=OTHERS)
DESCRIPTION = description(saved(SHIPPED).values(), PREFIXES, "Test")
PROMISED = schemathesis.openapi.from_dict(DESCRIPTION, config=SchemathesisConfig(seed=SEED))


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with api(tmp_path_factory.mktemp("openapi"), own_quads()) as address:
        yield address


def operations() -> Iterator[tuple[str, str, Any]]:
    for path, methods in WHOLE["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def schemas_in(value: Any) -> Iterator[Any]:
    """Yield all schemas in a description."""
    if isinstance(value, dict):
        if "schema" in value:
            yield value["schema"]
        for each in value.values():
            yield from schemas_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from schemas_in(each)


def test_the_description_is_openapi_by_the_schema_of_its_authors() -> None:
    errors = list(Draft202012Validator(OPENAPI_31).iter_errors(WHOLE))
    assert not errors
    assert list(Draft202012Validator(OPENAPI_31).iter_errors({**WHOLE, "paths": []}))


def test_every_schema_is_a_json_schema_and_every_reference_leads_somewhere() -> None:
    found = [*schemas_in(WHOLE), *WHOLE["components"]["schemas"].values()]
    assert len(found) > 200
    for each in found:
        Draft202012Validator.check_schema(each)
    references = set(json.dumps(WHOLE).split('"$ref": "')[1:])
    assert references
    for reference in references:
        target: Any = WHOLE
        for step in reference.partition('"')[0].removeprefix("#/").split("/"):
            target = target[step]


def test_operations_have_names_of_their_own() -> None:
    names = [operation["operationId"] for _, _, operation in operations()]
    assert len(set(names)) == len(names) > 50


def test_the_description_is_served(origin: str) -> None:
    got = fetch(f"{origin}/api/openapi.json", Accept_Encoding="identity")
    assert got.json == DESCRIPTION
    again = fetch(f"{origin}/api/openapi.json", If_None_Match=got.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    packed = fetch(f"{origin}/api/openapi.json", Accept_Encoding="gzip")
    assert packed.headers["content-encoding"] == "gzip"
    assert len(packed.body) < len(got.body) / 5


def test_the_example_of_the_endpoint_has_an_answer(origin: str) -> None:
    operation = WHOLE["paths"]["/sparql"]["get"]
    given = {each["name"]: each["example"] for each in operation["parameters"] if "example" in each}
    answers = {
        media_type: fetch(f"{origin}/sparql?{urlencode(given)}", Accept=media_type)
        for media_type in operation["responses"]["200"]["content"]
    }
    tables = {media_type: got for media_type, got in answers.items() if got.status == 200}
    assert len(tables) == 4
    for media_type, got in tables.items():
        assert got.headers.get_content_type() == media_type
        assert b"Barzani" in got.body
    # Graphs are forms of answers to other queries.
    assert {got.status for got in answers.values()} == {200, 406}


@PROMISED.parametrize()
@settings(max_examples=6, derandomize=True, suppress_health_check=list(HealthCheck))
def test_what_is_described_is_what_is_served(origin: str, case: Any) -> None:
    case.call_and_validate(base_url=origin)


@pytest.fixture(scope="module")
def others(workspace: Workspace) -> Iterator[str]:
    figures = iter([PoolFigures("build", 2, 0.0)])
    routes = health_routes(lambda: next(figures, PoolFigures("", 0)))
    with searching(workspace) as search, served(application(routes)) as health:
        until = time.monotonic() + 30
        while fetch(f"{search}/api/search?q=x").status == 503:
            assert time.monotonic() < until
            time.sleep(0.1)
        yield f"{search} {health}"


def test_what_is_described_of_search_and_health_is_so(others: str) -> None:
    search, health = others.split()

    def check(origin: str, path: str, query: str, status: int) -> Any:
        got = fetch(f"{origin}{path}{query}")
        assert got.status == status
        described = WHOLE["paths"][path]["get"]["responses"][str(status)]
        schema = described["content"][got.headers.get_content_type()]["schema"]
        Draft202012Validator(schema).validate(got.json)
        return got.json

    described = WHOLE["paths"]["/api/search"]["get"]["parameters"]
    names = {each["name"] for each in described}
    assert names == {"q", "lang", "in", "from", "limit"}
    for section in ("entities", "statements", "articles"):
        query = f"?q=Layla&lang=ckb&in={section}&from=0&limit=1"
        assert check(search, "/api/search", query, 200)[section]["total"] >= 0
    for query in ("", "?q=x&lang=fr", "?q=x&in=nothing", "?q=x&from=-1&in=entities"):
        check(search, "/api/search", query, 400)
    assert check(health, "/health", "", 200)["status"] == "ready"
    assert check(health, "/health", "", 503)["status"] == "unready"
    check(health, "/health/live", "", 200)
