from __future__ import annotations

import weakref

from kgpub.service.linked_data.answers import Sent
from kgpub.service.linked_data.kept import Kept, Key

MOST = 100_000


def key(address: str, version: str = "1") -> Key:
    return Key(version, address, "")


def asked() -> Kept:
    """What keeps documents of the build "1"."""
    kept = Kept(MOST)
    assert kept.get(key("none")) is None
    return kept


def document(size: int) -> Sent:
    return Sent(bytes(size), "text/turtle", '"tag"', "", "")


def test_what_was_asked_for_longest_ago_is_forgotten_first() -> None:
    kept = asked()
    one, two, three = (document(40_000) for _ in range(3))
    kept.put(key("one"), one)
    kept.put(key("two"), two)
    assert kept.get(key("one")) is one
    kept.put(key("three"), three)
    assert kept.get(key("two")) is None
    assert (kept.get(key("one")), kept.get(key("three"))) == (one, three)
    assert kept.get(key("one", "2")) is None


def test_many_small_and_too_large_documents_are_bounded() -> None:
    kept = asked()
    for number in range(10_000):
        kept.put(key(str(number)), document(0))
    assert sum(kept.get(key(str(number))) is not None for number in range(10_000)) <= 100
    kept.put(key("large"), document(MOST + 1))
    assert kept.get(key("large")) is None
    last = document(1)
    kept.put(key("after"), last)
    assert kept.get(key("after")) is last


def test_a_document_in_the_place_of_another_counts_once() -> None:
    kept = asked()
    kept.put(key("other"), document(10_000))
    for _ in range(50):
        kept.put(key("one"), document(40_000))
    assert kept.get(key("other")) is not None


def test_documents_of_a_build_are_forgotten_when_one_of_the_next_is_asked_for() -> None:
    kept = asked()
    gone = weakref.ref(document_ := document(10_000))
    kept.put(key("one"), document_)
    del document_
    assert kept.get(key("one")) is gone()
    assert kept.get(key("one", "2")) is None
    assert gone() is None
    late = document(10)
    kept.put(key("one"), late)
    assert kept.get(key("one", "2")) is None
    for name in ("one", "two"):  # all the room is theirs
        kept.put(key(name, "2"), document(45_000))
    assert kept.get(key("one", "2")) is not None
