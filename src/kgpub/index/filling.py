"""Makes the index of a build: `python -m kgpub.index.filling STORE TARGET SITE`.

It is a process of its own, so that what is served meanwhile is not slowed down. Memory does not
grow with the build: what has to be sorted is sorted by SQLite.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import asdict
from itertools import islice
from pathlib import Path

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from kgpub.index.schema import FULL_TEXT, INDEXES, Role, create
from kgpub.index.vocabulary import fill_vocabulary
from kgpub.messages import LANGUAGES
from kgpub.names import read
from kgpub.pages.reading import StoreReading
from kgpub.pages.rendering import Frame, Site
from kgpub.pages.view import View
from kgpub.search.sounds import joined, sound_of
from kgpub.search.words import as_sorani, folded_words, is_sorani
from kgpub.vocabulary import OA, OWL, RDF, RDFS, SKOS, WIKIDATA
from kgpub.vocabulary import terms as kg

CLASSES = (
    kg.Person,
    kg.Organisation,
    kg.Office,
    kg.Place,
    kg.Event,
    kg.Group,
    kg.Topic,
    kg.Article,
)
_PROPER = (kg.Person, kg.Place)
"""Whose names are words of their own; offices and topics are called by words of the language."""
_NAMES = {
    kg.name: Role.own,
    kg.title: Role.own,
    kg.alternativeName: Role.alternative,
    kg.spelling: Role.spelling,
}
MAX_WEIGHT = 10_000
"""Triples that lead to an entity, of which more make no difference."""
MAX_NAMES = 100
"""Names of one entity that are found."""
MAX_SPEAKERS = 10
_ISOLATES = str.maketrans("", "", "\u2068\u2069")
_LOW = 10
"""Niceness: whatever is served goes before."""


def fill(store: Store, site: Site, target: Path) -> None:
    """Write the index of what a store holds to `target`. Raises sqlite3.Error, OSError."""
    connection = create(target)
    try:
        source = _Source(store, site)
        _fill_labels(connection, source)
        _fill_names(connection, source)
        _fill_passages(connection, source)
        fill_vocabulary(connection)
        for statement in INDEXES.strip().split(";\n"):
            connection.execute(statement)
        for table in FULL_TEXT:
            connection.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")
        connection.execute("COMMIT")
    finally:
        connection.close()
    with target.open("rb") as stream:
        os.fsync(stream.fileno())


class _Source:
    """The store, by pattern."""

    def __init__(self, store: Store, site: Site) -> None:
        self.store = store
        self.base = site.base
        self._reading = StoreReading(store)
        self._frames = [Frame(site, language, "") for language in LANGUAGES]

    def called(self, iri: str) -> Iterator[tuple[str, str]]:
        """Yield what pages call a thing that has no name, with the language."""
        for frame in self._frames:
            # A view keeps what it has read, so that each thing has its own.
            text = View(self._reading, frame).called(iri).text
            yield text.translate(_ISOLATES), frame.language

    def quads(
        self, subject: str | None, predicate: str | None, object_: str | None
    ) -> Iterator[Quad]:
        first, second, third = (
            None if iri is None else NamedNode(iri) for iri in (subject, predicate, object_)
        )
        return self.store.quads_for_pattern(first, second, third, DefaultGraph())

    def of_class(self, class_: str) -> Iterator[str]:
        """Yield the things of a class that are the dataset's own."""
        for quad in self.quads(None, RDF + "type", class_):
            if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(self.base):
                yield quad.subject.value

    def literals(self, subject: str, predicate: str) -> list[Literal]:
        found = {quad.object for quad in self.quads(subject, predicate, None)}
        literals = (each for each in found if isinstance(each, Literal))
        return sorted(literals, key=lambda each: (each.language or "", each.value))

    def iris(self, subject: str, predicate: str) -> list[str]:
        found = (quad.object for quad in self.quads(subject, predicate, None))
        return sorted({each.value for each in found if isinstance(each, NamedNode)})


def _fill_labels(connection: sqlite3.Connection, source: _Source) -> None:
    for predicate in (RDFS + "label", SKOS + "prefLabel"):
        for quad in source.quads(None, predicate, None):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
                connection.execute(
                    "INSERT OR IGNORE INTO label VALUES (?, ?, ?)",
                    (quad.subject.value, quad.object.language or "", quad.object.value),
                )


def _fill_names(connection: sqlite3.Connection, source: _Source) -> None:
    connection.execute(
        "CREATE TEMP TABLE staged (number INTEGER PRIMARY KEY, entity INTEGER, text TEXT,"
        " language TEXT, role INTEGER, is_proper INTEGER)"
    )
    connection.execute("CREATE TEMP TABLE proper (text TEXT PRIMARY KEY) WITHOUT ROWID")
    for class_ in CLASSES:
        for iri in source.of_class(class_):
            _stage_names(connection, source, iri, class_)
    ordered = connection.execute(
        "SELECT entity, text, language, role, is_proper"
        " FROM staged JOIN entity ON entity.id = staged.entity"
        " ORDER BY weight DESC, iri, role, number"
    )
    for entity, text, language, role, is_proper in ordered:
        words = _add_name(connection, entity, text, language, role)
        if is_proper:
            connection.executemany(
                "INSERT OR IGNORE INTO proper VALUES (?)", ((word,) for word in words)
            )
    connection.execute("DROP TABLE staged")


