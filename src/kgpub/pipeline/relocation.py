"""After an article's text has changed: does `occurrence: 2` still mean the words it meant?

Words that no longer stand are found by grounding. Words that stand several times may be picked
out by a number that now leads elsewhere, which only the passage of the last build can tell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from pyoxigraph import Literal, Quad

from kgpub.errors import Place, Problem
from kgpub.grounding import relocate
from kgpub.grounding.submission import Grounded
from kgpub.messages import Message
from kgpub.model.text import Passage
from kgpub.model.tree import Fields, Items, Scalar, Tree
from kgpub.vocabulary import OA

_PARTS = {OA + name: name for name in ("start", "end", "exact", "prefix", "suffix")}


def moved_occurrences(
    before: Iterable[Quad], tree: Tree, grounded: Grounded, text: str, file: str
) -> tuple[Problem, ...]:
    """Return an error for each `occurrence` that picks other words of `text` than `before` had."""
    numbered: dict[str, list[tuple[Scalar, Scalar]]] = defaultdict(list)
    for words, occurrence in _numbered(tree):
        if words in grounded.passages:
            numbered[words.text].append((words, occurrence))
    if not numbered:
        return ()
    earlier: dict[str, list[Passage]] = defaultdict(list)
    for passage in _passages(before):
        earlier[passage.exact].append(passage)
    problems: list[Problem] = []
    for exact, chosen in numbered.items():
        then = sorted(earlier[exact], key=lambda passage: passage.start)
        if not all(_stands(passage, text) for passage in then):
            problems.extend(_moved(chosen, then, grounded, text, file))
    return tuple(problems)


def _moved(
    chosen: Iterable[tuple[Scalar, Scalar]],
    then: Sequence[Passage],
    grounded: Grounded,
    text: str,
    file: str,
) -> Iterator[Problem]:
    """Yield an error for each of the same words whose number no longer leads where it led.

    Numbers follow the text, so the passages of the last build and of this one correspond in their
    order; where there are more or fewer of them than before, that cannot be told.
    """
    now = sorted({grounded.passages[words].start for words, _ in chosen})
    if len(now) != len(then):
        return
    expected = dict(zip(now, (relocate(passage, text) for passage in then), strict=True))
    for words, occurrence in chosen:
        start = grounded.passages[words].start
        place_now = expected[start]
        if isinstance(place_now, Passage) and place_now.start != start:
            message = Message(
                "occurrence-moved", number=occurrence.text, start=start, now=place_now.start
            )
            remedy = Message("write-occurrence", number=_number(place_now, text))
            place = Place(file, occurrence.line, occurrence.column)
            yield Problem(place, message, remedy)


def _number(passage: Passage, text: str) -> int:
    """Return which occurrence of its words a passage is, from 1, overlapping ones counted."""
    number, at = 1, text.find(passage.exact)
    while at != passage.start:
        number, at = number + 1, text.find(passage.exact, at + 1)
    return number


def _numbered(tree: Tree) -> Iterator[tuple[Scalar, Scalar]]:
    statements = tree.get("statements") if isinstance(tree, Fields) else None
    for statement in statements if isinstance(statements, Items) else ():
        if isinstance(statement, Fields):
            words, occurrence = statement.get("words"), statement.get("occurrence")
            if isinstance(words, Scalar) and isinstance(occurrence, Scalar):
                yield words, occurrence


def _passages(quads: Iterable[Quad]) -> Iterator[Passage]:
    parts: dict[str, dict[str, str]] = defaultdict(dict)
    for quad in quads:
        name = _PARTS.get(quad.predicate.value)
        if name and isinstance(quad.object, Literal):
            parts[str(quad.subject)][name] = quad.object.value
    for part in parts.values():
        numbers = (part.get("start", ""), part.get("end", ""))
        # What another version kept may be without some of it.
        if len(part) == len(_PARTS) and all(number.isdecimal() for number in numbers):
            yield Passage(
                int(part["start"]), int(part["end"]), part["exact"], part["prefix"], part["suffix"]
            )


def _stands(passage: Passage, text: str) -> bool:
    return Passage.of(text, passage.start, passage.end) == passage
