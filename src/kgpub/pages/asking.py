"""Queries that tell all of what a page shows in part, and the links to them."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import NamedNode

from kgpub.pages.rendering import Frame
from kgpub.vocabulary import KG
from kgpub.vocabulary import terms as kg


def facts(classes: Iterable[str], path: str, iri: str) -> str:
    """Return a query for the facts or events of `classes` that a path joins with an IRI."""
    return (
        "SELECT DISTINCT ?fact ?earliest {\n"
        f"  VALUES ?class {{ {' '.join(term(each) for each in sorted(classes))} }}\n"
        f"  ?fact a ?class ; {path} {term(iri)} .\n"
        "  OPTIONAL { ?fact kg:earliest ?earliest }\n"
        "} ORDER BY ?earliest ?fact\n"
    )


def statements(path: str, iri: str) -> str:
    """Return a query for the statements that a path joins with an IRI."""
    return (
        "SELECT DISTINCT ?statement ?words {\n"
        f"  ?statement {path} {term(iri)} ; kg:words ?words .\n"
        "} ORDER BY ?statement\n"
    )


def subjects(predicate: str, iri: str, class_: str = "") -> str:
    """Return a query for what has an IRI as `predicate`, and has a class if one is given."""
    typed = f" ; a {term(class_)}" if class_ else ""
    return f"SELECT DISTINCT ?thing {{\n  ?thing {term(predicate)} {term(iri)}{typed} .\n}}\n"


def referring(iri: str) -> str:
    """Return a query for how much of each class refers to an IRI by each property."""
    return (
        "SELECT ?class ?property (COUNT(DISTINCT ?thing) AS ?count) {\n"
        f"  ?thing ?property {term(iri)} ; a ?class .\n"
        "} GROUP BY ?class ?property ORDER BY ?class ?property\n"
    )


def values(iri: str, path: str) -> str:
    """Return a query for what a path leads to from an IRI."""
    return f"SELECT DISTINCT ?value {{\n  {term(iri)} {path} ?value .\n}}\n"


def participants(event: str, role: str) -> str:
    """Return a query for those who have a role in an event, `kg.participant` for any."""
    roled = "" if role == kg.participant else f"kg:role {term(role)} ; "
    return (
        "SELECT DISTINCT ?participant {\n"
        f"  {term(event)} kg:participation ?participation .\n"
        f"  ?participation {roled}kg:participant ?participant .\n"
        "}\n"
    )


def any_of(predicates: Iterable[str]) -> str:
    """Return a path that is any of some predicates."""
    return "|".join(term(each) for each in predicates)


def term(iri: str) -> str:
    """Return an IRI as queries write it. Raises ValueError for what is none."""
    local = iri.removeprefix(KG)
    return f"kg:{local}" if local != iri and local.isalnum() else str(NamedNode(iri))


def link(frame: Frame, query: str) -> str:
    """Return the reference to the query page with a query."""
    return frame.to(frame.site.addresses.query(frame.language, query))
