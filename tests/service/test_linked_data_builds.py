"""What is served while a workspace is built, again and again, and before it ever was."""

from __future__ import annotations

import hashlib
import re
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urljoin

import pytest
from pyoxigraph import Literal, NamedNode, Quad
from tests.service.linked_served import linked, of_quads
from tests.service.served import BASE, FACTS, Got, fetch
from tests.service.sparql_served import publish

from kgpub import Workspace
from kgpub.documents import build as documents_build
from kgpub.pages import listing
from kgpub.pages.description import MAX_REFERRING
from kgpub.pipeline.initial import create_workspace
from kgpub.service.limits import Limits
from kgpub.vocabulary import RDF
from kgpub.vocabulary import terms as kg

BUILDS = 8
PEOPLE = 20
NUMBER = re.compile("version ([0-9]+)")


def build(number: int, people: int = PEOPLE) -> Iterable[Quad]:
    """A dataset in which every name, and every graph, tells the number of the build."""
    graph = NamedNode(f"{BASE}submission/{number}")
    office = NamedNode(f"{BASE}office/mayor")
    yield Quad(office, NamedNode(RDF + "type"), NamedNode(kg.Office), graph)
    yield Quad(
        office, NamedNode(kg.name), Literal(f"office version {number}", language="en"), graph
    )
    for each in range(people):
        person = NamedNode(f"{BASE}person/{each}")
        fact = NamedNode(f"{BASE}fact/{each}")
        name = Literal(f"person {each} version {number}", language="en")
        yield Quad(person, NamedNode(RDF + "type"), NamedNode(kg.Person), graph)
        yield Quad(person, NamedNode(kg.name), name, graph)
        yield Quad(fact, NamedNode(RDF + "type"), NamedNode(kg.Tenure), graph)
        yield Quad(fact, NamedNode(kg.person), person, graph)
        yield Quad(fact, NamedNode(kg.office), office, graph)


