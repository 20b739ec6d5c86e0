"""Labels, by which the facts of a file refer to each other: chains, circles, and none at all."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import Any

import pytest
from tests.processor import growth

from kgpub.vocabulary import KG

from .submissions import BASE, WORDS, asserting, submit

TENURE = {"type": "Tenure", "person": "sami-nur", "office": "mayor"}


def _chain(length: int) -> dict[str, Any]:
    """Facts that refer each to the next; the last one to none."""
    chain = [
        {"id": f"_:n{number}", **TENURE, "ordinal": str(number), "reason": f"_:n{number + 1}"}
        for number in range(length - 1)
    ]
    return asserting(*chain, {"id": f"_:n{length - 1}", **TENURE})


def test_a_chain_of_ten_thousand_facts_is_mapped_in_time_that_grows_with_it() -> None:
    few, many = _chain(1_000), _chain(10_000)
    submitted = submit(many)
    assert submitted.problems == ()
    assert len(submitted.typed("Tenure")) == 10_000
    reasons = {
        quad.subject: quad.object
        for quad in submitted.quads
        if quad.predicate.value == KG + "reason"
    }
    (node,) = set(reasons) - set(reasons.values())
    steps = 0
    while node in reasons:
        node, steps = reasons[node], steps + 1
    assert steps == 9_999
    assert growth(lambda: submit(few), lambda: submit(many)) < 40  # its square would be 100


@pytest.mark.parametrize("length", [1, 2, 3, 5_000])
def test_a_circle_is_told_in_the_direction_of_its_references(length: int) -> None:
    facts = [
        {"id": f"_:n{number}", **TENURE, "reason": f"_:n{(number + 1) % length}"}
        for number in range(length)
    ]
    (message,) = submit(asserting(*facts)).messages
    circle = message.splitlines()[0].partition("in a circle: ")[2].split(" → ")
    shown = circle if length < 10 else circle[:-1]
    following = {f"_:n{number}": f"_:n{(number + 1) % length}" for number in range(length)}
    assert all(following[before] == after for before, after in itertools.pairwise(shown))
    assert len(shown) > 1
    if length < 10:
        assert sorted(circle[1:]) == sorted(following)
    else:
        assert circle[-1] == "… (5000 in all)"
    assert "Remove one of the references in the circle." in message


def test_a_circle_through_participants_is_a_circle() -> None:
    event = {
        "id": "_:e",
        "type": "Event",
        "kind": "departure",
        "participants": [{"who": "_:f", "role": "agent"}],
    }
    fact = {"id": "_:f", **TENURE, "reason": "_:e"}
    (message,) = submit(asserting(event, fact)).messages
    assert "in a circle: _:e → _:f → _:e" in message or "in a circle: _:f → _:e → _:f" in message


@pytest.mark.parametrize(
    "content",
    [
        asserting({**TENURE, "reason": "_:nobody"}),
        asserting({**TENURE, "reason": ["event/x", "_:nobody"]}),
        asserting("_:nobody"),
        asserting({"id": "_:nobody"}),
        asserting({"@id": "_:nobody"}),
        asserting(TENURE, about="_:nobody"),
        asserting(TENURE, **{"said-by": "_:nobody"}),
        asserting(TENURE, addressee=["_:nobody"]),
        asserting({"type": "Event", "kind": "escape", "participants": {"who": "_:nobody"}}),
    ],
)
def test_a_label_to_nothing_is_told_wherever_it_stands(content: dict[str, Any]) -> None:
    submitted = submit(content)
    (message,) = submitted.messages
    assert "no fact here has the id _:nobody" in message
    assert "Give the fact that is meant `id: _:nobody`." in message
    (problem,) = submitted.problems
    assert submitted.content[problem.place.column - 1 :].startswith('"_:nobody"')


def test_a_label_given_twice_is_told_with_the_first_place() -> None:
    yaml = (
        f"statements:\n- words: {WORDS[0]}\n  asserts:\n"
        "  - {id: _:a, type: Tenure, person: x}\n"
        "  - {id: _:a, type: Tenure, person: y}\n"
    )
    (message,) = submit(yaml).messages
    assert message.startswith("articles/news/facts.yaml:5:5: error: the id _:a is given for the")
    assert "It already stands at line 4." in message


def test_a_label_used_across_statements_and_participants_is_one_fact() -> None:
    fact = {"id": "_:fact", **TENURE}
    event = {
        "type": "Event",
        "kind": "departure",
        "participants": [{"who": "_:fact", "role": "agent"}, {"who": "_:fact", "role": "victim"}],
    }
    content = {
        "article": "news",
        "statements": [
            {"words": WORDS[0], "asserts": [event, "_:fact"], "about": "_:fact"},
            {"words": WORDS[1], "asserts": [fact]},
        ],
    }
    submitted = submit(content)
    assert submitted.problems == ()
    (name,) = submitted.typed("Tenure")
    assert submitted.objects("participant") == submitted.objects("about") == {name}
    asserted = Counter(
        quad.object.value
        for quad in submitted.quads
        if quad.predicate.value == KG + "asserts" and quad.object.value == name
    )
    assert asserted == {name: 2}
    assert len(submitted.typed("Participation")) == 2


def test_an_event_is_referred_to_by_its_name_and_may_be_described_elsewhere() -> None:
    submitted = submit(asserting("event/elsewhere", {**TENURE, "after": "event/elsewhere"}))
    assert submitted.problems == ()
    assert submitted.objects("after") == {f"{BASE}event/elsewhere"}
