"""The index of a site in parts that a browser reads as it needs them.

It holds what that of the service holds, from which it is made. Tables are sorted by code points and
parted where so much is together; the manifest says what each part begins with.
"""

from __future__ import annotations

import heapq
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count, groupby, islice
from typing import Any

from kgpub.index.vocabulary import split_strength
from kgpub.pages.addresses import anchor
from kgpub.search.sought import MAX_FORMS
from kgpub.search.words import as_sorani, folded_words, is_sorani

PART = 40_000
"""Characters of JSON that are put together in a part, about."""
_LENGTHS = 8_192
"""Lengths of passages in a part."""
_MAX_EQUAL = 100
"""Names that are equal in a way; of more a search takes the first."""
_SECTIONS = {"names": "name_index", "statements": "statement_index", "articles": "article_index"}

Json = Any
Page = Callable[[str], str | None]
"""Returns where the pages of an IRI are, without language and ending, or None."""


@dataclass
class Shards:
    """Parts of an index, made one after the other; `manifest` is whole once all are made."""

    connection: sqlite3.Connection
    page: Page
    manifest: dict[str, Json] = field(default_factory=dict)

    def parts(self) -> Iterator[tuple[str, Json]]:
        """Yield names of parts and their contents. Raises sqlite3.Error."""
        for section, table in _SECTIONS.items():
            self.connection.execute(
                f"CREATE VIRTUAL TABLE temp.{section}_words"
                f" USING fts5vocab(main, {table}, instance)"
            )
        yield from self._sorted("words", self._words())
        yield from self._sorted("postings", self._postings())
        yield from self._sorted("keys", self._keys())
        yield from self._entities()
        yield from self._passages()
        self.manifest["totals"] = dict(self._totals())

    def _sorted(self, table: str, rows: Iterable[list[Json]]) -> Iterator[tuple[str, Json]]:
        firsts = self.manifest[table] = []
        for part in _parted(rows):
            yield f"{table}-{len(firsts)}", part
            firsts.append(part[0][0])

    def _words(self) -> Iterator[list[Json]]:
        """Yield words and stems, how often each is, whether it is proper, and its forms."""
        words = self.connection.execute("SELECT text, strength FROM word ORDER BY text")
        forms = self.connection.execute(
            "SELECT stem, word, strength FROM form JOIN word ON word.text = form.word"
            " ORDER BY stem, strength DESC, word"
        )
        rows = heapq.merge(
            ((text, 0, _counted(text, strength)) for text, strength in words),
            ((stem, 1, _counted(word, strength)) for stem, word, strength in forms),
            key=lambda row: row[:2],
        )
        for text, those in groupby(rows, key=lambda row: row[0]):
            own: list[Json] = [text, 0, 0]
            of_stem: list[Json] = []
            for _, is_form, counted in those:
                if is_form:
                    of_stem.append(counted)
                else:
                    own = counted
            yield [*own, of_stem[:MAX_FORMS]]

    def _postings(self) -> Iterator[list[Json]]:
        """Yield words with where they stand in names, statements and articles."""
        streams = (
            self._instances(section, number, "col <> 'sounds'")
            for number, section in enumerate(_SECTIONS)
        )
        rows = heapq.merge(*streams, key=lambda row: row[:2])
        for term, of_term in groupby(rows, key=lambda row: row[0]):
            found: list[list[int]] = [[] for _ in _SECTIONS]
            for number, those in groupby(of_term, key=lambda row: row[1]):
                found[number] = _flat((document, place) for _, _, document, place in those)
            yield [term, *found]

    def _instances(
        self, section: str, number: int, where: str
    ) -> Iterator[tuple[str, int, int, int]]:
        # In the order of terms, documents and places, of which SQLite knows the first only.
        rows = self.connection.execute(
            f"SELECT term, {number}, doc, offset FROM temp.{section}_words"
            f" WHERE {where} ORDER BY term"
        )
        yield from rows

    def _keys(self) -> Iterator[list[Json]]:
        """Yield what names and words have in common with others, with these; by what it is."""
        yield from self._equal("bare")
        frames = self.connection.execute(
            "SELECT frame, word, strength FROM frame JOIN word ON word.text = frame.word"
            " ORDER BY frame, strength DESC, word"
        )
        for frame, words in groupby(frames, key=lambda row: row[0]):
            counted = [_counted(word, strength) for _, word, strength in words]
            yield [f"frame {frame}", counted[:MAX_FORMS]]
        yield from self._equal("key")
        yield from self._equal("skeleton")
        heard = self._instances("names", 0, "col = 'sounds'")
        for term, rows in groupby(heard, key=lambda row: row[0]):
            yield [f"sound {term}", sorted({document for _, _, document, _ in rows})]

    def _equal(self, column: str) -> Iterator[list[Json]]:
        rows = self.connection.execute(
            f"SELECT {column}, id FROM name WHERE {column} <> '' ORDER BY {column}, id"
        )
        for value, ids in groupby(rows, key=lambda row: row[0]):
            yield [f"{column} {value}", [id_ for _, id_ in ids][:_MAX_EQUAL]]

    def _entities(self) -> Iterator[tuple[str, Json]]:
        """Number the entities in the order of their names, and yield them with these."""
        self.connection.execute(
            "CREATE TEMP TABLE numbered (iri TEXT PRIMARY KEY, number INTEGER) WITHOUT ROWID"
        )
        starts = self.manifest["entities"] = []
        kinds: dict[str, int] = {}
        number, name = 0, 1
        for part in _parted(self._with_names(kinds)):
            yield f"entities-{len(starts)}", part
            starts.append([number, name])
            self.connection.executemany(
                "INSERT INTO numbered VALUES (?, ?)",
                zip((row[0] for row in part), count(number), strict=False),
            )
            number += len(part)
            name += sum(len(row[4]) for row in part)
        self.manifest["kinds"] = [[kind, self._labels(kind)] for kind in kinds]

    def _with_names(self, kinds: dict[str, int]) -> Iterator[list[Json]]:
        rows = self.connection.execute(
            """SELECT iri, kind, weight, name.id, text, language, role, key, bare, skeleton
            FROM entity LEFT JOIN name ON name.entity = entity.id
            ORDER BY name.id IS NULL, name.id, entity.id"""
        )
        for (iri, kind, weight), those in groupby(rows, key=lambda row: row[:3]):
            names = [list(row[4:]) for row in those if row[3] is not None]
            yield [iri, self.page(iri), kinds.setdefault(kind, len(kinds)), weight, names]

    def _labels(self, kind: str) -> Mapping[str, str]:
        rows = self.connection.execute(
            "SELECT language, text FROM label WHERE iri = ? ORDER BY language", (kind,)
        )
        return dict(rows)

    def _passages(self) -> Iterator[tuple[str, Json]]:
        starts = self.manifest["passages"] = []
        first = 1
        for part in _parted(self._texts()):
            yield f"passages-{len(starts)}", part
            starts.append(first)
            first += len(part)
        of_lengths = self.manifest["lengths"] = []
        lengths = (length for length, _ in self._lengths())
        for first in count(1, _LENGTHS):
            together = list(islice(lengths, _LENGTHS))
            if not together:
                break
            yield f"lengths-{len(of_lengths)}", together
            of_lengths.append(first)

    def _texts(self) -> Iterator[list[Json]]:
        rows = self.connection.execute(
            "SELECT id, iri, article, language, text FROM passage ORDER BY id"
        )
        for id_, iri, article, language, text in rows:
            speakers = self.connection.execute(
                "SELECT iri FROM speaker WHERE passage = ? ORDER BY iri", (id_,)
            )
            said_by = [self._number(speaker) for (speaker,) in speakers]
            where = "" if iri == article else anchor(iri)
            yield [where, self._number(article), language, text, said_by]

    def _number(self, iri: str) -> int | str:
        found = self.connection.execute("SELECT number FROM numbered WHERE iri = ?", (iri,))
        row = found.fetchone()
        return iri if row is None else int(row[0])

    def _lengths(self) -> Iterator[tuple[int, str]]:
        """Yield how many words each passage has, and its section."""
        rows = self.connection.execute(
            "SELECT iri = article, language, text FROM passage ORDER BY id"
        )
        for is_article, language, text in rows:
            read = as_sorani(text) if is_sorani(language) else text
            yield len(folded_words(read)), "articles" if is_article else "statements"

    def _totals(self) -> Iterator[tuple[str, list[int]]]:
        totals = {"articles": [0, 0], "statements": [0, 0]}
        for length, section in self._lengths():
            totals[section][0] += 1
            totals[section][1] += length
        yield from totals.items()


def _counted(word: str, strength: int) -> list[Json]:
    return [word, *split_strength(strength)]


def _flat(places: Iterable[tuple[int, int]]) -> list[int]:
    """Return sorted documents and places as distances: document, how many, places, and again."""
    flat: list[int] = []
    last = 0
    for document, those in groupby(sorted(places), key=lambda each: each[0]):
        steps: list[int] = []
        before = 0
        for _, place in those:
            steps.append(place - before)
            before = place
        flat += (document - last, len(steps), *steps)
        last = document
    return flat


def _parted(rows: Iterable[list[Json]]) -> Iterator[list[list[Json]]]:
    """Yield successive rows together, PART characters about; a row that is longer alone."""
    part: list[list[Json]] = []
    size = 0
    for row in rows:
        length = len(json.dumps(row, ensure_ascii=False, separators=(",", ":")))
        if part and size + length > PART:
            yield part
            part, size = [], 0
        part.append(row)
        size += length
    if part:
        yield part
