"""All words of a submission, each with the passage where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kgpub.errors import Place, Problem
from kgpub.grounding.description import describe
from kgpub.grounding.occurrence import ground
from kgpub.grounding.outcome import Repeated, Ungrounded
from kgpub.model.text import Passage
from kgpub.model.tree import Fields, Items, Scalar, Tree
from kgpub.vocabulary import ENTITY_SECTIONS

MAX_SEARCHES = 20
"""Problems of one file after which no nearest passages are looked for.

A search in a long article takes some tenths of a second, and a file may hold any number of words.
"""


@dataclass(frozen=True)
class Grounded:
    """Where each `words` and `introduced-by` of a submission stands, and what has no place."""

    passages: Mapping[Scalar, Passage]
    problems: tuple[Problem, ...]


def ground_submission(tree: Tree, text: str, file: str) -> Grounded:
    """Ground every statement of `tree` in the article's `text`.

    So is every `spelling`, which is a form of a name as the article has it.
    Words that introduce a speaker are often the same for several quotations; of their
    occurrences the one nearest to the words themselves is taken.
    """
    passages: dict[Scalar, Passage] = {}
    problems: list[Problem] = []
    for statement in _statements(tree):
        words = statement.get("words")
        if not isinstance(words, Scalar):
            message = "this statement has no words"
            remedy = "Copy the article's exact words behind the key `words`."
            at = words or statement
            problems.append(Problem(Place(file, at.line, at.column), message, remedy))
            continue
        occurrence, problem = _occurrence(statement.get("occurrence"), file)
        if problem is not None:
            problems.append(problem)
            continue
        search = len(problems) < MAX_SEARCHES
        found = ground(text, words.text, occurrence, search=search)
        if isinstance(found, Ungrounded):
            problems.append(_problem(found, words, file))
            continue
        passages[words] = found
        introduction = statement.get("introduced-by")
        if introduction is not None and statement.get("said-by") is None:
            place = Place(file, introduction.line, introduction.column)
            message = "the words name a speaker, and said-by is missing"
            problems.append(Problem(place, message, "Add said-by: with whoever says it."))
        if isinstance(introduction, Scalar):
            near = _nearest(text, introduction.text, found, search)
            if isinstance(near, Ungrounded):
                problems.append(_problem(near, introduction, file))
            else:
                passages[introduction] = near
    for spelling in _spellings(tree):
        if spelling.text and spelling.text not in text:
            search = len(problems) < MAX_SEARCHES
            found = ground(text, spelling.text, search=search)
            if isinstance(found, Ungrounded):
                problems.append(_problem(found, spelling, file))
    return Grounded(passages, tuple(problems))


def _statements(tree: Tree) -> Iterator[Fields]:
    statements = tree.get("statements") if isinstance(tree, Fields) else None
    for item in statements if isinstance(statements, Items) else (statements,):
        if isinstance(item, Fields):
            yield item


def _spellings(tree: Tree) -> Iterator[Scalar]:
    """Yield the forms of names that are said to stand in the article."""
    for section in ENTITY_SECTIONS:
        entities = tree.get(section) if isinstance(tree, Fields) else None
        for _, entity in entities if isinstance(entities, Fields) else ():
            by_language = entity.get("spelling") if isinstance(entity, Fields) else None
            for _, texts in by_language if isinstance(by_language, Fields) else ():
                for item in texts if isinstance(texts, Items) else (texts,):
                    if isinstance(item, Scalar):
                        yield item


def _occurrence(value: Tree | None, file: str) -> tuple[int | None, Problem | None]:
    if value is None:
        return None, None
    text = value.text if isinstance(value, Scalar) else ""
    if text.isascii() and text.isdigit() and len(text) < 8 and int(text) > 0:
        return int(text), None
    place = Place(file, value.line, value.column)
    message = f"{text!r} is not the number of an occurrence"
    return None, Problem(place, message, "Occurrences count from 1: the second is 2.")


def _nearest(text: str, words: str, passage: Passage, search: bool) -> Passage | Ungrounded:
    found = ground(text, words, search=search)
    if not isinstance(found, Repeated):
        return found
    before = text.rfind(words, 0, passage.start)
    after = text.find(words, passage.end)
    starts = [start for start in (before, after) if start >= 0]
    if not starts:
        return found
    start = min(starts, key=lambda start: abs(start - passage.start))
    return Passage.of(text, start, start + len(words))


def _problem(found: Ungrounded, at: Scalar, file: str) -> Problem:
    description = describe(found)
    return Problem(Place(file, at.line, at.column), description.message, description.remedy)
