"""What is described of articles and schemas is what is served."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from jsonschema import Draft202012Validator
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.definitions import OPENAPI_31
from tests.service.served import fetch, running
from tests.service.test_editing import editing as editor

from kgpub import Workspace
from kgpub.service.api.openapi import description
from kgpub.service.application import application
from kgpub.service.editing.described import editing

DESCRIPTION = description([], {}, "Test", beside=editing())
OWN = {**DESCRIPTION, "paths": editing()}
PROMISED = schemathesis.openapi.from_dict(OWN, config=SchemathesisConfig(seed=20_030_409))


@pytest.fixture(scope="module")
def origin(workspace: Workspace) -> Iterator[str]:
    with running(application(editor(workspace).routes())) as served:
        yield served


def test_the_description_is_openapi() -> None:
    assert not list(Draft202012Validator(OPENAPI_31).iter_errors(DESCRIPTION))


@pytest.mark.parametrize("path", sorted(editing()))
def test_examples_are_answered_as_described(origin: str, path: str) -> None:
    operation = OWN["paths"][path]["get"]
    filled = path
    for each in operation["parameters"]:
        if each["in"] == "path":
            filled = filled.replace(f"{{{each['name']}}}", each["example"])
    got = fetch(origin + filled)
    assert got.status == 200
    [(media_type, content)] = operation["responses"]["200"]["content"].items()
    assert got.headers["content-type"] == media_type
    if media_type == "application/json":
        Draft202012Validator(content["schema"]).validate(got.json)


@PROMISED.parametrize()
@settings(max_examples=8, derandomize=True, suppress_health_check=list(HealthCheck))
def test_what_is_described_is_what_is_served(origin: str, case: Any) -> None:
    case.call_and_validate(base_url=origin)
