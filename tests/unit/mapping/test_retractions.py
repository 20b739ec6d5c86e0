"""What a submission retracts is mapped as if it had not been written, but for a record of it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

from kgpub.mapping.retractions import HISTORY_GRAPH, IS_VERSION_OF, RETRACTIONS_GRAPH
from kgpub.vocabulary import terms as kg

from .submissions import BASE, FACTS, WORDS, Submitted, asserting, facts, submit

RECORDS = NamedNode(BASE + RETRACTIONS_GRAPH)
ABOUT = NamedNode(BASE + HISTORY_GRAPH)
SUBMISSION = NamedNode(f"{BASE}submission/news/facts")
CHANGING = NamedNode(kg.checksum)
RESIDENCE = {"type": "Residence", "resident": "person/sami-nur", "place": "waha"}
TENURE = {"type": "Tenure", "person": "sami-nur", "office": "mayor"}


def why(day: str = "2020-06-01") -> dict[str, Any]:
    return {"since": day, "because": {"en": "It was wrong.", "ar": "كان خطأ."}, "by": "Desk"}


def said(submitted: Submitted) -> set[Quad]:
    """What is in the dataset, but for records of retractions and the checksum of the file."""
    assert submitted.messages == []
    quads = submitted.quads
    assert len(quads) == len(submitted.mapped.positions)
    return {quad for quad in quads if quad.graph_name != RECORDS and quad.predicate != CHANGING}


def unsaid(submitted: Submitted) -> set[Quad]:
    """What is in the history, in the graphs that had it."""
    history = submitted.mapped.history
    sources = {quad.subject: quad.object for quad in history if quad.predicate == IS_VERSION_OF}
    return {
        Quad(quad.subject, quad.predicate, quad.object, sources[quad.graph_name])  # type: ignore[index,arg-type]
        for quad in history
        if quad.graph_name != ABOUT and quad.predicate != CHANGING
    }


def records(submitted: Submitted) -> dict[str, dict[str, set[str]]]:
    """By what is retracted from, what each record says."""
    found: dict[str, dict[str, set[str]]] = {}
    for quad in submitted.quads:
        if quad.graph_name == RECORDS:
            assert isinstance(quad.subject, NamedNode)
            assert isinstance(quad.object, NamedNode | Literal)
            about = found.setdefault(quad.subject.value, {})
            about.setdefault(quad.predicate.value, set()).add(quad.object.value)
    return found


def test_without_a_retraction_there_is_neither_record_nor_history() -> None:
    submitted = submit(FACTS)
    assert submitted.mapped.history == ()
    assert records(submitted) == {}


def test_a_retracted_statement_takes_its_facts_along() -> None:
    kept = {"words": WORDS[1], "asserts": [RESIDENCE]}
    gone = {"words": WORDS[0], "asserts": [TENURE]}
    whole = submit(facts(statements=[gone, kept]))
    left = submit(facts(statements=[kept]))
    retracted = submit(facts(statements=[{**gone, "retracted": why()}, kept]))
    assert said(retracted) == said(left)
    assert unsaid(retracted) == said(whole) - said(left)
    [tenure] = whole.typed("Tenure")
    [statement] = whole.typed("Statement") - left.typed("Statement")
    [record] = records(retracted).values()
    assert record[kg.retracts] == {statement, tenure}
    assert record[kg.retractedFrom] == {SUBMISSION.value}
    assert record[kg.retractedOn] == {"2020-06-01"}
    assert record[kg.retractionReason] == {"It was wrong.", "كان خطأ."}
    assert record[kg.retractedBy] == {"Desk"}


def test_a_retracted_fact_leaves_the_statement_and_its_other_facts() -> None:
    whole = submit(asserting(TENURE, RESIDENCE))
    left = submit(asserting(RESIDENCE))
    retracted = submit(asserting({**TENURE, "retracted": why()}, RESIDENCE))
    assert said(retracted) == said(left)
    assert unsaid(retracted) == said(whole) - said(left)
    [statement] = whole.typed("Statement")
    [record] = records(retracted).values()
    assert record[kg.retracts] == whole.typed("Tenure")
    assert record[kg.retractedFrom] == {statement}


def test_what_another_statement_asserts_stays() -> None:
    told = {"words": WORDS[0], "asserts": [TENURE], "retracted": why()}
    again = {"words": WORDS[1], "asserts": [TENURE]}
    assert said(submit(facts(statements=[told, again]))) == said(submit(facts(statements=[again])))


def test_what_another_statement_refers_to_is_described_still() -> None:
    election = {"type": "Event", "id": "event/vote", "kind": "election", "office": "mayor",
                "participants": [{"who": "person/sami-nur", "role": "elected"}]}  # fmt: skip
    told = {"words": WORDS[0], "asserts": [election], "retracted": why()}
    again = {"words": WORDS[1], "asserts": ["event/vote"]}
    expected = said(submit(facts(statements=[{**again, "asserts": [election]}])))
    assert said(submit(facts(statements=[told, again]))) == expected
    later = {**again, "retracted": why("2020-07-01")}
    history = submit(facts(statements=[told, later])).mapped.history
    graphs = {quad.graph_name for quad in history if quad.subject == NamedNode(f"{BASE}event/vote")}
    assert graphs == {NamedNode(f"{BASE}history/news/facts/2020-07-01")}


def test_a_history_says_from_when_until_when_it_was_said() -> None:
    one = {"words": WORDS[0], "asserts": [TENURE], "retracted": why("2020-06-01")}
    two = {"words": WORDS[1], "asserts": [RESIDENCE], "retracted": why("2020-07-01")}
    history = submit(facts(statements=[one, two])).mapped.history
    about = {
        (quad.subject, quad.predicate.value, quad.object)
        for quad in history
        if quad.graph_name == ABOUT
    }
    expected = set()
    for day in ("2020-06-01", "2020-07-01"):
        graph = NamedNode(f"{BASE}history/news/facts/{day}")
        xsd_date = NamedNode("http://www.w3.org/2001/XMLSchema#date")
        expected.add((graph, kg.retractedOn, Literal(day, datatype=xsd_date)))
        expected.add((graph, kg.submitted, Literal("2020-05-08", datatype=xsd_date)))
        expected.add((graph, "http://purl.org/dc/terms/isVersionOf", SUBMISSION))
    assert about == expected


def test_a_retracted_submission_leaves_nothing_but_its_record() -> None:
    whole = submit(FACTS)
    retracted = submit(facts(retracted=why()))
    assert said(retracted) == set()
    assert unsaid(retracted) == said(whole)
    [record] = records(retracted).values()
    assert kg.retractedFrom not in record
    gone = {SUBMISSION.value, *whole.objects("describes"), *whole.objects("records")}
    gone |= whole.objects("asserts") | whole.objects("participation") | whole.typed("Link")
    assert whole.objects("participation")
    assert record[kg.retracts] == gone


def test_a_retracted_event_takes_its_participations_along() -> None:
    election = {"type": "Event", "id": "_:vote", "kind": "election", "office": "mayor",
                "participants": [{"who": "person/sami-nur", "role": "elected"}]}  # fmt: skip
    whole = submit(asserting(election, RESIDENCE))
    retracted = submit(asserting({**election, "retracted": why()}, RESIDENCE))
    [record] = records(retracted).values()
    [part] = whole.objects("participation")
    assert record[kg.retracts] == {part, *whole.typed("Event")}
    # Told first where it is retracted with the statement, and described where that is as well.
    told = {"words": WORDS[0], "asserts": [{"id": "_:vote"}], "retracted": why()}
    later = {"words": WORDS[1], "asserts": [election], "retracted": why()}
    both = records(submit(facts(statements=[told, later]))).values()
    assert len(both) == 2
    assert all(whole.objects("participation") < each[kg.retracts] for each in both)


def test_a_retracted_entity_takes_its_declared_link_along() -> None:
    content = facts()
    content["people"]["sami-nur"] |= {"wikidata": "Q42", "evidence": "The same name and office."}
    [link] = submit(content).typed("Link")
    [record] = records(submit({**content, "retracted": why()})).values()
    assert link in record[kg.retracts]


def test_a_retraction_before_the_submission_is_told_at_its_day() -> None:
    told = submit(facts(retracted=why("2020-05-07"))).messages
    assert len(told) == 1
    assert "it was retracted on 2020-05-07, before it was submitted on 2020-05-08" in told[0]
    assert submit(facts(retracted=why("2020-05-08"))).messages == []
    nested = {"words": WORDS[0], "asserts": [{**TENURE, "retracted": why("1999-01-01")}]}
    assert len(submit(facts(statements=[nested])).messages) == 1


def test_keys_of_a_retraction_are_checked_like_all_others() -> None:
    for given_, expected in (
        ({"date": "2020-06-01"}, "Did you mean 'since'?"),
        ({"reason": {"en": "x"}}, "Did you mean 'because'?"),
        ({"sinse": "2020-06-01"}, "Did you mean 'since'?"),
        ({"since": "1 June"}, "is not a date"),
        ({"because": "wrong"}, "needs the language of its text"),
        ({"id": "_:x"}, "id"),
        ("yes", "is a mapping of keys to values"),
        ([why()], "is a mapping of keys to values"),
    ):
        [told] = submit(facts(retracted=given_)).messages
        assert expected in told
    for section in ("people", "article"):
        bad = facts()
        entity = bad["people"]["sami-nur"] if section == "people" else bad["statements"][1]
        target = entity if section == "people" else entity["asserts"][0]["participants"][0]
        target["retracted"] = why()
        assert any("'retracted' has no place" in told for told in submit(bad).messages)


# Any parts of a submission retracted on any days, beside the submission with these parts left out.

DAYS = st.sampled_from([None, None, None, "2020-06-01", "2020-06-02", "2020-07-01"])


@st.composite
def retracted(draw: st.DrawFn) -> dict[str, Any]:
    content = facts()
    for statement in content["statements"]:
        _mark(statement, draw(DAYS))
        for each in statement.get("asserts", ()):
            if isinstance(each, dict) and set(each) != {"id"}:
                _mark(each, draw(DAYS))
    return content


def _mark(target: dict[str, Any], day: str | None) -> None:
    if day is not None:
        target["retracted"] = why(day)


def pruned(content: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is retracted; what is still referred to as asserted is described there."""
    content = copy.deepcopy(content)
    described = {
        each["id"]: {key: value for key, value in each.items() if key != "retracted"}
        for statement in content["statements"]
        for each in statement.get("asserts", ())
        if isinstance(each, dict) and "id" in each and len(each) > 1
    }
    content["statements"] = [each for each in content["statements"] if "retracted" not in each]
    told: set[str] = set()
    for statement in content["statements"]:
        kept = [
            each
            for each in statement.get("asserts", ())
            if not (isinstance(each, dict) and "retracted" in each)
        ]
        told |= {
            each["id"] for each in kept if isinstance(each, dict) and len(each) > 1 and "id" in each
        }
        statement["asserts"] = kept
    for statement in content["statements"]:
        for number, each in enumerate(statement["asserts"]):
            name = each if isinstance(each, str) else each["id"] if set(each) == {"id"} else None
            if name is not None and name not in told:
                told.add(name)
                statement["asserts"][number] = described[name]
    return content


