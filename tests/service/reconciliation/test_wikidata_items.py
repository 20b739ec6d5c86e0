"""The same protocol over a gazetteer of Wikidata items."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.service.reconciliation import schemas
from tests.service.reconciliation.gazetteer import ITEMS, queries
from tests.service.reconciliation.schemas import conforms
from tests.service.served import fetch, running

from kgpub.linking.decision import decide
from kgpub.linking.gazetteer import Gazetteer
from kgpub.service.reconciliation.items import Items
from kgpub.service.reconciliation.routes import reconciliation_application


def test_candidates_have_the_scores_of_the_gazetteer(wikidata: str) -> None:
    found = queries(
        wikidata,
        twins={"query": "Layla Hasan"},
        one={"query": "Leila Hasan"},
        country={"query": "Layla Hasan", "properties": [{"pid": "country", "v": "iq"}]},
        qid={"query": "q77"},
        office={"query": "Layla Hasan", "type": "Office"},
    )
    conforms({key: {"result": value} for key, value in found.items()}, schemas.RESULTS)
    told = {
        key: [(each["id"], each["score"], each["match"]) for each in those]
        for key, those in found.items()
    }
    assert told == {
        "twins": [("Q42", 97, False), ("Q43", 97, False)],
        "one": [("Q42", 97, True)],
        "country": [("Q42", 97, True), ("Q43", 30, False)],
        "qid": [("Q77", 100, True)],
        "office": [],
    }
    assert found["one"][0]["type"] == [{"id": "Person", "name": "Person"}]


def test_what_the_gazetteer_knows_is_fetched(wikidata: str) -> None:
    names = ["name-ar", "country", "born", "died", "sitelinks", "office"]
    extend = {"ids": ["Q42", "Q999"], "properties": [{"id": name} for name in names]}
    got = fetch(wikidata, {"extend": json.dumps(extend)}).json
    conforms(got, schemas.EXTENSION)
    assert got["rows"] == {
        "Q42": {
            "name-ar": [{"str": "ليلى حسن"}],
            "country": [{"str": "IQ"}],
            "born": [{"str": "1970-01-02"}],
            "died": [],
            "sitelinks": [{"int": 12}],
            "office": [{"id": "Q77", "name": "mayor of Al-Waha"}],
        },
        "Q999": {name: [] for name in names},
    }


def test_a_description_of_an_item_is_text_to_a_preview(wikidata: str) -> None:
    page = fetch(f"{wikidata}/preview?id=Q42").body.decode()
    assert "Iraqi engineer &lt;b&gt;bold&lt;/b&gt;" in page
    assert fetch(f"{wikidata}/preview?id=Q0").status == 404
    assert fetch(f"{wikidata}/view?id=Q42").headers["location"].endswith("/entity/Q42")


def test_items_are_suggested(wikidata: str) -> None:
    found = fetch(f"{wikidata}/suggest/entity?prefix=layla+hasan").json
    conforms(found, schemas.SUGGESTED_ENTITIES)
    assert [each["id"] for each in found["result"]] == ["Q42", "Q43"]
    assert [
        each["id"] for each in fetch(f"{wikidata}/suggest/entity?prefix=Q77").json["result"]
    ] == ["Q77"]


@pytest.fixture
def indexed(tmp_path: Path) -> Iterator[str]:
    """The service over a gazetteer's index on disk, of the same items."""
    gazetteer = Gazetteer.build(tmp_path / "items.sqlite", ITEMS)
    try:
        with running(reconciliation_application([Items(gazetteer, decide)])) as origin:
            yield f"{origin}/reconcile/wikidata"
    finally:
        gazetteer.close()


def test_a_gazetteer_on_disk_is_asked_across_scripts(indexed: str) -> None:
    found = queries(
        indexed,
        arabic={"query": "ليلى حسن", "type": "Person"},
        office={"query": "عمدة", "type": "Office"},
        other={"query": "Layla Hasan", "type": "Place"},
        qid={"query": "Q43"},
    )
    conforms({key: {"result": value} for key, value in found.items()}, schemas.RESULTS)
    assert "Q42" in [each["id"] for each in found["arabic"]]
    assert found["office"] == found["other"] == []
    assert [(each["id"], each["match"]) for each in found["qid"]] == [("Q43", True)]


def test_a_gazetteer_on_disk_serves_many_clients_at_once(indexed: str) -> None:
    form = {"queries": json.dumps({str(n): {"query": "Layla Hasan"} for n in range(10)})}
    expected = fetch(indexed, form).json
    assert len(expected["0"]["result"]) == 2
    with ThreadPoolExecutor(8) as clients:
        got = list(clients.map(lambda _: fetch(indexed, form), range(40)))
    assert all(each.json == expected for each in got)
