"""Submissions are reviewed over HTTP: each thing that can come between has its own outcome."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.service.review_served import (
    CONTRADICTING,
    NEW,
    Desk,
    desk,
    eventually,
    new_workspace,
    token,
)
from tests.service.served import BASE, Got, fetch

SCRIPT = "<script>window.hurt=1</script>"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    new_workspace(tmp_path)
    return tmp_path


@pytest.fixture
def served(root: Path) -> Iterator[Desk]:
    with desk(root) as found:
        yield found


class _Text(HTMLParser):
    """The text of a page, and the fields of its forms."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.text = ""
        self.fields: dict[str, str] = {}
        self.tags: set[str] = set()
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        given = dict(attrs)
        if tag == "input":
            self.fields[given.get("name") or ""] = given.get("value") or ""

    def handle_data(self, data: str) -> None:
        self.text += data


def text(got: Got) -> str:
    return " ".join(_Text(got.body).text.split())


def form(got: Got) -> dict[str, str]:
    """What a browser would send of the page's form."""
    fields = _Text(got.body).fields
    return {name: fields[name] for name in ("csrf", "version", "article")}


def problem(got: Got) -> dict[str, Any]:
    assert got.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = json.loads(got.body)
    assert told["status"] == got.status
    return told


def test_an_accepted_submission_is_a_file_and_is_served(served: Desk) -> None:
    id_ = served.submit(NEW)["id"]
    page = served.page(id_)
    assert "Nadia Karim" in text(page) and "It is valid." in text(page)
    answer = served.post(id_, action="accept", reason="As the paper says.", **form(page))
    assert answer.status == 303
    assert answer.headers["location"] == f"/review/{id_}?lang=en"
    file = served.published(id_)["events"][-1]["file"]
    assert file == f"articles/example/submission-{id_}.yaml"
    content = (served.root / file).read_text(encoding="utf-8")
    assert content.startswith(NEW)
    told = yaml.safe_load(content)["accepted"]
    assert (told["editor"], told["submitter"]) == ("Layla the editor", ["Sami the submitter"])
    assert told["remark"] == "As the paper says."
    query = (
        "SELECT ?by ?remark ?shapes ?day { ?s kg:acceptance ?a ; kg:describes ?p . "
        "?p kg:name 'Nadia Karim'@en . ?a a kg:Acceptance ; kg:acceptedBy ?by ; "
        "kg:acceptanceRemark ?remark ; kg:shapesChecksum ?shapes ; kg:acceptedOn ?day }"
    )
    eventually(lambda: bool(served.ask(query)))
    (row,) = served.ask(query)
    assert row["by"]["value"] == "Layla the editor"
    assert re.fullmatch("sha256:[0-9a-f]{64}", row["shapes"]["value"])
    assert fetch(f"{served.origin}/data/person/nadia-karim.ar.html").status == 200
    assert "published" in text(served.page(id_))


def test_the_list_has_the_oldest_first_and_each_state_apart(served: Desk) -> None:
    first, second = (served.submit(each)["id"] for each in (NEW, CONTRADICTING))
    served.decide(second, action="reject", version=1, reason="No.")
    third = served.submit(NEW.replace("nadia", "dunya"))["id"]
    listed = fetch(f"{served.origin}/review?lang=en", **served.as_("editor")).body.decode()
    assert listed.index(first) < listed.index(third) and second not in listed
    rejected = fetch(f"{served.origin}/review?state=rejected", **served.as_("editor"))
    assert second in rejected.body.decode() and first not in rejected.body.decode()
    assert rejected.headers["cache-control"] == "no-store"


def test_what_is_rejected_stays_with_its_reason(served: Desk) -> None:
    id_ = served.submit(NEW)["id"]
    page = served.page(id_)
    refused = served.post(id_, action="reject", reason="  ", **form(page))
    assert refused.status == 422 and "a reason is needed" in text(refused)
    done = served.post(id_, action="reject", reason="It does not say so.", **form(page))
    assert done.status == 303
    told = served.submission(id_, "submitter")
    assert told["state"] == "rejected"
    assert told["events"][-1]["reason"] == "It does not say so."
    assert not list((served.root / "articles/example").glob("submission-*"))


