"""The file that a submission becomes says what was submitted, and who accepted it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from kgpub.submissions.acceptance import Acceptance, file_name, published_content, tidy
from kgpub.submissions.kept import Queue
from kgpub.submissions.submission import Account, Action, Content, Submission
from kgpub.vocabulary.schema import schema

SCHEMA = schema("https://example.org/data/")
ANNA, LAYLA = Account("token/a", "Anna"), Account("token/l", " ليلى\u202e حسن ")
SHAPES = "2" * 64
ACCEPTED = {
    "editor": "ليلى حسن",
    "accepted-on": "2026-11-30",
    "remark": "As the paper says.",
    "shapes": f"sha256:{SHAPES}",
    "submitter": ["Anna"],
}
ADDED = {"contributor": "Anna", "date": "2026-11-29", "accepted": ACCEPTED}


def accepted(folder: Path, content: Content, edited: Content | None = None) -> Submission:
    moments = iter([datetime(2026, 11, 29, 23, 0, tzinfo=UTC)] * 3)
    queue = Queue(folder, lambda: next(moments, datetime(2026, 11, 30, tzinfo=UTC)))
    found = queue.receive(content, "0" * 64, ANNA).submission
    if edited is not None:
        found = queue.revise(found.id, found.version, edited, "0" * 64, LAYLA, Action.edited)
    reason = " As the\npaper says. "
    return queue.note(found.id, found.version, Action.accepted, LAYLA, reason=reason, shapes=SHAPES)


def published(submission: Submission) -> bytes:
    return published_content(submission, Acceptance.of(submission), SCHEMA)


def read(content: bytes) -> Any:
    return yaml.load(content.decode(), yaml.BaseLoader)


@pytest.mark.parametrize(
    "body",
    [
        "article: news\n",
        "article: news",
        "\ufeff# first\narticle: news # last",
        "people:\n  a:\n    name:\n      en: A\narticle: news\n\n# the end\n",
        "people: {a: {name: {ar: سامي}}}\r\narticle: news\r\n",
        "statements:\n  - words: |\n      one\n      two\narticle: news\n",
    ],
)
def test_yaml_stays_as_it_was_written_and_goes_on(tmp_path: Path, body: str) -> None:
    content = published(accepted(tmp_path, Content("news", ".yaml", body.encode())))
    assert content.startswith(body.encode())
    assert read(content) == {**read(body.encode()), **ADDED}


@pytest.mark.parametrize(
    "body",
    [
        '{"article": "news"}',
        '{\n  "article": "news",\n  "people": {"a": {"name": {"ar": "سامي"}}}\n}\n',
    ],
)
@pytest.mark.parametrize("suffix", [".json", ".jsonld"])
def test_json_stays_as_it_was_written_and_goes_on(tmp_path: Path, suffix: str, body: str) -> None:
    submission = accepted(tmp_path, Content("news", suffix, body.encode()))
    content = published(submission)
    assert content.startswith(body.rstrip("} \n").encode())
    assert json.loads(content) == {**json.loads(body), **ADDED}
    assert file_name(submission) == f"submission-{submission.id}{suffix}"


@pytest.mark.parametrize(
    "body",
    [
        "{article: news, people: {a: {name: {en: '2016'}}}}",
        "  article: news\n  people:\n    a: {name: {en: '2016'}}\n",
        "article: news\npeople:\n  a: {name: {en: '2016'}}\n...\n",
    ],
)
def test_what_cannot_go_on_is_written_anew(tmp_path: Path, body: str) -> None:
    content = published(accepted(tmp_path, Content("news", ".yaml", body.encode())))
    assert read(content) == {"article": "news", "people": {"a": {"name": {"en": "2016"}}}, **ADDED}


def test_a_table_becomes_yaml(tmp_path: Path) -> None:
    table = "id,name@en,name@ar\nsami,Sami,سامي\nnull,Null,\n".encode()
    submission = accepted(tmp_path, Content("news", "people.csv", table))
    assert file_name(submission) == f"submission-{submission.id}.yaml"
    people = {"sami": {"name": {"en": "Sami", "ar": "سامي"}}, "null": {"name": {"en": "Null"}}}
    assert read(published(submission)) == {"article": "news", "people": people, **ADDED}


def test_what_a_submitter_says_of_its_acceptance_gives_way(tmp_path: Path) -> None:
    body = b"article: news\ncontributor: The desk\ndate: 2026-01-01\naccepted: {editor: God}\n"
    content = read(published(accepted(tmp_path, Content("news", ".yaml", body))))
    assert content["accepted"] == ACCEPTED
    assert (content["contributor"], content["date"]) == ("The desk", "2026-01-01")


def test_who_has_edited_is_named_beside_who_has_submitted(tmp_path: Path) -> None:
    contents = [Content("news", ".yaml", f"article: news\n# {n}\n".encode()) for n in range(2)]
    content = read(published(accepted(tmp_path, *contents)))
    assert content["accepted"]["edited-by"] == ["ليلى حسن"]
    assert content["accepted"]["submitter"] == [content["contributor"]] == ["Anna"]


@pytest.mark.parametrize("body", [b"\xff", b"[", b"article: *x", b"- a\n", b"a: !!python/x y"])
def test_what_cannot_be_read_stays_as_it_is(tmp_path: Path, body: bytes) -> None:
    assert published(accepted(tmp_path, Content("news", ".yaml", body))) == body


def test_the_same_acceptance_gives_the_same_bytes(tmp_path: Path) -> None:
    submission = accepted(tmp_path, Content("news", ".yaml", b"{article: news}"))
    again = Queue(tmp_path, lambda: datetime.now(UTC)).get(submission.id)
    assert published(again) == published(submission)


def test_names_are_tidied() -> None:
    assert tidy("\u200c نامه\u200cها ") == "نامه\u200cها"
    assert tidy(" a\u200b\n\tb\u2028\u202e c\x00 ") == "a b c"
