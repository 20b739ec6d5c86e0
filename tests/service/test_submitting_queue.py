"""`/api/submissions`: what is taken is kept once, and is for those who may see it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from tests.service.served import make_workspace
from tests.service.submitting_served import FACTS, FEW, Place, place, problem

from kgpub.pipeline.workspace import STATE
from kgpub.submissions.kept import FILE, Queue
from kgpub.submissions.submission import Account, Action, State

OTHERS = FACTS.replace("سالم", "نوري")
ANNA = Account("token/unknown", "Anna")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Place]:
    with place(make_workspace(tmp_path / "w")) as found:
        yield found


def rows(served: Place) -> int:
    """How many submissions are on disk, as SQLite itself says."""
    path = served.workspace.root / STATE / FILE
    if not path.exists():
        return 0
    with closing(sqlite3.connect(path)) as connection:
        (number,) = connection.execute("SELECT count(*) FROM submission").fetchone()
        return int(number)


def test_a_submission_is_kept_once_whoever_sends_it(served: Place) -> None:
    first = served.submit(FACTS)
    assert first.status == 201
    told = first.json
    assert first.headers["location"] == told["url"] == f"/api/submissions/{told['id']}"
    assert (told["state"], told["version"], told["article"]) == ("waiting", 1, "example")
    assert told["report"]["accepted"]
    again = served.submit(FACTS)
    assert (again.status, again.json["id"]) == (200, told["id"])
    assert served.submit(FACTS, by="basim").json["id"] == told["id"]
    assert rows(served) == 1
    assert served.asked(f"{told['url']}/content").body == FACTS.encode()
    found = served.asked(told["url"])
    assert found.headers["etag"] == '"1"'
    assert [each["action"] for each in found.json["events"]] == ["received"]


def test_what_has_errors_is_refused_with_its_report_and_not_kept(served: Place) -> None:
    wrong = FACTS.replace("contributor", "contributer")
    told = problem(served.submit(wrong), 422)
    assert told["report"]["problems"][0]["code"] == "unknown-key"
    page = served.submit(wrong, accept="text/html")
    assert (page.status, page.headers.get_content_type()) == (422, "text/html")
    assert rows(served) == 0


def test_a_token_of_its_scope_is_needed(served: Place) -> None:
    problem(served.submit(FACTS, by=""), 401)
    problem(served.submit(FACTS, by="other"), 403)
    problem(served.submit(FACTS, by="editor"), 403)
    for path in ("/api/submissions", "/api/submissions/aaaaaaaaaaaaaaaa"):
        problem(served.asked(path, by=""), 401)
        problem(served.asked(path, by="other"), 403)
    assert rows(served) == 0


def test_others_do_not_learn_that_there_is_a_submission(served: Place) -> None:
    url = served.submit(FACTS).json["url"]
    missing = problem(served.asked("/api/submissions/aaaaaaaaaaaaaaaa", by="basim"), 404)
    for path in (url, f"{url}/report", f"{url}/content"):
        assert problem(served.asked(path, by="basim"), 404) == missing
    assert problem(served.sent(url, OTHERS, by="basim", method="PUT", if_match='"1"'), 404)
    assert problem(served.asked(url, by="basim", method="DELETE"), 404) == missing
    assert served.asked("/api/submissions", by="basim").json == {"submissions": []}
    problem(served.asked("/api/submissions?of=all", by="basim"), 403)


def test_who_has_sent_the_same_reads_no_revision_of_another_and_changes_nothing(
    served: Place,
) -> None:
    url = served.submit(FACTS).json["url"]
    served.submit(FACTS, by="basim")
    assert served.sent(url, OTHERS, by="anna", method="PUT", if_match='"1"').status == 200
    told = served.asked(url, by="basim").json
    assert told["state"] == "waiting"
    assert "events" not in told and "contentUrl" not in told
    for path in (f"{url}/report", f"{url}/content"):
        problem(served.asked(path, by="basim"), 404)
    problem(served.asked(url, by="basim", method="DELETE"), 404)


def test_those_who_review_read_all(served: Place) -> None:
    url = served.submit(FACTS).json["url"]
    told = served.asked(url, by="editor").json
    assert [each["by"] for each in told["events"]] == ["Anna"]
    assert served.asked(f"{url}/report", by="editor").json["accepted"]
    listed = served.asked("/api/submissions?of=all&state=waiting", by="editor").json
    assert [each["url"] for each in listed["submissions"]] == [url]
    problem(served.asked(url, by="editor", method="DELETE"), 403)


def test_a_revision_takes_the_place_of_what_was_seen(served: Place) -> None:
    url = served.submit(FACTS).json["url"]
    problem(served.sent(url, OTHERS, by="anna", method="PUT"), 428)
    revised = served.sent(url, OTHERS, by="anna", method="PUT", if_match='"1"')
    assert (revised.status, revised.json["version"], revised.json["revision"]) == (200, 2, 2)
    stale = served.sent(url, FACTS + "# \n", by="anna", method="PUT", if_match='"1"')
    problem(stale, 412)
    assert stale.headers["etag"] == '"2"'
    wrong = OTHERS.replace("article", "articel")
    problem(served.sent(url, wrong, by="anna", method="PUT", if_match='"2"'), 422)
    assert served.asked(f"{url}/content").body == OTHERS.encode()
    other = served.submit(FACTS + "# other\n").json
    taken = served.sent(
        url, FACTS + "# other\n", by="anna", method="PUT", if_match=revised.headers["etag"]
    )
    problem(taken, 409)
    assert other["url"] != url


def test_what_is_withdrawn_or_decided_stays_so(served: Place) -> None:
    one, other = (served.submit(text).json for text in (FACTS, OTHERS))
    gone = served.asked(one["url"], method="DELETE", if_match='"1"')
    assert gone.json["state"] == "withdrawn"
    problem(served.asked(one["url"], method="DELETE"), 409)
    problem(served.sent(one["url"], FACTS + "#", by="anna", method="PUT", if_match="*"), 409)
    queue: Queue = served.taking.queue
    queue.note(other["id"], 1, Action.rejected, ANNA, reason="لا يكفي")
    told = served.asked(other["url"]).json
    assert (told["state"], told["events"][-1]["reason"]) == ("rejected", "لا يكفي")
    assert "by" not in told["events"][-1]
    listed = served.asked("/api/submissions?state=rejected").json["submissions"]
    assert [each["id"] for each in listed] == [other["id"]]


@pytest.mark.parametrize(
    "path",
    ["..%2f..%2fkgpub.toml", "%2e%2e", "AAAAAAAAAAAAAAAA", "a" * 17, "x'--", "%00", "aaaa/report"],
)
def test_what_is_no_identifier_is_nothing(served: Place, path: str) -> None:
    assert served.asked(f"/api/submissions/{path}").status == 404


@pytest.mark.parametrize(
    "query", ["state=none", "limit=0", "limit=1e3", "of=x", "x=1", "limit=%FF", "after=x"]
)
def test_a_list_that_cannot_be_asked_for_is_told(served: Place, query: str) -> None:
    got = served.asked(f"/api/submissions?{query}")
    assert problem(got, got.status)["status"] in (400, 422)


def test_a_new_build_is_what_is_compared_with_next(served: Place) -> None:
    text = (
        "article: example\npeople: {nuri-ali: {name: {ar: نوري علي, en: Nuri Ali}}}\n"
        "statements:\n  - words: سنبدأ بإصلاح شبكة المياه\n    said-by: person/nuri-ali\n"
        "    asserts: [{type: Tenure, person: nuri-ali, office: mayor-of-al-waha, start: 1999}]\n"
    )
    assert served.validate(text).json["outcomes"]["known"] == 0
    folder = served.workspace.root / "articles/example"
    (folder / "more.yaml").write_text(text, encoding="utf-8")
    served.workspace.build()
    assert served.validate(text).json["outcomes"]["known"] == 1


def test_more_than_may_wait_are_refused_and_not_lost(tmp_path: Path) -> None:
    with place(make_workspace(tmp_path / "w"), replace(FEW, queued=1)) as served:
        assert served.submit(FACTS).status == 201
        got = served.submit(OTHERS)
        problem(got, 503)
        assert got.headers["retry-after"]
        assert served.submit(FACTS).status == 200
        assert rows(served) == 1


def test_a_full_disk_is_507_and_breaks_nothing(served: Place) -> None:
    first = served.submit(FACTS).json
    path = served.workspace.root / STATE / FILE
    with closing(sqlite3.connect(path)) as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
    full = _Full(served.taking.queue, pages)
    with full:
        told = problem(served.submit(OTHERS + "# " + "x" * 200_000), 507)
        assert str(path) not in json.dumps(told)
    assert served.asked(first["url"]).json["state"] == "waiting"
    assert served.submit(OTHERS).status == 201
    assert [each.state for each in served.taking.queue.listed()] == [State.waiting] * 2


class _Full:
    """A queue whose file SQLite lets grow to so many pages only, as where a disk is full."""

    def __init__(self, queue: Queue, pages: int) -> None:
        self._database, self._pages = queue._database, pages
        self._opened = self._database._opened

    def __enter__(self) -> None:
        def opened() -> sqlite3.Connection:
            connection = self._opened()
            connection.execute(f"PRAGMA max_page_count = {self._pages}")
            return connection

        self._database._opened = opened  # type: ignore[method-assign]

    def __exit__(self, *_: object) -> None:
        self._database._opened = self._opened  # type: ignore[method-assign]
