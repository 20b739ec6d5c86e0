"""The queue keeps what it was given, once, and lets nobody decide what they have not seen."""

from __future__ import annotations

import itertools
import sqlite3
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kgpub.submissions.kept import FILE, Outdated, Queue, QueueFull
from kgpub.submissions.submission import Account, Action, Article, Content, State

ONE = Content("news", ".yaml", b"article: news\n")
OTHER = Content("news", ".yaml", "article: news\ncontributor: سالم\n".encode())
WITH_ARTICLE = Content("new", ".json", b"{}", Article("نص".encode(), b"language: ar\n"))
ANNA, BASIM = Account("token/a", "Anna"), Account("token/b", "باسم")


@pytest.fixture
def queue(tmp_path: Path) -> Queue:
    moments = (datetime(2026, 11, 30, tzinfo=UTC) + timedelta(seconds=n) for n in itertools.count())
    return Queue(tmp_path, lambda: next(moments), most=3)


def test_what_was_received_is_there_for_another_process(queue: Queue, tmp_path: Path) -> None:
    sent = [queue.receive(content, "0" * 64, ANNA).submission for content in (ONE, WITH_ARTICLE)]
    again = Queue(tmp_path, lambda: datetime.now(UTC))
    assert again.listed() == sent
    assert [each.revision.content for each in sent] == [ONE, WITH_ARTICLE]
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


def test_what_is_sent_twice_is_one_submission(queue: Queue) -> None:
    first, second, third = (queue.receive(ONE, "0" * 64, by) for by in (ANNA, ANNA, BASIM))
    assert [first.is_new, second.is_new, third.is_new] == [True, False, False]
    assert second.submission == first.submission
    assert third.submission.submitters == {"token/a", "token/b"}
    assert len(queue.events()) == 1


def test_contents_of_which_one_continues_the_other_differ() -> None:
    assert Content("a", ".yaml", b"b").digest != Content("a", ".yam", b"lb").digest
    assert Content("a", ".yaml", b"").digest != Content("a", ".yaml", b"", Article(b"", b"")).digest


def test_who_decides_has_seen_what_they_decide(queue: Queue) -> None:
    seen = queue.receive(ONE, "0" * 64, ANNA).submission
    revised = queue.revise(seen.id, seen.version, OTHER, "0" * 64, ANNA)
    with pytest.raises(Outdated, match="has changed since"):
        queue.note(seen.id, seen.version, Action.accepted, BASIM)
    accepted = queue.note(seen.id, revised.version, Action.accepted, BASIM, shapes="s")
    assert accepted.state is State.accepted
    with pytest.raises(Outdated, match="is accepted by now"):
        queue.note(seen.id, accepted.version, Action.rejected, BASIM)
    published = queue.note(seen.id, accepted.version, Action.published, ANNA, file="a.yaml")
    done = [(each.action, each.by, each.revision, each.shapes) for each in published.events]
    assert done == [
        (Action.received, ANNA, 1, ""),
        (Action.revised, ANNA, 2, ""),
        (Action.accepted, BASIM, 2, "s"),
        (Action.published, ANNA, 2, ""),
    ]


def test_nothing_becomes_what_another_submission_is(queue: Queue) -> None:
    queue.receive(OTHER, "0" * 64, BASIM)
    mine = queue.receive(ONE, "0" * 64, ANNA).submission
    with pytest.raises(Outdated, match="submitted before"):
        queue.revise(mine.id, mine.version, OTHER, "0" * 64, ANNA)
    assert queue.get(mine.id) == mine


def test_more_do_not_wait_than_may(queue: Queue) -> None:
    contents = [Content("news", ".yaml", bytes([number])) for number in range(4)]
    first, *_ = [queue.receive(each, "", ANNA).submission for each in contents[:3]]
    with pytest.raises(QueueFull, match="3 submissions wait"):
        queue.receive(contents[3], "", ANNA)
    queue.note(first.id, first.version, Action.rejected, BASIM, reason="لا")
    assert queue.receive(contents[3], "", ANNA).is_new


def test_events_stay_as_they_are(queue: Queue, tmp_path: Path) -> None:
    queue.receive(ONE, "0" * 64, ANNA)
    with sqlite3.connect(tmp_path / FILE) as connection:
        for change in ("UPDATE event SET reason = 'x'", "DELETE FROM event"):
            with pytest.raises(sqlite3.IntegrityError, match="events are not"):
                connection.execute(change)
