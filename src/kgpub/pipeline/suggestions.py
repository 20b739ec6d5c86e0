"""What a submitter may have meant by a reference to nothing: the nearest slug or kind there is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Quad
from rapidfuzz import fuzz, process

from kgpub.model.report import Node, Result
from kgpub.model.slug import MAX_QUOTED
from kgpub.vocabulary import SH, SKOS
from kgpub.vocabulary.schema import TYPE

if TYPE_CHECKING:
    from kgpub.validation import Shapes

MIN_SIMILARITY = 70
"""Of 100; below it a suggestion would puzzle more than help."""
MAX_COMPARED = 20_000
"""Names in one folder that are compared; with more, comparing takes longer than looking."""

MAX_SHOWN = 5

_IN_SCHEME = SKOS + "inScheme"


class Suggestions:
    """Finds names near to one that is not there, among those that `quads` describe."""

    def __init__(self, quads: Iterable[Quad], shapes: Shapes) -> None:
        self.shapes = shapes
        self.scheme_of = schemes_of_shapes(shapes)
        self.described: set[str] = set()
        self.folders: dict[str, list[str]] = defaultdict(list)
        self.schemes: dict[str, list[str]] = defaultdict(list)
        for quad in quads:
            if not isinstance(quad.subject, NamedNode):
                continue
            name = quad.subject.value
            if quad.predicate == TYPE and name not in self.described:
                self.described.add(name)
                folder, _, slug = name.rpartition("/")
                self.folders[folder].append(slug)
            elif quad.predicate.value == _IN_SCHEME and isinstance(quad.object, NamedNode):
                self.schemes[quad.object.value].append(name)

    def near(self, result: Result) -> str | None:
        """Return the slug of what the value of `result` may stand for, or None."""
        if not isinstance(result.value, NamedNode):
            return None
        value = result.value.value
        scheme = self.scheme_of.get(result.shape)
        if scheme is not None:
            kinds = {_local(kind): kind for kind in self.schemes[scheme]}
            return _nearest(_local(value), kinds) if value not in kinds.values() else None
        if value in self.described:
            return None
        folder, _, slug = value.rpartition("/")
        return _nearest(slug, self.folders.get(folder, ()))

    def expected(self, result: Result) -> str:
        """Return the parameter of the constraint that `result` is of, or "" where it has none."""
        name = result.component.removeprefix(SH).removesuffix("ConstraintComponent")
        parameter = name[:1].lower() + name[1:]
        index, shape = self.shapes.index, NamedNode(result.shape)
        values = index.objects(shape, SH + parameter)
        shown = ", ".join(sorted(_shown(value) for value in values)[:MAX_SHOWN])
        return f"sh:{parameter} {shown}" if shown else ""


def schemes_of_shapes(shapes: Shapes) -> Mapping[str, str]:
    """Return the scheme whose kinds each property shape asks for, by the shapes' IRIs.

    Such a shape has a sh:node, a property of which, skos:inScheme, must have the scheme as value.
    """
    index = shapes.index
    found: dict[str, str] = {}
    for shape, node in index.pairs(SH + "node"):
        for inner in index.objects(node, SH + "property"):
            paths = index.objects(inner, SH + "path")
            values = index.objects(inner, SH + "hasValue")
            if NamedNode(_IN_SCHEME) in paths and values:
                found[str(shape).strip("<>")] = str(values[0]).strip("<>")
    return found


def _nearest(text: str, names: Iterable[str]) -> str | None:
    candidates = sorted(names)
    if len(candidates) > MAX_COMPARED:
        return None
    found = process.extractOne(
        text[:MAX_QUOTED], candidates, scorer=fuzz.ratio, score_cutoff=MIN_SIMILARITY
    )
    return found[0] if found else None


def _shown(term: Node) -> str:
    return _local(term.value) if isinstance(term, NamedNode) else str(term)


def _local(iri: str) -> str:
    return iri.replace("#", "/").rpartition("/")[2]
