"""The tables, as a reader of CSV on the Web (the package csvw) takes them."""

from __future__ import annotations

from pathlib import Path

from csvw import TableGroup
from pyoxigraph import Literal, NamedNode, Quad

from kgpub.release import csvw
from kgpub.release.lines import read
from kgpub.release.statistics import count
from kgpub.release.tables import rows, tables
from kgpub.serialisation import nquads
from kgpub.vocabulary import RDF
from kgpub.vocabulary import terms as kg

BASE = "https://example.org/data/"
GRAPH = NamedNode(f"{BASE}submission/a/facts")


def said(subject: str, predicate: str, value: str | Literal) -> Quad:
    term = value if isinstance(value, Literal) else NamedNode(value)
    return Quad(NamedNode(BASE + subject), NamedNode(predicate), term, GRAPH)


def group(folder: Path, *quads: Quad) -> TableGroup:
    """Write the tables and their metadata, and have the package read these."""
    dataset = folder / "dataset.nq"
    dataset.write_bytes(b"".join(nquads(quads)))
    made = tables(count(read(dataset), BASE).names)
    (folder / "tables").mkdir()
    for table in made:
        (folder / table.path).write_bytes(b"".join(rows(dataset, table)))
    licence = "https://creativecommons.org/licenses/by/4.0/"
    (folder / csvw.PATH).write_bytes(csvw.metadata(made, "Example", licence))
    return TableGroup.from_file(folder / csvw.PATH)


def test_a_name_with_a_bar_is_one_name(tmp_path: Path) -> None:
    read_group = group(
        tmp_path,
        said("person/a", RDF + "type", kg.Person),
        said("person/a", kg.name, Literal("A | B", language="en")),
        said("person/a", kg.name, Literal("E\u00ea", language="ku-latn")),
        said("person/a", kg.alternativeName, Literal("C | D", language="en")),
        said("person/a", kg.alternativeName, Literal('E, "F"', language="en")),
    )
    (row,) = read_group.tabledict["people.csv"].iterdicts()
    assert row["name_en"] == "A | B"
    assert row["name_ku_latn"] == "E\u00ea"
    assert row["other_names"] == ["C | D", 'E, "F"']


def test_a_list_of_iris_is_never_made_one_iri(tmp_path: Path) -> None:
    """RFC 6570, section 3.2.1: {+list} puts a comma between the members."""
    read_group = group(
        tmp_path,
        said("statement/a", RDF + "type", kg.Statement),
        said("statement/a", kg.article, f"{BASE}article/x"),
        said("statement/a", kg.asserts, f"{BASE}fact/1"),
        said("statement/a", kg.asserts, f"{BASE}fact/2"),
    )
    table = read_group.tabledict["statements.csv"]
    (row,) = table.iterdicts()
    assert row["asserts"] == [f"{BASE}fact/1", f"{BASE}fact/2"]
    columns = {column.name: column for column in table.tableSchema.columns}
    for column in columns.values():
        assert not (column.separator and column.valueUrl), column.name
    assert (
        columns["article"].valueUrl.expand(article=row["article"].unsplit()) == f"{BASE}article/x"
    )


def test_what_has_no_name_has_its_iri_in_the_place_of_one(tmp_path: Path) -> None:
    read_group = group(
        tmp_path,
        said("statement/a", RDF + "type", kg.Statement),
        said("statement/a", kg.about, f"{BASE}person/a"),
        said("statement/a", kg.about, f"{BASE}person/b"),
        said("statement/a", kg.about, f"{BASE}person/c"),
        said("person/a", kg.name, Literal("A", language="en")),
        said("person/c", kg.name, Literal("C", language="en")),
    )
    (row,) = read_group.tabledict["statements.csv"].iterdicts()
    assert row["about"] == [f"{BASE}person/{each}" for each in "abc"]
    assert row["about_name"] == ["A", f"{BASE}person/b", "C"]


def test_the_most_frequent_languages_have_columns(tmp_path: Path) -> None:
    tags = "af am az be bg bn bs ca cs cy da de el es et eu fa fi fr ga gl gu"
    rare = tags.split(" ")
    read_group = group(
        tmp_path,
        *(said(f"person/{tag}", kg.name, Literal("x", language=tag)) for tag in rare),
        *(said(f"person/{n}", kg.name, Literal("x", language="tr")) for n in range(2)),
        *(said(f"person/{n}", kg.name, Literal("x", language="zh")) for n in range(3)),
    )
    columns = [each.name for each in read_group.tabledict["people.csv"].tableSchema.columns]
    expected = sorted([*rare[:18], "tr", "zh"])
    assert columns == ["id", *(f"name_{tag}" for tag in expected), "other_names", "wikidata"]
