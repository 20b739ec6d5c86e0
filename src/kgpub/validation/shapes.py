"""Shapes as a workspace has them: parsed, checked, and asked what they say of each shape."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from types import MappingProxyType
from urllib.parse import quote

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from kgpub.errors import Place, WorkspaceError
from kgpub.messages import Lines, Message
from kgpub.model.report import VIOLATION
from kgpub.validation import ill_typed, lint, native, parameters, rdf_1_1, shape_graph
from kgpub.validation.components import Use
from kgpub.validation.constraints import SparqlConstraint, sorted_messages
from kgpub.validation.exact_comparisons import Comparison, comparisons
from kgpub.validation.index import SUBCLASS_OF, TYPE, Subject, TripleIndex, text_of
from kgpub.validation.paths import read_path
from kgpub.validation.queries import ConstraintQuery
from kgpub.validation.shape_places import Fault, Locate, ShapePlaces, ShapesText, by_lines
from kgpub.validation.split import Split, reached_from, retargeted, split
from kgpub.validation.wide_numbers import is_wide
from kgpub.vocabulary import SH, SHAPES

BASE = SHAPES.rstrip("#")
"""What relative IRIs in shapes are resolved against, where nothing else is said."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_BY_NAME: Mapping[str, RdfFormat] = MappingProxyType({})
_OF_ALL: Mapping[str, str] = MappingProxyType({})
_ANONYMOUS = f"{BASE}/genid/"


Sources = tuple[tuple[str, tuple[Triple, ...]], ...]