def referred(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key != "id":
                yield from referred(item)
    elif isinstance(value, list):
        for item in value:
            yield from referred(item)
    elif isinstance(value, str) and value.startswith("_:"):
        yield value


@settings(max_examples=150, suppress_health_check=[HealthCheck.filter_too_much])
@given(retracted())
def test_retracting_is_leaving_out_and_keeping_what_was_left_out(content: dict[str, Any]) -> None:
    left = pruned(content)
    labels = {
        each["id"]
        for statement in left["statements"]
        for each in statement["asserts"]
        if isinstance(each, dict) and "id" in each and len(each) > 1
    }
    assume(set(referred(left)) <= labels)  # else something rests on what is retracted
    whole, mapped = submit(FACTS), submit(content)
    assert said(mapped) == said(submit(left))
    assert said(mapped) | unsaid(mapped) == said(whole)
    assert not said(mapped) & unsaid(mapped)
    marks = sum("retracted" in each for each in _marked(content))
    assert len(records(mapped)) == marks
    gone = {quad.subject for quad in unsaid(mapped)} - {quad.subject for quad in said(mapped)}
    named = {iri for record in records(mapped).values() for iri in record[kg.retracts]}
    assert {each.value for each in gone if isinstance(each, NamedNode)} - named == passages(mapped)


def passages(submitted: Submitted) -> set[str]:
    """What of the history is a part of the article's text, of which no retraction says anything."""
    found = {q.subject for q in unsaid(submitted) if q.object == NamedNode(kg.Passage)}
    kept = {quad.subject for quad in said(submitted)}
    return {each.value for each in found - kept if isinstance(each, NamedNode)}


def _marked(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for statement in content["statements"]:
        yield statement
        yield from (each for each in statement.get("asserts", ()) if isinstance(each, dict))
