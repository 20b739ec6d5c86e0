"""A cache that is damaged or of another version keeps what was published, if that can be read."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from kgpub.errors import OutputError
from kgpub.model.submission import Mapped
from kgpub.pipeline.cache import Cache, CacheReader

QUAD = Quad(NamedNode("https://example.org/s"), NamedNode("https://example.org/p"), Literal("نص"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "cache.sqlite"
    cache = Cache(path)
    cache.put("a", "digest", Mapped((QUAD,), ((1, 1),)))
    cache.publish({"a": "https://example.org/graph/a"})
    cache.note("built", "key")
    cache.note("output", "list")
    cache.commit()
    cache.close()
    return path


def run(path: Path, sql: str) -> None:
    with sqlite3.connect(path) as connection:
        connection.executescript(sql)
    connection.close()


@pytest.mark.parametrize("sql", ["PRAGMA user_version = 0", "DROP TABLE mapped"])
def test_what_was_published_is_taken_over(path: Path, sql: str) -> None:
    run(path, sql)
    for _ in range(2):
        cache = Cache(path)
        assert cache.published("a") == (QUAD,)
        assert not cache.has("a", "digest")
        assert (cache.state("built"), cache.state("output")) == ("", "list")
        cache.close()


def test_what_is_sound_is_kept(path: Path) -> None:
    cache = Cache(path)
    assert cache.get("a", "digest") == Mapped((QUAD,), ((1, 1),))
    assert cache.state("built") == "key"


def test_only_the_list_of_the_output_is_not_forgotten(path: Path) -> None:
    cache = Cache(path)
    cache.forget()
    assert cache.published("a") == ()
    assert not cache.has("a", "digest")
    assert (cache.state("built"), cache.state("output")) == ("", "list")


def test_one_that_another_process_holds_is_not_taken_for_damaged(path: Path) -> None:
    holder = sqlite3.connect(path)
    holder.execute("BEGIN EXCLUSIVE")
    cache = Cache(path)
    assert cache.published("a") == (QUAD,)
    with pytest.raises(OutputError, match="locked"):
        cache.note("built", "other")
    holder.close()
    assert Cache(path).state("built") == "key"


def test_a_reader_sees_what_there_was_when_it_began(path: Path) -> None:
    reader = CacheReader.open(path)
    assert reader is not None
    cache = Cache(path)
    cache.note("built", "other")
    cache.publish({})
    cache.commit()
    assert (reader.state("built"), reader.published("a")) == ("key", (QUAD,))
    later = CacheReader.open(path)
    assert later is not None
    assert (later.state("built"), later.published("a")) == ("other", ())


@pytest.mark.parametrize("ending", ["-journal", "-wal", "-shm"])
def test_no_link_beside_it_is_followed(path: Path, tmp_path: Path, ending: str) -> None:
    target = tmp_path / "mine"
    target.write_text("mine", encoding="utf-8")
    beside = path.with_name(path.name + ending)
    beside.symlink_to(target)
    cache = Cache(path)
    cache.note("built", "other")
    cache.commit()
    cache.close()
    assert target.read_text(encoding="utf-8") == "mine"
    assert not beside.is_symlink()


def test_a_link_is_not_followed_when_it_is_made_anew(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "mine.sqlite"
    path.unlink()
    run(target, "CREATE TABLE mine (text TEXT)")
    before = target.read_bytes()
    path.symlink_to(target)
    Cache(path).close()
    assert target.read_bytes() == before
    assert not path.is_symlink()