@dataclass(frozen=True)
class Shapes:
    """A shapes graph without faults that would make data conform, or fail, in silence.

    `sources` are the triples of each file in the order of file names. Shapes and constraints that
    are blank nodes in the files have IRIs here, made from the file's name and their order in it,
    so that results can name them; the blank nodes of lists and paths remain. `queries` are those
    of sh:sparql by shape and constraint, `validators` those of constraint components. `notes` say
    what in the shapes is well-formed but has no effect, each with its place; `places` tells more.
    """

    sources: Sources
    queries: Mapping[tuple[Subject, Subject], ConstraintQuery] = field(compare=False, repr=False)
    validators: tuple[tuple[Use, Subject, ConstraintQuery], ...] = field(compare=False, repr=False)
    places: ShapePlaces = field(compare=False, repr=False)
    notes: tuple[str, ...] = field(default=(), compare=False, repr=False)

    @classmethod
    def parse(
        cls,
        files: Mapping[str, str],
        classes: Collection[str] | None = None,
        *,
        bases: Mapping[str, str] = _OF_ALL,
        strict: bool | None = None,
        entailment: Collection[str] = (),
        formats: Mapping[str, RdfFormat] = _BY_NAME,
        locate: Locate = by_lines,
    ) -> Shapes:
        """Parse files by name: Turtle, or what the end of the name says.

        `formats` are those of files whose names say nothing, or something else, and `bases` what
        the relative IRIs in each file are resolved against, if it is not BASE. `locate` tells where
        triples stand.
        With `classes`, the IRIs of all declared ones, each sh:targetClass must be among them.
        Where `strict`, the default with `classes`, nothing may stand in the shapes that SHACL has
        engines ignore; else it is in the `notes`. `entailment` are the IRIs of the regimes that
        the data will be under. Nothing is fetched: an owl:imports of what is in none of the files
        is a note. Raises WorkspaceError with file, line and column for a syntax error, and with
        file, line and shape for what `kgpub.validation.lint` finds.
        """
        strict = classes is not None if strict is None else strict
        texts = [
            _parse(name, files[name], bases.get(name, BASE), formats.get(name) or _format(name))
            for name in sorted(files)
        ]
        parsed = [
            _relabelled([quad.triple for quad in text.quads], number)
            for number, text in enumerate(texts)
        ]
        anonymous = set(_anonymous(TripleIndex(chain.from_iterable(parsed))))
        sources = tuple(
            (name, _named(triples, anonymous, f"{_ANONYMOUS}{quote(name, safe='')}/"))
            for name, triples in zip(sorted(files), parsed, strict=True)
        )
        index = TripleIndex(triple for _, triples in sources for triple in triples)
        places = ShapePlaces(texts, [triples for _, triples in sources], _ANONYMOUS, locate)
        notes = list(lint.notes(index))
        faults = [Fault(*each) for _, triples in sources for each in rdf_1_1.faults(triples)]
        faults += lint.faults(index, classes, entailment) + (notes if strict else [])
        queries: dict[tuple[Subject, Subject], ConstraintQuery] = {}
        validators: list[tuple[Use, Subject, ConstraintQuery]] = []
        if not faults:
            # The queries need $PATH, so the paths must be right.
            queries, faults = lint.read_queries(index)
            validators, problems = lint.read_validators(index)
            faults += problems
        if faults:
            told = places.told(faults)
            raise WorkspaceError(told[0], Message("mend-shapes"), Lines(told[1:]))
        told = places.told([*notes, *lint.imports(index)])
        effective = tuple((name, parameters.only_true(triples)) for name, triples in sources)
        return cls(effective, queries, tuple(validators), places, tuple(told))

    @cached_property
    def triples(self) -> tuple[Triple, ...]:
        """All triples, those of one file after those of another."""
        return tuple(triple for _, triples in self.sources for triple in triples)

    @cached_property
    def index(self) -> TripleIndex:
        """The triples by subject and object; not to be changed."""
        return TripleIndex(self.triples)

    @cached_property
    def has_ill_typed(self) -> bool:
        """Whether there is an integer that its datatype does not have."""
        return ill_typed.holds_any(self.triples)

    @cached_property
    def comparisons(self) -> tuple[Comparison, ...]:
        """What the native engine's roots lead to that compares values, or asks for numbers."""
        reached, _ = reached_from(self.index, self.split.native)
        ordered = sorted(reached, key=str)
        return tuple(each for shape in ordered for each in comparisons(self.index, shape))

    @cached_property
    def wide_comparisons(self) -> tuple[Comparison, ...]:
        """Those with a number that the native engine has not."""
        return tuple(each for each in self.comparisons if is_wide(each.value))

    @cached_property
    def looks_at_numbers(self) -> bool:
        """Whether there are `comparisons`, or queries that calculate."""
        return bool(self.comparisons) or any(each.query.calculates for each in self.constraints)

    @cached_property
    def nodes(self) -> frozenset[Subject]:
        """The shapes, and whatever has a parameter of one (SHACL, section 2.1)."""
        return frozenset(shape_graph.all_shapes(self.index))

    @cached_property
    def constraints(self) -> tuple[SparqlConstraint, ...]:
        """The SPARQL constraints that are active, on shapes that are."""
        of_sparql = tuple(
            SparqlConstraint(
                node=node,
                shape=shape,
                query=query,
                path=self.path(shape),
                severity=self.severity(shape),
                messages=self.messages(shape) or _messages(self.index, node),
            )
            for (shape, node), query in self.queries.items()
            if not shape_graph.is_deactivated(self.index, shape)
            and not shape_graph.is_deactivated(self.index, node)
        )
        of_components = tuple(
            SparqlConstraint(
                node=validator,
                shape=use.shape,
                query=query,
                path=self.path(use.shape),
                severity=self.severity(use.shape),
                messages=self.messages(use.shape)
                or _messages(self.index, validator)
                or _messages(self.index, use.component.node),
                component=text_of(use.component.node),
                bindings=use.values,
            )
            for use, validator, query in self.validators
            if not shape_graph.is_deactivated(self.index, use.shape)
        )
        return of_sparql + of_components

    @cached_property
    def _constraints_by_shape(self) -> Mapping[Subject, list[SparqlConstraint]]:
        found: dict[Subject, list[SparqlConstraint]] = {}
        for constraint in self.constraints:
            found.setdefault(constraint.shape, []).append(constraint)
        return found

    def constraints_of(self, shape: Subject) -> Sequence[SparqlConstraint]:
        """Return those of `constraints` that are on `shape`."""
        return self._constraints_by_shape.get(shape, ())

    @cached_property
    def read_by_queries(self) -> frozenset[str] | None:
        """The predicates of what the queries, and the targets they are for, read; None for any."""
        found = {TYPE, SUBCLASS_OF}
        for constraint in self.constraints:
            if constraint.query.predicates is None:
                return None
            found |= constraint.query.predicates
        for root in {root for share in self.split.queries for root in share.roots}:
            for name in ("targetSubjectsOf", "targetObjectsOf"):
                found |= {text_of(each) for each in self.index.objects(root, SH + name)}
        return frozenset(found)

    @cached_property
    def split(self) -> Split:
        """Which shapes and constraints the fast engine evaluates, and how."""
        return split(self.index, self.constraints)

    @cached_property
    def core(self) -> list[Triple]:
        """The shapes of the native engine's share, their targets written out."""
        return retargeted(self.index, self.triples, self.split.native)

    @cached_property
    def compiled(self) -> native.Compiled:
        """Those of `core`; raises ValueError where the native engine cannot read them."""
        return native.compile_shapes(self.core)

    def path(self, shape: Subject) -> str | None:
        """Return the path of a property shape in SPARQL syntax, None for a node shape."""
        paths = self.index.objects(shape, SH + "path")
        return str(read_path(self.index, paths[0])) if paths else None

    def severity(self, shape: Subject) -> str:
        """Return the IRI of the severity of `shape` (SHACL, section 2.1.4)."""
        values = self.index.objects(shape, SH + "severity")
        return text_of(values[0]) if values else VIOLATION

    def messages(self, shape: Subject) -> tuple[Literal, ...]:
        """Return the messages of `shape`, which go before all others (SHACL, section 2.1.5)."""
        return _messages(self.index, shape)


