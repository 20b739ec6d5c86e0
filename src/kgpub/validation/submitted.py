"""The literals that were submitted, next to those that the store makes of them.

Oxigraph keeps values, not lexical forms, of the datatypes that it calculates with: `1.500`
becomes `1.5`, and an xsd:nonNegativeInteger an xsd:integer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from kgpub.model.report import Node
from kgpub.validation.queries import ConstraintQuery
from kgpub.vocabulary import RDF, XSD

AS_WRITTEN = frozenset((XSD + "string", RDF + "langString"))
"""The datatypes of which the store keeps the lexical form."""
_PREDICATE = NamedNode("urn:kgpub:literal")


class SubmittedLiterals:
    """The literals of some triples by the predicate that they are values of."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._by_predicate: dict[str, set[Literal]] = defaultdict(set)
        for triple in triples:
            value = triple.object
            if isinstance(value, Literal) and value.datatype.value not in AS_WRITTEN:
                self._by_predicate[triple.predicate.value].add(value)

    @cached_property
    def _stored(self) -> Mapping[Literal, Literal]:
        literals = list({each for values in self._by_predicate.values() for each in values})
        store = Store()
        store.bulk_extend(
            Quad(NamedNode(f"urn:n:{number}"), _PREDICATE, literal)
            for number, literal in enumerate(literals)
        )
        return {literals[int(quad.subject.value[6:])]: quad.object for quad in store}

    def rewritten(self) -> Mapping[str, Mapping[Literal, Literal]] | None:
        """Return by predicate the submitted literal for each that the store made of one.

        Those that it left as they were are not among them. None where it made one of two: then
        nothing tells which was submitted where.
        """
        found: dict[str, dict[Literal, Literal]] = {}
        for predicate, literals in self._by_predicate.items():
            submitted: dict[Literal, Literal] = {}
            for literal in literals:
                if submitted.setdefault(self._stored[literal], literal) != literal:
                    return None
            changed = {stored: each for stored, each in submitted.items() if stored != each}
            if changed:
                found[predicate] = changed
        return found

    def restoration(
        self, query: ConstraintQuery, targeted: Iterable[str]
    ) -> dict[Node, Literal] | None:
        """Return the submitted literal for each that the store rewrote and `query` may meet.

        What it finds is compared with values of the predicates `targeted`. None where that, or
        the query, could tell the difference: where the store makes one literal of two that were
        submitted, or where the query looks at lexical forms or datatypes of rewritten ones, or
        has literals in its patterns.
        """
        restored: dict[Node, Literal] = {}
        rewritten = False
        for literal in self._of(query, targeted):
            stored = self._stored[literal]
            rewritten = rewritten or stored != literal
            if restored.setdefault(stored, literal) != literal:
                return None
        if rewritten and (query.constants or query.lexical & self._carriers(query)):
            return None
        return {stored: literal for stored, literal in restored.items() if stored != literal}

    def _of(self, query: ConstraintQuery, targeted: Iterable[str]) -> Iterator[Literal]:
        predicates = self._by_predicate if query.predicates is None else query.predicates
        for predicate in {*predicates, *targeted}:
            yield from self._by_predicate.get(predicate, ())

    def _carriers(self, query: ConstraintQuery) -> set[str]:
        """Return the variables that may be bound to a literal that the store rewrote."""
        return {
            variable
            for variable, predicates in query.sources.items()
            if predicates is None
            or any(
                self._stored[literal] != literal
                for predicate in predicates
                for literal in self._by_predicate.get(predicate, ())
            )
        }
