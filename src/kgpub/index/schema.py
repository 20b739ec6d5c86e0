"""The file of an index: an SQLite database, made once and only read afterwards."""

from __future__ import annotations

import sqlite3
from enum import IntEnum
from pathlib import Path


class Role(IntEnum):
    """What a name is to its entity: `called` is what pages call one that has no name of its own."""

    own = 0
    alternative = 1
    spelling = 2
    called = 3
    identifier = 4


# Names and texts are numbered in the order of their weight and time: a search that finds too many
# takes the first. The words are kept folded, parted by spaces, which is what `ascii` leaves alone.
TABLES = """
CREATE TABLE label (iri TEXT, language TEXT, text TEXT, PRIMARY KEY (iri, language)) WITHOUT ROWID;
CREATE TABLE entity (id INTEGER PRIMARY KEY, iri TEXT UNIQUE, kind TEXT, weight INTEGER);
CREATE TABLE name (
  id INTEGER PRIMARY KEY, entity INTEGER, text TEXT, language TEXT, role INTEGER,
  key TEXT, bare TEXT, skeleton TEXT
);
CREATE TABLE passage (
  id INTEGER PRIMARY KEY, iri TEXT, article TEXT, start INTEGER, language TEXT, text TEXT
);
CREATE TABLE speaker (passage INTEGER, iri TEXT, PRIMARY KEY (passage, iri)) WITHOUT ROWID;
CREATE TABLE word (text TEXT PRIMARY KEY, strength INTEGER, is_sorani INTEGER) WITHOUT ROWID;
CREATE TABLE form (stem TEXT, word TEXT, PRIMARY KEY (stem, word)) WITHOUT ROWID;
CREATE TABLE frame (frame TEXT, word TEXT, PRIMARY KEY (frame, word)) WITHOUT ROWID;
CREATE VIRTUAL TABLE name_index USING fts5(
  words, sorani, sounds, content='', tokenize='ascii', prefix='1 2 3'
);
CREATE VIRTUAL TABLE statement_index USING fts5(
  words, sorani, content='', tokenize='ascii', prefix='2 3'
);
CREATE VIRTUAL TABLE article_index USING fts5(
  words, sorani, content='', tokenize='ascii', prefix='2 3'
);
"""
INDEXES = """
CREATE INDEX name_key ON name (key);
CREATE INDEX name_bare ON name (bare);
CREATE INDEX name_skeleton ON name (skeleton);
CREATE INDEX name_entity ON name (entity);
"""
FULL_TEXT = ("name_index", "statement_index", "article_index")


def create(path: Path) -> sqlite3.Connection:
    """Make an empty index. Raises sqlite3.Error."""
    connection = sqlite3.connect(path, isolation_level=None)
    # Until it is whole and has its name, nobody reads the file.
    connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
    connection.execute("BEGIN")
    for statement in TABLES.split(";\n"):
        connection.execute(statement)
    return connection


def open_to_read(path: Path) -> sqlite3.Connection:
    """Open an index, which nobody changes any more. Raises sqlite3.Error."""
    uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    return sqlite3.connect(uri, uri=True, check_same_thread=False)
