"""The Reconciliation Service API 0.2 over HTTP: manifest, queries, suggestions, data extension."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from tests.service.reconciliation import schemas
from tests.service.reconciliation.gazetteer import queries
from tests.service.reconciliation.schemas import conforms
from tests.service.served import BASE, fetch

LAYLA, SALIM, ELDER = "person/layla-hasan", "person/salim-omar", "person/salim-omar-the-elder"
MAYOR = "office/mayor-of-al-waha"


def best(results: Any) -> tuple[str, bool]:
    return results[0]["id"], results[0]["match"]


@pytest.mark.parametrize("path", ["/entities", "/wikidata", "/ar/entities", "/ckb/wikidata"])
def test_without_parameters_a_service_tells_what_it_is(origin: str, path: str) -> None:
    got = fetch(f"{origin}/reconcile{path}", Origin="https://elsewhere.example")
    conforms(got.json, schemas.MANIFEST)
    assert got.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in got.headers


def test_every_address_in_the_manifest_is_there(entities: str) -> None:
    manifest = fetch(entities).json
    for what, suggest in manifest["suggest"].items():
        address = suggest["service_url"] + suggest["service_path"]
        found = fetch(f"{address}?prefix=").json
        conforms(found, schemas.SUGGESTED_ENTITIES if what == "entity" else schemas.SUGGESTED)
        flyout = suggest["service_url"] + suggest["flyout_service_path"]
        id_ = found["result"][0]["id"] if found["result"] else LAYLA
        told = fetch(flyout.replace("${id}", quote(id_, safe=""))).json
        conforms(told, schemas.FLYOUT)
        assert told["id"] == id_
    proposal = manifest["extend"]["propose_properties"]
    address = proposal["service_url"] + proposal["service_path"]
    conforms(fetch(f"{address}?type=Person&limit=3").json, schemas.PROPOSAL)
    id_ = quote(LAYLA, safe="")
    assert fetch(manifest["preview"]["url"].replace("{{id}}", id_)).status == 200
    seen = fetch(manifest["view"]["url"].replace("{{id}}", id_))
    assert (seen.status, seen.headers["location"]) == (303, manifest["identifierSpace"] + LAYLA)


def test_types_are_named_by_the_ontology_in_the_language_of_the_address(origin: str) -> None:
    def named(language: str) -> dict[str, str]:
        types = fetch(f"{origin}/reconcile{language}/entities").json["defaultTypes"]
        return {type_["id"]: type_["name"] for type_ in types}

    ids = ["Person", "Organisation", "Office", "Place", "Event"]
    assert named("") == dict(zip(ids, ids, strict=True))
    arabic = ["شخص", "منظمة", "منصب", "مكان", "حدث"]
    assert named("/ar") == dict(zip(ids, arabic, strict=True))
    kurdish = ["کەس", "ڕێکخراو", "پۆست", "شوێن", "ڕووداو"]
    assert named("/ckb") == dict(zip(ids, kurdish, strict=True))


@pytest.mark.parametrize(
    "text",
    [
        "Layla Hasan",
        "layla  HASAN",
        "ليلى حسن",
        "ليلي حسن",
        "لەیلا حەسەن",
        "Umm Yusuf",
        LAYLA,
        BASE + LAYLA,
        "Q42",
        "المهندسة ليلى حسن",
        "Dr. Layla Hasan",
    ],
)
def test_a_name_or_an_identifier_is_found_and_is_sure(entities: str, text: str) -> None:
    assert best(queries(entities, q={"query": text})["q"]) == (LAYLA, True)


def test_another_spelling_is_found_and_is_not_sure(entities: str) -> None:
    found = queries(entities, q={"query": "Leila Hassan"})["q"]
    assert best(found) == (LAYLA, False)
    assert 45 <= found[0]["score"] < 98


def test_of_two_with_one_name_neither_is_sure(entities: str) -> None:
    found = queries(entities, q={"query": "Salim Omar"})["q"]
    assert {each["id"] for each in found[:2]} == {SALIM, ELDER}
    assert not any(each["match"] for each in found)


@pytest.mark.parametrize("value", ["Mayor of Al-Waha", "رئيس بلدية الواحة", {"id": MAYOR}])
def test_a_property_tells_two_with_one_name_apart(entities: str, value: object) -> None:
    condition = [{"pid": "office", "v": ["nothing", value]}]
    found = queries(entities, q={"query": "Salim Omar", "properties": condition})["q"]
    assert best(found) == (SALIM, True)
    features = {each["id"]: each["value"] for each in found[0]["features"]}
    assert features["property:office"] is True
    # Of the elder no office is told, which is no contradiction.
    assert found[1]["id"] == ELDER
    assert [each["score"] for each in found] == [100, 90]
    assert "property:office" not in {each["id"] for each in found[1]["features"]}


def test_a_property_that_speaks_against_an_entity_halves_its_score(entities: str) -> None:
    condition = [{"pid": "office", "v": "Governor"}, {"pid": "name-en", "v": "layla hasan"}]
    found = queries(
        entities,
        against={"query": "Layla Hasan", "properties": condition[:1]},
        both={"query": "Layla Hasan", "properties": condition},
    )
    assert [(each["score"], each["match"]) for each in found["against"]] == [(50, False)]
    assert [(each["score"], each["match"]) for each in found["both"]] == [(75, False)]


def test_what_is_denied_to_have_happened_is_not_offered(entities: str) -> None:
    found = fetch(f"{entities}/suggest/entity?prefix=event/").json["result"]
    assert [each["id"] for each in found] == ["event/election-of-layla-hasan"]
    assert fetch(f"{entities}/preview?id=event/resignation-of-layla-hasan").status == 404


def test_properties_alone_find_entities_and_are_never_sure(entities: str) -> None:
    found = queries(entities, q={"properties": [{"pid": "office", "v": {"id": MAYOR}}]})["q"]
    assert {each["id"] for each in found} == {LAYLA, SALIM, "event/election-of-layla-hasan"}
    assert not any(each["match"] for each in found)


def test_types_are_demanded_or_preferred(entities: str) -> None:
    text = {"query": "Al-Waha"}
    found = queries(
        entities,
        plain=text,
        place={**text, "type": "Place"},
        iri={**text, "type": ["https://w3id.org/kgpub/ontology#Place"]},
        either={**text, "type": ["Person", "Place"], "type_strict": "any"},
        both={**text, "type": ["Person", "Place"], "type_strict": "all"},
        other={**text, "type": ["Person"], "type_strict": "should"},
        unknown={**text, "type": "Planet"},
    )
    for key in ("plain", "place", "iri", "either"):
        assert best(found[key]) == ("place/al-waha", True)
    assert {each["type"][0]["id"] for each in found["place"]} == {"Place"}
    assert found["both"] == found["unknown"] == []
    assert best(found["other"]) == ("place/al-waha", False)
    assert found["other"][0]["score"] == 50


def test_no_more_candidates_than_asked_for_the_best_first(entities: str) -> None:
    found = queries(entities, one={"query": "Salim Omar", "limit": 1}, all={"query": "Salim Omar"})
    assert len(found["one"]) == 1 < len(found["all"])
    scores = [each["score"] for each in found["all"]]
    assert scores == sorted(scores, reverse=True)


def test_a_batch_is_answered_alike_by_get_and_post(entities: str) -> None:
    batch = json.dumps({"a": {"query": "ليلى حسن", "limit": 2}, "ب": {"query": "nobody at all"}})
    posted, got = (
        fetch(entities, {"queries": batch}),
        fetch(f"{entities}?{urlencode({'queries': batch})}"),
    )
    assert posted.json == got.json
    assert list(got.json) == ["a", "ب"]
    conforms(got.json, schemas.RESULTS)
    assert got.json["ب"] == {"result": []}


def test_names_are_in_the_language_of_the_address(origin: str) -> None:
    def name(path: str) -> str:
        results = queries(f"{origin}/reconcile/{path}", q={"query": LAYLA})["q"]
        assert isinstance(results[0]["name"], str)
        return results[0]["name"]

    assert name("entities") == name("en/entities") == "Layla Hasan"
    assert name("ar/entities") == "ليلى حسن"
    assert name("ckb/entities") == "لەیلا حەسەن"


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("lay", LAYLA),
        ("has", LAYLA),
        ("ليل", LAYLA),
        ("واح", "place/al-waha"),
        (LAYLA, LAYLA),
        ("person/lay", LAYLA),
        ("Q42", LAYLA),
        ("mayor", MAYOR),
    ],
)
def test_entities_are_suggested_by_what_they_begin_with(
    entities: str, prefix: str, expected: str
) -> None:
    found = fetch(f"{entities}/suggest/entity?{urlencode({'prefix': prefix})}").json
    conforms(found, schemas.SUGGESTED_ENTITIES)
    assert expected in [each["id"] for each in found["result"]]


def test_suggestions_go_on_behind_the_cursor(entities: str) -> None:
    def suggested(cursor: int) -> list[str]:
        found = fetch(f"{entities}/suggest/entity?prefix=salim&cursor={cursor}").json["result"]
        return [each["id"] for each in found]

    assert suggested(0) == [SALIM, ELDER]
    assert suggested(1) == [ELDER]
    assert suggested(2) == []


def test_types_and_properties_are_suggested(origin: str) -> None:
    path = f"{origin}/reconcile/ar/entities/suggest"
    types = fetch(f"{path}/type?{urlencode({'prefix': 'من'})}").json["result"]
    assert [each["id"] for each in types] == ["Organisation", "Office"]
    properties = fetch(f"{path}/property?prefix=wiki").json["result"]
    assert [each["id"] for each in properties] == ["wikidata"]


def test_values_of_properties_are_fetched(entities: str, wikidata: str) -> None:
    names = ["name", "name-ckb", "kind", "wikidata", "office", "tenure", "words"]
    ids = [LAYLA, SALIM, "person/nobody"]
    extend = {"ids": ids, "properties": [{"id": name} for name in names]}
    got = fetch(entities, {"extend": json.dumps(extend)}).json
    conforms(got, schemas.EXTENSION)
    assert [each["id"] for each in got["meta"]] == names
    meta = {each["id"]: each for each in got["meta"]}
    assert meta["office"]["type"] == {"id": "Office", "name": "Office"}
    assert meta["wikidata"]["service"] == wikidata
    assert got["rows"][LAYLA] == {
        "name": [{"str": "ليلى حسن"}, {"str": "لەیلا حەسەن"}, {"str": "Layla Hasan"}],
        "name-ckb": [{"str": "لەیلا حەسەن"}],
        "kind": [],
        "wikidata": [{"id": "Q42", "name": "Q42"}],
        "office": [{"id": MAYOR, "name": "Mayor of Al-Waha"}],
        "tenure": [{"str": "Mayor of Al-Waha"}],
        "words": [
            {"str": "انتخب مجلس بلدية الواحة، يوم الأحد، المهندسة ليلى حسن رئيسة للبلدية"},
            {"str": "سنبدأ بإصلاح شبكة المياه"},
        ],
    }
    assert got["rows"][SALIM]["tenure"] == [{"str": "Mayor of Al-Waha (2019 –)"}]
    assert got["rows"]["person/nobody"] == {name: [] for name in names}


def test_the_setting_limit_bounds_values(entities: str) -> None:
    for limit in (1, "1"):
        extend = {"ids": [LAYLA], "properties": [{"id": "name", "settings": {"limit": limit}}]}
        got = fetch(f"{entities}?{urlencode({'extend': json.dumps(extend)})}").json
        assert len(got["rows"][LAYLA]["name"]) == 1


def test_properties_are_proposed_for_a_type(entities: str) -> None:
    def proposed(type_: str) -> set[str]:
        found = fetch(f"{entities}/properties?type={type_}").json
        return {each["id"] for each in found["properties"]}

    assert {"office", "tenure", "name", "words"} <= proposed("Person")
    assert "jurisdiction" in proposed("Office") - proposed("Person")
    assert {"time", "participant"} <= proposed("Event")
    assert len(fetch(f"{entities}/properties?type=Person&limit=2").json["properties"]) == 2


def test_a_preview_is_one_page_in_which_each_name_has_its_language(entities: str) -> None:
    got = fetch(f"{entities}/preview?id={quote(LAYLA, safe='')}")
    page = got.body.decode()
    assert got.headers["content-type"] == "text/html; charset=utf-8"
    assert '<bdi dir="rtl" lang="ar">ليلى حسن</bdi>' in page
    assert '<bdi dir="rtl" lang="ckb">لەیلا حەسەن</bdi>' in page
    assert '<bdi dir="ltr" lang="en">Layla Hasan</bdi>' in page
    assert re.findall(r"(?:src|href)=\S+", page) == [
        f'href="{BASE}{LAYLA}"',
        'href="http://www.wikidata.org/entity/Q42"',
    ]


def test_a_preview_in_a_language_that_is_written_from_the_right(origin: str) -> None:
    page = fetch(f"{origin}/reconcile/ckb/entities/preview?id=place/al-waha").body.decode()
    assert '<html lang="ckb" dir="rtl">' in page
    assert "<p>شوێن</p>" in page


@pytest.mark.parametrize("service", ["entities", "wikidata"])
def test_an_empty_cell_finds_nothing_and_keeps_no_other_from_being_answered(
    origin: str, service: str
) -> None:
    empty: list[dict[str, Any]] = [
        {"query": ""},
        {"query": " \u200f "},
        {"query": "", "properties": []},
        {"properties": [{"pid": "name", "v": ["", " "]}]},
    ]
    batch = {f"q{number}": query for number, query in enumerate(empty)}
    found = queries(f"{origin}/reconcile/{service}", full={"query": "Layla Hasan"}, **batch)
    assert all(found[key] == [] for key in batch)
    assert found["full"]


def test_an_empty_type_is_none(entities: str) -> None:
    for type_ in ("", [], [""]):
        (found,) = queries(entities, q={"query": "Layla Hasan", "type": type_})["q"]
        assert found["id"] == "person/layla-hasan"
