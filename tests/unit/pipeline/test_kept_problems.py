"""Problems as a build keeps them: the next one tells the same; what is damaged it does not read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from kgpub.errors import Place, Problem
from kgpub.messages import LANGUAGES, Given, Lines, Message, said
from kgpub.pipeline.kept_problems import problems_of, problems_text

NAMES = Lines(["أ", "b"], Message("comma"))
PROBLEMS = (
    Problem(
        Place("a.yaml", 2, 3),
        Message("marked-in-part", number="10,000", about="2"),
        Message("marked-in-part-about", names=NAMES),
        "warning",
        (Place("b.xlsx", 4, 5, sheet="people"),),
    ),
    Problem(
        Place("c.ttl"),
        Given("S-name", {"en": "no", "ar": "لا"}),
        Lines([Message("mend-others"), "text"]),
        code="S",
        about=frozenset(("urn:a",)),
    ),
    Problem(Place("d.yaml"), Message("mend-others")),
)
KEPT = json.loads(problems_text(PROBLEMS))


def test_the_same_is_told_in_every_language() -> None:
    kept = problems_of(problems_text(PROBLEMS))
    assert kept == PROBLEMS
    assert [each.about for each in kept] == [each.about for each in PROBLEMS]
    for language in LANGUAGES:
        for one, other in zip(kept, PROBLEMS, strict=True):
            assert said(one.message, language) == said(other.message, language)
            assert said(one.remedy, language) == said(other.remedy, language)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "null",
        '"abcdefg"',
        "[[]]",
        '[["f", 1, 1, ""]]',
        '[[["f",1,1,""],["message","mend-others",[]],"","error",[],"",[]]]',
        '[[["f",1,1,""],["message","no-such-message",{}],"","error",[],"",[]]]',
        '[[["f",1,1,""],["message","marked-in-part",{}],"","error",[],"",[]]]',
        '[[["f",1,1,""],["other","mend-others",{}],"","error",[],"",[]]]',
        '[[["f",1,1,""],["given","S",{}],"","error",[],"",[]]]',
        '[[["f",1,1,""],["given","S",["en"]],"","error",[],"",[]]]',
        '[[["f",1,1,""],"abc","","error",[],"",[]]]',
        '[[["f","1",1,""],["message","mend-others",{}],"","error",[],"",[]]]',
        '[[["f",1,1,""],["message","mend-others",{}],null,"error",[],"",[]]]',
        '[[["f",1,1,""],["message","mend-others",{}],"","error",[],"","abc"]]',
        "[" * 100_000,
    ],
)
def test_text_of_another_form_is_none(text: str) -> None:
    assert problems_of(text) is None


def replaced(value: Any, other: Any) -> Iterator[Any]:
    """Yield `value` with each thing in it, one after the other, replaced by `other`."""
    yield other
    if isinstance(value, list):
        for index, each in enumerate(value):
            for new in replaced(each, other):
                yield [*value[:index], new, *value[index + 1 :]]
    if isinstance(value, dict):
        for name, each in value.items():
            yield from ({**value, name: new} for new in replaced(each, other))


@pytest.mark.parametrize("other", [None, True, 7, 0.5, "x", [], {}, [[]], {"x": "y"}])
def test_what_is_read_of_damaged_text_is_what_it_says(other: Any) -> None:
    """That is, where it is read at all, it is the text of the problems read."""
    texts = [json.dumps(each, ensure_ascii=False) for each in replaced(KEPT, other)]
    assert len(texts) > 70
    for text in texts:
        found = problems_of(text)
        assert found is None or problems_text(found) == text