def test_changes_are_asked_for_and_made(served: Desk) -> None:
    id_ = served.submit(NEW)["id"]
    page = served.page(id_)
    served.post(id_, action="ask-changes", reason="Which Nadia?", **form(page))
    asked = served.submission(id_)
    assert asked["state"] == "changes-asked"
    assert served.decide(id_, action="accept", version=asked["version"]).status == 409
    revised = fetch(
        f"{served.origin}/api/submissions/{id_}",
        NEW.replace("Nadia Karim", "Nadia Karim Ali").encode(),
        "PUT",
        Content_Type="application/yaml",
        If_Match=f'"{asked["version"]}"',
        **served.as_("submitter"),
    )
    assert revised.status == 200
    assert served.decide(id_, action="accept", version=asked["version"] + 1).status == 200
    served.published(id_)


def test_of_two_who_decide_at_once_the_second_sees_what_the_first_did(served: Desk) -> None:
    id_ = served.submit(NEW)["id"]
    seen = form(served.page(id_))
    first = served.post(id_, "other", action="reject", reason="Not said there.", **seen)
    second = served.post(id_, action="accept", reason="Fine, I think.", **seen)
    assert (first.status, second.status) == (303, 409)
    told = text(second)
    assert "somebody has done something with it" in told
    assert "باسم" in told and "Not said there." in told
    assert served.submission(id_)["state"] == "rejected"
    by_program = served.decide(id_, action="accept", version=int(seen["version"]))
    assert "rejected by now" in problem(by_program)["detail"]


def test_what_was_withdrawn_or_revised_meanwhile_is_not_decided(served: Desk) -> None:
    one, other = (served.submit(NEW.replace("nadia", name))["id"] for name in ("nadia", "dunya"))
    seen = {id_: form(served.page(id_)) for id_ in (one, other)}
    url = f"{served.origin}/api/submissions"
    assert fetch(f"{url}/{one}", method="DELETE", **served.as_("submitter")).status == 200
    changed = NEW.replace("nadia", "dunya").replace("Nadia Karim", "Dunya Karim").encode()
    headers = {"Content-Type": "application/yaml", "If-Match": '"1"', **served.as_("submitter")}
    assert fetch(f"{url}/{other}", changed, "PUT", **headers).status == 200
    for id_, state, shown in ((one, "withdrawn", "withdrawn"), (other, "waiting", "Dunya Karim")):
        answer = served.post(id_, action="accept", **seen[id_])
        assert answer.status == 409 and shown in text(answer)
        assert served.submission(id_)["state"] == state


def test_an_article_that_changed_is_looked_at_again(served: Desk) -> None:
    id_ = served.submit(NEW)["id"]
    page = served.page(id_)
    path = served.root / "articles/example/article.txt"
    path.write_text(path.read_text(encoding="utf-8") + "وانتهى الاجتماع.\n", encoding="utf-8")
    changed = hashlib.sha256(path.read_bytes()).hexdigest()
    refused = served.post(id_, action="accept", **form(page))
    assert refused.status == 409
    assert "the text of the article has changed" in text(refused)
    by_program = served.decide(id_, action="accept", version=1)
    assert (by_program.status, served.submission(id_)["state"]) == (409, "waiting")
    again = form(refused)
    assert again["article"] == changed != form(page)["article"]
    assert served.post(id_, action="accept", **again).status == 303
    served.published(id_)


def test_what_has_become_invalid_is_not_accepted(served: Desk) -> None:
    id_ = served.submit(NEW)["id"]
    page = served.page(id_)
    path = served.root / "articles/example/article.txt"
    words = path.read_text(encoding="utf-8").replace("وقالت حسن", "وصرحت حسن")
    path.write_text(words, encoding="utf-8")
    answer = served.post(id_, action="accept", **form(page))
    assert answer.status == 422
    assert "it is not valid, or not any more" in text(answer)
    assert problem(served.decide(id_, action="accept", version=1))["status"] == 422
    assert served.submission(id_)["state"] == "waiting"


def test_what_the_build_refuses_waits_again_and_others_are_published(root: Path) -> None:
    """Two that are valid alone, and of which the second contradicts the shapes beside the first."""
    first = "article: example\npeople: {nadia: {name: {en: Nadia}}}\n"
    second = "article: example\npeople: {nadia: {name: {en: Nadiya}}}\n"
    third = "article: example\npeople: {dunya: {name: {en: Dunya}}}\n"
    with desk(root) as served:
        ids = [served.submit(each)["id"] for each in (first, second, third)]
        # Nothing is built while somebody else holds the lock: all three are accepted by then.
        with _locked(root):
            for id_ in ids:
                assert served.decide(id_, action="accept", version=1).status == 200
        served.published(ids[0])
        served.published(ids[2])
        eventually(lambda: served.submission(ids[1])["state"] == "waiting")
        event = served.submission(ids[1])["events"][-1]
        assert event["action"] == "refused" and f"submission-{ids[1]}.yaml" in event["reason"]
        files = {path.name for path in (root / "articles/example").glob("submission-*")}
        assert files == {f"submission-{ids[0]}.yaml", f"submission-{ids[2]}.yaml"}
        assert "could not be built" in text(served.page(ids[1]))


