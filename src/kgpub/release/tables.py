"""The data as tables for spreadsheets: people, offices, tenures, statements.

A row is what is said of one subject. Where a cell can hold several values they are separated, by
what none of them can have in it; what they are is described by `csvw.py` from the same columns.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import merge
from pathlib import Path

from kgpub.release.lines import SortedFile, Subject, iri, literal, node, opened
from kgpub.vocabulary import OWL, RDF
from kgpub.vocabulary import terms as kg

FOLDER = "tables"
_IRIS_APART, _TEXTS_APART = " | ", "\n"
"""What stands between several values; names are tidy texts, in which there is no new line."""
_MAX_LANGUAGES = 20
_PREFERRED = ("en", "ar", "ckb")
_TYPE, _SAME = RDF + "type", OWL + "sameAs"
_OFFSETS = re.compile(r"#char=([0-9]+),([0-9]+)\Z")
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Column:
    """A column: its name, what it holds, and the IRI of the property that it has its values from.

    `language` is that of its texts; only those are in it. With `several`, values are separated.
    `named` means that it has the names of what the values stand for. `refers` is the table whose
    rows the values stand for.
    """

    name: str
    title: str
    predicate: str = ""
    datatype: str = "string"
    language: str = ""
    several: bool = False
    named: bool = False
    refers: str = ""

    @property
    def separator(self) -> str:
        """What stands between its values, "" where there is one at most."""
        if not self.several:
            return ""
        return _IRIS_APART if self.datatype == "anyURI" else _TEXTS_APART


@dataclass(frozen=True)
class Table:
    """A table: a row for each subject of one of the classes; the first column is its IRI."""

    name: str
    title: str
    classes: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def path(self) -> str:
        """The path of its file in the release."""
        return f"{FOLDER}/{self.name}.csv"


def tables(names_in: Mapping[str, int]) -> tuple[Table, ...]:
    """Return the tables of a dataset that has so many names in these languages.

    The most frequent of the languages have columns, in the order of their tags.
    """
    id_ = Column("id", "IRI", datatype="anyURI")
    most = sorted(names_in, key=lambda tag: (-names_in[tag], tag))[:_MAX_LANGUAGES]
    names = [
        Column(f"name_{tag.replace('-', '_')}", f"Name ({tag})", kg.name, language=tag)
        for tag in sorted(most)
    ]
    others = Column("other_names", "Other names", kg.alternativeName, several=True)
    item = Column("wikidata", "Item of Wikidata", _SAME, "anyURI", several=True)
    return (
        Table("people", "People", (kg.Person,), (id_, *names, others, item)),
        Table(
            "offices",
            "Offices",
            (kg.Office,),
            (
                id_,
                *names,
                others,
                _reference("organisation", "Organisation", kg.organisation, several=True),
                _name("organisation_name", "Name of the organisation", kg.organisation),
                _reference("jurisdiction", "Jurisdiction", kg.jurisdiction, several=True),
                _name("jurisdiction_name", "Name of the jurisdiction", kg.jurisdiction),
                item,
            ),
        ),
        Table("tenures", "Who held which office", (kg.Tenure,), (id_, *_TENURE)),
        Table("statements", "Statements", (kg.Statement, kg.Quotation), (id_, *_STATEMENT)),
    )


def rows(dataset: Path, table: Table) -> Iterator[bytes]:
    """Yield a table of a file of sorted quads as CSV (RFC 4180), in UTF-8 with a byte order mark.

    Spreadsheets take what has none for another encoding. Raises OSError.
    """
    with opened(dataset) as file:
        names = _Names(file)
        yield _BOM + _row([column.name for column in table.columns])
        for name in _instances(file, table.classes):
            subject = file.subject(name)
            yield _row([_cell(subject, column, names) for column in table.columns])


def _instances(file: SortedFile, classes: Iterable[str]) -> Iterator[bytes]:
    """Yield the subjects that are of one of the classes, each once, sorted."""
    of_each = (file.saying(_RDF_TYPE, node(class_)) for class_ in classes)
    before = b""
    for line in merge(*of_each):
        if line.subject != before:
            yield line.subject
        before = line.subject


class _Names:
    """What things are called: in the first of the preferred languages, else in any.

    What has no name has its IRI in the place of one: names are as many as what they stand for.
    """

    def __init__(self, file: SortedFile) -> None:
        self._file = file
        self.of: Callable[[bytes], str] = lru_cache(maxsize=10_000)(self._of)

    def _of(self, thing: bytes) -> str:
        names = [literal(each) for each in self._file.subject(thing).objects(_NAME)]
        ranks = {tag: rank for rank, tag in enumerate(_PREFERRED)}
        names.sort(key=lambda each: ranks.get(each.language or "", len(ranks)))
        return names[0].value if names else iri(thing)


def _cell(subject: Subject, column: Column, names: _Names) -> str:
    if not column.predicate:
        return iri(subject.name)
    values = []
    for term in subject.objects(node(column.predicate)):
        if column.named:
            values.append(names.of(term))
        elif term.startswith(b"<"):
            values.append(_offset(iri(term), column.name))
        else:
            found = literal(term)
            if not column.language or found.language == column.language:
                values.append(found.value)
    return (column.separator or _TEXTS_APART).join(value for value in values if value)


def _offset(value: str, name: str) -> str:
    """Return an IRI as it is; of that of a passage the offset that is wanted (RFC 5147)."""
    if name not in _OFFSET_NAMES:
        return value
    match = _OFFSETS.search(value)
    return match[_OFFSET_NAMES.index(name) + 1] if match else ""


def _row(cells: Sequence[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue().encode()


def _reference(
    name: str, title: str, predicate: str, refers: str = "", several: bool = False
) -> Column:
    return Column(name, title, predicate, "anyURI", several=several, refers=refers)


def _name(name: str, title: str, predicate: str) -> Column:
    return Column(name, title, predicate, named=True, several=True)


_OFFSET_NAMES = ("begins", "ends")
_RDF_TYPE, _NAME = node(_TYPE), node(kg.name)
_TENURE = (
    _reference("person", "Person", kg.person, "people"),
    _name("person_name", "Name of the person", kg.person),
    _reference("office", "Office", kg.office, "offices"),
    _name("office_name", "Name of the office", kg.office),
    Column("negated", "Said not to have held it", kg.negated, "boolean"),
    Column("current", "Held at the time of writing", kg.current, "boolean"),
    Column("start", "Start (EDTF)", kg.start),
    Column("end", "End (EDTF)", kg.end),
    Column("time", "When, where neither start nor end is told (EDTF)", kg.time),
    Column("earliest", "First day that the start, or else the time, covers", kg.earliest, "date"),
    Column("latest", "Last day that the end, or else the time, covers", kg.latest, "date"),
    Column("ordinal", "Which tenure of the office it is", kg.ordinal, "integer"),
)
_STATEMENT = (
    Column("words", "Words of the article", kg.words),
    _reference("said_by", "Said by", kg.saidBy, several=True),
    _name("said_by_name", "Name of who says it", kg.saidBy),
    _reference("medium", "Medium", kg.medium, several=True),
    _reference("article", "Article", kg.article),
    Column("begins", "Code points before the words", kg.passage, "integer"),
    Column("ends", "Code points up to their end", kg.passage, "integer"),
    _reference("asserts", "Facts and events that it asserts", kg.asserts, several=True),
    _reference("about", "Whom or what it is about", kg.about, several=True),
    _name("about_name", "Names of these", kg.about),
)
