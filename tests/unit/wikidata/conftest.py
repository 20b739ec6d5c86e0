"""The small Wikidata, a clock that tests turn, and a client that asks the one by the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.clock import Time
from tests.wikidata_server import WikidataServer, wikidata_server

from kgpub.patience import Patience
from kgpub.wikidata.answers import Answers
from kgpub.wikidata.cache import Cache
from kgpub.wikidata.client import Client, Endpoints
from kgpub.wikidata.exchange import Limits
from kgpub.wikidata.question import Kind, Question

CONTACT = "https://example.org/about; editor@example.org"
SEARCH = Question(Kind.search, "Salim", "en")


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def server() -> Iterator[WikidataServer]:
    with wikidata_server() as running:
        yield running


Make = Callable[..., Client]


@pytest.fixture
def make_client(server: WikidataServer, time: Time) -> Make:
    """Make a client of the server, with other patience or limits."""

    def make(patience: Patience | None = None, limits: Limits | None = None) -> Client:
        endpoints = Endpoints(server.api, server.sparql)
        return Client(CONTACT, endpoints, time.clock, patience, limits)

    return make


@pytest.fixture
def cache(tmp_path: Path, time: Time) -> Iterator[Cache]:
    opened = Cache(tmp_path / "answers.sqlite", lambda: time.day)
    yield opened
    opened.close()


@pytest.fixture
def answers(cache: Cache, make_client: Make) -> Answers:
    """Answers that the server is asked for."""
    return Answers(cache, make_client())


def told(client: Client, *questions: Question) -> dict[Question, Any]:
    """Return the answers of a client to questions, all together."""
    return {each: told for answers in client.answers(questions) for each, told in answers.items()}
