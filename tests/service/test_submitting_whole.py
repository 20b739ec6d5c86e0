"""Submissions as the command serves them: by several processes, and nothing secret in the log."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.service.served import fetch, make_workspace
from tests.service.submitting_served import FACTS, YAML, token
from tests.service.whole_served import Served, eventually, whole

from kgpub.service.tokens.token import Scope


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_workspace(tmp_path_factory.mktemp("whole") / "w").root


@pytest.fixture(scope="module")
def served(root: Path) -> Iterator[Served]:
    with whole(root, processes="2", submissions="true", submission_limits_seconds="60") as found:
        yield found
        assert "Traceback" not in found.told.read_text(encoding="utf-8")


def test_what_two_processes_receive_at_once_is_one_submission(served: Served, root: Path) -> None:
    from kgpub import Workspace

    secret = token(Workspace(root), "Anna", Scope.submit)
    headers = {"authorization": f"Bearer {secret}", "content_type": YAML}
    at = f"{served.origin}/api/submissions"
    eventually(lambda: fetch(at, FACTS.encode(), **headers).status in (200, 201), 60)
    with ThreadPoolExecutor(8) as threads:
        got = list(threads.map(lambda _: fetch(at, FACTS.encode(), **headers), range(8)))
    assert {each.status for each in got} == {200}
    assert len({json.loads(each.body)["id"] for each in got}) == 1
    wrong = f"{secret[:-1]}x"
    fetch(f"{at}?token={secret}", FACTS.encode(), **headers)
    fetch(at, FACTS.encode(), content_type=YAML, authorization=f"Bearer {wrong}")
    fetch(f"{served.origin}/api/validate?name={secret}", FACTS.encode(), content_type=YAML)
    eventually(lambda: any("/api/validate" in each["path"] for each in served.log))
    told = served.told.read_text(encoding="utf-8")
    for text in (secret, wrong, secret.rpartition("_")[2]):
        assert text not in told


def test_the_description_has_what_is_served(served: Served) -> None:
    paths = fetch(f"{served.origin}/api/openapi.json").json["paths"]
    assert {"/api/validate", "/api/submissions", "/api/submissions/{id}"} <= set(paths)


def test_nothing_is_taken_unless_it_is_asked_for(root: Path) -> None:
    with whole(root) as found:
        for path in ("/api/validate", "/api/submissions"):
            got = fetch(f"{found.origin}{path}", FACTS.encode(), content_type=YAML)
            assert got.status in (404, 405)
        assert "/api/validate" not in fetch(f"{found.origin}/api/openapi.json").json["paths"]
