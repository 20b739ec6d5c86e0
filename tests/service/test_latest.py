"""What is made of the last build is kept, and made anew for the next that can be read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad
from tests.service.sparql_served import publish

from kgpub.errors import StoreError
from kgpub.service.latest import Latest
from kgpub.store.embedded import Generations

GRAPH, SUBJECT, PREDICATE = (NamedNode(f"http://e/{name}") for name in ("g", "s", "p"))


@dataclass
class Hand:
    """A clock that is moved by hand."""

    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


def build(folder: Path, text: str) -> None:
    publish(folder, [Quad(SUBJECT, PREDICATE, Literal(text), GRAPH)])


def latest(folder: Path, clock: Hand) -> Latest[str]:
    generations = Generations(folder)

    def make(_: str) -> str:
        (quad,) = generations.open().quads_for_pattern(SUBJECT, PREDICATE, None, GRAPH)
        assert isinstance(quad.object, Literal)
        return quad.object.value

    return Latest(generations, make, clock)


def test_each_build_is_read_once(tmp_path: Path) -> None:
    build(tmp_path, "first")
    kept = latest(tmp_path, Hand())
    assert kept.get() == "first"
    assert kept.get() is kept.get()
    build(tmp_path, "second")
    assert kept.get() == "second"


def test_a_build_that_cannot_be_read_leaves_the_one_before(tmp_path: Path) -> None:
    clock = Hand()
    build(tmp_path, "first")
    kept = latest(tmp_path, clock)
    assert kept.get() == "first"
    build(tmp_path, "second")
    current = Generations(tmp_path).current()
    assert current is not None
    manifest = next(current.glob("MANIFEST-*"))
    content = manifest.read_bytes()
    manifest.write_bytes(content[:10])
    assert kept.get() == "first"
    manifest.write_bytes(content)
    assert kept.get() == "first"  # it is not read at each request
    clock.seconds += 31
    assert kept.get() == "second"


def test_without_any_build_there_is_nothing(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        latest(tmp_path, Hand()).get()


def test_a_build_from_nothing_is_waited_for(tmp_path: Path) -> None:
    build(tmp_path, "first")
    kept = latest(tmp_path, Hand())
    assert kept.get() == "first"
    Generations(tmp_path).forget()
    assert kept.get() == "first"
    build(tmp_path, "second")
    assert kept.get() == "second"
