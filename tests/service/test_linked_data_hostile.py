"""Odd IRIs, and addresses that mean to do harm."""

from __future__ import annotations

import hashlib
import re
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, Quad
from rdflib import Graph, URIRef
from tests.service.linked_served import linked, of_quads
from tests.service.served import fetch, sent

from kgpub.service.connections import ConnectionLimits

BASE = "https://example.org/d%C3%A9j%C3%A0/بيانات/"
ROOT = "/d%C3%A9j%C3%A0/%D8%A8%D9%8A%D8%A7%D9%86%D8%A7%D8%AA/"
NAME = "https://w3id.org/kgpub/ontology#name"
SCRIPT = "<script>alert(1)</script>"
ODD = {
    "person/مصطفى": "person/%D9%85%D8%B5%D8%B7%D9%81%D9%89",
    "person/%D9%85": "person/%D9%85",
    "person/m%41": "person/m%41",
    "person/mA": "person/mA",
    "person/😀": "person/%F0%9F%98%80",
    "person/a/b//c": "person/a/b//c",
    "person/dots...": "person/dots...",
    "person/x.ttl": "person/x.ttl",
    "person/x.en.html": "person/x.en.html",
    "person/it's(so)!*;,@$&+=~": "person/it's(so)!*;,@$&+=~",
    "person/q?a=1&b=/2": "person/q?a=1&b=/2",
    "person/javascript:alert(1)": "person/javascript:alert(1)",
    "person/نا\u200cم": "person/%D9%86%D8%A7%E2%80%8C%D9%85",
    "person/index": "person/index",
    "person/index_": "person/index_",
    "index": "index",
    "//evil.example/": "//evil.example/",
    "event/": "event/",
}
"""Behind the base, an IRI, and how a client sends it (RFC 3987, section 3.1)."""


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    graph = NamedNode(f"{BASE}submission/one")
    quads = [
        Quad(NamedNode(BASE + path), NamedNode(NAME), Literal(f"{SCRIPT}{path}"), graph)
        for path in ODD
    ]
    workspace = of_quads(tmp_path_factory.mktemp("odd") / "workspace", BASE, quads)
    with linked(workspace) as address:
        yield address


def request(origin: str, target: str, *headers: str, method: str = "GET") -> tuple[int, str, str]:
    """Send a target as it is; return the status, the header Location, and the body."""
    lines = [f"{method} {target} HTTP/1.1", f"Host: {urlsplit(origin).netloc}", *headers]
    content = sent(origin, "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1"))
    head, _, body = content.decode("utf-8").partition("\r\n\r\n")
    location = re.search(r"(?mi)^location: (.*)\r$", head + "\r\n")
    return int(head.split()[1]), location[1] if location else "", body


def resolved(path: str, reference: str) -> str:
    """Resolve a relative reference (RFC 3986, 5.2); urljoin takes empty segments away."""
    folders = path.partition("?")[0].split("/")[:-1]
    steps = reference.split("/")
    while steps[0] in (".", ".."):
        if steps.pop(0) == "..":
            folders.pop()
    return "/".join([*folders, *steps])


@pytest.mark.parametrize("path", list(ODD))
def test_an_odd_iri_is_told_from_all_others(origin: str, path: str) -> None:
    if path == "event/":
        return  # the list of all events: see below
    sends = ROOT + ODD[path]
    status, location, _ = request(origin, sends, "Accept: text/turtle")
    assert status == 303
    assert location.startswith(("./", "../"))
    at = resolved(sends, location)
    assert at.startswith(ROOT)
    # The name says which IRI it is of: no other one may be answered for it.
    name = rdflib.Literal(SCRIPT + path)
    for ending, written in ((".ttl", "turtle"), (".jsonld", "json-ld"), (".nt", "nt")):
        content = fetch(origin + at.removesuffix(".ttl") + ending).body.decode()
        told = Graph().parse(data=content, format=written)
        assert set(told) == {(URIRef(BASE + path), URIRef(NAME), name)}
    page = fetch(origin + resolved(sends, request(origin, sends)[1]))
    assert page.status == 200
    assert SCRIPT.encode() not in page.body and b"&lt;script&gt;" in page.body


