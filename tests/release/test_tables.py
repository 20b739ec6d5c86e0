"""The tables of a release: what spreadsheets and readers of CSV on the Web make of them."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import csvw
import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store
from tests.conftest import REPOSITORY, Run

PREFIXES = {"kg": "https://w3id.org/kgpub/ontology#", "oa": "http://www.w3.org/ns/oa#"}


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory, kgpub: Run) -> Path:
    root = tmp_path_factory.mktemp("seed")
    shutil.copytree(REPOSITORY / "articles", root / "articles")
    shutil.copy(REPOSITORY / "kgpub.toml", root)
    assert kgpub("release", cwd=root).returncode == 0
    return root / "releases/1"


@pytest.fixture(scope="module")
def store(seed: Path) -> Store:
    store = Store()
    store.bulk_load(path=str(seed / "dataset.nq"), format=RdfFormat.N_QUADS)
    return store


def table(seed: Path, name: str) -> list[dict[str, str]]:
    with (seed / f"tables/{name}.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, strict=True))


def answers(store: Store, pattern: str) -> list[dict[str, str]]:
    """What SPARQL answers, an unbound variable as an empty text."""
    query = f"SELECT * {{ {pattern} }}"
    found = store.query(query, prefixes=PREFIXES, use_default_graph_as_union=True)
    names = [each.value for each in found.variables]
    return [
        {name: row[name].value if row[name] is not None else "" for name in names} for row in found
    ]


def test_people_are_those_of_the_data(seed: Path, store: Store) -> None:
    rows = table(seed, "people")
    names = {
        (row["id"], tag, row[f"name_{tag}"])
        for row in rows
        for tag in ("ar", "ckb", "en")
        if row[f"name_{tag}"]
    }
    assert names == {
        (each["p"], each["l"], each["n"])
        for each in answers(store, "?p a kg:Person ; kg:name ?n BIND (LANG(?n) AS ?l)")
    }
    assert len(rows) == len({row["id"] for row in rows}) > 4


def test_tenures_are_those_of_the_data(seed: Path, store: Store) -> None:
    pattern = """
        ?id a kg:Tenure ; kg:person ?person ; kg:office ?office .
        ?person kg:name ?person_name . ?office kg:name ?office_name .
        FILTER (LANG(?person_name) = "en" && LANG(?office_name) = "en")
        OPTIONAL { ?id kg:negated ?negated } OPTIONAL { ?id kg:current ?current }
        OPTIONAL { ?id kg:start ?start } OPTIONAL { ?id kg:end ?end } OPTIONAL { ?id kg:time ?time }
        OPTIONAL { ?id kg:earliest ?earliest } OPTIONAL { ?id kg:latest ?latest }
        OPTIONAL { ?id kg:ordinal ?ordinal }
    """
    expected = sorted(answers(store, pattern), key=lambda row: row["id"])
    assert len(expected) > 5
    assert table(seed, "tenures") == expected


def test_words_and_offsets_of_statements_are_those_of_the_article(seed: Path) -> None:
    article = REPOSITORY / "articles/al-kadhimi-and-kurdistan/article.txt"
    text = article.read_text(encoding="utf-8")
    rows = table(seed, "statements")
    assert len(rows) > 35
    for row in rows:
        assert text[int(row["begins"]) : int(row["ends"])] == row["words"]


def test_what_statements_assert_is_separated(seed: Path, store: Store) -> None:
    pairs = {
        (row["id"], fact)
        for row in table(seed, "statements")
        for fact in row["asserts"].split(" | ")
        if fact
    }
    assert pairs == {(each["s"], each["f"]) for each in answers(store, "?s kg:asserts ?f")}


def test_offices_have_the_names_of_what_they_belong_to(seed: Path) -> None:
    (row,) = (r for r in table(seed, "offices") if r["id"].endswith("/prime-minister-of-iraq"))
    assert row["name_ckb"] == "سەرۆکوەزیرانی عێراق"
    assert row["organisation_name"] == "Government of Iraq"
    assert row["jurisdiction"].endswith("/place/iraq")


def tag(term: NamedNode | Literal) -> str | None:
    """The language of a literal, "" for none; None for an IRI."""
    return (term.language or "") if isinstance(term, Literal) else None


def test_the_metadata_give_the_triples_of_the_data(seed: Path, store: Store) -> None:
    """CSV to RDF (W3C, 2015), minimal mode, by hand for what the metadata use."""
    metadata = json.loads((seed / "tables/csv-metadata.json").read_text(encoding="utf-8"))
    assert metadata["@context"] == "http://www.w3.org/ns/csvw"
    known = {
        (quad.subject.value, quad.predicate.value, quad.object.value, tag(quad.object))
        for quad in store
    }
    checked = 0
    for described in metadata["tables"]:
        name = described["url"].removesuffix(".csv")
        columns = described["tableSchema"]["columns"]
        rows = table(seed, name)
        assert list(rows[0]) == [column["name"] for column in columns]
        assert all(column["name"] in column["titles"] for column in columns)
        for row in rows:
            for column in columns:
                if column.get("suppressOutput") or not row[column["name"]]:
                    continue
                cell = row[column["name"]]
                separator = column.get("separator")
                for value in cell.split(separator) if separator else [cell]:
                    about = (row["id"], column["propertyUrl"], value)
                    tags = {mark for *triple, mark in known if tuple(triple) == about}
                    assert column.get("lang", "") in tags or (tags and "lang" not in column)
                    assert ("valueUrl" in column) == (tags == {None})
                    checked += 1
    assert checked > 120


def test_foreign_keys_lead_to_rows(seed: Path) -> None:
    metadata = json.loads((seed / "tables/csv-metadata.json").read_text(encoding="utf-8"))
    followed = 0
    for described in metadata["tables"]:
        for key in described["tableSchema"].get("foreignKeys", ()):
            target = key["reference"]["resource"].removesuffix(".csv")
            ids = {row[key["reference"]["columnReference"]] for row in table(seed, target)}
            for row in table(seed, described["url"].removesuffix(".csv")):
                assert row[key["columnReference"]] in ids
                followed += 1
    assert followed == 2 * len(table(seed, "tenures"))


def test_a_reader_of_csv_on_the_web_finds_nothing_wrong(seed: Path) -> None:
    group = csvw.TableGroup.from_file(seed / "tables/csv-metadata.json")
    group.check_referential_integrity()
    assert len(list(group.tabledict["statements.csv"])) > 35