def _parse(name: str, text: str, base: str, form: RdfFormat) -> ShapesText:
    surrogate = _SURROGATE.search(text)
    if surrogate:
        raise WorkspaceError(
            f"{Place.at(name, text, surrogate.start())}: U+{ord(surrogate[0]):04X} is a lone "
            "surrogate, half a character"
        )
    text = text.removeprefix("\ufeff")
    try:
        quads = tuple(parse(text.encode(), format=form, base_iri=base))
    except SyntaxError as error:
        place = Place(name, error.lineno or 1, error.offset or 1)
        reason = str(error.msg).partition(": ")[2] or str(error.msg)
        raise WorkspaceError(f"{place}: not {form.name}: {reason}") from error
    return ShapesText(name, text, form, base, quads)


def _format(name: str) -> RdfFormat:
    return RdfFormat.from_extension(name.rpartition(".")[2]) or RdfFormat.TURTLE


def _relabelled(triples: list[Triple], number: int) -> list[Triple]:
    # The parser's own labels are random; these are the same for the same text.
    labels: dict[BlankNode, BlankNode] = {}

    def label(term: BlankNode) -> BlankNode:
        return labels.setdefault(term, BlankNode(f"f{number}b{len(labels) + 1}"))

    return [_replaced(triple, label) for triple in triples]


def _named(triples: list[Triple], anonymous: set[BlankNode], prefix: str) -> tuple[Triple, ...]:
    def name(term: BlankNode) -> Subject:
        return NamedNode(prefix + term.value.partition("b")[2]) if term in anonymous else term

    return tuple(_replaced(triple, name) for triple in triples)


def _replaced(triple: Triple, new: Callable[[BlankNode], Subject]) -> Triple:
    subject, value = triple.subject, triple.object
    return Triple(
        new(subject) if isinstance(subject, BlankNode) else subject,
        triple.predicate,
        new(value) if isinstance(value, BlankNode) else value,
    )


def _anonymous(index: TripleIndex) -> Iterator[BlankNode]:
    found = ("sparql", "validator", "nodeValidator", "propertyValidator")
    values = (value for name in found for _, value in index.pairs(SH + name))
    nodes = (*shape_graph.shape_nodes(index), *values)
    return (node for node in nodes if isinstance(node, BlankNode))


def _messages(index: TripleIndex, node: Subject) -> tuple[Literal, ...]:
    values = index.objects(node, SH + "message")
    return sorted_messages(value for value in values if isinstance(value, Literal))
