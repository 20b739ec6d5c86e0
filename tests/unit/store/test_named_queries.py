"""The headers of named queries."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgpub.errors import CallError
from kgpub.store.named_queries import NamedQuery, catalogue
from kgpub.store.parameters import Parameter

TEXT = """# question: Who held an office on a day?
# question.ar: من شغل منصباً في يوم ما؟
# question.ckb: کێ لە ڕۆژێکدا پۆستێکی هەبوو؟
# parameter: office iri the office
# parameter: day date the day
# columns: person start
# example: office office:mayor-of-al-waha
# example: day   2020-05-07
# Anything else is a comment.
SELECT ?person ?start { ?tenure kg:office ?office }
"""


def test_a_header() -> None:
    query = NamedQuery.parse("holder", TEXT)
    assert query.question == "Who held an office on a day?"
    assert query.questions["ckb"] == "کێ لە ڕۆژێکدا پۆستێکی هەبوو؟"
    assert query.questions.keys() == {"en", "ar", "ckb"}
    assert query.parameters == (
        Parameter("office", "iri", "the office"),
        Parameter("day", "date", "the day"),
    )
    assert query.columns == ("person", "start")
    assert query.example == {"office": "office:mayor-of-al-waha", "day": "2020-05-07"}


def test_lines_that_end_as_on_windows() -> None:
    query = NamedQuery.parse("holder", TEXT.replace("\n", "\r\n"))
    assert query == NamedQuery(**{**vars(NamedQuery.parse("holder", TEXT)), "text": query.text})


def test_without_a_header() -> None:
    query = NamedQuery.parse("any", "ASK {}")
    assert (query.question, query.parameters, query.columns, query.example) == ("", (), (), {})


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("day date the day", "day datetime the day", ":5:1: the header has a parameter"),
        ("day date the day", "1day date the day", ":5:1: the header has a parameter"),
        ("# example: day   2020-05-07\n", "", "the examples are not those of the parameters"),
        ("example: day", "example: days", "the examples are not those of the parameters"),
    ],
)
def test_a_header_that_cannot_be_read(old: str, new: str, words: str) -> None:
    with pytest.raises(CallError) as caught:
        NamedQuery.parse("holder", TEXT.replace(old, new), "queries/holder.rq")
    assert words in caught.value.message
    assert caught.value.message.startswith("queries/holder.rq")
    assert "# " in caught.value.remedy


def test_a_workspace_goes_before_what_comes_with_kgpub(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    for folder, text in ((first, "ASK {}"), (second, "ASK { ?s ?p ?o }")):
        folder.mkdir()
        (folder / "same.rq").write_text(text)
    (second / "other.rq").write_text("# parameter: x y z\nASK {}")
    told: list[CallError] = []
    assert [(query.name, query.text) for query in catalogue([first, second], told.append)] == [
        ("same", "ASK {}")
    ]
    [error] = told
    assert "other.rq:1:1" in error.message
