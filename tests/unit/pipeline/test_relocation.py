"""After an article has changed, numbers of occurrences that lead elsewhere are told.

Before and after are built by the pipeline itself, from texts in which the right answer is plain.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from pyoxigraph import Literal, Quad

from kgpub.errors import Problem
from kgpub.grounding.submission import ground_submission
from kgpub.mapping import map_article, map_submission
from kgpub.model.submission import ArticleFile
from kgpub.pipeline.relocation import moved_occurrences
from kgpub.sources import read_submission
from kgpub.vocabulary.schema import schema

SCHEMA = schema("https://example.org/data/")
FILE = "articles/news/facts.json"
FIRST = "قال الوزير نعم في بغداد يوم الأحد."
SECOND = "ثم قال النائب نعم في أربيل يوم الخميس."
TEXT = f"{FIRST} {SECOND}"


def _statement(occurrence: int | None, words: str = "نعم", **more: Any) -> dict[str, Any]:
    number = {} if occurrence is None else {"occurrence": str(occurrence)}
    return {"words": words, **number, **more}


def _quads(text: str, statements: list[dict[str, Any]]) -> tuple[Quad, ...]:
    return _mapped(text, statements)[0]


def _mapped(text: str, statements: list[dict[str, Any]]) -> tuple[tuple[Quad, ...], Any, Any, str]:
    content = json.dumps({"statements": statements}, ensure_ascii=False)
    source = read_submission(content.encode(), FILE, "news", SCHEMA)
    article = ArticleFile("news", "article.yaml", text, "sha256:0", source.tree)
    about, _ = map_article(article, SCHEMA)
    grounded = ground_submission(source.tree, text, FILE)
    mapped = map_submission(source, about, grounded.passages, SCHEMA)
    return mapped.quads, source.tree, grounded, content


def _errors(
    before: str,
    after: str,
    statements: list[dict[str, Any]],
    statements_before: list[dict[str, Any]] | None = None,
) -> list[tuple[Problem, str]]:
    """What is told when the text `before` has become `after`, with the number that it stands at."""
    quads = _quads(before, statements if statements_before is None else statements_before)
    _, tree, grounded, content = _mapped(after, statements)
    problems = moved_occurrences(quads, tree, grounded, after, FILE)
    return [(problem, content[problem.place.column - 1 :].split('"')[1]) for problem in problems]


def _numbers(*arguments: Any, **keywords: Any) -> list[str]:
    return [number for _, number in _errors(*arguments, **keywords)]


def test_an_unchanged_article_is_silent() -> None:
    assert _errors(TEXT, TEXT, [_statement(1), _statement(2)]) == []


@pytest.mark.parametrize("number", [1, 2])
def test_a_text_that_moved_with_its_words_is_silent(number: int) -> None:
    assert _errors(TEXT, f"عنوان جديد طويل. {TEXT}", [_statement(number)]) == []
    assert _errors(TEXT, f"{FIRST} وأضاف شيئا. {SECOND}", [_statement(number)]) == []


@pytest.mark.parametrize("number", [1, 2])
def test_the_same_words_put_in_before_lead_the_number_elsewhere(number: int) -> None:
    after = f"نعم: هذا هو الخبر. {TEXT}"
    ((error, at),) = _errors(TEXT, after, [_statement(number)])
    starts = [start for start in range(len(after)) if after.startswith("نعم", start)]
    assert error.severity == "error"
    assert at == str(number)
    assert f"occurrence {number} of these words is now another place" in error.message
    assert f"(character {starts[number - 1]})" in error.message
    assert error.message.endswith(f"now at character {starts[number]}")
    assert error.remedy.startswith(f"Write occurrence: {number + 1} for the place")


def test_a_corrected_number_is_silent() -> None:
    after = f"نعم: هذا هو الخبر. {TEXT}"
    assert _errors(TEXT, after, [_statement(3)], [_statement(2)]) == []


def test_the_first_of_two_taken_away_leads_the_second_elsewhere() -> None:
    after = f"{SECOND} {SECOND.replace('أربيل', 'دهوك')}"
    before = f"{FIRST} {SECOND} {SECOND.replace('أربيل', 'دهوك')}"
    assert _numbers(before, after, [_statement(2)]) == ["2"]


def test_each_number_of_the_same_words_is_held_against_its_own_place() -> None:
    """Only what lies behind the change has moved; what lies before it is no cause for a error."""
    both = [_statement(1), _statement(2)]
    assert _errors(TEXT, f"{FIRST} وأضاف شيئا كثيرا. {SECOND}", both) == []
    between = f"{FIRST} وأجاب بنعم: نعم ولا. {SECOND}"
    assert _numbers(TEXT, between.replace("بنعم", "بكلمة"), both) == ["2"]
    assert _numbers(TEXT, f"نعم: هذا هو الخبر. {TEXT}", both) == ["1", "2"]


def test_several_statements_of_the_same_place_are_each_told() -> None:
    statements = [_statement(2), _statement(2, **{"said-by": "person/a"})]
    assert _numbers(TEXT, f"نعم: هذا هو الخبر. {TEXT}", statements) == ["2", "2"]


def test_words_without_a_number_need_no_telling() -> None:
    text = "كلمة واحدة هنا."
    assert _errors(text, f"جديد: {text}", [_statement(None, "واحدة")]) == []


def test_words_that_no_longer_stand_are_left_to_grounding() -> None:
    assert _errors(TEXT, "نص آخر تماما.", [_statement(2)]) == []


def test_a_first_build_is_silent() -> None:
    _, tree, grounded, _ = _mapped(TEXT, [_statement(2)])
    assert moved_occurrences((), tree, grounded, TEXT, FILE) == ()


def test_where_statements_came_or_went_nothing_is_guessed() -> None:
    after = f"عنوان. {TEXT}"
    assert _errors(TEXT, after, [_statement(1), _statement(2)], [_statement(2)]) == []
    assert _errors(TEXT, after, [_statement(1)], [_statement(1), _statement(2)]) == []


def test_passages_of_another_version_that_lack_something_are_passed_over() -> None:
    """The cache of another version may have kept other things about passages, or otherwise."""
    statements = [_statement(1), _statement(2)]
    quads = _quads(TEXT, statements)
    after = f"نعم. {TEXT}"
    _, tree, grounded, _ = _mapped(after, statements)
    assert moved_occurrences(quads, tree, grounded, after, FILE)
    for name in ("start", "end", "exact", "prefix", "suffix"):
        lacking = [quad for quad in quads if not quad.predicate.value.endswith(f"#{name}")]
        assert len(lacking) < len(quads)
        assert moved_occurrences(lacking, tree, grounded, after, FILE) == ()
    words = [_replaced(quad) for quad in quads]
    assert moved_occurrences(words, tree, grounded, after, FILE) == ()


def _replaced(quad: Quad) -> Quad:
    if not quad.predicate.value.endswith("#start"):
        return quad
    return Quad(quad.subject, quad.predicate, Literal("first"), quad.graph_name)
