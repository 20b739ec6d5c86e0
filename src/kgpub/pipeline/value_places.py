"""Where the values that results speak of are written, or the nodes that lack one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from kgpub.errors import Place
from kgpub.model.report import Node, Result
from kgpub.model.sheets import place_of
from kgpub.model.submission import Placed
from kgpub.pipeline.path_places import PathPlaces, PlacedTerm, first_steps, order, steps
from kgpub.serialisation.line_feed import Term
from kgpub.sources.rdf import RdfFile
from kgpub.sources.rdf_subjects import first_as_subject
from kgpub.vocabulary import SH
from kgpub.vocabulary.schema import TYPE

if TYPE_CHECKING:
    from kgpub.validation.index import TripleIndex

MAX_PLACES = 10
"""Places that a problem lists; a node may have a hundred thousand values where one is allowed."""

_SPARQL = SH + "SPARQLConstraintComponent"
UNIQUE_LANGUAGE = SH + "UniqueLangConstraintComponent"
_CLOSED = SH + "ClosedConstraintComponent"
_EQUALS, _HAS_VALUE = SH + "EqualsConstraintComponent", SH + "HasValueConstraintComponent"


@dataclass(frozen=True)
class _Values:
    """The places of what a node has for a path, and of each value the first.

    Of the places there are one more than MAX_PLACES, and the first in each of the other files.
    """

    everywhere: tuple[Place, ...]
    by_value: Mapping[Term, Place]

    @classmethod
    def of(cls, values: Iterable[PlacedTerm]) -> _Values:
        ordered = sorted(values, key=lambda pair: order(pair[1]))
        by_value: dict[Term, Place] = {}
        everywhere: dict[Place, None] = {}
        files: set[str] = set()
        for value, place in ordered:
            by_value.setdefault(value, place)
            if len(everywhere) <= MAX_PLACES or place.file not in files:
                everywhere[place] = None
                files.add(place.file)
        return cls(tuple(everywhere), by_value)


class ValuePlaces:
    """The places of the values of `results`, as far as `parts` have them.

    `shapes` tell what properties a constraint compares, and which values it asks for. `nowhere` is
    the place of a node that no part tells of, unless these are RDF files: then that of the first.
    """

    def __init__(
        self,
        parts: Sequence[Placed],
        results: Sequence[Result],
        shapes: TripleIndex | None,
        nowhere: Place,
    ) -> None:
        self._parts = parts
        self._shapes = shapes
        self._nowhere = nowhere
        self._focuses: set[Term] = set()
        self._sought: set[tuple[Term, Term]] = set()
        # Of a property shape that is closed, the triple is about a value node, which is not told.
        self._closed: dict[tuple[str, Term], list[PlacedTerm]] = {}
        for each in results:
            self._focuses.add(each.focus)
            if each.value is not None and _may_be_found(each):
                self._sought.add((each.focus, each.value))
            if each.component == _CLOSED and each.value is not None:
                for iri, _ in first_steps(each):
                    self._closed[iri, each.value] = []
        self._paths = PathPlaces(results)
        self._types: dict[Term, list[PlacedTerm]] = defaultdict(list)
        self._values: dict[tuple[Term, str], list[PlacedTerm]] = defaultdict(list)
        self._as_object: dict[Term, tuple[bool, tuple[str, str, int, int], Place]] = {}
        # A query of a shape may have found the value of its result anywhere.
        self._anywhere: dict[tuple[Term, Term], Place] = {}
        # A node may have any number of values, and a result for each of them.
        self._sorted: dict[tuple[Term, str, bool, str, str], _Values] = {}
        self._others: dict[tuple[Term, str], _Values] = {}
        if self._focuses:
            for part in parts:
                self._read(part)

    def _read(self, part: Placed) -> None:
        targets = self._targets
        # Of a workspace not all files may be at hand, so only what describes a focus node counts.
        whole = isinstance(part, RdfFile)
        followed = self._paths.predicates if whole else frozenset()
        for quad, position in zip(part.quads, part.positions, strict=True):
            subject = quad.subject
            is_focus = subject in self._focuses
            if not (is_focus or whole):
                continue
            predicate, value = quad.predicate.value, quad.object
            is_followed = predicate in followed
            is_named = whole and value in self._focuses
            closed = self._closed.get((predicate, value)) if whole else None
            if not (is_focus or is_followed or is_named) and closed is None:
                continue
            place = place_of(part.file, *position)
            if closed is not None:
                closed.append((subject, place))
            if is_followed:
                self._paths.note(quad, place)
            if is_focus:
                self._values[subject, predicate].append((value, place))
                if quad.predicate == TYPE:
                    self._types[subject].append((value, place))
                if (key := (subject, value)) in self._sought:
                    known = self._anywhere.get(key)
                    self._anywhere[key] = place if known is None else min(known, place, key=order)
            if is_named:
                found = (predicate not in targets, order(place), place)
                self._as_object[value] = min(self._as_object.get(value, found), found)

    @cached_property
    def _targets(self) -> frozenset[str]:
        """The predicates whose objects are targets."""
        pairs = self._shapes.pairs(SH + "targetObjectsOf") if self._shapes is not None else []
        return frozenset(value.value for _, value in pairs if isinstance(value, NamedNode))

    def of(self, result: Result) -> tuple[Place, tuple[Place, ...]]:
        """Return the place of a result, and all places of the values that it is about.

        Where there are none, these are the places of the values that the path begins with, else
        where the node is described.
        """
        found = self._values_of(result)
        place = None
        if result.value is not None and (result.path or result.value != result.focus):
            place = self._of_value(result, result.value, found)
        everywhere = found.everywhere
        return place or (everywhere[0] if everywhere else self._file), everywhere

    def differing(self, result: Result) -> list[tuple[Term, Place]]:
        """Return the different values that a result is about, with the first place of each."""
        return list(self._values_of(result).by_value.items())

    def _values_of(self, result: Result) -> _Values:
        is_special = result.component in (UNIQUE_LANGUAGE, _HAS_VALUE)
        special = (result.component, result.shape) if is_special else ("", "")
        key = (result.focus, result.path or "", result.value is None, *special)
        if key not in self._sorted:
            self._sorted[key] = _Values.of(self._of_node(result))
        return self._sorted[key]

    def _of_node(self, result: Result) -> list[PlacedTerm]:
        """Return what a result is about: what its path leads to, or begins with, else the node."""
        values = self._paths.ends(result) if result.value is None else []
        if not values:
            values = self._paths.starts(result)
            for iri, inverse in first_steps(result):
                values += [] if inverse else self._values.get((result.focus, iri), [])
        if result.component == UNIQUE_LANGUAGE:
            values = _of_repeated_languages(values)
        elif result.component == _HAS_VALUE:  # what is there as it should be is not wrong
            asked = self._asked(result, "hasValue")
            values = [each for each in values if each[0] not in asked]
        return values or self._node(result.focus)

    def _node(self, node: Term) -> list[PlacedTerm]:
        """Return where a node stands in RDF; in submissions where it is told of what type it is."""
        if node in self._as_subject:
            return [(node, self._as_subject[node])]
        if node in self._types:
            return self._types[node]
        return [(node, self._as_object[node][2])] if node in self._as_object else []

    @cached_property
    def _described(self) -> frozenset[Term]:
        return frozenset(subject for subject, _ in self._values)

    @cached_property
    def _as_subject(self) -> Mapping[Term, Place]:
        """Where the focus nodes first stand as subjects in RDF files."""
        found: dict[Term, Place] = {}
        for part in self._parts:
            if isinstance(part, RdfFile):
                for node, position in first_as_subject(part, self._described).items():
                    found.setdefault(node, place_of(part.file, *position))
        return found

    @cached_property
    def _file(self) -> Place:
        """The place of what no file tells of: a node that only a target names."""
        first = next(iter(self._parts), None)
        return Place(first.file) if isinstance(first, RdfFile) else self._nowhere

    def lack(self, node: Term) -> bool:
        """Whether RDF files are at hand, and `node` stands in none of them."""
        known = node in self._described or node in self._as_object
        return not known and self._file != self._nowhere

    def _of_value(self, result: Result, value: Node, found: _Values) -> Place | None:
        """Return the place of the value of a result; None where no triple that is known has it."""
        if steps(result) is None:
            place = found.by_value.get(value)
        else:
            place = self._paths.led_to(result, value)
        if place is None and result.component == _CLOSED:
            place = self._of_closed(result, value)
        if place is None and result.component == _EQUALS:
            place = self._compared(result).by_value.get(value)
        return place or self._anywhere.get((result.focus, value))

    def _of_closed(self, result: Result, value: Node) -> Place | None:
        """Return the place of a triple about a value node that the shape does not allow."""
        reached = {
            node
            for path in self._asked(result, "path")
            if isinstance(path, NamedNode)
            for node, _ in self._values.get((result.focus, path.value), ())
        }
        found = [each for iri, _ in first_steps(result) for each in self._closed[iri, value]]
        places = [place for node, place in found if node in reached] or [each for _, each in found]
        return min(places, key=order, default=None)

    def _compared(self, result: Result) -> _Values:
        """Return what the node has for the other property (SHACL, section 4.5.1)."""
        key = (result.focus, result.shape)
        if key not in self._others:
            self._others[key] = _Values.of(
                placed
                for other in self._asked(result, "equals")
                if isinstance(other, NamedNode)
                for placed in self._values.get((result.focus, other.value), ())
            )
        return self._others[key]

    def _asked(self, result: Result, parameter: str) -> frozenset[Term]:
        if self._shapes is None:
            return frozenset()
        return frozenset(self._shapes.objects(NamedNode(result.shape), SH + parameter))


def _may_be_found(result: Result) -> bool:
    """Whether a query of the shape may have found the value elsewhere than at the path's end."""
    if result.path is None:
        return result.value != result.focus
    return result.component == _SPARQL or not result.component.startswith(SH)


def _of_repeated_languages(values: Iterable[PlacedTerm]) -> list[PlacedTerm]:
    """Return the values whose language another, different value has too."""
    values = list(values)
    texts: dict[str | None, set[str]] = defaultdict(set)
    for value, _ in values:
        if isinstance(value, Literal):
            texts[value.language].add(value.value)
    return [
        (value, place)
        for value, place in values
        if isinstance(value, Literal) and len(texts[value.language]) > 1
    ]
