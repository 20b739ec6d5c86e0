"""What goes to Wikidata, and what is made of each way in which it answers."""

from __future__ import annotations

import re

import pytest
from tests.clock import Time
from tests.unit.wikidata.conftest import CONTACT, SEARCH, Make, told
from tests.wikidata_server import Fault, WikidataServer, maxlag

from kgpub.patience import Patience
from kgpub.version import __version__
from kgpub.wikidata.client import user_agent
from kgpub.wikidata.errors import WikidataError
from kgpub.wikidata.question import Kind, Question


def test_a_search_by_the_beginning_of_a_name(make_client: Make, server: WikidataServer) -> None:
    arabic = Question(Kind.search, "حزب", "ar")
    assert told(make_client(), SEARCH, arabic) == {
        SEARCH: ["Q9000001", "Q9000002", "Q9000006"],
        arabic: ["Q9000004"],
    }
    assert dict(server.asked[0].parameters) == {
        "action": "wbsearchentities",
        "search": "Salim",
        "language": "en",
        "type": "item",
        "limit": "10",
        "format": "json",
        "utf8": "1",
        "maxlag": "5",
    }


def test_a_search_by_words_sends_no_operators(make_client: Make, server: WikidataServer) -> None:
    question = Question(Kind.words, 'al-WARDI "Salem" -insource:/x/ NOT')
    told(make_client(), question)
    assert server.asked[0].parameters["srsearch"] == "al wardi salem insource x not"
    told(make_client(), Question(Kind.words, "سَالِم"))
    assert server.asked[1].parameters["srsearch"] == "سالم"
    found = Question(Kind.words, "Wardi, Salem")
    assert told(make_client(), found) == {found: ["Q9000001"]}


def test_items_are_asked_for_in_batches_of_fifty(make_client: Make, server: WikidataServer) -> None:
    qids = [f"Q{number}" for number in range(9_000_001, 9_000_121)]
    answers = told(make_client(), *(Question(Kind.entity, qid) for qid in qids))
    assert [each.about for each in answers] == qids
    batches = [each.parameters["ids"].split("|") for each in server.asked]
    assert [len(each) for each in batches] == [50, 50, 20]


def test_statements_are_asked_for_in_batches_too(make_client: Make, server: WikidataServer) -> None:
    qids = [f"Q{number}" for number in range(9_000_001, 9_000_061)]
    questions = [Question(kind, qid) for kind in (Kind.types, Kind.offices) for qid in qids]
    answers = told(make_client(), *questions)
    assert server.actions() == ["sparql"] * 4
    party = answers[Question(Kind.types, "Q9000004")]
    assert party == [{"class": "Q43229"}]  # by two steps of subclasses


def test_a_query_is_all_that_is_sent_to_the_endpoint(
    make_client: Make, server: WikidataServer
) -> None:
    told(make_client(), Question(Kind.types, "Q9000001"))
    (asked,) = server.asked
    assert list(asked.parameters) == ["query"]
    assert asked.headers["Accept"].startswith("application/sparql-results+json")


def test_an_unknown_value_is_none(make_client: Make) -> None:
    question = Question(Kind.facts, "Q9000002")
    rows = told(make_client(), question)[question]
    assert [row.get("value", "") for row in rows if row["about"] == "related"] == [""]


def test_an_item_without_statements_has_an_empty_answer(make_client: Make) -> None:
    question = Question(Kind.offices, "Q9000009")
    assert told(make_client(), question) == {question: []}


def test_what_cannot_be_an_item_is_not_asked_for(make_client: Make, server: WikidataServer) -> None:
    qids = ["Q0", "Q99999999999", "q5", "P31", "http://www.wikidata.org/entity/Q5"]
    answers = told(make_client(), *(Question(Kind.entity, qid) for qid in qids))
    assert [each["id"] for each in answers.values()] == [""] * 5
    assert told(make_client(), Question(Kind.facts, "Q0")) == {Question(Kind.facts, "Q0"): []}
    assert server.asked == []


def test_an_item_that_the_api_refuses_a_batch_for_is_missing(
    make_client: Make, server: WikidataServer
) -> None:
    told_ = b'{"error":{"code":"no-such-entity","info":"Could not find it.","id":"Q9000002"}}'
    server.faults.append(Fault(content=told_))
    first, second = (Question(Kind.entity, f"Q900000{number}") for number in (1, 2))
    answers = told(make_client(), first, second)
    assert (answers[first]["id"], answers[second]["id"]) == ("Q9000001", "")
    assert [each.parameters["ids"] for each in server.asked] == ["Q9000001|Q9000002", "Q9000001"]


def test_the_agent_says_who_asks(make_client: Make, server: WikidataServer) -> None:
    told(make_client(), SEARCH, Question(Kind.types, "Q9000001"))
    agents = {each.headers["User-Agent"] for each in server.asked}
    (agent,) = agents
    form = rf"kgpub/{re.escape(__version__)} \({re.escape(CONTACT)}\) SPARQLWrapper/\S+ Python/\S+"
    assert re.fullmatch(form, agent)


@pytest.mark.parametrize(
    "contact",
    ["", " ", "me", "a@b.c\r\nX: y", "a@b.c) Mozilla/5.0 (", "سالم@example.org", "@" * 201],
)
def test_a_contact_that_reaches_nobody(contact: str) -> None:
    with pytest.raises(WikidataError, match="contact is no address") as raised:
        user_agent(contact)
    assert "mail address" in raised.value.remedy


def test_retry_after_in_seconds_is_waited(
    make_client: Make, server: WikidataServer, time: Time
) -> None:
    server.faults += [Fault(429, {"Retry-After": "17"}), Fault(503, {"Retry-After": "2"})]
    assert told(make_client(), SEARCH)[SEARCH]
    assert time.slept == [17.0, 2.0]