def _stage_names(connection: sqlite3.Connection, source: _Source, iri: str, class_: str) -> None:
    weight = sum(1 for _ in islice(source.quads(None, None, iri), MAX_WEIGHT))
    kind = next(iter(source.iris(iri, kg.kind)), class_)
    added = connection.execute(
        "INSERT OR IGNORE INTO entity (iri, kind, weight) VALUES (?, ?, ?)", (iri, kind, weight)
    )
    if not added.rowcount:
        return  # it is of several classes
    names = islice(_names(source, iri, class_), MAX_NAMES)
    connection.executemany(
        "INSERT INTO staged (entity, text, language, role, is_proper) VALUES (?, ?, ?, ?, ?)",
        ((added.lastrowid, *name, class_ in _PROPER) for name in names),
    )


def _names(source: _Source, iri: str, class_: str) -> Iterator[tuple[str, str, Role]]:
    for predicate, role in _NAMES.items():
        for literal in source.literals(iri, predicate):
            yield literal.value, literal.language or "", role
    if class_ == kg.Event:
        for text, language in source.called(iri):
            yield text, language, Role.called
    yield iri.removeprefix(source.base).partition("/")[2], "", Role.identifier
    for item in source.iris(iri, OWL + "sameAs"):
        if item.startswith(WIKIDATA):
            yield item.removeprefix(WIKIDATA), "", Role.identifier


def _add_name(
    connection: sqlite3.Connection, entity: int, text: str, language: str, role: int
) -> list[str]:
    """Add a name; return its words."""
    name = read(text, language)
    words = folded_words(name.key)
    if not words:
        return words
    added = connection.execute(
        "INSERT INTO name (entity, text, language, role, key, bare, skeleton)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (entity, text, language, role, name.key, name.bare, joined(name)),
    )
    sounds = "" if role == Role.identifier else " ".join(filter(None, map(sound_of, words)))
    column = "sorani" if is_sorani(language) else "words"
    connection.execute(
        f"INSERT INTO name_index (rowid, {column}, sounds) VALUES (?, ?, ?)",
        (added.lastrowid, " ".join(words), sounds),
    )
    return words


def _fill_passages(connection: sqlite3.Connection, source: _Source) -> None:
    """Number passages by the articles' dates, the last first, and in the order of the text."""
    connection.execute(
        "CREATE TEMP TABLE staged (iri TEXT, article TEXT, published TEXT, start INTEGER)"
    )
    for article in source.of_class(kg.Article):
        dates = source.literals(article, kg.published)
        published = dates[0].value if dates else ""
        connection.execute("INSERT INTO staged VALUES (?, ?, ?, -1)", (article, article, published))
        for quad in source.quads(None, kg.article, article):
            if isinstance(quad.subject, NamedNode):
                iri = quad.subject.value
                start = _start(source, iri)
                if start is not None:
                    connection.execute(
                        "INSERT INTO staged VALUES (?, ?, ?, ?)", (iri, article, published, start)
                    )
    ordered = connection.execute(
        "SELECT iri, article, start FROM staged ORDER BY published DESC, article, start, iri"
    )
    for iri, article, start in ordered:
        _add_passages(connection, source, iri, article, start)
    connection.execute("DROP TABLE staged")


def _start(source: _Source, iri: str) -> int | None:
    """Return where the words of a statement begin in its article; None for what is none."""
    if not source.literals(iri, kg.words):
        return None
    for passage in source.iris(iri, kg.passage):
        for literal in source.literals(passage, OA + "start"):
            if literal.value.isascii() and literal.value.isdigit() and len(literal.value) < 12:
                return int(literal.value)
    return 0


def _add_passages(
    connection: sqlite3.Connection, source: _Source, iri: str, article: str, start: int
) -> None:
    is_article = iri == article
    for literal in source.literals(iri, kg.text if is_article else kg.words):
        language = literal.language or ""
        added = connection.execute(
            "INSERT INTO passage (iri, article, start, language, text) VALUES (?, ?, ?, ?, ?)",
            (iri, article, max(start, 0), language, literal.value),
        )
        sorani = is_sorani(language)
        text = as_sorani(literal.value) if sorani else literal.value
        column = "sorani" if sorani else "words"
        table = "article_index" if is_article else "statement_index"
        connection.execute(
            f"INSERT INTO {table} (rowid, {column}) VALUES (?, ?)",
            (added.lastrowid, " ".join(folded_words(text))),
        )
        if not is_article:
            speakers = ((added.lastrowid, each) for each in source.iris(iri, kg.saidBy))
            connection.executemany(
                "INSERT INTO speaker VALUES (?, ?)", islice(speakers, MAX_SPEAKERS)
            )


def site_text(site: Site) -> str:
    """Return a site as the command line takes it."""
    return json.dumps(asdict(site))


def main(store: str, target: str, site: str) -> None:
    """Fill as the command line says."""
    os.nice(_LOW)
    fill(Store.read_only(store), Site(**json.loads(site)), Path(target))


if __name__ == "__main__":
    main(*sys.argv[1:])
