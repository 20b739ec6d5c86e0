"""What is sent where, and answers that are too large, too slow, cut off, or lead elsewhere."""

from __future__ import annotations

import gzip
import socket
from threading import Thread

import pytest
from tests.clock import Time
from tests.unit.wikidata.conftest import CONTACT, SEARCH, Make, told
from tests.wikidata_server import Fault, WikidataServer, wikidata_server

from kgpub.patience import Patience
from kgpub.wikidata.client import Client, Endpoints
from kgpub.wikidata.errors import WikidataError
from kgpub.wikidata.exchange import Limits
from kgpub.wikidata.question import Kind, Question


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://www.wikidata.org/w/api.php", "is not https"),
        ("ftp://127.0.0.1/", "is not https"),
        ("file:///etc/passwd", "names no host"),
        ("https://user:secret@example.org/", "names no host, or a user"),
        ("https://[::1", "is no address"),
        ("https://example.org:port/", "is no address"),
        ("https://example.org/a b", "is no address"),
        ("http://127.0.0.1.example.org/", "is not https"),
        ("", "names no host"),
    ],
)
def test_an_endpoint_that_is_not_asked(address: str, reason: str) -> None:
    with pytest.raises(WikidataError, match=reason):
        Client(CONTACT, Endpoints(api=address))
    with pytest.raises(WikidataError, match=reason):
        Client(CONTACT, Endpoints(sparql=address))


def test_compressed_answers(make_client: Make, server: WikidataServer) -> None:
    server.compress = True
    assert told(make_client(), SEARCH)[SEARCH][0] == "Q9000001"


def test_a_compressed_answer_that_grows_without_end(
    make_client: Make, server: WikidataServer
) -> None:
    server.compress = True
    server.faults.append(Fault(content=b"[" * 10_000_000))  # of some ten thousand bytes
    with pytest.raises(WikidataError, match="more than 1,000,000 bytes"):
        told(make_client(limits=Limits(bytes=1_000_000)), SEARCH)
    assert len(server.asked) == 1


def test_an_answer_that_is_too_large(make_client: Make, server: WikidataServer) -> None:
    server.faults.append(Fault(content=b"[" * 1_000_001))
    with pytest.raises(WikidataError, match="more than 1,000,000 bytes"):
        told(make_client(limits=Limits(bytes=1_000_000)), SEARCH)
    assert len(server.asked) == 1


def test_a_compressed_answer_that_is_cut_off(
    make_client: Make, server: WikidataServer, time: Time
) -> None:
    half = gzip.compress(b'{"search":[]}')[:-12]
    server.faults.append(Fault(content=half, headers={"Content-Encoding": "gzip"}))
    assert told(make_client(), SEARCH)[SEARCH]
    assert len(time.slept) == 1


@pytest.mark.parametrize("question", [SEARCH, Question(Kind.types, "Q9000001")])
def test_a_redirect_is_not_followed(
    make_client: Make, server: WikidataServer, question: Question
) -> None:
    with wikidata_server() as other:
        for status in (301, 302, 307, 308):
            server.faults.append(Fault(status, {"Location": other.api}))
            with pytest.raises(WikidataError, match=f"sends on to '{other.api}'"):
                told(make_client(), question)
        assert other.asked == []


def test_no_answer_in_time(make_client: Make, server: WikidataServer, time: Time) -> None:
    server.faults += [Fault(delay=5)] * 2
    client = make_client(Patience(tries=2), Limits(seconds=0.2))
    with pytest.raises(WikidataError, match="does not answer in time; tried 2 times"):
        told(client, SEARCH)
    assert len(time.slept) == 1


def test_an_answer_that_is_sent_byte_by_byte(server: WikidataServer) -> None:
    server.faults.append(Fault(drip=0.05))
    endpoints = Endpoints(server.api, server.sparql)
    client = Client(CONTACT, endpoints, None, Patience(tries=1), Limits(seconds=0.3))
    with pytest.raises(WikidataError, match=r"no whole answer within 0\.3 seconds"):
        told(client, SEARCH)


@pytest.mark.parametrize("question", [SEARCH, Question(Kind.facts, "Q9000001")])
def test_an_answer_that_breaks_off_is_asked_again(
    make_client: Make, server: WikidataServer, time: Time, question: Question
) -> None:
    server.faults.append(Fault(cut=40))
    assert told(make_client(), question)[question]
    assert len(time.slept) == 1


def test_what_is_not_gzip(make_client: Make, server: WikidataServer) -> None:
    server.faults.append(Fault(content=b"{}", headers={"Content-Encoding": "br"}))
    with pytest.raises(WikidataError, match="not gzip, though its header says br"):
        told(make_client(), SEARCH)


def test_a_connection_that_breaks_off_is_made_again(time: Time) -> None:
    calls = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def hang_up() -> None:
            for _ in range(3):
                connection, _ = listener.accept()
                calls.append(connection.recv(65536))
                connection.close()

        thread = Thread(target=hang_up)
        thread.start()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        client = Client(CONTACT, Endpoints(address, address), time.clock, Patience(tries=3))
        with pytest.raises(WikidataError, match="breaks the connection off; tried 3 times"):
            told(client, SEARCH)
        thread.join()
    assert len(calls) == 3


def test_a_proxy_is_not_asked_for_this_machine(
    make_client: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    assert told(make_client(), SEARCH)[SEARCH]


def test_a_server_that_is_not_there(time: Time) -> None:
    with wikidata_server() as gone:
        endpoints = Endpoints(gone.api, gone.sparql)
    with pytest.raises(WikidataError, match=r"127\.0\.0\.1:\d+ cannot be reached") as raised:
        told(Client(CONTACT, endpoints, time.clock), SEARCH)
    assert "online" in raised.value.remedy
    assert time.slept == []
