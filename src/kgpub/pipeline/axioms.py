"""What of an ontology is read together with data: its axioms, as in pySHACL, not its instances.

pySHACL's `ont_graph` mixes in what the ontology says by terms of RDFS and OWL, and all of each
owl:NamedIndividual, with what it refers to. Nothing else of an ontology is validated.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from pyoxigraph import BlankNode, NamedNode, Triple

from kgpub.serialisation.line_feed import Term
from kgpub.vocabulary import OWL, RDF, RDFS

_INDIVIDUAL = OWL + "NamedIndividual"
_CLASSES_OF_RDFS = """
    Class Container ContainerMembershipProperty Datatype Literal Resource
"""
_CLASSES_OF_OWL = """
    AllDifferent AllDisjointClasses AllDisjointProperties Annotation AnnotationProperty
    AsymmetricProperty Axiom Class DataRange DatatypeProperty DeprecatedClass DeprecatedProperty
    FunctionalProperty InverseFunctionalProperty IrreflexiveProperty NamedIndividual
    NegativePropertyAssertion ObjectProperty Ontology OntologyProperty ReflexiveProperty
    Restriction SymmetricProperty TransitiveProperty
"""
_PROPERTIES_OF_RDFS = """
    comment domain isDefinedBy label member range seeAlso subClassOf subPropertyOf
"""
_PROPERTIES_OF_OWL = """
    allValuesFrom annotatedProperty annotatedSource annotatedTarget assertionProperty
    backwardCompatibleWith bottomDataProperty bottomObjectProperty cardinality complementOf
    datatypeComplementOf deprecated differentFrom disjointUnionOf disjointWith distinctMembers
    equivalentClass equivalentProperty hasKey hasSelf hasValue imports incompatibleWith
    intersectionOf inverseOf maxCardinality maxQualifiedCardinality members minCardinality
    minQualifiedCardinality onClass onDataRange onDatatype onProperties onProperty oneOf
    priorVersion propertyChainAxiom propertyDisjointWith qualifiedCardinality sameAs
    someValuesFrom sourceIndividual targetIndividual targetValue topDataProperty
    topObjectProperty unionOf versionIRI versionInfo withRestrictions
"""
_CLASSES = {
    *(RDFS + name for name in _CLASSES_OF_RDFS.split()),
    *(OWL + name for name in _CLASSES_OF_OWL.split()),
}
_PROPERTIES = {
    *(RDFS + name for name in _PROPERTIES_OF_RDFS.split()),
    *(OWL + name for name in _PROPERTIES_OF_OWL.split()),
}
_STEPS = 10
"""From an individual to what is still described, at most, as in pySHACL."""


def axioms(ontology: Iterable[Triple]) -> list[Triple]:
    """Return the triples of an ontology that data are validated together with, in its order."""
    triples = list(dict.fromkeys(ontology))
    described: dict[Term, list[Triple]] = defaultdict(list)
    for triple in triples:
        described[triple.subject].append(triple)
    taken = {triple for triple in triples if _is_axiom(triple)}
    individuals = {
        triple.subject
        for triple in taken
        if isinstance(triple.subject, NamedNode) and _is_type(triple, {_INDIVIDUAL})
    }
    taken |= _descriptions(individuals, described)
    taken |= {triple for triple in triples if triple.object in individuals}
    pending = [term for triple in taken for term in (triple.subject, triple.object)]
    seen: set[Term] = set()
    while pending:
        term = pending.pop()
        if isinstance(term, BlankNode) and term not in seen:
            seen.add(term)
            taken.update(described[term])
            pending += [triple.object for triple in described[term]]
    return [triple for triple in triples if triple in taken]


def _is_axiom(triple: Triple) -> bool:
    return triple.predicate.value in _PROPERTIES or _is_type(triple, _CLASSES)


def _is_type(triple: Triple, classes: set[str]) -> bool:
    if triple.predicate.value != RDF + "type" or not isinstance(triple.object, NamedNode):
        return False
    return triple.object.value in classes


def _descriptions(
    individuals: Iterable[Term], described: Mapping[Term, Sequence[Triple]]
) -> set[Triple]:
    """Return what is said of individuals and, by IRIs, of what that refers to."""
    taken: set[Triple] = set()
    seen, reached = set(individuals), list(individuals)
    for _ in range(_STEPS):
        of_these = [triple for term in reached for triple in described.get(term, ())]
        taken.update(of_these)
        named = {triple.object for triple in of_these if isinstance(triple.object, NamedNode)}
        reached = list(named - seen)
        seen |= named
    return taken