def test_contradictions_are_shown_side_by_side_and_prevent_nothing(served: Desk) -> None:
    id_ = served.submit(CONTRADICTING)["id"]
    page = served.page(id_)
    told = text(page)
    assert "contradicting: 1" in told and "Contradictions prevent nothing" in told
    assert told.count("لسالم عمر الذي تولى المنصب عام 2019") >= 2
    assert served.post(id_, action="accept", **form(page)).status == 303
    served.published(id_)


def test_an_editor_s_facts_are_checked_and_told_as_theirs(served: Desk) -> None:
    id_ = served.submit(NEW)["id"]
    page = served.page(id_)
    wrong = NEW.replace("وقالت حسن", "وقال حسن").replace("\n", "\r\n")
    refused = served.post(id_, action="edit", facts=wrong, reason="Spelt.", **form(page))
    assert refused.status == 422
    assert "وقال حسن" in text(refused) and "Spelt." in text(refused)
    assert served.submission(id_)["revision"] == 1
    mended = NEW.replace("Nadia Karim", "Nadia Kareem").replace("\n", "\r\n")
    done = served.post(id_, action="edit", facts=mended, reason="Spelt.", **form(page))
    assert done.status == 303
    file = served.root / served.published(id_)["events"][-1]["file"]
    assert file.read_bytes().startswith(mended.replace("\r\n", "\n").encode())
    told = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert told["accepted"]["edited-by"] == ["Layla the editor"]
    assert told["accepted"]["submitter"] == ["Sami the submitter"]
    assert told["contributor"] == "Sami the submitter"


def test_only_reviewers_review(served: Desk, root: Path) -> None:
    id_ = served.submit(NEW)["id"]
    for path in ("/review", f"/review/{id_}"):
        nobody = fetch(served.origin + path)
        assert nobody.status == 303
        assert nobody.headers["location"].startswith("/sign-in?next=/review")
        assert fetch(served.origin + path, **served.as_("submitter")).status == 403
    assert served.post(id_, "submitter", action="accept", version="1", article="").status == 403
    assert problem(served.decide(id_, "submitter", action="accept", version=1))["status"] == 403
    nobody = fetch(f"{served.origin}/api/submissions/{id_}/decisions", b"{}")
    assert nobody.status == 401
    for missing in ("aaaaaaaaaaaaaaaa", "..%2f..%2fetc", "A" * 16, "a" * 5_000):
        assert fetch(f"{served.origin}/review/{missing}", **served.as_("editor")).status == 404
    assert served.submission(id_)["state"] == "waiting"


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"action": "accept"},
        {"action": "accept", "version": "1"},
        {"action": "accept", "version": True},
        {"action": "accept", "version": -1},
        {"action": "accept", "version": 10**30},
        {"action": "publish", "version": 1},
        {"action": "accept", "version": 1, "article": "not a digest"},
        {"action": "reject", "version": 1},
        {"action": "reject", "version": 1, "reason": ["x"]},
        {"action": "reject", "version": 1, "reason": "x" * 5_000},
        {"action": "reject", "version": 1, "reason": "x", "more": 1},
    ],
    ids=str,
)
def test_decisions_that_are_none_are_refused(shared: Desk, members: dict[str, Any]) -> None:
    id_ = shared.submit(NEW)["id"]
    assert problem(shared.decide(id_, **members))["status"] == 422
    assert shared.submission(id_)["state"] == "waiting"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """For what decides nothing."""
    root = tmp_path_factory.mktemp("shared")
    new_workspace(root)
    with desk(root) as found:
        yield found


