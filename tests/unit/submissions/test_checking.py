"""What is said of a submission: as of a file of the workspace, under the names that it came by."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from tests.service.served import make_workspace
from tests.service.submitting_served import FACTS

from kgpub import Workspace
from kgpub.submissions.checking import check, file_name, shapes_digest, stem_of
from kgpub.submissions.kept import Queue
from kgpub.submissions.submission import Account, Article, Content


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return make_workspace(tmp_path_factory.mktemp("checked") / "w")


def yaml(text: str, slug: str = "", article: Article | None = None) -> Content:
    return Content(slug, ".yaml", text.encode(), article)


def test_what_is_found_is_told_with_what_it_was_found_by(workspace: Workspace) -> None:
    checked = check(workspace, yaml(FACTS))
    text = (workspace.root / "articles/example/article.txt").read_bytes()
    assert checked.article_digest == hashlib.sha256(text).hexdigest()
    assert checked.content == yaml(FACTS, "example")
    assert checked.verdict.accepted and checked.report is not None
    assert checked.notes == ()
    assert len(checked.shapes) == 64 and checked.shapes == shapes_digest()


def test_where_nothing_is_built_all_files_are_read(tmp_path: Path) -> None:
    built = make_workspace(tmp_path / "w")
    (built.root / ".kgpub/cache.sqlite").unlink()
    checked = check(Workspace(built.root), yaml(FACTS))
    assert checked.verdict.accepted and checked.notes
    assert [each.place.file for each in checked.verdict.problems if each.severity == "error"] == []


def test_a_file_of_the_same_kind_beside_it_is_no_other_version_of_it(workspace: Workspace) -> None:
    # The workspace has facts.yaml about this article: what is sent does not take its place.
    text = (workspace.root / "articles/example/facts.yaml").read_text(encoding="utf-8")
    checked = check(workspace, yaml(text))
    assert checked.compared and {each.outcome.value for each in checked.compared} == {"known"}
    itself = check(workspace, yaml(text), stem="facts")
    assert "known" not in {each.outcome.value for each in itself.compared}


@pytest.mark.parametrize(
    "slug", ["..", "../example", "example/../../x", "", "/", "EXAMPLE", "x" * 99]
)
def test_what_is_no_slug_of_an_article_is_told(workspace: Workspace, slug: str) -> None:
    article = Article("نص".encode(), b"language: ar\npublisher: x\n")
    for own in (None, article):
        checked = check(workspace, yaml(f"article: '{slug}'\nstatements: []\n", article=own))
        assert not checked.verdict.accepted
        assert {each.place.file for each in checked.verdict.problems} <= {
            "facts.yaml",
            "article.yaml",
            "article.txt",
        }


@pytest.mark.parametrize("article", [Article(b"", b"language: ar\n"), Article(b"x", b" \n")])
def test_an_empty_article_is_told(workspace: Workspace, article: Article) -> None:
    checked = check(workspace, yaml("article: new\nstatements: []\n", article=article))
    assert [each.code for each in checked.verdict.problems] == ["file-empty"]


@pytest.mark.parametrize(
    "text",
    [
        "contributor: >\n  x\narticle: example\narticle: other\nstatements: []\n",
        "'article': other\ncontributor: |\n article: example\nstatements: []\n",
        "{article: other, contributor: 'a\narticle: example\n'}\n",
        "# x\narticle: example\n---\narticle: other\n",
        "'article': other\n? |\n  a\narticle: example\n: x\n",
    ],
)
def test_a_line_that_looks_like_the_name_of_the_article_decides_nothing(
    workspace: Workspace, text: str
) -> None:
    assert not check(workspace, yaml(text)).verdict.accepted


def test_files_are_named_so_that_readers_know_them(workspace: Workspace) -> None:
    table = Content("example", "people.csv", b"id,name@en\nx,X\n")
    assert file_name(table, "abc") == "people-abc.csv"
    assert file_name(yaml(FACTS), "abc") == "abc.yaml"
    checked = check(workspace, table, "my people.csv")
    assert {each.place.file for each in checked.verdict.problems} == {"my people.csv"}


def test_a_new_submission_is_called_by_what_is_in_it(tmp_path: Path) -> None:
    from datetime import UTC, datetime

    queue = Queue(tmp_path, lambda: datetime.now(UTC))
    kept = queue.receive(yaml(FACTS, "example"), "0" * 64, Account("a", "A"))
    assert stem_of(yaml(FACTS, "example")) == kept.submission.id
