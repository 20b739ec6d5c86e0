"""Where RDF files tell of what paths of several steps lead to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from pyoxigraph import Quad, Triple

from kgpub.errors import Place
from kgpub.model.report import Node, Result
from kgpub.serialisation.line_feed import Term

if TYPE_CHECKING:
    from kgpub.validation.paths import Path

MAX_WALKED = 2_000_000
"""Triples that paths are followed along, for all results together."""

PlacedTerm = tuple[Term, Place]


def order(place: Place) -> tuple[str, str, int, int]:
    """Return what places are sorted by."""
    # A tuple compares faster than a dataclass, and a node may have any number of values.
    return place.file, place.sheet, place.line, place.column


class PathPlaces:
    """The triples that the paths of `results` may lead along, with their places."""

    def __init__(self, results: Iterable[Result]) -> None:
        paths = {path for each in results if (path := steps(each)) is not None}
        self.predicates = frozenset(iri for path in paths for iri, _ in _predicates(path))
        self._values: dict[tuple[Term, str], list[PlacedTerm]] = defaultdict(list)
        self._subjects: dict[tuple[Term, str], list[PlacedTerm]] = defaultdict(list)
        self._reached: dict[tuple[Term, Path], Mapping[Term, Place]] = {}
        self._walked = 0

    def note(self, quad: Quad, place: Place) -> None:
        """Note a triple of one of `predicates`."""
        subject, predicate, value = quad.subject, quad.predicate.value, quad.object
        self._values[subject, predicate].append((value, place))
        self._subjects[value, predicate].append((subject, place))

    def led_to(self, result: Result, value: Node) -> Place | None:
        """Return where the last triple stands by which the path of `result` leads to a value."""
        path = steps(result)
        assert path is not None
        # Most values are led to by one triple: then the path need not be followed from each node.
        found = {
            place
            for iri, inverse in _predicates(path)
            for _, place in (self._values if inverse else self._subjects).get((value, iri), ())
        }
        if len(found) == 1 and value != result.focus:
            return found.pop()
        return self._ends(result.focus, path).get(value)

    def ends(self, result: Result) -> list[PlacedTerm]:
        """Return where the path of `result` leads, each value where the last triple stands."""
        path = steps(result)
        return [] if path is None else list(self._ends(result.focus, path).items())

    def starts(self, result: Result) -> list[PlacedTerm]:
        """Return what has the focus node as value where the path begins with that."""
        return [
            placed
            for iri, inverse in first_steps(result)
            for placed in (self._subjects.get((result.focus, iri), ()) if inverse else ())
        ]

    def _ends(self, focus: Node, path: Path) -> Mapping[Term, Place]:
        """Return the places of what a path leads to; none once MAX_WALKED is reached."""
        from kgpub.validation.paths import ends

        key = (focus, path)
        if key not in self._reached and self._walked < MAX_WALKED:
            walk = _Walk(self._values, self._subjects, MAX_WALKED - self._walked)
            reached = ends([focus], path, walk)
            self._walked += walk.walked
            places = walk.places if self._walked < MAX_WALKED else {}
            self._reached[key] = {node: places[node] for node in reached if node in places}
        return self._reached.get(key, {})


class _Walk:
    """Steps of a path, each of which notes where what it leads to is written."""

    def __init__(
        self,
        values: Mapping[tuple[Term, str], Sequence[PlacedTerm]],
        subjects: Mapping[tuple[Term, str], Sequence[PlacedTerm]],
        limit: int,
    ) -> None:
        self.places: dict[Term, Place] = {}
        self.walked = 0
        self._values, self._subjects, self._limit = values, subjects, limit

    def objects_of(self, nodes: Iterable[Node], predicate: str) -> dict[Node, None]:
        """See `Steps`."""
        return self._step(self._values.get((node, predicate), ()) for node in nodes)

    def subjects_of(self, nodes: Iterable[Node], predicate: str) -> dict[Node, None]:
        """See `Steps`."""
        return self._step(self._subjects.get((node, predicate), ()) for node in nodes)

    def _step(self, triples: Iterable[Sequence[PlacedTerm]]) -> dict[Node, None]:
        led_to: dict[Node, Place] = {}
        for placed in triples:
            for node, place in placed if self.walked < self._limit else ():
                self.walked += 1
                if not isinstance(node, Triple):
                    known = led_to.get(node)
                    led_to[node] = place if known is None else min(known, place, key=order)
        for node, place in led_to.items():
            self.places[node] = place  # what is reached at the end was reached last
        return dict.fromkeys(led_to)


def steps(result: Result) -> Path | None:
    """Return the path of a result that is more than a predicate, or None."""
    text = result.path
    if not text or (text.startswith("<") and text.find(">") == len(text) - 1):
        return None
    return _parsed(text)


def first_steps(result: Result) -> frozenset[tuple[str, bool]]:
    """Return the predicates that the path begins with, and which lead from object to subject."""
    path = steps(result)
    if path is not None:
        return _first(path)
    return frozenset([(result.path.strip("<>"), False)] if result.path else [])


@lru_cache(maxsize=1024)
def _parsed(text: str) -> Path:
    from kgpub.validation.paths import parse_path

    return parse_path(text)


@lru_cache(maxsize=1024)
def _predicates(path: Path, inverse: bool = False) -> frozenset[tuple[str, bool]]:
    """Return all predicates of a path, and which lead from object to subject."""
    from kgpub.validation.paths import Inverse, Predicate, Repeated

    if isinstance(path, Predicate):
        return frozenset([(path.iri, inverse)])
    if isinstance(path, Inverse):
        return _predicates(path.path, not inverse)
    parts = [path.path] if isinstance(path, Repeated) else path.parts
    return frozenset(each for part in parts for each in _predicates(part, inverse))


@lru_cache(maxsize=1024)
def _first(path: Path, inverse: bool = False) -> frozenset[tuple[str, bool]]:
    from kgpub.validation.paths import Alternative, Inverse, Repeated, Sequence

    if isinstance(path, Inverse):
        return _first(path.path, not inverse)
    if isinstance(path, Repeated):
        return _first(path.path, inverse)
    if isinstance(path, Sequence):
        return _first(path.parts[-1 if inverse else 0], inverse)
    if isinstance(path, Alternative):
        return frozenset(each for part in path.parts for each in _first(part, inverse))
    return _predicates(path, inverse)
