"""`kgpub submit` and `kgpub.Client`, with a real service on loopback."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.service.served import make_workspace
from tests.service.submitting_served import FACTS, Place, place
from typer.testing import CliRunner, Result

import kgpub
from kgpub.cli.app import app
from kgpub.client import Client, NewArticle, Refused, ServiceError
from kgpub.client.report import report_from
from kgpub.client.sent import submission_from
from kgpub.errors import CallError, KgpubError
from kgpub.model.comparison import Outcome
from kgpub.submissions.submission import State

RUNNER = CliRunner()
OTHERS = FACTS.replace("سالم", "نوري")
TOKEN = "kgpub_" + "a" * 8 + "_" + "b" * 52


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with place(make_workspace(tmp_path_factory.mktemp("submit") / "w")) as found:
        yield found


def called(*arguments: str, token: str = "") -> Result:
    environment = {"KGPUB_TOKEN": token, "LC_ALL": "C.UTF-8", "COLUMNS": "200"}
    return RUNNER.invoke(app, ["submit", *arguments], env=environment)


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    path = tmp_path / "facts.yaml"
    path.write_text(FACTS, encoding="utf-8")
    return path


def test_a_file_is_submitted_and_its_report_is_printed(served: Place, facts: Path) -> None:
    token = served.accounts["anna"]
    done = called(str(facts), "--to", served.origin, token=token)
    assert done.exit_code == 0, done.output
    assert "accepted: 0 errors" in done.stdout
    (found,) = Client(served.origin, token=token).submissions()
    assert f"{found.id}: waits to be decided" in done.stderr
    again = called(str(facts), "--to", served.origin, "--lang", "ar", token=token)
    assert again.exit_code == 0
    assert "أُرسلت هذه المساهمة من قبل" in again.stderr
    assert token not in done.output + again.output


def test_errors_are_printed_with_the_line_and_end_with_1(served: Place, facts: Path) -> None:
    facts.write_text(FACTS.replace("contributor", "contributer"), encoding="utf-8")
    for more in (["--only-validate"], []):
        token = "" if more else served.accounts["basim"]
        done = called(str(facts), "--to", served.origin, *more, token=token)
        assert done.exit_code == 1
        assert "facts.yaml:2:1: error: unknown key 'contributer'" in done.stdout
        assert "2 │ contributer: سالم" in done.stdout.replace("\u2066", "").replace("\u2069", "")
    assert Client(served.origin, token=served.accounts["basim"]).submissions() == []


def test_contradictions_end_as_validate_does(served: Place, facts: Path) -> None:
    facts.write_text(
        "article: example\nstatements:\n  - words: لسالم عمر الذي تولى المنصب عام 2019\n"
        "    asserts:\n      - {type: Tenure, person: layla-hasan, office: mayor-of-al-waha,"
        " start: 2019}\n      - {type: Tenure, person: salim-omar, office: mayor-of-al-waha,"
        " start: 2018}\n",
        encoding="utf-8",
    )
    report = Client(served.origin).validate(facts)
    outcomes = {each.outcome for each in report.compared or ()}
    done = called(str(facts), "--to", served.origin, "--only-validate")
    assert done.exit_code == (3 if Outcome.contradicts in outcomes else 0)
    told = called(str(facts), "--to", served.origin, "--only-validate", "--fail-on", "never")
    assert told.exit_code == 0


def test_a_new_article_is_sent_beside_its_facts(served: Place, tmp_path: Path) -> None:
    folder = tmp_path / "new-school"
    folder.mkdir()
    (folder / "article.txt").write_text("افتتح مجلس البلدية مدرسة.\n", encoding="utf-8")
    metadata = "title: {ar: مدرسة}\nlanguage: ar\npublisher: the-example-paper\n"
    (folder / "article.yaml").write_text(metadata, encoding="utf-8")
    text = "article: new-school\nstatements:\n  - words: افتتح مجلس البلدية\n"
    text += "    about: [organisation/municipal-council]\n"
    (folder / "facts.yaml").write_text(text, encoding="utf-8")
    token = served.accounts["editor"]
    path = str(folder / "facts.yaml")
    done = called(path, "--with-article", "--only-validate", "--to", served.origin, token=token)
    assert done.exit_code == 0, done.output
    assert called(path, "--only-validate", "--to", served.origin).exit_code == 1
    rows = "id,name@ar,name@en\nsalim-omar,سالم عمر,Salim Omar\n"
    (folder / "people.csv").write_text(rows, encoding="utf-8")
    table = str(folder / "people.csv")
    asked = ("--only-validate", "--with-article", "--to", served.origin)
    assert called(table, *asked).exit_code == 0


def test_the_client_goes_through_the_life_of_a_submission(served: Place, facts: Path) -> None:
    client = kgpub.Client(served.origin + "/", token=served.accounts["basim"], language="ckb")
    sent = client.submit(OTHERS.encode(), name="mine.yaml")
    assert sent.is_new and sent.report is not None and sent.report.accepted
    assert sent.report.language == "ckb"
    assert client.submit(OTHERS.encode(), name="mine.yaml").id == sent.id
    revised = client.revise(sent, f"{OTHERS}# more\n".encode(), name="mine.yaml")
    assert (revised.id, revised.version) == (sent.id, 2)
    with pytest.raises(ServiceError, match="has changed since") as raised:
        client.withdraw(sent)
    assert raised.value.status == 412
    with pytest.raises(Refused) as refused:
        client.revise(revised, b"article: example\nx: 1\n", name="mine.yaml")
    assert refused.value.report.problems[0].place.line == 2
    assert client.withdraw(revised).state is State.withdrawn
    assert client.submission(sent.id).state is State.withdrawn
    assert client.submissions(State.waiting) == []
    with pytest.raises(ServiceError, match="you have no such submission"):
        client.submission("a" * 16)
    with pytest.raises(ServiceError, match="404"):
        client.submission("../../etc")


def test_what_keeps_a_call_from_being_made_is_told(
    served: Place, facts: Path, tmp_path: Path
) -> None:
    secret = tmp_path / "token"
    secret.write_text(TOKEN, encoding="utf-8")
    secret.chmod(0o644)
    at = ("--to", served.origin)
    calls: list[tuple[list[str], str]] = [
        ([str(facts), *at], ""),
        ([str(facts), *at, "--token-file", str(secret)], ""),
        ([str(facts), *at, "--token-file", str(tmp_path / "none")], ""),
        ([str(facts), *at], TOKEN),
        ([str(facts), *at], "two words"),
        ([str(facts), "--to", "http://example.org"], TOKEN),
        ([str(facts), "--to", "ftp://example.org", "--only-validate"], ""),
        ([str(facts), "--to", "https://me:secret@example.org", "--only-validate"], ""),
        ([str(tmp_path / "none.yaml"), *at], TOKEN),
        ([str(tmp_path), *at], TOKEN),
        ([str(facts.rename(tmp_path / "facts.txt")), *at], TOKEN),
    ]
    for arguments, token in calls:
        done = called(*arguments, token=token)
        assert isinstance(done.exception, KgpubError), (arguments, done.output)
        assert done.exception.exit_code == 2
        assert "a" * 8 not in str(done.exception) and "secret@" not in str(done.exception)
    secret.chmod(0o600)
    private = called(str(tmp_path / "facts.txt"), *at, "--token-file", str(secret))
    assert "no ending of a submission" in str(private.exception)


@contextmanager
def answering(answer: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """A server that says this to whoever asks, and keeps what it was asked."""
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(20)

        def serve() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                with connection:
                    asked.append(connection.recv(65_536))
                    connection.sendall(answer)

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", asked
        listening.shutdown(socket.SHUT_RDWR)


def reply(status: str, body: bytes, *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "Connection: close"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def test_a_token_follows_no_redirect() -> None:
    with answering(reply("200 OK", b"{}")) as (elsewhere, stolen):
        for status in ("301 Moved", "302 Found", "307 Temporary", "308 Permanent"):
            told = reply(status, b"", f"Location: {elsewhere}/api/submissions")
            with answering(told) as (origin, asked):
                client = Client(origin, token=TOKEN)
                with pytest.raises(ServiceError, match="the service is elsewhere"):
                    client.submit(b"article: x\n", name="x.yaml")
                assert TOKEN.encode() in asked[0]
        assert not stolen


def test_a_token_is_not_shown() -> None:
    client = Client("https://example.org", token=TOKEN)
    assert TOKEN not in repr(client)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"<html>",
        b"[" * 100_000,
        b'{"accepted": 1}',
        b'{"accepted": true, "language": "en", "files": [], "problems": [{}], "compared": null}',
        b'{"accepted": true, "language": "en", "files": [], "problems": [], "compared": [{}]}',
        b'{"accepted": true, "language": "en", "files": [1], "problems": [], "compared": []}',
    ],
)
def test_what_is_no_report_is_told(body: bytes) -> None:
    with answering(reply("200 OK", body)) as (origin, _), pytest.raises(ServiceError):
        Client(origin).validate(b"article: x\n", name="x.yaml")


def test_what_is_cut_off_or_packed_wrongly_is_told() -> None:
    short = reply("200 OK", b"{}").replace(b"Content-Length: 2", b"Content-Length: 20")
    packed = reply("200 OK", b"no gzip", "Content-Encoding: gzip")
    for answer in (short, packed, b"", b"nothing of HTTP\r\n\r\n"):
        with answering(answer) as (origin, _), pytest.raises(ServiceError):
            Client(origin, seconds=5).validate(b"article: x\n", name="x.yaml")


def test_what_a_service_says_is_shown_on_one_line() -> None:
    told = json.dumps({"detail": "a\u001b[31m\nkgpub: accepted" + "x" * 9_000}).encode()
    with answering(reply("500 No", told)) as (origin, _):
        with pytest.raises(ServiceError) as raised:
            Client(origin).validate(b"article: x\n", name="x.yaml")
        assert raised.value.message.isprintable()
        assert len(raised.value.message) < 600


def test_a_service_cannot_make_a_state_up() -> None:
    with pytest.raises(ServiceError):
        submission_from({"id": "x", "state": "gone", "version": 1, "received": "2026-01-01"})
    with pytest.raises(ServiceError):
        report_from(None)


def test_an_article_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CallError, match=r"article\.txt: cannot be read"):
        NewArticle.beside(tmp_path / "facts.yaml")
