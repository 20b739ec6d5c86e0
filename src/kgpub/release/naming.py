"""The names of entities, looked up in the sorted quads."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from kgpub.release.lines import literal, node, opened
from kgpub.release.release import Named
from kgpub.vocabulary import terms as kg

_NAME = node(kg.name)


def named(dataset: Path, entities: Iterable[str]) -> tuple[Named, ...]:
    """Return entities with their names in a file of sorted quads. Raises OSError."""
    with opened(dataset) as file:
        return tuple(
            Named(iri, tuple(literal(term) for term in file.subject(node(iri)).objects(_NAME)))
            for iri in entities
        )
