"""What is described of submissions is what is served, and its examples are right."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from jsonschema import Draft202012Validator
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import positive_data_acceptance
from schemathesis.specs.openapi.definitions import OPENAPI_31
from tests.service.served import make_workspace
from tests.service.submitting_served import FACTS, Place, place

from kgpub.service.api.openapi import description
from kgpub.service.submitting.described import submitting

DESCRIPTION = description([], {}, "Test", beside=submitting())
# Of the other paths see test_api_openapi.py.
OWN = {**DESCRIPTION, "paths": submitting()}
PROMISED = schemathesis.openapi.from_dict(OWN, config=SchemathesisConfig(seed=20_030_409))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with place(make_workspace(tmp_path_factory.mktemp("described") / "w")) as found:
        yield found


def examples() -> list[tuple[str, Any]]:
    content = OWN["paths"]["/api/submissions"]["post"]["requestBody"]["content"]
    return [(name, each["example"]) for name, each in content.items() if "example" in each]


def conforms(value: Any, path: str, method: str, status: int) -> None:
    """Hold an answer to its schema."""
    response = OWN["paths"][path][method]["responses"][str(status)]
    schema = response["content"]["application/json"]["schema"]
    Draft202012Validator(schema).validate(value)


def test_the_description_is_openapi() -> None:
    assert not list(Draft202012Validator(OPENAPI_31).iter_errors(DESCRIPTION))
    operations = [
        each["operationId"]
        for path in OWN["paths"].values()
        for name, each in path.items()
        if name != "parameters"
    ]
    assert len(operations) == len(set(operations)) == 8


@pytest.mark.parametrize(("media_type", "example"), examples())
def test_examples_are_accepted(served: Place, media_type: str, example: Any) -> None:
    body = example if isinstance(example, str) else json.dumps(example, ensure_ascii=False)
    query = "?article=example&table=people" if media_type == "text/csv" else ""
    got = served.validate(body, query, content_type=media_type)
    conforms(got.json, "/api/validate", "post", 200)
    assert got.json["accepted"], got.json
    kept = served.submit(body, query, content_type=media_type)
    conforms(kept.json, "/api/submissions", "post", 201)


def test_answers_are_as_described(served: Place) -> None:
    url = served.submit(FACTS).json["url"]
    conforms(served.asked(url).json, "/api/submissions/{id}", "get", 200)
    conforms(served.asked(url, by="editor").json, "/api/submissions/{id}", "get", 200)
    conforms(served.asked("/api/submissions").json, "/api/submissions", "get", 200)
    conforms(served.asked(f"{url}/report").json, "/api/submissions/{id}/report", "get", 200)
    text = "article: example\nstatements: [{words: لسالم عمر, about: [person/salim-omar], x: 1}]\n"
    refused = json.loads(served.submit(text).body)
    problem = DESCRIPTION["components"]["schemas"]["Problem"]
    Draft202012Validator(problem).validate(refused)
    gone = served.asked(url, method="DELETE")
    conforms(gone.json, "/api/submissions/{id}", "delete", 200)


@PROMISED.parametrize()
@settings(max_examples=8, derandomize=True, suppress_health_check=list(HealthCheck))
def test_what_is_described_is_what_is_served(served: Place, case: Any) -> None:
    headers = {"Authorization": f"Bearer {served.accounts['anna']}"}
    # Most of what a schema of JSON allows is no submission that can be accepted.
    case.call_and_validate(
        base_url=served.origin, headers=headers, excluded_checks=[positive_data_acceptance]
    )
