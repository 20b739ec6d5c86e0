"""The words of an index, and what each may be a form or another spelling of."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from kgpub.index.schema import FULL_TEXT
from kgpub.search.forms import KURDISH_LETTERS, accepted, forms, frame
from kgpub.search.query import Query, Term
from kgpub.search.sought import ARTICLE, MAX_FORMS, Sought
from kgpub.search.sounds import sound_of

_PROPER = 1_000_000_000
"""What a word of a proper name is stronger by."""
_MAX_STEMS = 20


def fill_vocabulary(connection: sqlite3.Connection) -> None:
    """Gather the words of all texts and names, and relate them to each other.

    The table `proper` has words of proper names.
    """
    for table in FULL_TEXT:
        connection.execute(
            f"CREATE VIRTUAL TABLE temp.{table}_words USING fts5vocab(main, {table}, 'col')"
        )
    counted = " UNION ALL ".join(
        f"SELECT term, doc, col = 'sorani' AS is_sorani FROM temp.{table}_words"
        " WHERE col <> 'sounds'"
        for table in FULL_TEXT
    )
    connection.execute(
        f"""INSERT INTO word
        SELECT term, SUM(doc) + {_PROPER} * (term IN (SELECT text FROM proper)), MAX(is_sorani)
        FROM ({counted}) GROUP BY term"""
    )
    for table in FULL_TEXT:
        connection.execute(f"DROP TABLE temp.{table}_words")
    connection.execute("CREATE TEMP TABLE candidate (word TEXT, stem TEXT, sure INTEGER)")
    words = connection.execute("SELECT text, is_sorani FROM word")
    connection.executemany("INSERT INTO candidate VALUES (?, ?, ?)", _candidates(words))
    connection.execute(
        f"""INSERT OR IGNORE INTO form
        SELECT candidate.stem, candidate.word FROM candidate
        JOIN word AS own ON own.text = candidate.word
        LEFT JOIN word AS own_the ON own_the.text = '{ARTICLE}' || candidate.word
        LEFT JOIN word AS stem ON stem.text = candidate.stem
        LEFT JOIN word AS stem_the ON stem_the.text = '{ARTICLE}' || candidate.stem
        WHERE candidate.sure
        OR MAX(COALESCE(stem.strength, 0), COALESCE(stem_the.strength, 0))
        > MAX(own.strength, COALESCE(own_the.strength, 0))"""
    )
    connection.execute("DROP TABLE candidate")
    words = connection.execute("SELECT text FROM word")
    framed = ((frame(word), word) for (word,) in words)
    connection.executemany("INSERT INTO frame VALUES (?, ?)", (pair for pair in framed if pair[0]))


def _candidates(words: sqlite3.Cursor) -> Iterator[tuple[str, str, bool]]:
    for word, is_sorani in words:
        for form in forms(word, is_sorani=bool(is_sorani)):
            yield word, form.stem, form.sure


class Vocabulary:
    """Looks words up in an index."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def sought(self, query: Query) -> list[Sought]:
        """Return the terms of a query with the words that count as each."""
        is_sorani = bool(KURDISH_LETTERS.search(query.text))
        last = len(query.terms) - 1
        return [
            self._term(term, is_sorani, query.is_open and number == last)
            for number, term in enumerate(query.terms)
        ]

    def _term(self, term: Term, is_sorani: bool, is_open: bool) -> Sought:
        word = term.words[0]
        forms = self._forms(word, is_sorani)
        spellings = {} if term.is_phrase else self._spellings(word)
        count = sum((forms | spellings).values())
        is_known = bool(forms)
        forms.pop(word, None)
        spellings.pop(word, None)
        if term.is_phrase:
            return Sought(term, tuple(forms), count=count)
        return Sought(
            term,
            tuple(forms),
            tuple(spellings),
            is_prefix=term.is_prefix or is_open,
            is_known=is_known and not term.is_prefix,
            skeleton=sound_of(word),
            count=count,
        )

    def strength(self, word: str) -> int:
        """Return how established a word is, alone or with the article; 0 for an unknown one."""
        found = self._connection.execute(
            "SELECT MAX(strength) FROM word WHERE text IN (?, ?)", (word, ARTICLE + word)
        ).fetchone()
        return int(found[0] or 0)

    def _forms(self, word: str, is_sorani: bool) -> dict[str, int]:
        """Return the words that count as `word`, itself too, with how many texts have each."""
        stems = [word, *accepted(word, forms(word, is_sorani), self.strength)][:_MAX_STEMS]
        marks = ", ".join("?" * len(stems))
        rows = self._connection.execute(
            f"""SELECT text, strength FROM word WHERE text IN ({marks}) OR text IN (
              SELECT word FROM form WHERE stem IN ({marks})
            ) ORDER BY strength DESC, text LIMIT {MAX_FORMS}""",
            (*stems, *stems),
        )
        return _counted(rows)

    def _spellings(self, word: str) -> dict[str, int]:
        shared = frame(word)
        if not shared:
            return {}
        rows = self._connection.execute(
            "SELECT word.text, strength FROM frame JOIN word ON word.text = frame.word"
            f" WHERE frame = ? ORDER BY strength DESC, word.text LIMIT {MAX_FORMS}",
            (shared,),
        )
        return _counted(rows)


def split_strength(strength: int) -> tuple[int, int]:
    """Return how often texts have a word, and 1 for one of a proper name, else 0."""
    is_proper, count = divmod(strength, _PROPER)
    return count, is_proper


def _counted(rows: sqlite3.Cursor) -> dict[str, int]:
    return {text: split_strength(strength)[0] for text, strength in rows}
