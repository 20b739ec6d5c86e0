"""Popolo JSON against what its JSON schemas allow (popoloproject.com/schemas, version 1.0)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.release.vocabularies.cases import BASE, FACTS, store, turtle
from tests.release.vocabularies.making import document, made

_SEVERAL = "there is room for one, and several differ"
_TEXT = {"type": "string", "minLength": 1}
_DATE = {"type": "string", "pattern": "^[0-9]{4}(-[0-9]{2}){0,2}$"}
_NAMES = {"type": "array", "items": {"required": ["name"], "properties": {"name": _TEXT}}}
_IDENTIFIERS = {
    "type": "array",
    "items": {
        "required": ["identifier"],
        "properties": dict.fromkeys(("identifier", "scheme"), _TEXT),
    },
}
_LINKS = {"type": "array", "items": {"required": ["url"], "properties": {"url": _TEXT}}}


def _objects(**keys: object) -> dict[str, object]:
    """Return the schema of a list of objects with these keys and an id."""
    properties = {"id": _TEXT, **keys}
    items = {"required": ["id"], "properties": properties, "additionalProperties": False}
    return {"type": "array", "items": {"type": "object", **items}}


# The keys that the schemas have and that are made here, each with the type that it has there.
_SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["persons", "organizations", "posts", "memberships", "areas"],
    "properties": {
        "persons": _objects(
            name=_TEXT,
            other_names=_NAMES,
            identifiers=_IDENTIFIERS,
            birth_date=_DATE,
            death_date=_DATE,
        ),
        "organizations": _objects(
            name=_TEXT,
            other_names=_NAMES,
            identifiers=_IDENTIFIERS,
            classification=_TEXT,
            parent_id=_TEXT,
            founding_date=_DATE,
            dissolution_date=_DATE,
        ),
        "posts": _objects(
            label=_TEXT,
            other_label={"type": "array", "items": _TEXT},
            organization_id=_TEXT,
            area_id=_TEXT,
        ),
        "memberships": _objects(
            role=_TEXT,
            person_id=_TEXT,
            organization_id=_TEXT,
            post_id=_TEXT,
            start_date=_DATE,
            end_date=_DATE,
            sources=_LINKS,
        ),
        "areas": _objects(name=_TEXT, identifier=_TEXT, classification=_TEXT, parent_id=_TEXT),
    },
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return document(made(store(), tmp_path_factory.mktemp("made"))["popolo.json"])


def _one(told: Any, name: str, identifier: str) -> Any:
    (found,) = [each for each in told[name] if each["id"] == BASE + identifier]
    return found


def test_it_is_as_the_schemas_allow_and_links_lead_to_what_is_there(told: Any) -> None:
    jsonschema.validate(told, _SCHEMA)
    known = {
        key: {each["id"] for each in told[name]}
        for name, key in (
            ("persons", "person_id"),
            ("organizations", "organization_id"),
            ("posts", "post_id"),
            ("areas", "area_id"),
        )
    }
    for name in ("posts", "memberships"):
        for each in told[name]:
            for key in known.keys() & each.keys():
                assert each[key] in known[key]


def test_a_tenure_holds_a_post_in_an_organisation(told: Any) -> None:
    assert _one(told, "memberships", "tenure") == {
        "id": BASE + "tenure",
        "person_id": BASE + "aram",
        "organization_id": BASE + "cabinet",
        "post_id": BASE + "premier",
        "start_date": "2016",
        "end_date": "2018-05",
        "sources": [{"url": "https://example.org/news"}],
    }
    assert _one(told, "posts", "premier") == {
        "id": BASE + "premier",
        "label": "Premier",
        "organization_id": BASE + "cabinet",
        "area_id": BASE + "land",
    }


def test_a_season_an_open_end_and_a_doubted_year_are_no_dates(told: Any) -> None:
    """`2010-21` is spring, and looks like a month."""
    for name in ("spring", "member"):
        assert not {"start_date", "end_date"} & _one(told, "memberships", name).keys()
    assert _one(told, "memberships", "member")["role"] == "member"
    assert _one(told, "memberships", "practice")["role"] == "journalism"


def test_people_have_one_name_in_the_language_and_all_others_beside_it(told: Any) -> None:
    assert _one(told, "persons", "aram") == {
        "id": BASE + "aram",
        "name": "Aram",
        "other_names": [{"name": "آرام", "note": "ar"}, {"name": "ئارام", "note": "ckb"}],
        "identifiers": [{"identifier": "Q1", "scheme": "http://www.wikidata.org/entity/"}],
        "birth_date": "1967-07-05",
    }
    assert _one(told, "persons", "baran") == {"id": BASE + "baran", "name": "باران"}


def test_names_are_in_the_language_that_is_asked_for(tmp_path: Path) -> None:
    told = document(made(store(), tmp_path, "ckb")["popolo.json"])
    assert _one(told, "persons", "aram")["name"] == "ئارام"
    assert _one(told, "posts", "premier")["label"] == "Premier"


def test_an_organisation_is_in_another_that_it_is_part_of(told: Any) -> None:
    assert _one(told, "organizations", "wing") == {
        "id": BASE + "wing",
        "name": "Wing",
        "classification": "political-party",
        "parent_id": BASE + "party",
    }


def test_a_publishers_own_kind_is_its_iri(tmp_path: Path) -> None:
    kind = "https://example.org/kind#own"
    text = turtle()
    for ours in ("journalism", "cabinet", "city"):
        text = text.replace(f"kind:{ours} ", f"<{kind}> ")
    told = document(made(store(text), tmp_path)["popolo.json"])
    assert _one(told, "memberships", "practice")["role"] == kind
    assert _one(told, "organizations", "cabinet")["classification"] == kind
    assert _one(told, "areas", "town")["classification"] == kind
    assert _one(told, "areas", "land")["classification"] == "country"


def test_a_past_time_or_a_doubted_end_makes_no_membership_that_lasts(told: Any) -> None:
    known = {each["id"].removeprefix(BASE) for each in told["memberships"]}
    assert not known & {"employment", "ended"}


def test_of_two_wholes_none_is_told_and_both_are_counted(tmp_path: Path) -> None:
    text = turtle(
        {
            **FACTS,
            "other": (
                "a kg:Relationship ; kg:kind kind:part-of ; kg:subject :wing ; kg:object :cabinet",
                "paper",
            ),
        }
    )
    files = made(store(text), tmp_path)
    assert "parent_id" not in _one(document(files["popolo.json"]), "organizations", "wing")
    assert document(files["left-out.json"])["popolo"][_SEVERAL] == 2


def test_two_birthdays_are_no_date_and_both_are_counted(tmp_path: Path) -> None:
    text = f"""@prefix : <{BASE}> . @prefix kg: <https://w3id.org/kgpub/ontology#> .
    @prefix kind: <https://w3id.org/kgpub/kind#> .
    @prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
    :p a kg:Person ; kg:name "P"@en . :paper a kg:Organisation ; kg:name "N"@en .
    :article a kg:Article ; kg:publisher :paper . :part kg:role kind:subject-of-event ;
        kg:participant :p .
    :x a kg:Event ; kg:kind kind:birth ; kg:time "1967"^^edtf:EDTF ; kg:participation :part .
    :y a kg:Event ; kg:kind kind:birth ; kg:time "1967-05"^^edtf:EDTF ; kg:participation :part .
    :said a kg:Statement ; kg:asserts :x , :y ; kg:saidBy :paper ; kg:article :article .
    """
    files = made(store(text), tmp_path)
    told = document(files["popolo.json"])
    assert told["persons"] == [{"id": BASE + "p", "name": "P"}]
    assert document(files["left-out.json"])["popolo"] == {_SEVERAL: 2}


def test_nothing_gives_empty_lists(tmp_path: Path) -> None:
    empty = document(made(store("# nothing"), tmp_path)["popolo.json"])
    assert empty == {name: [] for name in _SCHEMA["required"]}
