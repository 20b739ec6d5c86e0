"""Which blank nodes Turtle writes where they are referred to, as `[ … ]` or `( … )`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, Triple

from kgpub.serialisation.description import BLANK, Description, Descriptions, Object
from kgpub.vocabulary import RDF

MAX_NESTED = 60
"""Brackets within each other at most; a node that would stand deeper has a label instead."""

_FIRST, _REST, _NIL = RDF + "first", RDF + "rest", RDF + "nil"


@dataclass(frozen=True)
class Nesting:
    """The blank nodes that are written without a label.

    `lists` has the members of lists by their heads, `brackets` are the nodes that are no list,
    `within` are all subjects that are not written by themselves.
    """

    lists: Mapping[str, list[Object]] = field(default_factory=dict)
    brackets: frozenset[str] = frozenset()
    within: frozenset[str] = frozenset()

    @classmethod
    def of(cls, descriptions: Descriptions) -> Nesting:
        """Choose the nodes that are referred to once, unless they do so in a circle."""
        referred = Counter(_referred(descriptions))
        once = {node for node in descriptions if referred[node] == 1}
        lists: dict[str, list[Object]] = {}
        brackets: set[str] = set()
        within: set[str] = set()
        alone = (about for node, about in descriptions.items() if node not in once)
        level = [each for about in alone for each in _objects(about)]
        for _ in range(MAX_NESTED):
            below: list[Object] = []
            for each in level:
                if not isinstance(each, str) or each not in once:
                    continue
                cells, members = _list(each, descriptions, once)
                if cells:
                    lists[each] = members
                    within.update(cells)
                    below += members
                else:
                    brackets.add(each)
                    within.add(each)
                    below += _objects(descriptions[each])
            level = below
        return cls(lists, frozenset(brackets), frozenset(within))


def _objects(about: Description) -> Iterator[Object]:
    return (each for objects in about.values() for each in objects)


def _referred(descriptions: Descriptions) -> Iterator[str]:
    """Yield blank nodes as often as they are referred to; those of triple terms need a label."""
    for about in descriptions.values():
        for each in _objects(about):
            if isinstance(each, Triple):
                yield from (node for node in _blank_nodes(each) for _ in range(2))
            elif isinstance(each, str) and each.startswith(BLANK):
                yield each


def _blank_nodes(triple: Triple) -> Iterator[str]:
    for term in triple:
        if isinstance(term, BlankNode):
            yield f"{BLANK}{term.value}"
        elif isinstance(term, Triple):
            yield from _blank_nodes(term)


def _list(
    head: str, descriptions: Descriptions, once: Container[str]
) -> tuple[list[str], list[Object]]:
    """Return the nodes of the list at `head`, and its members; none where it is not well-formed."""
    cells: list[str] = []
    members: list[Object] = []
    node: Object = head
    while node != _NIL:
        if not isinstance(node, str) or node not in once:
            return [], []
        about = descriptions[node]
        if about.keys() != {_FIRST, _REST} or any(len(each) != 1 for each in about.values()):
            return [], []
        cells.append(node)
        members += about[_FIRST]
        (node,) = about[_REST]
    return cells, members
