"""What clients do not get: files, redirects elsewhere, requests in their name, lines in a log."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

import pytest
from tests.service.served import fetch
from tests.service.whole_served import Answer, Served, answers, eventually, seeded, whole

BASE = "/kgpub/data/"
TOKEN = "kgpub_" + "a" * 8 + "_" + "b" * 52
SECRET = "secret-of-this-machine"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    root = seeded(tmp_path_factory)
    for place in (root / "secret.ttl", root.parent / "secret.ttl", root / ".kgpub/secret.ttl"):
        place.write_text(f"<http://e/a> <http://e/b> '{SECRET}' .\n", encoding="utf-8")
    (root / "output/secret.ttl").symlink_to(root / "secret.ttl")
    with whole(root) as found:
        yield found
        assert "Traceback" not in found.told.read_text(encoding="utf-8")


def asked(served: Served, target: str, *headers: str, method: str = "GET") -> Answer:
    host = () if any(each.lower().startswith("host:") for each in headers) else ("Host: ours",)
    lines = [f"{method} {target} HTTP/1.1", *host, *headers, "Connection: close", "", ""]
    (answer,) = answers(served.exchange("\r\n".join(lines).encode("latin-1")))
    return answer


STEPS = ("../", "..%2f", "%2e%2e/", "%2e%2e%2f", "..\\", "..%5c", "%252e%252e%252f", ".../", "..;/")
PLACES = (
    "/",
    "/dumps/",
    "/assets/",
    "/assets/query/",
    BASE,
    f"{BASE}person/",
    f"{BASE}article/al-kadhimi-and-kurdistan/",
    "/api/queries/",
    "/reconcile/entities/",
    "/ontology/",
)
FILES = (
    "secret.ttl",
    "kgpub.toml",
    ".kgpub/secret.ttl",
    ".kgpub/tokens.json",
    "output/secret.ttl",
    "etc/passwd",
    "proc/self/environ",
    "articles/al-kadhimi-and-kurdistan/facts.yaml",
)


@pytest.mark.parametrize("place", PLACES)
def test_no_path_leads_to_a_file(served: Served, place: str) -> None:
    root = Path(served.told).parent
    targets = [
        f"{place}{step * times}{file}" for step in STEPS for times in (1, 2, 6) for file in FILES
    ]
    targets += [f"{place}{file}" for file in FILES]
    targets += [
        f"{place}{root}/secret.ttl",
        f"{place}%2fetc%2fpasswd",
        f"{place}file:///etc/passwd",
    ]
    requests = [
        f"GET {target} HTTP/1.1\r\nHost: ours\r\nAccept: text/turtle\r\n" for target in targets
    ]
    content = "\r\n".join(requests) + "Connection: close\r\n\r\n"
    got = list(answers(served.exchange(content.encode())))
    for target, answer in zip(targets, got, strict=True):
        assert answer.status in (400, 404), target
        for told in (SECRET, "root:", "PYTHONUNBUFFERED", "base =", "contributor:", str(root)):
            assert told in target or told.encode() not in answer.body, target


EVIL = (
    "//evil.example",
    "//evil.example/..",
    "/\\evil.example",
    "\\\\evil.example",
    "/%5cevil.example",
    "/%2f%2fevil.example",
    "/%2f/evil.example/%2e%2e",
    "///evil.example",
    "/.//evil.example",
    "/%09/evil.example",
    "/;//evil.example",
    "/@evil.example",
    "/http://evil.example",
    "/%0d%0aLocation:%20http://evil.example",
    "/%0aSet-Cookie:%20a=b",
    "/%E5%98%8A%E5%98%8DSet-Cookie:a=b",
    "/.well-known/void//evil.example",
)
HOSTS = (
    ("Host: evil.example",),
    ("Host: ours", "X-Forwarded-Host: evil.example"),
    ("Host: ours", "Forwarded: host=evil.example;proto=https"),
    ("Host: ours", "X-Original-URL: //evil.example", "X-Rewrite-URL: //evil.example"),
    ("Host: ours", "X-Forwarded-Prefix: //evil.example", "X-Forwarded-Proto: javascript"),
    ("Host: ours", "X-HTTP-Method-Override: DELETE", "X-Forwarded-Port: 1"),
)
REAL = (
    "/",
    "/.well-known/void",
    BASE,
    f"{BASE}person/kanan-makiya",
    f"{BASE}person/kanan-makiya.html",
    f"{BASE}person/",
    "/index.html",
    "/ontology",
)


@pytest.mark.parametrize("headers", HOSTS)
@pytest.mark.parametrize("accept", ["text/html", "text/turtle"])
def test_no_redirect_leads_elsewhere(served: Served, headers: tuple[str, ...], accept: str) -> None:
    redirected = 0
    tails = (
        "",
        "//evil.example",
        "/..//evil.example",
        "%2f%2fevil.example",
        "?//evil.example",
        "/",
    )
    for target in (*EVIL, *(each + tail for each in REAL for tail in tails)):
        answer = asked(served, target, *headers, f"Accept: {accept}")
        assert answer.status in (200, 303, 400, 404), target
        assert "set-cookie" not in answer.headers
        location = answer.headers.get("location")
        if location is None:
            continue
        redirected += 1
        path = target.partition("?")[0]
        there = urlsplit(
            urljoin(f"https://ours{path if not path.startswith('//') else '/'}", location)
        )
        assert location.startswith("."), target
        assert (there.scheme, there.netloc) == ("https", "ours"), (target, location)
        assert not there.path.startswith(("//", "/\\")), (target, location)
    assert redirected >= len(REAL)


def test_a_host_that_a_client_makes_up_is_nobody_elses(served: Served) -> None:
    paths = ("/sparql", "/api/search?q=baghdad", "/reconcile/entities", "/api/openapi.json")
    for path in paths:
        plain = asked(served, path, "Host: ours")
        for headers in HOSTS[1:]:
            answer = asked(served, path, *headers)
            assert (answer.status, answer.body) == (200, plain.body), path
        for host in (
            '"><evil>',
            "e v i l",
            "ours/evil",
            "a@evil",
            "evil\\",
            "[::evil",
            "evil" * 99,
        ):
            answer = asked(served, path, f"Host: {host}")
            assert answer.status in (200, 400)
            assert host.encode() not in answer.body


def test_no_query_makes_a_request(served: Served) -> None:
    called: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.2)
        ended = threading.Event()

        def listen() -> None:
            while not ended.is_set():
                try:
                    connection, _ = listening.accept()
                except TimeoutError:
                    continue
                called.append(connection.recv(1_000))
                connection.close()

        listener = threading.Thread(target=listen)
        listener.start()
        at = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        root = Path(served.told).parent
        files = ("file:///etc/passwd", f"file://{root}/secret.ttl", f"{root}/secret.ttl", at)
        graphs = [
            f"&{name}={quote(iri)}"
            for name in ("default-graph-uri", "named-graph-uri")
            for iri in files
        ]
        all_ = "SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } } LIMIT 5"
        bodies = [
            *(
                all_.replace("{", f"{form} <{iri}> {{", 1)
                for form in ("FROM", "FROM NAMED")
                for iri in files
            ),
            *(
                f"SELECT * {{ SERVICE {silent} <{at}> {{ ?s ?p ?o }} }}"
                for silent in ("", "SILENT")
            ),
            f"SELECT * {{ VALUES ?x {{ <{at}> }} SERVICE ?x {{ ?s ?p ?o }} }}",
            f"ASK {{ FILTER EXISTS {{ SERVICE <{at}> {{ ?s ?p ?o }} }} }}",
            f"SELECT * {{ {{ SELECT * {{ SERVICE <{at}> {{ ?s ?p ?o }} }} }} }}",
            f"BASE <{at}> SELECT * {{ SERVICE <x> {{ ?s ?p ?o }} }}",
            f"PREFIX a: <{at}> SELECT * {{ sErViCe a:x {{ ?s ?p ?o }} }}",
            f"SELECT * {{ S\\u0045RVICE <{at}> {{ ?s ?p ?o }} }}",
            f"DESCRIBE <{at}>",
            f"LOAD <{at}>",
            f"LOAD SILENT <{at}> INTO GRAPH <http://e/g>",
            f"INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE <{at}> {{ ?s ?p ?o }} }}",
        ]
        try:
            for more in graphs:
                got = fetch(f"{served.origin}/sparql?format=csv&query={quote(all_)}{more}")
                assert got.status in (200, 400), more
                assert SECRET.encode() not in got.body and b"root:" not in got.body
            for body in bodies:
                for kind in ("sparql-query", "sparql-update"):
                    sent = {"Content_Type": f"application/{kind}"}
                    got = fetch(f"{served.origin}/sparql", body.encode(), **sent)
                    assert got.status in (200, 400, 403), body
                    assert SECRET.encode() not in got.body and b"root:" not in got.body
                    if "SERVICE" in body.upper() or "LOAD" in body:
                        assert got.status in (400, 403), body
            got = fetch(f"{served.origin}/api/search?q={quote(at)}")
            assert got.status == 200
            got = fetch(f"{served.origin}/query?query={quote(at)}", Referer=at, Origin=at)
            assert got.status == 200
        finally:
            ended.set()
            listener.join()
    assert called == []


def test_no_token_and_no_query_is_logged(served: Served) -> None:
    escaped = TOKEN.replace("_", "%5f")
    spelled = "".join(f"%{ord(each):02x}" for each in TOKEN)
    before = len(served.log)
    targets = (
        f"/metrics?token={TOKEN}",
        f"/sparql?query={quote(SECRET)}&access_token={TOKEN}",
        f"/{TOKEN}",
        f"/{escaped}",
        f"/{spelled}",
        f"{BASE}person/{TOKEN}.ttl",
        f"/api/queries/{TOKEN}?x={TOKEN}",
        f"/dumps/{TOKEN}",
        f"/a/b;{TOKEN};c",
        f"/search?q={SECRET}%20{TOKEN}",
    )
    for target in targets:
        asked(
            served,
            target,
            f"Authorization: Bearer {TOKEN}",
            f"Cookie: a={TOKEN}",
            f"Referer: http://ours/?{TOKEN}",
            f"User-Agent: a {TOKEN}",
            f"X-Forwarded-For: {TOKEN}",
        )
    asked(served, f"http://{TOKEN}:{TOKEN}@ours/health")
    asked(served, "/health", f"Host: {TOKEN}")
    body = f"query={SECRET}&token={TOKEN}".encode()
    fetch(f"{served.origin}/sparql", body)
    eventually(lambda: len(served.log) >= before + len(targets) + 2)
    told = served.told.read_text(encoding="utf-8")
    assert SECRET not in told
    for part in (TOKEN, TOKEN[-52:], escaped, spelled):
        assert part not in told
    assert "b" * 10 not in told


def test_a_client_writes_no_line_of_its_own(served: Served) -> None:
    agents = ("a\x1b[2Jb", 'a"}\\', "a\x85b", "a\x7fb", "a\xe2\x80\xa8b", "x" * 5_000)
    for agent in agents:
        asked(served, f"/a%0d%0a{quote(agent[:100])}%1b[2J%e2%80%a8", f"User-Agent: {agent}")
    eventually(lambda: "xxxxx" in served.log[-1].get("agent", ""))
    content = served.told.read_bytes()
    assert not set(content) & ({*range(0x20), 0x7F, *range(0x80, 0x100)} - {0x0A})
    for line in content.decode("ascii").splitlines():
        if line.startswith("{"):
            assert set(json.loads(line)) <= {
                *("time", "method", "route", "path", "status", "bytes", "seconds"),
                *("client", "agent", "broken"),
            }
            assert len(line) < 5_000


def test_figures_are_for_this_machine(served: Served) -> None:
    local = f"Host: 127.0.0.1:{served.port}"
    assert asked(served, "/metrics", local).status == 200
    for header in ("X-Forwarded-For: 1.2.3.4", "Via: 1.1 a", "Forwarded: for=1.2.3.4"):
        assert asked(served, "/metrics", local, header).status == 403
    assert asked(served, "/metrics", "Host: rebound.example").status == 403


def test_pages_of_others_may_read_and_not_write(served: Served) -> None:
    origin = "Origin: https://evil.example"
    for path in ("/sparql", "/api/search?q=a", "/health", "/metrics", f"{BASE}person/kanan-makiya"):
        answer = asked(served, path, origin)
        assert answer.headers.get("access-control-allow-origin") in ("*", None), path
        assert "access-control-allow-credentials" not in answer.headers
    preflight = asked(
        served,
        "/sparql",
        origin,
        "Access-Control-Request-Method: DELETE",
        method="OPTIONS",
    )
    assert "DELETE" not in preflight.headers.get("access-control-allow-methods", "")
