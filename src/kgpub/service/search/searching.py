"""Answers queries from an index."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kgpub.index.schema import Role
from kgpub.index.vocabulary import Vocabulary
from kgpub.messages import LANGUAGES
from kgpub.search.excerpts import excerpt
from kgpub.search.found import EntityHit, Found, Hits, Named, PassageHit, Section
from kgpub.search.query import Query
from kgpub.search.ranking import Comparison, Fit, Fitting, Stored, Wanted
from kgpub.search.sought import Sought, names_expression, texts_expression

MAX_NAMES = 200
"""Names that are compared with a query; of more those of the weightiest entities."""
MAX_PASSAGES = 1_000
"""Passages that are put in order; of more those of the latest articles."""
MAX_SCORED = 5_000
"""Passages with any word of a query up to which they are scored: BM25 counts all of them first."""
_MAX_WITH_ONE = 300
"""Passages with one word of a query, where none has all: those of the latest articles."""
_MAX_EQUAL = 100
"""Names that are equal to a query, of each way to be equal."""

_TABLES = {Section.statements: "statement_index", Section.articles: "article_index"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the answer is wanted: so many of each section, from `first` on; names in `language`.

    A section that is not in `counts` is left out.
    """

    query: Query
    language: str
    counts: Mapping[Section, int]
    first: int = 0


@dataclass(frozen=True, slots=True)
class _Best:
    """An entity with that of its names which fits best; `key` orders them."""

    key: tuple[object, ...]
    entity: int
    name: str
    language: str
    fit: Fitting


def search(connection: sqlite3.Connection, build: str, asked: Asked) -> Found:
    """Return the answer. Raises sqlite3.Error."""
    sought = Vocabulary(connection).sought(asked.query)
    names = _Names(connection, asked.language)
    entities: Hits[EntityHit] = Hits()
    passages: dict[Section, Hits[PassageHit]] = {}
    if sought and Section.entities in asked.counts:
        entities = _entities(connection, names, asked, sought)
    if sought:
        passages = _passages(connection, names, asked, [each.in_texts for each in sought])
    empty: Hits[PassageHit] = Hits()
    statements = passages.get(Section.statements, empty)
    return Found(asked.query, build, entities, statements, passages.get(Section.articles, empty))


def _entities(
    connection: sqlite3.Connection, names: _Names, asked: Asked, sought: Sequence[Sought]
) -> Hits[EntityHit]:
    wanted = Wanted.of(asked.query)
    candidates, is_more = _candidates(connection, wanted, sought)
    found = _best(connection, candidates, Comparison(wanted, sought), asked.language)
    best = sorted(found, key=lambda each: each.key)
    some_only = bool(best) and all(each.fit.fit is Fit.part for each in best)
    if not some_only:
        best = [each for each in best if each.fit.fit is not Fit.part]
    end = asked.first + asked.counts[Section.entities]
    hits = tuple(
        EntityHit(
            names.entity(each.entity),
            names.kind(each.entity),
            excerpt(each.name, sought),
            each.language,
            each.fit.fit,
        )
        for each in best[asked.first : end]
    )
    return Hits(hits, asked.first, len(best), is_more, some_only)


def _candidates(
    connection: sqlite3.Connection, wanted: Wanted, sought: Sequence[Sought]
) -> tuple[set[int], bool]:
    """Return the names to compare, and whether there may be more."""
    found: set[int] = set()
    for column, values in (
        ("key", {wanted.key}),
        ("bare", wanted.bares),
        ("skeleton", wanted.skeletons),
    ):
        marks = ", ".join("?" * len(values))
        rows = connection.execute(
            f"SELECT id FROM name WHERE {column} IN ({marks}) ORDER BY id LIMIT {_MAX_EQUAL}",
            sorted(values),
        )
        found.update(id_ for (id_,) in rows)
    whole = [each.whole for each in sought]
    queries = [names_expression(whole), names_expression(sought)]
    if len(sought) > 1:
        queries.append(names_expression(whole, is_any=True))
    for number, query in enumerate(dict.fromkeys(queries)):
        if found and number == 2:
            break
        matching = connection.execute(
            f"SELECT rowid FROM name_index WHERE name_index MATCH ? LIMIT {MAX_NAMES}", (query,)
        ).fetchall()
        found.update(id_ for (id_,) in matching)
        if len(matching) == MAX_NAMES:
            return found, True
    return found, False


def _best(
    connection: sqlite3.Connection,
    candidates: Iterable[int],
    comparison: Comparison,
    preferred: str,
) -> list[_Best]:
    """Return the entities that candidates are names of, each with its best."""
    ids = sorted(candidates)
    rows = connection.execute(
        f"""SELECT entity, text, language, role, key, bare, skeleton, weight, iri
        FROM name JOIN entity ON entity.id = name.entity
        WHERE name.id IN ({", ".join("?" * len(ids))})""",
        ids,
    )
    best: dict[int, _Best] = {}
    for entity, text, language, role, key, bare, skeleton, weight, iri in rows:
        fit = comparison.fitting(Stored(key, bare, skeleton))
        if fit is None:
            continue
        order = (fit.rank, -weight, language != preferred, role, text, language, iri)
        if entity not in best or order < best[entity].key:
            best[entity] = _Best(order, entity, text, language, fit)
    return list(best.values())


