"""After an article's text has changed: does `occurrence: 2` still mean the words it meant?

Words that no longer stand are found by grounding. Words that stand several times may be picked
out by a number that now leads elsewhere, which only the passage of the last build can tell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, Quad

from kgpub.errors import Place, Problem
from kgpub.grounding import relocate
from kgpub.grounding.submission import Grounded
from kgpub.model.text import Passage
from kgpub.model.tree import Fields, Items, Scalar, Tree
from kgpub.vocabulary import OA

_PARTS = {OA + name: name for name in ("start", "end", "exact", "prefix", "suffix")}


def moved_occurrences(
    before: Iterable[Quad], tree: Tree, grounded: Grounded, text: str, file: str
) -> tuple[Problem, ...]:
    """Return a warning for each `occurrence` that picks other words of `text` than `before` had."""
    numbered = list(_numbered(tree))
    if not numbered:
        return ()
    earlier: dict[str, list[Passage]] = defaultdict(list)
    for passage in _passages(before):
        if not _stands(passage, text):
            earlier[passage.exact].append(passage)
    warnings = []
    for words, occurrence in numbered:
        now = grounded.passages.get(words)
        then = earlier.get(words.text, [])
        if now is None or len(then) != 1:
            continue
        expected = relocate(then[0], text)
        if isinstance(expected, Passage) and expected.start != now.start:
            message = (
                f"the article has changed, and occurrence {occurrence.text} of these words is now "
                f"another place (character {now.start}) than in the last build, whose place is "
                f"now at character {expected.start}"
            )
            remedy = "Check the article, and correct the number."
            place = Place(file, occurrence.line, occurrence.column)
            warnings.append(Problem(place, message, remedy, "warning"))
    return tuple(warnings)


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
        yield Passage(
            int(part["start"]), int(part["end"]), part["exact"], part["prefix"], part["suffix"]
        )


def _stands(passage: Passage, text: str) -> bool:
    return Passage.of(text, passage.start, passage.end) == passage
