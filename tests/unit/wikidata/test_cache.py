"""Answers are kept for a time, and nothing that is wrong with their file stops anyone."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from tests.clock import Time
from tests.unit.wikidata.conftest import Make
from tests.wikidata_server import Fault, WikidataServer

from kgpub.wikidata.answers import Answers
from kgpub.wikidata.cache import Cache
from kgpub.wikidata.client import Endpoints
from kgpub.wikidata.errors import WikidataError
from kgpub.wikidata.question import Kind, Question

SALIM = Question(Kind.entity, "Q9000001")
PARTY = Question(Kind.entity, "Q9000004")
TYPES = Question(Kind.types, "Q9000001")


def test_what_is_kept_is_not_asked_again(answers: Answers, server: WikidataServer) -> None:
    first = answers.to([SALIM, TYPES])
    assert answers.to([TYPES, SALIM]) == first
    assert server.actions() == ["wbgetentities", "sparql"]


def test_an_item_of_one_batch_is_known_to_another(answers: Answers, server: WikidataServer) -> None:
    answers.to([SALIM])
    answers.to([SALIM, PARTY])
    assert [each.parameters["ids"] for each in server.asked] == ["Q9000001", "Q9000004"]


def test_an_answer_expires(answers: Answers, server: WikidataServer, time: Time) -> None:
    answers.to([SALIM])
    time.move(days=14)
    answers.to([SALIM])
    assert len(server.asked) == 1
    time.move(seconds=1)
    answers.to([SALIM])
    assert len(server.asked) == 2


def test_an_answer_of_tomorrow_is_asked_again(
    answers: Answers, server: WikidataServer, time: Time
) -> None:
    answers.to([SALIM])
    time.move(days=-1)
    answers.to([SALIM])
    assert len(server.asked) == 2


def test_a_wrong_answer_is_not_kept(answers: Answers, server: WikidataServer) -> None:
    server.faults.append(Fault(content=b'{"entities":{}}'))
    with pytest.raises(WikidataError):
        answers.to([SALIM])
    assert answers.to([SALIM])[SALIM]["id"] == "Q9000001"


def test_what_came_before_an_error_is_kept(
    answers: Answers, cache: Cache, server: WikidataServer
) -> None:
    server.faults += [Fault(), Fault(403)]
    with pytest.raises(WikidataError):
        answers.to([SALIM, TYPES])
    assert cache.get(SALIM, server.api) is not None
    assert cache.get(TYPES, server.sparql) is None
    answers.to([TYPES])
    assert cache.get(TYPES, server.sparql) == [{"class": "Q5"}]


def test_offline_only_what_is_kept_is_known(
    answers: Answers, cache: Cache, server: WikidataServer
) -> None:
    answers.to([SALIM])
    offline = Answers(cache, endpoints=Endpoints(server.api, server.sparql))
    assert list(offline.to([SALIM, PARTY, TYPES])) == [SALIM]
    assert offline.missing == (PARTY, TYPES)
    assert len(server.asked) == 1


def test_answers_of_another_endpoint_are_others(answers: Answers, cache: Cache) -> None:
    answers.to([SALIM])
    assert Answers(cache).to([SALIM]) == {}


def test_the_file_is_read_by_the_next_process(
    tmp_path: Path, make_client: Make, server: WikidataServer, time: Time
) -> None:
    path = tmp_path / "new" / "answers.sqlite"
    first = Cache(path, lambda: time.day)
    Answers(first, make_client()).to([SALIM])
    first.close()
    second = Cache(path, lambda: time.day)
    Answers(second, make_client()).to([SALIM])
    assert (len(server.asked), second.set_aside) == (1, None)
    second.close()


def damaged(path: Path, how: str) -> None:
    content = path.read_bytes()
    changed = {
        "text": b"this is not a database, whatever its name may say" * 20,
        "cut": content[: len(content) // 2 + 100],
        "overwritten": content[:4096] + b"\xff" * (len(content) - 4096),
        "other table": b"",
        "other version": content,
    }
    path.write_bytes(changed[how])
    connection = sqlite3.connect(path)
    if how == "other table":
        connection.execute("CREATE TABLE answers (x)")
    if how == "other version":
        connection.execute("PRAGMA user_version = 99")
    connection.commit()
    connection.close()


@pytest.mark.parametrize("how", ["text", "cut", "overwritten", "other table", "other version"])
def test_a_damaged_file_is_set_aside(
    tmp_path: Path, make_client: Make, server: WikidataServer, time: Time, how: str
) -> None:
    path = tmp_path / "answers.sqlite"
    whole = Cache(path, lambda: time.day)
    Answers(whole, make_client()).to([Question(Kind.entity, f"Q{n}") for n in range(1, 400)])
    whole.close()
    damaged(path, how)
    content = path.read_bytes()
    server.asked.clear()
    cache = Cache(path, lambda: time.day)
    assert cache.set_aside == tmp_path / "answers.sqlite.damaged"
    assert cache.set_aside.read_bytes() == content
    assert Answers(cache, make_client()).to([SALIM])[SALIM]["id"] == "Q9000001"
    assert len(server.asked) == 1
    cache.close()


def test_an_answer_that_cannot_be_read_is_asked_again(
    answers: Answers, tmp_path: Path, server: WikidataServer
) -> None:
    answers.to([SALIM])
    connection = sqlite3.connect(tmp_path / "answers.sqlite")
    with connection:
        connection.execute("UPDATE answers SET answer = '{'")
    connection.close()
    assert answers.to([SALIM])[SALIM]["id"] == "Q9000001"
    assert len(server.asked) == 2


def test_a_path_that_is_no_file(tmp_path: Path, time: Time) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path, tmp_path / "file" / "answers.sqlite"):
        with pytest.raises(WikidataError, match="cannot be opened") as raised:
            Cache(path, lambda: time.day)
        assert "only a cache" in raised.value.remedy


def test_a_file_that_another_process_keeps_is_not_set_aside(tmp_path: Path, time: Time) -> None:
    path = tmp_path / "answers.sqlite"
    cache = Cache(path, lambda: time.day)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    cache._connection.execute("PRAGMA busy_timeout = 10")
    with pytest.raises(WikidataError, match="cannot be written: database is locked"):
        cache.put({(SALIM, "https://example.org/"): []})
    connection.close()
    cache.close()


def test_old_answers_are_removed_by_who_is_online(
    cache: Cache, time: Time, tmp_path: Path, make_client: Make
) -> None:
    cache.put({(SALIM, "https://example.org/"): ["old"]})
    time.move(days=10)
    cache.put({(PARTY, "https://example.org/"): ["new"]})
    time.move(days=5)
    Answers(cache)
    assert len(stored(tmp_path)) == 2
    Answers(cache, make_client())
    assert stored(tmp_path) == ["Q9000004"]


def stored(folder: Path) -> list[str]:
    connection = sqlite3.connect(folder / "answers.sqlite")
    about = [row[0] for row in connection.execute("SELECT about FROM answers ORDER BY about")]
    connection.close()
    return about