def test_retry_after_as_a_date_is_waited(
    make_client: Make, server: WikidataServer, time: Time
) -> None:
    server.faults.append(Fault(429, {"Retry-After": "Mon, 30 Nov 2026 12:00:42 GMT"}))
    assert told(make_client(), Question(Kind.types, "Q9000001"))
    assert time.slept == [42.0]


def test_pauses_double_where_the_server_gives_none(
    make_client: Make, server: WikidataServer, time: Time
) -> None:
    server.faults += [Fault(500), Fault(502), Fault(429), Fault(504)]
    assert told(make_client(), SEARCH)[SEARCH]
    assert time.slept == [3.75, 7.5, 15.0, 30.0]  # of 5, 10, 20, 40 seconds three quarters


def test_a_server_that_goes_on_failing(
    make_client: Make, server: WikidataServer, time: Time
) -> None:
    server.faults += [Fault(500)] * 9
    with pytest.raises(WikidataError, match=r"HTTP status 500 .*; tried 5 times") as raised:
        told(make_client(), SEARCH)
    assert "without --live" in raised.value.remedy
    assert (len(server.asked), len(time.slept)) == (5, 4)


def test_a_pause_longer_than_there_is_time_ends_it_at_once(
    make_client: Make, server: WikidataServer, time: Time
) -> None:
    server.faults.append(Fault(429, {"Retry-After": "3600"}))
    with pytest.raises(WikidataError, match="tried once") as raised:
        told(make_client(), SEARCH)
    assert raised.value.remedy.startswith("Try again in 60 minutes")
    assert time.slept == []


def test_lag_is_waited_for_though_the_status_is_200(
    make_client: Make, server: WikidataServer, time: Time
) -> None:
    server.faults.append(maxlag(8.2))
    assert told(make_client(), SEARCH)[SEARCH]
    assert time.slept == [5.0]  # what the header says, not the lag


def test_lag_that_does_not_end(make_client: Make, server: WikidataServer) -> None:
    server.faults += [maxlag(9)] * 3
    with pytest.raises(WikidataError, match=r"maxlag.*3 times"):
        told(make_client(Patience(tries=3)), SEARCH)


def test_a_refusal_of_the_agent(make_client: Make, server: WikidataServer) -> None:
    server.faults.append(Fault(403))
    with pytest.raises(WikidataError, match="HTTP status 403") as raised:
        told(make_client(), SEARCH)
    assert "contact" in raised.value.remedy
    assert len(server.asked) == 1


def test_an_error_of_the_api_is_told(make_client: Make, server: WikidataServer) -> None:
    with pytest.raises(
        WikidataError, match='badvalue: Unrecognized value for parameter "language"'
    ):
        told(make_client(), Question(Kind.search, "Salim", "tlh"))
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b'{"search":[{"id":"Q1"',
        b"<html>Please log in</html>",
        b"[]",
        b"null",
        b'{"success":1}',
        b'{"search":"Q1"}',
        b'{"search":[{"id":1}]}',
        b'{"search":[["Q1"]]}',
        b'{"search":[{"id":"Q1"}],"x":"\\ud800"}',
        b'{"search":[{"id":"Q1"}],"x":NaN}',
        b'{"search":[{"id":"Q1"}],"x":1e999}',
        b'{"search":[{"id":"Q1"}],"x":%s}' % (b"9" * 31),
        b'{"search":[{"id":"Q1"}],"x":%s}' % (b"9" * 5000),
        b'{"search":[{"id":"Q1"}],"x":"\xff"}',
        b"[" * 100_000,
        b'{"error":"maxlag"}',
        b'{"error":{"info":"x"}}',
    ],
)
def test_an_answer_of_another_form(
    make_client: Make, server: WikidataServer, content: bytes
) -> None:
    server.faults.append(Fault(content=content))
    with pytest.raises(WikidataError, match="something else than its documentation says"):
        told(make_client(), SEARCH)
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("question", "content"),
    [
        (Question(Kind.words, "x"), b'{"query":[]}'),
        (Question(Kind.entity, "Q1"), b'{"entities":[]}'),
        (Question(Kind.entity, "Q1"), b'{"entities":{"Q2":{"id":"Q2"}}}'),
        (Question(Kind.entity, "Q1"), b'{"entities":{"Q1":{"id":"P1"}}}'),
        (Question(Kind.entity, "Q1"), b'{"entities":{"Q1":{"id":"Q1","labels":"x"}}}'),
        (Question(Kind.entity, "Q1"), b'{"entities":{"Q1":{"id":"Q1","labels":{"en":"x"}}}}'),
        (Question(Kind.entity, "Q1"), b'{"entities":{"Q1":{"id":"Q1","aliases":{"en":{}}}}}'),
        (Question(Kind.types, "Q1"), b'{"boolean":true}'),
        (Question(Kind.types, "Q1"), b'{"results":{"bindings":[1]}}'),
        (Question(Kind.types, "Q1"), b'{"results":{"bindings":[{"item":"Q1"}]}}'),
        (
            Question(Kind.types, "Q1"),
            b'{"results":{"bindings":[{"item":{"type":"uri",'
            b'"value":"http://www.wikidata.org/entity/Q2"}}]}}',
        ),
    ],
)
def test_other_answers_of_another_form(
    make_client: Make, server: WikidataServer, question: Question, content: bytes
) -> None:
    server.faults.append(Fault(content=content))
    with pytest.raises(WikidataError, match="something else than its documentation says"):
        told(make_client(), question)
