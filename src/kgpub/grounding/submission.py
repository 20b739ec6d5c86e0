"""All words of a submission, each with the passage where it stands."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from kgpub.errors import FileProblems, Problem
from kgpub.grounding.description import describe
from kgpub.grounding.occurrence import ground
from kgpub.grounding.outcome import OutOfRange, Repeated, Ungrounded
from kgpub.messages import Message
from kgpub.model.keys import is_mistyped
from kgpub.model.slug import quoted
from kgpub.model.text import Passage
from kgpub.model.tree import Faulty, Fields, Items, Scalar, Tree
from kgpub.vocabulary import ENTITY_SECTIONS

_YAML = (".yaml", ".yml")

MAX_SEARCHES = 20
"""Problems of one file after which no nearest passages are looked for.

A search in a long article takes some tenths of a second, and a file may hold any number of words.
"""


@dataclass(frozen=True)
class Grounded:
    """Where each `words` and `introduced-by` of a submission stands, and what has no place."""

    passages: Mapping[Scalar, Passage]
    problems: tuple[Problem, ...]


def ground_submission(tree: Tree, text: str, file: str, keys: Collection[str] = ()) -> Grounded:
    """Ground every statement of `tree` in the article's `text`.

    So is every `spelling`, which is a form of a name as the article has it.
    Words that introduce a speaker are often the same for several quotations; of their
    occurrences the one nearest to the words themselves is taken. `keys` are those of a statement:
    one that seems to be mistyped, which reading tells, is not told to be missing as well.
    """
    passages: dict[Scalar, Passage] = {}
    problems = FileProblems(file)
    for statement in _statements(tree):
        if problems.full:
            break
        words = _text(statement, "words", problems, keys)
        occurrence = _occurrence(statement.get("occurrence"), problems)
        if words is None or occurrence is False:
            continue
        search = len(problems.problems) < MAX_SEARCHES
        found = ground(text, words.text, occurrence, search=search)
        if isinstance(found, Repeated) and isinstance(statement.get("occurrence"), Faulty):
            continue  # which of them is meant is told there, and not known
        if isinstance(found, Ungrounded):
            number = statement.get("occurrence") if isinstance(found, OutOfRange) else None
            _refuse(found, number or words, problems)
            continue
        passages[words] = found
        introduction = statement.get("introduced-by")
        if introduction is None:
            continue
        if statement.get("said-by") is None and not is_mistyped(statement, "said-by", keys):
            problems.add(introduction, Message("speaker-missing"), Message("add-said-by"))
        introduction = _text(statement, "introduced-by", problems)
        if introduction is not None:
            near = _nearest(text, introduction.text, found, search)
            if isinstance(near, Ungrounded):
                _refuse(near, introduction, problems)
            else:
                passages[introduction] = near
    for spelling in _spellings(tree):
        if problems.full:
            break
        if spelling.text and spelling.text not in text:
            search = len(problems.problems) < MAX_SEARCHES
            found = ground(text, spelling.text, search=search)
            if isinstance(found, Ungrounded):
                _refuse(found, spelling, problems)
    return Grounded(passages, tuple(problems.problems))


def _text(
    statement: Fields, key: str, problems: FileProblems, keys: Collection[str] = ()
) -> Scalar | None:
    """Return the text under `key`, or add why there is none, unless it is mistyped."""
    value = statement.get(key)
    if isinstance(value, Scalar):
        return value
    if isinstance(value, Faulty) or (value is None and is_mistyped(statement, key, keys)):
        return None
    if value is None:
        remedy = Message("copy-behind-key", key=key)
        problems.add(statement, Message("words-missing", key=key), remedy)
    else:
        message = Message("one-text-expected", key=repr(key))
        problems.add(value, message, Message("write-in-one-piece"))
    return None


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


def _occurrence(value: Tree | None, problems: FileProblems) -> int | Literal[False] | None:
    """Return the number of an occurrence, None where none is known, False for what is no number."""
    if value is None or isinstance(value, Faulty):
        return None
    text = value.text if isinstance(value, Scalar) else ""
    if text.isascii() and text.isdigit() and len(text) < 8 and int(text) > 0:
        return int(text)
    message = Message("occurrence-invalid", value=quoted(text))
    problems.add(value, message, Message("occurrences-count"))
    return False


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


def _refuse(found: Ungrounded, at: Tree, problems: FileProblems) -> None:
    in_yaml = problems.file.lower().endswith(_YAML)
    description = describe(found, in_yaml)
    problems.add(at, description.message, description.remedy)
