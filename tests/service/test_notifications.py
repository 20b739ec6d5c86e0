"""Webhooks: receivers on loopback that take messages, fail, hang, redirect, or are not outside."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import os
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from kgpub.service.notifying.following import notifier
from kgpub.settings import Notifying
from kgpub.submissions.kept import Queue
from kgpub.submissions.notifying import Notifier, Pace
from kgpub.submissions.posting import NotSent, Posting
from kgpub.submissions.submission import Account, Action, Content
from kgpub.submissions.webhooks import headers, secret_of

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
LAYLA, SALIM = Account("token/layla", "Layla\nHasan"), Account("token/salim", "Salim")
PACE = Pace(look_seconds=0.02, delays=(0.05, 0.1, 0.2), spread=0.0)
HOST = "127.0.0.1"


@dataclass
class Receiver:
    """A server that takes messages, and what came to it. `statuses` are given in turn, then 204."""

    port: int = 0
    scheme: str = "http"
    statuses: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    hangs: threading.Event | None = None
    came: list[tuple[str, Mapping[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"{self.scheme}://{HOST}:{self.port}/hook?key=1"

    @property
    def messages(self) -> list[Any]:
        return [json.loads(body) for _, _, body in self.came]


@contextmanager
def receiving(tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            named = {name.lower(): value for name, value in self.headers.items()}
            receiver.came.append((self.path, named, body))
            if receiver.hangs is not None:
                receiver.hangs.wait(30)
                return
            status = receiver.statuses.pop(0) if receiver.statuses else 204
            self.send_response(status)
            for name, value in receiver.headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *arguments: Any) -> None:
            pass

    with ThreadingHTTPServer((HOST, 0), Handler) as server:
        server.daemon_threads = True
        server.block_on_close = False
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
            receiver.scheme = "https"
        receiver.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Place:
    """A workspace's folder, with a queue."""

    root: Path

    @property
    def state(self) -> Path:
        return self.root / ".kgpub"

    @property
    def queue(self) -> Queue:
        return Queue(self.state, now)

    @property
    def audited(self) -> list[Any]:
        path = self.state / "audit.log"
        lines = path.read_text(encoding="ascii").splitlines() if path.exists() else []
        return [json.loads(line) for line in lines]

    def notifier(self, *urls: str, pace: Pace = PACE, **webhook: object) -> Notifier:
        (self.root / "secret").write_text(f"{SECRET}\n", encoding="ascii")
        webhooks = [{"url": url, "secret_file": "secret", **webhook} for url in urls]
        settings = Notifying.model_validate({"webhooks": webhooks, "internal_hosts": [HOST]})
        public = "https://data.example.org"
        return notifier(self.root, self.state, settings, public, self.queue, pace)

    def receive(self, number: int) -> str:
        content = Content("x", ".yaml", f"number: {number}".encode())
        return self.queue.receive(content, "", LAYLA).submission.id


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def until(found: Notifier, is_so: Callable[[], bool], seconds: float = 20.0) -> None:
    """Have a notifier run until something is so."""

    async def run() -> None:
        task = asyncio.create_task(found.run())
        try:
            async with asyncio.timeout(seconds):
                while not is_so():
                    assert not task.done()
                    await asyncio.sleep(0.01)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    asyncio.run(run())


def ready(found: Notifier) -> None:
    """Have it begin: a webhook is told of what happens from then on."""
    until(found, lambda: (found.folder / "notifications.sqlite").exists())
    found._begun()


def is_signed(came: tuple[str, Mapping[str, str], bytes]) -> bool:
    """Whether a message is signed as Standard Webhooks 1.0.0 says, by what it says alone."""
    _, headers, body = came
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    text = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    mine = base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
    return f"v1,{mine}" in headers["webhook-signature"].split(" ")


# What is told


