"""Values that the shapes list one by one: languages of texts, days of the week."""

from __future__ import annotations

from functools import lru_cache

from pyoxigraph import Literal, NamedNode

from kgpub.vocabulary import SH, SHAPES
from kgpub.vocabulary.schema import shape_files
from kgpub.vocabulary.shape_rules import Graph


@lru_cache(maxsize=1)
def languages() -> tuple[str, ...]:
    """Return the tags of the languages that texts may be in, in the order of the shapes."""
    return _listed("article.ttl", "Article-language")


@lru_cache(maxsize=1)
def weekdays() -> tuple[str, ...]:
    """Return the days of the week as submissions name them, Monday first."""
    return tuple(iri.rpartition("#")[2] for iri in _listed("shared.ttl", "dayOfWeek"))


def is_language(tag: str) -> bool:
    """Whether `tag`, in small letters, is one of those or narrower (RFC 4647, section 3.3.1)."""
    return any(tag == each or tag.startswith(f"{each}-") for each in languages())


def _listed(file: str, shape: str) -> tuple[str, ...]:
    graph = Graph.of([shape_files()[file]])
    heads = graph.all(NamedNode(SHAPES + shape), SH + "in")
    members = [member for head in heads for member in graph.items(head)]
    return tuple(each.value for each in members if isinstance(each, NamedNode | Literal))
