"""Subjects in Turtle from lines of N-Quads: as `turtle_document` writes them, and quicker.

What is written of a subject is laid out by which predicates it has; of these sets there are few.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from kgpub.serialisation.order import Order
from kgpub.serialisation.subject_lines import TYPE, Said, objects_in_order
from kgpub.serialisation.turtle_document import INDENT, object_list
from kgpub.serialisation.turtle_text import TurtleText

_MAX_KEPT = 10_000
"""Sets of predicates of which the layout is kept, and sets of classes."""


class _Layout(NamedTuple):
    """In which order predicates are written, and how each is.

    `template` is what follows the subject where each predicate has one object.
    """

    order: tuple[int, ...]
    verbs: tuple[tuple[int, str], ...]
    template: str


class TurtleSubjects:
    """Writes subjects with their terms as `text` has them, all lines behind `margin`."""

    def __init__(self, text: TurtleText, order: Order, margin: str = "") -> None:
        self._text = text
        self._order = order
        self._margin = margin
        self._separator = f" ;\n{margin}{INDENT}"
        self._layouts: dict[tuple[str, ...], _Layout] = {}
        self._types: dict[tuple[str, ...], str] = {}

    def block(self, said: Said, position: Callable[[str], int]) -> str:
        """Return what is said of one subject; `position` is that of a term that is a subject."""
        term, known = self._text.line_term, self._text.known.get
        predicates, objects = said.predicates, said.objects
        start = f"{self._margin}{term(said.subject)} "
        layout = self._layouts.get(predicates) or self._laid_out(predicates)
        if len(objects) == len(predicates):
            its = [objects[each] for each in layout.order]
            return start + layout.template % tuple([known(each) or term(each) for each in its])
        parts: list[str] = []
        for each, verb in layout.verbs:
            its = said.of(each)
            if len(its) == 1:
                parts.append(f"{verb} {known(its[0]) or term(its[0])}")
            elif verb == "a":
                parts.append(self._types.get(tuple(its)) or self._classes(its, position))
            else:
                its = objects_in_order(self._order, predicates[each], its, position)
                written = [known(each) or term(each) for each in its]
                used = len(verb) + (len(self._margin) + len(INDENT) if parts else len(start))
                parts.append(verb + object_list(written, used, self._margin))
        return f"{start}{self._separator.join(parts)} .\n"

    def _classes(self, terms: list[str], position: Callable[[str], int]) -> str:
        ordered = objects_in_order(self._order, TYPE, terms, position)
        written = f"a {' , '.join(map(self._text.line_term, ordered))}"
        if len(self._types) == _MAX_KEPT:
            self._types.clear()
        self._types[tuple(terms)] = written
        return written

    def _laid_out(self, predicates: tuple[str, ...]) -> _Layout:
        key = self._order.predicate_key
        order = sorted(range(len(predicates)), key=lambda each: key(predicates[each][1:-1]))
        verbs = [(each, self._text.verb(predicates[each][1:-1])) for each in order]
        escaped = (verb.replace("%", "%%") for _, verb in verbs)
        template = f"{self._separator.join(f'{verb} %s' for verb in escaped)} .\n"
        if len(self._layouts) == _MAX_KEPT:
            self._layouts.clear()
        layout = self._layouts[predicates] = _Layout(tuple(order), tuple(verbs), template)
        return layout