def test_each_event_is_told_once_in_its_order_and_signed(place: Place, receiver: Receiver) -> None:
    found = place.notifier(receiver.url)
    ready(found)
    id_ = place.receive(1)
    place.queue.note(id_, 1, Action.accepted, SALIM, reason="It is so.", shapes="0" * 64)
    place.queue.note(id_, 2, Action.published, SALIM, file="articles/x/facts.yaml")
    until(found, lambda: len(receiver.came) == 3)
    assert [each["type"] for each in receiver.messages] == [
        "submission.received",
        "submission.decided",
        "submission.published",
    ]
    path, headers, body = receiver.came[1]
    assert path == "/hook?key=1"
    assert headers["content-type"] == "application/json"
    assert abs(time.time() - int(headers["webhook-timestamp"])) < 300
    assert all(map(is_signed, receiver.came))
    told = json.loads(body)
    assert told["data"] == {
        "submission": id_,
        "event": 2,
        "action": "accepted",
        "state": "accepted",
        "revision": 1,
        "links": {
            "review": f"https://data.example.org/review/{id_}",
            "submission": f"https://data.example.org/api/submissions/{id_}",
        },
    }
    assert datetime.fromisoformat(told["timestamp"]) == place.queue.events()[1].at.replace(
        microsecond=place.queue.events()[1].at.microsecond // 1000 * 1000
    )
    # Neither what was submitted, nor by whom, nor why.
    everything = b"".join(body for _, _, body in receiver.came)
    assert not any(each in everything for each in (b"number", b"Layla", b"It is so", b"facts"))
    ids = [headers["webhook-id"] for _, headers, _ in receiver.came]
    assert len({*ids}) == 3


def test_the_signature_is_that_of_the_specification_s_example() -> None:
    # Standard Webhooks, spec/standard-webhooks.md, "Example"
    body = b'{"test": 2432232314}'
    at = datetime.fromtimestamp(1614265330, UTC)
    signed = headers("msg_p5jXN8AQM9LWM0D4loKWxJek", at, body, [secret_of(SECRET, "")])
    assert signed["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_only_what_is_asked_for_is_told(place: Place, receiver: Receiver) -> None:
    found = place.notifier(receiver.url, events=["decided"])
    ready(found)
    id_ = place.receive(1)
    place.queue.note(id_, 1, Action.rejected, SALIM, reason="no")
    until(found, lambda: len(receiver.came) == 1)
    assert receiver.messages[0]["type"] == "submission.decided"


def test_a_new_webhook_is_told_of_what_is_new(place: Place, receiver: Receiver) -> None:
    place.receive(1)
    found = place.notifier(receiver.url)
    ready(found)
    id_ = place.receive(2)
    until(found, lambda: len(receiver.came) == 1)
    assert receiver.messages[0]["data"]["submission"] == id_


def test_the_audit_log_has_every_event_and_no_line_that_is_not_its_own(place: Place) -> None:
    id_ = place.receive(1)
    place.queue.note(id_, 1, Action.rejected, SALIM, reason='"}\n{"event":"sign-in"}')
    found = place.notifier()
    until(found, lambda: len(place.audited) == 2)
    until(place.notifier(), lambda: True)
    received, rejected = place.audited
    assert received["event"] == "submission-received"
    assert (received["name"], received["account"]) == ("Layla\nHasan", "token/layla")
    assert (rejected["event"], rejected["number"], rejected["submission"]) == (
        "submission-rejected",
        2,
        id_,
    )
    assert "reason" not in rejected
    assert datetime.fromisoformat(rejected["at"]).tzinfo is not None


# Receivers that fail


def test_what_was_not_taken_is_sent_again_as_the_same_message(
    place: Place, receiver: Receiver
) -> None:
    found = place.notifier(receiver.url)
    ready(found)
    receiver.statuses = [500, 404, 503]
    place.receive(1)
    until(found, lambda: len(receiver.came) == 4)
    assert len({headers["webhook-id"] for _, headers, _ in receiver.came}) == 1
    assert len({body for _, _, body in receiver.came}) == 1
    assert all(map(is_signed, receiver.came))
    until(found, lambda: not found.outbox.due(found.webhooks[0].name, 9))


def test_what_is_never_taken_is_given_up_and_noted(place: Place, receiver: Receiver) -> None:
    found = place.notifier(receiver.url)
    ready(found)
    receiver.statuses = [500] * 4
    place.receive(1)
    until(found, lambda: any(each["event"] == "webhook-given-up" for each in place.audited))
    assert len(receiver.came) == 4
    id_ = place.receive(2)
    until(found, lambda: len(receiver.came) == 5)
    assert receiver.messages[-1]["data"]["submission"] == id_
    # The address may hold a secret.
    assert "key=1" not in (place.state / "audit.log").read_text(encoding="ascii")


def test_one_message_that_cannot_be_taken_holds_up_no_other(
    place: Place, receiver: Receiver
) -> None:
    found = place.notifier(receiver.url, pace=replace(PACE, delays=(0.05, 600.0)))
    ready(found)
    receiver.statuses = [400, 204, 204]
    ids = [place.receive(number) for number in range(3)]
    until(found, lambda: len(receiver.came) >= 4)
    assert {each["data"]["submission"] for each in receiver.messages[1:]} == {*ids}


def test_gone_is_believed(place: Place, receiver: Receiver) -> None:
    found = place.notifier(receiver.url)
    ready(found)
    receiver.statuses = [410]
    place.receive(1)
    until(found, lambda: any(each["event"] == "webhook-given-up" for each in place.audited))
    assert len(receiver.came) == 1


def test_whoever_says_when_to_come_again_is_heard(place: Place, receiver: Receiver) -> None:
    found = place.notifier(receiver.url, pace=replace(PACE, delays=(0.01, 600.0)))
    ready(found)
    receiver.statuses, receiver.headers = [429], {"Retry-After": "100"}
    place.receive(1)
    end = time.monotonic() + 1.0  # a hundred times what it would wait otherwise

    def is_later() -> bool:
        return len(receiver.came) == 1 and not found.outbox.due(found.webhooks[0].name, 9)

    until(found, is_later)
    until(found, lambda: time.monotonic() > end)
    assert len(receiver.came) == 1


def test_a_redirect_is_not_followed(place: Place, receiver: Receiver) -> None:
    with receiving() as other:
        found = place.notifier(receiver.url)
        ready(found)
        receiver.statuses, receiver.headers = [307, 308, 302], {"Location": other.url}
        place.receive(1)
        until(found, lambda: len(receiver.came) == 4)
        assert other.came == []


def test_one_that_hangs_holds_up_no_other(place: Place, receiver: Receiver) -> None:
    with receiving() as other:
        other.hangs = threading.Event()
        found = place.notifier(other.url, receiver.url)
        found = replace(found, posting=replace(found.posting, seconds=0.5))
        ready(found)
        for number in range(3):
            place.receive(number)
        until(found, lambda: len(receiver.came) == 3 and len(other.came) >= 2)
        other.hangs.set()


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/1.1 204",
        b"HTTP/1.1 204 \r\n" + b"X: y\r\n" * 10_000 + b"\r\n",
        b"HTTP/1.1 99 ?\r\n\r\n",
        b"\xff" * 20_000,
    ],
)
def test_what_is_no_answer_is_none(answer: bytes) -> None:
    async def serve() -> str:
        async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
            writer.close()

        server = await asyncio.start_server(speak, HOST, 0)
        port = server.sockets[0].getsockname()[1]
        async with server:
            with pytest.raises(NotSent) as told:
                await Posting([HOST], 5.0).post(f"http://{HOST}:{port}/", b"", {})
        return str(told.value)

    assert asyncio.run(serve())


