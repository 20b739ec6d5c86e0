"""The literals that were submitted, next to those that the store makes of them.

Oxigraph keeps values, not lexical forms, of the datatypes that it calculates with: `1.500`
becomes `1.5`, and an xsd:nonNegativeInteger an xsd:integer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache

from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from kgpub.model.report import Node
from kgpub.validation.queries import ConstraintQuery
from kgpub.vocabulary import RDF, XSD

AS_WRITTEN = frozenset((XSD + "string", RDF + "langString"))
"""Datatypes of which the store keeps the lexical form; there are others."""
_PREDICATE = NamedNode("urn:kgpub:literal")


@lru_cache(maxsize=10_000)
def stored(literal: Literal) -> Literal:
    """Return what the store makes of `literal`."""
    node = NamedNode("urn:n")
    store = Store()
    store.add(Quad(node, node, literal))
    (quad,) = store
    assert isinstance(quad.object, Literal)
    return quad.object


class StoredForms:
    """The submitted literal for each that the store has, by predicate; None for several.

    Literals of the datatypes AS_WRITTEN are left out. Others are not, though the store may keep
    them as they are written.
    """

    def __init__(self, forms: Mapping[str, Mapping[Literal, Literal | None]]) -> None:
        self._forms = {predicate: dict(found) for predicate, found in forms.items()}
        self._decided: dict[tuple[str, frozenset[str], bool], bool] = {}
        self._changing: set[str] | None = None

    def add(self, literals: Iterable[tuple[str, Literal, Literal | None]]) -> None:
        """Add literals: the predicate, the stored form, the submitted one of each or None."""
        for predicate, written, literal in literals:
            found = self._forms.setdefault(predicate, {})
            if found.setdefault(written, literal) != literal:
                found[written] = None
        self._decided.clear()
        self._changing = None

    def joined(self, more: StoredForms) -> StoredForms:
        """Return both together."""
        found = StoredForms(self._forms)
        found.add(
            (predicate, each, one)
            for predicate, some in more._forms.items()
            for each, one in some.items()
        )
        return found

    @property
    def is_exact(self) -> bool:
        """Whether all submitted literals can be told from what the store has."""
        return all(None not in found.values() for found in self._forms.values())

    def literals(self) -> Iterator[tuple[str, Literal, Literal]]:
        """Yield predicate, stored and submitted form, of those that are exact."""
        for predicate, found in self._forms.items():
            yield from ((predicate, each, one) for each, one in found.items() if one is not None)

    def submitted(self, predicate: str, literal: Literal) -> Literal:
        """Return what was submitted where the store has `literal`."""
        return self._forms.get(predicate, {}).get(literal) or literal

    def settles(self, query: ConstraintQuery, targeted: frozenset[str], alone: bool) -> bool:
        """Whether a query is evaluated by the same engine, whatever part of the graph is given.

        `targeted` are the predicates that its focus nodes are values of; `alone` is whether it
        may be evaluated for one focus node at a time. See `SubmittedLiterals.restoration`.
        """
        key = query.text, targeted, alone
        if key not in self._decided:
            self._decided[key] = self._settles(query, targeted, alone)
        return self._decided[key]

    def still_settles(
        self, query: ConstraintQuery, targeted: frozenset[str], alone: bool, more: StoredForms
    ) -> bool:
        """Whether `settles` holds after a change that adds `more`; it does before."""
        concerned = self._concerned(query, targeted) | more._concerned(query, targeted)
        if concerned.isdisjoint(self._rewritten) and concerned.isdisjoint(more._rewritten):
            return True
        for predicate in concerned & more._forms.keys():
            for written, literal in more._forms[predicate].items():
                if literal is None or any(
                    other.get(written, literal) != literal
                    for name in concerned
                    for other in (self._forms.get(name, {}), more._forms.get(name, {}))
                ):
                    return False
        rewritten = concerned & more._rewritten
        return not rewritten or not _tells(query, alone, rewritten | self._rewritten)

    def _settles(self, query: ConstraintQuery, targeted: frozenset[str], alone: bool) -> bool:
        concerned = self._concerned(query, targeted)
        rewritten = concerned & self._rewritten
        if not rewritten:
            return True
        submitted: dict[Literal, Literal] = {}
        for predicate in concerned:
            for written, literal in self._forms.get(predicate, {}).items():
                if literal is None or submitted.setdefault(written, literal) != literal:
                    return False
        return not _tells(query, alone, rewritten)

    def _concerned(self, query: ConstraintQuery, targeted: frozenset[str]) -> set[str]:
        return set(self._forms if query.predicates is None else query.predicates | targeted)

    @property
    def _rewritten(self) -> set[str]:
        """The predicates that have values which the store does not keep as they are written."""
        if self._changing is None:
            self._changing = {
                predicate
                for predicate, found in self._forms.items()
                if any(one != other for one, other in found.items())
            }
        return self._changing


def _tells(query: ConstraintQuery, alone: bool, rewritten: set[str]) -> bool:
    """Whether a query can tell literals from what the store makes of them.

    `rewritten` are the predicates that have such ones as values.
    """
    carriers = {
        variable
        for variable, predicates in query.sources.items()
        if predicates is None or not predicates.isdisjoint(rewritten)
    }
    return alone or query.constants or not query.lexical.isdisjoint(carriers)


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

    @cached_property
    def _rewritten(self) -> set[str]:
        """The predicates that have values which the store does not keep as they are written."""
        return {
            predicate
            for predicate, literals in self._by_predicate.items()
            if any(self._stored[literal] != literal for literal in literals)
        }

    def forms(self) -> StoredForms:
        """Return what the store makes of them."""
        forms = StoredForms({})
        forms.add(
            (predicate, self._stored[literal], literal)
            for predicate, literals in self._by_predicate.items()
            for literal in literals
        )
        return forms

    def restoration(
        self, query: ConstraintQuery, targeted: Iterable[str]
    ) -> dict[Node, Literal] | None:
        """Return the submitted literal for each that the store rewrote and `query` may meet.

        What it finds is compared with values of the predicates `targeted`. None where that, or
        the query, could tell the difference: where the store makes one literal of two that were
        submitted, or where the query looks at lexical forms or datatypes of rewritten ones, or
        has literals in its patterns.
        """
        predicates = self._by_predicate if query.predicates is None else query.predicates
        concerned = {*predicates, *targeted}
        if concerned.isdisjoint(self._rewritten):
            return {}
        restored: dict[Node, Literal] = {}
        for predicate in concerned:
            for literal in self._by_predicate.get(predicate, ()):
                if restored.setdefault(self._stored[literal], literal) != literal:
                    return None
        if query.constants or query.lexical & self._carriers(query):
            return None
        return {written: literal for written, literal in restored.items() if written != literal}

    def _carriers(self, query: ConstraintQuery) -> set[str]:
        """Return the variables that may be bound to a literal that the store rewrote."""
        return {
            variable
            for variable, predicates in query.sources.items()
            if predicates is None or not predicates.isdisjoint(self._rewritten)
        }
