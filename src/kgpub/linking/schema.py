"""How a gazetteer's index is laid out in its SQLite file."""

from __future__ import annotations

from kgpub.linking.entity import Item, Mention, Type

FORMAT = "3"
"""Changes with the layout and with anything that alters what files are read as."""

_LETTERS = {
    Type.person: "p",
    Type.organisation: "g",
    Type.office: "o",
    Type.place: "l",
    Type.event: "e",
    None: "-",
}
_COUNTRY = "c"
COUNTRY = "country"
"""The kind of place that is kept apart from the others: a country is no town of the same name."""


def letter_of(item: Item) -> str:
    """Return the letter under which the names of an item are kept."""
    return _COUNTRY if item.kind == COUNTRY else _LETTERS[item.type]


def letters_of(mention: Mention) -> str:
    """Return the letters of the items that a mention may stand for, by its type and kind.

    Items of no known type are among them in any case.
    """
    unknown = _LETTERS[None]
    if mention.type is None:
        return "".join(_LETTERS.values()) + _COUNTRY
    if mention.type is not Type.place:
        return _LETTERS[mention.type] + unknown
    if mention.kind == COUNTRY:
        return _COUNTRY + unknown
    return _LETTERS[Type.place] + ("" if mention.kind else _COUNTRY) + unknown


TABLES = """
CREATE TEMP TABLE item (id INTEGER PRIMARY KEY, qid TEXT, weight REAL, record TEXT);
CREATE TEMP TABLE name (
    id INTEGER PRIMARY KEY, item INTEGER, type TEXT, key TEXT, bare TEXT, sound TEXT,
    skeleton INTEGER, part INTEGER, weight REAL);
CREATE TEMP TABLE skeleton (id INTEGER PRIMARY KEY, text TEXT);
CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE gram (
    gram TEXT PRIMARY KEY, size INTEGER NOT NULL, skeletons BLOB NOT NULL) WITHOUT ROWID;
"""
"""What is written first; items, names and skeletons go from here into tables made for reading."""

MAX_ALIKE = 100
"""Names with one skeleton that are kept for retrieval by it, those of well-known items first."""
MAX_EQUAL = 200
"""Names of one type with one folded form that are kept, those of well-known items first."""

INDEXES = f"""
CREATE TABLE named (
    bare TEXT NOT NULL, number INTEGER NOT NULL, item INTEGER NOT NULL, type TEXT NOT NULL,
    key TEXT NOT NULL, sound TEXT NOT NULL, part INTEGER NOT NULL, weight REAL NOT NULL,
    PRIMARY KEY (bare, type, number)) WITHOUT ROWID;
INSERT INTO named
    SELECT bare, number, item, type, key, sound, part, weight FROM (
        SELECT *, row_number() OVER (PARTITION BY bare, type ORDER BY weight DESC, id) AS number
        FROM name)
    WHERE number <= {MAX_EQUAL} ORDER BY bare, type, number;
CREATE TABLE near (
    id INTEGER PRIMARY KEY, text TEXT NOT NULL, outlines TEXT NOT NULL, names TEXT NOT NULL);
INSERT INTO near
    SELECT skeleton, text, group_concat(outline(sound), char(10)), group_concat(
        item || char(9) || type || char(9) || key || char(9) || bare || char(9) || sound
        || char(9) || part || char(9) || weight, char(10))
    FROM (
        SELECT *, row_number() OVER (PARTITION BY skeleton ORDER BY weight DESC, id) AS number
        FROM name WHERE skeleton > 0)
    JOIN skeleton ON skeleton.id = skeleton
    WHERE number <= {MAX_ALIKE} GROUP BY skeleton ORDER BY skeleton;
CREATE TABLE entity (
    id INTEGER PRIMARY KEY, qid TEXT NOT NULL, record TEXT NOT NULL, arabic TEXT, latin TEXT);
INSERT INTO entity
    SELECT item.id, qid, record,
        group_concat(CASE WHEN script THEN sound END, char(10)),
        group_concat(CASE WHEN NOT script THEN sound END, char(10))
    FROM item LEFT JOIN (SELECT item, sound, arabic(key) AS script FROM name WHERE sound <> '')
        ON item = item.id
    GROUP BY item.id ORDER BY item.id;
CREATE UNIQUE INDEX entity_qid ON entity (qid);
"""
"""How the tables for reading are made: of each question a few rows, each with all it needs.

`near` has of a skeleton the outlines of its names and the names, a line each; `entity` has the
sounds of an item's names in each script, a line each.
"""


def grams(skeleton: str) -> set[str]:
    """Return the runs of three of a skeleton, whose ends count as characters."""
    padded = f"^{skeleton}$"
    return {padded[start : start + 3] for start in range(len(padded) - 2)}
