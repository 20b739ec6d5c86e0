"""What of a dataset with errors can be compared: the facts that have none themselves."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pyoxigraph import Quad

from kgpub.errors import Place
from kgpub.model.sheets import place_of
from kgpub.model.submission import Mapped
from kgpub.pipeline.comparison.published import TYPE, Node
from kgpub.pipeline.dataset import Dataset, Part
from kgpub.vocabulary import terms as kg

_TABLES = (".csv", ".xlsx")
_OF_WORDS = "words-"
"""With this begin the codes of errors for which a whole statement has no passage."""


def sound(dataset: Dataset) -> Dataset:
    """Return the dataset without the assertions of facts in which there is an error.

    What a statement asserts whose words are not found is left out as well.
    """
    errors: dict[str, list[Place]] = defaultdict(list)
    for problem in dataset.problems:
        if problem.severity == "error":
            places = errors[problem.place.file]
            if not problem.code.startswith(_OF_WORDS):
                places.append(problem.place)
    parts = (
        _without(part, errors[part.file]) if part.file in errors else part for part in dataset.parts
    )
    return Dataset(tuple(parts), dataset.problems)


def _without(part: Part, errors: Sequence[Place]) -> Part:
    faulty = set(_faulty(part, errors))
    grounded = {quad.subject for quad in part.quads if quad.predicate.value == kg.passage}
    kept = [
        (quad, position)
        for quad, position in zip(part.quads, part.positions, strict=True)
        if quad.predicate.value != kg.asserts
        or (quad.object not in faulty and quad.subject in grounded)
    ]
    quads = tuple(quad for quad, _ in kept)
    positions = tuple(position for _, position in kept)
    mapped = Mapped(quads, positions, part.mapped.problems)
    return replace(part, load=lambda: mapped)


def _faulty(part: Part, errors: Iterable[Place]) -> Iterator[Node]:
    """Yield the nodes in whose description an error stands: in a table, in its row."""
    begun = sorted(_begun(part), key=lambda each: each[0])
    starts = [place for place, _ in begun]
    table = part.file.lower().endswith(_TABLES)
    for error in errors:
        if table:
            row = replace(error, column=1)
            yield from (node for place, node in begun if replace(place, column=1) == row)
        elif index := bisect_right(starts, error):
            last = starts[index - 1]
            yield from (node for place, node in begun if place == last)


def _begun(part: Part) -> Iterator[tuple[Place, Node]]:
    """Yield where the nodes of a file begin that are no part of a fact."""
    inner = {quad.object for quad in part.quads if quad.predicate.value == kg.participation}
    quads: Iterable[tuple[Quad, tuple[int, int]]] = zip(part.quads, part.positions, strict=True)
    for quad, position in quads:
        if quad.predicate.value == TYPE and quad.subject not in inner:
            yield place_of(part.file, *position), quad.subject
