"""SERVICE: it asks the endpoints that the operator allows, and no others."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad
from tests.service.served import Got, fetch
from tests.service.sparql_served import BASE, endpoint, publish

NAME = NamedNode("http://e/name")


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An endpoint that is allowed: it knows what it is called."""
    folder = tmp_path_factory.mktemp("other")
    publish(folder, [Quad(NamedNode("http://e/1"), NAME, Literal("other"), DefaultGraph())])
    with endpoint(folder) as address:
        yield address


@pytest.fixture(scope="module")
def stranger() -> Iterator[socket.socket]:
    """A server that must not be asked."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.2)
        yield listening


@pytest.fixture(scope="module")
def own(other: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("own")
    publish(folder, [Quad(NamedNode("http://e/1"), NAME, Literal("own"), DefaultGraph())])
    prefixes = {"o": other.removesuffix("sparql")}
    with endpoint(folder, prefixes=prefixes, services=(other,)) as address:
        yield address


def asked(address: str, query: str) -> Got:
    return fetch(f"{address}?format=csv&query={quote(query)}")


@pytest.mark.parametrize("word", ["SERVICE", "service SILENT ", "SERVICE # why\n"])
def test_what_is_allowed_is_asked(own: str, other: str, word: str) -> None:
    query = f"SELECT ?a ?b {{ ?s <{NAME.value}> ?a {word}<{other}> {{ ?s <{NAME.value}> ?b }} }}"
    got = asked(own, query)
    assert (got.status, got.body) == (200, b"a,b\r\nown,other\r\n")
    assert got.headers["cache-control"] == "no-store"  # the other's data change without notice


def test_others_are_not(own: str, other: str, stranger: socket.socket) -> None:
    port = stranger.getsockname()[1]
    strange = f"http://127.0.0.1:{port}/sparql"
    escaped = other.replace("/sparql", "/\\u0073parql")
    for called in (
        f"<{strange}>",
        f"<{other}#>",
        f"<{other}/../x>",
        f"<{escaped}>",
        "o:sparql",
        "?anywhere",
        "<sparql>",
    ):
        got = asked(
            own, f"SELECT * {{ VALUES ?anywhere {{ <{strange}> }} SERVICE {called} {{ }} }}"
        )
        assert got.status == 400, called
        assert b"SERVICE would send a request to another server" in got.body
    inner = f"SERVICE <{strange}> {{ ?s ?p ?o }}"
    got = asked(own, f"SELECT * {{ SERVICE <{other}> {{ {inner} }} }}")
    assert got.status == 400
    with pytest.raises(TimeoutError):
        stranger.accept()


def test_without_the_setting_none_is_asked(other: str, tmp_path: Path) -> None:
    publish(tmp_path, [])
    with endpoint(tmp_path) as address:
        assert asked(address, f"SELECT * {{ SERVICE <{other}> {{ ?s ?p ?o }} }}").status == 400


def test_queries_that_speak_of_it_only_are_answered(own: str) -> None:
    assert asked(own, "SELECT ('service' AS ?x) {}").body == b"x\r\nservice\r\n"
    assert BASE not in asked(own, "ASK { ?service ?p ?o }").body.decode()
