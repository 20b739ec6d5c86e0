"""Clients of all kinds, good and bad, each an action of a second or so on a served workspace."""

from __future__ import annotations

import http.client
import json
import socket
import struct
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from urllib.parse import quote, urljoin, urlsplit

from pyoxigraph import Store

from benchmarks.serving_questions import HOSTILE, ROWS
from benchmarks.serving_servers import HOST
from kgpub.vocabulary import KG

_PATIENCE = 60.0
_RESET = struct.pack("ii", 1, 0)
"""For SO_LINGER: the connection is reset, not closed."""
_BURST = 20
_PEOPLE = 60
_LANGUAGES = ("ar", "ckb", "en")
_LARGE = "SELECT * { ?a ?p ?b . ?c ?q ?d } LIMIT 200000"
_SLOW = (
    f"SELECT ?a ?b {{ ?a <{KG}words> ?x . ?b <{KG}name> ?y }} "
    "ORDER BY STRLEN(CONCAT(?x, ?y)) ?a ?b LIMIT 5 OFFSET "
)
_MISTAKES = {
    "/sparql?query=SELECT": 400,
    "/sparql?query=ASK+%7B%7D&query=ASK+%7B%7D": 400,
    "/api/queries/none": 404,
    "/none": 404,
}


class Unexpected(Exception):
    """An answer that no client should get."""


@dataclass(frozen=True)
class Fetched:
    """An answer."""

    status: int
    headers: Mapping[str, str]
    text: str


def fetched(port: int, path: str, **headers: str) -> Fetched:
    """Fetch a path on a connection of its own."""
    connection = http.client.HTTPConnection(HOST, port, timeout=_PATIENCE)
    try:
        return _asked(connection, path, headers)
    finally:
        connection.close()


def _asked(
    connection: http.client.HTTPConnection, path: str, headers: Mapping[str, str]
) -> Fetched:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("GET", path, headers=named)
    answer = connection.getresponse()
    return Fetched(answer.status, dict(answer.getheaders()), answer.read().decode())


def _expect(got: Fetched, *statuses: int) -> Fetched:
    if got.status not in statuses:
        raise Unexpected(f"{got.status} instead of {statuses}: {got.text[:200]}")
    return got


def query_path(text: str, form: str = "json") -> str:
    """Return the path that asks a query of `kgpub serve`."""
    return f"/sparql?format={form}&query={quote(text, safe='')}"


@dataclass(frozen=True)
class Known:
    """What a workspace holds however often it is built: people by their names, and offices."""

    people: Mapping[str, frozenset[str]]
    offices: tuple[str, ...]

    @classmethod
    def of(cls, store: Store) -> Known:
        """Return what is in a store."""
        people: dict[str, frozenset[str]] = {}
        query = f"SELECT ?s ?name {{ ?s a <{KG}Person> ; <{KG}name> ?name }} ORDER BY ?s"
        for subject, name in store.query(query):  # type: ignore[union-attr]
            before = people.get(subject.value, frozenset())
            if before or len(people) < _PEOPLE:
                people[subject.value] = before | {name.value}
        query = f"SELECT DISTINCT ?s {{ ?s a <{KG}Office> }} ORDER BY ?s LIMIT {_PEOPLE}"
        offices = tuple(row[0].value for row in store.query(query))  # type: ignore[union-attr]
        return cls(people, offices)


