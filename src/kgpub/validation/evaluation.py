"""SPARQL constraints, by one query for all focus nodes or one for each, on a data graph."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from pyoxigraph import (
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    Store,
    Triple,
)

from kgpub.errors import WorkspaceError
from kgpub.model.report import Node, Result
from kgpub.validation import setwise
from kgpub.validation.constraints import SHAPES_GRAPH, SparqlConstraint
from kgpub.validation.exact_comparisons import Comparison
from kgpub.validation.index import Subject, TripleIndex, text_of
from kgpub.validation.paths import follow, read_path
from kgpub.validation.prebinding import Obstacle
from kgpub.validation.queries import ConstraintQuery, check_oxigraph
from kgpub.validation.split import Share, focus_nodes, target_values
from kgpub.validation.submitted import SubmittedLiterals, stored
from kgpub.validation.substitution import can_be_written, substitute
from kgpub.validation.wide_numbers import is_wide
from kgpub.vocabulary import SH, XSD

if TYPE_CHECKING:
    import rdflib

_TRUE = Literal("true", datatype=NamedNode(XSD + "boolean"))


class Evaluation:
    """One data graph, for the SPARQL constraints of one shapes graph.

    Queries run on Oxigraph. Where its store has rewritten literals that a query could tell from
    the submitted ones, where a blank node is pre-bound, for which SPARQL has no notation, and
    where Oxigraph does not read the query, rdflib evaluates it, with its own deviations. With
    `wide`, it does so where the query may calculate with numbers: there are some in the data that
    Oxigraph has not. `read` are the predicates of which queries and targets read, None for any.
    """

    def __init__(
        self,
        shapes: TripleIndex,
        shapes_triples: Iterable[Triple],
        roots: Iterable[Subject],
        data: list[Triple],
        read: Container[str] | None = None,
        wide: bool = False,
    ) -> None:
        self._shapes = shapes
        self._shapes_triples = shapes_triples
        self._roots = roots
        self._data = data
        self._read = read
        self._wide = wide
        self._restorations: dict[tuple[str, frozenset[str]], dict[Node, Literal] | None] = {}
        self._readable: dict[str, bool] = {}

    def results(self, share: Share) -> list[Result]:
        """Evaluate a constraint for the focus nodes of its shape.

        Raises WorkspaceError where a query reports a failure, or cannot be evaluated.
        """
        constraint = share.constraint
        if (
            not self._is_for_each(constraint.query)
            and not share.is_further
            and not any(_targets_literal(self._shapes, root) for root in share.roots)
        ):
            restored = self._restored(constraint.query, share.roots)
            if restored is not None:
                focuses: set[Node] = set()
                for root in share.roots:
                    focuses |= setwise.focus_nodes(self._shapes, root, self._store)
                if not focuses:
                    return []
                return setwise.sparql_results(constraint, focuses, self._store, restored)
        reached = self._focus_nodes.get(constraint.shape, {})
        return [result for focus in reached for result in self._prebound(constraint, focus)]

    def failing(self, share: Share) -> set[Node]:
        """Return nodes that a constraint fails for: all that its shape has to decide about.

        There may be more of them. Raises WorkspaceError as `results` does.
        """
        constraint = share.constraint
        candidates = self._decided.get(constraint.shape, {})
        query = constraint.query
        restored = None if self._is_for_each(query) else self._restored(query, ())
        if restored is None or any(isinstance(each, Literal) for each in candidates):
            return {node for node in candidates if next(self._prebound(constraint, node), None)}
        results = setwise.sparql_results(constraint, set(candidates), self._store, restored)
        return {result.focus for result in results}

    def compared(
        self, comparison: Comparison, deciding: bool = False
    ) -> Iterator[tuple[Node, Node]]:
        """Yield focus nodes that a comparison fails for, each with a value.

        With `deciding`, all that its shape has to decide about; else those that are reported on.
        """
        reached = self._decided if deciding else self._focus_nodes
        focuses = reached.get(comparison.shape, {})
        return comparison.failing(focuses, self._shapes, self._index)

    def _is_for_each(self, query: ConstraintQuery) -> bool:
        return bool(query.obstacle) or (self._wide and query.calculates)

    @cached_property
    def _decided(self) -> dict[Subject, dict[Node, None]]:
        return focus_nodes(self._shapes, self._roots, self._index, deciding=True)

    def _restored(
        self, query: ConstraintQuery, roots: Iterable[Subject]
    ) -> dict[Node, Literal] | None:
        key = query.text, frozenset(target_values(self._shapes, roots))
        if key not in self._restorations:
            self._restorations[key] = self._literals.restoration(query, key[1])
        return self._restorations[key]

    @cached_property
    def _focus_nodes(self) -> dict[Subject, dict[Node, None]]:
        return focus_nodes(self._shapes, self._roots, self._index)

    @cached_property
    def _store(self) -> Store:
        read = self._read
        if read is None:
            return setwise.load(self._data)
        return setwise.load(each for each in self._data if each.predicate.value in read)

    @cached_property
    def _literals(self) -> SubmittedLiterals:
        return SubmittedLiterals(self._data)

    @cached_property
    def _index(self) -> TripleIndex:
        return TripleIndex(self._data, triple_terms=True)

    @cached_property
    def _nodes(self) -> set[object]:
        return {node for each in self._data for node in (each.subject, each.object)}

    @cached_property
    def _dataset(self) -> Store:
        """The data as default graph, and the shapes as a named one."""
        store = setwise.load(self._data)
        store.bulk_extend(
            Quad(triple.subject, triple.predicate, triple.object, NamedNode(SHAPES_GRAPH))
            for triple in self._shapes_triples
        )
        return store

    @cached_property
    def _rdflib(self) -> rdflib.Dataset:
        # Takes a tenth of a second to import, and is seldom needed.
        from kgpub.validation.reference import dataset

        return dataset(self._data, self._shapes_triples, SHAPES_GRAPH)

    @cached_property
    def _longest(self) -> int:
        """Code points of the longest term of the data."""
        from kgpub.validation.regular_expressions import Lengths

        return Lengths.of(self._data).longest

    @cached_property
    def _longest_of_shapes(self) -> int:
        """Code points of the longest term of the shapes."""
        from kgpub.validation.regular_expressions import Lengths

        return Lengths.of(self._shapes_triples).longest

    def _prebound(self, constraint: SparqlConstraint, focus: Node) -> Iterator[Result]:
        query = constraint.query
        bindings: dict[str, Node] = {
            "shapesGraph": NamedNode(SHAPES_GRAPH),
            "currentShape": constraint.shape,
            **dict(constraint.bindings),
            "this": focus,
        }
        if not query.is_ask:
            for solution in self._solutions(query, bindings):
                if solution.get("failure") == _TRUE:
                    raise WorkspaceError(
                        f"the query of {text_of(constraint.node)} reports a failure "
                        f"for the focus node {focus}",
                        "SHACL (section 5.3.2) has it do so by ?failure.",
                    )
                yield constraint.result({**dict(constraint.bindings), **solution}, focus)
            return
        paths = self._shapes.objects(constraint.shape, SH + "path")
        values = (
            follow(read_path(self._shapes, paths[0]), [focus], self._index) if paths else [focus]
        )
        for value in values:
            if not self._solutions(query, {**bindings, "value": value}):
                yield constraint.result({**dict(constraint.bindings), "value": value}, focus)

    def _solutions(
        self, query: ConstraintQuery, bindings: Mapping[str, Node]
    ) -> list[dict[str, Node]]:
        """Return the solutions of a SELECT; of an ASK, one that is empty if it holds, or none."""
        terms = {name: term for name, term in bindings.items() if can_be_written(term)}
        used = {name for name in bindings if _uses(query, name)}
        restored = self._exactly(query, [bindings[name] for name in used])
        exact = restored is not None and used <= set(terms)
        if not exact or self._goes_beyond(query, terms, used) or not self._reads(query):
            return self._by_rdflib(query, {name: bindings[name] for name in used})
        store = self._dataset if query.needs_shapes else self._store
        text = substitute(query.text, terms)
        try:
            found = store.query(text)
        except SyntaxError:
            # A literal where a predicate stands, say.
            return self._by_rdflib(query, {name: bindings[name] for name in used})
        if isinstance(found, QueryBoolean):
            return [{}] if found else []
        assert isinstance(found, QuerySolutions)
        names = [each.value for each in found.variables]
        restored = restored or {}
        solutions: list[dict[str, Node]] = []
        for row in found:
            solution: dict[str, Node] = {}
            for name in names:
                term = row[name]
                if term is not None:
                    node = cast(Node, term)  # or a triple term, which nothing asks but to show it
                    solution[name] = restored.get(node, node)
            solutions.append({**solution, "this": bindings["this"]})
        return solutions

    def _goes_beyond(
        self, query: ConstraintQuery, terms: Mapping[str, Node], used: Iterable[str]
    ) -> bool:
        """Return whether a path of length zero may relate what is not in the data to itself.

        Oxigraph passes over that. rdflib does not, but takes "" and 0 at the end of a path for no
        value, so that it is not asked without need.
        """
        if not query.is_nullable:
            return False
        if query.is_nullable_at_constant or query.needs_shapes:
            return True
        return not all(terms[name] in self._nodes for name in used)

    def _exactly(
        self, query: ConstraintQuery, prebound: Iterable[Node]
    ) -> dict[Node, Literal] | None:
        """Return what undoes the store's rewriting; None where the query might tell."""
        literals = [each for each in prebound if isinstance(each, Literal)]
        if any(stored(each) != each or is_wide(each) for each in literals):
            return None
        if query.has_wide or (self._wide and query.calculates):
            return None
        restored = self._restored(query, ())
        if restored and (literals or query.computed or query.lexical):
            return None
        return restored

    def _reads(self, query: ConstraintQuery) -> bool:
        if query.text not in self._readable:
            try:
                check_oxigraph(query.text)
                self._readable[query.text] = True
            except Obstacle:
                self._readable[query.text] = False
        return self._readable[query.text]

    def _by_rdflib(
        self, query: ConstraintQuery, bindings: Mapping[str, Node]
    ) -> list[dict[str, Node]]:
        from kgpub.validation.reference import solutions
        from kgpub.validation.regular_expressions import check_query

        longest = self._longest
        if query.needs_shapes:
            longest = max(longest, self._longest_of_shapes)
        check_query(query, bindings, longest)
        return solutions(self._rdflib, query.text, bindings)


def _uses(query: ConstraintQuery, name: str) -> bool:
    return f"${name}" in query.text or f"?{name}" in query.text


def _targets_literal(shapes: TripleIndex, root: Any) -> bool:
    return any(isinstance(each, Literal) for each in shapes.objects(root, SH + "targetNode"))