def _passages(
    connection: sqlite3.Connection, names: _Names, asked: Asked, sought: Sequence[Sought]
) -> dict[Section, Hits[PassageHit]]:
    sections = [section for section in _TABLES if section in asked.counts]
    ordered = {section: _ordered(connection, section, sought) for section in sections}
    known = [each for each in sought if each.count or each.is_prefix]
    some_only = len(sought) > 1 and not any(ordered.values())
    if some_only and 0 < len(known) < len(sought):
        # Mostly it is one word that nobody wrote.
        ordered = {section: _ordered(connection, section, known) for section in sections}
    if some_only and not any(ordered.values()):
        ordered = {section: _with_most(connection, section, known) for section in sections}
    found = {}
    for section, ids in ordered.items():
        shown = ids[asked.first : asked.first + asked.counts[section]]
        hits = tuple(names.passage(id_, sought) for id_ in shown)
        is_more = len(ids) >= MAX_PASSAGES
        found[section] = Hits(hits, asked.first, len(ids), is_more, some_only and bool(ids))
    return found


def _ordered(
    connection: sqlite3.Connection, section: Section, sought: Sequence[Sought]
) -> list[int]:
    """Return passages with all terms: those with the words as they are first.

    Those that are alike in this are ordered by BM25, if the words are not too common for that.
    """
    table = _TABLES[section]
    is_common = sum(each.count for each in sought) > MAX_SCORED
    is_scored = not is_common and not any(each.is_prefix for each in sought)
    score = f"bm25({table})" if is_scored else "0"
    found: dict[int, None] = {}
    for query in dict.fromkeys((texts_expression(sought, as_is=True), texts_expression(sought))):
        rows = connection.execute(
            f"SELECT rowid, {score} AS score FROM {table} WHERE {table} MATCH ?"
            f" ORDER BY score, rowid LIMIT {MAX_PASSAGES}",
            (query,),
        )
        found |= dict.fromkeys(id_ for id_, _ in rows)
        if len(found) >= MAX_PASSAGES:
            break
    return list(found)[:MAX_PASSAGES]


def _with_most(
    connection: sqlite3.Connection, section: Section, sought: Sequence[Sought]
) -> list[int]:
    """Return passages with any terms: those with most of them first."""
    table = _TABLES[section]
    terms: Counter[int] = Counter()
    for each in sought:
        rows = connection.execute(
            f"SELECT rowid FROM {table} WHERE {table} MATCH ? LIMIT {_MAX_WITH_ONE}",
            (texts_expression([each]),),
        )
        terms.update(id_ for (id_,) in rows)
    return sorted(terms, key=lambda id_: (-terms[id_], id_))[:MAX_PASSAGES]


class _Names:
    """What things are called in a language."""

    def __init__(self, connection: sqlite3.Connection, language: str) -> None:
        self._connection = connection
        self._order = (language, *LANGUAGES)

    def entity(self, entity: int) -> Named:
        """Return an entity by its name."""
        row = self._connection.execute("SELECT iri FROM entity WHERE id = ?", (entity,)).fetchone()
        rows = self._connection.execute(
            "SELECT language, text FROM name WHERE entity = ? AND role IN (?, ?) ORDER BY id",
            (entity, Role.own, Role.called),
        )
        return self._chosen(row[0], rows)

    def thing(self, iri: str) -> Named:
        """Return a thing by its name if it is an entity, else by its IRI."""
        row = self._connection.execute("SELECT id FROM entity WHERE iri = ?", (iri,)).fetchone()
        return Named(iri, iri, "") if row is None else self.entity(row[0])

    def kind(self, entity: int) -> Named:
        """Return the kind of an entity, by its label."""
        row = self._connection.execute("SELECT kind FROM entity WHERE id = ?", (entity,)).fetchone()
        rows = self._connection.execute(
            "SELECT language, text FROM label WHERE iri = ? ORDER BY language", (row[0],)
        )
        return self._chosen(row[0], rows)

    def passage(self, id_: int, sought: Sequence[Sought]) -> PassageHit:
        """Return a passage, with what of it has the terms."""
        iri, article, language, text = self._connection.execute(
            "SELECT iri, article, language, text FROM passage WHERE id = ?", (id_,)
        ).fetchone()
        speakers = self._connection.execute(
            "SELECT iri FROM speaker WHERE passage = ? ORDER BY iri", (id_,)
        )
        said_by = tuple(self.thing(speaker) for (speaker,) in speakers)
        return PassageHit(
            iri, excerpt(text, sought, language=language), language, self.thing(article), said_by
        )

    def _chosen(self, iri: str, rows: Iterable[tuple[str, str]]) -> Named:
        names: dict[str, str] = {}
        for language, text in rows:
            names.setdefault(language, text)
        for language in (*self._order, *names):
            if language in names:
                return Named(iri, names[language], language)
        return Named(iri, iri, "")
