"""What the editor page reads of the server: the page itself, articles, schemas, its files."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, urljoin

import pytest
import yaml
from lxml import html
from tests.conftest import REPOSITORY
from tests.service.served import Got, fetch, running

from kgpub import Workspace
from kgpub.pipeline.workspace import STATE
from kgpub.service.accounts.accounts import Accounts
from kgpub.service.application import application
from kgpub.service.editing.routes import FOLDER, Editing
from kgpub.service.limits import DEFAULT_LIMITS
from kgpub.service.linked_data.builds import Builds
from kgpub.service.tokens.admission import Admission
from kgpub.service.tokens.keeping import KeptTokens
from kgpub.service.work import Work


def editing(workspace: Workspace, folder: Path = FOLDER) -> Editing:
    kept = KeptTokens(workspace.root / STATE)
    accounts = Accounts(Admission(kept, lambda: datetime.now(UTC), time.monotonic))
    work = Work(DEFAULT_LIMITS, time.monotonic)
    return Editing(Builds(workspace), work, accounts, folder=folder)


@pytest.fixture(scope="module")
def origin(workspace: Workspace) -> Iterator[str]:
    with running(application(editing(workspace).routes())) as served:
        yield served


def problem(got: Got, status: int) -> str:
    assert got.status == status
    assert got.headers["content-type"] == "application/problem+json"
    told = json.loads(got.body)
    assert told["status"] == status
    return str(told["detail"])


def test_an_article_is_told_with_the_text_of_its_file(origin: str, workspace: Workspace) -> None:
    content = (workspace.root / "articles/example/article.txt").read_bytes()
    told = fetch(f"{origin}/api/articles/example").json
    assert told["text"].encode() == content
    assert told["checksum"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
    assert told["slug"] == "example"
    assert told["language"] == "ar"
    metadata = yaml.safe_load((workspace.root / "articles/example/article.yaml").read_bytes())
    assert (told["publisher"], told["title"]) == (metadata["publisher"], metadata["title"])


@pytest.mark.parametrize("slug", ["other", "EXAMPLE", "a" * 5000, "%00", "é"])
def test_what_is_no_published_article_is_told_so(origin: str, slug: str) -> None:
    got = fetch(f"{origin}/api/articles/{quote(slug, safe='%')}")
    assert "article" in problem(got, 404)


def test_no_file_of_the_machine_is_an_article(origin: str) -> None:
    for path in ("..%2Fexample", "../example", "%2e%2e/%2e%2e/kgpub.toml"):
        assert fetch(f"{origin}/api/articles/{path}").status == 404


@pytest.mark.parametrize("words", ["", "بلدية", "البلديه رئيسه", "EXAMPLE", "جديدة الواحة"])
def test_articles_are_found_by_words_of_their_titles(origin: str, words: str) -> None:
    told = fetch(f"{origin}/api/articles?q={quote(words)}").json
    assert [each["slug"] for each in told["articles"]] == (
        [] if "البلديه" in words else ["example"]
    )
    assert "text" not in json.dumps(told)


def test_a_list_is_read_in_parts(origin: str) -> None:
    told = fetch(f"{origin}/api/articles?from=1&limit=1").json
    assert (told["total"], told["from"], told["articles"]) == (1, 1, [])
    assert fetch(f"{origin}/api/articles?limit=0").json["articles"] == []


@pytest.mark.parametrize("query", ["limit=x", "from=-1", "who=me", f"q={'a' * 300}", "q=1&q=2"])
def test_what_cannot_be_read_is_refused(origin: str, query: str) -> None:
    problem(fetch(f"{origin}/api/articles?{query}"), 400)


def test_what_is_known_still_is_not_sent_again(origin: str) -> None:
    for path in ("/api/articles", "/api/articles/example", "/api/schema/submission.schema.json"):
        first = fetch(origin + path)
        assert first.status == 200
        again = fetch(origin + path, if_none_match=first.headers["etag"])
        assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize("of", ["submission", "article"])
def test_the_schemas_are_those_that_are_committed(origin: str, of: str) -> None:
    got = fetch(f"{origin}/api/schema/{of}.schema.json")
    assert got.headers["content-type"] == "application/schema+json"
    assert got.body == (REPOSITORY / f"schemas/{of}.schema.json").read_bytes()


def test_a_translated_schema_differs_in_what_it_tells_alone(origin: str) -> None:
    def bare(value: object) -> object:
        if isinstance(value, dict):
            left = ("title", "description", "enumDescriptions")
            return {
                key: bare(each)
                for key, each in value.items()
                if key not in left or isinstance(each, dict)
            }
        return [bare(each) for each in value] if isinstance(value, list) else value

    english = json.loads(fetch(f"{origin}/api/schema/submission.schema.json").body)
    for language in ("ar", "ckb"):
        told = json.loads(fetch(f"{origin}/api/schema/submission.{language}.schema.json").body)
        assert bare(told) == bare(english)
        assert told["$defs"]["Tenure"]["description"] != english["$defs"]["Tenure"]["description"]
    problem(fetch(f"{origin}/api/schema/other.json"), 404)


@pytest.mark.parametrize("language", ["en", "ar", "ckb"])
def test_the_page_is_whole_without_its_script(
    workspace: Workspace, tmp_path: Path, language: str
) -> None:
    with running(application(editing(workspace, tmp_path).routes())) as bare:
        got = fetch(f"{bare}/submit?lang={language}")
        assert fetch(f"{bare}/assets/submit/submit.js").status == 404
    page = html.document_fromstring(got.body.decode())
    assert page.get("lang") == language
    [form] = page.xpath("//main//form")
    assert form.get("action") == f"./api/validate?lang={language}"
    assert page.xpath("//main//script") == []
    assert "script-src 'self'" in got.headers["content-security-policy"]
    assert got.headers["cache-control"] == "no-store"


def test_the_page_takes_no_article_that_is_none(origin: str) -> None:
    got = fetch(f"{origin}/submit?article={quote('<script>')}")
    assert b"<script>" not in got.body.replace(b"<script type", b"")
    assert fetch(f"{origin}/submit", accept_language="ckb").body.count(b'lang="ckb"') > 0


@pytest.mark.skipif(not FOLDER.exists(), reason="the editor is not built: make query-page")
def test_the_script_never_changes_under_its_address(origin: str) -> None:
    page = html.document_fromstring(fetch(f"{origin}/submit").body.decode())
    [address] = page.xpath("//script/@src")
    got = fetch(urljoin(f"{origin}/submit", address))
    assert got.status == 200
    assert "immutable" in got.headers["cache-control"]
    assert fetch(f"{origin}/assets/submit/THIRD_PARTY_LICENCES.txt").status == 200
