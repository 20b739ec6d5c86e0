"""A workspace's folders and files: which are articles, which submissions, and what is amiss."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from kgpub.errors import SubmissionErrors
from kgpub.sources import (
    ArticleFolder,
    article_folders,
    article_of,
    read_article,
    read_submission,
)
from kgpub.sources.files import relative
from kgpub.vocabulary.schema import schema

from .trees import plain, problem

SCHEMA = schema("https://example.org/data/")


def _article(root: Path, slug: str = "news", *files: str, metadata: str = "article.yaml") -> Path:
    folder = root / "articles" / slug
    folder.mkdir(parents=True)
    (folder / "article.txt").write_text("نص", encoding="utf-8")
    (folder / metadata).write_text("{}", encoding="utf-8")
    for name in files:
        (folder / name).write_text("article: news", encoding="utf-8")
    return folder


def _found(root: Path) -> dict[str, list[str]]:
    return {
        folder.slug: [path.name for path in folder.submissions] for folder in article_folders(root)
    }


def _told(root: Path) -> list[str]:
    """What is wrong with the folders or, if nothing is, with reading the submissions in them."""
    with pytest.raises(SubmissionErrors) as caught:
        for folder in list(article_folders(root)):
            for path in folder.submissions:
                read_submission(path.read_bytes(), relative(path, root), folder.slug, SCHEMA)
    return [str(each) for each in caught.value.problems]


def test_articles_come_by_slug_with_their_submissions_by_name(tmp_path: Path) -> None:
    _article(tmp_path, "b", "people.csv", "facts.yaml", "more.jsonld", "book.XLSX", "a.yml")
    _article(tmp_path, "a", metadata="article.json")
    assert _found(tmp_path) == {
        "a": [],
        "b": ["a.yml", "book.XLSX", "facts.yaml", "more.jsonld", "people.csv"],
    }


def test_a_workspace_without_articles_has_none(tmp_path: Path) -> None:
    assert _found(tmp_path) == {}
    (tmp_path / "articles").write_text("a file")
    assert _found(tmp_path) == {}


def test_notes_drafts_and_lock_files_are_no_submissions(tmp_path: Path) -> None:
    _article(tmp_path, "news", "notes.txt", "facts.yaml~", ".hidden.yaml", "~$book.xlsx", "x.pdf")
    (tmp_path / "articles" / ".git").mkdir()
    (tmp_path / "articles" / "README.md").write_text("x")
    assert _found(tmp_path) == {"news": []}


@pytest.mark.parametrize(
    ("remove", "message"), [("article.txt", "no article.txt"), ("article.yaml", "no article.yaml")]
)
def test_an_article_that_lacks_a_file_is_told_and_the_others_are_found(
    tmp_path: Path, remove: str, message: str
) -> None:
    (_article(tmp_path, "a") / remove).unlink()
    _article(tmp_path, "b")
    folders = article_folders(tmp_path)
    assert next(folders).slug == "b"
    told = f"^articles/a/{remove}:1:1: error: the article has {message}\n"
    with pytest.raises(SubmissionErrors, match=told):
        next(folders)


def test_all_that_an_article_lacks_is_told(tmp_path: Path) -> None:
    (tmp_path / "articles" / "a").mkdir(parents=True)
    with pytest.raises(SubmissionErrors) as caught:
        next(article_folders(tmp_path))
    assert [str(problem.place) for problem in caught.value.problems] == [
        "articles/a/article.txt:1:1",
        "articles/a/article.yaml:1:1",
    ]


@pytest.mark.parametrize(
    ("name", "remedy"),
    [("My Article", "my-article"), ("خبر", "at most."), ("a_b", "a-b"), ("a--b", "a-b")],
)
def test_the_name_of_an_articles_folder_is_a_slug(tmp_path: Path, name: str, remedy: str) -> None:
    _article(tmp_path, name)
    (message,) = _told(tmp_path)
    assert f"{name!r} cannot be a slug" in message
    assert message.endswith(remedy)


@pytest.mark.parametrize("name", ["My Facts.yaml", "حقائق.yaml", "a.b.yaml", "A.csv", "a_b.json"])
def test_the_name_of_a_submission_is_a_slug(tmp_path: Path, name: str) -> None:
    _article(tmp_path, "news", name)
    (message,) = _told(tmp_path)
    assert message.startswith(f"articles/news/{name}:1:1: error: the name of a submission's file")


@pytest.mark.skipif(os.name == "nt", reason="needs a file system whose names are bytes")
def test_a_name_that_is_not_utf_8_is_told_in_words_that_can_be_printed(tmp_path: Path) -> None:
    folder = _article(tmp_path)
    try:
        Path(os.fsdecode(os.fsencode(folder) + b"/\xff.yaml")).write_text("x")
    except OSError:
        pytest.skip("this file system takes no such name")
    (message,) = _told(tmp_path)
    assert "articles/news/\ufffd.yaml:1:1" in message
    assert message.encode()


def test_two_submissions_whose_names_differ_in_their_endings_are_told(tmp_path: Path) -> None:
    _article(tmp_path, "news", "facts.json", "facts.yaml")
    (message,) = _told(tmp_path)
    assert "articles/news/facts.yaml:1:1: error: facts.json has the same name but for" in message


def test_metadata_given_twice_are_told_and_neither_is_chosen(tmp_path: Path) -> None:
    (_article(tmp_path) / "article.json").write_text("{}")
    (message,) = _told(tmp_path)
    assert "article.yaml and article.json both describe the article" in message


def test_an_article_is_read_as_it_stands(tmp_path: Path) -> None:
    _article(tmp_path)
    (folder,) = article_folders(tmp_path)
    text = "\ufeffسطر\r\nاالعلاقة\u200c "
    source = read_article(folder, tmp_path, text.encode(), b"\xef\xbb\xbftitle: {ar: x}")
    assert source.text == text
    assert plain(source.tree) == {"title": {"ar": "x"}}
    assert source.file == "articles/news/article.yaml"


def test_metadata_may_be_json(tmp_path: Path) -> None:
    _article(tmp_path, metadata="article.json")
    (folder,) = article_folders(tmp_path)
    assert plain(read_article(folder, tmp_path, b"x", b'{"language": "ar"}').tree) == {
        "language": "ar"
    }


CONTENT = {"article": "news", "people": {"a": {"name": {"ar": "س"}}}}


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("facts.yaml", "article: news\npeople: {a: {name: {ar: س}}}"),
        ("facts.YML", "\ufeffarticle: news\npeople: {a: {name: {ar: س}}}"),
        ("facts.json", json.dumps(CONTENT)),
        ("facts.jsonld", "\ufeff" + json.dumps(CONTENT, ensure_ascii=False)),
        ("people.csv", "id,name@ar\na,س"),
        ("people-of-the-council.csv", "\ufeffid,name@ar\r\na,س\r\n"),
    ],
)
def test_the_ending_says_how_a_submission_is_read(file: str, content: str) -> None:
    submission = read_submission(content.encode(), f"articles/news/{file}", "news", SCHEMA)
    assert plain(submission.tree) == CONTENT
    assert submission.name == file.rpartition(".")[0]


@pytest.mark.parametrize(
    ("file", "fragment"),
    [
        ("facts.ttl", "a submission does not end in .ttl"),
        ("facts", "a submission does not end in nothing"),
        ("persons.csv", "the file's name does not say what its rows are"),
        ("peoples.csv", "the file's name does not say what its rows are"),
    ],
)
def test_a_file_whose_name_says_nothing_is_told(file: str, fragment: str) -> None:
    only = problem(read_submission, b"x", file, "news", SCHEMA)
    assert only.message == fragment
    assert only.remedy


@pytest.mark.parametrize("file", ["facts.yaml", "facts.json", "people.csv", "book.xlsx"])
@pytest.mark.parametrize(
    "content", [b"\xef\xbb\xbf", b"\x00", b"\x00" * 50, "كلمة".encode("cp1256")]
)
def test_what_no_format_reads_is_a_problem_in_each(file: str, content: bytes) -> None:
    try:
        told = read_submission(content, file, "news", SCHEMA).problems
    except SubmissionErrors as errors:
        told = errors.problems
    assert [each.place.file for each in told] == [file]


def test_a_submission_outside_a_workspace_names_its_article(tmp_path: Path) -> None:
    path = tmp_path / "facts.yaml"
    path.write_text("article: news")
    assert article_of(path, SCHEMA) == "news"
    for content in ("statements: []", "article: [news]", "article:", "[]"):
        path.write_text(content)
        only = problem(article_of, path, SCHEMA)
        assert "names no article" in only.message
        assert only.place.file == path.as_posix()


def test_what_is_wrong_with_the_name_of_its_article_is_told(tmp_path: Path) -> None:
    path = tmp_path / "facts.yaml"
    path.write_text("article: !x news")
    assert problem(article_of, path, SCHEMA).message.code == "no-tags"


def test_an_article_folder_is_a_value(tmp_path: Path) -> None:
    _article(tmp_path, "news", "facts.yaml")
    folder = tmp_path / "articles" / "news"
    assert list(article_folders(tmp_path)) == [
        ArticleFolder(
            "news", folder / "article.txt", folder / "article.yaml", (folder / "facts.yaml",)
        )
    ]
