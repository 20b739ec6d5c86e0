"""Articles and submissions as they come in, and what mapping makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from pyoxigraph import NamedNode, Quad

from kgpub.errors import Problem
from kgpub.model.tree import Tree


@dataclass(frozen=True)
class ArticleFile:
    """An article of the workspace: its text as stored and the tree of its metadata.

    `file` is the path of the metadata relative to the workspace; `checksum` is `sha256:` with
    the digits of the bytes of the text. `text` is those bytes decoded, nothing changed.
    `problems` are what reading has told of the tree, which goes without.
    """

    slug: str
    file: str
    text: str
    checksum: str
    tree: Tree
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class SubmissionFile:
    """A submission: `name` tells it from others about the same article (`facts`).

    `problems` are what reading has told of the tree, which goes without.
    """

    article: str
    name: str
    file: str
    checksum: str
    tree: Tree
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Mapped:
    """Quads of one file in the order of writing, and what is wrong with it.

    `positions[i]` is line and column, counted from 1, of the value that became `quads[i]`; the
    position of a node is that of its rdf:type. `history` is what the file has said and does not say
    any more, in graphs that are none of the dataset's, with what tells of these graphs.
    """

    quads: tuple[Quad, ...]
    positions: tuple[tuple[int, int], ...]
    problems: tuple[Problem, ...] = ()
    history: tuple[Quad, ...] = ()


class Placed(Protocol):
    """What a file was mapped to: `positions[i]` is line and column of `quads[i]`."""

    @property
    def file(self) -> str: ...
    @property
    def quads(self) -> Sequence[Quad]: ...
    @property
    def positions(self) -> Sequence[tuple[int, int]]: ...


def graph_of(quad: Quad) -> str:
    """Return the IRI of the named graph that `quad` is in, or an empty string."""
    return quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""


@dataclass(frozen=True)
class Article:
    """What submissions about an article need to know of it."""

    name: NamedNode
    slug: str
    text: str
    language: str
    publisher: NamedNode | None
