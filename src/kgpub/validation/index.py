"""Triples by subject and by object, for reading shapes and for finding targets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import cast

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kgpub.model.report import Node
from kgpub.vocabulary import RDF, RDFS

TYPE = RDF + "type"
SUBCLASS_OF = RDFS + "subClassOf"

Subject = NamedNode | BlankNode

_FIRST, _REST, _NIL = RDF + "first", RDF + "rest", NamedNode(RDF + "nil")


class IllFormedList(ValueError):
    """A SHACL list (SHACL, section 1.1) has a cycle, a fork or no end."""


class TripleIndex:
    """Triples, repeats dropped, their order kept."""

    def __init__(self, triples: Iterable[Triple], *, triple_terms: bool = False) -> None:
        """Without `triple_terms`, triples that have one are left out: SHACL has none of them."""
        self._objects: dict[tuple[Node, str], list[Node]] = defaultdict(list)
        self._subjects: dict[tuple[str, Node], list[Subject]] = defaultdict(list)
        self._pairs: dict[str, list[tuple[Subject, Node]]] = defaultdict(list)
        self._predicates: dict[Subject, list[str]] = defaultdict(list)
        for triple in dict.fromkeys(triples):
            subject, predicate, value = triple.subject, triple.predicate.value, triple.object
            if isinstance(subject, Triple):
                continue
            if isinstance(value, Triple):
                if not triple_terms:
                    continue
                value = cast(Node, value)
            if (subject, predicate) not in self._objects:
                self._predicates[subject].append(predicate)
            self._objects[subject, predicate].append(value)
            self._subjects[predicate, value].append(subject)
            self._pairs[predicate].append((subject, value))

    def objects(self, subject: Node, predicate: str) -> list[Node]:
        """Return what `subject` has as values of `predicate`."""
        return self._objects.get((subject, predicate), [])

    def subjects(self, predicate: str, value: Node) -> list[Subject]:
        """Return what has `value` as value of `predicate`."""
        return self._subjects.get((predicate, value), [])

    def pairs(self, predicate: str) -> list[tuple[Subject, Node]]:
        """Return subject and object of every triple with `predicate`."""
        return self._pairs.get(predicate, [])

    def predicates(self, subject: Node) -> list[str]:
        """Return the predicates of `subject`; none where nothing is said of it."""
        return [] if isinstance(subject, Literal) else self._predicates.get(subject, [])

    def all_subjects(self) -> list[Subject]:
        """Return everything of which something is said, in order of first mention."""
        return list(self._predicates)

    def instances(self, klass: Node) -> list[Subject]:
        """Return the instances of `klass` and of classes below it; some perhaps repeatedly."""
        found: list[Subject] = []
        classes, pending = {klass}, [klass]
        while pending:
            each = pending.pop()
            found += self.subjects(TYPE, each)
            fresh = [below for below in self.subjects(SUBCLASS_OF, each) if below not in classes]
            classes.update(fresh)
            pending += fresh
        return found

    def members(self, head: Node) -> list[Node]:
        """Return the members of the list at `head`; raises IllFormedList."""
        return [member for _, member in self.cells(head)]

    def cells(self, head: Node) -> list[tuple[Subject, Node]]:
        """Return each node of the list at `head` with its member; raises IllFormedList."""
        found: list[tuple[Subject, Node]] = []
        visited: set[Node] = set()
        while head != _NIL:
            first, rest = self.objects(head, _FIRST), self.objects(head, _REST)
            if isinstance(head, Literal) or head in visited or len(first) != 1 or len(rest) != 1:
                raise IllFormedList(str(head))
            visited.add(head)
            found.append((head, first[0]))
            head = rest[0]
        return found


def text_of(term: Node) -> str:
    """Return the lexical form of a literal, the IRI of a named node, the label of a blank one."""
    return term.value if isinstance(term, Literal | NamedNode | BlankNode) else str(term)