def hammering(calls: list[Callable[[], None]], until: threading.Event) -> list[Exception]:
    """Make each call again and again, in a thread of its own; return what went wrong."""
    wrong: list[Exception] = []

    def again(call: Callable[[], None]) -> None:
        while not until.is_set():
            try:
                call()
            except (AssertionError, OSError) as error:
                wrong.append(error)
                return

    threads = [threading.Thread(target=again, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    until.wait()
    for thread in threads:
        thread.join(30)
    return wrong


def test_no_document_is_a_mixture_of_two_builds_and_none_fails(tmp_path: Path) -> None:
    workspace = of_quads(tmp_path / "w", BASE, build(0))
    ended = threading.Event()
    seen: dict[str, list[int]] = {}

    def whole(origin: str, path: str) -> None:
        got = fetch(f"{origin}/data/{path}")
        assert got.status == 200, (path, got.status)
        numbers = {int(each) for each in NUMBER.findall(got.body.decode())}
        assert len(numbers) == 1, (path, numbers)
        (number,) = numbers
        told = seen.setdefault(path, [])
        assert not told or told[-1] <= number, (path, told[-1], number)
        told.append(number)
        again = fetch(f"{origin}/data/{path}", If_None_Match=got.headers["etag"])
        assert again.status in (200, 304)
        if again.status == 200:
            assert again.headers["etag"] != got.headers["etag"]

    def build_again() -> None:
        try:
            for number in range(1, BUILDS):
                publish(workspace.root / ".kgpub/store", build(number))
                time.sleep(0.3)
        finally:
            time.sleep(0.5)
            ended.set()

    with linked(workspace) as origin:
        paths = ["office/mayor.en.html", "office/mayor.ttl", "person/3.nt", "person/index.en.html"]
        calls = [lambda path=path: whole(origin, path) for path in paths]
        builder = threading.Thread(target=build_again)
        builder.start()
        wrong = hammering(calls, ended)
        builder.join(30)
    assert not wrong
    for path in paths:
        assert seen[path][-1] == BUILDS - 1
        assert len(set(seen[path])) > BUILDS // 2, seen[path]


def test_a_dump_is_whole_and_of_the_checksum_that_is_told(tmp_path: Path) -> None:
    create_workspace(tmp_path / "w", BASE, "Title", "Me", "https://example.org/licence")
    workspace = Workspace(tmp_path / "w")
    workspace.build()
    path = workspace.root / "articles/example/facts.yaml"
    before = path.read_text(encoding="utf-8")
    ended = threading.Event()
    tags: set[str] = set()

    def whole(origin: str) -> None:
        got = fetch(f"{origin}/dumps/dataset.nq")
        assert got.status == 200
        tag = f'"{hashlib.sha256(got.body).hexdigest()}"'
        assert got.headers["etag"] == tag
        tags.add(tag)

    def build_again() -> None:
        try:
            for text in (FACTS, before):
                path.write_text(text, encoding="utf-8")
                workspace.build()
        finally:
            ended.set()

    with linked(workspace) as origin:
        builder = threading.Thread(target=build_again)
        builder.start()
        wrong = hammering([lambda: whole(origin)], ended)
        builder.join(60)
    assert not wrong
    assert len(tags) == 2


def test_before_the_first_build_all_is_503_and_then_it_is_there(tmp_path: Path) -> None:
    create_workspace(tmp_path / "w", BASE, "Title", "Me", "https://example.org/licence")
    workspace = Workspace(tmp_path / "w")

    with linked(workspace) as origin:
        for path in ("/", "/index.en.html", "/data/person/x", "/data/person/x.ttl"):
            got = fetch(origin + path)
            assert got.status == 503
            assert str(tmp_path).encode() not in got.body
        assert fetch(f"{origin}/dumps/dataset.nq").status == 404
        assert fetch(f"{origin}/robots.txt").status == 200
        publish(workspace.root / ".kgpub/store", build(1))
        assert fetch(f"{origin}/data/person/3.ttl").status == 200


def test_a_build_that_is_damaged_is_told_and_shows_no_paths(tmp_path: Path) -> None:
    workspace = of_quads(tmp_path / "w", BASE, build(0))
    for manifest in (workspace.root / ".kgpub/store").glob("generation-*/MANIFEST-*"):
        manifest.write_bytes(b"nothing")
    with linked(workspace) as origin:
        got = fetch(f"{origin}/data/person/3.ttl")
    assert got.status == 503
    assert str(tmp_path).encode() not in got.body


def test_no_page_waits_for_a_long_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, sorted_ = threading.Event(), threading.Event()

    def by_name(*arguments: Any) -> list[str]:
        begun.set()
        assert sorted_.wait(30)
        return listing.by_name(*arguments)

    monkeypatch.setattr(documents_build, "by_name", by_name)
    answers: list[int] = []
    with linked(of_quads(tmp_path / "w", BASE, build(0)), Limits(threads=2)) as origin:
        threads = [
            threading.Thread(target=lambda path=path: answers.append(fetch(origin + path).status))
            for path in ("/data/person/index.en.html", "/data/person/index.ar.html") * 2
        ]
        for thread in threads:
            thread.start()
        assert begun.wait(20)
        for number in range(PEOPLE):
            assert fetch(f"{origin}/data/person/{number}.en.html").status == 200
        assert not answers
        sorted_.set()
        for thread in threads:
            thread.join(20)
    assert answers == [200] * len(threads)


def test_too_many_at_once_are_asked_to_come_again(tmp_path: Path) -> None:
    workspace = of_quads(tmp_path / "w", BASE, build(0))
    answers: list[Got] = []
    with linked(workspace, Limits(threads=1, waiting=0)) as origin:
        urls = [f"{origin}/data/person/{number % PEOPLE}.ttl" for number in range(120)]
        threads = [
            threading.Thread(target=lambda url=url: answers.append(fetch(url))) for url in urls
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert {each.status for each in answers} <= {200, 503}
        refused = [each for each in answers if each.status == 503]
        assert refused
        assert all(each.headers["retry-after"] for each in refused)
        assert fetch(urls[0]).status == 200


def test_what_is_too_much_for_a_document_is_left_to_a_query(tmp_path: Path) -> None:
    workspace = of_quads(tmp_path / "w", BASE, build(0, 3 * MAX_REFERRING))
    with linked(workspace) as origin:
        got = fetch(f"{origin}/data/office/mayor.nt")
        whole = fetch(f"{origin}/data/person/3.nt")
    lines = got.body.decode().splitlines()
    office = f"<{BASE}office/mayor>"
    assert sum(office in line.split(" ", 1)[1] for line in lines) == MAX_REFERRING
    (target,) = re.findall('<([^>]*)>; rel="via"', got.headers["link"])
    path, _, query = target.partition("?")
    assert urljoin("https://ours.example/data/office/mayor.nt", path) == (
        "https://ours.example/sparql"
    )
    assert dict(parse_qsl(query)) == {"query": f"DESCRIBE {office}"}
    assert "via" not in whole.headers["link"]