def test_an_iri_is_known_however_its_escapes_are_written(origin: str) -> None:
    for path, target in (
        ("person/%d9%85%d8%b5%d8%b7%d9%81%d9%89", "./%D9%85%D8%B5%D8%B7%D9%81%D9%89.ttl"),
        ("p%65rson/dots%2E..", "./dots....ttl"),
        ("person/it%27s(so)!*%3B,@$&+=~", "./it%27s%28so%29%21%2A%3B%2C%40%24%26%2B%3D~.ttl"),
    ):
        status, location, _ = request(origin, ROOT + path, "Accept: text/turtle")
        assert status == 303
        assert fetch(origin + resolved(ROOT + path, location)).status == 200
        assert location.rpartition("/")[2] == target.removeprefix("./")
    lower = ROOT.replace("%D8", "%d8").replace("%D9", "%d9")
    assert request(origin, f"{lower}person/mA")[0] == 303
    assert request(origin, f"{lower}person/mA.ttl")[0] == 303  # to the address as we write it


def test_raw_bytes_are_read_as_utf_8_and_what_is_not_utf_8_is_nothing(origin: str) -> None:
    raw = "person/مصطفى".encode().decode("latin-1")
    assert request(origin, ROOT + raw)[0] in (303, 400)  # a server may refuse what no URI may hold
    assert request(origin, f"{ROOT}person/%FF%FE")[0] == 404
    assert request(origin, f"{ROOT}person/%FF.ttl")[0] == 404
    assert request(origin, f"{ROOT}person/%ED%A0%80.ttl")[0] == 404


HARM = [
    "//evil.example",
    "//evil.example/%2e%2e",
    "/\\evil.example",
    "/%5Cevil.example",
    "/%2F%2Fevil.example",
    f"{ROOT}//evil.example",
    f"{ROOT}%2F%2Fevil.example%2F..",
    f"{ROOT}person/mA%0d%0aSet-Cookie:%20a=b",
    f"{ROOT}person/mA%00",
    f"{ROOT}person/../../../etc/passwd",
    f"{ROOT}person/..%2f..%2f..%2fetc%2fpasswd",
    f"{ROOT}person/%2e%2e/person/mA",
    f"{ROOT}person/index.99999999999999999999.en.html",
    f"{ROOT}person/index.0.en.html",
    f"{ROOT}person/" + "a/" * 1500,
    f"{ROOT}person/" + "%25" * 1000,
    f"{ROOT}<script>alert(1)</script>",
    f"{ROOT}%3Cscript%3Ealert(1)%3C/script%3E",
    "/dumps/..%2fkgpub.toml",
    "/dumps/%2e%2e/kgpub.toml",
    "/dumps/../kgpub.toml",
    "/dumps//etc/passwd",
    "/dumps/dataset.ttl%00",
    "/dumps/SHA256SUMS/",
    "/assets/..%2f..%2freading.py",
    "/assets/%2e%2e%5creading.py",
    "/.kgpub/store/CURRENT",
    "/kgpub.toml",
    "/ontology/../kgpub.toml",
]


@pytest.mark.parametrize("target", HARM)
@pytest.mark.parametrize("accept", ["text/html", "text/turtle"])
def test_nothing_but_what_is_published_is_at_an_address(
    origin: str, target: str, accept: str
) -> None:
    status, location, body = request(origin, target, f"Accept: {accept}")
    assert status in (400, 404)
    assert not location
    assert "Set-Cookie" not in body.replace("mA%0d%0aSet-Cookie", "")
    for secret in ("root:", "[project]", 'base = "', "import annotations", SCRIPT):
        assert secret not in body


def test_no_redirect_leaves_the_host(origin: str) -> None:
    for path in (*ODD.values(), "", "person/", "person/index.html"):
        for accept in ("text/html", "text/turtle", "application/n-triples"):
            status, location, _ = request(origin, ROOT + path, f"Accept: {accept}")
            assert status == 303
            assert location.startswith(("./", "../"))
            assert not {"\\", "\r", "\n", " "} & set(location)
            there = urlsplit(urljoin(f"https://ours.example{ROOT}{path}", location))
            assert (there.scheme, there.netloc) == ("https", "ours.example")
            # However many ../ it begins with, what follows is no host either.
            assert not there.path.startswith("//")