@dataclass(frozen=True)
class Clients:
    """All clients of a server on a port. Each raises Unexpected, OSError or HTTPException."""

    port: int
    known: Known

    def actions(self) -> Mapping[str, Callable[[Random], object]]:
        """Return what clients do, by name."""
        return {
            "quick": self.quick,
            "repeated": self.repeated,
            "slow": self.slow,
            "hostile": self.hostile,
            "leaving": self.leaving,
            "reading slowly": self.reading_slowly,
            "pages": self.pages,
            "search": self.search,
            "saved queries": self.saved,
            "mistakes": self.mistaken,
        }

    def quick(self, draw: Random, varied: bool = True) -> None:
        """Ask for the names of people, on one connection; they must be right."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=_PATIENCE)
        try:
            for _ in range(_BURST):
                iri = draw.choice(list(self.known.people))
                text = f"SELECT ?name {{ <{iri}> <{KG}name> ?name }}"
                text += f" #{draw.random()}" if varied else ""
                path = query_path(text)
                got = _expect(_asked(connection, path, {"Accept": ROWS}), 200)
                rows = json.loads(got.text)["results"]["bindings"]
                if {row["name"]["value"] for row in rows} != self.known.people[iri]:
                    raise Unexpected(f"other names of {iri}: {got.text[:500]}")
        finally:
            connection.close()
        time.sleep(0.02)

    def repeated(self, draw: Random) -> None:
        """Ask what was asked before."""
        self.quick(draw, varied=False)

    def slow(self, draw: Random) -> None:
        """Ask what takes longer than a quick query may, and not too long."""
        path = query_path(f"{_SLOW}{draw.randrange(1_000)}", "csv")
        _expect(fetched(self.port, path), 200, 503)

    def hostile(self, draw: Random) -> None:
        """Ask what must be ended."""
        path = query_path(f"{draw.choice(HOSTILE)} #{draw.random()}")
        _expect(fetched(self.port, path), 503)

    def leaving(self, draw: Random) -> None:
        """Ask for what is much or takes long, and reset the connection at some moment."""
        text = f"{draw.choice((*HOSTILE, _LARGE, _LARGE))} #{draw.random()}"
        with self._begun(text, draw) as connection:
            time.sleep(0.5 * draw.random() ** 2)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        time.sleep(0.2)

    def reading_slowly(self, draw: Random) -> None:
        """Ask for much, read a little of it, and leave."""
        with self._begun(f"{_LARGE} #{draw.random()}", draw) as connection:
            for _ in range(40):
                if not connection.recv(4096):
                    break
                time.sleep(0.05)

    def _begun(self, text: str, draw: Random) -> socket.socket:
        coding = draw.choice(("identity", "gzip", "zstd"))
        connection = socket.create_connection((HOST, self.port), timeout=_PATIENCE)
        head = f"GET {query_path(text)} HTTP/1.1\r\nHost: {HOST}\r\nAccept-Encoding: {coding}"
        connection.sendall(f"{head}\r\n\r\n".encode())
        return connection

    def pages(self, draw: Random) -> None:
        """Read the page of a person in some language, and what programs read instead."""
        iri = draw.choice(list(self.known.people))
        names, path = self.known.people[iri], urlsplit(iri).path
        for accept in ("text/html", "text/turtle", "application/ld+json"):
            language = draw.choice(_LANGUAGES)
            wanted = {"Accept": accept, "Accept_Language": language}
            got = _expect(fetched(self.port, path, **wanted), 303)
            location = {name.lower(): value for name, value in got.headers.items()}["location"]
            document = fetched(self.port, urljoin(path, location))
            if not any(name in _expect(document, 200).text for name in names):
                raise Unexpected(f"no name in {location}")
        time.sleep(0.05)

    def search(self, draw: Random) -> None:
        """Search for a word of a name, on the page and as JSON."""
        names = sorted(self.known.people[draw.choice(list(self.known.people))])
        word = quote(draw.choice(draw.choice(names).split()))
        # Until the index of the first build is made the search is not there.
        _expect(fetched(self.port, f"/search?q={word}&lang={draw.choice(_LANGUAGES)}"), 200, 503)
        _expect(fetched(self.port, f"/api/search?q={word}"), 200, 503)
        time.sleep(0.05)

    def saved(self, draw: Random) -> None:
        """Ask a saved query."""
        office = quote(draw.choice(self.known.offices), safe="")
        got = _expect(fetched(self.port, f"/api/queries/holders-of-office?office={office}"), 200)
        json.loads(got.text)
        time.sleep(0.05)

    def mistaken(self, draw: Random) -> None:
        """Send what is no query, no address and no HTTP."""
        path, status = draw.choice(list(_MISTAKES.items()))
        _expect(fetched(self.port, path), status)
        with socket.create_connection((HOST, self.port), timeout=_PATIENCE) as connection:
            connection.sendall(draw.randbytes(200) + b"\r\n\r\n")
            connection.recv(4096)
        time.sleep(0.05)
