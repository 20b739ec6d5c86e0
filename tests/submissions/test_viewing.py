"""A reviewer sees what is submitted beside its article, and what its entities may be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.service.review_served import NEW, new_workspace

from kgpub.pipeline.linked_workspace import LinkedWorkspace
from kgpub.pipeline.workspace import Workspace
from kgpub.submissions.submission import Article, Content
from kgpub.submissions.viewing import view

METADATA = b"title: {en: The council met}\nlanguage: en\npublisher: the-example-paper\n"
NADIA = {"qid": "Q9000001", "type": "person", "names": {"en": ["Nadia Karim"]}}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return new_workspace(tmp_path_factory.mktemp("viewing"))


def test_words_are_found_in_the_article(place: Workspace) -> None:
    viewed = view(place, Content("example", ".yaml", NEW.encode()))
    text = (place.root / "articles/example/article.txt").read_text(encoding="utf-8")
    start = text.index("وقالت حسن")
    assert viewed.text == text and viewed.language == "ar"
    assert [(each.start, each.end) for each in viewed.passages] == [(start, start + 9)]
    assert {(each.language, each.text) for each in viewed.names if each.key} == {
        ("ar", "نادية كريم"),
        ("en", "Nadia Karim"),
    }
    assert viewed.checked.verdict.accepted and viewed.candidates == ()


def test_a_new_article_is_shown_with_its_submission(place: Workspace) -> None:
    body = b"article: new-one\nstatements:\n  - words: met on Sunday\n"
    article = Article(b"The council met on Sunday.\n", METADATA)
    viewed = view(place, Content("new-one", ".yaml", body, article))
    assert viewed.text == "The council met on Sunday.\n"
    assert viewed.title == (("en", "The council met"),)
    assert [each.exact for each in viewed.passages] == ["met on Sunday"]
    assert not (place.root / "articles/new-one").exists()


@pytest.mark.parametrize(
    "content",
    [
        Content("../../etc", ".yaml", b"article: x\n", Article(b"x", METADATA)),
        Content("gone", ".yaml", b"article: gone\n"),
        Content("example", ".yaml", b"\xff"),
        Content("example", ".yaml", b"[" * 5_000),
        Content("example", "people.csv", b"id\n"),
        Content("new", ".yaml", b"article: new\n", Article(b"\xff", b"[")),
    ],
    ids=range(6),
)
def test_what_cannot_be_read_is_told_and_shown_as_far_as_it_can_be(
    place: Workspace, content: Content
) -> None:
    viewed = view(place, content)
    assert not viewed.checked.verdict.accepted
    assert viewed.passages == viewed.names == ()


def test_candidates_come_from_the_workspace_s_gazetteers(tmp_path: Path) -> None:
    place = new_workspace(tmp_path)
    (tmp_path / "gazetteers").mkdir()
    (tmp_path / "gazetteers/items.jsonl").write_text(json.dumps(NADIA) + "\n")
    LinkedWorkspace(place).gazetteer((), lambda _: None, lambda _: None).close()
    viewed = view(place, Content("example", ".yaml", NEW.encode()))
    found = [(each.entity, each.item) for each in viewed.candidates]
    assert found == [("person/nadia-karim", "Q9000001")]
    assert viewed.candidates[0].names == ("Nadia Karim",)
