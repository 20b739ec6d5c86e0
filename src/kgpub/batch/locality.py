"""Which results of validating some records other records cannot change.

Facts, statements and passages are named by a digest of what is said of them, so that no other
record says anything else of them. Entities and named events may be described anywhere: another
record may add what one of them lacks, or one value too many.
"""

from __future__ import annotations

from collections.abc import Container
from functools import cached_property

from pyoxigraph import NamedNode

from kgpub.model.report import Node, Result
from kgpub.validation.paths import Inverse
from kgpub.validation.reading_patterns import RootPatterns, root_patterns
from kgpub.validation.shapes import Shapes
from kgpub.validation.split import Share
from kgpub.vocabulary import SH
from kgpub.vocabulary.schema import REFERENCE_FOLDERS

_OF_THE_VALUE = frozenset(
    f"{SH}{name}ConstraintComponent"
    for name in (
        *("Datatype", "NodeKind", "In", "LanguageIn", "Pattern", "MinLength", "MaxLength"),
        *("MinInclusive", "MaxInclusive", "MinExclusive", "MaxExclusive"),
    )
)
"""Whether a value conforms to these depends on nothing but the value."""
_OF_WHAT_IS_NAMED = frozenset(
    f"{SH}{name}ConstraintComponent"
    for name in ("Class", "Node", "Not", "Or", "And", "Xone", "Property")
)
"""Whether a value conforms to these depends on what is said of the value."""
_ARTICLE = "article"


class Locality:
    """What shapes say of records by themselves, for data whose IRIs begin with `base`."""

    def __init__(self, shapes: Shapes, base: str) -> None:
        self._shapes = shapes
        self._base = base
        self._shared = tuple(
            f"{base}{folder}/" for folder in REFERENCE_FOLDERS if folder != _ARTICLE
        )

    def is_shared(self, node: object) -> bool:
        """Whether several records may say something of a node."""
        return isinstance(node, NamedNode) and node.value.startswith(self._shared)

    def is_final(self, result: Result) -> bool:
        """Whether a result stays whatever other records say."""
        if result.shape in self.far_shapes:
            return False
        if result.component in _OF_THE_VALUE:
            return True
        if result.component in _OF_WHAT_IS_NAMED and result.value not in (None, result.focus):
            return not self._may_be_described(result.value)
        return not self.is_shared(result.focus)

    def is_open(self, result: Result) -> bool:
        """Whether a result is to be looked at again in the whole, at its focus node."""
        return result.shape not in self.far_shapes and not self.is_final(result)

    def concerns(self, result: Result, said: Container[tuple[object, object]]) -> bool:
        """Whether a final result is about what a record says: pairs of subject and object."""
        value = result.value
        if not self.is_shared(result.focus) or value in (None, result.focus):
            return True
        return (result.focus, value) in said

    def _may_be_described(self, value: Node | None) -> bool:
        """Whether another record may describe a value; kinds and literals none does."""
        return isinstance(value, NamedNode) and value.value.startswith(self._base)

    @cached_property
    def far_roots(self) -> tuple[RootPatterns, ...]:
        """The roots whose queries lead from a focus node over an entity to other nodes."""
        return tuple(each for each in root_patterns(self._shapes) if _leads_far(each))

    @cached_property
    def far_shapes(self) -> frozenset[str]:
        """The shapes that `far_roots` report on."""
        return frozenset(
            shape for each in self.far_roots for _, shape in (each.reported or ())
        ) | frozenset(
            each.root.value for each in self.far_roots if isinstance(each.root, NamedNode)
        )

    @cached_property
    def far_queries(self) -> tuple[Share, ...]:
        """The constraints of `far_roots`."""
        roots = {each.root for each in self.far_roots}
        return tuple(
            each for each in self._shapes.split.queries if not roots.isdisjoint(each.roots)
        )


def _leads_far(patterns: RootPatterns) -> bool:
    """Whether a query goes from a node that others may refer to back to what refers to it."""
    prefixes = (
        prefix
        for reads in (patterns.outward, patterns.inward)
        for some in reads.values()
        for prefix in some
    )
    back = any(isinstance(step, Inverse) for prefix in prefixes for step in prefix)
    return bool(patterns.queries) and (back or bool(patterns.inward))
