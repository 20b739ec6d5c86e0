"""Files that gazetteers are built from, and what is wrong with some."""

import bz2
import copy
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kgpub.errors import DataError
from kgpub.linking.entity import Held, Item, Type
from kgpub.linking.gazetteer_files import digest_of, read_items
from kgpub.linking.merging import merged

IRAQ = {
    "qid": "Q796",
    "type": "country",
    "names": {"en": ["Iraq"], "ar": "العراق"},
    "country": "IQ",
    "population": 46000000,
}


def written(folder: Path, *lines: Any, name: str = "made.jsonl") -> Path:
    path = folder / name
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(texts), encoding="utf-8")
    return path


def test_an_item_a_line(tmp_path: Path) -> None:
    person = {
        "qid": "https://www.wikidata.org/wiki/q900002",
        "type": "person",
        "names": {"en": ["Mustafa Al-Kadhimi", "Mustafa Al-Kadhimi", " "]},
        "country": "Iraq",
        "birth": "1967-07-05",
        "sitelinks": 40,
        "held": [{"office": "Q900010", "start": "2020-05-07"}],
        "related": ["Q796", "P31"],
        "unknown": {},
    }
    iraq, kadhimi = read_items(written(tmp_path, IRAQ, "", person))
    assert iraq == Item(
        "Q796",
        Type.place,
        {"en": ("Iraq",), "ar": ("العراق",)},
        "IQ",
        population=46_000_000,
        kind="country",
    )
    assert kadhimi == Item(
        "Q900002",
        Type.person,
        {"en": ("Mustafa Al-Kadhimi",)},
        "IQ",
        born="1967-07-05",
        sitelinks=40,
        held=(Held("Q900010", "2020-05-07"),),
        related=frozenset({"Q796"}),
    )


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"qid": "Q1", "names": {"en": ["Ira', "made.jsonl:2:"),
        ('{"qid": "Q0", "names": {}}', "made.jsonl:2:1: 'Q0' is no QID"),
        ('{"qid": "Q99999999999"}', "'Q99999999999' is no QID"),
        ('{"qid": "P31"}', "'P31' is no QID"),
        ('{"qid": 796}', "qid is no text"),
        ('{"names": {}}', "there is no qid"),
        ('{"qid": "Q1", "type": "human"}', "the type 'human' is none"),
        ('{"qid": "Q1", "names": ["Iraq"]}', "names are not by language"),
        ('{"qid": "Q1", "names": {"en": [1]}}', "the names of 'en' are no texts"),
        ('{"qid": "Q1", "held": ["Q2"]}', "an office held is no object"),
        ("[" * 100_000, "nested too deep"),
        ("7", "is no JSON object"),
        ("\ufffe}", "is no JSON"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(DataError) as caught:
        list(read_items(written(tmp_path, IRAQ, line)))
    assert message in caught.value.message
    assert caught.value.remedy


def test_a_file_cut_off_in_the_middle(tmp_path: Path) -> None:
    whole = written(tmp_path, *(IRAQ | {"qid": f"Q{n}"} for n in range(1, 50))).read_bytes()
    cut = tmp_path / "cut.jsonl"
    cut.write_bytes(whole[: len(whole) - 30])
    with pytest.raises(DataError, match=r"cut.jsonl:49:\d+: is no JSON") as caught:
        list(read_items(cut))
    assert "cut off" in caught.value.remedy


def test_a_packed_file_cut_off_in_the_middle(tmp_path: Path) -> None:
    packed = gzip.compress(json.dumps(IRAQ).encode() * 50)
    path = tmp_path / "items.jsonl.gz"
    path.write_bytes(packed[: len(packed) // 2])
    with pytest.raises(DataError, match="was cut off"):
        list(read_items(path))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [("none.jsonl", None, "cannot be read"), ("empty.jsonl", b"", "is empty"),
     ("bytes.jsonl", b'{"qid": "\xff"}', "is not UTF-8"), ("no.gz", b"plain", "cannot be read")],
)  # fmt: skip
def test_files_that_are_none(
    tmp_path: Path, name: str, content: bytes | None, message: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DataError, match=message):
        list(read_items(path))


def entity(qid: str, **claims: list[Any]) -> dict[str, Any]:
    return {
        "type": "item",
        "id": qid,
        "labels": {"en": {"language": "en", "value": "Name"}},
        "aliases": {"en": [{"language": "en", "value": "Alias"}]},
        "descriptions": {"en": {"language": "en", "value": "politician"}},
        "claims": {
            prop: [each if "mainsnak" in each else statement(each) for each in values]
            for prop, values in claims.items()
        },
        "sitelinks": {"arwiki": {}, "enwiki": {}},
    }


def statement(value: Any, rank: str = "normal", **qualifiers: Any) -> dict[str, Any]:
    return {
        "mainsnak": {"snaktype": "value", "datavalue": {"value": value}},
        "rank": rank,
        "qualifiers": {
            prop: [{"snaktype": "value", "datavalue": {"value": each}}]
            for prop, each in qualifiers.items()
        },
    }


def of(qid: str) -> dict[str, Any]:
    return {"entity-type": "item", "id": qid}


def time(day: str, precision: int) -> dict[str, Any]:
    return {"time": f"+{day}T00:00:00Z", "precision": precision}


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress])
def test_entities_of_a_dump(tmp_path: Path, pack: Any) -> None:
    kadhimi = entity(
        "Q900002",
        P31=[of("Q5")],
        P27=[of("Q796")],
        P569=[
            statement(time("1960-01-01", 9), "deprecated"),
            statement(time("1967-07-05", 11), "preferred"),
        ],
        P39=[
            statement(of("Q900010"), P580=time("2020-05-00", 10), P582=time("2022-10-27", 11)),
            {"mainsnak": {"snaktype": "somevalue"}, "rank": "normal"},
        ],
        P102=[of("Q900011")],
    )
    country = entity("Q900020", P31=[of("Q3624078")], P297=["XK"], P1082=[{"amount": "+1800000"}])
    city = entity("Q900021", P31=[of("Q515")], P17=[of("Q900020")])
    lines = [
        "[",
        json.dumps({"type": "property", "id": "P31"}) + ",",
        json.dumps(kadhimi) + ",",
        json.dumps(country) + ",",
        json.dumps(city | {"claims": city["claims"], "aliases": []}),
        "]",
    ]
    ending = {bytes: "", gzip.compress: ".gz", bz2.compress: ".bz2"}[pack]
    path = tmp_path / f"dump.json{ending}"
    path.write_bytes(pack("\n".join(lines).encode()))
    person, kosovo, town = read_items(path)
    assert person == Item(
        "Q900002",
        Type.person,
        {"en": ("Name", "Alias")},
        "IQ",
        born="1967-07-05",
        sitelinks=2,
        held=(Held("Q900010", "2020-05", "2022-10-27"),),
        related=frozenset({"Q900010", "Q900011"}),
        descriptions={"en": "politician"},
        source="Wikidata",
    )
    assert (kosovo.type, kosovo.kind, kosovo.country, kosovo.population) == (
        Type.place, "country", "XK", 1_800_000,
    )  # fmt: skip
    assert (town.type, town.kind, town.country, town.names) == (
        Type.place, "city", "XK", {"en": ("Name",)},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("claims", "country"),
    [
        ({"P27": [of("Q796")]}, "IQ"),
        ({"P27": [of("Q796"), of("Q145")]}, ""),
        ({"P27": [statement(of("Q796")), statement(of("Q145"), "preferred")]}, "GB"),
        ({"P27": [statement(of("Q796")), statement(of("Q145"), "deprecated")]}, "IQ"),
        ({"P27": [of("Q796"), of("Q900099")]}, "IQ"),
        ({"P1001": [of("Q796")]}, "IQ"),
        ({"P17": [of("Q796")], "P1001": [of("Q796")]}, "IQ"),
        ({"P17": [of("Q796")], "P1001": [of("Q794")]}, ""),
        ({"P297": ["no code"], "P17": [of("Q796")]}, "IQ"),
    ],
)
def test_the_country_in_a_dump_is_the_only_one_that_counts(
    tmp_path: Path, claims: dict[str, Any], country: str
) -> None:
    (item,) = read_items(written(tmp_path, entity("Q900002", **claims)))
    assert item.country == country


def test_of_two_countries_in_a_result_none_is_the_one(tmp_path: Path) -> None:
    rows = [
        {"item": iri("Q900002"), "itemLabel": term("Salim", "en"), "country": term(code)}
        for code in ("IQ", "GB")
    ]
    for kept, country in ((rows, ""), (rows[:1] * 2, "IQ")):
        result = {"head": {"vars": ["item"]}, "results": {"bindings": kept}}
        (item,) = read_items(written(tmp_path, result))
        assert item.country == country


def test_a_code_that_is_only_reserved_is_the_country_that_it_is_kept_for(tmp_path: Path) -> None:
    line = {"qid": "Q900002", "type": "person", "names": {"en": "Ann"}, "country": "UK"}
    (item,) = read_items(written(tmp_path, line))
    assert item.country == "GB"


def test_what_is_of_use_to_the_wikis_only_is_no_item_of_a_gazetteer(tmp_path: Path) -> None:
    page, human = of("Q4167410"), of("Q5")
    lines = [json.dumps(entity("Q900030", P31=[page])), json.dumps(entity("Q900031", P31=[human]))]
    dump = tmp_path / "dump.json"
    dump.write_text("\n".join(lines))
    assert [item.qid for item in read_items(dump)] == ["Q900031"]
    rows = [
        {"item": iri("Q900030"), "itemLabel": term("Salim", "en"), "type": iri("Q17442446")},
        {"item": iri("Q900031"), "itemLabel": term("Salim", "en"), "type": iri("Q5")},
    ]
    result = {"head": {"vars": ["item"]}, "results": {"bindings": rows}}
    answer = read_items(written(tmp_path, result, name="answer.json"))
    assert [item.qid for item in answer] == ["Q900031"]


def term(value: str, language: str = "") -> dict[str, str]:
    return {"type": "literal", "value": value} | ({"xml:lang": language} if language else {})


def iri(qid: str) -> dict[str, str]:
    return {"type": "uri", "value": f"http://www.wikidata.org/entity/{qid}"}


def test_a_sparql_result(tmp_path: Path) -> None:
    item = {"type": "uri", "value": "http://www.wikidata.org/entity/Q900002"}
    human = {"type": "uri", "value": "http://www.wikidata.org/entity/Q5"}
    rows = [
        {"item": item, "itemLabel": term("Mustafa Al-Kadhimi", "en"), "type": human},
        {
            "item": item,
            "alias": term("مصطفى الكاظمي", "ar"),
            "country": term("IQ"),
            "born": term("1967-07-05T00:00:00Z"),
            "sitelinks": term("40"),
            "office": {"type": "uri", "value": "http://www.wikidata.org/entity/Q900010"},
            "start": term("2020-05-07T00:00:00Z"),
        },
    ]
    result = {"head": {"vars": ["item"]}, "results": {"bindings": rows}}
    (kadhimi,) = read_items(written(tmp_path, result, name="answer.json"))
    assert kadhimi == Item(
        "Q900002",
        Type.person,
        {"en": ("Mustafa Al-Kadhimi",), "ar": ("مصطفى الكاظمي",)},
        "IQ",
        born="1967-07-05",
        sitelinks=40,
        held=(Held("Q900010", "2020-05-07"),),
        source="SPARQL",
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"head": {}, "boolean": true}', "no result of a SELECT query"),
        ('{"head": {}, "results": {"bindings": [{"item":', "is no JSON"),
        ('{"results": {"bindings": [7]}}', "no result of a SELECT query"),
        (
            '{"results": {"bindings": [{"item": {"value": "http://www.wikidata.org/entity/P31"}}]}}',
            "row 1: item is 'http://www.wikidata.org/entity/P31'",
        ),
    ],
)
def test_sparql_results_that_are_none(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(DataError) as caught:
        list(read_items(written(tmp_path, content, name="answer.json")))
    assert message in caught.value.message


def test_gazetteers_that_agree_are_united() -> None:
    told: list[str] = []
    first = Item("Q1530", Type.place, {"en": ("Baghdad",)}, born="", source="one")
    second = Item("Q1530", None, {"en": ("Bagdad",), "ar": ("بغداد",)}, "IQ", source="two")
    (item,) = merged([[first], [second]], told.append)
    assert item.names == {"en": ("Baghdad", "Bagdad"), "ar": ("بغداد",)}
    assert (item.type, item.country, item.source) == (Type.place, "IQ", "one")
    assert told == []


def test_of_gazetteers_that_disagree_the_first_counts_and_it_is_told() -> None:
    told: list[str] = []
    first = Item("Q1530", Type.place, {"en": ("Baghdad",)}, source="one")
    second = Item("Q1530", Type.person, {"en": ("Bagdad",)}, source="two")
    other = Item("Q84", Type.place, {"en": ("London",)})
    assert list(merged([[first], [second, other]], told.append)) == [first, other]
    assert told == ["Q1530: type is place in one, person in two: the first counts."]


def test_a_year_agrees_with_a_day_in_it() -> None:
    told: list[str] = []
    first = Item("Q900002", Type.person, {}, born="1967")
    second = Item("Q900002", Type.person, {}, born="1967-07-05")
    (item,) = merged([[first], [second]], told.append)
    assert (item.born, told) == ("1967-07-05", [])


def test_the_digest_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "abc"
    path.write_bytes(b"abc")  # FIPS 180-4, example
    digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert digest_of(path) == digest


JSONL = {
    "qid": "Q1",
    "type": "person",
    "names": {"en": ["Name"], "ar": "اسم"},
    "country": "IQ",
    "born": "1967",
    "died": "2020-01-01",
    "population": 5,
    "sitelinks": 6,
    "held": [{"office": "Q2", "start": "2010", "end": "2012"}],
    "related": ["Q3"],
    "descriptions": {"en": "one"},
    "kind": "city",
    "source": "made up",
}
ENTITY = entity(
    "Q1",
    P31=[of("Q5")],
    P27=[of("Q796")],
    P297=["IQ"],
    P569=[time("1967-07-05", 11)],
    P1082=[{"amount": "+5"}],
    P39=[statement(of("Q2"), P580=time("2010-00-00", 9))],
)
SPARQL = {
    "head": {"vars": ["item"]},
    "results": {
        "bindings": [
            {
                "item": iri("Q1"),
                "itemLabel": term("Name", "en"),
                "type": iri("Q5"),
                "born": term("1967-07-05T00:00:00Z"),
                "population": term("5"),
                "office": iri("Q2"),
                "start": term("2010-01-01T00:00:00Z"),
                "description": term("one", "en"),
            }
        ]
    },
}


def places(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of each value in a tree of JSON but the whole."""
    if not isinstance(tree, dict | list):
        return
    for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
        yield (*path, key)
        yield from places(value, (*path, key))


def replaced(tree: Any, path: tuple[Any, ...], value: Any) -> Any:
    tree = inner = copy.deepcopy(tree)
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return tree


@pytest.mark.parametrize("whole", [JSONL, ENTITY, SPARQL], ids=["lines", "entity", "sparql"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_any_value_in_the_place_of_another_is_read_or_told(
    tmp_path: Path, whole: Any, data: st.DataObject
) -> None:
    path = data.draw(st.sampled_from(list(places(whole))))
    value = data.draw(
        st.sampled_from([None, True, -1, 1e300, 10**30, "", "Q0", "+99999999999-13-99", [], {}])
        | st.sampled_from([[[]], [{}], {"": []}, [None], [5], {"value": 5}, {"value": []}])
    )
    try:
        items = list(read_items(written(tmp_path, replaced(whole, path, value))))
    except DataError as error:
        assert str(error).startswith("made.jsonl:1:1: ")
        return
    for item in items:
        assert isinstance(item.country, str)
        assert all(isinstance(name, str) for names in item.names.values() for name in names)
        assert all(isinstance(day, str) for day in (item.born, item.died))
        assert item.born in ("", "1967", "1967-07-05")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"qid": "Q1", "population": ' + "9" * 5000 + "}", "a number that is too long"),
        ('{"results": {"bindings": [' + "9" * 5000 + "]}}", "a number that is too long"),
        ('{"qid": "Q1", "type": ["person"]}', "the type ['person'] is none"),
        ("\n\n", "the file is empty"),
        ("[\n]\n", "the file is empty"),
    ],
)
def test_more_that_is_wrong_with_a_file(tmp_path: Path, content: str, words: str) -> None:
    with pytest.raises(DataError, match=r"made\.jsonl:1:1: ") as raised:
        list(read_items(written(tmp_path, content)))
    assert words in str(raised.value)


def test_a_year_of_many_digits_is_not_cut_to_another(tmp_path: Path) -> None:
    made = entity("Q1", P31=[of("Q5")], P569=[time("99999999999-00-00", 9)])
    (item,) = read_items(written(tmp_path, made))
    assert item.born == ""