def test_a_slow_one_is_given_up_in_time() -> None:
    async def serve() -> None:
        ended, over = asyncio.Event(), asyncio.Event()

        async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 200 OK\r\n")
            while not ended.is_set():
                writer.write(b"X: y\r\n")
                await asyncio.sleep(0.05)
            writer.close()
            over.set()

        server = await asyncio.start_server(speak, HOST, 0)
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(NotSent, match=r"longer than 0\.3 seconds"):
            await Posting([HOST], 0.3).post(f"http://{HOST}:{port}/", b"", {})
        ended.set()
        await over.wait()
        server.close()

    asyncio.run(serve())


# Where nothing is sent


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "169.254.169.254",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[fd00:ec2::254]",
        "[64:ff9b::7f00:1]",
        "localhost",
        "0177.0.0.1",
        "2130706433",
        "0",
    ],
)
def test_no_address_of_the_own_network_is_told(receiver: Receiver, address: str) -> None:
    with pytest.raises(NotSent, match="not of the open internet"):
        asyncio.run(Posting().post(f"https://{address}:{receiver.port}/", b"", {}))
    with pytest.raises(NotSent, match="without TLS"):
        asyncio.run(Posting().post(f"http://{address}:{receiver.port}/", b"", {}))
    assert receiver.came == []


