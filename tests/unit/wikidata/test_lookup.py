"""Candidates for mentions, found at the small Wikidata."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date

import pytest
from tests.wikidata_server import Fault, WikidataServer

from kgpub.linking.entity import Candidate, Held, Item, Mention, Source, Type
from kgpub.wikidata.answers import Answers
from kgpub.wikidata.cache import Cache
from kgpub.wikidata.client import Endpoints
from kgpub.wikidata.errors import WikidataError
from kgpub.wikidata.lookup import MAX_SEARCHES, Wikidata
from kgpub.wikidata.question import Kind, Question

DAY = date(2026, 11, 30)
SALIM = Mention({"ar": ("سالم الوردي",)}, Type.person, frozenset({"XS"}))


def rank(mention: Mention, items: Sequence[Item]) -> list[Candidate]:
    """Half for the type, half for the country."""
    candidates = []
    for item in items:
        evidence = [
            *(["of the same type"] if item.type is mention.type else []),
            *(["of the same country"] if item.country in mention.countries else []),
        ]
        candidates.append(Candidate(item, len(evidence) / 2, tuple(evidence)))
    return sorted(candidates, key=lambda each: -each.score)


@pytest.fixture
def wikidata(answers: Answers) -> Wikidata:
    return Wikidata(answers, rank, DAY)


def qids(source: Source, mention: Mention, limit: int = 10) -> list[str]:
    return [each.item.qid for each in source.candidates(mention, limit)]


def test_candidates_come_with_score_and_evidence(wikidata: Wikidata) -> None:
    best, other = wikidata.candidates(SALIM)
    assert (best.item.qid, best.score) == ("Q9000001", 1.0)
    assert best.evidence == ("of the same type", "of the same country")
    assert (other.item.qid, other.score) == ("Q9000002", 0.5)
    assert (wikidata.method, wikidata.version) == ("looked-up", "2026-11-30")


def test_an_item_has_all_that_is_stated_of_it(wikidata: Wikidata) -> None:
    assert wikidata.item("Q9000001") == Item(
        "Q9000001",
        Type.person,
        {
            "ar": ("سالم الوردي",),
            "ckb": ("سالم وەردی",),
            "en": ("Salim al-Wardi", "Salem al-Wardi", "Salim Wardi"),
        },
        country="XS",
        born="1961",
        died="2021-03-14",
        sitelinks=7,
        held=(Held("Q9000003", "2016-06-07", "2018-10"), Held("Q9000003", "2020-05-01")),
        related=frozenset({"Q9000003", "Q9000004"}),
        descriptions={"en": "politician made up for a test"},
        source="Wikidata",
    )


@pytest.mark.parametrize(
    ("qid", "type_", "country"),
    [
        ("Q9000002", Type.person, ""),
        ("Q9000003", Type.office, "XS"),
        ("Q9000004", Type.organisation, "XS"),
        ("Q9000005", Type.place, "XS"),
        ("Q9000006", None, ""),
        ("Q9000007", Type.event, ""),
        ("Q9000008", None, ""),
        ("Q9000010", Type.office, ""),
        ("Q9000011", Type.place, "XS"),
        ("Q9000013", Type.organisation, ""),
    ],
)
def test_types_by_subclasses_and_countries(
    wikidata: Wikidata, qid: str, type_: Type | None, country: str
) -> None:
    item = wikidata.item(qid)
    assert item is not None
    assert (item.type, item.country) == (type_, country)


@pytest.mark.parametrize(
    ("qid", "kind"),
    [("Q9000005", "country"), ("Q9000011", "city"), ("Q9000012", ""), ("Q9000013", "")],
)
def test_kinds_of_places(wikidata: Wikidata, qid: str, kind: str) -> None:
    item = wikidata.item(qid)
    assert item is not None
    assert item.kind == kind


def test_a_decade_is_no_year_of_birth(wikidata: Wikidata) -> None:
    item = wikidata.item("Q9000002")
    assert item is not None
    assert item.born == ""


def test_a_population(wikidata: Wikidata) -> None:
    item = wikidata.item("Q9000005")
    assert item is not None
    assert item.population == 4_200_000


def test_disambiguation_pages_are_no_candidates(wikidata: Wikidata) -> None:
    assert qids(wikidata, Mention({"en": ("Salim al-Wardi",)})) == ["Q9000001", "Q9000002"]


def test_no_more_than_asked_for(wikidata: Wikidata) -> None:
    assert qids(wikidata, SALIM, limit=1) == ["Q9000001"]
    assert qids(wikidata, SALIM, limit=0) == []


def test_a_name_that_nobody_has(wikidata: Wikidata, server: WikidataServer) -> None:
    assert wikidata.candidates(Mention({"ar": ("نرمين الخياط",)})) == []
    assert server.actions() == ["wbsearchentities", "query"]


def test_words_are_searched_where_no_name_begins_so(
    wikidata: Wikidata, server: WikidataServer
) -> None:
    assert qids(wikidata, Mention({"ar": ("الوردي سالم",)})) == ["Q9000001", "Q9000002"]
    assert server.actions()[:2] == ["wbsearchentities", "query"]


def test_other_spellings_are_searched_too(answers: Answers, server: WikidataServer) -> None:
    wikidata = Wikidata(answers, rank, DAY, lambda name: [name.removeprefix("السيد ")])
    mention = Mention({"ar": ("السيد سالم الوردي",)})
    assert qids(wikidata, mention) == ["Q9000001", "Q9000002"]
    assert "query" not in server.actions()


def test_arabic_comes_first_then_kurdish_and_english(
    wikidata: Wikidata, server: WikidataServer
) -> None:
    names = {"fr": ("Salim",), "en": ("Salim",), "ckb": ("سالم",), "ar-IQ": ("سالم",)}
    wikidata.candidates(Mention({**names, "ar": ("سالم",), "": ("سالم", "Selim")}))
    searched = [
        (each.parameters["language"], each.parameters["search"])
        for each in server.asked
        if each.parameters.get("action") == "wbsearchentities"
    ]
    assert searched == [
        ("ar", "سالم"),
        ("ckb", "سالم"),
        ("en", "Salim"),
        ("fr", "Salim"),
        ("en", "Selim"),
    ]


@pytest.mark.parametrize(
    "name", ["", "  ", "؟!", "س" * 251, "\ud800", "\u202e\u202c", "ـ" * 10_000]
)
def test_names_that_cannot_be_searched(
    wikidata: Wikidata, server: WikidataServer, name: str
) -> None:
    assert wikidata.candidates(Mention({"ar": (name,)})) == []
    assert server.asked == []


def test_a_mention_of_many_names(wikidata: Wikidata, server: WikidataServer) -> None:
    wikidata.candidates(Mention({"en": tuple(f"Salim al-Wardi {n}" for n in range(40))}))
    assert server.actions().count("wbsearchentities") == MAX_SEARCHES


def found(*qids: str) -> Fault:
    """The answer to a search that finds these."""
    return Fault(content=json.dumps({"search": [{"id": qid} for qid in qids]}).encode())


def test_no_more_than_one_batch_is_looked_at(wikidata: Wikidata, server: WikidataServer) -> None:
    server.faults.append(found(*(f"Q{number}" for number in range(9_000_001, 9_000_101))))
    wikidata.candidates(SALIM)
    assert server.actions().count("wbgetentities") == 1


def test_an_item_and_its_redirect_are_one_candidate(
    wikidata: Wikidata, server: WikidataServer
) -> None:
    server.faults.append(found("Q9000090", "Q9000001"))
    assert qids(wikidata, SALIM) == ["Q9000001"]


def test_a_redirect_is_the_item_that_it_leads_to(wikidata: Wikidata) -> None:
    item = wikidata.item("Q9000090")
    assert item is not None
    assert (item.qid, item.born) == ("Q9000001", "1961")


@pytest.mark.parametrize("qid", ["Q9000091", "Q0", "Q99999999999", "q5", "P31"])
def test_what_is_not_there(wikidata: Wikidata, qid: str) -> None:
    assert wikidata.item(qid) is None


def test_many_mentions_in_few_requests(wikidata: Wikidata, server: WikidataServer) -> None:
    mentions = [SALIM, Mention({"en": ("Plain Party",)}), Mention({"en": ("Sahlistan",)})]
    wikidata.prefetch(mentions, ["Q9000003", "Q9000090"])
    # Three searches, one batch of items, and one of each query on their statements.
    assert server.actions() == ["wbsearchentities"] * 3 + ["wbgetentities"] + ["sparql"] * 3
    assert [qids(wikidata, each)[0] for each in mentions] == ["Q9000001", "Q9000004", "Q9000005"]
    assert wikidata.item("Q9000003") is not None
    assert len(server.asked) == 7


def test_offline_it_finds_what_is_kept_and_tells_the_rest(
    wikidata: Wikidata, cache: Cache, server: WikidataServer
) -> None:
    found = wikidata.candidates(SALIM)
    server.asked.clear()
    kept = Answers(cache, endpoints=Endpoints(server.api, server.sparql))
    offline = Wikidata(kept, rank, DAY)
    assert offline.candidates(SALIM) == found
    assert list(kept.missing) == []
    assert offline.candidates(Mention({"en": ("Plain Party",)})) == []
    assert offline.item("Q9000004") is None
    assert list(kept.missing) == [
        Question(Kind.search, "Plain Party", "en"),
        Question(Kind.entity, "Q9000004"),
    ]
    assert server.asked == []


def test_an_item_of_which_the_statements_are_missing_is_not_known(
    answers: Answers, cache: Cache, server: WikidataServer
) -> None:
    answers.to([Question(Kind.entity, "Q9000001")])
    kept = Answers(cache, endpoints=Endpoints(server.api, server.sparql))
    assert Wikidata(kept, rank, DAY).records(["Q9000001"]) == {}
    assert {each.kind for each in kept.missing} == {Kind.types, Kind.offices, Kind.facts}


def test_a_failing_endpoint_is_told(wikidata: Wikidata, server: WikidataServer) -> None:
    server.faults.append(Fault(404))
    with pytest.raises(WikidataError, match="HTTP status 404"):
        wikidata.candidates(SALIM)