def test_bodies_that_are_no_decisions_are_refused(shared: Desk) -> None:
    id_ = shared.submit(NEW)["id"]
    url = f"{shared.origin}/api/submissions/{id_}/decisions"
    for body, media_type, status in (
        (b"{}", "text/plain", 415),
        (b"{", "application/json", 400),
        (b"\xff", "application/json", 400),
        (b"[" * 10_000, "application/json", 400),
        (b'"' + b"x" * 100_000 + b'"', "application/json", 413),
        (b"[]", "application/json", 422),
    ):
        got = fetch(url, body, Content_Type=media_type, **shared.as_("editor"))
        assert problem(got)["status"] == status
    bad_form = shared.post(id_, action="accept", version="one", article="")
    assert bad_form.status == 400


def test_nothing_that_was_submitted_runs_in_the_page(shared: Desk) -> None:
    facts = f"""\
article: example
contributor: '{SCRIPT}'
people:
  hostile:
    name: {{en: '{SCRIPT}', ar: '"><img src=x onerror=window.hurt=1>'}}
statements:
  - words: وقالت حسن
    about: [person/hostile]
    # </pre></textarea>{SCRIPT}
"""
    submitted = shared.submit(facts)
    for lang in ("en", "ar", "ckb"):
        page = shared.page(submitted["id"], lang)
        content = page.body.decode()
        assert "<script" not in content and "<img" not in content
        assert "&lt;script&gt;" in content
        assert page.headers["content-security-policy"].startswith("default-src 'none'")
    hostile = {"reason": f"</textarea>{SCRIPT}", "facts": f"</textarea>{SCRIPT}"}
    refused = shared.post(submitted["id"], action="edit", **hostile, **form(page))
    assert refused.status == 422 and "<script" not in refused.body.decode()