def test_a_name_is_looked_up_once_and_all_its_addresses_count(receiver: Receiver) -> None:
    asked: list[str] = []

    async def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["8.8.8.8", "127.0.0.1"] if len(asked) == 1 else ["127.0.0.1"]

    posting = Posting(resolve=resolve)
    with pytest.raises(NotSent, match="not of the open internet"):
        asyncio.run(posting.post(f"https://evil.example:{receiver.port}/", b"", {}))
    assert asked == ["evil.example"]


def test_without_tls_only_one_s_own_hosts_are_told(receiver: Receiver) -> None:
    async def resolve(host: str, port: int) -> list[str]:
        return ["8.8.8.8"]

    with pytest.raises(NotSent, match="without TLS"):
        asyncio.run(Posting(resolve=resolve).post("http://example.org/", b"", {}))


def certified(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return how a server with a certificate for `name` speaks TLS, and who trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1))
        .not_valid_after(datetime(2100, 1, 1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    speaking = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    speaking.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return speaking, ssl.create_default_context(cafile=str(folder / "certificate.pem"))


def test_over_tls_the_receiver_must_be_who_it_says(tmp_path: Path) -> None:
    speaking, trusting = certified(tmp_path, "hooks.example")

    async def resolve(host: str, port: int) -> list[str]:
        return [HOST]

    with receiving(speaking) as receiver:
        url = f"https://hooks.example:{receiver.port}/"
        posting = Posting(["hooks.example", "other.example"], 5.0, resolve, trusting)
        assert asyncio.run(posting.post(url, b"{}", {})).is_taken
        assert receiver.came[0][1]["host"] == f"hooks.example:{receiver.port}"
        for wrong, context in ((url.replace("hooks", "other"), trusting), (url, None)):
            with pytest.raises(NotSent, match="certificate"):
                asyncio.run(replace(posting, tls=context).post(wrong, b"{}", {}))
        assert len(receiver.came) == 1


# Several processes, and ends without warning


def test_one_process_sends_at_a_time_and_another_goes_on(place: Place, receiver: Receiver) -> None:
    found = place.notifier(receiver.url)
    ready(found)
    program = """
import asyncio, sys
from pathlib import Path
from tests.service.test_notifications import Place
place = Place(Path(sys.argv[1]))
print("ready", flush=True)
asyncio.run(place.notifier(sys.argv[2]).run())
"""
    command = [sys.executable, "-c", program, str(place.root), receiver.url]
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": "."})
        for _ in range(3)
    ]
    try:
        for each in running:
            assert each.stdout is not None and each.stdout.readline() == b"ready\n"
        ids = [place.receive(number) for number in range(20)]
        eventually(lambda: len(receiver.came) == 20)
        for each in running[:2]:  # one of them may be the one that sends
            each.kill()
            each.wait()
        ids += [place.receive(number) for number in range(20, 40)]
        eventually(lambda: len({_id(each) for each in receiver.came}) == 40)
    finally:
        for each in running:
            each.kill()
            each.communicate()
    told = [each["data"]["submission"] for each in receiver.messages]
    assert list(dict.fromkeys(told)) == ids
    # At most the one that was under way when its process ended came twice.
    assert len(told) <= 42


def test_a_fault_is_told_and_what_was_meant_comes_later(
    place: Place, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    found = place.notifier(receiver.url, pace=replace(PACE, fault_seconds=0.1))
    ready(found)
    place.receive(1)
    path = place.state / "audit.log"
    path.mkdir()
    until(found, lambda: "are not told of at the moment" in caplog.text)
    path.rmdir()
    until(found, lambda: len(receiver.came) == 1 and len(place.audited) == 1)


def test_what_is_due_outlives_a_restart(place: Place, receiver: Receiver) -> None:
    found = place.notifier("http://127.0.0.1:9/", receiver.url)
    ready(found)
    place.receive(1)
    until(found, lambda: len(receiver.came) == 1)
    until(found, lambda: not found.outbox.due(found.webhooks[0].name, 9))
    with receiving() as late:
        moved = place.notifier(receiver.url, late.url)
        ready(moved)
        assert late.came == []
        # Who is in the settings no more is told nothing more, and forgotten.
        assert moved.outbox.due(found.webhooks[0].name, 9) == []


def _id(came: tuple[str, Mapping[str, str], bytes]) -> str:
    return came[1]["webhook-id"]


def eventually(is_so: Callable[[], bool], seconds: float = 40.0) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)
