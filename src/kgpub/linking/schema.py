"""How a gazetteer's index is laid out in its SQLite file."""

from __future__ import annotations

from kgpub.linking.entity import Item, Mention, Type

FORMAT = "1"
"""Changes with the layout and with anything that alters what names are read as."""

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
CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE item (
    id INTEGER PRIMARY KEY, qid TEXT NOT NULL, weight REAL NOT NULL, record TEXT NOT NULL);
CREATE TABLE name (
    id INTEGER PRIMARY KEY, item INTEGER NOT NULL, type TEXT NOT NULL, key TEXT NOT NULL,
    bare TEXT NOT NULL, sound TEXT NOT NULL, skeleton INTEGER NOT NULL, part INTEGER NOT NULL,
    weight REAL NOT NULL);
CREATE TABLE skeleton (id INTEGER PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE gram (
    gram TEXT PRIMARY KEY, size INTEGER NOT NULL, skeletons BLOB NOT NULL) WITHOUT ROWID;
"""
INDEXES = """
CREATE UNIQUE INDEX item_qid ON item (qid);
CREATE INDEX name_bare ON name (bare);
CREATE INDEX name_item ON name (item);
CREATE INDEX name_skeleton ON name (skeleton);
"""


def grams(skeleton: str) -> set[str]:
    """Return the runs of three of a skeleton, whose ends count as characters."""
    padded = f"^{skeleton}$"
    return {padded[start : start + 3] for start in range(len(padded) - 2)}
