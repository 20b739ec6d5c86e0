"""What follows from data by the rules of RDFS and OWL 2 RL."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from kgpub.serialisation.line_feed import Term

_STAND_IN = "urn:kgpub:stand-in:"


def closed(data: Sequence[Quad | Triple], inference: str) -> list[Triple]:
    """Return the triples of `data` with all that follows from them, literals as they are written.

    `inference` is rdfs, owlrl or both. Raises NotInRdf11 for what RDF 1.1 has not.
    """
    from owlrl import DeductiveClosure, OWLRL_Semantics, RDFS_OWLRL_Semantics, RDFS_Semantics
    from rdflib import Graph, URIRef
    from rdflib import Literal as RdflibLiteral

    from kgpub.validation.reference import from_rdflib, quiet, to_rdflib

    triples = list(dict.fromkeys(q.triple if isinstance(q, Quad) else q for q in data))
    semantics = {
        "rdfs": RDFS_Semantics,
        "owlrl": OWLRL_Semantics,
        "both": RDFS_OWLRL_Semantics,
    }[inference]
    names = _Names()
    graph = Graph()
    with quiet():
        for triple in triples:
            graph.add(tuple(map(to_rdflib, _renamed(triple, names.named))))
        before = set(graph)
        DeductiveClosure(semantics).expand(graph)
        # Rules conclude things of literals too, which RDF has no way to say.
        found = [
            Triple(*map(from_rdflib, concluded))
            for concluded in set(graph) - before
            if not isinstance(concluded[0], RdflibLiteral) and isinstance(concluded[1], URIRef)
        ]
    return [*triples, *(_renamed(triple, names.original) for triple in sorted(found, key=str))]


def _renamed(triple: Triple, new: Callable[[Term], Term]) -> Triple:
    subject = new(triple.subject)
    assert isinstance(subject, NamedNode | BlankNode)
    return Triple(subject, triple.predicate, new(triple.object))


class _Names:
    """What terms are called while rules are applied to them.

    owlrl does not bear some literals whose text is not of their datatype; they stay literals, of a
    datatype that it does not know. Blank nodes are IRIs meanwhile, as rules apply to them alike,
    and what is named like a stand-in has one itself.
    """

    def __init__(self) -> None:
        self._named: dict[Term, Term] = {}
        self._originals: dict[Term, Term] = {}

    def named(self, term: Term) -> Term:
        if term not in self._named:
            self._named[term] = self._stand_in(term)
            self._originals[self._named[term]] = term
        return self._named[term]

    def _stand_in(self, term: Term) -> Term:
        number = len(self._named)
        if isinstance(term, Literal):
            is_like_one = term.datatype.value == _STAND_IN
            if is_like_one or _stops_rules(term):
                return Literal(str(number), datatype=NamedNode(_STAND_IN))
            return term
        is_like_one = isinstance(term, NamedNode) and term.value.startswith(_STAND_IN)
        if is_like_one or isinstance(term, BlankNode):
            return NamedNode(f"{_STAND_IN}{number}")
        return term

    def original(self, term: Term) -> Term:
        return self._originals.get(term, term)


def _stops_rules(literal: Literal) -> bool:
    """Return whether owlrl would fail at a literal: ValueError is all that it expects."""
    from owlrl.DatatypeHandling import AltXSDToPYTHON
    from rdflib import URIRef

    converter = AltXSDToPYTHON.get(URIRef(literal.datatype.value))
    if converter is None:
        return False
    try:
        converter(literal.value)
    except ValueError:
        return False
    except (ArithmeticError, LookupError):
        return True
    return False
