from __future__ import annotations

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from kgpub.documents.build import Build
from kgpub.pages.description import description
from kgpub.pages.rendering import Site
from kgpub.vocabulary import terms as kg

BASE = "https://example.org/data/"
PEOPLE = [NamedNode(f"{BASE}person/{number}") for number in range(3)]


def built() -> Build:
    store = Store()
    store.extend(
        Quad(each, NamedNode(kg.name), Literal(f"name {each.value[-1]}"), DefaultGraph())
        for each in PEOPLE
    )
    return Build("1", store, Site(BASE, "T", "P", "https://example.org/l"))


def test_what_is_kept_of_one_thing_is_never_told_of_another() -> None:
    build = built()
    for each in (*PEOPLE, *PEOPLE[::-1], PEOPLE[1], PEOPLE[1]):
        assert build.description(each.value) == description(build.reading, each.value)