def test_methods_that_change_things_are_405(origin: str) -> None:
    for path in (
        "/",
        f"{ROOT}person/mA",
        f"{ROOT}person/mA.ttl",
        "/dumps/dataset.ttl",
        "/robots.txt",
    ):
        for method in ("POST", "PUT", "DELETE", "PATCH"):
            got = fetch(origin + path, b"", method=method)
            assert (got.status, got.headers["allow"].replace(" ", "")) in (
                (405, "GET,HEAD"),
                (405, "HEAD,GET"),
            )


def test_a_path_that_is_too_long_is_414_and_headers_are_431(origin: str) -> None:
    assert request(origin, ROOT + "a" * 5_000)[0] == 414
    assert request(origin, f"{ROOT}person/mA?" + "a" * 5_000)[0] in (303, 400)
    many = ",".join(f"a/b{number}" for number in range(1_000))
    assert request(origin, f"{ROOT}person/mA", f"Accept: {many}")[0] == 431
    many = ",".join(f"x-{number}" for number in range(1_000))
    assert request(origin, f"{ROOT}person/mA", f"Accept-Language: {many}")[0] == 431


def test_a_list_is_a_list_even_where_the_data_say_otherwise(origin: str) -> None:
    page = fetch(f"{origin}{ROOT}event/index.en.html")
    assert page.status == 200
    assert "Events" in page.body.decode()


def test_a_base_may_be_the_whole_host(tmp_path: Path) -> None:
    base = "https://example.org/"
    graph = NamedNode(f"{base}graph/one")
    name = Quad(NamedNode(f"{base}person/a"), NamedNode(NAME), Literal("A", language="en"), graph)
    title = NamedNode("http://purl.org/dc/terms/title")
    dataset = Quad(NamedNode(f"{base}dataset"), title, Literal("Odd"), graph)
    with linked(of_quads(tmp_path / "w", base, [name, dataset])) as origin:
        for path, target in (
            ("/person/a", "./a.ttl"),
            ("/", "./dataset.ttl"),
            ("/dataset", "./dataset.ttl"),
            ("/ontology", "./ontology.ttl"),
            ("/.well-known/void", "../dataset.ttl"),
        ):
            status, location, _ = request(origin, path, "Accept: text/turtle")
            assert (status, location) == (303, target)
            assert fetch(origin + resolved(path, location)).status == 200
        assert request(origin, "/", "Accept: text/html")[1] == "./index.en.html"
        for path in ("/index.en.html", "/person/index.en.html", "/person/a.en.html"):
            assert fetch(origin + path).status == 200
        for path in ("/sparql", "/person", "/data/", "/nothing.en.html"):
            assert fetch(origin + path).status == 404


def test_who_takes_nothing_of_a_download_is_left(tmp_path: Path) -> None:
    workspace = of_quads(tmp_path / "w", BASE, [])
    (workspace.root / "output").mkdir()
    content = bytes(30_000_000)
    (workspace.root / "output/dataset.nq").write_bytes(content)
    line = f"{hashlib.sha256(content).hexdigest()}  dataset.nq\n"
    (workspace.root / "output/SHA256SUMS").write_text(line)
    with linked(workspace, connections=ConnectionLimits(stalled_seconds=0.5)) as origin:
        host = urlsplit(origin)
        with socket.create_connection((host.hostname, host.port), timeout=20) as connection:
            connection.sendall(b"GET /dumps/dataset.nq HTTP/1.1\r\nHost: x\r\n\r\n")
            time.sleep(2)
            taken = 0
            with suppress(ConnectionResetError):
                while chunk := connection.recv(65_536):
                    taken += len(chunk)
        assert taken < len(content)
        # Whoever reads gets all of it.
        assert fetch(f"{origin}/dumps/dataset.nq").body == content


def test_what_is_missing_is_told_to_people_as_a_page(origin: str) -> None:
    got = fetch(f"{origin}/x/{quote('<b>مرحبا')}", Accept="text/html", Accept_Language="ar")
    assert (got.status, got.headers["content-type"]) == (404, "text/html; charset=utf-8")
    body = got.body.decode()
    assert '<html lang="ar" dir="rtl">' in body
    assert "/x/&lt;b&gt;مرحبا" in body
    assert "script-src 'self'" in got.headers["content-security-policy"]
    plain = fetch(f"{origin}/x", Accept="text/turtle")
    assert plain.headers["content-type"] == "text/plain; charset=utf-8"
