"""A date whose year the words do not name, though they name another, is remarked on."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import BASE, REPOSITORY

from kgpub import Workspace
from kgpub.pipeline.initial import create_workspace
from kgpub.pipeline.years import years_in

_ARTICLE = "title: {en: One}\nlanguage: ar\npublisher: the-example-paper\n"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"


def told(root: Path, article: str, fact: str, quotation: str = "") -> list[str]:
    """The remarks on years in a workspace with a statement that has an article for its words."""
    create_workspace(root, BASE, "Example", "Me", LICENCE)
    folder = root / "articles/one"
    folder.mkdir()
    (folder / "article.txt").write_text(f"{article}\n", encoding="utf-8")
    (folder / "article.yaml").write_text(_ARTICLE, encoding="utf-8")
    (folder / "facts.yaml").write_text(
        "article: one\n"
        f"statements:\n  - words: {quotation or article}\n    asserts:\n"
        f"      - {{type: Tenure, person: layla-hasan, office: mayor-of-al-waha, {fact}}}\n",
        encoding="utf-8",
    )
    validated = Workspace(root).validate()
    assert validated.accepted, validated.problems
    return [
        f"{each.place.line}: {each.severity}: {each.message}"
        for each in validated.problems
        if each.code == "year-not-named"
    ]


@pytest.mark.parametrize("article", ["اختير لمنصبه في 2016", "اختير لمنصبه في ٢٠١٦", "لە ۲۰۱۶دا"])
def test_another_year_than_that_of_the_words_is_told(tmp_path: Path, article: str) -> None:
    message = "the date is 2017, and the words of the statement name another year: 2016"
    assert told(tmp_path, article, "start: 2017") == [f"5: info: {message}"]


@pytest.mark.parametrize(
    ("article", "fact"),
    [
        ("اختير لمنصبه في 2016", "start: 2016"),
        ("اختير لمنصبه في 2016", "start: 2016-03"),
        ("تولى المنصب بين 2003 و2016", "start: 2003, end: 2016"),
        ("تولى المنصب 2003-2016", "start: 2003, end: 2016"),
        ("in office in 2016-17", "start: 2016, end: 2017"),
        ("اختير لمنصبه في العام التالي", "start: 2017"),
        ("اختير لمنصبه بعد 2016", "start: 2016/.."),
        ("في التسعينات، وليس 2016", "start: 199X"),
        ("عام 1437 للهجرة", "start: 2016"),
        ("وقّع 2,016 عقدا", "start: 2017"),
    ],
)
def test_where_the_words_name_it_or_no_year_nothing_is_told(
    tmp_path: Path, article: str, fact: str
) -> None:
    assert told(tmp_path, article, fact) == []


def test_of_several_statements_one_that_names_it_is_enough(tmp_path: Path) -> None:
    assert told(tmp_path, "في 2016", "start: 2017") != []
    facts = tmp_path / "articles/one/facts.yaml"
    text = facts.read_text(encoding="utf-8")
    again = text.partition("statements:\n")[2].replace("في 2016", "وفي 2017")
    facts.write_text(text + again, encoding="utf-8")
    article = tmp_path / "articles/one/article.txt"
    article.write_text("في 2016 وفي 2017\n", encoding="utf-8")
    problems = Workspace(tmp_path).validate().problems
    assert not [each for each in problems if each.code == "year-not-named"]


def test_the_repository_s_own_article_has_no_such_remark() -> None:
    problems = Workspace(REPOSITORY).validate().problems
    assert not [each for each in problems if each.code == "year-not-named"]


def test_a_remark_is_told_again_by_a_build_that_has_nothing_to_do(tmp_path: Path) -> None:
    assert told(tmp_path, "في 2016", "start: 2017") != []
    for unchanged in (False, True):
        built = Workspace(tmp_path).build()
        assert built.unchanged is unchanged
        assert [each.code for each in built.problems].count("year-not-named") == 1


def test_years_are_read_in_digits_of_any_script() -> None:
    assert years_in("من ١٩٥٨ إلى ۱۹۶۳، ثم2003") == {"1958", "1963", "2003"}
    assert years_in("12016 20167 1,916.2015 1437") == frozenset()
