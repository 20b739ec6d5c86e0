"""A decision is of those who have seen what they decide, and has a reason where it needs one."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from kgpub.errors import CallError
from kgpub.submissions.deciding import (
    ArticleChanged,
    Decision,
    Found,
    Invalid,
    ReasonMissing,
    Seen,
    decide,
    edit,
)
from kgpub.submissions.kept import Outdated, Queue
from kgpub.submissions.submission import Account, Action, Content, State, Submission

CONTENT = Content("news", ".yaml", b"article: news\n")
EDITED = Content("news", ".yaml", b"article: news\n# edited\n")
ANNA, LAYLA = Account("token/a", "Anna"), Account("token/l", "Layla")
THEN, NOW = "0" * 64, "1" * 64
SHAPES = "2" * 64


@pytest.fixture
def queue(tmp_path: Path) -> Queue:
    return Queue(tmp_path, lambda: datetime.now(UTC))


@pytest.fixture
def waiting(queue: Queue) -> Submission:
    return queue.receive(CONTENT, THEN, ANNA).submission


def test_what_is_valid_is_accepted_with_the_shapes_of_the_check(
    queue: Queue, waiting: Submission
) -> None:
    seen, found = Seen(waiting.version), Found(True, THEN, SHAPES)
    accepted = decide(queue, waiting, seen, Decision.accept, LAYLA, " Fine. ", found)
    event = accepted.events[-1]
    assert accepted.state is State.accepted
    assert (event.by, event.reason, event.shapes) == (LAYLA, "Fine.", SHAPES)
    with pytest.raises(Outdated):
        decide(queue, waiting, seen, Decision.reject, LAYLA, "No.")


@pytest.mark.parametrize("decision", [Decision.reject, Decision.ask_changes])
def test_who_refuses_says_why(queue: Queue, waiting: Submission, decision: Decision) -> None:
    seen = Seen(waiting.version)
    with pytest.raises(ReasonMissing):
        decide(queue, waiting, seen, decision, LAYLA, " \n")
    with pytest.raises(CallError, match="more than 4,000"):
        decide(queue, waiting, seen, decision, LAYLA, "x" * 4_001)
    assert queue.get(waiting.id) == waiting
    assert decide(queue, waiting, seen, decision, LAYLA, "No.").events[-1].reason == "No."


def test_what_is_not_valid_or_not_checked_is_not_accepted(
    queue: Queue, waiting: Submission
) -> None:
    seen = Seen(waiting.version)
    with pytest.raises(Invalid):
        decide(queue, waiting, seen, Decision.accept, LAYLA, "", Found(False, THEN, SHAPES))
    with pytest.raises(CallError):
        decide(queue, waiting, seen, Decision.accept, LAYLA)
    assert queue.get(waiting.id) == waiting


def test_another_text_is_accepted_only_by_those_who_have_seen_it(
    queue: Queue, waiting: Submission
) -> None:
    found = Found(True, NOW, SHAPES)
    for article in ("", THEN):
        with pytest.raises(ArticleChanged):
            seen = Seen(waiting.version, article)
            decide(queue, waiting, seen, Decision.accept, LAYLA, "", found)
    seen = Seen(waiting.version, NOW)
    assert decide(queue, waiting, seen, Decision.accept, LAYLA, "", found).state is State.accepted


def test_what_is_edited_waits_and_is_the_editor_s(queue: Queue, waiting: Submission) -> None:
    seen = Seen(waiting.version)
    with pytest.raises(Invalid):
        edit(queue, waiting, seen, EDITED, LAYLA, Found(False, THEN, SHAPES))
    edited = edit(queue, waiting, seen, EDITED, LAYLA, Found(True, THEN, SHAPES))
    assert edited.state is State.waiting
    assert edited.revision.content == EDITED and edited.revision.by == LAYLA
    assert edited.events[-1].action is Action.edited
    with pytest.raises(Outdated):
        edit(queue, waiting, seen, CONTENT, LAYLA, Found(True, THEN, SHAPES))