def test_tricks_with_letters_are_seen(shared: Desk) -> None:
    facts = """\
article: example
people:
  one: {name: {en: "P\\u0430ul \\u0410dams", ar: "\\u06A9اظم"}}
  two: {name: {en: "Anna\\u200cLee"}}
statements:
  - words: وقالت حسن # \u202e
    about: [person/one, person/two]
"""
    page = shared.page(shared.submit(facts)["id"])
    told = text(page)
    assert "U+0430 CYRILLIC SMALL LETTER A" in told
    assert "U+06A9 ARABIC LETTER KEHEH, not ك" in told
    assert "U+200C ZERO WIDTH NON-JOINER" in told
    # In the source as well, where it would turn what follows round.
    assert "U+202E" in told
    source = page.body.decode()
    assert "\u202e" not in source[: source.index("<textarea")]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small file system of its own."""
    if os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("only root mounts a small disk")
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", folder]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("this system does not let a test mount a file system")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def _fill(disk: Path, left: int) -> Path:
    """Leave so many bytes on the disk."""
    filler = disk / "filler"
    with filler.open("wb") as stream:
        while (room := shutil.disk_usage(disk).free - left) > 0:
            stream.write(b"\0" * min(room, 2**20))
            stream.flush()
    return filler


def test_a_full_disk_keeps_decisions_out_and_breaks_nothing(disk: Path) -> None:
    root = disk / "workspace"
    root.mkdir()
    new_workspace(root)
    with desk(root) as served:
        one, other = (
            served.submit(NEW.replace("nadia", name))["id"] for name in ("nadia", "dunya")
        )
        page = served.page(one)
        filler = _fill(disk, 0)
        full = served.post(one, action="reject", reason="No.", **form(page))
        assert full.status == 507 and "the disk of the server is full" in text(full)
        assert problem(served.decide(other, action="accept", version=1))["status"] == 507
        assert "Nadia Karim" in text(served.page(one))
        assert fetch(f"{served.origin}/index.en.html").status == 200
        filler.unlink()
        # Now there is room for the decisions, and none for what is built of them.
        filler = _fill(disk, 256 * 1024)
        for id_ in (one, other):
            assert served.decide(id_, action="accept", version=1).status == 200
        eventually(lambda: "not published yet" in served.served.told.read_text(encoding="utf-8"))
        assert {served.submission(id_)["state"] for id_ in (one, other)} == {"accepted"}
        assert fetch(f"{served.origin}/index.en.html").status == 200
        filler.unlink()
        for id_ in (one, other):
            events = [each["action"] for each in served.published(id_)["events"]]
            assert events == ["received", "accepted", "published"]
        hidden = list(root.glob("articles/**/.submission-*"))
        assert hidden == []


def test_what_was_accepted_is_published_by_the_next_server(root: Path) -> None:
    """It is killed as soon as it has acknowledged; nothing runs that could go on."""
    with desk(root) as served:
        ids = [served.submit(NEW.replace("nadia", name))["id"] for name in ("nadia", "dunya")]
        for id_ in ids:
            assert served.decide(id_, action="accept", version=1).status == 200
        served.served.process.kill()
    with desk(root, processes="2") as served:
        for id_ in ids:
            events = [each["action"] for each in served.published(id_)["events"]]
            assert events == ["received", "accepted", "published"]
        people = "SELECT ?s { ?s kg:describes ?p . FILTER CONTAINS(STR(?p), '-karim') }"
        eventually(lambda: len(served.ask(people)) == 2)


def test_another_s_article_of_the_same_name_is_not_overwritten(root: Path) -> None:
    with desk(root) as served:
        answer = _with_article(served, "new-one", "The council met.\n")
        assert answer.status == 201, answer.body
        id_ = json.loads(answer.body)["id"]
        folder = root / "articles/new-one"
        folder.mkdir()
        (folder / "article.txt").write_text("Another text.\n")
        (folder / "article.yaml").write_text(_METADATA)
        assert served.decide(id_, action="accept", version=1).status in (409, 422)
        assert (folder / "article.txt").read_text() == "Another text.\n"
        for name in ("article.txt", "article.yaml"):
            (folder / name).unlink()
        folder.rmdir()
        assert served.decide(id_, action="accept", version=1).status == 200
        file = served.published(id_)["events"][-1]["file"]
        assert file == f"articles/new-one/submission-{id_}.yaml"
        assert (folder / "article.txt").read_text() == "The council met.\n"
        assert {path.name for path in folder.iterdir()} == {
            *("article.txt", "article.yaml", f"submission-{id_}.yaml")
        }


_METADATA = "title: {en: The council met}\nlanguage: en\npublisher: the-example-paper\n"


def _with_article(served: Desk, slug: str, words: str, title: str = "The council met") -> Got:
    facts = f"article: {slug}\npeople: {{nadia: {{name: {{en: Nadia}}}}}}\n"
    metadata = _METADATA.replace("The council met", f"'{title}'")
    parts = {"facts": facts, "text": words, "metadata": metadata}
    said = "--x\r\nContent-Disposition: form-data; name="
    body = "".join(
        f'{said}"{name}"; filename="{name}.yaml"\r\n\r\n{content}\r\n'
        for name, content in parts.items()
    )
    headers = {"Content-Type": "multipart/form-data; boundary=x", **served.as_("submitter")}
    return fetch(f"{served.origin}/api/submissions", f"{body}--x--\r\n".encode(), **headers)


def _locked(root: Path) -> Any:
    from kgpub.store.locking import locked

    return locked(root / ".kgpub/publishing", 10)


def test_the_scope_alone_lets_a_token_review(served: Desk, root: Path) -> None:
    id_ = served.submit(NEW)["id"]
    both = token(root, "Both", "submit", "update", "metrics")
    headers = {"Authorization": f"Bearer {both}"}
    assert fetch(f"{served.origin}/review/{id_}", **headers).status == 403
    assert BASE in served.ask("SELECT ?a { ?a a kg:Article }")[0]["a"]["value"]


def test_the_description_s_example_runs(served: Desk) -> None:
    described = json.loads(fetch(f"{served.origin}/api/openapi.json").body)
    post = described["paths"]["/api/submissions/{id}/decisions"]["post"]
    example = post["requestBody"]["content"]["application/json"]["example"]
    id_ = served.submit(NEW)["id"]
    got = served.decide(id_, **example)
    assert got.status == 200 and json.loads(got.body)["state"] == "rejected"
    again = served.decide(id_, **example)
    assert problem(again) and str(again.status) in post["responses"]


def test_nothing_of_an_article_or_an_account_runs_in_the_page(served: Desk) -> None:
    hostile = token(served.root, SCRIPT, "submit")
    own = Desk(served.served, served.root, {**served.tokens, "submitter": hostile})
    answer = _with_article(own, "hostile", f"It was {SCRIPT} that spoke.\n", SCRIPT)
    assert answer.status == 201, answer.body
    id_ = json.loads(answer.body)["id"]
    served.decide(id_, action="ask-changes", version=1, reason=SCRIPT)
    for address in (f"/review/{id_}", "/review"):
        page = fetch(served.origin + address, **served.as_("editor")).body.decode()
        assert "<script" not in page and page.count("&lt;script&gt;") >= 1
