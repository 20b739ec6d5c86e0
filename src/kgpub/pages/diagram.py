"""An ontology as a diagram: its classes in boxes, and properties as lines from class to class.

A class that has no superclass begins a box; what is below it, and the properties that lead from
there to classes, are rows of the same box. So labels never lie on each other or on lines. Boxes
stand in columns, each to the left of those that its properties lead to; right of them where text
runs from right to left.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kgpub.pages.reading import TYPE
from kgpub.pages.rendering import Text
from kgpub.pages.view import View, local_name, shortened
from kgpub.vocabulary import KG, OWL, RDFS

BOX = 190
_GAP = 70
_ROW = 24
_BELOW = 18
"""Between boxes of a column."""
_MARGIN = 2
_PAD, _INDENT = 8, 14
_BASE = 16
"""From the top of a row to the line that letters stand on."""
_MAX_LABEL = 24
"""Code points of a label."""
_HEAD = 7
"""The length of the head of an arrow."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a box: a class, with the anchor that it is a link to, or a property ("").

    `x` is where its text begins, at the right for one that runs from right to left; `y` its top.
    """

    label: Text
    anchor: str
    x: int
    y: int

    @property
    def base(self) -> int:
        return self.y + _BASE


@dataclass(frozen=True, slots=True)
class Box:
    """A box with its rows."""

    x: int
    y: int
    height: int
    rows: tuple[Row, ...]
    width: int = BOX


@dataclass(frozen=True, slots=True)
class Line:
    """A line from the row of a property to that of a class, with the head of its arrow."""

    path: str
    head: str


@dataclass(frozen=True, slots=True)
class Diagram:
    """The diagram, and what its lines tell, each as source, property and target."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    relations: tuple[tuple[Text, Text, Text], ...]


@dataclass(frozen=True, slots=True)
class _Property:
    iri: str
    source: str
    target: str


@dataclass(frozen=True)
class _Ontology:
    """Classes with their superclasses, "" where there is none, and properties between classes."""

    above: Mapping[str, str]
    properties: Sequence[_Property]

    def root(self, class_: str) -> str:
        seen = {class_}
        while self.above[class_] and self.above[class_] not in seen:
            class_ = self.above[class_]
            seen.add(class_)
        return class_

    def below(self, class_: str, depth: int = 0) -> Iterator[tuple[str, int]]:
        """Yield a class and those below it, with their depths, in the order of their names."""
        yield class_, depth
        for each, above in self.above.items():
            if above == class_ and depth < len(self.above):
                yield from self.below(each, depth + 1)

    def columns(self) -> list[list[str]]:
        """Return the roots in columns: each after those that lead to it, as near as can be."""
        roots = [each for each in self.above if self.root(each) == each]
        led = {root: self._led_to(root) for root in roots}
        depths = {root: self._depth(root, led, ()) for root in roots}
        reached = {target for targets in led.values() for target in targets}
        for root in roots:
            if root not in reached and led[root]:
                depths[root] = min(depths[target] for target in led[root]) - 1
        return [
            [root for root in roots if depths[root] == depth]
            for depth in range(max(depths.values(), default=-1) + 1)
        ]

    def _led_to(self, root: str) -> set[str]:
        ends = ((self.root(each.source), self.root(each.target)) for each in self.properties)
        return {target for source, target in ends if source == root != target}

    def _depth(self, root: str, led: Mapping[str, set[str]], path: tuple[str, ...]) -> int:
        """Return the length of the longest way to a root, without going in circles."""
        sources = (each for each in led if root in led[each] and each not in (*path, root))
        return max((self._depth(each, led, (*path, root)) + 1 for each in sources), default=0)


def diagram(view: View) -> Diagram:
    """Return the diagram of the ontology that is read."""
    ontology = _read(view)
    columns = ontology.columns()
    drawing = _Drawing(view, len(columns))
    for number, roots in enumerate(columns):
        top = _MARGIN
        for root in roots:
            top = drawing.add(number, top, list(_rows(ontology, root))) + _BELOW
    return Diagram(
        drawing.width,
        max((box.y + box.height for box in drawing.boxes), default=0) + _MARGIN,
        tuple(drawing.boxes),
        tuple(drawing.line(each) for each in ontology.properties),
        tuple(
            (view.called(each.source), view.called(each.iri), view.called(each.target))
            for each in ontology.properties
        ),
    )


def _read(view: View) -> _Ontology:
    classes = [each for each in view.reading.subjects(TYPE, OWL + "Class") if each.startswith(KG)]
    above = {
        each: next((one for one in view.iris(each, RDFS + "subClassOf") if one in classes), "")
        for each in sorted(classes)
    }
    properties = [
        _Property(iri, source, target)
        for iri in sorted(view.reading.subjects(TYPE, OWL + "ObjectProperty"))
        for source in view.iris(iri, RDFS + "domain")
        for target in view.iris(iri, RDFS + "range")
        if source in above and target in above
    ]
    return _Ontology(above, properties)


def _rows(ontology: _Ontology, root: str) -> Iterator[tuple[str, int, _Property | None]]:
    """Yield the rows of a box: the IRI, how far it is indented, and the property if it is one."""
    for class_, depth in ontology.below(root):
        yield class_, depth, None
        for each in ontology.properties:
            if each.source == class_:
                yield each.iri, depth + 1, each


class _Drawing:
    """Boxes where they stand, and lines between their rows."""

    def __init__(self, view: View, columns: int) -> None:
        self.width = columns * (BOX + _GAP) + 2 * _MARGIN
        self.boxes: list[Box] = []
        self._view = view
        self._forward = -1 if view.frame.direction == "rtl" else 1
        self._classes: dict[str, tuple[int, int]] = {}
        self._properties: dict[_Property, tuple[int, int]] = {}

    def add(self, column: int, top: int, rows: list[tuple[str, int, _Property | None]]) -> int:
        """Put a box in a column, and return where it ends below."""
        x, drawn = self._left(column), []
        for number, (iri, depth, property_) in enumerate(rows):
            y = top + number * _ROW
            place = column, y + _ROW // 2
            if property_ is None:
                self._classes[iri] = place
            else:
                self._properties[property_] = place
            start = _PAD + depth * _INDENT
            at = x + start if self._forward > 0 else x + BOX - start
            called = self._view.called(iri)
            label = Text(shortened(called.text, _MAX_LABEL), called.language)
            drawn.append(Row(label, "" if property_ else local_name(iri), at, y))
        self.boxes.append(Box(x, top, len(rows) * _ROW, tuple(drawn)))
        return top + len(rows) * _ROW

    def line(self, property_: _Property) -> Line:
        """Return the line of a property."""
        (source, y), (target, end_y) = self._properties[property_], self._classes[property_.target]
        # In the same column it leaves and arrives on the same side.
        leaves = self._forward if target >= source else -self._forward
        arrives = self._forward if target > source else -self._forward
        x = self._side(source, leaves)
        end = self._side(target, self._forward if target <= source else -self._forward)
        bend = _GAP // 2
        path = f"M{x} {y}C{x + leaves * bend} {y} {end - arrives * bend} {end_y} {end} {end_y}"
        back = end - arrives * _HEAD
        return Line(path, f"{end},{end_y} {back},{end_y - 4} {back},{end_y + 4}")

    def _left(self, column: int) -> int:
        start = _MARGIN + column * (BOX + _GAP)
        return start if self._forward > 0 else self.width - start - BOX

    def _side(self, column: int, side: int) -> int:
        return self._left(column) + (BOX if side > 0 else 0)
