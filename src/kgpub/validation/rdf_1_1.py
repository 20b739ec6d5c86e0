"""What RDF 1.2 has, and RDF 1.1 has not, nor with it rdflib."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kgpub.errors import WorkspaceError
from kgpub.messages import Message
from kgpub.validation.index import SUBCLASS_OF, TYPE, Subject
from kgpub.vocabulary import RDF, SH

Term = NamedNode | BlankNode | Literal | Triple

MAX_TOLD = 200
"""Code points of a term that are told."""


class NotInRdf11(WorkspaceError):
    """`term` is a triple term, or a literal with a base direction (RDF 1.2, section 3)."""

    def __init__(self, term: Triple | Literal) -> None:
        is_triple = isinstance(term, Triple)
        text = f"<<( {term} )>>" if is_triple else str(term)
        shown = text if len(text) <= MAX_TOLD else f"{text[:MAX_TOLD]}…"
        what = "triple terms" if is_triple else "base directions"
        super().__init__(
            f"rdflib, which pySHACL and inference are built on, has no {what}: {shown}",
            "The engine fast takes it, without inference, unless the shapes tell blank nodes in "
            "the data from IRIs, or have queries that Oxigraph does not take.",
        )
        self.term = term


def refuse_rdf_1_2(term: Term) -> None:
    """Raise NotInRdf11 for a term that RDF 1.1 has not."""
    if isinstance(term, Triple) or (isinstance(term, Literal) and term.direction is not None):
        raise NotInRdf11(term)


def of_rdf_1_1(data: Iterable[Triple], shapes: Iterable[Triple], queried: bool) -> Iterator[Triple]:
    """Yield `data` without what RDF 1.1 has not and no shape looks at, as annotations of facts.

    A shape may look at it where its predicate stands anywhere in `shapes` or says what classes
    nodes have, where a shape is closed, and where shapes are `queried`, that is, have SPARQL.
    Raises NotInRdf11 then.
    """
    read = {TYPE, SUBCLASS_OF}
    whole = queried
    for triple in shapes:
        read.update(term.value for term in triple if isinstance(term, NamedNode))
        whole = whole or triple.predicate.value == SH + "closed"
    return _without(data, lambda predicate: whole or predicate in read)


def shapes_of_rdf_1_1(shapes: Sequence[Triple]) -> Iterator[Triple]:
    """Yield `shapes` without what RDF 1.1 has not and SHACL does not read, as annotations of them.

    Raises NotInRdf11 for what it may read: values of its own terms and of the parameters of
    constraint components, and members of lists.
    """
    named = {each.object.value for each in shapes if isinstance(each.object, NamedNode)}
    return _without(
        shapes, lambda name: name.startswith(SH) or name == RDF + "first" or name in named
    )


def _without(triples: Iterable[Triple], is_read: Callable[[str], bool]) -> Iterator[Triple]:
    for triple in triples:
        try:
            refuse_rdf_1_2(triple.object)
        except NotInRdf11:
            if is_read(triple.predicate.value):
                raise
        else:
            yield triple


def faults(shapes: Iterable[Triple]) -> list[tuple[Subject, Message]]:
    """Return the triple terms that SHACL has no meaning for, each with the node that has it."""
    return [
        (triple.subject, Message("fault-triple", name=triple.predicate.value.replace(SH, "sh:", 1)))
        for triple in shapes
        if isinstance(triple.object, Triple)
        and not isinstance(triple.subject, Triple)
        and triple.predicate.value.startswith(SH)
        and triple.predicate.value != SH + "hasValue"
    ]


def blank_nodes(term: Term) -> Iterator[BlankNode]:
    """Yield the blank nodes in `term` in the order in which they are written."""
    if isinstance(term, BlankNode):
        yield term
    elif isinstance(term, Triple):
        yield from blank_nodes(term.subject)
        yield from blank_nodes(term.object)


def replaced(term: Term, new: Callable[[Term], Term]) -> Term:
    """Return what `new` makes of `term`; of a triple, the triple of what it makes of its terms."""
    if not isinstance(term, Triple):
        return new(term)
    subject = new(term.subject)
    assert isinstance(subject, NamedNode | BlankNode)
    return Triple(subject, term.predicate, replaced(term.object, new))
