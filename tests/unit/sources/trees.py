"""Trees without and with positions, to compare with what other readers give."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import pytest

from kgpub.errors import FileProblems, Problem, SubmissionErrors
from kgpub.model.sheets import with_sheets
from kgpub.model.tree import Faulty, Fields, Items, Scalar, Tree

Content = TypeVar("Content", str, bytes)


def plain(tree: Tree) -> Any:
    """Texts, lists, dictionaries."""
    match tree:
        case Scalar():
            return tree.text
        case Items():
            return [plain(item) for item in tree]
        case Fields():
            return {key.text: plain(value) for key, value in tree}
        case Faulty():
            return None


def whole(read: Callable[..., Tree], content: Content, file: str, *arguments: object) -> Tree:
    """The tree of content in which nothing is wrong; raises SubmissionErrors otherwise."""
    problems = FileProblems(file)
    tree = read(content, problems, *arguments)
    if problems.problems:
        raise SubmissionErrors(map(with_sheets, problems.problems))
    return tree


def nodes(tree: Tree) -> Iterator[Tree]:
    """Every node, keys included, in the order of the file."""
    yield tree
    if isinstance(tree, Items):
        for item in tree:
            yield from nodes(item)
    elif isinstance(tree, Fields):
        for key, value in tree:
            yield key
            yield from nodes(value)


def offset(text: str, line: int, column: int) -> int:
    """Where line and column are in `text`; lines end in line feeds."""
    lines = text.split("\n")
    assert 1 <= line <= len(lines) and 1 <= column <= len(lines[line - 1]) + 1
    return sum(len(before) + 1 for before in lines[: line - 1]) + column - 1


def problem(read: Callable[..., object], *arguments: object) -> Problem:
    """The one problem that reading ends in."""
    with pytest.raises(SubmissionErrors) as caught:
        read(*arguments)
    (only,) = caught.value.problems
    return only


def told(read: Callable[..., object], *arguments: object) -> tuple[int, int, str]:
    only = problem(read, *arguments)
    return only.place.line, only.place.column, f"{only.message} {only.remedy}"
