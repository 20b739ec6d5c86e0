"""The command itself, by several processes: who has signed in at one is known to all of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import feedparser
from tests.conftest import Run
from tests.service.accounts_served import Client
from tests.service.served import fetch
from tests.service.test_notifications import SECRET, is_signed, receiving
from tests.service.whole_served import eventually, whole

from kgpub.submissions.kept import Queue
from kgpub.submissions.submission import Account, Action, Content


def test_all_processes_know_who_has_signed_in_and_one_tells(built: Path, kgpub: Run) -> None:
    made = kgpub("token", "create", "--scope", "review", "--name", "ليلى", cwd=built)
    token = made.stdout.strip()
    (built / "hook.secret").write_text(f"{SECRET}\n", encoding="ascii")
    with receiving() as receiver:
        with (built / "kgpub.toml").open("a", encoding="utf-8") as settings:
            settings.write(
                '\n[notify]\ninternal_hosts = ["127.0.0.1"]\n\n[[notify.webhooks]]\n'
                f'url = "{receiver.url}"\nsecret_file = "hook.secret"\nevents = ["decided"]\n'
            )
        with whole(built, submissions="true", processes="2") as served:
            client = Client(served.origin)
            assert client.sign_in(token).status == 303
            for _ in range(10):  # connections go to the processes in turn
                assert "ليلى" in client.get("/sign-in").body.decode()
            eventually((built / ".kgpub/notifications.sqlite").exists)
            queue = Queue(built / ".kgpub", lambda: datetime.now(UTC))
            by = Account("token/x", "Salim")
            id_ = queue.receive(Content("example", ".yaml", b"a"), "", by).submission.id
            queue.note(id_, 1, Action.rejected, by, reason="It is not so.")
            eventually(lambda: len(receiver.came) == 1)
            assert is_signed(receiver.came[0])
            assert receiver.messages[0]["data"]["submission"] == id_
            feed = fetch(f"{served.origin}/feeds/review.atom", Authorization=f"Bearer {token}")
            assert len(feedparser.parse(feed.body).entries) == 2
            revoked = kgpub("token", "revoke", token[6:14], cwd=built)
            assert revoked.returncode == 0
            for _ in range(10):
                assert "ليلى" not in client.get("/sign-in").body.decode()
            assert not any(token[15:] in json.dumps(line) for line in served.log)
    told = (built / ".kgpub/audit.log").read_text(encoding="ascii")
    events = [json.loads(line)["event"] for line in told.splitlines()]
    assert sorted(events) == [
        "sign-in",
        "submission-received",
        "submission-rejected",
        "token-created",
        "token-revoked",
    ]
    assert token[15:] not in told
    assert "not so" not in told


def test_without_submissions_nobody_signs_in(built: Path, kgpub: Run) -> None:
    with whole(built) as served:
        for path in ("/sign-in", "/feeds/published.atom", "/feeds/review.atom"):
            assert fetch(served.origin + path).status == 404
        assert not (built / ".kgpub/sessions.sqlite").exists()
