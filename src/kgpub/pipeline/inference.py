"""What follows from data by the rules of RDFS and OWL 2 RL."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from kgpub.serialisation.line_feed import Term

_BLANK = "urn:kgpub:blank:"
_HIDDEN = NamedNode("urn:kgpub:hidden")


def closed(data: Sequence[Quad | Triple], inference: str) -> list[Triple]:
    """Return the triples of `data` with all that follows from them.

    `inference` is rdfs, owlrl or both. Raises NotInRdf11 for what RDF 1.1 has not.
    """
    from owlrl import DeductiveClosure, OWLRL_Semantics, RDFS_OWLRL_Semantics, RDFS_Semantics
    from rdflib import Graph, URIRef
    from rdflib import Literal as RdflibLiteral

    from kgpub.validation.rdf_1_1 import refuse_rdf_1_2

    triples = list(dict.fromkeys(q.triple if isinstance(q, Quad) else q for q in data))
    for triple in triples:
        refuse_rdf_1_2(triple.object)
    graph = Graph()
    names = _Names()
    named = [_renamed(triple, names.named) for triple in triples]
    graph.parse(data=serialize(named, format=RdfFormat.N_TRIPLES), format="nt")
    semantics = {
        "rdfs": RDFS_Semantics,
        "owlrl": OWLRL_Semantics,
        "both": RDFS_OWLRL_Semantics,
    }[inference]
    before = set(graph)
    DeductiveClosure(semantics).expand(graph)
    inferred = Graph()
    for subject, predicate, value in set(graph) - before:
        # Rules conclude things of literals too, which RDF has no way to say.
        if not isinstance(subject, RdflibLiteral) and isinstance(predicate, URIRef):
            inferred.add((subject, predicate, value))
    text = inferred.serialize(format="nt", encoding="utf-8")
    found = (quad.triple for quad in parse(text, format=RdfFormat.N_TRIPLES))
    return [*triples, *(_renamed(triple, names.unnamed) for triple in found)]


def _renamed(triple: Triple, new: Callable[[Term], Term]) -> Triple:
    subject = new(triple.subject)
    assert isinstance(subject, NamedNode | BlankNode)
    return Triple(subject, triple.predicate, new(triple.object))


class _Names:
    """What terms are called while rules are applied to them.

    rdflib would give blank nodes other labels, and what is inferred of them would be lost. owlrl
    does not bear some literals whose text is not of their datatype, which stay literals of a
    datatype that it does not know.
    """

    def __init__(self) -> None:
        self._hidden: list[Literal] = []
        self._by_literal: dict[Literal, Term] = {}

    def named(self, term: Term) -> Term:
        if isinstance(term, BlankNode):
            return NamedNode(_BLANK + term.value)
        if not isinstance(term, Literal):
            return term
        if term not in self._by_literal:
            self._by_literal[term] = self._hide(term) if _stops_rules(term) else term
        return self._by_literal[term]

    def _hide(self, literal: Literal) -> Literal:
        self._hidden.append(literal)
        return Literal(str(len(self._hidden) - 1), datatype=_HIDDEN)

    def unnamed(self, term: Term) -> Term:
        if isinstance(term, NamedNode) and term.value.startswith(_BLANK):
            return BlankNode(term.value.removeprefix(_BLANK))
        if isinstance(term, Literal) and term.datatype == _HIDDEN:
            return self._hidden[int(term.value)]
        return term


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
